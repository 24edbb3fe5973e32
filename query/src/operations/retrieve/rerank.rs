//! An order for items at hand, and the neighbours of one.

use athena_schemas::Error;
use athena_schemas::wire::{Hit, Kind, Search as Question, Weights};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{About, prepare};
use crate::operations::events::recorded;
use crate::operations::filters::Filters;
use crate::operations::items;
use crate::operations::memories;
use crate::operations::rows::absent;
use crate::registry::{Call, Effect, Example, Operation};
use crate::search::{self, OneSearch};

/// Items that are put in order at once.
const MOST: usize = 200;
/// Characters of an item that others are compared with.
const COMPARED_CHARS: usize = 1_000;

/// Puts items in a better order for a question, with the score of each and what it is made of.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rerank {
    /// The question.
    query: String,
    /// Ids of events, memories or notes; 200 at most.
    ids: Vec<String>,
}

/// The best first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reranked {
    items: Vec<Hit>,
    /// Ids that nothing here has.
    absent: Vec<String>,
    #[serde(flatten)]
    about: About,
}

impl Operation for Rerank {
    const TOOL: &'static str = "retrieve";
    const NAME: &'static str = "rerank";
    const EFFECT: Effect = Effect::Read;
    type Result = Reranked;

    async fn call(self, call: &Call) -> Result<Reranked, Error> {
        if self.ids.is_empty() || self.ids.len() > MOST {
            let message = format!("{} ids; from 1 to {MOST} can be given", self.ids.len());
            return Err(Error::invalid("ids", message));
        }
        if self.query.trim().is_empty() {
            return Err(Error::invalid("query", "an order needs a question"));
        }
        let mut prepared = prepare(call, &self.query, Filters::default(), vec![], None).await?;
        prepared.search.explain = true;
        let scope = Scope::Projects(prepared.projects.clone());
        let known = items::positions(&call.app, &scope, &self.ids).await?;
        let positions: Vec<u64> = known.into_values().flatten().collect();
        let items = prepared.run(move |search| {
            let asked = search.text.ask(&search.query)?;
            let ranked = search.ranked_at(&asked, &positions)?;
            ranked.into_iter().map(|one| search.hit(&asked, one)).collect::<Result<Vec<Hit>, Error>>()
        });
        let items = items.await?;
        let given = |id: &&String| items.iter().any(|hit| hit.id == **id);
        let absent = self.ids.iter().filter(|id| !given(id)).cloned().collect();
        Ok(Reranked { items, absent, about: About::of(prepared) })
    }

    fn examples() -> Vec<Example> {
        let arguments =
            json!({"query": "when do we deploy?", "ids": ["example-test-run", memories::example_id()]});
        vec![Example { setup: vec![recorded(), memories::set_up()], arguments }]
    }
}

/// What is most like an item, by its words and by its meaning.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Similar {
    /// The id of an event, memory or note.
    id: String,
    /// At most so many; 10 when not said.
    #[serde(default, alias = "limit")]
    k: Option<usize>,
    /// What kinds of things; any when empty.
    #[serde(default)]
    kinds: Vec<Kind>,
    /// What they must be.
    #[serde(default)]
    filters: Filters,
}

/// The likest first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Alike {
    items: Vec<Hit>,
    #[serde(flatten)]
    about: About,
}

impl Operation for Similar {
    const TOOL: &'static str = "retrieve";
    const NAME: &'static str = "similar";
    const EFFECT: Effect = Effect::Read;
    type Result = Alike;

    async fn call(self, call: &Call) -> Result<Alike, Error> {
        let limit = search::limit(self.k, call.app.options.default_k, call.app.options.max_k)?;
        let weights = Weights { text: 1.0, vector: 1.0, ..Weights::default() };
        let question = Question { kinds: self.kinds, weights: Some(weights), ..self.filters.question(call) };
        let prepared = search::prepare(&call.app, &call.caller, &question).await?;
        let scope = Scope::Projects(prepared.projects.clone());
        let positions = items::positions(&call.app, &scope, std::slice::from_ref(&self.id)).await?;
        let position = positions.values().flatten().next_back().copied();
        let position = position.ok_or_else(|| absent("item", "id", &self.id, &prepared.projects))?;
        let (id, projects) = (self.id, prepared.projects.clone());
        let items = prepared.run(move |search| {
            let mut anywhere = search.query.clone();
            anywhere.filter = crate::text::Filter::within(scope);
            let this = search.text.ask(&anywhere)?.hits_at(&[position])?.pop();
            let this = this.ok_or_else(|| absent("item", "id", &id, &projects))?;
            let named = this.names.first().map(|name| format!("{name} ")).unwrap_or_default();
            let text: String = (named + &this.hit.content).chars().take(COMPARED_CHARS).collect();
            let like = OneSearch { how: search.how.clone(), ..search.about(&text, limit + 1) };
            let mut hits = like.hits()?;
            hits.retain(|hit| (&hit.id, &hit.project) != (&this.hit.id, &this.hit.project));
            hits.truncate(limit);
            Ok(hits)
        });
        let items = items.await?;
        Ok(Alike { items, about: About::of(prepared) })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"id": "example-test-run", "k": 3}) }]
    }
}
