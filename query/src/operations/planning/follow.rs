//! A plan beside what was done.

use athena_schemas::Error;
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::sources::{Done, session};
use super::{Plan, example_id, planned, read};
use crate::operations::records::one_project;
use crate::operations::sessions::steps::shared;
use crate::operations::tasks::Tasks;
use crate::registry::{Call, Effect, Example, Operation};

/// Where a session left a plan: steps done, left out, and done besides, in order. Of the session that is given, else of
/// the last that worked on the plan's task.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// Id of the plan.
    plan: String,
}

/// A plan beside a session.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Deviated {
    session: Option<String>,
    /// Steps of the plan, and what was done besides, in order.
    items: Vec<Place>,
    /// The first that is not as planned.
    left_at: Option<usize>,
    /// Share of the plan's steps that were done; null without a session or steps.
    followed: Option<f64>,
    reason: Option<String>,
    project: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
struct Place {
    /// `done`, `left_out`, `to_come` or `besides`.
    what: &'static str,
    /// The step of the plan.
    step: Option<usize>,
    action: String,
    /// The event that did it.
    event: Option<String>,
}

impl Operation for Deviation {
    const TOOL: &'static str = "planning";
    const NAME: &'static str = "deviation";
    const EFFECT: Effect = Effect::Read;
    type Result = Deviated;

    async fn call(self, call: &Call) -> Result<Deviated, Error> {
        let (project, scope) = one_project(call).await?;
        let (_, plan) = read(call, &scope, &project, &self.plan).await?;
        let Some(of) = session_of(call, &scope, &plan).await? else {
            let reason = "no session is given, and none worked on the plan's task";
            return Ok(Deviated {
                session: None,
                items: Vec::new(),
                left_at: None,
                followed: None,
                reason: Some(reason.into()),
                project,
            });
        };
        let done = session(call, &project, &of).await?;
        let items = beside(&plan, &done);
        let met = items.iter().filter(|place| place.what == "done").count();
        let followed = (!plan.steps.is_empty()).then(|| met as f64 / plan.steps.len() as f64);
        Ok(Deviated {
            session: Some(of),
            left_at: items.iter().position(|place| matches!(place.what, "left_out" | "besides")),
            reason: followed.is_none().then(|| "the plan has no steps".into()),
            followed,
            items,
            project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: planned(), arguments: json!({"plan": example_id(), "session": "plan-1"}) }]
    }
}

/// The session that a call is about, else the last that worked on the plan's task.
pub async fn session_of(call: &Call, scope: &Scope, plan: &Plan) -> Result<Option<String>, Error> {
    if let Some(session) = &call.shared.session {
        return Ok(Some(session.clone()));
    }
    let Some(task) = &plan.task else { return Ok(None) };
    let tasks = Tasks::read(&call.app, scope).await?;
    Ok(tasks.get(task).and_then(|view| view.task.runs.last()?.session.clone()))
}

/// The steps of a plan that were done: each with the place in what was done.
pub fn met(plan: &Plan, done: &[Done]) -> Vec<(usize, usize)> {
    let planned: Vec<&str> = plan.steps.iter().map(|step| step.action.as_str()).collect();
    let did: Vec<&str> = done.iter().map(|done| done.action.as_str()).collect();
    shared(&planned, &did)
}

fn beside(plan: &Plan, done: &[Done]) -> Vec<Place> {
    let met = met(plan, done);
    let last_met = met.last().map(|(step, _)| *step);
    let (mut places, mut next_done) = (Vec::new(), 0);
    let besides = |done: &Done| Place {
        what: "besides",
        step: None,
        action: done.action.clone(),
        event: Some(done.event.clone()),
    };
    for (at, step) in plan.steps.iter().enumerate() {
        let event = met.iter().find(|(own, _)| *own == at).map(|(_, its)| *its);
        if let Some(its) = event {
            places.extend(done[next_done..its].iter().map(besides));
            next_done = its + 1;
        }
        let what = match (event, last_met) {
            (Some(_), _) => "done",
            (None, Some(last)) if at < last => "left_out",
            _ => "to_come",
        };
        let event = event.map(|its| done[its].event.clone());
        places.push(Place { what, step: Some(step.id), action: step.action.clone(), event });
    }
    // What was done after the last step that was met stands before what is to come.
    let rest: Vec<Place> = done[next_done..].iter().map(besides).collect();
    let to_come = places.iter().position(|place| place.what == "to_come").unwrap_or(places.len());
    places.splice(to_come..to_come, rest);
    places
}

#[cfg(test)]
mod tests {
    use super::super::Step;
    use super::*;

    #[test]
    fn what_was_left_out_and_done_besides_stands_in_its_place() {
        let steps = ["look", "edit", "test", "commit"].iter().enumerate();
        let steps =
            steps.map(|(at, action)| Step { id: at + 1, action: (*action).into(), ..Step::default() });
        let plan = Plan { steps: steps.collect(), ..Plan::default() };
        let done = |actions: &[&str]| -> Vec<Done> {
            actions.iter().map(|action| Done { action: (*action).into(), ..Done::default() }).collect()
        };
        let whats = |actions: &[&str]| -> Vec<&str> {
            beside(&plan, &done(actions)).iter().map(|place| place.what).collect()
        };
        assert_eq!(whats(&["look", "test"]), ["done", "left_out", "done", "to_come"]);
        assert_eq!(
            whats(&["look", "ask", "edit", "sleep"]),
            ["done", "besides", "done", "besides", "to_come", "to_come"]
        );
        assert_eq!(whats(&[]), ["to_come"; 4]);
    }
}
