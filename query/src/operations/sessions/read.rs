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
use crate::tally::Sum;

const FILES: &str = include_str!("../../../sql/files_of_session.sql");
const EPISODES: &str = include_str!("../../../sql/episodes.sql");

pub fn register(registry: &mut Registry) {
    registry.add::<Get>();
    registry.add::<List>();
    registry.add::<Episodes>();
}

/// Files of a session that are told.
const MOST_FILES: usize = 100;

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

/// What a session was: when, how many events, which agents, tools and files, how its newest event that says so ended.
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
        let (projects, scope) = call.scope().await?;
        let tally = call.app.tallies.now(&call.app, &scope).await?;
        let found = tally.made.sessions.iter().find(|((_, session), _)| *session == self.session);
        let told = found.and_then(|((project, _), session)| {
            let (sum, agents) = (session.sum(None)?, session.agents());
            let (agents, tools) = (json!(agents), json!(sum.tools));
            Some(told((project, &self.session), &sum, (agents, tools)))
        });
        drop(tally);
        let mut told = told.ok_or_else(|| absent("session", "session", &self.session, &projects))?;
        let files = objects(&call.app, &scope, FILES, &[json!(self.session)], MOST_FILES).await?;
        let files: Vec<Value> = files.into_iter().filter_map(|mut row| row.remove("file")).collect();
        if !files.is_empty() {
            told.insert("files".into(), files.into());
        }
        Ok(told)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"session": "example-session"}) }]
    }
}

/// A session, without what is not known.
fn told((project, session): (&str, &str), sum: &Sum, (agents, tools): (Value, Value)) -> Map<String, Value> {
    let row = json!({
        "session": session, "project": project, "started_at": sum.started_at, "ended_at": sum.ended_at,
        "events": sum.events, "failures": sum.failures, "agents": agents, "tools": tools,
        "outcome": sum.outcome.as_ref().map(|(_, outcome)| outcome),
    });
    let Value::Object(row) = row else { return Map::new() };
    row.into_iter().filter(|(_, value)| !value.is_null() && *value != json!([])).collect()
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
        let (projects, scope) = call.scope().await?;
        let tally = call.app.tallies.now(&call.app, &scope).await?;
        let agent = call.shared.agent.as_deref();
        let outcome = json!(self.outcome);
        let ended_so = |sum: &Sum| match &sum.outcome {
            _ if outcome.is_null() => true,
            Some((_, ended)) => outcome == ended.as_str(),
            None => false,
        };
        let all = tally.made.sessions.iter();
        let sums = all.filter_map(|(key, session)| Some((key, session, session.sum(agent)?)));
        let mut sums: Vec<_> = sums.filter(|(_, _, sum)| ended_so(sum)).collect();
        sums.sort_by(|((_, one), _, first), ((_, other), _, second)| {
            second.ended_at.cmp(&first.ended_at).then_with(|| one.cmp(other))
        });
        let truncated = sums.len() > limit;
        let items = sums.into_iter().take(limit).map(|((project, name), session, sum)| {
            let agents = if agent.is_some() { 1 } else { session.agents().len() };
            told((project, name), &sum, (json!(agents), json!(sum.tools.len())))
        });
        Ok(Rows { items: items.collect(), truncated, projects })
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
