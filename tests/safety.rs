//! What agents may do is asked before they do it, answered once, and kept.

mod audit;
mod redact;
mod signed;

use serde_json::{Value, json};

use crate::operations::called;
use crate::processes::{Serve, post};

async fn ask(server: &Serve, operation: &str, arguments: Value) -> Value {
    let (tool, operation) = operation.split_once('.').unwrap();
    let answer = called(server, tool, operation, arguments, "p").await;
    answer.unwrap_or_else(|error| panic!("{tool}.{operation}: {error}"))
}

async fn refused(server: &Serve, operation: &str, arguments: Value) -> Value {
    called(server, "safety", operation, arguments, "p").await.unwrap_err()["error"].clone()
}

fn bash(command: &str) -> Value {
    json!({"tool": "Bash", "input": {"command": command}})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn policies_decide_before_a_tool_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let check = async |command: &str| ask(&server, "safety.check", json!({"action": bash(command)})).await;
    assert_eq!(check("git push --force").await["verdict"], "allowed");
    let rule = |when: Value, verdict: &str, why: &str| json!({"rule": {"when": when, "verdict": verdict, "why": why}});
    let force = rule(json!({"input": {"contains": "--force"}}), "ask", "others lose what they pushed");
    let force = ask(&server, "safety.policy", force).await["id"].clone();
    ask(&server, "safety.policy", rule(json!({"secrets": true}), "denied", "no secrets")).await;
    let asked = check("git push --force").await;
    assert_eq!((&asked["verdict"], &asked["rule"]["id"]), (&json!("ask"), &force), "{asked}");

    // An answer to the very same action takes the place of the question.
    let request = json!({"action": bash("git push --force"), "why": "a secret is in the history"});
    let request = ask(&server, "safety.request", request).await["id"].clone();
    assert_eq!(ask(&server, "safety.pending", json!({})).await["items"][0]["id"], request);
    let decide = json!({"request": request, "approve": true, "why": "fine"});
    ask(&server, "safety.decide", decide.clone()).await;
    assert_eq!(refused(&server, "decide", decide).await["code"], "conflict");
    assert_eq!(ask(&server, "safety.pending", json!({})).await["items"], json!([]));
    let allowed = check("git push --force").await;
    assert_eq!((&allowed["verdict"], &allowed["approval"]), (&json!("allowed"), &request), "{allowed}");
    assert_eq!(check("git push --force --all").await["verdict"], "ask", "another action is another question");

    // Before a tool is used, the same is said, and kept with the use.
    let secret = "curl -u deploy:vN3!quarry88 https://shop.io";
    let before = json!({"session": "s-1", "tool": "Bash", "input": {"command": secret}});
    let verdict = ask(&server, "hooks.pre_tool", before).await;
    assert_eq!(
        (&verdict["verdict"], &verdict["reason"]),
        (&json!("denied"), &json!("no secrets")),
        "{verdict}"
    );
    let event = ask(&server, "events.get", json!({"id": verdict["id"]})).await;
    assert!(
        event.to_string().contains(r#"\"verdict\":\"denied\""#)
            || event.to_string().contains(r#""verdict":"denied""#),
        "{event}"
    );
    let hook = |command: &str| {
        json!({"session_id": "s-2", "hook_event_name": "PreToolUse", "tool_name": "Bash", "cwd": "/tmp",
               "tool_use_id": command, "tool_input": {"command": command}})
    };
    for (command, decision) in [
        ("ls", Value::Null),
        ("git push --force", json!("allow")),
        ("x --force", json!("ask")),
        (secret, json!("deny")),
    ] {
        let answer = post(&server, "/v1/hooks/claude-code?project=p", hook(command)).await;
        assert_eq!(answer["hookSpecificOutput"]["permissionDecision"], decision, "{command}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn risk_rests_on_what_happened() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let risk = async |change: Value| ask(&server, "safety.risk", json!({"change": change})).await;
    let unknown = risk(json!({"files": ["cart.rs"]})).await;
    assert_eq!((&unknown["level"], &unknown["past_failures"]["value"]), (&Value::Null, &Value::Null));
    assert!(unknown["impact"]["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
    for (at, outcome) in ["failure", "failure", "failure", "failure", "failure", "success"].iter().enumerate()
    {
        let event = json!({"content": "edit", "type": "code_edit", "files": ["cart.rs"], "outcome": outcome,
                           "event_id": format!("edit-{at}")});
        ask(&server, "events.record", event).await;
    }
    let known = risk(json!({"files": ["cart.rs", "shop.rs"]})).await;
    assert_eq!((&known["level"], &known["reason"]), (&json!("high"), &json!("size")), "{known}");
    assert_eq!(known["past_failures"]["evidence"].as_array().unwrap().len(), 5);
    assert_eq!(risk(bash("rm -rf build")).await["reversibility"]["value"], 1.0);

    // What uses it is known once code is indexed: of a file, a definition, and what a command or an edit names.
    for (path, calls, defines) in [
        ("src/money.rs", None, "round"),
        ("src/total.rs", Some("round"), "total"),
        ("tests/totals.rs", Some("total"), "totals"),
    ] {
        let calls: Vec<Value> =
            calls.iter().map(|to| json!({"from": defines, "to": to, "line": 2})).collect();
        let outline = json!({"language": "rust", "hash": path, "bytes": 9, "lines": 3, "imports": [], "calls": calls,
                             "symbols": [{"name": defines, "kind": "function", "line": 1, "lines": 2, "signature": defines}]});
        let event = json!({"type": "code_index", "content": path, "files": [path], "attributes": outline, "event_id": path});
        ask(&server, "events.record", event).await;
    }
    for change in [
        json!({"files": ["src/money.rs"]}),
        json!({"symbols": ["round"]}),
        json!({"tool": "Edit", "input": {"file_path": "src/money.rs"}}),
        bash("sed -i s/a/b/ src/money.rs"),
    ] {
        let known = risk(change.clone()).await["impact"].clone();
        assert_eq!((&known["value"], &known["level"]), (&json!(1.0), &json!("medium")), "{change}: {known}");
        assert!(known["reason"].as_str().unwrap().contains("2 of 2"), "{known}");
        assert_eq!(known["evidence"], json!(["src/total.rs", "tests/totals.rs"]), "{known}");
    }
    let known = risk(json!({"files": ["tests/totals.rs"]})).await;
    assert_eq!(
        (&known["impact"]["value"], &known["impact"]["level"]),
        (&json!(0.0), &json!("low")),
        "{known}"
    );
    let other = risk(json!({"files": ["cart.rs"]})).await["impact"].clone();
    assert!(other["value"].is_null() && other["reason"].as_str().unwrap().contains("none of 3"), "{other}");
}
