//! A question answered by what kind it is.

use std::time::{Duration, Instant};

use athena_schemas::wire::Hit;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::asking::asking;
use super::{About, bounded};
use crate::operations::events::recorded;
use crate::rank::Class;
use crate::registry::{Call, Effect, Example, Operation};
use crate::strategies::{self, Used, Way};

/// Milliseconds for all strategies when nothing is said, and at most.
const BUDGET_MS: usize = 80;
const MOST_MS: usize = 10_000;

asking! {
    /// Looks what kind of question it is, takes the strategies that answer it best, merges what they find, and says which.
    pub struct Smart {
        /// Milliseconds after which no further strategy begins; 80 when not said.
        #[serde(default)]
        budget_ms: Option<usize>,
    }
}

/// The best first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Answered {
    items: Vec<FoundBy>,
    /// What kind of question it is.
    class: Class,
    /// What was done.
    strategies: Vec<Used>,
    /// What there was no time for.
    left_out: Vec<Way>,
    /// What this kind of question would need that is not there.
    reason: Option<&'static str>,
    #[serde(flatten)]
    about: About,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FoundBy {
    #[serde(flatten)]
    hit: Hit,
    /// The strategies that found it.
    found_by: Vec<Way>,
}

impl Operation for Smart {
    const TOOL: &'static str = "retrieve";
    const NAME: &'static str = "smart";
    const EFFECT: Effect = Effect::Read;
    type Result = Answered;

    async fn call(self, call: &Call) -> Result<Answered, Error> {
        let budget = bounded("budget_ms", self.budget_ms, BUDGET_MS, MOST_MS)?;
        let prepared = self.prepare(call).await?;
        let (now, budget, began) = (Time::now(), Duration::from_millis(budget as u64), Instant::now());
        let work = move |search: &_| strategies::smart(search, now, budget, || began.elapsed());
        let found = prepared.run(work).await?;
        let hits: Vec<Hit> = found.hits.iter().map(|(hit, _)| hit.clone()).collect();
        call.note(&self.query, &prepared.projects, &hits);
        let used = &found.used;
        let by = |lists: Vec<usize>| lists.into_iter().map(|list| used[list].strategy).collect();
        let items = found.hits.into_iter().map(|(hit, lists)| FoundBy { hit, found_by: by(lists) });
        let items = items.collect();
        let reason = "`retrieve.global` answers a question about the whole from what communities are about; these are \
                      the best hits that differ";
        Ok(Answered {
            items,
            reason: (found.class == Class::Global).then_some(reason),
            class: found.class,
            strategies: found.used,
            left_out: found.left_out,
            about: About::of(prepared),
        })
    }

    fn examples() -> Vec<Example> {
        let setup = || vec![recorded(), crate::operations::memories::set_up()];
        vec![
            Example { setup: setup(), arguments: json!({"query": "Which test of the cart failed?"}) },
            Example {
                setup: setup(),
                arguments: json!({"query": "What did we record since yesterday?", "k": 3}),
            },
        ]
    }
}
