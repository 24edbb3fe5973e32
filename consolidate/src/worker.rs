//! When runs happen: after so many events, every so often, or on request. Never on the ingest path.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use athena_schemas::orders::RunSchedule;
use athena_schemas::tables::Run;
use athena_schemas::{Applied, Time, ids};
use athena_store::{SqlOptions, Store};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::forget::{Forgetter, Forgetting, forget};
use crate::graph::Graphs;
use crate::orders::{Orders, Request};
use crate::progress::{FAILED, Progress};
use crate::run::{Cause, reclaim, run_project, run_requested};
use crate::second::judge;
use crate::{Error, Result, statements};

/// How often the schedule is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// A run rests so many times as long as it took, so that under load it takes a tenth of a core or less.
const REST: u32 = 10;
/// How old rows of a run without an end are before they are taken for those of a dead one.
const DEAD_AFTER_MICROS: i64 = 3_600_000_000;
/// How often they are looked for at most: whose all rows are is read then.
const SWEEP_EVERY: Duration = Duration::from_secs(300);

#[derive(Debug, Clone)]
pub struct Options {
    /// A run at least this often, when there is anything new.
    pub every: Duration,
    /// A run as soon as there are so many new events.
    pub after_events: i64,
    /// A silence that ends an episode.
    pub idle_gap: Duration,
    /// A project with at most so many events is mined for procedures as a whole in every run.
    pub whole_events: u64,
    /// When what is forgotten is purged.
    pub forgetting: Forgetting,
    /// Only the projects of one shard.
    pub shard: Option<Shard>,
    pub sql: SqlOptions,
    /// Graphs that are at hand from run to run, and how many bytes of them.
    pub graphs: Arc<Graphs>,
    pub graph_cache_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(300),
            after_events: 10_000,
            idle_gap: Duration::from_secs(1800),
            whole_events: 20_000,
            forgetting: Forgetting::default(),
            shard: None,
            sql: SqlOptions::new(Arc::default(), 2),
            graphs: Arc::default(),
            graph_cache_bytes: 256 << 20,
        }
    }
}

/// One of `of` workers that share the projects. An overlap is harmless: publishing is fenced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    pub index: u32,
    pub of: u32,
}

impl Shard {
    pub(crate) fn has(self, project: &str) -> bool {
        let key = ids::dedup(project, "", "");
        let number = u64::from_le_bytes(key[..8].try_into().expect("8 of 16 bytes"));
        number % u64::from(self.of.max(1)) == u64::from(self.index)
    }
}

pub struct Worker {
    store: Arc<Store>,
    options: Options,
}

impl Worker {
    pub fn new(store: Arc<Store>, options: Options) -> Self {
        Self { store, options }
    }

    /// Runs every project of the shard that has anything new, or with `full` all of them anew. A project
    /// that fails does not stop the others.
    pub async fn run(&self, full: bool) -> Result<Vec<Run>> {
        self.run_all(full, Cause::Request).await
    }

    /// The runs that were asked for, and that nobody has answered yet.
    pub async fn answer_requests(&self) -> Result<()> {
        self.store.refresh().await?;
        self.answer(&mut Orders::default()).await.map(|_| ())
    }

    /// Takes what was forgotten a step further.
    pub async fn forget(&self) -> Result<()> {
        self.store.refresh().await?;
        forget(&self.store, &self.options, Time::now()).await.map(|_| ())
    }

    async fn run_all(&self, full: bool, cause: Cause) -> Result<Vec<Run>> {
        let projects = self.projects().await?;
        self.run_each(projects.into_iter().map(|project| (project, cause)), full).await
    }

    async fn run_each(
        &self,
        projects: impl IntoIterator<Item = (String, Cause)>,
        full: bool,
    ) -> Result<Vec<Run>> {
        let mut runs = Vec::new();
        let mut failed = None;
        for (project, cause) in projects {
            match run_project(&self.store, &self.options, &project, full, cause).await {
                Ok(run) => runs.extend(run),
                Err(Error::Overtaken { run, project }) => debug!(run, project, "overtaken"),
                Err(Error::Cancelled { run, project }) => info!(run, project, "cancelled"),
                Err(error) => {
                    warn!(project, %error, "run failed");
                    failed = Some(error);
                }
            }
        }
        match failed {
            Some(error) if runs.is_empty() => Err(error),
            _ => Ok(runs),
        }
    }

    async fn projects(&self) -> Result<Vec<String>> {
        self.store.refresh().await?;
        let context = statements::session(&self.store.snapshot(), None, &self.options.sql).await?;
        let all = statements::texts(&context, statements::PROJECTS).await?;
        Ok(all.into_iter().flatten().filter(|project| self.is_ours(project)).collect())
    }

    fn is_ours(&self, project: &str) -> bool {
        self.options.shard.is_none_or(|shard| shard.has(project))
    }

    /// Runs that were asked for, one after the other. Gives their projects.
    async fn answer(&self, orders: &mut Orders) -> Result<BTreeSet<String>> {
        let snapshot = self.store.snapshot();
        orders.look(&snapshot).await?;
        let open = orders.open(&snapshot, &self.options.sql, Time::now()).await?;
        let ours: Vec<Request> = open.into_iter().filter(|one| self.is_ours(&one.project)).collect();
        for request in &ours {
            let Request { id, project, full, .. } = request;
            orders.tried(request);
            let (store, options) = (&self.store, &self.options);
            match run_requested(store, options, project, *full, Cause::Request, Some(id.clone())).await {
                Ok(_) | Err(Error::Cancelled { .. }) => orders.settle(request),
                Err(error) if request.is_last_try() => {
                    warn!(project, request = id, %error, "the run that was asked for is given up");
                    let progress = Progress::new(Some(id.clone()), Time::now());
                    progress.end(store, (id, project), FAILED, Some(error.to_string())).await?;
                    orders.settle(request);
                }
                Err(error) => warn!(project, request = id, %error, "the run that was asked for failed"),
            }
        }
        Ok(ours.into_iter().map(|request| request.project).collect())
    }

    /// Keeps what was learned current until `stop`. What is applied is told by `commits`, or looked up.
    pub async fn follow(
        self,
        commits: Option<watch::Receiver<Applied>>,
        stop: CancellationToken,
    ) -> Result<()> {
        let mut forgetter = Forgetter::new(self.store.clone(), self.options.clone());
        let mut orders = Orders::default();
        let mut due = Due::new(&self.options);
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(LOOK) => {}
            }
            if commits.is_none()
                && let Err(error) = self.store.refresh().await
            {
                warn!(%error, "tables not refreshed");
                continue;
            }
            let look = async {
                forgetter.look().await;
                self.look(&mut orders, &mut due).await
            };
            tokio::select! {
                // What is cut short here is taken up by the next look of anybody: a run that is cut short is seen by
                // nobody, and reclaimed.
                () = stop.cancelled() => return Ok(()),
                looked = look => if let Err(error) = looked {
                    warn!(%error, "consolidation failed, trying again later");
                }
            }
        }
    }

    /// What was asked for, and then what is due.
    async fn look(&self, orders: &mut Orders, due: &mut Due) -> Result<()> {
        let answered = self.answer(orders).await?;
        let snapshot = self.store.snapshot();
        let fresh = orders.fresh(&snapshot).await?;
        let now = Instant::now();
        due.count(&snapshot.applied, &fresh);
        let (cause, theirs) = (due.all(now), due.scheduled(orders.schedules(), now));
        if cause.is_none() && theirs.is_empty() && answered.is_empty() {
            return Ok(());
        }
        let mut projects: Vec<(String, Cause)> =
            theirs.into_iter().filter(|(project, _)| self.is_ours(project)).collect();
        if let Some(cause) = cause {
            let others = self.projects().await?.into_iter();
            let others = others.filter(|project| !orders.schedules().contains_key(project));
            projects.extend(others.map(|project| (project, cause)));
        }
        let looked_at: BTreeSet<String> = projects.iter().map(|(project, _)| project.clone()).collect();
        let ran = self.run_each(projects, false).await;
        for project in looked_at.union(&answered) {
            if let Err(error) = judge(&self.store, &self.options, project).await {
                warn!(project, %error, "not judged, trying again after the next run");
            }
        }
        if due.sweeps(now)
            && let Err(error) = reclaim(&self.store, &self.options.sql, DEAD_AFTER_MICROS).await
        {
            warn!(%error, "dead runs not reclaimed");
        }
        if cause.is_some() {
            due.ran(snapshot.applied, now);
        }
        ran.map(|_| ())
    }
}

/// When runs are due: those of all projects, and those of projects with a schedule of their own.
struct Due {
    every: Duration,
    after_events: i64,
    /// What the runs of all projects have read.
    done: Applied,
    applied: Applied,
    last: Instant,
    rest: Duration,
    /// When dead runs were looked for last.
    swept: Option<Instant>,
    /// Of each project that has a schedule: its new events, and when it ran last.
    theirs: BTreeMap<String, (u64, Instant)>,
    began: Instant,
}

impl Due {
    fn new(options: &Options) -> Self {
        let (began, done) = (Instant::now(), Applied::default());
        Self {
            every: options.every,
            after_events: options.after_events,
            applied: done.clone(),
            done,
            last: began,
            rest: Duration::ZERO,
            swept: None,
            theirs: BTreeMap::new(),
            began,
        }
    }

    fn count(&mut self, applied: &Applied, fresh: &BTreeMap<String, u64>) {
        self.applied = applied.clone();
        for (project, fresh) in fresh {
            self.theirs.entry(project.clone()).or_insert((0, self.began)).0 += fresh;
        }
    }

    /// Why all projects without a schedule of their own are to run now.
    fn all(&self, now: Instant) -> Option<Cause> {
        let since = now.duration_since(self.last);
        match (count(&self.done, &self.applied), since >= self.every) {
            (0, _) => None,
            (n, _) if n >= self.after_events && since >= self.rest => Some(Cause::Events),
            (_, true) => Some(Cause::Schedule),
            _ => None,
        }
    }

    /// Whether dead runs are to be looked for now. They are taken to have been.
    fn sweeps(&mut self, now: Instant) -> bool {
        let is_due = self.swept.is_none_or(|swept| now.duration_since(swept) >= SWEEP_EVERY);
        if is_due {
            self.swept = Some(now);
        }
        is_due
    }

    fn ran(&mut self, read: Applied, began: Instant) {
        self.done = read;
        self.last = Instant::now();
        self.rest = began.elapsed() * REST;
    }

    /// The projects whose own schedule says that they are to run now. They are taken to have run.
    fn scheduled(&mut self, schedules: &BTreeMap<String, RunSchedule>, now: Instant) -> Vec<(String, Cause)> {
        let mut due = Vec::new();
        for (project, schedule) in schedules {
            let Some((fresh, last)) = self.theirs.get_mut(project).filter(|(fresh, _)| *fresh > 0) else {
                continue;
            };
            let every = schedule.every_s.map_or(self.every, Duration::from_secs);
            let after = schedule.after_events.unwrap_or(self.after_events.unsigned_abs());
            let cause = match (*fresh >= after, now.duration_since(*last) >= every) {
                (true, _) => Cause::Events,
                (_, true) => Cause::Schedule,
                _ => continue,
            };
            (*fresh, *last) = (0, now);
            due.push((project.clone(), cause));
        }
        due
    }
}

/// Offsets between two positions.
fn count(from: &Applied, to: &Applied) -> i64 {
    let before: BTreeMap<_, _> = from.0.iter().collect();
    to.0.iter().map(|(partition, next)| next - before.get(partition).copied().copied().unwrap_or(0)).sum()
}

#[cfg(test)]
mod tests {
    use athena_schemas::Partition;

    use super::*;

    #[test]
    fn a_schedule_of_its_own_wins_over_the_configuration() {
        let mut due = Due::new(&Options::default());
        let schedules = BTreeMap::from([
            ("often".to_owned(), RunSchedule { every_s: Some(5), after_events: None }),
            ("after".to_owned(), RunSchedule { every_s: None, after_events: Some(3) }),
        ]);
        let fresh = |n| BTreeMap::from(["often", "after"].map(|project| (project.to_owned(), n)));
        let mut applied = Applied::default();
        applied.set(Partition::new("local", 0), 4);
        due.count(&applied, &fresh(2));
        let now = due.began;
        assert_eq!((due.all(now), due.scheduled(&schedules, now)), (None, vec![]));
        let later = now + Duration::from_secs(6);
        assert_eq!(due.scheduled(&schedules, later), [("often".to_owned(), Cause::Schedule)]);
        due.count(&applied, &fresh(1));
        assert_eq!(due.scheduled(&schedules, later), [("after".to_owned(), Cause::Events)]);
        assert_eq!(due.scheduled(&schedules, later), []);
        assert_eq!(due.all(now + Duration::from_secs(301)), Some(Cause::Schedule));
        assert!(due.sweeps(now) && !due.sweeps(later) && due.sweeps(now + SWEEP_EVERY));
    }
}
