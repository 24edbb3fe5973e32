//! The official MCP conformance suite, on what each revision requires of a server.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;
use tokio::time::timeout;

use crate::processes::{SERVE, Serve, athena};

const LIMIT: Duration = Duration::from_secs(300);

/// The suite's exit code says whether everything passed that the revision requires. What it runs besides,
/// and does not count, are extensions that Athena does not have (tasks, skills) and what its authors have
/// not finished.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_each_revision_requires_of_a_server() {
    let Ok(modules) = std::env::var("ATHENA_TEST_NODE") else { return };
    let suite = Path::new(&modules).join("@modelcontextprotocol/conformance/dist/index.js");
    for (revision, checks) in [("2025-11-25", 80), ("2026-07-28", 100)] {
        let folder = tempfile::tempdir().unwrap();
        let mut serve = athena(folder.path(), &SERVE);
        serve.env("ATHENA_MCP_CONFORMANCE", "true");
        let server = Serve::of(serve, folder.path()).await;
        let url = format!("{}/mcp", server.url);
        // The suite needs a newer Node than many systems have: npm has it as a package.
        let mut run = Command::new(Path::new(&modules).join(".bin/node"));
        run.arg(&suite).args(["server", "--url", &url, "--requirements", revision, "-o", "results"]);
        run.current_dir(folder.path()).env("NO_PROXY", "127.0.0.1").kill_on_drop(true);
        let run = timeout(LIMIT, run.output()).await.expect("it ends in time").unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(run.status.success(), "{revision}: {said}");
        let total = said.lines().find_map(|line| line.strip_prefix("Total: ")).expect("a summary");
        let passed: usize = total.split(' ').next().unwrap().parse().unwrap();
        assert!(passed >= checks, "{revision}: {total}");
        server.stop().await;
    }
}

/// Without the setting a client sees nothing of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_suite_calls_is_not_there_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = async |method: &str, params: Value| -> String {
        let mut params = params;
        params["_meta"] = json!({"io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {}, "io.modelcontextprotocol/clientInfo": {"name": "t", "version": "1"}});
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let mut request = http.post(format!("{}/mcp", server.url)).json(&body);
        for (name, value) in [
            ("accept", "application/json, text/event-stream"),
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", method),
        ] {
            request = request.header(name, value);
        }
        if let Some(name) = params.get("name").and_then(Value::as_str) {
            request = request.header("mcp-name", name);
        }
        request.send().await.unwrap().text().await.unwrap()
    };
    let listed = ask("tools/list", json!({})).await;
    assert!(listed.contains("memories") && !listed.contains("test_"), "{listed}");
    for (method, params) in [
        ("tools/call", json!({"name": "test_simple_text", "arguments": {}})),
        ("prompts/get", json!({"name": "test_simple_prompt"})),
    ] {
        let answer = ask(method, params).await;
        assert!(answer.contains("error"), "{method}: {answer}");
    }
    server.stop().await;
}
