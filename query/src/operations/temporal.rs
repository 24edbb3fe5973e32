//! Tool `temporal`: what came before and after, what comes with what, and what was known when.

mod around;
mod known;
mod links;
mod stream;

use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::rows::{self, objects};
use super::sessions::steps;
use crate::App;
use crate::registry::Registry;

const STREAM: &str = include_str!("../../sql/stream.sql");
/// The newest events that an answer rests on.
const EVENTS: usize = 50_000;

pub fn register(registry: &mut Registry) {
    registry.add::<links::Chain>();
    registry.add::<around::Before>();
    registry.add::<around::After>();
    registry.add::<links::Causes>();
    registry.add::<links::Effects>();
    registry.add::<stream::Sequences>();
    registry.add::<stream::Rhythm>();
    registry.add::<stream::Gaps>();
    registry.add::<known::AsOf>();
    registry.add::<known::Diff>();
}

/// An event as it stands in the stream.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Happened {
    pub id: String,
    pub time: Time,
    pub session: String,
    pub agent: Option<String>,
    pub r#type: String,
    pub tool: Option<String>,
    /// Its beginning.
    #[serde(default)]
    pub content: String,
    pub outcome: Option<String>,
    #[serde(default)]
    pub files: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    pub project: String,
    pub position: u64,
}

impl Happened {
    /// What was done and how it went.
    pub fn step(&self) -> String {
        let done = steps::named(&self.r#type, self.tool.as_deref(), &self.content);
        let done = done.unwrap_or_else(|| self.r#type.clone());
        match &self.outcome {
            Some(outcome) => format!("{done}: {outcome}"),
            None => done,
        }
    }
}

/// The newest events, the oldest of them first.
pub async fn stream(app: &App, scope: &Scope, of_type: Option<&str>) -> Result<Vec<Happened>, Error> {
    let given = [json!(of_type.unwrap_or_default()), json!(EVENTS)];
    let rows = objects(app, scope, STREAM, &given, EVENTS).await?;
    let read = |row: Map<String, Value>| serde_json::from_value(Value::Object(row));
    let read: Result<Vec<Happened>, _> = rows.into_iter().map(read).collect();
    let mut events = read.map_err(|error| Error::internal(format!("events: {error}")))?;
    events.reverse();
    Ok(events)
}

/// The sessions of a stream, each in its order.
pub fn by_session(events: &[Happened]) -> Vec<Vec<&Happened>> {
    let mut sessions: std::collections::BTreeMap<(&str, &str), Vec<&Happened>> = Default::default();
    for event in events {
        sessions.entry((&event.project, &event.session)).or_default().push(event);
    }
    let mut sessions: Vec<_> = sessions.into_values().collect();
    sessions.iter_mut().for_each(|session| session.sort_by_key(|event| (event.time, event.position)));
    sessions
}

fn find<'e>(events: &'e [Happened], id: &str, projects: &[String]) -> Result<&'e Happened, Error> {
    events.iter().find(|event| event.id == id).ok_or_else(|| rows::absent("event", "event", id, projects))
}
