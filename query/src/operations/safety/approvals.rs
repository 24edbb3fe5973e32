//! Requests to do what a policy wants to be asked about, and their answers.

use athena_ingest::records::id_of;
use athena_ingest::safety::{APPROVAL, Action, Approval, Decided};
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::policies::bounded;
use crate::operations::records::{Written, answered, of_kind, one_project, page};
use crate::registry::{Call, Effect, Example, Operation, Step};
use crate::safety::digest;

/// Requests on a page, when not said, and at most.
const SHOWN: usize = 20;
const MOST_SHOWN: usize = 1_000;

/// Asks for the approval of an action. Once it is approved, `check` allows this very action for a day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// As it was given to `check`.
    action: Action,
    /// What it is needed for.
    why: String,
}

impl Operation for Request {
    const TOOL: &'static str = "safety";
    const NAME: &'static str = "request";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        let digest = digest(&self.action);
        answered(call.command(&json!({"action": self.action, "digest": digest, "why": self.why})).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: asked().arguments }]
    }
}

fn asked() -> Step {
    let action = json!({"tool": "Bash", "input": {"command": "git push --force origin main"}});
    let arguments = json!({"action": action, "why": "a secret was pushed, and must go from the history",
                           "event_id": "example-approval"});
    Step { tool: "safety", operation: "request", arguments }
}

/// Answers a request, once and for good. Whoever asked does not answer, unless an admin.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// The request's id.
    request: String,
    /// `false` refuses it.
    approve: bool,
    /// Why.
    why: String,
}

impl Operation for Decide {
    const TOOL: &'static str = "safety";
    const NAME: &'static str = "decide";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"request": id_of(APPROVAL, "example-approval"), "approve": true,
                               "why": "agreed with everybody who has a copy"});
        vec![Example { setup: vec![asked()], arguments }]
    }
}

/// The requests that nobody has answered, the oldest first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pending {
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Requests.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Asked {
    items: Vec<Line>,
    next_cursor: Option<String>,
    project: String,
}

/// A request.
#[derive(Debug, Serialize, JsonSchema)]
struct Line {
    id: String,
    /// The tool that is to be used.
    tool: String,
    /// What it is to be given.
    input: Value,
    /// What it is needed for.
    why: String,
    /// Null of what is pending.
    decision: Option<Decided>,
    /// Who asked.
    actor: String,
    session: Option<String>,
    agent: Option<String>,
    /// When.
    time: Time,
}

impl Operation for Pending {
    const TOOL: &'static str = "safety";
    const NAME: &'static str = "pending";
    const EFFECT: Effect = Effect::Read;
    type Result = Asked;

    async fn call(self, call: &Call) -> Result<Asked, Error> {
        let (project, scope) = one_project(call).await?;
        let limit = bounded(self.limit, SHOWN, MOST_SHOWN)?;
        let mut open = Vec::new();
        for found in of_kind(&call.app, &scope, APPROVAL).await? {
            let approval: Approval = found.body()?;
            if approval.decision.is_none() {
                open.push(Line {
                    id: found.id,
                    tool: approval.action.tool,
                    input: approval.action.input,
                    why: approval.why,
                    decision: None,
                    actor: found.actor,
                    session: found.session,
                    agent: found.agent,
                    time: found.recorded_at,
                });
            }
        }
        let (items, next_cursor) = page(open, limit, self.cursor.as_deref())?;
        Ok(Asked { items, next_cursor, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![asked()], arguments: json!({}) }]
    }
}
