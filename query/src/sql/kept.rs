//! Rows that our own statements gave, kept as long as nothing changed that they rest on.
//!
//! What runs derived changes with runs alone, and much of it is asked for again and again between two of them.

use arrow::array::RecordBatch;
use athena_schemas::tables::{Forgotten, Memory, Run};
use athena_schemas::{Applied, Error, Row};
use athena_store::{Cached, Lookups, Scope, Snapshot};
use parking_lot::Mutex;
use serde_json::Value;

use super::{ask_in, bytes, session_of};
use crate::App;
use crate::recent::Forget;

/// Answers that are kept, and what one of them takes at most.
const ANSWERS: usize = 64;
const ANSWER_BYTES: usize = 256 << 10;

/// What a statement reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Only what runs derived, and the runs.
    Derived,
    /// Only events and runs.
    Events,
}

/// The state of what a statement reads: where it is the same, so are the rows.
#[derive(Debug, PartialEq)]
enum State {
    Derived(Vec<u64>),
    Events(Applied, Vec<u64>),
}

impl State {
    fn of(snapshot: &Snapshot, reads: Reads) -> Self {
        let version = |table| snapshot.dataset(table).version().version;
        // What is forgotten is told by the first two.
        let mut versions = vec![version(Forgotten::TABLE), version(Run::TABLE)];
        if !snapshot.dataset(Forgotten::TABLE).manifest().fragments.is_empty() {
            versions.push(version(Memory::TABLE));
        }
        match reads {
            // Rows of a run that is not published yet are seen by nobody: that it is, its row in `runs` says.
            Reads::Derived => Self::Derived(versions),
            Reads::Events => Self::Events(snapshot.applied.clone(), versions),
        }
    }
}

/// The answers that were given last.
#[derive(Default)]
pub struct Answers {
    kept: Mutex<Vec<Kept>>,
    lookups: Lookups,
}

struct Kept {
    statement: &'static str,
    scope: Scope,
    params: Vec<Value>,
    state: State,
    rows: Vec<RecordBatch>,
}

impl Forget for Answers {
    fn forget(&self) {
        self.kept.lock().clear();
    }

    fn cached(&self) -> Cached {
        self.lookups.of(Some(self.kept.lock().len()), None)
    }
}

impl Answers {
    fn get(
        &self,
        statement: &str,
        scope: &Scope,
        params: &[Value],
        state: &State,
    ) -> Option<Vec<RecordBatch>> {
        let kept = self.kept.lock();
        let same = kept.iter().find(|one| one.is(statement, scope, params));
        let rows = same.filter(|one| one.state == *state).map(|one| one.rows.clone());
        self.lookups.note(rows.is_some());
        rows
    }

    fn put(&self, one: Kept) {
        let mut kept = self.kept.lock();
        kept.retain(|other| !other.is(one.statement, &one.scope, &one.params));
        kept.push(one);
        let more = kept.len().saturating_sub(ANSWERS);
        kept.drain(..more);
    }
}

impl Kept {
    fn is(&self, statement: &str, scope: &Scope, params: &[Value]) -> bool {
        self.statement == statement && self.scope == *scope && self.params == params
    }
}

/// Rows of one of our own statements that reads nothing else and does not ask for the time.
///
/// # Errors
/// As [`super::ask`].
pub async fn ask_kept(
    app: &App,
    scope: &Scope,
    (statement, reads): (&'static str, Reads),
    params: &[Value],
    limit: usize,
) -> Result<Vec<RecordBatch>, Error> {
    app.wait_until_seen(scope, None).await;
    let snapshot = app.store.snapshot();
    let state = State::of(&snapshot, reads);
    if let Some(rows) = app.answers.get(statement, scope, params, &state) {
        return Ok(rows);
    }
    let context = session_of(app, &snapshot, scope).await?;
    let rows = ask_in(app, &context, statement, params, limit).await?;
    if rows.iter().map(bytes).sum::<usize>() <= ANSWER_BYTES {
        let (scope, params) = (scope.clone(), params.to_vec());
        app.answers.put(Kept { statement, scope, params, state, rows: rows.clone() });
    }
    Ok(rows)
}
