//! The graph that communities are found in: undirected, weighted, its arcs in one flat array.

use athena_schemas::Error;

use crate::Result;

/// Nodes are numbered by `u32`; the greatest number stands for none.
pub const NODES: usize = u32::MAX as usize;
/// Weights lie between this and its inverse, so that sums of millions of them stay exact enough.
pub const LEAST_WEIGHT: f64 = 1e-12;

/// An edge between two nodes; both the same is a loop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    pub from: u32,
    pub to: u32,
    pub weight: f64,
}

/// The other end of an edge, seen from a node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arc {
    pub target: u32,
    /// Single precision halves what a pass over the graph reads; sums are kept in double precision.
    pub weight: f32,
}

/// Compressed rows: the arcs of node `v` are `arcs[offsets[v]..offsets[v + 1]]`, by target, each edge
/// once in the row of either end. Loops stand apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    pub(super) offsets: Vec<usize>,
    pub(super) arcs: Vec<Arc>,
    /// The weight of each node's loop.
    pub(super) loops: Vec<f64>,
    /// The weight of all edges of each node; loops count twice, for they end there twice.
    pub(super) strengths: Vec<f64>,
}

impl Graph {
    /// The graph of these edges on the nodes `0..nodes`. Edges named more than once add up, whichever
    /// way round they are.
    ///
    /// # Errors
    /// An end that is no node; a weight that is not positive, or beyond all measure.
    pub fn from_edges(nodes: usize, edges: &[Edge]) -> Result<Self> {
        check(nodes, edges)?;
        let mut rows = vec![0; nodes + 1];
        let mut loops = vec![0.0; nodes];
        for edge in edges {
            match edge.from == edge.to {
                true => loops[edge.from as usize] += edge.weight,
                false => {
                    rows[edge.from as usize] += 1;
                    rows[edge.to as usize] += 1;
                }
            }
        }
        let mut sum = 0;
        for row in &mut rows {
            sum += *row;
            *row = sum;
        }
        // Filled from the end of each row, so that `rows` holds the beginnings when all are placed.
        let mut arcs = vec![Arc { target: 0, weight: 0.0 }; sum];
        for edge in edges.iter().rev().filter(|edge| edge.from != edge.to) {
            for (from, target) in [(edge.from, edge.to), (edge.to, edge.from)] {
                rows[from as usize] -= 1;
                arcs[rows[from as usize]] = Arc { target, weight: edge.weight as f32 };
            }
        }
        let mut graph = Self { offsets: rows, arcs, loops, strengths: Vec::new() };
        graph.merge_parallel();
        graph.sum_strengths();
        Ok(graph)
    }

    /// This graph and more edges, on at least as many nodes. Copies the rows and sorts only the new ones.
    ///
    /// # Errors
    /// As [`Graph::from_edges`].
    pub fn with_edges(&self, nodes: usize, edges: &[Edge]) -> Result<Self> {
        let nodes = nodes.max(self.nodes());
        let more = Self::from_edges(nodes, edges)?;
        let mut offsets = Vec::with_capacity(nodes + 1);
        let mut arcs = Vec::with_capacity(self.arcs.len() + more.arcs.len());
        offsets.push(0);
        for node in 0..nodes as u32 {
            let (old, new) = (self.row_or_empty(node), more.arcs(node));
            if new.is_empty() {
                arcs.extend_from_slice(old);
            } else {
                merge(old, new, &mut arcs);
            }
            offsets.push(arcs.len());
        }
        let mut loops = more.loops;
        let mut strengths = more.strengths;
        self.loops.iter().zip(&mut loops).for_each(|(old, new)| *new += old);
        self.strengths.iter().zip(&mut strengths).for_each(|(old, new)| *new += old);
        Ok(Self { offsets, arcs, loops, strengths })
    }

    pub fn nodes(&self) -> usize {
        self.loops.len()
    }

    /// Different edges, loops included.
    pub fn edges(&self) -> usize {
        self.arcs.len() / 2 + self.loops.iter().filter(|weight| **weight > 0.0).count()
    }

    pub fn arcs(&self, node: u32) -> &[Arc] {
        &self.arcs[self.offsets[node as usize]..self.offsets[node as usize + 1]]
    }

    pub fn strength(&self, node: u32) -> f64 {
        self.strengths[node as usize]
    }

    /// Twice the weight of all edges.
    pub fn total(&self) -> f64 {
        self.strengths.iter().sum()
    }

    /// The quality of a partition (Newman 2004; Reichardt and Bornholdt 2006 for the resolution γ):
    ///
    /// ```text
    /// Q = Σ over communities c of  inside(c) / 2m  −  γ (strength(c) / 2m)²
    /// ```
    ///
    /// `inside(c)` is twice the weight of the edges within c, `strength(c)` the sum of its nodes'
    /// strengths, 2m that of all nodes. Between −γ and 1; 0 for a graph without edges.
    pub fn modularity(&self, community: &[u32], resolution: f64) -> f64 {
        let total = self.total();
        if total == 0.0 {
            return 0.0;
        }
        let communities = community.iter().max().map_or(0, |most| *most as usize + 1);
        let mut strengths = vec![0.0; communities];
        let mut inside = 0.0;
        for node in 0..self.nodes() {
            let own = community[node];
            strengths[own as usize] += self.strengths[node];
            let within = self.arcs(node as u32).iter().filter(|arc| community[arc.target as usize] == own);
            inside += within.map(|arc| f64::from(arc.weight)).sum::<f64>() + 2.0 * self.loops[node];
        }
        let expected: f64 = strengths.iter().map(|strength| (strength / total).powi(2)).sum();
        inside / total - resolution * expected
    }

    /// The same nodes, as strong as they are, without the edges between communities.
    pub fn within(&self, community: &[u32]) -> Self {
        let mut offsets = Vec::with_capacity(self.offsets.len());
        let mut arcs = Vec::new();
        offsets.push(0);
        for node in 0..self.nodes() as u32 {
            let own = community[node as usize];
            arcs.extend(self.arcs(node).iter().filter(|arc| community[arc.target as usize] == own));
            offsets.push(arcs.len());
        }
        Self { offsets, arcs, loops: self.loops.clone(), strengths: self.strengths.clone() }
    }

    fn row_or_empty(&self, node: u32) -> &[Arc] {
        if (node as usize) < self.nodes() { self.arcs(node) } else { &[] }
    }

    /// Sorts each row and adds up arcs with the same target.
    fn merge_parallel(&mut self) {
        let (mut begin, mut kept) = (0, 0);
        for row in 1..self.offsets.len() {
            let end = self.offsets[row];
            self.arcs[begin..end].sort_unstable_by_key(|arc| arc.target);
            let first = kept;
            for at in begin..end {
                let arc = self.arcs[at];
                if kept > first && self.arcs[kept - 1].target == arc.target {
                    self.arcs[kept - 1].weight += arc.weight;
                } else {
                    self.arcs[kept] = arc;
                    kept += 1;
                }
            }
            self.offsets[row] = kept;
            begin = end;
        }
        self.arcs.truncate(kept);
    }

    fn sum_strengths(&mut self) {
        let strength = |node: usize| {
            let arcs = self.arcs(node as u32).iter().map(|arc| f64::from(arc.weight));
            arcs.sum::<f64>() + 2.0 * self.loops[node]
        };
        self.strengths = (0..self.nodes()).map(strength).collect();
    }
}

fn check(nodes: usize, edges: &[Edge]) -> Result<()> {
    if nodes >= NODES {
        return Err(Error::invalid("nodes", format!("{nodes} nodes are more than {NODES}")));
    }
    for edge in edges {
        if edge.from.max(edge.to) as usize >= nodes {
            let told = format!("an edge names node {} of {nodes}", edge.from.max(edge.to));
            return Err(Error::invalid("edges", told));
        }
        if !is_weight(edge.weight) {
            let told = format!("{} cannot be the weight of an edge", edge.weight);
            let range = format!("give a number from {LEAST_WEIGHT:e} to {:e}", 1.0 / LEAST_WEIGHT);
            return Err(Error::invalid("weight", told).hint(range));
        }
    }
    Ok(())
}

/// Whether an edge may weigh that much.
pub fn is_weight(weight: f64) -> bool {
    (LEAST_WEIGHT..=1.0 / LEAST_WEIGHT).contains(&weight)
}

/// Two sorted rows as one.
fn merge(mut old: &[Arc], mut new: &[Arc], into: &mut Vec<Arc>) {
    while let ([a, after_a @ ..], [b, after_b @ ..]) = (old, new) {
        let next = match a.target.cmp(&b.target) {
            std::cmp::Ordering::Less => *a,
            std::cmp::Ordering::Greater => *b,
            std::cmp::Ordering::Equal => Arc { target: a.target, weight: a.weight + b.weight },
        };
        if a.target <= b.target {
            old = after_a;
        }
        if b.target <= a.target {
            new = after_b;
        }
        into.push(next);
    }
    into.extend_from_slice(old);
    into.extend_from_slice(new);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: u32, to: u32, weight: f64) -> Edge {
        Edge { from, to, weight }
    }

    #[test]
    fn edges_named_twice_add_up() {
        let graph =
            Graph::from_edges(4, &[edge(2, 1, 1.0), edge(1, 2, 0.5), edge(0, 1, 3.0), edge(1, 1, 2.0)]);
        let graph = graph.unwrap();
        let rows: Vec<Vec<(u32, f32)>> = (0..4)
            .map(|node| graph.arcs(node).iter().map(|arc| (arc.target, arc.weight)).collect())
            .collect();
        assert_eq!(rows, [vec![(1, 3.0)], vec![(0, 3.0), (2, 1.5)], vec![(1, 1.5)], vec![]]);
        assert_eq!(graph.strengths, [3.0, 8.5, 1.5, 0.0]);
        assert_eq!((graph.nodes(), graph.edges(), graph.total()), (4, 3, 13.0));
    }

    #[test]
    fn modularity_by_hand() {
        // A path of four nodes in two halves: Q = 4/6 − 2 (3/6)² = 1/6.
        let path = Graph::from_edges(4, &[edge(0, 1, 1.0), edge(1, 2, 1.0), edge(2, 3, 1.0)]).unwrap();
        assert!((path.modularity(&[0, 0, 1, 1], 1.0) - 1.0 / 6.0).abs() < 1e-12);
        assert!((path.modularity(&[0, 0, 1, 1], 2.0) + 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(path.modularity(&[5, 5, 5, 5], 1.0), 0.0);
        // With a loop of weight 1 at the first: 6/8 − (5/8)² − (3/8)².
        let looped = path.with_edges(4, &[edge(0, 0, 1.0)]).unwrap();
        assert!((looped.modularity(&[0, 0, 1, 1], 1.0) - (0.75 - 34.0 / 64.0)).abs() < 1e-12);
        assert_eq!(Graph::from_edges(2, &[]).unwrap().modularity(&[0, 1], 1.0), 0.0);
    }

    #[test]
    fn more_edges_are_as_if_they_had_been_there() {
        let old = [edge(0, 1, 1.0), edge(1, 2, 2.0), edge(3, 3, 1.0)];
        let new = [edge(1, 0, 1.0), edge(4, 2, 1.0), edge(3, 0, 4.0), edge(3, 3, 1.0)];
        let both: Vec<Edge> = old.iter().chain(&new).copied().collect();
        let grown = Graph::from_edges(4, &old).unwrap().with_edges(6, &new).unwrap();
        assert_eq!(grown, Graph::from_edges(6, &both).unwrap());
    }

    #[test]
    fn what_is_no_edge_is_refused() {
        let told = |edge| Graph::from_edges(2, &[edge]).unwrap_err().to_string();
        assert!(told(edge(0, 2, 1.0)).starts_with("an edge names node 2 of 2"));
        for weight in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e13] {
            assert!(told(edge(0, 1, weight)).contains("cannot be the weight of an edge"), "{weight}");
        }
    }
}
