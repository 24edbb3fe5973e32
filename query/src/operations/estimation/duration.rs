//! How long something will take.

use athena_ingest::tasks::Foretold;
use athena_learn::estimate::{LEAST, LEAST_INTERVAL};
use athena_schemas::Error;
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::all_finished;
use super::work::{Similar, finished, learned_from, shown};
use crate::App;
use crate::operations::records::one_project;
use crate::operations::tasks::find;
use crate::registry::{Call, Effect, Example, Operation};

/// Similar work that is shown.
const SHOWN: usize = 10;

/// How long a task, or what a text says, will take, from similar finished work, which is shown: p50, which half of such
/// work did not exceed, and p90, which nine tenths did not, calibrated on finished work held out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Duration {
    /// Id of a task. Either this or `text`.
    task: Option<String>,
    /// What is to be done.
    text: Option<String>,
}

/// How long it will take.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Estimated {
    p50_ms: Option<i64>,
    p90_ms: Option<i64>,
    /// Why a number is null.
    reason: Option<String>,
    /// The nearest finished work, with how long it took in ms.
    items: Vec<Similar>,
    /// How much finished work was learned from.
    learned_from: usize,
    project: String,
}

impl Operation for Duration {
    const TOOL: &'static str = "estimation";
    const NAME: &'static str = "duration";
    const EFFECT: Effect = Effect::Read;
    type Result = Estimated;

    async fn call(self, call: &Call) -> Result<Estimated, Error> {
        let (project, scope) = one_project(call).await?;
        let (text, but) = what(call, &scope, &project, self.task.as_deref(), self.text).await?;
        let mut work = finished(&call.app, &scope).await?;
        work.retain(|one| Some(&one.id) != but.as_ref());
        let (count, app) = (work.len(), call.app.clone());
        let estimated = tokio::task::spawn_blocking(move || {
            let learned = app.lessons.of(learned_from(&work));
            let estimate = learned.map(|learned| learned.estimate(&text, SHOWN));
            let items = estimate.as_ref().map(|estimate| shown(&work, &estimate.near, |one| one.took_ms));
            (estimate, items.unwrap_or_default())
        });
        let (estimate, items) =
            estimated.await.map_err(|error| Error::internal(format!("estimate: {error}")))?;
        let p90_ms = estimate.as_ref().and_then(|estimate| estimate.p90_ms);
        Ok(Estimated {
            reason: lacks(count, items.is_empty(), p90_ms.is_none()),
            p50_ms: estimate.map(|estimate| estimate.p50_ms).filter(|_| !items.is_empty()),
            p90_ms: p90_ms.filter(|_| !items.is_empty()),
            items,
            learned_from: count,
            project,
        })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"text": "Repair the flaky test of the parser"});
        vec![Example { setup: all_finished(), arguments }]
    }
}

fn lacks(count: usize, nothing_near: bool, no_interval: bool) -> Option<String> {
    match (count, nothing_near, no_interval) {
        (count, ..) if count < LEAST => {
            Some(format!("{count} finished tasks and episodes tell how long they took; {LEAST} are needed"))
        }
        (_, true, _) => Some("no finished work has a word in common with it".into()),
        (count, _, true) => Some(format!(
            "p90: {count} finished tasks and episodes; {LEAST_INTERVAL} are needed to calibrate it"
        )),
        _ => None,
    }
}

/// The text that a task or a text gives, and the task's id.
///
/// # Errors
/// Both or neither; a task that is not there.
pub async fn what(
    call: &Call,
    scope: &Scope,
    project: &str,
    task: Option<&str>,
    text: Option<String>,
) -> Result<(String, Option<String>), Error> {
    match (task, text) {
        (Some(task), None) => {
            let view = find(call, scope, project, task).await?;
            Ok((view.title, Some(view.id)))
        }
        (None, Some(text)) if !text.trim().is_empty() => Ok((text, None)),
        _ => Err(Error::invalid("text", "give either a task or a text")),
    }
}

/// The estimate that is kept with a task when it is started, to be judged by what happens; none of too little.
///
/// # Errors
/// Storage.
pub async fn foretell(app: &App, scope: &Scope, text: String) -> Result<Option<Foretold>, Error> {
    let (work, lessons) = (finished(app, scope).await?, app.lessons.clone());
    let estimated = tokio::task::spawn_blocking(move || {
        lessons.of(learned_from(&work)).map(|learned| learned.estimate(&text, 1))
    });
    let estimate = estimated.await.map_err(|error| Error::internal(format!("estimate: {error}")))?;
    let estimate = estimate.filter(|estimate| !estimate.near.is_empty());
    Ok(estimate.map(|estimate| Foretold { p50_ms: estimate.p50_ms, p90_ms: estimate.p90_ms }))
}
