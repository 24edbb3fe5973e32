//! Plans: from what worked, with what they come from; nothing near is said.

use serde_json::{Value, json};

use crate::operations::called;
use crate::processes::{Serve, post};

async fn ask(server: &Serve, operation: &str, arguments: Value) -> Value {
    let answer = called(server, "planning", operation, arguments, "p").await;
    answer.unwrap_or_else(|error| panic!("planning.{operation}: {error}"))
}

/// A session that was asked for something, did steps a minute each, and ended.
async fn session(server: &Serve, name: &str, asked: &str, tools: &[&str], outcome: &str) {
    let event = |at: usize, of_type: &str, agent: &str, rest: Value| {
        let mut event = json!({"id": format!("{name}-{at}"), "project": "p", "session": name, "type": of_type,
                               "agent": agent, "time": format!("2026-11-20T10:{at:02}:00Z")});
        event.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        event
    };
    let mut events = vec![event(0, "message", "user", json!({"content": asked}))];
    for (at, tool) in tools.iter().enumerate() {
        events.push(event(at + 1, "tool_call", "assistant", json!({"tool": tool, "content": "{}"})));
    }
    let end = json!({"content": "ended", "outcome": outcome});
    events.push(event(tools.len() + 1, "session_end", "assistant", end));
    post(server, "/v1/events", json!(events)).await;
}

fn actions(plan: &Value) -> Vec<&str> {
    plan["plan"]["steps"].as_array().unwrap().iter().map(|step| step["action"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_is_what_went_well() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let none = ask(&server, "create", json!({"text": "cancel the booking"})).await;
    assert!(actions(&none).is_empty() && none["plan"]["reason"].is_string(), "{none}");
    let asked = "please cancel my flight reservation";
    session(&server, "s-1", asked, &["get_user", "get_reservation", "cancel", "refund"], "success").await;
    session(&server, "s-2", asked, &["get_user", "think", "get_reservation", "cancel", "refund"], "success")
        .await;
    session(&server, "s-3", asked, &["get_reservation", "get_user", "cancel", "refund"], "success").await;
    session(&server, "s-4", asked, &["transfer"], "failure").await;
    session(&server, "s-5", "bake a loaf of rye bread", &["mix", "bake"], "success").await;
    let made = ask(&server, "create", json!({"text": "cancel this reservation of a flight"})).await;
    assert_eq!(actions(&made), ["get_user", "get_reservation", "cancel", "refund"]);
    let sources: Vec<&str> = made["plan"]["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["id"].as_str().unwrap())
        .collect();
    assert!(
        sources.contains(&"s-1") && !sources.contains(&"s-4") && !sources.contains(&"s-5"),
        "{sources:?}"
    );
    assert!(made["plan"]["sources"][0]["similarity"].as_f64().unwrap() > 0.3);
    let plan = &made["id"];

    let told = ask(&server, "simulate", json!({"plan": plan, "seed": 3})).await;
    assert_eq!((&told["p50_ms"], &told["odds"]), (&json!(240_000), &json!(1.0)), "{told}");
    assert_eq!(told, ask(&server, "simulate", json!({"plan": plan, "seed": 3})).await);
    let path = ask(&server, "critical_path", json!({"plan": plan})).await;
    assert_eq!(path["duration_ms"], 240_000);
    let checked = ask(&server, "validate", json!({"plan": plan})).await;
    assert_eq!(checked["valid"], true, "{checked}");
    let verified =
        ask(&server, "verify", json!({"plan": plan, "properties": ["consistent", "feasible"]})).await;
    assert_eq!(
        (&verified["items"][0]["holds"], &verified["items"][1]["holds"]),
        (&json!("yes"), &json!("unknown"))
    );

    // Whether it is safe the policies say, of each step that is still to be done.
    let safe = async || {
        let told = ask(&server, "verify", json!({"plan": plan, "properties": ["safe"]})).await;
        (told["items"][0]["holds"].clone(), told["items"][0]["why"].as_str().unwrap().to_owned())
    };
    let told = safe().await;
    assert!(told.0 == "unknown" && told.1.contains("no policies"), "{told:?}");
    let policy = async |tool: &str, verdict: &str, why: &str| {
        let rule = json!({"rule": {"when": {"tool": tool}, "verdict": verdict, "why": why}});
        called(&server, "safety", "policy", rule, "p").await.unwrap()["id"].clone()
    };
    policy("transfer", "denied", "people do that").await;
    assert_eq!(safe().await.0, "yes");
    policy("cancel", "ask", "it costs").await;
    let told = safe().await;
    assert!(told.0 == "unknown" && told.1.contains("step 3") && told.1.contains("it costs"), "{told:?}");
    let denies = policy("refund", "denied", "not without a person").await;
    let told = safe().await;
    assert!(told.0 == "no" && told.1.contains(denies.as_str().unwrap()), "{told:?}");
    let check = json!({"action": {"tool": "refund", "input": "{}"}});
    let checked = called(&server, "safety", "check", check, "p").await.unwrap();
    assert_eq!((&checked["verdict"], &checked["rule"]["id"]), (&json!("denied"), &denies));

    // Two steps were done in either order.
    let wider = ask(&server, "optimize", json!({"plan": plan})).await;
    let needs: Vec<&Value> =
        wider["plan"]["steps"].as_array().unwrap().iter().map(|step| &step["needs"]).collect();
    assert_eq!(needs, [&json!([]), &json!([]), &json!([1, 2]), &json!([3])], "{wider}");

    session(&server, "s-6", "cancel a reservation", &["get_user", "search", "cancel"], "failure").await;
    let left = ask(&server, "deviation", json!({"plan": plan, "session": "s-6"})).await;
    let whats: Vec<&str> =
        left["items"].as_array().unwrap().iter().map(|place| place["what"].as_str().unwrap()).collect();
    assert_eq!(whats, ["done", "left_out", "besides", "done", "to_come"].map(|what| what), "{left}");
    let again = ask(&server, "replan", json!({"plan": plan, "event": "s-6-2"})).await;
    assert_eq!(again["plan"]["steps"][0]["done"], true, "{again}");
    assert_eq!(again["plan"]["because_of"], "s-6-2");
    assert!(actions(&again).ends_with(&["cancel", "refund"]), "{again}");
    let effort = called(&server, "estimation", "effort", json!({"plan": plan}), "p").await.unwrap();
    assert!(effort["elapsed_p50_ms"].as_i64().unwrap() > 0, "{effort}");
    server.stop().await;
}
