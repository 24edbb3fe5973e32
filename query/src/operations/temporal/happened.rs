//! The newest events of projects, kept in memory and brought up to the tables with each question.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use athena_learn::past;
use athena_schemas::vocabulary::COMMAND_PREFIX;
use athena_schemas::{Column, Error, Time};
use athena_store::{Scope, Snapshot};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::kept::{Keeper, Made};
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
    /// Whether it is of a session, and not only by an agent.
    #[serde(skip)]
    pub in_session: bool,
}

/// The streams that were asked for last.
pub type Streams = Keeper<Stream>;

/// None yet.
pub fn streams() -> Streams {
    Keeper::of_scopes(SCOPES)
}

/// The newest events of a scope, the oldest of them first.
#[derive(Default)]
pub struct Stream(Vec<Arc<Happened>>);

impl Made for Stream {
    type Of = Scope;
    const COLUMNS: &'static [&'static str] = &COLUMNS;
    const ANEW: i64 = EVENTS as i64;

    fn take(&mut self, scope: &Scope, batch: &RecordBatch) -> Result<(), Error> {
        self.0.extend(happened(batch, scope));
        Ok(())
    }

    fn settle(&mut self) {
        // What several threads read comes in any order.
        self.0.sort_by_key(|event| event.position);
        self.0.drain(..self.0.len().saturating_sub(EVENTS));
    }

    async fn begin(&mut self, app: &App, scope: &Scope, snapshot: &Snapshot) -> Result<(), Error> {
        let mut running = sql::over(app, snapshot, scope, STREAM, &[json!(EVENTS)], EVENTS).await?;
        while let Some(batch) = running.next().await? {
            self.take(scope, &batch)?;
        }
        Ok(())
    }
}

/// The newest events of what was done or said, the oldest of them first.
pub async fn stream(app: &App, scope: &Scope, of_type: Option<&str>) -> Result<Vec<Arc<Happened>>, Error> {
    let kept = app.streams.now(app, scope).await?;
    let passes = |event: &&Arc<Happened>| of_type.is_none_or(|of_type| event.r#type == of_type);
    Ok(kept.made.0.iter().filter(passes).cloned().collect())
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
        let session = perhaps("session");
        let alone = || format!("agent:{}", agent.as_deref().unwrap_or_default());
        Some(Arc::new(Happened {
            id: text("id"),
            time: Column::read(column("time"), row),
            in_session: session.is_some(),
            session: session.unwrap_or_else(alone),
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
