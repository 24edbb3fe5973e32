//! What stands before and after an event.

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Happened, find, stream};
use crate::operations::events::recorded;
use crate::operations::paging;
use crate::registry::{Call, Effect, Example, Operation};

/// Events before another, the nearest first: in its session, and elsewhere in the project.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Before {
    /// The event's id.
    event: String,
    /// How many of each; 20 when not said.
    #[serde(default, alias = "limit", alias = "k")]
    n: Option<usize>,
}

/// Events after another, the nearest first: in its session, and elsewhere in the project.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// The event's id.
    event: String,
    /// How many of each; 20 when not said.
    #[serde(default, alias = "limit", alias = "k")]
    n: Option<usize>,
}

/// Events beside another.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Beside {
    event: Happened,
    /// In its session.
    items: Vec<Happened>,
    /// In other sessions of the project.
    elsewhere: Vec<Happened>,
    projects: Vec<String>,
}

async fn beside(call: &Call, id: &str, n: Option<usize>, forwards: bool) -> Result<Beside, Error> {
    let (projects, scope) = call.scope().await?;
    let n = paging::limit(n)?;
    let events = stream(&call.app, &scope, None).await?;
    let event = find(&events, id, &projects)?.clone();
    let place = |one: &Happened| (one.time, one.position);
    let mut others: Vec<&Happened> = events
        .iter()
        .map(|one| &**one)
        .filter(|one| {
            one.project == event.project && (place(one) > place(&event)) == forwards && one.id != event.id
        })
        .collect();
    others.sort_by_key(|one| place(one));
    if !forwards {
        others.reverse();
    }
    let (own, elsewhere): (Vec<&Happened>, Vec<&Happened>) =
        others.into_iter().partition(|one| one.session == event.session);
    let first = |events: Vec<&Happened>| events.into_iter().take(n).cloned().collect();
    Ok(Beside { items: first(own), elsewhere: first(elsewhere), event, projects })
}

impl Operation for Before {
    const TOOL: &'static str = "temporal";
    const NAME: &'static str = "before";
    const EFFECT: Effect = Effect::Read;
    type Result = Beside;

    async fn call(self, call: &Call) -> Result<Beside, Error> {
        beside(call, &self.event, self.n, false).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"event": "example-test-run", "n": 5}) }]
    }
}

impl Operation for After {
    const TOOL: &'static str = "temporal";
    const NAME: &'static str = "after";
    const EFFECT: Effect = Effect::Read;
    type Result = Beside;

    async fn call(self, call: &Call) -> Result<Beside, Error> {
        beside(call, &self.event, self.n, true).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"event": "example-test-run"}) }]
    }
}
