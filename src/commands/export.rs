//! `athena export`: a table or view, whole, in the order of its key.
//!
//! It is asked for page by page, each from where the one before ended, so neither side holds it all.

mod write;

use std::process::ExitCode;

use anyhow::Context;
use arrow::array::RecordBatch;
use athena_query::sql::value::value;
use athena_schemas::tables::{DERIVED, by_name};
use athena_schemas::wire::Sql;
use serde_json::Value;

use crate::args;
use crate::client::Client;
use crate::exit::usage;
use crate::out::Out;
use write::Writer;

/// Rows of a page. A server that gives fewer at once is asked more often.
const PAGE: usize = 20_000;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A table or view, such as events, memories or `memories_versions`.
    #[arg(long, default_value = "events")]
    table: String,
    #[arg(long, value_enum, default_value = "jsonl")]
    format: Format,
    /// Only rows of which this is true, such as "type = 'decision'".
    #[arg(long, value_name = "SQL")]
    filter: Option<String>,
    #[command(flatten)]
    pub client: args::Client,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Jsonl,
    Parquet,
    Csv,
    Arrow,
}

pub async fn run(client: &Client, args: &Args, out: Out) -> anyhow::Result<ExitCode> {
    if out.human && matches!(args.format, Format::Parquet | Format::Arrow) {
        return Err(usage("this format is not for terminals; write it to a file: athena export … > FILE"));
    }
    let key = key(&args.table)?;
    let mut writer: Option<Writer> = None;
    let mut after = None;
    loop {
        let (schema, rows) = client.table(&page(args, key, client.named_project(), after.as_deref())).await?;
        let writer = match &mut writer {
            Some(writer) => writer,
            none => none.insert(Writer::new(args.format, schema)?),
        };
        for batch in &rows {
            writer.write(batch)?;
        }
        match rows.iter().rfind(|batch| batch.num_rows() > 0) {
            Some(last) => after = Some(key_of_last(key, last)?),
            None => break,
        }
    }
    if let Some(writer) = writer {
        writer.finish()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The next rows after those of a key.
fn page(args: &Args, key: Key, project: Option<String>, after: Option<&[Value]>) -> Sql {
    let from = if after.is_some() { beyond(key, 1) } else { "TRUE".to_owned() };
    // The filter is the caller's own SQL, with the caller's own rights.
    let filter = args.filter.as_deref().unwrap_or("TRUE");
    // Rows without an id of their own may be the same, and are one then.
    let rows = if key.contains(&"id") || key == EVENTS { "*" } else { "DISTINCT *" };
    Sql {
        sql: format!(
            "SELECT {rows} FROM {} WHERE {from} AND ({filter}\n) ORDER BY {} LIMIT {PAGE}",
            args.table,
            key.join(", ")
        ),
        params: after.unwrap_or_default().to_vec(),
        limit: Some(PAGE),
        project,
        ..Sql::default()
    }
}

/// Whether a row comes after `$at`, `$(at + 1)`, … in the order of its key.
fn beyond(key: Key, at: usize) -> String {
    match key {
        [] => "FALSE".to_owned(),
        [last] => format!("{last} > ${at}"),
        [first, rest @ ..] => {
            format!("{first} >= ${at} AND ({first} > ${at} OR {})", beyond(rest, at + 1))
        }
    }
}

/// Columns that tell the rows of a table apart, and order them. None of them is ever null.
type Key = &'static [&'static str];

const EVENTS: Key = &["position"];

/// # Errors
/// What is no table or view of Athena's.
fn key(table: &str) -> anyhow::Result<Key> {
    let (name, versions) = match table.strip_suffix("_versions") {
        Some(name) => (name, true),
        None => (table, false),
    };
    let derived = DERIVED.iter().any(|table| table.name == name);
    match name {
        "events" => Ok(EVENTS),
        "evidence" => Ok(&["project", "kind", "item", "event"]),
        "run_stages" => Ok(&["run", "stage"]),
        "embeddings" => Ok(&["project", "kind", "id", "chunk", "model", "position"]),
        "audit" | "dead_letters" | "forgotten" => Ok(&["position", "id"]),
        "memories" | "records" | "tasks" | "goals" | "triggers" if versions => Ok(&["position", "id"]),
        "tasks" | "goals" | "triggers" => Ok(&["project", "id"]),
        _ if derived && versions => Ok(&["project", "id", "run"]),
        _ if by_name(name).is_some() => Ok(&["project", "id"]),
        _ => Err(usage(format!(
            "{table} is no table or view of Athena's; `athena sql` shows those that were saved"
        ))),
    }
}

fn key_of_last(key: Key, batch: &RecordBatch) -> anyhow::Result<Vec<Value>> {
    let last = batch.num_rows() - 1;
    let column = |name: &&str| {
        let column = batch.column_by_name(name).with_context(|| format!("the rows have no {name}"))?;
        Ok(value(column, last))
    };
    key.iter().map(column).collect()
}

#[cfg(test)]
mod tests {
    use athena_schemas::Row;
    use athena_schemas::tables::{ALL, Episode, Event};

    use super::*;
    use crate::exit::Usage;

    fn args(table: &str, filter: Option<&str>) -> Args {
        let filter = filter.map(str::to_owned);
        Args { table: table.into(), format: Format::Jsonl, filter, client: args::Client::default() }
    }

    #[test]
    fn pages_follow_the_key() {
        let first = page(&args("events", Some("type = 'x' -- mine")), EVENTS, None, None);
        let expected =
            "SELECT * FROM events WHERE TRUE AND (type = 'x' -- mine\n) ORDER BY position LIMIT 20000";
        assert_eq!((first.sql.as_str(), first.params.len()), (expected, 0));
        let row = Event { position: u64::MAX, ..Event::default() };
        let last = key_of_last(EVENTS, &Event::batch([&Event::default(), &row])).unwrap();
        assert_eq!(last, [Value::from(u64::MAX)]);
        let next = page(&args("events", None), EVENTS, None, Some(&last));
        assert!(next.sql.contains("WHERE position > $1 AND (TRUE\n)") && next.params == last);
        let versions = key("episodes_versions").unwrap();
        let episode =
            Episode { id: "ep-1".into(), project: "p".into(), run: "r".into(), ..Episode::default() };
        let last = key_of_last(versions, &Episode::batch([&episode])).unwrap();
        assert_eq!(last, ["p", "ep-1", "r"]);
        let next = page(&args("episodes_versions", None), versions, None, Some(&last));
        let beyond = "project >= $1 AND (project > $1 OR id >= $2 AND (id > $2 OR run > $3))";
        assert!(next.sql.contains(beyond) && next.sql.contains("ORDER BY project, id, run"), "{}", next.sql);
    }

    #[test]
    fn keys_are_never_null() {
        for table in ALL {
            let fields = (table.fields)();
            for key in [key(table.name), key(&format!("{}_versions", table.name))] {
                for column in key.unwrap() {
                    let field = fields.iter().find(|field| field.name == *column);
                    assert!(field.is_none_or(|field| !field.nullable), "{}: {column}", table.name);
                }
            }
        }
    }

    #[test]
    fn tables_are_named() {
        for table in ["", "events; SELECT 1", "a.b", "saved", "events, events"] {
            assert!(key(table).unwrap_err().is::<Usage>(), "{table}");
        }
    }
}
