//! Tool `graph`: the knowledge graph, learned from what happened and told.

mod export;
mod get;
mod measure;
mod path;
mod search;
mod write;

use std::sync::Arc;

use athena_learn::entities::{entity_id, relation_id};
use athena_schemas::Error;
use athena_schemas::Time;
use athena_store::Scope;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::records::one_project;
use crate::graph::{self, Graph, Tie};
use crate::registry::{Call, Registry, Step};

pub fn register(registry: &mut Registry) {
    registry.add::<write::AddEntity>();
    registry.add::<get::GetEntity>();
    registry.add::<write::AddRelation>();
    registry.add::<write::Observe>();
    registry.add::<search::Search>();
    registry.add::<search::Neighbors>();
    registry.add::<path::Path>();
    registry.add::<search::Subgraph>();
    registry.add::<measure::Rank>();
    registry.add::<measure::Metrics>();
    registry.add::<search::Similar>();
    registry.add::<write::Merge>();
    registry.add::<write::Delete>();
    registry.add::<export::Export>();
}

/// Why a graph is empty.
pub const NOTHING: &str = "no run has learned of this project yet and nothing was told; consolidation runs behind the \
                           events, and `graph.add_entity` tells of something at once";

/// The graph of the one project that a call is about.
pub async fn of_call(call: &Call) -> Result<(Scope, Arc<Graph>), Error> {
    let (project, scope) = one_project(call).await?;
    let graph = graph::graph(&call.app, &project).await?;
    Ok((scope, graph))
}

/// An entity in a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Line {
    pub id: String,
    pub name: String,
    pub kind: String,
}

impl Line {
    pub fn of(graph: &Graph, node: u32) -> Self {
        let entity = graph.entity(node);
        Self { id: entity.id.clone(), name: entity.name.clone(), kind: entity.kind.clone() }
    }
}

/// A relation, with the names of its ends.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Related {
    pub id: String,
    pub from: String,
    pub to: String,
    /// Names of the ends.
    pub name: String,
    pub kind: String,
    /// How strongly it ties its ends: of what is named together by more than chance, else by how often.
    pub strength: f64,
    /// In how many stretches of work it was seen; 0 of what was only told.
    pub support: i64,
    pub told: bool,
    pub valid_from: Option<Time>,
    pub valid_until: Option<Time>,
}

impl Related {
    pub fn of(graph: &Graph, tie: &Tie) -> Self {
        let (from, to) = (graph.entity(tie.from), graph.entity(tie.to));
        let kind = graph.kind_of(tie);
        Self {
            id: relation_id(&from.id, kind, &to.id),
            name: format!("{} → {}", from.name, to.name),
            from: from.id.clone(),
            to: to.id.clone(),
            kind: kind.to_owned(),
            strength: rounded(tie.strength),
            support: tie.support,
            told: tie.told,
            valid_from: tie.valid_from,
            valid_until: tie.valid_until,
        }
    }
}

/// To four places: what is beyond tells nothing.
pub fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// The examples: a shop's services.
pub fn entity(name: &str) -> Step {
    let arguments = json!({"name": name, "kind": "service", "event_id": format!("example-entity-{name}")});
    Step { tool: "graph", operation: "add_entity", arguments }
}

pub fn relation(from: &str, to: &str) -> Step {
    let arguments =
        json!({"from": from, "to": to, "kind": "calls", "event_id": format!("example-relation-{from}-{to}")});
    Step { tool: "graph", operation: "add_relation", arguments }
}

/// Services that call each other, and one named after the project, so that answers tell of it.
pub fn shop() -> Vec<Step> {
    let names = ["checkout", "payments", "ledger", "mail"];
    let ties =
        [("checkout", "payments"), ("payments", "ledger"), ("checkout", "ledger"), ("checkout", "mail")];
    let told = names.map(entity).into_iter();
    told.chain(ties.map(|(from, to)| relation(from, to))).collect()
}

pub fn example_id(name: &str) -> String {
    entity_id("service", name)
}

pub fn example_relation(from: &str, to: &str) -> Value {
    json!(relation_id(&example_id(from), "calls", &example_id(to)))
}
