//! Refinement (the same paper, algorithm A.2, `RefinePartition` and `MergeNodesSubset`): within each
//! community, nodes begin alone and merge into parts that are well bound to the rest of it. Parts are
//! connected by construction, for a node only joins a part that it has an edge to.

use super::dice::Dice;
use super::graph::Graph;
use super::partition::{Partition, Tally};

/// How far from the best choice a node may merge, as a share of its strength: a choice that gains less
/// by this is taken e times less often (θ of the paper).
const SPREAD: f64 = 0.01;

/// The part that each node is in, numbered by one of its nodes.
pub fn refine(graph: &Graph, partition: &Partition, pull: f64, order: &[u32], dice: &mut Dice) -> Vec<u32> {
    let community = &partition.community;
    let mut parts = Parts {
        part: (0..graph.nodes() as u32).collect(),
        strengths: graph.strengths.clone(),
        sizes: vec![1; graph.nodes()],
        bonds: (0..graph.nodes() as u32).map(|node| bond(graph, community, node)).collect(),
    };
    let mut tally = Tally::new(graph.nodes());
    let mut choices = Vec::new();
    for &node in order {
        let whole = partition.strengths[community[node as usize] as usize];
        if parts.sizes[node as usize] != 1
            || parts.part[node as usize] != node
            || !parts.is_bound(node, whole, pull)
        {
            continue;
        }
        let own = community[node as usize];
        for arc in graph.arcs(node).iter().filter(|arc| community[arc.target as usize] == own) {
            tally.add(parts.part[arc.target as usize], f64::from(arc.weight));
        }
        let push = pull * graph.strength(node);
        choices.clear();
        for &part in tally.touched() {
            let gain = tally.weight(part) - push * parts.strengths[part as usize];
            if gain >= 0.0 && parts.is_bound(part, whole, pull) {
                choices.push((part, gain));
            }
        }
        if let Some(part) = choose(&choices, SPREAD, dice) {
            parts.join(node, part, tally.weight(part));
        }
        tally.clear();
    }
    parts.part
}

struct Parts {
    part: Vec<u32>,
    strengths: Vec<f64>,
    sizes: Vec<u32>,
    /// The weight between each part and the rest of its community.
    bonds: Vec<f64>,
}

impl Parts {
    /// Whether a part is well connected to the rest of its community, of the strength `whole`.
    fn is_bound(&self, part: u32, whole: f64, pull: f64) -> bool {
        let strength = self.strengths[part as usize];
        self.bonds[part as usize] >= pull * strength * (whole - strength)
    }

    /// A node that is alone joins a part that it is bound to by `weight`.
    fn join(&mut self, node: u32, part: u32, weight: f64) {
        let (from, to) = (node as usize, part as usize);
        self.part[from] = part;
        self.strengths[to] += self.strengths[from];
        self.bonds[to] += self.bonds[from] - 2.0 * weight;
        self.sizes[to] += 1;
        self.sizes[from] = 0;
    }
}

/// The weight between a node and the rest of its community.
fn bond(graph: &Graph, community: &[u32], node: u32) -> f64 {
    let own = community[node as usize];
    let inside = graph.arcs(node).iter().filter(|arc| community[arc.target as usize] == own);
    inside.map(|arc| f64::from(arc.weight)).sum()
}

/// One of the choices by chance, each with a weight of exp(gain / spread).
fn choose(choices: &[(u32, f64)], spread: f64, dice: &mut Dice) -> Option<u32> {
    let most = choices.iter().map(|(_, gain)| *gain).fold(f64::NEG_INFINITY, f64::max);
    let likely = |gain: f64| ((gain - most) / spread).exp();
    let sum: f64 = choices.iter().map(|(_, gain)| likely(*gain)).sum();
    let mut left = dice.unit() * sum;
    for (part, gain) in choices {
        left -= likely(*gain);
        if left <= 0.0 {
            return Some(*part);
        }
    }
    choices.last().map(|(part, _)| *part)
}
