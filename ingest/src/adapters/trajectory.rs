//! Whole runs of agents as files: message lists of OpenAI and Anthropic, trajectories of SWE-agent and
//! OpenHands. One JSON value a run.
//!
//! | format | told by | session |
//! |---|---|---|
//! | message lists | `role`; `messages` of such | named in the file, else made from how it begins |
//! | SWE-agent | `history` of such, with `trajectory` or `message_type` | made from how it begins |
//! | OpenHands | `action` and `observation` | the instance, else made from how it begins |
//!
//! How a run begins is all up to what the agent first says: a run that is imported again when it has grown
//! is the same, and two runs on one task are two.

pub(super) mod messages;
pub(super) mod openhands;
pub(super) mod swe_agent;

use athena_schemas::{Time, ids};
use serde_json::{Map, Value};

use super::Format;
use super::said::{Message, Role};
use super::told::name;
use crate::{Draft, Limits, Reject};

/// What events have in common that know no more than their run.
fn base(source: &str, session: &str) -> Draft {
    Draft { source: Some(source.to_owned()), session: Some(name(session)), ..Draft::default() }
}

/// The format of a run; `None` of anything else.
pub(super) fn detect(value: &Value) -> Option<Format> {
    match value {
        Value::Object(object) => {
            let first = |key: &str| {
                object
                    .get(key)
                    .and_then(Value::as_array)
                    .and_then(|list| list.iter().find(|one| one.is_object()))
            };
            if first("messages").is_some_and(messages::is_one) || messages::is_one(value) {
                return Some(Format::Messages);
            }
            match first("history").or_else(|| first("trajectory"))? {
                one if one.get("role").is_some() || object.contains_key("trajectory") => {
                    Some(Format::SweAgent)
                }
                one if openhands::is_one(one) => Some(Format::OpenHands),
                _ => None,
            }
        }
        Value::Array(list) => match list.iter().find(|one| one.is_object())? {
            one if messages::is_one(one) => Some(Format::Messages),
            one if openhands::is_one(one) => Some(Format::OpenHands),
            _ => None,
        },
        _ => None,
    }
}

/// The events of one run.
///
/// # Errors
/// A value that is no such run.
pub(super) fn read(format: Format, value: &Value, limits: &Limits) -> Result<Vec<Draft>, Reject> {
    match format {
        Format::SweAgent => swe_agent::read(value, limits),
        Format::OpenHands => openhands::read(value, limits),
        _ => messages::read(value, limits),
    }
}

/// A name for a run that has none: how it begins.
fn begins(prefix: &'static str, messages: &[Message]) -> String {
    let answered = messages.iter().position(|message| message.role == Role::Assistant);
    let until = answered.map_or(messages.len(), |at| at + 1);
    let words: Vec<String> = messages[..until].iter().map(|message| format!("{message:?}")).collect();
    ids::short(prefix, &words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The first of the keys that is a text or a number, as text.
fn named(object: &Map<String, Value>, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| match object.get(*key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A time in any of the ways that events have.
fn time(object: &Map<String, Value>, keys: &[&str]) -> Option<Time> {
    keys.iter().find_map(|key| match object.get(*key)? {
        // Times without a zone are taken to be UTC.
        Value::String(text) => Time::parse(text).or_else(|| Time::parse(&format!("{text}Z"))),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Time::from_unix_integer(whole),
            None => Time::from_unix(number.as_f64()?),
        },
        _ => None,
    })
}

#[cfg(test)]
mod tests;
