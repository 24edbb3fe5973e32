//! Every operation, by its own examples: on two projects with different histories, and on an empty one.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::processes::{Serve, post};

/// What every operation has an answer of its own to: fields that do not tell of a project's history.
const ASIDE: [&str; 6] = ["position", "took_ms", "projects", "project", "degraded", "version"];

const ROLES: [&str; 2] = ["user", "assistant"];
const TYPES: [&str; 2] = ["tool_call", "tool_result"];
const OUTCOMES: [&str; 2] = ["success", "failure"];

/// Whether a value is what its schema says, as far as JSON Schema's words that ours use go.
fn fits(value: &Value, schema: &Value, at: &str) {
    if let Some(any) = schema.get("anyOf").and_then(Value::as_array) {
        let of_type = any.iter().any(|one| is_a(value, one.get("type")) || one.get("$ref").is_some());
        assert!(of_type, "{at}: {value} is none of {any:?}");
        return;
    }
    assert!(is_a(value, schema.get("type")), "{at}: {value} is not {schema}");
    if value.is_null() {
        return;
    }
    for needed in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
        assert!(value.get(needed.as_str().unwrap()).is_some(), "{at}: {value} lacks {needed}");
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, one) in properties.into_iter().flatten() {
        if let Some(own) = value.get(name) {
            fits(own, one, &format!("{at}.{name}"));
        }
    }
    if let (Some(items), Some(all)) = (schema.get("items"), value.as_array()) {
        all.iter().for_each(|one| fits(one, items, &format!("{at}[]")));
    }
}

fn is_a(value: &Value, of_type: Option<&Value>) -> bool {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => value.is_null(),
    };
    match of_type {
        None => true,
        Some(Value::Array(names)) => names.iter().any(|name| is(name.as_str().unwrap())),
        Some(name) => is(name.as_str().unwrap()),
    }
}

fn told(mut answer: Value) -> Value {
    if let Some(fields) = answer.as_object_mut() {
        ASIDE.iter().for_each(|name| drop(fields.remove(*name)));
    }
    answer
}

pub async fn called(
    server: &Serve,
    tool: &str,
    operation: &str,
    mut arguments: Value,
    project: &str,
) -> Result<Value, Value> {
    arguments["project"] = project.into();
    let url = format!("{}/v1/tools/{tool}/{operation}", server.url);
    let answer = server.http.post(url).json(&arguments).send().await.unwrap();
    let good = answer.status().is_success();
    let answer: Value = answer.json().await.unwrap();
    if good { Ok(answer) } else { Err(answer) }
}

/// What makes two projects different: what they are about, a word of it, a file, and how much of it there is.
const HISTORIES: [(&str, Words); 2] = [
    ("one", Words { about: "the checkout page", word: "cart", file: "pay", count: 60 }),
    ("two", Words { about: "a parser of dates", word: "dates", file: "lib", count: 45 }),
];

#[derive(Clone, Copy)]
struct Words {
    about: &'static str,
    word: &'static str,
    file: &'static str,
    count: usize,
}

/// Talk, and work by the same few steps, which a run can learn from.
fn events(project: &str, Words { about, word, file, count }: Words) -> Vec<Value> {
    let talk = (0..count).map(|at| {
        json!({"id": format!("e-{at}"), "project": project, "session": format!("{project}-{}", at / 20), "type": "message",
               "agent": ROLES[at % 2], "content": format!("{about}: step {at}"),
               "time": format!("2026-11-2{}T10:{:02}:00Z", 1 + at / 20, at % 20)})
    });
    let mut steps = vec![
        ("Bash", format!("cargo test -p {word}")),
        ("Edit", format!("cart/src/{file}.rs: mend the {word}")),
        ("Bash", format!("git commit -m 'mend the {word}'")),
    ];
    if count % 2 == 0 {
        steps.push(("Bash", "docker build -t shop .".to_owned()));
    }
    let said = (0..count / 6).flat_map(|session| {
        let asks = ("user", "message", format!("Round the total of the {word}, as {about} needs it"), "11:59");
        let ends = ("claude", "session_end", format!("the total of the {word} is rounded"), "12:15");
        [asks, ends].map(|(agent, of_type, content, at)| {
            json!({"id": format!("{of_type}-{session}"), "project": project, "session": format!("{project}-work-{session}"),
                   "type": of_type, "agent": agent, "content": content,
                   "time": format!("2026-11-{}T{at}:00Z", 10 + session)})
        })
    });
    let work = (0..count / 6).flat_map(|session| {
        steps.clone().into_iter().enumerate().map(move |(at, (tool, content))| {
            let failed = (session * 7 + at) % (count / 10) == 1;
            let touched = [format!("cart/src/{file}.rs"), "cart/src/total.rs".to_owned()];
            let files: &[String] = if tool == "Edit" { &touched } else { &[] };
            json!({"id": format!("w-{session}-{at}"), "project": project, "session": format!("{project}-work-{session}"),
                   "type": "tool_call", "tool": tool, "agent": "claude", "content": content, "files": files,
                   "outcome": OUTCOMES[usize::from(failed)], "duration_ms": 10 * count * (at + session),
                   "time": format!("2026-11-{}T12:{:02}:00Z", 10 + session, 3 * at)})
        })
    });
    talk.chain(said).chain(work).collect()
}

/// Gives a project its history: what happened, what was told, and what a run learned of it.
async fn happened(server: &Serve, project: &str, words: Words) {
    let Words { about, word, file, count } = words;
    post(server, "/v1/events", json!(events(project, words))).await;
    let entity = |name: &str| ("graph", "add_entity", json!({"name": name, "kind": "service"}));
    let calls =
        |from: &str, to: &str| ("graph", "add_relation", json!({"from": from, "to": to, "kind": "calls"}));
    let tied = |a: &str, b: &str| {
        ("associations", "strengthen", json!({"a": a, "b": b, "by": count as f64 / 100.0}))
    };
    let push = |command: String| json!({"tool": "Bash", "input": {"command": command}});
    let rule = json!({"name": format!("no pushes of {word}"), "verdict": "denied", "why": format!("{about} is not ours"),
                      "when": {"tool": "Bash", "input": {"contains": "push --force"}}});
    let due = format!("2026-11-{}T00:00:00Z", count / 4);
    let told = [
        ("memories", "remember", json!({"content": format!("We work on {about}")})),
        ("memories", "recall", json!({"query": format!("who paints the {word} purple?")})),
        (
            "tasks",
            "create",
            json!({"title": format!("Finish {about}"), "priority": 9, "estimate": format!("{count}m")}),
        ),
        ("tasks", "create", json!({"title": format!("Begin {about}"), "due": due})),
        ("goals", "set", json!({"title": format!("Ship {about}"), "deadline": format!("{count}d")})),
        entity("checkout"),
        entity("payments"),
        entity(&format!("the {word}")),
        calls("checkout", &format!("the {word}")),
        calls("payments", &format!("the {word}")),
        ("spatial", "move", json!({"from": "cart/tests", "to": "deep/".repeat(count / 15) + "tests"})),
        tied("m-cart", &format!("m-the-{word}")),
        tied("m-money", &format!("m-{file}")),
        tied("m-cart", "m-tax"),
        ("planning", "create", json!({"text": format!("Round the total of the {word} again")})),
        ("safety", "policy", json!({"rule": rule})),
        (
            "safety",
            "request",
            json!({"action": push(format!("git push origin {word}")), "why": format!("{about} is done")}),
        ),
        ("consolidation", "run", json!({"wait": true})),
    ];
    let tell = async |(tool, operation, arguments): (&str, &str, Value)| {
        let done = called(server, tool, operation, arguments, project).await;
        done.unwrap_or_else(|error| panic!("{tool}.{operation}: {error}"))
    };
    for number in 0..5 {
        let title = format!("Mend the {word}, part {number}");
        let task = tell(("tasks", "create", json!({"title": title, "estimate": "1h"}))).await["id"].clone();
        let began = format!("{}m", 2 * count + number);
        tell(("tasks", "start", json!({"task": task, "at": began}))).await;
        tell(("tasks", "complete", json!({"task": task, "outcome": "success", "at": "10m"}))).await;
    }
    for one in told {
        tell(one).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn examples_work_and_answers_are_of_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    for (project, words) in HISTORIES {
        happened(&server, project, words).await;
    }
    let listing = server.http.get(format!("{}/v1/tools", server.url)).send().await.unwrap();
    let listing: Value = listing.json().await.unwrap();
    let (mut operations, mut same, mut made) = (0, Vec::new(), BTreeSet::new());
    for tool in listing["tools"].as_array().unwrap() {
        let tool_name = tool["name"].as_str().unwrap();
        for operation in tool["operations"].as_array().unwrap() {
            let name = operation["name"].as_str().unwrap();
            let examples = operation["examples"].as_array().unwrap();
            assert!(!examples.is_empty(), "{tool_name}.{name} has no example");
            let mut differs = false;
            for example in examples {
                // What reads must not need its set-up to answer, nor fail on nothing.
                let empty = called(&server, tool_name, name, example["arguments"].clone(), "empty").await;
                match &empty {
                    Ok(answer) => fits(answer, &operation["result"], name),
                    Err(error) => {
                        assert_eq!(error["error"]["code"], "not_found", "{tool_name}.{name}: {error}")
                    }
                }
                let mut answers = Vec::new();
                for project in ["one", "two"] {
                    for step in example["setup"].as_array().unwrap() {
                        // What has a key is done once, but waited for each time.
                        let is_new = made.insert((project, step.to_string()));
                        let arguments = &step["arguments"];
                        if !is_new && arguments["wait"] != true && arguments.get("event_id").is_some() {
                            continue;
                        }
                        let (tool, operation) =
                            (step["tool"].as_str().unwrap(), step["operation"].as_str().unwrap());
                        let done = called(&server, tool, operation, step["arguments"].clone(), project).await;
                        done.unwrap_or_else(|error| panic!("{tool}.{operation}: {error}"));
                    }
                    let answer =
                        called(&server, tool_name, name, example["arguments"].clone(), project).await;
                    let answer = answer.unwrap_or_else(|error| panic!("{tool_name}.{name}: {error}"));
                    fits(&answer, &operation["result"], name);
                    answers.push(told(answer));
                }
                differs |= answers[0] != answers[1];
            }
            operations += 1;
            if operation["effect"] == "read" && !differs {
                same.push(format!("{tool_name}.{name}"));
            }
        }
    }
    assert_eq!(operations, 300);
    // What few judgements tell is nothing, and how many there are yet depends on when accesses are written.
    same.retain(|name| name != "retrieve.calibrate");
    // Everything that reads tells of the project that it reads, but for what describes the server and its tables, what
    // no run has derived yet, and what is asked here about the set-up alone.
    let of_the_set_up = [
        "procedures.get",
        "procedures.effectiveness",
        "procedures.improve",
        "procedures.export",
        "skills.get",
        "skills.effectiveness",
        "skills.export",
        "estimation.roi",
        "safety.scan",
    ];
    same.retain(|name| !of_the_set_up.contains(&name.as_str()));
    let of_the_server = [
        "sql.schema",
        "sql.explain",
        "sql.versions",
        "system.health",
        "system.status",
        "system.metrics",
        "system.describe",
        "system.config",
        "system.resilience",
        "system.diagnose",
    ];
    same.retain(|name| !of_the_server.contains(&name.as_str()));
    assert_eq!(same, Vec::<String>::new());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_counted_listed_and_paged() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serve::start(folder.path()).await;
    let events: Vec<Value> = (0..70)
        .map(|at| {
            json!({"id": format!("e-{at}"), "project": "p", "session": "s", "type": TYPES[at % 2],
                   "tool": "cargo", "content": format!("step {at}"), "outcome": OUTCOMES[at % 7 / 6],
                   "time": format!("2026-11-20T{:02}:00:00Z", at % 24)})
        })
        .collect();
    post(&server, "/v1/events", json!(events)).await;
    let ask = async |operation: &str, arguments: Value| {
        called(&server, "events", operation, arguments, "p")
            .await
            .unwrap_or_else(|error| panic!("{operation}: {error}"))
    };
    let count = ask("count", json!({"group_by": "type"})).await;
    assert_eq!(count["count"], 70);
    assert_eq!(
        count["items"],
        json!([{"value": "tool_call", "count": 35}, {"value": "tool_result", "count": 35}])
    );
    assert_eq!(ask("count", json!({"filters": {"type": "tool_call"}})).await["count"], 35);

    let (mut seen, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let page = ask("by_session", json!({"session": "s", "limit": 30, "cursor": cursor})).await;
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(seen, (0..70).map(|at| format!("e-{at}")).collect::<Vec<_>>());

    let (mut times, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let page = ask("list", json!({"outcome": "failure", "limit": 4, "cursor": cursor})).await;
        times.extend(
            page["items"].as_array().unwrap().iter().map(|item| item["time"].as_str().unwrap().to_owned()),
        );
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(times.len(), 10);
    assert!(times.is_sorted_by(|one, other| one >= other), "the newest first: {times:?}");

    let given = json!({"bucket": "day", "since": "2026-11-01T00:00:00Z", "until": "2026-12-01T00:00:00Z"});
    let timeline = ask("timeline", given).await;
    let total: u64 =
        timeline["items"].as_array().unwrap().iter().map(|row| row["count"].as_u64().unwrap()).sum();
    assert_eq!(total, 70);
    assert_eq!(ask("get", json!({"id": "e-3"})).await["content"], "step 3");
    let wrong = called(&server, "events", "list", json!({"cursor": "x"}), "p").await.unwrap_err();
    assert_eq!(wrong["error"]["field"], "cursor");

    let context =
        called(&server, "retrieve", "context", json!({"query": "step 12", "budget_tokens": 50}), "p").await;
    let context = context.unwrap();
    assert!(
        context["tokens"].as_u64().unwrap() <= 50 && context["text"].as_str().unwrap().contains("[e-12]"),
        "{context}"
    );
    server.stop().await;
}
