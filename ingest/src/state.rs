//! What the writer must know of the tables before it decides: the window, keys, rows of state.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Int32Type, TimestampMicrosecondType};
use athena_schemas::tables::{Audit, Event, Memory, Record};
use athena_schemas::{Partition, Row, Time, audit, ids};
use athena_store::{Snapshot, SqlOptions, Store};
use datafusion::logical_expr::{col, lit};
use datafusion::prelude::{DataFrame, Expr};
use datafusion::scalar::ScalarValue;
use futures::TryStreamExt;
use serde_json::Value;

use crate::apply::{self, Key, PAST, Said, State, StateRow};
use crate::log::Known;
use crate::window::{Keys, Window};
use crate::{Error, Result};

/// Keys looked up in one statement.
const LOOKED_UP: usize = 1000;

/// The window over the newest events of the table.
pub async fn load_window(store: &Store, capacity: usize) -> Result<Window> {
    let events = store.events.dataset();
    let rows = events.count_rows(None).await.map_err(athena_store::Error::from)?;
    let mut window = Window::new(capacity, rows > capacity);
    if rows == 0 {
        return Ok(window);
    }
    let mut scan = events.scan();
    let skip = rows.saturating_sub(capacity);
    scan.project(&["dedup", "received_at"])
        .and_then(|scan| scan.limit(None, Some(skip as i64)))
        .map_err(athena_store::Error::from)?;
    let mut batches = scan.try_into_stream().await.map_err(athena_store::Error::from)?;
    while let Some(batch) = batches.try_next().await.map_err(athena_store::Error::from)? {
        for (key, received_at) in keys_of(&batch) {
            window.insert(key, received_at);
        }
    }
    Ok(window)
}

/// The columns `dedup` and `received_at` of a batch, row by row.
pub fn keys_of(batch: &RecordBatch) -> impl Iterator<Item = ([u8; 16], Time)> + '_ {
    let keys = batch.column(0).as_fixed_size_binary();
    let times = batch.column(1).as_primitive::<TimestampMicrosecondType>();
    (0..batch.num_rows())
        .filter_map(move |row| Some((keys.value(row).try_into().ok()?, Time::from_micros(times.value(row)))))
}

/// Those of `keys` that the events table has, those of forgotten events included.
pub async fn look_up(store: &Store, keys: &[[u8; 16]]) -> Result<Keys> {
    let mut known = found(store, keys).await?;
    store.forgotten.refresh().await?;
    if store.has_forgotten() {
        let of_forgotten = |key: &[u8; 16]| ids::dedup_of_forgotten(&store.secret, key);
        let hashed: Vec<_> = keys.iter().map(of_forgotten).collect();
        let forgotten = found(store, &hashed).await?;
        let again = keys.iter().zip(&hashed).filter(|(_, hashed)| forgotten.contains(*hashed));
        known.extend(again.map(|(key, _)| *key));
    }
    Ok(known)
}

async fn found(store: &Store, keys: &[[u8; 16]]) -> Result<Keys> {
    let events = store.events.dataset();
    let mut known = Keys::default();
    for chunk in keys.chunks(LOOKED_UP) {
        let values = chunk
            .iter()
            .map(|key| Expr::Literal(ScalarValue::FixedSizeBinary(16, Some(key.to_vec())), None))
            .collect();
        let mut scan = events.scan();
        scan.project(&["dedup"]).map_err(athena_store::Error::from)?;
        scan.filter_expr(col("dedup").in_list(values, false));
        let batches: Vec<RecordBatch> = scan
            .try_into_stream()
            .await
            .map_err(athena_store::Error::from)?
            .try_collect()
            .await
            .map_err(athena_store::Error::from)?;
        for batch in &batches {
            let found = batch.column(0).as_fixed_size_binary();
            known.extend(found.iter().flatten().filter_map(|key| <[u8; 16]>::try_from(key).ok()));
        }
    }
    Ok(known)
}

/// Loads the newest row of each key, tombstones included, into `state`.
pub async fn load(store: &Store, keys: &[Key], state: &mut State) -> Result<()> {
    let snapshot = store.snapshot();
    let past: Vec<Key> = keys.iter().filter(|key| key.table == PAST).cloned().collect();
    // Its versions come with the newest, which is loaded again for them.
    let newest = past.iter().map(|key| Key { table: Memory::TABLE.name, ..key.clone() });
    let keys: Vec<Key> = keys.iter().cloned().chain(newest).collect();
    past.into_iter().for_each(|key| state.keep_past(key));
    load_from(&snapshot, &keys, state, |row: Memory| StateRow::Memories(Box::new(row))).await?;
    load_from(&snapshot, &keys, state, |row: Record| StateRow::Records(Box::new(row))).await
}

async fn load_from<R: Row>(
    snapshot: &Snapshot,
    keys: &[Key],
    state: &mut State,
    of: fn(R) -> StateRow,
) -> Result<()> {
    let ids: Vec<&str> =
        keys.iter().filter(|key| key.table == R::TABLE.name).map(|key| key.id.as_str()).collect();
    for chunk in ids.chunks(LOOKED_UP) {
        let ids = chunk.iter().map(|id| lit(*id)).collect();
        let frame = table(snapshot, &format!("{}_versions", R::TABLE.name)).await?;
        let rows =
            frame.filter(col("id").in_list(ids, false))?.sort(vec![col("position").sort(true, false)])?;
        for batch in rows.collect().await? {
            R::rows(&batch)?.into_iter().for_each(|row| state.put(of(row)));
        }
    }
    Ok(())
}

/// Where the chain of a partition stands, of what is applied: rows beyond it are decided again.
pub async fn head(store: &Store, partition: &Partition) -> Result<audit::Head> {
    let frame = table(&store.snapshot(), Audit::TABLE.name).await?;
    let own = col("log_topic")
        .eq(lit(partition.topic.as_str()))
        .and(col("log_partition").eq(lit(partition.partition)));
    let last = frame.filter(own)?.sort(vec![col("sequence").sort(false, false)])?.limit(0, Some(1))?;
    for batch in last.collect().await? {
        if let Some(row) = Audit::rows(&batch)?.first() {
            return Ok(audit::Head::of(row));
        }
    }
    Ok(audit::Head::default())
}

/// What the command of this key answered when it was decided, to one that comes again.
///
/// # Errors
/// Storage. The answer is a `conflict` where the first one asked for something else, or is not to be had.
pub(crate) async fn stored_result(
    store: &Store,
    known: &Known,
) -> Result<std::result::Result<Value, athena_schemas::Error>> {
    let forgotten = ids::dedup_of_forgotten(&store.secret, &known.key);
    if !found(store, &[forgotten]).await?.is_empty() {
        let error = athena_schemas::Error::conflict("event_id names a command that was forgotten");
        return Ok(Err(error.hint("give it another event_id")));
    }
    let key = Expr::Literal(ScalarValue::FixedSizeBinary(16, Some(known.key.to_vec())), None);
    let frame = table(&store.snapshot(), Event::TABLE.name).await?;
    let columns = ["type", "attributes", "result"];
    let rows = frame.filter(col("dedup").eq(key))?.select_columns(&columns)?.collect().await?;
    let first = rows.iter().find(|batch| batch.num_rows() > 0);
    let text = |column: usize| {
        let text = arrow::compute::cast(first?.column(column), &DataType::Utf8).ok()?;
        let text = text.as_string::<i32>();
        text.is_valid(0).then(|| text.value(0).to_owned())
    };
    let (Some(r#type), Some(result)) = (text(0), text(2)) else {
        return Ok(Err(athena_schemas::Error::conflict("event_id names an event that is not a command")));
    };
    let first = Said { r#type, attributes: text(1) };
    Ok(apply::repeats(&first, &known.said).and_then(|()| apply::result_of(&result)))
}

/// The largest log time of each partition.
pub async fn last_times(store: &Store) -> Result<BTreeMap<Partition, Time>> {
    use datafusion::functions_aggregate::expr_fn::max;
    let frame = table(&store.snapshot(), Event::TABLE.name).await?;
    let grouped =
        frame.aggregate(vec![col("log_topic"), col("log_partition")], vec![max(col("received_at"))])?;
    let mut times = BTreeMap::new();
    for batch in grouped.collect().await? {
        let topics = arrow::compute::cast(batch.column(0), &DataType::Utf8)
            .map_err(|e| Error::Store(athena_store::Error::Sql(e.into())))?;
        let topics = topics.as_string::<i32>();
        let partitions = batch.column(1).as_primitive::<Int32Type>();
        let newest = batch.column(2).as_primitive::<TimestampMicrosecondType>();
        for row in 0..batch.num_rows() {
            let partition = Partition::new(topics.value(row), partitions.value(row));
            times.insert(partition, Time::from_micros(newest.value(row)));
        }
    }
    Ok(times)
}

async fn table(snapshot: &Snapshot, name: &str) -> Result<DataFrame> {
    let session = snapshot.whole_session(SqlOptions::own())?;
    Ok(session.table(name).await?)
}
