//! Whether the audit is as it was written: every row sealed with the one before it, none missing, every event as its row
//! says it was.

use std::collections::{BTreeMap, HashMap};

use athena_schemas::audit::{counted, differs, is_count, seal};
use athena_schemas::tables::{Audit, Event};
use athena_schemas::{Error, Partition, Row};
use athena_store::{Snapshot, SqlOptions, Store};
use futures::TryStreamExt;
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

/// Verifies the audit of a whole data location.
///
/// # Errors
/// Storage; more rows than can be looked at.
pub async fn verify(store: &Store) -> Result<Verified, Error> {
    store.refresh().await?;
    let snapshot = store.snapshot();
    let mut found = Verified::default();
    let events = read_ahead(&snapshot)?;
    let rows = chains(&snapshot, &store.secret, &mut found).await?;
    compare(events, &store.secret, rows, &mut found).await?;
    found.whole = found.broken.is_empty();
    Ok(found)
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
    snapshot: &Snapshot,
    secret: &[u8; 32],
    found: &mut Verified,
) -> Result<HashMap<u64, Audit>, Error> {
    let mut by_position = HashMap::new();
    let mut ends: BTreeMap<Partition, Audit> = BTreeMap::new();
    let context = snapshot.whole_session(SqlOptions::own())?;
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
    for (row, own) in rows.into_iter().zip(seals) {
        let partition = Partition::new(row.log_topic.clone(), row.log_partition);
        let last = ends.get(&partition);
        let (sequence, previous, after) =
            last.map_or((0, "", -1), |last| (last.sequence + 1, last.seal.as_str(), last.log_offset));
        let wrong = if row.sequence != sequence {
            Some(format!("row {} comes where row {sequence} was", row.sequence))
        } else if row.previous != previous {
            Some("it is not sealed with the row before it".to_owned())
        } else if row.log_offset <= after {
            Some("its place in the log is before that of the row before it".to_owned())
        } else {
            (own != row.seal).then(|| "the row was changed".to_owned())
        };
        wrong.into_iter().for_each(|what| found.tell(&row, what));
        ends.insert(partition, row.clone());
        by_position.insert(row.position, row);
        found.rows += 1;
    }
    missing_ends(snapshot, &ends, found);
    for (partition, last) in ends {
        let (topic, partition) = (partition.topic, partition.partition);
        found.heads.push(End { topic, partition, rows: last.sequence + 1, seal: last.seal });
    }
    Ok(by_position)
}

/// The order along the chain of each partition.
fn along(row: &Audit) -> (&str, i32, i64, u64) {
    (&row.log_topic, row.log_partition, row.sequence, row.position)
}

/// The claims on the table have counted the rows of each chain.
fn missing_ends(snapshot: &Snapshot, ends: &BTreeMap<Partition, Audit>, found: &mut Verified) {
    let claimed = snapshot.applied_of(Audit::TABLE);
    // What is ahead of the log's own table is not to be seen yet.
    let ahead = claimed
        .0
        .iter()
        .any(|(partition, at)| !is_count(partition) && snapshot.applied.get(partition).unwrap_or(0) < *at);
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
fn read_ahead(snapshot: &Snapshot) -> Result<mpsc::Receiver<Result<Vec<Event>, Error>>, Error> {
    let context = snapshot.whole_session(SqlOptions::own())?;
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
    Ok(events)
}

/// Every event that is audited, beside its row.
async fn compare(
    mut events: mpsc::Receiver<Result<Vec<Event>, Error>>,
    secret: &[u8; 32],
    mut rows: HashMap<u64, Audit>,
    found: &mut Verified,
) -> Result<(), Error> {
    let mut begins: BTreeMap<Partition, i64> = BTreeMap::new();
    for row in rows.values() {
        let at = begins.entry(Partition::new(row.log_topic.clone(), row.log_partition)).or_insert(i64::MAX);
        *at = row.log_offset.min(*at);
    }
    while let Some(read) = events.recv().await {
        let events = read?;
        let changes = each(&events, |event| differs(rows.get(&event.position)?, event, secret));
        for (event, change) in events.into_iter().zip(changes) {
            let partition = Partition::new(event.log_topic.clone(), event.log_partition);
            match rows.remove(&event.position) {
                Some(row) => change.into_iter().for_each(|what| found.tell(&row, what)),
                None if athena_schemas::audit::done(&event).is_none() => {}
                None if begins.get(&partition).is_none_or(|begins| event.log_offset < *begins) => {
                    found.before += 1
                }
                None => {
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
