//! Personalised PageRank around some nodes, within bounds. Pure.
//!
//! Forward push (Andersen, Chung and Lang, "Local graph partitioning using PageRank vectors", 2006): each seed
//! holds a share that waits; a push keeps `RESTART` of what waits at a node and hands the rest to its neighbours.
//! Where the most waits is pushed first, so that what a bound cuts off is what matters least.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};
use std::hash::Hash;

/// The share that stays at a node of what reaches it. Half, as for passages and the things that they name
/// (HippoRAG, Gutiérrez et al. 2024).
const RESTART: f32 = 0.5;
/// What waits at a node and is less than this share of everything is left there.
const LEAST: f32 = 1e-4;

/// How far a walk goes.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Nodes whose neighbours are asked for.
    pub pushes: usize,
    /// Nodes that are known of.
    pub nodes: usize,
}

/// The score of each node that was reached, the best first. `beside` gives a node's neighbours and how strongly each is
/// tied to it; a node without any keeps what reaches it. What still waits at the end counts as if pushed once more.
///
/// # Errors
/// Those of `beside`.
pub fn reach<N: Clone + Eq + Hash + Ord, E>(
    seeds: &[(N, f32)],
    bounds: Bounds,
    mut beside: impl FnMut(&N) -> Result<Vec<(N, f32)>, E>,
) -> Result<Vec<(N, f32)>, E> {
    let all: f32 = seeds.iter().map(|(_, share)| share.max(0.0)).sum();
    let mut walk = Walk { nodes: HashMap::new(), waiting: BinaryHeap::new(), most: bounds.nodes };
    for (node, share) in seeds.iter().filter(|(_, share)| *share > 0.0) {
        walk.hand(node, share / all);
    }
    let mut pushes = 0;
    while pushes < bounds.pushes
        && let Some(node) = walk.next()
    {
        let waited = walk.push(&node);
        let neighbours = beside(&node)?;
        let ties: f32 = neighbours.iter().map(|(_, tie)| tie.max(0.0)).sum();
        if ties > 0.0 {
            for (neighbour, tie) in neighbours.iter().filter(|(_, tie)| *tie > 0.0) {
                walk.hand(neighbour, (1.0 - RESTART) * waited * tie / ties);
            }
        } else {
            walk.keep(&node, (1.0 - RESTART) * waited);
        }
        pushes += 1;
    }
    let mut reached: Vec<(N, f32)> =
        walk.nodes.into_iter().map(|(node, share)| (node, share.kept + RESTART * share.waits)).collect();
    reached.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    Ok(reached)
}

#[derive(Debug, Clone, Copy, Default)]
struct Share {
    kept: f32,
    waits: f32,
}

struct Walk<N> {
    nodes: HashMap<N, Share>,
    /// What waited when it was written down; what waits more now is written down again.
    waiting: BinaryHeap<Waiting<N>>,
    most: usize,
}

struct Waiting<N> {
    share: f32,
    node: N,
}

impl<N: Clone + Eq + Hash + Ord> Walk<N> {
    fn hand(&mut self, node: &N, share: f32) {
        if !self.nodes.contains_key(node) && self.nodes.len() >= self.most {
            return;
        }
        let held = self.nodes.entry(node.clone()).or_default();
        held.waits += share;
        if held.waits > LEAST {
            self.waiting.push(Waiting { share: held.waits, node: node.clone() });
        }
    }

    /// The node at which the most waits.
    fn next(&mut self) -> Option<N> {
        while let Some(Waiting { share, node }) = self.waiting.pop() {
            if self.nodes.get(&node).is_some_and(|held| held.waits == share) {
                return Some(node);
            }
        }
        None
    }

    /// Keeps its part of what waits; gives all that waited.
    fn push(&mut self, node: &N) -> f32 {
        let Some(held) = self.nodes.get_mut(node) else { return 0.0 };
        let waited = std::mem::take(&mut held.waits);
        held.kept += RESTART * waited;
        waited
    }

    fn keep(&mut self, node: &N, share: f32) {
        if let Some(held) = self.nodes.get_mut(node) {
            held.kept += share;
        }
    }
}

impl<N: Ord> Ord for Waiting<N> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.share.total_cmp(&other.share).then_with(|| other.node.cmp(&self.node))
    }
}

impl<N: Ord> PartialOrd for Waiting<N> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<N: Ord> PartialEq for Waiting<N> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<N: Ord> Eq for Waiting<N> {}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    const BOUNDS: Bounds = Bounds { pushes: 10_000, nodes: 10_000 };

    /// A path 0 – 1 – 2 – 3 with a leaf 9 at 0.
    fn path(node: &u32) -> Result<Vec<(u32, f32)>, Infallible> {
        let all = [(0, 1), (1, 2), (2, 3), (0, 9)];
        let beside = all.iter().filter_map(|(one, other)| match node {
            node if node == one => Some((*other, 1.0)),
            node if node == other => Some((*one, 1.0)),
            _ => None,
        });
        Ok(beside.collect())
    }

    #[test]
    fn it_is_what_power_iteration_gives() {
        let found: HashMap<u32, f32> = reach(&[(0, 2.0)], BOUNDS, path).unwrap().into_iter().collect();
        let nodes = [0, 1, 2, 3, 9];
        let mut exact: HashMap<u32, f32> = HashMap::from([(0, 1.0)]);
        for _ in 0..200 {
            let mut next = HashMap::from([(0, RESTART)]);
            for node in nodes {
                let beside = path(&node).unwrap();
                for (other, _) in &beside {
                    let share = exact.get(&node).unwrap_or(&0.0) / beside.len() as f32;
                    *next.entry(*other).or_default() += (1.0 - RESTART) * share;
                }
            }
            exact = next;
        }
        for node in nodes {
            assert!((found[&node] - exact[&node]).abs() < 1e-3, "{node}: {found:?} {exact:?}");
        }
    }

    #[test]
    fn bounds_hold_and_what_matters_comes_first() {
        let mut asked = 0;
        // Everything is tied to a thousand others.
        let crowd = |node: &u32| {
            asked += 1;
            Ok::<_, Infallible>((0..1_000).map(|at| (node * 7 % 1_000 * 1_000 + at, 1.0)).collect())
        };
        let found = reach(&[(1, 1.0), (2, 0.1)], Bounds { pushes: 5, nodes: 1_500 }, crowd).unwrap();
        assert!(found.len() <= 1_500);
        assert_eq!((found[0].0, asked), (1, 5));
    }

    #[test]
    fn ties_and_seeds_weigh() {
        let star = |node: &u32| {
            let beside: &[(u32, f32)] = match node {
                0 => &[(1, 3.0), (2, 1.0), (3, 0.0)],
                _ => &[],
            };
            Ok::<_, Infallible>(beside.to_vec())
        };
        let found = reach(&[(0, 1.0)], BOUNDS, star).unwrap();
        assert_eq!(found.iter().map(|(node, _)| *node).collect::<Vec<_>>(), [0, 1, 2]);
        assert!((found.iter().map(|(_, share)| share).sum::<f32>() - 1.0).abs() < 1e-5);
        assert_eq!(reach(&[] as &[(u32, f32)], BOUNDS, star).unwrap(), []);
    }
}
