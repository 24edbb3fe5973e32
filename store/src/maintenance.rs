//! Upkeep in the background: small files merged, indexes carried on, old versions removed.
//!
//! Fragments are merged in tiers, so that a row is rewritten about once a tier and not at every pass.
//! Indexes cover what the last tier has merged: merging below it never has to rewrite them, and the
//! rest, less than a last tier's worth, is scanned.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use lance::Dataset;
use lance::dataset::cleanup::{CleanupPolicy, RemovalStats};
use lance::dataset::optimize::{CompactionOptions, compact_files};
use lance::index::DatasetIndexExt;
use lance_index::IndexType;
use lance_index::optimize::OptimizeOptions;
use lance_index::scalar::ScalarIndexParams;
use lance_table::format::Fragment;
use tokio::time::timeout_at;
use tokio_util::task::TaskTracker;
use tracing::{debug, info, warn};

use crate::{Result, Store, TableHandle};

/// Merges of one tier in one pass, at most.
const STEPS: usize = 16;

/// Passes of a compaction over one table, at most: each merges what the one before left.
const PASSES: usize = 100;
/// How often a pass that met another process's upkeep is tried again, and how long after.
const ATTEMPTS: usize = 5;
const PAUSE: Duration = Duration::from_millis(500);

/// How long one look at the tables waits for runs of this process to end. Then it goes on beside them: reading gets slow
/// where a stream of writes is merged too late.
const GIVE_WAY: Duration = Duration::from_secs(5);

#[derive(Debug, Clone)]
pub struct MaintenanceOptions {
    /// Between two looks at the tables.
    pub every: Duration,
    /// Rows that merged fragments aim at, tier by tier.
    pub tiers: Vec<usize>,
    /// Fragments below a tier's rows that make it worth merging.
    pub min_fragments: usize,
    /// Fragments merged in one step: bounds how long one step takes.
    pub max_source_fragments: usize,
    /// How long superseded versions stay readable; those that nothing but an append followed, as a stream of writes
    /// leaves them.
    pub version_retention: Duration,
    pub append_retention: Duration,
    /// Between two removals of old versions.
    pub cleanup_every: Duration,
    /// Columns of `events` that get a BTREE index once the last tier has merged something.
    pub indexed: Vec<&'static str>,
}

impl Default for MaintenanceOptions {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(1),
            tiers: vec![10_000, 100_000, 1_000_000],
            min_fragments: 16,
            max_source_fragments: 256,
            version_retention: Duration::from_secs(120),
            append_retention: Duration::from_secs(10),
            cleanup_every: Duration::from_secs(30),
            indexed: vec!["position", "dedup"],
        }
    }
}

/// What one pass over a table did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Maintained {
    pub fragments_removed: usize,
    pub fragments_added: usize,
    pub versions_removed: u64,
    pub bytes_removed: u64,
    pub seconds: f64,
}

impl MaintenanceOptions {
    /// The same for upkeep to the end: any two small files are worth merging.
    pub fn to_the_end(&self) -> Self {
        Self { min_fragments: 2, ..self.clone() }
    }
}

impl Store {
    /// Keeps all tables in shape until `stop` ends. One process of a data location does this well; when
    /// several do, they lose time to each other's conflicts and nothing else.
    pub async fn keep_up(&self, options: MaintenanceOptions, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let mut cleaned = Instant::now();
        loop {
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(options.every) => {}
            }
            let cleanup = cleaned.elapsed() >= options.cleanup_every;
            let until = Instant::now() + GIVE_WAY;
            for table in self.all() {
                match table.pass(&options, cleanup, Some((&self.learning, until))).await {
                    Ok(done) if done == Maintained::default() => {}
                    Ok(done) => debug!(table = table.table.name, ?done, "maintained"),
                    Err(error) => warn!(table = table.table.name, %error, "not maintained, trying again"),
                }
            }
            if cleanup {
                cleaned = Instant::now();
            }
        }
    }
}

impl TableHandle {
    /// One bounded pass. Appends rebase over it, and readers keep the versions that they hold.
    pub async fn maintain(&self, options: &MaintenanceOptions, cleanup: bool) -> Result<Maintained> {
        self.pass(options, cleanup, None).await
    }

    /// Passes until nothing changes, for whoever does not wait for upkeep step by step.
    ///
    /// # Errors
    /// Storage; upkeep of another process that got in the way again and again.
    pub async fn compact(&self, options: &MaintenanceOptions) -> Result<Maintained> {
        let mut total = Maintained::default();
        for _ in 0..PASSES {
            let done = self.patient_pass(options).await?;
            total.fragments_removed += done.fragments_removed;
            total.fragments_added += done.fragments_added;
            total.versions_removed += done.versions_removed;
            total.bytes_removed += done.bytes_removed;
            total.seconds += done.seconds;
            if done.fragments_removed == 0 {
                break;
            }
        }
        Ok(total)
    }

    async fn patient_pass(&self, options: &MaintenanceOptions) -> Result<Maintained> {
        let mut attempt = 1;
        loop {
            match self.maintain(options, true).await {
                Err(_) if attempt < ATTEMPTS => attempt += 1,
                done => return done,
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Builds those indexes of columns anew that are there, each beside the old one, whose place it takes; gives the
    /// columns.
    ///
    /// # Errors
    /// Storage.
    pub async fn reindex(&self, options: &MaintenanceOptions) -> Result<Vec<&'static str>> {
        let mut dataset = self.patient().await?;
        let existing = dataset.load_indices().await?;
        let is_there = |column: &&&'static str| existing.iter().any(|index| index.name == index_of(column));
        let columns: Vec<&'static str> = options.indexed.iter().filter(is_there).copied().collect();
        for column in &columns {
            build_index(&mut dataset, column, true).await?;
        }
        self.refresh().await?;
        Ok(columns)
    }

    /// The same, which gives way to runs before each step, until a time.
    async fn pass(
        &self,
        options: &MaintenanceOptions,
        cleanup: bool,
        runs: Option<(&TaskTracker, Instant)>,
    ) -> Result<Maintained> {
        give_way(runs).await;
        let began = Instant::now();
        let versions_removed = self.thin(options.append_retention.min(options.version_retention)).await?;
        let mut done = Maintained { versions_removed, ..Maintained::default() };
        let mut dataset = self.patient().await?;
        for (tier, target) in options.tiers.iter().enumerate() {
            let last = tier + 1 == options.tiers.len();
            let mut merged = 0;
            for _ in 0..STEPS {
                let Some(excluded) = all_but_one_step(&dataset, *target, options) else { break };
                give_way(runs).await;
                let compaction = CompactionOptions {
                    target_rows_per_fragment: *target,
                    excluded_fragment_ids: excluded,
                    num_threads: Some(1),
                    ..CompactionOptions::default()
                };
                let metrics = compact_files(&mut dataset, compaction, None).await?;
                if metrics.fragments_added == 0 {
                    break;
                }
                merged += metrics.fragments_added;
                done.fragments_removed += metrics.fragments_removed;
                done.fragments_added += metrics.fragments_added;
            }
            if last && merged > 0 && self.table.name == "events" {
                carry_indices(&mut dataset, &options.indexed).await?;
            }
        }
        if cleanup {
            let removed = remove_superseded(&dataset, options.version_retention).await?;
            done.versions_removed += removed.old_versions;
            done.bytes_removed = removed.bytes_removed;
        }
        self.refresh().await?;
        if done != Maintained::default() {
            done.seconds = began.elapsed().as_secs_f64();
        }
        Ok(done)
    }
}

/// Waits until none of the runs goes on, or until a time: somebody may wait for a run, and nobody for a merge, which
/// would take half of the cores from it.
async fn give_way(runs: Option<(&TaskTracker, Instant)>) {
    if let Some((learning, until)) = runs {
        let _ = timeout_at(until.into(), learning.wait()).await;
    }
}

/// Removes the versions that were superseded so long ago. One that was made before that, and superseded since, may have
/// been taken up a moment ago by whoever reads a table that stood still.
async fn remove_superseded(dataset: &Dataset, retention: Duration) -> Result<RemovalStats> {
    let retention = TimeDelta::from_std(retention).unwrap_or(TimeDelta::MAX);
    let then = Utc::now().checked_sub_signed(retention).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let policy = CleanupPolicy {
        before_timestamp: Some(then),
        before_version: Some(newest_at(dataset, then).await?),
        error_if_tagged_old_versions: false,
        ..CleanupPolicy::default()
    };
    Ok(dataset.cleanup_with_policy(policy).await?)
}

/// The number of the version that was the newest at a time, of those that are there; 0 where none is so old.
async fn newest_at(dataset: &Dataset, time: DateTime<Utc>) -> Result<u64> {
    let newest = dataset.version();
    if newest.timestamp <= time {
        return Ok(newest.version);
    }
    let versions = dataset.version_refs().await?;
    let (mut old, mut young) = (0, versions.len());
    while old < young {
        let middle = old.midpoint(young);
        let version = dataset.checkout_version(versions[middle].version).await;
        match version.is_ok_and(|version| version.version().timestamp > time) {
            true => young = middle,
            false => old = middle + 1,
        }
    }
    Ok(old.checked_sub(1).map_or(0, |at| versions[at].version))
}

/// The fragments that the next step leaves alone; `None` when there is too little to merge. Lance's own
/// bound on source fragments drops a task that exceeds it instead of cutting it.
fn all_but_one_step(dataset: &Dataset, rows: usize, options: &MaintenanceOptions) -> Option<Vec<u32>> {
    let fragments = &dataset.manifest().fragments;
    let small = |fragment: &&Fragment| fragment.num_rows().is_some_and(|n| n < rows);
    if fragments.iter().filter(small).count() < options.min_fragments {
        return None;
    }
    let last = fragments.iter().filter(small).take(options.max_source_fragments).last()?.id;
    Some(fragments.iter().filter(|f| f.id > last).filter_map(|f| f.id.try_into().ok()).collect())
}

/// Makes the indexes that are missing, and takes in what they do not cover yet.
async fn carry_indices(dataset: &mut Dataset, columns: &[&'static str]) -> Result<()> {
    let existing = dataset.load_indices().await?;
    for column in columns {
        if existing.iter().all(|index| index.name != index_of(column)) {
            info!(column, "index is being built");
            build_index(dataset, column, false).await?;
        }
    }
    dataset.optimize_indices(&OptimizeOptions::append()).await?;
    Ok(())
}

fn index_of(column: &str) -> String {
    format!("{column}_idx")
}

async fn build_index(dataset: &mut Dataset, column: &str, replace: bool) -> Result<()> {
    let (name, parameters) = (index_of(column), ScalarIndexParams::default());
    dataset.create_index(&[column], IndexType::BTree, Some(name), &parameters, replace).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn upkeep_waits_for_runs_and_not_for_ever() {
        let learning = TaskTracker::new();
        learning.close();
        let hour = Instant::now() + Duration::from_secs(3600);
        give_way(Some((&learning, hour))).await;
        let (one, other) = (learning.token(), learning.token());
        give_way(Some((&learning, Instant::now()))).await;
        drop(one);
        let waiting = tokio::spawn({
            let learning = learning.clone();
            async move { give_way(Some((&learning, hour))).await }
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!waiting.is_finished());
        drop(other);
        waiting.await.unwrap();
    }
}
