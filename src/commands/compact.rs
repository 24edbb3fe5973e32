//! `athena compact`: upkeep now, to the end, instead of step by step in the background.

use std::process::ExitCode;

use anyhow::{Context, bail};
use athena_store::{Location, Options, Store};
use serde_json::json;

use crate::node;
use crate::out::{Out, count};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The data directory, or s3://bucket/prefix. It may be in use.
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
}

pub async fn run(settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    let location = Location::parse(&settings.config.data.dir)?;
    if Store::kind(&location).await?.is_none() {
        bail!("{location} has no data yet; --data names another directory");
    }
    let store = Store::open(Options::new(location, None)).await.context("open the store")?;
    let options = node::maintenance(&settings.config).to_the_end();
    let mut rows = Vec::new();
    for table in store.all() {
        let name = table.table.name;
        let done = table.compact(&options).await.with_context(|| format!("compact {name}"))?;
        if !out.human {
            out.json(&json!({"table": name, "files_removed": done.fragments_removed, "files_added": done.fragments_added,
                             "versions_removed": done.versions_removed, "bytes_removed": done.bytes_removed, "seconds": done.seconds}))?;
        }
        rows.push(vec![
            name.to_owned(),
            format!("{} → {}", done.fragments_removed, done.fragments_added),
            count(done.versions_removed),
            count(done.bytes_removed),
            format!("{:.1}", done.seconds),
        ]);
    }
    if out.human {
        out.table(&["table", "files merged", "versions removed", "bytes freed", "seconds"], &rows)?;
    }
    Ok(ExitCode::SUCCESS)
}
