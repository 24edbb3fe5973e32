use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::*;
use crate::decode::hostile;

fn project_of(cwd: &str) -> Option<String> {
    Some(format!("project of {cwd}"))
}

fn hooks(bodies: &[Value]) -> Vec<Draft> {
    bodies
        .iter()
        .flat_map(|body| hook(body.to_string().as_bytes(), &Limits::default(), &project_of).unwrap())
        .collect()
}

fn transcript(lines: &[Value]) -> Vec<Draft> {
    let mut transcript = Transcript::new(&Limits::default());
    lines.iter().flat_map(|line| transcript.line(line.to_string().as_bytes(), &project_of).unwrap()).collect()
}

/// A hook of session `s-1` in `/shop`.
fn fired(event: &str, prompt: &str, mut rest: Value) -> Value {
    let common = json!({"session_id": "s-1", "transcript_path": "/h/s-1.jsonl", "cwd": "/shop", "hook_event_name": event, "prompt_id": prompt});
    rest.as_object_mut().unwrap().extend(common.as_object().unwrap().clone());
    rest
}

/// A record of that session's transcript.
fn written(kind: &str, uuid: &str, second: u32, mut rest: Value) -> Value {
    let common = json!({
        "type": kind, "uuid": uuid, "parentUuid": null, "isSidechain": false, "userType": "external", "cwd": "/shop",
        "sessionId": "s-1", "version": "2.1.220", "gitBranch": "main", "timestamp": format!("2026-11-23T10:00:{second:02}.000Z"),
    });
    let rest = rest.as_object_mut().unwrap();
    rest.extend(
        common
            .as_object()
            .unwrap()
            .iter()
            .filter(|(key, _)| !rest.contains_key(*key))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect::<Record>(),
    );
    Value::Object(rest.clone())
}

fn asked(uuid: &str, second: u32, prompt: &str, content: Value) -> Value {
    written(
        "user",
        uuid,
        second,
        json!({"promptId": prompt, "message": {"role": "user", "content": content}}),
    )
}

fn answered(uuid: &str, second: u32, block: Value) -> Value {
    let message = json!({"id": "msg_1", "role": "assistant", "model": "claude-opus-4-6", "content": [block]});
    written("assistant", uuid, second, json!({"message": message}))
}

fn gave(uuid: &str, second: u32, prompt: &str, id: &str, text: &str, failed: bool, result: Value) -> Value {
    let block = json!({"type": "tool_result", "tool_use_id": id, "content": text, "is_error": failed});
    let message = json!({"role": "user", "content": [block]});
    written("user", uuid, second, json!({"promptId": prompt, "message": message, "toolUseResult": result}))
}

/// One session, as its hooks told it.
fn session_hooks() -> Vec<Value> {
    lines(include_str!("../../../../tests/data/claude/hooks.jsonl"))
}

/// The same session, as its transcript has it.
fn session_transcript() -> Vec<Value> {
    lines(include_str!("../../../../tests/data/claude/transcript.jsonl"))
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn keys(drafts: &[Draft]) -> BTreeSet<(&str, &str, &str)> {
    drafts
        .iter()
        .filter(|draft| !draft.r#type.as_deref().unwrap().starts_with("session_"))
        .map(|draft| {
            (
                draft.project.as_deref().unwrap(),
                draft.source.as_deref().unwrap(),
                draft.id.as_deref().unwrap(),
            )
        })
        .collect()
}

#[test]
fn hooks_and_transcript_of_a_session_are_the_same_events() {
    let (hooks, transcript) = (hooks(&session_hooks()), transcript(&session_transcript()));
    let (by_hook, by_transcript) = (keys(&hooks), keys(&transcript));
    assert_eq!(by_hook.len(), 10, "three prompts, two calls, two results, three answers");
    assert!(by_hook.is_subset(&by_transcript));
    // What only the transcript has: an answer before the last, and what was typed meanwhile.
    let only: Vec<&str> = transcript
        .iter()
        .filter(|draft| !by_hook.iter().any(|(_, _, id)| Some(*id) == draft.id.as_deref()))
        .map(|draft| draft.content.as_deref().unwrap())
        .collect();
    assert_eq!(only, ["I run the tests first.", "and the docs"]);
    // And what both have, they tell alike.
    let by_id: BTreeMap<_, &Draft> = transcript.iter().map(|draft| (draft.id.clone(), draft)).collect();
    for hooked in hooks.iter().filter(|draft| !draft.r#type.as_deref().unwrap().starts_with("session_")) {
        let written = by_id[&hooked.id];
        let told = |draft: &Draft| {
            (
                draft.r#type.clone(),
                draft.agent.clone(),
                draft.tool.clone(),
                draft.outcome,
                draft.files.clone(),
                draft.parent.clone(),
            )
        };
        assert_eq!(told(hooked), told(written));
        if hooked.tool.as_deref() != Some("Edit") {
            assert_eq!(hooked.content, written.content);
        }
    }
}

#[test]
fn ids_stay_as_they_are_for_ever() {
    let ids: Vec<String> = hooks(&session_hooks()[1..4]).into_iter().filter_map(|draft| draft.id).collect();
    let scene = |parts: &[&str]| ids::short("cc-", parts);
    assert_eq!(
        ids,
        [
            scene(&["s-1", "prompt", "p-1"]),
            scene(&["s-1", "call", "t-1"]),
            scene(&["s-1", "call", "t-1"]),
            scene(&["s-1", "result", "t-1"])
        ]
    );
}

#[test]
fn events_have_what_is_known() {
    let drafts = transcript(&session_transcript());
    let kinds: Vec<&str> = drafts.iter().map(|draft| draft.r#type.as_deref().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "message",
            "message",
            "tool_call",
            "tool_result",
            "tool_call",
            "tool_result",
            "message",
            "message",
            "message",
            "message",
            "message",
            "message"
        ]
    );
    let call = &drafts[2];
    assert_eq!((call.tool.as_deref(), call.content.as_deref()), (Some("Bash"), Some("cargo test -p cart")));
    assert_eq!((call.agent.as_deref(), call.time), (Some("claude"), Time::parse("2026-11-23T10:00:04Z")));
    let attributes: Value = serde_json::from_str(call.attributes.as_deref().unwrap()).unwrap();
    assert_eq!(
        attributes,
        json!({"input": {"command": "cargo test -p cart", "description": "Run the tests"}, "cwd": "/shop", "git_branch": "main"})
    );
    let result = &drafts[3];
    assert_eq!((result.outcome, result.duration_ms, &result.parent), (Some("failure"), Some(5000), &call.id));
    assert!(result.attributes.as_deref().unwrap().contains(r#""exit_code":101"#));
    assert_eq!(drafts[5].files, ["/shop/cart/src/lib.rs"]);
    assert_eq!(hooks(&session_hooks()[3..4])[1].duration_ms, Some(5321));
    assert_eq!(drafts[0].agent.as_deref(), Some("user"));
}

#[test]
fn a_repeated_prompt_is_numbered_where_there_are_no_prompt_ids() {
    let asked =
        |uuid: &str| written("user", uuid, 1, json!({"message": {"role": "user", "content": "go on"}}));
    let drafts = transcript(&[asked("u-1"), asked("u-2")]);
    assert_eq!(keys(&drafts).len(), 2);
    let hook = json!({"session_id": "s-1", "cwd": "/shop", "hook_event_name": "UserPromptSubmit", "prompt": "go on\n"});
    assert_eq!(hooks(&[hook])[0].id, drafts[0].id);
}

#[test]
fn what_was_put_into_the_context_does_not_come_back() {
    let echo = "<athena-memory ids=\"m-1\">the cart uses cents</athena-memory>";
    let drafts = hooks(&[
        fired("UserPromptSubmit", "p-1", json!({"prompt": format!("{echo}\nwhy?")})),
        fired("UserPromptSubmit", "p-2", json!({"prompt": echo})),
        fired(
            "PostToolUse",
            "p-1",
            json!({"tool_name": "mcp__athena__memory", "tool_input": {}, "tool_use_id": "t-1", "tool_response": [{"type": "text", "text": format!("found {echo}")}]}),
        ),
        fired("Stop", "p-1", json!({"last_assistant_message": echo})),
    ]);
    let contents: Vec<&str> = drafts.iter().filter_map(|draft| draft.content.as_deref()).collect();
    assert_eq!(contents, ["why?", "{}", "found"]);
}

#[test]
fn what_stands_in_the_users_place_is_told_apart() {
    let command = "<command-message>review</command-message>\n<command-name>/review</command-name>\n<command-args>the cart</command-args>";
    let note = "<task-notification><task-id>b</task-id></task-notification>";
    let drafts = transcript(&[
        asked("u-1", 1, "p-1", json!(command)),
        asked("u-2", 2, "p-1", json!("<local-command-stdout>ok</local-command-stdout>")),
        asked(
            "u-3",
            3,
            "p-1",
            json!([{"type": "text", "text": "[Request interrupted by user for tool use]"}]),
        ),
        asked("u-4", 4, "p-4", json!(note)),
        asked(
            "u-5",
            5,
            "p-5",
            json!([{"type": "text", "text": "what is this?"}, {"type": "image", "source": {"data": "AAAA"}}]),
        ),
        written(
            "user",
            "u-6",
            6,
            json!({"isCompactSummary": true, "message": {"role": "user", "content": "This session …"}}),
        ),
    ]);
    let told: Vec<_> = drafts
        .iter()
        .map(|draft| {
            (
                draft.r#type.as_deref().unwrap(),
                draft.agent.as_deref().unwrap(),
                draft.outcome,
                draft.content.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("message", "user", None, "/review the cart"),
            ("observation", "user", Some("aborted"), "[Request interrupted by user for tool use]"),
            ("observation", "claude", None, note),
            ("message", "user", None, "what is this?\n[image]"),
        ]
    );
    let hooked = hooks(&[
        fired("UserPromptSubmit", "p-1", json!({"prompt": "/review the cart"})),
        fired("UserPromptSubmit", "p-4", json!({"prompt": note})),
    ]);
    assert_eq!((&hooked[0].id, &hooked[1].id), (&drafts[0].id, &drafts[2].id));
}

#[test]
fn subagents_speak_under_their_own_names() {
    let side = json!({"isSidechain": true, "agentId": "a1", "promptId": "p-1"});
    let with = |mut record: Value| {
        record.as_object_mut().unwrap().extend(side.as_object().unwrap().clone());
        record
    };
    let drafts = transcript(&[
        with(asked("u-1", 1, "p-1", json!("explore the cart"))),
        with(answered(
            "u-2",
            2,
            json!({"type": "tool_use", "id": "t-1", "name": "Grep", "input": {"pattern": "cents", "path": "cart"}}),
        )),
        with(answered("u-3", 3, json!({"type": "text", "text": "It is in cents."}))),
    ]);
    let told: Vec<_> = drafts
        .iter()
        .map(|draft| (draft.agent.as_deref().unwrap(), draft.content.as_deref().unwrap()))
        .collect();
    assert_eq!(
        told,
        [("claude", "explore the cart"), ("claude/a1", "cents in cart"), ("claude/a1", "It is in cents.")]
    );
    let hooked = hooks(&[
        fired("UserPromptSubmit", "p-1", json!({"prompt": "go"})),
        fired(
            "SubagentStop",
            "p-1",
            json!({"agent_id": "a1", "agent_type": "Explore", "last_assistant_message": "It is in cents."}),
        ),
    ]);
    assert_eq!((&hooked[1].id, hooked[1].agent.as_deref()), (&drafts[2].id, Some("claude/Explore")));
    let internal = json!({"agent_id": "acompact-1", "last_assistant_message": "Summary"});
    assert_eq!(hooks(&[fired("SubagentStop", "p-1", internal)]), []);
    assert_ne!(hooked[0].id, drafts[0].id, "what the agent tells a subagent is not what the user asked");
}

#[test]
fn outcomes_of_tools() {
    let outcome = |event: &str, rest: Value| {
        let mut body = json!({"tool_name": "Bash", "tool_input": {"command": "x"}, "tool_use_id": "t-1"});
        body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        hooks(&[fired(event, "p-1", body)])[1].outcome.unwrap()
    };
    assert_eq!(
        outcome(
            "PostToolUse",
            json!({"tool_response": {"stdout": "", "stderr": "warning", "interrupted": false}})
        ),
        "success"
    );
    assert_eq!(
        outcome("PostToolUse", json!({"tool_response": {"stdout": "", "stderr": "", "interrupted": true}})),
        "aborted"
    );
    assert_eq!(
        outcome(
            "PostToolUse",
            json!({"tool_response": {"stdout": "", "stderr": "", "backgroundTaskId": "b"}})
        ),
        "ongoing"
    );
    assert_eq!(outcome("PostToolUse", json!({"tool_response": {"isError": true, "content": []}})), "failure");
    assert_eq!(outcome("PostToolUseFailure", json!({"error": "no", "is_interrupt": true})), "aborted");
    assert_eq!(outcome("PermissionDenied", json!({"reason": "not allowed"})), "failure");
    let refused = gave(
        "u-1",
        1,
        "p-1",
        "t-9",
        "The user doesn't want to proceed with this tool use.",
        true,
        json!("User rejected tool use"),
    );
    assert_eq!(transcript(&[refused])[0].outcome, Some("aborted"));
}

#[test]
fn failures_of_the_api_are_errors() {
    let mut record = answered("u-1", 1, json!({"type": "text", "text": "API Error: rate limited"}));
    record["isApiErrorMessage"] = json!(true);
    record["message"]["model"] = json!("<synthetic>");
    let mut nothing = answered("u-2", 2, json!({"type": "text", "text": "No response requested."}));
    nothing["message"]["model"] = json!("<synthetic>");
    let written = transcript(&[asked("u-0", 0, "p-1", json!("go")), record, nothing]);
    let hooked = hooks(&[fired(
        "StopFailure",
        "p-1",
        json!({"error": "rate_limit", "last_assistant_message": "API Error: rate limited"}),
    )]);
    assert_eq!(
        (written.len(), &written[1].id, written[1].r#type.as_deref()),
        (2, &hooked[0].id, Some("error"))
    );
    assert_eq!((written[1].outcome, hooked[0].outcome), (Some("failure"), Some("failure")));
}

#[test]
fn later_hooks_are_kept_and_starts_after_the_first_are_new() {
    let later = fired("CwdChanged", "p-1", json!({"old_cwd": "/shop", "deep": [[[[1]]]]}));
    let drafts = hooks(&[later.clone(), later]);
    assert_eq!(drafts[0].id, drafts[1].id);
    assert_eq!(
        (drafts[0].r#type.as_deref(), drafts[0].content.as_deref()),
        (Some("observation"), Some("CwdChanged"))
    );
    assert!(drafts[0].attributes.as_deref().unwrap().contains("old_cwd"));
    let start = |source: &str| {
        hooks(&[json!({"session_id": "s-1", "hook_event_name": "SessionStart", "source": source})])[0].clone()
    };
    assert_eq!(start("startup").id, start("startup").id);
    assert_eq!((start("resume").id, start("compact").id), (None, None));
    assert_eq!(start("resume").content.as_deref(), Some("session start (resume)"));
}

#[test]
fn without_a_tool_use_id_nothing_is_taken_for_the_same() {
    let body = |event: &str| {
        fired(
            event,
            "p-1",
            json!({"tool_name": "Bash", "tool_input": {"command": "x"}, "tool_response": "ok"}),
        )
    };
    let drafts = hooks(&[body("PreToolUse"), body("PostToolUse")]);
    let told: Vec<_> =
        drafts.iter().map(|draft| (draft.r#type.as_deref().unwrap(), draft.id.as_deref())).collect();
    assert_eq!(told, [("tool_call", None), ("tool_result", None)]);
}

#[test]
fn long_texts_are_cut_and_say_so() {
    let limits = Limits { event_bytes: 64 << 10, ..Limits::default() };
    let long = "x".repeat(200_000);
    let body = fired(
        "PostToolUse",
        "p-1",
        json!({
            "tool_name": "Write", "tool_input": {"file_path": "a", "content": long}, "tool_use_id": "t-1", "tool_response": long, "cwd": long,
        }),
    );
    for draft in hook(body.to_string().as_bytes(), &limits, &project_of).unwrap() {
        let size =
            serde_json::to_string(&draft.content).unwrap().len() + draft.attributes.as_ref().unwrap().len();
        assert!(size < limits.event_bytes, "{size}");
    }
    let result = &hook(body.to_string().as_bytes(), &limits, &project_of).unwrap()[1];
    assert!(result.attributes.as_deref().unwrap().contains(r#""content_bytes":200000"#));
    let huge = vec![b' '; limits.event_bytes * RAW_SHARE + 1];
    assert!(hook(&huge, &limits, &project_of).unwrap_err().message.contains("at most"));
}

#[test]
fn half_an_emoji_does_not_lose_a_line() {
    let line = asked("u-1", 1, "p-1", json!("HALF")).to_string().replace("HALF", "cut \\ud83d");
    let drafts = Transcript::new(&Limits::default()).line(line.as_bytes(), &project_of).unwrap();
    assert_eq!(drafts[0].content.as_deref(), Some("cut \u{fffd}"));
}

#[test]
fn rejections_name_the_field_and_the_project() {
    let field = |body: Value| {
        let reject = hook(body.to_string().as_bytes(), &Limits::default(), &project_of).unwrap_err();
        assert_eq!(reject.project.as_deref(), Some("project of /shop"));
        reject.field
    };
    assert_eq!(field(json!({"cwd": "/shop", "session_id": "s"})), "hook_event_name");
    assert_eq!(field(json!({"cwd": "/shop", "hook_event_name": "Stop"})), "session_id");
    assert_eq!(field(json!({"cwd": "/shop", "hook_event_name": "Stop", "session_id": 7})), "session_id");
    assert_eq!(field(fired("UserPromptSubmit", "p", json!({"prompt": 7}))), "prompt");
    assert_eq!(field(fired("PreToolUse", "p", json!({"tool_name": "x".repeat(513)}))), "tool_name");
    let line =
        json!({"type": "user", "cwd": "/shop", "message": {"role": "user", "content": "c"}}).to_string();
    let reject = Transcript::new(&Limits::default()).line(line.as_bytes(), &project_of).unwrap_err();
    assert_eq!((reject.field.as_str(), reject.project.as_deref()), ("sessionId", Some("project of /shop")));
}

/// Every field of every hook and record, replaced by every kind of value: answers, and sound drafts.
#[test]
fn hostile_hooks_and_records_never_panic() {
    let values = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("x".repeat(5000)),
        json!([[[[]]]]),
        json!({"a": {}}),
        json!("<athena-memory ".repeat(500)),
        json!("<command-name>"),
        json!("../../etc/passwd\0"),
    ];
    let check = |drafts: Result<Vec<Draft>, Reject>| {
        for draft in drafts.into_iter().flatten() {
            assert!(draft.attributes.is_none_or(|text| serde_json::from_str::<Record>(&text).is_ok()));
            let names = [&draft.id, &draft.session, &draft.agent, &draft.tool, &draft.parent];
            assert!(names.into_iter().flatten().all(|name| name.len() <= NAME_BYTES + 8));
        }
    };
    for body in session_hooks() {
        for key in body.as_object().unwrap().keys() {
            for value in &values {
                let mut body = body.clone();
                body[key] = value.clone();
                check(hook(body.to_string().as_bytes(), &Limits::default(), &project_of));
            }
        }
    }
    let mut reader = Transcript::new(&Limits::default());
    for line in session_transcript() {
        let mut paths: Vec<String> = Vec::new();
        collect(&line, String::new(), &mut paths);
        for path in paths {
            for value in &values {
                let mut line = line.clone();
                *line.pointer_mut(&path).unwrap() = value.clone();
                check(reader.line(line.to_string().as_bytes(), &project_of));
            }
        }
    }
    for bytes in hostile::Mutations::new(11).take(20_000) {
        check(hook(&bytes, &Limits::default(), &project_of));
        check(reader.line(&bytes, &project_of));
    }
    for case in hostile::huge() {
        check(hook(&case.bytes, &Limits::default(), &project_of));
        check(reader.line(&case.bytes, &project_of));
    }
}

/// The pointers to all that is within a value.
fn collect(value: &Value, at: String, into: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (key, value) in members {
        let path = format!("{at}/{key}");
        collect(value, path.clone(), into);
        into.push(path);
    }
}
