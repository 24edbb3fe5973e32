//! Commands of `planning`: plans are kept as they were made, each with what its steps come from.

use athena_schemas::tables::Record;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::apply::{Call, Decision, Done, Key, State, Tool};
use crate::records::{body, find, keys_in, new_id, row, version};
use crate::tasks::said;

/// The kind of a plan's record.
pub const PLAN: &str = "plan";

/// Steps and sources of a plan, and characters of what a step is about.
pub const MOST_STEPS: usize = 100;
const MOST_SOURCES: usize = 50;
const TEXT_CHARS: usize = 1_000;

pub(crate) const TOOL: Tool = Tool { name: "planning", keys, decide };

/// The body of a plan's record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// What it is for.
    pub text: String,
    pub goal: Option<String>,
    pub task: Option<String>,
    pub steps: Vec<Step>,
    /// What the steps come from, the nearest first.
    pub sources: Vec<Source>,
    /// How it was made: the strategy.
    pub strategy: String,
    /// Why it has no steps.
    pub reason: Option<String>,
    /// The event because of which it was made anew.
    pub because_of: Option<String>,
    pub created_at: Time,
}

/// Something to do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Step {
    /// Its number in the plan, from 1.
    pub id: usize,
    /// What is done, in a word or two.
    pub action: String,
    pub tool: Option<String>,
    /// What it was like the last time.
    pub content: String,
    /// Steps that must be done before.
    pub needs: Vec<usize>,
    /// Whether it is done.
    pub done: bool,
    /// In how many sessions of the sources it was done.
    pub support: usize,
    /// The share of times that it failed, in all near work, also in what went wrong.
    pub failure_rate: Option<f64>,
    /// How long it took in the sources, the median.
    pub p50_ms: Option<i64>,
    pub p90_ms: Option<i64>,
    /// Files that it touched in the newest.
    pub files: Vec<String>,
    /// An event of each session of the sources that did it.
    pub sources: Vec<String>,
    /// Events of near work in which it failed.
    pub failed: Vec<String>,
}

/// What steps come from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Source {
    pub id: String,
    /// `procedure`, `task` or `session`.
    pub kind: String,
    pub title: String,
    /// From 0 to 1, by its words.
    pub similarity: f64,
    pub outcome: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    plan: Plan,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    plan: String,
    /// The version that the change is of.
    version: i64,
    steps: Vec<Step>,
    sources: Option<Vec<Source>>,
    because_of: Option<String>,
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    keys_in(call, &["plan"])
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(Decision::from(match operation {
        "create" => create(call),
        "optimize" | "replan" => change(state, call),
        _ => return None,
    }))
}

fn create(call: &Call<'_>) -> Done {
    let Create { plan } = call.parse()?;
    let plan = Plan { created_at: call.now(), ..plan };
    checked(&plan)?;
    let title: String = plan.text.chars().take(300).collect();
    let record = Record { id: new_id(call, PLAN), kind: PLAN.into(), name: Some(title), ..Record::default() };
    Ok(kept(record, &plan, call))
}

fn change(state: &State, call: &Call<'_>) -> Done {
    let given: Change = call.parse()?;
    let old = find(state, call, (PLAN, "plan"), &given.plan)?;
    if old.version != given.version {
        let error = Error::conflict(format!("plan {} is at version {}", old.id, old.version));
        return Err(Error { field: Some("plan".into()), ..error.hint("call it again") });
    }
    let mut plan: Plan = body(old)?;
    plan.steps = given.steps;
    plan.sources = given.sources.unwrap_or(plan.sources);
    plan.because_of = given.because_of.or(plan.because_of);
    plan.reason = plan.reason.filter(|_| plan.steps.is_empty());
    checked(&plan)?;
    Ok(kept(old.clone(), &plan, call))
}

fn checked(plan: &Plan) -> Result<(), Error> {
    said("text", &plan.text, TEXT_CHARS)?;
    if plan.steps.len() > MOST_STEPS || plan.sources.len() > MOST_SOURCES {
        return Err(Error::invalid("plan", format!("at most {MOST_STEPS} steps and {MOST_SOURCES} sources")));
    }
    let ids: Vec<usize> = plan.steps.iter().map(|step| step.id).collect();
    let known = plan.steps.iter().all(|step| step.needs.iter().all(|need| ids.contains(need)));
    match known && ids.windows(2).all(|two| two[0] < two[1]) {
        true => Ok(()),
        false => Err(Error::invalid("plan", "steps are numbered upwards, and need only steps of the plan")),
    }
}

fn kept(record: Record, plan: &Plan, call: &Call<'_>) -> (Vec<crate::apply::StateRow>, Value) {
    let record = version(record, plan, call);
    let told = json!({"id": record.id, "version": record.version, "plan": plan});
    (vec![row(record)], told)
}

#[cfg(test)]
mod tests {
    use athena_schemas::Code;

    use super::*;
    use crate::test::{command, run};

    #[test]
    fn a_plan_changes_from_the_version_that_was_read() {
        let mut state = State::default();
        let step = |id: usize, needs: &[usize]| json!({"id": id, "action": "Bash make", "needs": needs});
        let plan = json!({"text": "build", "steps": [step(1, &[]), step(2, &[1])]});
        let made = run(&mut state, command(1, "planning.create", "ann", json!({"plan": plan}))).unwrap();
        let change = |version: i64, need: usize| json!({"plan": made["id"], "version": version, "steps": [step(1, &[]), step(3, &[need])]});
        let stale = run(&mut state, command(2, "planning.optimize", "ann", change(0, 1))).unwrap_err();
        assert_eq!(stale.code, Code::Conflict);
        let lost = run(&mut state, command(3, "planning.optimize", "ann", change(1, 2))).unwrap_err();
        assert_eq!(lost.code, Code::InvalidArgument);
        let told = run(&mut state, command(4, "planning.replan", "ann", change(1, 1))).unwrap();
        assert_eq!(told["plan"]["steps"][1]["id"], 3);
    }
}
