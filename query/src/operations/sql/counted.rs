//! How many rows tables and views have: counted once for each version of what they are of, and ahead of the next question
//! where somebody asks for it.

use std::collections::HashMap;
use std::time::Instant;

use athena_schemas::tables::{DERIVED, Forgotten, Run};
use athena_schemas::{Error, Row};
use athena_store::{Scope, Snapshot};
use datafusion::prelude::SessionContext;
use parking_lot::Mutex;
use serde_json::Value;
use tracing::debug;

use crate::App;
use crate::ahead::LATELY;
use crate::operations::rows::objects_in;

/// Scopes whose counts are kept: those that were asked about last.
const SCOPES: usize = 8;
/// Views whose rows nobody counts who only wants to know what there is: they are joined anew each time.
const UNCOUNTED: [&str; 1] = ["evidence"];

type Rows = HashMap<String, u64>;

/// What was counted last: of what runs derive, and of all else.
#[derive(Default)]
pub struct Counts {
    derived: Counted,
    told: Counted,
    /// Whoever counts ahead waits for who does it already.
    ahead: tokio::sync::Mutex<()>,
}

/// What of derived tables is counted: what they have now, or what the run before left as long as the newest is counted
/// ahead.
#[derive(Clone, Copy, PartialEq)]
pub enum Derived {
    Now,
    Lately,
}

#[derive(Default)]
struct Counted(Mutex<Vec<Kept>>);

struct Kept {
    scope: Scope,
    /// Of the tables that the counts rest on.
    versions: Vec<u64>,
    rows: Rows,
    /// When somebody asked for them last.
    asked: Instant,
}

impl Counted {
    /// What is kept of a scope with all of the names, where it still stands.
    fn known(&self, scope: &Scope, names: &[&str], stands: impl Fn(&Kept) -> bool) -> Option<Rows> {
        let has = |one: &Kept| names.iter().all(|name| one.rows.contains_key(*name));
        let mut kept = self.0.lock();
        let known = kept.iter_mut().find(|one| one.scope == *scope && has(one) && stands(one))?;
        known.asked = Instant::now();
        Some(known.rows.clone())
    }

    fn keep(&self, mut counted: Kept) {
        let mut kept = self.0.lock();
        if let Some(at) = kept.iter().position(|other| other.scope == counted.scope) {
            counted.asked = kept.remove(at).asked.max(counted.asked);
        }
        kept.push(counted);
        let more = kept.len().saturating_sub(SCOPES);
        kept.drain(..more);
    }

    /// Rows of each of the names in a scope, as they were counted at these versions, or are now.
    async fn of(
        &self,
        (app, context): (&App, &SessionContext),
        scope: &Scope,
        versions: Vec<u64>,
        names: &[&str],
    ) -> Result<Rows, Error> {
        if let Some(known) = self.known(scope, names, |one| one.versions == versions) {
            return Ok(known);
        }
        let rows = count(app, context, names).await?;
        self.keep(Kept { scope: scope.clone(), versions, rows: rows.clone(), asked: Instant::now() });
        Ok(rows)
    }
}

/// Rows of those of the names that are counted.
///
/// # Errors
/// Storage, or bounds.
pub async fn counted(
    app: &App,
    snapshot: &Snapshot,
    context: &SessionContext,
    scope: &Scope,
    names: &[&str],
    of: Derived,
) -> Result<Rows, Error> {
    let names = names.iter().copied().filter(|name| !UNCOUNTED.contains(name));
    let (derived, told): (Vec<&str>, Vec<&str>) = names.partition(|name| is_derived(name));
    let (versions, counts) = (versions(snapshot), &app.counts);
    // Not beyond what was forgotten since.
    let stands = |one: &Kept| {
        of == Derived::Lately && one.asked.elapsed() < LATELY && one.versions.last() == versions.last()
    };
    let mut rows = match counts.derived.known(scope, &derived, stands) {
        Some(rows) => rows,
        None => counts.derived.of((app, context), scope, versions, &derived).await?,
    };
    rows.extend(counts.told.of((app, context), scope, snapshot.numbers(), &told).await?);
    Ok(rows)
}

/// Counts what runs derive in those of the scopes that somebody asked of lately.
pub async fn count_ahead(app: &App, of: impl Fn(&Scope) -> bool) {
    let _alone = app.counts.ahead.lock().await;
    let asked: Vec<(Scope, Vec<u64>, Vec<String>, Instant)> = {
        let kept = app.counts.derived.0.lock();
        let lately = kept.iter().filter(|one| one.asked.elapsed() < LATELY && of(&one.scope));
        let names = |one: &Kept| one.rows.keys().cloned().collect();
        lately.map(|one| (one.scope.clone(), one.versions.clone(), names(one), one.asked)).collect()
    };
    for (scope, before, names, asked) in asked {
        let snapshot = app.store.snapshot();
        let versions = versions(&snapshot);
        if versions == before {
            continue;
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let counted = async {
            let context = snapshot.session(&scope, None, &app.sql).await?;
            count(app, &context, &names).await
        };
        match counted.await {
            Ok(rows) => app.counts.derived.keep(Kept { scope, versions, rows, asked }),
            Err(error) => {
                debug!(%error, "rows were not counted ahead");
                // The next question counts them, and tells what is wrong.
                app.counts.derived.0.lock().retain(|one| one.scope != scope);
            }
        }
    }
}

/// Of what counts of derived tables rest on; of what was forgotten last.
fn versions(snapshot: &Snapshot) -> Vec<u64> {
    let tables = DERIVED.iter().copied().chain([Run::TABLE, Forgotten::TABLE]);
    tables.map(|table| snapshot.dataset(table).version().version).collect()
}

fn is_derived(name: &str) -> bool {
    let table = name.strip_suffix("_versions").unwrap_or(name);
    DERIVED.iter().any(|derived| derived.name == table)
}

/// Rows of each of these names, in one statement.
///
/// # Errors
/// Storage, or bounds.
pub async fn count(app: &App, context: &SessionContext, names: &[&str]) -> Result<Rows, Error> {
    if names.is_empty() {
        return Ok(Rows::new());
    }
    let counts = names.iter().map(|name| format!("SELECT '{name}' AS name, COUNT(*) AS rows FROM {name}"));
    let statement = counts.collect::<Vec<_>>().join(" UNION ALL ");
    let rows = objects_in(app, context, &statement, &[], names.len()).await?;
    let read = |row: &serde_json::Map<String, Value>| {
        Some((row.get("name")?.as_str()?.to_owned(), row.get("rows")?.as_u64()?))
    };
    Ok(rows.iter().filter_map(read).collect())
}
