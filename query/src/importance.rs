//! How important items are: what was told, moved by whether they were useful.

use std::collections::HashMap;

use athena_schemas::Error;
use athena_store::Scope;
use serde_json::{Map, Value};

use crate::App;
use crate::operations::rows;

const IMPORTANCE: &str = include_str!("../sql/importance.sql");

/// Items that anything is known of, at most; those that were judged most often come first.
const MOST: usize = 10_000;
/// What is not known to be important, or not.
pub const UNKNOWN: f64 = 0.5;
/// Judgements that what was told, or not, is worth.
const PRIOR: f64 = 2.0;

/// The importance of each item of which anything is known, by project and id.
///
/// # Errors
/// Storage.
pub async fn of(app: &App, scope: &Scope) -> Result<HashMap<(String, String), f64>, Error> {
    let rows = rows::objects(app, scope, IMPORTANCE, &[], MOST).await?;
    Ok(rows.iter().filter_map(|row| Some(((text(row, "project")?, text(row, "id")?), moved(row)))).collect())
}

/// The mean of a beta distribution: what was told is its prior, and each judgement counts once.
fn moved(row: &Map<String, Value>) -> f64 {
    let number = |name: &str| row.get(name).and_then(Value::as_f64);
    let (useful, judged) = (number("useful").unwrap_or_default(), number("judged").unwrap_or_default());
    (number("importance").unwrap_or(UNKNOWN) * PRIOR + useful) / (PRIOR + judged)
}

fn text(row: &Map<String, Value>, name: &str) -> Option<String> {
    row.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn judgements_move_what_was_told() {
        let of = |row: Value| moved(row.as_object().unwrap());
        assert_eq!(of(json!({"importance": 0.9})), 0.9);
        assert_eq!(of(json!({"useful": 2, "judged": 2})), 0.75);
        assert_eq!(of(json!({"importance": 1.0, "useful": 0, "judged": 2})), 0.5);
    }
}
