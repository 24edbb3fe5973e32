//! Before and after a tool is used.

use athena_ingest::adapters::claude_code::{bounded, exit_code, files, readable, without_injected};
use athena_ingest::adapters::withheld;
use athena_ingest::hooks::Moment;
use athena_ingest::safety::{self, Action};
use athena_schemas::audit::VERDICT;
use athena_schemas::vocabulary::Outcome;
use athena_schemas::{Error, Position, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::fire;
use crate::inject;
use crate::moments::{self, Warning};
use crate::operations::events::{add_all, own_id};
use crate::registry::{Call, Effect, Example, Operation, Step};
use crate::safety::{Acting, Said, judge, text_of};

/// The part of an event that one text may fill, and the levels of an input that stay apart.
const TEXT_SHARE: usize = 8;
const LEVELS: usize = 16;

/// An agent is about to use a tool. Asks the policies whether it may, records both, and warns where the very same failed
/// the last time in this project and did not succeed since.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreTool {
    /// The session in which it is used.
    session: String,
    /// The tool.
    tool: String,
    /// What it is given: a text, or an object such as `{"command": "make"}`.
    input: Value,
}

/// Whether to go on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Verdict {
    /// Id of the event that was recorded; `post_tool` takes it as `call`.
    id: String,
    /// What the policies say (`safety.policy`).
    verdict: safety::Verdict,
    /// The policy that says so.
    rule: Option<Said>,
    /// Why, where it is not simply allowed.
    reason: Option<String>,
    /// What went wrong before.
    warnings: Vec<Warning>,
    /// The warnings as a text for the agent's context; null when there are none.
    context: Option<String>,
    project: String,
    position: Position,
}

/// What a use of a tool is recorded as.
fn used(call: &Call, session: &str, tool: &str, input: &Value) -> Value {
    let most = call.app.options.limits.event_bytes / TEXT_SHARE;
    let (mut room, levels) = (most, LEVELS.min(call.app.options.limits.depth.saturating_sub(3)));
    json!({"type": "tool_call", "session": session, "tool": tool, "content": cut(&text_of(input), most),
           "files": files(input), "attributes": {"input": bounded(input, &mut room, levels)}})
}

fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

impl Operation for PreTool {
    const TOOL: &'static str = "hooks";
    const NAME: &'static str = "pre_tool";
    const EFFECT: Effect = Effect::Write;
    type Result = Verdict;

    async fn call(self, call: &Call) -> Result<Verdict, Error> {
        let project = call.project()?;
        let given = withheld::arguments(&self.tool, &self.input);
        let input = text_of(&given);
        let action = Action { tool: self.tool.clone(), input: self.input.clone() };
        let acting = Acting { agent: call.shared.agent.as_deref(), session: Some(&self.session) };
        let (judged, warnings) = tokio::try_join!(
            judge(&call.app, &project, &action, acting, Time::now()),
            moments::warnings(&call.app, &project, &self.tool, &input),
        )?;
        let mut event = used(call, &self.session, &self.tool, &given);
        event["id"] = json!(own_id(call));
        if let Some(verdict) = judged.recorded() {
            event["attributes"][VERDICT] = verdict;
        }
        let added = add_all(call, vec![event]).await?;
        let facts = json!({"tool": self.tool, "input": input});
        fire(call, Moment::PreTool, &added, &self.session, facts);
        Ok(Verdict {
            id: added.id,
            verdict: judged.verdict,
            rule: judged.rule,
            reason: judged.reason,
            context: inject::of_warnings(&warnings),
            warnings,
            project,
            position: added.position,
        })
    }

    fn examples() -> Vec<Example> {
        let arguments =
            json!({"session": "example-session", "tool": "Bash", "input": {"command": "make release"}});
        vec![Example { setup: vec![failed()], arguments }]
    }
}

/// An agent has used a tool. Records what it was given, what it gave, and how it went.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostTool {
    /// The session in which it was used.
    session: String,
    /// The tool.
    tool: String,
    /// What it was given.
    input: Value,
    /// What it gave: a text, or the tool's own object.
    output: Value,
    /// How it went.
    outcome: Outcome,
    /// The id that `pre_tool` gave for it; without it the use itself is recorded too.
    #[serde(default)]
    call: Option<String>,
    /// How long it took, in milliseconds.
    #[serde(default)]
    duration_ms: Option<i64>,
}

/// What was recorded.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Done {
    /// Id of the result.
    id: String,
    /// Id of the use.
    call: String,
    /// Whether it was there already, by its `event_id`.
    duplicate: bool,
    project: String,
    position: Position,
}

impl Operation for PostTool {
    const TOOL: &'static str = "hooks";
    const NAME: &'static str = "post_tool";
    const EFFECT: Effect = Effect::Write;
    type Result = Done;

    async fn call(self, call: &Call) -> Result<Done, Error> {
        let id = own_id(call);
        let output = readable(&self.output);
        let output = without_injected(&output);
        let output = withheld::result(Some(&self.tool), &output);
        let given = withheld::arguments(&self.tool, &self.input);
        let shown = cut(output.trim_end(), call.app.options.limits.event_bytes / TEXT_SHARE);
        let used_as = self.call.clone().unwrap_or_else(|| format!("{id}/call"));
        let mut result = json!({"id": id, "type": "tool_result", "session": self.session, "tool": self.tool,
                                "content": shown, "outcome": self.outcome, "files": files(&self.input),
                                "parent": used_as});
        if let Some(code) = exit_code(&output) {
            result["attributes"] = json!({"exit_code": code});
        }
        if let Some(duration_ms) = self.duration_ms {
            result["duration_ms"] = json!(duration_ms);
        }
        let mut events = vec![result];
        if self.call.is_none() {
            let mut event = used(call, &self.session, &self.tool, &given);
            event["id"] = json!(used_as);
            events.insert(0, event);
        }
        let added = add_all(call, events).await?;
        let facts = json!({"tool": self.tool, "input": text_of(&given), "output": shown,
                           "outcome": self.outcome});
        fire(call, Moment::PostTool, &added, &self.session, facts);
        let (duplicate, project, position) = (added.duplicate, added.project, added.position);
        Ok(Done { id, call: used_as, duplicate, project, position })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: failed().arguments }]
    }
}

/// A use of a tool that failed.
fn failed() -> Step {
    let arguments = json!({"session": "example-session", "tool": "Bash", "input": {"command": "make release"},
                           "output": "make: *** No rule to make target 'release'.  Stop.", "outcome": "failure",
                           "event_id": "example-make"});
    Step { tool: "hooks", operation: "post_tool", arguments }
}
