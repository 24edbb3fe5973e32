//! MCP as the official clients see it, of both kinds of revisions, over HTTP and standard input and output.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::time::timeout;

use crate::processes::{Serve, athena, ended};

/// Every example of every operation goes through a client, on a machine that does much else.
const LIMIT: Duration = Duration::from_secs(240);
const CORE: [&str; 10] = [
    "recall",
    "remember",
    "resume",
    "search",
    "find_procedure",
    "next_step",
    "record",
    "describe",
    "call_read",
    "call",
];
const READ_ONLY: [&str; 7] =
    ["recall", "resume", "search", "find_procedure", "next_step", "describe", "call_read"];

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mcp").join(name)
}

/// What a client's script saw; `None` where the test has no such client to run.
async fn saw(program: Option<String>, name: &str, words: &[&str], folder: &Path) -> Option<Value> {
    let program = program?;
    // A module looks for others beside itself.
    let copy = folder.join(name);
    std::fs::copy(script(name), &copy).unwrap();
    if let Ok(modules) = std::env::var("ATHENA_TEST_NODE") {
        std::os::unix::fs::symlink(modules, folder.join("node_modules")).unwrap();
    }
    let mut command = Command::new(program);
    command.arg(copy).args(words).current_dir(folder).env("ATHENA_PROJECT", "p").stderr(Stdio::inherit());
    let done = timeout(LIMIT, command.output()).await.expect("it ends in time").unwrap();
    assert!(done.status.success(), "{name} {words:?}: {}", String::from_utf8_lossy(&done.stdout));
    Some(serde_json::from_slice(&done.stdout).unwrap())
}

fn python() -> Option<String> {
    std::env::var("ATHENA_TEST_PYTHON").ok()
}

fn node() -> Option<String> {
    std::env::var("ATHENA_TEST_NODE").ok().map(|_| "node".to_owned())
}

fn check(saw: &Value) {
    assert_eq!(saw["tools"], json!(CORE));
    assert_eq!(saw["recalled"], json!([saw["id"]]), "{saw}");
    assert_eq!(saw["wrong"][0], true);
    assert!(saw["wrong"][1].as_str().unwrap().contains("query"), "{saw}");
    assert!(saw["unknown"].as_str().unwrap().contains("recall"), "{saw}");
    assert_eq!(saw["pages"][0], 50);
    assert_eq!(saw["prompts"], json!(["resume", "recall", "remember"]));
    assert!(!saw["progress"].as_array().unwrap().is_empty(), "{saw}");
}

fn check_node(saw: &Value) {
    check(saw);
    assert_eq!((&saw["cancelled"], &saw["server"]), (&json!(true), &json!("athena")));
    assert_eq!(saw["failed"], json!([]));
    assert!(saw["all"].as_array().unwrap().contains(&json!("memories")), "{saw}");
    assert!(saw["called"].as_array().unwrap().len() >= saw["all"].as_array().unwrap().len(), "{saw}");
}

fn check_python(saw: &Value) {
    check(saw);
    let id = saw["id"].as_str().unwrap();
    assert_eq!(saw["read_only"], json!(READ_ONLY));
    assert!(saw["text"].as_str().unwrap().starts_with(&format!("[{id}] ")), "{saw}");
    assert!(saw["text"].as_str().unwrap().contains("after the backup"));
    assert!(saw["prompt"].as_str().unwrap().contains(id));
    // Without a handshake a client does not ask for them.
    if saw["version"] != "2026-07-28" {
        assert!(saw["instructions"].as_str().unwrap().contains("Recall before you begin"));
    }
    // 60 notes and the first memory: two pages, each once.
    assert_eq!(saw["pages"], json!([50, 11, 61]));
    assert_eq!(saw["read"], "Note 59");
    assert_eq!((saw.get("waited"), &saw["after_cancel"]), (None, &json!(true)));
    assert_eq!(saw["failed"], json!([]));
    assert!(saw["called"].as_array().unwrap().len() >= 10, "{saw}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_clients_drive_every_tool() {
    for mode in ["legacy", "2026-07-28"] {
        let folder = tempfile::tempdir().unwrap();
        let server = Serve::start(folder.path()).await;
        let url = format!("{}/mcp?tools=core", server.url);
        if let Some(saw) = saw(python(), "client.py", &[mode, &url], folder.path()).await {
            check_python(&saw);
            assert_eq!(saw["version"] == "2026-07-28", mode == "2026-07-28");
        }
        server.stop().await;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    if let Some(saw) =
        saw(node(), "client.mjs", &[&format!("{}/mcp?tools=core", server.url)], folder.path()).await
    {
        check_node(&saw);
    }
    server.stop().await;
}

/// Nobody serves the directory: the process that speaks MCP does, as long as it lives.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn standard_input_and_output_carry_the_same() {
    let program = env!("CARGO_BIN_EXE_athena");
    let words = [program, "mcp", "--tools", "core", "--data", "data"];
    for mode in ["legacy", "2026-07-28"] {
        let folder = tempfile::tempdir().unwrap();
        let words: Vec<&str> = [mode].into_iter().chain(words).collect();
        if let Some(saw) = saw(python(), "client.py", &words, folder.path()).await {
            check_python(&saw);
            // What an agent wrote through it says so.
            let origin = ["sql", "SELECT DISTINCT origin FROM memories", "--data", "data"];
            assert_eq!(ended(athena(folder.path(), &origin)).await.json()["origin"], "mcp");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    if let Some(saw) = saw(node(), "client.mjs", &words, folder.path()).await {
        check_node(&saw);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_other_sites_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let hello = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}});
    let ask = async |origin: &str, query: &str| {
        let request = http.post(format!("{}/mcp{query}", server.url)).json(&hello).header("origin", origin);
        request.header("accept", "application/json, text/event-stream").send().await.unwrap()
    };
    assert_eq!(ask("https://evil.example", "").await.status(), StatusCode::FORBIDDEN);
    let answered = ask("http://localhost:3000", "").await;
    assert_eq!(answered.status(), StatusCode::OK);
    assert!(answered.headers().contains_key("mcp-session-id"));
    server.stop().await;
}
