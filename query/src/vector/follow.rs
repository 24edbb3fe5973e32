//! Brings the vectors of a node up to the table.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use athena_schemas::tables::Embedding;
use athena_schemas::{Applied, Error, Row, Time};
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
    let _turn = index.turn.lock().await;
    let told = store.pace.reached(index.model());
    let snapshot = store.snapshot();
    let (from, to) = (index.applied(), snapshot.applied_of(Embedding::TABLE).of(index.model()));
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
    take(index, &snapshot, (&from, &to), *last_fragment).await?;
    advance(index, to, &told);
    index.compare_with(&store.applied());
    *last_fragment = snapshot.last_fragment(Embedding::TABLE);
    Ok(())
}

/// Takes the rows between two states of the table.
async fn take(
    index: &Arc<VectorIndex>,
    snapshot: &Snapshot,
    (from, to): (&Applied, &Applied),
    above: Option<u64>,
) -> Result<(), Error> {
    let rows = snapshot.since(Embedding::TABLE, from, to, above, &COLUMNS).await?;
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
    Ok(())
}

/// Everything up to `to` was taken, and up to `told` there is nothing to take.
fn advance(index: &VectorIndex, mut to: Applied, told: &Applied) {
    to.merge(told);
    to.merge(&index.applied());
    index.advance(to);
}

/// Has other slots take all that the table has, beside those that are searched, and puts them in their place.
///
/// # Errors
/// `conflict` while that is being done; storage. The slots that are there stay then.
pub async fn derive_anew(index: &Arc<VectorIndex>, store: &Store, directory: &Path) -> Result<(), Error> {
    let deriving = index.deriving.try_lock();
    let _deriving = deriving.map_err(|_| Error::conflict("vectors are being taken anew already"))?;
    let failed = |error: std::io::Error| Error::internal(format!("vector index: {error}"));
    let fresh = Arc::new(index.another(directory).map_err(failed)?);
    bring_up(&fresh, store).await?;
    let _turn = index.turn.lock().await;
    bring_up(&fresh, store).await?;
    let fresh = Arc::into_inner(fresh).ok_or_else(|| Error::internal("vectors are still being taken"))?;
    advance(&fresh, Applied::default(), &index.applied());
    index.become_like(fresh);
    // What was purged meanwhile was not looked for there.
    sweep(index, &store.snapshot()).await
}

/// Takes all that the table has, and up to where those who make vectors have come.
async fn bring_up(index: &Arc<VectorIndex>, store: &Store) -> Result<(), Error> {
    let told = store.pace.reached(index.model());
    let snapshot = store.snapshot();
    let (from, to) = (index.applied(), snapshot.applied_of(Embedding::TABLE).of(index.model()));
    take(index, &snapshot, (&from, &to), None).await?;
    advance(index, to, &told);
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
