//! `athena export`: a table or view, whole, in the order of its key.
//!
//! It is asked for page by page, each from where the one before ended, so neither side holds it all.

mod write;

use std::process::ExitCode;

use anyhow::bail;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, UInt64Type};
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
    let mut writer: Option<Writer> = None;
    let mut after = None;
    loop {
        let page = client.batches(&page(args, client.named_project(), after.as_ref())?).await?;
        let last = page.iter().rfind(|batch| batch.num_rows() > 0);
        after = last.map(key_of_last).transpose()?;
        for batch in &page {
            let writer = match &mut writer {
                Some(writer) => writer,
                none => none.insert(Writer::new(args.format, batch.schema())?),
            };
            writer.write(batch)?;
        }
        if after.is_none() {
            break;
        }
    }
    if let Some(writer) = writer {
        writer.finish()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The next rows after a key.
fn page(args: &Args, project: Option<String>, after: Option<&Value>) -> anyhow::Result<Sql> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if args.table.is_empty() || !args.table.chars().all(word) {
        return Err(usage(format!("{} is not the name of a table", args.table)));
    }
    let key = key(&args.table);
    let from = if after.is_some() { format!("{key} > $1") } else { "TRUE".to_owned() };
    // The filter is the caller's own SQL, with the caller's own rights.
    let filter = args.filter.as_deref().unwrap_or("TRUE");
    Ok(Sql {
        sql: format!(
            "SELECT * FROM {} WHERE {from} AND ({filter}\n) ORDER BY {key} LIMIT {PAGE}",
            args.table
        ),
        params: after.cloned().into_iter().collect(),
        limit: Some(PAGE),
        project,
        ..Sql::default()
    })
}

/// What tells rows of a table apart, and orders them.
fn key(table: &str) -> &'static str {
    match table {
        "events" | "memories_versions" | "dead_letters" => "position",
        _ => "id",
    }
}

fn key_of_last(batch: &RecordBatch) -> anyhow::Result<Value> {
    let last = batch.num_rows() - 1;
    let column = |name| batch.column_by_name(name);
    if let Some(positions) = column("position").filter(|c| *c.data_type() == DataType::UInt64)
        && column("log_offset").is_some()
    {
        return Ok(positions.as_primitive::<UInt64Type>().value(last).into());
    }
    match column("id") {
        Some(ids) if *ids.data_type() == DataType::Utf8 => Ok(ids.as_string::<i32>().value(last).into()),
        _ => bail!("the table has no key to page by; use `athena sql --format arrow`"),
    }
}

#[cfg(test)]
mod tests {
    use athena_schemas::Row;
    use athena_schemas::tables::{Episode, Event};

    use super::*;
    use crate::exit::Usage;

    fn args(table: &str, filter: Option<&str>) -> Args {
        let filter = filter.map(str::to_owned);
        Args { table: table.into(), format: Format::Jsonl, filter, client: args::Client::default() }
    }

    #[test]
    fn pages_follow_the_key() {
        let first = page(&args("events", Some("type = 'x' -- mine")), None, None).unwrap();
        let expected =
            "SELECT * FROM events WHERE TRUE AND (type = 'x' -- mine\n) ORDER BY position LIMIT 20000";
        assert_eq!((first.sql.as_str(), first.params.len()), (expected, 0));
        let row = Event { position: u64::MAX, ..Event::default() };
        let key = key_of_last(&Event::batch([&Event::default(), &row])).unwrap();
        assert_eq!(key, Value::from(u64::MAX));
        let next = page(&args("events", None), None, Some(&key)).unwrap();
        assert!(next.sql.contains("WHERE position > $1 AND (TRUE\n)") && next.params == [key]);
        let episode = Episode { id: "ep-1".into(), ..Episode::default() };
        assert_eq!(key_of_last(&Episode::batch([&episode])).unwrap(), "ep-1");
    }

    #[test]
    fn tables_are_names() {
        for table in ["", "events; SELECT 1", "a.b"] {
            assert!(page(&args(table, None), None, None).unwrap_err().is::<Usage>());
        }
    }
}
