//! Rows on their way into tables, beside the stages that derive others. Nobody sees them before the run is published.

use std::sync::Arc;

use athena_schemas::Row;
use athena_store::Store;
use tokio::task::JoinSet;

use crate::{Error, Result};

/// Rows under way at most, beside those of one batch.
const ROWS: usize = 50_000;

pub struct Writes {
    store: Arc<Store>,
    under_way: JoinSet<Result<usize>>,
    rows: usize,
}

impl Writes {
    pub fn new(store: Arc<Store>) -> Self {
        Self { store, under_way: JoinSet::new(), rows: 0 }
    }

    /// Begins to write rows of a table, once there is room for them.
    ///
    /// # Errors
    /// Storage, for what was begun before.
    pub async fn begin<R: Row>(&mut self, rows: Vec<R>) -> Result<()> {
        while self.rows > 0 && self.rows + rows.len() > ROWS {
            self.next().await?;
        }
        self.rows += rows.len();
        let store = self.store.clone();
        self.under_way.spawn(async move {
            let (table, batch) = (store.of(R::TABLE), R::batch(&rows));
            drop(rows);
            let staged = table.stage(vec![batch]).await?;
            table.append(&staged).await?;
            Ok(staged.rows)
        });
        Ok(())
    }

    /// Waits until everything is written.
    ///
    /// # Errors
    /// Storage.
    pub async fn finish(&mut self) -> Result<()> {
        while !self.under_way.is_empty() {
            self.next().await?;
        }
        Ok(())
    }

    async fn next(&mut self) -> Result<()> {
        if let Some(written) = self.under_way.join_next().await {
            self.rows -= written.map_err(|error| Error::internal("a write", error))??;
        }
        Ok(())
    }
}
