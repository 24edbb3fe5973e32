use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::Draft;

const PYDANTIC: &[u8] = include_bytes!("../../../../tests/data/otel/pydantic_agent.pb");
const OPENAI: &[u8] = include_bytes!("../../../../tests/data/otel/openai_client.pb");
const PLAIN: &[u8] = include_bytes!("../../../../tests/data/otel/plain_sdk.pb");
const JAVASCRIPT: &[u8] = include_bytes!("../../../../tests/data/otel/javascript.json");

fn exported(body: &[u8], encoding: Encoding) -> Export {
    export(body, encoding, Which::GenAi, &Limits::default()).unwrap()
}

fn drafts(export: Export) -> Vec<Draft> {
    export.elements.into_iter().map(|(_, draft)| draft.unwrap()).collect()
}

/// What a reader sees first: type, agent, tool, content.
fn seen(draft: &Draft) -> (&str, &str, &str, &str) {
    let text = |text: &'_ Option<String>| -> &str {
        text.as_deref().map_or("", |text| Box::leak(text.to_owned().into()))
    };
    (text(&draft.r#type), text(&draft.agent), text(&draft.tool), text(&draft.content))
}

fn attributes(draft: &Draft) -> Value {
    serde_json::from_str(draft.attributes.as_deref().unwrap()).unwrap()
}

/// The first of equal events, as the log keeps them.
fn once(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut ids = BTreeSet::new();
    drafts.into_iter().filter(|draft| ids.insert(draft.id.clone())).collect()
}

/// One JSON request of one span.
fn span(name: &str, attributes: Value, rest: Value) -> Value {
    let pairs = attributes
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| json!({"key": key, "value": wrapped(value)}));
    let mut span = json!({
        "traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "name": name,
        "startTimeUnixNano": "1795629738000000000", "endTimeUnixNano": "1795629738012345678",
        "attributes": pairs.collect::<Vec<_>>(),
    });
    span.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    span
}

fn wrapped(value: &Value) -> Value {
    match value {
        Value::String(_) => json!({ "stringValue": value }),
        Value::Number(_) => json!({ "intValue": value.to_string() }),
        Value::Array(items) => {
            json!({"arrayValue": {"values": items.iter().map(wrapped).collect::<Vec<_>>()}})
        }
        Value::Object(members) => {
            let pairs = members.iter().map(|(key, value)| json!({"key": key, "value": wrapped(value)}));
            json!({"kvlistValue": {"values": pairs.collect::<Vec<_>>()}})
        }
        other => json!({ "boolValue": other }),
    }
}

fn request(spans: &[Value]) -> Vec<u8> {
    json!({"resourceSpans": [{"resource": {"attributes": []}, "scopeSpans": [{"spans": spans}]}]})
        .to_string()
        .into()
}

#[test]
fn an_agents_run_is_told_once_and_in_order() {
    let export = exported(PYDANTIC, Encoding::Protobuf);
    assert_eq!((export.spans, export.ignored), (8, 0));
    let all = drafts(export);
    let told = once(all.clone());
    let seen: Vec<_> = told.iter().map(seen).collect();
    assert_eq!(
        seen,
        [
            ("message", "user", "", "Why is the total off by a cent?"),
            ("message", "fixer", "", ""),
            ("tool_call", "fixer", "read_file", "cart/total.py"),
            ("tool_result", "fixer", "read_file", "no such file: cart/total.py"),
            ("message", "fixer", "", ""),
            ("tool_call", "fixer", "read_file", "cart/src/total.py"),
            (
                "tool_result",
                "fixer",
                "read_file",
                "return sum(round(line.price * line.count, 2) for line in cart)"
            ),
            ("message", "fixer", "", ""),
            ("tool_call", "fixer", "run", "pytest cart"),
            ("tool_result", "fixer", "run", "1 failed, 4 passed"),
            ("message", "fixer", "", "The total rounds each line; it should round once."),
            ("action", "fixer", "", "invoke_agent fixer"),
        ]
    );
    assert!(all.len() > told.len(), "each call of the model repeats the conversation");
    let outcomes: Vec<_> =
        told.iter().filter(|one| one.tool.is_some()).filter_map(|one| one.outcome).collect();
    assert_eq!(outcomes, ["failure", "success", "success"]);
    for draft in &told {
        assert_eq!((draft.project.as_deref(), draft.session.as_deref()), (Some("shop"), Some("conv-17")));
        assert_eq!(draft.source.as_deref(), Some("opentelemetry"));
        assert!(
            draft.traceparent.as_ref().is_some_and(|parent| parent.starts_with("00-") && parent.len() == 55)
        );
    }
    let times: Vec<_> = told[..11].iter().map(|draft| draft.time.unwrap()).collect();
    assert!(times.is_sorted());
    assert_eq!(told[3].parent, told[2].id);
    assert_eq!(told[1].parent, told[11].id);
    let usage = &attributes(&told[10])["usage"];
    assert_eq!(usage, &json!({"input_tokens": 81, "output_tokens": 28}));
    assert_eq!(attributes(&told[1])["tool_calls"][0]["name"], "read_file");
    assert_eq!(attributes(&told[2])["input"], json!({"path": "cart/total.py"}));
}

#[test]
fn sending_again_doubles_nothing() {
    for (body, encoding) in
        [(PYDANTIC, Encoding::Protobuf), (PLAIN, Encoding::Protobuf), (JAVASCRIPT, Encoding::Json)]
    {
        let first = drafts(exported(body, encoding));
        assert_eq!(first, drafts(exported(body, encoding)));
        assert!(first.iter().all(|draft| draft.id.is_some()));
    }
}

#[test]
fn spans_without_contents_still_say_what_was_done() {
    let export = exported(PLAIN, Encoding::Protobuf);
    assert_eq!((export.spans, export.ignored), (4, 1), "the request of the HTTP client is not of an agent");
    let told = drafts(export);
    assert_eq!(
        told.iter().map(seen).collect::<Vec<_>>(),
        [
            ("message", "planner", "", ""),
            ("tool_call", "planner", "deploy", "deploy"),
            ("tool_result", "planner", "deploy", "staging did not answer"),
            ("action", "planner", "", "invoke_agent planner"),
        ]
    );
    // The tool's span says neither agent nor conversation: those of the spans above and beside it hold.
    assert!(told.iter().all(|draft| draft.session.as_deref() == Some("conv-5")));
    assert_eq!((told[1].outcome, told[3].outcome), (Some("failure"), Some("success")));
    assert!(told[1].duration_ms.is_some());
    assert_eq!(told[1].parent, told[3].id);
    let said = attributes(&told[0]);
    assert_eq!(
        (&said["usage"]["input_tokens"], &said["request_model"]),
        (&json!(812), &json!("claude-opus-4-5"))
    );
    assert_eq!((&said["service"], &said["operation"]), (&json!("planner"), &json!("chat")));
}

#[test]
fn all_spans_are_told_where_that_is_asked() {
    let export = export(PLAIN, Encoding::Protobuf, Which::All, &Limits::default()).unwrap();
    assert_eq!(export.ignored, 0);
    let told = drafts(export);
    assert_eq!(seen(&told[0]), ("action", "planner", "", "POST"));
    assert_eq!(attributes(&told[0])["http_request_method"], "POST");
}

#[test]
fn a_trace_is_a_session_where_nothing_else_is_said() {
    let export = exported(OPENAI, Encoding::Protobuf);
    assert_eq!((export.spans, export.ignored), (3, 1));
    let told = drafts(export);
    let session = told[0].session.clone().unwrap();
    assert_eq!(session.len(), 32);
    assert!(told.iter().all(|draft| draft.session.as_ref() == Some(&session)));
    // What stands above both, an HTTP handler, is not told.
    assert!(told.iter().all(|draft| draft.parent.is_none()));
}

#[test]
fn json_and_events_of_spans_are_read_alike() {
    let told = drafts(exported(JAVASCRIPT, Encoding::Json));
    assert_eq!(
        told.iter().map(seen).collect::<Vec<_>>(),
        [
            ("message", "user", "", "My parcel never came."),
            ("message", "triage", "", "Sorted under shipping."),
            ("error", "triage", "", "rate limit reached"),
            ("action", "triage", "", "invoke_agent triage"),
        ]
    );
    assert_eq!(told[2].outcome, Some("failure"));
    assert!(told.iter().all(|draft| draft.session.as_deref() == Some("ticket-81")));
    let said = attributes(&told[1]);
    assert_eq!(
        (&said["request_temperature"], &said["request_stop_sequences"]),
        (&json!(0.2), &json!(["END"]))
    );
    assert_eq!(attributes(&told[2])["error_type"], "429");
}

#[test]
fn messages_numbered_flat_are_read_too() {
    let flat = json!({
        "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o",
        "gen_ai.prompt.0.role": "system", "gen_ai.prompt.0.content": "Be brief.",
        "gen_ai.prompt.1.role": "user", "gen_ai.prompt.1.content": "List the files.",
        "gen_ai.completion.0.role": "assistant", "gen_ai.completion.0.content": "I list them.",
        "gen_ai.completion.0.tool_calls.0.id": "c-1", "gen_ai.completion.0.tool_calls.0.name": "ls",
        "gen_ai.completion.0.tool_calls.0.arguments": "{\"path\": \".\"}"});
    let told = drafts(exported(&request(&[span("openai.chat", flat, json!({}))]), Encoding::Json));
    let expected =
        [("message", "user", "", "List the files."), ("message", "opentelemetry", "", "I list them.")];
    assert_eq!(told.iter().map(seen).collect::<Vec<_>>(), expected);
    let calls = &attributes(&told[1])["tool_calls"];
    assert_eq!(calls, &json!([{"id": "c-1", "name": "ls", "arguments": {"path": "."}}]));
}

/// What is new in a call of the model is what came after the agent last spoke to a person.
#[test]
fn only_what_is_new_of_a_conversation_is_told() {
    let list = json!([
        {"role": "user", "parts": [{"type": "text", "content": "old"}]},
        {"role": "assistant", "parts": [{"type": "text", "content": "older answer"}]},
        {"role": "user", "parts": [{"type": "text", "content": "new"}]},
        {"role": "user", "parts": [{"type": "text", "content": "and this"}]},
        {"role": "assistant", "parts": [{"type": "tool_call", "id": "c-1", "name": "run", "arguments": {"command": "ls"}}]},
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c-1", "response": "a.rs"}]}]);
    let given = json!({"gen_ai.operation.name": "chat", "gen_ai.input.messages": list});
    let told = drafts(exported(&request(&[span("chat", given, json!({}))]), Encoding::Json));
    let contents: Vec<_> = told.iter().map(|draft| draft.content.as_deref().unwrap_or_default()).collect();
    assert_eq!(contents, ["new", "and this", "ls", "a.rs", ""]);
    assert!(told[..4].is_sorted_by(|a, b| a.time < b.time));
}

#[test]
fn a_bad_span_rejects_itself_only() {
    let fine = json!({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "ls"});
    let spans = [
        span("none", fine.clone(), json!({"traceId": "00000000000000000000000000000000"})),
        span("short", fine.clone(), json!({"spanId": "eee19b7e"})),
        span("fine", fine.clone(), json!({})),
        span("long", json!({"gen_ai.prompt": "x".repeat(5 << 20)}), json!({})),
    ];
    let read: Vec<_> = exported(&request(&spans), Encoding::Json)
        .elements
        .into_iter()
        .map(|(number, draft)| {
            (number, draft.map(|draft| draft.tool.unwrap()).map_err(|reject| reject.field))
        })
        .collect();
    let bad = |number, field: &str| (number, Err(field.to_owned()));
    assert_eq!(read, [bad(0, "traceId"), bad(1, "spanId"), (2, Ok("ls".into())), bad(3, "")]);
}

#[test]
fn bodies_that_are_none_are_refused() {
    for body in ["", "{", "[]", "{\"resourceSpans\":1}", "{\"resourceSpans\":[{\"scopeSpans\":[7]}]}"] {
        assert!(export(body.as_bytes(), Encoding::Json, Which::GenAi, &Limits::default()).is_err(), "{body}");
    }
    for body in [&b"\x0a"[..], b"\x0a\x05a", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", b"\x0b"] {
        assert!(export(body, Encoding::Protobuf, Which::GenAi, &Limits::default()).is_err(), "{body:?}");
    }
    assert_eq!(exported(b"", Encoding::Protobuf).spans, 0);
}

/// Every prefix of a capture, and every byte of it set wrong, is read or refused; nothing panics.
#[test]
fn broken_bodies_break_nothing() {
    for body in [PLAIN, OPENAI] {
        for end in 0..body.len() {
            let _ = export(&body[..end], Encoding::Protobuf, Which::All, &Limits::default());
            let mut wrong = body.to_vec();
            wrong[end] ^= 0xff;
            let _ = export(&wrong, Encoding::Protobuf, Which::All, &Limits::default());
        }
    }
    // Lists within lists, two bytes a level and more.
    let mut deep = b"\x0a\x01x".to_vec();
    for _ in 0..2_000 {
        let inner = std::mem::take(&mut deep);
        let (mut list, mut value) = (Vec::new(), Vec::new());
        protobuf::tests::push(&mut list, 1, &inner);
        protobuf::tests::push(&mut value, 5, &list);
        deep = value;
    }
    let body = protobuf::tests::request_with_attribute(&deep);
    let read = exported(&body, Encoding::Protobuf);
    assert_eq!(read.elements[0].1.as_ref().unwrap_err().field, "attributes");
}

#[test]
fn many_empty_spans_are_too_many() {
    let one = b"\x12\x00".repeat(BATCH_EVENTS + 1);
    let mut group = Vec::new();
    protobuf::tests::push(&mut group, 2, &one);
    let mut body = Vec::new();
    protobuf::tests::push(&mut body, 1, &group);
    let refused = export(&body, Encoding::Protobuf, Which::GenAi, &Limits::default()).unwrap_err();
    assert!(refused.message.contains("more than"), "{}", refused.message);
}

#[test]
fn answers_are_protocol_buffers() {
    assert_eq!(partial_success(0, ""), b"");
    assert_eq!(partial_success(300, "no"), b"\x0a\x07\x08\xac\x02\x12\x02no");
    assert_eq!(failure(3, "bad"), b"\x08\x03\x12\x03bad");
}

#[test]
fn names_of_projects_are_bounded() {
    let resource =
        json!({"attributes": [{"key": "athena.project", "value": {"stringValue": "p".repeat(600)}}]});
    let one = span("ls", json!({"gen_ai.tool.name": "ls"}), json!({}));
    let body =
        json!({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": [one]}]}]}).to_string();
    let read = exported(body.as_bytes(), Encoding::Json);
    assert_eq!(read.elements[0].1.as_ref().unwrap_err().field, "athena.project");
}
