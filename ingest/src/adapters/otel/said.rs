//! The messages of a model's span, in the words of the conventions since 2024:
//! attributes `gen_ai.input.messages` and `gen_ai.output.messages`, of the span or of one event; an event a
//! message (`gen_ai.user.message`, `gen_ai.choice`); an event for all (`gen_ai.content.prompt`); attributes
//! numbered flat (`gen_ai.prompt.0.content`), as OpenLLMetry wrote them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::said::{Message, message, messages, structured};
use super::span::{Moment, Record, Span};

const INPUT: &str = "gen_ai.input.messages";
const OUTPUT: &str = "gen_ai.output.messages";
/// Messages and calls that are numbered flat.
const FLAT: usize = 1_000;

/// What a model was given and what it gave.
pub(super) fn said(span: &Span) -> (Vec<Message>, Vec<Message>) {
    let whole = |key: &str| {
        let records = std::iter::once(&span.attributes).chain(span.moments.iter().map(|one| &one.attributes));
        records.filter_map(|record| record.get(key)).map(messages).find(|all| !all.is_empty())
    };
    let (input, output) = (whole(INPUT), whole(OUTPUT));
    if input.is_some() || output.is_some() {
        return (input.unwrap_or_default(), output.unwrap_or_default());
    }
    let (mut input, mut output) = (Vec::new(), Vec::new());
    for moment in &span.moments {
        match moment.name.as_str() {
            "gen_ai.choice" => output.extend(chosen(moment)),
            "gen_ai.content.prompt" => input.extend(all_in(moment, "gen_ai.prompt")),
            "gen_ai.content.completion" => output.extend(all_in(moment, "gen_ai.completion")),
            name => {
                let role = name.strip_prefix("gen_ai.").and_then(|rest| rest.strip_suffix(".message"));
                input.extend(role.and_then(|role| one(moment, role)));
            }
        }
    }
    if input.is_empty() && output.is_empty() {
        return (flat(&span.attributes, "gen_ai.prompt."), flat(&span.attributes, "gen_ai.completion."));
    }
    (input, output)
}

/// What an event says, which may be JSON in one of its attributes.
fn body(moment: &Moment) -> Record {
    match moment.attributes.get("gen_ai.event.content").map(structured) {
        Some(Value::Object(body)) => body,
        _ => moment.attributes.iter().map(|(key, value)| (key.clone(), structured(value))).collect(),
    }
}

fn one(moment: &Moment, role: &str) -> Option<Message> {
    let mut body = body(moment);
    body.entry("role").or_insert(role.into());
    message(&body.into())
}

fn chosen(moment: &Moment) -> Option<Message> {
    let mut body = body(moment);
    let inner = match body.shift_remove("message") {
        Some(Value::Object(inner)) => inner,
        Some(Value::String(text)) => Map::from_iter([("content".to_owned(), text.into())]),
        Some(blocks @ Value::Array(_)) => Map::from_iter([("content".to_owned(), blocks)]),
        _ => body,
    };
    let mut inner = inner;
    inner.entry("role").or_insert("assistant".into());
    message(&inner.into())
}

fn all_in(moment: &Moment, key: &str) -> Vec<Message> {
    moment.attributes.get(key).map(messages).unwrap_or_default()
}

/// A message's own fields, and its tool calls by their numbers.
type Fields = (Map<String, Value>, BTreeMap<usize, Map<String, Value>>);

/// `PREFIX.0.role`, `PREFIX.0.content`, `PREFIX.0.tool_calls.0.name`, …
fn flat(attributes: &Record, prefix: &str) -> Vec<Message> {
    let mut found: BTreeMap<usize, Fields> = BTreeMap::new();
    for (key, value) in attributes {
        let Some((number, rest)) = key.strip_prefix(prefix).and_then(numbered) else { continue };
        let (fields, calls) = found.entry(number).or_default();
        match rest.strip_prefix("tool_calls.").and_then(numbered) {
            Some((call, field)) => {
                drop(calls.entry(call).or_default().insert(field.to_owned(), value.clone()))
            }
            None => drop(fields.insert(rest.to_owned(), structured(value))),
        }
    }
    let whole = |(mut fields, calls): Fields| {
        if !calls.is_empty() {
            fields.insert("tool_calls".into(), json!(calls.into_values().collect::<Vec<_>>()));
        }
        message(&fields.into())
    };
    found.into_values().filter_map(whole).collect()
}

fn numbered(text: &str) -> Option<(usize, &str)> {
    let (number, rest) = text.split_once('.')?;
    Some((number.parse().ok().filter(|number| *number < FLAT)?, rest))
}
