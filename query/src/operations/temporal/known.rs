//! What was known when.

use std::collections::{BTreeMap, HashMap};

use athena_schemas::tables::{ALL, DERIVED};
use athena_schemas::{Error, Time};
use athena_store::At;
use datafusion::prelude::{SessionContext, col};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::operations::paging;
use crate::operations::records::page;
use crate::operations::sql::{Derived, count, counted};
use crate::registry::{Call, Effect, Example, Operation};
use crate::sql::{self, value};
use crate::{condition, time_args};

/// Rows of a table that are looked at.
const MOST: usize = 20_000;
/// Columns that only Athena itself reads.
const HIDDEN: [&str; 6] = ["dedup", "result", "changes", "key", "payload", "vector"];
/// Tables whose rows are compared between two times.
const COMPARED: [&str; 2] = ["memories", "facts"];
/// Columns that say where a row was written, and nothing of what is known.
const WRITTEN: [&str; 8] =
    ["run", "version", "position", "log_offset", "log_partition", "log_topic", "recorded_at", "evidence_at"];

/// Rows of a table as they were known at a time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AsOf {
    /// When: RFC 3339, or an age such as `7d`.
    at: String,
    /// A table or view of `sql.tables`.
    table: String,
    /// `{field: value | {op: value}}`.
    #[serde(default)]
    filter: Map<String, Value>,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// Rows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rows {
    table: String,
    at: Time,
    items: Vec<Map<String, Value>>,
    next_cursor: Option<String>,
    /// Whether only the first rows of the table were looked at.
    truncated: bool,
    projects: Vec<String>,
}

impl Operation for AsOf {
    const TOOL: &'static str = "temporal";
    const NAME: &'static str = "as_of";
    const EFFECT: Effect = Effect::Read;
    type Result = Rows;

    async fn call(self, call: &Call) -> Result<Rows, Error> {
        let (projects, scope) = call.scope().await?;
        let at = time_args::instant("at", &self.at, Time::now())?;
        let limit = paging::limit(self.limit)?;
        let table = ALL.into_iter().find(|table| table.name == self.table).ok_or_else(|| {
            Error::invalid("table", format!("there is no table {:?}", self.table))
                .hint("sql.tables lists them")
        })?;
        let fields = (table.fields)();
        let names: Vec<&str> =
            fields.iter().map(|field| field.name).filter(|name| !HIDDEN.contains(name)).collect();
        condition::check("filter", &self.filter, &names)?;
        let context = sql::own_session(&call.app, &scope, Some(&At::Time(at))).await?;
        let rows = rows(&context, table.name).await?;
        let truncated = rows.len() >= MOST;
        let kept = rows.into_iter().filter(|row| condition::holds(&self.filter, row)).collect();
        let (items, next_cursor) = page(kept, limit, self.cursor.as_deref())?;
        Ok(Rows { table: table.name.to_owned(), at, items, next_cursor, truncated, projects })
    }

    fn examples() -> Vec<Example> {
        let setup = vec![crate::operations::memories::set_up()];
        vec![
            Example {
                setup: setup.clone(),
                arguments: json!({"at": "0s", "table": "memories", "filter": {"kind": "decision"}}),
            },
            Example { setup, arguments: json!({"at": "1h", "table": "events"}) },
        ]
    }
}

/// The rows of a table, in the order of their ids, without what is null or hidden.
async fn rows(context: &SessionContext, table: &str) -> Result<Vec<Map<String, Value>>, Error> {
    let failed = |error: datafusion::error::DataFusionError| Error::from(athena_store::Error::from(error));
    let frame = context.table(table).await.map_err(failed)?;
    let has = |name: &str| frame.schema().fields().iter().any(|field| field.name() == name);
    let order: Vec<_> = ["project", "id"]
        .into_iter()
        .filter(|name| has(name))
        .map(|name| col(name).sort(true, false))
        .collect();
    let names: Vec<String> = frame.schema().fields().iter().map(|field| field.name().clone()).collect();
    let shown: Vec<&str> = names.iter().map(String::as_str).filter(|name| !HIDDEN.contains(name)).collect();
    let frame = frame.select_columns(&shown).map_err(failed)?.sort(order).map_err(failed)?;
    let batches = frame.limit(0, Some(MOST)).map_err(failed)?.collect().await.map_err(failed)?;
    Ok(batches.iter().flat_map(|batch| value::objects(batch).collect::<Vec<_>>()).collect())
}

/// What was learned, changed and forgotten between two times: memories and facts, and how many rows of everything that
/// is derived.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Diff {
    /// From when: RFC 3339, or an age such as `7d`.
    from: String,
    /// Until when; now when not said.
    #[serde(default)]
    to: Option<String>,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// Something that is known otherwise.
#[derive(Debug, Serialize, JsonSchema)]
struct Change {
    id: String,
    /// `memory` or `fact`.
    kind: &'static str,
    /// `learned`, `changed` or `forgotten`.
    change: &'static str,
    /// What it says; null of what is forgotten.
    content: Option<String>,
    /// What it said before, where it changed.
    before: Option<String>,
}

/// Rows of a derived table at both times.
#[derive(Debug, Serialize, JsonSchema)]
struct Counted {
    table: &'static str,
    from: usize,
    to: usize,
}

/// What is known otherwise.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Changes {
    from: Time,
    to: Time,
    items: Vec<Change>,
    next_cursor: Option<String>,
    derived: Vec<Counted>,
    projects: Vec<String>,
}

impl Operation for Diff {
    const TOOL: &'static str = "temporal";
    const NAME: &'static str = "diff";
    const EFFECT: Effect = Effect::Read;
    type Result = Changes;

    async fn call(self, call: &Call) -> Result<Changes, Error> {
        let (projects, scope) = call.scope().await?;
        let now = Time::now();
        let from = time_args::instant("from", &self.from, now)?;
        let to = time_args::optional("to", self.to.as_deref(), now)?.unwrap_or(now);
        if to < from {
            return Err(Error::invalid("to", "it ends before it begins"));
        }
        let limit = paging::limit(self.limit)?;
        let snapshot = call.app.store.snapshot();
        let old = snapshot.session(&scope, Some(&At::Time(from)), &call.app.sql).await?;
        // Now is as it is: nothing has to be left out.
        let until = self.to.is_some().then_some(At::Time(to));
        let new = snapshot.session(&scope, until.as_ref(), &call.app.sql).await?;
        let mut items = Vec::new();
        for table in COMPARED {
            let kind = if table == "facts" { "fact" } else { "memory" };
            items.extend(changes(kind, known(&old, table).await?, known(&new, table).await?));
        }
        let names: Vec<&str> = DERIVED.iter().map(|table| table.name).collect();
        let after = async {
            match until {
                Some(_) => count(&call.app, &new, &names).await,
                None => counted(&call.app, &snapshot, &new, &scope, &names, Derived::Now).await,
            }
        };
        let (before, after) = tokio::try_join!(count(&call.app, &old, &names), after)?;
        let derived = names.into_iter().map(|table| {
            let rows = |of: &HashMap<String, u64>| of.get(table).copied().unwrap_or_default() as usize;
            Counted { table, from: rows(&before), to: rows(&after) }
        });
        let derived = derived.collect();
        let (items, next_cursor) = page(items, limit, self.cursor.as_deref())?;
        Ok(Changes { from, to, items, next_cursor, derived, projects })
    }

    fn examples() -> Vec<Example> {
        let setup = vec![crate::operations::memories::set_up()];
        vec![Example { setup, arguments: json!({"from": "1h"}) }]
    }
}

/// What each row says, by project and id.
async fn known(
    context: &SessionContext,
    table: &str,
) -> Result<BTreeMap<(String, String), (String, String)>, Error> {
    let text = |row: &Map<String, Value>, name: &str| {
        row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let read = |mut row: Map<String, Value>| {
        let key = (text(&row, "project"), text(&row, "id"));
        let content = match row.contains_key("content") {
            true => text(&row, "content"),
            false => {
                format!("{} · {}: {}", text(&row, "subject"), text(&row, "attribute"), text(&row, "value"))
            }
        };
        WRITTEN.iter().for_each(|name| drop(row.remove(*name)));
        (key, (content, Value::Object(row).to_string()))
    };
    Ok(rows(context, table).await?.into_iter().map(read).collect())
}

type Known = BTreeMap<(String, String), (String, String)>;

fn changes(kind: &'static str, old: Known, mut new: Known) -> Vec<Change> {
    let mut changes = Vec::new();
    for ((project, id), (before, was)) in old {
        match new.remove(&(project, id.clone())) {
            None => changes.push(Change { id, kind, change: "forgotten", content: None, before: None }),
            Some((_, is)) if is == was => {}
            Some((content, _)) => {
                changes.push(Change {
                    id,
                    kind,
                    change: "changed",
                    content: Some(content),
                    before: Some(before),
                });
            }
        }
    }
    let learned = |((_, id), (content, _)): ((String, String), (String, String))| Change {
        id,
        kind,
        change: "learned",
        content: Some(content),
        before: None,
    };
    changes.extend(new.into_iter().map(learned));
    changes
}
