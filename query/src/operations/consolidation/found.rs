//! What runs found, and what each of it rests on.

use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::kinds::{self, KINDS, Kind, Listed, Pattern};
use super::ran;
use crate::operations::events::recorded;
use crate::operations::memories;
use crate::operations::paging;
use crate::operations::records::{one_project, page};
use crate::operations::rows::{absent, objects_in};
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::{App, sql};

const EVIDENCE: &str = include_str!("../../../sql/evidence_of.sql");
const EVENTS: &str = include_str!("../../../sql/evidence_events.sql");

/// Items of a kind that are looked at, from the best supported.
const MOST: usize = 10_000;
/// Events that something rests on, at most.
const MOST_EVENTS: usize = 100_000;

pub fn register(registry: &mut Registry) {
    registry.add::<Patterns>();
    registry.add::<Explain>();
}

/// What the runs found, the best supported first: episodes, procedures, facts, communities; by `kind` also entities,
/// relations, associations.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Patterns {
    /// Only of this kind, such as `entity`.
    #[serde(default)]
    kind: Option<String>,
    /// How many, from 1 to 1000; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Found {
    items: Vec<Pattern>,
    /// How many there are of each of these kinds; at most 10,000 of one are counted.
    counts: Vec<Count>,
    /// What to pass as `cursor` for the next ones; null at the end.
    next_cursor: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Count {
    kind: &'static str,
    count: usize,
}

impl Operation for Patterns {
    const TOOL: &'static str = "consolidation";
    const NAME: &'static str = "patterns";
    const EFFECT: Effect = Effect::Read;
    type Result = Found;

    async fn call(self, call: &Call) -> Result<Found, Error> {
        let limit = paging::limit(self.limit)?;
        let only = self.kind.as_deref().map(Kind::named).transpose()?;
        let (project, scope) = one_project(call).await?;
        let (mut all, mut counts) = (Vec::new(), Vec::new());
        // No more of a kind than this page may show: the best of all are among the best of each.
        let from = self.cursor.as_deref().and_then(|cursor| cursor.parse::<usize>().ok()).unwrap_or_default();
        let through = from.saturating_add(limit).saturating_add(1).min(MOST);
        let wanted = |kind: &&Kind| match only {
            Some(only) => only.name == kind.name,
            None => kind.listed == Listed::Always,
        };
        for kind in KINDS.iter().filter(wanted) {
            let items = kind.items(&call.app, &scope, None, through).await?;
            let count = items.first().and_then(|first| first.of_kind).map_or(0, |count| count as usize);
            counts.push(Count { kind: kind.name, count: count.min(MOST) });
            all.extend(items);
        }
        all.sort_by(|one, other| other.support.cmp(&one.support).then_with(|| one.id.cmp(&other.id)));
        let (items, next_cursor) = page(all, limit, self.cursor.as_deref())?;
        Ok(Found { items, counts, next_cursor, project })
    }

    fn examples() -> Vec<Example> {
        let setup = || vec![recorded(), ran("example-found-run")];
        vec![
            Example { setup: setup(), arguments: json!({}) },
            Example { setup: setup(), arguments: json!({"kind": "episode", "limit": 5}) },
        ]
    }
}

/// Leads something learned or told back to the events that it rests on, the newest first: an episode, a procedure, a
/// fact, a community, an entity, a relation, an association, a memory.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Explain {
    /// Its id.
    id: String,
    /// How many events, from 1 to 1000; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Explained {
    #[serde(flatten)]
    pattern: Pattern,
    /// How many events it rests on that are still there.
    events: u64,
    /// These events, the newest first.
    items: Vec<Event>,
    /// What to pass as `cursor` for the next ones; null at the end.
    next_cursor: Option<String>,
    project: String,
}

/// An event that something rests on.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    id: String,
    time: Time,
    #[serde(rename = "type")]
    of_type: String,
    tool: Option<String>,
    session: Option<String>,
    outcome: Option<String>,
    /// Its beginning.
    content: Option<String>,
}

impl Event {
    /// As it is told in a line.
    pub fn line(&self) -> String {
        let parts = [
            Some(self.of_type.as_str()),
            self.tool.as_deref(),
            self.content.as_deref(),
            self.outcome.as_deref(),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Some of the events that an item rests on, the newest first, and how many there are.
///
/// # Errors
/// Storage.
pub async fn evidence(
    app: &App,
    scope: &Scope,
    pattern: &Pattern,
    (from, limit): (usize, usize),
) -> Result<(Vec<Event>, u64), Error> {
    let context = sql::session(app, scope).await?;
    // The name of a view is no parameter; this one is of eight.
    let statement = EVIDENCE.replace("evidence_of", &format!("evidence_of_{}", pattern.kind));
    let given = [json!(pattern.id), json!(MOST_EVENTS)];
    let ids = objects_in(app, &context, &statement, &given, MOST_EVENTS).await?;
    let ids: Vec<Value> = ids.into_iter().filter_map(|mut row| row.remove("event")).collect();
    if ids.is_empty() {
        return Ok((vec![], 0));
    }
    let given = [Value::Array(ids), json!(limit), json!(from)];
    let rows = objects_in(app, &context, EVENTS, &given, limit).await?;
    let events = rows.first().and_then(|row| row.get("support")?.as_u64()).unwrap_or_default();
    let items = rows.into_iter().map(|row| serde_json::from_value(Value::Object(row)));
    let items: Vec<Event> =
        items.collect::<Result<_, _>>().map_err(|error| Error::internal(format!("evidence: {error}")))?;
    Ok((items, events))
}

impl Operation for Explain {
    const TOOL: &'static str = "consolidation";
    const NAME: &'static str = "explain";
    const EFFECT: Effect = Effect::Read;
    type Result = Explained;

    async fn call(self, call: &Call) -> Result<Explained, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        let pattern = kinds::find(&call.app, &scope, &self.id).await?;
        let pattern = pattern.ok_or_else(|| {
            absent("item that rests on events", "id", &self.id, std::slice::from_ref(&project))
        })?;
        let from: usize = match self.cursor.as_deref().map(str::parse) {
            None => 0,
            Some(Ok(from)) => from,
            Some(Err(_)) => return Err(Error::invalid("cursor", "no cursor of this list")),
        };
        let (items, events) = evidence(&call.app, &scope, &pattern, (from, limit)).await?;
        let next = from + items.len();
        let next_cursor = ((next as u64) < events).then(|| next.to_string());
        Ok(Explained { pattern, events, items, next_cursor, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![memories::set_up()], arguments: json!({"id": memories::example_id()}) }]
    }
}
