//! Tool `hooks`: what an agent calls at fixed moments.

use athena_schemas::wire::Hit;
use athena_schemas::{Error, Position};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::events::{add, recorded};
use super::memories;
use crate::inject;
use crate::registry::{Call, Effect, Example, Operation, Registry};

pub fn register(registry: &mut Registry) {
    registry.add::<SessionStart>();
    registry.add::<UserPrompt>();
}

/// A session begins. Gives what to put into its context: what is remembered, and where the project's newest session
/// stopped. Null when there is nothing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SessionStart {
    /// The session that begins.
    session: String,
    /// Where it works.
    #[serde(default)]
    cwd: Option<String>,
}

/// Somebody asks an agent for something. Gives what is remembered and was said in other sessions that bears on it,
/// and nothing else; null when nothing does.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UserPrompt {
    /// The session in which it is asked; what was said in it is known there already.
    session: String,
    /// What was asked.
    prompt: String,
    /// Where it is asked from; memories with other scopes are not seen.
    #[serde(default)]
    scope: Vec<String>,
}

/// What to put into an agent's context.
#[derive(Debug, Serialize, JsonSchema)]
struct Injected {
    /// Id of the event that was recorded.
    id: String,
    /// The text, in a wrapping by which Athena knows it again; null when there is nothing to say.
    context: Option<String>,
    /// What it was made of.
    items: Vec<Hit>,
    project: String,
    position: Position,
}

impl Operation for SessionStart {
    const TOOL: &'static str = "hooks";
    const NAME: &'static str = "session_start";
    const EFFECT: Effect = Effect::Write;
    type Result = Injected;

    async fn call(self, call: &Call) -> Result<Injected, Error> {
        let project = call.project()?;
        let event =
            json!({"type": "session_start", "session": self.session, "attributes": {"cwd": self.cwd}});
        let added = add(call, event).await?;
        let injected = inject::at_start(&call.app, &project, &self.session).await?;
        Ok(Injected {
            id: added.id,
            context: injected.context,
            items: injected.items,
            project,
            position: added.position,
        })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"session": "example-next", "cwd": "/home/ann/shop"});
        vec![Example { setup: vec![recorded(), memories::set_up()], arguments }]
    }
}

impl Operation for UserPrompt {
    const TOOL: &'static str = "hooks";
    const NAME: &'static str = "user_prompt";
    const EFFECT: Effect = Effect::Write;
    type Result = Injected;

    async fn call(self, call: &Call) -> Result<Injected, Error> {
        let project = call.project()?;
        let event =
            json!({"type": "message", "agent": "user", "session": self.session, "content": self.prompt});
        let added = add(call, event).await?;
        let injected =
            inject::for_prompt(&call.app, &project, &self.session, &self.prompt, self.scope).await?;
        Ok(Injected {
            id: added.id,
            context: injected.context,
            items: injected.items,
            project,
            position: added.position,
        })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"session": "example-next", "prompt": "On which day do we deploy?"});
        vec![Example { setup: vec![memories::set_up()], arguments }]
    }
}
