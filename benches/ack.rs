//! Acknowledged single writes into the embedded log, at 1, 8 and 64 clients, beside one write and fsync
//! of the same bytes.

use std::io::Write;
use std::time::{Duration, Instant};

use athena_ingest::{Draft, EmbeddedLog, EmbeddedOptions, Submission};
use athena_schemas::vocabulary::Origin;
use athena_store::{Location, LogKind, MaintenanceOptions, Options, Store};
use serde_json::json;

use crate::report::{Report, percentile, runtime};

const SECONDS: u64 = 10;

pub fn run(report: &mut Report) {
    let folder = tempfile::tempdir().expect("a folder");
    report.row(json!({"what": "write and fsync of 350 bytes", "p50_ms": fsync(folder.path(), 50.0),
                      "p99_ms": fsync(folder.path(), 99.0)}));
    for clients in [1, 8, 64] {
        let (mut spent, writes) = runtime().block_on(measure(clients));
        report.row(json!({"clients": clients, "writes_per_s": writes / SECONDS as usize,
                          "p50_ms": percentile(&mut spent, 50.0), "p99_ms": percentile(&mut spent, 99.0)}));
    }
}

fn fsync(folder: &std::path::Path, p: f64) -> f64 {
    let mut file = std::fs::File::create(folder.join("baseline")).expect("a file");
    let mut spent: Vec<f64> = (0..500)
        .map(|_| {
            let began = Instant::now();
            file.write_all(&[b'x'; 350]).and_then(|()| file.sync_all()).expect("written");
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    percentile(&mut spent, p)
}

async fn measure(clients: usize) -> (Vec<f64>, usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options::new(Location::Directory(folder.path().to_owned()), Some(LogKind::Embedded));
    let store = std::sync::Arc::new(Store::open(options).await.expect("opens"));
    let (log, _task) = EmbeddedLog::start(store.clone(), EmbeddedOptions::default()).await.expect("starts");
    let upkeep = tokio::spawn({
        let store = store.clone();
        async move { store.keep_up(MaintenanceOptions::default(), std::future::pending()).await }
    });
    let end = Instant::now() + Duration::from_secs(SECONDS);
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let log = log.clone();
            tokio::spawn(async move {
                let mut spent = Vec::new();
                while Instant::now() < end {
                    let draft = Draft {
                        session: Some(format!("s-{client}")),
                        content: Some("cargo test -p cart: 3 failed, 214 passed; ".repeat(7)),
                        ..Draft::default()
                    };
                    let one = Submission { drafts: vec![draft], actor: "bench".into(), origin: Origin::Http };
                    let began = Instant::now();
                    log.append(one).await.expect("acknowledged");
                    spent.push(began.elapsed().as_secs_f64() * 1e3);
                }
                spent
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.expect("client ends"));
    }
    upkeep.abort();
    let writes = all.len();
    (all, writes)
}
