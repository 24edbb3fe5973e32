//! Whether an answer was useful.

use athena_schemas::{Error, Position};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::operations::items;
use crate::operations::memories;
use crate::operations::rows::absent;
use crate::registry::{Call, Effect, Example, Operation};

/// Says whether an item was useful for a question. It moves the item's importance, and what `calibrate` tells; of one
/// question and item the last word counts.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// The question, as it was asked.
    pub query: String,
    /// Id of what came back.
    pub id: String,
    /// Whether it was useful.
    pub useful: bool,
}

/// What was noted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Noted {
    /// Id of the judgement.
    id: String,
    /// Grows with each judgement of the same.
    version: i64,
    project: String,
    /// What to pass as `after` to another server to read it.
    position: Position,
}

impl Operation for Feedback {
    const TOOL: &'static str = "retrieve";
    const NAME: &'static str = "feedback";
    const EFFECT: Effect = Effect::Write;
    type Result = Noted;

    async fn call(self, call: &Call) -> Result<Noted, Error> {
        let project = call.project()?;
        let scope = Scope::Projects(vec![project.clone()]);
        call.app.wait_until_seen(&scope, call.shared.after.as_ref()).await;
        if items::positions(&call.app, &scope, std::slice::from_ref(&self.id)).await?.is_empty() {
            return Err(absent("item", "id", &self.id, &[project]));
        }
        let answer = call.command(&self).await?;
        let missing = |name: &str| Error::internal(format!("a command answered without {name}"));
        let position = answer.get("position").cloned().and_then(|value| serde_json::from_value(value).ok());
        Ok(Noted {
            id: answer.get("id").and_then(Value::as_str).ok_or_else(|| missing("id"))?.to_owned(),
            version: answer.get("version").and_then(Value::as_i64).ok_or_else(|| missing("version"))?,
            position: position.ok_or_else(|| missing("position"))?,
            project,
        })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"query": "when do we deploy?", "id": memories::example_id(), "useful": true});
        vec![Example { setup: vec![memories::set_up()], arguments }]
    }
}
