//! What a session tried, what worked, and what is open: taken from its events, each with its id.

use std::collections::BTreeMap;

use athena_schemas::wire::{Hit, Mode};
use athena_schemas::{Error, Position, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Point, failures, files, goal, point};
use crate::App;
use crate::operations::events::recorded;
use crate::operations::rows::absent;
use crate::operations::sessions::steps::action;
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::search::missing;
use crate::text::TextHit;

/// Events of a session that a summary reads.
const READ: u64 = 5_000;
/// At most so many of each.
const TRIED: usize = 12;
const WORKED: usize = 8;
const SAID: usize = 6;
/// Types of events that say why.
const SAYS_WHY: [&str; 3] = ["decision", "plan", "session_end"];

pub fn register(registry: &mut Registry) {
    registry.add::<Summarise>();
}

/// What a session tried, what worked, what was decided and what is open: in the words of its events, with their ids.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Summarise {
    /// The session.
    session: String,
}

/// A session in short.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Summary {
    session: String,
    /// How it was made: `extractive`.
    method: &'static str,
    /// What was asked for at its beginning.
    goal: Option<Point>,
    started_at: Option<Time>,
    ended_at: Option<Time>,
    /// How many events were read.
    events: usize,
    /// Whether the session has more.
    truncated: bool,
    /// What was done, the most often first.
    tried: Vec<Tried>,
    /// What ended well, the newest first, one of each kind.
    worked: Vec<Point>,
    /// What failed, and did not succeed since.
    open: Vec<Point>,
    /// What was decided, planned and learned.
    said: Vec<Point>,
    files: Vec<String>,
    /// What its newest event with an outcome says.
    outcome: Option<String>,
}

/// Something that was done.
#[derive(Debug, Serialize, JsonSchema)]
struct Tried {
    action: String,
    count: usize,
    /// How many of them failed, of those that tell.
    failed: usize,
    succeeded: usize,
    /// The newest of them.
    id: String,
}

/// A summary, as an answer.
#[derive(Debug, Serialize, JsonSchema)]
struct Told {
    #[serde(flatten)]
    summary: Summary,
    degraded: Vec<String>,
    project: String,
    position: Position,
}

impl Operation for Summarise {
    const TOOL: &'static str = "sessions";
    const NAME: &'static str = "summary";
    const EFFECT: Effect = Effect::Read;
    type Result = Told;

    async fn call(self, call: &Call) -> Result<Told, Error> {
        let project = call.project()?;
        let scope = Scope::Projects(vec![project.clone()]);
        let degraded = missing(&call.app, &scope, call.shared.after.as_ref(), Mode::Text).await;
        let position = call.app.following.found.borrow().clone();
        let summary = summary(&call.app, project.clone(), self.session).await?;
        Ok(Told { summary, degraded, project, position })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"session": "example-session"}) }]
    }
}

/// The summary of a session, as far as it can be found now.
///
/// # Errors
/// `not_found`; an index that cannot be read.
pub async fn summary(app: &App, project: String, session: String) -> Result<Summary, Error> {
    let text = app.text.get();
    let read = tokio::task::spawn_blocking(move || {
        let mut found = text.stretch(&project, &session, 0..READ + 1)?;
        let truncated = found.len() > READ as usize;
        found.truncate(READ as usize);
        match found.is_empty() {
            true => Err(absent("session", "session", &session, &[project])),
            false => Ok(of(session, &found, truncated)),
        }
    });
    read.await.map_err(|error| Error::internal(format!("summary: {error}")))?
}

fn of(session: String, in_order: &[TextHit], truncated: bool) -> Summary {
    let newest_first: Vec<TextHit> = in_order.iter().rev().cloned().collect();
    let hits = || newest_first.iter().map(|found| &found.hit);
    let is = |hit: &Hit, words: &[&str]| hit.event_type.as_deref().is_some_and(|t| words.contains(&t));
    let (open, _) = failures(&newest_first);
    let mut worked: Vec<&Hit> = Vec::new();
    for hit in hits().filter(|hit| hit.outcome.as_deref() == Some("success")) {
        if worked.len() < WORKED && !worked.iter().any(|other| action(other) == action(hit)) {
            worked.push(hit);
        }
    }
    let begun = &in_order[..in_order.len().min(super::BEGINNING as usize)];
    Summary {
        session,
        method: "extractive",
        goal: goal(begun).map(point),
        started_at: in_order.iter().map(|found| found.hit.time).min(),
        ended_at: in_order.iter().map(|found| found.hit.time).max(),
        events: in_order.len(),
        truncated,
        tried: tried(hits()),
        worked: worked.into_iter().map(point).collect(),
        open,
        said: hits().filter(|hit| is(hit, &SAYS_WHY)).take(SAID).map(point).collect(),
        files: files(&newest_first),
        outcome: hits().find_map(|hit| hit.outcome.clone()),
    }
}

fn tried<'h>(newest_first: impl Iterator<Item = &'h Hit>) -> Vec<Tried> {
    let mut all: BTreeMap<String, Tried> = BTreeMap::new();
    for hit in newest_first {
        let Some(action) = action(hit) else { continue };
        let new = || Tried { action: action.clone(), count: 0, failed: 0, succeeded: 0, id: hit.id.clone() };
        let one = all.entry(action.clone()).or_insert_with(new);
        one.count += 1;
        one.failed += usize::from(hit.outcome.as_deref() == Some("failure"));
        one.succeeded += usize::from(hit.outcome.as_deref() == Some("success"));
    }
    let mut all: Vec<Tried> = all.into_values().collect();
    all.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.action.cmp(&other.action)));
    all.truncate(TRIED);
    all
}
