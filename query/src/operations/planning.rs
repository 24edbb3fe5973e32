//! Tool `planning`: plans from what worked.

mod alternatives;
mod change;
mod check;
mod follow;
mod make;
mod numbers;
mod read;
mod sources;
mod strategies;
mod verify;

use std::collections::HashSet;

use athena_ingest::planning::{PLAN, Plan, Source, Step};
use athena_schemas::{Error, Position};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::records::{Found, by_id};
use super::rows::absent;
use super::tasks::Tasks;
use crate::registry::{Call, Registry, Step as Setup};

pub use numbers::numbers;

pub fn register(registry: &mut Registry) {
    registry.add::<make::Create>();
    registry.add::<read::Get>();
    registry.add::<read::List>();
    registry.add::<make::Decompose>();
    registry.add::<check::Validate>();
    registry.add::<verify::Verify>();
    registry.add::<alternatives::Alternatives>();
    registry.add::<numbers::Simulate>();
    registry.add::<numbers::CriticalPath>();
    registry.add::<change::Optimize>();
    registry.add::<follow::Deviation>();
    registry.add::<change::Replan>();
    registry.add::<strategies::Strategies>();
}

/// A plan as it is now.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct View {
    id: String,
    version: i64,
    #[serde(flatten)]
    plan: Plan,
}

/// A plan as a write left it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Changed {
    id: String,
    version: i64,
    plan: Plan,
    project: String,
    position: Position,
}

/// The plan of an id.
///
/// # Errors
/// `not_found`.
pub async fn read(call: &Call, scope: &Scope, project: &str, id: &str) -> Result<(Found, Plan), Error> {
    let found = by_id(&call.app, scope, &[id.to_owned()]).await?.pop();
    let found = found.filter(|found| found.id.starts_with(PLAN));
    let found = found.ok_or_else(|| absent("plan", "plan", id, &[project.to_owned()]))?;
    let plan = found.body()?;
    Ok((found, plan))
}

/// The sessions that a plan comes from.
///
/// # Errors
/// Storage.
pub async fn sessions_of(call: &Call, scope: &Scope, plan: &Plan) -> Result<HashSet<String>, Error> {
    let tasks = Tasks::read(&call.app, scope).await?;
    let of = |source: &Source| match source.kind.as_str() {
        "task" => tasks.get(&source.id).and_then(|view| view.task.runs.last()?.session.clone()),
        "session" => Some(source.id.clone()),
        _ => None,
    };
    Ok(plan.sources.iter().filter_map(of).collect())
}

/// Two sessions that did the same work well, and a plan made of them: what the examples are about.
fn set_up() -> Vec<Setup> {
    let event = |session: &str,
                 number: usize,
                 event_type: &str,
                 tool: Option<&str>,
                 content: &str,
                 outcome: Option<&str>| Setup {
        tool: "events",
        operation: "record",
        arguments: json!({"session": session, "type": event_type, "tool": tool, "content": content, "outcome": outcome,
                          "agent": if event_type == "message" { "user" } else { "assistant" },
                          "files": if tool == Some("Edit") { vec!["cart/src/total.rs"] } else { vec![] },
                          "event_id": format!("example-{session}-{number}")}),
    };
    let mut steps = Vec::new();
    for session in ["plan-1", "plan-2"] {
        steps.push(event(session, 0, "message", None, "Round the total of the cart to whole cents", None));
        steps.push(event(session, 1, "tool_call", Some("Bash"), "grep -rn total cart/src", Some("success")));
        steps.push(event(session, 2, "tool_call", Some("Edit"), "total.rs: round", Some("success")));
        steps.push(event(session, 3, "tool_call", Some("Bash"), "cargo test -p cart", Some("success")));
    }
    steps
}

pub fn planned() -> Vec<Setup> {
    let mut steps = set_up();
    let arguments = json!({"text": "Round the total of the invoice", "event_id": "example-plan"});
    steps.push(Setup { tool: "planning", operation: "create", arguments });
    steps
}

pub fn example_id() -> String {
    athena_ingest::records::id_of(PLAN, "example-plan")
}
