//! `athena serve`: all roles in one process.

use std::process::ExitCode;

use athena_store::LogKind;
use console::style;
use serde_json::json;

use super::stop::Signals;
use crate::args::Roles;
use crate::client::Client;
use crate::node::{self, Node};
use crate::out::Out;
use crate::sample;
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub roles: Roles,
    /// Fill an empty data directory with a sample to look at.
    #[arg(long)]
    sample: bool,
}

pub async fn run(args: &Args, settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    let roles = node::Roles { ingest: true, consolidate: true, upkeep: true };
    let node = Node::start(&settings.config, roles).await?;
    if args.sample {
        add_sample(&node, settings, out).await?;
    }
    let stop = Signals::listen()?;
    tell(&node, out)?;
    until_told(node, stop).await
}

/// Fills the memory with the sample, unless it has something already.
async fn add_sample(node: &Node, settings: &Settings, out: Out) -> anyhow::Result<()> {
    let told = match node.store.applied().0.is_empty() {
        true => {
            let sample = sample::fill(&Client::of(node, settings)?, &node.store).await?;
            format!("sample: {} events in project {}, consolidated", sample.accepted, sample::PROJECT)
        }
        false => "sample: left out, as there is data already".to_owned(),
    };
    match out.human {
        true => out.line(told)?,
        false => eprintln!("athena: {told}"),
    }
    Ok(())
}

/// Runs until the process is told to stop, or a role fails.
pub async fn until_told(mut node: Node, stop: Signals) -> anyhow::Result<ExitCode> {
    let told = tokio::select! {
        () = stop.told() => Ok(()),
        error = node.ended() => Err(error),
    };
    let stopped = node.stop().await;
    told.and(stopped).map(|()| ExitCode::SUCCESS)
}

/// Where it is served, and what to do next.
pub fn tell(node: &Node, out: Out) -> std::io::Result<()> {
    let (url, data) = (node.url(), node.store.location.to_string());
    if !out.human {
        return out
            .json(&json!({"url": url, "data": data, "log": node.store.log, "pid": std::process::id()}));
    }
    let from = match node.store.log {
        LogKind::Embedded => "the embedded log",
        LogKind::Kafka => "Kafka",
    };
    out.line(format!("athena serves {data}, fed by {from}, at {}", style(url).bold()))?;
    out.line(style("Try, in another terminal:").dim())?;
    for line in [
        format!("curl -H 'content-type: application/json' -d '{{\"content\":\"hello\"}}' {url}/v1/events"),
        format!("athena search hello --server {url} --project default"),
        "athena import ~/.claude/projects      your own history".to_owned(),
    ] {
        out.line(format!("  {line}"))?;
    }
    out.line(style("Ctrl-C stops it; what was acknowledged is kept.").dim())
}
