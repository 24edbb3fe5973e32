//! What bears on a question.

use athena_schemas::wire::{Hit, Kind};
use athena_schemas::{Error, Position, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{remembered, set_up};
use crate::operations::filters::Filters;
use crate::recall::{self, Cutoff};
use crate::registry::{Call, Effect, Example, Operation};
use crate::search::{QUERY_CHARS, limit};

/// Memories, and what was said, as far as they bear on a question: the likeliest first, and nothing else.
/// What was superseded or has ended is not among it. `score` is the probability that it bears on the question.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recall {
    /// The question, or what is about to be done.
    query: String,
    /// Where it is asked from. A memory with scopes is seen only from one of them.
    #[serde(default)]
    scope: Vec<String>,
    /// What kinds of things: `memory` is what was told to be remembered, `event` what was said. Both when empty.
    #[serde(default)]
    kinds: Vec<Kind>,
    /// What it must be.
    #[serde(default)]
    filters: Filters,
    /// At most so many; 10 when not said.
    #[serde(default, alias = "limit")]
    k: Option<usize>,
    /// `auto`: what bears on the question, which may be nothing; `none`: the best, whatever they are; or a
    /// probability from 0 to 1.
    #[serde(default)]
    #[schemars(with = "Option<Value>")]
    cutoff: Option<Value>,
    /// Whether to tell what each score is made of.
    #[serde(default)]
    explain: bool,
}

/// What bears on the question.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Recalled {
    /// The likeliest first.
    items: Vec<Hit>,
    /// What the answer lacks.
    degraded: Vec<String>,
    /// Up to where the log was read.
    position: Position,
    /// The projects that were asked.
    projects: Vec<String>,
}

impl Operation for Recall {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "recall";
    const EFFECT: Effect = Effect::Read;
    type Result = Recalled;

    async fn call(self, call: &Call) -> Result<Recalled, Error> {
        let projects = call.caller.projects(call.shared.project.as_deref(), &call.shared.projects)?;
        let options = &call.app.options;
        if self.query.chars().count() > QUERY_CHARS {
            return Err(Error::invalid("query", format!("a question has at most {QUERY_CHARS} characters")));
        }
        for kind in &self.kinds {
            if !KINDS.contains(kind) {
                return Err(Error::invalid("kinds", format!("nothing of kind {} is recalled", kind.name()))
                    .hint("give memory, event or both"));
            }
        }
        let asked = recall::Recall {
            filter: self.filters.of("filters", Scope::Projects(projects.clone()), &[], Time::now())?,
            places: self.scope,
            kinds: if self.kinds.is_empty() { KINDS.into() } else { self.kinds },
            known: None,
            limit: limit(self.k, options.default_k, options.max_k)?,
            cutoff: cutoff(self.cutoff.as_ref())?,
            explain: self.explain,
            query: self.query.clone(),
        };
        let found = recall::recall(&call.app, asked, call.shared.after.as_ref()).await?;
        call.note(&self.query, &projects, &found.items);
        Ok(Recalled { items: found.items, degraded: found.degraded, position: found.position, projects })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![set_up()], arguments: json!({"query": "when do we deploy?"}) },
            Example { setup: vec![set_up()], arguments: json!({"query": remembered()["content"], "k": 3}) },
        ]
    }
}

const KINDS: [Kind; 2] = [Kind::Memory, Kind::Event];

fn cutoff(given: Option<&Value>) -> Result<Cutoff, Error> {
    match given {
        None => Ok(Cutoff::Auto),
        Some(Value::String(word)) if word == "auto" => Ok(Cutoff::Auto),
        Some(Value::String(word)) if word == "none" => Ok(Cutoff::At(0.0)),
        Some(value) => match value.as_f64().filter(|cutoff| (0.0..=1.0).contains(cutoff)) {
            Some(cutoff) => Ok(Cutoff::At(cutoff)),
            None => Err(Error::invalid("cutoff", format!("{value} is no cutoff"))
                .hint("auto, none, or a probability from 0 to 1")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutoffs() {
        assert_eq!(cutoff(None), Ok(Cutoff::Auto));
        assert_eq!(cutoff(Some(&json!("auto"))), Ok(Cutoff::Auto));
        assert_eq!(cutoff(Some(&json!("none"))), Ok(Cutoff::At(0.0)));
        assert_eq!(cutoff(Some(&json!(0.5))), Ok(Cutoff::At(0.5)));
        for wrong in [json!("some"), json!(1.5), json!([])] {
            assert_eq!(cutoff(Some(&wrong)).unwrap_err().field.as_deref(), Some("cutoff"), "{wrong}");
        }
    }
}
