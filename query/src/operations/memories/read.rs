//! Memories as they are, and as they were.

use athena_schemas::wire::Kind;
use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{absent, example_id, set_up};
use crate::operations::paging::{self, Page};
use crate::operations::rows;
use crate::registry::{Call, Effect, Example, Operation};
use crate::sealing;
use crate::text::Filter;

const HISTORY: &str = include_str!("../../../sql/memory_history.sql");
/// Versions that a history tells of.
const VERSIONS: usize = 1_000;

/// Which memories.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum State {
    /// What holds now.
    #[default]
    Current,
    /// Also what was superseded, has ended, or does not hold yet.
    All,
}

/// Memories, the newest first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct List {
    /// The kind of memory.
    kind: Option<String>,
    /// A label.
    tag: Option<String>,
    /// Which: those that hold now when not said.
    state: State,
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

impl Operation for List {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "list";
    const EFFECT: Effect = Effect::Read;
    type Result = Page;

    async fn call(self, call: &Call) -> Result<Page, Error> {
        let projects = call.caller.projects(call.shared.project.as_deref(), &call.shared.projects)?;
        let limit = paging::limit(self.limit)?;
        let before = self.cursor.as_deref().map(paging::moment).transpose()?;
        let filter = Filter {
            kinds: vec![Kind::Memory],
            event_type: self.kind,
            tag: self.tag,
            session: call.shared.session.clone(),
            agent: call.shared.agent.clone(),
            holds_at: (self.state == State::Current).then(Time::now),
            ..Filter::within(Scope::Projects(projects.clone()))
        };
        paging::page(call, projects, filter, (limit, before)).await
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![set_up()], arguments: json!({}) },
            Example { setup: vec![set_up()], arguments: json!({"kind": "decision", "state": "all"}) },
        ]
    }
}

/// Every version of a memory, the newest first: what it said, who wrote it and when. Forgotten ones have none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// The memory's id.
    id: String,
}

/// Versions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Versions {
    id: String,
    items: Vec<Map<String, Value>>,
    projects: Vec<String>,
}

impl Operation for History {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "history";
    const EFFECT: Effect = Effect::Read;
    type Result = Versions;

    async fn call(self, call: &Call) -> Result<Versions, Error> {
        let (projects, scope) = call.scope().await?;
        let mut items = rows::objects(&call.app, &scope, HISTORY, &[json!(self.id)], VERSIONS).await?;
        // A forgotten memory is hidden from every reader, what it was included.
        if items.first().is_none_or(|newest| newest.get("deleted") == Some(&json!(true))) {
            return Err(absent(&self.id, &projects));
        }
        for item in &mut items {
            sealing::show(call, item).await?;
        }
        Ok(Versions { id: self.id, items, projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({"id": example_id()}) }]
    }
}
