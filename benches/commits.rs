//! What a commit costs when there have been many: one-row commits with upkeep on; the last 500 before
//! 1,000 and before 10,000.

use std::sync::Arc;
use std::time::Instant;

use athena_ingest::{Draft, EmbeddedLog, EmbeddedOptions, Submission};
use athena_schemas::vocabulary::Origin;
use athena_store::{Location, LogKind, MaintenanceOptions, Options, Store};
use serde_json::json;

use crate::report::{Report, percentile, runtime};

pub fn run(report: &mut Report) {
    runtime().block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options::new(Location::Directory(folder.path().to_owned()), Some(LogKind::Embedded));
        let store = Arc::new(Store::open(options).await.expect("opens"));
        let (log, _task) =
            EmbeddedLog::start(store.clone(), EmbeddedOptions::default()).await.expect("starts");
        let keeper = store.clone();
        let upkeep = tokio::spawn(async move {
            keeper.keep_up(MaintenanceOptions::default(), std::future::pending()).await;
        });
        let mut spent = Vec::new();
        for commit in 1..=10_000 {
            let draft = Draft { content: Some(format!("event {commit}")), ..Draft::default() };
            let one = Submission { drafts: vec![draft], actor: "bench".into(), origin: Origin::Http };
            let began = Instant::now();
            log.append(one).await.expect("acknowledged");
            spent.push(began.elapsed().as_secs_f64() * 1e3);
            if commit == 1_000 || commit == 10_000 {
                let last = &mut spent[commit - 500..];
                report.row(json!({"commits": commit, "fragments": store.events.dataset().count_fragments(),
                                  "p50_ms": percentile(last, 50.0), "p99_ms": percentile(last, 99.0)}));
            }
        }
        upkeep.abort();
    });
}
