//! Written → acknowledged → found by search: `serve` with all stages on, idle and at 5,000 events/s offered
//! open loop in bodies of 10. Latencies are from the intended send time, so a stall is not left out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::time::{interval_at, sleep_until};

use crate::report::{Report, percentile, runtime};
use crate::served::{Served, event};

const EVENTS_PER_S: usize = 5_000;
const BODY: usize = 10;
const PROBES_PER_S: u64 = 10;

pub fn run(report: &mut Report) {
    let seconds = std::env::var("ATHENA_BENCH_SECONDS").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    for offered in [0, EVENTS_PER_S] {
        let served = Arc::new(Served::start());
        let (mut acknowledged, mut found) = runtime().block_on(measure(&served, offered, seconds));
        let mut row = json!({"offered_per_s": offered, "seconds": seconds, "probes": found.len()});
        for (name, values) in [("acknowledged", &mut acknowledged), ("found", &mut found)] {
            for p in [50.0, 99.0] {
                row[format!("{name}_p{p}_ms")] = percentile(values, p).into();
            }
        }
        row["peak_mb"] = served.memory_mb("VmHWM").into();
        report.row(row);
    }
}

async fn measure(served: &Arc<Served>, offered: usize, seconds: u64) -> (Vec<f64>, Vec<f64>) {
    let end = Instant::now() + Duration::from_secs(seconds);
    let load = tokio::spawn(load(served.clone(), offered, end));
    let mut probes = Vec::new();
    let mut ticks = interval_at(tokio::time::Instant::now(), Duration::from_millis(1_000 / PROBES_PER_S));
    for number in 0.. {
        let intended = ticks.tick().await;
        if Instant::now() >= end {
            break;
        }
        probes.push(tokio::spawn(probe(served.clone(), number, intended)));
    }
    let (mut acknowledged, mut found) = (Vec::new(), Vec::new());
    for probe in probes {
        let (one, other) = probe.await.expect("a probe ends");
        acknowledged.push(one);
        found.push(other);
    }
    load.await.expect("the load ends");
    (acknowledged, found)
}

/// One event with a word of its own, until it is acknowledged and until it is found.
async fn probe(served: Arc<Served>, number: usize, intended: tokio::time::Instant) -> (f64, f64) {
    let word = format!("probe{number}x");
    let position = served.append(json!({"project": "shop", "content": word}).to_string()).await;
    let acknowledged = intended.elapsed().as_secs_f64() * 1e3;
    assert_eq!(served.search(&word, Some(&position)).await, 1, "{word} is found once");
    (acknowledged, intended.elapsed().as_secs_f64() * 1e3)
}

/// Sends on time, whether or not earlier bodies are answered.
async fn load(served: Arc<Served>, offered: usize, end: Instant) {
    if offered == 0 {
        return;
    }
    let gap = Duration::from_secs(1) / (offered / BODY) as u32;
    let mut next = tokio::time::Instant::now();
    let mut sent = tokio::task::JoinSet::new();
    let mut number = 0;
    while Instant::now() < end {
        let body: Vec<String> = (number..number + BODY).map(event).collect();
        number += BODY;
        let served = served.clone();
        sent.spawn(async move { served.append(body.join("\n")).await });
        next += gap;
        sleep_until(next).await;
        while sent.try_join_next().is_some() {}
    }
    while sent.join_next().await.is_some() {}
}
