//! Plans made better, and made anew where they failed.

use std::collections::HashMap;

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::follow::met;
use super::make::{sources, steps, worked};
use super::sources::{Near, near, session};
use super::{Changed, Plan, Step, example_id, planned, read};
use crate::operations::events::event;
use crate::operations::records::{answered, one_project};
use crate::operations::rows::absent;
use crate::operations::sessions::steps::shared;
use crate::registry::{Call, Effect, Example, Operation};
use crate::sql;

/// Sources that must tell the order of two steps before it is thought free.
const TELLING: usize = 2;

/// Makes a plan shorter and wider: steps that fewer than half of near work had are left out, and steps that were done now
/// in this order and now in that may be done side by side.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Optimize {
    /// Id of the plan.
    plan: String,
}

impl Operation for Optimize {
    const TOOL: &'static str = "planning";
    const NAME: &'static str = "optimize";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        let (project, scope) = one_project(call).await?;
        let (found, plan) = read(call, &scope, &project, &self.plan).await?;
        let all = near(call, (&project, &scope), &plan.text, call.shared.session.as_deref()).await?;
        let steps = optimized(&plan, &worked(&all));
        answered(call.command(&json!({"plan": found.id, "version": found.version, "steps": steps})).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: planned(), arguments: json!({"plan": example_id()}) }]
    }
}

fn optimized(plan: &Plan, near: &[&Near]) -> Vec<Step> {
    let has = |near: &Near, action: &str| near.done.iter().any(|done| done.action == action);
    let usual = |step: &Step| {
        let having = near.iter().filter(|near| has(near, &step.action)).count();
        step.done || near.len() < TELLING || 2 * having >= near.len()
    };
    let mut kept: Vec<Step> = plan.steps.iter().filter(|step| usual(step)).cloned().collect();
    let places: Vec<HashMap<&str, usize>> = near
        .iter()
        .map(|near| {
            let mut first = HashMap::new();
            near.done.iter().enumerate().for_each(|(at, done)| {
                first.entry(done.action.as_str()).or_insert(at);
            });
            first
        })
        .collect();
    // One comes before the other unless both orders were seen.
    let ordered = |one: &str, other: &str| {
        let both = places.iter().filter_map(|first| Some(first.get(one)? < first.get(other)?));
        let both: Vec<bool> = both.collect();
        one == other || both.len() < TELLING || both.iter().all(|before| *before)
    };
    let actions: Vec<String> = kept.iter().map(|step| step.action.clone()).collect();
    let ids: Vec<usize> = kept.iter().map(|step| step.id).collect();
    for at in 0..kept.len() {
        // What comes before what comes before it is waited for with that.
        let mut needs: Vec<usize> = Vec::new();
        let mut covered: Vec<usize> = Vec::new();
        for before in (0..at).rev() {
            if ordered(&actions[before], &actions[at]) && !covered.contains(&ids[before]) {
                needs.push(ids[before]);
                covered.extend(above(&kept[..at], ids[before]));
            }
        }
        needs.reverse();
        kept[at].needs = needs;
    }
    kept
}

/// A step and all that it needs.
fn above(steps: &[Step], id: usize) -> Vec<usize> {
    let (mut found, mut left) = (vec![], vec![id]);
    while let Some(id) = left.pop() {
        if !found.contains(&id) {
            found.push(id);
            left.extend(steps.iter().find(|step| step.id == id).into_iter().flat_map(|step| &step.needs));
        }
    }
    found
}

/// Makes the rest of a plan anew after an event, such as a failure: what its session has done stays, and what near work
/// did after the same steps takes the place of the rest.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replan {
    /// Id of the plan.
    plan: String,
    /// Id of the event because of which the rest is changed.
    event: String,
}

impl Operation for Replan {
    const TOOL: &'static str = "planning";
    const NAME: &'static str = "replan";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        let (project, scope) = one_project(call).await?;
        let (found, plan) = read(call, &scope, &project, &self.plan).await?;
        let event = event(&call.app, &sql::session(&call.app, &scope).await?, &scope, &self.event).await?;
        let event =
            event.ok_or_else(|| absent("event", "event", &self.event, std::slice::from_ref(&project)))?;
        let of = event.get("session").and_then(Value::as_str);
        let mut done = match of {
            Some(of) => session(call, &project, of).await?,
            None => Vec::new(),
        };
        if let Some(at) = done.iter().position(|done| done.event == self.event) {
            done.truncate(at + 1);
        }
        // What failed is not done.
        done.retain(|done| !done.failed);
        let mut kept: Vec<Step> = plan.steps.iter().filter(|step| step.done).cloned().collect();
        for (at, its) in met(&plan, &done) {
            if !plan.steps[at].done {
                let sources = vec![done[its].event.clone()];
                kept.push(Step { done: true, sources, ..plan.steps[at].clone() });
            }
        }
        kept.sort_by_key(|step| step.id);
        let so_far: Vec<&str> = done.iter().map(|done| done.action.as_str()).collect();
        let all = near(call, (&project, &scope), &plan.text, of).await?;
        let of = |near: &Near| Some(rest(near, &so_far)).filter(|near| !near.done.is_empty());
        let every: Vec<Near> = all.iter().filter_map(of).collect();
        let rests: Vec<Near> = worked(&all).into_iter().filter_map(of).collect();
        let rests: Vec<&Near> = rests.iter().collect();
        let mut rest = steps(&rests, &every);
        if rest.is_empty() {
            rest = plan
                .steps
                .iter()
                .filter(|step| kept.iter().all(|kept| kept.id != step.id))
                .cloned()
                .collect();
        }
        let first = plan.steps.iter().map(|step| step.id).max().unwrap_or(0) + 1;
        let mut before = kept.last().map(|step| step.id);
        for (number, mut step) in rest.into_iter().enumerate() {
            step.id = first + number;
            step.needs = before.into_iter().collect();
            before = Some(step.id);
            kept.push(step);
        }
        let mut command =
            json!({"plan": found.id, "version": found.version, "steps": kept, "because_of": self.event});
        if !rests.is_empty() {
            command["sources"] = json!(sources(&rests));
        }
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"plan": example_id(), "event": "example-plan-1-2"});
        vec![Example { setup: planned(), arguments }]
    }
}

/// What was done after the last step that two have in common.
fn rest(near: &Near, so_far: &[&str]) -> Near {
    let both = shared(so_far, &near.actions());
    let from = both.last().map_or(0, |(_, its)| its + 1);
    Near { source: near.source.clone(), session: near.session.clone(), done: near.done[from..].to_vec() }
}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::super::sources::Done;
    use super::*;

    fn near(actions: &[&str]) -> Near {
        let done = actions.iter().map(|action| Done { action: (*action).into(), ..Done::default() });
        Near {
            source: Source { similarity: 0.5, ..Source::default() },
            session: "s".into(),
            done: done.collect(),
        }
    }

    #[test]
    fn steps_of_either_order_go_side_by_side() {
        let [one, other, third] =
            [near(&["a", "b", "c", "d"]), near(&["a", "c", "b", "d"]), near(&["a", "b", "c", "d"])];
        let step = |id: usize, action: &str| Step { id, action: action.into(), ..Step::default() };
        let plan = Plan {
            steps: vec![step(1, "a"), step(2, "b"), step(3, "detour"), step(4, "c"), step(5, "d")],
            ..Plan::default()
        };
        let told = optimized(&plan, &[&one, &other, &third]);
        let needs: Vec<(usize, Vec<usize>)> = told.into_iter().map(|step| (step.id, step.needs)).collect();
        assert_eq!(needs, [(1, vec![]), (2, vec![1]), (4, vec![1]), (5, vec![2, 4])]);
    }

    #[test]
    fn the_rest_begins_where_both_were() {
        let told = rest(&near(&["look", "edit", "test", "commit"]), &["look", "edit"]);
        assert_eq!(told.actions(), ["test", "commit"]);
        assert_eq!(rest(&near(&["x"]), &["y"]).actions(), ["x"]);
    }
}
