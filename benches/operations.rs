//! Every operation by its own examples, on a memory of 100,000 events: p50 and p99 of each.
//! `ATHENA_BENCH_EVENTS` says how many events.

use std::time::Instant;

use serde_json::{Value, json};

use crate::report::{Report, percentile, runtime};
use crate::served::{Served, event};

const BODY: usize = 5_000;
const CALLS: usize = 50;
/// What copies the whole memory, or waits until it is learned anew, is not an answer.
const LONG: [&str; 3] = ["system.backup", "system.restore", "consolidation.run"];

pub fn run(report: &mut Report) {
    let events = std::env::var("ATHENA_BENCH_EVENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
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
        let mut slowest: Vec<(f64, String)> = Vec::new();
        for tool in listing["tools"].as_array().expect("tools") {
            for operation in tool["operations"].as_array().expect("operations") {
                let name = format!(
                    "{}.{}",
                    tool["name"].as_str().expect("a name"),
                    operation["name"].as_str().expect("a name")
                );
                if LONG.contains(&name.as_str()) {
                    continue;
                }
                let mut spent = measure(&served, &name, &operation["examples"]).await;
                let (p50, p99) = (percentile(&mut spent, 50.0), percentile(&mut spent, 99.0));
                slowest.push((p99, name.clone()));
                report.row(json!({"operation": name, "p50_ms": p50, "p99_ms": p99}));
            }
        }
        slowest.sort_by(|one, other| other.0.total_cmp(&one.0));
        let over = slowest.iter().filter(|(p99, _)| *p99 > 100.0).count();
        report.row(json!({"events": events, "operations": slowest.len(), "over_100_ms": over,
                          "slowest": slowest.iter().take(5).map(|(_, name)| name).collect::<Vec<_>>()}));
    });
}

/// Milliseconds of each call. Writes are repeated under fresh keys.
async fn measure(served: &Served, name: &str, examples: &Value) -> Vec<f64> {
    let mut spent = Vec::new();
    let examples = examples.as_array().expect("examples");
    for example in examples {
        for step in example["setup"].as_array().into_iter().flatten() {
            let (tool, operation) =
                (step["tool"].as_str().unwrap_or_default(), step["operation"].as_str().unwrap_or_default());
            served.call(&format!("{tool}.{operation}"), step["arguments"].clone()).await;
        }
        served.call(name, example["arguments"].clone()).await;
        for _ in 0..CALLS.div_ceil(examples.len()) {
            let began = Instant::now();
            served.call(name, example["arguments"].clone()).await;
            spent.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    spent
}
