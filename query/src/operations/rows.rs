//! Rows of tables as results.

use std::borrow::Cow;
use std::marker::PhantomData;

use arrow::array::RecordBatch;
use athena_schemas::tables::{Event, Memory};
use athena_schemas::{Error, Row};
use athena_store::Scope;
use datafusion::prelude::SessionContext;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{App, sql};

/// A table whose rows are shown.
pub trait Shown: Row {
    /// Columns that only Athena itself reads.
    const HIDDEN: &'static [&'static str];
    /// Columns that every row has.
    const REQUIRED: [&'static str; 3];
}

impl Shown for Event {
    const HIDDEN: &'static [&'static str] = &["dedup", "result", "changes"];
    const REQUIRED: [&'static str; 3] = ["id", "type", "project"];
}

impl Shown for Memory {
    const HIDDEN: &'static [&'static str] = &["deleted"];
    const REQUIRED: [&'static str; 3] = ["id", "content", "project"];
}

/// A row of a table, without what is null.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Told<T> {
    pub row: Map<String, Value>,
    #[serde(skip)]
    of: PhantomData<T>,
}

impl<T> Told<T> {
    pub fn new(row: Map<String, Value>) -> Self {
        Self { row, of: PhantomData }
    }
}

impl<T: Shown> JsonSchema for Told<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Row of {}", T::TABLE.name).into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let fields = (T::TABLE.fields)().into_iter().filter(|field| !T::HIDDEN.contains(&field.name));
        let properties: Map<String, Value> =
            fields.map(|field| (field.name.to_owned(), json!({"description": field.doc.trim()}))).collect();
        json_schema!({"type": "object", "properties": properties, "required": T::REQUIRED})
    }
}

/// The rows that one of our own statements gives, as objects.
///
/// # Errors
/// As [`sql::ask`].
pub async fn objects(
    app: &App,
    scope: &Scope,
    statement: &str,
    given: &[Value],
    limit: usize,
) -> Result<Vec<Map<String, Value>>, Error> {
    Ok(as_objects(&sql::ask(app, scope, statement, given, limit).await?))
}

/// The same in a session at hand: of several statements, which then see the same.
///
/// # Errors
/// As [`sql::ask`].
pub async fn objects_in(
    app: &App,
    context: &SessionContext,
    statement: &str,
    given: &[Value],
    limit: usize,
) -> Result<Vec<Map<String, Value>>, Error> {
    Ok(as_objects(&sql::ask_in(app, context, statement, given, limit).await?))
}

/// The rows of a statement of which the answer is kept.
///
/// # Errors
/// As [`sql::ask_kept`].
pub async fn objects_kept(
    app: &App,
    scope: &Scope,
    statement: (&'static str, sql::Reads),
    given: &[Value],
    limit: usize,
) -> Result<Vec<Map<String, Value>>, Error> {
    Ok(as_objects(&sql::ask_kept(app, scope, statement, given, limit).await?))
}

fn as_objects(rows: &[RecordBatch]) -> Vec<Map<String, Value>> {
    rows.iter().flat_map(|batch| sql::value::objects(batch).collect::<Vec<_>>()).collect()
}

/// The error about what is not there.
pub fn absent(what: &str, argument: &str, id: &str, projects: &[String]) -> Error {
    let error = Error::not_found(format!("no {what} {id} in project {}", projects.join(", ")));
    Error { field: Some(argument.into()), ..error }
}
