//! `athena sql`: one statement, or a prompt.

mod prompt;
mod words;

use std::process::ExitCode;

use athena_schemas::wire::{Rows, Sql};
use console::style;
use serde_json::{Map, Value};

use crate::args;
use crate::client::{Client, Request};
use crate::out::{Out, cell, count};

#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// The statement; without one, a prompt.
    pub statement: Option<String>,
    /// table at a terminal, json lines (an object a row) in a pipe.
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Rows as they were known then: RFC 3339, or a position such as '{"local":{"0":42}}'.
    #[arg(long, value_name = "TIME|POSITION")]
    pub at: Option<String>,
    #[command(flatten)]
    pub client: args::Client,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Table,
    Json,
    Csv,
    Arrow,
}

pub async fn run(client: &Client, args: &Args, out: Out) -> anyhow::Result<ExitCode> {
    let format = args.format.unwrap_or(if out.human { Format::Table } else { Format::Json });
    let ask = |statement: &str| Sql {
        sql: statement.to_owned(),
        at: args.at.as_deref().map(moment),
        project: client.named_project(),
        ..Sql::default()
    };
    match &args.statement {
        Some(statement) => print(client, &ask(statement), format, out).await?,
        None => prompt::run(client, ask, format, out).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks and prints what comes back.
async fn print(client: &Client, sql: &Sql, format: Format, out: Out) -> anyhow::Result<()> {
    let media_type = match format {
        Format::Table => return Ok(table(out, &client.rows(sql).await?)?),
        Format::Json => return Ok(lines(out, &client.rows(sql).await?)?),
        Format::Csv => "text/csv",
        Format::Arrow => "application/vnd.apache.arrow.stream",
    };
    let request = Request::json("/v1/sql", sql)?.header("accept", media_type);
    Ok(out.raw(&client.send(&request).await?.ok()?.body)?)
}

fn table(out: Out, rows: &Rows) -> std::io::Result<()> {
    let names: Vec<&str> = rows.columns.iter().map(|column| column.name.as_str()).collect();
    let cells: Vec<Vec<String>> = rows.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    out.table(&names, &cells)?;
    let more = if rows.truncated { " (there are more)" } else { "" };
    let plural = if rows.rows.len() == 1 { "" } else { "s" };
    let told = format!("{} row{plural}{more}, {:.1} ms", count(rows.rows.len() as u64), rows.took_ms);
    out.line(style(told).dim())
}

fn lines(out: Out, rows: &Rows) -> std::io::Result<()> {
    for row in &rows.rows {
        let object: Map<String, Value> =
            rows.columns.iter().map(|column| column.name.clone()).zip(row.iter().cloned()).collect();
        out.json(&object)?;
    }
    if rows.truncated {
        eprintln!("athena: there are more rows; add a LIMIT, or `athena export`");
    }
    Ok(())
}

/// A position when it is an object, else a time.
fn moment(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(Value::Object(position)) => Value::Object(position),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn moments_are_times_or_positions() {
        assert_eq!(moment(r#"{"local":{"0":42}}"#), json!({"local": {"0": 42}}));
        assert_eq!(moment("2026-11-23T10:00:00Z"), json!("2026-11-23T10:00:00Z"));
        assert_eq!(moment("17"), json!("17"));
    }
}
