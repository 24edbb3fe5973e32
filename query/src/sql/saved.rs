//! Views that people saved: a statement names them as it names Athena's own.

use std::collections::HashSet;
use std::sync::Arc;

use athena_ingest::views::{KIND, View};
use athena_schemas::Error;
use athena_store::Scope;
use datafusion::datasource::ViewTable;
use datafusion::prelude::SessionContext;
use datafusion::sql::TableReference;
use serde_json::{Value, json};
use tracing::debug;

use super::{ask, joined, value};
use crate::App;

const SAVED: &str = include_str!("../../sql/saved_views.sql");
/// Views of one question.
const MOST: usize = 200;

/// A view, by its name.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedView {
    pub name: String,
    pub sql: String,
}

/// Names of tables and views that a session knows.
pub fn names(context: &SessionContext) -> Vec<String> {
    let schema = context.catalog("datafusion").and_then(|catalog| catalog.schema("public"));
    schema.map(|schema| schema.table_names()).unwrap_or_default()
}

/// Whether a statement names relations that the session does not know: saved ones, perhaps.
pub fn named(context: &SessionContext, statement: &str) -> bool {
    let state = context.state();
    let Ok(parsed) = state.sql_to_statement(statement, &datafusion::config::Dialect::Generic) else {
        return false;
    };
    let Ok(relations) = state.resolve_table_references(&parsed) else { return false };
    let known: HashSet<String> = names(context).into_iter().collect();
    relations.iter().any(|relation| !known.contains(relation.table()))
}

/// The views of the scope, in the order in which they were saved; of the same name the newest.
///
/// # Errors
/// Storage.
pub async fn saved(app: &App, scope: &Scope) -> Result<Vec<SavedView>, Error> {
    let batches = ask(app, scope, SAVED, &[json!(KIND)], MOST).await?;
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let view = |row: serde_json::Map<String, Value>| {
        let body: View = serde_json::from_str(&text(row.get("body"))?).ok()?;
        Some(SavedView { name: text(row.get("name"))?, sql: body.sql })
    };
    Ok(batches.iter().flat_map(|batch| value::objects(batch).filter_map(view).collect::<Vec<_>>()).collect())
}

/// Adds saved views to a session. One whose statement does not hold any more is left out: who names it is told that
/// there is no such table. Views may name views that were saved before them.
pub async fn add(context: &mut SessionContext, views: &[SavedView]) {
    for view in views {
        let planned = context.state().create_logical_plan(&view.sql).await;
        match planned.and_then(|plan| joined::bounded(plan, context)) {
            Ok(plan) => {
                let table = Arc::new(ViewTable::new(plan, None));
                if let Err(error) = context.register_table(TableReference::bare(view.name.as_str()), table) {
                    debug!(view = view.name, %error, "not added");
                }
            }
            Err(error) => debug!(view = view.name, %error, "does not hold any more"),
        }
    }
}
