//! `POST /v1/hooks/claude-code`: a hook's body, as it is.

use std::sync::Arc;

use athena_ingest::adapters::claude_code;
use athena_schemas::Error;
use athena_schemas::vocabulary::Origin;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::Response;
use serde_json::{Map, Value};

use super::events::{Arguments, answer};
use super::{Failure, body, within};
use crate::events::{self, Given};
use crate::who::Caller;
use crate::{App, arguments};

/// The project is the one named, the token's only one, the one said for this server or by the client,
/// else that of the hook's working directory, which is looked up where client and server share a disk.
pub async fn claude_code(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<Map<String, Value>>,
    body: Body,
) -> Result<Response, Failure> {
    let arguments: Arguments = arguments::parse(&Value::Object(query))?;
    let body = body::read(&app, body).await?;
    let said =
        arguments.project.is_some() || caller.identity.only_project().is_some() || caller.project.is_some();
    let look_up = (!said && app.is_loopback()).then(|| app.project_of.clone());
    let limits = app.options.limits.clone();
    // Looking up the project asks git.
    let read = tokio::task::spawn_blocking(move || {
        let project_of = |directory: &str| look_up.as_ref().and_then(|look_up| look_up(directory));
        claude_code::hook(&body, &limits, &project_of)
    });
    let drafts = read.await.map_err(|error| Error::internal(format!("hook: {error}")))?;
    let drafts = drafts.map_err(Error::from)?;
    let elements = (0..).zip(drafts.into_iter().map(Ok)).collect();
    let given = Given { project: arguments.project.as_deref(), ..Given::default() };
    let appended = events::append(&app, &caller, Origin::Hook, elements, &given);
    Ok(answer(within(app.options.request_timeout, appended).await?))
}
