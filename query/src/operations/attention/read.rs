//! What is in mind, and how full it is.

use athena_ingest::attention::{KIND, Workspace};
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Active, active, thought, workspace};
use crate::operations::records::{of_kind, one_project};
use crate::registry::{Call, Effect, Example, Operation};

/// What is in mind, the strongest first: of the session named, else of the agent, else of the project.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Get {}

/// A working memory.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InMind {
    /// The workspace.
    id: String,
    items: Vec<Active>,
    /// How many things are held at most.
    capacity: usize,
    /// The exponent by which they fade.
    decay: f64,
    /// What is kept out.
    inhibited: Vec<Out>,
    session: Option<String>,
    agent: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Out {
    id: String,
    until: Time,
}

impl Operation for Get {
    const TOOL: &'static str = "attention";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = InMind;

    async fn call(self, call: &Call) -> Result<InMind, Error> {
        let (project, scope) = one_project(call).await?;
        let (id, workspace) = workspace(call, &call.app, &scope).await?;
        let now = Time::now();
        let items = active(&workspace, now);
        let Workspace { capacity, decay, inhibited, .. } = workspace;
        let inhibited = inhibited.into_iter().filter(|one| one.until > now);
        Ok(InMind {
            id,
            items,
            capacity,
            decay,
            inhibited: inhibited.map(|one| Out { id: one.id, until: one.until }).collect(),
            session: call.shared.session.clone(),
            agent: call.shared.agent.clone().filter(|_| call.shared.session.is_none()),
            project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![thought()], arguments: json!({}) }]
    }
}

/// How full each working memory of the project is, those that changed last first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Load {}

/// Working memories.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Loads {
    items: Vec<Loaded>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Loaded {
    /// The workspace.
    id: String,
    /// The session whose it is.
    session: Option<String>,
    /// The agent: whose it is, or who changed a session's last.
    agent: Option<String>,
    /// How many things are in mind, and how many can be.
    size: usize,
    capacity: usize,
    /// The one as a share of the other.
    load: f64,
    /// When it changed last.
    time: Time,
}

impl Operation for Load {
    const TOOL: &'static str = "attention";
    const NAME: &'static str = "load";
    const EFFECT: Effect = Effect::Read;
    type Result = Loads;

    async fn call(self, call: &Call) -> Result<Loads, Error> {
        let (project, scope) = one_project(call).await?;
        let mut items = Vec::new();
        for found in of_kind(&call.app, &scope, KIND).await?.into_iter().rev() {
            let workspace: Workspace = found.body()?;
            let (size, capacity) = (workspace.items.len(), workspace.capacity);
            items.push(Loaded {
                id: found.id,
                session: found.session,
                agent: found.agent,
                size,
                capacity,
                load: size as f64 / capacity as f64,
                time: found.recorded_at,
            });
        }
        Ok(Loads { items, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![thought()], arguments: json!({}) }]
    }
}
