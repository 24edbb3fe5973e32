//! Triggers: what is set in one session fires in another, once, however often the process is killed; the clock is made
//! up for as told; addresses that fail are tried again, and what could not be delivered is seen.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use athena_schemas::Time;
use athena_store::LogKind;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::hooks::{header, next, receiver};
use crate::kafka::{broker, configuration, setting};
use crate::operations::called;
use crate::processes::{SERVE, Serve, athena, post};
use crate::support::{full, open};

/// The longest that anything is waited for.
const LIMIT: Duration = Duration::from_secs(30);

pub async fn ask(server: &Serve, tool: &str, operation: &str, arguments: Value) -> Value {
    let answer = called(server, tool, operation, arguments, "p").await;
    answer.unwrap_or_else(|error| panic!("{tool}.{operation}: {error}"))
}

/// What `history` says, once it says so.
pub async fn history(server: &Serve, tool: &str, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let waited = timeout(LIMIT, async {
        loop {
            let items = ask(server, tool, "history", json!({"limit": 1000})).await["items"].clone();
            let items: Vec<Value> = serde_json::from_value(items).unwrap();
            if wanted(&items) {
                return items;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    match waited.await {
        Ok(items) => items,
        Err(_) => {
            let items = ask(server, tool, "history", json!({})).await;
            panic!("it does not come to that in time: {items}")
        }
    }
}

fn ended(items: &[Value]) -> usize {
    items.iter().filter(|item| item["outcome"] != "pending").count()
}

fn remembers() -> Value {
    json!({"call": "memories.remember", "arguments": {"content": "$content", "tags": ["seen"]}})
}

async fn remembered(server: &Serve) -> Vec<String> {
    let sql = json!({"sql": "SELECT content FROM memories ORDER BY content", "project": "p"});
    let rows = post(server, "/v1/sql", sql).await["rows"].clone();
    let rows: Vec<Vec<String>> = serde_json::from_value(rows).unwrap();
    rows.into_iter().flatten().collect()
}

fn error(id: &str) -> Value {
    json!({"id": id, "type": "error", "content": id, "project": "p", "session": "s-2"})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_set_in_one_session_fires_in_another() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    post(&server, "/v1/events", error("before")).await;
    let given = json!({"kind": "event", "condition": {"type": "error", "content": {"starts_with": "e-"}},
                       "action": remembers(), "session": "s-1"});
    let id = ask(&server, "triggers", "create", given).await["id"].clone();
    post(&server, "/v1/events", error("e-1")).await;
    let items = history(&server, "triggers", |items| ended(items) == 1).await;
    let fired = (&items[0]["trigger"], &items[0]["event"], &items[0]["outcome"]);
    assert_eq!(fired, (&id, &json!("e-1"), &json!("done")), "{items:?}");
    assert_eq!(remembered(&server).await, ["e-1"]);
    // The same event again, others, and those of another project fire nothing.
    for event in
        [error("e-1"), error("x"), json!({"id": "e-2", "type": "error", "content": "e-2", "project": "q"})]
    {
        post(&server, "/v1/events", event).await;
    }
    ask(&server, "triggers", "enable", json!({"trigger": id, "enabled": false})).await;
    post(&server, "/v1/events", error("e-3")).await;
    ask(&server, "triggers", "enable", json!({"trigger": id, "enabled": true})).await;
    post(&server, "/v1/events", error("e-4")).await;
    let items = history(&server, "triggers", |items| ended(items) == 2).await;
    assert_eq!(items[0]["event"], "e-4");
    assert_eq!(remembered(&server).await, ["e-1", "e-4"]);
    let whole = ask(&server, "triggers", "get", json!({"trigger": id})).await;
    assert_eq!((&whole["fired"], &whole["failed"], &whole["pending"]), (&json!(2), &json!(0), &json!(0)));
    // Who asks why is told.
    let tested = ask(&server, "triggers", "test", json!({"trigger": id, "event": "x"})).await;
    assert_eq!((&tested["would_fire"], &tested["asked"][1]["found"]), (&json!(false), &json!("x")));
    let tested = ask(&server, "triggers", "test", json!({"trigger": id, "event": "before"})).await;
    assert_eq!(tested["would_fire"], false);
    let tested = ask(&server, "triggers", "test", json!({"trigger": id, "event": "e-4"})).await;
    assert_eq!(tested["would_fire"], true, "{tested}");
    // Within a second of the event it is done, as the log tells; the quickest of some, as others use this machine too.
    let mut took = Vec::new();
    for n in 10..20 {
        let event = error(&format!("e-{n}"));
        post(&server, "/v1/events", event).await;
        let items = history(&server, "triggers", |items| ended(items) == n - 7).await;
        let time = |value: &Value| Time::parse(value.as_str().unwrap()).unwrap().micros();
        let event = ask(&server, "events", "get", json!({"id": format!("e-{n}")})).await;
        took.push(time(&items[0]["ended_at"]) - time(&event["received_at"]));
    }
    assert!(took.iter().min() < Some(&1_000_000), "{took:?}");
    // Taken away, it fires no more; what it did is still told.
    ask(&server, "triggers", "delete", json!({"trigger": id})).await;
    post(&server, "/v1/events", error("e-5")).await;
    let by_hand = called(&server, "triggers", "fire", json!({"trigger": id}), "p").await.unwrap_err();
    assert_eq!(by_hand["error"]["code"], "not_found");
    assert_eq!(history(&server, "triggers", |_| true).await.len(), 12);
    server.stop().await;
}

/// Fires once for each event, whenever the process is killed: at 6 random moments, in the long form at 100.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_random_moments_everything_fires_once() {
    let folder = tempfile::tempdir().unwrap();
    let kills = if full() { 100 } else { 6 };
    let mut server = Serve::start(folder.path()).await;
    let given = json!({"kind": "event", "condition": {"type": "error"}, "action": remembers()});
    ask(&server, "triggers", "create", given).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut rng = StdRng::seed_from_u64(29);
    let mut sent = Vec::new();
    for kill in 0..kills {
        let until = Instant::now() + Duration::from_millis(rng.random_range(5..250));
        let url = format!("{}/v1/events", server.url);
        let feed = async {
            for n in 0.. {
                let id = format!("e-{kill:03}-{n:03}");
                let answer = http.post(&url).json(&error(&id)).send().await;
                match answer {
                    Ok(answer) if answer.status().is_success() => sent.push(id),
                    _ => break,
                }
            }
        };
        // Killed while events come, and what they fire is under way.
        let _ = tokio::time::timeout_at(until.into(), feed).await;
        server.kill().await;
        server = Serve::start(folder.path()).await;
    }
    // What was on its way when it was killed may have been taken or not: it is sent again.
    let last: Vec<String> = sent.clone();
    for id in &last {
        post(&server, "/v1/events", error(id)).await;
    }
    let sql = json!({"sql": "SELECT id FROM events WHERE type = 'error' ORDER BY id", "project": "p"});
    let rows = post(&server, "/v1/sql", sql).await["rows"].clone();
    let there: Vec<Vec<String>> = serde_json::from_value(rows).unwrap();
    let there: Vec<String> = there.into_iter().flatten().collect();
    assert!(last.iter().all(|id| there.contains(id)) && there.len() >= kills / 2, "{}", there.len());
    // The last process has everything to do that those before it were killed in.
    let patience = if full() { 10 * LIMIT } else { LIMIT };
    let waited = timeout(patience, async {
        loop {
            let all = remembered(&server).await;
            if all.len() >= there.len() {
                return all;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let all = match waited.await {
        Ok(all) => all,
        Err(_) => {
            let items = history(&server, "triggers", |_| true).await;
            let other = items.iter().filter(|item| item["outcome"] != "done").collect::<Vec<_>>();
            panic!("{} of {}; {other:?}", remembered(&server).await.len(), there.len())
        }
    };
    assert_eq!(all, there, "each once");
    // In the log too each fired once, and has ended once.
    let sql = "SELECT type, COUNT(*), COUNT(DISTINCT id) FROM events WHERE type LIKE 'athena.triggers.%ed' GROUP BY type";
    let count = json!(there.len());
    let counts = timeout(patience, async {
        loop {
            let rows = post(&server, "/v1/sql", json!({"sql": sql, "project": "p"})).await["rows"].clone();
            let rows: Vec<Vec<Value>> = serde_json::from_value(rows).unwrap();
            if rows.iter().all(|row| row[1] == count) {
                return rows;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let counts = counts.await.expect("all have ended");
    assert!(counts.iter().all(|row| row[1] == row[2]), "{counts:?}");
    server.stop().await;
}

async fn of_the_clock(server: &Serve, catch_up: &str) -> String {
    let given = json!({"kind": "time", "condition": {"every": "1s"}, "catch_up": catch_up, "name": catch_up,
                       "action": {"call": "attention.focus", "arguments": {"text": "tick"}}});
    ask(server, "triggers", "create", given).await["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clock_survives_restarts_and_is_made_up_for_as_told() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let all = of_the_clock(&server, "all").await;
    let last = of_the_clock(&server, "last").await;
    let fired_of = |items: &[Value], id: &str| {
        let due = items.iter().filter(|item| item["trigger"] == *id);
        let mut due: Vec<i64> =
            due.map(|item| Time::parse(item["due"].as_str().unwrap()).unwrap().micros()).collect();
        due.sort_unstable();
        due
    };
    let both = |items: &[Value]| !fired_of(items, &all).is_empty() && !fired_of(items, &last).is_empty();
    history(&server, "triggers", both).await;
    server.kill().await;
    let killed_at = Time::now().micros();
    tokio::time::sleep(Duration::from_millis(3_500)).await;
    let server = Serve::start(folder.path()).await;
    let again = |due: Vec<i64>| due.iter().any(|due| *due > killed_at + 3_500_000);
    let both = |items: &[Value]| again(fired_of(items, &all)) && again(fired_of(items, &last));
    let before =
        |item: &&Value| Time::parse(item["due"].as_str().unwrap()).unwrap().micros() <= killed_at + 3_500_000;
    // What was under way when it was killed is taken up.
    let done = |items: &[Value]| items.iter().filter(before).all(|item| item["outcome"] == "done");
    let items = history(&server, "triggers", |items| both(items) && done(items)).await;
    // Each second once, none left out.
    let due = fired_of(&items, &all);
    assert!(due.windows(2).all(|pair| pair[1] - pair[0] == 1_000_000), "{due:?}");
    // Of those that were missed, the last alone.
    let due = fired_of(&items, &last);
    assert!(due.windows(2).all(|pair| pair[1] > pair[0]), "{due:?}");
    let missed = killed_at..killed_at + 2_400_000;
    assert!(!due.iter().any(|due| missed.contains(due)), "{killed_at} {due:?}");
    // What is to come is told, and what has passed is refused.
    let due = ask(&server, "triggers", "due", json!({"within": "10s"})).await;
    let due: BTreeMap<&str, usize> =
        due["items"].as_array().unwrap().iter().fold(BTreeMap::new(), |mut sum, one| {
            *sum.entry(one["id"].as_str().unwrap()).or_default() += 1;
            sum
        });
    assert!(due[all.as_str()] >= 9 && due[last.as_str()] >= 9, "{due:?}");
    for condition in [json!({"at": "2020-01-01T00:00:00Z"}), json!({"cron": "never"}), json!({"every": "0s"})]
    {
        let given = json!({"kind": "time", "condition": condition, "action": remembers()});
        let error = called(&server, "triggers", "create", given, "p").await.unwrap_err();
        assert_eq!(error["error"]["field"], "condition", "{error}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_are_tried_again_and_what_is_dead_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let (url, mut received) = receiver(vec![503, 500]).await;
    let posts = |condition: Value, url: &str| json!({"kind": "event", "condition": condition, "action": {"url": url}});
    let id = ask(&server, "triggers", "create", posts(json!({"type": "error"}), &url)).await["id"].clone();
    let key = ask(&server, "triggers", "get", json!({"trigger": id})).await["signing_key"].clone();
    assert!(key.as_str().unwrap().starts_with("whsec_"), "{key}");
    post(&server, "/v1/events", error("e-1")).await;
    let mut keys = Vec::new();
    for _ in 0..3 {
        let (head, body) = next(&mut received).await;
        assert_eq!((&body["trigger"], &body["id"], &body["content"]), (&id, &json!("e-1"), &json!("e-1")));
        assert!(header(&head, "webhook-signature").starts_with("v1,"), "{head}");
        keys.push(header(&head, "idempotency-key"));
    }
    assert!(keys.iter().all(|key| *key == keys[0] && key.starts_with("firing-")), "{keys:?}");
    let items = history(&server, "triggers", |items| ended(items) == 1).await;
    assert_eq!(items[0]["outcome"], "done");
    // What is refused is not tried again; after five of these the address rests. All of it is seen.
    let (url, _gone) = receiver(vec![404; 50]).await;
    let gone = ask(&server, "triggers", "create", posts(json!({"type": "gone"}), &url)).await["id"].clone();
    for n in 0..6 {
        let event = json!({"id": format!("g-{n}"), "type": "gone", "content": "x", "project": "p"});
        post(&server, "/v1/events", event).await;
        history(&server, "triggers", |items| ended(items) == 2 + n).await;
    }
    let items = ask(&server, "triggers", "history", json!({"trigger": gone})).await["items"].clone();
    let why: Vec<&str> =
        items.as_array().unwrap().iter().map(|item| item["results"][0]["error"].as_str().unwrap()).collect();
    assert!(items.as_array().unwrap().iter().all(|item| item["outcome"] == "dead"), "{items}");
    assert!(why[0].contains("rests") && why[1].contains("404"), "{why:?}");
    let whole = ask(&server, "triggers", "get", json!({"trigger": gone})).await;
    assert_eq!((&whole["fired"], &whole["failed"]), (&json!(6), &json!(6)));
    // Whoever looks after it asks for these alone, page by page.
    let of = async |arguments: Value| ask(&server, "triggers", "history", arguments).await;
    let first = of(json!({"outcome": "dead", "limit": 4})).await;
    let second = of(json!({"outcome": "dead", "limit": 4, "cursor": first["next_cursor"]})).await;
    let dead = [&first, &second].into_iter().flat_map(|page| page["items"].as_array().unwrap().clone());
    assert_eq!((Value::Array(dead.collect()), &second["next_cursor"]), (items, &Value::Null));
    let done = of(json!({"outcome": "done"})).await["items"].clone();
    assert_eq!((done.as_array().unwrap().len(), &done[0]["event"]), (1, &json!("e-1")), "{done}");
    for none in ["failed", "pending"] {
        assert_eq!(of(json!({ "outcome": none })).await["items"], json!([]), "{none}");
    }
    let wrong = called(&server, "triggers", "history", json!({"outcome": "lost"}), "p").await.unwrap_err();
    assert_eq!(wrong["error"]["field"], "outcome", "{wrong}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contexts_and_files_fire_too() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let says = json!({"kind": "context", "condition": {"prompt": {"contains": "release"}, "files": {"ends_with": "parser.rs"}},
                      "action": {"inject": "The parser is released on Mondays only."}, "session": "s-1"});
    let says = ask(&server, "triggers", "create", says).await["id"].clone();
    let prompt = async |text: &str| {
        ask(&server, "hooks", "user_prompt", json!({"session": "s-2", "prompt": text})).await["context"]
            .clone()
    };
    let context = prompt("Please release src/parser.rs today.").await;
    let context = context.as_str().unwrap();
    assert!(context.contains("Mondays only") && context.contains(says.as_str().unwrap()), "{context}");
    assert!(!prompt("Please release src/lexer.rs.").await.to_string().contains("Mondays"));
    let items = history(&server, "triggers", |items| ended(items) == 1).await;
    assert_eq!((&items[0]["trigger"], &items[0]["outcome"]), (&says, &json!("done")));
    let files = json!({"kind": "file", "condition": {"path": "src/**/*.rs"}, "action": remembers()});
    ask(&server, "triggers", "create", files).await;
    for (id, file) in [("f-1", "docs/a.md"), ("f-2", "src/cart/total.rs")] {
        let event = json!({"id": id, "type": "code_edit", "content": file, "files": [file], "project": "p"});
        post(&server, "/v1/events", event).await;
    }
    history(&server, "triggers", |items| ended(items) == 2).await;
    assert_eq!(remembered(&server).await, ["src/cart/total.rs"]);
    // What an agent's own hooks tell counts as well, wherever its repository lies.
    let hook = |name: &str, more: Value| {
        let mut body = json!({"hook_event_name": name, "session_id": "s-3", "cwd": "/home/ann/shop"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let edit = json!({"tool_name": "Edit", "tool_use_id": "u-1", "tool_response": "ok",
                      "tool_input": {"file_path": "/home/ann/shop/src/cart/tax.rs", "old_string": "a", "new_string": "b"}});
    post(&server, "/v1/hooks/claude-code?project=p", hook("PostToolUse", edit)).await;
    let asked = hook("UserPromptSubmit", json!({"prompt": "When is the release of src/parser.rs?"}));
    let told = post(&server, "/v1/hooks/claude-code?project=p", asked).await;
    let context = told["hookSpecificOutput"]["additionalContext"].as_str().unwrap_or_default();
    assert!(context.contains("Mondays only"), "{told}");
    let begins = json!({"kind": "context", "condition": {"moment": "session_start", "cwd": {"ends_with": "/shop"}},
                        "action": {"inject": "The shop is closed on Sundays."}});
    ask(&server, "triggers", "create", begins).await;
    let told =
        post(&server, "/v1/hooks/claude-code?project=p", hook("SessionStart", json!({"source": "startup"})))
            .await;
    assert!(told.to_string().contains("closed on Sundays"), "{told}");
    let items = history(&server, "triggers", |items| ended(items) == 5).await;
    assert!(items.iter().all(|item| item["outcome"] == "done"), "{items:?}");
    server.stop().await;
}

/// A task or a goal that comes to a state fires once, in whatever session and by whatever command; also after a kill.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_and_goals_that_come_to_a_state_fire_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let task =
        async |title: &str| ask(&server, "tasks", "create", json!({"title": title})).await["id"].clone();
    let (first, second) = (task("round the total").await, task("release the cart").await);
    let waits = json!({"task": second, "on": first, "kind": "needs"});
    ask(&server, "tasks", "depend", waits).await;
    let goal = ask(&server, "goals", "set", json!({"title": "a cart that adds up"})).await["id"].clone();
    let on = |condition: Value, content: &str| {
        json!({"kind": "dependency", "condition": condition, "session": "s-1", "name": content,
               "action": {"call": "memories.remember", "arguments": {"content": content, "tags": ["$state"]}}})
    };
    let done = on(json!({"task": first, "state": "done"}), "the total is rounded");
    let done = ask(&server, "triggers", "create", done).await["id"].clone();
    for (condition, content) in [
        (json!({"task": second, "state": "cancelled"}), "the release is off"),
        (json!({"goal": goal, "state": "complete"}), "it adds up"),
    ] {
        ask(&server, "triggers", "create", on(condition, content)).await;
    }
    // What it does not come to fires nothing, nor does what is refused.
    ask(&server, "tasks", "start", json!({"task": first, "session": "s-2"})).await;
    ask(&server, "tasks", "progress", json!({"task": first, "fraction": 0.5})).await;
    let early = called(&server, "tasks", "start", json!({"task": second}), "p").await.unwrap_err();
    assert_eq!(early["error"]["code"], "conflict", "{early}");
    ask(&server, "tasks", "complete", json!({"task": first, "outcome": "success", "session": "s-2"})).await;
    let items = history(&server, "triggers", |items| ended(items) == 1).await;
    assert_eq!((&items[0]["trigger"], &items[0]["outcome"]), (&done, &json!("done")), "{items:?}");
    assert_eq!(remembered(&server).await, ["the total is rounded"]);
    // Killed right after, what it came to fires all the same.
    ask(&server, "goals", "complete", json!({"goal": goal, "outcome": "success"})).await;
    ask(&server, "tasks", "cancel", json!({"task": second, "why": "no need"})).await;
    server.kill().await;
    let server = Serve::start(folder.path()).await;
    let items = history(&server, "triggers", |items| ended(items) == 3).await;
    assert!(items.iter().all(|item| item["outcome"] == "done"), "{items:?}");
    assert_eq!(remembered(&server).await, ["it adds up", "the release is off", "the total is rounded"]);
    // It came to it once; enabled anew it waits for the next time.
    for enabled in [false, true] {
        ask(&server, "triggers", "enable", json!({"trigger": done, "enabled": enabled})).await;
    }
    let tested = ask(&server, "triggers", "get", json!({"trigger": done})).await;
    assert_eq!((&tested["fired"], &tested["pending"]), (&json!(1), &json!(0)));
    server.stop().await;
}

/// A machine that sleeps is to its processes a clock that jumps: what was due meanwhile is made up for as told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clock_may_jump() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let all = of_the_clock(&server, "all").await;
    let last = of_the_clock(&server, "last").await;
    let due_of = |items: &[Value], id: &str| {
        let of = items.iter().filter(|item| item["trigger"] == *id);
        let mut due: Vec<i64> = of.map(|item| time_of(item, "due")).collect();
        due.sort_unstable();
        due
    };
    history(&server, "triggers", |items| !due_of(items, &all).is_empty() && !due_of(items, &last).is_empty())
        .await;
    let signal = |name: &str| {
        let sent = std::process::Command::new("kill").args([name, &server.pid.to_string()]).status().unwrap();
        assert!(sent.success());
    };
    signal("-STOP");
    let slept_at = Time::now().micros();
    tokio::time::sleep(Duration::from_millis(4_500)).await;
    signal("-CONT");
    let after = slept_at + 4_500_000;
    let went_on = |items: &[Value], id: &str| due_of(items, id).iter().any(|due| *due > after);
    let items = history(&server, "triggers", |items| went_on(items, &all) && went_on(items, &last)).await;
    let due = due_of(&items, &all);
    assert!(due.windows(2).all(|pair| pair[1] - pair[0] == 1_000_000), "each second once: {due:?}");
    let due = due_of(&items, &last);
    let missed = slept_at..slept_at + 3_400_000;
    assert!(due.windows(2).all(|pair| pair[1] > pair[0]), "{due:?}");
    assert!(!due.iter().any(|due| missed.contains(due)), "of those that were missed the last alone: {due:?}");
    server.stop().await;
}

fn time_of(item: &Value, name: &str) -> i64 {
    Time::parse(item[name].as_str().unwrap()).unwrap().micros()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_triggers_may_not_do_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let token = async |name: &str, role: &str| {
        let arguments = ["token", "create", name, "--role", role, "--project", "p", "--data", "data"];
        crate::processes::ended(athena(folder.path(), &arguments)).await.json()["secret"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (ann, root) = (token("ann", "write").await, token("root", "admin").await);
    let server = Serve::start(folder.path()).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = async |secret: &str, operation: &str, mut arguments: Value| -> Result<Value, Value> {
        arguments["project"] = json!("p");
        let url = format!("{}/v1/tools/triggers/{operation}", server.url);
        let answer = http.post(url).bearer_auth(secret).json(&arguments).send().await.unwrap();
        let good = answer.status().is_success();
        let answer: Value = answer.json().await.unwrap();
        if good { Ok(answer) } else { Err(answer["error"].clone()) }
    };
    let of = |action: Value| json!({"kind": "event", "condition": {"type": "error"}, "action": action});
    let url = of(json!({"url": "http://127.0.0.1:9/"}));
    assert_eq!(ask(&ann, "create", url.clone()).await.unwrap_err()["code"], "permission_denied");
    for (given, field) in [
        (of(json!({"call": "memories.forget", "arguments": {"id": "m-1"}})), "action"),
        (of(json!({"call": "triggers.create"})), "action"),
        (of(json!({"inject": "x"})), "action"),
        (of(json!({"url": "http://169.254.169.254/"})), "action"),
        (json!({"kind": "event", "condition": {}, "action": remembers()}), "condition"),
        (json!({"kind": "event", "condition": {"price": 3}, "action": remembers()}), "condition"),
        (json!({"kind": "dependency", "condition": {"task": "t"}, "action": remembers()}), "condition"),
    ] {
        let error = ask(&root, "create", given.clone()).await.unwrap_err();
        assert_eq!((&error["code"], &error["field"]), (&json!("invalid_argument"), &json!(field)), "{given}");
    }
    let error = ask(&root, "create", of(json!({"call": "nothing.at_all"}))).await.unwrap_err();
    assert_eq!((&error["code"], &error["field"]), (&json!("not_found"), &json!("action")));
    // What an admin made, others cannot change, nor fire.
    let roots = ask(&root, "create", url).await.unwrap()["id"].clone();
    for (operation, more) in [
        ("update", json!({"name": "x"})),
        ("enable", json!({"enabled": false})),
        ("delete", json!({})),
        ("fire", json!({})),
    ] {
        let mut arguments = more;
        arguments["trigger"] = roots.clone();
        let error = ask(&ann, operation, arguments).await.unwrap_err();
        assert_eq!(error["code"], "permission_denied", "{operation}");
    }
    let whole = ask(&ann, "get", json!({"trigger": roots})).await.unwrap();
    assert_eq!(whole["signing_key"], Value::Null);
    // It acts as its maker: what only admins may is refused, and nothing is done once the token is gone.
    let hooks = ask(&ann, "create", of(json!({"call": "system.compact"}))).await;
    if let Ok(made) = hooks {
        let fired = ask(&ann, "fire", json!({"trigger": made["id"]})).await.unwrap();
        assert_eq!(fired["outcome"], "failed", "{fired}");
    }
    let anns = ask(&ann, "create", of(remembers())).await.unwrap()["id"].clone();
    let revoke = ["token", "revoke", "ann", "--data", "data"];
    assert_eq!(crate::processes::ended(athena(folder.path(), &revoke)).await.code, Some(0));
    let fired = ask(&root, "fire", json!({"trigger": anns})).await.unwrap();
    assert_eq!(fired["outcome"], "failed");
    assert!(fired["results"][0]["error"].as_str().unwrap().contains("not valid any more"), "{fired}");
    server.stop().await;
}

/// Two nodes on the same topics both look at every event: each fires once, also when one of them is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_nodes_one_fires() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("data"), LogKind::Kafka).await;
    let options = setting("triggers", 2, &store).await;
    drop(store);
    let text = format!("{}[automation]\nlease_s = 2\n", configuration(&options));
    std::fs::write(folder.path().join("athena.toml"), text).unwrap();
    let broker = broker();
    let serve = async |role: &str| {
        let arguments = [&[role], &SERVE[1..], &["--kafka", &broker, "--config", "athena.toml"]].concat();
        Serve::of(athena(folder.path(), &arguments), folder.path()).await
    };
    let (one, mut other) = (serve("serve").await, serve("query").await);
    let given = json!({"kind": "event", "condition": {"type": "error"}, "action": remembers()});
    ask(&one, "triggers", "create", given).await;
    let mut sent = Vec::new();
    for n in 0..20 {
        let id = format!("e-{n:02}");
        post(if n % 2 == 0 { &one } else { &other }, "/v1/events", error(&id)).await;
        sent.push(id);
        if n % 8 == 5 {
            other.kill().await;
            other = serve("query").await;
        }
    }
    history(&one, "triggers", |items| ended(items) == sent.len()).await;
    assert_eq!(remembered(&one).await, sent);
    let sql =
        json!({"sql": "SELECT COUNT(*) FROM events WHERE type = 'athena.triggers.fired'", "project": "p"});
    assert_eq!(post(&one, "/v1/sql", sql).await["rows"][0][0], sent.len());
    one.stop().await;
    other.stop().await;
}

/// What could never fire, or never do what it says, is refused when it is made; texts are filled in their places.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_never_work_is_refused_and_texts_are_filled() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let refused = async |tool: &str, arguments: Value| {
        let error = called(&server, tool, "create", arguments.clone(), "p").await;
        error.map_err(|error| error["error"].clone()).expect_err(&arguments.to_string())
    };
    let does = |action: Value| json!({"kind": "event", "condition": {"type": "error"}, "action": action});
    let calls = |call: &str, arguments: Value| does(json!({"call": call, "arguments": arguments}));
    for (given, field) in [
        (calls("tasks.create", json!({"titel": "x"})), "action.arguments.titel"),
        (calls("tasks.create", json!({"priority": 3})), "action.arguments.title"),
        (calls("tasks.create", json!({"priority": "$attributes.priority"})), "action.arguments.title"),
        (calls("tasks.create", json!({"title": "x", "priority": "high"})), "action.arguments.priority"),
        (calls("tasks.create", json!({"title": "of $sesion"})), "action.arguments.title"),
        (calls("tasks.create", json!({"title": "x", "project": "q"})), "action.arguments.project"),
        (does(json!({})), "action"),
        (does(json!("x")), "action"),
        (does(json!({"call": "tasks.create", "url": "x"})), "action"),
    ] {
        let error = refused("triggers", given.clone()).await;
        assert_eq!((&error["code"], &error["field"]), (&json!("invalid_argument"), &json!(field)), "{given}");
    }
    let told = refused("triggers", does(json!({"zap": 1}))).await["message"].to_string();
    assert!(told.contains("call") && told.contains("url") && told.contains("inject"), "{told}");
    let rule = json!({"name": "x", "when": {"type": "error"},
                      "then": [{"call": "attention.focus", "arguments": {"text": "x"}},
                               {"call": "memories.remember", "arguments": {"tags": ["x"]}}]});
    assert_eq!(refused("automation", rule).await["field"], "then[1].arguments.content");

    for (kind, state) in [("task", "done"), ("goal", "complete")] {
        let given = json!({"kind": "dependency", "condition": {kind: format!("{kind}-none"), "state": state},
                           "action": remembers()});
        let error = refused("triggers", given.clone()).await;
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!("not_found"), &json!(format!("condition.{kind}")))
        );
        assert!(error["message"].as_str().unwrap().contains(&format!("{kind}-none")), "{error}");
        let rule = json!({"name": "x", "when": given["condition"], "then": [given["action"]]});
        assert_eq!(refused("automation", rule).await["field"], format!("when.{kind}"));
    }
    let lost =
        called(&server, "triggers", "history", json!({"trigger": "trigger-none"}), "p").await.unwrap_err();
    assert_eq!((&lost["error"]["code"], &lost["error"]["field"]), (&json!("not_found"), &json!("trigger")));

    let content = "$content in $session code $attributes.exit_code for $$5";
    let given = calls("memories.remember", json!({"content": content, "tags": ["$type"]}));
    let made = ask(&server, "triggers", "create", given).await["id"].clone();
    let event = json!({"id": "e-1", "project": "p", "session": "s-1", "type": "error", "content": "it broke",
                       "attributes": {"exit_code": 101}});
    post(&server, "/v1/events", event).await;
    history(&server, "triggers", |items| ended(items) == 1).await;
    assert_eq!(remembered(&server).await, ["it broke in s-1 code 101 for $5"]);
    // Of a log that has times a part can be asked for; what was taken away keeps its history.
    let fired = async |since: &str, until: &str| {
        let given = json!({"trigger": made, "since": since, "until": until});
        ask(&server, "triggers", "history", given).await["items"].as_array().unwrap().len()
    };
    assert_eq!((fired("1h", "0s").await, fired("2h", "1h").await), (1, 0));
    ask(&server, "triggers", "delete", json!({"trigger": made})).await;
    assert_eq!((fired("1h", "0s").await, fired("2h", "1h").await), (1, 0));
    server.stop().await;
}
