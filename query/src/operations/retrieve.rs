//! Tool `retrieve`: answering questions.

mod context;

use athena_schemas::wire::{Hit, Kind, Mode, Search as Question};
use athena_schemas::{Error, Position};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::events::recorded;
use super::filters::Filters;
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::search;

pub fn register(registry: &mut Registry) {
    registry.add::<Search>();
    registry.add::<context::Context>();
}

/// The best hits among everything: events and memories, by words and by meaning, whether they answer or not.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Search {
    /// The question. Quoted phrases and `field:value` are demands; without words, the newest come.
    query: String,
    /// What kinds of things; any when empty.
    #[serde(default)]
    kinds: Vec<Kind>,
    /// What hits must be.
    #[serde(default)]
    filters: Filters,
    /// At most so many; 10 when not said.
    #[serde(default, alias = "limit")]
    k: Option<usize>,
    /// By what: `hybrid` when not said.
    #[serde(default)]
    mode: Mode,
    /// Whether to tell what each score is made of.
    #[serde(default)]
    explain: bool,
}

/// The best first.
#[derive(Debug, Serialize, JsonSchema)]
struct Found {
    items: Vec<Hit>,
    took_ms: f64,
    /// What the answer lacks.
    degraded: Vec<String>,
    position: Position,
    projects: Vec<String>,
}

impl Operation for Search {
    const TOOL: &'static str = "retrieve";
    const NAME: &'static str = "search";
    const EFFECT: Effect = Effect::Read;
    type Result = Found;

    async fn call(self, call: &Call) -> Result<Found, Error> {
        let question = Question {
            query: self.query,
            k: self.k,
            kinds: self.kinds,
            mode: self.mode,
            explain: self.explain,
            ..self.filters.question(call)
        };
        let found = search::search(&call.app, &call.caller, &question).await?;
        Ok(Found {
            items: found.hits,
            took_ms: found.took_ms,
            degraded: found.degraded,
            position: found.position,
            projects: found.projects,
        })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![recorded()], arguments: json!({"query": "which test failed?"}) },
            Example {
                setup: vec![recorded()],
                arguments: json!({"query": "cart", "filters": {"tool": "cargo"}, "mode": "text", "k": 3}),
            },
        ]
    }
}
