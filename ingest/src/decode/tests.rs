use athena_schemas::Time;

use super::hostile::{Case, Expected, Mutations, SAMPLE, cases, huge, million_attributes};
use super::*;

fn plain(text: impl AsRef<[u8]>) -> Result<Draft, Reject> {
    super::plain(text.as_ref(), &Limits::default())
}

#[test]
fn every_field_arrives() {
    let draft = plain(SAMPLE).unwrap();
    let text = |text: &str| Some(text.to_owned());
    let expected = Draft {
        id: text("e-1"),
        time: Time::parse("2026-11-23T10:00:00Z"),
        project: text("shop"),
        session: text("s-7"),
        agent: text("claude"),
        source: text("ci"),
        r#type: text("tool_call"),
        tool: text("Bash"),
        content: text("cargo test -p \"cart\" ä😀"),
        outcome: Some("failure"),
        files: vec!["cart/src/lib.rs".to_owned()],
        tags: vec!["ci".to_owned()],
        duration_ms: Some(5321),
        parent: text("e-0"),
        attributes: text(r#"{"exit_code":101,"nested":{"a":[1,250,null,true]}}"#),
        traceparent: text("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
    };
    assert_eq!(draft, expected);
}

#[test]
fn what_is_liberal_is_so() {
    let draft = plain(r#"{"content":"","id":7,"session":-1,"agent":"","files":"a","outcome":"FAILURE","duration_ms":1.6,"time":1795428000.5}"#).unwrap();
    assert_eq!((draft.id.as_deref(), draft.session.as_deref(), draft.agent), (Some("7"), Some("-1"), None));
    assert_eq!(
        (draft.files, draft.outcome, draft.duration_ms),
        (vec!["a".to_owned()], Some("failure"), Some(2))
    );
    assert_eq!((draft.content.as_deref(), draft.time), (Some(""), Time::parse("2026-11-23T10:00:00.5Z")));
}

#[test]
fn unknown_fields_are_kept_beside_the_attributes() {
    let draft = plain(r#"{"host":{"name":"a"},"attributes":{"host":1},"n":2.50}"#).unwrap();
    assert_eq!(draft.attributes.unwrap(), r#"{"host":1,"host_2":{"name":"a"},"n":2.50}"#);
}

#[test]
fn rejections_say_what_was_found_and_expected() {
    let reject = plain(r#"{"content":"c","session":true,"project":"shop"}"#).unwrap_err();
    assert_eq!(reject.field, "session");
    assert_eq!(
        reject.message,
        "invalid type: boolean `true`, expected a string or an integer at line 1 column 29"
    );
    assert_eq!(reject.project.as_deref(), Some("shop"));
    let reject = plain(r#"{"content":["a"]}"#).unwrap_err();
    assert!(reject.message.contains("what is structured belongs into `attributes`"), "{}", reject.message);
    let reject = plain([&b"{\"content\":\""[..], b"\xff\"}"].concat()).unwrap_err();
    assert_eq!(reject.message, "not UTF-8 at byte 12");
    let reject = plain(format!(r#"{{"content":"c","outcome":"{}"}}"#, "x".repeat(100_000))).unwrap_err();
    assert!(reject.message.len() < 400 && reject.message.contains("at line 1 column"), "{}", reject.message);
}

#[test]
fn a_rejection_has_the_project_where_it_can_be_told() {
    let project = |bytes: &[u8]| plain(bytes).unwrap_err().project;
    let shop = Some("shop".to_owned());
    assert_eq!(project(br#"{"project":"shop","content":1}"#), shop);
    assert_eq!(project(br#"{"content":1,"project":"shop"}"#), shop);
    assert_eq!(project(br#"{"project":"shop","content":"cut"#), shop);
    assert_eq!(project(b"{\"content\":\"\xff\",\"project\":\"shop\"}"), shop);
    assert_eq!(project(br#"{"specversion":"1.0","data":{"content":1,"project":"shop"}}"#), shop);
    assert_eq!(project(b"{\"content\":\"c\",\"project\":\"sh\xffp\"}"), None);
    assert_eq!(project(br#"{"project":"shop","project":"other","content":"c"}"#), None);
    assert_eq!(project(br#"{"project":7,"content":"c"}"#), None);
}

/// What became of a case that should not have.
fn complaint(case: &Case) -> Option<String> {
    let Case { name, bytes, expected } = case;
    match (plain(bytes), expected) {
        (Ok(_), Expected::Accepted) => None,
        (Ok(_), Expected::Rejected(field)) => Some(format!("{name}: accepted, should fail for {field:?}")),
        (Err(reject), Expected::Rejected(field))
            if reject.field == *field && (1..400).contains(&reject.message.len()) =>
        {
            None
        }
        (Err(reject), _) => Some(format!("{name}: {} for {:?}", reject.message, reject.field)),
    }
}

#[test]
fn hostile_input_is_rejected_by_field_and_never_panics() {
    let mut complaints: Vec<String> = cases().iter().filter_map(complaint).collect();
    for case in huge() {
        complaints.extend(complaint(&case));
        if case.bytes.starts_with(b"{\"project\"") {
            assert_eq!(plain(&case.bytes).unwrap_err().project.as_deref(), Some("shop"), "{}", case.name);
        }
    }
    assert!(complaints.is_empty(), "{}:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn a_million_attributes_pass_where_the_limit_lets_them() {
    let limits = Limits { event_bytes: 1 << 24, ..Limits::default() };
    let draft = super::plain(&million_attributes(), &limits).unwrap();
    assert!(draft.attributes.unwrap().ends_with("\"k999999\":0}"));
}

/// Whatever the bytes, every door answers, and what passes is bounded by its input and can be read.
#[test]
fn mutations_never_panic_and_what_passes_is_sound() {
    let limits = Limits::default();
    let header = |name: &str, value: &[u8]| (name.to_owned(), value.to_vec());
    let envelope = [header("ce_id", b"1"), header("ce_source", b"s"), header("ce_type", b"t")];
    let mut accepted = 0;
    for bytes in Mutations::new(7).take(50_000) {
        let whole = super::plain(&bytes, &limits);
        accepted += u32::from(whole.is_ok());
        let as_data = record(&bytes, &envelope, &limits);
        let as_headers = record(b"", &[&envelope[1..], &[header("ce_id", &bytes)]].concat(), &limits);
        let elements =
            batch(&bytes, "application/json", &limits).into_iter().flatten().map(|(_, result)| result);
        for draft in [whole, as_data, as_headers].into_iter().chain(elements).flatten() {
            let attributes = draft.attributes.unwrap_or_else(|| "{}".to_owned());
            assert!(serde_json::from_str::<serde_json::Map<_, _>>(&attributes).is_ok(), "{attributes}");
            let length = attributes.len() + draft.content.map_or(0, |content| content.len());
            assert!(length <= 3 * bytes.len() + 64, "{length} of {}", bytes.len());
        }
        let line: Vec<u8> = bytes.into_iter().filter(|&byte| byte != b'\n').collect();
        let lines = [b"{\"content\":\"before\"}\n", &line[..], b"\n{\"content\":\"after\"}"].concat();
        let elements = batch(&lines, "application/x-ndjson", &limits).unwrap();
        let last = elements.last().unwrap().1.as_ref().unwrap();
        assert!(elements[0].1.is_ok() && last.content.as_deref() == Some("after"), "a neighbour was lost");
    }
    assert!(accepted > 1000, "{accepted}: the mutations are too wild to tell anything");
}

fn shape(elements: Result<Vec<Element>, Reject>) -> Vec<(u64, Result<String, String>)> {
    let one = |result: Result<Draft, Reject>| {
        result.map(|draft| draft.content.unwrap_or_default()).map_err(|reject| reject.field)
    };
    elements.unwrap().into_iter().map(|(index, result)| (index, one(result))).collect()
}

#[test]
fn a_bad_element_rejects_itself_not_its_neighbours() {
    let (a, b) = (Ok("a".to_owned()), Ok("b".to_owned()));
    let expected = vec![(0, a.clone()), (1, Err("content".to_owned())), (2, b.clone())];
    let body = batch(
        br#"[{"content":"a"}, {"content":1}, {"content":"b"}]"#,
        "application/json",
        &Limits::default(),
    );
    assert_eq!(shape(body), expected);
    let lines = "{\"content\":\"a\"}\r\n\n  {\"content\":1}\n{\"content\":\"b\"}\n";
    for content_type in ["application/x-ndjson; charset=utf-8", "application/jsonl", "application/json", ""] {
        assert_eq!(
            shape(batch(lines.as_bytes(), content_type, &Limits::default())),
            expected,
            "{content_type}"
        );
    }
    let expected = vec![(0, a), (1, Err(String::new())), (2, b)];
    let body =
        batch(b"[{\"content\":\"a\"}, {\"content\":\"\xff\"}, {\"content\":\"b\"}]", "", &Limits::default());
    assert_eq!(shape(body), expected);
    let body = batch(
        b"{\"content\":\"a\"}\n{\"cont\n{\"content\":\"b\"}",
        "application/x-ndjson",
        &Limits::default(),
    );
    assert_eq!(shape(body), expected);
}

#[test]
fn a_body_that_is_neither_fails_as_a_whole_with_the_place() {
    let fail =
        |body: &[u8], content_type: &str| batch(body, content_type, &Limits::default()).unwrap_err().message;
    assert!(fail(br#"[{"content":"a"}, {"content"}]"#, "application/json").ends_with("at line 1 column 29"));
    assert!(fail(b"", "application/json").starts_with("empty"));
    assert!(fail(b"hello", "application/json").contains("line 1 column 1"));
    assert!(fail(b"{\n  \"content\": oops }", "application/json").contains("line 2 column 14"));
    assert!(fail(b"{}", "application/cloudevents-batch+json").contains("expected an array of events"));
    assert!(fail(&[b"[".as_slice(), &b"0,".repeat(BATCH_EVENTS), b"0]"].concat(), "").contains("more than"));
    assert!(fail(&b"0\n".repeat(BATCH_EVENTS + 1), "application/x-ndjson").contains("more than"));
    let pretty = batch(b"\xEF\xBB\xBF{\n  \"content\": \"a\"\n}\n", "text/plain", &Limits::default());
    assert_eq!(shape(pretty), [(0, Ok("a".to_owned()))]);
}

#[test]
fn cloud_events_are_the_same_event() {
    let expected = plain(r#"{"id":"1","source":"s","type":"t","time":1795428000,"project":"p","session":"7","agent":"a","traceparent":"00-x","content":"c","files":["f"],"attributes":{"a":1,"subject":"u"}}"#).unwrap();
    let structured = r#"{"specversion":"1.0","id":"1","source":"s","type":"t","time":"2026-11-23T10:00:00Z","project":"p","session":"7","agent":"a","traceparent":"00-x","subject":"u","datacontenttype":"application/json","data":{"content":"c","files":["f"],"attributes":{"a":1}}}"#;
    assert_eq!(plain(structured), Ok(expected.clone()));
    assert_eq!(cloud_event(structured.as_bytes(), &Limits::default()), Ok(expected.clone()));
    let batched = format!("[{structured}, {{\"content\":\"c\"}}]");
    let elements =
        batch(batched.as_bytes(), "application/cloudevents-batch+json", &Limits::default()).unwrap();
    assert_eq!(elements[0].1, Ok(expected.clone()));
    assert_eq!(elements[1].1.as_ref().unwrap_err().field, "specversion");
    for prefix in ["ce_", "ce-", "CE_"] {
        let headers: Vec<(String, Vec<u8>)> = [
            ("specversion", "1.0"),
            ("id", "1"),
            ("source", "s"),
            ("type", "t"),
            ("time", "2026-11-23T10:00:00Z"),
            ("project", "p"),
            ("session", "7"),
            ("agent", "a"),
            ("traceparent", "00-x"),
            ("subject", "u"),
        ]
        .into_iter()
        .map(|(name, value)| (format!("{prefix}{name}"), value.into()))
        .chain([
            ("Content-Type".to_owned(), b"application/json; charset=utf-8".to_vec()),
            ("other".to_owned(), vec![0xff]),
        ])
        .collect();
        let data = br#"{"content":"c","files":["f"],"attributes":{"a":1}}"#;
        assert_eq!(record(data, &headers, &Limits::default()), Ok(expected.clone()), "{prefix}");
    }
}

fn cloud(fields: &str) -> Draft {
    plain(format!(r#"{{"specversion":"1.0","id":"1","source":"s","type":"t",{fields}}}"#)).unwrap()
}

#[test]
fn data_is_ours_or_text_or_kept_as_it_is() {
    assert_eq!(cloud(r#""data":"said""#).content.as_deref(), Some("said"));
    assert_eq!(cloud(r#""data":{"order":7}"#).attributes.as_deref(), Some(r#"{"data":{"order":7}}"#));
    assert_eq!(cloud(r#""data":[1,2]"#).attributes.as_deref(), Some(r#"{"data":[1,2]}"#));
    assert_eq!(cloud(r#""data":null"#).attributes, None);
    assert_eq!(cloud(r#""data":{"tool":"Bash","x":1}"#).tool.as_deref(), Some("Bash"));
    assert_eq!(
        cloud(r#""data":{"tool":{},"x":1}"#).attributes.as_deref(),
        Some(r#"{"data":{"tool":{},"x":1}}"#)
    );
    assert_eq!(cloud(r#""data_base64":"eyJjb250ZW50IjoiYyJ9""#).content.as_deref(), Some("c"));
    assert_eq!(cloud(r#""data_base64":"AP8=""#).attributes.as_deref(), Some(r#"{"data_base64":"AP8="}"#));
    let draft = cloud(r#""datacontenttype":"text/plain","data":"said","content":"outer""#);
    assert_eq!(draft.attributes.as_deref(), Some(r#"{"datacontenttype":"text/plain","data":"said"}"#));
}

#[test]
fn the_envelope_stands_and_what_differs_within_is_kept() {
    let draft = cloud(
        r#""project":"p","data":{"content":"c","id":"1","type":"inner","project":"q","session":"i","duration_ms":3}"#,
    );
    assert_eq!((draft.r#type.as_deref(), draft.project.as_deref()), (Some("t"), Some("p")));
    assert_eq!((draft.session.as_deref(), draft.duration_ms), (Some("i"), Some(3)));
    assert_eq!(draft.attributes.as_deref(), Some(r#"{"project":"q","type":"inner"}"#));
}

#[test]
fn headers_alone_decide_what_a_record_is() {
    let header = |name: &str, value: &[u8]| (name.to_owned(), value.to_vec());
    let traced =
        record(br#"{"content":"c"}"#, &[header("traceparent", b"00-x")], &Limits::default()).unwrap();
    assert_eq!(traced.traceparent.as_deref(), Some("00-x"));
    let headers = [
        header("ce_id", b"1"),
        header("ce_source", b"s"),
        header("ce_type", b"t"),
        header("ce_project", b"p"),
    ];
    assert_eq!(record(b"", &headers, &Limits::default()).unwrap().id.as_deref(), Some("1"));
    assert_eq!(
        record(b"just text", &headers, &Limits::default()).unwrap().content.as_deref(),
        Some("just text")
    );
    let reject = record(br#"{"content":1}"#, &headers, &Limits::default()).unwrap_err();
    assert_eq!((reject.field.as_str(), reject.project.as_deref()), ("data.content", Some("p")));
    let reject = record(br#"{"content":"#, &headers, &Limits::default()).unwrap_err();
    assert_eq!(reject.field, "data");
    // Found by fuzzing: JSON that goes on after its end.
    let reject = record(br#"{"a":1},"content":"c"}"#, &headers, &Limits::default()).unwrap_err();
    assert_eq!(reject.field, "data");
    let reject = record(b"{}", &[header("ce_id", b"\xff")], &Limits::default()).unwrap_err();
    assert_eq!(reject.field, "id");
    let reject =
        record(b"{}", &[header("ce_id", b"1"), header("CE_ID", b"2")], &Limits::default()).unwrap_err();
    assert_eq!(reject.field, "id");
    let reject =
        record(b"{}", &[header("content-type", b"application/cloudevents+json")], &Limits::default())
            .unwrap_err();
    assert_eq!(reject.field, "specversion");
    assert_eq!(record(b"", &[], &Limits::default()).unwrap_err().field, "");
}
