//! Tool `hooks`: what an agent calls at fixed moments.

mod registered;
mod rings;
mod tools;

use athena_ingest::adapters::claude_code::without_injected;
use athena_ingest::hooks::Moment;
use athena_schemas::wire::Hit;
use athena_schemas::{Error, Position};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::events::{Recorded, add, recorded};
use super::memories;
use crate::moments::{self, Summary};
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::{hooks_out, inject};

pub fn register(registry: &mut Registry) {
    registry.add::<SessionStart>();
    registry.add::<UserPrompt>();
    registry.add::<tools::PreTool>();
    registry.add::<tools::PostTool>();
    registry.add::<SessionEnd>();
    registry.add::<registered::Register>();
    registry.add::<registered::List>();
    registry.add::<registered::Remove>();
    registry.add::<rings::Cycles>();
    registry.add::<registered::Limit>();
}

/// Calls what is registered for a moment, once for what was recorded.
fn fire(call: &Call, moment: Moment, recorded: &Recorded, session: &str, facts: Value) {
    if recorded.duplicate {
        return;
    }
    let mut told = Map::from_iter([
        ("session".to_owned(), json!(session)),
        ("agent".to_owned(), json!(call.shared.agent)),
        ("event".to_owned(), json!(recorded.id)),
        ("time".to_owned(), json!(athena_schemas::Time::now())),
    ]);
    if let Value::Object(facts) = facts {
        told.extend(facts.into_iter().map(|(name, value)| (name, hooks_out::short(value))));
    }
    hooks_out::fire(&call.app, moment, &recorded.project, told);
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
    /// Whether what is asked and answered is kept to learn from; true when not said. The prompt is recorded all the
    /// same.
    #[serde(default)]
    record: Option<bool>,
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
        // What others left is told: nothing waits until this is recorded.
        let left = inject::at_start(&call.app, &project, &self.session, self.cwd.as_deref());
        let (injected, added) = tokio::join!(left, add(call, event));
        let added = added?;
        fire(call, Moment::SessionStart, &added, &self.session, json!({"cwd": self.cwd}));
        let injected = injected?;
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
        // What Athena put into a context is no evidence when it comes back.
        let said = without_injected(&self.prompt);
        let event = json!({"type": "message", "agent": "user", "session": self.session, "content": said});
        // What is known bears on a prompt, not the prompt itself: nothing waits until that is found.
        let bears = inject::for_prompt(&call.app, &project, &self.session, &said, self.scope);
        let (injected, added) = tokio::join!(bears, add(call, event));
        let added = added?;
        fire(call, Moment::UserPrompt, &added, &self.session, json!({"prompt": said}));
        let injected = injected?;
        if self.record != Some(false) {
            inject::note(&call.app, &call.caller, (&project, &self.session), &said, &injected.items);
        }
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

/// A session ends. Stores what it was in short, from its own events: what was asked for, the most telling of what was
/// said, what failed and was not mended, files. Later sessions find it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SessionEnd {
    /// The session that ends.
    session: String,
}

/// What was stored.
#[derive(Debug, Serialize, JsonSchema)]
struct Ended {
    /// Id of the event that was recorded.
    id: String,
    summary: Summary,
    /// Id of the consolidation run that was asked for; null where none can be.
    consolidation: Option<String>,
    /// Why it is null.
    reason: Option<String>,
    project: String,
    position: Position,
}

impl Operation for SessionEnd {
    const TOOL: &'static str = "hooks";
    const NAME: &'static str = "session_end";
    const EFFECT: Effect = Effect::Write;
    type Result = Ended;

    async fn call(self, call: &Call) -> Result<Ended, Error> {
        let project = call.project()?;
        let summary = moments::summary(&call.app, &project, &self.session).await?;
        let content = if summary.text.is_empty() { "session end" } else { &summary.text };
        let event = json!({"type": "session_end", "session": self.session, "content": content,
                           "files": summary.files, "attributes": {"summary": summary}});
        let added = add(call, event).await?;
        fire(call, Moment::SessionEnd, &added, &self.session, json!({"output": summary.text}));
        let reason = "runs are not asked for one by one: the schedule takes up what is new (consolidate.every_s, \
                      consolidate.after_events)";
        Ok(Ended {
            id: added.id,
            summary,
            consolidation: None,
            reason: Some(reason.into()),
            project,
            position: added.position,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"session": "example-session"}) }]
    }
}
