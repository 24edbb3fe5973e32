//! Memories that are brought back, made one, and tied to each other.

use athena_schemas::vocabulary::COMMAND_SOURCE;
use athena_schemas::{Error, Position, ids};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Written, example_id, marked, set_up, written};
use crate::registry::{Call, Effect, Example, Operation, Step};
use crate::sealing;

/// Brings back a memory that was forgotten, while the time of grace lasts. One's own only, unless the caller is an
/// admin.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Restore {
    /// The memory's id.
    id: String,
}

impl Operation for Restore {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "restore";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        written(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let told = json!({"content": "The kiosk reboots at four", "event_id": "example-restored"});
        let id = ids::short("m-", &[COMMAND_SOURCE, "example-restored"]);
        let told = Step { tool: "memories", operation: "remember", arguments: told };
        let forgotten = Step { tool: "memories", operation: "forget", arguments: json!({ "id": id }) };
        vec![Example { setup: vec![told, forgotten], arguments: json!({ "id": id }) }]
    }
}

/// Makes an older version of a memory the newest again, all of it. `history` lists the versions.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rollback {
    /// The memory's id.
    id: String,
    /// The version to go back to; the one before the newest when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
}

impl Operation for Rollback {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "rollback";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        written(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let told = json!({"content": "The printer is on floor 2", "event_id": "example-rollback"});
        let id = ids::short("m-", &[COMMAND_SOURCE, "example-rollback"]);
        let told = Step { tool: "memories", operation: "remember", arguments: told };
        let changed = json!({"id": id, "content": "The printer is on floor 3"});
        let changed = Step { tool: "memories", operation: "update", arguments: changed };
        vec![Example { setup: vec![told, changed], arguments: json!({ "id": id }) }]
    }
}

/// Makes one memory of several: the newest, with the sources, labels and names of all. The others are superseded by it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// From 2 to 100 memories.
    ids: Vec<String>,
    /// The text of the one; that of the newest when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
}

/// The one that is left.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Merged {
    id: String,
    version: i64,
    /// Those that it took the place of.
    merged: Vec<String>,
    project: String,
    position: Position,
}

impl Operation for Merge {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "merge";
    const EFFECT: Effect = Effect::Write;
    type Result = Merged;

    async fn call(mut self, call: &Call) -> Result<Merged, Error> {
        if let Some(content) = &self.content {
            let sensitive = marked::any(call, &self.ids).await?;
            self.content = Some(sealing::told(call, sensitive, content).await?);
        }
        let mut answer = call.command(&self).await?;
        let merged =
            answer.remove("merged").and_then(|ids| serde_json::from_value(ids).ok()).unwrap_or_default();
        let Written { id, version, project, position } = written(answer)?;
        Ok(Merged { id, version, merged, project, position })
    }

    fn examples() -> Vec<Example> {
        let told = ["example-merge-1", "example-merge-2"];
        let contents = ["Invoices go out on the 1st", "We send invoices on the first of the month"];
        let steps = told.into_iter().zip(contents).map(|(key, content)| {
            let arguments = json!({"content": content, "source": key, "event_id": key});
            Step { tool: "memories", operation: "remember", arguments }
        });
        let ids = told.map(|key| ids::short("m-", &[COMMAND_SOURCE, key]));
        // Once is enough: what was merged is not merged again.
        let arguments = json!({"ids": ids, "event_id": "example-merge"});
        vec![Example { setup: steps.collect(), arguments }]
    }
}

/// Ties one memory to another: `from` stands in this relation to `to`. `get` tells the links of a memory.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The memory that the link begins at.
    from: String,
    /// The memory that it leads to.
    to: String,
    /// How the first stands to the second, such as `explains` or `follows from`; at most 100 characters.
    relation: String,
}

impl Operation for Link {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "link";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        written(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let why = json!({"content": "The backup is done by Tuesday noon", "event_id": "example-why"});
        let why = Step { tool: "memories", operation: "remember", arguments: why };
        let from = ids::short("m-", &[COMMAND_SOURCE, "example-why"]);
        let arguments: Value = json!({"from": from, "to": example_id(), "relation": "explains"});
        vec![Example { setup: vec![set_up(), why], arguments }]
    }
}
