//! Tool `sql`: everything there is, by statements that only read.

mod counted;

use std::time::Instant;

use athena_ingest::views;
use athena_schemas::tables::{ALL, by_name};
use athena_schemas::wire::{ColumnType, Rows, Sql as Statement};
use athena_schemas::{Error, Position, Table, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::events::recorded;
use super::paging;
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::sql::{self, value};
use crate::who::Role;

pub use counted::{Counts, Derived, count, count_ahead, counted};

/// Versions of a table that are told, the newest.
const VERSIONS: u64 = 20;
/// Why rows are not counted.
const UNCOUNTED: &str = "it is joined anew for each statement: SELECT COUNT(*) tells";

pub fn register(registry: &mut Registry) {
    registry.add::<Query>();
    registry.add::<Tables>();
    registry.add::<Schema>();
    registry.add::<Explain>();
    registry.add::<Versions>();
    registry.add::<Save>();
}

/// Answers a statement in SQL over the tables and views of `sql.tables`; it only reads, within bounds of time, rows and
/// memory.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    /// The statement.
    sql: String,
    /// Values for `$1`, `$2`, …
    #[serde(default, alias = "params")]
    parameters: Vec<Value>,
    /// At most so many rows; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Rows as they were known then: RFC 3339, an age, or a position.
    #[serde(default)]
    at: Option<Value>,
}

impl Operation for Query {
    const TOOL: &'static str = "sql";
    const NAME: &'static str = "query";
    const EFFECT: Effect = Effect::Read;
    type Result = Rows;

    async fn call(self, call: &Call) -> Result<Rows, Error> {
        let limit = Some(paging::limit(self.limit)?);
        answered(call, Statement { sql: self.sql, params: self.parameters, at: self.at, limit, ..of(call) })
            .await
    }

    fn examples() -> Vec<Example> {
        let statement =
            "SELECT type, COUNT(*) AS events FROM events WHERE outcome = $1 GROUP BY type ORDER BY type";
        let arguments = json!({"sql": statement, "parameters": ["failure"]});
        vec![Example { setup: vec![recorded()], arguments }]
    }
}

/// A statement in the projects of a call.
fn of(call: &Call) -> Statement {
    Statement {
        project: call.shared.project.clone(),
        projects: call.shared.projects.clone(),
        ..Statement::default()
    }
}

async fn answered(call: &Call, statement: Statement) -> Result<Rows, Error> {
    let began = Instant::now();
    let scope = call.caller.scope(statement.project.as_deref(), &statement.projects)?;
    call.app.wait_until_seen(&scope, call.shared.after.as_ref()).await;
    let mut running = sql::start(&call.app, &call.caller, &statement).await?;
    let batches = running.collect().await?;
    Ok(Rows {
        columns: value::columns(&running.schema),
        rows: batches.iter().flat_map(|batch| value::rows(batch).collect::<Vec<_>>()).collect(),
        truncated: running.truncated,
        took_ms: began.elapsed().as_secs_f64() * 1e3,
    })
}

/// The tables and views that statements may name, with how many rows of the project each has.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Tables {}

/// Tables and views.
#[derive(Debug, Serialize, JsonSchema)]
struct Named {
    items: Vec<Relation>,
    projects: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Relation {
    name: String,
    rows: Option<u64>,
    /// Why `rows` is null.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// What each row means.
    meaning: String,
}

impl Operation for Tables {
    const TOOL: &'static str = "sql";
    const NAME: &'static str = "tables";
    const EFFECT: Effect = Effect::Read;
    type Result = Named;

    async fn call(self, call: &Call) -> Result<Named, Error> {
        let (projects, scope) = call.scope().await?;
        let snapshot = call.app.store.snapshot();
        let context = snapshot.session(&scope, None, &call.app.sql).await?;
        let mut names = sql::names(&context);
        names.sort();
        let named: Vec<&str> = names.iter().map(String::as_str).collect();
        let rows = counted(&call.app, &snapshot, &context, &scope, &named, Derived::Lately).await?;
        let items = names.iter().map(|name| Relation {
            rows: rows.get(name).copied(),
            reason: (!rows.contains_key(name)).then_some(UNCOUNTED),
            meaning: meaning(name),
            name: name.clone(),
        });
        let mut items: Vec<Relation> = items.collect();
        for view in sql::saved(&call.app, &scope).await? {
            let (rows, reason, meaning) = (None, Some(UNCOUNTED), format!("Saved: {}", view.sql));
            items.push(Relation { name: view.name, rows, reason, meaning });
        }
        Ok(Named { items, projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({}) }]
    }
}

fn meaning(name: &str) -> String {
    let (table, versions) = match name.strip_suffix("_versions") {
        Some(table) => (table, "Every version. "),
        None => (name, ""),
    };
    let doc = by_name(table).map_or("", |table| table.doc);
    format!("{versions}{}", doc.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The columns of a table or view: name, type and meaning.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Schema {
    /// The table or view.
    table: String,
}

/// Columns.
#[derive(Debug, Serialize, JsonSchema)]
struct Columns {
    table: String,
    meaning: String,
    items: Vec<Column>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Column {
    name: String,
    #[serde(rename = "type")]
    data_type: String,
    /// Whether it may be null.
    nullable: bool,
    /// Null of columns that a saved view makes.
    meaning: Option<String>,
}

impl Operation for Schema {
    const TOOL: &'static str = "sql";
    const NAME: &'static str = "schema";
    const EFFECT: Effect = Effect::Read;
    type Result = Columns;

    async fn call(self, call: &Call) -> Result<Columns, Error> {
        let (_, scope) = call.scope().await?;
        let mut context = sql::session(&call.app, &scope).await?;
        let mut names = sql::names(&context);
        if !names.contains(&self.table) {
            let saved = sql::saved(&call.app, &scope).await?;
            context = sql::own_session(&call.app, &scope, None).await?;
            sql::add(&mut context, &saved).await;
            names = sql::names(&context);
        }
        if !names.contains(&self.table) {
            let error = Error::not_found(format!("there is no table or view {:?}", self.table));
            let near = crate::arguments::nearest(&self.table, names.iter().map(String::as_str));
            let hint = near.map_or_else(
                || "`sql.tables` lists them".to_owned(),
                |near| format!("did you mean {near:?}?"),
            );
            return Err(Error { field: Some("table".into()), ..error }.hint(hint));
        }
        let table = self.table.strip_suffix("_versions").unwrap_or(&self.table);
        let known = by_name(table).map(|table| (table.fields)()).unwrap_or_default();
        let frame =
            context.table(self.table.as_str()).await.map_err(|error| Error::internal(error.to_string()))?;
        let items = frame.schema().fields().iter().map(|field| Column {
            name: field.name().clone(),
            data_type: athena_schemas::manual::type_name(field.data_type()),
            nullable: field.is_nullable(),
            meaning: known.iter().find(|one| one.name == field.name()).map(|one| one.doc.trim().to_owned()),
        });
        Ok(Columns { meaning: meaning(&self.table), items: items.collect(), table: self.table })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: json!({"table": "events"}) }]
    }
}

/// How a statement would be answered: its plan, without running it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Explain {
    /// The statement.
    sql: String,
}

/// Plans.
#[derive(Debug, Serialize, JsonSchema)]
struct Plans {
    items: Vec<Plan>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Plan {
    /// Such as `logical_plan` and `physical_plan`.
    kind: String,
    plan: String,
}

impl Operation for Explain {
    const TOOL: &'static str = "sql";
    const NAME: &'static str = "explain";
    const EFFECT: Effect = Effect::Read;
    type Result = Plans;

    async fn call(self, call: &Call) -> Result<Plans, Error> {
        let explained =
            answered(call, Statement { sql: format!("EXPLAIN {}", self.sql), ..of(call) }).await?;
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let plan = |row: Vec<Value>| Plan { kind: text(row.first()), plan: text(row.get(1)) };
        Ok(Plans { items: explained.rows.into_iter().map(plan).collect() })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: json!({"sql": "SELECT COUNT(*) FROM events"}) }]
    }
}

/// The newest versions of a table that are still kept on disk, with their times.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Versions {
    /// The table.
    table: String,
}

/// Versions.
#[derive(Debug, Serialize, JsonSchema)]
struct Kept {
    table: String,
    items: Vec<Version>,
    /// Whether older ones may be kept too.
    truncated: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Version {
    version: u64,
    at: Time,
}

impl Operation for Versions {
    const TOOL: &'static str = "sql";
    const NAME: &'static str = "versions";
    const EFFECT: Effect = Effect::Read;
    type Result = Kept;

    async fn call(self, call: &Call) -> Result<Kept, Error> {
        // How often a table changes is told of all projects together.
        call.caller.identity.must_see_all("the versions of a table are those of all projects")?;
        call.scope().await?;
        let table = named_table(&self.table)?;
        let versions = call.app.store.snapshot().versions(table, VERSIONS + 1).await?;
        let truncated = versions.len() as u64 > VERSIONS;
        let items = versions.into_iter().take(VERSIONS as usize).map(|(version, at)| Version { version, at });
        Ok(Kept { items: items.collect(), truncated, table: self.table })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: json!({"table": "events"}) }]
    }
}

/// A table by its name.
///
/// # Errors
/// `not_found`, with those that there are.
pub fn named_table(name: &str) -> Result<&'static Table, Error> {
    by_name(name).ok_or_else(|| {
        let error = Error::not_found(format!("there is no table {name:?}"));
        let names: Vec<_> = ALL.iter().map(|table| table.name).collect();
        Error { field: Some("table".into()), ..error }.hint(format!("there are {}", names.join(", ")))
    })
}

/// Gives a statement a name: from then on it is a view of this project, which other statements may name.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Save {
    /// The view's name: letters, digits and underscores.
    name: String,
    /// The statement.
    sql: String,
}

/// A view that was saved.
#[derive(Debug, Serialize, JsonSchema)]
struct Saved {
    id: String,
    /// Grows each time that the name is saved.
    version: Option<i64>,
    name: String,
    columns: Vec<ColumnType>,
    project: String,
    position: Option<Position>,
}

impl Operation for Save {
    const TOOL: &'static str = "sql";
    const NAME: &'static str = "save";
    const EFFECT: Effect = Effect::Write;
    type Result = Saved;

    async fn call(self, call: &Call) -> Result<Saved, Error> {
        let project = call.project()?;
        let scope = athena_store::Scope::Projects(vec![project.clone()]);
        let context = sql::session(&call.app, &scope).await?;
        if sql::names(&context).contains(&self.name) {
            let error = Error::conflict(format!("{:?} is a table or view of Athena's", self.name));
            return Err(Error { field: Some("name".into()), ..error }.hint("choose another name"));
        }
        call.caller.identity.must(Role::Write)?;
        // It must run as it is: what it lacks is told now, not by who uses it.
        let tried =
            Statement { sql: self.sql.clone(), limit: Some(1), project: Some(project.clone()), ..of(call) };
        let columns = answered(call, tried).await?.columns;
        let mut answer: Map<String, Value> = call.command(&self).await?;
        let position = answer.remove("position").and_then(|position| serde_json::from_value(position).ok());
        let version = answer.get("version").and_then(Value::as_i64);
        Ok(Saved { id: views::id(&self.name), version, name: self.name, columns, project, position })
    }

    fn examples() -> Vec<Example> {
        let statement =
            "SELECT session, COUNT(*) AS failures FROM events WHERE outcome = 'failure' GROUP BY session";
        let arguments = json!({"name": "failures_by_session", "sql": statement});
        vec![Example { setup: vec![recorded()], arguments }]
    }
}
