//! Tool `communities`: what belongs together.

mod between;
mod detect;
mod drift;
mod read;
mod summary;

use std::sync::Arc;

use athena_schemas::Error;
use athena_schemas::tables::Community;
use athena_store::Scope;
use schemars::JsonSchema;
use serde::Serialize;

pub use summary::{Source, events};

use super::graph::{Line, of_call, rounded};
use crate::graph::{Communities, Graph};
use crate::registry::{Call, Registry};

pub fn register(registry: &mut Registry) {
    registry.add::<detect::Detect>();
    registry.add::<read::List>();
    registry.add::<read::Get>();
    registry.add::<read::Members>();
    registry.add::<read::Of>();
    registry.add::<read::Levels>();
    registry.add::<between::Bridges>();
    registry.add::<between::Connectivity>();
    registry.add::<summary::Summary>();
    registry.add::<drift::Drift>();
}

/// Why there are none.
pub const NONE: &str = "nothing that is known is tied to anything else yet";

/// The graph of the project that a call is about, with its communities.
async fn found(call: &Call) -> Result<(Scope, Arc<Graph>, Arc<Communities>), Error> {
    let (scope, graph) = of_call(call).await?;
    let communities = graph.communities().await?;
    Ok((scope, graph, communities))
}

/// A community in a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Listed {
    pub id: String,
    /// From 0, the broadest.
    pub level: i64,
    /// The community one level up that it lies in.
    pub parent: Option<String>,
    /// Members, those that stand everywhere included.
    pub size: i64,
    /// Its most central members.
    pub name: String,
    /// Its part of the modularity of its level.
    pub modularity_share: f64,
    /// Names of the most central members.
    pub top: Vec<String>,
    pub summary: String,
    /// The run that wrote it; null of one that was found since.
    pub version: Option<String>,
}

impl Listed {
    pub fn of(row: &Community) -> Self {
        Self {
            id: row.id.clone(),
            level: row.level,
            parent: row.parent.clone(),
            size: row.size,
            name: row.name.clone(),
            modularity_share: row.modularity_share,
            top: row.top.clone(),
            summary: row.summary.clone(),
            version: (!row.run.is_empty()).then(|| row.run.clone()),
        }
    }
}

/// The community that an argument names: by id, by a unique name, or by an entity of it at the broadest level.
fn named(graph: &Graph, communities: &Communities, argument: &str, given: &str) -> Result<usize, Error> {
    if let Some(at) = communities.number(given) {
        return Ok(at);
    }
    let by_name = communities.rows.iter().position(|one| one.name == given);
    let by_member =
        || graph.named(argument, given).ok().and_then(|node| communities.of_node(node).first().copied());
    by_name.or_else(by_member).ok_or_else(|| {
        let error = Error::not_found(format!("no community {given} in project {}", graph.project));
        let error = Error { field: Some(argument.into()), ..error };
        match communities.replaced(given) {
            Some(one) => error.hint(format!("most of it is in {} now", one.id)),
            None => error.hint("`communities.list` lists them; the name of a member does too"),
        }
    })
}

/// A member of a community.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Member {
    /// Id of the entity.
    pub entity: String,
    pub name: String,
    pub kind: String,
    /// From 0 to 1: how strongly it is tied inside, beside the most strongly tied.
    pub centrality: f64,
    /// Whether it acts everywhere, and is only where most of its ties are.
    pub hub: bool,
}

fn member(graph: &Graph, inside: &crate::graph::Inside) -> Member {
    let Line { id, name, kind } = Line::of(graph, inside.node);
    Member { entity: id, name, kind, centrality: inside.centrality, hub: inside.hub }
}

/// Strengths of ties within a community, and from it to what is outside.
fn ties(graph: &Graph, communities: &Communities, at: usize) -> (f64, f64) {
    let own: std::collections::HashSet<u32> = communities.core(at).map(|one| one.node).collect();
    let (mut inside, mut outside) = (0.0, 0.0);
    for node in &own {
        for (other, tie) in graph.beside(*node) {
            match own.contains(&other) {
                // Seen from both ends.
                true => inside += tie.strength / 2.0,
                false if communities.of_node(other).is_empty() => {}
                false => outside += tie.strength,
            }
        }
    }
    (rounded(inside), rounded(outside))
}
