//! MCP as the official clients see it, of both kinds of revisions, over HTTP and standard input and output.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
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

/// What `athena mcp` answers to lines, the last of which is followed by the end of its input.
async fn answers(mut command: Command, lines: &[&[u8]]) -> Vec<Value> {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    for line in lines {
        input.write_all(&[line, &b"\n"[..]].concat()).await.unwrap();
    }
    drop(input);
    let done = timeout(LIMIT, child.wait_with_output()).await.expect("it ends with its input").unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let text = String::from_utf8(done.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn initialize(version: &str) -> String {
    json!({"jsonrpc": "2.0", "id": "hello", "method": "initialize", "params": {
        "protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}})
    .to_string()
}

/// A host starts it in any folder: it sees what the server of this machine holds, as commands do that name no memory.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_memory_named_the_server_of_this_machine_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let [home, elsewhere] = ["home", "elsewhere"].map(|name| folder.path().join(name));
    [&home, &elsewhere].into_iter().for_each(|path| std::fs::create_dir(path).unwrap());
    let server = Serve::start(&home).await;
    let listen = server.url.trim_start_matches("http://").to_owned();
    let there = |words: &[&str]| {
        let mut command = athena(&elsewhere, words);
        command.env("ATHENA_SERVER_LISTEN", &listen).env("ATHENA_PROJECT", "p");
        command
    };
    let remember = ["call", "memories", "remember", "content=deploy on Tuesdays"];
    let id = ended(there(&remember)).await.json()["id"].clone();
    assert_eq!(ended(there(&["search", "deploy", "--kind", "memory"])).await.json()["id"], id);
    let recall = json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {
        "name": "recall", "arguments": {"query": "when do we deploy?"}}});
    let lines = [initialize("2025-11-25"), recall.to_string()];
    let lines = lines.each_ref().map(|line| line.as_bytes());
    let answered = answers(there(&["mcp", "--tools", "core"]), &lines).await;
    assert_eq!(answered[1]["result"]["structuredContent"]["items"][0]["id"], id, "{answered:?}");
    assert!(!elsewhere.join("athena-data").exists());
    server.stop().await;

    let nothing = ended(there(&["search", "deploy"])).await;
    assert!(
        nothing.failed(1) && nothing.err.contains(&format!("no server answers at {listen}")),
        "{nothing:?}"
    );
    let made = ended(there(&remember)).await;
    assert!(made.code == Some(0) && made.err.contains("a new memory is made in /"), "{made:?}");
    let id = made.lines()[0]["id"].clone();
    assert_eq!(ended(there(&["search", "deploy", "--kind", "memory"])).await.json()["id"], id);
    assert!(elsewhere.join("athena-data").is_dir());
}

/// The code of the error that each answer is, and the id that it is about; null where it is a result.
fn codes(answers: &[Value]) -> Vec<(Value, Value)> {
    answers.iter().map(|answer| (answer["id"].clone(), answer["error"]["code"].clone())).collect()
}

/// What is sent one after another by a client of a revision, and what is answered, in the order of the ids.
async fn told(folder: &Path, version: &str, lines: &[&str]) -> Vec<(Value, Value)> {
    let hello = initialize(version);
    let lines: Vec<&[u8]> = [hello.as_str()].iter().chain(lines).map(|line| line.as_bytes()).collect();
    let answered = answers(athena(folder, &["mcp", "--tools", "core", "--data", "data"]), &lines).await;
    assert_eq!(answered[0]["result"]["protocolVersion"], version);
    let mut told = codes(&answered[1..]);
    told.sort_by_key(|told| format!("{told:?}"));
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_no_message_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let command = || athena(folder.path(), &["mcp", "--data", "data"]);
    let early = [br#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#.as_slice(), b"\"\xff\"", b"{bad"];
    let early = answers(command(), &early).await;
    let first = early.iter().find(|answer| answer["id"] == 1).unwrap();
    assert_eq!(first["error"]["code"], -32600);
    assert!(first["error"]["message"].as_str().unwrap().contains("`initialize` comes first"), "{first}");
    assert_eq!(early.iter().filter(|answer| answer["error"]["code"] == -32700).count(), 2, "{early:?}");

    let none = (Value::Null, json!(-32600));
    for line in
        ["\"x\"", "null", "[]", r#"{"jsonrpc":"2.0"}"#, r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#]
    {
        let answers = told(folder.path(), "2025-11-25", &[line]).await;
        assert_eq!(answers, std::slice::from_ref(&none), "{line}");
    }
    let wrong = [
        r#"{"id":1,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":2,"method":"ping","params":[]}"#,
        r#"{"jsonrpc":"2.0","id":3,"method":"tools/call"}"#,
        r#"{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":5}}"#,
        r#"{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"recall","arguments":[]}}"#,
        r#"{"jsonrpc":"2.0","id":6,"method":"tools/list","params":{"cursor":"garbage"}}"#,
        r#"{"jsonrpc":"2.0","id":7,"method":"no/such"}"#,
        r#"{"jsonrpc":"2.0","id":8,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/none","params":[]}"#,
    ];
    let expected = [-32600, -32602, -32602, -32602, -32602, -32602, -32601].map(Value::from);
    let expected = expected.into_iter().chain([Value::Null]);
    let expected: Vec<_> = (1..).map(Value::from).zip(expected).collect();
    assert_eq!(told(folder.path(), "2025-11-25", &wrong).await, expected);

    // Of two requests with one id that are under way, one is answered and one refused.
    let twice = [r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#; 2];
    let twice = told(folder.path(), "2025-11-25", &twice).await;
    assert_eq!(twice, [(json!(1), Value::Null), (json!(1), json!(-32600))]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_revision_has_batches() {
    let folder = tempfile::tempdir().unwrap();
    let batch = json!([
        {"jsonrpc": "2.0", "id": 1, "method": "ping"},
        {"jsonrpc": "2.0", "method": "notifications/none"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {
            "name": "remember", "arguments": {"content": "x", "project": "p"}}},
        {"jsonrpc": "2.0", "id": 2, "method": "ping"},
        "x",
    ])
    .to_string();
    let lines = [initialize("2025-03-26"), batch.clone()];
    let lines = lines.each_ref().map(|line| line.as_bytes());
    let answered =
        answers(athena(folder.path(), &["mcp", "--tools", "core", "--data", "data"]), &lines).await;
    let in_batch = codes(answered[1].as_array().expect("an array"));
    let invalid = json!(-32600);
    let expected = [(json!(1), Value::Null), (json!(2), Value::Null), (json!(2), invalid.clone())];
    assert_eq!(in_batch[..3], expected, "{answered:?}");
    assert_eq!(in_batch[3..], [(Value::Null, invalid.clone())]);
    for version in ["2025-06-18", "2025-11-25"] {
        let refused = told(folder.path(), version, &[&batch]).await;
        assert_eq!(refused, [(Value::Null, invalid.clone())], "{version}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn http_refuses_what_is_no_message() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let ask = async |body: &'static str| {
        let request = server.http.post(format!("{}/mcp", server.url)).body(body);
        let request = request.header("content-type", "application/json");
        let answer = request.header("accept", "application/json, text/event-stream").send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap()["error"]["code"].clone())
    };
    assert_eq!(ask("{bad").await, (400, json!(-32700)));
    assert_eq!(ask("[]").await, (400, json!(-32600)));
    assert_eq!(ask(r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#).await, (400, json!(-32600)));
    assert_eq!(ask(r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#).await, (400, json!(-32600)));
    assert_eq!(ask(r#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#).await, (200, json!(-32602)));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tools_that_there_are_not_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let request =
        server.http.post(format!("{}/mcp?tools=core,recal", server.url)).body(initialize("2025-11-25"));
    let request = request.header("content-type", "application/json");
    let refused = request.header("accept", "application/json, text/event-stream").send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert!(refused.text().await.unwrap().contains("did you mean \\\"recall\\\"?"));
    server.stop().await;
    let refused = ended(athena(folder.path(), &["mcp", "--tools", "nope", "--data", "data"])).await;
    assert!(refused.failed(2) && refused.err.contains("there is no tool \"nope\""), "{refused:?}");
}

/// Whether each stream that a client of a revision is answered by begins with an event without data.
async fn primed(server: &Serve, version: &str) -> [bool; 2] {
    let ask = |body: String, session: Option<&str>| {
        let request = server.http.post(format!("{}/mcp", server.url)).body(body);
        let request = request.header("content-type", "application/json");
        let request = request.header("accept", "application/json, text/event-stream");
        // Those before do not say it.
        let request = if version >= "2025-06-18" && session.is_some() {
            request.header("mcp-protocol-version", version)
        } else {
            request
        };
        session.into_iter().fold(request, |request, session| request.header("mcp-session-id", session))
    };
    let first = ask(initialize(version), None).send().await.unwrap();
    let session = first.headers()["mcp-session-id"].to_str().unwrap().to_owned();
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}).to_string();
    let second = ask(ping, Some(&session)).send().await.unwrap();
    let texts = [first.text().await.unwrap(), second.text().await.unwrap()];
    texts.map(|text| {
        assert!(text.contains("\"result\""), "{version}: {text}");
        text.split("\n\n").any(|event| !event.is_empty() && !event.contains('{') && !event.starts_with(':'))
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_without_data_are_for_clients_that_know_them() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for version in ["2024-11-05", "2025-03-26", "2025-06-18"] {
        assert_eq!(primed(&server, version).await, [false; 2], "{version}");
    }
    assert_eq!(primed(&server, "2025-11-25").await, [true; 2]);
    server.stop().await;
}
