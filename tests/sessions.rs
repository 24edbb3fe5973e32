//! Sessions and events: what is told of them is what happened.

use serde_json::{Value, json};

use crate::operations::called;
use crate::processes::{Serve, post};

fn step(session: &str, at: usize, tool: &str, content: &str, outcome: Option<&str>) -> Value {
    json!({"id": format!("{session}-{at}"), "project": "p", "session": session, "agent": "claude",
           "type": "tool_call", "tool": tool, "content": content, "outcome": outcome,
           "time": format!("2026-11-20T10:{at:02}:00Z"), "files": [format!("src/{tool}.rs")]})
}

fn ids(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_from_its_beginning_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let ask = async |operation: &str, arguments: Value| {
        called(&server, "sessions", operation, arguments, "p").await
    };
    let started = ask("start", json!({"goal": "mend the build", "branch": "main", "agent": "claude"})).await;
    let session = started.unwrap()["session"].as_str().unwrap().to_owned();
    let current = ask("current", json!({})).await.unwrap();
    assert_eq!(current["items"][0]["session"], session, "{current}");
    assert_eq!(current["items"][0]["content"], "mend the build", "{current}");

    let done = |id: &str, content: &str, outcome: &str| {
        json!({"id": id, "project": "p", "session": session, "type": "tool_call", "tool": "Bash",
               "content": content, "outcome": outcome})
    };
    let events = json!([
        done("t-1", "cargo build", "failure"),
        done("t-2", "cargo build", "failure"),
        done("t-3", "git status", "success"),
        {"id": "d-1", "project": "p", "session": session, "type": "decision", "content": "pin the compiler"},
    ]);
    post(&server, "/v1/events", events).await;
    let ended = ask("end", json!({"session": session, "outcome": "failure", "lesson": "pin it first"})).await;
    let summary = &ended.unwrap()["summary"];
    assert_eq!(summary["goal"]["content"], "mend the build", "{summary}");
    assert_eq!((&summary["method"], &summary["outcome"]), (&json!("extractive"), &json!("failure")));
    let build =
        summary["tried"].as_array().unwrap().iter().find(|one| one["action"] == "Bash cargo").unwrap();
    assert_eq!((&build["count"], &build["failed"], &build["id"]), (&json!(2), &json!(2), &json!("t-2")));
    assert_eq!(ids(&summary["worked"]), ["t-3"]);
    let said = summary["said"].as_array().unwrap();
    assert!(said.iter().any(|one| one["content"] == "pin it first"), "{summary}");
    assert!(said.iter().any(|one| one["id"] == "d-1"), "{summary}");

    let current = ask("current", json!({})).await.unwrap();
    assert!(current["items"].as_array().unwrap().is_empty(), "what has ended is not going on: {current}");
    let failed = ask("list", json!({"outcome": "failure"})).await.unwrap();
    assert_eq!(failed["items"][0]["session"], session);
    assert!(
        ask("list", json!({"outcome": "success"})).await.unwrap()["items"].as_array().unwrap().is_empty()
    );
    let unknown = ask("end", json!({"session": "none"})).await.unwrap_err();
    assert_eq!(
        (&unknown["error"]["code"], &unknown["error"]["field"]),
        (&json!("not_found"), &json!("session"))
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_that_went_the_same_way_are_alike() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let ways = [
        ("a", ["ls src", "cargo test", "git commit"]),
        ("b", ["ls src", "cargo test", "git push"]),
        ("c", ["npm install", "npm start", "curl x"]),
    ];
    let events: Vec<Value> = ways
        .iter()
        .flat_map(|(session, commands)| {
            commands.iter().enumerate().map(move |(at, command)| {
                let outcome = if *session == "a" { "success" } else { "failure" };
                step(session, at, "Bash", command, Some(outcome))
            })
        })
        .collect();
    post(&server, "/v1/events", json!(events)).await;
    let ask = async |operation: &str, arguments: Value| {
        called(&server, "sessions", operation, arguments, "p").await
    };
    let similar = ask("similar", json!({"session": "a"})).await.unwrap();
    assert_eq!(similar["compared"], 2);
    assert_eq!(similar["items"].as_array().unwrap().len(), 1, "{similar}");
    assert_eq!(similar["items"][0]["session"], "b");
    assert_eq!(similar["items"][0]["shared"], json!(["Bash ls", "Bash cargo", "Bash git"]));

    let compared = ask("compare", json!({"a": "a", "b": "c"})).await.unwrap();
    assert_eq!(compared["similarity"], 0.0, "{compared}");
    assert_eq!(compared["a"]["only"].as_array().unwrap().len(), 3);
    assert_eq!((&compared["a"]["duration_ms"], &compared["b"]["failures"]), (&json!(120_000), &json!(3)));
    let same = ask("compare", json!({"a": "a", "b": "b"})).await.unwrap();
    assert_eq!((&same["shared"][0]["a"], &same["shared"][0]["b"]), (&json!("a-0"), &json!("b-0")));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_get_later_outcomes_and_commits_are_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let ask =
        async |operation: &str, arguments: Value| called(&server, "events", operation, arguments, "p").await;
    let batch = json!({"events": [{"id": "x-1", "content": "connection to db-1 refused after 30 s"},
                                  {"id": "x-2", "content": "connection to db-1 refused after 31 s"},
                                  {"id": "x-3", "content": "the sky is blue and wide"},
                                  {"id": "x-4", "content": 7, "time": "never"}], "session": "s"});
    let recorded = ask("record_batch", batch.clone()).await.unwrap();
    assert_eq!(
        (&recorded["accepted"], &recorded["rejected"][0]["index"]),
        (&json!(3), &json!(3)),
        "{recorded}"
    );
    assert_eq!(ask("record_batch", batch).await.unwrap()["duplicates"], 3);

    ask("feedback", json!({"id": "x-1", "outcome": "success", "note": "it was the firewall"})).await.unwrap();
    let event = ask("get", json!({"id": "x-1"})).await.unwrap();
    assert_eq!(event["feedback"][0]["note"], "it was the firewall", "{event}");
    assert_eq!(event["outcome"], Value::Null, "what was recorded stays");
    let unknown = ask("feedback", json!({"id": "none", "outcome": "success"})).await.unwrap_err();
    assert_eq!(unknown["error"]["code"], "not_found");

    let found = ask("duplicates", json!({"window": "9999w", "threshold": 0.8})).await.unwrap();
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    let mut same = ids(&found["items"][0]["events"]);
    same.sort_unstable();
    assert_eq!(same, ["x-1", "x-2"]);

    let commit = json!({"sha": "ABCDEF1234", "message": "round once", "author": "Ann", "files": ["a.rs"]});
    let first = ask("commit", commit.clone()).await.unwrap();
    assert_eq!((&first["id"], &first["duplicate"]), (&json!("commit-abcdef1234"), &json!(false)));
    assert_eq!(ask("commit", commit).await.unwrap()["duplicate"], true);
    let wrong = ask("commit", json!({"sha": "HEAD", "message": "x"})).await.unwrap_err();
    assert_eq!(wrong["error"]["field"], "sha");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_that_are_one_are_merged() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let ask =
        async |operation: &str, arguments: Value| called(&server, "events", operation, arguments, "p").await;
    let event = |id: &str| json!({"id": id, "project": "p", "session": "s", "content": format!("the same, told as {id}")});
    post(&server, "/v1/events", json!([event("a"), event("b"), event("c"), event("d")])).await;
    let merged = ask("merge", json!({"keep": "a", "drop": ["b", "c"]})).await.unwrap();
    assert_eq!(merged["aliases"], json!(["b", "c"]), "{merged}");
    let list = ask("list", json!({})).await.unwrap();
    assert_eq!(ids(&list["items"]), ["d", "a"], "{list}");
    let through = ask("get", json!({"id": "b"})).await.unwrap();
    assert_eq!((&through["id"], &through["aliases"]), (&json!("a"), &json!(["b", "c"])));
    // Told again, it stays one.
    let again = post(&server, "/v1/events", json!([event("b")])).await;
    assert_eq!(again["duplicates"], 1);
    for (arguments, field) in [
        (json!({"keep": "a", "drop": []}), "drop"),
        (json!({"keep": "a", "drop": ["a"]}), "drop"),
        (json!({"keep": "none", "drop": ["d"]}), "keep"),
        (json!({"keep": "a", "drop": ["none"]}), "drop"),
    ] {
        let refused = ask("merge", arguments).await.unwrap_err();
        assert_eq!(refused["error"]["field"], field, "{refused}");
    }
    server.stop().await;
}

/// What is told of a session, beside what its events say.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_are_counted_as_they_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let ask = async |tool: &str, operation: &str, arguments: Value| {
        called(&server, tool, operation, arguments, "p").await.unwrap()
    };
    let by = |agent: &str, mut event: Value| {
        event["agent"] = agent.into();
        event
    };
    let events = [
        by("ann", step("s", 1, "Read", "a", Some("success"))),
        by("bob", step("s", 2, "Bash", "make", Some("failure"))),
        by("ann", step("t", 3, "Read", "a", None)),
    ];
    post(&server, "/v1/events", json!(events)).await;
    let all = ask("sessions", "list", json!({})).await;
    let told = |of: &Value, names: &[&str]| names.iter().map(|name| of[*name].clone()).collect::<Vec<_>>();
    let names = ["session", "events", "failures", "agents", "tools", "outcome"];
    assert_eq!(
        told(&all["items"][0], &names),
        [json!("t"), json!(1), json!(0), json!(1), json!(1), json!(null)]
    );
    let both = [json!("s"), json!(2), json!(1), json!(2), json!(2), json!("failure")];
    assert_eq!(told(&all["items"][1], &names), both);
    let of_ann = ask("sessions", "list", json!({"agent": "ann"})).await;
    let alone = [json!("s"), json!(1), json!(0), json!(1), json!(1), json!("success")];
    assert_eq!(told(&of_ann["items"][1], &names), alone);

    post(&server, "/v1/events", json!([by("ann", step("s", 4, "Bash", "make", Some("success")))])).await;
    let one = ask("sessions", "get", json!({"session": "s"})).await;
    assert_eq!(one["files"], json!(["src/Bash.rs", "src/Read.rs"]));
    let names = ["events", "agents", "tools", "outcome", "started_at", "ended_at"];
    let times = [json!("2026-11-20T10:01:00Z"), json!("2026-11-20T10:04:00Z")];
    let expected = [json!(3), json!(["ann", "bob"]), json!(["Bash", "Read"]), json!("success")];
    assert_eq!(told(&one, &names), [&expected[..], &times].concat());
    let domains = ask("meta", "coverage", json!({})).await;
    let names = ["domain", "events", "sessions"];
    assert_eq!(told(&domains["items"][0], &names), [json!("src"), json!(4), json!(2)]);

    ask("events", "forget", json!({"id": "s-4", "dry_run": false})).await;
    let one = ask("sessions", "get", json!({"session": "s"})).await;
    assert_eq!(
        told(&one, &["events", "outcome"]),
        [json!(2), json!("failure")],
        "what is forgotten is not counted"
    );
    server.stop().await;
}
