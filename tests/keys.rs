//! A key names one call: repeated it gets the first answer, used for anything else it is a conflict, whoever asks.

use athena_store::LogKind;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::kafka::{broker, configuration, setting};
use crate::processes::{SERVE, Serve, athena};
use crate::support::open;

/// The status and the answer of a call, with a key in its header where one is given.
async fn call(server: &Serve, operation: &str, arguments: Value, header: Option<&str>) -> (u16, Value) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/v1/tools/{}", server.url, operation.replace('.', "/"));
    let mut arguments = arguments;
    arguments["project"] = json!("p");
    let mut request = http.post(url).json(&arguments);
    if let Some(key) = header {
        request = request.header("idempotency-key", key);
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn refused(server: &Serve, operation: &str, arguments: Value, says: &str) {
    let (status, answer) = call(server, operation, arguments, None).await;
    let error = &answer["error"];
    assert_eq!(
        (status, &error["code"], &error["field"]),
        (409, &json!("conflict"), &json!("event_id")),
        "{answer}"
    );
    assert!(error["message"].as_str().unwrap().contains(says) && error["hint"].is_string(), "{answer}");
}

async fn one_call_a_key(server: &Serve) {
    let note = |title: &str| json!({"title": title, "body": "x", "event_id": "k-1"});
    let (status, first) = call(server, "notes.create", note("one"), None).await;
    assert_eq!(status, 200, "{first}");
    // A retry, in whatever order it names things, and by the header.
    let (status, again) = call(
        server,
        "notes.create",
        json!({"event_id": "k-1", "tags": null, "body": "x", "title": "one"}),
        None,
    )
    .await;
    assert_eq!((status, &again["id"]), (200, &first["id"]), "{again}");
    let (_, again) = call(server, "notes.create", json!({"title": "one", "body": "x"}), Some("k-1")).await;
    assert_eq!((&again["id"], &again["version"]), (&first["id"], &first["version"]));
    // Anything else is not done, and said not to be.
    refused(server, "notes.create", note("two"), "notes.create with other arguments").await;
    refused(server, "tasks.create", json!({"title": "one", "event_id": "k-1"}), "notes.create").await;
    refused(server, "tasks.create", json!({"title": "one", "agent": "b", "event_id": "k-1"}), "notes.create")
        .await;
    let (_, kept) = call(server, "notes.get", json!({"note": first["id"]}), None).await;
    assert!(kept.to_string().contains("one") && !kept.to_string().contains("two"), "{kept}");
    let (_, tasks) = call(server, "tasks.list", json!({}), None).await;
    assert_eq!(tasks["items"], json!([]));
    // Who acts is a part of what is asked.
    let claim = |agent: &str, key: &str| json!({"title": "t", "agent": agent, "event_id": key});
    assert_eq!(call(server, "tasks.create", claim("a", "k-2"), None).await.0, 200);
    refused(server, "tasks.create", claim("b", "k-2"), "tasks.create with other arguments").await;
    // What was refused stays refused to its retry, and is a conflict to another.
    let update = |title: &str| json!({"task": "task-none", "title": title, "event_id": "k-3"});
    assert_eq!(call(server, "tasks.update", update("x"), None).await.0, 404);
    assert_eq!(call(server, "tasks.update", update("x"), None).await.0, 404);
    refused(server, "tasks.update", update("y"), "tasks.update with other arguments").await;
    // What is recorded is known again too.
    let event = |content: &str| json!({"content": content, "type": "observation", "outcome": "Success", "event_id": "k-4"});
    assert_eq!(call(server, "events.record", event("seen"), None).await.1["duplicate"], false);
    assert_eq!(call(server, "events.record", event("seen"), None).await.1["duplicate"], true);
    refused(server, "events.record", event("not seen"), "another content").await;
    let said = json!({"session": "s-1", "prompt": "seen", "event_id": "k-4"});
    refused(server, "hooks.user_prompt", said, "another type").await;
}

/// Many ask for different things under one key, on different servers: one is done.
async fn one_of_many(servers: [&Serve; 2]) {
    let ask = |at: usize| {
        let arguments = json!({"title": format!("race {at}"), "event_id": "race"});
        call(servers[at % 2], "tasks.create", arguments, None)
    };
    let answers = join_all((0..8).map(ask)).await;
    let done: Vec<&Value> =
        answers.iter().filter(|(status, _)| *status == 200).map(|(_, told)| told).collect();
    assert!(done.len() == 1 && answers.iter().all(|(status, _)| [200, 409].contains(status)), "{answers:?}");
    let (_, tasks) = call(servers[0], "tasks.list", json!({}), None).await;
    let raced = tasks["items"].as_array().unwrap().iter();
    let raced: Vec<&Value> = raced
        .filter(|task| task["title"].as_str().unwrap().starts_with("race"))
        .map(|task| &task["id"])
        .collect();
    assert_eq!(raced, [&done[0]["id"]]);
    // Whoever asks again hears the same.
    let again = join_all((0..8).map(ask)).await;
    let statuses = |all: &[(u16, Value)]| all.iter().map(|(status, _)| *status).collect::<Vec<_>>();
    assert_eq!(statuses(&again), statuses(&answers));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_used_for_one_call() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    Box::pin(one_call_a_key(&server)).await;
    Box::pin(one_of_many([&server, &server])).await;
    server.kill().await;
    let server = Serve::start(folder.path()).await;
    refused(&server, "tasks.create", json!({"title": "one", "event_id": "k-1"}), "notes.create").await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_used_for_one_call_by_way_of_the_broker() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("data"), LogKind::Kafka).await;
    let options = setting("keys", 2, &store).await;
    drop(store);
    std::fs::write(folder.path().join("athena.toml"), configuration(&options)).unwrap();
    let broker = broker();
    let serve = async |role: &str| {
        let arguments = [&[role], &SERVE[1..], &["--kafka", &broker, "--config", "athena.toml"]].concat();
        Serve::of(athena(folder.path(), &arguments), folder.path()).await
    };
    let (one, other) = (serve("serve").await, serve("query").await);
    Box::pin(one_call_a_key(&one)).await;
    refused(
        &other,
        "notes.create",
        json!({"title": "two", "body": "x", "event_id": "k-1"}),
        "other arguments",
    )
    .await;
    Box::pin(one_of_many([&one, &other])).await;
    one.stop().await;
    other.stop().await;
}
