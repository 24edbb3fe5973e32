//! Properties of a plan, each shown or not.

use athena_ingest::safety::{Action, Verdict as Allows};
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::check::{circle, unmet};
use super::numbers::numbers;
use super::sources::near;
use super::{Plan, Step, example_id, planned, read};
use crate::operations::goals::Goals;
use crate::operations::records::one_project;
use crate::registry::{Call, Effect, Example, Operation};
use crate::safety::{Acting, Judged, judge_by, policies};
use athena_learn::plan::simulate;

const RUNS: usize = 1_000;

/// Words for what undoes what: either undoes the other.
const UNDONE: [(&str, &str); 14] = [
    ("create", "delete"),
    ("add", "remove"),
    ("book", "cancel"),
    ("install", "uninstall"),
    ("enable", "disable"),
    ("start", "stop"),
    ("open", "close"),
    ("mount", "umount"),
    ("commit", "revert"),
    ("push", "revert"),
    ("grant", "revoke"),
    ("lock", "unlock"),
    ("apply", "rollback"),
    ("edit", "checkout"),
];
/// Words for what changes nothing.
const READS: [&str; 20] = [
    "get",
    "list",
    "search",
    "find",
    "read",
    "view",
    "show",
    "grep",
    "rg",
    "cat",
    "ls",
    "head",
    "tail",
    "think",
    "calculate",
    "status",
    "diff",
    "log",
    "check",
    "test",
];

/// Says of a plan whether it is complete (what it needs is there), consistent (nothing waits for itself), feasible (p90
/// ends before the deadline), reversible (each step changes nothing, or its undo was seen in near work), and safe (no
/// policy denies a step, as it was done before).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verify {
    /// Id of the plan.
    plan: String,
    /// Of `safe`, `complete`, `consistent`, `feasible`, `reversible`; all when not said.
    #[serde(default)]
    properties: Vec<Property>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Property {
    Safe,
    Complete,
    Consistent,
    Feasible,
    Reversible,
}

const ALL: [Property; 5] =
    [Property::Safe, Property::Complete, Property::Consistent, Property::Feasible, Property::Reversible];

/// What holds of a plan.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Verified {
    items: Vec<Verdict>,
    project: String,
}

/// Whether a property holds.
#[derive(Debug, Serialize, JsonSchema)]
struct Verdict {
    property: Property,
    /// `yes`, `no` or `unknown`.
    holds: &'static str,
    why: String,
}

impl Operation for Verify {
    const TOOL: &'static str = "planning";
    const NAME: &'static str = "verify";
    const EFFECT: Effect = Effect::Read;
    type Result = Verified;

    async fn call(self, call: &Call) -> Result<Verified, Error> {
        let (project, scope) = one_project(call).await?;
        let (_, plan) = read(call, &scope, &project, &self.plan).await?;
        let asked = if self.properties.is_empty() { ALL.to_vec() } else { self.properties };
        let mut items = Vec::new();
        for property in asked {
            let (holds, why) = match property {
                _ if plan.steps.is_empty() => ("unknown", "the plan has no steps".to_owned()),
                Property::Safe => safe(call, &project, &plan).await?,
                Property::Complete => {
                    let unmet = unmet(call, &scope, &plan).await?;
                    (if unmet.is_empty() { "yes" } else { "no" }, joined(unmet, "what it needs is there"))
                }
                Property::Consistent => {
                    let circle = circle(&plan);
                    let told = circle.iter().map(|id| format!("step {id} waits for itself")).collect();
                    (if circle.is_empty() { "yes" } else { "no" }, joined(told, "nothing waits for itself"))
                }
                Property::Feasible => feasible(call, &plan).await?,
                Property::Reversible => {
                    let all = near(call, (&project, &scope), &plan.text, None).await?;
                    let seen: Vec<String> = all
                        .iter()
                        .flat_map(|near| &near.done)
                        .map(|done| format!("{} {}", done.action, done.content))
                        .collect();
                    reversible(&plan, &seen)
                }
            };
            items.push(Verdict { property, holds, why });
        }
        Ok(Verified { items, project })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"plan": example_id(), "properties": ["consistent", "feasible", "reversible"]});
        vec![Example { setup: planned(), arguments }]
    }
}

fn joined(told: Vec<String>, otherwise: &str) -> String {
    if told.is_empty() { otherwise.to_owned() } else { told.join("; ") }
}

/// What the project's policies say of the steps that are still to be done, each as it was done the last time.
async fn safe(call: &Call, project: &str, plan: &Plan) -> Result<(&'static str, String), Error> {
    let policies = policies(&call.app, project).await?;
    if policies.is_empty() {
        return Ok(("unknown", "this project has no policies: `safety.policy` makes one".into()));
    }
    let acting = Acting { agent: call.shared.agent.as_deref(), session: call.shared.session.as_deref() };
    let now = Time::now();
    let (mut denied, mut asked) = (Vec::new(), Vec::new());
    for step in plan.steps.iter().filter(|step| !step.done) {
        let action = acted(step);
        let judged = judge_by(&call.app, project, &policies, (&action, &step.files), acting, now).await?;
        match judged.verdict {
            Allows::Denied => denied.push(told(step, "denied", &judged)),
            Allows::Ask => asked.push(told(step, "to be asked for", &judged)),
            Allows::Allowed => {}
        }
    }
    Ok(match (denied.is_empty(), asked.is_empty()) {
        (true, true) => ("yes", format!("none of {} policies denies a step", policies.len())),
        (true, false) => ("unknown", asked.join("; ")),
        (false, _) => ("no", denied.into_iter().chain(asked).collect::<Vec<_>>().join("; ")),
    })
}

/// A step as an action: what it was given the last time, if it was anything.
fn acted(step: &Step) -> Action {
    let tool = step.tool.as_deref().or_else(|| step.action.split_whitespace().next()).unwrap_or_default();
    let input = serde_json::from_str(&step.content).ok().filter(Value::is_object);
    Action { tool: tool.to_owned(), input: input.unwrap_or_else(|| json!(step.content)) }
}

fn told(step: &Step, what: &str, judged: &Judged) -> String {
    let rule = judged.rule.as_ref().map(|rule| rule.name.as_ref().unwrap_or(&rule.id).as_str());
    let reason = judged.reason.as_deref().unwrap_or_default();
    format!("step {} ({}) is {what} by {}: {reason}", step.id, step.action, rule.unwrap_or("a policy"))
}

async fn feasible(call: &Call, plan: &Plan) -> Result<(&'static str, String), Error> {
    let goals = Goals::read(call).await?;
    let of_task = plan.task.as_deref().and_then(|task| goals.tasks.get(task)).and_then(|view| view.task.due);
    let of_goal = plan
        .goal
        .as_deref()
        .and_then(|goal| goals.find("goal", goal).ok())
        .and_then(|view| view.goal.deadline);
    let Some(deadline) = of_task.or(of_goal) else { return Ok(("unknown", "it has no deadline".into())) };
    let numbers = match numbers(plan) {
        Err(reason) => return Ok(("unknown", reason)),
        Ok(numbers) => numbers,
    };
    let told = simulate(&numbers.steps, RUNS, 0).and_then(|told| told.p90_ms);
    if told.is_none() {
        return Ok(("no", "no simulated run went well".into()));
    }
    let left_out = numbers.left_out.as_deref().unwrap_or_default();
    let Some(p90) = numbers.time(told) else { return Ok(("unknown", left_out.to_owned())) };
    let ends = Time::now().plus_micros(p90 * 1_000);
    let why = format!("p90 ends {ends}, and it is due {deadline}");
    Ok(match (ends <= deadline, left_out) {
        (false, _) => ("no", why),
        (true, "") => ("yes", why),
        // What is left out may still take longer than there is.
        (true, left_out) => ("unknown", format!("{why}; {left_out}")),
    })
}

fn reversible(plan: &Plan, seen: &[String]) -> (&'static str, String) {
    let open: Vec<String> = plan
        .steps
        .iter()
        .filter(|step| {
            let words = words(&step.action);
            let reads = words.iter().any(|word| READS.contains(&word.as_str()));
            !reads && !undone(&words, seen)
        })
        .map(|step| format!("step {} ({})", step.id, step.action))
        .collect();
    match open.is_empty() {
        true => ("yes", "each step changes nothing, or its undo was seen".into()),
        false => ("unknown", format!("no undo was seen of {}", open.join(", "))),
    }
}

/// Whether an undo of one of the words was seen, of the same thing where it names one.
fn undone(of: &[String], seen: &[String]) -> bool {
    let was_seen = |undo: &str| seen.iter().any(|seen| words(seen).iter().any(|word| word == undo));
    of.iter().any(|word| {
        UNDONE.iter().any(|(one, other)| (word == one && was_seen(other)) || (word == other && was_seen(one)))
    })
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_undone_was_undone_before() {
        let plan = |actions: &[&str]| Plan {
            steps: actions
                .iter()
                .map(|action| Step { action: (*action).into(), ..Step::default() })
                .collect(),
            ..Plan::default()
        };
        let seen = ["cancel_reservation {}".to_owned()];
        assert_eq!(reversible(&plan(&["get_user", "book_reservation"]), &seen).0, "yes");
        let told = reversible(&plan(&["book_reservation", "send_certificate"]), &seen);
        assert!(told.0 == "unknown" && told.1.contains("send_certificate"));
    }
}
