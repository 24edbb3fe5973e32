//! The beginning and the end of a session, as whoever runs it tells them.

use athena_schemas::vocabulary::Outcome;
use athena_schemas::wire::Mode;
use athena_schemas::{Error, Position};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::summary::{Summary, summary};
use crate::operations::events::{self, recorded};
use crate::operations::rows::absent;
use crate::registry::{Call, Effect, Example, Operation, Registry, Step};
use crate::search::missing;
use crate::text::Filter;

pub fn register(registry: &mut Registry) {
    registry.add::<Start>();
    registry.add::<End>();
}

/// Begins a session: what is recorded with its name from now on belongs together.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Start {
    /// What it is to achieve.
    #[serde(default)]
    goal: Option<String>,
    /// The directory that it works in.
    #[serde(default)]
    cwd: Option<String>,
    /// The branch that it works on.
    #[serde(default)]
    branch: Option<String>,
}

/// A session that began.
#[derive(Debug, Serialize, JsonSchema)]
struct Started {
    /// The session: what to pass as `session`.
    id: String,
    session: String,
    /// The event of its beginning.
    event: String,
    project: String,
    position: Position,
}

impl Operation for Start {
    const TOOL: &'static str = "sessions";
    const NAME: &'static str = "start";
    const EFFECT: Effect = Effect::Write;
    type Result = Started;

    async fn call(self, call: &Call) -> Result<Started, Error> {
        let named = call.shared.session.clone();
        let by_key = || call.shared.event_id.as_ref().map(|key| format!("s-{key}"));
        let session = named.or_else(by_key).unwrap_or_else(|| format!("s-{:016x}", rand::random::<u64>()));
        let mut attributes = Map::new();
        for (name, value) in [("cwd", self.cwd), ("branch", self.branch)] {
            attributes.extend(value.map(|value| (name.to_owned(), json!(value))));
        }
        let content = self.goal.unwrap_or_else(|| "session started".into());
        let event = json!({"type": "session_start", "session": session, "content": content,
                           "attributes": attributes});
        let made = events::add(call, event).await?;
        let (event, project, position) = (made.id, made.project, made.position);
        Ok(Started { id: session.clone(), session, event, project, position })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"goal": "mend the flaky checkout test", "branch": "main", "agent": "claude"});
        vec![Example { setup: vec![], arguments }]
    }
}

/// Ends a session, and tells what it came to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct End {
    /// The session.
    session: String,
    /// How it went.
    #[serde(default)]
    outcome: Option<Outcome>,
    /// What is to be done otherwise the next time.
    #[serde(default)]
    lesson: Option<String>,
}

/// A session that ended.
#[derive(Debug, Serialize, JsonSchema)]
struct Ended {
    /// The session.
    id: String,
    /// The event of its end.
    event: String,
    summary: Summary,
    degraded: Vec<String>,
    project: String,
    position: Position,
}

impl Operation for End {
    const TOOL: &'static str = "sessions";
    const NAME: &'static str = "end";
    const EFFECT: Effect = Effect::Write;
    type Result = Ended;

    async fn call(self, call: &Call) -> Result<Ended, Error> {
        let project = call.project()?;
        let scope = Scope::Projects(vec![project.clone()]);
        missing(&call.app, &scope, call.shared.after.as_ref(), Mode::Text).await;
        let filter = Filter { session: Some(self.session.clone()), ..Filter::within(scope.clone()) };
        if call.app.text.list(filter, 1, None).await?.is_empty() {
            return Err(absent("session", "session", &self.session, &[project]));
        }
        let content = self.lesson.clone().unwrap_or_else(|| "session ended".into());
        let mut event = json!({"type": "session_end", "session": self.session, "content": content,
                               "attributes": {"lesson": self.lesson}});
        if let Some(outcome) = self.outcome {
            event["outcome"] = json!(outcome);
        }
        let made = events::add(call, event).await?;
        let degraded = missing(&call.app, &scope, Some(&made.position), Mode::Text).await;
        let summary = summary(&call.app, project.clone(), self.session.clone()).await?;
        let (event, position) = (made.id, made.position);
        Ok(Ended { id: self.session, event, summary, degraded, project, position })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"session": "example-session", "outcome": "failure",
                               "lesson": "run the test ten times before believing it"});
        vec![Example { setup: vec![recorded()], arguments }]
    }
}

/// A second session that went much like the one of the examples.
pub fn another() -> Step {
    let arguments: Value = json!({"content": "cargo test: 40 passed, 2 failed: cart::total", "type": "tool_result",
                                  "tool": "cargo", "outcome": "failure", "session": "example-session-2",
                                  "event_id": "example-test-run-2"});
    Step { tool: "events", operation: "record", arguments }
}
