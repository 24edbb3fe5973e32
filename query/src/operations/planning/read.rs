//! Plans read.

use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{PLAN, Plan, View, example_id, planned, read};
use crate::operations::paging;
use crate::operations::records::{of_kind, one_project, page};
use crate::registry::{Call, Effect, Example, Operation};

/// A plan with its steps, and what they come from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Get {
    /// Id of the plan.
    plan: String,
}

/// A plan.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Got {
    #[serde(flatten)]
    plan: View,
    project: String,
}

impl Operation for Get {
    const TOOL: &'static str = "planning";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = Got;

    async fn call(self, call: &Call) -> Result<Got, Error> {
        let (project, scope) = one_project(call).await?;
        let (found, plan) = read(call, &scope, &project, &self.plan).await?;
        Ok(Got { plan: View { id: found.id, version: found.version, plan }, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: planned(), arguments: json!({"plan": example_id()}) }]
    }
}

/// Plans, the one that was changed last first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct List {
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Plans.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listed {
    items: Vec<Line>,
    next_cursor: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Line {
    id: String,
    time: Time,
    content: String,
    steps: usize,
    done: usize,
    goal: Option<String>,
    task: Option<String>,
}

impl Operation for List {
    const TOOL: &'static str = "planning";
    const NAME: &'static str = "list";
    const EFFECT: Effect = Effect::Read;
    type Result = Listed;

    async fn call(self, call: &Call) -> Result<Listed, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        let mut all = of_kind(&call.app, &scope, PLAN).await?;
        all.reverse();
        let (shown, next_cursor) = page(all, limit, self.cursor.as_deref())?;
        let line = |found: crate::operations::records::Found| {
            let plan: Plan = found.body()?;
            Ok(Line {
                id: found.id,
                time: found.recorded_at,
                content: plan.text,
                steps: plan.steps.len(),
                done: plan.steps.iter().filter(|step| step.done).count(),
                goal: plan.goal,
                task: plan.task,
            })
        };
        let items = shown.into_iter().map(line).collect::<Result<_, Error>>()?;
        Ok(Listed { items, next_cursor, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: planned(), arguments: json!({}) }]
    }
}
