//! What is told of associations.

use athena_ingest::associations::MOST as MOST_PRUNED;
use athena_schemas::{Error, Position};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Associations;
use crate::operations::records::{Written, answered};
use crate::registry::{Call, Effect, Example, Operation, Step};

/// The share of what is left to the bound, when nothing is said.
const BY: f64 = 0.3;

/// Ties two items more strongly: by a share of what is left to 1 (Hebb's rule, bounded).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Strengthen {
    /// Id of an item: a memory, an event, a note, an entity.
    a: String,
    /// Id of another.
    b: String,
    /// Above 0 and at most 1; 0.3 when not said.
    #[serde(default)]
    by: Option<f64>,
}

impl Operation for Strengthen {
    const TOOL: &'static str = "associations";
    const NAME: &'static str = "strengthen";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        answered(call.command(&json!({"a": self.a, "b": self.b, "by": self.by.unwrap_or(BY)})).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: json!({"a": "m-cart", "b": "m-money", "by": 0.5}) }]
    }
}

/// Ties two items less strongly: the other way round.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weaken {
    /// Id of an item.
    a: String,
    /// Id of another.
    b: String,
    /// The share of what is there, above 0 and at most 1; 0.3 when not said.
    #[serde(default)]
    by: Option<f64>,
}

impl Operation for Weaken {
    const TOOL: &'static str = "associations";
    const NAME: &'static str = "weaken";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        answered(call.command(&json!({"a": self.a, "b": self.b, "by": self.by.unwrap_or(BY)})).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example {
            setup: vec![strengthened("m-cart", "m-tax")],
            arguments: json!({"a": "m-cart", "b": "m-tax"}),
        }]
    }
}

/// Takes weak associations away, at most a thousand a call; they come back when their items are used together again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prune {
    /// What is weaker than this goes; above 0 and at most 1.
    below: f64,
}

/// How many were taken away.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Pruned {
    id: String,
    pruned: usize,
    version: i64,
    project: String,
    position: Position,
}

impl Operation for Prune {
    const TOOL: &'static str = "associations";
    const NAME: &'static str = "prune";
    const EFFECT: Effect = Effect::Remove;
    type Result = Pruned;

    async fn call(self, call: &Call) -> Result<Pruned, Error> {
        let associations = Associations::read(call).await?;
        let weak = associations.weakest().await?.into_iter().rev().filter(|pair| pair.strength < self.below);
        let pairs: Vec<(String, String)> = weak.take(MOST_PRUNED).map(|pair| (pair.a, pair.b)).collect();
        answered(call.command(&json!({"below": self.below, "pairs": pairs})).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![strengthened("m-weak", "m-weaker")], arguments: json!({"below": 0.01}) }]
    }
}

/// The example that reads are about.
pub fn strengthened(a: &str, b: &str) -> Step {
    let arguments = json!({"a": a, "b": b, "by": 0.5, "event_id": format!("example-association-{a}-{b}")});
    Step { tool: "associations", operation: "strengthen", arguments }
}
