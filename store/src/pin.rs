//! Versions that are kept for whoever reads them longer than upkeep keeps old ones.

use std::collections::BTreeSet;

use crate::{Result, Snapshot, Store};

impl Store {
    /// Keeps every version of a snapshot, under a name that nobody else uses, until [`Store::unpin`].
    ///
    /// # Errors
    /// Storage; a version that upkeep has removed already.
    pub async fn pin(&self, snapshot: &Snapshot, name: &str) -> Result<()> {
        for table in self.all() {
            let dataset = snapshot.dataset(table.table);
            dataset.tags().create(name, dataset.version().version).await?;
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
