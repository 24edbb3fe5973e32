//! What requests may say beside their bodies, and how they are refused.

use std::time::{Duration, Instant};

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::processes::{Serve, post};

async fn sent(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap())
}

#[tokio::test]
async fn the_project_may_stand_in_the_query_string() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let memory = json!({"content": "deploy on Tuesdays"});
    let told = post(&server, "/v1/tools/memories/remember?project=shop", memory.clone()).await;
    assert_eq!(told["project"], "shop");
    let named = json!({"content": "deploy on Fridays", "project": "mill"});
    let told = post(&server, "/v1/tools/memories/remember?project=shop", named).await;
    assert_eq!(told["project"], "mill", "what the body says counts");
    let question = json!({"query": "deploy", "mode": "text"});
    let found = post(&server, "/v1/search?project=shop", question.clone()).await;
    assert_eq!((&found["projects"], found["hits"].as_array().map(Vec::len)), (&json!(["shop"]), Some(1)));
    let count = json!({"sql": "SELECT project, count(*) FROM memories GROUP BY project"});
    assert_eq!(post(&server, "/v1/sql?project=shop", count.clone()).await["rows"], json!([["shop", 1]]));
    for (path, body) in [
        ("/v1/search?projekt=shop", question),
        ("/v1/tools/memories/remember?projekt=shop", memory),
        ("/v1/sql?projekt=shop", count),
        ("/v1/events?projekt=shop", json!({"content": "x"})),
    ] {
        let (status, answer) = sent(server.http.post(format!("{}{path}", server.url)).json(&body)).await;
        assert_eq!((status, &answer["error"]["field"]), (400, &json!("projekt")), "{path}: {answer}");
    }
    server.stop().await;
}

#[tokio::test]
async fn refusals_are_errors_in_json() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let request = |path: &str| server.http.post(format!("{}{path}", server.url));
    for encoding in ["br", "deflate", "gzip, br"] {
        let (status, answer) =
            sent(request("/v1/events").header("content-encoding", encoding).body("x")).await;
        assert_eq!((status, &answer["error"]["field"]), (415, &json!("Content-Encoding")), "{answer}");
    }
    let plain = request("/v1/events").header("content-encoding", "identity").json(&json!({"content": "x"}));
    assert_eq!(sent(plain).await.0, 200);
    for (path, body, name) in [
        ("/v1/tools/memories/remember", r#"{"content":"a","content":"b"}"#, "content"),
        ("/v1/search", r#"{"query":"a","weights":{"text":1,"text":2}}"#, "text"),
        ("/v1/sql", r#"{"sql":"SELECT 1","sql":"SELECT 2"}"#, "sql"),
    ] {
        let (status, answer) = sent(request(path).body(body)).await;
        assert_eq!((status, &answer["error"]["field"]), (400, &json!(name)), "{path}: {answer}");
    }
    let liked = request("/v1/sql").header("accept", "text/csv;q=0.1, application/json;q=0.9");
    let (status, answer) = sent(liked.json(&json!({"sql": "SELECT 1"}))).await;
    assert_eq!((status, &answer["rows"]), (200, &json!([[1]])));
    server.stop().await;
}

/// The index and the vectors are waited for until the same moment.
#[tokio::test]
async fn a_position_that_never_comes_is_waited_for_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    post(&server, "/v1/events", json!({"content": "deployed"})).await;
    let question = json!({"query": "deployed", "after": {"local": {"0": 1_000_000}}});
    let began = Instant::now();
    let found = post(&server, "/v1/search", question).await;
    assert_eq!(found["degraded"], json!(["behind", "vectors_behind"]), "{found}");
    // `server.after_timeout_ms` is 2,000.
    assert!(began.elapsed() < Duration::from_millis(3_500), "{:?}", began.elapsed());
    server.stop().await;
}
