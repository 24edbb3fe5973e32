//! What is asked of the worker: a run, its end, and other times for runs.

use std::time::Duration;

use athena_schemas::tables::RunStage;
use athena_schemas::{Error, Position, Row};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::Instant;

use super::told::{self, Told};
use super::{id_of, ran};
use crate::operations::records::{Written, answered, one_project};
use crate::operations::rows::absent;
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::time_args;
use crate::{App, ahead};

/// How often the tables are looked at for the end of a run.
const LOOK: Duration = Duration::from_millis(100);

pub fn register(registry: &mut Registry) {
    registry.add::<Run>();
    registry.add::<Status>();
    registry.add::<Schedule>();
    registry.add::<Cancel>();
}

/// Asks for a run: what was learned is derived from what happened since the last one. It goes on behind its id;
/// `status` tells how far it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Run {
    /// `new`, what has changed, or `all`, everything anew; `new` when not said.
    #[serde(default)]
    scope: What,
    /// Whether to wait for its end.
    #[serde(default)]
    wait: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum What {
    #[default]
    New,
    All,
}

/// A run that was asked for.
#[derive(Debug, Serialize, JsonSchema)]
struct Asked {
    /// What it is known by.
    id: String,
    #[serde(flatten)]
    told: Told,
    project: String,
    position: Position,
}

impl Operation for Run {
    const TOOL: &'static str = "consolidation";
    const NAME: &'static str = "run";
    const EFFECT: Effect = Effect::Write;
    type Result = Asked;

    async fn call(self, call: &Call) -> Result<Asked, Error> {
        let full = self.scope == What::All;
        let Written { id, project, position, .. } = answered(call.command(&json!({ "full": full })).await?)?;
        let scope = Scope::Projects(vec![project.clone()]);
        let told = match self.wait {
            true => {
                let told = wait(&call.app, &scope, &id).await?;
                ahead::caught_up(&call.app, &project).await;
                told
            }
            false => told::find(&call.app, &scope, Some(&id)).await?,
        };
        let pending =
            || Told { run: id.clone(), request: Some(id.clone()), status: "pending", ..Told::default() };
        let told = told.unwrap_or_else(pending);
        Ok(Asked { id, told, project, position })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![], arguments: json!({}) },
            Example { setup: vec![], arguments: json!({"scope": "all", "wait": true}) },
        ]
    }
}

/// Waits for the end of a run, a little less long than a request may take.
async fn wait(app: &App, scope: &Scope, id: &str) -> Result<Option<Told>, Error> {
    let until = Instant::now() + app.options.request_timeout.mul_f64(0.8);
    let tells = [&app.store.runs, app.store.of(RunStage::TABLE), &app.store.records];
    loop {
        app.store.refresh().await?;
        let seen = tells.map(|table| table.dataset().version().version);
        let found = told::find(app, scope, Some(id)).await?;
        let ended = found.as_ref().is_some_and(Told::has_ended);
        if ended || Instant::now() >= until {
            let late = "it goes on; `consolidation.status` tells when it has ended";
            return Ok(found.map(|told| match ended {
                true => told,
                false => Told { reason: Some(told.reason.unwrap_or_else(|| late.into())), ..told },
            }));
        }
        // Nothing is to be told as long as nothing was written.
        let mut is_new = false;
        while !is_new && Instant::now() < until {
            tokio::time::sleep(LOOK).await;
            for (table, seen) in tells.iter().zip(seen) {
                is_new |= table.refresh().await?.version().version > seen;
            }
        }
    }
}

/// How far a run is: the stage, the rows written, the time it takes. Without `run`, the one that is going on, else the
/// last.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Status {
    /// A run or a request.
    #[serde(default)]
    run: Option<String>,
}

/// A run, if there is one.
#[derive(Debug, Serialize, JsonSchema)]
struct Standing {
    /// Null where nothing was ever run or asked for.
    run: Option<Told>,
    project: String,
}

impl Operation for Status {
    const TOOL: &'static str = "consolidation";
    const NAME: &'static str = "status";
    const EFFECT: Effect = Effect::Read;
    type Result = Standing;

    async fn call(self, call: &Call) -> Result<Standing, Error> {
        let (project, scope) = one_project(call).await?;
        call.app.store.refresh().await?;
        let run = told::find(&call.app, &scope, self.run.as_deref()).await?;
        match (self.run, &run) {
            (Some(id), None) => Err(absent("run", "run", &id, &[project])),
            _ => Ok(Standing { run, project }),
        }
    }

    fn examples() -> Vec<Example> {
        let setup = || vec![ran("example-run")];
        vec![
            Example { setup: setup(), arguments: json!({}) },
            Example { setup: setup(), arguments: json!({"run": id_of("example-run")}) },
        ]
    }
}

/// When a project's runs happen, whatever the configuration says: at least so often, or after so many new events.
/// What is not named stays as it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Schedule {
    /// At least this often, when there is anything new: `30s`, `15m`, `2h`, at most `30d`. Either this or
    /// `after_events`.
    #[serde(default)]
    every: Option<String>,
    /// As soon as there are so many new events.
    #[serde(default)]
    after_events: Option<u64>,
}

/// The schedule as it is now.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Scheduled {
    id: String,
    version: i64,
    /// Null: as configured.
    every_s: Option<u64>,
    /// Null: as configured.
    after_events: Option<u64>,
    project: String,
    position: Position,
}

impl Operation for Schedule {
    const TOOL: &'static str = "consolidation";
    const NAME: &'static str = "schedule";
    const EFFECT: Effect = Effect::Write;
    type Result = Scheduled;

    async fn call(self, call: &Call) -> Result<Scheduled, Error> {
        let every_s = match (&self.every, self.after_events) {
            (Some(every), None) => Some(time_args::seconds("every", every)?),
            (None, Some(_)) => None,
            _ => {
                return Err(Error::invalid("every", "exactly one of `every` and `after_events` is needed")
                    .hint("such as {\"every\": \"15m\"}"));
            }
        };
        let given = json!({"every_s": every_s, "after_events": self.after_events});
        answered(call.command(&given).await?)
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![], arguments: json!({"every": "15m"}) },
            Example { setup: vec![], arguments: json!({"after_events": 5000}) },
        ]
    }
}

/// Ends a run at its next stage, or one that has not begun; nothing of it is ever seen. One that has ended stays as it
/// is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Cancel {
    /// A run or a request.
    run: String,
}

/// What was cancelled.
#[derive(Debug, Serialize, JsonSchema)]
struct Cancelled {
    id: String,
    run: String,
    /// What state it was in.
    status: &'static str,
    /// Why nothing was cancelled, where nothing was.
    reason: Option<String>,
    project: String,
    position: Position,
}

impl Operation for Cancel {
    const TOOL: &'static str = "consolidation";
    const NAME: &'static str = "cancel";
    const EFFECT: Effect = Effect::Write;
    type Result = Cancelled;

    async fn call(self, call: &Call) -> Result<Cancelled, Error> {
        let (project, scope) = one_project(call).await?;
        call.app.store.refresh().await?;
        let found = told::find(&call.app, &scope, Some(&self.run)).await?;
        let found = found.ok_or_else(|| absent("run", "run", &self.run, &[project]))?;
        // Who tries again on a request must see it too.
        let run = found.request.clone().unwrap_or_else(|| found.run.clone());
        let Written { id, project, position, .. } = answered(call.command(&json!({ "run": run })).await?)?;
        let reason = found.has_ended().then(|| format!("it had ended: {}", found.status));
        Ok(Cancelled { id, run: found.run, status: found.status, reason, project, position })
    }

    fn examples() -> Vec<Example> {
        let asked = crate::registry::Step {
            tool: "consolidation",
            operation: "run",
            arguments: json!({"event_id": "example-cancelled-run"}),
        };
        vec![Example { setup: vec![asked], arguments: json!({"run": id_of("example-cancelled-run")}) }]
    }
}
