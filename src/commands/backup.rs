//! `athena backup` and `athena restore`: all tables at versions that belong together, copied and checked.
//!
//! Both are the same copy, from a place with data to one without. What marks a place as one of Athena's,
//! `athena.json`, is written last, so half a copy is never taken for a whole one.

use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use athena_store::{Location, Options, Snapshot, Store, TableHandle};
use serde_json::json;

use crate::out::{Out, count};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// A new directory, or s3://bucket/prefix.
    to: String,
    /// The data directory to copy. It may be in use.
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// The backup.
    from: String,
    /// The data directory to make; it must be new or empty.
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
}

/// What marks a place as one of Athena's.
const LAYOUT: &str = "athena.json";
/// Files of a directory that are not tables, and worth keeping.
const BESIDE: [&str; 2] = ["tokens.json", "athena.toml"];

pub async fn backup(args: &BackupArgs, settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    copy(&settings.config.data.dir, &args.to, out).await
}

pub async fn restore(args: &RestoreArgs, settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    copy(&args.from, &settings.config.data.dir, out).await
}

async fn copy(from: &str, to: &str, out: Out) -> anyhow::Result<ExitCode> {
    let (from, to) = (absolute(from)?, absolute(to)?);
    let layout = from.read(LAYOUT).await?.with_context(|| format!("{from} has no data of Athena's"))?;
    is_new(&to).await?;
    let store = Store::open(Options::new(from.clone(), None)).await.context("open the store")?;
    store.refresh().await?;
    let snapshot = store.snapshot();
    let mut rows = Vec::new();
    for table in store.all() {
        let copied = table_to(&snapshot, table, &to).await;
        rows.push((table.table.name, copied.with_context(|| format!("copy {}", table.table.name))?));
    }
    if let (Some(from), Some(to)) = (from.directory(), to.directory()) {
        for name in BESIDE.iter().filter(|name| from.join(name).is_file()) {
            std::fs::copy(from.join(name), to.join(name)).with_context(|| format!("copy {name}"))?;
        }
        sync(to).with_context(|| format!("sync {}", to.display()))?;
    }
    ensure!(to.create(LAYOUT, layout).await?, "{to} was made by another process meanwhile");
    check(&snapshot, &rows, &to).await?;
    for (name, rows) in &rows {
        if !out.human {
            out.json(&json!({"table": name, "rows": rows, "to": to.to_string()}))?;
        }
    }
    if out.human {
        let cells: Vec<_> = rows.iter().map(|(name, rows)| vec![(*name).to_owned(), count(*rows)]).collect();
        out.table(&["table", "rows"], &cells)?;
        out.line(format!("{from} as of {} is in {to}, and opens", snapshot.applied))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Copies one table at the snapshot's version, which is tagged meanwhile, so that upkeep keeps it.
/// Returns its rows.
async fn table_to(snapshot: &Snapshot, table: &TableHandle, to: &Location) -> anyhow::Result<u64> {
    let mut dataset = snapshot.dataset(table.table).as_ref().clone();
    let version = dataset.version().version;
    let tag = format!("copy-{}-{version}", std::process::id());
    dataset.tags().create(&tag, version).await?;
    let copied =
        dataset.deep_clone(&to.uri(&format!("tables/{}.lance", table.table.name)), version, None).await;
    dataset.tags().delete(&tag).await?;
    Ok(copied?.count_rows(None).await? as u64)
}

/// Opens the copy, and compares what it says with what was copied.
async fn check(snapshot: &Snapshot, rows: &[(&str, u64)], to: &Location) -> anyhow::Result<()> {
    let copy = Store::open(Options::new(to.clone(), None)).await.context("open the copy")?;
    ensure!(
        copy.applied() == snapshot.applied,
        "the copy is at {}, not {}",
        copy.applied(),
        snapshot.applied
    );
    for (table, (name, expected)) in copy.all().into_iter().zip(rows) {
        let found = snapshot.dataset(table.table).count_rows(None).await? as u64;
        ensure!(found == *expected, "the copy of {name} has {expected} rows, not {found}");
    }
    Ok(())
}

async fn is_new(to: &Location) -> anyhow::Result<()> {
    let taken = match to {
        Location::Directory(path) if path.exists() => path.read_dir()?.next().is_some(),
        Location::Directory(path) => {
            std::fs::create_dir_all(path).with_context(|| format!("make {}", path.display()))?;
            false
        }
        Location::Bucket(_) => to.read(LAYOUT).await?.is_some(),
    };
    match taken {
        true => bail!("{to} is not empty; name a new directory"),
        false => Ok(()),
    }
}

/// Tables are opened by their addresses, which must not depend on where this process stands.
fn absolute(text: &str) -> anyhow::Result<Location> {
    Ok(match Location::parse(text)? {
        Location::Directory(path) => Location::Directory(std::path::absolute(path)?),
        bucket => bucket,
    })
}

/// Waits until the disk has everything below.
fn sync(folder: &Path) -> std::io::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => sync(&entry.path())?,
            false => File::open(entry.path())?.sync_all()?,
        }
    }
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use athena_ingest::{Draft, EmbeddedLog, EmbeddedOptions, Log, Submission};
    use athena_schemas::vocabulary::Origin;
    use athena_store::LogKind;

    use super::*;

    async fn write(directory: &Path, contents: &[&str]) -> u64 {
        let location = Location::Directory(directory.into());
        let options = Options::new(location, Some(LogKind::Embedded));
        let store = std::sync::Arc::new(Store::open(options).await.unwrap());
        let (log, task) = EmbeddedLog::start(store.clone(), EmbeddedOptions::default()).await.unwrap();
        let log = Log::Embedded(log);
        for content in contents {
            let draft = Draft { content: Some((*content).to_owned()), ..Draft::default() };
            let submission = Submission { drafts: vec![draft], actor: "a".into(), origin: Origin::Cli };
            log.append(submission).await.unwrap();
        }
        drop(log);
        task.await.unwrap();
        store.events.dataset().count_rows(None).await.unwrap() as u64
    }

    #[tokio::test]
    async fn a_restored_memory_goes_on_where_the_backup_was() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let text = |name: &str| at(name).display().to_string();
        write(&at("data"), &["a", "b"]).await;
        std::fs::write(at("data").join("tokens.json"), "{}").unwrap();
        let out = Out::standard();
        copy(&text("data"), &text("backup"), out).await.unwrap();
        write(&at("data"), &["c"]).await;
        let again = copy(&text("data"), &text("backup"), out).await.unwrap_err();
        assert!(again.to_string().contains("is not empty"));
        copy(&text("backup"), &text("new"), out).await.unwrap();
        assert!(at("new").join("tokens.json").exists());
        assert_eq!(write(&at("new"), &["d"]).await, 3, "a, b and d");
        assert_eq!(write(&at("data"), &[]).await, 3, "a, b and c");
    }
}
