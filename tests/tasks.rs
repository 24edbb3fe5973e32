//! Tasks: claimed once, never in a circle, freed by what they wait for, and the same on replay.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use serde_json::{Value, json};

use crate::operations::called;
use crate::processes::{Serve, post};
use crate::support::full;

async fn ask(server: &Serve, operation: &str, arguments: Value) -> Value {
    let answer = called(server, "tasks", operation, arguments, "p").await;
    answer.unwrap_or_else(|error| panic!("tasks.{operation}: {error}"))
}

async fn refused(server: &Serve, operation: &str, arguments: Value) -> Value {
    called(server, "tasks", operation, arguments, "p").await.unwrap_err()["error"].clone()
}

async fn task(server: &Serve, arguments: Value) -> String {
    ask(server, "create", arguments).await["id"].as_str().unwrap().to_owned()
}

fn column(answer: &Value, list: &str, name: &str) -> Vec<String> {
    let items = answer[list].as_array().unwrap();
    items.iter().map(|item| item[name].as_str().unwrap_or("-").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_agents_race_and_every_task_is_claimed_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let count = if full() { 1_000 } else { 60 };
    let mut tasks = Vec::new();
    for chunk in (0..count).collect::<Vec<_>>().chunks(50) {
        let made = chunk.iter().map(|at| task(&server, json!({"title": format!("task {at}")})));
        tasks.extend(join_all(made).await);
    }
    let race = (0..8).map(|agent| {
        let (server, tasks) = (&server, &tasks);
        async move {
            let mut won = Vec::new();
            for at in 0..count {
                // Each begins elsewhere, so that all meet everywhere.
                let task = &tasks[(at + agent * 7) % count];
                let arguments = json!({"task": task, "agent": format!("agent-{agent}")});
                match called(server, "tasks", "assign", arguments, "p").await {
                    Ok(claimed) => won.push(claimed["id"].as_str().unwrap().to_owned()),
                    Err(error) => assert_eq!(error["error"]["code"], "conflict", "{error}"),
                }
            }
            won
        }
    });
    let won = join_all(race).await;
    let mut by_task: BTreeMap<String, usize> = BTreeMap::new();
    won.iter().enumerate().for_each(|(agent, tasks)| {
        for task in tasks {
            assert_eq!(by_task.insert(task.clone(), agent), None, "{task} was claimed twice");
        }
    });
    assert_eq!(by_task.len(), count);
    // The table says what the winners were told.
    for (agent, told) in won.into_iter().enumerate() {
        let mut cursor = Value::Null;
        let mut has = Vec::new();
        loop {
            let arguments = json!({"assignee": format!("agent-{agent}"), "limit": 1000, "cursor": cursor});
            let page = ask(&server, "list", arguments).await;
            has.extend(column(&page, "items", "id"));
            cursor = page["next_cursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        let (has, told) = (BTreeSet::from_iter(has), BTreeSet::from_iter(told));
        assert_eq!(has, told);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chains_have_one_answer_that_outlives_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let first = task(&server, json!({"title": "first"})).await;
    let second = task(&server, json!({"title": "second", "depends_on": [first]})).await;
    let third = task(&server, json!({"title": "third", "depends_on": [second]})).await;
    server.stop().await;

    // Nothing is at hand any more: the chain is read, step by step.
    let server = Serve::start(folder.path()).await;
    let circle = refused(&server, "depend", json!({"task": first, "on": third, "kind": "needs"})).await;
    assert_eq!((&circle["code"], &circle["field"]), (&json!("conflict"), &json!("on")));
    let told = circle["message"].as_str().unwrap();
    assert!(
        told.contains("(first) → ") && told.contains("(third) → ") && told.ends_with("(first)"),
        "{told}"
    );
    let waits = refused(&server, "start", json!({"task": second})).await;
    assert!(waits["message"].as_str().unwrap().contains(&first), "{waits}");

    ask(&server, "start", json!({"task": first, "agent": "ann", "session": "s-1"})).await;
    let done = ask(&server, "complete", json!({"task": first, "outcome": "success", "agent": "ann"})).await;
    assert_eq!(column(&done, "unblocks", "id"), std::slice::from_ref(&second));
    assert_eq!(
        (&done["task"]["status"], &done["task"]["runs"][0]["session"]),
        (&json!("done"), &json!("s-1"))
    );
    let got = ask(&server, "get", json!({"task": third})).await;
    assert_eq!(column(&got, "waits_for", "id"), [second]);
    let board = ask(&server, "board", json!({})).await;
    server.stop().await;

    let server = Serve::start(folder.path()).await;
    assert_eq!(ask(&server, "board", json!({})).await["items"], board["items"]);
    let history = ask(&server, "get", json!({"task": first})).await["history"].clone();
    assert_eq!(column(&json!({"all": history}), "all", "status"), ["done", "active", "open", "open"]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_to_do_next_is_said_with_why() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let goal = called(&server, "goals", "set", json!({"title": "Ship", "priority": 9}), "p").await.unwrap();
    let small = task(&server, json!({"title": "small", "priority": 3})).await;
    let urgent = task(
        &server,
        json!({"title": "urgent", "priority": 3, "due": "1h", "estimate": "2h", "goal": goal["id"]}),
    )
    .await;
    let waits = task(&server, json!({"title": "waits", "priority": 10, "depends_on": [urgent]})).await;
    let next = ask(&server, "next", json!({})).await;
    assert_eq!(column(&next, "items", "id"), [urgent.clone(), small.clone()]);
    let why = next["items"][0]["why"].to_string();
    for part in ["priority 3", "sooner than it takes", "Ship", "1 tasks wait for it", "hours of work left"] {
        assert!(why.contains(part), "{part}: {why}");
    }
    let health = ask(&server, "health", json!({})).await;
    assert_eq!(column(&health, "at_risk", "id"), std::slice::from_ref(&urgent));
    assert!(next["items"][0]["parts"]["priority"].is_number());
    let short = ask(&server, "next", json!({"explain": false})).await;
    assert_eq!((&short["items"][0]["parts"], &short["items"][0]["id"]), (&Value::Null, &json!(urgent)));
    ask(&server, "block", json!({"task": urgent, "why": "no key"})).await;
    let health = ask(&server, "health", json!({})).await;
    let (mut stuck, mut held) = (column(&health, "stuck", "id"), [urgent.clone(), waits]);
    stuck.sort();
    held.sort();
    assert_eq!(stuck, held);
    ask(&server, "start", json!({"task": small, "agent": "ann"})).await;
    let none = ask(&server, "next", json!({"agent": "bob"})).await;
    assert!(none["items"].as_array().unwrap().is_empty() && none["reason"].is_string(), "{none}");

    let resumed = called(&server, "sessions", "resume", json!({}), "p").await.unwrap();
    assert_eq!(column(&resumed, "tasks", "id")[0], small);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checks_are_passed_by_what_happened() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let checks = ["cargo test cart", "docs are written"];
    let task = task(&server, json!({"title": "cart", "checks": checks})).await;
    let event = |id: &str, content: &str, outcome: &str| json!({"id": id, "project": "p", "type": "test_run", "tool": "Bash", "content": content, "outcome": outcome});
    let events = json!([
        event("e-failed", "cargo test -p cart", "failure"),
        event("e-other", "cargo build", "success"),
        event("e-passed", "cargo test -p cart: 42 passed", "success"),
    ]);
    post(&server, "/v1/events", events).await;
    let evidence = json!({"task": task, "evidence": ["e-failed", "e-other", "e-passed"]});
    let verified = ask(&server, "verify", evidence).await;
    assert_eq!(column(&verified, "items", "passed_by"), ["e-passed", "-"]);
    assert_eq!(verified["missing"], json!(["docs are written"]));
    assert_eq!(column(&verified, "unused", "id"), ["e-failed", "e-other"]);
    let rest = json!({"task": task, "evidence": ["e-other"], "check": "docs are written"});
    assert_eq!(ask(&server, "verify", rest).await["verified"], true);
    let lost = refused(&server, "verify", json!({"task": task, "evidence": ["e-none"]})).await;
    assert_eq!((&lost["code"], &lost["field"]), (&json!("not_found"), &json!("evidence")));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_loses_what_it_need_not_have() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let goal = called(&server, "goals", "set", json!({"title": "Ship"}), "p").await.unwrap();
    let whole = json!({"title": "small", "due": "1h", "estimate": "2h", "goal": goal["id"]});
    let task = task(&server, whole).await;
    let told = ask(&server, "update", json!({"task": task, "due": "", "priority": 7})).await;
    assert_eq!((&told["task"]["due"], &told["task"]["estimate_s"]), (&Value::Null, &json!(7_200)));
    let told = ask(&server, "update", json!({"task": task, "estimate": "", "goal": ""})).await;
    assert_eq!((&told["task"]["goal"], &told["task"]["estimate_s"]), (&Value::Null, &Value::Null));
    assert_eq!(told["task"]["priority"], 7);
    for nothing in [json!({"task": task}), json!({"task": task, "due": null, "version": told["version"]})] {
        let error = refused(&server, "update", nothing).await;
        assert_eq!((&error["code"], &error["field"]), (&json!("invalid_argument"), &json!("title")));
        assert_eq!(error["message"], "there is nothing to change");
    }
    let itself = refused(&server, "depend", json!({"task": task, "on": task, "kind": "needs"})).await;
    assert_eq!((&itself["code"], &itself["field"]), (&json!("conflict"), &json!("on")));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_told_afterwards_is_as_old_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let task = task(&server, json!({"title": "long at work"})).await;
    ask(&server, "start", json!({"task": task, "at": "3d"})).await;
    let health = ask(&server, "health", json!({})).await;
    assert_eq!(column(&health, "stuck", "id"), [task], "{health}");
    server.stop().await;
}
