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

/// A session of steps half an hour apart, each with what it tells besides.
async fn steps(server: &Serve, name: &str, asked: &str, steps: &[(&str, Value)]) {
    let event = |at: usize, rest: Value| {
        let (hour, minute) = (10 + at / 2, at % 2 * 30);
        let mut event = json!({"id": format!("{name}-{at}"), "project": "p", "session": name,
                               "time": format!("2026-11-20T{hour}:{minute:02}:00Z")});
        event.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        event
    };
    let mut events = vec![event(0, json!({"type": "message", "agent": "user", "content": asked}))];
    for (at, (tool, more)) in steps.iter().enumerate() {
        let mut step = json!({"type": "tool_call", "agent": "assistant", "tool": tool, "content": "{}"});
        step.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        events.push(event(at + 1, step));
    }
    post(server, "/v1/events", json!(events)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_went_wrong_tells_how_often_a_step_fails() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for at in 0..16 {
        let (name, asked) = (format!("s-{at}"), "publish the new parser release");
        let of = |outcome: &str| json!({"outcome": outcome, "duration_ms": 1_000});
        let well = of("success");
        let mut all =
            vec![("pull", well.clone()), ("edit", well.clone()), ("test", well.clone()), ("push", well)];
        if at % 8 == 7 {
            all.truncate(2);
            all.push(("test", of("failure")));
        }
        steps(&server, &name, asked, &all).await;
    }
    let made = ask(&server, "create", json!({"text": "publish a new release of the parser"})).await;
    assert_eq!(actions(&made), ["pull", "edit", "test", "push"]);
    let of = |name: &str| -> Vec<Value> {
        made["plan"]["steps"].as_array().unwrap().iter().map(|step| step[name].clone()).collect()
    };
    assert_eq!(of("failure_rate"), [0.0, 0.0, 0.125, 0.0].map(|rate| json!(rate)), "{made}");
    assert_eq!(of("support"), vec![json!(14); 4], "the steps come from what went well");
    let validated = ask(&server, "validate", json!({"plan": made["id"]})).await;
    let failures = validated["past_failures"].as_array().unwrap();
    assert_eq!((failures.len(), &failures[0]["step"]), (1, &json!(3)), "{validated}");
    let mut events: Vec<&str> =
        failures[0]["sources"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    events.sort_unstable();
    assert_eq!(events, ["s-15-3", "s-7-3"]);
    let told = ask(&server, "simulate", json!({"plan": made["id"], "runs": 20_000})).await;
    let odds = told["odds"].as_f64().unwrap();
    assert!((0.99..1.0).contains(&odds), "an eighth, in three tries: {told}");
    assert_eq!(told["items"][0]["step"], 3, "{told}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_take_as_long_as_they_tell_and_what_is_unknown_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let minute = json!({"duration_ms": 60_000, "outcome": "success"});
    let untold = json!({"outcome": "success"});
    for at in 0..4 {
        let all = [("build", minute.clone()), ("check", minute.clone())];
        steps(&server, &format!("s-{at}"), "repair flaky lexers", &all).await;
        let all = [("paint", minute.clone()), ("dry", untold.clone())];
        steps(&server, &format!("t-{at}"), "paint garden fences", &all).await;
        steps(&server, &format!("u-{at}"), "whisper rhymes quietly", &[("hum", untold.clone())]).await;
    }
    let of = async |text: &str| {
        let made = ask(&server, "create", json!({"text": text})).await;
        let plan = json!({"plan": made["id"]});
        let simulated = ask(&server, "simulate", plan.clone()).await;
        let effort = called(&server, "estimation", "effort", plan.clone(), "p").await.unwrap();
        (made, simulated, effort, ask(&server, "critical_path", plan).await)
    };
    let (made, simulated, effort, path) = of("repair flaky lexers today").await;
    let times: Vec<&Value> =
        made["plan"]["steps"].as_array().unwrap().iter().map(|step| &step["p50_ms"]).collect();
    assert_eq!(times, [&json!(60_000), &json!(60_000)], "not the half hour until the next: {made}");
    assert_eq!((&simulated["p50_ms"], &simulated["reason"]), (&json!(120_000), &Value::Null), "{simulated}");
    assert_eq!(effort["work_p50_ms"], 120_000);
    assert_eq!(path["duration_ms"], 120_000);

    let (_, simulated, effort, path) = of("paint garden fences today").await;
    for (told, time) in [(&simulated, "p50_ms"), (&effort, "work_p50_ms"), (&path, "duration_ms")] {
        assert_eq!(told[time], 60_000, "{told}");
        let reason = told["reason"].as_str().unwrap();
        assert!(reason.contains("take: 2; the times leave them out"), "{reason}");
    }
    assert_eq!(path["items"][1]["duration_ms"], Value::Null);

    let (_, simulated, effort, path) = of("whisper rhymes today").await;
    assert_eq!((&simulated["p50_ms"], &simulated["odds"]), (&Value::Null, &json!(1.0)), "{simulated}");
    assert_eq!((&effort["work_p50_ms"], &path["duration_ms"]), (&Value::Null, &Value::Null));
    assert!(path["items"].as_array().unwrap().is_empty() && path["reason"].is_string(), "{path}");
    server.stop().await;
}
