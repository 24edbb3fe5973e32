//! The connected pieces of communities, by union-find.

use super::graph::Graph;

/// The piece that each node is in, numbered by one of its nodes: the nodes of its community that it can
/// reach without leaving it.
pub fn pieces(graph: &Graph, community: &[u32]) -> Vec<u32> {
    pieces_of(graph, community, |_| true)
}

/// The same, but only communities that are asked for are looked at; nodes of others stay alone.
pub fn pieces_of(graph: &Graph, community: &[u32], wanted: impl Fn(u32) -> bool) -> Vec<u32> {
    let mut parent: Vec<u32> = (0..graph.nodes() as u32).collect();
    for node in 0..graph.nodes() as u32 {
        let own = community[node as usize];
        if !wanted(own) {
            continue;
        }
        let mut root = root_of(&mut parent, node);
        // Rows are sorted: each edge is seen from its greater end.
        for arc in graph.arcs(node).iter().take_while(|arc| arc.target < node) {
            if community[arc.target as usize] == own {
                let other = root_of(&mut parent, arc.target);
                parent[root.max(other) as usize] = root.min(other);
                root = root.min(other);
            }
        }
    }
    for node in 0..graph.nodes() as u32 {
        // Parents are smaller, so they are roots already.
        parent[node as usize] = parent[parent[node as usize] as usize];
    }
    parent
}

fn root_of(parent: &mut [u32], mut node: u32) -> u32 {
    while parent[node as usize] != node {
        parent[node as usize] = parent[parent[node as usize] as usize];
        node = parent[node as usize];
    }
    node
}

#[cfg(test)]
mod tests {
    use super::super::graph::Edge;
    use super::*;

    #[test]
    fn a_community_may_be_in_pieces() {
        let edge = |from, to| Edge { from, to, weight: 1.0 };
        let edges = [edge(0, 3), edge(1, 2), edge(2, 4), edge(3, 4), edge(4, 5)];
        let graph = Graph::from_edges(6, &edges).unwrap();
        assert_eq!(pieces(&graph, &[0; 6]), [0; 6]);
        assert_eq!(pieces(&graph, &[7, 7, 7, 7, 1, 1]), [0, 1, 1, 0, 4, 4]);
        assert_eq!(pieces_of(&graph, &[7, 7, 7, 7, 1, 1], |community| community == 1), [0, 1, 2, 3, 4, 4]);
    }
}
