//! Long work, which goes on behind its run.

use std::sync::Arc;

use athena_schemas::{Error, Time};
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::runtime::Handle;

use crate::App;

/// Runs that `system.status` still tells of.
const REMEMBERED: usize = 20;

/// Work that runs, or ran.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LongRun<D> {
    /// Identifier of the run; `system.status` tells how it goes.
    run: String,
    /// `running`, `complete` or `failed`.
    status: &'static str,
    #[serde(flatten)]
    of: D,
    started_at: Time,
    ended_at: Option<Time>,
    /// Why it failed.
    why: Option<String>,
}

/// Runs of one kind of work that were begun here, the newest last.
#[derive(Debug)]
pub struct Runs<D>(Mutex<Vec<LongRun<D>>>);

impl<D> Default for Runs<D> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<D: Clone> Runs<D> {
    pub fn all(&self) -> Vec<LongRun<D>> {
        self.0.lock().clone()
    }

    fn begin(&self, name: &str, of: D) -> LongRun<D> {
        let run = LongRun {
            run: format!("{name}-{:016x}", rand::random::<u64>()),
            status: "running",
            of,
            started_at: Time::now(),
            ended_at: None,
            why: None,
        };
        let mut runs = self.0.lock();
        let over = (runs.len() + 1).saturating_sub(REMEMBERED);
        runs.drain(..over);
        runs.push(run.clone());
        run
    }

    /// Writes the end of a run, and gives it.
    fn end(&self, name: &str, done: Result<D, Error>) -> Result<LongRun<D>, Error> {
        let mut runs = self.0.lock();
        let run = runs.iter_mut().find(|run| run.run == name);
        let run = run.ok_or_else(|| Error::internal("the run is not remembered any more"))?;
        run.ended_at = Some(Time::now());
        match done {
            Ok(of) => {
                (run.status, run.of) = ("complete", of);
                Ok(run.clone())
            }
            Err(error) => {
                (run.status, run.why) = ("failed", Some(error.message.clone()));
                Err(error)
            }
        }
    }
}

/// Begins work on some threads; gives its run at once, or as it ended.
///
/// # Errors
/// Those of the work, where it is waited for.
pub async fn start<D: Clone + Send + 'static>(
    (app, threads): (&Arc<App>, &Handle),
    runs: fn(&App) -> &Runs<D>,
    (name, of): (&str, D),
    wait: bool,
    work: impl Future<Output = Result<D, Error>> + Send + 'static,
) -> Result<LongRun<D>, Error> {
    let run = runs(app).begin(name, of);
    let (behind, name) = (app.clone(), run.run.clone());
    let done = app.tasks.spawn_on(async move { runs(&behind).end(&name, work.await) }, threads);
    match wait {
        false => Ok(run),
        true => done.await.map_err(|error| Error::internal(format!("{}: {error}", run.run)))?,
    }
}
