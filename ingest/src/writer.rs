//! The one writer of the tables: decides a batch, commits dead letters, state and the audit side by side, then
//! `events`.
//!
//! A refused commit means that another writer took the range: what is left is decided anew. A commit
//! whose end is not known is looked up, never repeated blindly.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::RecordBatch;
use athena_schemas::tables::{Audit, DeadLetter, Event, Forgotten, Memory, Record};
use athena_schemas::{Applied, Claim, Partition, Row, Time, audit, position};
use athena_store::{Staged, Store, TableHandle};
use futures::TryStreamExt;
use tokio::sync::watch;
use tracing::{debug, info, warn};

use crate::apply::State;
use crate::batch::{self, Answered, Batch, Decided};
use crate::window::{Keys, Window};
use crate::{Error, Result, state};

/// How often a batch is trimmed and tried again before its writer gives up on it.
const ATTEMPTS: usize = 20;
/// How often rows are asked for that only loaded rows name: the longest chain that a command follows, and some.
const MOST_STEPS: usize = 110;

#[derive(Debug, Clone)]
pub struct WriterOptions {
    /// Keys of the window of duplicates.
    pub dedup_window: usize,
    /// State rows kept between batches.
    pub state_rows: usize,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self { dedup_window: 1_000_000, state_rows: 100_000 }
    }
}

/// What became of a batch.
#[derive(Debug, Default)]
pub struct Written {
    pub events: usize,
    pub dead_letters: usize,
    /// Packed positions of events that were there already.
    pub duplicates: Vec<u64>,
    pub answers: Vec<Answered>,
    /// Partitions that must be read again from an offset: the batch skipped something there.
    pub gaps: Vec<(Partition, i64)>,
    /// Partitions of which another writer took a part.
    pub lost: usize,
}

pub struct Writer {
    store: Arc<Store>,
    window: Window,
    state: State,
    options: WriterOptions,
    topics: Vec<String>,
    /// Up to where the window knows each partition: others may have gone on from there.
    known: Applied,
    /// The largest log time that others gave, by partition: what follows is never earlier.
    floors: BTreeMap<Partition, Time>,
    /// The newest purge that the rows of state at hand know of.
    purged_at: Option<Time>,
    commits: watch::Sender<Applied>,
}

impl Writer {
    /// Rebuilds the window from the newest events. `topics` are those that this writer will number.
    pub async fn open(store: Arc<Store>, topics: &[String], options: WriterOptions) -> Result<Self> {
        store.refresh().await?;
        let known = store.applied();
        let window = state::load_window(&store, options.dedup_window).await?;
        let topics = store.events.topics_with(topics.iter().map(String::as_str));
        let (commits, _) = watch::channel(store.applied());
        info!(window = window.len(), applied = %store.applied(), "writer open");
        let (state, floors) = (State::default(), BTreeMap::new());
        let purged_at = None;
        Ok(Self { store, window, state, options, topics, known, floors, purged_at, commits })
    }

    /// Tells what is applied after each commit.
    pub fn commits(&self) -> watch::Receiver<Applied> {
        self.commits.subscribe()
    }

    /// The number of a topic in packed positions.
    pub fn topic_number(&self, topic: &str) -> Option<u8> {
        self.topics.iter().position(|known| known == topic)?.try_into().ok()
    }

    /// Writes a batch. When it returns, all of it is durable and visible, by this writer or another; the
    /// batch has lost what others wrote.
    ///
    /// # Errors
    /// Storage; then nothing of the batch is visible, and it may be written again after `recover`.
    pub async fn write(&mut self, batch: &mut Batch) -> Result<Written> {
        let mut written = Written::default();
        for _ in 0..ATTEMPTS {
            if batch.is_empty() {
                return Ok(written);
            }
            self.take_in(batch).await?;
            let mut decided = self.decide(batch).await?;
            let inserted = decided.inserted;
            match self.commit(batch, &decided).await {
                Ok(()) => {
                    for (partition, (_, to)) in &batch.ranges {
                        self.known.set(partition.clone(), *to);
                    }
                    written.events += decided.inserted;
                    written.dead_letters += batch.dead_letters.len();
                    written.duplicates.append(&mut decided.duplicates);
                    written.answers.append(&mut decided.answers);
                    self.commits.send_replace(self.store.applied());
                    return Ok(written);
                }
                Err(Error::Store(athena_store::Error::Refused(refused))) => {
                    info!(%refused, "another writer was faster");
                    self.window.take_back(inserted);
                    self.resume().await?;
                    let partitions = batch.ranges.len();
                    written.gaps.extend(batch.trim(&self.store.applied()));
                    written.lost += partitions - batch.ranges.len();
                }
                Err(error) => {
                    self.window.take_back(inserted);
                    self.state.clear();
                    return Err(error);
                }
            }
        }
        Err(Error::Contended)
    }

    /// Opens the tables anew after an error, so that `applied` is what storage says.
    pub async fn recover(&mut self) -> Result<Applied> {
        for table in self.store.all() {
            table.reopen().await?;
        }
        self.store.drop_unapplied().await?;
        let applied = self.store.applied();
        self.window = state::load_window(&self.store, self.options.dedup_window).await?;
        self.known = applied.clone();
        self.state.clear();
        self.commits.send_replace(applied.clone());
        Ok(applied)
    }

    /// Looks at what others have committed.
    async fn resume(&mut self) -> Result<()> {
        self.store.refresh().await?;
        self.topics = self.store.events.topics_with(self.topics.iter().map(String::as_str));
        self.state.clear();
        Ok(())
    }

    /// Where a partition came from another writer: the keys that it wrote, and the log time it reached.
    async fn take_in(&mut self, batch: &mut Batch) -> Result<()> {
        let snapshot = self.store.snapshot();
        for (partition, (from, _)) in &batch.ranges {
            let known = self.known.get(partition).unwrap_or(0);
            let to = snapshot.applied.get(partition).unwrap_or(0).min(*from);
            if known >= to {
                continue;
            }
            let only = |next| Applied(BTreeMap::from([(partition.clone(), next)]));
            let columns = ["dedup", "received_at"];
            let rows = snapshot.every_event_since(&only(known), &only(to), &columns).await?;
            let mut floor = self.floors.get(partition).copied().unwrap_or_default();
            if let Some(rows) = rows {
                let batches: Vec<RecordBatch> = rows.try_collect().await?;
                for (key, received_at) in batches.iter().flat_map(state::keys_of) {
                    self.window.insert(key, received_at);
                    floor = floor.max(received_at);
                }
            }
            debug!(%partition, known, to, "taken over from another writer");
            self.state.heads.remove(partition);
            self.known.set(partition.clone(), to);
            self.floors.insert(partition.clone(), floor);
        }
        for event in batch.events.iter_mut().filter(|_| !self.floors.is_empty()) {
            let here = |(partition, _): &(&Partition, &Time)| {
                partition.partition == event.log_partition && partition.topic == event.log_topic
            };
            if let Some((_, floor)) = self.floors.iter().find(here) {
                event.received_at = event.received_at.max(*floor);
            }
        }
        Ok(())
    }

    async fn decide(&mut self, batch: &mut Batch) -> Result<Decided> {
        let forgotten = self.store.has_forgotten().then_some(self.store.secret);
        self.window.knows_forgotten_by(forgotten);
        let doubtful = batch::doubtful(&batch.events, &self.window);
        let known = match doubtful.is_empty() {
            true => Keys::default(),
            false => state::look_up(&self.store, &doubtful).await?,
        };
        let keys = batch::keys(&batch.events);
        if self.state.len() + keys.len() > self.options.state_rows {
            self.state.clear();
        }
        if !keys.is_empty() && forgotten.is_some() {
            self.let_go_of_purged().await?;
        }
        let missing: Vec<_> = keys.into_iter().filter(|key| !self.state.contains(key)).collect();
        if !missing.is_empty() {
            state::load(&self.store, &missing, &mut self.state).await?;
        }
        self.load_further(&batch.events).await?;
        self.load_heads(batch).await?;
        let mut decided = batch::decide(&mut batch.events, &mut self.window, &known, &mut self.state);
        decided.audit = batch::chained(decided.events(batch), &mut self.state.heads, &self.store.secret);
        Ok(decided)
    }

    /// Loads where the chain of the audit stands in the partitions of a batch.
    async fn load_heads(&mut self, batch: &Batch) -> Result<()> {
        for partition in batch.ranges.keys() {
            if !self.state.heads.contains_key(partition) {
                let head = state::head(&self.store, partition).await?;
                self.state.heads.insert(partition.clone(), head);
            }
        }
        Ok(())
    }

    /// Loads, step by step, what only rows name. A key without a row is asked for once.
    async fn load_further(&mut self, events: &[Event]) -> Result<()> {
        let mut asked = BTreeSet::new();
        for _ in 0..MOST_STEPS {
            let further = batch::further(events, &self.state).into_iter();
            let missing: Vec<_> =
                further.filter(|key| !self.state.contains(key) && asked.insert(key.clone())).collect();
            if missing.is_empty() {
                break;
            }
            state::load(&self.store, &missing, &mut self.state).await?;
        }
        Ok(())
    }

    /// A row at hand may hold what was purged from its table since.
    async fn let_go_of_purged(&mut self) -> Result<()> {
        self.store.forgotten.refresh().await?;
        let rewritten_at = self.store.snapshot().hidden().await?.rewritten_at;
        if rewritten_at > self.purged_at {
            self.store.memories.refresh().await?;
            self.state.clear();
            self.purged_at = rewritten_at;
        }
        Ok(())
    }

    /// Commits in the order that makes a batch visible at once: `events` last. Each of the others is committed to its
    /// end, whether one of them fails or not.
    async fn commit(&self, batch: &Batch, decided: &Decided) -> Result<()> {
        let store = &self.store;
        let rows = match decided.inserted {
            0 => vec![],
            _ => vec![Event::batch(decided.events(batch))],
        };
        let (dead_letters, memories, records, forgotten, audit, staged) = tokio::join!(
            self.commit_beside(&store.dead_letters, &batch.dead_letters, batch),
            self.commit_beside(&store.memories, &decided.memories, batch),
            self.commit_beside(&store.records, &decided.records, batch),
            self.commit_beside(&store.forgotten, &decided.forgotten, batch),
            self.commit_audit(rows_from(&decided.audit, &store.audit), batch),
            store.events.stage(rows),
        );
        [dead_letters, memories, records, forgotten, audit].into_iter().collect::<Result<()>>()?;
        self.publish(&store.events, &staged?, batch.claim()).await
    }

    async fn commit_beside<R: Logged>(&self, table: &TableHandle, rows: &[R], batch: &Batch) -> Result<()> {
        let rows = rows_from(rows, table);
        self.commit_claimed(table, &rows, ranges(&rows, batch)).await
    }

    /// The claim counts the rows of each chain too: what is cut off at its end is missed.
    async fn commit_audit(&self, rows: Vec<(&Audit, Partition, i64)>, batch: &Batch) -> Result<()> {
        let mut ranges = ranges(&rows, batch);
        for (row, partition, _) in &rows {
            let range = ranges.entry(audit::counted(partition)).or_insert((row.sequence, row.sequence));
            range.1 = range.1.max(row.sequence + 1);
        }
        self.commit_claimed(&self.store.audit, &rows, ranges).await
    }

    async fn commit_claimed<R: Row>(
        &self,
        table: &TableHandle,
        rows: &[(&R, Partition, i64)],
        ranges: BTreeMap<Partition, (i64, i64)>,
    ) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let staged = table.stage(vec![R::batch(rows.iter().map(|(row, _, _)| *row))]).await?;
        let claim = Claim { rule: position::Rule::AtOrAfter, ranges };
        self.publish(table, &staged, claim).await
    }

    /// A commit whose end is not known is looked up: when the claim's end is reached, it happened, by
    /// us or by another who took the same range.
    async fn publish(&self, table: &TableHandle, staged: &Staged, claim: Claim) -> Result<()> {
        match table.commit(staged, claim.clone(), &self.topics).await {
            Ok(dataset) => {
                debug!(
                    table = table.table.name,
                    version = dataset.version().version,
                    rows = staged.rows,
                    "committed"
                );
                Ok(())
            }
            Err(athena_store::Error::Unknown { table: name, source }) => {
                warn!(table = name, error = %source, "commit ended without an answer, looking it up");
                table.reopen().await?;
                let mut ours = Applied::default();
                claim.ranges.iter().for_each(|(partition, (_, to))| ours.set(partition.clone(), *to));
                match table.applied().covers(&ours) {
                    true => Ok(()),
                    false => Err(athena_store::Error::Unknown { table: name, source }.into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// What rows claim: from the first of each partition to the end of the batch.
fn ranges<R>(rows: &[(&R, Partition, i64)], batch: &Batch) -> BTreeMap<Partition, (i64, i64)> {
    let mut ranges: BTreeMap<Partition, (i64, i64)> = BTreeMap::new();
    for (_, partition, offset) in rows {
        let to = batch.ranges.get(partition).map_or(offset + 1, |(_, to)| *to);
        let range = ranges.entry(partition.clone()).or_insert((*offset, to));
        range.0 = range.0.min(*offset);
    }
    ranges
}

/// A row that names where in the log it comes from.
trait Logged: Row {
    fn place(&self) -> (Partition, i64);
}

macro_rules! logged {
    ($($row:ty),*) => {$(
        impl Logged for $row {
            fn place(&self) -> (Partition, i64) {
                (Partition::new(self.log_topic.clone(), self.log_partition), self.log_offset)
            }
        }
    )*};
}

logged!(Memory, Record, Forgotten, Audit, DeadLetter);

/// Rows that the table does not have yet: after a crash it may be ahead of `events`.
fn rows_from<'r, R: Logged>(rows: &'r [R], table: &TableHandle) -> Vec<(&'r R, Partition, i64)> {
    let applied = table.applied();
    rows.iter()
        .map(|row| {
            let (partition, offset) = row.place();
            (row, partition, offset)
        })
        .filter(|(_, partition, offset)| applied.get(partition).is_none_or(|at| at <= *offset))
        .collect()
}

/// The largest log time of each partition, to go on from: log time never falls.
pub async fn last_times(store: &Store) -> Result<BTreeMap<Partition, Time>> {
    state::last_times(store).await
}
