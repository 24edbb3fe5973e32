//! Answers from the graph: from hit to hit, and around what is named.

use athena_schemas::Error;
use athena_schemas::wire::Hit;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::asking::asking;
use super::{About, bounded};
use crate::operations::events::recorded;
use crate::registry::{Call, Effect, Example, Operation};
use crate::strategies::{self, Linked};
use crate::text::Entity;

/// Hops when nothing is said, and at most.
const HOPS: usize = 2;
const MOST_HOPS: usize = 4;

asking! {
    /// The best hits, and those that they lead to by what both name, such as a file, a symbol, a person or a session; each
    /// with the path to it.
    pub struct MultiHop {
        /// Hops at most; 2 when not said.
        #[serde(default)]
        hops: Option<usize>,
    }
}

/// The best first; each hit has its `path`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Hopped {
    items: Vec<Linked>,
    #[serde(flatten)]
    about: About,
}

impl Operation for MultiHop {
    const TOOL: &'static str = "retrieve";
    const NAME: &'static str = "multi_hop";
    const EFFECT: Effect = Effect::Read;
    type Result = Hopped;

    async fn call(self, call: &Call) -> Result<Hopped, Error> {
        let hops = bounded("hops", self.hops, HOPS, MOST_HOPS)?;
        let prepared = self.prepare(call).await?;
        let items = prepared.run(move |search| strategies::multi_hop(search, hops)).await?;
        let hits: Vec<Hit> = items.iter().map(|linked| linked.hit.clone()).collect();
        call.note(&self.query, &prepared.projects, &hits);
        Ok(Hopped { items, about: About::of(prepared) })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"query": "what else happened where the cart test failed?", "hops": 1});
        vec![Example { setup: vec![recorded()], arguments }]
    }
}

asking! {
    /// Answers from the neighbourhood of what the question names: files, symbols, error codes, tools, tags, agents, people
    /// and sessions.
    pub struct Local {}
}

/// The best of the neighbourhood first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Around {
    items: Vec<Hit>,
    /// What the question names.
    entities: Vec<Entity>,
    /// Why there are none.
    reason: Option<&'static str>,
    /// What is near these, the nearest first.
    near: Vec<Near>,
    #[serde(flatten)]
    about: About,
}

/// A thing of the neighbourhood.
#[derive(Debug, Serialize, JsonSchema)]
struct Near {
    #[serde(flatten)]
    entity: Entity,
    /// Its share of a random walk that begins at what the question names and returns there.
    score: f64,
}

impl Operation for Local {
    const TOOL: &'static str = "retrieve";
    const NAME: &'static str = "local";
    const EFFECT: Effect = Effect::Read;
    type Result = Around;

    async fn call(self, call: &Call) -> Result<Around, Error> {
        let prepared = self.prepare(call).await?;
        let found = prepared.run(strategies::local).await?;
        call.note(&self.query, &prepared.projects, &found.hits);
        let reason = "the question names nothing that is known here and tells anything apart; the best hits by its \
                      words stand for it";
        let near = found.near.into_iter().map(|(entity, score)| Near { entity, score: score.into() });
        Ok(Around {
            items: found.hits,
            reason: found.named.is_empty().then_some(reason),
            entities: found.named,
            near: near.collect(),
            about: About::of(prepared),
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example {
            setup: vec![recorded()],
            arguments: json!({"query": "what happened to cart::total?"}),
        }]
    }
}
