//! What of a derived table is not shown, found once for a version of the table and the runs that are seen.
//!
//! Readers see the newest version of an id among complete runs. Nearly all rows of a table are that. So it is what is
//! not shown that is kept at hand: runs that are not complete, and rows that a later run wrote again. Whatever else a
//! statement asks of a table is then asked of its rows, without looking at all others.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use athena_schemas::tables::Run;
use athena_schemas::{Row, Table, Time};
use datafusion::common::{Column, JoinType, Result};
use datafusion::dataframe::DataFrame;
use datafusion::functions_aggregate::expr_fn::{count, max};
use datafusion::prelude::{Expr, SessionContext, col, lit};
use parking_lot::Mutex;

use crate::forgotten::{rows, value};
use crate::{At, Snapshot, SqlOptions};

/// Runs that are not complete and have rows, at most; where there are more, the table is looked through each time.
const RUNS: usize = 100;
/// Rows that were written again, at most, of one table.
const ROWS: usize = 50_000;

/// Moments of one table that are kept.
const MOMENTS: usize = 4;

/// What is not shown of one table.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    /// No run was complete: nothing is shown.
    nothing: bool,
    /// Runs that have rows and are not complete, with their projects.
    unfinished: Vec<(String, String)>,
    /// `project`, `id` and `run` of the rows that a later complete run wrote again; `None`: there are none.
    again: Option<RecordBatch>,
}

/// Of each table what was found last, and for which moments. `None`: too much to be kept.
#[derive(Debug, Default)]
pub(crate) struct Standings {
    found: Mutex<BTreeMap<&'static str, Vec<Found>>>,
    /// When the complete runs ended, in order, as of a version of `runs`.
    ended: Mutex<Option<(u64, Arc<Vec<Time>>)>>,
}

type Found = (Moment, Option<Arc<Standing>>);

/// Versions of the table and of `runs`, and how many of the complete runs had ended.
type Moment = (u64, u64, usize);

impl Snapshot {
    /// What is not shown of a derived table at these versions, or was not at a time; `None` where there is too much.
    pub(crate) async fn standing(
        &self,
        table: &'static Table,
        at: Option<Time>,
        options: &SqlOptions,
    ) -> crate::Result<Option<Arc<Standing>>> {
        let ended = self.ended().await?;
        let seen = at.map_or(ended.len(), |at| ended.partition_point(|ended| *ended <= at));
        if seen == 0 {
            return Ok(Some(Arc::new(Standing { nothing: true, ..Standing::default() })));
        }
        let version = |table| self.dataset(table).version().version;
        let moment = (version(table), version(Run::TABLE), seen);
        if let Some(found) = self.standings.found.lock().get(table.name)
            && let Some((_, standing)) = found.iter().find(|(of, _)| *of == moment)
        {
            return Ok(standing.clone());
        }
        let context = self.plain_session(at.map(At::Time).as_ref(), options)?;
        let standing = Standing::read(&context, table).await?.map(Arc::new);
        let mut all = self.standings.found.lock();
        let found = all.entry(table.name).or_default();
        found.push((moment, standing.clone()));
        let more = found.len().saturating_sub(MOMENTS);
        found.drain(..more);
        Ok(standing)
    }

    /// When the complete runs of all projects ended, in order.
    async fn ended(&self) -> crate::Result<Arc<Vec<Time>>> {
        let runs = self.dataset(Run::TABLE);
        let version = runs.version().version;
        if let Some((of, ended)) = &*self.standings.ended.lock()
            && *of == version
        {
            return Ok(ended.clone());
        }
        let rows = rows(runs, &["ended_at"], col("status").eq(lit("complete"))).await?;
        let of = |batch: &RecordBatch| -> Vec<Time> {
            (0..batch.num_rows()).map(|row| value(batch, "ended_at", row)).collect()
        };
        let mut ended: Vec<Time> = rows.iter().flat_map(of).collect();
        ended.sort_unstable();
        let ended = Arc::new(ended);
        *self.standings.ended.lock() = Some((version, ended.clone()));
        Ok(ended)
    }
}

impl Standing {
    async fn read(context: &SessionContext, table: &Table) -> Result<Option<Self>> {
        let versions = context.table(format!("{}_versions", table.name)).await?;
        let runs = complete(context).await?;
        let written = versions.clone().select_columns(&["run", "project"])?.distinct()?;
        let unfinished = written.join(runs, JoinType::LeftAnti, &["run", "project"], &["by", "of"], None)?;
        let unfinished = unfinished.limit(0, Some(RUNS + 1))?.collect().await?;
        let pair = |batch: &RecordBatch, row| (value(batch, "run", row), value(batch, "project", row));
        let pairs =
            |batch: &RecordBatch| (0..batch.num_rows()).map(|row| pair(batch, row)).collect::<Vec<_>>();
        let unfinished: Vec<(String, String)> = unfinished.iter().flat_map(pairs).collect();

        let again = old(context, table, &["project", "id", "run"]).await?.limit(0, Some(ROWS + 1))?;
        let again = again.collect().await?;
        let rows: usize = again.iter().map(RecordBatch::num_rows).sum();
        if unfinished.len() > RUNS || rows > ROWS {
            return Ok(None);
        }
        let again = match again.first() {
            Some(first) if rows > 0 => Some(concat_batches(&first.schema(), &again)?),
            _ => None,
        };
        Ok(Some(Self { nothing: false, unfinished, again }))
    }

    /// The rows that are shown, with the columns of the table but `deleted`.
    pub(crate) async fn shown(&self, versions: &SessionContext, table: &Table) -> Result<DataFrame> {
        let rows = versions.table(format!("{}_versions", table.name)).await?;
        if self.nothing {
            return rows.filter(lit(false))?.select(columns(table));
        }
        let mut rows = rows.filter(!col("deleted"))?;
        for (run, project) in &self.unfinished {
            let other = col("run").not_eq(lit(run)).or(col("project").not_eq(lit(project)));
            rows = rows.filter(other)?;
        }
        if let Some(again) = &self.again {
            let named = [("project", "within"), ("id", "again"), ("run", "by")];
            let named = named.map(|(name, other)| col(name).alias(other)).to_vec();
            let again = versions.read_batch(again.clone())?.select(named)?;
            let keyed = (["within", "again", "by"], ["project", "id", "run"]);
            rows = again.join(rows, JoinType::RightAnti, &keyed.0, &keyed.1, None)?;
        }
        rows.select(columns(table))
    }
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

/// Keys of the rows of complete runs that a later one wrote again.
async fn old(versions: &SessionContext, table: &Table, keys: &[&str]) -> Result<DataFrame> {
    let all = versions.table(format!("{}_versions", table.name)).await?;
    let again = again(versions, all.clone()).await?;
    let rows = of_complete(versions, all.select_columns(keys)?).await?;
    let is_old = col("number").lt(col("newest"));
    let keyed = (["within", "again"], ["project", "id"]);
    again.join(rows, JoinType::RightSemi, &keyed.0, &keyed.1, Some(is_old))?.select_columns(keys)
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
