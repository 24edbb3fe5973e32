//! What a plan takes: effort, and what it uses.

use std::collections::BTreeMap;

use athena_learn::plan::{Step, critical_path, simulate};
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::used::used;
use crate::operations::planning::{self, numbers};
use crate::operations::records::one_project;
use crate::registry::{Call, Effect, Example, Operation};

const RUNS: usize = 1_000;

/// How much work a plan is: the sum of its steps, and how long it lasts when what can goes side by side. p90 of the sum
/// is given for steps that are slow each for itself, and for steps that are slow together. Steps of which nothing tells how
/// long they take are left out, and `reason` names them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Effort {
    /// Id of the plan.
    plan: String,
}

/// How much work a plan is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Efforts {
    /// The sum of the steps.
    work_p50_ms: Option<i64>,
    work_p90_independent_ms: Option<i64>,
    work_p90_dependent_ms: Option<i64>,
    /// Along the chain that decides the end.
    elapsed_p50_ms: Option<i64>,
    /// Why something is null, and which steps the times leave out.
    reason: Option<String>,
    project: String,
}

impl Operation for Effort {
    const TOOL: &'static str = "estimation";
    const NAME: &'static str = "effort";
    const EFFECT: Effect = Effect::Read;
    type Result = Efforts;

    async fn call(self, call: &Call) -> Result<Efforts, Error> {
        let (project, scope) = one_project(call).await?;
        let (_, plan) = planning::read(call, &scope, &project, &self.plan).await?;
        let numbers = match numbers(&plan) {
            Ok(numbers) => numbers,
            Err(reason) => {
                return Ok(Efforts {
                    work_p50_ms: None,
                    work_p90_independent_ms: None,
                    work_p90_dependent_ms: None,
                    elapsed_p50_ms: None,
                    reason: Some(reason),
                    project,
                });
            }
        };
        let steps = &numbers.steps;
        let elapsed = critical_path(steps).map(|(_, whole)| whole);
        // One after the other, each as long as it takes when it goes well.
        let row: Vec<Step> = steps
            .iter()
            .enumerate()
            .map(|(at, step)| Step {
                needs: at.checked_sub(1).into_iter().collect(),
                failure: 0.0,
                ..step.clone()
            })
            .collect();
        let spread = steps.iter().all(|step| step.p90_ms.is_some());
        let together = spread.then(|| steps.iter().filter_map(|step| step.p90_ms).sum::<f64>() as i64);
        let told = simulate(&row, RUNS, 0);
        let few = "p90: some steps were done fewer than nine times in near work";
        let reasons: Vec<String> =
            numbers.left_out.iter().cloned().chain((!spread).then(|| few.to_owned())).collect();
        Ok(Efforts {
            work_p50_ms: numbers.time(told.as_ref().and_then(|told| told.p50_ms)),
            work_p90_independent_ms: numbers.time(told.and_then(|told| told.p90_ms)).filter(|_| spread),
            work_p90_dependent_ms: together,
            elapsed_p50_ms: numbers.time(elapsed),
            reason: (!reasons.is_empty()).then(|| reasons.join("; ")),
            project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: planning::planned(), arguments: json!({"plan": planning::example_id()}) }]
    }
}

/// What a plan uses, by what its sources used: tools, files, agents, tokens.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    /// Id of the plan.
    plan: String,
}

/// What a plan uses.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Uses {
    tools: Vec<Count>,
    files: Vec<Count>,
    /// Agents that did the sources' steps and told tokens or times.
    agents: Vec<String>,
    /// The median of the sources' tokens; null where none told any.
    tokens: Option<f64>,
    reason: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Count {
    name: String,
    /// How many steps of the plan.
    steps: usize,
}

impl Operation for Resources {
    const TOOL: &'static str = "estimation";
    const NAME: &'static str = "resources";
    const EFFECT: Effect = Effect::Read;
    type Result = Uses;

    async fn call(self, call: &Call) -> Result<Uses, Error> {
        let (project, scope) = one_project(call).await?;
        let (_, plan) = planning::read(call, &scope, &project, &self.plan).await?;
        let count = |names: &mut dyn Iterator<Item = &String>| -> Vec<Count> {
            let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
            names.for_each(|name| *counts.entry(name).or_default() += 1);
            let mut all: Vec<Count> =
                counts.into_iter().map(|(name, steps)| Count { name: name.clone(), steps }).collect();
            all.sort_by_key(|one| std::cmp::Reverse(one.steps));
            all
        };
        let sessions = planning::sessions_of(call, &scope, &plan).await?;
        let used = used(&call.app, &scope, Time::from_micros(0)).await?;
        let of = || {
            used.iter().filter(|one| one.session.as_ref().is_some_and(|session| sessions.contains(session)))
        };
        let mut by_session: BTreeMap<&str, f64> = BTreeMap::new();
        for one in of() {
            if let (Some(session), Some((input, output))) = (one.session.as_deref(), one.tokens) {
                *by_session.entry(session).or_default() += input + output;
            }
        }
        let mut agents: Vec<String> = of().filter_map(|one| one.agent.clone()).collect();
        agents.sort();
        agents.dedup();
        let tokens = athena_learn::estimate::median(by_session.into_values().collect());
        Ok(Uses {
            tools: count(&mut plan.steps.iter().filter_map(|step| step.tool.as_ref())),
            files: count(&mut plan.steps.iter().flat_map(|step| &step.files)),
            agents,
            reason: match (plan.steps.is_empty(), tokens.is_none()) {
                (true, _) => Some("the plan has no steps".into()),
                (_, true) => Some("tokens: no source told any".into()),
                _ => None,
            },
            tokens,
            project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: planning::planned(), arguments: json!({"plan": planning::example_id()}) }]
    }
}
