//! What a run takes: the first over 1M events (`ATHENA_BENCH_EVENTS` says how many), and the next over 1,000 more; and
//! what 200 runs over the same cost those who look. Peak memory is of this process, from the run's beginning.

use std::sync::Arc;
use std::time::Instant;

use athena_consolidate::{Options as Consolidation, Worker};
use athena_ingest::{Draft, EmbeddedLog, EmbeddedOptions, Submission};
use athena_schemas::tables::DERIVED;
use athena_schemas::vocabulary::Origin;
use athena_store::{Location, LogKind, MaintenanceOptions, Options, Scope, Store};
use serde_json::json;

use crate::report::{Report, percentile, runtime};

const BATCH: u64 = 10_000;
const NEXT: u64 = 1_000;
const PROJECT: &str = "p";
const LOOKS: usize = 50;

pub fn run(report: &mut Report) {
    let events = std::env::var("ATHENA_BENCH_EVENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    runtime().block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options::new(Location::Directory(folder.path().to_owned()), Some(LogKind::Embedded));
        let store = Arc::new(Store::open(options).await.expect("opens"));
        let (log, _task) =
            EmbeddedLog::start(store.clone(), EmbeddedOptions::default()).await.expect("starts");
        append(&log, 0, events).await;
        store.events.maintain(&MaintenanceOptions::default(), true).await.expect("maintained");
        let worker = Worker::new(store.clone(), Consolidation::default());
        measured(report, "first", events, &worker).await;
        append(&log, events, events + NEXT).await;
        measured(report, "next", NEXT, &worker).await;
        let few = look(&store).await;
        // Each reads everything again: the dearest that can be done over nothing new.
        let runs = if events > 100_000 { 20 } else { 200 };
        for _ in 0..runs {
            worker.run(true).await.expect("runs");
        }
        let many = look(&store).await;
        report
            .row(json!({"runs": runs, "views_ms_before": few, "views_ms_after": many, "ratio": many / few}));
    });
}

async fn append(log: &EmbeddedLog, from: u64, to: u64) {
    for first in (from..to).step_by(BATCH as usize) {
        let drafts = (first..(first + BATCH).min(to)).map(event).collect();
        let batch = Submission { drafts, actor: "bench".into(), origin: Origin::Http };
        log.append(batch).await.expect("acknowledged");
    }
}

async fn measured(report: &mut Report, which: &str, events: u64, worker: &Worker) {
    // The kernel forgets the peak that was.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let began = Instant::now();
    let runs = worker.run(false).await.expect("runs");
    let seconds = began.elapsed().as_secs_f64();
    let rows = runs.first().map(|run| run.rows.clone()).unwrap_or_default();
    report
        .row(json!({"run": which, "events": events, "seconds": seconds, "peak_mb": peak_mb(), "rows": rows}));
}

/// Median time to count the rows of every view.
async fn look(store: &Arc<Store>) -> f64 {
    store.refresh().await.expect("refreshed");
    let mut spent = Vec::new();
    for _ in 0..LOOKS {
        let began = Instant::now();
        let scope = Scope::Projects(vec![PROJECT.into()]);
        let sql = Consolidation::default().sql;
        let context = store.snapshot().session(&scope, None, &sql).await.expect("a session");
        for table in DERIVED {
            let rows = context.table(table.name).await.expect("a view").count().await;
            rows.expect("counted");
        }
        spent.push(began.elapsed().as_secs_f64() * 1e3);
    }
    percentile(&mut spent, 50.0)
}

fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}

/// What agents do: they look, change, test and sometimes fail, in sessions of fifty events.
fn event(number: u64) -> Draft {
    let session = number / 50;
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
    let module = format!("crates/part_{}/src/module_{}.rs", session % 17, mixed % 97);
    let (r#type, tool, content) = match number % 5 {
        0 => ("message", None, format!("please make module_{} of part_{} faster", mixed % 97, session % 17)),
        1 => ("tool_call", Some("Read"), module.clone()),
        2 => ("code_edit", Some("Edit"), format!("{module}: function step_{}", mixed % 1_013)),
        3 => {
            ("test_run", Some("Bash"), format!("cargo test -p part_{} -- case_{}", session % 17, mixed % 401))
        }
        _ => {
            ("commit", Some("Bash"), format!("git commit -m 'part_{}: step {}'", session % 17, mixed % 1_013))
        }
    };
    let talk = tool.is_none();
    Draft {
        id: Some(format!("e-{number}")),
        project: Some(PROJECT.into()),
        session: Some(format!("s-{session}")),
        agent: Some(if talk { "user" } else { "claude" }.into()),
        r#type: Some(r#type.into()),
        tool: tool.map(str::to_owned),
        content: Some(content),
        outcome: (!talk).then_some(if mixed.is_multiple_of(7) { "failure" } else { "success" }),
        files: if talk { vec![] } else { vec![module] },
        ..Draft::default()
    }
}
