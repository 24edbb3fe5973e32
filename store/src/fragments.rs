//! What is known of the fragments of large tables: the projects that their rows are of, and where positions stand. A
//! statement asks of a project, and often of a few positions; what is known then says which rows need not be read.
//!
//! ```text
//! project IN (…)  ─▶ fragments of none are left out; where those left are of no other, nothing is compared
//! position IN (…) ─▶ addresses: these rows are taken, and no other is looked at
//! ```
//!
//! It is read once for each fragment, when a statement asks for the first time, and goes with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ahash::AHashMap;
use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::UInt64Type;
use athena_schemas::tables::{ALL, Event};
use athena_schemas::{Row, Table};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::{BinaryExpr, Operator};
use datafusion::prelude::{Expr, col, lit};
use futures::TryStreamExt;
use lance::Dataset;
use lance_core::ROW_ADDR;
use lance_table::format::Fragment;
use tokio::sync::Mutex;

use crate::addresses::by_fragment;

/// Projects that are told apart of one fragment.
const PROJECTS: usize = 8;
/// Positions that are looked up; more are compared with those of all rows.
const POSITIONS: usize = 1_000;
/// Rows for each run of positions, at least: where there are more runs they are not kept.
const ROWS_OF_A_RUN: usize = 8;

/// What is known, by table.
#[derive(Debug)]
pub struct Fragments(BTreeMap<&'static str, Mutex<AHashMap<u64, Arc<Known>>>>);

#[derive(Debug)]
struct Known {
    fragment: Fragment,
    /// `None`: more than are told apart.
    projects: Option<BTreeSet<String>>,
    /// By their first positions; `None`: too many.
    runs: Option<Vec<Run>>,
    rows: usize,
}

/// Rows that follow each other, with positions that do.
#[derive(Debug)]
struct Run {
    position: u64,
    address: u64,
    rows: u64,
}

impl Default for Fragments {
    fn default() -> Self {
        Self(ALL.iter().map(|table| (table.name, Mutex::default())).collect())
    }
}

impl Fragments {
    pub async fn forget(&self) {
        for known in self.0.values() {
            known.lock().await.clear();
        }
    }

    /// The fragments of a table, and the conditions on its rows, less what need not be read or compared.
    ///
    /// # Errors
    /// Storage.
    pub async fn narrowed(
        &self,
        (table, dataset): (&Table, &Dataset),
        fragments: Vec<Fragment>,
        mut conditions: Vec<Expr>,
    ) -> Result<(Vec<Fragment>, Vec<Expr>)> {
        let projects = conditions.iter().enumerate().find_map(|(at, one)| Some((at, projects_in(one)?)));
        let positions = conditions.iter().enumerate().find_map(|(at, one)| Some((at, positions_in(one)?)));
        let positions =
            positions.filter(|(_, all)| table.name == Event::TABLE.name && all.len() <= POSITIONS);
        let Some(known) = self.0.get(table.name).filter(|_| projects.is_some() || positions.is_some()) else {
            return Ok((fragments, conditions));
        };
        let mut known = of(known, table, dataset, &fragments).await?;
        if let Some((at, wanted)) = projects {
            let some = |one: &Arc<Known>| one.projects.as_ref().is_none_or(|all| !all.is_disjoint(&wanted));
            known.retain(some);
            let only = |one: &Arc<Known>| one.projects.as_ref().is_some_and(|all| all.is_subset(&wanted));
            if known.iter().all(only) {
                conditions[at] = lit(true);
            }
        }
        if let Some((at, wanted)) = positions
            && known.iter().all(|one| one.runs.is_some())
        {
            let found = |one: &Arc<Known>| -> Vec<u64> {
                wanted.iter().filter_map(|position| one.address(*position)).collect()
            };
            let addresses: Vec<Vec<u64>> = known.iter().map(found).collect();
            let mut has = addresses.iter().map(|found| !found.is_empty());
            known.retain(|_| has.next().unwrap_or_default());
            conditions[at] = col(ROW_ADDR).in_list(addresses.concat().into_iter().map(lit).collect(), false);
        }
        conditions.retain(|one| *one != lit(true));
        Ok((known.iter().map(|one| one.fragment.clone()).collect(), conditions))
    }
}

/// What is known of these fragments, in their order.
async fn of(
    known: &Mutex<AHashMap<u64, Arc<Known>>>,
    table: &Table,
    dataset: &Dataset,
    fragments: &[Fragment],
) -> Result<Vec<Arc<Known>>> {
    let mut known = known.lock().await;
    let is = |known: &AHashMap<u64, Arc<Known>>, one: &Fragment| {
        known.get(&one.id).is_some_and(|known| known.fragment == *one)
    };
    let new: Vec<Fragment> = fragments.iter().filter(|one| !is(&known, one)).cloned().collect();
    if !new.is_empty() {
        let read = read(table, dataset, new).await?;
        known.extend(read.into_iter().map(|(id, one)| (id, Arc::new(one))));
        // Those of older versions are few, and may be asked for again.
        if known.len() > 2 * fragments.len() + PROJECTS {
            let there: BTreeSet<u64> = fragments.iter().map(|one| one.id).collect();
            known.retain(|id, _| there.contains(id));
        }
    }
    Ok(fragments.iter().map(|one| known[&one.id].clone()).collect())
}

async fn read(table: &Table, dataset: &Dataset, new: Vec<Fragment>) -> Result<AHashMap<u64, Known>> {
    let start = |fragment: &Fragment| Known {
        fragment: fragment.clone(),
        projects: Some(BTreeSet::new()),
        runs: Some(Vec::new()),
        rows: 0,
    };
    let mut known: AHashMap<u64, Known> = new.iter().map(|one| (one.id, start(one))).collect();
    let columns: &[&str] =
        if table.name == Event::TABLE.name { &["project", "position"] } else { &["project"] };
    let mut scan = dataset.scan();
    scan.with_fragments(new).project(columns)?.with_row_address();
    let mut batches = scan.try_into_stream().await?;
    while let Some(batch) = batches.try_next().await? {
        for (fragment, rows) in by_fragment(batch[ROW_ADDR].as_primitive::<UInt64Type>().values()) {
            if let Some(known) = known.get_mut(&u64::from(fragment)) {
                known.add(&batch.slice(rows.start, rows.len()));
            }
        }
    }
    known.values_mut().for_each(Known::settle);
    Ok(known)
}

impl Known {
    fn add(&mut self, batch: &RecordBatch) {
        self.rows += batch.num_rows();
        let projects = batch["project"].as_string::<i32>();
        let mut last = None;
        for project in projects.iter().flatten() {
            if last != Some(project)
                && let Some(all) = &mut self.projects
                && !all.contains(project)
            {
                all.insert(project.to_owned());
                if all.len() > PROJECTS {
                    self.projects = None;
                }
            }
            last = Some(project);
        }
        let Some(positions) = batch.column_by_name("position") else { return };
        let Some(runs) = &mut self.runs else { return };
        let positions = positions.as_primitive::<UInt64Type>().values();
        let addresses = batch[ROW_ADDR].as_primitive::<UInt64Type>().values();
        for (position, address) in positions.iter().zip(addresses) {
            match runs.last_mut() {
                Some(run) if run.follows(*position, *address) => run.rows += 1,
                _ => runs.push(Run { position: *position, address: *address, rows: 1 }),
            }
        }
    }

    fn settle(&mut self) {
        let few = |runs: &Vec<Run>| runs.len() <= self.rows.div_ceil(ROWS_OF_A_RUN) + PROJECTS;
        self.runs = self.runs.take().filter(few);
        if let Some(runs) = &mut self.runs {
            runs.sort_unstable_by_key(|run| run.position);
            runs.shrink_to_fit();
        }
    }

    fn address(&self, position: u64) -> Option<u64> {
        let runs = self.runs.as_ref()?;
        let run = runs.get(runs.partition_point(|run| run.position <= position).checked_sub(1)?)?;
        let after = position - run.position;
        (after < run.rows).then(|| run.address + after)
    }
}

impl Run {
    fn follows(&self, position: u64, address: u64) -> bool {
        (position, address) == (self.position + self.rows, self.address + self.rows)
    }
}

/// The projects of which a condition wants one.
fn projects_in(condition: &Expr) -> Option<BTreeSet<String>> {
    values(condition, "project")?.into_iter().map(|value| Some(value.try_as_str()??.to_owned())).collect()
}

/// The positions of which a condition wants one.
fn positions_in(condition: &Expr) -> Option<Vec<u64>> {
    let position = |value: &ScalarValue| match value {
        ScalarValue::UInt64(position) => *position,
        _ => None,
    };
    values(condition, "position")?.into_iter().map(position).collect()
}

/// The values of which a condition wants a column to have one.
fn values<'e>(condition: &'e Expr, column: &str) -> Option<Vec<&'e ScalarValue>> {
    let is_column = |expr: &Expr| matches!(expr, Expr::Column(one) if one.name == column);
    let literal = |expr: &'e Expr| match expr {
        Expr::Literal(value, _) => Some(value),
        _ => None,
    };
    match condition {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) if is_column(left) => {
            Some(vec![literal(right)?])
        }
        Expr::InList(InList { expr, list, negated: false }) if is_column(expr) => {
            list.iter().map(literal).collect()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, Int64Array, RecordBatchIterator, StringArray, UInt64Array};
    use arrow::datatypes::{DataType, Int64Type};
    use datafusion::prelude::{SessionContext, cast};
    use lance::dataset::optimize::{CompactionOptions, compact_files};
    use lance::dataset::{WriteMode, WriteParams};
    use lance_core::utils::address::RowAddress;
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    use super::*;
    use crate::at_hand::{AtHand, Rows};
    use crate::barrier::Barrier;

    type Line = (String, u64, i64);

    async fn written(uri: &str, lines: &[Line]) -> Dataset {
        let projects: ArrayRef = Arc::new(StringArray::from_iter_values(lines.iter().map(|one| &one.0)));
        let positions: ArrayRef = Arc::new(UInt64Array::from_iter_values(lines.iter().map(|one| one.1)));
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(lines.iter().map(|one| one.2)));
        let columns = [("project", projects), ("position", positions), ("n", numbers)];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let rows = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
        let options = WriteParams { mode: WriteMode::Append, ..WriteParams::default() };
        Dataset::write(rows, uri, Some(options)).await.unwrap()
    }

    #[tokio::test]
    async fn only_what_can_be_wanted_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let uri = folder.path().join("t.lance").display().to_string();
        let lines = |projects: &[&str], from: u64| -> Vec<Line> {
            let projects = projects.iter().zip(from..);
            projects.map(|(project, position)| ((*project).to_owned(), position, 0)).collect()
        };
        written(&uri, &lines(&["a", "a", "a"], 10)).await;
        written(&uri, &lines(&["b", "b"], 20)).await;
        let dataset = written(&uri, &lines(&["a", "c"], 13)).await;
        let fragments = Fragments::default();
        let all = dataset.manifest().fragments.to_vec();
        let narrowed = async |conditions: &[Expr]| {
            let found = fragments.narrowed((Event::TABLE, &dataset), all.clone(), conditions.to_vec()).await;
            let (left, conditions) = found.unwrap();
            (left.iter().map(|one| one.id).collect::<Vec<_>>(), conditions)
        };
        let (of, at) = (
            |projects: &[&str]| col("project").in_list(projects.iter().copied().map(lit).collect(), false),
            |positions: &[u64]| col("position").in_list(positions.iter().copied().map(lit).collect(), false),
        );
        let other = || col("n").gt(lit(0_i64));
        assert_eq!(narrowed(&[other()]).await, (vec![0, 1, 2], vec![other()]));
        assert_eq!(narrowed(&[of(&["b"]), other()]).await, (vec![1], vec![other()]));
        assert_eq!(narrowed(&[of(&["a"])]).await, (vec![0, 2], vec![of(&["a"])]));
        assert_eq!(narrowed(&[of(&["a", "c"])]).await, (vec![0, 2], vec![]));
        assert_eq!(narrowed(&[of(&["d"])]).await.0, [0; 0]);
        let taken = |rows: &[(u32, u32)]| {
            let address = |(fragment, place): &(u32, u32)| RowAddress::new_from_parts(*fragment, *place);
            col(ROW_ADDR).in_list(rows.iter().map(|row| lit(u64::from(address(row)))).collect(), false)
        };
        let found = narrowed(&[of(&["a"]), at(&[12, 14, 21, 99])]).await;
        assert_eq!(found, (vec![0, 2], vec![of(&["a"]), taken(&[(0, 2), (2, 1)])]));
        assert_eq!(narrowed(&[col("position").eq(lit(99_u64))]).await.0, [0; 0]);
    }

    /// Whatever was appended, deleted and merged, statements find what a plain list has.
    #[tokio::test]
    async fn nothing_is_missed_and_nothing_else_found() {
        let mut random = StdRng::seed_from_u64(11);
        let folder = tempfile::tempdir().unwrap();
        let uri = folder.path().join("t.lance").display().to_string();
        let at_hand: Arc<AtHand> = Arc::default();
        let mut all: Vec<Line> = Vec::new();
        for round in 0..30 {
            // Of one project or of several, in order or not.
            let (projects, in_order) = (random.random_range(1..=2), random.random_bool(0.7));
            let mut lines: Vec<Line> = (0..random.random_range(1..40_u64))
                .map(|at| {
                    let project = format!("p{}", (round + random.random_range(0..projects)) % 5);
                    let position = 1_000 * round + if in_order { at } else { (at * 37) % 41 * 2 };
                    (project, position, random.random_range(0..9))
                })
                .collect();
            let mut dataset = written(&uri, &lines).await;
            all.append(&mut lines);
            if random.random_bool(0.3) {
                let gone = random.random_range(0..9);
                dataset.delete(&format!("n = {gone}")).await.unwrap();
                all.retain(|one| one.2 != gone);
            }
            if random.random_bool(0.2) {
                compact_files(&mut dataset, CompactionOptions::default(), None).await.unwrap();
            }
            let session = SessionContext::new();
            let fragments = dataset.manifest().fragments.to_vec();
            let rows = Rows::new(Event::TABLE, Arc::new(dataset), at_hand.clone());
            // From memory, and as they lie.
            for (name, rows) in [("t", rows.clone()), ("files", rows.only(fragments))] {
                session.register_table(name, Arc::new(Barrier::new(name, rows, vec![]))).unwrap();
            }
            for ask in 0..10 {
                let some: Vec<u64> = (0..random.random_range(1..5))
                    .map(|_| match all.get(random.random_range(0..=all.len())) {
                        Some(one) if random.random_bool(0.8) => one.1,
                        _ => random.random_range(0..40_000),
                    })
                    .collect();
                let projects: Vec<String> = (0..random.random_range(1..4))
                    .map(|_| format!("p{}", random.random_range(0..6)))
                    .collect();
                let (asks_place, asks_project) = (random.random_bool(0.7), random.random_bool(0.7));
                let (least, most) = if random.random_bool(0.6) { (3, 8) } else { (5, 5) };
                let wanted = |one: &&Line| {
                    (!asks_place || some.contains(&one.1))
                        && (!asks_project || projects.contains(&one.0))
                        && (least..=most).contains(&one.2)
                };
                let mut expected: Vec<i64> = all.iter().filter(wanted).map(|one| one.1 as i64).collect();
                expected.sort_unstable();
                let table = session.table(if ask % 2 == 0 { "t" } else { "files" }).await.unwrap();
                let mut statement =
                    table.filter(col("n").gt_eq(lit(least)).and(col("n").lt_eq(lit(most)))).unwrap();
                if asks_project {
                    let projects = projects.iter().map(|one| lit(one.as_str())).collect();
                    statement = statement.filter(col("project").in_list(projects, false)).unwrap();
                }
                if asks_place {
                    let some = some.iter().map(|one| lit(*one)).collect();
                    statement = statement.filter(col("position").in_list(some, false)).unwrap();
                }
                let positions = cast(col("position"), DataType::Int64);
                let found = statement.select(vec![positions]).unwrap().collect().await.unwrap();
                let mut found: Vec<i64> = found
                    .iter()
                    .flat_map(|rows| rows.column(0).as_primitive::<Int64Type>().values().to_vec())
                    .collect();
                found.sort_unstable();
                assert_eq!(found, expected, "round {round}, at {some:?}, of {projects:?}");
            }
        }
    }
}
