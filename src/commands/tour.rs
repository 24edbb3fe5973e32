//! `athena tour`: six commands on the sample, run and explained, on a directory that is gone afterwards.

use std::process::ExitCode;

use anyhow::Context;
use console::style;

use super::{call, search, sql, status};
use crate::client::{Client, Missing};
use crate::config::{self, Flag};
use crate::out::Out;
use crate::sample;
use crate::settings::Settings;

pub async fn run(_: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    let out = out.for_people();
    let folder = tempfile::tempdir().context("make a directory")?;
    let directory = folder.path().join("athena-data").display().to_string();
    // Nothing of the user's own settings: the tour must not touch the user's own memory.
    let flags = [
        Flag { name: "--data", key: "data.dir", value: directory.into() },
        Flag { name: "--project", key: "client.project", value: sample::PROJECT.into() },
    ];
    let resolved = config::resolve(&flags, &[], None)?;
    let settings = Settings { config: resolved.typed()?, resolved };
    let client = Client::connect(&settings, Missing::Create).await?;
    let done = steps(&client, out).await;
    client.close().await;
    done?;
    out.line("")?;
    out.line("That was a directory of its own, and is gone. Your own history:")?;
    out.line(style("  athena import ~/.claude/projects").bold())?;
    out.line(style("  athena search \"what failed\"").bold())?;
    Ok(ExitCode::SUCCESS)
}

async fn steps(client: &Client, out: Out) -> anyhow::Result<()> {
    step(out, 1, "athena import examples", "Forty sessions of agents at work on a shop, a line an event.")?;
    let store = client.store().await.context("the tour serves its own directory")?;
    let imported = sample::fill(client, &store).await?;
    out.line(format!("{} events, and consolidated, as `athena serve` does by itself", imported.accepted))?;

    step(out, 2, &format!("athena search {LOST:?}"), "What agents said, did and got back, by its words.")?;
    search(client, out, LOST, 3).await?;

    step(out, 3, &format!("athena sql {TOOLS:?}"), "Everything is a table. Which tools fail most?")?;
    ask(client, out, TOOLS).await?;

    let why = "Sessions were cut into episodes. What was each about, and how did it end?";
    step(out, 4, &format!("athena sql {EPISODES:?}"), why)?;
    ask(client, out, EPISODES).await?;

    let why = "Tell it something: through the same log, and found as soon as the call returns.";
    step(out, 5, &format!("athena call memories remember content={DECISION:?} kind=decision"), why)?;
    let told = [&format!("content={DECISION}"), "kind=decision"];
    call::run(client, &call::Args::new("memories", "remember", &told), out).await?;
    search(client, out, "when do deploys go out", 1).await?;

    step(out, 6, "athena status", "What it holds, and how far it is.")?;
    status::run(client, out).await?;
    Ok(())
}

const LOST: &str = "why are jobs lost: database is locked";
const TOOLS: &str = "SELECT tool, COUNT(*) AS calls, COUNT(*) FILTER (WHERE outcome = 'failure') AS failed \
                     FROM events WHERE tool IS NOT NULL GROUP BY tool ORDER BY failed DESC, calls DESC LIMIT 5";
const EPISODES: &str =
    "SELECT title, events, failures, outcome FROM episodes ORDER BY failures DESC, id LIMIT 5";
const DECISION: &str = "Deploys go out on Tuesdays, never on Fridays";

async fn search(client: &Client, out: Out, words: &str, k: usize) -> anyhow::Result<()> {
    let args = search::Args { words: vec![words.to_owned()], k: Some(k), ..search::Args::default() };
    search::run(client, &args, out).await?;
    Ok(())
}

async fn ask(client: &Client, out: Out, statement: &str) -> anyhow::Result<()> {
    let statement = Some(statement.to_owned());
    sql::run(client, &sql::Args { statement, ..sql::Args::default() }, out).await?;
    Ok(())
}

fn step(out: Out, number: u8, command: &str, why: &str) -> std::io::Result<()> {
    out.line("")?;
    out.line(format!(
        "{} {}",
        style(format!("{number}.")).bold(),
        style(format!("$ {command}")).bold().cyan()
    ))?;
    out.line(style(format!("   {why}")).dim())?;
    out.line("")
}
