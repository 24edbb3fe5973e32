//! Small tables in memory, and of `events` what was added last: what is asked of them is chosen where it is, and no file
//! is opened for it.
//!
//! Rows are read once for each fragment and go with it, so a table that grows by a row costs a row. Of tables that are
//! larger, columns may be there (`columns`); else, and for moments before the newest that was asked about, they are read
//! from where they lie.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::{and, concat_batches, filter_record_batch};
use arrow::datatypes::{DataType, Schema, SchemaRef, UInt64Type};
use async_trait::async_trait;
use athena_schemas::tables::{ALL, Audit, Embedding, Event};
use athena_schemas::{Row, Table};
use datafusion::catalog::memory::MemorySourceConfig;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DFSchema, DataFusionError, Result, project_schema};
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, TableType, Volatility, create_udf};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::physical_plan::filter::FilterExecBuilder;
use datafusion::prelude::{Expr, col, lit};
use futures::TryStreamExt;
use lance::Dataset;
use lance::dataset::scanner::Scanner;
use lance::io::RecordBatchStream;
use lance_core::utils::address::RowAddress;
use lance_core::{ROW_ADDR, ROW_ADDR_FIELD};
use lance_table::format::Fragment;
use tokio::sync::Mutex;

use crate::SqlOptions;
use crate::addresses::{Addresses, outside};
use crate::columns::Columns;
use crate::fragments::Fragments;
use crate::lookups::{Cached, Lookups};
use crate::written::Written;

/// Bytes of all tables in memory, and of the files of one: those are smaller.
const BYTES: usize = 64 << 20;
const FILE_BYTES: u64 = 16 << 20;
/// Fragments that are kept of `events`, how many rows one of them has at most, and how many are asked for at once.
const FRAGMENTS: usize = 64;
const FRAGMENT_ROWS: usize = 500;
const AT_ONCE: usize = 8;
/// Rows that are taken by their addresses: so few that no column is read for them, and where columns are not kept.
const FEW: usize = 100;
const ADDRESSES: usize = 1_000;
/// Rows of a batch in memory, and for which another thread is worth its while.
const ROWS_OF_A_BATCH: usize = 8_192;
const ROWS_OF_A_PART: usize = 16_384;

/// The rows of small tables, by name, and the fragments of `events` that were asked for last.
#[derive(Debug)]
pub struct AtHand {
    small: BTreeMap<&'static str, Mutex<Kept>>,
    /// What they take together.
    bytes: AtomicUsize,
    newest: Mutex<Vec<Piece>>,
    /// Of those that are not small.
    fragments: Fragments,
    columns: Columns,
    written: Arc<Written>,
    lookups: Lookups,
}

/// Where rows are.
pub enum Found {
    Nowhere,
    /// In memory, a batch for each fragment, with their addresses behind the columns; these conditions are still to be applied.
    Here(Vec<RecordBatch>, Vec<Expr>),
    InFiles(Box<Scanner>),
}

/// A table as it was at a version.
#[derive(Debug, Default)]
struct Kept {
    version: u64,
    pieces: Vec<Piece>,
    bytes: usize,
    /// So many rows were too many.
    refused: Option<usize>,
}

/// The rows of fragments that follow each other, with their addresses after the columns of the table.
#[derive(Debug, Clone)]
pub struct Piece {
    fragments: Vec<Fragment>,
    pub rows: RecordBatch,
}

impl Default for AtHand {
    fn default() -> Self {
        // Those that are not small for long, and what is verified: that is read as it lies there.
        let others = [Event::TABLE.name, Embedding::TABLE.name, Audit::TABLE.name];
        let tables = ALL.iter().map(|table| table.name).filter(|name| !others.contains(name));
        let small = tables.map(|name| (name, Mutex::default())).collect();
        Self {
            small,
            bytes: AtomicUsize::default(),
            newest: Mutex::default(),
            fragments: Fragments::default(),
            columns: Columns::default(),
            written: Arc::default(),
            lookups: Lookups::default(),
        }
    }
}

impl AtHand {
    /// One that need not read what was written last here.
    pub fn over(written: Arc<Written>) -> Self {
        Self { written, ..Self::default() }
    }

    /// How often rows that were asked for were here, and what they take.
    pub fn cached(&self) -> Cached {
        let bytes = self.bytes.load(Ordering::Relaxed) + self.columns.bytes() + self.written.bytes();
        self.lookups.of(None, Some(bytes))
    }

    /// Drops all rows: they are read again when they are asked for.
    pub async fn forget(&self) {
        for kept in self.small.values() {
            let mut kept = kept.lock().await;
            self.bytes.fetch_sub(kept.bytes, Ordering::Relaxed);
            *kept = Kept::default();
        }
        self.newest.lock().await.clear();
        self.written.forget();
        self.fragments.forget().await;
        self.columns.forget().await;
    }

    /// Where those rows of a table are that conditions let through. Only where it `may_keep` columns of fragments in memory
    /// it looks for them there.
    ///
    /// # Errors
    /// Storage; a column that the table does not have.
    pub async fn found(
        &self,
        of: (&Table, &Dataset),
        fragments: Vec<Fragment>,
        conditions: Vec<Expr>,
        columns: &[&str],
        may_keep: bool,
    ) -> Result<Found> {
        let found = self.find(of, fragments, conditions, columns, may_keep).await?;
        match found {
            Found::Nowhere => {}
            Found::Here(..) => self.lookups.note(true),
            Found::InFiles(_) => self.lookups.note(false),
        }
        Ok(found)
    }

    async fn find(
        &self,
        of: (&Table, &Dataset),
        fragments: Vec<Fragment>,
        conditions: Vec<Expr>,
        columns: &[&str],
        may_keep: bool,
    ) -> Result<Found> {
        let (mut fragments, mut conditions) = self.fragments.narrowed(of, fragments, conditions).await?;
        let compared: BTreeSet<String> =
            conditions.iter().flat_map(Expr::column_refs).map(|column| column.name.clone()).collect();
        if may_keep && !fragments.is_empty() && !compared.contains(ROW_ADDR) {
            let compared: Vec<&str> = compared.iter().map(String::as_str).collect();
            let others = columns.iter().filter(|name| !compared.contains(name));
            let every: Vec<&str> = compared.iter().chain(others).copied().collect();
            if let Some(rows) = self.columns.of(of, &fragments, &every, false).await? {
                return Ok(Found::Here(rows, conditions));
            }
            let mut few = None;
            if !compared.is_empty()
                && let Some(rows) = self.columns.of(of, &fragments, &compared, true).await?
            {
                let chosen = choose(&SqlOptions::own().state, rows, &[ROW_ADDR], &conditions, &[])?;
                let all: usize = chosen.iter().map(RecordBatch::num_rows).sum();
                few = (all <= ADDRESSES).then(|| addresses_of(&chosen));
            }
            // A few rows are taken rather than that a column is read for them.
            if few.as_ref().is_none_or(|few| few.len() > FEW)
                && let Some(rows) = self.columns.of(of, &fragments, &every, true).await?
            {
                return Ok(Found::Here(rows, conditions));
            }
            if let Some(few) = few {
                let within: HashSet<u64> =
                    few.iter().map(|one| RowAddress::new_from_u64(*one).fragment_id().into()).collect();
                fragments.retain(|fragment| within.contains(&fragment.id));
                conditions = vec![col(ROW_ADDR).in_list(few.into_iter().map(lit).collect(), false)];
            }
        }
        if fragments.is_empty() {
            return Ok(Found::Nowhere);
        }
        let mut scan = of.1.scan();
        scan.with_fragments(fragments).project(columns)?;
        if let Some(condition) = conjunction(conditions) {
            scan.filter_expr(condition);
        }
        Ok(Found::InFiles(Box::new(scan)))
    }

    /// Every row of a table at a version; `None`: it is to be read from where it lies.
    async fn of(&self, table: &Table, dataset: &Dataset) -> Result<Option<Vec<RecordBatch>>> {
        let Some(kept) = self.small.get(table.name) else { return Ok(None) };
        let mut kept = kept.lock().await;
        let version = dataset.version().version;
        if version < kept.version {
            return Ok(None);
        }
        if version > kept.version {
            let others = self.bytes.load(Ordering::Relaxed).saturating_sub(kept.bytes);
            let newer = kept.at(dataset, BYTES.saturating_sub(others), &self.written).await?;
            self.bytes.fetch_add(newer.bytes, Ordering::Relaxed);
            self.bytes.fetch_sub(kept.bytes, Ordering::Relaxed);
            *kept = newer;
        }
        let rows = kept.pieces.iter().map(|piece| piece.rows.clone());
        Ok(kept.refused.is_none().then(|| rows.collect()))
    }

    /// Those rows of a table that a condition lets through, at least in these fragments; `None`: as above.
    ///
    /// # Errors
    /// Storage; a column that the table does not have.
    pub async fn chosen(
        &self,
        (table, dataset): (&Table, &Dataset),
        fragments: &[Fragment],
        columns: &[&str],
        filter: Expr,
    ) -> Result<Option<Vec<RecordBatch>>> {
        let rows = match self.of(table, dataset).await? {
            None => self.some(table, dataset, fragments).await?,
            rows => rows,
        };
        self.lookups.note(rows.is_some());
        let Some(rows) = rows else { return Ok(None) };
        choose(&SqlOptions::own().state, rows, columns, &[filter], &[]).map(Some)
    }

    /// The rows of a few small fragments: several follow a table, one after the other.
    async fn some(
        &self,
        table: &Table,
        dataset: &Dataset,
        fragments: &[Fragment],
    ) -> Result<Option<Vec<RecordBatch>>> {
        let few = |one: &Fragment| one.physical_rows.is_some_and(|rows| rows <= FRAGMENT_ROWS);
        if table.name != Event::TABLE.name || fragments.len() > AT_ONCE || !fragments.iter().all(few) {
            return Ok(None);
        }
        let mut newest = self.newest.lock().await;
        let mut rows = Vec::with_capacity(fragments.len());
        for fragment in fragments {
            let piece = match newest.iter().find(|piece| piece.fragments[0] == *fragment) {
                Some(piece) => piece.clone(),
                None => {
                    let piece = read(dataset, vec![fragment.clone()], &self.written).await?;
                    newest.push(piece.clone());
                    piece
                }
            };
            rows.push(piece.rows);
        }
        let more = newest.len().saturating_sub(FRAGMENTS);
        newest.drain(..more);
        Ok(Some(rows))
    }
}

impl Kept {
    /// The same table at a newer version, if it is no larger than `most` bytes.
    async fn at(&self, dataset: &Dataset, most: usize, written: &Written) -> Result<Self> {
        let (version, fragments) = (dataset.version().version, &dataset.manifest().fragments);
        let rows = fragments.iter().filter_map(|fragment| fragment.physical_rows).sum();
        let files = fragments.iter().flat_map(|fragment| &fragment.files);
        let bytes: u64 = files.filter_map(|file| file.file_size_bytes.get()).map(u64::from).sum();
        if bytes > FILE_BYTES || self.refused.is_some_and(|refused| rows >= refused) {
            let refused = Some(self.refused.unwrap_or(rows).min(rows));
            return Ok(Self { version, refused, ..Self::default() });
        }
        let there: HashMap<u64, (usize, &Fragment)> =
            fragments.iter().enumerate().map(|(place, one)| (one.id, (place, one))).collect();
        let is_there = |one: &Fragment| there.get(&one.id).is_some_and(|(_, other)| *other == one);
        let stands = |piece: &&Piece| piece.fragments.iter().all(is_there);
        let mut pieces: Vec<Piece> = self.pieces.iter().filter(stands).cloned().collect();
        let known: HashSet<u64> =
            pieces.iter().flat_map(|piece| &piece.fragments).map(|one| one.id).collect();
        // Stretches of what is not known, so that all stand in the order of the table.
        let is_known = |one: &Fragment| known.contains(&one.id);
        for stretch in fragments.chunk_by(|one, other| is_known(one) == is_known(other)) {
            if !is_known(&stretch[0]) {
                pieces.push(read(dataset, stretch.to_vec(), written).await?);
            }
        }
        pieces.sort_by_key(|piece| there[&piece.fragments[0].id].0);
        // As many pieces as the number of rows has digits: a row is copied as often at most.
        while let [.., one, other] = pieces.as_slice()
            && one.rows.num_rows() <= 2 * other.rows.num_rows()
        {
            let rows = concat_batches(&one.rows.schema(), [&one.rows, &other.rows])?;
            let fragments = one.fragments.iter().chain(&other.fragments).cloned().collect();
            pieces.truncate(pieces.len() - 2);
            pieces.push(Piece { fragments, rows });
        }
        let bytes = pieces.iter().map(|piece| piece.rows.get_array_memory_size()).sum();
        Ok(match bytes > most {
            true => Self { version, refused: Some(rows), ..Self::default() },
            false => Self { version, pieces, bytes, refused: None },
        })
    }
}

/// Rows of fragments that follow each other, as they were written or from where they lie.
pub async fn read(dataset: &Dataset, fragments: Vec<Fragment>, written: &Written) -> Result<Piece> {
    let failed = |error: lance::Error| DataFusionError::External(Box::new(error));
    let rows: Option<Vec<RecordBatch>> =
        fragments.iter().map(|fragment| written.take(dataset, fragment)).collect();
    if let Some(rows) = rows.filter(|rows| !rows.is_empty()) {
        let rows = concat_batches(&rows[0].schema(), &rows)?;
        return Ok(Piece { fragments, rows });
    }
    let mut scan = dataset.scan();
    scan.with_fragments(fragments.clone()).with_row_address();
    let rows = scan.try_into_stream().await.map_err(failed)?;
    let schema = rows.schema();
    let rows: Vec<RecordBatch> = rows.try_collect().await.map_err(failed)?;
    let rows = concat_batches(&schema, &rows)?;
    Ok(Piece { fragments, rows })
}

/// A table at a version, or some of its rows.
#[derive(Debug, Clone)]
pub struct Rows {
    table: &'static Table,
    dataset: Arc<Dataset>,
    schema: SchemaRef,
    /// Those that are read, from where they lie; `None`: all.
    only: Option<Vec<Fragment>>,
    hidden: Vec<Arc<Addresses>>,
    at_hand: Arc<AtHand>,
}

impl Rows {
    pub fn new(table: &'static Table, dataset: Arc<Dataset>, at_hand: Arc<AtHand>) -> Self {
        let schema = Arc::new(Schema::from(dataset.schema()));
        Self { table, dataset, schema, only: None, hidden: Vec::new(), at_hand }
    }

    /// Those of some fragments, with their addresses behind the columns.
    pub fn only(self, fragments: Vec<Fragment>) -> Self {
        let fields = self.schema.fields().iter().cloned().chain([Arc::new(ROW_ADDR_FIELD.clone())]);
        Self { only: Some(fragments), schema: Arc::new(Schema::new(fields.collect::<Vec<_>>())), ..self }
    }

    /// The same without these.
    pub fn without(&self, mut hidden: Vec<Arc<Addresses>>) -> Self {
        hidden.retain(|set| !set.is_empty());
        Self { hidden, ..self.clone() }
    }
}

/// A function of addresses: whether they are in none of the sets.
fn is_outside(table: &Table, hidden: Vec<Arc<Addresses>>) -> ScalarUDF {
    let evaluate = move |given: &[ColumnarValue]| -> Result<ColumnarValue> {
        let addresses = ColumnarValue::values_to_arrays(given)?;
        Ok(ColumnarValue::Array(Arc::new(outside(&addresses[0], &hidden))))
    };
    let (name, number) = (format!("is_shown_of_{}", table.name), vec![DataType::UInt64]);
    create_udf(&name, number, DataType::Boolean, Volatility::Immutable, Arc::new(evaluate))
}

#[async_trait]
impl TableProvider for Rows {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    /// All filters are applied.
    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let schema = project_schema(&self.schema, projection)?;
        let columns: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let of_table: Vec<&str> = columns.iter().copied().filter(|name| *name != ROW_ADDR).collect();
        let at_hand = match self.only {
            None => self.at_hand.of(self.table, &self.dataset).await?,
            Some(_) => None,
        };
        if let Some(rows) = at_hand {
            let rows = choose(state, rows, &columns, filters, &self.hidden)?;
            return Ok(MemorySourceConfig::try_new_exec(&[rows], schema, None)?);
        }
        let fragments = self.only.clone().unwrap_or_else(|| self.dataset.manifest().fragments.to_vec());
        let of = (self.table, &*self.dataset);
        let found =
            self.at_hand.found(of, fragments, filters.to_vec(), &of_table, self.only.is_none()).await?;
        let is_shown = || is_outside(self.table, self.hidden.clone()).call(vec![col(ROW_ADDR)]);
        let is_shown = (!self.hidden.is_empty()).then(is_shown);
        let (rows, condition) = match found {
            Found::Nowhere => return Ok(Arc::new(EmptyExec::new(schema))),
            Found::Here(rows, conditions) => {
                let condition = conjunction(conditions.into_iter().chain(is_shown));
                let all = condition.is_none().then_some(columns.as_slice());
                (in_parts(rows, all, state.config().target_partitions())?, condition)
            }
            Found::InFiles(mut scan) => {
                scan.scan_in_order(false);
                if is_shown.is_none() {
                    scan.limit(limit.and_then(|limit| limit.try_into().ok()), None)?;
                }
                if is_shown.is_some() || of_table.len() < columns.len() {
                    scan.with_row_address();
                }
                (scan.create_plan().await?, is_shown)
            }
        };
        let Some(condition) = condition else { return Ok(rows) };
        let within = DFSchema::try_from(rows.schema())?;
        let places = places(&rows.schema(), &columns)?;
        let shown = FilterExecBuilder::new(state.create_physical_expr(condition, &within)?, rows);
        Ok(Arc::new(shown.apply_projection(Some(places))?.build()?))
    }
}

fn places(schema: &Schema, columns: &[&str]) -> Result<Vec<usize>> {
    Ok(columns.iter().map(|name| schema.index_of(name)).collect::<Result<_, _>>()?)
}

/// Rows in memory, with these columns or all, in so many parts at most that are gone through at once.
fn in_parts(rows: Vec<RecordBatch>, columns: Option<&[&str]>, most: usize) -> Result<Arc<dyn ExecutionPlan>> {
    let schema = rows[0].schema();
    let all: usize = rows.iter().map(RecordBatch::num_rows).sum();
    let mut parts = vec![Vec::new(); (all / ROWS_OF_A_PART).clamp(1, most.max(1))];
    let count = parts.len();
    let slices = rows.iter().flat_map(|rows| {
        let begins = (0..rows.num_rows()).step_by(ROWS_OF_A_BATCH);
        begins.map(|from| rows.slice(from, ROWS_OF_A_BATCH.min(rows.num_rows() - from)))
    });
    slices.enumerate().for_each(|(at, slice)| parts[at % count].push(slice));
    let columns = columns.map(|columns| places(&schema, columns)).transpose()?;
    Ok(MemorySourceConfig::try_new_exec(&parts, schema, columns)?)
}

/// What the filters let through of rows at hand, without those that are hidden.
pub fn choose(
    state: &dyn Session,
    rows: Vec<RecordBatch>,
    columns: &[&str],
    filters: &[Expr],
    hidden: &[Arc<Addresses>],
) -> Result<Vec<RecordBatch>> {
    let Some(schema) = rows.first().map(RecordBatch::schema) else { return Ok(Vec::new()) };
    let columns = places(&schema, columns)?;
    let filter = conjunction(filters.iter().cloned());
    let within = DFSchema::try_from(schema)?;
    let filter = filter.map(|filter| state.create_physical_expr(filter, &within)).transpose()?;
    let mut found = Vec::with_capacity(rows.len());
    for rows in rows {
        let mut chosen = rows.project(&columns)?;
        let mut lets = None;
        if let Some(filter) = &filter {
            lets = Some(filter.evaluate(&rows)?.into_array(rows.num_rows())?.as_boolean().clone());
        }
        if !hidden.is_empty() {
            let shown = outside(rows.column_by_name(ROW_ADDR).expect("it is read"), hidden);
            lets = Some(match lets {
                Some(lets) => and(&lets, &shown)?,
                None => shown,
            });
        }
        if let Some(lets) = lets {
            chosen = filter_record_batch(&chosen, &lets)?;
        }
        found.extend((chosen.num_rows() > 0).then_some(chosen));
    }
    Ok(found)
}

fn addresses_of(rows: &[RecordBatch]) -> Vec<u64> {
    rows.iter()
        .flat_map(|rows| rows[ROW_ADDR].as_primitive::<UInt64Type>().values().iter().copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, Int64Array, RecordBatchIterator};
    use arrow::datatypes::Int64Type;
    use datafusion::prelude::SessionContext;
    use lance::dataset::optimize::{CompactionOptions, compact_files};
    use lance::dataset::{WriteMode, WriteParams};

    use super::*;

    async fn written(uri: &str, numbers: std::ops::Range<i64>, mode: WriteMode) -> Dataset {
        let column: ArrayRef = Arc::new(Int64Array::from_iter_values(numbers));
        let batch = RecordBatch::try_from_iter([("n", column)]).unwrap();
        let rows = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
        let options = WriteParams { mode, ..WriteParams::default() };
        Dataset::write(rows, uri, Some(options)).await.unwrap()
    }

    fn numbers(kept: &Kept) -> Vec<i64> {
        let rows = kept.pieces.iter().map(|piece| piece.rows.column(0).clone());
        rows.flat_map(|rows| rows.as_primitive::<Int64Type>().values().to_vec()).collect()
    }

    #[tokio::test]
    async fn rows_are_those_of_the_version_in_its_order() {
        let folder = tempfile::tempdir().unwrap();
        let uri = folder.path().join("t.lance").display().to_string();
        let (mut kept, nothing) = (Kept::default(), Written::default());
        for at in 0..20 {
            let mode = if at == 0 { WriteMode::Create } else { WriteMode::Append };
            kept = kept.at(&written(&uri, at..at + 1, mode).await, BYTES, &nothing).await.unwrap();
            assert_eq!(numbers(&kept), (0..=at).collect::<Vec<_>>());
        }
        assert!(kept.pieces.len() < 6, "{} pieces of 20 rows", kept.pieces.len());
        let mut dataset = Dataset::open(&uri).await.unwrap();
        dataset.delete("n % 3 = 0").await.unwrap();
        kept = kept.at(&dataset, BYTES, &nothing).await.unwrap();
        let left = || (0..20).filter(|n| n % 3 != 0);
        assert_eq!(numbers(&kept), left().collect::<Vec<_>>());
        compact_files(&mut dataset, CompactionOptions::default(), None).await.unwrap();
        kept = kept.at(&dataset, BYTES, &nothing).await.unwrap();
        kept = kept.at(&written(&uri, 20..23, WriteMode::Append).await, BYTES, &nothing).await.unwrap();
        assert_eq!(numbers(&kept), left().chain(20..23).collect::<Vec<_>>());

        let rows: Vec<RecordBatch> = kept.pieces.iter().map(|piece| piece.rows.clone()).collect();
        let state = &SqlOptions::own().state;
        let chosen = |hidden: &[Arc<Addresses>]| -> usize {
            let above = [col("n").gt(lit(20_i64))];
            let chosen = choose(state, rows.clone(), &["n"], &above, hidden).unwrap();
            chosen.iter().map(RecordBatch::num_rows).sum()
        };
        let last = rows[rows.len() - 1].column(1).as_primitive::<UInt64Type>().values().iter().next_back();
        assert_eq!((chosen(&[]), chosen(&[Arc::new(last.copied().into_iter().collect())])), (2, 1));
        let none = kept.at(&written(&uri, 23..24, WriteMode::Append).await, 8, &nothing).await.unwrap();
        assert_eq!((none.refused, none.bytes, numbers(&none).len()), (Some(17), 0, 0));
    }

    #[tokio::test]
    async fn rows_in_files_are_shown_without_those_that_are_hidden() {
        let folder = tempfile::tempdir().unwrap();
        let uri = folder.path().join("t.lance").display().to_string();
        written(&uri, 0..6, WriteMode::Create).await;
        let dataset = Arc::new(written(&uri, 6..12, WriteMode::Append).await);
        // A table of this name is read from where it lies.
        let rows = Rows::new(Event::TABLE, dataset.clone(), Arc::default());
        let at = |fragment, place| u64::from(RowAddress::new_from_parts(fragment, place));
        let hidden: Addresses = [at(0, 0), at(0, 5), at(1, 3)].into_iter().collect();
        let hidden = vec![Arc::default(), Arc::new(hidden)];
        let session = SessionContext::new();
        session.register_table("every", Arc::new(rows.without(vec![]))).unwrap();
        session.register_table("shown", Arc::new(rows.without(hidden))).unwrap();
        let found = async |statement: &str| {
            let rows = session.sql(statement).await.unwrap().collect().await.unwrap();
            let numbers = rows.iter().flat_map(|rows| rows.column(0).as_primitive::<Int64Type>().values());
            numbers.copied().collect::<Vec<_>>()
        };
        assert_eq!(found("SELECT n FROM shown ORDER BY n").await, [1, 2, 3, 4, 6, 7, 8, 10, 11]);
        assert_eq!(found("SELECT count(*) FROM every").await, [12]);
        assert_eq!(found("SELECT count(*) FROM shown").await, [9]);
        assert_eq!(found("SELECT count(*) FROM shown WHERE n > 4").await, [5]);
        assert_eq!(found("SELECT n FROM shown WHERE n < 7 AND n % 2 = 0 ORDER BY n").await, [2, 4, 6]);
        assert_eq!(found("SELECT n FROM (SELECT * FROM shown LIMIT 9)").await.len(), 9);
        assert_eq!(found("SELECT n FROM shown WHERE n = 5").await, [0; 0]);
    }
}
