//! Versions that are kept for whoever reads them longer than upkeep keeps old ones.

use std::collections::BTreeSet;

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
