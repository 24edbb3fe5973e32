//! Taking events away.

use athena_ingest::forgets::MOST_EVENTS;
use athena_schemas::vocabulary::COMMAND_PREFIX;
use athena_schemas::wire::Kind;
use athena_schemas::{Code, Error, Position, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::recorded;
use crate::operations::filters::Filters;
use crate::operations::rows;
use crate::registry::{Call, Effect, Example, Operation};
use crate::text::excerpt;
use crate::who::Role;

const EVENTS_OF_ID: &str = include_str!("../../../sql/events_of_id.sql");
/// Events of one id, from different producers.
const OF_ID: usize = 1_000;
/// Events that an answer shows.
const SHOWN: usize = 100;
const SHOWN_CHARS: usize = 200;

/// Forgets events, by an id or a filter: hidden at once from every reader, and taken out of every file after the time
/// of grace, or with `now` at once. Tells only which ones it would be unless `dry_run=false`. One's own only, unless
/// the caller is an admin.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Forget {
    /// The event's id. Either this or `filter`.
    #[serde(default)]
    id: Option<String>,
    /// Which events, of those that are there now; at most 10,000 at once.
    #[serde(default)]
    filter: Option<Filters>,
    /// Whether to tell only; true when not said.
    #[serde(default)]
    dry_run: Option<bool>,
    /// Whether to purge at once, without a time of grace.
    #[serde(default)]
    now: bool,
}

/// What would be or was forgotten.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Forgotten {
    /// The row of `forgotten` that says how far the purge is; null of a dry run.
    id: Option<String>,
    /// Whether nothing was done.
    dry_run: bool,
    /// How many events.
    count: usize,
    /// The first hundred of them.
    items: Vec<Item>,
    /// How many others sent, which stay.
    of_others: usize,
    /// Whether there are more than can be forgotten at once: call again.
    truncated: bool,
    project: String,
    /// Where the write stands in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Item {
    id: String,
    /// Its beginning.
    content: String,
}

/// Events that were found, with their positions.
#[derive(Default)]
pub struct Found {
    pub events: Vec<(u64, Item)>,
    of_others: usize,
    truncated: bool,
}

impl Operation for Forget {
    const TOOL: &'static str = "events";
    const NAME: &'static str = "forget";
    const EFFECT: Effect = Effect::Remove;
    type Result = Forgotten;

    async fn call(self, call: &Call) -> Result<Forgotten, Error> {
        let project = call.project()?;
        let dry_run = self.dry_run.unwrap_or(true);
        let found = match (self.id, self.filter) {
            (Some(id), None) => of_id(call, id).await?,
            (None, Some(filter)) => own(call, matching(call, filter).await?).await?,
            _ => {
                return Err(Error::invalid("id", "exactly one of `id` and `filter` is needed")
                    .hint(r#"such as {"id": "e-1"}"#));
            }
        };
        let positions: Vec<u64> = found.events.iter().map(|(position, _)| *position).collect();
        let answer = match dry_run || positions.is_empty() {
            true => Map::new(),
            false => call.command(&json!({"positions": positions, "now": self.now})).await?,
        };
        let given = |name: &str| answer.get(name).cloned();
        Ok(Forgotten {
            id: given("id").and_then(|id| id.as_str().map(str::to_owned)),
            dry_run,
            count: positions.len(),
            items: found.events.into_iter().take(SHOWN).map(|(_, item)| item).collect(),
            of_others: found.of_others,
            truncated: found.truncated,
            project,
            position: given("position").and_then(|position| serde_json::from_value(position).ok()),
        })
    }

    fn examples() -> Vec<Example> {
        let by_id = json!({"id": "example-test-run"});
        let by_filter = json!({"filter": {"session": "example-session"}, "dry_run": true, "now": true});
        [by_id, by_filter].map(|arguments| Example { setup: vec![recorded()], arguments }).into()
    }
}

/// The events of an id, all of which the caller must be allowed to take away.
pub async fn of_id(call: &Call, id: String) -> Result<Found, Error> {
    let project = call.project()?;
    let scope = Scope::Projects(vec![project.clone()]);
    call.app.wait_until_seen(&scope, call.shared.after.as_ref()).await;
    let rows = rows::objects(&call.app, &scope, EVENTS_OF_ID, &[json!(id)], OF_ID).await?;
    if rows.is_empty() {
        return Err(rows::absent("event", "id", &id, &[project]));
    }
    let mut found = Found::default();
    for row in rows {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        let wrote = row.get("wrote").and_then(Value::as_bool).unwrap_or_default();
        if text("type").starts_with(COMMAND_PREFIX) && wrote {
            let error = Error::conflict(format!("event {id} is a command that changed something"));
            return Err(error.hint("forget what it made, such as with memories.forget"));
        }
        if text("actor") != call.caller.identity.name && !is_admin(call) {
            return Err(Error::new(Code::PermissionDenied, format!("event {id} was sent by another"))
                .hint("its sender or an admin may take it away"));
        }
        let position = row.get("position").and_then(Value::as_u64);
        let position = position.ok_or_else(|| Error::internal("an event without a position"))?;
        found.events.push((position, Item { id: id.clone(), content: shown(text("content")) }));
    }
    Ok(found)
}

/// Everything that passes the filter, of what the log had applied when it was asked.
async fn matching(call: &Call, filter: Filters) -> Result<Found, Error> {
    let scope = Scope::Projects(vec![call.project()?]);
    let mut target = call.app.acknowledged(&scope);
    target.merge(&call.app.store.applied());
    target.merge(call.shared.after.as_ref().unwrap_or(&Position::default()));
    if !call.app.wait_until_found(&target).await {
        return Err(Error::unavailable("the text index is behind").hint("try again in a moment"));
    }
    let filter = filter.of("filter", scope, &[Kind::Event], Time::now())?;
    let found = call.app.text.list(filter, MOST_EVENTS + 1, None).await?;
    let truncated = found.len() > MOST_EVENTS;
    let events = found.into_iter().take(MOST_EVENTS);
    let events =
        events.map(|found| (found.position, Item { id: found.hit.id, content: shown(&found.hit.content) }));
    Ok(Found { events: events.collect(), truncated, of_others: 0 })
}

/// Those of them that the caller may take away.
async fn own(call: &Call, mut found: Found) -> Result<Found, Error> {
    if is_admin(call) {
        return Ok(found);
    }
    let positions: Vec<u64> = found.events.iter().map(|(position, _)| *position).collect();
    let actors = call.app.store.snapshot().actors(&positions).await?;
    let all = found.events.len();
    found.events.retain(|(position, _)| actors.get(position) == Some(&call.caller.identity.name));
    found.of_others = all - found.events.len();
    Ok(found)
}

fn is_admin(call: &Call) -> bool {
    call.caller.identity.role == Role::Admin
}

fn shown(content: &str) -> String {
    excerpt(content, "", SHOWN_CHARS)
}
