//! The graph of the parts: each a node, the edges between two of them one edge, those inside a loop.

use super::graph::{Arc, Graph};
use super::partition::Tally;

/// The aggregate of a graph by parts numbered `0..parts`.
pub fn aggregate(graph: &Graph, part: &[u32], parts: usize) -> Graph {
    let (begins, members) = members(part, parts);
    let mut tally = Tally::new(parts);
    let mut offsets = Vec::with_capacity(parts + 1);
    let mut arcs = Vec::new();
    let mut loops = vec![0.0; parts];
    let mut strengths = vec![0.0; parts];
    offsets.push(0);
    for own in 0..parts {
        for &node in &members[begins[own]..begins[own + 1]] {
            loops[own] += graph.loops[node as usize];
            strengths[own] += graph.strength(node);
            for arc in graph.arcs(node) {
                tally.add(part[arc.target as usize], f64::from(arc.weight));
            }
        }
        for &other in tally.touched() {
            let weight = tally.weight(other);
            match other as usize == own {
                // Each edge inside was seen from both ends.
                true => loops[own] += weight / 2.0,
                false => arcs.push(Arc { target: other, weight: weight as f32 }),
            }
        }
        tally.clear();
        offsets.push(arcs.len());
    }
    Graph { offsets, arcs, loops, strengths }
}

/// The nodes of each part, by counting: those of part `p` are `members[begins[p]..begins[p + 1]]`.
pub fn members(part: &[u32], parts: usize) -> (Vec<usize>, Vec<u32>) {
    let mut begins = vec![0; parts + 1];
    for own in part {
        begins[*own as usize] += 1;
    }
    let mut sum = 0;
    for begin in &mut begins {
        sum += *begin;
        *begin = sum;
    }
    let mut members = vec![0; part.len()];
    for (node, own) in part.iter().enumerate().rev() {
        begins[*own as usize] -= 1;
        members[begins[*own as usize]] = node as u32;
    }
    (begins, members)
}
