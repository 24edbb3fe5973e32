//! `athena backup` and `athena restore`: both are the same copy, from a place with data to one without.

use std::process::ExitCode;

use anyhow::Context;
use athena_store::{Copied, Location, Store};
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

pub async fn backup(args: &BackupArgs, settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    copy(&settings.config.data.dir, &args.to, out).await
}

pub async fn restore(args: &RestoreArgs, settings: &Settings, out: Out) -> anyhow::Result<ExitCode> {
    copy(&args.from, &settings.config.data.dir, out).await
}

async fn copy(from: &str, to: &str, out: Out) -> anyhow::Result<ExitCode> {
    let (from, to) = (Location::parse(from)?, Location::parse(to)?);
    let Copied { applied, rows } = Store::copy(&from, &to).await.with_context(|| format!("copy {from}"))?;
    if out.human {
        let cells: Vec<_> = rows.iter().map(|(name, rows)| vec![(*name).to_owned(), count(*rows)]).collect();
        out.table(&["table", "rows"], &cells)?;
        out.line(format!("{from} as of {applied} is in {to}, and opens"))?;
    } else {
        for (name, rows) in &rows {
            out.json(&json!({"table": name, "rows": rows, "to": to.to_string()}))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use athena_ingest::{Draft, EmbeddedLog, EmbeddedOptions, Log, Submission};
    use athena_schemas::vocabulary::Origin;
    use athena_store::{LogKind, Options};

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
        assert!(format!("{again:#}").contains("is not empty"));
        copy(&text("backup"), &text("new"), out).await.unwrap();
        assert!(at("new").join("tokens.json").exists());
        for name in ["data", "backup", "new"] {
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&at(name)), mode(&at(name).join("athena.json"))), (0o700, 0o600), "{name}");
        }
        assert_eq!(write(&at("new"), &["d"]).await, 3, "a, b and d");
        assert_eq!(write(&at("data"), &[]).await, 3, "a, b and c");
    }
}
