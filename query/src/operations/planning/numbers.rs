//! Plans as numbers: simulated, and what decides their end.

use std::collections::HashMap;

use athena_learn::plan::{self, TRIES, critical_path, simulate};
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Plan, Step, example_id, planned, read};
use crate::operations::goals::Goals;
use crate::operations::records::one_project;
use crate::registry::{Call, Effect, Example, Operation};

/// Runs of a simulation when nothing is said, and at most.
const RUNS: usize = 1_000;
const MOST_RUNS: usize = 100_000;

/// Steps as numbers, where each tells how long it took.
///
/// # Errors
/// The steps that tell nothing.
pub fn numbers(plan: &Plan) -> Result<Vec<plan::Step>, String> {
    let left: Vec<&Step> = plan.steps.iter().filter(|step| !step.done).collect();
    let unknown: Vec<String> =
        left.iter().filter(|step| step.p50_ms.is_none()).map(|step| step.id.to_string()).collect();
    if left.is_empty() {
        return Err("the plan has no steps left".into());
    }
    if !unknown.is_empty() {
        return Err(format!("nothing tells how long the steps {} take", unknown.join(", ")));
    }
    let place = |id: &usize| left.iter().position(|step| step.id == *id);
    let number = |step: &&Step| plan::Step {
        needs: step.needs.iter().filter_map(place).collect(),
        p50_ms: step.p50_ms.unwrap_or(0) as f64,
        p90_ms: step.p90_ms.map(|p90| p90 as f64),
        failure: step.failure_rate.unwrap_or(0.0),
    };
    Ok(left.iter().map(number).collect())
}

/// Runs a plan many times with the times and failures that its steps had in the past. A step that fails is tried up to
/// three times. The same seed gives the same numbers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Simulate {
    /// Id of the plan.
    plan: String,
    /// How often; 1,000 when not said.
    #[serde(default)]
    runs: Option<usize>,
    /// What chance begins with; 0 when not said.
    #[serde(default)]
    seed: u64,
}

/// How a plan goes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Simulated {
    /// Of the runs that went well.
    p50_ms: Option<i64>,
    p90_ms: Option<i64>,
    /// Share of the runs that went well.
    odds: Option<f64>,
    runs: usize,
    /// Steps at which runs were given up, after three tries, the most often first.
    items: Vec<GivenUp>,
    /// Why something is null.
    reason: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct GivenUp {
    step: usize,
    action: String,
    runs: usize,
}

impl Operation for Simulate {
    const TOOL: &'static str = "planning";
    const NAME: &'static str = "simulate";
    const EFFECT: Effect = Effect::Read;
    type Result = Simulated;

    async fn call(self, call: &Call) -> Result<Simulated, Error> {
        let runs = self.runs.unwrap_or(RUNS);
        if !(1..=MOST_RUNS).contains(&runs) {
            return Err(Error::invalid("runs", format!("from 1 to {MOST_RUNS}")));
        }
        let (project, scope) = one_project(call).await?;
        let (_, plan) = read(call, &scope, &project, &self.plan).await?;
        let none = |reason: String, project: String| Simulated {
            p50_ms: None,
            p90_ms: None,
            odds: None,
            runs: 0,
            items: Vec::new(),
            reason: Some(reason),
            project,
        };
        let steps = match numbers(&plan) {
            Ok(steps) => steps,
            Err(reason) => return Ok(none(reason, project)),
        };
        let told = tokio::task::spawn_blocking(move || simulate(&steps, runs, self.seed)).await;
        let told = told.map_err(|error| Error::internal(format!("simulate: {error}")))?;
        let Some(told) = told else { return Ok(none("its steps wait for each other".into(), project)) };
        let left = plan.steps.iter().filter(|step| !step.done);
        let mut items: Vec<GivenUp> = left
            .zip(&told.given_up)
            .filter(|(_, runs)| **runs > 0)
            .map(|(step, runs)| GivenUp { step: step.id, action: step.action.clone(), runs: *runs })
            .collect();
        items.sort_by_key(|one| std::cmp::Reverse(one.runs));
        let reason = told.p50_ms.is_none().then(|| format!("no run went well in {TRIES} tries a step"));
        Ok(Simulated {
            p50_ms: told.p50_ms.map(|ms| ms as i64),
            p90_ms: told.p90_ms.map(|ms| ms as i64),
            odds: Some(told.odds),
            runs,
            items,
            reason,
            project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: planned(), arguments: json!({"plan": example_id(), "runs": 200, "seed": 7}) }]
    }
}

/// The chain of steps of a plan, or of tasks of a goal, that decides when the whole is done.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CriticalPath {
    /// Id of a plan. Either this or `goal`.
    plan: Option<String>,
    /// Id of a goal: its tasks that are not over, by their estimates.
    goal: Option<String>,
}

/// A chain.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Chain {
    /// What decides, the first first.
    items: Vec<Link>,
    /// How long all of it takes; null where one of them tells nothing.
    duration_ms: Option<i64>,
    reason: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Link {
    id: String,
    content: String,
    duration_ms: i64,
}

impl Operation for CriticalPath {
    const TOOL: &'static str = "planning";
    const NAME: &'static str = "critical_path";
    const EFFECT: Effect = Effect::Read;
    type Result = Chain;

    async fn call(self, call: &Call) -> Result<Chain, Error> {
        let (project, scope) = one_project(call).await?;
        let (numbers, names) = match (&self.plan, &self.goal) {
            (Some(plan), None) => {
                let (_, plan) = read(call, &scope, &project, plan).await?;
                let left = plan.steps.iter().filter(|step| !step.done);
                let names: Vec<_> = left.map(|step| (step.id.to_string(), step.action.clone())).collect();
                (numbers(&plan), names)
            }
            (None, Some(goal)) => tasks_of(&Goals::read(call).await?, goal)?,
            _ => return Err(Error::invalid("plan", "give either a plan or a goal")),
        };
        let path = numbers.and_then(|steps| {
            let path = critical_path(&steps).ok_or_else(|| "they wait for each other".to_owned())?;
            Ok((path, steps))
        });
        let ((path, whole), steps) = match path {
            Ok(path) => path,
            Err(reason) => {
                return Ok(Chain { items: Vec::new(), duration_ms: None, reason: Some(reason), project });
            }
        };
        let link = |at: usize| Link {
            id: names[at].0.clone(),
            content: names[at].1.clone(),
            duration_ms: steps[at].p50_ms as i64,
        };
        let items = path.into_iter().map(link).collect();
        Ok(Chain { items, duration_ms: Some(whole as i64), reason: None, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: planned(), arguments: json!({"plan": example_id()}) }]
    }
}

/// Steps as numbers, or why not, and what each is called.
type Named = (Result<Vec<plan::Step>, String>, Vec<(String, String)>);

fn tasks_of(goals: &Goals, goal: &str) -> Result<Named, Error> {
    goals.find("goal", goal)?;
    let left: Vec<_> = goals
        .tasks
        .all
        .iter()
        .filter(|view| view.task.goal.as_deref() == Some(goal) && !view.task.status.is_over())
        .collect();
    let names = left.iter().map(|view| (view.id.clone(), view.title.clone())).collect();
    let unknown: Vec<&str> =
        left.iter().filter(|view| view.task.estimate_s.is_none()).map(|view| view.id.as_str()).collect();
    if left.is_empty() || !unknown.is_empty() {
        let reason = match left.is_empty() {
            true => "the goal has no tasks left".to_owned(),
            false => format!("tasks without an estimate: {}", unknown.join(", ")),
        };
        return Ok((Err(reason), names));
    }
    let places: HashMap<&str, usize> =
        left.iter().enumerate().map(|(at, view)| (view.id.as_str(), at)).collect();
    let number = |view: &&crate::operations::tasks::View| plan::Step {
        needs: view.task.needs.iter().filter_map(|need| places.get(need.as_str()).copied()).collect(),
        p50_ms: view.task.estimate_s.unwrap_or(0) as f64 * 1e3 * (1.0 - view.task.progress),
        ..plan::Step::default()
    };
    Ok((Ok(left.iter().map(number).collect()), names))
}
