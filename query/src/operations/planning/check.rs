//! Plans looked over.

use std::collections::HashSet;

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::make::{steps, worked};
use super::sources::near;
use super::{Plan, example_id, planned, read};
use crate::operations::records::one_project;
use crate::operations::tasks::Tasks;
use crate::registry::{Call, Effect, Example, Operation};
use athena_store::Scope;

/// Looks a plan over: steps that near work had and it has not, steps that wait in a circle or for what is not there,
/// tasks that must be over first, and steps that failed in the past.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Validate {
    /// Id of the plan.
    plan: String,
}

/// What is wrong with a plan.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Validated {
    /// Whether nothing is wrong; steps that failed in the past are only warned of.
    valid: bool,
    /// Steps that near work had.
    missing: Vec<Missing>,
    /// Steps that wait for each other.
    cycles: Vec<usize>,
    /// What must be there first, and is not.
    unmet: Vec<String>,
    /// Steps that failed in the past.
    past_failures: Vec<Failure>,
    /// Why something could not be looked at.
    reason: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Missing {
    action: String,
    /// How many of the sources have it.
    support: usize,
    sources: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Failure {
    step: usize,
    action: String,
    failure_rate: f64,
    /// Events in which it failed.
    sources: Vec<String>,
}

impl Operation for Validate {
    const TOOL: &'static str = "planning";
    const NAME: &'static str = "validate";
    const EFFECT: Effect = Effect::Read;
    type Result = Validated;

    async fn call(self, call: &Call) -> Result<Validated, Error> {
        let (project, scope) = one_project(call).await?;
        let (_, plan) = read(call, &scope, &project, &self.plan).await?;
        let all = near(call, (&project, &scope), &plan.text, call.shared.session.as_deref()).await?;
        let usual = steps(&worked(&all), &all);
        let has: HashSet<&str> = plan.steps.iter().map(|step| step.action.as_str()).collect();
        let missing: Vec<Missing> = usual
            .iter()
            .filter(|step| !has.contains(step.action.as_str()))
            .map(|step| Missing {
                action: step.action.clone(),
                support: step.support,
                sources: step.sources.clone(),
            })
            .collect();
        let past_failures = plan.steps.iter().filter_map(|step| {
            let failure_rate = step.failure_rate.filter(|rate| *rate > 0.0)?;
            Some(Failure {
                step: step.id,
                action: step.action.clone(),
                failure_rate,
                sources: step.failed.clone(),
            })
        });
        let cycles = circle(&plan);
        let unmet = unmet(call, &scope, &plan).await?;
        Ok(Validated {
            valid: missing.is_empty() && cycles.is_empty() && unmet.is_empty() && !plan.steps.is_empty(),
            reason: match (plan.steps.is_empty(), usual.is_empty()) {
                (true, _) => Some("the plan has no steps".into()),
                (_, true) => Some("missing: nothing near tells what it should have".into()),
                _ => None,
            },
            past_failures: past_failures.collect(),
            missing,
            cycles,
            unmet,
            project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: planned(), arguments: json!({"plan": example_id()}) }]
    }
}

/// The steps that wait, in the end, for themselves.
pub fn circle(plan: &Plan) -> Vec<usize> {
    let mut left: Vec<usize> = plan.steps.iter().map(|step| step.id).collect();
    loop {
        let before = left.len();
        let free = |id: &usize| {
            let step = plan.steps.iter().find(|step| step.id == *id);
            step.is_none_or(|step| step.needs.iter().all(|need| !left.contains(need)))
        };
        let kept: Vec<usize> = left.iter().copied().filter(|id| !free(id)).collect();
        left = kept;
        if left.len() == before {
            return left;
        }
    }
}

/// Steps that others need and that are not there, and tasks that the plan's task waits for.
pub async fn unmet(call: &Call, scope: &Scope, plan: &Plan) -> Result<Vec<String>, Error> {
    let known: HashSet<usize> = plan.steps.iter().map(|step| step.id).collect();
    let lost = plan.steps.iter().flat_map(|step| step.needs.iter().map(move |need| (step.id, *need)));
    let lost = lost.filter(|(_, need)| !known.contains(need));
    let mut unmet: Vec<String> = lost.map(|(step, need)| format!("step {step} needs step {need}")).collect();
    if let Some(task) = &plan.task {
        let tasks = Tasks::read(&call.app, scope).await?;
        match tasks.get(task) {
            None => unmet.push(format!("task {task} is not there")),
            Some(view) => unmet.extend(
                tasks
                    .waits_for(&view.task)
                    .map(|need| format!("task {task} waits for {} ({})", need.id, need.title)),
            ),
        }
    }
    Ok(unmet)
}

#[cfg(test)]
mod tests {
    use super::super::Step;
    use super::*;

    #[test]
    fn circles_are_found() {
        let step = |id: usize, needs: &[usize]| Step { id, needs: needs.to_vec(), ..Step::default() };
        let plan = |steps: Vec<Step>| Plan { steps, ..Plan::default() };
        assert!(circle(&plan(vec![step(1, &[]), step(2, &[1]), step(3, &[1, 2])])).is_empty());
        assert_eq!(circle(&plan(vec![step(1, &[3]), step(2, &[1]), step(3, &[2]), step(4, &[])])), [1, 2, 3]);
    }
}
