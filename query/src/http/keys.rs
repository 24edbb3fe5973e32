//! `GET /v1/keys` and `POST /v1/keys/rotate`: master keys by their ids, for `athena key`. No key is ever told.

use std::sync::Arc;

use athena_schemas::Error;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Failure, body, within};
use crate::sealing::{self, Look, Rotated};
use crate::who::{Caller, Role};
use crate::{App, arguments};

/// What is asked of a rotation.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    /// Whether it goes on with one that was begun, and makes no key.
    more: bool,
}

pub async fn look(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Look>, Failure> {
    may(&caller)?;
    let look = async { sealing::look(&app.store, &app.options.keys).await };
    Ok(Json(within(app.options.request_timeout, look).await?))
}

pub async fn rotate(
    State(app): State<Arc<App>>,
    caller: Caller,
    sent: Body,
) -> Result<Json<Rotated>, Failure> {
    may(&caller)?;
    let asked: Asked = arguments::parse_bytes(&body::read(&app, sent).await?)?;
    Ok(Json(within(app.options.request_timeout, sealing::rotate(&app, &caller, asked.more)).await?))
}

/// Keys are those of all projects.
fn may(caller: &Caller) -> Result<(), Error> {
    caller.identity.must(Role::Admin)?;
    caller.identity.must_see_all("keys are those of all projects")
}
