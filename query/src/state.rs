//! What state this server is in: its parts, how far each is, and what is not ready.

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::App;

/// How a part does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    Ok,
    /// It answers, with something missing.
    Degraded,
    Down,
}

/// A part of the server.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Part {
    pub part: String,
    pub state: Health,
    /// Why it is not `ok`.
    pub why: Option<String>,
}

/// Every part, with why it is not well.
pub fn parts(app: &App) -> Vec<Part> {
    let part = |part: &str, state, why: Option<String>| Part { part: part.into(), state, why };
    let fine = |name: &str| part(name, Health::Ok, None);
    let mut parts = vec![fine("tables")];
    match &app.log {
        Some(_) => parts.push(fine("log")),
        None => parts.push(part("log", Health::Degraded, Some("this server only reads".into()))),
    }
    parts.push(match (app.following.is_rebuilding(), text_lag(app)) {
        (true, _) => {
            let documents = app.text.get().statistics().map_or(0, |statistics| statistics.documents);
            let why = format!("it is being derived from the tables; {documents} documents so far");
            part("text_index", Health::Degraded, Some(why))
        }
        (false, 0) => fine("text_index"),
        (false, lag) => {
            part("text_index", Health::Degraded, Some(format!("{lag} offsets behind the tables")))
        }
    });
    let behind = app.vectors.behind();
    parts.push(match behind < crate::search::MOMENT {
        true => fine("vectors"),
        false => part(
            "vectors",
            Health::Degraded,
            Some(format!("{:.1} s behind the tables", behind.as_secs_f64())),
        ),
    });
    for (partition, why) in app.log.as_ref().map(athena_ingest::Log::stopped).unwrap_or_default() {
        parts.push(part(&format!("partition {partition}"), Health::Down, Some(why)));
    }
    if let Some(progress) = &app.progress {
        let progress = progress.lock();
        for (partition, why) in &progress.stopped {
            parts.push(part(&format!("partition {partition}"), Health::Down, Some(why.clone())));
        }
        parts.push(match &progress.broker_error {
            Some(error) => part("kafka", Health::Down, Some(error.clone())),
            None => fine("kafka"),
        });
    }
    parts
}

/// Offsets that are in the tables and not found yet.
fn text_lag(app: &App) -> i64 {
    let found = app.following.found.borrow().clone();
    app.store.applied().0.iter().map(|(at, next)| next - found.get(at).unwrap_or(0)).sum()
}

/// What keeps this server from being ready: an index that is derived anew, what stopped, a broker out of reach.
pub fn not_ready(app: &App) -> Vec<Value> {
    let lags = |part: &Part| !app.following.is_rebuilding() && part.part == "text_index";
    let waits = |part: &Part| part.part == "vectors" || part.part == "log" || lags(part);
    let parts = parts(app).into_iter().filter(|part| part.state != Health::Ok && !waits(part));
    parts.map(|part| json!({ "what": part.part, "why": part.why })).collect()
}

/// What the memory holds and how far it is.
///
/// # Errors
/// An index that cannot be read.
pub fn status(app: &App) -> Result<Value, Error> {
    let mut tables = Map::new();
    for table in app.store.all() {
        let dataset = table.dataset();
        let fragments = &dataset.manifest().fragments;
        let rows: usize = fragments.iter().filter_map(|fragment| fragment.num_rows()).sum();
        let told = json!({ "rows": rows, "files": fragments.len(), "version": dataset.manifest().version });
        tables.insert(table.table.name.to_owned(), told);
    }
    let statistics = app.text.get().statistics()?;
    let found = app.following.found.borrow().clone();
    let lag = app.store.applied().0.into_iter().map(|(partition, next)| {
        let lag = next - found.get(&partition).unwrap_or(0);
        (partition.to_string(), json!(lag))
    });
    let lag: Map<String, Value> = lag.collect();
    Ok(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "data": app.store.location.to_string(),
        "log": app.log_kind(),
        "writes": app.log.is_some(),
        "uptime_s": app.began.elapsed().as_secs(),
        "applied": app.store.applied(),
        "searchable": found,
        "lag": lag,
        "vectors_behind_ms": app.vectors.behind().as_millis() as u64,
        "not_ready": not_ready(app),
        "tables": tables,
        "text_index": {
            "documents": statistics.documents,
            "segments": statistics.segments,
            "bytes": statistics.bytes,
            "expunged_at": app.text.get().payload().expunged_at,
        },
        "ingest": app.progress.as_ref().map(|progress| json!(*progress.lock())),
        "copies": app.copies.all(),
        "compactions": app.compactions.all(),
        "reindexings": app.reindexings.all(),
    }))
}
