//! Hooks: warnings from what failed before, summaries at the end, and calls that really are made, within bounds.

use std::time::Duration;

use athena_schemas::Time;
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use crate::operations::called;
use crate::processes::{Serve, post};

/// The longest that a call is waited for.
const LIMIT: Duration = Duration::from_secs(20);

async fn ask(server: &Serve, operation: &str, arguments: Value) -> Value {
    let answer = called(server, "hooks", operation, arguments, "p").await;
    answer.unwrap_or_else(|error| panic!("hooks.{operation}: {error}"))
}

async fn refused(server: &Serve, operation: &str, arguments: Value) -> Value {
    called(server, "hooks", operation, arguments, "p").await.unwrap_err()["error"].clone()
}

/// A server on loopback that answers with these, then with 200, and tells the bodies that it was posted.
pub async fn receiver(answers: Vec<u16>) -> (String, mpsc::UnboundedReceiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sender, received) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut answers = answers.into_iter();
        while let Ok((mut stream, _)) = listener.accept().await {
            let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
            let whole = loop {
                let count = stream.read(&mut buffer).await.unwrap_or(0);
                read.extend_from_slice(&buffer[..count]);
                let text = String::from_utf8_lossy(&read).into_owned();
                if let Some((head, body)) = text.split_once("\r\n\r\n") {
                    let length = head.lines().find_map(|line| {
                        let (name, value) = line.split_once(':')?;
                        name.eq_ignore_ascii_case("content-length")
                            .then(|| value.trim().parse::<usize>().ok())?
                    });
                    if body.len() >= length.unwrap_or(0) {
                        break Some((head.to_owned(), body.to_owned()));
                    }
                }
                if count == 0 {
                    break None;
                }
            };
            let Some((head, body)) = whole else { continue };
            let status = answers.next().unwrap_or(200);
            let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = sender.send((head, serde_json::from_str(&body).unwrap_or(Value::Null)));
        }
    });
    (url, received)
}

/// A header of a request as it was sent.
pub fn header(head: &str, name: &str) -> String {
    let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
    let value = line.and_then(|line| line.split_once(": ")).map(|(_, value)| value.to_owned());
    value.unwrap_or_else(|| panic!("no {name}: {head}"))
}

/// What a receiver does before it believes a post: the signature is that of the key, over this very body, and is not
/// older than five minutes.
pub fn verified(key: &str, (head, body): (&str, &str), now: i64) -> bool {
    let secret = STANDARD.decode(key.strip_prefix("whsec_").expect("a key of Standard Webhooks")).unwrap();
    let (id, time) = (header(head, "webhook-id"), header(head, "webhook-timestamp"));
    let of_now = (now - time.parse::<i64>().unwrap()).abs() <= 300;
    let signed =
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), format!("{id}.{time}.{body}").as_bytes());
    let mut signatures = header(head, "webhook-signature").split(' ').map(str::to_owned).collect::<Vec<_>>();
    signatures.retain(|signature| *signature == format!("v1,{}", STANDARD.encode(signed)));
    of_now && !signatures.is_empty()
}

/// A receiver that answers 401 to what it does not believe, as of so many seconds from now. Tells what came, and whether
/// it was believed.
async fn careful_receiver(
    key: watch::Receiver<String>,
    apart: i64,
) -> (String, mpsc::UnboundedReceiver<(bool, String)>) {
    let (sender, received) = mpsc::unbounded_channel();
    let take = move |headers: HeaderMap, body: String| {
        let all = headers.iter();
        let head: String =
            all.map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap())).collect();
        let now = Time::now().micros() / 1_000_000 + apart;
        let believed = verified(&key.borrow(), (&head, &body), now);
        let _ = sender.send((believed, body));
        std::future::ready(if believed { StatusCode::OK } else { StatusCode::UNAUTHORIZED })
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let routes = Router::new().route("/hook", axum::routing::post(take));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (url, received)
}

/// Posts of hooks, triggers and rules are believed by who has their key, while they are new, and by nobody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posts_are_signed_and_old_ones_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let (key, keys) = watch::channel(String::new());
    let (url, mut received) = careful_receiver(keys.clone(), 0).await;
    let (late, mut received_late) = careful_receiver(keys, 400).await;
    let of = async |tool: &str, operation: &str, arguments: Value| {
        called(&server, tool, operation, arguments, "p").await.unwrap()
    };
    let then = |url: &str| json!({"url": url});
    let event = |id: &str, of_type: &str| json!({"id": id, "type": of_type, "content": "x", "project": "p"});
    let believed = async |received: &mut mpsc::UnboundedReceiver<(bool, String)>| {
        let (believed, body) = timeout(LIMIT, received.recv()).await.unwrap().unwrap();
        (believed, serde_json::from_str::<Value>(&body).unwrap())
    };

    let trigger = json!({"kind": "event", "condition": {"type": "error"}, "action": then(&url)});
    let trigger = of("triggers", "create", trigger).await["id"].clone();
    let whole = of("triggers", "get", json!({"trigger": trigger})).await;
    key.send_replace(whole["signing_key"].as_str().unwrap().to_owned());
    post(&server, "/v1/events", event("e-1", "error")).await;
    let (is_believed, body) = believed(&mut received).await;
    assert!(is_believed && body["trigger"] == trigger, "{body}");

    let rule = json!({"name": "told", "when": {"type": "build"}, "then": [then(&url)]});
    let rule = of("automation", "create", rule).await["id"].clone();
    // With the key of another it is not believed, and that is seen.
    post(&server, "/v1/events", event("b-1", "build")).await;
    assert!(!believed(&mut received).await.0);
    let whole = of("automation", "get", json!({"rule": rule})).await;
    key.send_replace(whole["signing_key"].as_str().unwrap().to_owned());
    post(&server, "/v1/events", event("b-2", "build")).await;
    let (is_believed, body) = believed(&mut received).await;
    assert!(is_believed && body["rule"] == rule && body["id"] == "b-2", "{body}");
    let runs = crate::triggers::history(&server, "automation", |items| {
        items.len() == 2 && items.iter().all(|item| item["outcome"] != "pending")
    });
    let runs = runs.await;
    assert_eq!((&runs[1]["event"], &runs[1]["outcome"]), (&json!("b-1"), &json!("dead")), "{runs:?}");

    let hook = ask(&server, "register", json!({"moment": "post_tool", "url": url})).await["id"].clone();
    let listed_key = async |id: &Value| {
        let told = listed(&server, id, |_| true).await;
        told["signing_key"].as_str().unwrap().to_owned()
    };
    key.send_replace(listed_key(&hook).await);
    let use_of = |id: &str| {
        json!({"session": "s-1", "tool": "Bash", "input": {"command": "make"}, "output": "out",
                                   "outcome": "success", "event_id": id})
    };
    ask(&server, "post_tool", use_of("u-1")).await;
    let (is_believed, body) = believed(&mut received).await;
    assert!(is_believed && body["hook"] == hook, "{body}");
    // One that reads it too late refuses it; what did not arrive is seen.
    ask(&server, "remove", json!({"hook": hook})).await;
    let hook = ask(&server, "register", json!({"moment": "post_tool", "url": late})).await["id"].clone();
    key.send_replace(listed_key(&hook).await);
    ask(&server, "post_tool", use_of("u-2")).await;
    assert!(!believed(&mut received_late).await.0);
    let told = listed(&server, &hook, |hook| hook["failures"] == 1).await;
    assert_eq!(told["dead"][0]["event"], "u-2", "{told}");
    assert!(told["dead"][0]["why"].as_str().unwrap().contains("401"), "{told}");
    server.stop().await;
}

pub async fn next(received: &mut mpsc::UnboundedReceiver<(String, Value)>) -> (String, Value) {
    timeout(LIMIT, received.recv()).await.expect("it is called in time").expect("the receiver lives")
}

/// What `hooks.list` says of a hook, once it says so.
async fn listed(server: &Serve, id: &Value, wanted: impl Fn(&Value) -> bool) -> Value {
    let waited = timeout(LIMIT, async {
        loop {
            let all = ask(server, "list", json!({})).await;
            let found = all["items"].as_array().unwrap().iter().find(|hook| hook["id"] == *id).cloned();
            match found.filter(&wanted) {
                Some(hook) => return hook,
                None => tokio::task::yield_now().await,
            }
        }
    });
    waited.await.expect("it comes to that in time")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_failed_last_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let before = async |command: &str| {
        let input = json!({"session": "s-2", "tool": "Bash", "input": {"command": command}});
        ask(&server, "pre_tool", input).await
    };
    let after = async |command: &str, output: &str, outcome: &str| {
        let body = json!({"session": "s-1", "tool": "Bash", "input": {"command": command}, "output": output, "outcome": outcome});
        ask(&server, "post_tool", body).await["id"].clone()
    };
    let verdict = before("cargo test -p cart").await;
    assert_eq!(
        (&verdict["verdict"], &verdict["reason"], &verdict["warnings"]),
        (&json!("allowed"), &Value::Null, &json!([]))
    );
    let first = after("cargo test -p cart", "Exit code 101\ncart::total failed", "failure").await;
    let second = after("cargo  test -p cart", "Exit code 101\ncart::total failed again", "failure").await;
    after("cargo test -p shop", "ok", "success").await;
    let verdict = before("cargo test -p cart").await;
    let warning = &verdict["warnings"][0];
    assert_eq!(warning["ids"], json!([second, first]), "{verdict}");
    let text = warning["text"].as_str().unwrap();
    assert!(text.contains("failed the last 2 times") && text.contains("failed again"), "{text}");
    assert!(verdict["context"].as_str().unwrap().starts_with("<athena-memory ids="));
    // Another command, another tool and another project are not warned of.
    assert_eq!(before("cargo test -p shop").await["warnings"], json!([]));
    assert_eq!(before("cargo test").await["warnings"], json!([]));
    let other = json!({"session": "s-2", "tool": "Zsh", "input": {"command": "cargo test -p cart"}});
    assert_eq!(ask(&server, "pre_tool", other.clone()).await["warnings"], json!([]));
    let elsewhere = json!({"session": "s-2", "tool": "Bash", "input": {"command": "cargo test -p cart"}});
    assert_eq!(called(&server, "hooks", "pre_tool", elsewhere, "q").await.unwrap()["warnings"], json!([]));

    // Claude Code's own hook is warned of the same, and what it records counts.
    let body = json!({"hook_event_name": "PreToolUse", "session_id": "s-3", "tool_name": "Bash", "tool_use_id": "u-1",
                      "tool_input": {"command": "cargo test -p cart"}});
    let hook = post(&server, "/v1/hooks/claude-code?project=p", body).await;
    let told = &hook["hookSpecificOutput"];
    assert_eq!(told["hookEventName"], "PreToolUse");
    assert!(told["additionalContext"].as_str().unwrap().contains("failed the last 2 times"));
    let body = json!({"hook_event_name": "PostToolUse", "session_id": "s-3", "tool_name": "Bash", "tool_use_id": "u-1",
                      "tool_input": {"command": "cargo test -p cart"}, "tool_response": {"stdout": "ok", "stderr": ""}});
    post(&server, "/v1/hooks/claude-code?project=p", body).await;
    assert_eq!(before("cargo test -p cart").await["warnings"], json!([]));
    // What was used and what came of it are events that belong together.
    let used = before("make").await["id"].clone();
    let done = json!({"session": "s-2", "tool": "Bash", "input": {"command": "make"}, "output": "built",
                      "outcome": "success", "call": used});
    let done = ask(&server, "post_tool", done).await;
    let event = called(&server, "events", "get", json!({"id": done["id"]}), "p").await.unwrap();
    assert_eq!(
        (&event["parent"], &event["outcome"], &event["content"]),
        (&used, &json!("success"), &json!("built"))
    );
    let error = refused(
        &server,
        "post_tool",
        json!({"session": "s", "tool": "Bash", "input": "x", "output": "y", "outcome": "fine"}),
    )
    .await;
    assert_eq!(error["field"], "outcome");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ends_with_what_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let prompt = "Move the checkout page to the new payment service.";
    ask(&server, "user_prompt", json!({"session": "s-1", "prompt": prompt})).await;
    let failed = json!({"session": "s-1", "tool": "Bash", "input": {"command": "npm test"},
                        "output": "checkout.test.js: 2 failed", "outcome": "failure", "event_id": "run-1"});
    ask(&server, "post_tool", failed).await;
    let ended = ask(&server, "session_end", json!({"session": "s-1"})).await;
    let summary = &ended["summary"];
    assert!(summary["goal"]["content"].as_str().unwrap().contains("payment service"));
    assert_eq!(summary["failures"][0]["id"], "run-1");
    assert_eq!(summary["outcomes"], json!({"failure": 1}));
    assert_eq!((&ended["consolidation"], ended["reason"].is_string()), (&Value::Null, true));
    let stored = called(&server, "events", "get", json!({"id": ended["id"]}), "p").await.unwrap();
    assert_eq!((&stored["type"], &stored["content"]), (&json!("session_end"), &summary["text"]));
    assert!(stored["attributes"].to_string().contains("run-1"));
    // A session of nothing has no summary that is made up.
    let nothing = ask(&server, "session_end", json!({"session": "s-9"})).await;
    assert_eq!((&nothing["summary"]["text"], &nothing["summary"]["goal"]), (&json!(""), &Value::Null));
    // The same by Claude Code's own hook.
    let body = json!({"hook_event_name": "SessionEnd", "session_id": "s-1", "reason": "exit"});
    post(&server, "/v1/hooks/claude-code?project=p", body).await;
    let sql = json!({"sql": "SELECT content FROM events WHERE type = 'session_end' AND source = 'claude-code'", "project": "p"});
    let rows = post(&server, "/v1/sql", sql).await;
    assert!(rows["rows"][0][0].as_str().unwrap().contains("payment service"), "{rows}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_are_posted_to_at_their_moment() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let (url, mut received) = receiver(vec![503, 500]).await;
    let all = ask(&server, "register", json!({"moment": "post_tool", "url": url})).await["id"].clone();
    let rule = json!({"when": {"outcome": "failure", "tool": {"in": ["Bash", "Zsh"]}}, "then": {"url": format!("{url}?failed")}});
    let failed = ask(&server, "register", json!({"moment": "post_tool", "rule": rule})).await["id"].clone();
    let use_of = |outcome: &str, event_id: &str| json!({"session": "s-1", "tool": "Bash", "input": {"command": "make"}, "output": "out", "outcome": outcome, "event_id": event_id});
    ask(&server, "post_tool", use_of("success", "u-1")).await;
    // Two tries fail, the third is answered; all say the same.
    for _ in 0..3 {
        let (head, body) = next(&mut received).await;
        assert!(head.starts_with("POST /hook HTTP/1.1"), "{head}");
        let told =
            (&body["hook"], &body["moment"], &body["event"], &body["tool"], &body["input"], &body["outcome"]);
        let expected =
            (&all, &json!("post_tool"), &json!("u-1"), &json!("Bash"), &json!("make"), &json!("success"));
        assert_eq!(told, expected);
        assert_eq!((&body["project"], &body["output"]), (&json!("p"), &json!("out")));
    }
    let hook = listed(&server, &all, |hook| hook["calls"] == 1).await;
    assert_eq!((&hook["failures"], &hook["resting"]), (&json!(0), &json!(false)));
    // The same event again calls nobody; a failure calls both.
    ask(&server, "post_tool", use_of("success", "u-1")).await;
    ask(&server, "post_tool", use_of("failure", "u-2")).await;
    let mut seen =
        vec![next(&mut received).await.1["hook"].clone(), next(&mut received).await.1["hook"].clone()];
    seen.sort_by_key(|id| id != &all);
    assert_eq!(seen, [all.clone(), failed.clone()]);
    // Claude Code's own hooks are moments too.
    let body = json!({"hook_event_name": "PostToolUse", "session_id": "s-3", "tool_name": "Read", "tool_use_id": "u-1",
                      "tool_input": {"file_path": "a.rs"}, "tool_response": "text"});
    post(&server, "/v1/hooks/claude-code?project=p", body).await;
    let (_, told) = next(&mut received).await;
    assert_eq!((&told["hook"], &told["tool"], &told["input"]), (&all, &json!("Read"), &json!("a.rs")));
    // Of another project nobody is told; removed ones are not called.
    called(&server, "hooks", "post_tool", use_of("failure", "u-3"), "q").await.unwrap();
    ask(&server, "remove", json!({"hook": all})).await;
    ask(&server, "post_tool", use_of("failure", "u-4")).await;
    let (head, told) = next(&mut received).await;
    assert!(head.starts_with("POST /hook?failed "), "{head}");
    assert_eq!((&told["hook"], &told["event"]), (&failed, &json!("u-4")));
    assert!(received.try_recv().is_err());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_have_a_rate_and_rest_after_failures() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let (url, mut received) = receiver(vec![]).await;
    let slow = ask(&server, "register", json!({"moment": "user_prompt", "url": url})).await["id"].clone();
    ask(&server, "limit", json!({"hook": slow, "rate": 2})).await;
    let (bad_url, _bad) = receiver(vec![404; 100]).await;
    let bad = ask(&server, "register", json!({"moment": "user_prompt", "url": bad_url})).await["id"].clone();
    for at in 0..8 {
        ask(&server, "user_prompt", json!({"session": "s-1", "prompt": format!("prompt {at}")})).await;
        listed(&server, &slow, |hook| {
            hook["calls"].as_u64().unwrap() + hook["skipped"].as_u64().unwrap() == at + 1
        })
        .await;
        let settled = |hook: &Value| hook["resting"] == true || hook["failures"] == hook["calls"];
        listed(&server, &bad, settled).await;
    }
    let hook = listed(&server, &slow, |_| true).await;
    assert_eq!((&hook["calls"], &hook["skipped"], &hook["rate"]), (&json!(2), &json!(6), &json!(2)));
    next(&mut received).await;
    next(&mut received).await;
    assert!(received.try_recv().is_err());
    // What is not there is not tried again, and after five of these the hook rests.
    let hook = listed(&server, &bad, |hook| hook["resting"] == true).await;
    assert_eq!((&hook["calls"], &hook["failures"], &hook["skipped"]), (&json!(5), &json!(5), &json!(3)));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_call_operations_and_rings_end() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let remember = json!({"then": {"call": "memories.remember", "arguments": {"content": "$output", "tags": ["$session"]}},
                          "when": {"outcome": "failure"}});
    ask(&server, "register", json!({"moment": "post_tool", "rule": remember})).await;
    let failed = json!({"session": "s-1", "tool": "Bash", "input": "make", "output": "no rule to make all", "outcome": "failure", "event_id": "u-1"});
    ask(&server, "post_tool", failed).await;
    let remembered = timeout(LIMIT, async {
        loop {
            let all = called(&server, "memories", "list", json!({"tag": "s-1"}), "p").await.unwrap();
            match all["items"][0].clone() {
                Value::Null => tokio::task::yield_now().await,
                memory => return memory,
            }
        }
    });
    assert_eq!(remembered.await.unwrap()["content"], "no rule to make all");

    // Two hooks that call each other's moment: told, and each is called once.
    assert_eq!(ask(&server, "cycles", json!({})).await["items"], json!([]));
    let to = |moment: &str, call: &str| json!({"moment": moment, "rule": {"then": {"call": call, "arguments": {"session": "$session"}}}});
    let one = ask(&server, "register", to("session_start", "hooks.session_end")).await["id"].clone();
    let other = ask(&server, "register", to("session_end", "hooks.session_start")).await["id"].clone();
    let rings = ask(&server, "cycles", json!({})).await;
    let ids: Vec<_> =
        rings["items"][0]["hooks"].as_array().unwrap().iter().map(|hook| hook["id"].clone()).collect();
    assert_eq!((ids, rings["items"].as_array().unwrap().len()), (vec![one.clone(), other.clone()], 1));
    ask(&server, "session_start", json!({"session": "s-7"})).await;
    listed(&server, &other, |hook| hook["calls"] == 1).await;
    let count = json!({"group_by": "type", "filters": {"session": "s-7"}});
    let counted = timeout(LIMIT, async {
        loop {
            let counted = called(&server, "events", "count", count.clone(), "p").await.unwrap();
            if counted["count"] == 3 {
                return counted;
            }
            tokio::task::yield_now().await;
        }
    });
    // The first start, the end that it led to, and the start that this led to: there it ends.
    let items = counted.await.unwrap()["items"].clone();
    assert_eq!(items, json!([{"value": "session_start", "count": 2}, {"value": "session_end", "count": 1}]));
    assert_eq!(listed(&server, &one, |_| true).await["calls"], 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_hooks_may_not_do_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for url in [
        "ftp://example.org/",
        "http://169.254.169.254/latest",
        "http://[fe80::1]/",
        "http://ann:x@example.org/",
        "here",
    ] {
        let error = refused(&server, "register", json!({"moment": "post_tool", "url": url})).await;
        assert_eq!((&error["code"], &error["field"]), (&json!("invalid_argument"), &json!("url")), "{url}");
    }
    let rule =
        |when: Value, then: Value| json!({"moment": "post_tool", "rule": {"when": when, "then": then}});
    let post_there = json!({"url": "http://127.0.0.1:9/"});
    for wrong in [
        rule(json!({"price": 3}), post_there.clone()),
        rule(json!({"tool": {"like": "x"}}), post_there.clone()),
        rule(json!({}), json!({"call": "memories.forget", "arguments": {"id": "$event"}})),
        rule(json!({}), json!({"call": "hooks.register"})),
        rule(json!({}), json!({"call": "nothing.of_the_kind"})),
    ] {
        assert_eq!(refused(&server, "register", wrong.clone()).await["field"], "rule", "{wrong}");
    }
    let both = json!({"moment": "post_tool", "url": "http://127.0.0.1:9/", "rule": {"then": post_there}});
    assert_eq!(refused(&server, "register", both).await["field"], "url");
    assert_eq!(
        refused(&server, "register", json!({"moment": "lunch", "url": "http://127.0.0.1:9/"})).await["field"],
        "moment"
    );
    assert_eq!(refused(&server, "limit", json!({"hook": "hook-none", "rate": 3})).await["code"], "not_found");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_injected_is_not_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let remembered = json!({"content": "Vera owns the billing module."});
    called(&server, "memories", "remember", remembered, "p").await.unwrap();
    let prompt = "Who owns the billing module?";
    let asked = ask(&server, "user_prompt", json!({"session": "s-1", "prompt": prompt})).await;
    let context = asked["context"].as_str().unwrap();
    assert!(context.contains("Vera"), "{asked}");
    let prompt = format!("{context}\nWrite a limerick about frogs.");
    let again = ask(&server, "user_prompt", json!({"session": "s-2", "prompt": prompt})).await;
    assert!(again["context"].is_null() && again["items"] == json!([]), "{again}");
    server.stop().await;
}
