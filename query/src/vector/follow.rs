//! Brings the vectors of a node up to the table.

use std::sync::Arc;
use std::time::Duration;

use athena_schemas::tables::Embedding;
use athena_schemas::{Error, Row, Time};
use athena_store::{Snapshot, Store};
use futures::TryStreamExt;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::VectorIndex;

const COLUMNS: [&str; 9] =
    ["project", "kind", "id", "chunk", "model", "text_hash", "vector", "tokens", "position"];
const LOOK: Duration = Duration::from_millis(10);
const RETRY: Duration = Duration::from_secs(1);

/// Follows the table until `stop`. Versions are those that this process knows: who follows the events
/// looks for newer ones. After each purge `purged` is called, for what else remembers texts.
pub async fn follow(
    index: Arc<VectorIndex>,
    store: Arc<Store>,
    purged: impl Fn() + Send + Sync,
    stop: CancellationToken,
) {
    let (mut last_fragment, mut swept_at) = (None, None);
    loop {
        let wait = tokio::select! {
            () = stop.cancelled() => return,
            step = step(&index, &store, &purged, &mut last_fragment, &mut swept_at) => match step {
                Ok(()) => LOOK,
                Err(error) => {
                    warn!(%error, "vectors not brought up to the table, trying again");
                    RETRY
                }
            },
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
            () = store.pace.further(), if wait == LOOK => {}
        }
    }
}

async fn step(
    index: &Arc<VectorIndex>,
    store: &Store,
    purged: impl Fn(),
    last_fragment: &mut Option<u64>,
    swept_at: &mut Option<Time>,
) -> Result<(), Error> {
    let told = store.pace.reached(index.model());
    let snapshot = store.snapshot();
    let (from, mut to) = (index.applied(), snapshot.applied_of(Embedding::TABLE).of(index.model()));
    if from.covers(&to) && from.covers(&told) {
        index.compare_with(&store.applied());
        let rewritten_at = snapshot.hidden().await?.rewritten_at;
        if rewritten_at > *swept_at {
            sweep(index, &snapshot).await?;
            store.forget_at_hand().await;
            purged();
            *swept_at = rewritten_at;
        }
        return Ok(());
    }
    let rows = snapshot.since(Embedding::TABLE, &from, &to, *last_fragment, &COLUMNS).await?;
    if let Some(mut rows) = rows {
        while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
            let index = index.clone();
            let take = move || -> Result<(), Error> {
                let taken = index.take(&Embedding::rows(&batch)?);
                taken.map_err(|error| Error::internal(format!("vector index: {error}")))
            };
            let taken = tokio::task::spawn_blocking(take).await;
            taken.map_err(|error| Error::internal(format!("vector index: {error}")))??;
        }
    }
    to.merge(&told);
    to.merge(&from);
    index.advance(to);
    index.compare_with(&store.applied());
    *last_fragment = snapshot.last_fragment(Embedding::TABLE);
    Ok(())
}

/// After a purge of the tables nothing is left here that is not in them.
async fn sweep(index: &Arc<VectorIndex>, snapshot: &Snapshot) -> Result<(), Error> {
    let there = snapshot.positions_of(Embedding::TABLE).await?;
    let index = index.clone();
    let swept = tokio::task::spawn_blocking(move || index.keep_only(&there)).await;
    let swept = swept.map_err(|error| Error::internal(format!("vector index: {error}")))?;
    let rows = swept.map_err(|error| Error::internal(format!("vector index: {error}")))?;
    info!(rows, "vectors taken out");
    Ok(())
}
