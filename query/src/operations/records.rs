//! Records as the small tools read them, and what their commands answer.

use arrow::array::RecordBatch;
use athena_schemas::tables::Record;
use athena_schemas::{Error, Position, Row, Time};
use athena_store::Scope;
use datafusion::prelude::{Expr, col, lit};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::newest::{self, read};
use crate::App;
use crate::registry::Call;

/// What a record is read of.
const COLUMNS: [&str; 12] = [
    "kind",
    "id",
    "version",
    "session",
    "agent",
    "name",
    "tags",
    "text",
    "body",
    "recorded_at",
    "actor",
    "position",
];

/// Records of one kind in a project, at most; `resource_exhausted` beyond.
const MOST: usize = 100_000;

/// A record as it is now.
#[derive(Debug, Clone, Deserialize)]
pub struct Found {
    #[serde(default)]
    pub kind: String,
    pub id: String,
    pub version: i64,
    pub session: Option<String>,
    pub agent: Option<String>,
    pub name: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    pub text: Option<String>,
    body: String,
    pub recorded_at: Time,
    pub actor: String,
    #[serde(default)]
    pub position: u64,
}

impl Found {
    fn at(batch: &RecordBatch, row: usize) -> Self {
        Self {
            kind: read(batch, "kind", row),
            id: read(batch, "id", row),
            version: read(batch, "version", row),
            session: read(batch, "session", row),
            agent: read(batch, "agent", row),
            name: read(batch, "name", row),
            tags: read(batch, "tags", row),
            text: read(batch, "text", row),
            body: read(batch, "body", row),
            recorded_at: read(batch, "recorded_at", row),
            actor: read(batch, "actor", row),
            position: read(batch, "position", row),
        }
    }

    /// What belongs to its kind.
    ///
    /// # Errors
    /// A body that is not of the kind.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(&self.body).map_err(|error| Error::internal(format!("{}: {error}", self.id)))
    }
}

/// The version that a write made.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Written {
    pub id: String,
    /// Grows with each version.
    pub version: i64,
    pub project: String,
    /// What to pass as `after` to another server to read it.
    pub position: Position,
}

/// What a command answered.
///
/// # Errors
/// An answer that lacks something.
pub fn answered<T: DeserializeOwned>(answer: Map<String, Value>) -> Result<T, Error> {
    serde_json::from_value(Value::Object(answer))
        .map_err(|error| Error::internal(format!("a command's answer: {error}")))
}

/// The one project that a call is about, once what the caller must see is there.
///
/// # Errors
/// `permission_denied`.
pub async fn one_project(call: &Call) -> Result<(String, Scope), Error> {
    let project = call.project()?;
    let scope = Scope::Projects(vec![project.clone()]);
    call.app.wait_until_seen(&scope, call.shared.after.as_ref()).await;
    Ok((project, scope))
}

/// Every record of a kind, the one that was changed last at the end.
///
/// # Errors
/// Storage; more of them than can be looked at.
pub async fn of_kind(app: &App, scope: &Scope, kind: &str) -> Result<Vec<Found>, Error> {
    let found = newest(app, scope, col("kind").eq(lit(kind))).await?;
    if found.len() > MOST {
        let message = format!("more than {MOST} records of kind {kind}");
        return Err(Error::new(athena_schemas::Code::ResourceExhausted, message));
    }
    Ok(found)
}

/// The records of a kind and a name, the one that was changed last at the end.
///
/// # Errors
/// Storage.
pub async fn of_name(app: &App, scope: &Scope, kind: &str, name: &str) -> Result<Vec<Found>, Error> {
    newest(app, scope, col("kind").eq(lit(kind)).and(col("name").eq(lit(name)))).await
}

/// The records of these ids that are there.
///
/// # Errors
/// Storage.
pub async fn by_id(app: &App, scope: &Scope, ids: &[String]) -> Result<Vec<Found>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    newest(app, scope, col("id").in_list(ids.iter().map(lit).collect(), false)).await
}

async fn newest(app: &App, scope: &Scope, wanted: Expr) -> Result<Vec<Found>, Error> {
    newest::newest(app, scope, (Record::TABLE, &COLUMNS), wanted, Found::at).await
}

/// Some of all rows, from where the page before ended, and where the next begins.
///
/// # Errors
/// A cursor that no page gave.
pub fn page<T>(all: Vec<T>, limit: usize, cursor: Option<&str>) -> Result<(Vec<T>, Option<String>), Error> {
    let from: usize = match cursor.map(str::parse) {
        None => 0,
        Some(Ok(from)) => from,
        Some(Err(_)) => {
            return Err(Error::invalid("cursor", "no cursor of this list")
                .hint("pass `next_cursor` of the page before, as it was"));
        }
    };
    let next = from.saturating_add(limit);
    let next_cursor = (next < all.len()).then(|| next.to_string());
    Ok((all.into_iter().skip(from).take(limit).collect(), next_cursor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other() {
        let all = || vec![1, 2, 3, 4, 5];
        assert_eq!(page(all(), 2, None), Ok((vec![1, 2], Some("2".into()))));
        assert_eq!(page(all(), 2, Some("4")), Ok((vec![5], None)));
        assert_eq!(page(all(), 5, None), Ok((all(), None)));
        assert_eq!(page(all(), 5, Some("x")).unwrap_err().field.as_deref(), Some("cursor"));
    }
}
