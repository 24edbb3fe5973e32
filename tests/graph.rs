//! The graph: what runs learn of it, what is told of it, and that the one never loses the other.

use athena_store::LogKind;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::consolidate::{learn, learn_on, tell};
use crate::forget::call;
use crate::operations::called;
use crate::processes::{Serve, post};
use crate::recovery::Server;
use crate::support::*;

const ENTITIES: &str = "SELECT id, kind, name, aliases, mentions, contexts, sessions, evidence, first_at, last_at, told \
                        FROM entities ORDER BY id";
const RELATIONS: &str = "SELECT id, from_entity, to_entity, kind, support, weight, evidence, first_at, last_at, told \
                         FROM relations ORDER BY id";
const MODULARITY: &str = "SELECT COALESCE(SUM(modularity_share), 0) FROM communities WHERE level = 0";

/// Sessions of two parts of a code base, in an order that is not theirs, with noise.
pub fn work(seed: u64, sessions: usize) -> Vec<Value> {
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
        let (mut rest, mut number) = (events.as_slice(), 0);
        let options = athena_consolidate::Options::default();
        while !rest.is_empty() {
            let (some, more) = rest.split_at(rng.random_range(1..=rest.len().min(120)));
            tell(&apart, some).await;
            learn_on(&apart, &options, number).await.unwrap();
            (rest, number) = (more, number + 1);
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
    let mixed = "SELECT COUNT(*) FROM (SELECT community FROM community_members WHERE kind = 'file' AND level = 0 GROUP BY \
                 community HAVING COUNT(DISTINCT SPLIT_PART(name, '/', 1)) > 1)";
    assert_eq!(count(&store, mixed).await, 0, "none has files of both parts");
    let parts = count(
        &store,
        "SELECT COUNT(DISTINCT community) FROM community_members WHERE kind = 'file' AND level = 0",
    )
    .await;
    assert!((2..=4).contains(&parts), "{parts}");
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

async fn ask(server: &Serve, tool: &str, operation: &str, arguments: Value) -> Value {
    let answer = called(server, tool, operation, arguments, "p").await;
    answer.unwrap_or_else(|error| panic!("{tool}.{operation}: {error}"))
}

fn column(answer: &Value, name: &str) -> Vec<String> {
    let items = answer["items"].as_array().unwrap();
    items.iter().map(|item| item[name].as_str().unwrap_or("-").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_is_a_graph_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for name in ["cart", "money", "tax", "login", "token", "user"] {
        ask(&server, "graph", "add_entity", json!({"name": name, "kind": "service"})).await;
    }
    for (from, to) in [
        ("cart", "money"),
        ("money", "tax"),
        ("cart", "tax"),
        ("login", "token"),
        ("token", "user"),
        ("login", "user"),
        ("cart", "login"),
    ] {
        ask(&server, "graph", "add_relation", json!({"from": from, "to": to, "kind": "calls"})).await;
    }
    let again = ask(&server, "graph", "add_entity", json!({"name": "Cart", "kind": "Service"})).await;
    assert_eq!(again["existed"], true);
    let near = ask(&server, "graph", "neighbors", json!({"entity": "cart"})).await;
    assert_eq!(near["items"].as_array().unwrap().len(), 3, "{near}");
    let paths = ask(&server, "graph", "path", json!({"from": "tax", "to": "user"})).await;
    assert_eq!(paths["items"][0]["hops"], 3, "{paths}");
    let found = ask(&server, "communities", "list", json!({})).await;
    assert_eq!(found["items"].as_array().unwrap().len(), 2, "{found}");
    let of = ask(&server, "communities", "of", json!({"entity": "tax"})).await;
    let members = ask(&server, "communities", "members", json!({"community": of["items"][0]["id"]})).await;
    let mut names = column(&members, "name");
    names.sort();
    assert_eq!(names, ["cart", "money", "tax"]);
    let bridges = ask(&server, "communities", "bridges", json!({})).await;
    let mut names = column(&bridges, "name");
    names.sort();
    assert_eq!(names, ["cart", "login"]);
    let all = ask(&server, "communities", "detect", json!({"resolution": 0.0})).await;
    assert_eq!((&all["communities"], &all["status"]), (&json!(1), &json!("complete")));
    let listed = ask(&server, "communities", "list", json!({})).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "what was detected is in force: {listed}");

    // Merged and taken away, it stays so.
    ask(&server, "graph", "merge", json!({"keep": "money", "drop": ["tax"]})).await;
    let money = ask(&server, "graph", "get_entity", json!({"entity": "tax"})).await;
    assert_eq!((&money["name"], &money["aliases"]), (&json!("money"), &json!(["tax"])));
    ask(&server, "graph", "observe", json!({"entity": "tax", "content": "rounds down"})).await;
    let money = ask(&server, "graph", "get_entity", json!({"entity": "money"})).await;
    assert_eq!(money["observations"][0]["content"], "rounds down");
    ask(&server, "graph", "delete", json!({"entity": "user"})).await;
    let gone = called(&server, "graph", "get_entity", json!({"entity": "user"}), "p").await.unwrap_err();
    assert_eq!((&gone["error"]["code"], &gone["error"]["field"]), (&json!("not_found"), &json!("entity")));
    let elsewhere = called(&server, "graph", "search", json!({"query": "cart"}), "other").await.unwrap();
    assert_eq!(elsewhere["items"], json!([]));
    server.stop().await;
}

#[tokio::test]
async fn what_is_told_wins_over_every_run() {
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("data");
    let server = Serve::start(folder.path()).await;
    let mut events = work(4, 12);
    events.iter_mut().for_each(|event| event["project"] = "p".into());
    post(&server, "/v1/events", json!(events)).await;
    server.stop().await;
    let options = athena_consolidate::Options::default();
    let run = async |full| {
        let store = open(data, LogKind::Embedded).await;
        let run =
            athena_consolidate::run_project(&store, &options, "p", full, athena_consolidate::Cause::Request)
                .await;
        run.unwrap()
    };
    // The server may have run already.
    run(false).await;
    let server = Serve::start(folder.path()).await;
    let find = async |server: &Serve, name: &str| {
        called(server, "graph", "get_entity", json!({"entity": name}), "p").await
    };
    let learned = find(&server, "file:cart/f0.rs").await.unwrap();
    assert!(learned["mentions"].as_i64().unwrap() > 1 && learned["told"] == false, "{learned}");
    ask(&server, "graph", "delete", json!({"entity": "cart/f0.rs"})).await;
    ask(&server, "graph", "merge", json!({"keep": "cart/f1.rs", "drop": ["cart/f2.rs"]})).await;
    let merged = find(&server, "cart/f2.rs").await.unwrap();
    server.stop().await;
    run(true).await.unwrap();
    let server = Serve::start(folder.path()).await;
    assert_eq!(find(&server, "cart/f0.rs").await.unwrap_err()["error"]["code"], "not_found");
    let after = find(&server, "cart/f2.rs").await.unwrap();
    assert_eq!((&after["id"], &after["name"]), (&merged["id"], &json!("cart/f1.rs")));
    assert!(
        after["mentions"].as_i64() > merged["mentions"].as_i64(),
        "what is learned of both is learned of one"
    );
    server.stop().await;
    let store = open(data, LogKind::Embedded).await;
    let gone = "SELECT COUNT(*) FROM entities WHERE name IN ('cart/f0.rs', 'cart/f2.rs')";
    assert_eq!(count(&store, gone).await, 0);
    let ends = "SELECT COUNT(*) FROM relations LEFT ANTI JOIN entities ON entities.id = relations.from_entity WHERE kind = \
                'touched'";
    assert_eq!(count(&store, ends).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn associations_are_strengthened_spread_and_pruned() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for (a, b, by) in [("a", "b", 0.8), ("b", "c", 0.8), ("a", "d", 0.1), ("d", "c", 0.1)] {
        ask(&server, "associations", "strengthen", json!({"a": a, "b": b, "by": by})).await;
    }
    assert_eq!(column(&ask(&server, "associations", "get", json!({"id": "a"})).await, "id"), ["b", "d"]);
    let spread = ask(&server, "associations", "spread", json!({"ids": ["a"], "hops": 2})).await;
    assert_eq!(column(&spread, "id")[0], "b");
    assert!(column(&spread, "id").contains(&"c".to_owned()));
    let path = ask(&server, "associations", "path", json!({"a": "a", "b": "c"})).await;
    assert_eq!(column(&path, "id"), ["a", "b", "c"]);
    assert!((path["strength"].as_f64().unwrap() - 0.64).abs() < 0.01, "{path}");
    let pruned = ask(&server, "associations", "prune", json!({"below": 0.5})).await;
    assert_eq!(pruned["pruned"], 2);
    assert_eq!(column(&ask(&server, "associations", "get", json!({"id": "a"})).await, "id"), ["b"]);
    ask(&server, "associations", "weaken", json!({"a": "b", "b": "a", "by": 1.0})).await;
    let none = ask(&server, "associations", "get", json!({"id": "a"})).await;
    assert!(none["items"] == json!([]) && none["reason"].is_string());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_together_is_ranked_first() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let commits: Vec<Value> = (0..60)
        .map(|at| {
            let own = ["cart", "login"][at % 2];
            let files = [format!("src/{own}.rs"), format!("tests/{own}.rs"), format!("src/other{}.rs", at % 12)];
            let files = &files[..if at % 3 == 0 { 3 } else { 2 }];
            json!({"id": format!("c{at}"), "project": "p", "session": format!("s{at}"), "type": "commit", "files": files,
                   "time": 1_790_000_000 + at * 90_000, "content": "change", "attributes": {"hash": format!("{at:040x}")}})
        })
        .collect();
    post(&server, "/v1/events", json!(commits)).await;
    ask(&server, "consolidation", "run", json!({"wait": true})).await;
    let ranked = async |seed: &str| {
        let arguments = json!({"seeds": [seed], "kind": "file", "k": 4});
        column(&ask(&server, "graph", "rank", arguments).await, "name")
    };
    for own in ["cart", "login"] {
        let found = ranked(&format!("src/{own}.rs")).await;
        assert_eq!(found[..2], [format!("src/{own}.rs"), format!("tests/{own}.rs")]);
    }
    // A file that is not there yet begins with what lies beside it.
    let mut found = ranked("file:tests/new.rs").await;
    found[..2].sort();
    assert_eq!(found[..2], ["tests/cart.rs", "tests/login.rs"]);
    let unknown = json!({"seeds": ["file:nowhere/new.rs"]});
    let refused = called(&server, "graph", "rank", unknown, "p").await.unwrap_err();
    assert_eq!(refused["error"]["code"], "not_found");
    server.stop().await;
}

/// However large it is beside what statements may take; and what a run added is in it once somebody has waited for the run.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graph_is_read_whole_and_after_each_run() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("test.toml");
    std::fs::write(&config, "[sql]\nmemory_bytes = 1000000\n[consolidate]\nevery_s = 3600\n").unwrap();
    let server = Server::start(folder.path(), &["--config", config.to_str().unwrap()]).await;
    let touched = async |files: std::ops::Range<usize>| {
        let event = |at: usize| {
            json!({"id": format!("e-{at}"), "session": format!("s-{}", at / 10), "agent": "claude", "project": "p",
                   "type": "tool_call", "tool": "Edit", "content": "edit", "outcome": "success",
                   "files": [format!("src/part_{}/file_{at}.rs", at % 40)]})
        };
        let events: Vec<Value> = files.map(event).collect();
        assert_eq!(server.post("/v1/events", &json!(events)).await.unwrap().0, 200);
        // A slow machine may take longer than a request.
        while call(&server, "consolidation.run", json!({"project": "p", "wait": true})).await["status"]
            != "complete"
        {}
    };
    let find = async |file: usize| {
        let entity = format!("file:src/part_{}/file_{file}.rs", file % 40);
        let asked = json!({"project": "p", "entity": entity});
        server.post("/v1/tools/graph/get_entity", &asked).await.unwrap()
    };
    touched(0..4_000).await;
    let (status, found) = find(17).await;
    assert_eq!(status, 200, "{found}");
    assert_eq!(find(4_005).await.0, 404);
    for more in (4_000..4_040).step_by(20) {
        touched(more..more + 20).await;
        let (status, found) = find(more + 5).await;
        assert_eq!(status, 200, "{found}");
    }
    server.stop();
}
