//! What sessions there are, and what each was.

use athena_schemas::Error;
use athena_schemas::vocabulary::Outcome;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::operations::events::recorded;
use crate::operations::paging;
use crate::operations::rows::{absent, objects};
use crate::registry::{Call, Effect, Example, Operation, Registry};

const SESSION: &str = include_str!("../../../sql/session.sql");
const SESSIONS: &str = include_str!("../../../sql/sessions.sql");
const EPISODES: &str = include_str!("../../../sql/episodes.sql");

pub fn register(registry: &mut Registry) {
    registry.add::<Get>();
    registry.add::<List>();
    registry.add::<Episodes>();
}

/// Rows, as objects.
#[derive(Debug, Serialize, JsonSchema)]
struct Rows {
    items: Vec<Map<String, Value>>,
    /// Whether there are more.
    truncated: bool,
    projects: Vec<String>,
}

async fn rows(call: &Call, statement: &str, given: &[Value], limit: usize) -> Result<Rows, Error> {
    let (projects, scope) = call.scope().await?;
    let mut items = objects(&call.app, &scope, statement, given, limit + 1).await?;
    let truncated = items.len() > limit;
    items.truncate(limit);
    Ok(Rows { items, truncated, projects })
}

/// What a session was: when, how many events, which agents and tools, how it ended.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Get {
    /// The session.
    session: String,
}

impl Operation for Get {
    const TOOL: &'static str = "sessions";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = Map<String, Value>;

    async fn call(self, call: &Call) -> Result<Map<String, Value>, Error> {
        let found = rows(call, SESSION, &[json!(self.session)], 1).await?;
        let session = found.items.into_iter().next();
        session.ok_or_else(|| absent("session", "session", &self.session, &found.projects))
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"session": "example-session"}) }]
    }
}

/// Sessions, the one with the newest event first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct List {
    /// How they ended: the outcome of the newest event that has one.
    outcome: Option<Outcome>,
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
}

impl Operation for List {
    const TOOL: &'static str = "sessions";
    const NAME: &'static str = "list";
    const EFFECT: Effect = Effect::Read;
    type Result = Rows;

    async fn call(self, call: &Call) -> Result<Rows, Error> {
        let limit = paging::limit(self.limit)?;
        let given = [json!(call.shared.agent), json!(limit + 1), json!(self.outcome)];
        rows(call, SESSIONS, &given, limit).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"limit": 5}) }]
    }
}

/// Stretches of one aim within sessions, the newest first, as consolidation cut them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Episodes {
    /// A file that was touched.
    path: Option<String>,
    /// How they ended.
    outcome: Option<String>,
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
}

impl Operation for Episodes {
    const TOOL: &'static str = "sessions";
    const NAME: &'static str = "episodes";
    const EFFECT: Effect = Effect::Read;
    type Result = Rows;

    async fn call(self, call: &Call) -> Result<Rows, Error> {
        let limit = paging::limit(self.limit)?;
        let given = [json!(call.shared.session), json!(self.outcome), json!(self.path), json!(limit + 1)];
        rows(call, EPISODES, &given, limit).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"outcome": "failure"}) }]
    }
}
