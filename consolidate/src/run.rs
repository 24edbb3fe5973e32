//! One run of one project: read up to a fixed `applied`, derive, publish.
//!
//! Its rows become visible by its row in `runs`, which is committed last and under a claim on the
//! project's next run number: whoever was overtaken is refused, however late it wakes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use athena_schemas::tables::{DERIVED, Event, Run, RunStage};
use athena_schemas::vocabulary::COMMAND_PREFIX;
use athena_schemas::{Applied, Claim, Partition, Row, Time, position};
use athena_store::{Snapshot, SqlOptions, Store};
use datafusion::prelude::{col, lit};
use futures::TryStreamExt;
use serde_json::json;
use tracing::{info, warn};

use crate::derive::{Agreed, Deriving};
use crate::forget::was_forgotten;
use crate::graph::Graph;
use crate::progress::{Progress, UNCHANGED};
use crate::seen::{Seen, every_session};
use crate::touched::{BY_AGENT, pieces, touch, touch_in};
use crate::writes::Writes;
use crate::{
    Error, Options, Result, associations, communities, episodes, facts, graph, procedures, quality,
    statements,
};

/// How long it is known how far a run was.
const STAGES_MICROS: i64 = 48 * 3_600 * 1_000_000;

/// After this long a run has the versions kept that it reads: well before upkeep removes them.
const LONG: Duration = Duration::from_secs(30);

/// What commands begin with that tell something to be remembered, and those that say something of the graph.
const MEMORIES: &str = "athena.memories.";
const GRAPH: [&str; 2] = ["athena.graph.", "athena.communities."];

/// Why a run ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    Schedule,
    Events,
    Request,
}

impl Cause {
    const fn name(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Events => "events",
            Self::Request => "request",
        }
    }
}

/// Runs one project on top of its newest complete run. `None`: there was nothing new.
///
/// # Errors
/// `Overtaken` when another run was published first; `Cancelled`; storage.
pub async fn run_project(
    store: &Arc<Store>,
    options: &Options,
    project: &str,
    full: bool,
    cause: Cause,
) -> Result<Option<Run>> {
    run_requested(store, options, project, full, cause, None).await
}

/// The same in answer to a request, which the run's row names.
///
/// # Errors
/// As [`run_project`].
pub async fn run_requested(
    store: &Arc<Store>,
    options: &Options,
    project: &str,
    full: bool,
    cause: Cause,
    request: Option<String>,
) -> Result<Option<Run>> {
    let _going = store.learning.token();
    store.refresh().await?;
    let started_at = Time::now();
    let snapshot = store.snapshot();
    let sql = &options.sql;
    let context = statements::session(&snapshot, Some(project), sql).await?;
    let base: Option<Run> = statements::rows(&context, statements::BASE).await?.into_iter().next();
    let input = base.as_ref().map_or_else(|| Ok(Applied::default()), |run| serde_json::from_str(&run.input));
    let input = input.map_err(|error| Error::internal("input of a run", error))?;
    // What was learned from what is forgotten may be anywhere.
    let full = full || (base.is_some() && was_forgotten(&snapshot, project, &input).await?);
    let anew = full || base.is_none();
    // Where every session is derived anew, what stayed in memory is of no use.
    let kept_of = base.as_ref().map_or("", |base| base.id.as_str());
    let mut before = options.graphs.take(project, kept_of).filter(|_| !anew);
    let seen = before.as_mut().and_then(|before| before.seen.take());
    let news = match anew {
        true => {
            let sessions = every_session(&context).await?;
            News { sessions, memories: true, graph: true, ..News::default() }
        }
        false => news(&snapshot, project, &input, seen.as_ref()).await?,
    };
    let id = format!("r-{:012x}-{:08x}", started_at.micros(), rand::random::<u32>());
    let progress = Progress::new(request.clone(), started_at);
    if news == News::default() && !full {
        if let Some(before) = before {
            let kept = Graph { seen, ..before };
            options.graphs.keep(project, kept_of, kept, options.graph_cache_bytes);
        }
        progress.end(store, (&id, project), UNCHANGED, Some(snapshot.applied.to_string())).await?;
        return Ok(None);
    }
    let mut run = Run {
        id: id.clone(),
        project: project.to_owned(),
        base: base.as_ref().map(|run| run.id.clone()),
        // Of the same versions as the base: whoever publishes meanwhile takes this number.
        number: next_number(&snapshot, project),
        status: "complete".into(),
        full,
        input: snapshot.applied.to_string(),
        rows: "{}".into(),
        started_at,
        ended_at: started_at,
        cause: cause.name().into(),
        request,
        quality: None,
    };
    let fresh = match &seen {
        Some(seen) => seen.fresh(&snapshot, &input, (&news.sessions, news.events)).await?,
        None => None,
    };
    let new = fresh.is_some();
    match fresh {
        Some(rows) => {
            let rows = context.read_batches(rows)?.filter(col("project").eq(lit(project)))?;
            touch_in(&context, &news.sessions, rows).await?;
        }
        None => touch(&context, &news.sessions).await?,
    }
    let pieces = pieces(&context, &news.sessions).await?;
    let mut deriving = Deriving {
        store,
        context: &context,
        pieces: &pieces.all,
        counted: pieces.counted.as_deref(),
        options,
        project,
        run: &id,
        base: base.as_ref(),
        full,
        new,
        events: seen.as_ref().map(|seen| seen.events + news.events),
        told: news.memories,
        told_graph: news.graph,
        written: BTreeMap::new(),
        ran: BTreeSet::new(),
        agreed: Agreed::default(),
        progress,
        writes: Writes::new(store.clone()),
    };
    let is_long = deriving.pieces.len() > 1;
    let work = derive(&mut deriving, &mut run, base.as_ref(), before);
    let derived = match is_long {
        true => store.pinned(&snapshot, &id, work).await,
        false => kept(store, &snapshot, &id, work).await,
    };
    run.rows = deriving.rows();
    run.ended_at = Time::now();
    if let Err(Error::Cancelled { .. }) = &derived {
        deriving.writes.finish().await?;
        remove_rows(store, &run.id).await?;
        run.status = "cancelled".into();
        match publish(store, &run).await {
            Err(Error::Overtaken { .. }) => {}
            told => told?,
        }
    }
    let mut graph = derived?;
    let events = deriving.events.unwrap_or_default();
    publish(store, &run).await?;
    graph.seen = match seen {
        None if anew => Some(Seen::default()),
        // The run is published: the next one can look it up as well.
        None => Seen::read(&context).await.ok(),
        seen => seen,
    };
    if let Some(seen) = &mut graph.seen {
        seen.take(&news.sessions);
        (seen.events, seen.fragment) = (events, snapshot.last_fragment(Event::TABLE));
    }
    options.graphs.keep(project, &run.id, graph, options.graph_cache_bytes);
    info!(
        project,
        run = run.id,
        number = run.number,
        sessions = news.sessions.len(),
        rows = run.rows,
        "run complete"
    );
    Ok(Some(run))
}

/// Does a run's work. What it reads is kept from upkeep once it takes long, and until it ends. A version that stood for
/// long may go soon after another takes its place: what will take long keeps it from the beginning.
async fn kept<T>(
    store: &Store,
    snapshot: &Snapshot,
    run: &str,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    tokio::pin!(work);
    if let Ok(done) = tokio::time::timeout(LONG, &mut work).await {
        return done;
    }
    store.pinned(snapshot, run, work).await
}

/// The stages, in their order. Between any two the run may be cancelled. Gives the graph as they leave it.
async fn derive(
    deriving: &mut Deriving<'_>,
    run: &mut Run,
    base: Option<&Run>,
    mut kept: Option<Graph>,
) -> Result<Graph> {
    deriving.stage("episodes").await?;
    let since = base.filter(|_| !deriving.full).map(|base| base.started_at);
    let counting = since.map(|since| associations::begin(deriving, since));
    episodes::derive(deriving).await?;
    deriving.stage("procedures").await?;
    procedures::derive(deriving).await?;
    deriving.stage("facts").await?;
    let stated = kept.as_mut().and_then(|kept| kept.stated.take());
    let stating = facts::derive(deriving, stated).await?;
    deriving.stage("graph").await?;
    let mut graph = graph::derive(deriving, kept).await?;
    graph.stated = facts::finish(deriving, stating).await?;
    deriving.stage("communities").await?;
    communities::derive(deriving, &mut graph).await?;
    deriving.stage("associations").await?;
    associations::derive(deriving, counting).await?;
    deriving.stage("quality").await?;
    // It looks at what is written.
    deriving.writes.finish().await?;
    // What cannot be measured is published all the same.
    match quality::measure(deriving, run, base, &graph).await {
        Ok(quality) => run.quality = Some(json!(quality).to_string()),
        Err(error) => warn!(run = run.id, %error, "not measured"),
    }
    deriving.stage("publish").await?;
    deriving.writes.finish().await?;
    Ok(graph)
}

/// The lane of a project's runs: its next number is what a run claims.
fn lane(project: &str) -> Partition {
    Partition::new(format!("run:{project}"), 0)
}

fn next_number(snapshot: &Snapshot, project: &str) -> i64 {
    snapshot.applied_of(Run::TABLE).get(&lane(project)).unwrap_or(1)
}

/// Writes the run's row; from then on its rows are seen.
async fn publish(store: &Store, run: &Run) -> Result<()> {
    let ranges = BTreeMap::from([(lane(&run.project), (run.number, run.number + 1))]);
    let claim = Claim { rule: position::Rule::Exact, ranges };
    let staged = store.runs.stage(vec![Run::batch([run])]).await?;
    match store.runs.commit(&staged, claim, &[]).await {
        Err(athena_store::Error::Refused(_)) => {
            store.refresh().await?;
            Err(Error::Overtaken { run: run.id.clone(), project: run.project.clone() })
        }
        other => other.map(|_| ()).map_err(Error::from),
    }
}

/// What a project has that the base has not read.
#[derive(Debug, Default, PartialEq, Eq)]
struct News {
    /// Sessions with new events. What they have is derived anew as a whole, so late events stand where they belong.
    sessions: BTreeSet<String>,
    /// Whether anything was told to be remembered.
    memories: bool,
    /// Whether people said anything of the graph.
    graph: bool,
    /// New events that are evidence.
    events: u64,
}

async fn news(snapshot: &Snapshot, project: &str, input: &Applied, seen: Option<&Seen>) -> Result<News> {
    let above = seen.and_then(|seen| seen.fragment);
    let columns = ["project", "session", "agent", "type"];
    let mut news = News::default();
    let Some(mut rows) = snapshot.since(Event::TABLE, input, &snapshot.applied, above, &columns).await?
    else {
        return Ok(news);
    };
    while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
        let column = |at: usize| arrow::compute::cast(batch.column(at), &arrow::datatypes::DataType::Utf8);
        let (projects, names) = (column(0)?, column(1)?);
        let (agents, types) = (column(2)?, column(3)?);
        let read = |array: &arrow::array::ArrayRef, row| {
            <Option<String> as athena_schemas::Column>::read(array, row)
        };
        for row in 0..batch.num_rows() {
            if read(&projects, row).as_deref() != Some(project) {
                continue;
            }
            let kind = read(&types, row).unwrap_or_default();
            if kind.starts_with(COMMAND_PREFIX) {
                news.memories |= kind.starts_with(MEMORIES);
                news.graph |= GRAPH.iter().any(|tool| kind.starts_with(tool));
                continue;
            }
            news.events += 1;
            let by_agent = || format!("{BY_AGENT}{}", read(&agents, row).unwrap_or_default());
            news.sessions.insert(read(&names, row).unwrap_or_else(by_agent));
        }
    }
    Ok(news)
}

/// What `reclaim` removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reclaimed {
    pub runs: usize,
    pub rows: u64,
}

/// Removes what runs that died left behind, once they are older than `age_micros`. Each is written off first, so that
/// it is refused if it wakes.
pub async fn reclaim(store: &Arc<Store>, sql: &SqlOptions, age_micros: i64) -> Result<Reclaimed> {
    store.refresh().await?;
    let mut reclaimed = Reclaimed::default();
    let oldest = Time::now().plus_micros(-age_micros);
    let dead = orphans(store, sql).await?.into_iter().filter(|one| one.started_at <= oldest);
    for orphan in dead {
        reclaimed.rows += write_off(store, orphan).await?;
        reclaimed.runs += 1;
    }
    for run in store.pins().await? {
        if started_at(&run).is_some_and(|started_at| started_at <= oldest) {
            store.unpin(&run).await?;
        }
    }
    forget_stages(store).await?;
    Ok(reclaimed)
}

/// Ends a run that has not ended, by an `abandoned` row on the project's next number, and removes its rows.
pub(crate) async fn write_off(store: &Store, orphan: Orphan) -> Result<u64> {
    let Orphan { id, project, started_at } = orphan;
    let run = Run {
        id: id.clone(),
        number: next_number(&store.snapshot(), &project),
        project,
        status: "abandoned".into(),
        input: Applied::default().to_string(),
        rows: "{}".into(),
        started_at,
        ended_at: Time::now(),
        cause: Cause::Schedule.name().into(),
        ..Run::default()
    };
    publish(store, &run).await?;
    store.unpin(&id).await?;
    remove_rows(store, &id).await
}

/// How far runs were that nobody asks about any more.
async fn forget_stages(store: &Store) -> Result<()> {
    let stages = store.of(RunStage::TABLE);
    let past = format!("began_at < TIMESTAMP '{}'", Time::now().plus_micros(-STAGES_MICROS));
    let rows = stages.dataset().count_rows(Some(past.clone())).await.map_err(athena_store::Error::from)?;
    if rows > 0 {
        stages.delete(&past).await?;
    }
    Ok(())
}

/// Removes what a run wrote that nobody sees.
async fn remove_rows(store: &Store, run: &str) -> Result<u64> {
    let mut removed = 0;
    for table in DERIVED {
        removed += store.of(table).delete(&format!("run = '{}'", run.replace('\'', "''"))).await?;
    }
    Ok(removed)
}

/// A run whose rows are there and whose end is not.
pub(crate) struct Orphan {
    pub id: String,
    pub project: String,
    pub started_at: Time,
}

pub(crate) async fn orphans(store: &Arc<Store>, sql: &SqlOptions) -> Result<Vec<Orphan>> {
    let context = statements::session(&store.snapshot(), None, sql).await?;
    statements::tell_written(&context).await?;
    let orphan = |row: Vec<String>| {
        let [id, project] = <[String; 2]>::try_from(row).ok()?;
        Some(Orphan { started_at: started_at(&id)?, id, project })
    };
    Ok(statements::texts(&context, statements::ORPHANS).await?.into_iter().filter_map(orphan).collect())
}

/// When a run began, from its id.
fn started_at(id: &str) -> Option<Time> {
    let micros = id.strip_prefix("r-")?.split('-').next()?;
    i64::from_str_radix(micros, 16).ok().map(Time::from_micros)
}
