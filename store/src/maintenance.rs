//! Upkeep in the background: small files merged, indexes carried on, old versions removed.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use lance::dataset::optimize::{CompactionOptions, compact_files};
use lance::index::DatasetIndexExt;
use lance_index::IndexType;
use lance_index::optimize::OptimizeOptions;
use lance_index::scalar::ScalarIndexParams;

use crate::{Result, TableHandle};

#[derive(Debug, Clone)]
pub struct MaintenanceOptions {
    /// Fragments merged in one step: bounds how long one step takes.
    pub max_source_fragments: usize,
    /// Rows that a merged fragment aims at.
    pub target_rows: usize,
    /// How long superseded versions stay readable.
    pub version_retention: Duration,
    /// Columns that get a BTREE index once the table has `index_rows` rows.
    pub indexed: &'static [&'static str],
    pub index_rows: usize,
}

/// What one pass did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Maintained {
    pub fragments_removed: usize,
    pub fragments_added: usize,
    pub versions_removed: u64,
    pub bytes_removed: u64,
    pub seconds: f64,
}

impl TableHandle {
    /// One bounded pass. Appends rebase over it, and readers keep the versions that they hold.
    pub async fn maintain(&self, options: &MaintenanceOptions) -> Result<Maintained> {
        let began = Instant::now();
        let mut done = Maintained::default();
        let mut dataset = self.refresh().await?.as_ref().clone();
        if dataset.count_fragments() > 1 {
            let compaction = CompactionOptions {
                target_rows_per_fragment: options.target_rows,
                max_source_fragments: Some(options.max_source_fragments),
                num_threads: Some(1),
                ..CompactionOptions::default()
            };
            let metrics = compact_files(&mut dataset, compaction, None).await?;
            done.fragments_removed = metrics.fragments_removed;
            done.fragments_added = metrics.fragments_added;
        }
        let rows = dataset.count_rows(None).await?;
        if rows >= options.index_rows {
            self.carry_indices(&mut dataset, options).await?;
        }
        let retention = TimeDelta::from_std(options.version_retention).unwrap_or(TimeDelta::MAX);
        let removed = dataset.cleanup_old_versions(retention, None, None).await?;
        done.versions_removed = removed.old_versions;
        done.bytes_removed = removed.bytes_removed;
        self.refresh().await?;
        done.seconds = began.elapsed().as_secs_f64();
        Ok(done)
    }

    async fn carry_indices(&self, dataset: &mut lance::Dataset, options: &MaintenanceOptions) -> Result<()> {
        let existing = dataset.load_indices().await?;
        for column in options.indexed {
            let name = format!("{column}_idx");
            if existing.iter().any(|index| index.name == name) {
                continue;
            }
            dataset
                .create_index(&[column], IndexType::BTree, Some(name), &ScalarIndexParams::default(), false)
                .await?;
        }
        dataset.optimize_indices(&OptimizeOptions::append()).await?;
        Ok(())
    }
}
