//! A task at work.

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Changed, changed, example_id, find, set_up};
use crate::operations::estimation::foretell;
use crate::operations::records::one_project;
use crate::registry::{Call, Effect, Example, Operation, Step};
use crate::time_args;

/// Begins a task: it is the caller's from now on, and the session is kept, so that what was done for it is found. What
/// it waits for must be over. How long it is foretold to take is kept, to be judged by what happens.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Id of the task.
    task: String,
    /// When it was begun, if not now.
    #[serde(default)]
    at: Option<String>,
}

impl Operation for Start {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "start";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        let at = time_args::optional("at", self.at.as_deref(), athena_schemas::Time::now())?;
        let (project, scope) = one_project(call).await?;
        let view = find(call, &scope, &project, &self.task).await?;
        let foretold = foretell(&call.app, &scope, view.title).await?;
        changed(call, &json!({"task": self.task, "at": at, "foretold": foretold})).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({"task": example_id(), "agent": "ann"}) }]
    }
}

/// Says how far a task is; tells which milestones that reaches.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// Id of the task.
    task: String,
    /// From 0 to 1.
    fraction: f64,
    /// How it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl Operation for Progress {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "progress";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        changed(call, &self).await
    }

    fn examples() -> Vec<Example> {
        let arguments =
            json!({"task": example_id(), "fraction": 0.5, "note": "The sum is right, the tax is not"});
        vec![Example { setup: vec![set_up()], arguments }]
    }
}

/// Says that a task cannot go on, and why. Starting it again ends that.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Id of the task.
    task: String,
    /// What holds it up.
    why: String,
}

impl Operation for Block {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "block";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        changed(call, &self).await
    }

    fn examples() -> Vec<Example> {
        let (task, id) = own("example-task-block");
        let arguments = json!({"task": id, "why": "The tax table is not there yet"});
        vec![Example { setup: vec![task], arguments }]
    }
}

/// Ends a task, and tells which others can begin. With `failure` or `aborted` it is failed, and what waits for it waits on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Complete {
    /// Id of the task.
    task: String,
    /// `success`, `partial`, `skipped`, `failure` or `aborted`.
    outcome: String,
    /// What is to be known the next time.
    #[serde(default)]
    lesson: Option<String>,
    /// When it ended, if not now.
    #[serde(default)]
    at: Option<String>,
}

impl Operation for Complete {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "complete";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        let at = time_args::optional("at", self.at.as_deref(), athena_schemas::Time::now())?;
        let command = json!({"task": self.task, "outcome": self.outcome, "lesson": self.lesson, "at": at});
        changed(call, &command).await
    }

    fn examples() -> Vec<Example> {
        let (task, id) = own("example-task-complete");
        let arguments = json!({"task": id, "outcome": "success", "lesson": "Taxes are rounded once",
                               "event_id": "example-task-completed"});
        vec![Example { setup: vec![task], arguments }]
    }
}

/// Takes a task away that nobody needs any more: it holds nothing up, and its history stays.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cancel {
    /// Id of the task.
    task: String,
    /// Why nobody needs it.
    why: String,
}

impl Operation for Cancel {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "cancel";
    const EFFECT: Effect = Effect::Remove;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        changed(call, &self).await
    }

    fn examples() -> Vec<Example> {
        let (task, id) = own("example-task-cancel");
        let arguments = json!({"task": id, "why": "The cart is gone", "event_id": "example-task-cancelled"});
        vec![Example { setup: vec![task], arguments }]
    }
}

/// Sets a mark on the way of a task: it is reached when the progress comes to `fraction`, and without one it is now.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Milestone")]
pub struct MilestoneOf {
    /// Id of the task.
    task: String,
    /// What is reached.
    title: String,
    /// From 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fraction: Option<f64>,
}

impl Operation for MilestoneOf {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "milestone";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        changed(call, &self).await
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"task": example_id(), "title": "The sum is right", "fraction": 0.5});
        vec![Example { setup: vec![set_up()], arguments }]
    }
}

/// A task of an example's own, that can be ended once.
fn own(event_id: &'static str) -> (Step, String) {
    let arguments = json!({"title": "Round the taxes", "event_id": event_id});
    let step = Step { tool: "tasks", operation: "create", arguments };
    (step, athena_ingest::records::id_of(athena_ingest::tasks::TASK, event_id))
}
