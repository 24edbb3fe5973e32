//! Resident memory of `serve` with 1M events: at its peak while they come, and after 1,000 questions.
//! `ATHENA_BENCH_EVENTS` says how many.

use std::time::Instant;

use serde_json::json;

use crate::report::{Report, percentile, runtime};
use crate::served::{Served, event};

const BODY: usize = 5_000;
const QUESTIONS: usize = 1_000;

pub fn run(report: &mut Report) {
    let events = std::env::var("ATHENA_BENCH_EVENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let served = Served::start();
    runtime().block_on(async {
        let began = Instant::now();
        let mut position = None;
        for from in (0..events).step_by(BODY) {
            let body: Vec<String> = (from..(from + BODY).min(events)).map(event).collect();
            position = Some(served.append(body.join("\n")).await);
        }
        let appended = began.elapsed().as_secs_f64();
        while served.search("module_1", position.as_ref()).await == 0 {}
        let searchable = began.elapsed().as_secs_f64();
        report.row(json!({"events": events, "appended_s": appended, "searchable_s": searchable,
                          "peak_mb": served.memory_mb("VmHWM"), "resident_mb": served.memory_mb("VmRSS")}));
        let mut spent = Vec::new();
        for number in 0..QUESTIONS {
            let began = Instant::now();
            served.search(&format!("cargo checkout_{} retry timeout", number * 7), None).await;
            spent.push(began.elapsed().as_secs_f64() * 1e3);
        }
        report.row(json!({"questions": QUESTIONS, "p50_ms": percentile(&mut spent, 50.0),
                          "p99_ms": percentile(&mut spent, 99.0), "peak_mb": served.memory_mb("VmHWM"),
                          "resident_mb": served.memory_mb("VmRSS")}));
    });
}
