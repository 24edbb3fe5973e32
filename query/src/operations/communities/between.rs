//! What lies between communities.

use std::collections::{BTreeMap, HashSet};

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{NONE, found, named, ties};
use crate::operations::graph::{Line, Related, rounded, shop};
use crate::operations::paging;
use crate::operations::records::page;
use crate::registry::{Call, Effect, Example, Operation};

/// Relations that are shown between two, and communities that one is compared with.
const SHOWN: usize = 20;

/// Entities that tie communities to each other: by how evenly their ties are spread over several (the participation
/// coefficient of Guimerà and Amaral 2005), weighed by how much of that they tie.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bridges {
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// The strongest first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Between {
    items: Vec<Bridge>,
    next_cursor: Option<String>,
    /// Why there are none.
    reason: Option<&'static str>,
    project: String,
}

/// An entity with its score, its participation, and how strongly each community pulls at it.
type Pulled = (f64, f64, u32, Vec<(usize, f64)>);

#[derive(Debug, Serialize, JsonSchema)]
struct Bridge {
    #[serde(flatten)]
    entity: Line,
    /// From 0, all its ties in one community, to 1.
    participation: f64,
    /// Participation times the strength of its ties to communities that are not its own.
    score: f64,
    /// Its own community, and others that it is tied to, the most strongly tied first.
    own: Option<String>,
    communities: Vec<Tied>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Tied {
    community: String,
    strength: f64,
}

impl Operation for Bridges {
    const TOOL: &'static str = "communities";
    const NAME: &'static str = "bridges";
    const EFFECT: Effect = Effect::Read;
    type Result = Between;

    async fn call(self, call: &Call) -> Result<Between, Error> {
        let (_, graph, communities) = found(call).await?;
        let nodes = 0..graph.entities.len() as u32;
        let broadest: Vec<Option<usize>> =
            nodes.clone().map(|node| communities.of_node(node).first().copied()).collect();
        let mut bridges: Vec<Pulled> = Vec::new();
        for node in nodes {
            let mut pulls: BTreeMap<usize, f64> = BTreeMap::new();
            for (other, tie) in graph.beside(node) {
                if let Some(at) = broadest[other as usize] {
                    *pulls.entry(at).or_default() += tie.strength;
                }
            }
            let all: f64 = pulls.values().sum();
            if pulls.len() < 2 || all <= 0.0 {
                continue;
            }
            let participation = 1.0 - pulls.values().map(|pull| (pull / all).powi(2)).sum::<f64>();
            let own = broadest[node as usize].and_then(|at| pulls.get(&at).copied()).unwrap_or(0.0);
            let mut pulls: Vec<(usize, f64)> = pulls.into_iter().collect();
            pulls.sort_by(|one, other| other.1.total_cmp(&one.1));
            bridges.push((participation * (all - own), participation, node, pulls));
        }
        bridges.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.2.cmp(&other.2)));
        let (bridges, next_cursor) = page(bridges, paging::limit(self.limit)?, self.cursor.as_deref())?;
        let name = |at: usize| communities.rows[at].id.clone();
        let items: Vec<Bridge> = bridges
            .into_iter()
            .map(|(score, participation, node, pulls)| Bridge {
                entity: Line::of(&graph, node),
                participation: rounded(participation),
                score: rounded(score),
                own: broadest[node as usize].map(name),
                communities: pulls
                    .into_iter()
                    .take(SHOWN)
                    .map(|(at, strength)| Tied { community: name(at), strength: rounded(strength) })
                    .collect(),
            })
            .collect();
        let reason = match (communities.rows.is_empty(), items.is_empty()) {
            (true, _) => Some(NONE),
            (false, true) => Some("no entity is tied to more than one community"),
            _ => None,
        };
        Ok(Between { items, next_cursor, reason, project: graph.project.clone() })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: shop(), arguments: json!({"limit": 5}) }]
    }
}

/// How strongly a community is tied inside, and to another, or to each of the others.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connectivity {
    /// A community: id, name, or a member of it.
    a: String,
    /// Another one.
    #[serde(default)]
    b: Option<String>,
}

/// Ties within and between.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Connected {
    a: String,
    /// Strength of the ties within `a`, and from it to all others.
    inside: f64,
    outside: f64,
    /// The others of its level that it is tied to, the most strongly tied first.
    items: Vec<Across>,
    /// Between `a` and `b`, the strongest first.
    relations: Vec<Related>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Across {
    community: String,
    name: String,
    strength: f64,
    relations: usize,
}

impl Operation for Connectivity {
    const TOOL: &'static str = "communities";
    const NAME: &'static str = "connectivity";
    const EFFECT: Effect = Effect::Read;
    type Result = Connected;

    async fn call(self, call: &Call) -> Result<Connected, Error> {
        let (_, graph, communities) = found(call).await?;
        let a = named(&graph, &communities, "a", &self.a)?;
        let b = self.b.as_deref().map(|b| named(&graph, &communities, "b", b)).transpose()?;
        let level = communities.rows[a].level;
        let own: HashSet<u32> = communities.core(a).map(|one| one.node).collect();
        let of_level = |node: u32| {
            let all = communities.of_node(node).iter().copied();
            let wanted = |at: &usize| b.map_or(communities.rows[*at].level == level, |b| *at == b);
            all.filter(wanted).find(|at| *at != a)
        };
        let mut across: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
        let mut between = Vec::new();
        for node in &own {
            for (other, tie) in graph.beside(*node).filter(|(other, _)| !own.contains(other)) {
                let Some(at) = of_level(other) else { continue };
                let (strength, count) = across.entry(at).or_default();
                *strength += tie.strength;
                *count += 1;
                if b.is_some() {
                    between.push(*tie);
                }
            }
        }
        between.sort_by(|one, other| {
            other.strength.total_cmp(&one.strength).then((one.from, one.to).cmp(&(other.from, other.to)))
        });
        let mut items: Vec<Across> = across
            .into_iter()
            .map(|(at, (strength, relations))| Across {
                community: communities.rows[at].id.clone(),
                name: communities.rows[at].name.clone(),
                strength: rounded(strength),
                relations,
            })
            .collect();
        items.sort_by(|one, other| other.strength.total_cmp(&one.strength));
        items.truncate(SHOWN);
        let (inside, outside) = ties(&graph, &communities, a);
        Ok(Connected {
            a: communities.rows[a].id.clone(),
            inside,
            outside,
            items,
            relations: between.iter().take(SHOWN).map(|tie| Related::of(&graph, tie)).collect(),
            project: graph.project.clone(),
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: shop(), arguments: json!({"a": "checkout"}) }]
    }
}
