//! Entities that a question means, and what is around them.

use std::collections::{BTreeMap, HashMap, HashSet};

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Line, NOTHING, Related, entity, of_call, rounded, shop};
use crate::graph::Graph;
use crate::operations::paging;
use crate::operations::records::page;
use crate::registry::{Call, Effect, Example, Operation};

/// Steps of a neighbourhood and of a subgraph, and entities that one begins with, at most.
const MOST_DEPTH: usize = 4;
const MOST_BEGIN: usize = 100;
/// Nodes of a neighbourhood.
const MOST_NEAR: usize = 10_000;
/// Edges of one subgraph.
const MOST_EDGES: usize = 2_000;
/// Entities whose likeness in name is looked at.
const ALIKE: usize = 1_000;

/// Entities whose names or aliases have the words of a question, the best first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// Words of the name.
    query: String,
    /// Only entities of this kind.
    #[serde(default)]
    kind: Option<String>,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// Entities, the best first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Entities {
    items: Vec<Scored>,
    next_cursor: Option<String>,
    /// Why there are none.
    reason: Option<&'static str>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Scored {
    #[serde(flatten)]
    entity: Line,
    /// From 0 to 1.
    score: f64,
    mentions: i64,
    degree: usize,
}

impl Operation for Search {
    const TOOL: &'static str = "graph";
    const NAME: &'static str = "search";
    const EFFECT: Effect = Effect::Read;
    type Result = Entities;

    async fn call(self, call: &Call) -> Result<Entities, Error> {
        let (_, graph) = of_call(call).await?;
        let found = graph.search(&self.query, self.kind.as_deref());
        let (found, next_cursor) = page(found, paging::limit(self.limit)?, self.cursor.as_deref())?;
        let scored = |(node, score): (u32, f64)| Scored {
            entity: Line::of(&graph, node),
            score: rounded(score),
            mentions: graph.entity(node).mentions,
            degree: graph.degree(node),
        };
        Ok(Entities {
            items: found.into_iter().map(scored).collect(),
            next_cursor,
            reason: graph.entities.is_empty().then_some(NOTHING),
            project: graph.project.clone(),
        })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: shop(), arguments: json!({"query": "check"}) },
            Example {
                setup: vec![entity("mail")],
                arguments: json!({"query": "", "kind": "service", "limit": 2}),
            },
        ]
    }
}

/// What an entity is tied to, directly or over some steps: the nearest first, of these the most strongly tied first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Neighbors {
    /// Id, name or alias, or `kind:name`.
    entity: String,
    /// Steps; 1 when not said.
    #[serde(default)]
    depth: Option<usize>,
    /// Only along relations of these kinds.
    #[serde(default)]
    kinds: Vec<String>,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// A neighbourhood.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Neighbourhood {
    entity: Line,
    items: Vec<Neighbour>,
    next_cursor: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Neighbour {
    #[serde(flatten)]
    entity: Line,
    /// Steps from the entity.
    distance: usize,
    /// The product of what each step is passed with, from 0 to 1.
    strength: f64,
    /// The last step.
    relation: Related,
}

impl Operation for Neighbors {
    const TOOL: &'static str = "graph";
    const NAME: &'static str = "neighbors";
    const EFFECT: Effect = Effect::Read;
    type Result = Neighbourhood;

    async fn call(self, call: &Call) -> Result<Neighbourhood, Error> {
        let depth = depth(self.depth, 1, 1)?;
        let (_, graph) = of_call(call).await?;
        let node = graph.named("entity", &self.entity)?;
        let near =
            graph.neighbourhood(&[node], depth, MOST_NEAR, |tie| passes(&graph, &self.kinds, tie.kind));
        let (near, next_cursor) = page(near, paging::limit(self.limit)?, self.cursor.as_deref())?;
        let items = near.into_iter().map(|near| Neighbour {
            entity: Line::of(&graph, near.node),
            distance: near.distance,
            strength: rounded(near.strength),
            relation: Related::of(&graph, &near.tie),
        });
        Ok(Neighbourhood {
            entity: Line::of(&graph, node),
            items: items.collect(),
            next_cursor,
            project: graph.project.clone(),
        })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"entity": "checkout", "depth": 2, "kinds": ["calls"]});
        vec![Example { setup: shop(), arguments }]
    }
}

fn depth(asked: Option<usize>, default: usize, least: usize) -> Result<usize, Error> {
    match asked.unwrap_or(default) {
        depth if (least..=MOST_DEPTH).contains(&depth) => Ok(depth),
        depth => {
            Err(Error::invalid("depth", format!("{depth} steps; from {least} to {MOST_DEPTH} can be gone")))
        }
    }
}

fn passes(graph: &Graph, kinds: &[String], kind: u16) -> bool {
    kinds.is_empty() || kinds.contains(&graph.kinds()[kind as usize])
}

/// Some entities with what is around them, and all relations among these.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subgraph {
    /// Ids, names or aliases, or `kind:name`.
    entities: Vec<String>,
    /// Steps around them; 1 when not said, 0 for themselves alone.
    #[serde(default)]
    depth: Option<usize>,
    /// Entities at most; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

/// A part of the graph.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Part {
    /// The entities.
    items: Vec<Line>,
    /// The strongest first.
    edges: Vec<Related>,
    /// Whether there is more around them.
    truncated: bool,
    project: String,
}

impl Operation for Subgraph {
    const TOOL: &'static str = "graph";
    const NAME: &'static str = "subgraph";
    const EFFECT: Effect = Effect::Read;
    type Result = Part;

    async fn call(self, call: &Call) -> Result<Part, Error> {
        let (depth, most) = (depth(self.depth, 1, 0)?, paging::limit(self.limit)?);
        if self.entities.is_empty() || self.entities.len() > MOST_BEGIN.min(most) {
            return Err(Error::invalid("entities", format!("from 1 to {} entities", MOST_BEGIN.min(most))));
        }
        let (_, graph) = of_call(call).await?;
        let begin: Vec<u32> =
            self.entities.iter().map(|one| graph.named("entities", one)).collect::<Result<_, Error>>()?;
        let (nodes, more) = around(&graph, &begin, depth, most);
        let (edges, cut) = edges(&graph, &nodes);
        Ok(Part {
            items: nodes.iter().map(|node| Line::of(&graph, *node)).collect(),
            edges,
            truncated: more || cut,
            project: graph.project.clone(),
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: shop(), arguments: json!({"entities": ["payments", "mail"], "depth": 1}) }]
    }
}

/// Nodes within some steps of others, these first; whether there are more.
pub fn around(graph: &Graph, begin: &[u32], depth: usize, most: usize) -> (Vec<u32>, bool) {
    let mut nodes: Vec<u32> = Vec::new();
    begin.iter().for_each(|node| {
        if !nodes.contains(node) {
            nodes.push(*node)
        }
    });
    let near = graph.neighbourhood(&nodes, depth, most.saturating_sub(nodes.len()) + 1, |_| true);
    nodes.extend(near.into_iter().map(|near| near.node));
    let more = nodes.len() > most;
    nodes.truncate(most);
    (nodes, more)
}

/// The relations among some nodes, the strongest first; whether there are more.
pub fn edges(graph: &Graph, nodes: &[u32]) -> (Vec<Related>, bool) {
    let own: HashSet<u32> = nodes.iter().copied().collect();
    let mut ties: Vec<_> = nodes
        .iter()
        .flat_map(|node| graph.beside(*node).filter(|(_, tie)| tie.from == *node).map(|(_, tie)| *tie))
        .filter(|tie| own.contains(&tie.to))
        .collect();
    ties.sort_by(|one, other| other.strength.total_cmp(&one.strength));
    let more = ties.len() > MOST_EDGES;
    ties.truncate(MOST_EDGES);
    (ties.iter().map(|tie| Related::of(graph, tie)).collect(), more)
}

/// Entities that are like one: tied to the same (`neighbours`), or called alike (`text`).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Similar {
    /// Id, name or alias, or `kind:name`.
    entity: String,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

/// The most alike first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Alike {
    entity: Line,
    items: Vec<Likeness>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Likeness {
    #[serde(flatten)]
    entity: Line,
    /// 1 − (1 − neighbours) · (1 − text).
    score: f64,
    parts: BTreeMap<&'static str, f64>,
}

impl Operation for Similar {
    const TOOL: &'static str = "graph";
    const NAME: &'static str = "similar";
    const EFFECT: Effect = Effect::Read;
    type Result = Alike;

    async fn call(self, call: &Call) -> Result<Alike, Error> {
        let most = paging::limit(self.limit)?;
        let (_, graph) = of_call(call).await?;
        let node = graph.named("entity", &self.entity)?;
        let own = graph.entity(node);
        let mut parts: HashMap<u32, (f64, f64)> =
            graph.sharing(node).into_iter().map(|(other, shared)| (other, (shared, 0.0))).collect();
        let called = graph.search(&own.name, Some(&own.kind)).into_iter().take(ALIKE).map(|(other, _)| other);
        let looked: HashSet<u32> =
            called.chain(parts.keys().copied()).filter(|other| *other != node).collect();
        for other in looked {
            let text = alike(&own.name, &graph.entity(other).name);
            parts.entry(other).or_default().1 = text;
        }
        let score = |(shared, text): (f64, f64)| 1.0 - (1.0 - shared) * (1.0 - text);
        let mut found: Vec<(u32, (f64, f64))> =
            parts.into_iter().filter(|(_, parts)| score(*parts) > 0.0).collect();
        found.sort_by(|one, other| score(other.1).total_cmp(&score(one.1)).then(one.0.cmp(&other.0)));
        let items = found.into_iter().take(most).map(|(other, parts)| Likeness {
            entity: Line::of(&graph, other),
            score: rounded(score(parts)),
            parts: BTreeMap::from([("neighbours", rounded(parts.0)), ("text", rounded(parts.1))]),
        });
        Ok(Alike { entity: Line::of(&graph, node), items: items.collect(), project: graph.project.clone() })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: shop(), arguments: json!({"entity": "payments"}) }]
    }
}

/// How much two names have in common, from 0 to 1: of their pairs of letters (Dice), nothing below half.
fn alike(one: &str, other: &str) -> f64 {
    let likeness = strsim::sorensen_dice(&one.to_lowercase(), &other.to_lowercase());
    ((likeness - 0.5) * 2.0).max(0.0)
}
