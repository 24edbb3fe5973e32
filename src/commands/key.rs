//! `athena key`: the master keys that the contents of sensitive memories are encrypted under.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use athena_query::sealing::{Look, MasterKey, Rotated, create};
use serde_json::json;

use crate::args::Reach;
use crate::client::{Client, Request};
use crate::config::Flag;
use crate::exit::FAILED;
use crate::out::Out;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make a key, and print it; or write it to a file that only you can read.
    Generate {
        /// The file, which must not be there yet.
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// Their ids, and how much each of them encrypts.
    List {
        #[command(flatten)]
        reach: Reach,
    },
    /// Put everything under a new key: one that is made in the file of keys, or the first that the variable or the
    /// command gives. One that was cut short is ended.
    Rotate {
        #[command(flatten)]
        reach: Reach,
    },
}

impl Args {
    pub fn flags(&self) -> Vec<Flag> {
        match &self.command {
            Command::Generate { .. } => vec![],
            Command::List { reach } | Command::Rotate { reach } => reach.flags(),
        }
    }
}

pub fn generate(to: Option<&PathBuf>, out: Out) -> anyhow::Result<ExitCode> {
    let key = MasterKey(rand::random());
    match to {
        None => out.line(key.text())?,
        Some(path) => {
            create(path, &[key]).with_context(|| format!("write {}", path.display()))?;
            match out.human {
                true => {
                    out.line(format!("key {} is in {}; keep a copy elsewhere", key.id(), path.display()))?
                }
                false => out.json(&json!({"id": key.id(), "file": path}))?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn list(client: &Client, out: Out) -> anyhow::Result<ExitCode> {
    let look: Look = client.get("/v1/keys").await?;
    if !out.human {
        out.json(&json!(look))?;
        return Ok(ExitCode::SUCCESS);
    }
    out.line(match &look.why {
        Some(why) => why.clone(),
        None => format!("keys are in {}", look.source),
    })?;
    let row = |key: &athena_query::sealing::KeyUse| {
        let state = match (key.here, key.newest) {
            (false, _) => "missing",
            (true, true) => "newest",
            (true, false) => "older",
        };
        vec![key.id.clone(), state.to_owned(), key.data_keys.to_string()]
    };
    out.table(&["key", "", "data keys"], &look.keys.iter().map(row).collect::<Vec<_>>())?;
    if look.unsealed > 0 {
        out.line(format!("{} sensitive memories are not encrypted yet: docs/safety.md", look.unsealed))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn rotate(client: &Client, out: Out) -> anyhow::Result<ExitCode> {
    let mut all: Option<Rotated> = None;
    loop {
        // Sent twice it would make two keys; a rotation that is begun is only gone on with.
        let path = Request::json("/v1/keys/rotate", &json!({"more": all.is_some()}))?;
        let request = Request { repeatable: all.is_some(), ..path };
        let step: Rotated = client.send(&request).await?.ok()?.json()?;
        let done = step.left == 0 || step.wrapped == 0;
        all = Some(match all {
            None => step,
            Some(before) => Rotated { made: before.made, wrapped: before.wrapped + step.wrapped, ..step },
        });
        if done {
            break;
        }
    }
    let all = all.context("rotate")?;
    if out.human {
        let made = if all.made { "a new key" } else { "the newest key" };
        out.line(format!("{} keys of data are under {made} now, {}", all.wrapped, all.newest))?;
        if all.missing.is_empty() && all.left == 0 {
            out.line("The older ones are needed for backups and topics from before, and for nothing else.")?;
        } else {
            out.line(format!(
                "missing: {}; `athena key list` says what is under them",
                all.missing.join(", ")
            ))?;
        }
    } else {
        out.json(&json!(all))?;
    }
    Ok(if all.missing.is_empty() && all.left == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}
