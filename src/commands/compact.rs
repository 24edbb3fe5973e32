//! `athena compact`: upkeep now, to the end, instead of step by step in the background.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use athena_store::{Location, Maintained, MaintenanceOptions, Options, Store, TableHandle};
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

/// Passes over one table, at most: each merges what the one before left.
const PASSES: usize = 100;
/// How often a pass that met another process's upkeep is tried again, and how long after.
const ATTEMPTS: usize = 5;
const PAUSE: Duration = Duration::from_millis(500);

pub async fn run(settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    let location = Location::parse(&settings.config.data.dir)?;
    if Store::kind(&location).await?.is_none() {
        bail!("{location} has no data yet; --data names another directory");
    }
    let store = Store::open(Options::new(location, None)).await.context("open the store")?;
    let options = MaintenanceOptions { min_fragments: 2, ..node::maintenance(&settings.config) };
    let mut rows = Vec::new();
    for table in store.all() {
        let done = compact(table, &options).await?;
        let name = table.table.name;
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

/// Passes until nothing changes.
async fn compact(table: &TableHandle, options: &MaintenanceOptions) -> anyhow::Result<Maintained> {
    let mut total = Maintained::default();
    for _ in 0..PASSES {
        let done = pass(table, options).await?;
        let changed = done.fragments_removed > 0;
        total.fragments_removed += done.fragments_removed;
        total.fragments_added += done.fragments_added;
        total.versions_removed += done.versions_removed;
        total.bytes_removed += done.bytes_removed;
        total.seconds += done.seconds;
        if !changed {
            break;
        }
    }
    Ok(total)
}

async fn pass(table: &TableHandle, options: &MaintenanceOptions) -> anyhow::Result<Maintained> {
    let mut attempt = 1;
    loop {
        match table.maintain(options, true).await {
            Ok(done) => return Ok(done),
            Err(_) if attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(error).with_context(|| format!("compact {}", table.table.name)),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
