use athena_schemas::Code;

use super::*;
use crate::test::{command, run};

struct Tasks(State, i64);

impl Tasks {
    fn by(&mut self, agent: &str, operation: &str, arguments: Value) -> Result<Value, Error> {
        self.1 += 1;
        let mut event = command(self.1, &format!("tasks.{operation}"), "ann", arguments);
        event.agent = Some(agent.into()).filter(|agent: &String| !agent.is_empty());
        run(&mut self.0, event)
    }

    fn call(&mut self, operation: &str, arguments: Value) -> Result<Value, Error> {
        self.by("", operation, arguments)
    }

    fn task(&mut self, title: &str, needs: &[&str]) -> String {
        let made = self.call("create", json!({"title": title, "depends_on": needs})).unwrap();
        made["id"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_claim_has_one_answer() {
    let mut tasks = Tasks(State::default(), 0);
    let task = tasks.task("one", &[]);
    assert_eq!(tasks.call("assign", json!({"task": task, "agent": "a"})).unwrap()["task"]["assignee"], "a");
    assert_eq!(tasks.call("assign", json!({"task": task, "agent": "b"})).unwrap_err().code, Code::Conflict);
    assert!(tasks.call("assign", json!({"task": task, "agent": "a"})).is_ok());
    assert_eq!(tasks.by("b", "start", json!({"task": task})).unwrap_err().code, Code::Conflict);
    tasks.call("update", json!({"task": task, "assignee": ""})).unwrap();
    assert_eq!(tasks.by("b", "start", json!({"task": task})).unwrap()["task"]["assignee"], "b");
    assert_eq!(tasks.by("b", "start", json!({"task": task})).unwrap_err().code, Code::Conflict);
}

#[test]
fn a_cycle_is_refused_and_named() {
    let mut tasks = Tasks(State::default(), 0);
    let first = tasks.task("first", &[]);
    let mut last = first.clone();
    for at in 0..5 {
        last = tasks.task(&format!("t{at}"), &[&last]);
    }
    let error = tasks.call("depend", json!({"task": first, "on": last, "kind": "needs"})).unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (Code::Conflict, Some("on")));
    let names = ["(first) → ", "(t4) → ", "(t3) → ", "(t2) → ", "(t1) → ", "(t0) → "];
    let places: Vec<_> = names.iter().map(|name| error.message.find(name).unwrap()).collect();
    assert!(places.is_sorted() && error.message.ends_with("(first)"), "{}", error.message);
    assert!(tasks.call("depend", json!({"task": first, "on": last, "kind": "relates"})).is_ok());
    let own = tasks.call("depend", json!({"task": first, "on": first, "kind": "needs"})).unwrap_err();
    assert_eq!(own.code, Code::Conflict);
}

#[test]
fn a_chain_too_long_to_follow_is_not_followed() {
    let mut tasks = Tasks(State::default(), 0);
    let mut last = tasks.task("first", &[]);
    for at in 0..MOST_LEVELS {
        last = tasks.task(&format!("t{at}"), &[&last]);
    }
    let other = tasks.task("other", &[]);
    let error = tasks.call("depend", json!({"task": other, "on": last, "kind": "needs"})).unwrap_err();
    assert_eq!(error.code, Code::ResourceExhausted);
}

#[test]
fn what_is_done_lets_others_begin() {
    let mut tasks = Tasks(State::default(), 0);
    let [one, two] = [tasks.task("one", &[]), tasks.task("two", &[])];
    let both = tasks.task("both", &[&one, &two]);
    let after = tasks.task("after", &[&both]);
    assert_eq!(tasks.call("start", json!({"task": both})).unwrap_err().code, Code::Conflict);
    let done = |outcome: &str| json!({"task": one, "outcome": outcome});
    assert_eq!(tasks.call("complete", done("failure")).unwrap()["unblocks"], json!([]));
    assert_eq!(tasks.call("complete", done("success")).unwrap()["unblocks"], json!([]));
    let cancelled = tasks.call("cancel", json!({"task": two, "why": "no longer wanted"})).unwrap();
    assert_eq!(cancelled["unblocks"], json!([{"id": both, "title": "both"}]));
    tasks.call("start", json!({"task": both})).unwrap();
    let told = tasks.call("complete", json!({"task": both, "outcome": "success"})).unwrap();
    assert_eq!(told["unblocks"][0]["id"], json!(after));
    assert_eq!(
        tasks.call("complete", json!({"task": both, "outcome": "success"})).unwrap_err().code,
        Code::Conflict
    );
}

#[test]
fn milestones_are_reached_on_the_way() {
    let mut tasks = Tasks(State::default(), 0);
    let task = tasks.task("one", &[]);
    tasks.call("milestone", json!({"task": task, "title": "half", "fraction": 0.5})).unwrap();
    let now = tasks.call("milestone", json!({"task": task, "title": "begun"})).unwrap();
    assert!(!now["milestone"]["reached_at"].is_null());
    let told = tasks.call("progress", json!({"task": task, "fraction": 0.6, "note": "well"})).unwrap();
    assert_eq!(told["reached"][0]["title"], "half");
    assert_eq!(told["reached"].as_array().unwrap().len(), 1);
    let again = tasks.call("progress", json!({"task": task, "fraction": 0.7})).unwrap();
    assert_eq!(again["reached"], json!([]));
    let wrong = tasks.call("progress", json!({"task": task, "fraction": 1.5})).unwrap_err();
    assert_eq!(wrong.field.as_deref(), Some("fraction"));
}

#[test]
fn how_long_it_took_is_from_start_to_end() {
    let mut tasks = Tasks(State::default(), 0);
    let task = tasks.task("one", &[]);
    tasks.call("start", json!({"task": task})).unwrap();
    let told = tasks.call("complete", json!({"task": task, "outcome": "success"})).unwrap();
    let done: Task = serde_json::from_value(told["task"].clone()).unwrap();
    assert_eq!((done.took_ms(), done.status), (Some(1_000), Status::Done));
    let later = json!({"task": task, "at": "2030-01-01T00:00:00Z"});
    let other = tasks.task("two", &[]);
    let later = json!({"task": other, "at": later["at"]});
    assert_eq!(tasks.call("start", later).unwrap_err().field.as_deref(), Some("at"));
}

#[test]
fn what_is_told_afterwards_stands_since_it_was_so() {
    let mut tasks = Tasks(State::default(), 100);
    let task = tasks.task("one", &[]);
    let at = |seconds: i64| Time::from_micros(seconds * 1_000_000);
    let started = tasks.call("start", json!({"task": task, "at": at(40)})).unwrap();
    assert_eq!(started["task"]["since"], json!(at(40)));
    let done = json!({"task": task, "outcome": "success", "at": at(70)});
    assert_eq!(tasks.call("complete", done).unwrap()["task"]["since"], json!(at(70)));
    let unstarted = tasks.task("two", &[]);
    let done = json!({"task": unstarted, "outcome": "success", "at": at(80)});
    assert_eq!(tasks.call("complete", done).unwrap()["task"]["since"], json!(at(80)));
    let now = tasks.task("three", &[]);
    let started = tasks.call("start", json!({"task": now})).unwrap();
    assert_eq!(started["task"]["since"], json!(at(tasks.1)));
}

#[test]
fn a_task_loses_what_it_need_not_have() {
    let mut tasks = Tasks(State::default(), 0);
    let due = Time::from_micros(900_000_000);
    let made = tasks.call("create", json!({"title": "one", "due": due, "estimate_s": 60})).unwrap();
    let clear = |clear: Value| json!({"task": made["id"], "clear": clear});
    let told = tasks.call("update", clear(json!(["due"]))).unwrap();
    assert_eq!((&told["task"]["due"], &told["task"]["estimate_s"]), (&Value::Null, &json!(60)));
    let told = tasks.call("update", clear(json!(["estimate", "goal"]))).unwrap();
    assert_eq!((&told["task"]["goal"], &told["task"]["estimate_s"]), (&Value::Null, &Value::Null));
    let own = json!({"task": made["id"], "on": made["id"], "kind": "needs"});
    assert_eq!(tasks.call("depend", own).unwrap_err().field.as_deref(), Some("on"));
}
