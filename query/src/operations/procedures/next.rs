//! What comes next in a session, or after some steps.

use athena_learn::next_step::Next;
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::learned;
use crate::operations::paging;
use crate::registry::{Call, Effect, Example, Operation};

/// Steps told when nothing is said.
const TOLD: usize = 5;

/// Gives the likely ones, with how such steps ended, and values for them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NextStep {
    /// Done so far, such as `Bash: git push`; else the `session` counts.
    #[serde(default)]
    steps: Option<Vec<String>>,
    /// At most so many; 5 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

/// Likely next steps, the likeliest first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Nexts {
    items: Vec<Next>,
    /// Given steps that nobody ever did here: they were passed over.
    unknown: Vec<String>,
    /// Why nothing can be told.
    reason: Option<&'static str>,
    degraded: Vec<String>,
    project: String,
}

impl Operation for NextStep {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "next_step";
    const EFFECT: Effect = Effect::Read;
    type Result = Nexts;

    async fn call(self, call: &Call) -> Result<Nexts, Error> {
        let limit = paging::limit(Some(self.limit.unwrap_or(TOLD)))?;
        let project = call.project()?;
        let session = call.shared.session.clone().filter(|_| self.steps.is_none());
        if self.steps.is_none() && session.is_none() {
            return Err(
                Error::invalid("steps", "`steps` is missing").hint("give `steps`, or name a `session`")
            );
        }
        let (so_far, degraded) = match &session {
            // One of which nothing was told yet is at its beginning.
            Some(id) => {
                let after = call.shared.after.as_ref();
                let (so_far, degraded) = learned::session(&call.app, &project, id, after).await?;
                (Some(so_far), degraded)
            }
            None => {
                call.scope().await?;
                (None, vec![])
            }
        };
        let Some(model) = learned::model(&call.app, &project).await? else {
            let reason = Some("consolidation has learned from no session of this project yet");
            return Ok(Nexts { items: vec![], unknown: vec![], reason, degraded, project });
        };
        let steps = self.steps.unwrap_or_default();
        let told = tokio::task::spawn_blocking(move || match so_far {
            Some(so_far) => (model.next(&so_far, limit), vec![]),
            None => model.next_after(&steps, limit),
        });
        let (items, unknown) = told.await.map_err(|error| Error::internal(format!("next step: {error}")))?;
        let strange = items.is_empty() && !unknown.is_empty();
        let reason = strange.then_some("none of these steps was ever done here");
        Ok(Nexts { items, unknown, reason, degraded, project })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"steps": ["Bash: cargo test -p cart", "Bash: git commit -m fix"]});
        vec![Example { setup: vec![], arguments }]
    }
}
