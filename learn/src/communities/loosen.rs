//! Communities that only one damped entity holds together, parted.

use std::collections::BTreeMap;

use crate::leiden::Graph;

/// Parts every community that falls apart without one of its damped members. That member stays with the part that it is
/// tied to most; the largest part keeps the number.
pub fn loosen(graph: &Graph, damped: &[bool], community: &mut [u32]) {
    let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (node, own) in community.iter().enumerate() {
        members.entry(*own).or_default().push(node as u32);
    }
    let mut next = community.iter().max().map_or(0, |most| most + 1);
    let mut waiting: Vec<Vec<u32>> = members.into_values().collect();
    while let Some(own) = waiting.pop() {
        let held = own.iter().filter(|node| damped[**node as usize]);
        let parted = held
            .map(|node| (*node, pieces(graph, &own, *node, community)))
            .find(|(_, parts)| parts.len() > 1);
        let Some((hub, mut parts)) = parted else { continue };
        let tie = |part: &Vec<u32>| -> f64 {
            let arcs = graph.arcs(hub).iter().filter(|arc| part.binary_search(&arc.target).is_ok());
            arcs.map(|arc| f64::from(arc.weight)).sum()
        };
        let most = (0..parts.len())
            .max_by(|one, other| tie(&parts[*one]).total_cmp(&tie(&parts[*other])))
            .unwrap_or(0);
        parts[most].push(hub);
        parts[most].sort_unstable();
        parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
        for part in &parts[1..] {
            part.iter().for_each(|node| community[*node as usize] = next);
            next += 1;
        }
        waiting.extend(parts);
    }
    // Numbers stay below the number of nodes.
    let mut names: BTreeMap<u32, u32> = BTreeMap::new();
    for own in community.iter_mut() {
        let fresh = names.len() as u32;
        *own = *names.entry(*own).or_insert(fresh);
    }
}

/// What hangs together of some nodes of one community without one of them, each in order.
fn pieces(graph: &Graph, own: &[u32], without: u32, community: &[u32]) -> Vec<Vec<u32>> {
    let mut left: std::collections::BTreeSet<u32> =
        own.iter().copied().filter(|node| *node != without).collect();
    let mut pieces = Vec::new();
    while let Some(start) = left.pop_first() {
        let (mut piece, mut at) = (vec![start], 0);
        while at < piece.len() {
            let node = piece[at];
            for arc in graph
                .arcs(node)
                .iter()
                .filter(|arc| community[arc.target as usize] == community[node as usize])
            {
                if left.remove(&arc.target) {
                    piece.push(arc.target);
                }
            }
            at += 1;
        }
        piece.sort_unstable();
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leiden::Edge;

    #[test]
    fn none_is_held_together_by_one_damped_entity() {
        let edge = |from, to| Edge { from, to, weight: if from == 2 && to == 3 { 2.0 } else { 1.0 } };
        // Two pairs that only node 2 ties to each other.
        let graph =
            Graph::from_edges(5, &[edge(0, 1), edge(1, 2), edge(0, 2), edge(2, 3), edge(3, 4), edge(2, 4)])
                .unwrap();
        let mut community = vec![0; 5];
        loosen(&graph, &[false; 5], &mut community);
        assert_eq!(community, [0; 5]);
        loosen(&graph, &[false, false, true, false, false], &mut community);
        assert_eq!(community[0], community[1]);
        assert_eq!([community[2], community[4]], [community[3]; 2]);
        assert_ne!(community[0], community[3]);
    }
}
