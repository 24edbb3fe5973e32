//! What is recalled, and what never is.

use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::rows;
use crate::App;
use crate::operations::memories;
use crate::operations::paging;
use crate::operations::records::one_project;
use crate::registry::{Call, Effect, Example, Operation};

const USED: &str = include_str!("../../../sql/meta/usage.sql");
const NEVER: &str = include_str!("../../../sql/meta/never.sql");
const ASKED: &str = include_str!("../../../sql/meta/asked.sql");

/// Operations that are told.
const OPERATIONS: usize = 100;

/// What is recalled most, which memories never are, and which operations are asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// How many of each, from 1 to 1000; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Used {
    /// What is recalled, most often first.
    pub items: Vec<Recalled>,
    /// Memories that no question ever brought back, the oldest first.
    pub never: Vec<Never>,
    /// How many these are, of how many.
    pub never_recalled: u64,
    pub memories: Option<u64>,
    /// Operations that were asked.
    pub operations: Vec<Asked>,
    /// Why something is null.
    pub reason: Option<String>,
    pub project: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Recalled {
    id: String,
    recalled: u64,
    /// How often it was read as a whole.
    used: u64,
    last_at: Time,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Never {
    id: String,
    content: String,
    time: Time,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    operation: String,
    asked: u64,
    /// How often nothing came back.
    nothing: u64,
    last_at: Time,
}

#[derive(Deserialize)]
struct NeverRow {
    id: String,
    content: Option<String>,
    recorded_at: Time,
    never: u64,
    memories: u64,
}

impl Operation for Usage {
    const TOOL: &'static str = "meta";
    const NAME: &'static str = "usage";
    const EFFECT: Effect = Effect::Read;
    type Result = Used;

    async fn call(self, call: &Call) -> Result<Used, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        used(&call.app, &scope, project, limit).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![memories::set_up()], arguments: json!({}) }]
    }
}

pub async fn used(app: &App, scope: &Scope, project: String, limit: usize) -> Result<Used, Error> {
    let (most, operations) = ([json!(limit)], [json!(OPERATIONS)]);
    let (items, never, operations) = tokio::try_join!(
        rows::<Recalled>(app, scope, USED, &most, limit),
        rows::<NeverRow>(app, scope, NEVER, &most, limit),
        rows::<Asked>(app, scope, ASKED, &operations, OPERATIONS),
    )?;
    let (never_recalled, memories) = never.first().map_or((0, None), |row| (row.never, Some(row.memories)));
    let reason = memories.is_none().then(|| "every memory was recalled, or there is none".to_owned());
    let one =
        |row: NeverRow| Never { id: row.id, content: row.content.unwrap_or_default(), time: row.recorded_at };
    let never = never.into_iter().map(one).collect();
    Ok(Used { items, never, never_recalled, memories, operations, reason, project })
}
