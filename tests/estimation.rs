//! Estimates: what they rest on is shown, p90 covers what it says, and budgets are kept by the calendar.

use serde_json::{Value, json};

use crate::operations::called;
use crate::processes::{Serve, post};

async fn ask(server: &Serve, tool: &str, operation: &str, arguments: Value) -> Value {
    let answer = called(server, tool, operation, arguments, "p").await;
    answer.unwrap_or_else(|error| panic!("{tool}.{operation}: {error}"))
}

/// A task that took so many seconds, long ago.
async fn finished(server: &Serve, title: &str, seconds: u64, number: u64) {
    let task = ask(server, "tasks", "create", json!({"title": title})).await["id"].clone();
    let at = |seconds: u64| {
        let time = 1_760_000_000 + number * 86_400 + seconds;
        chrono_of(time)
    };
    ask(server, "tasks", "start", json!({"task": task, "at": at(0)})).await;
    ask(server, "tasks", "complete", json!({"task": task, "outcome": "success", "at": at(seconds)})).await;
}

fn chrono_of(seconds: u64) -> String {
    let days = seconds / 86_400;
    let rest = seconds % 86_400;
    // Days since 2025-10-09, which is where the seconds above begin.
    let day = 9 + (days - 20_370);
    format!("2025-10-{day:02}T{:02}:{:02}:{:02}Z", rest / 3_600, rest / 60 % 60, rest % 60)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_near_tells_how_long() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let none = ask(&server, "estimation", "duration", json!({"text": "repair the cart"})).await;
    assert!(none["p50_ms"].is_null() && none["reason"].as_str().unwrap().contains("are needed"), "{none}");
    for number in 0..10 {
        let (title, seconds) = match number % 2 {
            0 => (format!("repair the flaky test of part {number}"), 600 + 10 * number),
            _ => (format!("write the manual about part {number}"), 7_200 + 10 * number),
        };
        finished(&server, &title, seconds, number).await;
    }
    let told =
        ask(&server, "estimation", "duration", json!({"text": "repair the flaky tests of login"})).await;
    let (p50, p90) = (told["p50_ms"].as_i64().unwrap(), told["p90_ms"].as_i64().unwrap());
    assert!((600_000..700_000).contains(&p50) && p90 >= p50, "{told}");
    assert!(told["items"][0]["title"].as_str().unwrap().starts_with("repair"), "{told}");
    assert!(told["items"][0]["similarity"].as_f64().unwrap() > 0.4, "{told}");
    let accuracy = ask(&server, "estimation", "accuracy", json!({})).await;
    assert!(accuracy["foretold"]["judged"].as_i64().unwrap() >= 5, "{accuracy}");
    assert!(accuracy["held_out"].is_null() && accuracy["reason"].is_string());
    let wrong = called(&server, "estimation", "duration", json!({}), "p").await.unwrap_err();
    assert_eq!(wrong["error"]["code"], "invalid_argument");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn budgets_are_compared_with_what_was_used() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for (agent, input) in [("ann", 900), ("bob", 50)] {
        let event = json!({"project": "p", "agent": agent, "type": "message", "content": "said",
                           "attributes": {"usage": {"input_tokens": input, "output_tokens": 10}}});
        post(&server, "/v1/events", event).await;
    }
    let budget = json!({"scope": "agent:ann", "amount": 1_000, "period": "day"});
    ask(&server, "estimation", "budget", budget).await;
    let spent = ask(&server, "estimation", "spending", json!({"scope": "agent:ann"})).await;
    assert_eq!((&spent["spent"], &spent["left"]), (&json!(910.0), &json!(90.0)), "{spent}");
    let all = ask(&server, "estimation", "spending", json!({"scope": "project"})).await;
    assert!(all["spent"].is_null() && all["items"][0]["tokens"] == json!(970.0), "{all}");
    let wrong =
        called(&server, "estimation", "budget", json!({"scope": "x", "amount": 1, "period": "day"}), "p")
            .await;
    assert_eq!(wrong.unwrap_err()["error"]["field"], "scope");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_are_done_when_they_are_said_to_have_been() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for days in 1..=9 {
        let task = ask(&server, "tasks", "create", json!({"title": format!("part {days}")})).await;
        let done = json!({"task": task["id"], "outcome": "success", "at": format!("{days}d")});
        ask(&server, "tasks", "complete", done).await;
    }
    let told =
        ask(&server, "estimation", "forecast", json!({"measure": "tasks_done", "horizon": "3d"})).await;
    let past: Vec<f64> =
        told["past"].as_array().unwrap().iter().map(|day| day["value"].as_f64().unwrap()).collect();
    assert_eq!(past, [1.0; 9], "{told}");
    assert!(told["slope"].is_number() && told["items"].as_array().unwrap().len() == 3, "{told}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_has_no_returns_and_nothing_spent_is_zero() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for (argument, id) in [("procedure", "pr-nope"), ("automation", "rule-nope")] {
        let lost = called(&server, "estimation", "roi", json!({argument: id}), "p").await.unwrap_err();
        assert_eq!(
            (&lost["error"]["code"], &lost["error"]["field"]),
            (&json!("not_found"), &json!(argument))
        );
        assert!(lost["error"]["message"].as_str().unwrap().contains(id), "{lost}");
    }
    let budget = json!({"scope": "project", "amount": 100, "period": "day"});
    ask(&server, "estimation", "budget", budget).await;
    let spent = ask(&server, "estimation", "spending", json!({"scope": "project"})).await;
    assert_eq!((spent["spent"].to_string(), spent["left"].to_string()), ("0.0".into(), "100.0".into()));
    let wrong = json!({"measure": 5, "horizon": "3d"});
    let wrong = called(&server, "estimation", "forecast", wrong, "p").await.unwrap_err()["error"].clone();
    assert!(wrong["field"] == "measure" && wrong["hint"].as_str().unwrap().contains("tasks_done"), "{wrong}");
    server.stop().await;
}
