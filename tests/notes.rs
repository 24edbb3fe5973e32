//! Notes: addresses are where notes stand, links say why, and nothing comes to stand below itself.

use serde_json::{Value, json};

use crate::operations::called;
use crate::processes::{Serve, post};

async fn ask(server: &Serve, operation: &str, arguments: Value) -> Value {
    let answer = called(server, "notes", operation, arguments, "p").await;
    answer.unwrap_or_else(|error| panic!("notes.{operation}: {error}"))
}

async fn refused(server: &Serve, operation: &str, arguments: Value) -> Value {
    called(server, "notes", operation, arguments, "p").await.unwrap_err()["error"].clone()
}

async fn note(server: &Serve, title: &str, body: &str, parent: Value) -> (String, String) {
    let made = ask(server, "create", json!({"title": title, "body": body, "parent": parent})).await;
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    (text("id"), text("address"))
}

fn column(answer: &Value, name: &str) -> Vec<String> {
    let items = answer["items"].as_array().unwrap();
    items.iter().map(|item| item[name].as_str().unwrap_or("-").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_follow_the_tree() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let (top, at) = note(&server, "Logs", "A log is an order", Value::Null).await;
    assert_eq!(at, "1");
    let (first, at) = note(&server, "Kafka", "A log of many machines", json!(top)).await;
    assert_eq!(at, "1.1");
    let (second, at) = note(&server, "Tables", "What follows a log", json!("1")).await;
    assert_eq!(at, "1.2");
    let (below, at) = note(&server, "Lance", "Tables in files", json!("1.2")).await;
    assert_eq!(at, "1.2a");
    let (_, at) = note(&server, "Versions", "Each commit is one", json!("1.2a")).await;
    assert_eq!(at, "1.2a1");
    let outline = ask(&server, "outline", json!({})).await;
    assert_eq!(column(&outline, "address"), ["1", "1.1", "1.2", "1.2a", "1.2a1"]);
    let part = ask(&server, "outline", json!({"note": "1.2", "limit": 2})).await;
    assert_eq!(
        (column(&part, "address"), &part["next_cursor"]),
        (vec!["1.2".into(), "1.2a".into()], &json!("2"))
    );
    assert_eq!(part["items"][1]["depth"], 1);

    // A subtree moves as a whole, and everything below has other addresses.
    let moved = ask(&server, "move", json!({"note": second, "parent": first})).await;
    assert_eq!(moved["address"], "1.1a");
    let outline = ask(&server, "outline", json!({})).await;
    assert_eq!(column(&outline, "address"), ["1", "1.1", "1.1a", "1.1a1", "1.1a1a"]);
    let read = ask(&server, "get", json!({"note": "1.1a1"})).await;
    assert_eq!(
        (&read["id"], &read["title"], &read["parent"]["address"]),
        (&json!(below), &json!("Lance"), &json!("1.1a"))
    );
    assert_eq!(read["children"][0]["address"], "1.1a1a");

    for (parent, why) in [(json!(below), "under its own child"), (json!(second), "under itself")] {
        let error = refused(&server, "move", json!({"note": second, "parent": parent})).await;
        assert_eq!(error["code"], "conflict", "{why}: {error}");
    }
    let top_again = ask(&server, "move", json!({"note": below})).await;
    assert_eq!(top_again["address"], "2");
    let lost = refused(&server, "get", json!({"note": "1.2"})).await;
    assert_eq!((&lost["code"], &lost["field"]), (&json!("not_found"), &json!("note")));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_linked_is_found_from_both_ends() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let (log, _) = note(&server, "Logs", "Everything that happened, in one order", Value::Null).await;
    let (replay, _) = note(&server, "Replay", "What is in an order can be replayed", Value::Null).await;
    let (bread, _) = note(&server, "Bread", "Rye flour, water, salt, and two days", Value::Null).await;
    let memory = json!({"content": "The log is kept for a week", "name": "retention", "project": "p"});
    let memory = post(&server, "/v1/tools/memories/remember", memory).await["id"].clone();
    assert_eq!(column(&ask(&server, "orphans", json!({})).await, "title"), ["Bread", "Replay", "Logs"]);
    ask(&server, "link", json!({"from": "2", "to": log, "why": "needs one"})).await;
    ask(&server, "link", json!({"from": replay, "to": memory, "why": "is bounded by it"})).await;
    ask(&server, "link", json!({"from": replay, "to": "1", "why": "needs an order"})).await;

    let back = ask(&server, "backlinks", json!({"note": "1"})).await;
    assert_eq!(
        (column(&back, "id"), column(&back, "why")),
        (vec![replay.clone()], vec!["needs an order".into()])
    );
    assert_eq!(column(&ask(&server, "backlinks", json!({"note": memory})).await, "address"), ["2"]);
    let read = ask(&server, "get", json!({"note": replay})).await;
    let links: Vec<_> = read["links"].as_array().unwrap().iter().map(|link| link["title"].clone()).collect();
    assert!(links.contains(&json!("Logs")) && links.contains(&json!("retention")), "{read}");
    assert_eq!(read["backlinks"], json!([]));
    assert_eq!(column(&ask(&server, "orphans", json!({})).await, "title"), ["Bread", "Replay"]);

    // Another version says something else, and keeps the links.
    let version = read["version"].clone();
    let update = json!({"note": "2", "body": "An order can be replayed from any point", "version": version});
    ask(&server, "update", update.clone()).await;
    assert_eq!(refused(&server, "update", update).await["code"], "conflict");
    let now = ask(&server, "get", json!({"note": "2"})).await;
    assert!(now["body"].as_str().unwrap().contains("any point") && now["title"] == "Replay");
    assert_eq!(now["links"].as_array().unwrap().len(), 2);

    let found = ask(&server, "search", json!({"query": "how long does rye take?", "mode": "text"})).await;
    assert_eq!((column(&found, "id"), column(&found, "address")), (vec![bread.clone()], vec!["3".into()]));
    let error = refused(&server, "link", json!({"from": log, "to": "note-none", "why": "x"})).await;
    assert_eq!((&error["code"], &error["field"]), (&json!("not_found"), &json!("to")));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suggestions_speak_of_the_same_or_share_neighbours() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let (raft, _) =
        note(&server, "Raft", "A leader replicates its log to followers by terms", Value::Null).await;
    let (paxos, _) =
        note(&server, "Leaders", "Followers accept the log that their leader replicates", Value::Null).await;
    let (bread, _) = note(&server, "Bread", "Rye flour, water and salt", Value::Null).await;
    let (index, _) = note(&server, "Sourdough", "Wild yeast in a jar", Value::Null).await;
    let (hub, _) = note(&server, "Kitchen", "Where things ferment", Value::Null).await;
    let suggested = ask(&server, "suggest", json!({"note": raft})).await;
    assert_eq!(column(&suggested, "id"), std::slice::from_ref(&paxos), "{suggested}");
    let first = &suggested["items"][0];
    assert!(first["parts"]["text"].as_f64().unwrap() > 0.05 && first["parts"]["graph"] == 0.0);
    assert_eq!(ask(&server, "suggest", json!({"note": bread})).await["items"], json!([]));
    for from in [&bread, &index] {
        ask(&server, "link", json!({"from": from, "to": hub, "why": "happens there"})).await;
    }
    let shared = ask(&server, "suggest", json!({"note": bread})).await;
    assert_eq!((column(&shared, "id"), &shared["items"][0]["shared"]), (vec![index], &json!([hub])));
    // What is linked is not suggested any more.
    ask(&server, "link", json!({"from": raft, "to": paxos, "why": "the same"})).await;
    assert_eq!(ask(&server, "suggest", json!({"note": raft})).await["items"], json!([]));
    // Nor does another project see any of it.
    let other = called(&server, "notes", "outline", json!({}), "other").await.unwrap();
    assert_eq!(other["items"], json!([]));
    server.stop().await;
}
