//! A data location: its kind, its tables, its lock.

use std::path::PathBuf;
use std::sync::Arc;

use athena_schemas::tables::{
    ALL, Access, Audit, DeadLetter, Embedding, Event, Forgotten, Memory, Record, Run,
};
use athena_schemas::{Applied, Claim, Derived, Row, Table, audit, position};
use futures::FutureExt;
use futures::future::try_join_all;
use lance::session::Session;
use lance_core::cache::CacheStats;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio_util::task::TaskTracker;
use tracing::info;

use crate::at_hand::AtHand;
use crate::disk::Synced;
use crate::forgotten::Known;
use crate::lookups::Cached;
use crate::pace::Pace;
use crate::standing::Standings;
use crate::written::Written;
use crate::{Error, Location, Lock, Result, TableHandle};

/// Which log feeds the tables; recorded at creation, for the directory's lifetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogKind {
    Embedded,
    Kafka,
}

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct Options {
    pub location: Location,
    /// The kind that the caller needs; `None` takes what is there and makes nothing.
    pub log: Option<LogKind>,
    /// Bound on Lance's index cache, bytes.
    pub index_cache_bytes: usize,
    /// Bound on Lance's metadata cache, bytes.
    pub metadata_cache_bytes: usize,
    /// Records each sync, for the test of durability.
    pub recorder: Option<Arc<Mutex<Vec<Synced>>>>,
}

impl Options {
    pub fn new(location: Location, log: Option<LogKind>) -> Self {
        Self { location, log, index_cache_bytes: 256 << 20, metadata_cache_bytes: 128 << 20, recorder: None }
    }
}

/// `athena.json` of a data location.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Layout {
    format: u32,
    log: LogKind,
    /// What signs records and hashes forgotten keys: 64 hexadecimal digits, known to whoever may read
    /// the data.
    secret: String,
}

const FORMAT: u32 = 1;
/// What marks a place as one of Athena's.
pub(crate) const LAYOUT_FILE: &str = "athena.json";

/// All tables of one data location. Cheap to share.
#[derive(Debug)]
pub struct Store {
    pub location: Location,
    pub log: LogKind,
    /// Signs what this location's processes produce.
    pub secret: [u8; 32],
    pub events: Arc<TableHandle>,
    pub memories: Arc<TableHandle>,
    pub records: Arc<TableHandle>,
    pub accesses: Arc<TableHandle>,
    pub forgotten: Arc<TableHandle>,
    pub audit: Arc<TableHandle>,
    pub dead_letters: Arc<TableHandle>,
    pub runs: Arc<TableHandle>,
    pub embeddings: Arc<TableHandle>,
    /// Between those of this process who make vectors and those who wait for them.
    pub pace: Arc<Pace>,
    /// The runs that go on in this process: upkeep gives way to them. Closed, so that whoever waits need not close it.
    pub learning: TaskTracker,
    /// All of them, in the order of `ALL`: those that runs derive have no name of their own here.
    tables: Vec<Arc<TableHandle>>,
    /// What is hidden, as it was read last.
    pub(crate) known: Arc<Known>,
    /// The rows of small tables.
    pub(crate) at_hand: Arc<AtHand>,
    /// What of derived tables is not shown, as it was found last.
    pub(crate) standings: Arc<Standings>,
    /// Lance's caches, which all tables share.
    session: Arc<Session>,
    /// Held in embedded mode only.
    lock: Option<Lock>,
}

impl Store {
    /// Opens a data location, and makes it when the caller says of which kind. An embedded one is locked.
    ///
    /// # Errors
    /// `Held` by another process; `Layout` when it is of the other kind or not there; `TooNew`; storage.
    pub async fn open(options: Options) -> Result<Self> {
        let location = options.location;
        let layout = Self::layout(&location, options.log).await?;
        let secret = secret(&layout.secret)?;
        let lock = match (&location, layout.log, options.log) {
            (Location::Directory(directory), LogKind::Embedded, Some(_)) => Some(Lock::take(directory)?),
            (Location::Bucket(_), LogKind::Embedded, _) => {
                return Err(Error::Layout(format!(
                    "{location}: the embedded log needs a local directory; give --kafka HOST:PORT with a bucket"
                )));
            }
            _ => None,
        };
        if let Location::Directory(directory) = &location {
            std::fs::create_dir_all(directory.join("tables"))?;
            crate::disk::sync(directory)?;
            directory.parent().map_or(Ok(()), crate::disk::sync)?;
        }
        let session =
            Arc::new(Session::new(options.index_cache_bytes, options.metadata_cache_bytes, Arc::default()));
        let written = Arc::<Written>::default();
        let open = |table| {
            let (location, session, recorder) = (&location, session.clone(), options.recorder.clone());
            let written = written.clone();
            // In boxes: what opens two dozen tables at once is large, and would be moved about on the stack.
            async move { TableHandle::open(table, location, session, recorder, written).await.map(Arc::new) }
                .boxed()
        };
        let tables = try_join_all(ALL.map(open)).await?;
        let handle = |table: &Table| {
            let found = tables.iter().find(|one| one.table.name == table.name);
            found.expect("every table is opened").clone()
        };
        let log = layout.log;
        let learning = TaskTracker::new();
        learning.close();
        let store = Self {
            location,
            log,
            secret,
            events: handle(Event::TABLE),
            memories: handle(Memory::TABLE),
            records: handle(Record::TABLE),
            accesses: handle(Access::TABLE),
            forgotten: handle(Forgotten::TABLE),
            audit: handle(Audit::TABLE),
            dead_letters: handle(DeadLetter::TABLE),
            runs: handle(Run::TABLE),
            embeddings: handle(Embedding::TABLE),
            pace: Arc::default(),
            learning,
            tables,
            known: Arc::default(),
            at_hand: Arc::new(AtHand::over(written)),
            standings: Arc::default(),
            session,
            lock,
        };
        store.drop_unapplied().await?;
        Ok(store)
    }

    /// The kind of log that feeds the location; `None` where there is no data yet.
    pub async fn kind(location: &Location) -> Result<Option<LogKind>> {
        Ok(Self::read_layout(location).await?.map(|layout| layout.log))
    }

    /// What signs records there; `None` where there is no data yet. Clients of a running server show that
    /// they may read the data by it.
    pub async fn secret_of(location: &Location) -> Result<Option<[u8; 32]>> {
        Self::read_layout(location).await?.map(|layout| secret(&layout.secret)).transpose()
    }

    async fn read_layout(location: &Location) -> Result<Option<Layout>> {
        let Some(bytes) = location.read(LAYOUT_FILE).await? else { return Ok(None) };
        let layout: Layout = serde_json::from_slice(&bytes)
            .map_err(|e| Error::Layout(format!("{location}/{LAYOUT_FILE}: {e}")))?;
        if layout.format > FORMAT {
            return Err(Error::Layout(format!(
                "{location} has format {}, newer than {FORMAT}, which this binary reads; use a newer athena",
                layout.format
            )));
        }
        Ok(Some(layout))
    }

    async fn layout(location: &Location, wanted: Option<LogKind>) -> Result<Layout> {
        loop {
            match (Self::read_layout(location).await?, wanted) {
                (Some(layout), Some(wanted)) if layout.log != wanted => {
                    let (is, how) = match layout.log {
                        LogKind::Embedded => ("embedded", "start it without --kafka"),
                        LogKind::Kafka => ("fed by Kafka", "give --kafka HOST:PORT"),
                    };
                    return Err(Error::Layout(format!(
                        "{location} is {is} for its lifetime; {how}, or use another directory"
                    )));
                }
                (Some(layout), _) => return Ok(layout),
                (None, None) => {
                    return Err(Error::Layout(format!(
                        "{location} has no data yet; start `athena serve` on it first"
                    )));
                }
                (None, Some(log)) => {
                    let secret = format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>());
                    let layout = Layout { format: FORMAT, log, secret };
                    let bytes = serde_json::to_vec(&layout).expect("plain data is JSON");
                    // Whoever was faster is read in the next round.
                    location.create(LAYOUT_FILE, bytes).await?;
                }
            }
        }
    }

    /// Writes into the lock file where this process serves the directory.
    pub fn announce(&self, address: &str) -> Result<()> {
        self.lock.as_ref().map_or(Ok(()), |lock| lock.announce(Some(address)))
    }

    /// What the events known here say was applied.
    pub fn applied(&self) -> Applied {
        self.events.applied()
    }

    /// Whether anything was ever forgotten, as far as is known here.
    pub fn has_forgotten(&self) -> bool {
        !self.forgotten.dataset().manifest().fragments.is_empty()
    }

    /// Drops what is in memory of rows that a purge may have taken out of the tables.
    pub async fn forget_at_hand(&self) {
        self.at_hand.forget().await;
    }

    /// The caches of the tables, by what they keep.
    pub async fn caches(&self) -> Vec<(&'static str, Cached)> {
        let (indexes, metadata) = (self.session.index_cache_stats(), self.session.metadata_cache_stats());
        let of = |stats: CacheStats| Cached {
            entries: Some(stats.num_entries),
            bytes: Some(stats.size_bytes),
            hits: stats.hits,
            misses: stats.misses,
        };
        vec![
            ("rows", self.at_hand.cached()),
            ("indexes of tables", of(indexes.await)),
            ("metadata of files", of(metadata.await)),
        ]
    }

    /// Every table, `events` first.
    pub fn all(&self) -> &[Arc<TableHandle>] {
        &self.tables
    }

    /// A table that runs derive.
    pub fn derived<R: Derived>(&self) -> &Arc<TableHandle> {
        self.of(R::TABLE)
    }

    /// Any table.
    pub fn of(&self, table: &Table) -> &Arc<TableHandle> {
        let found = self.tables.iter().find(|one| one.table.name == table.name);
        found.expect("every table is opened")
    }

    /// The tables that ingest writes beside `events`, in the order of their commits.
    pub fn beside_events(&self) -> [&Arc<TableHandle>; 5] {
        [&self.dead_letters, &self.memories, &self.records, &self.forgotten, &self.audit]
    }

    /// Looks for newer versions. Writers commit `events` last, and runs their row in `runs`; so these are looked up
    /// first and shown last, and what they say is applied or complete is in the other tables that a snapshot takes.
    /// A run has read no more than was in `events` before it ended.
    pub async fn refresh(&self) -> Result<()> {
        let runs = self.runs.newest().await?;
        let events = self.events.newest().await?;
        let last = [Event::TABLE.name, Run::TABLE.name];
        let others = self.all().iter().filter(|table| !last.contains(&table.table.name));
        try_join_all(others.map(|table| table.refresh().boxed())).await?;
        self.events.adopt(events);
        self.runs.adopt(runs);
        Ok(())
    }

    /// With the embedded log: removes rows of other tables at or beyond the log's end. They were
    /// never acknowledged, and the log will give their offsets to other events.
    pub async fn drop_unapplied(&self) -> Result<()> {
        if self.lock.is_none() {
            return Ok(());
        }
        let applied = self.applied();
        for table in self.beside_events() {
            let mut known = table.applied();
            known.0.retain(|partition, _| !audit::is_count(partition));
            if applied.covers(&known) {
                continue;
            }
            let mut reset = Claim { rule: position::Rule::Reset, ranges: Default::default() };
            let mut removed = 0;
            for (partition, at) in
                table.applied().0.iter().filter(|(partition, _)| !audit::is_count(partition))
            {
                let end = applied.get(partition).unwrap_or(0);
                if end < *at {
                    let topic = partition.topic.replace('\'', "''");
                    removed += table
                        .delete(&format!(
                            "log_topic = '{topic}' AND log_partition = {} AND log_offset >= {end}",
                            partition.partition
                        ))
                        .await?;
                    reset.ranges.insert(partition.clone(), (end, end));
                }
            }
            // A chain is as much shorter as rows were dropped: there is one partition.
            for (count, at) in table.applied().0.iter().filter(|(partition, _)| audit::is_count(partition)) {
                let left = at - removed as i64;
                reset.ranges.insert(count.clone(), (left, left));
            }
            let nothing = table.stage(vec![]).await?;
            table.commit(&nothing, reset, &[]).await?;
            info!(table = table.table.name, removed, "rows beyond the log's end dropped");
        }
        Ok(())
    }

    /// Folder for what this node derives and may lose; `None` on a bucket.
    pub fn local(&self, name: &str) -> Option<PathBuf> {
        self.location.directory().map(|directory| directory.join(name))
    }
}

fn secret(text: &str) -> Result<[u8; 32]> {
    let mut secret = [0; 32];
    let read = hex::decode_to_slice(text, &mut secret);
    read.map_err(|_| Error::Layout(format!("{LAYOUT_FILE}: secret must be 64 hexadecimal digits")))?;
    Ok(secret)
}
