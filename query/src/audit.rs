//! Whether the audit is as it was written: every row sealed with the one before it, none missing, every event as its row
//! says it was.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use athena_schemas::audit::{Sum, counted, differs, is_count, seal};
use athena_schemas::tables::{Audit, Event};
use athena_schemas::{Error, Partition, Row, Table};
use athena_store::{Piece, Snapshot, SqlOptions, Store, pieces_of};
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

/// Pieces of both tables that were found whole together, with what they come to, and where their chains end.
#[derive(Debug, Default)]
struct Whole {
    audit: Vec<(Piece, Sum)>,
    events: Vec<(Piece, Sum)>,
    rows: u64,
    before: u64,
    /// Offset of the first row of each partition, and the last row.
    begins: BTreeMap<Partition, i64>,
    ends: BTreeMap<Partition, Audit>,
    /// Offset of the last event of each partition that was looked at.
    seen: BTreeMap<Partition, i64>,
}

/// How much of a table is looked at: what was found whole before is not, as long as it is in the same files and nobody wrote
/// to them. What was merged since must come to the same as what is gone.
struct Look {
    standing: Vec<(Piece, Sum)>,
    new: Vec<Piece>,
    /// What the new ones come to, by number.
    sums: HashMap<u64, Sum>,
    /// What is gone, less what was found again.
    lost: Sum,
}

impl Look {
    fn of(now: Vec<Piece>, known: &[(Piece, Sum)]) -> Self {
        let stands = |(piece, _): &&(Piece, Sum)| now.iter().any(|one| one.stands_as(piece));
        let (standing, gone): (Vec<_>, Vec<_>) = known.iter().partition(stands);
        let standing: Vec<(Piece, Sum)> = standing.into_iter().cloned().collect();
        let mut lost = Sum::default();
        gone.into_iter().for_each(|(_, sum)| lost += *sum);
        let is_new = |piece: &Piece| !standing.iter().any(|(known, _)| piece.stands_as(known));
        let new = now.into_iter().filter(is_new).collect();
        Self { standing, new, sums: HashMap::new(), lost }
    }

    /// Takes in what a row of a piece comes to.
    fn see(&mut self, piece: u64, sum: Sum, was_seen: bool) {
        *self.sums.entry(piece).or_default() += sum;
        if was_seen {
            self.lost -= sum;
        }
    }

    fn into_pieces(self) -> Vec<(Piece, Sum)> {
        let Self { standing, new, mut sums, .. } = self;
        let new = new.into_iter().map(|piece| (sums.remove(&piece.number()).unwrap_or_default(), piece));
        standing.into_iter().chain(new.map(|(sum, piece)| (piece, sum))).collect()
    }
}

/// Verifies the audit of a whole data location.
///
/// # Errors
/// Storage; more rows than can be looked at.
pub async fn verify(store: &Store, known: &Known) -> Result<Verified, Error> {
    store.refresh().await?;
    let snapshot = store.snapshot();
    let before = known.0.lock().clone().unwrap_or_default();
    let mut found = verify_since(store, &snapshot, &before).await?;
    if found.is_none() {
        found = verify_since(store, &snapshot, &Whole::default()).await?;
    }
    let (found, whole) = found.expect("nothing is lost where nothing was known");
    let seen = [Audit::TABLE, Event::TABLE].iter().all(|table| !is_ahead(&snapshot, table));
    *known.0.lock() = (found.whole && seen).then(|| Arc::new(whole));
    Ok(found)
}

/// Whether a table has rows that are not seen yet, as another has not come so far.
fn is_ahead(snapshot: &Snapshot, table: &Table) -> bool {
    let claimed = snapshot.applied_of(table);
    let mut claims = claimed.0.iter().filter(|(partition, _)| !is_count(partition));
    claims.any(|(partition, at)| snapshot.applied.get(partition).unwrap_or(0) < *at)
}

/// Verifies what was not found whole before; `None` where that is not all there any more, or something is wrong beside it.
async fn verify_since(
    store: &Store,
    snapshot: &Snapshot,
    before: &Whole,
) -> Result<Option<(Verified, Whole)>, Error> {
    let look = |table, known| Look::of(store.pieces(snapshot, table), known);
    let (mut audit, mut events) = (look(Audit::TABLE, &before.audit), look(Event::TABLE, &before.events));
    let pieces = [(Audit::TABLE, audit.new.clone()), (Event::TABLE, events.new.clone())];
    let context = snapshot.whole_session_of(&pieces, SqlOptions::own())?;

    let mut found = Verified { rows: before.rows, before: before.before, ..Verified::default() };
    let mut whole = Whole {
        begins: before.begins.clone(),
        ends: before.ends.clone(),
        seen: before.seen.clone(),
        ..Whole::default()
    };
    let read = read_ahead(context.clone());
    let rows = chains(&context, &store.secret, &mut audit, &mut whole, &mut found).await?;
    missing_ends(snapshot, &whole.ends, &mut found);
    compare(read, &store.secret, rows, &mut events, &mut whole, &mut found).await?;
    for (Partition { topic, partition }, last) in &whole.ends {
        let (topic, partition, seal) = (topic.clone(), *partition, last.seal.clone());
        found.heads.push(End { topic, partition, rows: last.sequence + 1, seal });
    }
    found.whole = found.broken.is_empty();
    let is_lost = [&audit, &events].iter().any(|look| look.lost != Sum::default());
    if is_lost || !found.whole && before.rows > 0 {
        return Ok(None);
    }
    (whole.rows, whole.before) = (found.rows, found.before);
    (whole.audit, whole.events) = (audit.into_pieces(), events.into_pieces());
    Ok(Some((found, whole)))
}

impl Verified {
    fn tell(&mut self, row: &Audit, what: impl Into<String>) {
        if self.broken.len() < TOLD {
            let (topic, partition, offset) = (row.log_topic.clone(), row.log_partition, row.log_offset);
            self.broken.push(Break { topic, partition, offset, what: what.into() });
        }
    }
}

/// The rows themselves that were not found whole before, by position. Those that the log has not applied yet are not
/// looked at.
async fn chains(
    context: &SessionContext,
    secret: &[u8; 32],
    look: &mut Look,
    whole: &mut Whole,
    found: &mut Verified,
) -> Result<HashMap<u64, Audit>, Error> {
    let mut batches = context.sql(ROWS).await.map_err(sql)?.execute_stream().await.map_err(sql)?;
    let mut rows: Vec<(Audit, String)> = Vec::new();
    while let Some(batch) = batches.try_next().await.map_err(sql)? {
        let read = Audit::rows(&batch)?;
        let sealed = each(&read, |row| {
            let own = seal(row, secret);
            (Sum::of_row(row, &own, secret), own)
        });
        for ((row, (sum, own)), piece) in read.into_iter().zip(sealed).zip(pieces_of(&batch)) {
            let end = whole.ends.get(&Partition::new(row.log_topic.clone(), row.log_partition));
            let was_seen = end.is_some_and(|end| row.sequence <= end.sequence);
            look.see(piece, sum, was_seen);
            if !was_seen {
                rows.push((row, own));
            }
        }
        if rows.len() > MOST {
            let message = format!("more than {MOST} rows of the audit");
            return Err(Error::new(athena_schemas::Code::ResourceExhausted, message));
        }
    }
    // They come nearly so.
    rows.sort_by(|(one, _), (other, _)| along(one).cmp(&along(other)));
    let of_one = |(one, _): &(Audit, String), (other, _): &(Audit, String)| {
        (&one.log_topic, one.log_partition) == (&other.log_topic, other.log_partition)
    };
    for chain in rows.chunk_by(of_one) {
        let partition = Partition::new(chain[0].0.log_topic.clone(), chain[0].0.log_partition);
        let mut last = whole.ends.get(&partition);
        for (row, own) in chain {
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
        if let Some(first) = chain.iter().map(|(row, _)| row.log_offset).min() {
            let begins = whole.begins.entry(partition.clone()).or_insert(first);
            *begins = first.min(*begins);
        }
        whole.ends.extend(last.map(|last| (partition, last)));
    }
    found.rows += rows.len() as u64;
    Ok(rows.into_iter().map(|(row, _)| (row.position, row)).collect())
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

/// Events, and the pieces that they are of.
type Stretch = (Vec<Event>, Vec<u64>);

/// The events that the audit may have a row of, with the pieces that they are of, some at a time, read while others are looked at.
fn read_ahead(context: SessionContext) -> mpsc::Receiver<Result<Stretch, Error>> {
    let (told, events) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let read = async {
            let mut batches = context.sql(EVENTS).await.map_err(sql)?.execute_stream().await.map_err(sql)?;
            while let Some(batch) = batches.try_next().await.map_err(sql)? {
                // Nobody waits any more where it cannot be told.
                if told.send(Ok((Event::rows(&batch)?, pieces_of(&batch)))).await.is_err() {
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

/// Every event that is audited and was not seen before, beside its row.
async fn compare(
    mut events: mpsc::Receiver<Result<Stretch, Error>>,
    secret: &[u8; 32],
    mut rows: HashMap<u64, Audit>,
    look: &mut Look,
    whole: &mut Whole,
    found: &mut Verified,
) -> Result<(), Error> {
    let seen_before = whole.seen.clone();
    while let Some(read) = events.recv().await {
        let (events, pieces) = read?;
        let looked = each(&events, |event| {
            let change = rows.get(&event.position).and_then(|row| differs(row, event, secret));
            (Sum::of_event(event, secret), change)
        });
        for ((event, (sum, change)), piece) in events.into_iter().zip(looked).zip(pieces) {
            let partition = Partition::new(event.log_topic.clone(), event.log_partition);
            let was_seen = seen_before.get(&partition).is_some_and(|seen| event.log_offset <= *seen);
            look.see(piece, sum, was_seen);
            if was_seen {
                continue;
            }
            let seen = whole.seen.entry(partition.clone()).or_insert(event.log_offset);
            *seen = event.log_offset.max(*seen);
            match rows.remove(&event.position) {
                Some(row) => change.into_iter().for_each(|what| found.tell(&row, what)),
                None if athena_schemas::audit::done(&event).is_none() => {}
                None => {
                    if whole.begins.get(&partition).is_none_or(|begins| event.log_offset < *begins) {
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
