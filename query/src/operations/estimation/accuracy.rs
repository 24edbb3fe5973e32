//! How good estimates were.

use athena_ingest::tasks::Status;
use athena_learn::estimate::{LEAST_INTERVAL, median};
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::all_finished;
use super::work::{finished, learned_from};
use crate::operations::records::one_project;
use crate::operations::tasks::{Tasks, View};
use crate::registry::{Call, Effect, Example, Operation};

/// Judged estimates below which they have no figures.
const LEAST: usize = 5;

/// How past estimates compare with what happened: those that were kept when tasks were started, those that people gave,
/// and those that would be made now of finished work held out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accuracy {}

/// How good estimates were.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Judged {
    /// Estimates kept when tasks were started.
    foretold: Figures,
    /// Estimates that tasks were given.
    given: Figures,
    /// Finished work estimated from the rest of it; null of too little.
    held_out: Option<HeldOut>,
    /// Why something is null.
    reason: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Figures {
    /// How many could be judged.
    judged: usize,
    /// Median of the distance from what it took; null below 5.
    median_error_ms: Option<f64>,
    /// Median of what it took over what was estimated: above 1 where it took longer; null below 5.
    median_ratio: Option<f64>,
    /// Share of those with a p90 that did not exceed it; null below 5.
    p90_covered: Option<f64>,
}

/// Estimates of held-out work.
#[derive(Debug, Serialize, JsonSchema)]
struct HeldOut {
    estimated: usize,
    /// Share that p90 covered; 0.9 is what it is meant to.
    p90_covered: Option<f64>,
    median_error_ms: f64,
    /// The same when everything is taken to last as long as all on average, or as the one before.
    median_error_of_mean_ms: f64,
    median_error_of_last_ms: f64,
}

impl Operation for Accuracy {
    const TOOL: &'static str = "estimation";
    const NAME: &'static str = "accuracy";
    const EFFECT: Effect = Effect::Read;
    type Result = Judged;

    async fn call(self, call: &Call) -> Result<Judged, Error> {
        let (project, scope) = one_project(call).await?;
        let tasks = Tasks::read(&call.app, &scope).await?;
        let done = || tasks.all.iter().filter(|view| view.task.status == Status::Done);
        let foretold = done().filter_map(|view| {
            let foretold = view.task.runs.last()?.foretold?;
            Some((foretold.p50_ms, foretold.p90_ms, view.task.took_ms()?))
        });
        let given = done()
            .filter_map(|view: &View| Some((view.task.estimate_s? * 1_000, None, view.task.took_ms()?)));
        let (foretold, given) = (figures(foretold), figures(given));
        let work = finished(&call.app, &scope).await?;
        let lessons = call.app.lessons.clone();
        let judged = tokio::task::spawn_blocking(move || lessons.judged(learned_from(&work)));
        let judged = judged.await.map_err(|error| Error::internal(format!("accuracy: {error}")))?;
        let reason = (judged.is_none() || foretold.judged < LEAST || given.judged < LEAST).then(|| {
            format!(
                "figures need {LEAST} finished tasks with an estimate, and held-out ones {} finished at all",
                2 * LEAST_INTERVAL
            )
        });
        let held_out = judged.map(|told| HeldOut {
            estimated: told.estimated,
            p90_covered: told.covered,
            median_error_ms: told.error_ms,
            median_error_of_mean_ms: told.error_of_mean_ms,
            median_error_of_last_ms: told.error_of_last_ms,
        });
        Ok(Judged { foretold, given, held_out, reason, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: all_finished(), arguments: json!({}) }]
    }
}

/// Of p50, p90 and what it took.
fn figures(judged: impl Iterator<Item = (i64, Option<i64>, i64)>) -> Figures {
    let judged: Vec<_> = judged.collect();
    let enough = judged.len() >= LEAST;
    let each = |of: &dyn Fn(i64, i64) -> f64| {
        enough.then(|| median(judged.iter().map(|(p50, _, took)| of(*p50, *took)).collect())).flatten()
    };
    let covered: Vec<bool> = judged.iter().filter_map(|(_, p90, took)| Some(*took <= (*p90)?)).collect();
    let share = covered.iter().filter(|covered| **covered).count() as f64 / covered.len().max(1) as f64;
    Figures {
        judged: judged.len(),
        median_error_ms: each(&|p50, took| (took - p50).abs() as f64),
        median_ratio: each(&|p50, took| took as f64 / p50.max(1) as f64),
        p90_covered: (covered.len() >= LEAST).then_some(share),
    }
}
