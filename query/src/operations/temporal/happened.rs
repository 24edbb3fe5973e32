//! The newest events of projects, kept in memory and brought up to the tables with each question.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use athena_learn::past;
use athena_schemas::tables::{Event, Forgotten};
use athena_schemas::vocabulary::COMMAND_PREFIX;
use athena_schemas::{Applied, Column, Error, Row, Time};
use athena_store::{Scope, Snapshot};
use futures::TryStreamExt;
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::operations::rows;
use crate::operations::sessions::steps;
use crate::{App, sql};

const STREAM: &str = include_str!("../../../sql/stream.sql");
/// The newest events that an answer rests on. More new ones than these are read from the start.
const EVENTS: usize = 50_000;
/// Scopes whose events are kept: those that were asked about last.
const SCOPES: usize = 4;
/// Characters of what an event says.
const CONTENT_CHARS: usize = 200;

/// Columns that the statement and the follower give.
const COLUMNS: [&str; 12] = [
    "project", "session", "id", "time", "agent", "type", "tool", "content", "outcome", "files", "parent",
    "position",
];

/// An event as it stands in the stream.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Happened {
    pub id: String,
    pub time: Time,
    pub session: String,
    pub agent: Option<String>,
    pub r#type: String,
    pub tool: Option<String>,
    /// Its beginning.
    pub content: String,
    pub outcome: Option<String>,
    pub files: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    pub project: String,
    pub position: u64,
    /// What was done and how it went.
    #[serde(skip)]
    pub step: past::Step,
}

/// The streams that were asked for last.
#[derive(Default)]
pub struct Streams {
    kept: Mutex<Vec<(Scope, Arc<tokio::sync::Mutex<Kept>>)>>,
}

/// The newest events of a scope as far as `applied`, the oldest of them first.
#[derive(Default)]
struct Kept {
    events: Vec<Arc<Happened>>,
    applied: Applied,
    fragment: Option<u64>,
    /// The version of what is forgotten.
    forgotten: u64,
}

impl Streams {
    /// Drops what was read of what is no more.
    pub fn forget(&self) {
        self.kept.lock().clear();
    }

    fn of(&self, scope: &Scope) -> Arc<tokio::sync::Mutex<Kept>> {
        let mut kept = self.kept.lock();
        let known = kept.iter().position(|(one, _)| one == scope).map(|at| kept.remove(at));
        let known = known.unwrap_or_else(|| (scope.clone(), Arc::default()));
        let stream = known.1.clone();
        kept.push(known);
        let more = kept.len().saturating_sub(SCOPES);
        kept.drain(..more);
        stream
    }
}

/// The newest events of what was done or said, the oldest of them first.
pub async fn stream(app: &App, scope: &Scope, of_type: Option<&str>) -> Result<Vec<Arc<Happened>>, Error> {
    let kept = app.streams.of(scope);
    let mut kept = kept.lock().await;
    kept.catch_up(app, scope).await?;
    let passes = |event: &&Arc<Happened>| of_type.is_none_or(|of_type| event.r#type == of_type);
    Ok(kept.events.iter().filter(passes).cloned().collect())
}

impl Kept {
    async fn catch_up(&mut self, app: &App, scope: &Scope) -> Result<(), Error> {
        let snapshot = app.store.snapshot();
        let forgotten = snapshot.dataset(Forgotten::TABLE).version().version;
        if forgotten == self.forgotten && self.applied.covers(&snapshot.applied) {
            return Ok(());
        }
        let new: i64 =
            snapshot.applied.0.iter().map(|(part, to)| to - self.applied.get(part).unwrap_or(0)).sum();
        let anew = self.applied.0.is_empty() || forgotten != self.forgotten || new > EVENTS as i64;
        let mut events = if anew { Vec::new() } else { std::mem::take(&mut self.events) };
        let last = std::mem::take(self);
        match anew {
            true => begin(app, &snapshot, scope, &mut events).await?,
            false => go_on(&snapshot, scope, &last, &mut events).await?,
        }
        // What several threads read comes in any order.
        events.sort_by_key(|event| event.position);
        events.drain(..events.len().saturating_sub(EVENTS));
        let fragment = snapshot.last_fragment(Event::TABLE);
        *self = Self { events, applied: snapshot.applied.clone(), fragment, forgotten };
        Ok(())
    }
}

async fn begin(
    app: &App,
    snapshot: &Snapshot,
    scope: &Scope,
    events: &mut Vec<Arc<Happened>>,
) -> Result<(), Error> {
    let mut running = sql::over(app, snapshot, scope, STREAM, &[json!(EVENTS)], EVENTS).await?;
    while let Some(batch) = running.next().await? {
        events.extend(happened(&batch, scope));
    }
    Ok(())
}

/// Takes over what came after `last`.
async fn go_on(
    snapshot: &Snapshot,
    scope: &Scope,
    last: &Kept,
    events: &mut Vec<Arc<Happened>>,
) -> Result<(), Error> {
    let (from, to) = (&last.applied, &snapshot.applied);
    let rows = snapshot.since(Event::TABLE, from, to, last.fragment, &COLUMNS).await?;
    let Some(mut rows) = rows else { return Ok(()) };
    while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
        events.extend(happened(&batch, scope));
    }
    Ok(())
}

/// The rows of a batch that tell what was done or said in the scope.
fn happened(batch: &RecordBatch, scope: &Scope) -> Vec<Arc<Happened>> {
    let column = |name: &str| batch.column_by_name(name).expect("asked for");
    let read = |row: usize| {
        let text = |name: &str| <String as Column>::read(column(name), row);
        let perhaps = |name: &str| <Option<String> as Column>::read(column(name), row);
        let (project, of_type) = (text("project"), text("type"));
        let within = matches!(scope, Scope::All)
            || matches!(scope, Scope::Projects(projects) if projects.contains(&project));
        if !within || of_type.starts_with(COMMAND_PREFIX) {
            return None;
        }
        let (agent, tool, outcome) = (perhaps("agent"), perhaps("tool"), perhaps("outcome"));
        let content: String = perhaps("content").unwrap_or_default().chars().take(CONTENT_CHARS).collect();
        let alone = || format!("agent:{}", agent.as_deref().unwrap_or_default());
        Some(Arc::new(Happened {
            id: text("id"),
            time: Column::read(column("time"), row),
            session: perhaps("session").unwrap_or_else(alone),
            step: step(&of_type, tool.as_deref(), &content, outcome.as_deref()).into(),
            agent,
            r#type: of_type,
            tool,
            content,
            outcome,
            files: Column::read(column("files"), row),
            parent: perhaps("parent"),
            project,
            position: Column::read(column("position"), row),
        }))
    };
    (0..batch.num_rows()).filter_map(read).collect()
}

fn step(of_type: &str, tool: Option<&str>, content: &str, outcome: Option<&str>) -> String {
    let done = steps::named(of_type, tool, content).unwrap_or_else(|| of_type.to_owned());
    match outcome {
        Some(outcome) => format!("{done}: {outcome}"),
        None => done,
    }
}

/// The sessions of a stream, each in its order.
pub fn by_session(events: &[Arc<Happened>]) -> Vec<Vec<&Happened>> {
    let mut sessions: BTreeMap<(&str, &str), Vec<&Happened>> = BTreeMap::new();
    for event in events {
        sessions.entry((&event.project, &event.session)).or_default().push(event);
    }
    let mut sessions: Vec<_> = sessions.into_values().collect();
    sessions.iter_mut().for_each(|session| session.sort_by_key(|event| (event.time, event.position)));
    sessions
}

/// What was done in each of them.
pub fn steps(sessions: &[Vec<&Happened>]) -> Vec<Vec<past::Step>> {
    sessions.iter().map(|session| session.iter().map(|event| event.step.clone()).collect()).collect()
}

/// The event of an id among those of a stream.
pub fn find<'e>(events: &'e [Arc<Happened>], id: &str, projects: &[String]) -> Result<&'e Happened, Error> {
    let found = events.iter().find(|event| event.id == id);
    found.map(|event| &**event).ok_or_else(|| rows::absent("event", "event", id, projects))
}
