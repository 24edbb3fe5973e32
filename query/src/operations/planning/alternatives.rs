//! Other ways to the same end.

use athena_learn::plan::simulate;
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::make::steps;
use super::numbers::numbers;
use super::sources::near;
use super::{Plan, Source, example_id, planned, read};
use crate::operations::records::one_project;
use crate::operations::sessions::steps::likeness;
use crate::registry::{Call, Effect, Example, Operation};

/// Ways that are told, from how unlike they must be, and simulated runs.
const MOST: usize = 5;
const SAME: f64 = 0.9;
const RUNS: usize = 500;

/// Other ways in which near work was done, each with its trade-offs beside the plan's: steps, time, odds, how near it
/// is, and how it ended.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alternatives {
    /// Id of the plan.
    plan: String,
}

/// Ways.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Ways {
    /// The plan itself.
    plan: Way,
    items: Vec<Way>,
    /// Why there are none.
    reason: Option<String>,
    project: String,
}

/// A way, and how it compares.
#[derive(Debug, Serialize, JsonSchema)]
struct Way {
    id: String,
    /// What is done, in order.
    actions: Vec<String>,
    steps: usize,
    p50_ms: Option<i64>,
    p90_ms: Option<i64>,
    /// How likely it goes well; null where nothing tells.
    odds: Option<f64>,
    /// What the times leave out, or why they are null.
    reason: Option<String>,
    /// What it comes from.
    source: Option<Source>,
    /// What it has and the plan has not.
    more: Vec<String>,
    /// What the plan has and it has not.
    less: Vec<String>,
}

impl Operation for Alternatives {
    const TOOL: &'static str = "planning";
    const NAME: &'static str = "alternatives";
    const EFFECT: Effect = Effect::Read;
    type Result = Ways;

    async fn call(self, call: &Call) -> Result<Ways, Error> {
        let (project, scope) = one_project(call).await?;
        let (found, plan) = read(call, &scope, &project, &self.plan).await?;
        let own: Vec<String> = plan.steps.iter().map(|step| step.action.clone()).collect();
        let all = near(call, (&project, &scope), &plan.text, call.shared.session.as_deref()).await?;
        let mut told: Vec<Vec<String>> = vec![own.clone()];
        let mut items = Vec::new();
        for near in all.iter().filter(|near| !near.went_badly()) {
            let other = Plan { steps: steps(&[near], &all), ..Plan::default() };
            let actions: Vec<String> = other.steps.iter().map(|step| step.action.clone()).collect();
            if items.len() < MOST && told.iter().all(|before| likeness(before, &actions) < SAME) {
                items.push(way(near.session.clone(), &other, Some(near.source.clone()), &own));
                told.push(actions);
            }
        }
        let reason = items.is_empty().then(|| match all.is_empty() {
            true => "nothing near tells of another way".into(),
            false => "all near work that did not fail went the plan's way".into(),
        });
        Ok(Ways { plan: way(found.id, &plan, None, &own), items, reason, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: planned(), arguments: json!({"plan": example_id()}) }]
    }
}

fn way(id: String, plan: &Plan, source: Option<Source>, own: &[String]) -> Way {
    let numbers = numbers(plan);
    let told = numbers.as_ref().ok().and_then(|numbers| simulate(&numbers.steps, RUNS, 0));
    let time = |ms: Option<f64>| numbers.as_ref().ok().and_then(|numbers| numbers.time(ms));
    let actions: Vec<String> = plan.steps.iter().map(|step| step.action.clone()).collect();
    let without = |of: &[String], others: &[String]| -> Vec<String> {
        let mut left: Vec<String> = of.iter().filter(|action| !others.contains(action)).cloned().collect();
        left.dedup();
        left
    };
    Way {
        id,
        steps: actions.len(),
        p50_ms: time(told.as_ref().and_then(|told| told.p50_ms)),
        p90_ms: time(told.as_ref().and_then(|told| told.p90_ms)),
        odds: told.map(|told| told.odds),
        reason: numbers.map_or_else(Some, |numbers| numbers.left_out),
        source,
        more: without(&actions, own),
        less: without(own, &actions),
        actions,
    }
}
