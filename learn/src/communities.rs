//! Communities of entities: found by Leiden without what stands everywhere, named, and known again from run to run.
//!
//! ```text
//! entities, relations ─▶ network (strengths, hubs apart) ─▶ leiden: levels ─▶ groups (hubs attached) ─▶ ids by members
//! ```
//!
//! What stands in over a tenth of all sessions is damped: its ties weigh less, and no community is held together by one
//! such entity alone, for where its parts would fall apart without it they are parted. What acts everywhere (sessions,
//! agents, tools) is left out altogether, and then put where most of its ties are. Pure.

mod agreement;
mod groups;
mod identity;
mod loosen;
mod rows;

use std::collections::HashMap;

use crate::Result;
use crate::entities::{Hubs, Totals, strength};
use crate::leiden::{self, Edge, Graph, LEAST_WEIGHT, Options};

pub use agreement::nmi;
pub use groups::{Group, Member, groups};
pub use identity::{Before, Identity, identify};
use loosen::loosen;
pub use rows::{Read, Rows};

/// An updated partition with less than this share of the modularity that the last one had is found anew.
const KEPT_SHARE: f64 = 0.995;

/// An entity, as far as communities are concerned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub sessions: i64,
    pub contexts: i64,
}

/// A relation between two nodes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Link<'k> {
    pub from: u32,
    pub to: u32,
    pub kind: &'k str,
    pub support: i64,
    pub weight: f64,
    pub told: bool,
}

/// Entities and how strongly they are tied.
#[derive(Debug, Clone)]
pub struct Network {
    pub nodes: Vec<Node>,
    /// Those that are left out of the graph.
    pub hubs: Vec<bool>,
    /// Those whose ties weigh less.
    pub damped: Vec<bool>,
    /// Ends and strength, each pair as often as it has relations; strengths are above zero.
    pub edges: Vec<(u32, u32, f64)>,
}

/// Which group each node is in, by level, the broadest first; hubs are in none.
#[derive(Debug, Clone, PartialEq)]
pub struct Partition {
    pub levels: Vec<Vec<u32>>,
    /// Of the broadest level.
    pub modularity: f64,
    /// Whether it was found anew.
    pub whole: bool,
    /// What it was found in: the graph without hubs.
    pub core: Graph,
}

impl Network {
    pub fn new<'k>(nodes: Vec<Node>, links: impl IntoIterator<Item = Link<'k>>, totals: Totals) -> Self {
        let hubs = Hubs::of(totals);
        let damping: Vec<f64> = nodes.iter().map(|node| hubs.damping(node.sessions, node.contexts)).collect();
        let apart = nodes.iter().map(|node| hubs.apart(&node.kind, node.sessions, node.contexts)).collect();
        let edge = |link: Link<'_>| {
            let ends = (nodes[link.from as usize].contexts, nodes[link.to as usize].contexts);
            let tied = strength(link.kind, (link.support, link.weight), ends, totals, link.told);
            let tied = tied * damping[link.from as usize] * damping[link.to as usize];
            (link.from != link.to && tied >= LEAST_WEIGHT).then_some((link.from, link.to, tied))
        };
        let edges = links.into_iter().filter_map(edge).collect();
        let damped = damping.iter().map(|damping| *damping < 1.0).collect();
        Self { nodes, hubs: apart, damped, edges }
    }

    /// The graph without hubs. They keep their numbers, and have no edges.
    pub fn core(&self) -> Result<Graph> {
        let apart = |node: &u32| self.hubs[*node as usize];
        let kept = self.edges.iter().filter(|(from, to, _)| !apart(from) && !apart(to));
        let edges: Vec<Edge> =
            kept.map(|(from, to, weight)| Edge { from: *from, to: *to, weight: weight.min(1e9) }).collect();
        Graph::from_edges(self.nodes.len(), &edges)
    }
}

/// What is known of the partition before.
#[derive(Debug, Clone, Default)]
pub struct Earlier<'a> {
    /// The broadest community of each entity.
    pub of: HashMap<&'a str, &'a str>,
    /// Entities with relations that are new or not what they were.
    pub changed: Vec<&'a str>,
    pub modularity: f64,
}

/// Finds communities: anew, or from those before, as long as that is nearly as good.
///
/// # Errors
/// A graph that has no room.
pub fn partition(network: &Network, earlier: Option<&Earlier<'_>>, options: Options) -> Result<Partition> {
    let graph = network.core()?;
    let updated = earlier.map(|earlier| updated(network, &graph, earlier, options)).transpose()?.flatten();
    let whole = updated.is_none();
    let mut found = updated.unwrap_or_else(|| leiden::communities(&graph, options));
    let modularity = graph.modularity(&found, options.resolution());
    if let Some(earlier) = earlier
        && !whole
        && modularity < KEPT_SHARE * earlier.modularity
    {
        let anew = leiden::communities(&graph, options);
        if graph.modularity(&anew, options.resolution()) > modularity {
            found = anew;
        }
    }
    loosen(&graph, &network.damped, &mut found);
    let modularity = graph.modularity(&found, options.resolution());
    let mut levels = leiden::levels(&graph, &found, options);
    levels.iter_mut().for_each(|level| loosen(&graph, &network.damped, level));
    levels.reverse();
    Ok(Partition { levels, modularity, whole, core: graph })
}

/// The partition before, with what changed since; `None` where nothing of it is left.
fn updated(
    network: &Network,
    graph: &Graph,
    earlier: &Earlier<'_>,
    options: Options,
) -> Result<Option<Vec<u32>>> {
    let mut labels: HashMap<&str, u32> = HashMap::new();
    let mut free = Vec::new();
    let mut before = vec![u32::MAX; network.nodes.len()];
    let changed: std::collections::HashSet<&str> = earlier.changed.iter().copied().collect();
    let mut frontier = Vec::new();
    for (at, node) in network.nodes.iter().enumerate() {
        let known = earlier.of.get(node.id.as_str()).filter(|_| !network.hubs[at]);
        match known {
            Some(label) => {
                let next = labels.len() as u32;
                before[at] = *labels.entry(label).or_insert(next);
            }
            None => free.push(at),
        }
        if known.is_none() || changed.contains(node.id.as_str()) {
            frontier.push(at as u32);
        }
    }
    if labels.is_empty() {
        return Ok(None);
    }
    for (at, label) in free.into_iter().zip(labels.len() as u32..) {
        before[at] = label;
    }
    leiden::update(graph, &before, &frontier, &frontier, options).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::CO_OCCURS;

    /// Two rings of files, each named together, an agent of all sessions, and a file that most of them name.
    pub(super) fn two_rings() -> Network {
        let node = |id: String, contexts| Node {
            name: format!("{id}.rs"),
            id,
            kind: "file".into(),
            sessions: contexts,
            contexts,
        };
        let mut nodes: Vec<Node> = (0..12).map(|at| node(format!("n{at}"), 4)).collect();
        nodes.push(Node { kind: "agent".into(), ..node("hub".into(), 60) });
        nodes.push(node("lib".into(), 60));
        let link = |from, to| Link { from, to, kind: CO_OCCURS, support: 4, weight: 4.0, told: false };
        let ring = |first: u32| {
            (0..6)
                .flat_map(move |at| [(first + at, first + (at + 1) % 6), (first + at, first + (at + 2) % 6)])
        };
        let mut links: Vec<Link<'_>> = ring(0).chain(ring(6)).map(|(from, to)| link(from, to)).collect();
        links.extend((0..12).flat_map(|at| [link(at, 12), link(at, 13)]));
        Network::new(nodes, links, Totals { sessions: 100, contexts: 100 })
    }

    #[test]
    fn hubs_hold_nothing_together() {
        let network = two_rings();
        assert!(network.hubs[12] && !network.hubs[0] && network.damped[13] && !network.hubs[13]);
        let found = partition(&network, None, Options::default()).unwrap();
        let top = &found.levels[0];
        assert!(top[..6].iter().all(|own| *own == top[0]) && top[6..12].iter().all(|own| *own == top[6]));
        assert_ne!(top[0], top[6]);
        assert!(found.modularity > 0.4 && found.whole);
    }

    #[test]
    fn an_update_goes_on_from_what_was() {
        let network = two_rings();
        let found = partition(&network, None, Options::default()).unwrap();
        let names: Vec<String> = found.levels[0].iter().map(|own| format!("c{own}")).collect();
        let of = network.nodes[..11].iter().zip(&names).map(|(node, name)| (node.id.as_str(), name.as_str()));
        let earlier = Earlier { of: of.collect(), changed: vec!["n11"], modularity: found.modularity };
        let again = partition(&network, Some(&earlier), Options::default()).unwrap();
        assert!(!again.whole);
        assert!((again.modularity - found.modularity).abs() < 1e-9);
        assert_eq!(again.levels[0][11], again.levels[0][6]);
    }
}
