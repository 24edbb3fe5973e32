//! Forgetting: derived rows follow at once, and what is due is purged. Here and nowhere else.
//!
//! ```text
//! forgotten ─▶ a full run of the project, without it ─▶ (grace) ─▶ purge, prune ─▶ rewritten ─▶ (old versions end) ─▶ purged
//! ```
//!
//! Every step asks the tables how far it is, so a worker that dies is followed by the next; two at once lose time to
//! each other's commits and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::DataType;
use athena_schemas::sealed::DATA_KEY;
use athena_schemas::tables::{DERIVED, Forgotten, Learned, Run};
use athena_schemas::{Applied, Partition, Row, Table, Time};
use athena_store::{Due, Purged, Snapshot, Store};
use datafusion::common::JoinType;
use datafusion::prelude::{SessionContext, col};
use futures::TryStreamExt;
use tracing::{info, warn};

use crate::run::{Cause, Orphan, orphans, run_project, write_off};
use crate::{Error, Options, Result, statements};

/// How often what waits is looked at, when nothing new was forgotten.
const LOOK: Duration = Duration::from_secs(2);

/// How often files that nobody committed are looked for.
const SWEEP: Duration = Duration::from_secs(3600);

/// When what is forgotten is purged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgetting {
    /// How long it can be restored.
    pub grace: Duration,
    /// How long old versions of tables stay readable.
    pub version_retention: Duration,
}

impl Default for Forgetting {
    fn default() -> Self {
        Self { grace: Duration::from_secs(24 * 3600), version_retention: Duration::from_secs(120) }
    }
}

/// How far a forgetting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It may still be restored.
    Hidden,
    /// The tables are to be rewritten.
    Due,
    /// Old versions may still hold it.
    Rewritten,
    /// No version holds it any more: that is to be made sure of, and noted.
    Old,
}

impl Forgetting {
    fn stage(&self, row: &Forgotten, now: Time) -> Stage {
        let past = |since: Time, wait: Duration| {
            let wait = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
            now.micros().saturating_sub(since.micros()) >= wait
        };
        match row.rewritten_at {
            Some(at) if past(at, self.version_retention) => Stage::Old,
            Some(_) => Stage::Rewritten,
            None if row.at_once || past(row.recorded_at, self.grace) => Stage::Due,
            None => Stage::Hidden,
        }
    }
}

/// What is looked at, and when it was last.
pub(crate) struct Forgetter {
    store: Arc<Store>,
    options: Options,
    /// The version of `forgotten` that was looked at, when, and whether anything waits.
    looked: Option<(u64, Instant, bool)>,
    swept: Option<Instant>,
}

impl Forgetter {
    pub fn new(store: Arc<Store>, options: Options) -> Self {
        Self { store, options, looked: None, swept: None }
    }

    /// One look. What fails is tried again at a later one.
    pub async fn look(&mut self) {
        let version = self.store.forgotten.dataset().version().version;
        let known = self
            .looked
            .as_ref()
            .is_some_and(|(looked, at, waits)| *looked == version && (!waits || at.elapsed() < LOOK));
        if known {
            return self.sweep().await;
        }
        let waits = match forget(&self.store, &self.options, Time::now()).await {
            Ok(waits) => waits,
            Err(error) => {
                warn!(%error, "not forgotten to the end, trying again");
                true
            }
        };
        self.looked = Some((version, Instant::now(), waits));
        self.sweep().await;
    }

    async fn sweep(&mut self) {
        if !self.store.has_forgotten() || self.swept.is_some_and(|at| at.elapsed() < SWEEP) {
            return;
        }
        match self.store.sweep().await {
            Ok(0) => {}
            Ok(files) => info!(files, "files that nobody committed removed"),
            Err(error) => warn!(%error, "files that nobody committed not removed"),
        }
        self.swept = Some(Instant::now());
    }
}

/// Takes everything that was forgotten one step further; says whether any of it waits for a later one.
///
/// # Errors
/// Storage; a run that was overtaken. It may be called again then.
pub async fn forget(store: &Arc<Store>, options: &Options, now: Time) -> Result<bool> {
    let mut open = store.open_forgotten().await?;
    open.retain(|row| options.shard.is_none_or(|shard| shard.has(&row.project)));
    let waits = !open.is_empty();
    // A command that is not applied yet may never have been.
    let applied = store.applied();
    let mut projects: BTreeMap<String, Vec<Forgotten>> = BTreeMap::new();
    for row in open.into_iter().filter(|row| has_read(&applied, row)) {
        projects.entry(row.project.clone()).or_default().push(row);
    }
    for (project, rows) in &projects {
        derive_without(store, options, project, rows).await?;
    }
    let of = |stage: Stage| {
        let due = projects.iter().map(move |(project, rows)| {
            let rows = rows.iter().filter(|row| options.forgetting.stage(row, now) == stage);
            Due { project: project.clone(), rows: rows.cloned().collect() }
        });
        due.filter(|due| !due.rows.is_empty()).collect::<Vec<Due>>()
    };
    let due = of(Stage::Due);
    if !due.is_empty() {
        let purged = purge(store, options, &due).await?;
        let forgotten = due.iter().map(|due| due.rows.len()).sum::<usize>();
        for due in &due {
            store.mark_rewritten(due, Time::now()).await?;
        }
        info!(projects = due.len(), forgotten, ?purged, "rewritten without what was forgotten");
    }
    for due in of(Stage::Old) {
        settle(store, options, &due, now).await?;
    }
    Ok(waits)
}

/// Derived rows follow at once: unless the newest run has read what was forgotten as such, there is another, in full. Of a
/// key of the data nothing is derived.
async fn derive_without(
    store: &Arc<Store>,
    options: &Options,
    project: &str,
    rows: &[Forgotten],
) -> Result<()> {
    let snapshot = store.snapshot();
    let context = statements::session(&snapshot, Some(project), &options.sql).await?;
    let Some(base) = statements::rows::<Run>(&context, statements::BASE).await?.pop() else { return Ok(()) };
    let input: Applied =
        serde_json::from_str(&base.input).map_err(|error| Error::internal("input of a run", error))?;
    if rows.iter().all(|row| row.kind == DATA_KEY || has_read(&input, row)) {
        return Ok(());
    }
    match run_project(store, options, project, true, Cause::Request).await {
        // Whoever was faster is asked at the next look whether it knew.
        Err(Error::Overtaken { .. }) => Ok(()),
        run => run.map(|_| ()),
    }
}

fn has_read(input: &Applied, row: &Forgotten) -> bool {
    let partition = Partition::new(row.log_topic.clone(), row.log_partition);
    input.get(&partition).is_some_and(|next| next > row.log_offset)
}

/// Whether a run that reads from `input` on finds that something was forgotten. Of a key of the data nothing is derived.
pub(crate) async fn was_forgotten(snapshot: &Snapshot, project: &str, input: &Applied) -> Result<bool> {
    let rows = snapshot.since(Forgotten::TABLE, input, &snapshot.applied, None, &["project", "kind"]).await?;
    let Some(mut rows) = rows else { return Ok(false) };
    while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
        let column =
            |name| arrow::compute::cast(batch.column_by_name(name).expect("asked for"), &DataType::Utf8);
        let (projects, kinds) = (column("project")?, column("kind")?);
        let of = |column: &ArrayRef, row| <String as athena_schemas::Column>::read(column, row);
        if (0..batch.num_rows()).any(|row| of(&projects, row) == project && of(&kinds, row) != DATA_KEY) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn purge(store: &Arc<Store>, options: &Options, due: &[Due]) -> Result<Purged> {
    let mut purged = store.purge(due).await?;
    for due in due {
        prune(store, options, &due.project, &mut purged).await?;
    }
    Ok(purged)
}

/// Once no version from before is left: looks again for what came in late, such as a vector that was being made.
async fn settle(store: &Arc<Store>, options: &Options, due: &Due, now: Time) -> Result<()> {
    let late = purge(store, options, std::slice::from_ref(due)).await?;
    if !late.is_nothing() {
        info!(project = due.project, ?late, "rewritten again");
        return Ok(store.mark_rewritten(due, Time::now()).await?);
    }
    // A run that began before and has not ended may have written some of it, in rows that are seen by nobody.
    let rewritten_at = due.rows.iter().filter_map(|row| row.rewritten_at).max();
    let of_before = |one: &Orphan| one.project == due.project && Some(one.started_at) <= rewritten_at;
    let begun: Vec<Orphan> = orphans(store, &options.sql).await?.into_iter().filter(of_before).collect();
    if !begun.is_empty() {
        for orphan in begun {
            write_off(store, orphan).await?;
        }
        purge(store, options, std::slice::from_ref(due)).await?;
        return Ok(store.mark_rewritten(due, Time::now()).await?);
    }
    Ok(store.mark_purged(due, now, options.forgetting.version_retention).await?)
}

/// Removes the versions of derived rows that no reader is shown any more. Those of runs under way stay.
async fn prune(store: &Arc<Store>, options: &Options, project: &str, purged: &mut Purged) -> Result<()> {
    store.refresh().await?;
    let context = statements::session(&store.snapshot(), Some(project), &options.sql).await?;
    for table in DERIVED {
        let handle = store.all().iter().find(|one| one.table.name == table.name);
        let Some(handle) = handle else { continue };
        for batch in superseded(&context, table).await? {
            purged.others += handle.remove(batch, &["id", "run"]).await?;
        }
        let files = handle.rewrite().await?;
        // Every run takes models away that it has superseded: what counts is that a full one has.
        if table.name != Learned::TABLE.name {
            purged.files += files;
        }
    }
    Ok(())
}

async fn superseded(context: &SessionContext, table: &Table) -> Result<Vec<RecordBatch>> {
    let versions = context.table(format!("{}_versions", table.name)).await?.select_columns(&["id", "run"])?;
    let runs = context.table("runs").await?.select(vec![col("id").alias("ended")])?;
    let shown = context.table(table.name).await?;
    let shown = shown.select(vec![col("id").alias("shown"), col("run").alias("by")])?;
    let gone = versions.join(runs, JoinType::LeftSemi, &["run"], &["ended"], None)?.join(
        shown,
        JoinType::LeftAnti,
        &["id", "run"],
        &["shown", "by"],
        None,
    )?;
    let plain = |batch: RecordBatch| -> Result<RecordBatch> {
        let column = |at: usize| arrow::compute::cast(batch.column(at), &DataType::Utf8);
        let columns: [(&str, ArrayRef); 2] = [("id", column(0)?), ("run", column(1)?)];
        Ok(RecordBatch::try_from_iter(columns)?)
    };
    gone.collect().await?.into_iter().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grace_then_purge_then_old_versions() {
        let forgetting =
            Forgetting { grace: Duration::from_secs(10), version_retention: Duration::from_secs(2) };
        let at = |seconds: i64| Time::from_micros(seconds * 1_000_000);
        let row = Forgotten { recorded_at: at(100), ..Forgotten::default() };
        let stage = |row: &Forgotten, now| forgetting.stage(row, at(now));
        assert_eq!([stage(&row, 109), stage(&row, 110)], [Stage::Hidden, Stage::Due]);
        assert_eq!(stage(&Forgotten { at_once: true, ..row.clone() }, 100), Stage::Due);
        let rewritten = Forgotten { rewritten_at: Some(at(111)), ..row };
        assert_eq!([stage(&rewritten, 112), stage(&rewritten, 113)], [Stage::Rewritten, Stage::Old]);
    }

    #[test]
    fn a_run_knows_what_it_has_read() {
        let mut input = Applied::default();
        let row = Forgotten { log_topic: "local".into(), log_offset: 7, ..Forgotten::default() };
        assert!(!has_read(&input, &row));
        input.set(Partition::new("local", 0), 7);
        assert!(!has_read(&input, &row), "an offset is the next one");
        input.set(Partition::new("local", 0), 8);
        assert!(has_read(&input, &row));
    }
}
