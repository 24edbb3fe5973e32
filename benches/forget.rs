//! What a purge costs on 100,000 events of 350 bytes with a vector each, indexed and consolidated: for one event, for
//! a thousand in one place, and for a thousand spread over the table.

use std::sync::Arc;
use std::time::Instant;

use athena_consolidate::{Embedder, Options as Consolidation, Worker, forget};
use athena_ingest::{Command, Draft, EmbeddedLog, EmbeddedOptions, Submission};
use athena_schemas::Time;
use athena_schemas::vocabulary::Origin;
use athena_store::embed::StaticTable;
use athena_store::{Due, Location, LogKind, MaintenanceOptions, Options, Store};
use serde_json::json;

use crate::report::{Report, runtime};

const EVENTS: u64 = 100_000;
const BATCH: u64 = 10_000;

pub fn run(report: &mut Report) {
    runtime().block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options::new(Location::Directory(folder.path().to_owned()), Some(LogKind::Embedded));
        let store = Arc::new(Store::open(options).await.expect("opens"));
        let (log, _task) =
            EmbeddedLog::start(store.clone(), EmbeddedOptions::default()).await.expect("starts");
        for first in (0..EVENTS).step_by(BATCH as usize) {
            let drafts = (first..first + BATCH).map(event).collect();
            let batch = Submission { drafts, actor: "bench".into(), origin: Origin::Http };
            log.append(batch).await.expect("acknowledged");
        }
        let upkeep =
            MaintenanceOptions { tiers: vec![100_000], min_fragments: 2, ..MaintenanceOptions::default() };
        store.events.maintain(&upkeep, true).await.expect("maintained");
        Embedder::new(store.clone(), StaticTable::built_in()).catch_up().await.expect("embedded");
        let consolidation = Consolidation::default();
        Worker::new(store.clone(), consolidation.clone()).run(true).await.expect("consolidated");
        let spread = EVENTS / 1_000;
        let places: [(&str, Vec<u64>); 3] = [
            ("one", vec![5]),
            ("a thousand together", (10_000..11_000).collect()),
            ("a thousand spread", (0..1_000).map(|n| n * spread + 7).collect()),
        ];
        for (what, positions) in places {
            let arguments = json!({"positions": positions, "now": true});
            let command = Command::new("events.forget", arguments, "p", "bench", Origin::Http);
            let command = Command { admin: true, ..command };
            log.command(command).await.expect("decided");
            let open = store.open_forgotten().await.expect("read");
            let rows = open.into_iter().filter(|row| row.rewritten_at.is_none()).collect();
            let began = Instant::now();
            // Whatever else is done, this rewrites the tables.
            let purged = store.purge(&[Due { project: "p".into(), rows }]).await.expect("purged");
            let tables_s = began.elapsed().as_secs_f64();
            let began = Instant::now();
            forget(&store, &consolidation, Time::now()).await.expect("forgotten");
            let run_and_look_s = began.elapsed().as_secs_f64();
            report.row(json!({"forgotten": what, "events": purged.events, "others": purged.others,
                              "tables_s": tables_s, "run_and_look_s": run_and_look_s}));
        }
    });
}

fn event(number: u64) -> Draft {
    Draft {
        id: Some(format!("e-{number}")),
        project: Some("p".into()),
        session: Some(format!("s-{}", number / 50)),
        r#type: Some("message".into()),
        content: Some(format!("event {number} {}", "of three hundred and fifty bytes ".repeat(9))),
        ..Draft::default()
    }
}
