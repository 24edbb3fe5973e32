//! The newest versions of memories and records, read without a statement: planning one takes longer than reading these.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use arrow::array::{AsArray, RecordBatch};
use athena_schemas::{Column, Error, Table};
use athena_store::Scope;
use datafusion::prelude::Expr;
use futures::TryStreamExt;

use crate::App;

/// What versions are told apart by.
const VERSION: [&str; 4] = ["project", "id", "position", "deleted"];

/// Of the versions that a condition lets through the newest of each item, unless that is the tombstone; the one that was
/// changed last at the end; `at` reads it of `columns`.
///
/// # Errors
/// Storage.
pub async fn newest<T>(
    app: &App,
    scope: &Scope,
    (table, columns): (&Table, &[&str]),
    wanted: Expr,
    at: impl Fn(&RecordBatch, usize) -> T,
) -> Result<Vec<T>, Error> {
    app.wait_until_seen(scope, None).await;
    let more = columns.iter().filter(|column| !VERSION.contains(column));
    let columns: Vec<&str> = VERSION.iter().chain(more).copied().collect();
    let rows = app.store.snapshot().seen(table, scope, &columns, wanted).await?;
    let Some(mut rows) = rows else { return Ok(Vec::new()) };
    // With where each stands: what one command changed is in the order in which it was written.
    let mut newest: HashMap<(String, String), (u64, usize, Option<T>)> = HashMap::new();
    let mut before = 0;
    while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
        for (position, row) in newest_in(&batch) {
            let version = || {
                let item = (!read::<bool>(&batch, "deleted", row)).then(|| at(&batch, row));
                (position, before + row, item)
            };
            match newest.entry((read(&batch, "project", row), read(&batch, "id", row))) {
                Entry::Vacant(new) => drop(new.insert(version())),
                Entry::Occupied(mut known) if known.get().0 < position => drop(known.insert(version())),
                Entry::Occupied(_) => {}
            }
        }
        before += batch.num_rows();
    }
    let mut newest: Vec<_> = newest.into_values().collect();
    newest.sort_unstable_by_key(|(position, row, _)| (*position, *row));
    Ok(newest.into_iter().filter_map(|(.., item)| item).collect())
}

/// Positions and rows of the newest version of each item of a batch.
fn newest_in(batch: &RecordBatch) -> Vec<(u64, usize)> {
    let text = |name: &str| batch.column_by_name(name).expect("asked for").as_string::<i32>();
    let (projects, ids) = (text("project"), text("id"));
    let mut newest: HashMap<(&str, &str), (u64, usize)> = HashMap::new();
    for row in 0..batch.num_rows() {
        let version = (read(batch, "position", row), row);
        let known = newest.entry((projects.value(row), ids.value(row))).or_insert(version);
        *known = version.max(*known);
    }
    newest.into_values().collect()
}

/// What stands in a column that was asked for.
pub fn read<C: Column>(batch: &RecordBatch, name: &str, row: usize) -> C {
    C::read(batch.column_by_name(name).expect("asked for"), row)
}
