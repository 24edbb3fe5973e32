//! What an item is associated with.

use std::collections::HashSet;

use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::change::strengthened;
use super::{Associations, NONE, Pair};
use crate::operations::paging;
use crate::operations::records::page;
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation};

const LINKS_OF: &str = include_str!("../../../sql/links_of.sql");
/// Links of one item that are looked at.
const MOST_LINKS: usize = 10_000;

/// What is associated with an item, the most strongly first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Get {
    /// Id of a memory, an event, a note, an entity.
    id: String,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// Items that an item brings to mind.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Associated {
    items: Vec<Tied>,
    next_cursor: Option<String>,
    /// Why there are none.
    reason: Option<&'static str>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Tied {
    id: String,
    /// From 0 to 1, as of now: it halves in 30 days without use.
    strength: f64,
    /// Answers that had both among their first.
    returned: i64,
    /// Sessions in which both were used.
    used: i64,
    /// Whether somebody strengthened or weakened it.
    told: bool,
    last_at: Time,
}

impl Tied {
    fn of(pair: &Pair, id: &str) -> Self {
        Self {
            id: pair.other(id).to_owned(),
            strength: pair.strength,
            returned: pair.returned,
            used: pair.used,
            told: pair.told,
            last_at: pair.last_at,
        }
    }
}

impl Operation for Get {
    const TOOL: &'static str = "associations";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = Associated;

    async fn call(self, call: &Call) -> Result<Associated, Error> {
        let associations = Associations::read(call).await?;
        let pairs = associations.of(std::slice::from_ref(&self.id)).await?;
        associated(&associations, &self.id, pairs, self.limit, self.cursor.as_deref())
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![strengthened("m-cart", "m-money")], arguments: json!({"id": "m-cart"}) }]
    }
}

fn associated(
    associations: &Associations<'_>,
    id: &str,
    pairs: Vec<Pair>,
    limit: Option<usize>,
    cursor: Option<&str>,
) -> Result<Associated, Error> {
    let (pairs, next_cursor) = page(pairs, paging::limit(limit)?, cursor)?;
    Ok(Associated {
        reason: pairs.is_empty().then_some(NONE),
        items: pairs.iter().map(|pair| Tied::of(pair, id)).collect(),
        next_cursor,
        project: associations.project.clone(),
    })
}

/// Items that are associated with one and that nobody has linked to it: likely links.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suggest {
    /// Id of a memory, an event, a note, an entity.
    id: String,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

impl Operation for Suggest {
    const TOOL: &'static str = "associations";
    const NAME: &'static str = "suggest";
    const EFFECT: Effect = Effect::Read;
    type Result = Associated;

    async fn call(self, call: &Call) -> Result<Associated, Error> {
        let associations = Associations::read(call).await?;
        let quoted = json!(self.id).to_string();
        let links = objects(&call.app, &associations.scope, LINKS_OF, &[json!(quoted)], MOST_LINKS).await?;
        let mut linked: HashSet<String> = HashSet::new();
        for link in links {
            let body = link.get("body").and_then(Value::as_str).unwrap_or_default();
            let body: Value = serde_json::from_str(body).unwrap_or_default();
            let end = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            linked.extend([end("from"), end("to")]);
        }
        let mut pairs = associations.of(std::slice::from_ref(&self.id)).await?;
        pairs.retain(|pair| !linked.contains(pair.other(&self.id)));
        associated(&associations, &self.id, pairs, self.limit, self.cursor.as_deref())
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![strengthened("m-cart", "m-money")], arguments: json!({"id": "m-money"}) }]
    }
}
