//! Versions that are kept for whoever reads them longer than upkeep keeps old ones.

use std::collections::{BTreeSet, HashMap};

use lance::Dataset;
use lance::index::DatasetIndexExt;
use tracing::debug;

use crate::table::TableHandle;
use crate::{Error, Result, Snapshot, Store};

impl Store {
    /// Does work while every version of a snapshot is kept, under a name that nobody else uses. What dies meanwhile
    /// leaves them kept, until [`Store::unpin`].
    ///
    /// # Errors
    /// Those of the work; storage; a version that upkeep has removed already.
    pub async fn pinned<T, E: From<Error>>(
        &self,
        snapshot: &Snapshot,
        name: &str,
        work: impl Future<Output = std::result::Result<T, E>>,
    ) -> std::result::Result<T, E> {
        let done = match self.pin(snapshot, name).await {
            Ok(()) => work.await,
            Err(error) => Err(error.into()),
        };
        self.unpin(name).await?;
        done
    }

    async fn pin(&self, snapshot: &Snapshot, name: &str) -> Result<()> {
        for table in self.all() {
            let dataset = snapshot.dataset(table.table);
            match dataset.tags().create(name, dataset.version().version).await {
                Err(gone @ lance::Error::VersionNotFound { .. }) => {
                    let kept = pin_next(table, dataset, name).await?;
                    let kept = kept.ok_or(gone)?;
                    debug!(
                        table = table.table.name,
                        kept,
                        of = dataset.version().version,
                        "kept in place of it"
                    );
                }
                done => done?,
            }
        }
        Ok(())
    }

    /// Lets go of what a name keeps; nothing, if it keeps nothing.
    ///
    /// # Errors
    /// Storage.
    pub async fn unpin(&self, name: &str) -> Result<()> {
        for table in self.all() {
            let dataset = table.dataset();
            if dataset.tags().list().await?.contains_key(name) {
                dataset.tags().delete(name).await?;
            }
        }
        Ok(())
    }

    /// The names under which versions are kept.
    ///
    /// # Errors
    /// Storage.
    pub async fn pins(&self) -> Result<BTreeSet<String>> {
        let mut names = BTreeSet::new();
        for table in self.all() {
            names.extend(table.dataset().tags().list().await?.into_keys());
        }
        Ok(names)
    }
}

/// Keeps, in the place of a version that went early, the next one that is there: it has every file of it, unless more than
/// appends came between. Tells its number.
async fn pin_next(table: &TableHandle, of: &Dataset, name: &str) -> Result<Option<u64>> {
    let newest = table.newest().await?;
    let versions = newest.version_refs().await?.into_iter().map(|one| one.version);
    for version in versions.filter(|version| *version > of.version().version) {
        let Ok(next) = newest.checkout_version(version).await else { continue };
        if !has_files(&next, of).await? {
            return Ok(None);
        }
        match newest.tags().create(name, version).await {
            Err(lance::Error::VersionNotFound { .. }) => {}
            done => return Ok(done.map(|()| Some(version))?),
        }
    }
    Ok(None)
}

/// Whether a version has all fragments and indexes of an older one.
async fn has_files(newer: &Dataset, older: &Dataset) -> Result<bool> {
    let there: HashMap<u64, _> = newer.manifest().fragments.iter().map(|one| (one.id, one)).collect();
    let indexes: BTreeSet<_> = newer.load_indices().await?.iter().map(|one| one.uuid).collect();
    let fragments = older.manifest().fragments.iter().all(|one| there.get(&one.id) == Some(&one));
    Ok(fragments && older.load_indices().await?.iter().all(|one| indexes.contains(&one.uuid)))
}
