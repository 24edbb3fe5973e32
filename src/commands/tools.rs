//! `athena tools`: what can be called, with schemas and examples. docs/operations.md is written by it.

use std::process::ExitCode;

use athena_query::{Effect, Registry, manual};
use serde_json::{Value, json};

use super::render;
use crate::out::Out;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only this tool.
    pub tool: Option<String>,
    /// Only this operation of it: its arguments, result and examples.
    pub operation: Option<String>,
    /// The manual of all operations.
    #[arg(long, conflicts_with = "tool")]
    markdown: bool,
}

pub fn run(args: &Args, out: Out) -> anyhow::Result<ExitCode> {
    let registry = Registry::whole();
    if args.markdown {
        out.raw(manual::markdown(&registry).as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    match (&args.tool, &args.operation) {
        (Some(tool), Some(operation)) => render::value(out, &json!(registry.find(tool, operation)?))?,
        (Some(tool), None) => {
            registry.tool(tool)?;
            listed(&registry, Some(tool), out)?;
        }
        _ => listed(&registry, None, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A line each operation.
fn listed(registry: &Registry, only: Option<&str>, out: Out) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for (tool, entries) in registry.tools().filter(|(tool, _)| only.is_none_or(|only| only == *tool)) {
        for entry in entries {
            let what = entry.description.split_whitespace().collect::<Vec<_>>().join(" ");
            if !out.human {
                let effect: Value = json!(entry.effect);
                out.json(&json!({"tool": tool, "operation": entry.name, "effect": effect, "what": what}))?;
            }
            let effect = match entry.effect {
                Effect::Read => "reads",
                Effect::Write => "writes",
                Effect::Remove => "takes away",
            };
            rows.push(vec![tool.to_owned(), entry.name.to_owned(), effect.to_owned(), first_sentence(&what)]);
        }
    }
    if out.human {
        out.table(&["tool", "operation", "", "what it does"], &rows)?;
    }
    Ok(())
}

fn first_sentence(text: &str) -> String {
    text.split_inclusive(". ").next().unwrap_or(text).trim_end().to_owned()
}
