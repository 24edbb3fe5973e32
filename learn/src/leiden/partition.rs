//! Which community each node is in, and the sums that moves are decided by.

use super::graph::Graph;

/// A partition of a graph's nodes into communities, numbered below the number of nodes; some may be empty.
#[derive(Debug, Clone)]
pub struct Partition {
    pub community: Vec<u32>,
    /// The strength of each community.
    pub strengths: Vec<f64>,
    /// How many nodes each has.
    pub sizes: Vec<u32>,
    /// Communities without nodes.
    free: Vec<u32>,
}

impl Partition {
    /// The given communities, which must be numbered below the number of nodes.
    pub fn new(graph: &Graph, community: Vec<u32>) -> Self {
        let mut strengths = vec![0.0; graph.nodes()];
        let mut sizes = vec![0; graph.nodes()];
        for (node, own) in community.iter().enumerate() {
            strengths[*own as usize] += graph.strengths[node];
            sizes[*own as usize] += 1;
        }
        let free = (0..graph.nodes() as u32).rev().filter(|one| sizes[*one as usize] == 0).collect();
        Self { community, strengths, sizes, free }
    }

    /// Earlier communities of the first nodes, and the others alone.
    pub fn extended(graph: &Graph, earlier: &[u32]) -> Self {
        let nodes = graph.nodes();
        let mut used = vec![false; nodes];
        earlier.iter().for_each(|own| used[*own as usize] = true);
        let unused = (0..nodes as u32).filter(|one| !used[*one as usize]);
        let community = earlier.iter().copied().chain(unused).take(nodes).collect();
        Self::new(graph, community)
    }

    pub fn communities(&self) -> usize {
        self.community.len() - self.free.len()
    }

    /// A community without nodes, if there is one.
    pub fn empty(&self) -> Option<u32> {
        self.free.last().copied()
    }

    /// Moves a node to a community, which may be an empty one that [`Partition::empty`] gave.
    pub fn shift(&mut self, node: u32, strength: f64, to: u32) {
        let from = self.community[node as usize] as usize;
        self.strengths[from] -= strength;
        self.sizes[from] -= 1;
        if self.sizes[to as usize] == 0 {
            self.free.pop();
        }
        if self.sizes[from] == 0 {
            // Rounding must not leave a rest.
            self.strengths[from] = 0.0;
            self.free.push(from as u32);
        }
        self.strengths[to as usize] += strength;
        self.sizes[to as usize] += 1;
        self.community[node as usize] = to;
    }
}

/// Numbers labels 0, 1, … in the order in which they first stand there; gives how many there are.
pub fn renumber(labels: &mut [u32], below: usize) -> usize {
    let mut names = vec![u32::MAX; below];
    let mut next = 0;
    for label in labels {
        let name = &mut names[*label as usize];
        if *name == u32::MAX {
            *name = next;
            next += 1;
        }
        *label = *name;
    }
    next as usize
}

/// How many communities there are.
pub fn count(community: &[u32]) -> usize {
    let mut community = community.to_vec();
    let below = community.iter().max().map_or(0, |most| *most as usize + 1);
    renumber(&mut community, below)
}

/// Numbers communities from 0 by size, the largest first; of the same size, the one with the first node.
pub fn largest_first(community: &mut [u32]) {
    let count = renumber(community, community.len());
    let mut sizes = vec![0_u32; count];
    community.iter().for_each(|own| sizes[*own as usize] += 1);
    let mut order: Vec<u32> = (0..count as u32).collect();
    order.sort_by_key(|one| std::cmp::Reverse(sizes[*one as usize]));
    let mut rank = vec![0; count];
    for (at, one) in order.iter().enumerate() {
        rank[*one as usize] = at as u32;
    }
    community.iter_mut().for_each(|own| *own = rank[*own as usize]);
}

/// Weights summed by community: a flat array, and the list of the places in it that are not zero.
#[derive(Debug)]
pub struct Tally {
    weights: Vec<f64>,
    touched: Vec<u32>,
    count: usize,
}

impl Tally {
    pub fn new(communities: usize) -> Self {
        Self { weights: vec![0.0; communities], touched: vec![0; communities + 1], count: 0 }
    }

    /// Adds a positive weight. Without a branch: whether a community was seen before is not predictable.
    pub fn add(&mut self, community: u32, weight: f64) {
        let sum = &mut self.weights[community as usize];
        self.touched[self.count] = community;
        self.count += usize::from(*sum == 0.0);
        *sum += weight;
    }

    pub fn weight(&self, community: u32) -> f64 {
        self.weights[community as usize]
    }

    /// Communities that have a weight, in the order in which they came.
    pub fn touched(&self) -> &[u32] {
        &self.touched[..self.count]
    }

    pub fn clear(&mut self) {
        for community in &self.touched[..self.count] {
            self.weights[*community as usize] = 0.0;
        }
        self.count = 0;
    }
}
