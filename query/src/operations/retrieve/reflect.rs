//! Searching again for what the hits lack.

use athena_schemas::Error;
use athena_schemas::wire::Hit;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::asking::asking;
use super::{About, bounded};
use crate::operations::events::recorded;
use crate::registry::{Call, Effect, Example, Operation};
use crate::strategies::{self, Round};

/// Rounds when nothing is said, and at most.
const ROUNDS: usize = 3;
const MOST_ROUNDS: usize = 10;

asking! {
    /// Searches, looks which words of the question no hit has, and searches again for these, until the hits have four fifths
    /// of what the question asks for, by how telling its words are. Says what is still lacking.
    pub struct Reflect {
        /// Searches again, at most; 3 when not said.
        #[serde(default)]
        rounds: Option<usize>,
    }
}

/// The hits of the question itself first, then what was added.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reflected {
    items: Vec<Hit>,
    /// `coverage`: by the words that hits have.
    method: &'static str,
    /// What was searched for again, and what that added.
    rounds: Vec<Round>,
    /// The share of the question that the hits have; null of a question without words.
    cover: Option<f64>,
    /// Words that no hit has.
    lacking: Vec<String>,
    #[serde(flatten)]
    about: About,
}

impl Operation for Reflect {
    const TOOL: &'static str = "retrieve";
    const NAME: &'static str = "reflect";
    const EFFECT: Effect = Effect::Read;
    type Result = Reflected;

    async fn call(self, call: &Call) -> Result<Reflected, Error> {
        let rounds = bounded("rounds", self.rounds, ROUNDS, MOST_ROUNDS)?;
        let prepared = self.prepare(call).await?;
        let found = prepared.run(move |search| strategies::reflect(search, rounds)).await?;
        call.note(&self.query, &prepared.projects, &found.hits);
        Ok(Reflected {
            items: found.hits,
            method: "coverage",
            rounds: found.rounds,
            cover: found.cover,
            lacking: found.lacking,
            about: About::of(prepared),
        })
    }

    fn examples() -> Vec<Example> {
        let arguments =
            json!({"query": "which test of the cart failed, and on which day do we deploy?", "k": 4});
        vec![Example { setup: vec![recorded(), crate::operations::memories::set_up()], arguments }]
    }
}
