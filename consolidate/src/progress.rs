//! How far a run is, for whoever asks: rows of `run_stages`, of runs that take long enough to be asked about.

use std::time::{Duration, Instant};

use athena_schemas::tables::RunStage;
use athena_schemas::{Row, Time};
use athena_store::Store;

use crate::Result;

/// A run that ends sooner leaves no trace of its stages, so that short runs cost no commit more.
const SHORT: Duration = Duration::from_millis(500);

/// The stage of a request that there was nothing to do about, and of one that was given up.
pub const UNCHANGED: &str = "unchanged";
pub const FAILED: &str = "failed";

pub struct Progress {
    /// The request that the run answers.
    pub request: Option<String>,
    pub started_at: Time,
    began: Instant,
}

impl Progress {
    pub fn new(request: Option<String>, started_at: Time) -> Self {
        Self { request, started_at, began: Instant::now() }
    }

    /// A stage begins: what is told of it, if anything is.
    pub fn tell(&self, run: (&str, &str), stage: &str, rows: String) -> Option<RunStage> {
        (self.began.elapsed() >= SHORT).then(|| self.row(run, stage, rows, None))
    }

    /// A request came to its end without a run.
    pub async fn end(
        &self,
        store: &Store,
        run: (&str, &str),
        stage: &str,
        note: Option<String>,
    ) -> Result<()> {
        if self.request.is_some() {
            let table = store.of(RunStage::TABLE);
            let row = self.row(run, stage, "{}".into(), note);
            let staged = table.stage(vec![RunStage::batch([&row])]).await?;
            table.append(&staged).await?;
        }
        Ok(())
    }

    fn row(&self, (run, project): (&str, &str), stage: &str, rows: String, note: Option<String>) -> RunStage {
        RunStage {
            run: run.to_owned(),
            request: self.request.clone(),
            project: project.to_owned(),
            stage: stage.to_owned(),
            rows,
            note,
            started_at: self.started_at,
            began_at: Time::now(),
        }
    }
}
