//! Answers from the times that a question names.

use athena_schemas::wire::Hit;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::About;
use super::asking::asking;
use crate::operations::events::recorded;
use crate::rank::times::Order;
use crate::registry::{Call, Effect, Example, Operation};
use crate::strategies::{self, Anchored};

asking! {
    /// Reads the times in a question, and answers from then: `last week`, `in March 2024`, `since yesterday`, `3 days ago`,
    /// `between … and …`, `before the release`, `the latest`. Times are in UTC.
    pub struct Temporal {
        /// The time that it is asked at; now when not said.
        #[serde(default)]
        now: Option<Time>,
    }
}

/// What is within the times, the best first; where the question asks for the latest or first, by time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Answered {
    items: Vec<Hit>,
    /// The times that were read.
    times: Vec<Read>,
    /// What times were measured by.
    anchors: Vec<Anchored>,
    /// `newest` or `oldest`; null when neither is asked for.
    order: Option<&'static str>,
    /// Why no time was taken from the question.
    reason: Option<&'static str>,
    /// Where nothing is within the times: the nearest in time of what answers otherwise.
    outside: Vec<Hit>,
    #[serde(flatten)]
    about: About,
}

/// A stretch of time.
#[derive(Debug, Serialize, JsonSchema)]
struct Read {
    /// As it was said.
    said: String,
    /// From this time on; null where it is open.
    from: Option<Time>,
    /// Before this time; null where it is open.
    until: Option<Time>,
}

impl Operation for Temporal {
    const TOOL: &'static str = "retrieve";
    const NAME: &'static str = "temporal";
    const EFFECT: Effect = Effect::Read;
    type Result = Answered;

    async fn call(self, call: &Call) -> Result<Answered, Error> {
        let now = self.now.unwrap_or_else(Time::now);
        let prepared = self.prepare(call).await?;
        let found = prepared.run(move |search| strategies::temporal(search, now)).await?;
        call.note(&self.query, &prepared.projects, &found.hits);
        let nothing_read = found.spans.is_empty() && found.order.is_none();
        let reason = match found.anchors.is_empty() {
            true => "the question names no time; this is an ordinary search",
            false => "nothing known here is surely what the question measures its time by",
        };
        let times = found.spans.into_iter();
        Ok(Answered {
            items: found.hits,
            times: times.map(|one| Read { said: one.said, from: one.from, until: one.until }).collect(),
            anchors: found.anchors,
            order: found.order.map(|order| match order {
                Order::Newest => "newest",
                Order::Oldest => "oldest",
            }),
            reason: nothing_read.then_some(reason),
            outside: found.outside,
            about: About::of(prepared),
        })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![recorded()], arguments: json!({"query": "which test failed today?"}) },
            Example {
                setup: vec![recorded()],
                arguments: json!({"query": "what was done on 21 November?", "now": "2026-11-25T12:00:00Z"}),
            },
        ]
    }
}
