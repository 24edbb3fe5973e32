//! Writes down what was asked and answered: in batches, behind the answers, and never in their way.
//!
//! ```text
//! questions ─▶ bounded queue (full: dropped and counted) ─▶ batch ─▶ one commit of `accesses`
//! ```

use std::sync::Arc;
use std::time::Duration;

use athena_schemas::Row;
use athena_schemas::tables::Access;
use athena_store::Store;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::Result;

/// Rows that wait at most.
const QUEUE: usize = 10_000;
/// Rows of one commit at most, and how long its first one waits for the others.
const ROWS: usize = 2_000;
const AGE: Duration = Duration::from_millis(500);

/// Takes rows from a queue into the table `accesses`.
pub struct Accesses {
    store: Arc<Store>,
    rows: mpsc::Receiver<Access>,
}

impl Accesses {
    /// The queue's two ends.
    pub fn new(store: Arc<Store>) -> (mpsc::Sender<Access>, Self) {
        let (sender, rows) = mpsc::channel(QUEUE);
        (sender, Self { store, rows })
    }

    /// Writes until `stop`, and then what is in the queue. A batch that cannot be written is lost: it is told once, and
    /// nobody waits.
    pub async fn follow(mut self, stop: CancellationToken) {
        let mut stopped = false;
        while !stopped {
            let mut batch = Vec::new();
            tokio::select! {
                () = stop.cancelled() => {}
                count = self.rows.recv_many(&mut batch, ROWS) => if count == 0 { return },
            }
            tokio::select! {
                () = stop.cancelled() => stopped = true,
                () = tokio::time::sleep(AGE) => {}
            }
            while batch.len() < ROWS
                && let Ok(row) = self.rows.try_recv()
            {
                batch.push(row);
            }
            stopped &= self.rows.is_empty();
            if let Err(error) = self.write(&batch).await {
                warn!(%error, rows = batch.len(), "accesses not written, left out");
            }
        }
    }

    async fn write(&self, batch: &[Access]) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let staged = self.store.accesses.stage(vec![Access::batch(batch)]).await?;
        self.store.accesses.append(&staged).await?;
        debug!(rows = staged.rows, "accesses");
        Ok(())
    }
}
