//! What runs found, and what each of it rests on.

use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::kinds::{self, KINDS, Kind, Listed, Pattern};
use super::ran;
use crate::operations::events::recorded;
use crate::operations::memories;
use crate::operations::paging;
use crate::operations::records::{one_project, page};
use crate::operations::rows::{absent, objects};
use crate::registry::{Call, Effect, Example, Operation, Registry};

pub const EVIDENCE: &str = include_str!("../../../sql/evidence_of.sql");

/// Items of a kind that are looked at, from the best supported.
const MOST: usize = 10_000;

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
        let wanted = |kind: &&Kind| match only {
            Some(only) => only.name == kind.name,
            None => kind.listed == Listed::Always,
        };
        for kind in KINDS.iter().filter(wanted) {
            let items = kind.items(&call.app, &scope, None, MOST).await?;
            counts.push(Count { kind: kind.name, count: items.len() });
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
        let given = [json!(self.id), json!(limit), json!(from), json!(pattern.kind)];
        let rows = objects(&call.app, &scope, EVIDENCE, &given, limit).await?;
        let events = rows.first().and_then(|row| row.get("support")?.as_u64()).unwrap_or_default();
        let items = rows.into_iter().map(|row| serde_json::from_value(Value::Object(row)));
        let items: Vec<Event> =
            items.collect::<Result<_, _>>().map_err(|error| Error::internal(format!("evidence: {error}")))?;
        let next = from + items.len();
        let next_cursor = ((next as u64) < events).then(|| next.to_string());
        Ok(Explained { pattern, events, items, next_cursor, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![memories::set_up()], arguments: json!({"id": memories::example_id()}) }]
    }
}
