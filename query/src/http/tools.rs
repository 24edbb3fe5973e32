//! `GET /v1/tools` and `POST /v1/tools/{tool}/{operation}`.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::Value;

use super::query::{Arguments, Said};
use super::{Failure, body, events, within};
use crate::hooks_out::CHAIN_HEADER;
use crate::who::Caller;
use crate::{App, arguments, hooks_out};

pub async fn list(State(app): State<Arc<App>>, _: Caller) -> Json<Value> {
    Json(app.registry.listing())
}

/// An `Idempotency-Key` is the `event_id` of a write that has none.
pub async fn call(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((tool, operation)): Path<(String, String)>,
    Said(said): Said<Arguments>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Failure> {
    let entry = app.registry.find(&tool, &operation)?;
    let mut given = arguments::object(&body::read(&app, body).await?)?;
    if let (Some(key), Some(fields)) = (events::idempotency_key(&headers)?, given.as_object_mut())
        && entry.writes()
    {
        fields.entry("event_id").or_insert(key.into());
    }
    if let (Some(project), Some(fields)) = (said.project, given.as_object_mut())
        && ["project", "projects"].iter().all(|name| fields.get(*name).is_none_or(Value::is_null))
    {
        fields.insert("project".to_owned(), project.into());
    }
    let chain = hooks_out::chain_of(headers.get(CHAIN_HEADER).and_then(|value| value.to_str().ok()));
    let called = hooks_out::led_by(chain, entry.call(&app, &caller, given));
    Ok(Json(within(app.options.request_timeout, called).await?))
}
