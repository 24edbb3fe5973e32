//! Bytes to drafts. Pure, and the hot path of ingest: one pass over an event, allocating what it keeps.
//!
//! ```text
//! bytes ─▶ size, UTF-8 ─▶ object (fields of their types) ─┬▶ plain ───────────┬▶ attributes ─▶ draft
//!                                                         └▶ cloud (envelope) ┘
//! ```
//!
//! What is liberal, for producers' sake: fields in any order; null and, for names, `""` count as not
//! given; integers for `id`, `session` and `parent`; one string for `files` or `tags`; outcomes in any
//! case; a byte order mark. What is not, because something would be lost or mistaken: a field given
//! twice, a field of another type, names beyond 512 bytes, types of Athena's own commands. Fields that
//! events do not have are kept in `attributes`; where that has the name already, as `NAME_2`.
//!
//! The depth limit holds for `attributes` and unknown fields, the only ones that can nest; nothing here
//! recurses on anything else.

mod attributes;
mod cloud;
mod object;

use std::borrow::Cow;
use std::fmt;

use athena_schemas::vocabulary::COMMAND_PREFIX;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use self::object::{Field, NAME_BYTES, Object};
use crate::{Draft, Limits, Reject};

/// Most events in one body: what bounds the memory of `[0,0,0,…]`.
pub const BATCH_EVENTS: usize = 100_000;

/// An event as plain JSON (CONTRACT.md), or a CloudEvent in structured mode, told by its `specversion`.
///
/// # Errors
/// What is no event, by the field that is wrong; with the project where it can be read all the same.
pub fn plain(bytes: &[u8], limits: &Limits) -> Result<Draft, Reject> {
    read(bytes, limits, false)
}

/// A CloudEvent in structured mode.
///
/// # Errors
/// As `plain`; a missing `specversion`, `id`, `source` or `type`.
pub fn cloud_event(bytes: &[u8], limits: &Limits) -> Result<Draft, Reject> {
    read(bytes, limits, true)
}

/// A CloudEvent in binary mode: context attributes in headers (`ce_…` on Kafka, `ce-…` over HTTP), the
/// payload as their `content-type` says. Other headers are passed over.
///
/// # Errors
/// As `cloud_event`.
pub fn binary<'h>(
    headers: impl Iterator<Item = (&'h str, &'h [u8])> + Clone,
    payload: &[u8],
    limits: &Limits,
) -> Result<Draft, Reject> {
    let size = headers.clone().fold(payload.len(), |size, (name, value)| size + name.len() + value.len());
    within(size, limits).and_then(|()| cloud::binary(headers.clone(), payload, limits)).map_err(|reject| {
        let named = headers.clone().find(|(name, _)| cloud::attribute(name) == Some("project"));
        let project = named.and_then(|(_, value)| std::str::from_utf8(value).ok()).map(str::to_owned);
        Reject { project: project.or_else(|| project_of(payload)), ..reject }
    })
}

/// Whether headers by these names make a message a CloudEvent in binary mode.
pub fn is_binary<'n>(mut names: impl Iterator<Item = &'n str>) -> bool {
    names.any(|name| {
        cloud::attribute(name)
            .is_some_and(|name| name.eq_ignore_ascii_case("id") || name.eq_ignore_ascii_case("specversion"))
    })
}

/// A record of a Kafka topic: a CloudEvent in binary mode when its headers say so, else as `plain`. A
/// header `traceparent` counts where the event has none.
///
/// # Errors
/// As `plain`.
pub fn record(payload: &[u8], headers: &[(String, Vec<u8>)], limits: &Limits) -> Result<Draft, Reject> {
    if headers.is_empty() {
        return plain(payload, limits);
    }
    let header = |name: &str| {
        let found = headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.and_then(|(_, value)| std::str::from_utf8(value).ok())
    };
    let mut draft = match header("content-type").map(media_type) {
        Some(media) if media.starts_with("application/cloudevents") => cloud_event(payload, limits)?,
        _ if is_binary(headers.iter().map(|(name, _)| name.as_str())) => {
            binary(headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())), payload, limits)?
        }
        _ => plain(payload, limits)?,
    };
    if draft.traceparent.is_none() {
        draft.traceparent = header("traceparent").and_then(|text| object::name(text).ok().flatten());
    }
    Ok(draft)
}

/// An element of a body, by its place among the events there, from 0.
pub type Element = (u64, Result<Draft, Reject>);

/// The events of an HTTP body: one object, an array, or lines (`application/x-ndjson` and
/// `application/jsonl`, or objects on lines under any other type), and CloudEvents single or batched.
/// Blank lines do not count. A bad element rejects itself, not its neighbours.
///
/// # Errors
/// A body that as a whole is neither, with the position of the mistake; one of more than
/// `BATCH_EVENTS` events.
pub fn batch(body: &[u8], content_type: &str, limits: &Limits) -> Result<Vec<Element>, Reject> {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body).trim_ascii();
    match media_type(content_type).as_str() {
        "application/x-ndjson" | "application/jsonl" | "application/x-jsonlines" | "application/ndjson" => {
            lines(body, limits)
        }
        "application/cloudevents+json" => Ok(vec![(0, cloud_event(body, limits))]),
        "application/cloudevents-batch+json" => array(body, limits, cloud_event),
        _ if body.starts_with(b"[") => array(body, limits, plain),
        _ => match serde_json::Deserializer::from_str(&masked(body)).into_iter::<&RawValue>().next() {
            None => Err(Reject::new("", "empty: send one event, an array, or lines of events")),
            // The first value ends before the body does: what follows may be lines.
            Some(Ok(first)) if first.get().len() < body.len() => lines(body, limits),
            Some(Ok(_)) => Ok(vec![(0, plain(body, limits))]),
            Some(Err(_)) if body.contains(&b'\n') && body.starts_with(b"{\"") => lines(body, limits),
            Some(Err(error)) => Err(Reject::new("", error.to_string())),
        },
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

fn lines(body: &[u8], limits: &Limits) -> Result<Vec<Element>, Reject> {
    let events = || body.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    if events().nth(BATCH_EVENTS).is_some() {
        return Err(too_many());
    }
    Ok((0..).zip(events().map(|line| plain(line, limits))).collect())
}

fn array(
    body: &[u8],
    limits: &Limits,
    one: fn(&[u8], &Limits) -> Result<Draft, Reject>,
) -> Result<Vec<Element>, Reject> {
    let text = masked(body);
    let mut json = serde_json::Deserializer::from_str(&text);
    let elements = json
        .deserialize_seq(Elements)
        .and_then(|elements| json.end().map(|()| elements))
        .map_err(|error| Reject::new("", error.to_string()))?;
    let bytes = |element: &RawValue| {
        let start = element.get().as_ptr().addr() - text.as_ptr().addr();
        &body[start..start + element.get().len()]
    };
    Ok((0..).zip(elements.into_iter().map(|element| one(bytes(element), limits))).collect())
}

struct Elements;

impl<'de> Visitor<'de> for Elements {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = seq.next_element()? {
            if elements.len() == BATCH_EVENTS {
                return Err(de::Error::custom(too_many().message));
            }
            elements.push(element);
        }
        Ok(elements)
    }
}

/// The body as text of the same length, with `?` for every byte that is not UTF-8, so that an element
/// with such bytes can be told from its neighbours. It is read for its structure only.
fn masked(body: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(body) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(body.utf8_chunks().fold(String::with_capacity(body.len()), |text, chunk| {
            text + chunk.valid() + &"?".repeat(chunk.invalid().len())
        })),
    }
}

fn too_many() -> Reject {
    Reject::new("", format!("more than {BATCH_EVENTS} events in one body: send several"))
}

/// A content type without its parameters, in lower case.
fn media_type(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn read(bytes: &[u8], limits: &Limits, cloud: bool) -> Result<Draft, Reject> {
    decode(bytes, limits, cloud).map_err(|reject| Reject { project: project_of(bytes), ..reject })
}

fn decode(bytes: &[u8], limits: &Limits, cloud: bool) -> Result<Draft, Reject> {
    within(bytes.len(), limits)?;
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Reject::new("", format!("not UTF-8 at byte {}", error.valid_up_to())))?;
    let object = Object::parse(text.trim_start_matches('\u{FEFF}'))?;
    if cloud || cloud::is_structured(&object) {
        return cloud::structured(object, limits);
    }
    if object.draft.content.is_none() && object.attributes.is_none() {
        return Err(Reject::new("content", "missing: an event has `content` or `attributes`"));
    }
    finish(object, limits)
}

fn within(size: usize, limits: &Limits) -> Result<(), Reject> {
    if size > limits.event_bytes {
        return Err(Reject::new("", format!("{size} bytes, at most {}", limits.event_bytes)));
    }
    Ok(())
}

/// The draft of an object whose fields have all been read.
fn finish(object: Object<'_>, limits: &Limits) -> Result<Draft, Reject> {
    let Object { mut draft, attributes, unknown, .. } = object;
    let head = draft.r#type.as_ref().and_then(|name| name.get(..COMMAND_PREFIX.len()));
    if head.is_some_and(|head| head.eq_ignore_ascii_case(COMMAND_PREFIX)) {
        return Err(Reject::new("type", "types beginning `athena.` are commands, which only Athena writes"));
    }
    draft.attributes = attributes::merge(attributes, unknown, limits)?;
    Ok(draft)
}

/// The project that a rejected event names, by itself or in its `data`: for the dead letter's reader.
fn project_of(bytes: &[u8]) -> Option<String> {
    let text = masked(bytes);
    let mut found = Scan::default();
    let _ = Scanner(&mut found).read(&text);
    let project = found.project.or_else(|| {
        let mut inner = Scan::default();
        let _ = Scanner(&mut inner).read(found.data?);
        inner.project
    })?;
    // A mask in the name itself would make it another project's.
    let whole = matches!(text, Cow::Borrowed(_)) || !project.contains('?');
    whole.then_some(project)
}

/// What a first look at an object finds, whatever is wrong with it.
#[derive(Default)]
struct Scan<'a> {
    /// The known fields, as bits.
    names: u32,
    /// The project, unless it is given twice.
    project: Option<String>,
    data: Option<&'a str>,
}

fn scan(text: &str) -> Result<Scan<'_>, serde_json::Error> {
    let mut found = Scan::default();
    Scanner(&mut found).read(text).map(|()| found)
}

struct Scanner<'s, 'a>(&'s mut Scan<'a>);

impl<'a> Scanner<'_, 'a> {
    /// Reads up to the end or the first mistake.
    fn read(self, text: &'a str) -> Result<(), serde_json::Error> {
        serde_json::Deserializer::from_str(text).deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Scanner<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let found = self.0;
        while let Some(key) = map.next_key::<String>()? {
            let field = Field::parse(&key);
            if field == Some(Field::Project) {
                let value: &RawValue = map.next_value()?;
                let again = found.names & Field::Project.bit() != 0;
                let project = serde_json::from_str::<String>(value.get()).ok();
                found.project = project.filter(|name| !again && (1..=NAME_BYTES).contains(&name.len()));
            } else if key == "data" {
                found.data = Some(map.next_value::<&RawValue>()?.get());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
            found.names |= field.map_or(0, Field::bit);
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "../../tests/data/hostile.rs"]
mod hostile;

#[cfg(test)]
mod tests {
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
        assert_eq!(
            (draft.id.as_deref(), draft.session.as_deref(), draft.agent),
            (Some("7"), Some("-1"), None)
        );
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
        assert!(
            reject.message.contains("what is structured belongs into `attributes`"),
            "{}",
            reject.message
        );
        let reject = plain([&b"{\"content\":\""[..], b"\xff\"}"].concat()).unwrap_err();
        assert_eq!(reject.message, "not UTF-8 at byte 12");
        let reject = plain(format!(r#"{{"content":"c","outcome":"{}"}}"#, "x".repeat(100_000))).unwrap_err();
        assert!(
            reject.message.len() < 400 && reject.message.contains("at line 1 column"),
            "{}",
            reject.message
        );
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
            (Ok(_), Expected::Rejected(field)) => {
                Some(format!("{name}: accepted, should fail for {field:?}"))
            }
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

    /// Whatever the bytes, all doors answer, agree on plain events, and give back JSON that can be read.
    #[test]
    fn mutations_never_panic_and_what_passes_is_sound() {
        let limits = Limits::default();
        let mut accepted = 0;
        for bytes in Mutations::new(7).take(50_000) {
            let draft = super::plain(&bytes, &limits);
            if let Ok(draft) = &draft {
                accepted += 1;
                let sound = draft.attributes.as_deref().map(serde_json::from_str::<serde_json::Map<_, _>>);
                assert!(sound.is_none_or(|map| map.is_ok()), "{draft:?}");
                let length = draft.attributes.as_ref().map_or(0, String::len)
                    + draft.content.as_ref().map_or(0, String::len);
                assert!(length <= 3 * bytes.len() + 64, "{length} of {}", bytes.len());
            }
            let _ = record(
                &bytes,
                &[("ce_id".to_owned(), bytes.clone()), ("ce_x".to_owned(), bytes.clone())],
                &limits,
            );
            let _ = batch(&bytes, "application/json", &limits);
            let joined =
                [b"{\"content\":\"before\"}\n", &bytes.replace_newlines()[..], b"\n{\"content\":\"after\"}"]
                    .concat();
            let elements = batch(&joined, "application/x-ndjson", &limits).unwrap();
            let last = elements.last().unwrap().1.as_ref().unwrap();
            assert!(
                elements[0].1.is_ok() && last.content.as_deref() == Some("after"),
                "a neighbour was lost"
            );
        }
        assert!(accepted > 1000, "{accepted}: the mutations are too wild to tell anything");
    }

    trait Lines {
        fn replace_newlines(&self) -> Vec<u8>;
    }

    impl Lines for Vec<u8> {
        fn replace_newlines(&self) -> Vec<u8> {
            self.iter().map(|&byte| if byte == b'\n' { b' ' } else { byte }).collect()
        }
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
        for content_type in
            ["application/x-ndjson; charset=utf-8", "application/jsonl", "application/json", ""]
        {
            assert_eq!(
                shape(batch(lines.as_bytes(), content_type, &Limits::default())),
                expected,
                "{content_type}"
            );
        }
        let expected = vec![(0, a), (1, Err(String::new())), (2, b)];
        let body = batch(
            b"[{\"content\":\"a\"}, {\"content\":\"\xff\"}, {\"content\":\"b\"}]",
            "",
            &Limits::default(),
        );
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
        let fail = |body: &[u8], content_type: &str| {
            batch(body, content_type, &Limits::default()).unwrap_err().message
        };
        assert!(
            fail(br#"[{"content":"a"}, {"content"}]"#, "application/json").ends_with("at line 1 column 29")
        );
        assert!(fail(b"", "application/json").starts_with("empty"));
        assert!(fail(b"hello", "application/json").contains("line 1 column 1"));
        assert!(fail(b"{\n  \"content\": oops }", "application/json").contains("line 2 column 14"));
        assert!(fail(b"{}", "application/cloudevents-batch+json").contains("expected an array of events"));
        assert!(
            fail(&[b"[".as_slice(), &b"0,".repeat(BATCH_EVENTS), b"0]"].concat(), "").contains("more than")
        );
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
}
