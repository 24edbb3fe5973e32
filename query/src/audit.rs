//! Whether the audit is as it was written: every row sealed with the one before it, none missing, every event as its row
//! says it was.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use athena_schemas::audit::{counted, differs, is_count, seal};
use athena_schemas::tables::{Audit, Event};
use athena_schemas::{Error, Partition, Row, Table};
use athena_store::{Piece, Snapshot, SqlOptions, Store};
use datafusion::prelude::SessionContext;
use futures::TryStreamExt;
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::mpsc;

use crate::at_once::each;

/// Rows that are looked at; `resource_exhausted` beyond.
const MOST: usize = 2_000_000;
/// Batches of events that are read before they are looked at.
const AHEAD: usize = 4;
/// Breaks that are told.
const TOLD: usize = 20;

const ROWS: &str = include_str!("../sql/audit_rows.sql");
const EVENTS: &str = include_str!("../sql/audited_events.sql");

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Verified {
    /// Whether nothing was changed, removed or reordered.
    pub whole: bool,
    /// Rows of the chains.
    pub rows: u64,
    /// What is wrong, the first of it.
    pub broken: Vec<Break>,
    /// Where each partition's chain stands: note it elsewhere, and a later cut at the end shows.
    pub heads: Vec<End>,
    /// Commands from before there was an audit, which no row is about.
    pub before: u64,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Break {
    /// Topic, partition and offset in the log.
    pub topic: String,
    pub partition: i32,
    pub offset: i64,
    /// What is wrong there.
    pub what: String,
}

/// The end of a partition's chain.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct End {
    pub topic: String,
    pub partition: i32,
    /// Rows of the chain.
    pub rows: i64,
    /// The seal of its last row.
    pub seal: String,
}

/// What a process found whole, the last time that it verified.
#[derive(Debug, Default)]
pub struct Known(Mutex<Option<Arc<Whole>>>);

/// Pieces of both tables that were found whole together, and where their chains end.
#[derive(Debug, Default)]
struct Whole {
    audit: Vec<Piece>,
    events: Vec<Piece>,
    rows: u64,
    before: u64,
    /// Offset of the first row of each partition, and the last row.
    begins: BTreeMap<Partition, i64>,
    ends: BTreeMap<Partition, Audit>,
}

/// Verifies the audit of a whole data location. What was found whole before is not read again as long as it is in the
/// same files and nobody wrote to them.
///
/// # Errors
/// Storage; more rows than can be looked at.
pub async fn verify(store: &Store, known: &Known) -> Result<Verified, Error> {
    store.refresh().await?;
    let snapshot = store.snapshot();
    let [audit, events] = [Audit::TABLE, Event::TABLE].map(|table| store.pieces(&snapshot, table));
    let (Some(audit), Some(events)) = (audit, events) else {
        let context = snapshot.whole_session(SqlOptions::own())?;
        return Ok(verify_after(&snapshot, &context, &store.secret, Whole::default()).await?.0);
    };
    let before = known.0.lock().clone().filter(|whole| whole.stands(&audit, &events)).unwrap_or_default();
    let mut found = verify_new(&snapshot, store, &before, (&audit, &events)).await?;
    if !found.0.whole && before.rows > 0 {
        found = verify_new(&snapshot, store, &Whole::default(), (&audit, &events)).await?;
    }
    let (found, whole) = found;
    let seen = [Audit::TABLE, Event::TABLE].iter().all(|table| !is_ahead(&snapshot, table));
    *known.0.lock() = (found.whole && seen).then(|| Arc::new(Whole { audit, events, ..whole }));
    Ok(found)
}

/// Whether a table has rows that are not seen yet, as another has not come so far.
fn is_ahead(snapshot: &Snapshot, table: &Table) -> bool {
    let claimed = snapshot.applied_of(table);
    let mut claims = claimed.0.iter().filter(|(partition, _)| !is_count(partition));
    claims.any(|(partition, at)| snapshot.applied.get(partition).unwrap_or(0) < *at)
}

/// Verifies what is not among the pieces that were found whole before.
async fn verify_new(
    snapshot: &Snapshot,
    store: &Store,
    before: &Whole,
    (audit, events): (&[Piece], &[Piece]),
) -> Result<(Verified, Whole), Error> {
    let new = |all: &[Piece], known: &[Piece]| -> Vec<Piece> {
        all.iter().filter(|piece| !known.contains(piece)).cloned().collect()
    };
    let pieces = [(Audit::TABLE, new(audit, &before.audit)), (Event::TABLE, new(events, &before.events))];
    let context = snapshot.whole_session_of(&pieces, SqlOptions::own())?;
    let (begins, ends) = (before.begins.clone(), before.ends.clone());
    let whole = Whole { begins, ends, rows: before.rows, before: before.before, ..Whole::default() };
    verify_after(snapshot, &context, &store.secret, whole).await
}

/// Verifies the rows of a session, which go on from what was found whole before.
async fn verify_after(
    snapshot: &Snapshot,
    context: &SessionContext,
    secret: &[u8; 32],
    mut whole: Whole,
) -> Result<(Verified, Whole), Error> {
    let mut found = Verified { rows: whole.rows, before: whole.before, ..Verified::default() };
    let events = read_ahead(context.clone());
    let rows = chains(context, secret, &mut whole, &mut found).await?;
    missing_ends(snapshot, &whole.ends, &mut found);
    compare(events, secret, rows, &whole.begins, &mut found).await?;
    for (Partition { topic, partition }, last) in &whole.ends {
        let (topic, partition, seal) = (topic.clone(), *partition, last.seal.clone());
        found.heads.push(End { topic, partition, rows: last.sequence + 1, seal });
    }
    found.whole = found.broken.is_empty();
    (whole.rows, whole.before) = (found.rows, found.before);
    Ok((found, whole))
}

impl Whole {
    /// Whether all of it is there as it was.
    fn stands(&self, audit: &[Piece], events: &[Piece]) -> bool {
        let stand = |known: &[Piece], all: &[Piece]| known.iter().all(|piece| all.contains(piece));
        stand(&self.audit, audit) && stand(&self.events, events)
    }
}

impl Verified {
    fn tell(&mut self, row: &Audit, what: impl Into<String>) {
        if self.broken.len() < TOLD {
            let (topic, partition, offset) = (row.log_topic.clone(), row.log_partition, row.log_offset);
            self.broken.push(Break { topic, partition, offset, what: what.into() });
        }
    }
}

/// The rows themselves, by position. Those that the log has not applied yet are not looked at.
async fn chains(
    context: &SessionContext,
    secret: &[u8; 32],
    whole: &mut Whole,
    found: &mut Verified,
) -> Result<HashMap<u64, Audit>, Error> {
    let mut batches = context.sql(ROWS).await.map_err(sql)?.execute_stream().await.map_err(sql)?;
    let mut rows = Vec::new();
    while let Some(batch) = batches.try_next().await.map_err(sql)? {
        rows.extend(Audit::rows(&batch)?);
        if rows.len() > MOST {
            let message = format!("more than {MOST} rows of the audit");
            return Err(Error::new(athena_schemas::Code::ResourceExhausted, message));
        }
    }
    // They come nearly so.
    rows.sort_by(|one: &Audit, other| along(one).cmp(&along(other)));
    let seals = each(&rows, |row| seal(row, secret));
    let of_one = |one: &Audit, other: &Audit| {
        (&one.log_topic, one.log_partition) == (&other.log_topic, other.log_partition)
    };
    let mut seals = seals.iter();
    for chain in rows.chunk_by(of_one) {
        let partition = Partition::new(chain[0].log_topic.clone(), chain[0].log_partition);
        let mut last = whole.ends.get(&partition);
        for (row, own) in chain.iter().zip(seals.by_ref()) {
            let (sequence, previous, after) =
                last.map_or((0, "", -1), |last| (last.sequence + 1, last.seal.as_str(), last.log_offset));
            let wrong = if row.sequence != sequence {
                Some(format!("row {} comes where row {sequence} was", row.sequence))
            } else if row.previous != previous {
                Some("it is not sealed with the row before it".to_owned())
            } else if row.log_offset <= after {
                Some("its place in the log is before that of the row before it".to_owned())
            } else {
                (*own != row.seal).then(|| "the row was changed".to_owned())
            };
            wrong.into_iter().for_each(|what| found.tell(row, what));
            last = Some(row);
        }
        let last = last.cloned();
        if let Some(first) = chain.iter().map(|row| row.log_offset).min() {
            let begins = whole.begins.entry(partition.clone()).or_insert(first);
            *begins = first.min(*begins);
        }
        whole.ends.extend(last.map(|last| (partition, last)));
    }
    found.rows += rows.len() as u64;
    Ok(rows.into_iter().map(|row| (row.position, row)).collect())
}

/// The order along the chain of each partition.
fn along(row: &Audit) -> (&str, i32, i64, u64) {
    (&row.log_topic, row.log_partition, row.sequence, row.position)
}

/// The claims on the table have counted the rows of each chain.
fn missing_ends(snapshot: &Snapshot, ends: &BTreeMap<Partition, Audit>, found: &mut Verified) {
    let claimed = snapshot.applied_of(Audit::TABLE);
    // What is ahead of the log's own table is not to be seen yet.
    let ahead = is_ahead(snapshot, Audit::TABLE);
    for (count, rows) in claimed.0.iter().filter(|(partition, _)| is_count(partition)) {
        let own = ends.iter().find(|(partition, _)| counted(partition) == *count);
        let there = own.map_or(0, |(_, last)| last.sequence + 1);
        if there < *rows && !ahead {
            let row = own.map(|(_, last)| last.clone()).unwrap_or_else(|| Audit {
                log_topic: count.topic.clone(),
                log_partition: count.partition,
                ..Audit::default()
            });
            found.tell(&row, format!("the chain ends here, {} rows early", rows - there));
        }
    }
}

/// The events that the audit may have a row of, some at a time, read while others are looked at.
fn read_ahead(context: SessionContext) -> mpsc::Receiver<Result<Vec<Event>, Error>> {
    let (told, events) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let read = async {
            let mut batches = context.sql(EVENTS).await.map_err(sql)?.execute_stream().await.map_err(sql)?;
            while let Some(batch) = batches.try_next().await.map_err(sql)? {
                // Nobody waits any more where it cannot be told.
                if told.send(Ok(Event::rows(&batch)?)).await.is_err() {
                    break;
                }
            }
            Ok(())
        };
        if let Err(error) = read.await {
            let _ = told.send(Err(error)).await;
        }
    });
    events
}

/// Every event that is audited, beside its row.
async fn compare(
    mut events: mpsc::Receiver<Result<Vec<Event>, Error>>,
    secret: &[u8; 32],
    mut rows: HashMap<u64, Audit>,
    begins: &BTreeMap<Partition, i64>,
    found: &mut Verified,
) -> Result<(), Error> {
    while let Some(read) = events.recv().await {
        let events = read?;
        let changes = each(&events, |event| differs(rows.get(&event.position)?, event, secret));
        for (event, change) in events.into_iter().zip(changes) {
            match rows.remove(&event.position) {
                Some(row) => change.into_iter().for_each(|what| found.tell(&row, what)),
                None if athena_schemas::audit::done(&event).is_none() => {}
                None => {
                    let partition = Partition::new(event.log_topic.clone(), event.log_partition);
                    if begins.get(&partition).is_none_or(|begins| event.log_offset < *begins) {
                        found.before += 1;
                        continue;
                    }
                    let place = Audit {
                        log_topic: event.log_topic,
                        log_partition: event.log_partition,
                        log_offset: event.log_offset,
                        ..Audit::default()
                    };
                    found.tell(&place, "a command without its row");
                }
            }
        }
    }
    let mut left: Vec<Audit> = rows.into_values().collect();
    left.sort_by_key(|row| row.position);
    left.iter().for_each(|row| found.tell(row, "its event is gone"));
    Ok(())
}

fn sql(error: datafusion::error::DataFusionError) -> Error {
    Error::internal(format!("audit: {error}"))
}
