//! What people say of places.

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::operations::memories::{example_id, set_up};
use crate::operations::records::{Written, answered};
use crate::registry::{Call, Effect, Example, Operation};

/// Ties a memory, task or note to a place: it is told with what happened there.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// A file or folder.
    path: String,
    /// The id of what is tied to it.
    id: String,
}

impl Operation for Link {
    const TOOL: &'static str = "spatial";
    const NAME: &'static str = "link";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example {
            setup: vec![set_up()],
            arguments: json!({"path": "deploy/run.sh", "id": example_id()}),
        }]
    }
}

/// Says that a file or folder has another name now, so that its history follows it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// What it was called.
    from: String,
    /// What it is called now.
    to: String,
}

impl Operation for Move {
    const TOOL: &'static str = "spatial";
    const NAME: &'static str = "move";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: json!({"from": "old/parser.rs", "to": "new/parser.rs"}) }]
    }
}
