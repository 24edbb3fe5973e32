//! Stores, events and claims for the tests.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use athena_schemas::tables::Event;
use athena_schemas::{Claim, Partition, Row, Time, ids, position};
use athena_store::{Location, LogKind, Options, Scope, SqlOptions, Store};

/// Whether the long forms of the tests were asked for.
pub fn full() -> bool {
    std::env::var("ATHENA_TEST_FULL").is_ok_and(|value| value == "1")
}

pub fn options(directory: &Path, log: LogKind) -> Options {
    Options::new(Location::Directory(directory.to_owned()), Some(log))
}

pub async fn open(directory: &Path, log: LogKind) -> Arc<Store> {
    Arc::new(Store::open(options(directory, log)).await.expect("store opens"))
}

/// The event at a place of topic `t`.
pub fn event(partition: i32, offset: i64) -> Event {
    let id = format!("e-{partition}-{offset}");
    Event {
        dedup: ids::dedup("p", "", &id),
        id,
        project: "p".into(),
        session: Some(format!("s-{}", offset / 10)),
        r#type: "observation".into(),
        content: Some(format!("event {offset} of partition {partition}")),
        time: Time::from_micros(1_700_000_000_000_000 + offset),
        received_at: Time::from_micros(1_700_000_000_000_000 + offset),
        log_topic: "t".into(),
        log_partition: partition,
        log_offset: offset,
        position: position::pack(0, partition, offset).expect("small"),
        ..Event::default()
    }
}

pub fn claim(partition: i32, from: i64, to: i64) -> Claim {
    let ranges = BTreeMap::from([(Partition::new("t", partition), (from, to))]);
    Claim { rule: position::Rule::Exact, ranges }
}

/// Stages and commits the events of a range.
pub async fn append(store: &Store, partition: i32, from: i64, to: i64) -> athena_store::Result<()> {
    let events: Vec<Event> = (from..to).map(|offset| event(partition, offset)).collect();
    let rows = if events.is_empty() { vec![] } else { vec![Event::batch(&events)] };
    let staged = store.events.stage(rows).await?;
    store.events.commit(&staged, claim(partition, from, to), &["t".into()]).await?;
    Ok(())
}

/// Rows of a statement over everything, as text.
pub async fn sql(store: &Store, statement: &str) -> Vec<Vec<String>> {
    let options = SqlOptions::new(Arc::default(), 2);
    let session = store.snapshot().session(&Scope::All, None, &options).await.expect("session");
    let batches = session.sql(statement).await.expect("plans").collect().await.expect("runs");
    let mut rows = Vec::new();
    for batch in &batches {
        for row in 0..batch.num_rows() {
            let cell = |column: &arrow::array::ArrayRef| {
                arrow::util::display::array_value_to_string(column, row).expect("prints")
            };
            rows.push(batch.columns().iter().map(cell).collect());
        }
    }
    rows
}

pub async fn count(store: &Store, statement: &str) -> i64 {
    sql(store, statement).await[0][0].parse().expect("a number")
}
