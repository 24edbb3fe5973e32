//! What Prometheus scrapes.
//!
//! | name                                | labels                  | meaning                                   |
//! |-------------------------------------|-------------------------|-------------------------------------------|
//! | `athena_http_request_seconds`       | route, method, status   | histogram of the time to an answer's head |
//! | `athena_events_total`               | door, outcome           | accepted, duplicate, rejected here        |
//! | `athena_spans_total`                | outcome                 | OpenTelemetry's: told, ignored            |
//! | `athena_operations_total`           | operation, outcome      | ok, or the error's code                   |
//! | `athena_requests_shed_total`        |                         | answered 429 before anything was done     |
//! | `athena_accesses_dropped_total`     |                         | questions that were not written down      |
//! | `athena_applied_offset`             | topic, partition        | the next offset of `events`               |
//! | `athena_text_lag`                   | topic, partition        | offsets not searchable yet                |
//! | `athena_text_documents`, `…_bytes`  |                         | in the text index                         |
//! | `athena_table_rows`, `…_files`      | table                   | as of the newest version seen             |
//! | `athena_ingest_events`, …           |                         | of the ingester in this process           |
//! | `athena_uptime_seconds`             |                         |                                           |

use std::sync::OnceLock;

use athena_schemas::Error;
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use parking_lot::Mutex;

use crate::App;

/// Seconds; from a cached answer to the longest that a request may take.
const BUCKETS: [f64; 14] =
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 30.0];

/// The process's recorder, installed by the first server in it.
///
/// # Errors
/// Another recorder was installed by somebody else.
pub fn install() -> Result<PrometheusHandle, Error> {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _one = INSTALLING.lock();
    if let Some(handle) = HANDLE.get() {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new()
        .set_buckets(&BUCKETS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| Error::internal(format!("metrics: {error}")))?;
    Ok(HANDLE.get_or_init(|| handle).clone())
}

/// One answered request.
pub fn request(route: &str, method: &str, status: u16, seconds: f64) {
    let labels = [("route", route.to_owned()), ("method", method.to_owned()), ("status", status.to_string())];
    histogram!("athena_http_request_seconds", &labels).record(seconds);
}

pub fn shed() {
    counter!("athena_requests_shed_total").increment(1);
}

/// A question that nobody writes down, because too many wait.
pub fn access_dropped() {
    counter!("athena_accesses_dropped_total").increment(1);
}

/// Events that came through a door.
pub fn events(door: &'static str, accepted: u64, duplicates: u64, rejected: u64) {
    for (outcome, count) in [("accepted", accepted), ("duplicate", duplicates), ("rejected", rejected)] {
        if count > 0 {
            counter!("athena_events_total", "door" => door, "outcome" => outcome).increment(count);
        }
    }
}

/// Spans that OpenTelemetry sent, and those of them that say nothing for a memory.
pub fn spans(all: u64, ignored: u64) {
    for (outcome, count) in [("told", all.saturating_sub(ignored)), ("ignored", ignored)] {
        if count > 0 {
            counter!("athena_spans_total", "outcome" => outcome).increment(count);
        }
    }
}

/// An operation that was called.
pub fn operation(tool: &'static str, name: &'static str, outcome: String) {
    counter!("athena_operations_total", "operation" => format!("{tool}.{name}"), "outcome" => outcome)
        .increment(1);
}

/// Everything as text, with what is measured when it is asked for.
pub fn render(app: &App) -> String {
    gauge!("athena_uptime_seconds").set(app.began.elapsed().as_secs_f64());
    if let Ok(statistics) = app.text.get().statistics() {
        gauge!("athena_text_documents").set(statistics.documents as f64);
        gauge!("athena_text_bytes").set(statistics.bytes as f64);
    }
    let found = app.following.found.borrow().clone();
    for (partition, next) in &app.store.applied().0 {
        let labels = [("topic", partition.topic.clone()), ("partition", partition.partition.to_string())];
        gauge!("athena_applied_offset", &labels).set(*next as f64);
        let lag = next - found.get(partition).unwrap_or(0);
        gauge!("athena_text_lag", &labels).set(lag as f64);
    }
    for table in app.store.all() {
        let dataset = table.dataset();
        let fragments = &dataset.manifest().fragments;
        let rows: usize = fragments.iter().filter_map(|fragment| fragment.num_rows()).sum();
        gauge!("athena_table_rows", "table" => table.table.name).set(rows as f64);
        gauge!("athena_table_files", "table" => table.table.name).set(fragments.len() as f64);
    }
    if let Some(progress) = &app.progress {
        let progress = progress.lock().clone();
        counter!("athena_ingest_events_total").absolute(progress.events);
        counter!("athena_ingest_duplicates_total").absolute(progress.duplicates);
        counter!("athena_ingest_dead_letters_total").absolute(progress.dead_letters);
        counter!("athena_ingest_commits_total").absolute(progress.commits);
        gauge!("athena_ingest_partitions_stopped").set(progress.stopped.len() as f64);
    }
    app.metrics.render()
}
