//! Columns of large tables in memory, as long as they are asked for: what is asked of the same columns again and again
//! decodes no file.
//!
//! A column is read once for each fragment, and goes with it. What would not fit beside what was asked for in the last
//! minute is read from where it lies.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ahash::AHashMap;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, new_empty_array};
use arrow::compute::concat;
use arrow::datatypes::{Schema, SchemaRef, UInt64Type};
use athena_schemas::tables::{ALL, Audit, Embedding};
use athena_schemas::{Row, Table};
use datafusion::common::Result;
use futures::TryStreamExt;
use lance::Dataset;
use lance::dataset::scanner::Scanner;
use lance::io::RecordBatchStream;
use lance_core::{ROW_ADDR, ROW_ADDR_FIELD};
use lance_table::format::Fragment;
use tokio::sync::Mutex;

use crate::addresses::by_fragment;

/// Bytes of all columns in memory, at most.
const BYTES: usize = 96 << 20;
/// Rows that tell how large the values of a column are.
const SOME: i64 = 1_000;
/// After so long without a question a column makes room for others.
const IDLE: Duration = Duration::from_secs(60);

/// Columns by table.
#[derive(Debug)]
pub struct Columns {
    /// Bytes of them all, at most.
    most: usize,
    tables: BTreeMap<&'static str, Mutex<Held>>,
    /// What they take together.
    bytes: AtomicUsize,
}

/// Columns of a table.
#[derive(Debug, Default)]
struct Held {
    /// The newest version that was asked of.
    version: u64,
    pieces: AHashMap<u64, Piece>,
    columns: HashMap<String, Column>,
}

/// The rows of a fragment, column by column.
#[derive(Debug)]
struct Piece {
    fragment: Fragment,
    columns: HashMap<String, ArrayRef>,
}

/// What is known of a column.
#[derive(Debug)]
struct Column {
    /// Bytes of a value.
    width: f64,
    asked: Instant,
}

/// Names of columns, and the fragments that lack just these.
type Missing = BTreeMap<Vec<String>, Vec<Fragment>>;

impl Default for Columns {
    fn default() -> Self {
        // Vectors are looked up elsewhere, and what is verified is read as it lies there.
        let others = [Embedding::TABLE.name, Audit::TABLE.name];
        let tables = ALL.iter().map(|table| table.name).filter(|name| !others.contains(name));
        let tables = tables.map(|name| (name, Mutex::default())).collect();
        Self { most: BYTES, tables, bytes: AtomicUsize::default() }
    }
}

impl Columns {
    /// Of all columns together.
    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    pub async fn forget(&self) {
        for held in self.tables.values() {
            let held = std::mem::take(&mut *held.lock().await);
            self.release(held.pieces.values().flat_map(|piece| piece.columns.values()));
        }
    }

    /// Columns of fragments, with the addresses of their rows behind them, a batch for each fragment; `None`: they are to be
    /// read from where they lie. Where it `may_read`, what is missing is read and kept.
    ///
    /// # Errors
    /// Storage; a column that the table does not have.
    pub async fn of(
        &self,
        (table, dataset): (&Table, &Dataset),
        fragments: &[Fragment],
        columns: &[&str],
        may_read: bool,
    ) -> Result<Option<Vec<RecordBatch>>> {
        let Some(held) = self.tables.get(table.name) else { return Ok(None) };
        let whole = Schema::from(dataset.schema());
        let fields = columns.iter().map(|name| Ok(whole.field_with_name(name)?.clone()));
        let mut fields = fields.collect::<Result<Vec<_>>>()?;
        fields.push(ROW_ADDR_FIELD.clone());
        let schema = Arc::new(Schema::new(fields));

        let mut held = held.lock().await;
        let is_newest = held.version <= dataset.manifest().version;
        if held.version < dataset.manifest().version {
            self.release(held.at(dataset).iter());
        }
        let missing = held.missing(fragments, &schema);
        if !missing.is_empty() {
            if !may_read || !is_newest {
                return Ok(None);
            }
            held.learn(dataset, fragments, &schema).await?;
            if !self.has_room(&mut held, fragments, &schema, &missing) {
                return Ok(None);
            }
            for (columns, fragments) in missing {
                self.read(&mut held, dataset, &columns, fragments).await?;
            }
        }
        let asked = Instant::now();
        for field in schema.fields() {
            if let Some(column) = held.columns.get_mut(field.name()) {
                column.asked = asked;
            }
        }
        fragments
            .iter()
            .map(|fragment| held.pieces[&fragment.id].batch(&schema))
            .collect::<Result<_>>()
            .map(Some)
    }

    /// Whether what is missing fits; what nobody asked for lately makes room.
    fn has_room(&self, held: &mut Held, fragments: &[Fragment], schema: &Schema, missing: &Missing) -> bool {
        let bytes =
            |name: &String, fragments: &[Fragment]| held.columns[name].width * rows_of(fragments) as f64;
        // What would take it all even alone takes the place of nothing.
        let alone: f64 = schema.fields().iter().map(|field| bytes(field.name(), fragments)).sum();
        if alone > self.most as f64 {
            return false;
        }
        let each = missing.iter().flat_map(|(names, of)| names.iter().map(|name| bytes(name, of)));
        let needed: f64 = each.sum();
        let fits = || self.bytes.load(Ordering::Relaxed) as f64 + needed <= self.most as f64;
        if !fits() {
            self.release(held.idle(schema).iter());
            for other in self.tables.values() {
                // One that is asked for at this moment is not idle.
                if let Ok(mut other) = other.try_lock() {
                    self.release(other.idle(&Schema::empty()).iter());
                }
            }
        }
        fits()
    }

    async fn read(
        &self,
        held: &mut Held,
        dataset: &Dataset,
        columns: &[String],
        fragments: Vec<Fragment>,
    ) -> Result<()> {
        let mut scan = dataset.scan();
        scan.with_fragments(fragments.clone());
        let batches = read(scan, columns.iter().map(String::as_str)).await?;
        let mut parts: AHashMap<u64, Vec<RecordBatch>> = AHashMap::new();
        for batch in &batches {
            for (fragment, rows) in by_fragment(batch[ROW_ADDR].as_primitive::<UInt64Type>().values()) {
                parts.entry(fragment.into()).or_default().push(batch.slice(rows.start, rows.len()));
            }
        }
        for fragment in fragments {
            let none = || batches[batches.len() - 1..].to_vec();
            let parts = parts.remove(&fragment.id).unwrap_or_else(none);
            let piece = held.pieces.entry(fragment.id);
            let piece = piece.or_insert_with(|| Piece { fragment, columns: HashMap::new() });
            for name in columns {
                let values = copied(&parts, name)?;
                self.bytes.fetch_add(values.get_array_memory_size(), Ordering::Relaxed);
                piece.columns.insert(name.clone(), values);
            }
        }
        Ok(())
    }

    fn release<'a>(&self, columns: impl Iterator<Item = &'a ArrayRef>) {
        let bytes = columns.map(|values| values.get_array_memory_size()).sum();
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Held {
    /// Takes out what the fragments of a newer version do not have.
    fn at(&mut self, dataset: &Dataset) -> Vec<ArrayRef> {
        self.version = dataset.manifest().version;
        let there: AHashMap<u64, &Fragment> =
            dataset.manifest().fragments.iter().map(|one| (one.id, one)).collect();
        let is_gone = |piece: &Piece| there.get(&piece.fragment.id).is_none_or(|one| **one != piece.fragment);
        let gone = self.pieces.extract_if(|_, piece| is_gone(piece));
        gone.flat_map(|(_, piece)| piece.columns.into_values()).collect()
    }

    /// Takes out the columns that nobody asked for lately, but for these.
    fn idle(&mut self, wanted: &Schema) -> Vec<ArrayRef> {
        let is_idle = |name: &str, column: &Column| {
            column.asked.elapsed() > IDLE && wanted.column_with_name(name).is_none()
        };
        let idle: Vec<&String> = self
            .columns
            .iter()
            .filter(|(name, column)| is_idle(name, column))
            .map(|(name, _)| name)
            .collect();
        let of = |piece: &mut Piece| {
            idle.iter().filter_map(|name| piece.columns.remove(*name)).collect::<Vec<_>>()
        };
        self.pieces.values_mut().flat_map(of).collect()
    }

    fn missing(&self, fragments: &[Fragment], schema: &Schema) -> Missing {
        let mut missing = Missing::new();
        for fragment in fragments {
            let piece = self.pieces.get(&fragment.id).filter(|piece| piece.fragment == *fragment);
            let lacks = |name: &&String| piece.is_none_or(|piece| !piece.columns.contains_key(*name));
            let names: Vec<String> =
                schema.fields().iter().map(|field| field.name()).filter(lacks).cloned().collect();
            if !names.is_empty() {
                missing.entry(names).or_default().push(fragment.clone());
            }
        }
        missing
    }

    /// How large the values of these columns are, as some of the largest fragment tell.
    async fn learn(&mut self, dataset: &Dataset, fragments: &[Fragment], schema: &Schema) -> Result<()> {
        let is_new = |name: &&str| !self.columns.contains_key(*name);
        let new: Vec<&str> =
            schema.fields().iter().map(|field| field.name().as_str()).filter(is_new).collect();
        let Some(largest) = fragments.iter().max_by_key(|fragment| fragment.physical_rows) else {
            return Ok(());
        };
        if new.is_empty() {
            return Ok(());
        }
        let mut scan = dataset.scan();
        scan.with_fragments(vec![largest.clone()]).limit(Some(SOME), None)?;
        let some = read(scan, new.iter().copied()).await?;
        let rows: usize = some.iter().map(RecordBatch::num_rows).sum();
        for name in new {
            let width = copied(&some, name)?.get_array_memory_size() as f64 / rows.max(1) as f64;
            self.columns.insert(name.to_owned(), Column { width, asked: Instant::now() });
        }
        Ok(())
    }
}

impl Piece {
    fn batch(&self, schema: &SchemaRef) -> Result<RecordBatch> {
        let columns = schema.fields().iter().map(|field| self.columns[field.name()].clone());
        Ok(RecordBatch::try_new(schema.clone(), columns.collect())?)
    }
}

fn rows_of(fragments: &[Fragment]) -> usize {
    fragments.iter().filter_map(|fragment| fragment.physical_rows).sum()
}

/// Columns of a scan, in its order, with the addresses of its rows; at least one batch.
async fn read(mut scan: Scanner, columns: impl Iterator<Item = &str>) -> Result<Vec<RecordBatch>> {
    let columns: Vec<&str> = columns.filter(|name| *name != ROW_ADDR).collect();
    let batches = scan.project(&columns)?.with_row_address().try_into_stream().await?;
    let empty = RecordBatch::new_empty(batches.schema());
    let mut batches: Vec<RecordBatch> = batches.try_collect().await?;
    batches.push(empty);
    Ok(batches)
}

/// A column of all parts, which holds on to nothing that they are parts of.
fn copied(parts: &[RecordBatch], name: &str) -> Result<ArrayRef> {
    let mut values: Vec<&dyn Array> = parts.iter().map(|part| part[name].as_ref()).collect();
    let empty = values.first().map(|first| new_empty_array(first.data_type()));
    values.extend(empty.as_deref());
    Ok(concat(&values)?)
}

#[cfg(test)]
mod tests {
    use arrow::array::{Int64Array, RecordBatchIterator, StringArray};
    use athena_schemas::tables::Event;
    use lance::dataset::{WriteMode, WriteParams};

    use super::*;

    async fn written(uri: &str, numbers: std::ops::Range<i64>) -> Dataset {
        let texts: ArrayRef =
            Arc::new(StringArray::from_iter_values(numbers.clone().map(|n| format!("{n:0100}"))));
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(numbers));
        let batch = RecordBatch::try_from_iter([("n", numbers), ("text", texts)]).unwrap();
        let rows = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
        let options = WriteParams { mode: WriteMode::Append, ..WriteParams::default() };
        Dataset::write(rows, uri, Some(options)).await.unwrap()
    }

    /// Bytes of what is there, which is what is counted.
    async fn bytes(columns: &Columns) -> usize {
        let held = columns.tables[Event::TABLE.name].lock().await;
        let all = held.pieces.values().flat_map(|piece| piece.columns.values());
        let bytes = all.map(|values| values.get_array_memory_size()).sum();
        assert_eq!(columns.bytes.load(Ordering::Relaxed), bytes);
        bytes
    }

    #[tokio::test]
    async fn what_fits_is_kept_and_what_is_asked_for_makes_room_for_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let uri = folder.path().join("t.lance").display().to_string();
        let older = written(&uri, 0..2_000).await;
        let dataset = written(&uri, 2_000..3_000).await;
        let columns = Columns { most: 250_000, ..Columns::default() };
        let of = async |dataset: &Dataset, names: &[&str], may_read: bool| {
            let fragments = dataset.manifest().fragments.to_vec();
            columns.of((Event::TABLE, dataset), &fragments, names, may_read).await.unwrap()
        };
        let rows = |found: &Option<Vec<RecordBatch>>| -> usize {
            found.iter().flatten().map(RecordBatch::num_rows).sum()
        };
        assert!(of(&dataset, &["n"], false).await.is_none(), "nothing was read");
        assert_eq!(rows(&of(&dataset, &["n"], true).await), 3_000);
        assert_eq!(rows(&of(&dataset, &["n"], false).await), 3_000);
        let numbers = bytes(&columns).await;
        assert!((48_000..60_000).contains(&numbers), "{numbers} bytes of numbers and addresses");
        assert!(of(&dataset, &["text"], true).await.is_none(), "they are too large");
        assert_eq!(bytes(&columns).await, numbers);

        // What is gone goes, and who asks of an older version gets what is there still.
        let mut newer = written(&uri, 3_000..3_010).await;
        newer.delete("n < 2000").await.unwrap();
        let found = of(&newer, &["n"], true).await;
        let first = found.as_ref().unwrap()[0]["n"].as_primitive::<arrow::datatypes::Int64Type>().value(0);
        assert_eq!((rows(&found), first), (1_010, 2_000));
        assert!(bytes(&columns).await < 22_000);
        assert!(of(&older, &["n"], true).await.is_none());

        // What nobody has asked for lately makes room.
        let columns = Columns { most: 120_000, ..Columns::default() };
        let fragments = newer.manifest().fragments.to_vec();
        let of =
            async |names: &[&str]| columns.of((Event::TABLE, &newer), &fragments, names, true).await.unwrap();
        assert!(of(&["n"]).await.is_some());
        assert!(of(&["text"]).await.is_none());
        for column in columns.tables[Event::TABLE.name].lock().await.columns.values_mut() {
            column.asked = Instant::now().checked_sub(IDLE + IDLE).unwrap();
        }
        assert!(of(&["text"]).await.is_some());
        assert!(of(&["n"]).await.is_none());
        bytes(&columns).await;
        columns.forget().await;
        assert_eq!(bytes(&columns).await, 0);
    }
}
