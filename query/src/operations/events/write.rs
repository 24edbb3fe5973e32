//! Recording what happened: many at once, how something turned out, a commit.

use athena_ingest::decode;
use athena_schemas::vocabulary::Outcome;
use athena_schemas::wire::Accepted;
use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::read::event;
use super::{Recorded, add, recorded};
use crate::events::{Given, append};
use crate::operations::rows;
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::sql;

/// Hexadecimal digits of a commit's name.
const SHA_DIGITS: std::ops::RangeInclusive<usize> = 7..=64;

pub fn register(registry: &mut Registry) {
    registry.add::<RecordBatch>();
    registry.add::<Feedback>();
    registry.add::<Commit>();
}

/// Records many events at once. What is wrong with one does not keep the others out: `rejected` names it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RecordBatch {
    /// Events, as `POST /v1/events` takes them: `content` or `attributes`, and whatever else there is to say.
    events: Vec<Map<String, Value>>,
}

impl Operation for RecordBatch {
    const TOOL: &'static str = "events";
    const NAME: &'static str = "record_batch";
    const EFFECT: Effect = Effect::Write;
    type Result = Accepted;

    async fn call(mut self, call: &Call) -> Result<Accepted, Error> {
        if self.events.is_empty() {
            return Err(Error::invalid("events", "there is no event to record"));
        }
        for event in &mut self.events {
            for (name, value) in [("session", &call.shared.session), ("agent", &call.shared.agent)] {
                if let (Some(value), false) = (value, event.contains_key(name)) {
                    event.insert(name.into(), json!(value));
                }
            }
        }
        let body = json!(self.events).to_string();
        let elements = decode::batch(body.as_bytes(), "application/json", &call.app.options.limits)?;
        let given = Given {
            project: call.shared.project.as_deref(),
            idempotency_key: call.shared.event_id.as_deref(),
        };
        append(&call.app, &call.caller, call.caller.origin, elements, &given).await
    }

    fn examples() -> Vec<Example> {
        let events = json!([{"content": "cargo build", "type": "tool_call", "tool": "cargo"},
                            {"content": "Finished in 3.1 s", "type": "tool_result", "outcome": "success"}]);
        vec![Example { setup: vec![], arguments: json!({"events": events, "session": "example-session"}) }]
    }
}

/// Tells how something turned out later. The event stays as it was recorded; `events.get` shows this beside it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Feedback {
    /// The event's id.
    id: String,
    /// How it turned out.
    outcome: Outcome,
    /// Why, or what to do about it.
    #[serde(default)]
    note: Option<String>,
}

impl Operation for Feedback {
    const TOOL: &'static str = "events";
    const NAME: &'static str = "feedback";
    const EFFECT: Effect = Effect::Write;
    type Result = Recorded;

    async fn call(self, call: &Call) -> Result<Recorded, Error> {
        let project = call.project()?;
        let scope = Scope::Projects(vec![project.clone()]);
        call.app.wait_until_seen(&scope, None).await;
        let context = sql::session(&call.app, &scope).await?;
        let found = event(&call.app, &context, &scope, &self.id).await?;
        let event = found.ok_or_else(|| rows::absent("event", "id", &self.id, &[project]))?;
        let mut feedback = json!({"type": "feedback", "parent": self.id, "outcome": self.outcome,
                                  "attributes": {"of": event["type"]}});
        if let Some(note) = self.note {
            feedback["content"] = note.into();
        }
        add(call, feedback).await
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"id": "example-test-run", "outcome": "success", "note": "passes since the total is rounded"});
        vec![Example { setup: vec![recorded()], arguments }]
    }
}

/// Records a git commit. The same commit told twice is one event.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Commit {
    /// Its name, from 7 hexadecimal digits.
    sha: String,
    /// Its message.
    message: String,
    /// Who wrote it.
    #[serde(default)]
    author: Option<String>,
    /// Paths that it changes.
    #[serde(default)]
    files: Vec<String>,
    /// What `git diff --stat` says of it.
    #[serde(default)]
    diffstat: Option<String>,
    /// When it was made; now when not said.
    #[serde(default)]
    at: Option<Time>,
}

impl Operation for Commit {
    const TOOL: &'static str = "events";
    const NAME: &'static str = "commit";
    const EFFECT: Effect = Effect::Write;
    type Result = Recorded;

    async fn call(self, call: &Call) -> Result<Recorded, Error> {
        let sha = self.sha.to_ascii_lowercase();
        if !SHA_DIGITS.contains(&sha.len()) || !sha.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(Error::invalid("sha", format!("{:?} is not the name of a commit", self.sha))
                .hint("7 to 64 hexadecimal digits, as `git rev-parse HEAD` prints them"));
        }
        let mut attributes = Map::from_iter([("sha".to_owned(), json!(sha))]);
        for (name, value) in [("author", self.author), ("diffstat", self.diffstat)] {
            attributes.extend(value.map(|value| (name.to_owned(), json!(value))));
        }
        let mut commit = json!({"id": format!("commit-{sha}"), "type": "commit", "tool": "git",
                                "content": self.message, "files": self.files, "outcome": "success",
                                "attributes": attributes});
        if let Some(at) = self.at {
            commit["time"] = json!(at);
        }
        add(call, commit).await
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"sha": "1f0c2d9", "message": "cart: round the total once", "author": "Ann",
                               "files": ["cart/src/total.rs"], "diffstat": "1 file changed, 3 insertions(+)"});
        vec![Example { setup: vec![], arguments }]
    }
}
