//! All tables at fixed versions that belong together, and DataFusion sessions over them.
//!
//! A session knows tables under their SQL names only, limited to the projects of its scope: what a caller
//! may not see is behind a [`Barrier`].

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use athena_schemas::tables::{Access, Embedding, Event, Forgotten, Memory, Record, Run, RunStage, Verdict};
use athena_schemas::{Applied, Partition, Row, Table, Time, position};
use datafusion::catalog::TableProvider;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::utils::split_conjunction_owned;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::prelude::{Expr, SessionConfig, SessionContext, col, lit};
use datafusion::scalar::ScalarValue;
use futures::stream;
use lance::Dataset;
use lance::dataset::scanner::{DatasetRecordBatchStream, MaterializationStyle};
use lance_table::format::Fragment;

use crate::at_hand::{AtHand, Found, Rows, choose};
use crate::barrier::Barrier;
use crate::fence::{applied, topics};
use crate::forgotten::{Hidden, Known};
use crate::names::{Names, Of, is_view};
use crate::piece::Piece;
use crate::standing::Standings;
use crate::{Result, Store, TableHandle};

/// Whose rows a session sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything, rows without a project included: for admins and for Athena's own work.
    All,
    Projects(Vec<String>),
}

impl Scope {
    /// Whether rows of a project, or of none, are seen.
    pub fn has(&self, project: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::Projects(all) => project.is_some_and(|project| all.iter().any(|one| one == project)),
        }
    }
}

/// A moment of the past to read at: as it was known then.
#[derive(Debug, Clone, PartialEq)]
pub enum At {
    Time(Time),
    Position(Applied),
}

/// How often a plan is made better. Views are deep, and planning takes longer than what most statements do then; a second
/// pass changes next to nothing.
const PASSES: usize = 1;

/// What sessions begin with.
#[derive(Debug, Clone)]
pub struct SqlOptions {
    /// Holds the memory pool, which all sessions share.
    pub runtime: Arc<RuntimeEnv>,
    /// What every session begins as a copy of: making what it knows is dear.
    pub(crate) state: SessionState,
}

impl SqlOptions {
    /// Sessions with one memory pool, whose statements run on so many threads each.
    pub fn new(runtime: Arc<RuntimeEnv>, partitions: usize) -> Self {
        let mut config = SessionConfig::new()
            .with_information_schema(true)
            .with_target_partitions(partitions)
            .with_create_default_catalog_and_schema(false);
        config.options_mut().optimizer.max_passes = PASSES;
        let state = SessionStateBuilder::new()
            .with_config(config)
            .with_runtime_env(runtime.clone())
            .with_physical_optimizer_rules(rules())
            .with_default_features()
            .build();
        Self { runtime, state }
    }

    /// Those of Athena's own small statements: one thread each.
    pub fn own() -> &'static Self {
        static OWN: LazyLock<SqlOptions> = LazyLock::new(|| SqlOptions::new(Arc::default(), 1));
        &OWN
    }
}

/// The tables at versions that belong together: whatever `events` has applied is in the others, and
/// rows of others beyond that are not shown.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub applied: Applied,
    topics: Vec<String>,
    tables: Vec<(&'static Table, Arc<Dataset>)>,
    pub(crate) known: Arc<Known>,
    pub(crate) at_hand: Arc<AtHand>,
    pub(crate) standings: Arc<Standings>,
}

impl Store {
    /// The newest versions known here; `refresh` looks for newer ones.
    pub fn snapshot(&self) -> Snapshot {
        // `runs` and `events` first: see `refresh`.
        let runs = self.runs.dataset();
        let events = self.events.dataset();
        let tables = self
            .all()
            .iter()
            .map(|handle| match handle.table.name {
                "events" => (handle.table, events.clone()),
                "runs" => (handle.table, runs.clone()),
                _ => (handle.table, handle.dataset()),
            })
            .collect();
        let (applied, topics) = (applied(events.manifest()), topics(events.manifest()));
        let (known, standings) = (self.known.clone(), self.standings.clone());
        Snapshot { applied, topics, tables, known, at_hand: self.at_hand.clone(), standings }
    }
}

impl Snapshot {
    /// Whether it has the same versions of all tables, as it has them at hand.
    pub fn is(&self, other: &Self) -> bool {
        let mut pairs = self.tables.iter().zip(&other.tables);
        pairs.all(|((_, one), (_, other))| Arc::ptr_eq(one, other))
    }

    pub fn dataset(&self, table: &Table) -> &Arc<Dataset> {
        let found = self.tables.iter().find(|(one, _)| one.name == table.name);
        &found.expect("a snapshot has every table").1
    }

    /// The version of each table, always in the same order.
    pub fn numbers(&self) -> Vec<u64> {
        self.tables.iter().map(|(_, dataset)| dataset.version().version).collect()
    }

    /// What the claims on a table have come to at this version.
    pub fn applied_of(&self, table: &Table) -> Applied {
        applied(self.dataset(table).manifest())
    }

    /// The newest versions of a table that are kept, at most `limit`, the newest first: number and time.
    pub async fn versions(&self, table: &Table, limit: u64) -> Result<Vec<(u64, Time)>> {
        let dataset = self.dataset(table);
        let newest = dataset.version().version;
        let there = dataset.version_refs().await?;
        let there = there.iter().rev().map(|version| version.version).filter(|version| *version <= newest);
        let mut kept = Vec::new();
        for version in there.take(limit.try_into().unwrap_or(usize::MAX)) {
            // What upkeep has removed meanwhile is not there, nor anything before it.
            let Ok(older) = dataset.checkout_version(version).await else { break };
            kept.push((version, Time::from_micros(older.version().timestamp.timestamp_micros())));
        }
        Ok(kept)
    }

    /// A session that sees the tables and views of the manual, limited to `scope` and, with `at`, to
    /// what was known then. What is forgotten is in none.
    pub async fn session(
        &self,
        scope: &Scope,
        at: Option<&At>,
        options: &SqlOptions,
    ) -> Result<SessionContext> {
        let hidden = self.hidden().await?;
        self.session_without(&hidden, scope, at, options, &[])
    }

    /// What a project's session will see once a run is published whose rows are there already: `run` is its row.
    pub async fn session_as_if(&self, run: &Run, options: &SqlOptions) -> Result<SessionContext> {
        let (hidden, scope) = (self.hidden().await?, Scope::Projects(vec![run.project.clone()]));
        let now = self.session_without(&hidden, &scope, None, options, &[])?;
        let row = now.read_batch(Run::batch([run]))?;
        let runs = now.table(Run::TABLE.name).await?.union(row)?.into_view();
        self.session_without(&hidden, &scope, None, options, &[(Run::TABLE.name, runs)])
    }

    /// A session that sees what is forgotten too, as long as it is there: for what decides about commands.
    pub fn whole_session(&self, options: &SqlOptions) -> Result<SessionContext> {
        self.session_without(&Hidden::default(), &Scope::All, None, options, &[])
    }

    /// The same with only these pieces of some tables, whose rows have their addresses as `_rowaddr`.
    pub fn whole_session_of(
        &self,
        pieces: &[(&'static Table, Vec<Piece>)],
        options: &SqlOptions,
    ) -> Result<SessionContext> {
        let rows = |(table, pieces): &(&'static Table, Vec<Piece>)| {
            let (dataset, fragments) = (self.dataset(table), pieces.iter().map(|one| one.fragment.clone()));
            let rows = Rows::new(table, dataset.clone(), self.at_hand.clone()).only(fragments.collect());
            let conditions = self.conditions(table, dataset, &Scope::All, None);
            (table.name, Arc::new(Barrier::new(table.name, rows, conditions)) as Arc<dyn TableProvider>)
        };
        let instead: Vec<_> = pieces.iter().map(rows).collect();
        self.session_without(&Hidden::default(), &Scope::All, None, options, &instead)
    }

    fn session_without(
        &self,
        hidden: &Hidden,
        scope: &Scope,
        at: Option<&At>,
        options: &SqlOptions,
        instead: &[(&str, Arc<dyn TableProvider>)],
    ) -> Result<SessionContext> {
        let mut tables = self.tables_behind(hidden, scope, at);
        let ended = match at {
            Some(At::Time(time)) => Some(*time),
            _ => None,
        };
        // What is at hand of what is shown is of these versions as they are.
        let of = instead.is_empty().then(|| Of { snapshot: self.clone(), at: ended });
        tables.extend(instead.iter().map(|(name, rows)| ((*name).to_owned(), rows.clone())));
        Ok(Names::over(tables, of).into_session(options)?)
    }

    /// The tables as a scope sees them, by the names that statements have for them.
    fn tables_behind(
        &self,
        hidden: &Hidden,
        scope: &Scope,
        at: Option<&At>,
    ) -> BTreeMap<String, Arc<dyn TableProvider>> {
        let behind = |(table, dataset): &(&'static Table, Arc<Dataset>)| {
            let rows = Rows::new(table, dataset.clone(), self.at_hand.clone());
            let mut conditions = self.conditions(table, dataset, scope, at);
            conditions.extend(hidden.conditions(table));
            let rows: Arc<dyn TableProvider> = Arc::new(Barrier::new(table.name, rows, conditions));
            let name = match is_view(table.name) {
                true => format!("{}_versions", table.name),
                false => table.name.to_owned(),
            };
            (name, rows)
        };
        self.tables.iter().map(behind).collect()
    }

    /// What rows of a table must satisfy to be seen.
    fn conditions(&self, table: &Table, dataset: &Dataset, scope: &Scope, at: Option<&At>) -> Vec<Expr> {
        let mut all = Vec::new();
        if let Scope::Projects(projects) = scope {
            let projects = projects.iter().map(lit).collect();
            all.push(col("project").in_list(projects, false));
        }
        let logged = is_logged(table);
        let known = if logged { applied(dataset.manifest()) } else { Applied::default() };
        if !self.applied.covers(&known) {
            all.extend(known.0.iter().filter_map(|(partition, at)| {
                let end = self.applied.get(partition).unwrap_or(0);
                (end < *at).then(|| before(partition, end))
            }));
        }
        let recorded = match table.name {
            name if [Memory::TABLE.name, Record::TABLE.name, Forgotten::TABLE.name].contains(&name) => {
                "recorded_at"
            }
            name if name == Access::TABLE.name => "accessed_at",
            name if name == Run::TABLE.name => "ended_at",
            name if name == RunStage::TABLE.name => "began_at",
            name if name == Verdict::TABLE.name => "judged_at",
            name if name == Embedding::TABLE.name || table.has("run") => return all,
            _ => "received_at",
        };
        match at {
            Some(At::Time(time)) => {
                let time = ScalarValue::TimestampMicrosecond(Some(time.micros()), Some("UTC".into()));
                all.push(col(recorded).lt_eq(Expr::Literal(time, None)));
            }
            Some(At::Position(position)) if logged => {
                all.extend(position.0.iter().map(|(partition, end)| before(partition, *end)));
            }
            _ => {}
        }
        all
    }

    /// Rows of a table that were applied from `from` on and before `to`, in the table's order, without what
    /// is forgotten; only fragments with a larger id than `above` are read, when it is given.
    ///
    /// Fragments that compaction writes have larger ids than all before, so a follower that remembers
    /// the largest id it has seen reads each new row, and again only what was compacted meanwhile.
    pub async fn since(
        &self,
        table: &Table,
        from: &Applied,
        to: &Applied,
        above: Option<u64>,
        columns: &[&str],
    ) -> Result<Option<DatasetRecordBatchStream>> {
        let hidden = self.hidden().await?;
        // Tombstones of memories are what followers take them away by.
        let hidden = if table.name == Event::TABLE.name { hidden.conditions(table) } else { vec![] };
        self.rows_since(table, (from, to), above, columns, hidden).await
    }

    /// The same of `events`, with what is forgotten: its keys are still taken.
    pub async fn every_event_since(
        &self,
        from: &Applied,
        to: &Applied,
        columns: &[&str],
    ) -> Result<Option<DatasetRecordBatchStream>> {
        self.rows_since(Event::TABLE, (from, to), None, columns, vec![]).await
    }

    async fn rows_since(
        &self,
        table: &Table,
        (from, to): (&Applied, &Applied),
        above: Option<u64>,
        columns: &[&str],
        conditions: Vec<Expr>,
    ) -> Result<Option<DatasetRecordBatchStream>> {
        let dataset = self.dataset(table);
        let ranges: Vec<Expr> =
            to.0.iter()
                .filter_map(|(partition, to)| {
                    let from = from.get(partition).unwrap_or(0);
                    (from < *to).then(|| self.range(partition, from, *to))?
                })
                .collect();
        let Some(filter) = ranges.into_iter().reduce(Expr::or) else { return Ok(None) };
        let filter = conditions.into_iter().fold(filter, Expr::and);
        let fragments: Vec<_> = dataset
            .manifest()
            .fragments
            .iter()
            .filter(|fragment| above.is_none_or(|above| fragment.id > above))
            .cloned()
            .collect();
        self.chosen(table, fragments, columns, filter, (from.0.is_empty(), false)).await
    }

    /// The rows of a table that a scope sees and a condition lets through, in the table's order, as no statement is needed
    /// to say; `None` where there are none. Those of small tables are in memory. Where it is `true` all are read at once.
    pub async fn seen(
        &self,
        table: &Table,
        scope: &Scope,
        columns: &[&str],
        wanted: Expr,
    ) -> Result<Option<DatasetRecordBatchStream>> {
        let (dataset, hidden) = (self.dataset(table), self.hidden().await?);
        let every = wanted == lit(true);
        let conditions = self.conditions(table, dataset, scope, None).into_iter();
        let filter = conditions.chain(hidden.conditions(table)).fold(wanted, Expr::and);
        self.chosen(table, dataset.manifest().fragments.to_vec(), columns, filter, (every, true)).await
    }

    /// Those rows of some fragments that a filter lets through; whether these are `nearly_all` decides how they are read, and
    /// only where it `may_keep` columns in memory it looks there.
    async fn chosen(
        &self,
        table: &Table,
        fragments: Vec<Fragment>,
        columns: &[&str],
        filter: Expr,
        (nearly_all, may_keep): (bool, bool),
    ) -> Result<Option<DatasetRecordBatchStream>> {
        if fragments.is_empty() {
            return Ok(None);
        }
        let dataset = self.dataset(table);
        let of = (table, &**dataset);
        let in_memory = match self.at_hand.chosen(of, &fragments, columns, filter.clone()).await? {
            Some(rows) => rows,
            None => {
                let conditions = split_conjunction_owned(filter);
                match self.at_hand.found(of, fragments, conditions, columns, may_keep).await? {
                    Found::Nowhere => return Ok(None),
                    Found::Here(rows, conditions) => {
                        choose(&SqlOptions::own().state, rows, columns, &conditions, &[])?
                    }
                    Found::InFiles(mut scan) => {
                        if nearly_all {
                            // To take texts row by row, which is the way of a filter, takes far longer.
                            scan.materialization_style(MaterializationStyle::AllEarly);
                        }
                        return Ok(Some(scan.try_into_stream().await?));
                    }
                }
            }
        };
        let Some(first) = in_memory.first() else { return Ok(None) };
        let (schema, rows) = (first.schema(), stream::iter(in_memory.into_iter().map(Ok)));
        let rows = RecordBatchStreamAdapter::new(schema, rows);
        Ok(Some(DatasetRecordBatchStream::new(Box::pin(rows))))
    }

    /// The largest fragment id of a table, to go on from; `None` while the table has rows beyond what is
    /// applied, which are to be read later.
    pub fn last_fragment(&self, table: &Table) -> Option<u64> {
        let manifest = self.dataset(table).manifest();
        let whole = !is_logged(table) || self.applied.covers(&applied(manifest));
        whole.then(|| manifest.fragments.iter().map(|fragment| fragment.id).max())?
    }

    fn range(&self, partition: &Partition, from: i64, to: i64) -> Option<Expr> {
        let topic = self.topics.iter().position(|topic| *topic == partition.topic)?;
        let topic = u8::try_from(topic).ok()?;
        let first = position::pack(topic, partition.partition, from)?;
        let last = position::pack(topic, partition.partition, to - 1)?;
        Some(col("position").gt_eq(lit(first)).and(col("position").lt_eq(lit(last))))
    }
}

/// How plans are made better, but for DataFusion's rule that moves conditions below joins for a second time, once the
/// plan is physical: it takes columns of one name on both sides of an outer join for the same (54.1). There is nothing
/// that it could move them into here: tables are behind barriers.
fn rules() -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    let mut rules = PhysicalOptimizer::new().rules;
    rules.retain(|rule| !rule.name().starts_with("FilterPushdown"));
    rules
}

/// Whether ingest writes it, before it commits `events`.
fn is_logged(table: &Table) -> bool {
    table.has("log_offset")
}

/// Rows of all other partitions, and of this one before `end`.
fn before(partition: &Partition, end: i64) -> Expr {
    col("log_topic")
        .not_eq(lit(partition.topic.clone()))
        .or(col("log_partition").not_eq(lit(partition.partition)))
        .or(col("log_offset").lt(lit(end)))
}

impl TableHandle {
    /// The topics, in the order of their numbers in packed positions, with `wanted` added at the end.
    pub fn topics_with<'a>(&self, wanted: impl IntoIterator<Item = &'a str>) -> Vec<String> {
        let mut topics = self.topics();
        for topic in wanted {
            if !topics.iter().any(|known| known == topic) {
                topics.push(topic.to_owned());
            }
        }
        topics
    }
}
