//! OTLP as JSON: names in camelCase, ids in hexadecimal digits, 64-bit numbers as numbers or text.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::span::{Group, Moment, Record, Span, Status, within};
use super::too_many;
use crate::decode::BATCH_EVENTS;
use crate::{Limits, Reject};

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow, default, rename = "resourceSpans")]
    resource_spans: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct ResourceSpans<'a> {
    #[serde(borrow, default)]
    resource: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "scopeSpans")]
    scope_spans: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct ScopeSpans<'a> {
    #[serde(borrow, default)]
    spans: Vec<&'a RawValue>,
}

/// # Errors
/// A body that cannot be read down to its spans, or has too many.
pub(super) fn groups(body: &[u8], limits: &Limits) -> Result<Vec<Group>, Reject> {
    let text = std::str::from_utf8(body)
        .map_err(|error| Reject::new("", format!("not UTF-8 at byte {}", error.valid_up_to())))?;
    let request: Request<'_> = parse(text)?;
    let mut groups = Vec::new();
    let mut count = 0;
    for of_resource in request.resource_spans {
        let of_resource: ResourceSpans<'_> = parse(of_resource.get())?;
        let mut group = Group::default();
        if let Some(resource) = of_resource.resource {
            within(resource.get().len(), limits)?;
            group.resource = attributes(&parse(resource.get())?);
        }
        for of_scope in of_resource.scope_spans {
            let ScopeSpans { spans } = parse(of_scope.get())?;
            count += spans.len();
            if count > BATCH_EVENTS {
                return Err(too_many());
            }
            group.spans.extend(spans.into_iter().map(|one| span(one.get(), limits)));
        }
        if !group.spans.is_empty() {
            groups.push(group);
        }
    }
    Ok(groups)
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Reject> {
    // To serde a list is a structure too.
    if !text.trim_start().starts_with('{') {
        return Err(Reject::new("", "not an export request: an object was expected"));
    }
    serde_json::from_str(text).map_err(|error| Reject::new("", format!("not an export request: {error}")))
}

fn span(text: &str, limits: &Limits) -> Result<Span, Reject> {
    within(text.len(), limits)?;
    let given: Value = parse(text)?;
    let string = |key: &str| given.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let status = given.get("status").unwrap_or(&Value::Null);
    let moments = given.get("events").and_then(Value::as_array).into_iter().flatten();
    let moment = |given: &Value| Moment {
        name: given.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        attributes: attributes(given),
    };
    Span {
        id: string("spanId").to_ascii_lowercase(),
        trace: string("traceId").to_ascii_lowercase(),
        parent: Some(string("parentSpanId").to_ascii_lowercase()),
        flags: (number(given.get("flags")) & 0xff) as u8,
        name: string("name"),
        start: number(given.get("startTimeUnixNano")),
        end: number(given.get("endTimeUnixNano")),
        attributes: attributes(&given),
        moments: moments.map(moment).collect(),
        status: match status.get("code") {
            Some(Value::String(name)) if name == "STATUS_CODE_ERROR" => Status::Error,
            Some(Value::String(name)) if name == "STATUS_CODE_OK" => Status::Ok,
            code => Status::of(number(code)),
        },
        message: status.get("message").and_then(Value::as_str).unwrap_or_default().to_owned(),
    }
    .checked()
}

/// Numbers of 64 bits are text in protocol buffers' JSON, and numbers in some exporters'.
fn number(value: Option<&Value>) -> u64 {
    match value {
        Some(Value::Number(number)) => number.as_u64().unwrap_or_default(),
        Some(Value::String(text)) => text.parse().unwrap_or_default(),
        _ => 0,
    }
}

/// The `attributes` of an object.
fn attributes(given: &Value) -> Record {
    record(given.get("attributes"))
}

fn record(pairs: Option<&Value>) -> Record {
    let pairs = pairs.and_then(Value::as_array).into_iter().flatten();
    let pair = |pair: &Value| Some((pair.get("key")?.as_str()?.to_owned(), any(pair.get("value")?)));
    pairs.filter_map(pair).collect()
}

/// A value, which stands in a member named by its type. What nests deeper than serde_json reads is not here.
fn any(value: &Value) -> Value {
    let Some((kind, inner)) = value.as_object().and_then(|members| members.iter().next()) else {
        return Value::Null;
    };
    match kind.as_str() {
        "stringValue" | "boolValue" | "doubleValue" | "bytesValue" => inner.clone(),
        "intValue" => match inner {
            Value::String(text) => text.parse::<i64>().map_or(Value::Null, Value::from),
            other => other.clone(),
        },
        "arrayValue" => {
            inner.get("values").and_then(Value::as_array).into_iter().flatten().map(any).collect()
        }
        "kvlistValue" => record(inner.get("values")).into(),
        _ => Value::Null,
    }
}
