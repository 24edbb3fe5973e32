//! What is near: neighbourhoods, PageRank, likeness, and what hangs together. Pure.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::convert::Infallible;

use super::{Graph, Tie};
use crate::rank::pagerank::{Bounds, reach};

/// How far a walk from seeds goes.
const WALK: Bounds = Bounds { pushes: 2_000, nodes: 50_000 };
/// The share of a walk over everything that begins anew, and its rounds.
const RESTART: f32 = 0.15;
const ROUNDS: usize = 30;
/// Neighbours of a neighbour that are looked at.
const MOST_SHARED: usize = 200_000;

/// A node of a neighbourhood: how far, how strongly it is reached, and by which tie.
#[derive(Debug, Clone, Copy)]
pub struct Near {
    pub node: u32,
    pub distance: usize,
    pub strength: f64,
    pub tie: Tie,
}

/// What a graph is like.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    pub components: usize,
    /// Nodes of the largest.
    pub largest: usize,
    /// Nodes without ties.
    pub alone: usize,
}

impl Graph {
    /// Nodes within some steps, the nearest first, of these the most strongly reached first; `passes` says which ties
    /// are gone along.
    pub fn neighbourhood(
        &self,
        from: &[u32],
        depth: usize,
        most: usize,
        passes: impl Fn(&Tie) -> bool,
    ) -> Vec<Near> {
        let mut found: Vec<Near> = Vec::new();
        let mut seen: HashSet<u32> = from.iter().copied().collect();
        let mut edge: Vec<(u32, f64)> = from.iter().map(|node| (*node, 1.0)).collect();
        for distance in 1..=depth {
            let mut next: BTreeMap<u32, Near> = BTreeMap::new();
            for (node, carried) in &edge {
                // What stands everywhere leads everywhere.
                if distance > 1 && self.hubs[*node as usize] && !from.contains(node) {
                    continue;
                }
                for (other, tie) in
                    self.beside(*node).filter(|(other, tie)| !seen.contains(other) && passes(tie))
                {
                    let strength = carried * tie.strength / (1.0 + tie.strength);
                    let near = Near { node: other, distance, strength, tie: *tie };
                    let known = next.entry(other).or_insert(near);
                    if known.strength < strength {
                        *known = near;
                    }
                }
            }
            let mut layer: Vec<Near> = next.into_values().collect();
            layer.sort_by(|one, other| {
                other.strength.total_cmp(&one.strength).then(one.node.cmp(&other.node))
            });
            layer.truncate(most - found.len());
            seen.extend(layer.iter().map(|one| one.node));
            edge = layer.iter().map(|one| (one.node, one.strength)).collect();
            found.extend(layer);
            if found.len() >= most || edge.is_empty() {
                break;
            }
        }
        found
    }

    /// Personalised PageRank from these nodes with their shares, the best first.
    pub fn walk(&self, seeds: &[(u32, f32)]) -> Vec<(u32, f32)> {
        match reach(seeds, WALK, |node| Ok::<_, Infallible>(self.drawn(*node))) {
            Ok(reached) => reached,
            Err(never) => match never {},
        }
    }

    /// PageRank over everything (Page et al. 1999), by the strengths of ties; of all nodes together 1.
    pub fn ranks(&self) -> &[f32] {
        self.ranks.get_or_init(|| {
            let nodes = self.entities.len();
            let even = 1.0 / nodes.max(1) as f32;
            let out: Vec<f32> = (0..nodes as u32)
                .map(|node| self.beside(node).map(|(_, tie)| tie.strength as f32).sum())
                .collect();
            let mut ranks = vec![even; nodes];
            for _ in 0..ROUNDS {
                let lost: f32 =
                    ranks.iter().zip(&out).filter(|(_, out)| **out <= 0.0).map(|(rank, _)| rank).sum();
                let base = (RESTART + (1.0 - RESTART) * lost) * even;
                let mut next = vec![base; nodes];
                for node in (0..nodes).filter(|node| out[*node] > 0.0) {
                    let each = (1.0 - RESTART) * ranks[node] / out[node];
                    for (other, tie) in self.beside(node as u32) {
                        next[other as usize] += each * tie.strength as f32;
                    }
                }
                ranks = next;
            }
            ranks
        })
    }

    /// Nodes that share neighbours with one: the share of both's ties that lead to the same (weighted Jaccard), hubs
    /// left out.
    pub fn sharing(&self, node: u32) -> HashMap<u32, f64> {
        let own = self.strengths(node);
        let all: f64 = own.values().sum();
        let mut shared: HashMap<u32, f64> = HashMap::new();
        let mut looks = 0;
        for (neighbour, strength) in &own {
            for (other, tie) in self.beside(*neighbour) {
                looks += 1;
                if other != node && looks <= MOST_SHARED {
                    *shared.entry(other).or_default() += strength.min(tie.strength);
                }
            }
        }
        let likeness = |(other, common): (u32, f64)| {
            let theirs: f64 = self.strengths(other).values().sum();
            (other, (common / (all + theirs - common).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0))
        };
        shared.into_iter().map(likeness).collect()
    }

    fn strengths(&self, node: u32) -> BTreeMap<u32, f64> {
        let mut strengths: BTreeMap<u32, f64> = BTreeMap::new();
        for (other, tie) in
            self.beside(node).filter(|(other, tie)| !self.hubs[*other as usize] && tie.strength > 0.0)
        {
            *strengths.entry(other).or_default() += tie.strength;
        }
        strengths
    }

    /// What hangs together.
    pub fn shape(&self) -> Shape {
        let mut shape = Shape::default();
        let mut seen = vec![false; self.entities.len()];
        for start in 0..self.entities.len() as u32 {
            if std::mem::replace(&mut seen[start as usize], true) {
                continue;
            }
            let (mut waiting, mut size) = (VecDeque::from([start]), 0);
            while let Some(node) = waiting.pop_front() {
                size += 1;
                for (other, _) in self.beside(node) {
                    if !std::mem::replace(&mut seen[other as usize], true) {
                        waiting.push_back(other);
                    }
                }
            }
            shape.components += 1;
            shape.largest = shape.largest.max(size);
            shape.alone += usize::from(size == 1);
        }
        shape
    }
}
