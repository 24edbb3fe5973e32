//! A question searched for together with what an answer may read like.

use athena_schemas::Error;
use athena_schemas::wire::Hit;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::asking::asking;
use super::{About, model};
use crate::operations::events::recorded;
use crate::registry::{Call, Effect, Example, Operation};
use crate::strategies;

asking! {
    /// Searches for a question and for what its answer may read like, which finds what says the same in other words.
    /// A language model, where one is configured, writes that; else the question is widened by words that its best answers
    /// share.
    pub struct Hyde {}
}

/// The best first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Widened {
    items: Vec<Hit>,
    /// `llm`: by what a model says that an answer may read like; `feedback`: by what the best answers share;
    /// `search`: they share nothing, so the question stands alone.
    method: &'static str,
    /// The words that it was widened by, the heaviest first; weights are from 0 to 1.
    words: Vec<Word>,
    #[serde(flatten)]
    about: About,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Word {
    word: String,
    weight: f64,
}

impl Operation for Hyde {
    const TOOL: &'static str = "retrieve";
    const NAME: &'static str = "hyde";
    const EFFECT: Effect = Effect::Read;
    type Result = Widened;

    async fn call(self, call: &Call) -> Result<Widened, Error> {
        let mut prepared = self.prepare(call).await?;
        let (passage, failed) = match model::passage(call.app.llm(), &self.query).await {
            Some(Ok(passage)) => (Some(passage), None),
            Some(Err(error)) => (None, Some(error.name())),
            None => (None, None),
        };
        prepared.degraded.extend(failed.map(str::to_owned));
        let by_model = passage.is_some();
        let found = prepared.run(move |search| strategies::hyde(search, passage.as_deref())).await?;
        call.note(&self.query, &prepared.projects, &found.hits);
        let words: Vec<Word> = found.words.into_iter().map(|(word, weight)| Word { word, weight }).collect();
        let method = match (by_model, words.is_empty()) {
            (true, _) => "llm",
            (false, true) => "search",
            (false, false) => "feedback",
        };
        Ok(Widened { items: found.hits, method, words, about: About::of(prepared) })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"query": "which test failed?", "k": 5}) }]
    }
}
