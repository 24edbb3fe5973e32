//! What must hold on planted graphs, whatever the seed.

use std::thread;

use super::*;

const MIXINGS: [f64; 3] = [0.1, 0.3, 0.5];

/// A graph of communities of 5 to 60 nodes, in which each node begins ten edges, of which a share of
/// `mixing` ends anywhere; and the community of each node. Half of the graphs have weights.
pub fn planted(nodes: usize, mixing: f64, seed: u64) -> (Vec<Edge>, Vec<u32>) {
    let mut dice = Dice::new(seed);
    let mut truth: Vec<u32> = Vec::new();
    let mut begins = Vec::new();
    while truth.len() < nodes {
        begins.push(truth.len());
        truth.extend(vec![begins.len() as u32 - 1; 5 + dice.below(56)]);
    }
    truth.truncate(nodes);
    begins.push(nodes);
    let mut edges = Vec::new();
    for from in 0..nodes as u32 {
        let group = truth[from as usize] as usize;
        let (begin, size) = (begins[group], begins[group + 1] - begins[group]);
        for _ in 0..10 {
            let to = if dice.unit() < mixing { dice.below(nodes) } else { begin + dice.below(size) } as u32;
            let weight = if seed.is_multiple_of(2) { 1.0 } else { 0.5 + dice.unit() };
            edges.push(Edge { from, to, weight });
        }
    }
    (edges, truth)
}

fn options(resolution: f64, seed: u64) -> Options {
    Options::new(resolution, seed).unwrap()
}

pub fn assert_connected(graph: &Graph, community: &[u32]) {
    assert_eq!(count(&pieces(graph, community)), count(community), "a community is in pieces");
}

#[test]
fn communities_are_connected_and_better_than_what_was_planted() {
    for seed in 0..4 {
        for mixing in MIXINGS {
            let (edges, truth) = planted(2_000, mixing, seed);
            let graph = Graph::from_edges(2_000, &edges).unwrap();
            for resolution in [0.5, 1.0, 2.0] {
                let found = communities(&graph, options(resolution, seed));
                let quality = graph.modularity(&found, resolution);
                assert_connected(&graph, &found);
                let planted = graph.modularity(&truth, resolution);
                assert!(quality > planted - 0.005, "{quality} {planted} at {mixing}, {resolution}, {seed}");
            }
        }
    }
}

#[test]
fn levels_nest_and_are_connected() {
    for seed in 0..4 {
        for mixing in MIXINGS {
            let (edges, _) = planted(3_000, mixing, seed);
            let graph = Graph::from_edges(3_000, &edges).unwrap();
            let found = communities(&graph, options(0.5, seed));
            let levels = levels(&graph, &found, options(0.5, seed));
            assert_eq!(levels.last(), Some(&found));
            for pair in levels.windows(2) {
                let mut above = vec![None; graph.nodes()];
                for (fine, coarse) in pair[0].iter().zip(&pair[1]) {
                    assert_eq!(*above[*fine as usize].get_or_insert(*coarse), *coarse);
                }
                assert!(count(&pair[0]) >= 2 * count(&pair[1]));
                assert_connected(&graph, &pair[0]);
            }
        }
    }
}

#[test]
fn never_worse_than_each_alone_or_all_together() {
    for seed in 0..200 {
        let mut dice = Dice::new(seed);
        let nodes = 1 + dice.below(12);
        let edges: Vec<Edge> = (0..dice.below(30))
            .map(|_| Edge {
                from: dice.below(nodes) as u32,
                to: dice.below(nodes) as u32,
                weight: 0.1 + dice.unit(),
            })
            .collect();
        let graph = Graph::from_edges(nodes, &edges).unwrap();
        for resolution in [0.3, 1.0, 3.0] {
            let found = communities(&graph, options(resolution, seed));
            let quality = graph.modularity(&found, resolution) + 1e-6;
            let alone: Vec<u32> = (0..nodes as u32).collect();
            assert!(quality >= graph.modularity(&alone, resolution), "{seed} {resolution}");
            let pieces = pieces(&graph, &vec![0; nodes]);
            assert!(
                resolution > 1.0 || quality >= graph.modularity(&pieces, resolution),
                "{seed} {resolution}"
            );
            assert_connected(&graph, &found);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_answer_on_any_thread() {
    let (edges, _) = planted(2_000, 0.4, 1);
    let graph = Graph::from_edges(2_000, &edges).unwrap();
    let expected = communities(&graph, options(1.0, 7));
    thread::scope(|scope| {
        let asked: Vec<_> = (0..4).map(|_| scope.spawn(|| communities(&graph, options(1.0, 7)))).collect();
        for answer in asked {
            assert_eq!(answer.join().unwrap(), expected);
        }
    });
    assert_ne!(communities(&graph, options(1.0, 8)), expected);
}

#[test]
fn a_ring_of_cliques() {
    // 30 cliques of 5 nodes, each bound to the next by one edge: at resolution 1 pairs of them are
    // better than single ones (Fortunato and Barthélemy 2007), at 2 they are not.
    let mut edges = Vec::new();
    for clique in 0..30_u32 {
        let first = clique * 5;
        for (from, to) in (0..5).flat_map(|a| (0..a).map(move |b| (first + a, first + b))) {
            edges.push(Edge { from, to, weight: 1.0 });
        }
        edges.push(Edge { from: first, to: (first + 9) % 150, weight: 1.0 });
    }
    let graph = Graph::from_edges(150, &edges).unwrap();
    let cliques: Vec<u32> = (0..150).map(|node| node / 5).collect();
    assert_eq!(communities(&graph, options(2.0, 0)), cliques);
    let found = communities(&graph, Options::default());
    assert!(graph.modularity(&found, 1.0) > graph.modularity(&cliques, 1.0));
}

#[test]
fn the_scale_of_weights_does_not_matter() {
    let (mut edges, _) = planted(1_000, 0.3, 3);
    let found = communities(&Graph::from_edges(1_000, &edges).unwrap(), Options::default());
    edges.iter_mut().for_each(|edge| edge.weight *= 1024.0);
    assert_eq!(communities(&Graph::from_edges(1_000, &edges).unwrap(), Options::default()), found);
}

#[test]
fn the_ends_of_resolution() {
    let (edges, _) = planted(500, 0.5, 0);
    let graph = Graph::from_edges(503, &edges).unwrap();
    assert_eq!(count(&communities(&graph, options(0.0, 0))), 4, "all that is connected, and three alone");
    assert_eq!(count(&communities(&graph, options(1e9, 0))), 503);
    for wrong in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(Options::new(wrong, 0).is_err());
    }
}

#[test]
fn graphs_of_nothing() {
    let empty = Graph::from_edges(0, &[]).unwrap();
    assert!(communities(&empty, Options::default()).is_empty());
    assert_eq!(levels(&empty, &[], Options::default()), [Vec::<u32>::new()]);
    let alone = Graph::from_edges(3, &[Edge { from: 1, to: 1, weight: 2.0 }]).unwrap();
    assert_eq!(communities(&alone, Options::default()), [0, 1, 2]);
}
