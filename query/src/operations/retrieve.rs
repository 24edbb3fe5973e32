//! Tool `retrieve`: answering questions.

mod asking;
mod calibrate;
mod context;
mod expand;
mod feedback;
mod global;
mod hops;
mod hyde;
mod model;
mod reflect;
mod rerank;
mod smart;
mod temporal;

use athena_schemas::wire::{Hit, Kind, Mode, Search as Question, Weights};
use athena_schemas::{Error, Position};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::events::recorded;
use super::filters::Filters;
use super::memories;
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::search::{self, Prepared};

pub fn register(registry: &mut Registry) {
    registry.add::<Search>();
    registry.add::<smart::Smart>();
    registry.add::<hyde::Hyde>();
    registry.add::<expand::Expand>();
    registry.add::<rerank::Rerank>();
    registry.add::<reflect::Reflect>();
    registry.add::<hops::MultiHop>();
    registry.add::<hops::Local>();
    registry.add::<global::Global>();
    registry.add::<temporal::Temporal>();
    registry.add::<context::Context>();
    registry.add::<rerank::Similar>();
    registry.add::<calibrate::Calibrate>();
    registry.add::<feedback::Feedback>();
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
    /// By what: `hybrid` when not said; `graph` goes from what the question names to what is tied to it.
    #[serde(default)]
    mode: Mode,
    /// Orders the hits of a hybrid search by these instead of the ranker: text, vector, graph, recency, importance.
    #[serde(default)]
    weights: Option<Weights>,
    /// From 0, as they are, to 1: how much a hit that says what one before it says stands back.
    #[serde(default)]
    diversity: Option<f64>,
    /// Milliseconds after which the answer is what words alone find.
    #[serde(default)]
    budget_ms: Option<u64>,
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
            query: self.query.clone(),
            k: self.k,
            kinds: self.kinds,
            mode: self.mode,
            weights: self.weights,
            diversity: self.diversity,
            budget_ms: self.budget_ms,
            explain: self.explain,
            ..self.filters.question(call)
        };
        let found = search::search(&call.app, &call.caller, &question).await?;
        call.note(&self.query, &found.projects, &found.hits);
        Ok(Found {
            items: found.hits,
            took_ms: found.took_ms,
            degraded: found.degraded,
            position: found.position,
            projects: found.projects,
        })
    }

    fn examples() -> Vec<Example> {
        let weights =
            json!({"query": "which test failed?", "weights": {"text": 2, "recency": 1}, "diversity": 0.3});
        vec![
            Example { setup: vec![recorded()], arguments: json!({"query": "which test failed?"}) },
            Example {
                setup: vec![recorded()],
                arguments: json!({"query": "cart", "filters": {"tool": "cargo"}, "mode": "text", "k": 3}),
            },
            Example { setup: vec![recorded()], arguments: json!({"query": "cart::total", "mode": "graph"}) },
            Example { setup: vec![recorded(), memories::set_up()], arguments: weights },
        ]
    }
}

/// What every answer tells of itself.
#[derive(Debug, Serialize, JsonSchema)]
struct About {
    took_ms: f64,
    /// What the answer lacks.
    degraded: Vec<String>,
    position: Position,
    projects: Vec<String>,
}

impl About {
    fn of(prepared: Prepared) -> Self {
        Self {
            took_ms: prepared.took_ms(),
            degraded: prepared.degraded,
            position: prepared.position,
            projects: prepared.projects,
        }
    }
}

/// A question to a strategy, ready to be answered.
async fn prepare(
    call: &Call,
    query: &str,
    filters: Filters,
    kinds: Vec<Kind>,
    k: Option<usize>,
) -> Result<Prepared, Error> {
    let question = Question { query: query.to_owned(), k, kinds, ..filters.question(call) };
    search::prepare(&call.app, &call.caller, &question).await
}

/// # Errors
/// A number that nobody may ask for.
fn bounded(argument: &str, given: Option<usize>, default: usize, most: usize) -> Result<usize, Error> {
    match given.unwrap_or(default) {
        count if (1..=most).contains(&count) => Ok(count),
        count => Err(Error::invalid(argument, format!("{count}; from 1 to {most} can be asked for"))),
    }
}
