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
mod value;

use std::borrow::Cow;
use std::fmt;

use athena_schemas::vocabulary::COMMAND_PREFIX;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use self::object::{Field, Object};

pub(crate) use self::object::clip;
pub(crate) use self::value::NAME_BYTES;
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
        draft.traceparent = header("traceparent").and_then(|text| value::name(text).ok().flatten());
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
        let mut json = serde_json::Deserializer::from_str(text);
        json.deserialize_map(self)?;
        json.end()
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
pub(crate) mod hostile;
#[cfg(test)]
mod tests;
