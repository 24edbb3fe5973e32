//! Where items stand, by their ids.

use std::collections::BTreeMap;

use athena_schemas::tables::Event;
use athena_schemas::wire::Kind;
use athena_schemas::{Error, Row};
use athena_store::{Scope, Snapshot};
use datafusion::prelude::{col, lit};
use futures::TryStreamExt;
use serde_json::{Map, Value, json};

use crate::App;
use crate::operations::rows;
use crate::sql::value::objects;
use crate::text::{Filter, TextHit};

const POSITIONS: &str = include_str!("../../sql/positions.sql");
/// Items of one id at most: producers may use an id again.
const OF_ONE_ID: usize = 4;
/// Positions in one condition.
const POSITIONS_AT_ONCE: usize = 10_000;

/// The positions of those ids that the text index has, as items of these kinds; of any when none is named.
///
/// # Errors
/// An index that cannot be read.
pub async fn indexed(
    app: &App,
    scope: &Scope,
    ids: &[String],
    kinds: &[Kind],
) -> Result<BTreeMap<String, Vec<u64>>, Error> {
    let mut found: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for hit in listed(app, scope, ids, kinds).await? {
        found.entry(hit.hit.id).or_default().push(hit.position);
    }
    found.values_mut().for_each(|positions| positions.sort_unstable());
    Ok(found)
}

/// What the text index has of those ids, as items of these kinds; of any when none is named.
///
/// # Errors
/// An index that cannot be read.
pub async fn listed(app: &App, scope: &Scope, ids: &[String], kinds: &[Kind]) -> Result<Vec<TextHit>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter = Filter { ids: ids.to_vec(), kinds: kinds.to_vec(), ..Filter::within(scope.clone()) };
    app.text.list(filter, ids.len() * OF_ONE_ID, None).await
}

/// The events of a scope at these positions, as a snapshot has them, as objects of these columns.
///
/// # Errors
/// Storage.
pub async fn events_at(
    snapshot: &Snapshot,
    scope: &Scope,
    positions: &[u64],
    columns: &[&str],
) -> Result<Vec<Map<String, Value>>, Error> {
    let mut found = Vec::with_capacity(positions.len());
    for positions in positions.chunks(POSITIONS_AT_ONCE) {
        let wanted = col("position").in_list(positions.iter().map(|one| lit(*one)).collect(), false);
        let Some(mut rows) = snapshot.seen(Event::TABLE, scope, columns, wanted).await? else { continue };
        while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
            found.extend(objects(&batch));
        }
    }
    Ok(found)
}

/// The positions of each id that is there.
///
/// # Errors
/// Storage.
pub async fn positions(
    app: &App,
    scope: &Scope,
    ids: &[String],
) -> Result<BTreeMap<String, Vec<u64>>, Error> {
    let mut found = indexed(app, scope, ids, &[]).await?;
    let others: Vec<&String> = ids.iter().filter(|id| !found.contains_key(*id)).collect();
    if others.is_empty() {
        return Ok(found);
    }
    // Some items have no text, and the index may be behind.
    for row in rows::objects(app, scope, POSITIONS, &[json!(others)], others.len() * OF_ONE_ID).await? {
        let id = row.get("id").and_then(Value::as_str);
        if let (Some(id), Some(position)) = (id, row.get("position").and_then(Value::as_u64)) {
            found.entry(id.to_owned()).or_default().push(position);
        }
    }
    Ok(found)
}
