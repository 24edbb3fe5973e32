//! What the memory does not know.

use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{rows, rows_kept};
use crate::App;
use crate::operations::paging;
use crate::operations::records::one_project;
use crate::registry::{Call, Effect, Example, Operation, Step};
use crate::sql::Reads;

const UNANSWERED: &str = include_str!("../../../sql/meta/unanswered.sql");
const BY_NAME_ONLY: &str = include_str!("../../../sql/meta/by_name_only.sql");
const CONTRADICTED: &str = include_str!("../../../sql/meta/contradicted.sql");

/// What is missing: questions that nothing came back to, those asked most often first; entities that are known by name
/// only; and facts that somebody spoke against.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gaps {
    /// How many of each, from 1 to 1000; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Missing {
    pub items: Vec<Gap>,
    pub project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Gap {
    /// `question`: asked, and not answered. `entity`: named in texts, and nothing else is known of it.
    /// `contradiction`: a fact that somebody spoke against.
    pub kind: &'static str,
    /// Of an entity or a fact.
    pub id: Option<String>,
    pub content: String,
    /// How often it was asked, named or spoken against.
    pub count: u64,
    pub time: Time,
}

#[derive(Deserialize)]
struct Unanswered {
    query: String,
    times: u64,
    last_at: Time,
}

#[derive(Deserialize)]
struct ByNameOnly {
    id: String,
    name: String,
    mentions: u64,
    last_at: Time,
}

#[derive(Deserialize)]
struct Contradicted {
    id: String,
    statement: String,
    against: u64,
    last_at: Time,
}

impl Operation for Gaps {
    const TOOL: &'static str = "meta";
    const NAME: &'static str = "gaps";
    const EFFECT: Effect = Effect::Read;
    type Result = Missing;

    async fn call(self, call: &Call) -> Result<Missing, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        let items = missing(&call.app, &scope, limit).await?;
        Ok(Missing { items, project })
    }

    fn examples() -> Vec<Example> {
        let asked = json!({"query": "who owns the billing tables?"});
        let asked = Step { tool: "memories", operation: "recall", arguments: asked };
        vec![Example { setup: vec![asked], arguments: json!({}) }]
    }
}

pub async fn missing(app: &App, scope: &Scope, limit: usize) -> Result<Vec<Gap>, Error> {
    let most = [json!(limit)];
    let (unanswered, named, contradicted) = tokio::try_join!(
        rows::<Unanswered>(app, scope, UNANSWERED, &most, limit),
        rows_kept::<ByNameOnly>(app, scope, (BY_NAME_ONLY, Reads::Derived), &most, limit),
        rows_kept::<Contradicted>(app, scope, (CONTRADICTED, Reads::Derived), &most, limit),
    )?;
    let question = |one: Unanswered| Gap {
        kind: "question",
        id: None,
        content: one.query,
        count: one.times,
        time: one.last_at,
    };
    let entity = |one: ByNameOnly| Gap {
        kind: "entity",
        id: Some(one.id),
        content: one.name,
        count: one.mentions,
        time: one.last_at,
    };
    let contradiction = |one: Contradicted| Gap {
        kind: "contradiction",
        id: Some(one.id),
        content: one.statement,
        count: one.against,
        time: one.last_at,
    };
    let gaps = unanswered.into_iter().map(question).chain(named.into_iter().map(entity));
    Ok(gaps.chain(contradicted.into_iter().map(contradiction)).collect())
}
