//! What of a derived table is not shown, found once for a version of the table and the runs that are seen.
//!
//! Readers see the newest version of an id among complete runs. Nearly all rows of a table are that. So it is what is
//! not shown that is kept at hand: runs that are not complete, and rows that a later run wrote again. Whatever else a
//! statement asks of a table is then asked of its rows, without looking at all others.
//!
//! ```text
//! what was found before ─┐
//! fragments since ───────┴▶ ids with several versions ─▶ what is not shown of the table now
//! ```
//!
//! A run adds few rows. So from the last time that all rows were of complete runs only what came since is read, and the
//! ids of the rest are looked through for the same.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use ahash::{AHashMap, RandomState};
use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::UInt64Type;
use athena_schemas::tables::{DERIVED, Run};
use athena_schemas::{Row, Table, Time};
use datafusion::common::{Column, JoinType, Result};
use datafusion::dataframe::DataFrame;
use datafusion::functions_aggregate::expr_fn::{count, max};
use datafusion::prelude::{Expr, SessionContext, col, lit};
use futures::TryStreamExt;
use lance::Dataset;
use lance_core::ROW_ADDR;
use lance_table::format::Fragment;
use parking_lot::Mutex;

use crate::Snapshot;
use crate::addresses::Addresses;
use crate::barrier::Barrier;
use crate::forgotten::{rows, value};

/// Moments of one table that are kept.
const MOMENTS: usize = 4;

/// What versions of derived rows are told apart by.
const KEY: [&str; 3] = ["project", "id", "run"];

/// What is not shown of one table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    /// No run was complete: nothing is shown.
    nothing: bool,
    /// Rows of runs that are not complete.
    unfinished: Arc<Addresses>,
    /// Rows that a later complete run wrote again.
    again: Arc<Addresses>,
}

/// Of each table what was found last, and for which moments.
#[derive(Debug, Default)]
pub(crate) struct Standings {
    found: Mutex<BTreeMap<&'static str, Vec<(Moment, Standing)>>>,
    /// Of each table what stood when all its rows were of complete runs, the last time.
    settled: Mutex<BTreeMap<&'static str, Arc<Settled>>>,
    /// The complete runs as of a version of `runs`.
    complete: Mutex<Option<(u64, Arc<Vec<Complete>>)>>,
}

/// Versions of the table and of `runs`, and how many of the complete runs had ended.
type Moment = (u64, u64, usize);

/// A complete run, by when it ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Complete {
    ended: Time,
    run: String,
    project: String,
    number: i64,
}

#[derive(Debug)]
struct Settled {
    fragments: HashMap<u64, Fragment>,
    complete: Arc<Vec<Complete>>,
    again: Arc<Addresses>,
}

impl Snapshot {
    /// What is not shown of a derived table at these versions, or was not at a time.
    pub(crate) async fn standing(&self, table: &'static Table, at: Option<Time>) -> crate::Result<Standing> {
        let complete = self.complete().await?;
        let seen = at.map_or(complete.len(), |at| complete.partition_point(|one| one.ended <= at));
        if seen == 0 {
            return Ok(Standing { nothing: true, ..Standing::default() });
        }
        let version = |table| self.dataset(table).version().version;
        let moment = (version(table), version(Run::TABLE), seen);
        if let Some(found) = self.standings.found.lock().get(table.name)
            && let Some((_, standing)) = found.iter().find(|(of, _)| *of == moment)
        {
            return Ok(standing.clone());
        }
        let dataset = self.dataset(table);
        let settled = self.standings.settled.lock().get(table.name).cloned();
        let settled = settled.filter(|one| at.is_none() && one.still_stands(dataset, &complete));
        let standing = Standing::read(dataset, &complete[..seen], settled.as_deref()).await?;
        if at.is_none() && standing.unfinished.is_empty() {
            let fragments = dataset.manifest().fragments.iter().map(|one| (one.id, one.clone())).collect();
            let settled = Settled { fragments, complete, again: standing.again.clone() };
            self.standings.settled.lock().insert(table.name, Arc::new(settled));
        }
        let mut all = self.standings.found.lock();
        let found = all.entry(table.name).or_default();
        found.push((moment, standing.clone()));
        let more = found.len().saturating_sub(MOMENTS);
        found.drain(..more);
        Ok(standing)
    }

    /// Finds what is not shown of the derived tables now, so that the next statement finds it at hand.
    ///
    /// # Errors
    /// Storage.
    pub async fn find_standing(&self) -> crate::Result<()> {
        for table in DERIVED {
            self.standing(table, None).await?;
        }
        Ok(())
    }

    /// The complete runs of all projects, in the order of their ends.
    async fn complete(&self) -> crate::Result<Arc<Vec<Complete>>> {
        let runs = self.dataset(Run::TABLE);
        let version = runs.version().version;
        if let Some((of, complete)) = &*self.standings.complete.lock()
            && *of == version
        {
            return Ok(complete.clone());
        }
        let columns = ["ended_at", "id", "project", "number"];
        let rows = rows(runs, &columns, col("status").eq(lit("complete"))).await?;
        let of = |batch: &RecordBatch| -> Vec<Complete> {
            let one = |row| Complete {
                ended: value(batch, "ended_at", row),
                run: value(batch, "id", row),
                project: value(batch, "project", row),
                number: value(batch, "number", row),
            };
            (0..batch.num_rows()).map(one).collect()
        };
        let mut complete: Vec<Complete> = rows.iter().flat_map(of).collect();
        complete.sort_unstable();
        let complete = Arc::new(complete);
        *self.standings.complete.lock() = Some((version, complete.clone()));
        Ok(complete)
    }
}

impl Settled {
    /// Whether a table has all the rows that it had then, and all their runs are complete.
    fn still_stands(&self, dataset: &Dataset, complete: &[Complete]) -> bool {
        let there = dataset.manifest().fragments.iter().filter(|one| self.has(one)).count();
        there == self.fragments.len() && self.complete.iter().all(|one| complete.binary_search(one).is_ok())
    }

    fn has(&self, fragment: &Fragment) -> bool {
        self.fragments.get(&fragment.id).is_some_and(|one| one == fragment)
    }
}

impl Standing {
    /// From what was settled before, or from nothing.
    async fn read(
        dataset: &Dataset,
        complete: &[Complete],
        settled: Option<&Settled>,
    ) -> crate::Result<Self> {
        let numbers: AHashMap<(&str, &str), i64> =
            complete.iter().map(|one| ((one.run.as_str(), one.project.as_str()), one.number)).collect();
        let (old, new): (Vec<Fragment>, Vec<Fragment>) = (dataset.manifest().fragments.iter().cloned())
            .partition(|one| settled.is_some_and(|settled| settled.has(one)));
        let mut unfinished = Addresses::default();
        // The new rows' ids, by their hashes: whatever has several versions is among those of one hash.
        let mut ids: AHashMap<u64, (i64, bool)> = AHashMap::new();
        each(dataset, &new, |at, [project, id, run]| match numbers.get(&(run, project)) {
            Some(number) => {
                let several = |known: &mut (i64, bool)| known.1 |= known.0 != *number;
                ids.entry(hash(id)).and_modify(several).or_insert((*number, false));
            }
            None => drop(unfinished.insert(at)),
        })
        .await?;
        if settled.is_none() {
            ids.retain(|_, (_, several)| *several);
        }
        let mut versions: AHashMap<u128, Vec<(i64, u64)>> = AHashMap::new();
        if !ids.is_empty() {
            let all: Vec<Fragment> = old.into_iter().chain(new).collect();
            each(dataset, &all, |at, [project, id, run]| {
                if ids.contains_key(&hash(id))
                    && let Some(number) = numbers.get(&(run, project))
                {
                    versions.entry(hash_of([project, id])).or_default().push((*number, at));
                }
            })
            .await?;
        }
        let mut again = settled.map(|settled| Addresses::clone(&settled.again)).unwrap_or_default();
        for of_id in versions.into_values() {
            let newest = of_id.iter().map(|(number, _)| *number).max();
            let before = of_id.into_iter().filter(|(number, _)| Some(*number) < newest);
            again.extend(before.map(|(_, at)| at));
        }
        Ok(Self { nothing: false, unfinished: Arc::new(unfinished), again: Arc::new(again) })
    }

    /// The rows that are shown of the versions behind a barrier, with the columns of the table but `deleted`.
    pub(crate) fn shown(
        &self,
        session: &SessionContext,
        versions: &Barrier,
        table: &Table,
    ) -> Result<DataFrame> {
        let hidden = vec![self.unfinished.clone(), self.again.clone()];
        let rows = session.read_table(Arc::new(versions.without(hidden)))?;
        let rows = rows.filter(if self.nothing { lit(false) } else { !col("deleted") })?;
        rows.select(columns(table))
    }
}

/// A hash of the project and id of a row: of 128 bits, so that no other has the same.
fn hash_of(key: [&str; 2]) -> u128 {
    static STATES: LazyLock<[RandomState; 2]> = LazyLock::new(|| [RandomState::new(), RandomState::new()]);
    let [one, other] = [0, 1].map(|at| u128::from(STATES[at].hash_one(key)));
    one << 64 | other
}

fn hash(id: &str) -> u64 {
    static STATE: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    STATE.hash_one(id)
}

/// Calls with the address, and `project`, `id` and `run` of each row of some fragments.
async fn each(
    dataset: &Dataset,
    fragments: &[Fragment],
    mut take: impl FnMut(u64, [&str; 3]),
) -> crate::Result<()> {
    if fragments.is_empty() {
        return Ok(());
    }
    let mut scan = dataset.scan();
    scan.with_fragments(fragments.to_vec()).project(&KEY)?.with_row_address();
    let mut batches = scan.try_into_stream().await?;
    while let Some(batch) = batches.try_next().await? {
        let column = |name: &str| batch.column_by_name(name).expect("asked for");
        let columns = KEY.map(|name| column(name).as_string::<i32>());
        for (row, at) in column(ROW_ADDR).as_primitive::<UInt64Type>().values().iter().enumerate() {
            take(*at, columns.map(|column| column.value(row)));
        }
    }
    Ok(())
}

/// One row an id as the newest complete run that wrote it left it, found by looking at the keys of all rows: columns of the
/// table without `deleted`. `all`: versions, or those of some ids.
///
/// Of most ids there is one version. So what a later run wrote again is found by a pass over the keys, and taken away;
/// ranking the versions of each id would sort all rows of the table with all their columns.
pub async fn newest(versions: &SessionContext, table: &Table, all: DataFrame) -> Result<DataFrame> {
    let again = again(versions, all.clone()).await?;
    let rows = of_complete(versions, all).await?;
    let is_old = col("number").lt(col("newest"));
    let keyed = (["within", "again"], ["project", "id"]);
    let newest = again.join(rows, JoinType::RightAnti, &keyed.0, &keyed.1, Some(is_old))?;
    newest.filter(!col("deleted"))?.select(columns(table))
}

/// The ids of which there are several versions, and the number of the run that wrote the newest.
async fn again(versions: &SessionContext, all: DataFrame) -> Result<DataFrame> {
    let keys = all.select_columns(&["id", "run", "project"])?;
    let written = vec![max(col("number")).alias("newest"), count(lit(1)).alias("times")];
    of_complete(versions, keys)
        .await?
        .aggregate(vec![col("project"), col("id")], written)?
        .filter(col("times").gt(lit(1)))?
        .select(vec![col("project").alias("within"), col("id").alias("again"), col("newest")])
}

/// Those of the rows that complete runs wrote, with `number`.
async fn of_complete(versions: &SessionContext, rows: DataFrame) -> Result<DataFrame> {
    complete(versions).await?.join(rows, JoinType::Inner, &["by", "of"], &["run", "project"], None)
}

async fn complete(versions: &SessionContext) -> Result<DataFrame> {
    let runs = versions.table("runs").await?.filter(col("status").eq(lit("complete")))?;
    runs.select(vec![col("id").alias("by"), col("project").alias("of"), col("number")])
}

fn columns(table: &Table) -> Vec<Expr> {
    let fields = (table.fields)();
    let shown = fields.iter().map(|field| field.name).filter(|name| *name != "deleted");
    shown.map(|name| col(Column::from_name(name))).collect()
}
