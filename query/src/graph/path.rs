//! The best ways from one entity to another. Pure.
//!
//! A tie of strength s is passed with probability s / (1 + s), less through what stands everywhere; the best way is the
//! one that is passed most probably (Dijkstra over −ln). Further ways are the best that go around a tie of those found
//! (Yen 1971, bounded).

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

use super::{Graph, Tie};

/// What passing through a hub costs.
const HUB: f64 = 0.1;
/// Places that one search looks at.
const LOOKS: usize = 200_000;

/// A way: nodes from the beginning to the end, the ties between them, and the product of their probabilities.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    pub nodes: Vec<u32>,
    pub ties: Vec<Tie>,
    pub strength: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Cost(f64);

impl Eq for Cost {}

impl PartialOrd for Cost {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cost {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Graph {
    /// The best ways of at most so many hops, the best first.
    pub fn ways(&self, from: u32, to: u32, hops: usize, most: usize) -> Vec<Way> {
        let mut found: Vec<Way> = Vec::new();
        let mut waiting: Vec<(Way, BTreeSet<(u32, u32)>)> = Vec::new();
        waiting.extend(self.way(from, to, hops, &BTreeSet::new()).map(|way| (way, BTreeSet::new())));
        while found.len() < most && !waiting.is_empty() {
            waiting.sort_by(|(one, _), (other, _)| one.strength.total_cmp(&other.strength));
            let Some((way, without)) = waiting.pop() else { break };
            if found.iter().any(|one| one.nodes == way.nodes) {
                continue;
            }
            if found.len() + 1 < most {
                for pair in way.nodes.windows(2) {
                    let mut without = without.clone();
                    without.insert((pair[0].min(pair[1]), pair[0].max(pair[1])));
                    let around = self.way(from, to, hops, &without);
                    waiting.extend(around.map(|way| (way, without)));
                }
            }
            found.push(way);
        }
        found
    }

    /// The best way that uses none of these ties.
    fn way(&self, from: u32, to: u32, hops: usize, without: &BTreeSet<(u32, u32)>) -> Option<Way> {
        let mut best: HashMap<(u32, usize), (f64, u32, Tie)> = HashMap::new();
        let mut waiting = BinaryHeap::from([Reverse((Cost(0.0), from, 0_usize))]);
        let mut looks = 0;
        while let Some(Reverse((Cost(cost), node, hop))) = waiting.pop() {
            if node == to {
                return Some(self.walked(from, (to, hop), cost, &best));
            }
            if hop == hops || best.get(&(node, hop)).is_some_and(|(known, ..)| *known < cost) {
                continue;
            }
            for (other, tie) in self.beside(node) {
                looks += 1;
                if looks > LOOKS {
                    return None;
                }
                let pair = (node.min(other), node.max(other));
                if other == from || tie.strength <= 0.0 || without.contains(&pair) {
                    continue;
                }
                let damped = if self.hubs[other as usize] && other != to { HUB } else { 1.0 };
                let next = cost - (damped * tie.strength / (1.0 + tie.strength)).ln();
                let at = (other, hop + 1);
                // A longer way that is no better is none.
                let known = (1..=hop + 1)
                    .any(|hop| best.get(&(other, hop)).is_some_and(|(known, ..)| *known <= next));
                if !known {
                    best.insert(at, (next, node, *tie));
                    waiting.push(Reverse((Cost(next), other, hop + 1)));
                }
            }
        }
        None
    }

    fn walked(
        &self,
        from: u32,
        (to, hops): (u32, usize),
        cost: f64,
        best: &HashMap<(u32, usize), (f64, u32, Tie)>,
    ) -> Way {
        let (mut nodes, mut ties) = (vec![to], Vec::new());
        let (mut node, mut hop) = (to, hops);
        while node != from && hop > 0 {
            let Some((_, before, tie)) = best.get(&(node, hop)) else { break };
            ties.push(*tie);
            node = *before;
            hop -= 1;
            nodes.push(node);
        }
        nodes.reverse();
        ties.reverse();
        Way { nodes, ties, strength: (-cost).exp() }
    }
}
