//! Communities of a graph that changed a little: only nodes that the change may concern are looked at
//! (the dynamic frontier of Sahu 2024), so the cost follows the change rather than the graph.

use athena_schemas::Error;

use crate::Result;

use super::Options;
use super::connected::pieces_of;
use super::graph::Graph;
use super::moving::{Queue, settle};
use super::partition::Partition;

/// The communities of `graph`, from those of an `earlier` state of it. Nodes that are new since then
/// come after the earlier ones. `gained` are the nodes with new or heavier edges, `lost` those with
/// fewer or lighter ones; a node may be in both. A community that persists keeps its number.
///
/// Whole communities never merge here, and drift adds up over many changes: run
/// [`super::communities`] again when the modularity falls behind.
///
/// # Errors
/// Earlier communities or changed nodes that the graph has no room for.
pub fn update(
    graph: &Graph,
    earlier: &[u32],
    gained: &[u32],
    lost: &[u32],
    options: Options,
) -> Result<Vec<u32>> {
    check(graph, earlier, gained, lost)?;
    let mut partition = Partition::extended(graph, earlier);
    let new = earlier.len() as u32..graph.nodes() as u32;
    let mut frontier: Vec<u32> = gained.iter().chain(lost).copied().chain(new).collect();
    frontier.sort_unstable();
    frontier.dedup();
    // Only what loses nodes or edges can fall apart.
    let mut shaken = vec![false; graph.nodes()];
    lost.iter().for_each(|node| shaken[partition.community[*node as usize] as usize] = true);
    let queue = Queue::new(graph.nodes(), frontier);
    settle(graph, &mut partition, options.pull(graph), queue, |_, left| {
        shaken[left as usize] = true;
    });
    part_pieces(graph, &mut partition, &shaken);
    Ok(partition.community)
}

fn check(graph: &Graph, earlier: &[u32], gained: &[u32], lost: &[u32]) -> Result<()> {
    let nodes = graph.nodes();
    if earlier.len() > nodes {
        let told = format!("{} nodes had communities, the graph has {nodes}", earlier.len());
        return Err(Error::invalid("earlier", told));
    }
    let beyond = |list: &[u32]| list.iter().copied().find(|one| *one as usize >= nodes);
    for (field, list) in [("earlier", earlier), ("gained", gained), ("lost", lost)] {
        if let Some(one) = beyond(list) {
            return Err(Error::invalid(field, format!("{one} is not below {nodes}, the nodes")));
        }
    }
    Ok(())
}

/// Makes the pieces of communities that fell apart communities of their own. The piece with the first
/// node keeps the number. Apart they never weigh less: no edge is lost, and each is expected less.
fn part_pieces(graph: &Graph, partition: &mut Partition, shaken: &[bool]) {
    let piece = pieces_of(graph, &partition.community, |community| shaken[community as usize]);
    let mut name = vec![u32::MAX; graph.nodes()];
    let mut taken = vec![false; graph.nodes()];
    for node in 0..graph.nodes() as u32 {
        let community = partition.community[node as usize];
        if !shaken[community as usize] {
            continue;
        }
        let root = piece[node as usize] as usize;
        if name[root] == u32::MAX {
            let first = !std::mem::replace(&mut taken[community as usize], true);
            name[root] = if first { community } else { partition.empty().unwrap_or(community) };
        }
        if name[root] != community {
            partition.shift(node, graph.strength(node), name[root]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::connected::pieces;
    use super::super::graph::Edge;
    use super::super::tests::{assert_connected, planted};
    use super::super::{communities, count};
    use super::*;

    fn ends(edges: &[Edge]) -> Vec<u32> {
        edges.iter().flat_map(|edge| [edge.from, edge.to]).collect()
    }

    #[test]
    fn a_batch_of_edges_is_as_good_as_a_full_run() {
        for (seed, mixing) in [(0, 0.1), (1, 0.3), (2, 0.5), (3, 0.3)] {
            let (edges, _) = planted(4_000, mixing, seed);
            let options = Options::new(1.0, seed).unwrap();
            let batch = |edge: usize| edge * 7_919 % 100;
            let of = |wanted: &dyn Fn(usize) -> bool| -> Vec<Edge> {
                (0..edges.len()).filter(|edge| wanted(batch(*edge))).map(|edge| edges[edge]).collect()
            };
            let mut graph = Graph::from_edges(4_000, &of(&|batch| batch >= 5)).unwrap();
            let mut found = communities(&graph, options);
            // Five batches of one in a hundred, one upon the other.
            for number in 0..5 {
                let more = of(&|batch| batch == number);
                graph = graph.with_edges(4_000, &more).unwrap();
                found = update(&graph, &found, &ends(&more), &[], options).unwrap();
                assert_connected(&graph, &found);
            }
            let full = graph.modularity(&communities(&graph, options), 1.0);
            let updated = graph.modularity(&found, 1.0);
            assert!(updated >= 0.995 * full, "{updated} of {full} at {mixing}, {seed}");
        }
    }

    #[test]
    fn new_nodes_join_and_others_keep_their_numbers() {
        let (edges, _) = planted(1_000, 0.1, 2);
        let graph = Graph::from_edges(1_000, &edges).unwrap();
        let found = communities(&graph, Options::default());
        let host = graph.arcs(17)[0].target;
        let more = [17, host].map(|to| Edge { from: 1_000, to, weight: 1.0 });
        let grown = graph.with_edges(1_001, &more).unwrap();
        let updated = update(&grown, &found, &ends(&more), &[], Options::default()).unwrap();
        assert_eq!(updated[..1_000], found);
        assert!([found[17], found[host as usize]].contains(&updated[1_000]));
    }

    #[test]
    fn what_falls_apart_is_parted() {
        let edge = |from, to| Edge { from, to, weight: 1.0 };
        // Two triangles that an edge held together, without it; and two more.
        let edges: Vec<Edge> = [0, 3, 6, 9]
            .iter()
            .flat_map(|a| [edge(*a, a + 1), edge(a + 1, a + 2), edge(a + 2, *a)])
            .collect();
        let graph = Graph::from_edges(12, &edges).unwrap();
        let earlier = [4, 4, 4, 4, 4, 4, 1, 1, 1, 2, 2, 2];
        let updated = update(&graph, &earlier, &[], &[2, 3], Options::default()).unwrap();
        assert_eq!(count(&updated), 4);
        assert_eq!(updated[0], 4, "the piece with the first node keeps the number");
        assert_eq!(count(&pieces(&graph, &updated)), 4);
        assert_eq!(updated[6..], earlier[6..]);
    }

    #[test]
    fn what_the_graph_has_no_room_for_is_refused() {
        let graph = Graph::from_edges(2, &[]).unwrap();
        let refused = |earlier: &[u32], gained: &[u32], lost: &[u32]| {
            update(&graph, earlier, gained, lost, Options::default()).unwrap_err().to_string()
        };
        assert!(refused(&[0, 1, 1], &[], &[]).starts_with("3 nodes had communities, the graph has 2"));
        assert!(refused(&[2], &[], &[]).starts_with("2 is not below 2"));
        assert!(refused(&[0], &[7], &[]).contains("gained"));
        assert!(refused(&[0], &[], &[7]).contains("lost"));
    }
}
