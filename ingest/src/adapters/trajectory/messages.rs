//! A list of messages, as the APIs of OpenAI and Anthropic take them; what they answered may stand beside it.

use serde_json::{Map, Value};

use super::super::said::{Message, message, messages};
use super::super::told::Teller;
use super::{base, begins, named, time};
use crate::{Draft, Limits, Reject};

const SOURCE: &str = "messages";
const AGENT: &str = "assistant";
const SESSION: [&str; 6] = ["session", "session_id", "conversation_id", "thread_id", "conversation", "id"];
const TIME: [&str; 5] = ["timestamp", "time", "created_at", "created", "at"];
/// Fields of events, which messages do not have.
const OF_EVENTS: [&str; 7] =
    ["project", "session", "agent", "source", "outcome", "specversion", "attributes"];

/// Whether a value is a message and not an event.
pub(in super::super) fn is_one(value: &Value) -> bool {
    let Some(object) = value.as_object() else { return false };
    let known = object.get("role").and_then(Value::as_str).is_some_and(|role| {
        ["system", "developer", "user", "assistant", "tool", "function", "human", "ai"].contains(&role)
    });
    let says = ["content", "parts", "tool_calls"].iter().any(|key| object.contains_key(*key));
    known && says && !OF_EVENTS.iter().any(|key| object.contains_key(*key))
}

pub(super) fn read(value: &Value, limits: &Limits) -> Result<Vec<Draft>, Reject> {
    let empty = Map::new();
    let about = value.as_object().unwrap_or(&empty);
    let list = about.get("messages").unwrap_or(value);
    let mut all = told(list);
    if let Some(answer) = about.get("choices").and_then(|choices| choices.get(0)?.get("message")) {
        all.extend(message(answer).map(|message| (message, Map::new())));
    }
    if all.is_empty() {
        return Err(Reject::new("messages", "no messages of a role and a content"));
    }
    let only: Vec<Message> = all.iter().map(|(message, _)| message.clone()).collect();
    let session = named(about, &SESSION).unwrap_or_else(|| begins("ms-", &only));
    let agent = named(about, &["agent", "model"]).unwrap_or_else(|| AGENT.to_owned());
    let mut teller = Teller::new("ms-", &session, &agent, limits);
    let began = time(about, &TIME);
    let mut drafts = Vec::new();
    for (step, (message, fields)) in (0..).zip(&all) {
        let time = time(fields, &TIME).or_else(|| began.map(|began| began.plus_micros(step)));
        drafts.extend(teller.message(message, &Draft { time, ..base(SOURCE, &session) }));
    }
    Ok(drafts)
}

/// Each message with the other fields of its object.
fn told(list: &Value) -> Vec<(Message, Map<String, Value>)> {
    let one = |value: &Value| Some((message(value)?, value.as_object().cloned().unwrap_or_default()));
    match list {
        Value::Array(items) => items.iter().take(super::super::said::MESSAGES).filter_map(one).collect(),
        other => messages(other).into_iter().map(|message| (message, Map::new())).collect(),
    }
}
