//! Rules: what several things are done, what a rule never sees, and what it would have done.

use serde_json::{Value, json};

use crate::operations::called;
use crate::processes::{Serve, post};
use crate::triggers::{ask, history};

/// A rule that records an event of one type when there is one of another.
fn leads(from: &str, to: &str) -> Value {
    let then = json!({"call": "events.record", "arguments": {"type": to, "content": "$content"}});
    json!({"name": format!("{from} to {to}"), "when": {"type": from}, "then": [then]})
}

/// How many events there are of each type.
async fn types(server: &Serve) -> Value {
    let sql = "SELECT type, COUNT(*) FROM events WHERE type NOT LIKE 'athena.%' GROUP BY type ORDER BY type";
    post(server, "/v1/sql", json!({"sql": sql, "project": "p"})).await["rows"].clone()
}

async fn record(server: &Serve, of_type: &str, id: &str) {
    let event = json!({"id": id, "type": of_type, "content": "x", "project": "p", "outcome": "failure"});
    post(server, "/v1/events", event).await;
}

fn done(items: &[Value]) -> usize {
    items.iter().filter(|item| item["outcome"] == "done").count()
}

/// Waits until a rule has seen all that came before: it fires by what comes last.
async fn settled(server: &Serve, runs: usize) {
    let given = json!({"name": "last", "when": {"type": "last"}, "event_id": "last",
                       "then": [{"call": "attention.focus", "arguments": {"text": "seen"}}]});
    ask(server, "automation", "create", given).await;
    for n in 0..2 {
        record(server, "last", &format!("last-{n}")).await;
        history(server, "automation", |items| done(items) == runs + n + 1).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_never_sees_what_it_caused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    // One that would run itself for ever, and two that would run each other.
    for (from, to) in [("echo", "echo"), ("ping", "pong"), ("pong", "ping")] {
        ask(&server, "automation", "create", leads(from, to)).await;
    }
    record(&server, "echo", "echo-1").await;
    record(&server, "ping", "ping-1").await;
    let items = history(&server, "automation", |items| done(items) == 3).await;
    assert!(
        items.iter().any(|item| item["chain"].as_array().is_some_and(|chain| chain.len() == 1)),
        "{items:?}"
    );
    settled(&server, 3).await;
    assert_eq!(types(&server).await, json!([["echo", 2], ["last", 2], ["ping", 2], ["pong", 1]]));
    // Nobody else says what was caused.
    let rules = ask(&server, "automation", "list", json!({})).await;
    let id = rules["items"][0]["id"].clone();
    let claims = json!({"id": "echo-2", "type": "echo", "content": "x", "project": "p", "attributes": {"athena_cause": [id]}});
    post(&server, "/v1/events", claims).await;
    history(&server, "automation", |items| done(items) == 6).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chains_are_five_deep_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for n in 0..8 {
        ask(&server, "automation", "create", leads(&format!("t{n}"), &format!("t{}", n + 1))).await;
    }
    record(&server, "t0", "t-0").await;
    history(&server, "automation", |items| done(items) == 5).await;
    settled(&server, 5).await;
    let expected = json!([["last", 2], ["t0", 1], ["t1", 1], ["t2", 1], ["t3", 1], ["t4", 1], ["t5", 1]]);
    assert_eq!(types(&server).await, expected);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_do_several_things_and_say_what_they_would_have_done() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for n in 0..3 {
        record(&server, ["test_run", "build", "test_run"][n], &format!("past-{n}")).await;
    }
    let rule = json!({"name": "failed runs", "when": {"type": "test_run"}, "if": {"outcome": "failure"},
                      "then": [{"call": "memories.remember", "arguments": {"content": "$content", "tags": ["$id"]}},
                               {"call": "attention.focus", "arguments": {"text": "$content"}}]});
    let id = ask(&server, "automation", "create", rule).await["id"].clone();
    let would = ask(&server, "automation", "simulate", json!({"rule": id, "since": "1h"})).await;
    assert_eq!((&would["runs"], &would["truncated"]), (&json!(2), &json!(false)), "{would}");
    let first = &would["items"][0];
    assert_eq!(
        (&first["id"], &first["then"][0]["arguments"]["tags"]),
        (&json!("past-2"), &json!(["past-2"]))
    );
    // What would have been was not done.
    assert_eq!(ask(&server, "automation", "history", json!({})).await["items"], json!([]));
    record(&server, "test_run", "now").await;
    let items = history(&server, "automation", |items| done(items) == 1).await;
    assert_eq!(items[0]["results"].as_array().unwrap().len(), 2, "{items:?}");
    assert_eq!(items[0]["rule"], id);
    let memories = called(&server, "memories", "list", json!({"tag": "now"}), "p").await.unwrap();
    assert_eq!(memories["items"].as_array().unwrap().len(), 1);
    // By hand with what it is given, once under a key; after what fails the rest is left out.
    let run = json!({"rule": id, "input": {"content": "by hand", "id": "hand"}, "event_id": "run-1"});
    let ran = ask(&server, "automation", "run", run.clone()).await;
    assert_eq!(ran["outcome"], "done", "{ran}");
    let again = ask(&server, "automation", "run", run).await;
    assert_eq!((&again["firing"], &again["outcome"]), (&ran["firing"], &Value::Null));
    let memories = called(&server, "memories", "list", json!({"tag": "hand"}), "p").await.unwrap();
    assert_eq!(memories["items"].as_array().unwrap().len(), 1);
    let fails = ask(&server, "automation", "run", json!({"rule": id})).await;
    assert_eq!(
        (&fails["outcome"], fails["results"].as_array().unwrap().len()),
        (&json!("failed"), 1),
        "{fails}"
    );
    // Changed, it is by the clock.
    let clock = json!({"rule": id, "when": {"every": "15m"}, "if": {}});
    ask(&server, "automation", "update", clock).await;
    let would = ask(&server, "automation", "simulate", json!({"rule": id, "since": "61m"})).await;
    assert_eq!(would["runs"], 4);
    let wrong = json!({"rule": id, "if": {"type": "x"}});
    assert_eq!(
        called(&server, "automation", "update", wrong, "p").await.unwrap_err()["error"]["field"],
        "if"
    );
    server.stop().await;
}
