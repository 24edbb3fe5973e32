//! Whether it lives, whether it is ready, how far it is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Failure;
use crate::who::{Caller, Role};
use crate::{App, metrics};

/// The process answers; a command that looks for a server knows it by its name.
pub async fn live() -> Json<Value> {
    Json(json!({ "status": "ok", "server": "athena" }))
}

/// 200 when everything that it is for works; 503 with what does not, and why.
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    let not_ready = crate::state::not_ready(&app);
    let status = if not_ready.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": not_ready.is_empty(), "not_ready": not_ready }))).into_response()
}

/// What the memory holds and how far it is: for people and `athena status`.
///
/// # Errors
/// `permission_denied` for who may not see all projects: the numbers are those of all.
pub async fn status(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Value>, Failure> {
    caller.identity.must(Role::Read)?;
    caller.identity.must_see_all("the status is that of all projects")?;
    Ok(Json(crate::state::status(&app)?))
}

/// For Prometheus.
pub async fn metrics(State(app): State<Arc<App>>) -> Response {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], metrics::render(&app)).into_response()
}
