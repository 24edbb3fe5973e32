//! Brings the text index up to the tables, step by step.
//!
//! ```text
//! notice or look ─▶ snapshot ─▶ rows between two `applied` ─▶ documents ─▶ one commit of the index
//! ```
//!
//! What the index has is in its own commit: after a crash it goes on from there, and an index that was
//! lost is derived again from the beginning, while it answers from what it has so far. One that is there is derived again
//! beside itself, and answers until the other takes its place.

mod documents;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use athena_schemas::tables::Forgotten;
use athena_schemas::{Applied, Column, Error, Position, Row, Table, ids};
use athena_store::{Snapshot, Store};
use futures::TryStreamExt;
use parking_lot::RwLock;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, info, warn};

use crate::Options;
use crate::text::{
    self, Changes, Filter, Key, Moment, Opened, Payload, Statistics, TextHit, TextIndex, TextOptions,
};

/// Offsets of each partition that one commit of the index takes at most.
const STEP: i64 = 200_000;
/// Bytes of texts that are handed to the writer at once.
const STAGED_BYTES: usize = 16 << 20;
/// What is only in memory is kept on disk at least this often, or when it is so much.
const CHECKPOINT: Duration = Duration::from_secs(10);
const CHECKPOINT_BYTES: usize = 64 << 20;
/// After a step the follower rests as long as the step took, so that it takes half of a core at most.
const REST_MOST: Duration = Duration::from_millis(50);
/// From one step to the next, at least, unless somebody waits: a commit of the index costs about as much for one event as
/// for ten.
const APART: Duration = Duration::from_millis(100);
/// How long what was written last is still followed at the end.
const LAST: Duration = Duration::from_secs(1);
/// How often it is looked whether what was forgotten has been purged.
const LOOK: Duration = Duration::from_millis(500);
/// The wait after a step that failed, and the longest after several.
const RETRY: Duration = Duration::from_millis(100);
const RETRY_MOST: Duration = Duration::from_secs(5);
/// Steps that fail one after the other before the index is opened again.
const FAILURES: u32 = 4;
/// What the directory of an index is called with that is being derived, and of one that makes room for it.
const FRESH: &str = "fresh";
const ASIDE: &str = "aside";
/// Query nodes on one machine that may share a data directory.
const NODES: usize = 16;

/// What is known of the tables and of the index here.
#[derive(Clone)]
pub struct Follow {
    /// What the tables have, as far as this node has seen.
    pub seen: watch::Receiver<Applied>,
    /// What a search finds.
    pub found: watch::Receiver<Applied>,
    rebuilding: Arc<AtomicBool>,
    /// Somebody waits.
    wanted: Arc<Notify>,
}

impl Follow {
    /// Waits until [`seen`](Self::seen) or [`found`](Self::found) has `target`, at most so long; says whether it does.
    pub async fn wait(&self, one: &watch::Receiver<Applied>, target: &Position, most: Duration) -> bool {
        let mut one = one.clone();
        let covered = one.wait_for(|applied| {
            let covers = applied.covers(target);
            if !covers {
                self.wanted.notify_one();
            }
            covers
        });
        matches!(tokio::time::timeout(most, covered).await, Ok(Ok(_)))
    }

    /// Whether the index is being derived anew.
    pub fn is_rebuilding(&self) -> bool {
        self.rebuilding.load(Ordering::Relaxed)
    }
}

/// The text index of this node; another takes its place when it is damaged.
pub struct Index {
    directory: PathBuf,
    options: TextOptions,
    open: RwLock<Arc<TextIndex>>,
    /// Held while one is put in the place of another, and by whatever the follower does to one: what an index writes goes
    /// where its directory was.
    turn: Mutex<()>,
    /// Held while another is derived.
    deriving: Mutex<()>,
}

impl Index {
    pub fn get(&self) -> Arc<TextIndex> {
        self.open.read().clone()
    }

    /// What a filter lets through, away from the threads that answer: see [`TextIndex::list`].
    ///
    /// # Errors
    /// An index that cannot be read.
    pub async fn list(
        &self,
        filter: Filter,
        limit: usize,
        before: Option<Moment>,
    ) -> Result<Vec<TextHit>, Error> {
        let index = self.get();
        let listed = tokio::task::spawn_blocking(move || index.list(&filter, limit, before)).await;
        Ok(listed.map_err(|error| Error::internal(format!("list: {error}")))??)
    }

    fn new(directory: PathBuf, options: TextOptions, index: TextIndex) -> Self {
        let (turn, deriving) = Default::default();
        Self { directory, options, open: RwLock::new(Arc::new(index)), turn, deriving }
    }

    /// Derives another index from the tables, beside this one, which answers meanwhile; then it takes its place, with at
    /// least as much as this one has.
    ///
    /// # Errors
    /// `conflict` while one is being derived; storage. The index that is there goes on then.
    pub async fn derive_anew(self: &Arc<Self>, store: &Store) -> Result<Statistics, Error> {
        let deriving = self.deriving.try_lock();
        let _deriving = deriving.map_err(|_| Error::conflict("the text index is being derived already"))?;
        let (fresh, options) = (self.directory.with_extension(FRESH), self.options.clone());
        let open = move || {
            remove_whole(&fresh)?;
            TextIndex::open(&fresh, options)
        };
        let (index, _) = blocking(open).await?;
        let index = Arc::new(index);
        bring_up(&index, store).await?;
        let _turn = self.turn.lock().await;
        bring_up(&index, store).await?;
        let this = self.clone();
        let put = move || {
            index.checkpoint()?;
            drop(index);
            put_in_place(&this.directory)?;
            this.reopen()?;
            remove_whole(&this.directory.with_extension(ASIDE))?;
            this.get().statistics()
        };
        blocking(put).await
    }

    /// Opens it again; what is damaged is begun anew.
    fn reopen(&self) -> text::Result<Opened> {
        let (index, opened) = TextIndex::open(&self.directory, self.options.clone())?;
        *self.open.write() = Arc::new(index);
        Ok(opened)
    }
}

/// Where a node keeps what it derives.
pub fn folder(store: &Store, options: &Options) -> PathBuf {
    options.index_dir.clone().or_else(|| store.local("index")).unwrap_or_else(|| {
        let name = ids::short("athena-index-", &[&store.location.to_string()]);
        std::env::temp_dir().join(name)
    })
}

/// Opens the index of this node: in the folder that the options name, in the data directory, or for a
/// bucket in the system's folder for temporary files. Nodes that share a place each have their own.
///
/// # Errors
/// A folder that cannot be had.
pub async fn open_index(store: &Store, options: &Options) -> Result<(Index, bool), Error> {
    let base = folder(store, options);
    let text = TextOptions { writer_memory_bytes: options.writer_memory_bytes, ..TextOptions::default() };
    let open = move || {
        let mut held = None;
        for node in 0..NODES {
            let directory = base.join(if node == 0 { "text".into() } else { format!("text-{node}") });
            match TextIndex::open(&directory, text.clone()) {
                Ok((index, opened)) => {
                    if let Opened::Rebuilt { why } = &opened {
                        info!(directory = %directory.display(), why, "text index begun anew");
                    }
                    let rebuilt = matches!(opened, Opened::Rebuilt { .. });
                    // Of a derivation that was cut short.
                    [FRESH, ASIDE]
                        .iter()
                        .try_for_each(|name| remove_whole(&directory.with_extension(name)))?;
                    return Ok((Index::new(directory, text, index), rebuilt));
                }
                Err(error @ text::Error::Held(_)) => held = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        Err(held.expect("there is at least one try").into())
    };
    tokio::task::spawn_blocking(open)
        .await
        .map_err(|error| Error::internal(format!("text index: {error}")))?
}

/// Where a follower runs, and until when.
pub struct Place<'a> {
    pub tasks: &'a TaskTracker,
    pub background: Handle,
    pub stop: CancellationToken,
}

/// Follows the tables until `stop`: after each notice, and, where others write, after each look.
pub fn start(
    store: Arc<Store>,
    (index, rebuilt): (Arc<Index>, bool),
    notices: Option<watch::Receiver<Applied>>,
    poll: Option<Duration>,
    place: Place<'_>,
) -> Follow {
    let (seen_to, seen) = watch::channel(store.applied());
    let (found_to, found) = watch::channel(index.get().payload().applied.clone());
    let rebuilding = Arc::new(AtomicBool::new(rebuilt && !store.applied().0.is_empty()));
    let wanted = Arc::new(Notify::new());
    let follow = Follow { seen, found, rebuilding: rebuilding.clone(), wanted: wanted.clone() };
    let follower = Follower { store, index, poll, seen: seen_to, found: found_to, rebuilding, wanted };
    place.tasks.spawn_on(follower.run(notices, place.stop), &place.background);
    follow
}

struct Follower {
    store: Arc<Store>,
    index: Arc<Index>,
    poll: Option<Duration>,
    seen: watch::Sender<Applied>,
    found: watch::Sender<Applied>,
    rebuilding: Arc<AtomicBool>,
    wanted: Arc<Notify>,
}

impl Follower {
    async fn run(self, mut notices: Option<watch::Receiver<Applied>>, stop: CancellationToken) {
        let mut failures = 0;
        let mut kept = Instant::now();
        loop {
            let mut step = Box::pin(self.catch_up());
            let step = tokio::select! {
                biased;
                () = stop.cancelled() => {
                    // What was written last need not wait for the next start, and a step that is under way comes to its
                    // end: what it has staged would be staged again by another.
                    let _ = tokio::time::timeout(LAST, step).await;
                    return self.keep().await;
                }
                step = &mut step => step,
            };
            let fresh = self.index.get().fresh_bytes();
            if fresh > CHECKPOINT_BYTES || (fresh > 0 && kept.elapsed() >= CHECKPOINT) {
                self.keep().await;
                kept = Instant::now();
            }
            let keep = (fresh > 0).then(|| CHECKPOINT.saturating_sub(kept.elapsed()));
            let wait = match step {
                Ok(()) => {
                    failures = 0;
                    // Nobody tells that a purge has rewritten the tables.
                    self.poll.or(self.store.has_forgotten().then_some(LOOK))
                }
                Err(error) => {
                    failures += 1;
                    warn!(%error, failures, "text index not brought up to the tables, trying again");
                    self.mend(failures).await;
                    Some((RETRY * 2_u32.pow(failures.min(6))).min(RETRY_MOST))
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = sleep(wait) => {}
                () = sleep(keep) => {}
                () = noticed(&mut notices), if failures == 0 => {}
            }
        }
    }

    /// Keeps on disk what is only in memory. If that fails it is derived again after a crash.
    async fn keep(&self) {
        let _turn = self.index.turn.lock().await;
        let index = self.index.get();
        if let Err(error) = blocking(move || index.checkpoint()).await {
            warn!(%error, "text index not kept on disk");
        }
    }

    /// Reads what is new in the tables until there is nothing.
    async fn catch_up(&self) -> Result<(), Error> {
        if self.poll.is_some() {
            self.store.refresh().await?;
        }
        loop {
            let turn = self.index.turn.lock().await;
            let snapshot = self.store.snapshot();
            self.seen.send_replace(snapshot.applied.clone());
            let index = self.index.get();
            let payload = index.payload();
            if payload.applied.covers(&snapshot.applied) {
                self.rebuilding.store(false, Ordering::Relaxed);
                return expunge(&index, &snapshot, &payload).await;
            }
            let began = Instant::now();
            let step = step(&index, &snapshot, &payload).await;
            // What was staged of a step that failed is staged again by the next.
            let applied = step.inspect_err(|_| index.discard())?;
            debug!(%applied, "text index");
            self.found.send_replace(applied);
            drop(turn);
            tokio::time::sleep(began.elapsed().min(REST_MOST)).await;
            tokio::select! {
                () = tokio::time::sleep(APART.saturating_sub(began.elapsed())) => {}
                () = self.wanted.notified() => {}
            }
        }
    }

    /// An index that fails again and again is opened anew.
    async fn mend(&self, failures: u32) {
        if !failures.is_multiple_of(FAILURES) {
            return;
        }
        let index = self.index.clone();
        match tokio::task::spawn_blocking(move || index.reopen()).await {
            Ok(Ok(Opened::Rebuilt { why })) => {
                warn!(why, "text index begun anew");
                self.rebuilding.store(true, Ordering::Relaxed);
                self.found.send_replace(Applied::default());
            }
            Ok(Ok(Opened::Ready { payload })) => drop(self.found.send_replace(payload.applied)),
            Ok(Err(error)) => warn!(%error, "text index not opened again"),
            Err(error) => warn!(%error, "text index not opened again"),
        }
    }
}

/// Has an index take all that the tables have, for whoever does not answer from it yet.
async fn bring_up(index: &Arc<TextIndex>, store: &Store) -> Result<(), Error> {
    loop {
        let (snapshot, payload) = (store.snapshot(), index.payload());
        if payload.applied.covers(&snapshot.applied) {
            return expunge(index, &snapshot, &payload).await;
        }
        step(index, &snapshot, &payload).await?;
        if index.fresh_bytes() > CHECKPOINT_BYTES {
            let index = index.clone();
            blocking(move || index.checkpoint()).await?;
        }
    }
}

/// Puts the directory of an index that was derived in the place of another's, whose files go on to be read where they are
/// open.
fn put_in_place(directory: &Path) -> text::Result<()> {
    let aside = directory.with_extension(ASIDE);
    remove_whole(&aside)?;
    std::fs::rename(directory, &aside)?;
    let put = std::fs::rename(directory.with_extension(FRESH), directory);
    if put.is_err() {
        std::fs::rename(&aside, directory)?;
    }
    Ok(put?)
}

fn remove_whole(directory: &Path) -> text::Result<()> {
    match std::fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// After a purge of the tables nothing of what was removed is left in the files of the index.
async fn expunge(index: &Arc<TextIndex>, snapshot: &Snapshot, payload: &Payload) -> Result<(), Error> {
    let rewritten_at = snapshot.hidden().await?.rewritten_at;
    if rewritten_at <= payload.expunged_at {
        return Ok(());
    }
    let payload = Payload { expunged_at: rewritten_at, ..payload.clone() };
    let index = index.clone();
    blocking(move || index.expunge(payload)).await?;
    info!("text index expunged");
    Ok(())
}

/// One commit of the index: what was applied after `payload`, within bounds.
async fn step(index: &Arc<TextIndex>, snapshot: &Snapshot, payload: &Payload) -> Result<Applied, Error> {
    let from = &payload.applied;
    let mut to = snapshot.applied.clone();
    for (partition, next) in &mut to.0 {
        *next = (*next).min(from.get(partition).unwrap_or(0).saturating_add(STEP));
    }
    let mut last_fragment = payload.last_fragment.clone();
    for table in documents::TABLES {
        let above = last_fragment.get(table.name).copied().flatten();
        stage(index, snapshot, table, from, &to, above).await?;
        if to == snapshot.applied {
            last_fragment.insert(table.name.to_owned(), snapshot.last_fragment(table));
        }
    }
    forget(index, snapshot, from, &to).await?;
    let payload = Payload { applied: to.clone(), last_fragment, ..payload.clone() };
    let index = index.clone();
    blocking(move || index.commit(payload)).await?;
    Ok(to)
}

/// Takes away the events that were forgotten since.
async fn forget(
    index: &Arc<TextIndex>,
    snapshot: &Snapshot,
    from: &Applied,
    to: &Applied,
) -> Result<(), Error> {
    let rows = snapshot.since(Forgotten::TABLE, from, to, None, &["positions"]).await?;
    let Some(mut rows) = rows else { return Ok(()) };
    while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
        let positions = (0..batch.num_rows()).flat_map(|row| <Vec<u64>>::read(batch.column(0), row));
        let remove = positions.map(|position| Key::Event { position }).collect();
        let index = index.clone();
        blocking(move || index.stage(Changes { add: vec![], remove })).await?;
    }
    Ok(())
}

async fn stage(
    index: &Arc<TextIndex>,
    snapshot: &Snapshot,
    table: &'static Table,
    from: &Applied,
    to: &Applied,
    above: Option<u64>,
) -> Result<(), Error> {
    let columns = documents::columns(table);
    let rows = snapshot.since(table, from, to, above, columns).await?;
    let Some(mut rows) = rows else { return Ok(()) };
    while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
        for piece in pieces(&batch) {
            let index = index.clone();
            blocking(move || index.stage(documents::changes(table, &piece))).await?;
        }
    }
    Ok(())
}

/// The batch in pieces of bounded size.
fn pieces(batch: &RecordBatch) -> Vec<RecordBatch> {
    let count = (batch.get_array_memory_size() / STAGED_BYTES + 1).min(batch.num_rows().max(1));
    let rows = batch.num_rows().div_ceil(count).max(1);
    let starts = (0..batch.num_rows()).step_by(rows);
    starts.map(|at| batch.slice(at, rows.min(batch.num_rows() - at))).collect()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> text::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Error::internal(format!("text index: {error}")))?.map_err(Error::from)
}

async fn sleep(wait: Option<Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait).await,
        None => std::future::pending().await,
    }
}

async fn noticed(notices: &mut Option<watch::Receiver<Applied>>) {
    if let Some(receiver) = notices
        && receiver.changed().await.is_ok()
    {
        return;
    }
    // Whoever told has ended.
    *notices = None;
    std::future::pending().await
}
