//! `athena schema`: what the tables are. docs/tables.md is written by it.

use std::process::ExitCode;

use athena_schemas::manual;
use athena_schemas::tables::ALL;
use serde_json::json;

use crate::out::Out;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only this table.
    pub table: Option<String>,
    /// The manual of all tables.
    #[arg(long, conflicts_with = "table")]
    markdown: bool,
}

pub fn run(args: &Args, out: Out) -> anyhow::Result<ExitCode> {
    if args.markdown {
        out.raw(manual::markdown().as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows = Vec::new();
    for table in ALL.iter().filter(|table| args.table.as_deref().is_none_or(|name| name == table.name)) {
        for field in (table.fields)() {
            let type_name = manual::type_name(&field.data_type);
            let meaning = field.doc.trim().to_owned();
            if !out.human {
                let (table, column) = (table.name, field.name);
                out.json(&json!({"table": table, "column": column, "type": type_name, "nullable": field.nullable, "meaning": meaning}))?;
            }
            rows.push(vec![table.name.to_owned(), field.name.to_owned(), type_name, meaning]);
        }
    }
    if rows.is_empty() {
        let names: Vec<_> = ALL.iter().map(|table| table.name).collect();
        anyhow::bail!("there is no such table; there are {}", names.join(", "));
    }
    if out.human {
        out.table(&["table", "column", "type", "meaning"], &rows)?;
    }
    Ok(ExitCode::SUCCESS)
}
