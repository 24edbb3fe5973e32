//! Up to where the events were looked at: a small file beside what this node derives.
//!
//! Everything before it has fired what it fires, in the log. So whichever node wrote it, it is true for all, and what
//! is looked at twice fires once. Where the file is lost, events of the last while are looked at again.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use athena_schemas::{Applied, Error, Partition, Time};
use athena_store::Scope;
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::warn;

use crate::App;
use crate::operations::objects;

const OFFSETS_SINCE: &str = include_str!("../../sql/offsets_since.sql");
const FILE: &str = "automation.json";
/// It is written so often at most.
const EVERY: Duration = Duration::from_millis(500);
/// Partitions that are asked for.
const PARTITIONS: usize = 10_000;

pub struct Progress {
    path: PathBuf,
    kept: Applied,
    kept_at: Instant,
}

impl Progress {
    /// What was kept in a folder, if anything was.
    pub fn open(folder: &Path) -> (Self, Option<Applied>) {
        let path = folder.join(FILE);
        let found = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).ok(),
            Err(error) => {
                if error.kind() != ErrorKind::NotFound {
                    warn!(%error, path = %path.display(), "progress of triggers not read");
                }
                None
            }
        };
        (Self { path, kept: Applied::default(), kept_at: Instant::now() }, found)
    }

    /// Keeps where it is now, unless it was done a moment ago. A kill of the process does not lose what was written.
    pub fn keep(&mut self, at: &Applied, last: bool) {
        if self.kept == *at || !(last || self.kept_at.elapsed() >= EVERY) {
            return;
        }
        let new = self.path.with_extension(std::process::id().to_string());
        let written = fs::write(&new, json!(at).to_string()).and_then(|()| fs::rename(&new, &self.path));
        match written {
            Ok(()) => (self.kept, self.kept_at) = (at.clone(), Instant::now()),
            Err(error) => warn!(%error, path = %self.path.display(), "progress of triggers not kept"),
        }
    }

    /// Whether there is something to keep.
    pub fn is_behind(&self, at: &Applied) -> bool {
        self.kept != *at
    }
}

/// Where to begin: as kept, but never beyond what the tables have; else where the log was so long ago.
///
/// # Errors
/// Storage.
pub async fn begin(
    app: &App,
    kept: Option<Applied>,
    applied: &Applied,
    look_back: Duration,
) -> Result<Applied, Error> {
    let mut from = applied.clone();
    if let Some(kept) = kept {
        for (partition, next) in &mut from.0 {
            *next = (*next).min(kept.get(partition).unwrap_or(0));
        }
        return Ok(from);
    }
    #[derive(Deserialize)]
    struct Row {
        log_topic: String,
        log_partition: i32,
        first: i64,
    }
    let since = Time::now().plus_micros(-i64::try_from(look_back.as_micros()).unwrap_or(i64::MAX));
    for row in objects(app, &Scope::All, OFFSETS_SINCE, &[json!(since)], PARTITIONS).await? {
        let row: Row = serde_json::from_value(Value::Object(row))
            .map_err(|error| Error::internal(format!("offsets: {error}")))?;
        if let Some(next) = from.0.get_mut(&Partition::new(row.log_topic, row.log_partition)) {
            *next = (*next).min(row.first);
        }
    }
    Ok(from)
}
