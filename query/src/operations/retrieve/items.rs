//! Where items stand, by their ids.

use std::collections::BTreeMap;

use athena_schemas::Error;
use athena_store::Scope;
use serde_json::{Value, json};

use crate::App;
use crate::operations::rows;

const POSITIONS: &str = include_str!("../../../sql/positions.sql");
/// Items of one id at most: producers may use an id again.
const OF_ONE_ID: usize = 4;

/// The positions of each id that is there.
///
/// # Errors
/// Storage.
pub async fn positions(
    app: &App,
    scope: &Scope,
    ids: &[String],
) -> Result<BTreeMap<String, Vec<u64>>, Error> {
    let mut found: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    for row in rows::objects(app, scope, POSITIONS, &[json!(ids)], ids.len() * OF_ONE_ID).await? {
        let id = row.get("id").and_then(Value::as_str);
        if let (Some(id), Some(position)) = (id, row.get("position").and_then(Value::as_u64)) {
            found.entry(id.to_owned()).or_default().push(position);
        }
    }
    Ok(found)
}
