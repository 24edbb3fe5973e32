//! Whether it lives, whether it is ready, how far it is.

use std::sync::Arc;

use athena_schemas::Error;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::Failure;
use crate::who::{Caller, Role};
use crate::{App, metrics};

/// The process answers.
pub async fn live() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// 200 when everything that it is for works; 503 with what does not, and why.
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    let not_ready = not_ready(&app);
    let status = if not_ready.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": not_ready.is_empty(), "not_ready": not_ready }))).into_response()
}

fn not_ready(app: &App) -> Vec<Value> {
    let mut found = Vec::new();
    let mut say = |what: String, why: String| found.push(json!({ "what": what, "why": why }));
    if app.following.is_rebuilding() {
        let documents = app.text.get().statistics().map_or(0, |statistics| statistics.documents);
        say(
            "text_index".into(),
            format!("it is being derived from the tables; {documents} documents so far"),
        );
    }
    for (partition, why) in app.log.as_ref().map(athena_ingest::Log::stopped).unwrap_or_default() {
        say(format!("partition {partition}"), why);
    }
    if let Some(progress) = &app.progress {
        let progress = progress.lock();
        for (partition, why) in &progress.stopped {
            say(format!("partition {partition}"), why.clone());
        }
        if let Some(error) = &progress.broker_error {
            say("kafka".into(), error.clone());
        }
    }
    found
}

/// What the memory holds and how far it is: for people and `athena status`.
///
/// # Errors
/// `permission_denied` for who may not see all projects: the numbers are those of all.
pub async fn status(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Value>, Failure> {
    caller.identity.must(Role::Read)?;
    if !caller.identity.sees_all() {
        let error = Error::new(athena_schemas::Code::PermissionDenied, "the status is that of all projects");
        return Err(error.hint("ask with an admin's token").into());
    }
    let mut tables = Map::new();
    for table in app.store.all() {
        let dataset = table.dataset();
        let fragments = &dataset.manifest().fragments;
        let rows: usize = fragments.iter().filter_map(|fragment| fragment.num_rows()).sum();
        let told = json!({ "rows": rows, "files": fragments.len(), "version": dataset.manifest().version });
        tables.insert(table.table.name.to_owned(), told);
    }
    let statistics = app.text.get().statistics().map_err(Error::from)?;
    let found = app.following.found.borrow().clone();
    Ok(Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "data": app.store.location.to_string(),
        "log": app.log_kind(),
        "writes": app.log.is_some(),
        "uptime_s": app.began.elapsed().as_secs(),
        "applied": app.store.applied(),
        "searchable": found,
        "not_ready": not_ready(&app),
        "tables": tables,
        "text_index": {
            "documents": statistics.documents,
            "segments": statistics.segments,
            "bytes": statistics.bytes,
        },
        "ingest": app.progress.as_ref().map(|progress| json!(*progress.lock())),
    })))
}

/// For Prometheus.
pub async fn metrics(State(app): State<Arc<App>>) -> Response {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], metrics::render(&app)).into_response()
}
