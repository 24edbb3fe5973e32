//! Tool `events`: what happened.

mod forget;
mod merge;
mod near;
mod read;
mod write;

use athena_ingest::decode;
use athena_schemas::{Error, Position, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use self::merge::led_to;
pub use self::read::event;
use crate::events::{Given, append};
use crate::registry::{Call, Effect, Example, Operation, Registry, Step};
use crate::sql;

/// What a recording that is repeated under its key has in common with the first.
const RECORDED: [&str; 6] = ["content", "type", "tool", "outcome", "session", "parent"];

pub fn register(registry: &mut Registry) {
    registry.add::<Record>();
    write::register(registry);
    read::register(registry);
    near::register(registry);
    merge::register(registry);
    registry.add::<forget::Forget>();
}

/// Records that something happened, for good. Tells its id.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Record {
    /// The text: what was said, run or returned.
    content: String,
    /// What kind of thing happened: `message`, `tool_call`, `tool_result`, `observation`, `error`, `commit`, or any
    /// other word.
    #[serde(rename = "type")]
    of_type: String,
    /// How it went: success, failure, partial, ongoing, aborted, unknown or skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
    /// Anything else about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Map<String, Value>>,
    /// Paths touched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    files: Vec<String>,
    /// Labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    /// The tool that was called.
    #[serde(skip_serializing_if = "Option::is_none")]
    tool: Option<String>,
    /// How long it took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<i64>,
    /// When it happened; now when not said.
    #[serde(rename = "time", alias = "at", skip_serializing_if = "Option::is_none")]
    at: Option<Time>,
}

/// The event that was recorded.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Recorded {
    pub id: String,
    /// Whether it was there already, by its `event_id`.
    pub duplicate: bool,
    pub project: String,
    /// What to pass as `after` to another server to read it.
    pub position: Position,
}

impl Operation for Record {
    const TOOL: &'static str = "events";
    const NAME: &'static str = "record";
    const EFFECT: Effect = Effect::Write;
    type Result = Recorded;

    async fn call(self, call: &Call) -> Result<Recorded, Error> {
        add(call, json!(self)).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: recorded().arguments }]
    }
}

/// Records an event, under the call's key, else its own id; in the call's session, unless it names another.
pub async fn add(call: &Call, mut event: Value) -> Result<Recorded, Error> {
    let own = event.get("id").and_then(Value::as_str).map(str::to_owned);
    let id = call.shared.event_id.clone().or(own).unwrap_or_else(|| own_id(call));
    event["id"] = json!(id);
    add_all(call, vec![event]).await
}

/// The id of what a call records: its key, else a new one.
pub fn own_id(call: &Call) -> String {
    let id = call.shared.event_id.clone();
    id.unwrap_or_else(|| format!("r-{:016x}{:016x}", rand::random::<u64>(), rand::random::<u64>()))
}

/// Records events that have ids, together and in order; tells of the last one.
pub async fn add_all(call: &Call, mut events: Vec<Value>) -> Result<Recorded, Error> {
    let project = call.project()?;
    for event in &mut events {
        for (name, value) in [("session", &call.shared.session), ("agent", &call.shared.agent)] {
            if let (Some(value), true) = (value, event.get(name).is_none()) {
                event[name] = json!(value);
            }
        }
    }
    let last = events.last().cloned().unwrap_or_default();
    let id = last["id"].as_str().unwrap_or_default().to_owned();
    let limits = call.app.options.limits.clone();
    let elements = decode::batch(Value::Array(events).to_string().as_bytes(), "application/json", &limits)?;
    let given = Given { project: Some(&project), ..Given::default() };
    let accepted = append(&call.app, &call.caller, call.caller.origin, elements, &given).await?;
    if let Some(rejected) = accepted.rejected.first() {
        let error = Error::new(rejected.code, rejected.message.clone());
        return Err(Error { field: rejected.field.clone(), ..error });
    }
    let duplicate = accepted.accepted == 0;
    if duplicate && call.shared.event_id.is_some() {
        same(call, &project, &last).await?;
    }
    Ok(Recorded { id, duplicate, project, position: accepted.position })
}

/// Whether the event of this id that is there already is the one that was to be recorded: its key was not used for another.
async fn same(call: &Call, project: &str, wanted: &Value) -> Result<(), Error> {
    let scope = Scope::Projects(vec![project.to_owned()]);
    let context = sql::session(&call.app, &scope).await?;
    let id = wanted["id"].as_str().unwrap_or_default();
    let Some(first) = event(&call.app, &context, &scope, id).await? else { return Ok(()) };
    let told = |name: &&str| {
        let wanted = wanted.get(*name).and_then(Value::as_str).filter(|wanted| !wanted.is_empty());
        let first = first.get(*name).and_then(Value::as_str).unwrap_or_default();
        // Outcomes may be told in any case.
        wanted
            .is_some_and(|wanted| wanted != first && !(*name == "outcome" && wanted.to_lowercase() == first))
    };
    // What the end of a session tells is made of what came before it.
    let compared = if wanted["type"] == "session_end" { &RECORDED[1..] } else { &RECORDED[..] };
    let Some(differs) = compared.iter().copied().find(|name| told(name)) else { return Ok(()) };
    let error = Error::conflict(format!("event_id was used before for an event of another {differs}"));
    let error = error.hint("repeat a call with the arguments that it had; give a new one another event_id");
    Err(Error { field: Some("event_id".into()), ..error })
}

/// The event that examples are about.
pub fn recorded() -> Step {
    let arguments = json!({"content": "cargo test: 41 passed, 1 failed: cart::total", "type": "tool_result",
                           "tool": "cargo", "outcome": "failure", "files": ["cart/src/total.rs"],
                           "session": "example-session", "event_id": "example-test-run"});
    Step { tool: "events", operation: "record", arguments }
}
