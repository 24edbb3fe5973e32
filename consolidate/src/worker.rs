//! When runs happen: after so many events, every so often, or on request. Never on the ingest path.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use athena_schemas::tables::Run;
use athena_schemas::{Applied, Time, ids};
use athena_store::{SqlOptions, Store};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::forget::{Forgetter, Forgetting, forget};
use crate::run::{Cause, reclaim, run_project};
use crate::{Error, Result, statements};

/// How often the schedule is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// A run rests so many times as long as it took, so that under load it takes a tenth of a core or less.
const REST: u32 = 10;
/// How old rows of a run without an end are before they are taken for those of a dead one.
const DEAD_AFTER_MICROS: i64 = 3_600_000_000;

#[derive(Debug, Clone)]
pub struct Options {
    /// A run at least this often, when there is anything new.
    pub every: Duration,
    /// A run as soon as there are so many new events.
    pub after_events: i64,
    /// A silence that ends an episode.
    pub idle_gap: Duration,
    /// When what is forgotten is purged.
    pub forgetting: Forgetting,
    /// Only the projects of one shard.
    pub shard: Option<Shard>,
    pub sql: SqlOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(300),
            after_events: 10_000,
            idle_gap: Duration::from_secs(1800),
            forgetting: Forgetting::default(),
            shard: None,
            sql: SqlOptions { runtime: Arc::default(), partitions: 2 },
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

    /// Takes what was forgotten a step further.
    pub async fn forget(&self) -> Result<()> {
        self.store.refresh().await?;
        forget(&self.store, &self.options, Time::now()).await.map(|_| ())
    }

    async fn run_all(&self, full: bool, cause: Cause) -> Result<Vec<Run>> {
        let mut runs = Vec::new();
        let mut failed = None;
        for project in self.projects().await? {
            match run_project(&self.store, &self.options, &project, full, cause).await {
                Ok(run) => runs.extend(run),
                Err(Error::Overtaken { run, project }) => debug!(run, project, "overtaken"),
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
        let ours = |project: &String| self.options.shard.is_none_or(|shard| shard.has(project));
        Ok(all.into_iter().flatten().filter(ours).collect())
    }

    /// Keeps what was learned current until `stop`. What is applied is told by `commits`, or looked up.
    pub async fn follow(
        self,
        commits: Option<watch::Receiver<Applied>>,
        stop: CancellationToken,
    ) -> Result<()> {
        let mut forgetter = Forgetter::new(self.store.clone(), self.options.clone());
        let mut done = Applied::default();
        let mut last = Instant::now();
        let mut rest = Duration::ZERO;
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
            tokio::select! {
                // What is cut short here is taken up by the next look of anybody.
                () = stop.cancelled() => return Ok(()),
                () = forgetter.look() => {}
            }
            let applied = self.store.applied();
            let fresh = count(&done, &applied);
            let cause = match (fresh, last.elapsed() >= self.options.every) {
                (0, _) => continue,
                (n, _) if n >= self.options.after_events && last.elapsed() >= rest => Cause::Events,
                (_, true) => Cause::Schedule,
                _ => continue,
            };
            let began = Instant::now();
            let work = async {
                if let Err(error) = self.run_all(false, cause).await {
                    warn!(%error, "consolidation failed, trying again later");
                }
                if let Err(error) = reclaim(&self.store, &self.options.sql, DEAD_AFTER_MICROS).await {
                    warn!(%error, "dead runs not reclaimed");
                }
            };
            tokio::select! {
                // A run that is cut short is seen by nobody, and reclaimed.
                () = stop.cancelled() => return Ok(()),
                () = work => {}
            }
            done = applied;
            last = Instant::now();
            rest = began.elapsed() * REST;
        }
    }
}

/// Offsets between two positions.
fn count(from: &Applied, to: &Applied) -> i64 {
    let before: BTreeMap<_, _> = from.0.iter().collect();
    to.0.iter().map(|(partition, next)| next - before.get(partition).copied().copied().unwrap_or(0)).sum()
}
