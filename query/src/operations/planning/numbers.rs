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
use crate::operations::tasks::View;
use crate::registry::{Call, Effect, Example, Operation};

/// Runs of a simulation when nothing is said, and at most.
const RUNS: usize = 1_000;
const MOST_RUNS: usize = 100_000;

/// What is left to do as numbers. What does not tell how long it takes counts for no time.
#[derive(Debug)]
pub struct Numbers {
    pub steps: Vec<plan::Step>,
    /// Of each whether it tells how long it takes.
    known: Vec<bool>,
    /// What the times leave out, if anything.
    pub left_out: Option<String>,
}

impl Numbers {
    fn of(steps: Vec<(plan::Step, Option<String>)>, says: &str) -> Self {
        let unknown: Vec<&str> = steps.iter().filter_map(|(_, unknown)| unknown.as_deref()).collect();
        let left_out = (!unknown.is_empty()).then(|| {
            let so = if unknown.len() < steps.len() { "; the times leave them out" } else { "" };
            format!("{says} {}{so}", unknown.join(", "))
        });
        let known = steps.iter().map(|(_, unknown)| unknown.is_none()).collect();
        Self { steps: steps.into_iter().map(|(step, _)| step).collect(), known, left_out }
    }

    /// A time of all of them, unless nothing tells how long any takes.
    pub fn time(&self, ms: Option<f64>) -> Option<i64> {
        ms.filter(|_| self.known.contains(&true)).map(|ms| ms as i64)
    }
}

/// The steps that are left of a plan.
///
/// # Errors
/// That there are none.
pub fn numbers(plan: &Plan) -> Result<Numbers, String> {
    let left: Vec<&Step> = plan.steps.iter().filter(|step| !step.done).collect();
    if left.is_empty() {
        return Err("the plan has no steps left".into());
    }
    let place = |id: &usize| left.iter().position(|step| step.id == *id);
    let number = |step: &&Step| {
        let number = plan::Step {
            needs: step.needs.iter().filter_map(place).collect(),
            p50_ms: step.p50_ms.unwrap_or(0) as f64,
            p90_ms: step.p90_ms.map(|p90| p90 as f64),
            failure: step.failure_rate.unwrap_or(0.0),
        };
        (number, step.p50_ms.is_none().then(|| step.id.to_string()))
    };
    Ok(Numbers::of(left.iter().map(number).collect(), "nothing tells how long these steps take:"))
}

/// Runs a plan many times with the times and failures that its steps had in the past. A step that fails is tried up to
/// three times. The same seed gives the same numbers. Steps of which nothing tells how long they take count for no time,
/// and `reason` names them.
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
    /// Of the runs that went well; null where nothing tells how long any step takes.
    p50_ms: Option<i64>,
    p90_ms: Option<i64>,
    /// Share of the runs that went well.
    odds: Option<f64>,
    runs: usize,
    /// Steps at which runs were given up, after three tries, the most often first.
    items: Vec<GivenUp>,
    /// Why something is null, and which steps the times leave out.
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
        let numbers = match numbers(&plan) {
            Ok(numbers) => numbers,
            Err(reason) => return Ok(none(reason, project)),
        };
        let steps = numbers.steps.clone();
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
        let failed = told.p50_ms.is_none().then(|| format!("no run went well in {TRIES} tries a step"));
        Ok(Simulated {
            p50_ms: numbers.time(told.p50_ms),
            p90_ms: numbers.time(told.p90_ms),
            odds: Some(told.odds),
            runs,
            items,
            reason: failed.or(numbers.left_out),
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
    /// Id of a goal: its tasks and those of the open goals below it that are not over, by their estimates.
    goal: Option<String>,
}

/// A chain.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Chain {
    /// What decides, the first first.
    items: Vec<Link>,
    /// How long all of it takes, without what tells nothing; null where nothing tells how long any takes.
    duration_ms: Option<i64>,
    /// Why something is null, and what the times leave out.
    reason: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Link {
    id: String,
    content: String,
    /// Null where nothing tells it.
    duration_ms: Option<i64>,
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
        let none = |reason, project| Chain { items: Vec::new(), duration_ms: None, reason, project };
        let numbers = match numbers {
            Ok(numbers) => numbers,
            Err(reason) => return Ok(none(Some(reason), project)),
        };
        let Some((path, whole)) = critical_path(&numbers.steps) else {
            return Ok(none(Some("they wait for each other".into()), project));
        };
        let Some(duration_ms) = numbers.time(Some(whole)) else { return Ok(none(numbers.left_out, project)) };
        let link = |at: usize| Link {
            id: names[at].0.clone(),
            content: names[at].1.clone(),
            duration_ms: numbers.known[at].then_some(numbers.steps[at].p50_ms as i64),
        };
        let items = path.into_iter().map(link).collect();
        Ok(Chain { items, duration_ms: Some(duration_ms), reason: numbers.left_out, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: planned(), arguments: json!({"plan": example_id()}) }]
    }
}

/// Numbers, or why there are none, and what each is called.
type Named = (Result<Numbers, String>, Vec<(String, String)>);

/// The tasks of a goal and of the open goals below it that are not over.
fn tasks_of(goals: &Goals, goal: &str) -> Result<Named, Error> {
    goals.find("goal", goal)?;
    let tree = goals.with_below(goal);
    let left: Vec<&View> = goals.tasks_within(&tree).filter(|view| !view.task.status.is_over()).collect();
    if left.is_empty() {
        return Ok((Err("the goal has no tasks left".into()), Vec::new()));
    }
    let names = left.iter().map(|view| (view.id.clone(), view.title.clone())).collect();
    let places: HashMap<&str, usize> =
        left.iter().enumerate().map(|(at, view)| (view.id.as_str(), at)).collect();
    let number = |view: &&View| {
        let number = plan::Step {
            needs: view.task.needs.iter().filter_map(|need| places.get(need.as_str()).copied()).collect(),
            p50_ms: view.task.estimate_s.unwrap_or(0) as f64 * 1e3 * (1.0 - view.task.progress),
            ..plan::Step::default()
        };
        (number, view.task.estimate_s.is_none().then(|| view.id.clone()))
    };
    Ok((Ok(Numbers::of(left.iter().map(number).collect(), "tasks without an estimate:")), names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_left_out_and_named() {
        let plan = |times: &[Option<i64>]| {
            let step =
                |(at, p50_ms): (usize, &Option<i64>)| Step { id: at + 1, p50_ms: *p50_ms, ..Step::default() };
            Plan { steps: times.iter().enumerate().map(step).collect(), ..Plan::default() }
        };
        let some = numbers(&plan(&[Some(60_000), None, Some(1_000)])).unwrap();
        assert_eq!(some.time(Some(61_000.0)), Some(61_000));
        let said = some.left_out.unwrap();
        assert!(said.contains("take: 2;") && said.contains("leave them out"), "{said}");
        let none = numbers(&plan(&[None, None])).unwrap();
        assert_eq!((none.time(Some(0.0)), none.steps.len()), (None, 2));
        assert!(none.left_out.unwrap().ends_with("1, 2"));
        assert_eq!(numbers(&plan(&[Some(1)])).unwrap().left_out, None);
        assert!(numbers(&plan(&[])).is_err());
    }
}
