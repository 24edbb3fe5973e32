//! What a run of consolidation takes, and what it costs those who ask meanwhile.
//!
//! A served folder: a first run over 1M events (`ATHENA_BENCH_EVENTS` says how many), then ten times the next over 1,000
//! more, of sessions that begin, and ten times over 1,000 of sessions that go on, with the time of each stage and the peak
//! memory of the process; p99 of acknowledgement and search while nothing runs, while the first runs and while the next
//! ones do. Then a much smaller one (2,000; `ATHENA_BENCH_RUNS_EVENTS`): how long the views take and how many rows the
//! tables have after 2 runs and after 200, each of which reads everything again.

use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use athena_consolidate::{Options as Consolidation, Worker};
use athena_ingest::{EmbeddedLog, EmbeddedOptions, Submission};
use athena_schemas::tables::DERIVED;
use athena_schemas::vocabulary::Origin;
use athena_store::{Location, LogKind, MaintenanceOptions, Options, Scope, Store};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::report::{Report, percentile, runtime};
use crate::served::Served;

const BODY: usize = 5_000;
const NEXT: usize = 1_000;
const NEXTS: usize = 10;
const PROJECT: &str = "shop";
/// How long is measured while nothing runs, and how often it is asked.
const IDLE: Duration = Duration::from_secs(20);
const PROBE_EVERY: Duration = Duration::from_millis(50);
/// How often it is asked whether a run has ended, which is a question like others, and how long at most.
const ASK_EVERY: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(900);
/// Runs over the same events, and how often the views are looked at.
const FEW: usize = 2;
const MANY: usize = 200;
const LOOKS: usize = 20;
/// Events of these runs: what is asked of them is a ratio, and each of the 200 reads and mines all of them.
const AGAIN: usize = 2_000;

pub fn run(report: &mut Report) {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let events = number("ATHENA_BENCH_EVENTS").unwrap_or(1_000_000);
    runtime().block_on(async {
        served(report, events).await;
        again(report, number("ATHENA_BENCH_RUNS_EVENTS").unwrap_or(AGAIN)).await;
    });
}

/// The first run and the next, with what they cost others.
async fn served(report: &mut Report, events: usize) {
    let served = Served::start_with(&[
        ("ATHENA_CONSOLIDATE_EVERY_S", "1000000"),
        ("ATHENA_CONSOLIDATE_AFTER_EVENTS", "1000000000"),
    ]);
    append(&served, 0..events, 0).await;
    served.embedded().await;
    let mut idle = Probes::default();
    let began = Instant::now();
    while began.elapsed() < IDLE {
        idle.one(&served).await;
    }
    report.row(idle.told("idle"));
    let mut first = Probes::default();
    let (row, ended) = ran(&served, &mut first).await;
    report.row(told(first.told("first"), &row, json!({"events": events, "rows": ended["rows"]})));
    stages(report, &served, &ended).await;
    nexts(report, &served, (events, 0), "next").await;
    // As far back as the last ten began, and as the middle of all.
    for (back, which) in [(NEXTS * NEXT, "going on"), (events / 2, "going on from long ago")] {
        nexts(report, &served, (events + NEXTS * NEXT, back), which).await;
    }
}

/// Ten runs, each over a thousand events more, whose sessions are those of the events so far `back`.
async fn nexts(report: &mut Report, served: &Served, (from, back): (usize, usize), which: &str) {
    let (mut next, mut rows, mut last) = (Probes::default(), Vec::new(), Value::Null);
    for number in 0..NEXTS {
        let from = from + number * NEXT;
        append(served, from..from + NEXT, back).await;
        served.embedded().await;
        let (row, ended) = ran(served, &mut next).await;
        rows.push(row);
        last = ended;
    }
    let worst = |name: &str| rows.iter().filter_map(|row| row[name].as_f64()).fold(f64::NAN, f64::max);
    let mut seconds: Vec<f64> = rows.iter().filter_map(|row| row["seconds"].as_f64()).collect();
    let row = json!({"seconds": percentile(&mut seconds, 50.0), "peak_mb": worst("peak_mb")});
    let more = json!({"events": NEXT, "runs": NEXTS, "most_seconds": worst("seconds"), "rows": last["rows"]});
    report.row(told(next.told(which), &row, more));
    stages(report, served, &last).await;
}

/// One run, as those who ask meanwhile see it: its time and peak memory, and its status at the end.
async fn ran(served: &Served, probes: &mut Probes) -> (Value, Value) {
    served.forget_peak();
    let id = served.call("consolidation.run", json!({})).await["id"].take();
    let (began, mut asked) = (Instant::now(), Instant::now());
    let ended = loop {
        assert!(began.elapsed() < LONGEST, "the run has not ended");
        probes.one(served).await;
        if asked.elapsed() < ASK_EVERY {
            continue;
        }
        asked = Instant::now();
        let status = served.call("consolidation.status", json!({"run": &id})).await["run"].take();
        if !["pending", "running"].contains(&status["status"].as_str().expect("a status")) {
            break status;
        }
    };
    assert_eq!(ended["status"], "complete", "{ended}");
    let row = json!({"seconds": ended["seconds"], "peak_mb": served.memory_mb("VmHWM")});
    (row, ended)
}

/// A row with what others have besides.
fn told(mut row: Value, figures: &Value, more: Value) -> Value {
    for (name, value) in [figures, &more].into_iter().flat_map(|one| one.as_object().into_iter().flatten()) {
        row[name] = value.clone();
    }
    row
}

/// How long each stage took. Of the first half second nothing is told, and of a shorter run nothing at all.
async fn stages(report: &mut Report, served: &Served, ended: &Value) {
    let run = ended["run"].as_str().expect("an id");
    let sql = "SELECT stage, CAST(CAST(began_at AS BIGINT) AS VARCHAR) AS began FROM run_stages WHERE run = $1 \
               ORDER BY began";
    let began: Vec<(String, f64)> = served.rows(sql, json!([run])).await.iter().filter_map(stage).collect();
    let mut row = json!({"stages_of": run});
    for pair in began.windows(2) {
        row[format!("{}_s", pair[0].0)] = (pair[1].1 - pair[0].1).into();
    }
    report.row(row);
}

fn stage(row: &Value) -> Option<(String, f64)> {
    let micros: f64 = row[1].as_str()?.parse().ok()?;
    Some((row[0].as_str()?.to_owned(), micros / 1e6))
}

/// Latencies of those who write and ask, in milliseconds.
#[derive(Default)]
struct Probes {
    acknowledged: Vec<f64>,
    found: Vec<f64>,
}

impl Probes {
    async fn one(&mut self, served: &Served) {
        let began = Instant::now();
        let number = self.found.len();
        served.append(json!({"project": "probes", "content": format!("probe {number}")}).to_string()).await;
        self.acknowledged.push(began.elapsed().as_secs_f64() * 1e3);
        let asked = Instant::now();
        served.hits(&format!("make module_{} of the cart faster", number % 97), PROJECT, "hybrid").await;
        self.found.push(asked.elapsed().as_secs_f64() * 1e3);
        tokio::time::sleep(PROBE_EVERY.saturating_sub(began.elapsed())).await;
    }

    fn told(&mut self, which: &str) -> Value {
        let mut row = json!({"run": which, "probes": self.found.len()});
        for (name, values) in [("acknowledged", &mut self.acknowledged), ("search", &mut self.found)] {
            for p in [50.0, 99.0] {
                row[format!("{name}_p{p}_ms")] = percentile(values, p).into();
            }
        }
        row
    }
}

/// Writes these events, whose sessions are those of the events so far `back`.
async fn append(served: &Served, numbers: Range<usize>, back: usize) {
    let mut position = None;
    for first in numbers.clone().step_by(BODY) {
        let mut lines = String::new();
        for at in first..(first + BODY).min(numbers.end) {
            writeln!(lines, "{}", event_of(at, (at - back) / 50)).expect("into a string");
        }
        position = Some(served.append(lines).await);
    }
    if let Some(position) = position {
        served.found(&position).await;
    }
}

/// What runs over the same cost those who look.
async fn again(report: &mut Report, events: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options::new(Location::Directory(folder.path().to_owned()), Some(LogKind::Embedded));
    let store = Arc::new(Store::open(options).await.expect("opens"));
    let (log, _task) = EmbeddedLog::start(store.clone(), EmbeddedOptions::default()).await.expect("starts");
    let lines: Vec<String> = (0..events).map(|number| event(number).to_string()).collect();
    let limits = athena_ingest::Limits::default();
    let drafts =
        lines.iter().map(|line| athena_ingest::decode::plain(line.as_bytes(), &limits).expect("an event"));
    let batch = Submission { drafts: drafts.collect(), actor: "bench".into(), origin: Origin::Http };
    log.append(batch).await.expect("acknowledged");
    let (upkeep, stop) = (store.clone(), CancellationToken::new());
    let stopped = stop.clone();
    let upkeep = tokio::spawn(async move {
        upkeep.keep_up(MaintenanceOptions::default(), stopped.cancelled()).await;
    });
    let worker = Worker::new(store.clone(), Consolidation::default());
    let (mut few, mut rows_of_few) = (f64::NAN, 0);
    for number in 1..=MANY {
        worker.run(true).await.expect("runs");
        if number == FEW {
            (few, rows_of_few) = (look(&store).await, versions(&store).await);
        }
    }
    let many = look(&store).await;
    let rows = versions(&store).await;
    stop.cancel();
    upkeep.await.expect("upkeep ends");
    report.row(json!({"events": events, "runs": MANY, "views_ms_after_2": few, "views_ms_after": many,
                      "ratio": many / few, "versions_after_2": rows_of_few, "versions_after": rows}));
}

/// Median time to count the rows of every view.
async fn look(store: &Arc<Store>) -> f64 {
    store.refresh().await.expect("refreshed");
    let mut spent = Vec::new();
    for _ in 0..LOOKS {
        let began = Instant::now();
        for table in DERIVED {
            count(store, table.name).await;
        }
        spent.push(began.elapsed().as_secs_f64() * 1e3);
    }
    percentile(&mut spent, 50.0)
}

/// Rows of all tables that runs derive, whoever sees them.
async fn versions(store: &Arc<Store>) -> usize {
    let mut rows = 0;
    for table in DERIVED {
        rows += count(store, &format!("{}_versions", table.name)).await;
    }
    rows
}

async fn count(store: &Arc<Store>, name: &str) -> usize {
    let scope = Scope::Projects(vec![PROJECT.into()]);
    let context = store.snapshot().session(&scope, None, &Consolidation::default().sql).await;
    let context = context.expect("a session");
    context.table(name).await.expect("a view").count().await.expect("counted")
}

/// What agents do, in sessions of fifty events: they are asked, look, change, test, sometimes fail, and commit; people
/// say what holds. Each session is about a few files of one part.
fn event(number: usize) -> Value {
    event_of(number, number / 50)
}

fn event_of(number: usize, session: usize) -> Value {
    let mixed = ((number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) as usize;
    let part = session % 171;
    let module = format!("crates/part_{part}/src/module_{}.rs", mixed % 7);
    let outcome = if mixed.is_multiple_of(7) { "failure" } else { "success" };
    let (r#type, tool, content) = match number % 5 {
        0 if mixed.is_multiple_of(50) => {
            ("message", None, format!("the timeout of part_{part} is {} seconds", mixed % 60))
        }
        0 => ("message", None, format!("please make module_{} of part_{part} faster", mixed % 7)),
        1 => ("tool_call", Some("Read"), module.clone()),
        2 => ("code_edit", Some("Edit"), format!("{module}: function step_{}", mixed % 13)),
        3 => ("test_run", Some("Bash"), format!("cargo test -p part_{part} -- case_{}", mixed % 31)),
        _ => ("commit", Some("Bash"), format!("git commit -m 'part_{part}: step {}'", mixed % 1_013)),
    };
    let time = 1_764_000_000_000 + number as u64 * 1_000;
    match tool {
        None => {
            json!({"project": PROJECT, "session": format!("s-{session}"), "agent": "user", "type": r#type,
                       "time": time, "content": content})
        }
        Some(tool) => json!({"project": PROJECT, "session": format!("s-{session}"), "agent": "claude",
                             "type": r#type, "tool": tool, "time": time, "content": content,
                             "outcome": outcome, "files": [module]}),
    }
}
