//! What the policies say of an action.

use athena_ingest::safety::{Action, Verdict};
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::policies::set_up;
use crate::operations::records::one_project;
use crate::registry::{Call, Effect, Example, Operation};
use crate::safety::{Acting, Said, judge};

/// Whether an agent may do something: allowed, ask, or denied, and the policy that says so. Of the policies that hold the
/// one of the highest priority decides, of equal ones the strictest; a request answered for this very action within a
/// day takes the place of `ask`. Nothing is recorded; `hooks.pre_tool` asks the same.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// `{"tool": "Bash", "input": {"command": "make"}}`.
    action: Action,
}

/// What may come of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Checked {
    verdict: Verdict,
    /// The policy that says so; null where none holds.
    rule: Option<Said>,
    /// Why.
    reason: String,
    /// The request whose answer decided.
    approval: Option<String>,
    project: String,
}

impl Operation for Check {
    const TOOL: &'static str = "safety";
    const NAME: &'static str = "check";
    const EFFECT: Effect = Effect::Read;
    type Result = Checked;

    async fn call(self, call: &Call) -> Result<Checked, Error> {
        let (project, _) = one_project(call).await?;
        let acting = Acting { agent: call.shared.agent.as_deref(), session: call.shared.session.as_deref() };
        let judged = judge(&call.app, &project, &self.action, acting, Time::now()).await?;
        let reason = judged.reason.unwrap_or_else(|| "no policy says anything about it".to_owned());
        Ok(Checked { verdict: judged.verdict, rule: judged.rule, reason, approval: judged.approval, project })
    }

    fn examples() -> Vec<Example> {
        let arguments =
            json!({"action": {"tool": "Bash", "input": {"command": "git push --force origin main"}}});
        vec![Example { setup: vec![set_up()], arguments }]
    }
}
