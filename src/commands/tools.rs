//! `athena tools`: what can be called, with schemas and examples. docs/operations.md is written by it.

use std::process::ExitCode;

use anyhow::{Context, anyhow};
use athena_query::{Registry, manual};
use serde::Deserialize;
use serde_json::{Value, json};

use super::render;
use crate::args;
use crate::client::{Client, Missing};
use crate::config::Flag;
use crate::out::Out;
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only this tool.
    pub tool: Option<String>,
    /// Only this operation of it: its arguments, result and examples.
    pub operation: Option<String>,
    /// The manual of all operations.
    #[arg(long, conflicts_with_all = ["tool", "server"])]
    markdown: bool,
    /// What a running server has; without it what this binary has.
    #[arg(long, value_name = "URL")]
    server: Option<String>,
}

/// The answer of `GET /v1/tools`.
#[derive(Deserialize)]
struct Listing {
    tools: Vec<Tool>,
}

#[derive(Deserialize)]
struct Tool {
    name: String,
    operations: Vec<Value>,
}

impl Args {
    pub fn flags(&self) -> Vec<Flag> {
        args::flag("--server", "client.server", self.server.as_ref()).into_iter().collect()
    }
}

pub async fn run(args: &Args, settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    let own = Registry::whole();
    if args.markdown {
        out.raw(manual::markdown(&own).as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let listing: Listing = match args.server {
        Some(_) => Client::connect(settings, Missing::Refuse).await?.get("/v1/tools").await?,
        None => serde_json::from_value(own.listing()).context("list the operations")?,
    };
    let mut tools = listing.tools;
    if let Some(name) = &args.tool {
        tools.retain(|tool| tool.name == *name);
        let tool =
            tools.first().ok_or_else(|| own.tool(name).map_or_else(Into::into, |_| other_version()))?;
        if let Some(operation) = &args.operation {
            let found = tool.operations.iter().find(|one| one["name"] == operation.as_str());
            let absent = || own.find(name, operation).map_or_else(Into::into, |_| other_version());
            render::value(out, found.ok_or_else(absent)?)?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    listed(&tools, out)?;
    Ok(ExitCode::SUCCESS)
}

fn other_version() -> anyhow::Error {
    anyhow!("the server does not have it: it is of another version")
}

/// A line each operation.
fn listed(tools: &[Tool], out: Out) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for (tool, entry) in tools.iter().flat_map(|tool| tool.operations.iter().map(|one| (&tool.name, one))) {
        let text = |field: &str| entry[field].as_str().unwrap_or_default();
        let what = text("description").split_whitespace().collect::<Vec<_>>().join(" ");
        if !out.human {
            let (name, effect) = (&entry["name"], &entry["effect"]);
            out.json(&json!({"tool": tool, "operation": name, "effect": effect, "what": what}))?;
        }
        let effect = match text("effect") {
            "read" => "reads",
            "write" => "writes",
            _ => "takes away",
        };
        rows.push(vec![tool.clone(), text("name").to_owned(), effect.to_owned(), first_sentence(&what)]);
    }
    if out.human {
        out.table(&["tool", "operation", "", "what it does"], &rows)?;
    }
    Ok(())
}

fn first_sentence(text: &str) -> String {
    text.split_inclusive(". ").next().unwrap_or(text).trim_end().to_owned()
}
