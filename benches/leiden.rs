//! Communities of planted graphs, on one thread: a full run, and what one more edge in a hundred costs
//! when the communities before are known. `benches/peers/leiden.py` sets the command beside igraph and
//! leidenalg.

use std::time::Instant;

use athena_learn::leiden::{Edge, Graph, Options, communities, count, update};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use serde_json::json;

use crate::report::Report;

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
const MIXINGS: [f64; 3] = [0.1, 0.3, 0.5];
/// Edges that each node begins.
const EDGES: usize = 10;
const TIMES: usize = 3;

pub fn run(report: &mut Report) {
    for nodes in SIZES {
        for mixing in MIXINGS {
            let mut chance = StdRng::seed_from_u64(1);
            let (edges, truth) = planted(nodes, mixing, &mut chance);
            let (batch, before) = edges.split_at(edges.len() / 100);
            let earlier_graph = Graph::from_edges(nodes, before).expect("a graph");
            let earlier = communities(&earlier_graph, Options::default());
            let ends: Vec<u32> = batch.iter().flat_map(|edge| [edge.from, edge.to]).collect();

            let (build, graph) = least(|| Graph::from_edges(nodes, &edges).expect("a graph"));
            let (full, found) = least(|| communities(&graph, Options::default()));
            let (batch, updated) = least(|| {
                let grown = earlier_graph.with_edges(nodes, batch).expect("a graph");
                update(&grown, &earlier, &ends, &[], Options::default()).expect("an update")
            });
            let quality = |community: &[u32]| graph.modularity(community, 1.0);
            report.row(json!({
                "nodes": nodes, "edges": graph.edges(), "mixing": mixing, "build_s": build, "full_s": full,
                "modularity_e4": (quality(&found) * 1e4).round(),
                "planted_e4": (quality(&truth) * 1e4).round(),
                "communities": count(&found),
                "batch_ms": batch * 1e3, "batch_percent_of_full": 100.0 * batch / full,
                "batch_loss_percent": 100.0 * (1.0 - quality(&updated) / quality(&found)),
            }));
        }
    }
}

/// The seconds of the fastest of some runs, and what it gave.
fn least<T>(mut run: impl FnMut() -> T) -> (f64, T) {
    let timed = || {
        let began = Instant::now();
        let given = run();
        (began.elapsed().as_secs_f64(), given)
    };
    std::iter::repeat_with(timed).take(TIMES).min_by(|a, b| a.0.total_cmp(&b.0)).expect("there are runs")
}

/// Communities of 20 to a tenth of all nodes, by a power law, of nodes in no order; and their edges, of
/// which a share of `mixing` ends anywhere, in an order by chance.
fn planted(nodes: usize, mixing: f64, chance: &mut StdRng) -> (Vec<Edge>, Vec<u32>) {
    let mut members: Vec<u32> = (0..nodes as u32).collect();
    members.shuffle(chance);
    let mut truth = vec![0; nodes];
    let mut edges = Vec::with_capacity(nodes * EDGES);
    let mut left = &members[..];
    for community in 0.. {
        let size = 20.0 * chance.random::<f64>().powf(-1.0 / 1.5);
        let (group, rest) = left.split_at((size as usize).min(nodes / 10).min(left.len()));
        for &from in group {
            truth[from as usize] = community;
            for _ in 0..EDGES {
                let outside = chance.random::<f64>() < mixing;
                let among = if outside { &members } else { group };
                let to = among[chance.random_range(0..among.len())];
                if to != from {
                    edges.push(Edge { from, to, weight: 1.0 });
                }
            }
        }
        if rest.is_empty() {
            break;
        }
        left = rest;
    }
    edges.shuffle(chance);
    (edges, truth)
}
