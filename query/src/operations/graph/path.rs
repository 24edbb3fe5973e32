//! How one entity is tied to another.

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Line, Related, of_call, rounded, shop};
use crate::registry::{Call, Effect, Example, Operation};

/// Hops when nothing is said, and at most; ways that are told.
const HOPS: usize = 4;
const MOST_HOPS: usize = 8;
const WAYS: usize = 3;

/// The best ways from one entity to another, along strong ties and around what stands everywhere.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Path {
    /// The entity to begin with: id, name or alias, or `kind:name`.
    from: String,
    /// The entity to come to.
    to: String,
    /// Hops at most; 4 when not said.
    #[serde(default)]
    max_hops: Option<usize>,
}

/// The best first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Paths {
    items: Vec<Told>,
    /// Why there is none.
    reason: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Told {
    /// From 0 to 1: the product of s / (1 + s) over the strengths of its relations.
    strength: f64,
    hops: usize,
    entities: Vec<Line>,
    relations: Vec<Related>,
}

impl Operation for Path {
    const TOOL: &'static str = "graph";
    const NAME: &'static str = "path";
    const EFFECT: Effect = Effect::Read;
    type Result = Paths;

    async fn call(self, call: &Call) -> Result<Paths, Error> {
        let hops = self.max_hops.unwrap_or(HOPS);
        if !(1..=MOST_HOPS).contains(&hops) {
            return Err(Error::invalid(
                "max_hops",
                format!("{hops}; from 1 to {MOST_HOPS} can be asked for"),
            ));
        }
        let (_, graph) = of_call(call).await?;
        let (from, to) = (graph.named("from", &self.from)?, graph.named("to", &self.to)?);
        if from == to {
            return Err(Error::invalid("to", "both are the same entity"));
        }
        let looked = graph.clone();
        let ways = tokio::task::spawn_blocking(move || looked.ways(from, to, hops, WAYS)).await;
        let ways = ways.map_err(|error| Error::internal(format!("path: {error}")))?;
        let reason = ways.is_empty().then(|| format!("nothing ties them within {hops} hops"));
        let told = |way: crate::graph::Way| Told {
            strength: rounded(way.strength),
            hops: way.ties.len(),
            entities: way.nodes.iter().map(|node| Line::of(&graph, *node)).collect(),
            relations: way.ties.iter().map(|tie| Related::of(&graph, tie)).collect(),
        };
        Ok(Paths { items: ways.into_iter().map(told).collect(), reason, project: graph.project.clone() })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: shop(), arguments: json!({"from": "mail", "to": "ledger"}) }]
    }
}
