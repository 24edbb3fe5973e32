//! Which way of planning worked.

use std::collections::BTreeMap;

use athena_ingest::tasks::Status;
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{PLAN, Plan, planned};
use crate::operations::records::{of_kind, one_project};
use crate::operations::tasks::Tasks;
use crate::registry::{Call, Effect, Example, Operation};

/// Finished tasks below which a share is none.
const LEAST: usize = 5;

/// Which plans worked for what: by what they were made from, how many of the tasks that they were for ended well.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Strategies {}

/// Strategies.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Told {
    items: Vec<Line>,
    /// Why there are none.
    reason: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Line {
    /// `procedures`, `tasks`, `sessions`, or `none` where nothing was near.
    strategy: String,
    plans: usize,
    /// Plans whose task is over.
    finished: usize,
    successes: usize,
    /// Null below 5 finished ones.
    success_rate: Option<f64>,
    reason: Option<String>,
    /// What the plans were for, the newest first.
    examples: Vec<String>,
}

impl Operation for Strategies {
    const TOOL: &'static str = "planning";
    const NAME: &'static str = "strategies";
    const EFFECT: Effect = Effect::Read;
    type Result = Told;

    async fn call(self, call: &Call) -> Result<Told, Error> {
        let (project, scope) = one_project(call).await?;
        let tasks = Tasks::read(&call.app, &scope).await?;
        let mut by_strategy: BTreeMap<String, Line> = BTreeMap::new();
        for found in of_kind(&call.app, &scope, PLAN).await?.iter().rev() {
            let plan: Plan = found.body()?;
            let line = by_strategy.entry(plan.strategy.clone()).or_insert_with(|| Line {
                strategy: plan.strategy.clone(),
                plans: 0,
                finished: 0,
                successes: 0,
                success_rate: None,
                reason: None,
                examples: Vec::new(),
            });
            line.plans += 1;
            if line.examples.len() < 5 {
                line.examples.push(plan.text);
            }
            let status = plan.task.as_deref().and_then(|task| tasks.get(task)).map(|view| view.task.status);
            line.finished += usize::from(matches!(status, Some(Status::Done | Status::Failed)));
            line.successes += usize::from(status == Some(Status::Done));
        }
        let items: Vec<Line> = by_strategy
            .into_values()
            .map(|mut line| {
                match line.finished < LEAST {
                    true => {
                        line.reason =
                            Some(format!("{} of {LEAST} tasks with such a plan are over", line.finished))
                    }
                    false => line.success_rate = Some(line.successes as f64 / line.finished as f64),
                }
                line
            })
            .collect();
        let reason = items.is_empty().then(|| "there are no plans".into());
        Ok(Told { items, reason, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: planned(), arguments: json!({}) }]
    }
}
