//! CloudEvents 1.0 (github.com/cloudevents/spec: `spec.md`, `formats/json-format.md`, the HTTP and Kafka
//! bindings): the same event with `specversion`, and what is ours in `data`.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::attributes::push_string;
use super::finish;
use super::object::{Field, Object};
use crate::{Draft, Limits, Reject};

/// An object in `data` that has one of these is ours, right or wrong.
const MARKS: [Field; 2] = [Field::Content, Field::Attributes];
/// An object in `data` that has one of these, each of its type, is ours too.
const HINTS: [Field; 9] = [
    Field::Tool,
    Field::Outcome,
    Field::Files,
    Field::Tags,
    Field::DurationMs,
    Field::Parent,
    Field::Session,
    Field::Agent,
    Field::Project,
];

/// The payload of a CloudEvent.
enum Data<'a> {
    None,
    /// A JSON text, in binary mode not yet known to be well-formed.
    Json(&'a str),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// The context attribute that a header carries: `ce_NAME` on Kafka, `ce-NAME` over HTTP.
pub(super) fn attribute(header: &str) -> Option<&str> {
    let (prefix, name) = header.split_at_checked(3)?;
    (prefix.eq_ignore_ascii_case("ce_") || prefix.eq_ignore_ascii_case("ce-")).then_some(name)
}

/// Whether an object is a CloudEvent.
pub(super) fn is_structured(object: &Object<'_>) -> bool {
    object.unknown.iter().any(|(name, _)| name == "specversion")
}

/// The event of an object that has everything in it.
///
/// # Errors
/// A version other than 1.x, missing context attributes, data that is ours and wrong: by field.
pub(super) fn structured(mut object: Object<'_>, limits: &Limits) -> Result<Draft, Reject> {
    let content_type = context(&mut object)?;
    let json = object.take("data")?;
    let Some(encoded) = object.take_string("data_base64")? else {
        return complete(object, json.as_deref().map_or(Data::None, Data::Json), limits);
    };
    if json.is_some() {
        return Err(Reject::new("data_base64", "given together with `data`"));
    }
    let bytes = STANDARD
        .decode(&encoded)
        .map_err(|error| Reject::new("data_base64", format!("not base64: {error}")))?;
    complete(object, payload(&bytes, content_type.as_deref()), limits)
}

/// The event of a message whose headers are the context attributes and whose payload is the data.
///
/// # Errors
/// As `structured`; headers that are not UTF-8 or given twice.
pub(super) fn binary<'h>(
    headers: impl Iterator<Item = (&'h str, &'h [u8])>,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Draft, Reject> {
    // Written as the object that structured mode has, so that both are read by the same rules.
    let mut text = String::new();
    let mut member = |name: &str, value: &str| {
        text.push(if text.is_empty() { '{' } else { ',' });
        push_string(&mut text, name);
        text.push(':');
        push_string(&mut text, value);
    };
    let mut versioned = false;
    for (header, value) in headers {
        let name = match attribute(header) {
            Some(name) => name.to_ascii_lowercase(),
            None if header.eq_ignore_ascii_case("content-type") => "datacontenttype".to_owned(),
            None => continue,
        };
        let value = std::str::from_utf8(value).map_err(|error| {
            Reject::new(&name, format!("header is not UTF-8 at byte {}", error.valid_up_to()))
        })?;
        versioned |= name == "specversion";
        // HTTP headers are percent-encoded, Kafka's are not.
        let over_http = header.get(2..3) == Some("-");
        member(&name, &if over_http { percent_decoded(value) } else { Cow::Borrowed(value) });
    }
    if !versioned {
        // Some producers send `ce_id` and its kin without it.
        member("specversion", "1.0");
    }
    text.push('}');
    let mut object = Object::parse(&text)?;
    let content_type = context(&mut object)?;
    complete(object, payload(bytes, content_type.as_deref()), limits)
}

/// Checks the context attributes and takes the data's content type; one that is not JSON's is also kept.
fn context(object: &mut Object<'_>) -> Result<Option<String>, Reject> {
    match object.take_string("specversion")? {
        Some(version) if version == "1" || version.starts_with("1.") => {}
        Some(_) => return Err(Reject::new("specversion", "another version of CloudEvents than 1.0")),
        None => return Err(Reject::new("specversion", "missing: a CloudEvent has one")),
    }
    for (field, given) in [
        (Field::Id, object.draft.id.is_some()),
        (Field::Source, object.draft.source.is_some()),
        (Field::Type, object.draft.r#type.is_some()),
    ] {
        if !given {
            return Err(Reject::new(field.name(), "missing: a CloudEvent has one"));
        }
    }
    let content_type = object.take_string("datacontenttype")?;
    if let Some(content_type) = content_type.as_deref().filter(|content_type| !is_json(content_type)) {
        object.keep("datacontenttype", content_type);
    }
    Ok(content_type)
}

/// Bytes as what their content type says; JSON when it says nothing and they look like an object.
fn payload<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Data<'a> {
    if bytes.is_empty() {
        return Data::None;
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return Data::Bytes(bytes) };
    match content_type {
        Some(content_type) if !is_json(content_type) => Data::Text(text),
        None if !text.trim_start().starts_with('{') => Data::Text(text),
        _ => Data::Json(text.trim()),
    }
}

fn is_json(content_type: &str) -> bool {
    let media = super::media_type(content_type);
    media == "application/json" || media == "text/json" || media.ends_with("+json")
}

fn complete<'a>(mut object: Object<'a>, data: Data<'a>, limits: &Limits) -> Result<Draft, Reject> {
    match data {
        Data::None => {}
        Data::Text(text) => object.say(text.to_owned()),
        Data::Bytes(bytes) => object.keep("data_base64", &STANDARD.encode(bytes)),
        Data::Json(json) if json.starts_with('{') => match ours(json)? {
            Some(inner) => object.adopt(inner),
            None => object.unknown.push((Cow::Borrowed("data"), Cow::Borrowed(json))),
        },
        Data::Json(json) if json.starts_with('"') => {
            object.say(serde_json::from_str(json).map_err(not_json)?)
        }
        Data::Json(json) => {
            let value: &serde_json::value::RawValue = serde_json::from_str(json).map_err(not_json)?;
            if value.get() != "null" {
                object.unknown.push((Cow::Borrowed("data"), Cow::Borrowed(value.get())));
            }
        }
    }
    finish(object, limits)
}

/// An object in `data` as an event, when it is one of ours rather than what another system means by it.
fn ours(json: &str) -> Result<Option<Object<'_>>, Reject> {
    match Object::parse(json) {
        Ok(inner) if inner.gives(&MARKS) || inner.gives(&HINTS) => Ok(Some(inner)),
        Ok(_) => Ok(None),
        Err(reject) => {
            let names = super::scan(json).map_err(not_json)?.names;
            let marked = MARKS.iter().any(|mark| names & mark.bit() != 0);
            if !marked {
                return Ok(None);
            }
            Err(Reject { field: format!("data.{}", reject.field), ..reject })
        }
    }
}

fn not_json(error: serde_json::Error) -> Reject {
    Reject::new("data", error.to_string())
}

/// The text with each `%XX` as the byte that it stands for (CloudEvents HTTP binding, 3.1.3.2); as it is
/// where that would not be UTF-8.
fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let byte = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match byte.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_is_undone_where_it_is_some() {
        assert_eq!(percent_decoded("Euro%20%E2%82%AC"), "Euro €");
        assert_eq!(percent_decoded("100% %2"), "100% %2");
        assert_eq!(percent_decoded("%ff"), "%ff");
        assert_eq!(percent_decoded("%é"), "%é");
    }
}
