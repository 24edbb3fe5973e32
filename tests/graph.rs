//! The graph: what runs learn of it, what is told of it, and that the one never loses the other.

use athena_store::LogKind;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::consolidate::{learn, tell};
use crate::support::*;

const ENTITIES: &str = "SELECT id, kind, name, aliases, mentions, contexts, sessions, evidence, first_at, last_at, told \
                        FROM entities ORDER BY id";
const RELATIONS: &str = "SELECT id, from_entity, to_entity, kind, support, weight, evidence, first_at, last_at, told \
                         FROM relations ORDER BY id";
const MODULARITY: &str = "SELECT COALESCE(SUM(modularity_share), 0) FROM communities WHERE level = 0";

/// Sessions of two parts of a code base, in an order that is not theirs, with noise.
fn work(seed: u64, sessions: usize) -> Vec<Value> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut events = Vec::new();
    for session in 0..sessions {
        let part = ["cart", "login"][session % 2];
        let mut at = 1_790_000_000 + session as i64 * 50_000;
        for step in 0..rng.random_range(6..14) {
            at += if rng.random_bool(0.1) { 4_000 } else { 20 };
            let noise = rng.random_bool(0.1);
            let own = if noise { ["cart", "login"][rng.random_range(0..2)] } else { part };
            let files: Vec<String> = (0..rng.random_range(1..4))
                .map(|_| format!("{own}/f{}.rs", rng.random_range(0..6)))
                .collect();
            let (kind, tool) =
                [("tool_call", "Edit"), ("tool_call", "Bash"), ("commit", "git")][rng.random_range(0..3)];
            events.push(json!({
                "id": format!("{session}-{step}"), "time": at, "session": format!("s-{session}"), "agent": "claude",
                "type": kind, "tool": tool, "files": files, "tags": ["ci"],
                "content": format!("work on {own}_total with error E0{}", rng.random_range(300..303)),
            }));
        }
    }
    rand::seq::SliceRandom::shuffle(events.as_mut_slice(), &mut rng);
    events
}

#[tokio::test]
async fn incremental_graphs_are_what_a_full_run_makes() {
    for seed in 1..=3 {
        let events = work(seed, 24);
        let mut rng = StdRng::seed_from_u64(100 + seed);
        let (apart, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let apart = open(apart.path(), LogKind::Kafka).await;
        let mut rest = events.as_slice();
        while !rest.is_empty() {
            let (some, more) = rest.split_at(rng.random_range(1..=rest.len().min(120)));
            tell(&apart, some).await;
            learn(&apart, false).await.unwrap();
            rest = more;
        }
        let whole = open(whole.path(), LogKind::Kafka).await;
        tell(&whole, &events).await;
        learn(&whole, true).await.unwrap();
        let found = sql(&apart, ENTITIES).await;
        assert!(found.len() > 15, "{found:?}");
        assert_eq!(found, sql(&whole, ENTITIES).await, "seed {seed}");
        let found = sql(&apart, RELATIONS).await;
        assert!(found.iter().any(|row| row[3] == "co_occurs") && found.iter().any(|row| row[3] == "edited"));
        assert_eq!(found, sql(&whole, RELATIONS).await, "seed {seed}");
        let modularity: Vec<f64> = [
            sql(&apart, MODULARITY).await[0][0].parse().unwrap(),
            sql(&whole, MODULARITY).await[0][0].parse().unwrap(),
        ]
        .into();
        assert!(modularity[1] > 0.1 && modularity[0] >= 0.98 * modularity[1], "{modularity:?}");
        // What stands in every session is in no core, and every row leads to events that are there.
        let hubs = "SELECT DISTINCT kind FROM community_members WHERE NOT hub AND kind IN ('agent', 'tool', 'tag', 'session')";
        assert_eq!(sql(&whole, hubs).await, Vec::<Vec<String>>::new());
        let lost = "SELECT COUNT(*) FROM (SELECT UNNEST(evidence) AS id FROM relations UNION SELECT UNNEST(evidence) AS id \
                    FROM entities UNION SELECT UNNEST(sources) AS id FROM communities) AS named LEFT ANTI JOIN events ON \
                    events.id = named.id";
        assert_eq!(count(&whole, lost).await, 0);
    }
}

#[tokio::test]
async fn parts_of_a_code_base_are_communities() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    tell(&store, &work(9, 40)).await;
    learn(&store, false).await.unwrap();
    let files = "SELECT community, SPLIT_PART(name, '/', 1) AS part, COUNT(*) FROM community_members WHERE kind = 'file' AND \
                 level = 0 GROUP BY community, part ORDER BY community, part";
    let found = sql(&store, files).await;
    assert_eq!(found.len(), 2, "each part is one community: {found:?}");
    assert_ne!(found[0][0], found[1][0]);
    let summaries = sql(&store, "SELECT summary, sources FROM communities").await;
    assert!(summaries.iter().all(|row| !row[0].is_empty() && row[1].contains('-')), "{summaries:?}");
    // The ids stay when more of the same comes.
    let before = sql(&store, "SELECT id FROM communities WHERE level = 0 ORDER BY id").await;
    tell(
        &store,
        &[json!({"id": "late", "time": 1_790_000_001, "session": "s-0", "type": "commit", "content": "more",
                          "files": ["cart/f0.rs", "cart/f1.rs"]})],
    )
    .await;
    learn(&store, false).await.unwrap();
    assert_eq!(sql(&store, "SELECT id FROM communities WHERE level = 0 ORDER BY id").await, before);
}
