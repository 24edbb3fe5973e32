//! OpenHands: events of actions and observations, as the server exports them and as evaluations write them
//! (`history` of a line, with `instance_id`).

use std::collections::HashMap;

use athena_schemas::Time;
use serde_json::{Map, Value};

use super::super::claude_code::text::readable;
use super::super::said::{MESSAGES, Message, Part, Role, structured};
use super::super::told::{Teller, with};
use super::{base, begins, named, time};
use crate::{Draft, Limits, Reject};

const SOURCE: &str = "openhands";
/// What is the program's own, or what the agent thinks.
const QUIET: [&str; 10] = [
    "system",
    "change_agent_state",
    "agent_state_changed",
    "null",
    "think",
    "recall",
    "condensation",
    "condensation_request",
    "streaming_chunk",
    "server_ready",
];

pub(in super::super) fn is_one(value: &Value) -> bool {
    let says = |key: &str| value.get(key).is_some_and(Value::is_string);
    (says("action") || says("observation"))
        && (says("source") || value.get("args").is_some() || value.get("cause").is_some())
}

/// A call that waits for what it gives.
struct Open {
    id: Option<String>,
    tool: Option<String>,
    time: Option<Time>,
}

pub(super) fn read(value: &Value, limits: &Limits) -> Result<Vec<Draft>, Reject> {
    let empty = Map::new();
    let about = value.as_object().unwrap_or(&empty);
    let list = about.get("history").unwrap_or(value).as_array();
    let list = list.ok_or_else(|| Reject::new("history", "missing, or not an array"))?;
    let events: Vec<&Map<String, Value>> = list.iter().take(MESSAGES).filter_map(Value::as_object).collect();
    let first: Vec<Message> = events.iter().filter_map(|event| spoken(event)).collect();
    let started = events.first().and_then(|event| named(event, &["timestamp"])).unwrap_or_default();
    let session = named(about, &["instance_id", "conversation_id", "session_id"])
        .unwrap_or_else(|| begins("oh-", &first) + &started.replace(|c: char| !c.is_ascii_digit(), ""));
    let mut told = Told {
        teller: Teller::new("oh-", &session, SOURCE, limits),
        session: &session,
        open: HashMap::new(),
    };
    let drafts: Vec<Draft> = events.iter().flat_map(|event| told.event(event)).collect();
    if drafts.is_empty() {
        return Err(Reject::new("history", "no actions or observations"));
    }
    Ok(drafts)
}

struct Told<'a> {
    teller: Teller<'a>,
    session: &'a str,
    /// By the number of the event that called.
    open: HashMap<String, Open>,
}

impl Told<'_> {
    fn event(&mut self, event: &Map<String, Value>) -> Vec<Draft> {
        let base = Draft { time: time(event, &["timestamp"]), ..base(SOURCE, self.session) };
        let word = |key: &str| event.get(key).and_then(Value::as_str);
        match (word("action"), word("observation")) {
            (Some(kind), _) | (_, Some(kind)) if QUIET.contains(&kind) => Vec::new(),
            (Some("message"), _) => {
                let said = spoken(event);
                said.map(|message| self.teller.message(&message, &base)).unwrap_or_default()
            }
            (Some("finish" | "reject"), _) => self.finished(event, &base).into_iter().collect(),
            (Some(action), _) => self.acted(action, event, &base),
            (None, Some(observation)) => self.observed(observation, event, &base).into_iter().collect(),
            (None, None) => Vec::new(),
        }
    }

    fn acted(&mut self, action: &str, event: &Map<String, Value>, base: &Draft) -> Vec<Draft> {
        let number = named(event, &["id"]);
        let thought = argument(event, "thought").unwrap_or_default();
        let mut drafts: Vec<Draft> = self.teller.text(Role::Assistant, &thought, base).into_iter().collect();
        let mut arguments = event.get("args").map(structured).unwrap_or_default();
        if let Some(arguments) = arguments.as_object_mut() {
            // Where a file is edited, `command` is how.
            if arguments.contains_key("path") {
                for (known, told) in [("command", "edit"), ("path", "file_path")] {
                    arguments.shift_remove(known).map(|value| arguments.insert(told.to_owned(), value));
                }
            }
            arguments.shift_remove("code").map(|code| arguments.insert("command".to_owned(), code));
            // What is the same in every call, and what was said already.
            arguments.retain(|key, value| {
                !value.is_null()
                    && !["thought", "blocking", "hidden", "is_static", "confirmation_state"]
                        .contains(&key.as_str())
            });
        }
        let metadata = event.get("tool_call_metadata").and_then(Value::as_object);
        let tool = metadata
            .and_then(|metadata| named(metadata, &["function_name"]))
            .unwrap_or_else(|| action.to_owned());
        let id = metadata.and_then(|metadata| named(metadata, &["tool_call_id"])).or_else(|| number.clone());
        let call = self.teller.call(id.as_deref(), &tool, &arguments, base);
        if let Some(number) = number {
            self.open.insert(number, Open { id, tool: Some(tool), time: base.time });
        }
        drafts.push(call);
        drafts
    }

    fn observed(&mut self, observation: &str, event: &Map<String, Value>, base: &Draft) -> Option<Draft> {
        let text = event.get("content").map(readable).unwrap_or_default();
        let cause = named(event, &["cause"]).and_then(|cause| self.open.remove(&cause));
        let Some(open) = cause else {
            // What nobody called for: the agent's own failure, or what the user did.
            let said = self.teller.result(None, None, &text, base)?;
            let (kind, outcome) =
                if observation == "error" { ("error", Some("failure")) } else { ("observation", None) };
            return Some(Draft { r#type: Some(kind.into()), outcome, ..said });
        };
        let extras = event.get("extras").unwrap_or(&Value::Null);
        let code = extras
            .get("exit_code")
            .or_else(|| extras.get("metadata")?.get("exit_code"))
            .and_then(Value::as_i64);
        let outcome = match (observation, code) {
            ("user_rejected", _) => "aborted",
            ("error", _) => "failure",
            // A command that still runs.
            (_, Some(-1)) => "ongoing",
            (_, Some(code)) if code != 0 => "failure",
            _ => "success",
        };
        let said = if text.trim().is_empty() { format!("({outcome})") } else { text };
        let result = self.teller.result(open.id.as_deref(), open.tool.as_deref(), &said, base)?;
        let passed = base.time.zip(open.time).map(|(ended, began)| (ended.micros() - began.micros()) / 1000);
        let result =
            Draft { outcome: Some(outcome), duration_ms: passed.filter(|passed| *passed >= 0), ..result };
        Some(with(result, code.map(|code| ("exit_code".to_owned(), code.into())).into_iter().collect()))
    }

    /// The agent says that it is done, and perhaps how far.
    fn finished(&mut self, event: &Map<String, Value>, base: &Draft) -> Option<Draft> {
        let completed = argument(event, "task_completed").unwrap_or_default();
        let outcome = match completed.to_ascii_lowercase().as_str() {
            "true" => "success",
            "partial" => "partial",
            "false" => "failure",
            _ => "unknown",
        };
        let said = ["final_thought", "thought", "reason"].iter().find_map(|key| argument(event, key));
        let said = said.or_else(|| named(event, &["message"])).unwrap_or_else(|| "session end".to_owned());
        let draft = self.teller.text(Role::Assistant, &said, base)?;
        Some(Draft { r#type: Some("session_end".into()), outcome: Some(outcome), ..draft })
    }
}

/// Text of an argument.
fn argument(event: &Map<String, Value>, key: &str) -> Option<String> {
    let found = event.get("args")?.get(key)?;
    Some(readable(found)).filter(|text| !text.trim().is_empty())
}

/// What a person or the agent says.
fn spoken(event: &Map<String, Value>) -> Option<Message> {
    if event.get("action").and_then(Value::as_str) != Some("message") {
        return None;
    }
    let text = argument(event, "content").or_else(|| named(event, &["content", "message"]))?;
    let role = if event.get("source").and_then(Value::as_str) == Some("user") {
        Role::User
    } else {
        Role::Assistant
    };
    Some(Message { role, parts: vec![Part::Text(text)] })
}
