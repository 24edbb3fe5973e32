//! Versions of a table that nothing but an append followed, made here: whatever they name, the next one names too.
//!
//! A stream of small writes makes a version with each, and whoever removes old versions reads all that are left, so that
//! what was kept for two minutes would be read over and over. Of these versions nothing is needed but their numbers: no file
//! is theirs alone, and no writer who read an older one has to know of rows that were appended since. They are removed
//! early, by their names.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use lance::Dataset;
use lance::dataset::refs::TagContents;
use lance_core::Result;
use object_store::path::Path;
use parking_lot::Mutex;

/// Those that are remembered, the newest: where nobody keeps up, as some roles do not, the list must not grow for ever.
/// Others are removed as all old versions are.
const MOST: usize = 10_000;

/// What this process appended to a table.
#[derive(Debug, Default)]
pub(crate) struct Appended(Mutex<Versions>);

#[derive(Debug, Default)]
struct Versions {
    /// The last one.
    last: Option<Version>,
    /// Those that an append followed, and when it did.
    superseded: VecDeque<(Version, Instant)>,
}

#[derive(Debug)]
struct Version {
    number: u64,
    manifest: Path,
    transaction: Option<Path>,
}

impl Appended {
    /// Takes note of a version that an append made.
    pub fn take(&self, dataset: &Dataset) {
        let made = Version::of(dataset);
        let mut versions = self.0.lock();
        let number = made.number;
        let last = versions.last.replace(made).filter(|last| last.number + 1 == number);
        versions.superseded.extend(last.map(|last| (last, Instant::now())));
        let more = versions.superseded.len().saturating_sub(MOST);
        versions.superseded.drain(..more);
    }

    /// Removes those that were superseded so long ago, and that nobody keeps by a tag. Tells how many.
    pub async fn thin(&self, dataset: &Dataset, retention: Duration) -> Result<u64> {
        let due: Vec<Version> = {
            let mut versions = self.0.lock();
            let due = versions.superseded.iter().take_while(|(_, at)| at.elapsed() >= retention).count();
            versions.superseded.drain(..due).map(|(version, _)| version).collect()
        };
        if due.is_empty() {
            return Ok(0);
        }
        let tags = dataset.tags().list().await?;
        let is_kept =
            |version: &Version| tags.values().any(|tag: &TagContents| tag.version == version.number);
        let store = dataset.object_store(None).await?;
        let mut removed = 0;
        for version in due.iter().filter(|version| !is_kept(version)) {
            for path in std::iter::once(&version.manifest).chain(&version.transaction) {
                match store.delete(path).await {
                    // Upkeep of another process was faster.
                    Err(error) if error.is_not_found() => {}
                    done => done?,
                }
            }
            removed += 1;
        }
        Ok(removed)
    }
}

impl Version {
    fn of(dataset: &Dataset) -> Self {
        let manifest = dataset.manifest_location().path.clone();
        let root = manifest.as_ref().rsplit_once("/_versions/").map(|(root, _)| root);
        let transaction = dataset.manifest().transaction_file.as_ref().zip(root);
        let transaction = transaction.map(|(file, root)| Path::from(format!("{root}/_transactions/{file}")));
        Self { number: dataset.version().version, manifest, transaction }
    }
}
