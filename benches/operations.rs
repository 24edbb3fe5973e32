//! Every operation by its own examples, on a memory of 100,000 events: p50 and p99 of each, of a hundred calls where
//! they end in time. `ATHENA_BENCH_EVENTS` says how many events, `ATHENA_BENCH_OPERATIONS` how the names of those begin
//! that are called, with commas between. Ends within `SECONDS` and tells what it did not come to.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::report::{Report, percentile, runtime};
use crate::served::{Served, event};

const BODY: usize = 5_000;
/// Calls of one operation that are timed, at most and at least, and the time after which no more are made.
const CALLS: usize = 100;
const LEAST_CALLS: usize = 30;
const OPERATION: Duration = Duration::from_secs(15);
/// Of all operations together.
const SECONDS: Duration = Duration::from_secs(1_500);
/// What copies the whole memory, or waits until it is learned anew, is not an answer.
const LONG: [&str; 5] =
    ["system.backup", "system.restore", "system.compact", "system.reindex", "consolidation.run"];

pub fn run(report: &mut Report) {
    let events = std::env::var("ATHENA_BENCH_EVENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let wanted = std::env::var("ATHENA_BENCH_OPERATIONS").unwrap_or_default();
    let is_wanted = |name: &str| wanted.split(',').any(|beginning| name.starts_with(beginning));
    let served = Served::start();
    runtime().block_on(async {
        let mut position = None;
        for from in (0..events).step_by(BODY) {
            let body: Vec<String> = (from..(from + BODY).min(events)).map(event).collect();
            position = Some(served.append(body.join("\n")).await);
        }
        while served.search("module_1", position.as_ref()).await == 0 {}
        served.embedded().await;
        let listing = served.get("/v1/tools").await;
        let (mut slowest, mut not_reached) = (Vec::<(f64, String)>::new(), Vec::new());
        let (mut done, until) = (HashSet::new(), Instant::now() + SECONDS);
        for tool in listing["tools"].as_array().expect("tools") {
            for operation in tool["operations"].as_array().expect("operations") {
                let name = format!(
                    "{}.{}",
                    tool["name"].as_str().expect("a name"),
                    operation["name"].as_str().expect("a name")
                );
                if LONG.contains(&name.as_str()) || !is_wanted(&name) {
                    continue;
                }
                if Instant::now() > until {
                    not_reached.push(name);
                    continue;
                }
                let mut spent = measure(&served, &name, &operation["examples"], &mut done).await;
                let (p50, p99) = (percentile(&mut spent, 50.0), percentile(&mut spent, 99.0));
                slowest.push((p99, name.clone()));
                let calls = spent.len();
                report.row(json!({"operation": name, "p50_ms": p50, "p99_ms": p99, "calls": calls}));
            }
        }
        slowest.sort_by(|one, other| other.0.total_cmp(&one.0));
        let over = slowest.iter().filter(|(p99, _)| *p99 > 100.0).count();
        report.row(json!({"events": events, "operations": slowest.len(), "over_100_ms": over,
                          "not_reached": not_reached,
                          "slowest": slowest.iter().take(5).map(|(_, name)| name).collect::<Vec<_>>()}));
    });
}

/// Milliseconds of each call. Writes are repeated under fresh keys; what is set up under a key of its own is there once
/// and for all, and `done` says so.
async fn measure(served: &Served, name: &str, examples: &Value, done: &mut HashSet<String>) -> Vec<f64> {
    let mut spent = Vec::new();
    let examples = examples.as_array().expect("examples");
    for example in examples {
        for step in example["setup"].as_array().into_iter().flatten() {
            let (tool, operation) =
                (step["tool"].as_str().unwrap_or_default(), step["operation"].as_str().unwrap_or_default());
            if step["arguments"]["event_id"].is_string() && !done.insert(step.to_string()) {
                continue;
            }
            served.call(&format!("{tool}.{operation}"), step["arguments"].clone()).await;
        }
        served.call(name, example["arguments"].clone()).await;
        let until = Instant::now() + OPERATION / examples.len() as u32;
        for call in 0..CALLS.div_ceil(examples.len()) {
            let began = Instant::now();
            if began > until && call >= LEAST_CALLS.div_ceil(examples.len()) {
                break;
            }
            served.call(name, example["arguments"].clone()).await;
            spent.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    spent
}
