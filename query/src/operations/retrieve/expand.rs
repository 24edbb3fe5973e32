//! Other words for a question.

use athena_schemas::Error;
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{About, model, prepare};
use crate::operations::events::recorded;
use crate::operations::filters::Filters;
use crate::registry::{Call, Effect, Example, Operation};
use crate::strategies::{self, Reformulation, resolved};
use crate::text::Filter;

/// Events of a session in which what a question refers to is looked for, the newest.
const LOOKED_AT: usize = 30;

/// Other forms of a question: its parts, synonyms that texts here have, words that its best answers share, and, asked
/// in a `session`, what `it` or `that file` refers to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expand {
    /// The question.
    query: String,
}

/// The forms, those first that say most for sure.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Expanded {
    items: Vec<Reformulation>,
    /// `llm`: a model told forms too; `corpus`: by what the texts here say alone.
    method: &'static str,
    #[serde(flatten)]
    about: About,
}

impl Operation for Expand {
    const TOOL: &'static str = "retrieve";
    const NAME: &'static str = "expand";
    const EFFECT: Effect = Effect::Read;
    type Result = Expanded;

    async fn call(self, call: &Call) -> Result<Expanded, Error> {
        let mut prepared = prepare(call, &self.query, Filters::default(), vec![], None).await?;
        let (forms, failed) = match model::forms(call.app.llm(), &self.query).await {
            Some(Ok(forms)) => (forms, None),
            Some(Err(error)) => (Vec::new(), Some(error.name())),
            None => (Vec::new(), None),
        };
        prepared.degraded.extend(failed.map(str::to_owned));
        let method = if forms.is_empty() { "corpus" } else { "llm" };
        let (query, session) = (self.query, call.shared.session.clone());
        let scope = Scope::Projects(prepared.projects.clone());
        let items = prepared.run(move |search| {
            let mut items = Vec::new();
            if session.is_some() {
                let newest =
                    search.text.list(&Filter { session, ..Filter::within(scope) }, LOOKED_AT, None)?;
                items.extend(resolved(&query, &newest));
            }
            items.extend(strategies::told(search, forms)?);
            items.extend(strategies::reformulations(search)?);
            Ok(items)
        });
        let items = items.await?;
        Ok(Expanded { items, method, about: About::of(prepared) })
    }

    fn examples() -> Vec<Example> {
        let referring = json!({"query": "why did it fail?", "session": "example-session"});
        vec![
            Example {
                setup: vec![recorded()],
                arguments: json!({"query": "Which step came last, and which test failed?"}),
            },
            Example { setup: vec![recorded()], arguments: referring },
        ]
    }
}
