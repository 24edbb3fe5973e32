//! Goals: how far they are, which comes first, and what gets in whose way.

use serde_json::{Value, json};

use crate::operations::called;
use crate::processes::{Serve, post};

async fn ask(server: &Serve, tool: &str, operation: &str, arguments: Value) -> Value {
    let answer = called(server, tool, operation, arguments, "p").await;
    answer.unwrap_or_else(|error| panic!("{tool}.{operation}: {error}"))
}

async fn made(server: &Serve, tool: &str, operation: &str, arguments: Value) -> String {
    ask(server, tool, operation, arguments).await["id"].as_str().unwrap().to_owned()
}

fn column(answer: &Value, name: &str) -> Vec<String> {
    let items = answer["items"].as_array().unwrap();
    items.iter().map(|item| item[name].as_str().unwrap_or("-").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn progress_is_of_tasks_and_of_goals_below() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let top = made(&server, "goals", "set", json!({"title": "top", "priority": 4})).await;
    let part = made(&server, "goals", "set", json!({"title": "part", "parent": top})).await;
    let measured = json!({"title": "measured", "parent": top, "measure": {"what": "tests", "target": 100}});
    let measured = made(&server, "goals", "set", measured).await;
    let task = made(&server, "tasks", "create", json!({"title": "a", "goal": part})).await;
    made(&server, "tasks", "create", json!({"title": "b", "goal": part})).await;
    ask(&server, "tasks", "complete", json!({"task": task, "outcome": "success"})).await;
    ask(&server, "goals", "progress", json!({"goal": measured, "value": 25})).await;
    let tree = ask(&server, "goals", "tree", json!({})).await;
    assert_eq!(column(&tree, "title"), ["top", "part", "measured"]);
    let progress: Vec<f64> =
        tree["items"].as_array().unwrap().iter().map(|item| item["progress"].as_f64().unwrap()).collect();
    assert_eq!(progress, [0.375, 0.5, 0.25]);

    let next = ask(&server, "goals", "next", json!({})).await;
    assert!(next["goal"]["why"].as_array().unwrap().len() >= 2, "{next}");
    ask(&server, "goals", "activate", json!({"goal": part, "agent": "ann"})).await;
    let again = ask(&server, "goals", "activate", json!({"goal": top, "agent": "ann"})).await;
    assert_eq!((&again["from"], &again["switch_cost_ms"]), (&json!(part), &Value::Null));
    assert!(again["reason"].as_str().unwrap().contains("10 of each"), "{again}");
    let error =
        called(&server, "goals", "progress", json!({"goal": top, "value": 7}), "p").await.unwrap_err();
    assert_eq!(error["error"]["field"], "value");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conflicts_are_found_and_end() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let hurried = json!({"title": "hurried", "deadline": "5h", "priority": 8});
    let hurried = made(&server, "goals", "set", hurried).await;
    let other =
        made(&server, "goals", "set", json!({"title": "other", "deadline": "6h", "priority": 2})).await;
    for (goal, session) in [(&hurried, "s-1"), (&other, "s-2")] {
        let task = json!({"title": "work", "goal": goal, "estimate": "4h"});
        let task = made(&server, "tasks", "create", task).await;
        ask(&server, "tasks", "start", json!({"task": task, "agent": "ann", "session": session})).await;
        let event = json!({"project": "p", "session": session, "type": "code_edit", "content": "edit",
                           "files": ["src/cart.rs"]});
        post(&server, "/v1/events", event).await;
    }
    let told = ask(&server, "goals", "conflicts", json!({})).await;
    assert_eq!(column(&told, "kind"), ["hours", "files", "agents"]);
    let hours = &told["items"][0];
    assert_eq!(hours["goals"], json!([hurried, other]));
    assert_eq!(told["items"][1]["shared"], json!(["src/cart.rs"]));
    let extended = json!({"conflict": hours["id"], "choice": "extend"});
    let resolved = ask(&server, "goals", "resolve", extended).await;
    assert_eq!(resolved["adjusted"][0]["id"], json!(other));
    let told = ask(&server, "goals", "conflicts", json!({})).await;
    assert_eq!(column(&told, "kind"), ["files", "agents"]);
    for conflict in told["items"].as_array().unwrap() {
        ask(&server, "goals", "resolve", json!({"conflict": conflict["id"], "choice": "accept"})).await;
    }
    assert_eq!(column(&ask(&server, "goals", "conflicts", json!({})).await, "id"), Vec::<String>::new());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_done_for_a_goal_below_is_done_for_the_goal() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let top = made(&server, "goals", "set", json!({"title": "top", "priority": 10})).await;
    let part = made(&server, "goals", "set", json!({"title": "part", "parent": top, "priority": 1})).await;
    let deep = made(&server, "goals", "set", json!({"title": "deep", "parent": part, "priority": 1})).await;
    let given_up = made(&server, "goals", "set", json!({"title": "given up", "parent": top})).await;
    let task = |title: &str, goal: &str| json!({"title": title, "goal": goal, "estimate": "1h"});
    let one = made(&server, "tasks", "create", task("one", &part)).await;
    let mut after = task("two", &deep);
    after["depends_on"] = json!([one]);
    let two = made(&server, "tasks", "create", after).await;
    made(&server, "tasks", "create", task("never", &given_up)).await;
    ask(&server, "goals", "abandon", json!({"goal": given_up, "why": "nobody asks for it"})).await;
    let next = ask(&server, "goals", "next", json!({})).await;
    assert_eq!((&next["goal"]["id"], &next["tasks"]), (&json!(top), &json!([{"id": one, "title": "one"}])));
    let path = ask(&server, "planning", "critical_path", json!({"goal": top})).await;
    assert_eq!((column(&path, "id"), &path["duration_ms"]), (vec![one, two], &json!(7_200_000)), "{path}");

    let loose = made(&server, "tasks", "create", json!({"title": "loose", "goal": deep})).await;
    let path = ask(&server, "planning", "critical_path", json!({"goal": top})).await;
    assert_eq!(path["duration_ms"], 7_200_000);
    let reason = path["reason"].as_str().unwrap();
    assert!(reason.contains(&loose) && reason.contains("leave them out"), "{reason}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_named_with_what_it_should_be() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for (more, field, hint) in [
        (json!({"measure": {"target": 5}}), "measure.what", "such as"),
        (json!({"measure": 5}), "measure", "{what, from, target}"),
        (json!({"priority": -1}), "priority", "From 0 to 10"),
        (json!({"measure": {"what": "x", "target": 5, "form": 1}}), "measure.form", "from"),
    ] {
        let mut given = json!({"title": "x"});
        given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let error = called(&server, "goals", "set", given, "p").await.unwrap_err()["error"].clone();
        assert_eq!((&error["code"], &error["field"]), (&json!("invalid_argument"), &json!(field)), "{error}");
        assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
    }
    made(&server, "goals", "set", json!({"title": "x"})).await;
    let told = async |explain: bool| ask(&server, "goals", "rank", json!({"explain": explain})).await;
    assert!(told(true).await["items"][0]["parts"]["priority"].is_number());
    assert_eq!(told(false).await["items"][0]["parts"], Value::Null);
    server.stop().await;
}
