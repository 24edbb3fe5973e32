//! Hooks that call each other in a ring.

use athena_ingest::hooks::{Action, Hook, KIND, Moment};
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::operations::records::{of_kind, one_project};
use crate::registry::{Call, Effect, Example, Operation, Step};

/// Hooks that lead to each other: one calls the operation of a moment at which the next one is called. Such a ring ends
/// by itself, as no hook is called by what it caused; it is a mistake all the same. What an address does with what it
/// is posted is not known here.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cycles {}

/// Rings.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rings {
    items: Vec<Ring>,
    project: String,
}

/// Hooks each of which leads to all others of them.
#[derive(Debug, Serialize, JsonSchema)]
struct Ring {
    hooks: Vec<Link>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Link {
    id: String,
    moment: Moment,
    /// The operation by which it leads on.
    call: String,
    /// When it was registered or changed last.
    time: Time,
}

impl Operation for Cycles {
    const TOOL: &'static str = "hooks";
    const NAME: &'static str = "cycles";
    const EFFECT: Effect = Effect::Read;
    type Result = Rings;

    async fn call(self, call: &Call) -> Result<Rings, Error> {
        let (project, scope) = one_project(call).await?;
        let mut links = Vec::new();
        for found in of_kind(&call.app, &scope, KIND).await? {
            let hook: Hook = found.body()?;
            let Action::Call { call, .. } = hook.then else { continue };
            links.push(Link { id: found.id, moment: hook.moment, call, time: found.recorded_at });
        }
        let steps: Vec<(Moment, Option<Moment>)> =
            links.iter().map(|link| (link.moment, leads_to(&link.call))).collect();
        let mut links: Vec<Option<Link>> = links.into_iter().map(Some).collect();
        let ring =
            |ring: Vec<usize>| Ring { hooks: ring.iter().filter_map(|at| links[*at].take()).collect() };
        Ok(Rings { items: rings(&steps).into_iter().map(ring).collect(), project })
    }

    fn examples() -> Vec<Example> {
        let hook = |moment: &str, call: &str, arguments, event_id: &str| {
            let rule =
                json!({"when": {"session": "example-ring"}, "then": {"call": call, "arguments": arguments}});
            let arguments = json!({"moment": moment, "rule": rule, "event_id": event_id});
            Step { tool: "hooks", operation: "register", arguments }
        };
        let start = json!({"session": "$session"});
        let setup = vec![
            hook("session_end", "hooks.session_start", start.clone(), "example-ring-1"),
            hook("session_start", "hooks.session_end", start, "example-ring-2"),
        ];
        vec![Example { setup, arguments: json!({}) }]
    }
}

/// The moment that an operation is the one of.
fn leads_to(operation: &str) -> Option<Moment> {
    operation.strip_prefix("hooks.").and_then(Moment::parse)
}

/// The rings among hooks, each of which is called at a moment and leads to another.
fn rings(steps: &[(Moment, Option<Moment>)]) -> Vec<Vec<usize>> {
    let count = steps.len();
    let mut reaches = vec![vec![false; count]; count];
    for (at, (_, to)) in steps.iter().enumerate() {
        for (next, (moment, _)) in steps.iter().enumerate() {
            reaches[at][next] = *to == Some(*moment);
        }
    }
    for through in 0..count {
        let beyond = reaches[through].clone();
        for reached in reaches.iter_mut().filter(|reached| reached[through]) {
            reached.iter_mut().zip(&beyond).for_each(|(reached, beyond)| *reached |= beyond);
        }
    }
    let mut rings: Vec<Vec<usize>> = Vec::new();
    for at in (0..count).filter(|at| reaches[*at][*at]) {
        let same = |ring: &&mut Vec<usize>| reaches[at][ring[0]] && reaches[ring[0]][at];
        match rings.iter_mut().find(same) {
            Some(ring) => ring.push(at),
            None => rings.push(vec![at]),
        }
    }
    rings
}

#[cfg(test)]
mod tests {
    use super::*;
    use athena_ingest::hooks::Moment::{PostTool, PreTool, SessionEnd, SessionStart, UserPrompt};

    #[test]
    fn rings_are_found_and_chains_are_none() {
        let chain = [(SessionStart, Some(UserPrompt)), (UserPrompt, Some(PreTool)), (PreTool, None)];
        assert!(rings(&chain).is_empty());
        let ring = [(PreTool, Some(PostTool)), (SessionEnd, None), (PostTool, Some(PreTool))];
        assert_eq!(rings(&ring), [vec![0, 2]]);
        let itself = [(PostTool, Some(PostTool))];
        assert_eq!(rings(&itself), [vec![0]]);
        let two = [
            (PreTool, Some(PostTool)),
            (SessionStart, Some(SessionEnd)),
            (PostTool, Some(PreTool)),
            (SessionEnd, Some(SessionStart)),
            (UserPrompt, Some(PreTool)),
        ];
        assert_eq!(rings(&two), [vec![0, 2], vec![1, 3]]);
        assert_eq!(leads_to("hooks.pre_tool"), Some(PreTool));
        assert_eq!(leads_to("memories.remember"), None);
    }
}
