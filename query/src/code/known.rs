//! What is known of a project's code: a graph and a history, brought up to the tables with each question.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use athena_learn::code::{CODE_INDEX, Graph, History, Indexed, State, Touch, What, relative};
use athena_schemas::tables::Event;
use athena_schemas::{Applied, Column, Error, Row, Time};
use athena_store::{Scope, Snapshot};
use futures::TryStreamExt;
use serde_json::json;
use tokio::sync::OwnedMutexGuard;

use super::disk::MOST_FILES;
use crate::kept::Gone;
use crate::{App, sql};

const INDEXED: &str = include_str!("../../sql/code_indexed.sql");
const TOUCHES: &str = include_str!("../../sql/code_touches.sql");
/// Events that are read when a project is asked about for the first time.
const MOST_EVENTS: usize = 2_000_000;
/// Offsets beyond which everything is read again rather than what is new.
const MOST_NEW: i64 = 50_000;
/// Characters of what a failure was.
const TITLE_CHARS: usize = 120;

/// Columns in the order in which both the statements and the follower give them.
const COLUMNS: [&str; 11] = [
    "project",
    "id",
    "time",
    "session",
    "type",
    "tool",
    "outcome",
    "files",
    "content",
    "attributes",
    "position",
];

/// The code of a project, as far as `applied`.
#[derive(Default)]
pub struct Known {
    pub graph: Graph,
    pub history: History,
    /// Folders that paths are below, as the events say.
    pub roots: BTreeSet<String>,
    /// There are more files than are kept.
    pub truncated: bool,
    files: usize,
    applied: Applied,
    fragment: Option<u64>,
    gone: Gone,
}

/// A row of `events`, as far as code goes.
struct Told {
    id: String,
    time: Time,
    session: Option<String>,
    event_type: String,
    tool: Option<String>,
    outcome: Option<String>,
    files: Vec<String>,
    content: Option<String>,
    attributes: Option<String>,
    position: u64,
}

/// What is known of a project's code now.
///
/// # Errors
/// Storage.
pub async fn known(app: &App, project: &str) -> Result<OwnedMutexGuard<Known>, Error> {
    let mut known = app.code.of(project).lock_owned().await;
    known.catch_up(app, project).await?;
    Ok(known)
}

impl Known {
    async fn catch_up(&mut self, app: &App, project: &str) -> Result<(), Error> {
        let snapshot = app.store.snapshot();
        let new: i64 =
            snapshot.applied.0.iter().map(|(part, to)| to - self.applied.get(part).unwrap_or(0)).sum();
        if self.gone.is_of(&snapshot) && self.applied.covers(&snapshot.applied) {
            return Ok(());
        }
        let gone = Gone::of(&snapshot).await?;
        let from_the_start = self.applied.0.is_empty() || gone.hides_more(&self.gone) || new > MOST_NEW;
        if from_the_start || !self.go_on(&snapshot, project).await? {
            *self = Self::default();
            self.begin(app, &snapshot, project).await?;
        }
        self.gone = gone;
        self.applied = snapshot.applied.clone();
        self.fragment = snapshot.last_fragment(Event::TABLE);
        Ok(())
    }

    async fn begin(&mut self, app: &App, snapshot: &Snapshot, project: &str) -> Result<(), Error> {
        let scope = Scope::Projects(vec![project.to_owned()]);
        for statement in [INDEXED, TOUCHES] {
            let mut running =
                sql::over(app, snapshot, &scope, statement, &[json!(CODE_INDEX)], MOST_EVENTS).await?;
            let mut all = Vec::new();
            while let Some(batch) = running.next().await? {
                all.extend(told(&batch, project));
            }
            // What several threads read comes in any order.
            all.sort_unstable_by_key(|one| one.position);
            all.into_iter().for_each(|one| self.take(one));
        }
        self.graph.settle();
        Ok(())
    }

    /// Takes over what is new; says no when paths turn out to be below a folder that was not known.
    async fn go_on(&mut self, snapshot: &Snapshot, project: &str) -> Result<bool, Error> {
        let (from, to) = (self.applied.clone(), snapshot.applied.clone());
        let rows = snapshot.since(Event::TABLE, &from, &to, self.fragment, &COLUMNS).await?;
        let Some(mut rows) = rows else { return Ok(true) };
        let roots = self.roots.len();
        while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
            told(&batch, project).into_iter().for_each(|one| self.take(one));
        }
        self.graph.settle();
        Ok(self.roots.len() == roots)
    }

    fn take(&mut self, told: Told) {
        if told.event_type == CODE_INDEX {
            return self.index(told);
        }
        let what = What::of(&told.event_type, told.tool.as_deref(), told.outcome.as_deref());
        let Some(what) = what else { return };
        let paths = told.files.iter().map(|path| relative(path, &self.roots).to_owned()).collect();
        let first = told.content.as_deref().unwrap_or_default().lines().next().unwrap_or_default();
        let title = told.tool.iter().map(String::as_str).chain([first]).collect::<Vec<_>>().join(": ");
        self.history.add(Touch {
            event: told.id,
            at: told.time,
            session: told.session,
            what,
            paths,
            title: title.chars().take(TITLE_CHARS).collect(),
        });
    }

    /// Takes over an outline; what anybody sent that is none is passed over.
    fn index(&mut self, told: Told) {
        let indexed = told.attributes.as_deref().map(serde_json::from_str::<Indexed>);
        let (Some(Ok(indexed)), [path]) = (indexed, told.files.as_slice()) else { return };
        self.roots.extend(indexed.root.clone());
        let path = relative(path, &self.roots).to_owned();
        if self.graph.last_event(&path).is_none() {
            if self.files >= MOST_FILES {
                self.truncated = true;
                return;
            }
            self.files += 1;
        }
        self.graph.put(State { path, event: told.id, at: told.time, indexed });
    }
}

/// The rows of a batch that are a project's.
fn told(batch: &RecordBatch, project: &str) -> Vec<Told> {
    let column = |name: &str| batch.column_by_name(name).expect("asked for");
    let read = |row: usize| Told {
        id: Column::read(column("id"), row),
        time: Column::read(column("time"), row),
        session: Column::read(column("session"), row),
        event_type: Column::read(column("type"), row),
        tool: Column::read(column("tool"), row),
        outcome: Column::read(column("outcome"), row),
        files: Column::read(column("files"), row),
        content: Column::read(column("content"), row),
        attributes: batch.column_by_name("attributes").and_then(|column| Column::read(column, row)),
        position: Column::read(column("position"), row),
    };
    let of_project = |row: &usize| <String as Column>::read(column("project"), *row) == project;
    (0..batch.num_rows()).filter(of_project).map(read).collect()
}
