//! One entity, with all that is known of it.

use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Related, entity, of_call, shop};
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation, Step};

const OBSERVATIONS: &str = include_str!("../../../sql/observations.sql");

/// Observations and relations that stand in one answer.
const OBSERVED: usize = 50;
const RELATED: usize = 20;

/// An entity: its names, what was observed, how much it is tied to, and its communities.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetEntity {
    /// Id, name or alias, or `kind:name`.
    entity: String,
}

/// An entity.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Known {
    id: String,
    name: String,
    kind: String,
    aliases: Vec<String>,
    attributes: Map<String, Value>,
    /// How often it is named, in how many stretches of work and sessions; 0 of what was only told.
    mentions: i64,
    contexts: i64,
    sessions: i64,
    first_at: Time,
    last_at: Time,
    told: bool,
    /// Whether it stands in so much that it holds no community together.
    hub: bool,
    /// Entities and relations beside it.
    degree: usize,
    /// The strongest.
    relations: Vec<Related>,
    /// The newest first.
    observations: Vec<Observation>,
    /// The broadest first.
    communities: Vec<Belongs>,
    /// Ids of events that name it, the newest first; not all.
    evidence: Vec<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Observation {
    id: String,
    time: Value,
    kind: Option<String>,
    content: String,
    agent: Option<String>,
}

/// A community of an entity.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Belongs {
    pub id: String,
    pub level: i64,
    pub name: String,
    pub size: i64,
    /// From 0 to 1: how strongly the entity is tied inside, beside the most strongly tied.
    pub centrality: f64,
}

impl Operation for GetEntity {
    const TOOL: &'static str = "graph";
    const NAME: &'static str = "get_entity";
    const EFFECT: Effect = Effect::Read;
    type Result = Known;

    async fn call(self, call: &Call) -> Result<Known, Error> {
        let (scope, graph) = of_call(call).await?;
        let node = graph.named("entity", &self.entity)?;
        let entity = graph.entity(node).clone();
        let communities = graph.communities().await?;
        let belongs = |at: &usize| {
            let row = &communities.rows[*at];
            let own = communities.members[*at].iter().find(|one| one.node == node);
            Belongs {
                id: row.id.clone(),
                level: row.level,
                name: row.name.clone(),
                size: row.size,
                centrality: own.map_or(0.0, |own| own.centrality),
            }
        };
        let mut names: Vec<&str> =
            graph.told.merged().filter(|(_, into)| *into == entity.id).map(|(id, _)| id).collect();
        names.push(&entity.id);
        let observed = objects(&call.app, &scope, OBSERVATIONS, &[json!(names)], OBSERVED).await?;
        let mut ties: Vec<_> = graph.beside(node).map(|(_, tie)| *tie).collect();
        ties.sort_by(|one, other| other.strength.total_cmp(&one.strength));
        let attributes = entity.attributes.as_deref().map(serde_json::from_str).transpose();
        let attributes: Option<Map<String, Value>> =
            attributes.map_err(|error| Error::internal(format!("{}: {error}", entity.id)))?;
        Ok(Known {
            hub: graph.hubs[node as usize],
            degree: ties.len(),
            relations: ties.iter().take(RELATED).map(|tie| Related::of(&graph, tie)).collect(),
            observations: observed.into_iter().map(observation).collect(),
            communities: communities.of_node(node).iter().map(belongs).collect(),
            attributes: attributes.unwrap_or_default(),
            id: entity.id,
            name: entity.name,
            kind: entity.kind,
            aliases: entity.aliases,
            mentions: entity.mentions,
            contexts: entity.contexts,
            sessions: entity.sessions,
            first_at: entity.first_at,
            last_at: entity.last_at,
            told: entity.told,
            evidence: entity.evidence,
            project: graph.project.clone(),
        })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"entity": "checkout", "content": "Times out when the ledger is slow",
                               "event_id": "example-observation"});
        let seen = Step { tool: "graph", operation: "observe", arguments };
        let setup = shop().into_iter().chain([seen]).collect();
        vec![
            Example { setup, arguments: json!({"entity": "checkout"}) },
            Example { setup: vec![entity("mail")], arguments: json!({"entity": "service:mail"}) },
        ]
    }
}

fn observation(mut row: Map<String, Value>) -> Observation {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let body =
        text("body").and_then(|body| serde_json::from_str::<athena_schemas::told::Observed>(&body).ok());
    let (id, content, agent) = (text("id"), text("content"), text("agent"));
    Observation {
        id: id.unwrap_or_default(),
        content: content.unwrap_or_default(),
        kind: body.and_then(|body| body.kind),
        time: row.shift_remove("time").unwrap_or_default(),
        agent,
    }
}
