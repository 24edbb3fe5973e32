//! Communities of a graph by the Leiden algorithm (Traag, Waltman and van Eck 2019), on flat arrays.
//!
//! ```text
//! nodes ─▶ settle (local moving) ─▶ refine (well-bound parts) ─▶ aggregate (parts become nodes) ─┐
//!            ▲                                                                                   │
//!            └──────────────────── until every community is one node ────────────────────────────┘
//! ```
//!
//! What is found is connected by construction: a community is in the end a single node of the last
//! aggregate, and parts are connected. Everything runs on the caller's thread and takes its chance from
//! the seed, so the same graph and seed give the same answer wherever it runs. No I/O, no clock.

mod aggregate;
mod connected;
mod dice;
mod graph;
mod incremental;
mod moving;
mod partition;
mod refine;

use std::borrow::Cow;

use athena_schemas::Error;

use crate::Result;
use aggregate::aggregate;
use connected::pieces;
use dice::Dice;
use moving::{Queue, settle};
use partition::{Partition, renumber};
use refine::refine;

pub use graph::{Edge, Graph, LEAST_WEIGHT, is_weight};
pub use incremental::update;
pub use partition::count;

/// Passes of the whole algorithm over the graph, each beginning with what the one before found.
const ITERATIONS: usize = 2;
/// A level has at least this share of the modularity of the communities above it.
const LEVEL_SHARE: f64 = 0.99;
/// The greatest resolution: beyond it every node is alone anyway, in any graph worth asking about.
const MOST_RESOLUTION: f64 = 1e9;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    resolution: f64,
    seed: u64,
}

impl Options {
    /// A resolution above 1 gives more and smaller communities, one below fewer and larger ones.
    ///
    /// # Errors
    /// A resolution that is negative, not a number, or beyond all measure.
    pub fn new(resolution: f64, seed: u64) -> Result<Self> {
        if !(0.0..=MOST_RESOLUTION).contains(&resolution) {
            let told = format!("{resolution} cannot be the resolution");
            let hint = format!("give a number from 0 to {MOST_RESOLUTION:e}; 1 is usual");
            return Err(Error::invalid("resolution", told).hint(hint));
        }
        Ok(Self { resolution, seed })
    }

    pub fn resolution(&self) -> f64 {
        self.resolution
    }

    /// What two nodes must be bound by, for each unit of the product of their strengths, to gain by
    /// being together: γ / 2m.
    fn pull(&self, graph: &Graph) -> f64 {
        let total = graph.total();
        if total > 0.0 { self.resolution / total } else { 0.0 }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { resolution: 1.0, seed: 0 }
    }
}

/// The community of each node, numbered from 0 by size, the largest first.
pub fn communities(graph: &Graph, options: Options) -> Vec<u32> {
    let mut dice = Dice::new(options.seed);
    let pull = options.pull(graph);
    let mut community: Vec<u32> = (0..graph.nodes() as u32).collect();
    for pass in 0..ITERATIONS {
        let start = if pass == 0 { Start::Parts } else { Start::Communities };
        community = iterate(graph, community, start, pull, &mut dice);
    }
    partition::largest_first(&mut community);
    community
}

/// The hierarchy below communities that [`communities`] or [`update`] found, finest first, those
/// themselves last. Each level lies within the next, has at least twice as many communities, is
/// connected, and is nearly as good as the best: what is much finer a higher resolution finds better.
pub fn levels(graph: &Graph, community: &[u32], options: Options) -> Vec<Vec<u32>> {
    let mut dice = Dice::new(options.seed);
    let pull = options.pull(graph);
    let mut level = Cow::Borrowed(graph);
    let mut above = community.to_vec();
    let mut below: Vec<Vec<u32>> = Vec::new();
    loop {
        // Moving knows no borders, for without what lies beyond them it stops too early; what it finds is
        // then cut at the borders.
        let nodes = level.nodes();
        let mut partition = Partition::new(&level, (0..nodes as u32).collect());
        let queue = Queue::new(nodes, dice.order(nodes));
        settle(&level, &mut partition, pull, queue, |_, _| {});
        let mut part = pieces(&level.within(&above), &partition.community);
        let parts = renumber(&mut part, nodes);
        if parts == nodes {
            break;
        }
        above = communities_of(&part, parts, &above);
        level = Cow::Owned(aggregate(&level, &part, parts));
        below.push(match below.last() {
            Some(finer) => finer.iter().map(|own| part[*own as usize]).collect(),
            None => part,
        });
    }
    keep_levels(graph, community, below, options.resolution)
}

/// Those of the levels that are told, with the communities above them.
fn keep_levels(graph: &Graph, community: &[u32], below: Vec<Vec<u32>>, resolution: f64) -> Vec<Vec<u32>> {
    let least = graph.modularity(community, resolution) * LEVEL_SHARE;
    let mut kept = vec![community.to_vec()];
    let mut fewest = 2 * partition::count(community);
    for mut finer in below.into_iter().rev() {
        let count = partition::count(&finer);
        if count >= fewest && graph.modularity(&finer, resolution) >= least {
            fewest = 2 * count;
            partition::largest_first(&mut finer);
            kept.push(finer);
        }
    }
    kept.reverse();
    kept
}

/// What the nodes of an aggregate begin in.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Start {
    /// Each part alone. So communities are built from small to large, and none swallows its neighbours
    /// early: on planted graphs this finds better ones than the paper's start, in the first pass.
    Parts,
    /// In the communities that were refined, as in the paper.
    Communities,
}

/// One pass: the communities that come of the given ones.
fn iterate(graph: &Graph, community: Vec<u32>, start: Start, pull: f64, dice: &mut Dice) -> Vec<u32> {
    let mut partition = Partition::new(graph, community);
    let mut level = Cow::Borrowed(graph);
    let mut found: Option<Vec<u32>> = None;
    loop {
        let nodes = level.nodes();
        let queue = Queue::new(nodes, dice.order(nodes));
        settle(&level, &mut partition, pull, queue, |_, _| {});
        if partition.communities() == nodes {
            break;
        }
        let (mut part, mut parts) = parts_of(&level, &partition, pull, dice);
        if parts == nodes {
            // Nothing merges by single steps, yet together it gains.
            part = pieces(&level, &partition.community);
            parts = renumber(&mut part, nodes);
        }
        if parts == nodes {
            break;
        }
        let next = aggregate(&level, &part, parts);
        let begin = match start {
            Start::Parts => (0..parts as u32).collect(),
            Start::Communities => communities_of(&part, parts, &partition.community),
        };
        partition = Partition::new(&next, begin);
        level = Cow::Owned(next);
        found = Some(match found {
            Some(finer) => finer.iter().map(|own| part[*own as usize]).collect(),
            None => part,
        });
    }
    found.unwrap_or_else(|| (0..graph.nodes() as u32).collect())
}

/// The refined parts of a partition, numbered from 0, and how many there are.
fn parts_of(graph: &Graph, partition: &Partition, pull: f64, dice: &mut Dice) -> (Vec<u32>, usize) {
    let order = dice.order(graph.nodes());
    let mut part = refine(graph, partition, pull, &order, dice);
    let parts = renumber(&mut part, graph.nodes());
    (part, parts)
}

/// The community that each part lies in, numbered below the number of parts.
fn communities_of(part: &[u32], parts: usize, community: &[u32]) -> Vec<u32> {
    let mut of_part = vec![0; parts];
    for (own, community) in part.iter().zip(community) {
        of_part[*own as usize] = *community;
    }
    renumber(&mut of_part, part.len());
    of_part
}

#[cfg(test)]
mod tests;
