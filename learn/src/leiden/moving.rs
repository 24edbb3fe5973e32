//! Fast local moving (Traag, Waltman and van Eck 2019, algorithm A.2, `MoveNodesFast`): nodes wait in a
//! queue, each moves to the community that gains most, and only neighbours that this may concern wait
//! again.

use std::collections::VecDeque;

use super::graph::Graph;
use super::partition::{Partition, Tally};

/// Times that a node is looked at, on average, before moving ends: a bound that rounding cannot escape.
const LOOKS: usize = 100;

/// What is gained by less than this share of a node's strength is rounding.
const LEAST_GAIN: f64 = 1e-7;

/// Nodes to be looked at, each at most once.
#[derive(Debug)]
pub struct Queue {
    nodes: VecDeque<u32>,
    waiting: Vec<bool>,
}

impl Queue {
    /// These nodes in this order, all below `nodes`, none twice.
    pub fn new(nodes: usize, first: Vec<u32>) -> Self {
        let mut waiting = vec![false; nodes];
        first.iter().for_each(|node| waiting[*node as usize] = true);
        Self { nodes: first.into(), waiting }
    }

    fn push(&mut self, node: u32) {
        if !std::mem::replace(&mut self.waiting[node as usize], true) {
            self.nodes.push_back(node);
        }
    }

    fn pop(&mut self) -> Option<u32> {
        let node = self.nodes.pop_front()?;
        self.waiting[node as usize] = false;
        Some(node)
    }
}

/// Moves nodes until none gains by moving alone. `pull` is the resolution over the graph's total: what
/// two nodes must be bound by, for each unit of their strengths' product. Ends earlier after `LOOKS` at each
/// node, on average. `moved` hears of every move, with the community that was left.
pub fn settle(
    graph: &Graph,
    partition: &mut Partition,
    pull: f64,
    mut queue: Queue,
    mut moved: impl FnMut(u32, u32),
) {
    let mut tally = Tally::new(graph.nodes());
    for _ in 0..graph.nodes().saturating_mul(LOOKS) {
        let Some(node) = queue.pop() else { break };
        let own = partition.community[node as usize];
        let best = best_for(graph, partition, pull, node, &mut tally);
        if best == own {
            continue;
        }
        partition.shift(node, graph.strength(node), best);
        moved(node, own);
        for arc in graph.arcs(node) {
            if partition.community[arc.target as usize] != best {
                queue.push(arc.target);
            }
        }
    }
}

/// Where a node gains most; where it is, unless elsewhere is better.
fn best_for(graph: &Graph, partition: &Partition, pull: f64, node: u32, tally: &mut Tally) -> u32 {
    let own = partition.community[node as usize];
    let strength = graph.strength(node);
    for arc in graph.arcs(node) {
        tally.add(partition.community[arc.target as usize], f64::from(arc.weight));
    }
    let push = pull * strength;
    let stay = tally.weight(own) - push * (partition.strengths[own as usize] - strength);
    let (mut best, mut most) = (own, stay + LEAST_GAIN * strength);
    for &other in tally.touched() {
        let gain = tally.weight(other) - push * partition.strengths[other as usize];
        if gain > most && other != own {
            (best, most) = (other, gain);
        }
    }
    tally.clear();
    match partition.empty() {
        // Alone it gains nothing and loses nothing.
        Some(empty) if most < 0.0 && partition.sizes[own as usize] > 1 => empty,
        _ => best,
    }
}
