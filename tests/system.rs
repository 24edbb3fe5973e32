//! Tools `sql` and `system`: what they say of the server and its tables is so.

use std::time::Duration;

use serde_json::{Value, json};

use crate::operations::called;
use crate::processes::{Serve, post};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let event =
        |project: &str, outcome: &str| json!({"project": project, "content": "x", "outcome": outcome});
    post(&server, "/v1/events", json!([event("p", "failure"), event("p", "success"), event("q", "failure")]))
        .await;
    let ask =
        async |operation: &str, arguments: Value| called(&server, "sql", operation, arguments, "p").await;
    let counted =
        json!({"sql": "SELECT COUNT(*) AS n FROM events WHERE outcome = $1", "parameters": ["failure"]});
    let answer = ask("query", counted).await.unwrap();
    assert_eq!((&answer["rows"], &answer["columns"][0]["name"]), (&json!([[1]]), &json!("n")), "{answer}");
    let cut = ask("query", json!({"sql": "SELECT id FROM events", "limit": 1})).await.unwrap();
    assert_eq!((cut["rows"].as_array().unwrap().len(), &cut["truncated"]), (1, &json!(true)));
    let wrong = ask("query", json!({"sql": "SELECT nothing FROM events"})).await.unwrap_err();
    assert!(wrong["error"]["message"].as_str().unwrap().contains("line 1, column 8"), "{wrong}");
    let writes = ask("query", json!({"sql": "DELETE FROM events"})).await.unwrap_err();
    assert_eq!(writes["error"]["code"], "invalid_argument");

    let tables = ask("tables", json!({})).await.unwrap();
    let rows = |name: &str| {
        let all = tables["items"].as_array().unwrap();
        all.iter().find(|one| one["name"] == name).unwrap()["rows"].as_u64()
    };
    assert_eq!((rows("events"), rows("memories")), (Some(2), Some(0)), "{tables}");
    let schema = ask("schema", json!({"table": "memories"})).await.unwrap();
    let columns = schema["items"].as_array().unwrap();
    assert!(columns.iter().any(|one| one["name"] == "valid_until" && one["type"] == "timestamp"), "{schema}");
    let unknown = ask("schema", json!({"table": "memorys"})).await.unwrap_err();
    assert!(unknown["error"]["hint"].as_str().unwrap().contains("memories"), "{unknown}");
    let plans = ask("explain", json!({"sql": "SELECT COUNT(*) FROM events"})).await.unwrap();
    assert!(plans["items"][0]["plan"].as_str().unwrap().contains("events"), "{plans}");
    let versions = ask("versions", json!({"table": "events"})).await.unwrap();
    let numbers: Vec<u64> =
        versions["items"].as_array().unwrap().iter().map(|one| one["version"].as_u64().unwrap()).collect();
    assert!(!numbers.is_empty() && numbers.is_sorted_by(|newer, older| newer > older), "{versions}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saved_views_are_of_their_project() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let event =
        |project: &str, content: &str| json!({"project": project, "content": content, "outcome": "failure"});
    post(&server, "/v1/events", json!([event("p", "a"), event("p", "b"), event("q", "c")])).await;
    let ask = async |operation: &str, arguments: Value, project: &str| {
        called(&server, "sql", operation, arguments, project).await
    };
    let failed = json!({"name": "failed", "sql": "SELECT content FROM events WHERE outcome = 'failure'"});
    let saved = ask("save", failed.clone(), "p").await.unwrap();
    assert_eq!((&saved["id"], &saved["columns"][0]["name"]), (&json!("view-failed"), &json!("content")));
    let count = json!({"sql": "SELECT COUNT(*) FROM failed"});
    assert_eq!(ask("query", count.clone(), "p").await.unwrap()["rows"], json!([[2]]));
    let elsewhere = ask("query", count.clone(), "q").await.unwrap_err();
    assert!(elsewhere["error"]["message"].as_str().unwrap().contains("failed"), "{elsewhere}");

    let newer = json!({"name": "failed", "sql": "SELECT content FROM events WHERE content = 'a'"});
    assert!(ask("save", newer, "p").await.unwrap()["version"].as_i64() > saved["version"].as_i64());
    assert_eq!(ask("query", count, "p").await.unwrap()["rows"], json!([[1]]));
    // A view over a view, and through the door of plain SQL.
    ask("save", json!({"name": "first", "sql": "SELECT MIN(content) AS c FROM failed"}), "p").await.unwrap();
    let plain = post(&server, "/v1/sql", json!({"sql": "SELECT c FROM first", "project": "p"})).await;
    assert_eq!(plain["rows"], json!([["a"]]), "{plain}");
    let columns = ask("schema", json!({"table": "failed"}), "p").await.unwrap();
    assert_eq!(columns["items"][0]["name"], "content");

    for (name, sql, field) in [
        ("events", "SELECT 1", "name"),
        ("Failed", "SELECT 1", "name"),
        ("broken", "SELECT nothing FROM events", "sql"),
        ("writes", "DELETE FROM events", "sql"),
    ] {
        let refused = ask("save", json!({"name": name, "sql": sql}), "p").await.unwrap_err();
        assert_eq!(refused["error"]["field"], field, "{name}: {refused}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_tells_of_itself() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    post(&server, "/v1/events", json!([{"project": "p", "content": "x"}])).await;
    let ask =
        async |operation: &str, arguments: Value| called(&server, "system", operation, arguments, "p").await;
    let health = ask("health", json!({})).await.unwrap();
    let parts: Vec<&str> =
        health["items"].as_array().unwrap().iter().map(|part| part["part"].as_str().unwrap()).collect();
    assert_eq!(parts, ["tables", "log", "text_index", "vectors"], "{health}");
    assert_eq!(ask("status", json!({})).await.unwrap()["tables"]["events"]["rows"], 1);
    let layers = ask("layers", json!({})).await.unwrap();
    let layer = |number: usize| &layers["items"][number - 1];
    assert_eq!((&layer(1)["rows"], &layer(1)["last_day"]), (&json!(1), &json!(1)), "{layers}");
    assert_eq!(layers["items"].as_array().unwrap().len(), 8);
    assert!(layer(4)["rows"].is_null() == layer(4)["reason"].is_string(), "what is null has its reason");
    let rows = ask("metrics", json!({"name": "athena_table_rows"})).await.unwrap();
    let events = rows["items"].as_array().unwrap().iter().find(|one| one["labels"] == "table=\"events\"");
    assert_eq!(events.unwrap()["value"], 1.0);
    let config = ask("config", json!({"name": "search.ranker"})).await.unwrap();
    assert_eq!(config["items"][0]["from"], "default", "{config}");

    let to = folder.path().join("backup").to_string_lossy().into_owned();
    let backup = ask("backup", json!({"to": to, "wait": true})).await.unwrap();
    assert_eq!((&backup["status"], &backup["rows"]["events"]), (&json!("complete"), &json!(1)), "{backup}");
    let again = ask("backup", json!({"to": to, "wait": true})).await.unwrap_err();
    assert!(again["error"]["message"].as_str().unwrap().contains("not empty"), "{again}");
    let into = folder.path().join("restored").to_string_lossy().into_owned();
    let run = ask("restore", json!({"from": to, "into": into})).await.unwrap()["run"].clone();
    let ended = async {
        loop {
            let status = ask("status", json!({})).await.unwrap();
            let copies = status["copies"].as_array().unwrap().clone();
            let copy = copies.into_iter().find(|copy| copy["run"] == run).unwrap();
            if copy["status"] != "running" {
                return copy;
            }
        }
    };
    let restored = tokio::time::timeout(Duration::from_secs(60), ended).await.unwrap();
    assert_eq!(
        (&restored["status"], &restored["rows"]["events"]),
        (&json!("complete"), &json!(1)),
        "{restored}"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn upkeep_is_done_when_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for number in 0..6 {
        let content = format!("the lantern number {number}");
        post(&server, "/v1/events", json!([{"project": "p", "session": "s", "content": content}])).await;
    }
    let remembered = json!({"content": "Lanterns are lit at dusk."});
    called(&server, "memories", "remember", remembered, "p").await.unwrap();
    let ask =
        async |operation: &str, arguments: Value| called(&server, "system", operation, arguments, "p").await;
    let files = async || ask("status", json!({})).await.unwrap()["tables"]["events"]["files"].as_u64();
    let before = files().await;
    assert!(before > Some(1), "{before:?}");
    let compacted = ask("compact", json!({"table": "events", "wait": true})).await.unwrap();
    let done = &compacted["items"];
    assert_eq!((compacted["status"].as_str(), done[0]["table"].as_str()), (Some("complete"), Some("events")));
    assert!(files().await < before && done.as_array().unwrap().len() == 1, "{compacted}");
    let unknown = ask("compact", json!({"table": "event"})).await.unwrap_err();
    assert_eq!(unknown["error"]["field"], "table", "{unknown}");

    let found = async |query: &str, mode: &str| {
        let asked = json!({"query": query, "mode": mode, "k": 50, "project": "p"});
        post(&server, "/v1/search", asked).await["hits"].as_array().unwrap().len()
    };
    let searches = [("lantern", "text"), ("lamps", "vector")];
    let mut counted = Vec::new();
    for (query, mode) in searches {
        counted.push(found(query, mode).await);
    }
    assert!(counted[0] >= 7 && counted[1] >= 1, "{counted:?}");
    let derived = ask("reindex", json!({"wait": true})).await.unwrap();
    let of = |index: &str| {
        let items = derived["items"].as_array().unwrap();
        items.iter().find(|one| one["index"] == index).unwrap().clone()
    };
    let documents = ask("status", json!({})).await.unwrap()["text_index"]["documents"].clone();
    assert_eq!(of("text")["documents"], documents, "{derived}");
    assert!(
        of("vectors")["chunks"].as_u64() >= Some(7) && of("columns")["columns"] == json!([]),
        "{derived}"
    );
    for ((query, mode), before) in searches.into_iter().zip(counted) {
        assert_eq!(found(query, mode).await, before, "{mode}");
    }
    // What is written after it is found, and what was, once.
    post(&server, "/v1/events", json!([{"project": "p", "session": "s", "content": "one more lantern"}]))
        .await;
    assert!(found("one more lantern", "text").await >= 8);
    let run = ask("reindex", json!({"index": "text"})).await.unwrap()["run"].clone();
    let ended = async {
        loop {
            let status = ask("status", json!({})).await.unwrap();
            let runs = status["reindexings"].as_array().unwrap().clone();
            let one = runs.into_iter().find(|one| one["run"] == run).unwrap();
            if one["status"] != "running" {
                return one;
            }
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(60), ended).await.unwrap();
    assert_eq!(ended["status"], "complete", "{ended}");
    let unknown = ask("reindex", json!({"index": "texts"})).await.unwrap_err();
    assert_eq!(unknown["error"]["field"], "index", "{unknown}");
    server.stop().await;

    let server = Serve::start(folder.path()).await;
    let asked = json!({"query": "lantern", "mode": "text", "k": 50, "project": "p"});
    assert!(post(&server, "/v1/search", asked).await["hits"].as_array().unwrap().len() >= 8);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_keeps_it_going_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    post(&server, "/v1/events", json!([{"project": "p", "content": "x"}])).await;
    let ask =
        async |operation: &str, arguments: Value| called(&server, "system", operation, arguments, "p").await;
    let cache = async |arguments: Value, name: &str| {
        let caches = ask("cache", arguments).await.unwrap();
        let items = caches["items"].as_array().unwrap();
        items.iter().find(|one| one["cache"] == name).unwrap_or_else(|| panic!("{caches}")).clone()
    };
    ask("layers", json!({})).await.unwrap();
    ask("layers", json!({})).await.unwrap();
    let answers = cache(json!({}), "answers of statements").await;
    assert!(answers["hits"].as_u64() >= Some(1) && answers["entries"].as_u64() >= Some(1), "{answers}");
    let rate = answers["hits"].as_f64().unwrap()
        / (answers["hits"].as_f64().unwrap() + answers["misses"].as_f64().unwrap());
    assert_eq!(answers["hit_rate"].as_f64(), Some(rate), "{answers}");
    let graphs = cache(json!({"clear": true}), "graphs").await;
    assert!(graphs["hit_rate"].is_null() && graphs["reason"].is_string(), "{graphs}");
    assert_eq!(cache(json!({}), "answers of statements").await["entries"], 0, "they were cleared");
    assert!(cache(json!({}), "metadata of files").await["bytes"].as_u64() > Some(0));

    let resilience = ask("resilience", json!({})).await.unwrap();
    let queue = |name: &str| {
        let queues = resilience["queues"].as_array().unwrap();
        queues.iter().find(|one| one["of"] == name).unwrap_or_else(|| panic!("{resilience}")).clone()
    };
    assert_eq!(queue("requests")["waiting"], 1, "this one");
    assert_eq!((&queue("log")["waiting"], &queue("log")["most"]), (&json!(0), &json!(200_000)));
    assert_eq!(resilience["breakers"], json!([]), "no service is asked: {resilience}");
    assert!(resilience["shed"].as_array().unwrap().iter().any(|one| one["of"] == "requests"));

    let diagnosed = ask("diagnose", json!({})).await.unwrap();
    let checks = diagnosed["items"].as_array().unwrap();
    let told = |part: &str| checks.iter().any(|one| one["what"].as_str().unwrap().contains(part));
    for part in ["athena ", "clock", "can be written", "audit is whole", "text_index: ok", "keys of data"] {
        assert!(told(part) || part == "keys of data" && told("sensitive"), "{part}: {diagnosed}");
    }
    assert!(checks.iter().all(|one| one["state"] == "ok" || one["remedy"].is_string()), "{diagnosed}");
    assert_ne!(diagnosed["state"], "fail", "{diagnosed}");
    server.stop().await;
}
