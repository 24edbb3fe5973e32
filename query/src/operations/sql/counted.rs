//! How many rows tables and views have. What runs derive is counted once for each version of it.

use std::collections::HashMap;
use std::sync::Arc;

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

/// What was counted last.
#[derive(Default)]
pub struct Counts {
    kept: Mutex<Vec<Kept>>,
}

struct Kept {
    scope: Scope,
    /// Of the tables that the counts rest on.
    versions: Vec<u64>,
    rows: Arc<Rows>,
}

impl Counts {
    fn get(&self, scope: &Scope, versions: &[u64]) -> Option<Arc<Rows>> {
        let kept = self.kept.lock();
        let same = kept.iter().find(|one| one.scope == *scope && one.versions == versions);
        same.map(|one| one.rows.clone())
    }

    fn put(&self, one: Kept) {
        let mut kept = self.kept.lock();
        kept.retain(|other| other.scope != one.scope);
        kept.push(one);
        let more = kept.len().saturating_sub(SCOPES);
        kept.drain(..more);
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
    names: &[String],
) -> Result<Rows, Error> {
    let names = names.iter().map(String::as_str).filter(|name| !UNCOUNTED.contains(name));
    let (derived, told): (Vec<&str>, Vec<&str>) = names.partition(|name| is_derived(name));
    let tables = DERIVED.iter().copied().chain([Run::TABLE, Forgotten::TABLE]);
    let versions: Vec<u64> = tables.map(|table| snapshot.dataset(table).version().version).collect();
    let known = match app.counts.get(scope, &versions) {
        Some(known) => known,
        None => {
            let rows = Arc::new(count(app, context, &derived).await?);
            app.counts.put(Kept { scope: scope.clone(), versions, rows: rows.clone() });
            rows
        }
    };
    let mut rows = count(app, context, &told).await?;
    rows.extend(known.iter().map(|(name, rows)| (name.clone(), *rows)));
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
    let counts = names.iter().map(|name| format!("SELECT '{name}' AS name, COUNT(*) AS rows FROM {name}"));
    let statement = counts.collect::<Vec<_>>().join(" UNION ALL ");
    let rows = objects_in(app, context, &statement, &[], names.len()).await?;
    let read = |row: &serde_json::Map<String, Value>| {
        Some((row.get("name")?.as_str()?.to_owned(), row.get("rows")?.as_u64()?))
    };
    Ok(rows.iter().filter_map(read).collect())
}
