//! How many rows tables and views have: counted once for each version of what they are of.

use std::collections::HashMap;

use athena_schemas::tables::{DERIVED, Forgotten, Run};
use athena_schemas::{Error, Row};
use athena_store::{Scope, Snapshot};
use datafusion::prelude::SessionContext;
use parking_lot::Mutex;
use serde_json::Value;

use crate::App;
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
}

#[derive(Default)]
struct Counted(Mutex<Vec<Kept>>);

struct Kept {
    scope: Scope,
    /// Of the tables that the counts rest on.
    versions: Vec<u64>,
    rows: Rows,
}

impl Counted {
    /// Rows of each of the names in a scope, as they were counted at these versions, or are now.
    async fn of(
        &self,
        (app, context): (&App, &SessionContext),
        scope: &Scope,
        versions: Vec<u64>,
        names: &[&str],
    ) -> Result<Rows, Error> {
        let is_same = |one: &&Kept| {
            let has = |name: &&str| one.rows.contains_key(*name);
            one.scope == *scope && one.versions == versions && names.iter().all(has)
        };
        if let Some(known) = self.0.lock().iter().find(is_same) {
            return Ok(known.rows.clone());
        }
        let rows = count(app, context, names).await?;
        let mut kept = self.0.lock();
        kept.retain(|other| other.scope != *scope);
        kept.push(Kept { scope: scope.clone(), versions, rows: rows.clone() });
        let more = kept.len().saturating_sub(SCOPES);
        kept.drain(..more);
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
) -> Result<Rows, Error> {
    let names = names.iter().copied().filter(|name| !UNCOUNTED.contains(name));
    let (derived, told): (Vec<&str>, Vec<&str>) = names.partition(|name| is_derived(name));
    let tables = DERIVED.iter().copied().chain([Run::TABLE, Forgotten::TABLE]);
    let versions: Vec<u64> = tables.map(|table| snapshot.dataset(table).version().version).collect();
    let mut rows = app.counts.derived.of((app, context), scope, versions, &derived).await?;
    rows.extend(app.counts.told.of((app, context), scope, snapshot.numbers(), &told).await?);
    Ok(rows)
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
