//! `POST /v1/traces`: spans as OpenTelemetry's own exporters send them, taken once and found.

use std::path::Path;
use std::process::Stdio;

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::processes::{Serve, athena, ended, post, sql};

const PYDANTIC: &[u8] = include_bytes!("data/otel/pydantic_agent.pb");
const JAVASCRIPT: &[u8] = include_bytes!("data/otel/javascript.json");
const PROTOBUF: &str = "application/x-protobuf";

async fn send(server: &Serve, query: &str, kind: &str, body: &[u8], headers: &[(&str, &str)]) -> Response {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/v1/traces{query}", server.url);
    let request = http.post(url).header("content-type", kind).body(body.to_vec());
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

async fn rows(folder: &Path, project: &str) -> Vec<Value> {
    let columns = "type, agent, session, tool, content, outcome, origin";
    sql(folder, &format!("SELECT {columns} FROM events WHERE project = '{project}' ORDER BY time, position"))
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spans_are_taken_once_and_found() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for _ in 0..3 {
        let answer = send(&server, "", PROTOBUF, PYDANTIC, &[]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], PROTOBUF);
        assert!(answer.bytes().await.unwrap().is_empty(), "nothing was refused");
    }
    // The resource names its project.
    let told = rows(folder.path(), "shop").await;
    assert_eq!(told.len(), 12, "{told:?}");
    let call = told.iter().find(|row| row["type"] == "tool_call" && row["outcome"] == "failure").unwrap();
    assert_eq!((&call["tool"], &call["content"]), (&json!("read_file"), &json!("cart/total.py")));
    assert!(told.iter().all(|row| row["session"] == "conv-17" && row["origin"] == "http"));
    let found = post(
        &server,
        "/v1/search",
        json!({"query": "rounds once", "project": "shop", "k": 1, "mode": "text"}),
    )
    .await;
    assert!(found["hits"][0]["content"].as_str().unwrap().contains("round"), "{found}");

    let answer = send(&server, "?project=desk", "application/json", JAVASCRIPT, &[]).await;
    assert_eq!((answer.status(), answer.json::<Value>().await.unwrap()), (StatusCode::OK, json!({})));
    let kinds: Vec<_> = rows(folder.path(), "desk").await.iter().map(|row| row["type"].clone()).collect();
    assert_eq!(json!(kinds).as_array().unwrap().len(), 4, "{kinds:?}");
    let answer = send(&server, "", "application/json", JAVASCRIPT, &[("athena-project", "head")]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(rows(folder.path(), "head").await.len(), 4);

    let metrics = reqwest::Client::builder().no_proxy().build().unwrap();
    let metrics = metrics.get(format!("{}/metrics", server.url)).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("athena_spans_total{outcome=\"told\"}"), "{metrics}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_exporter_is_content() {
    let Ok(python) = std::env::var("ATHENA_TEST_PYTHON") else { return };
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/otlp.py");
    let mut command = Command::new(python);
    command.arg(script).arg(format!("{}/v1/traces?spans=all", server.url)).stderr(Stdio::inherit());
    let done = command.env("NO_PROXY", "127.0.0.1").output().await.unwrap();
    assert_eq!(String::from_utf8_lossy(&done.stdout).trim(), "True 3");
    let told = rows(folder.path(), "spans").await;
    let contents: Vec<_> = told.iter().map(|row| row["content"].as_str().unwrap()).collect();
    assert_eq!(contents, ["invoke_agent tester", "pytest cart", "4 passed, 1 failed", "GET /"]);
    assert!(told[..3].iter().all(|row| row["session"] == "c-1"), "{told:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_told_as_the_protocol_says() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let status =
        async |query: &str, kind: &str, body: &[u8]| send(&server, query, kind, body, &[]).await.status();
    assert_eq!(status("", "text/plain", b"x").await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(status("", PROTOBUF, b"\xff\xff").await, StatusCode::BAD_REQUEST);
    assert_eq!(status("?colour=red", PROTOBUF, b"").await, StatusCode::BAD_REQUEST);
    assert_eq!(status("", PROTOBUF, b"").await, StatusCode::OK);
    let broken = send(&server, "", PROTOBUF, b"\xff\xff", &[]).await.bytes().await.unwrap();
    assert!(broken.starts_with(b"\x08\x03\x12"), "a google.rpc.Status: {broken:?}");
    let broken: Value = send(&server, "", "application/json", b"{", &[]).await.json().await.unwrap();
    assert_eq!((&broken["code"], &broken["error"]["code"]), (&json!(3), &json!("invalid_argument")));
    // A span that cannot be told from others is refused, its neighbours are taken.
    let span = |id: &str| {
        json!({"traceId": "5b8efff798038103d269b633813fc60c", "spanId": id, "name": "ls",
        "attributes": [{"key": "gen_ai.tool.name", "value": {"stringValue": "ls"}}]})
    };
    let spans = [span("eee19b7ec3c1b174"), span("short")];
    let body = json!({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).to_string();
    let partial: Value =
        send(&server, "", "application/json", body.as_bytes(), &[]).await.json().await.unwrap();
    assert_eq!(partial["partialSuccess"]["rejectedSpans"], "1", "{partial}");
    assert_eq!(rows(folder.path(), "default").await.len(), 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_sends_into_its_own_projects_only() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["token", "create", "ann", "--role", "write", "--project", "desk", "--data", "data"];
    let secret = ended(athena(folder.path(), &words)).await.json()["secret"].as_str().unwrap().to_owned();
    let server = Serve::start(folder.path()).await;
    let nobody = send(&server, "", PROTOBUF, PYDANTIC, &[]).await;
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
    assert!(nobody.bytes().await.unwrap().starts_with(b"\x08\x10\x12"), "a google.rpc.Status");
    let token = format!("Bearer {secret}");
    let ann = [("authorization", token.as_str())];
    // What names another project is refused span by span; what names none goes to the token's.
    let refused = send(&server, "", PROTOBUF, PYDANTIC, &ann).await;
    assert_eq!(refused.status(), StatusCode::OK);
    assert!(refused.bytes().await.unwrap().starts_with(b"\x0a"), "a partial success");
    assert_eq!(send(&server, "", "application/json", JAVASCRIPT, &ann).await.status(), StatusCode::OK);
    assert_eq!(
        send(&server, "?project=shop", "application/json", JAVASCRIPT, &ann).await.status(),
        StatusCode::FORBIDDEN
    );
    server.stop().await;
}
