//! Working memory: a few things, the strongest; what is kept out stays out; what is not known is not made up.

use serde_json::{Value, json};

use crate::operations::called;
use crate::processes::{Serve, post};

async fn ask(server: &Serve, operation: &str, arguments: Value) -> Value {
    let answer = called(server, "attention", operation, arguments, "p").await;
    answer.unwrap_or_else(|error| panic!("attention.{operation}: {error}"))
}

async fn refused(server: &Serve, operation: &str, arguments: Value) -> Value {
    called(server, "attention", operation, arguments, "p").await.unwrap_err()["error"].clone()
}

fn column(answer: &Value, name: &str) -> Vec<String> {
    let items = answer["items"].as_array().unwrap();
    items.iter().map(|item| item[name].as_str().unwrap_or("-").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seven_things_are_held_and_the_weakest_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let thought = |text: &str| json!({"text": text, "session": "s-1"});
    let mut ids = Vec::new();
    for at in 0..7 {
        let made = ask(&server, "focus", thought(&format!("thought {at}"))).await;
        assert_eq!((made["left"].as_array().unwrap().len(), &made["size"]), (0, &json!(at + 1)));
        ids.push(made["id"].clone());
    }
    // The first is used again and again: it stays, and one of the others leaves.
    for _ in 0..3 {
        assert_eq!(ask(&server, "focus", thought("thought 0")).await["size"], 7);
    }
    let eighth = ask(&server, "focus", thought("thought 7")).await;
    assert_eq!((eighth["left"].as_array().unwrap().len(), &eighth["size"]), (1, &json!(7)));
    let held = ask(&server, "get", json!({"session": "s-1"})).await;
    assert_eq!(held["items"][0]["id"], ids[0]);
    assert_eq!(held["items"][0]["uses"], 4);
    let activations: Vec<f64> =
        held["items"].as_array().unwrap().iter().map(|item| item["activation"].as_f64().unwrap()).collect();
    assert!(activations.is_sorted_by(|one, other| one >= other), "{activations:?}");

    // Another session, an agent and the project have their own.
    assert_eq!(ask(&server, "get", json!({"session": "s-2"})).await["items"], json!([]));
    ask(&server, "focus", json!({"text": "of the agent", "agent": "ann"})).await;
    let load = ask(&server, "load", json!({})).await;
    let loads: Vec<(&Value, &Value, f64)> = load["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["session"], &one["agent"], one["load"].as_f64().unwrap()))
        .collect();
    assert_eq!(loads, [(&Value::Null, &json!("ann"), 1.0 / 7.0), (&json!("s-1"), &Value::Null, 1.0)]);

    let smaller = ask(&server, "configure", json!({"capacity": 5, "session": "s-1"})).await;
    assert_eq!((smaller["left"].as_array().unwrap().len(), &smaller["size"]), (2, &json!(5)));
    ask(&server, "release", json!({"id": ids[0], "session": "s-1"})).await;
    assert!(
        !column(&ask(&server, "get", json!({"session": "s-1"})).await, "id")
            .contains(&ids[0].as_str().unwrap().to_owned())
    );
    assert_eq!(ask(&server, "clear", json!({"session": "s-1"})).await["size"], 0);
    assert_eq!(ask(&server, "get", json!({"session": "s-1"})).await["capacity"], 5);
    for (wrong, field) in
        [(json!({"capacity": 10}), "capacity"), (json!({"decay": 0}), "decay"), (json!({}), "capacity")]
    {
        assert_eq!(refused(&server, "configure", wrong).await["field"], field);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_kept_out_stays_out() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let told =
        json!({"content": "Releases are cut from the branch stable", "project": "p", "importance": 0.8});
    let id = post(&server, "/v1/tools/memories/remember", told).await["id"].clone();
    let held = ask(&server, "focus", json!({"id": id})).await;
    assert_eq!(held["size"], 1);
    let out = ask(&server, "inhibit", json!({"id": id, "for": "1h"})).await;
    assert_eq!((&out["left"], &out["size"]), (&json!([id]), &json!(0)));
    assert_eq!(refused(&server, "focus", json!({"id": id})).await["code"], "conflict");
    let query = json!({"query": "From which branch are releases cut?", "after": {}});
    assert_eq!(ask(&server, "auto_focus", query.clone()).await["items"], json!([]));
    assert_eq!(ask(&server, "get", json!({})).await["inhibited"][0]["id"], id);
    // Elsewhere it is not kept out: what bears on the question comes to mind, and nothing else does.
    let other = json!({"content": "The office cat is called Minka", "project": "p"});
    post(&server, "/v1/tools/memories/remember", other).await;
    let mut elsewhere = query;
    elsewhere["session"] = json!("s-1");
    let focused = ask(&server, "auto_focus", elsewhere).await;
    assert_eq!(column(&focused, "id"), [id.as_str().unwrap()], "{focused}");
    assert_eq!(focused["focused"][0]["importance"], 0.8);
    let nothing = json!({"query": "how do whales sleep?", "session": "s-2", "after": {}});
    assert_eq!(ask(&server, "auto_focus", nothing).await["items"], json!([]));
    let unknown = refused(&server, "focus", json!({"id": "m-none"})).await;
    assert_eq!((&unknown["code"], &unknown["field"]), (&json!("not_found"), &json!("id")));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn surprise_is_what_hardly_ever_follows() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    // Nine times a test follows an edit, once a deployment does.
    let mut events = Vec::new();
    for at in 0..10 {
        let second = if at == 9 { "deploy" } else { "test" };
        for (order, tool) in ["edit", second].iter().enumerate() {
            events.push(json!({"id": format!("{tool}-{at}"), "project": "p", "session": format!("s-{at}"), "type": "tool_call",
                               "tool": tool, "content": tool, "time": format!("2026-11-20T10:{at:02}:{order:02}Z")}));
        }
    }
    post(&server, "/v1/events", json!(events)).await;
    let ids = json!({"ids": ["deploy-9", "test-0", "edit-0", "none"]});
    let weighed = ask(&server, "salience", ids).await;
    assert_eq!(weighed["missing"], json!(["none"]));
    let of =
        |id: &str| weighed["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap().clone();
    assert!((of("deploy-9")["surprise"].as_f64().unwrap() - 10_f64.log2()).abs() < 1e-9);
    assert!((of("test-0")["surprise"].as_f64().unwrap() - (10_f64 / 9.0).log2()).abs() < 1e-9);
    // The first of a session follows nothing; nothing is in mind; nobody said how important it is.
    let first = of("edit-0");
    assert_eq!(
        (&first["surprise"], &first["relevance"], &first["importance"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let reason = first["reason"].as_str().unwrap();
    assert!(["surprise", "relevance", "importance"].iter().all(|name| reason.contains(name)), "{reason}");
    assert_eq!(column(&weighed, "id")[0], "deploy-9");
    server.stop().await;
}
