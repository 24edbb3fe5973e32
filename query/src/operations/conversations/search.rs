//! Messages that answer, each between the ones beside it.

use std::collections::{BTreeSet, HashMap};

use athena_schemas::wire::{Hit, Kind, Mode, Search as Question};
use athena_schemas::{Error, Position};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::messages::{Message, message};
use super::{example_id, talked};
use crate::operations::filters::Filters;
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation};
use crate::search;
use crate::text::excerpt;

const NEIGHBOURS: &str = include_str!("../../../sql/conversation_neighbours.sql");
/// Characters of a neighbour that are shown.
const SHOWN_CHARS: usize = 400;
/// Hits that have neighbours, at most.
const MOST: usize = 100;

/// The best hits among messages, by words and by meaning, each with the message before and the one after it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// The question.
    query: String,
    /// Only in this conversation.
    #[serde(default)]
    conversation: Option<String>,
    /// By what: `hybrid` when not said.
    #[serde(default)]
    mode: Mode,
    /// At most so many, and at most 100; 10 when not said.
    #[serde(default, alias = "limit")]
    k: Option<usize>,
    /// Whether to tell what each score is made of.
    #[serde(default)]
    explain: bool,
}

/// Messages, the best first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Hits {
    items: Vec<Found>,
    /// What the answer lacks.
    degraded: Vec<String>,
    position: Position,
    projects: Vec<String>,
}

/// A message as it was found; its conversation is its `session`.
#[derive(Debug, Serialize, JsonSchema)]
struct Found {
    #[serde(flatten)]
    hit: Hit,
    /// Null at the beginning.
    before: Option<Message>,
    /// Null at the end.
    after: Option<Message>,
}

impl Operation for Search {
    const TOOL: &'static str = "conversations";
    const NAME: &'static str = "search";
    const EFFECT: Effect = Effect::Read;
    type Result = Hits;

    async fn call(self, call: &Call) -> Result<Hits, Error> {
        let filters =
            Filters { of_type: Some("message".into()), session: self.conversation, ..Filters::default() };
        let question = Question {
            query: self.query,
            k: Some(search::limit(self.k, call.app.options.default_k, MOST)?),
            kinds: vec![Kind::Event],
            mode: self.mode,
            explain: self.explain,
            ..filters.question(call)
        };
        let found = search::search(&call.app, &call.caller, &question).await?;
        let scope = Scope::Projects(found.projects.clone());
        let neighbours = neighbours(call, &scope, &found.hits).await?;
        let items = found.hits.into_iter().map(|hit| {
            let key = |id: &str| (hit.session.clone().unwrap_or_default(), id.to_owned());
            let before = neighbours.before.get(&key(&hit.id)).cloned();
            let after = neighbours.after.get(&key(&hit.id)).cloned();
            Found { hit, before, after }
        });
        Ok(Hits {
            items: items.collect(),
            degraded: found.degraded,
            position: found.position,
            projects: found.projects,
        })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: talked(), arguments: json!({"query": "Who tells the customers?"}) },
            Example {
                setup: talked(),
                arguments: json!({"query": "database", "conversation": example_id(), "k": 2}),
            },
        ]
    }
}

/// By session and id of a message, what stands before it and after it.
#[derive(Default)]
struct Neighbours {
    before: HashMap<(String, String), Message>,
    after: HashMap<(String, String), Message>,
}

async fn neighbours(call: &Call, scope: &Scope, hits: &[Hit]) -> Result<Neighbours, Error> {
    let sessions: BTreeSet<&str> = hits.iter().filter_map(|hit| hit.session.as_deref()).collect();
    if sessions.is_empty() {
        return Ok(Neighbours::default());
    }
    let ids: BTreeSet<&str> = hits.iter().map(|hit| hit.id.as_str()).collect();
    // Each has two neighbours; ids may be those of several sessions.
    let most = 3 * MOST * sessions.len();
    let rows = objects(&call.app, scope, NEIGHBOURS, &[json!(sessions), json!(ids)], most).await?;
    let mut found = Neighbours::default();
    for mut row in rows {
        let mut text = |name: &str| match row.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let (session, before, after) = (text("session").unwrap_or_default(), text("before"), text("after"));
        let message = message(row)?;
        let shown = Message { content: excerpt(&message.content, "", SHOWN_CHARS), ..message };
        if let Some(before) = before {
            found.after.insert((session.clone(), before), shown.clone());
        }
        if let Some(after) = after {
            found.before.insert((session, after), shown);
        }
    }
    Ok(found)
}
