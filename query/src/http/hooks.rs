//! `POST /v1/hooks/claude-code`: a hook's body, as it is. Where a session begins and where somebody asks for
//! something, the answer has what to put into the agent's context.

use std::sync::Arc;

use athena_ingest::Draft;
use athena_ingest::adapters::claude_code;
use athena_schemas::Error;
use athena_schemas::vocabulary::Origin;
use axum::Json;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use tracing::warn;

use super::events::{Arguments, answer};
use super::{Failure, body, within};
use crate::events::{self, Given};
use crate::who::Caller;
use crate::{App, arguments, inject};

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
    let moment = drafts.first().and_then(Moment::of);
    let elements = (0..).zip(drafts.into_iter().map(Ok)).collect();
    let given = Given { project: arguments.project.as_deref(), ..Given::default() };
    let appended = events::append(&app, &caller, Origin::Hook, elements, &given);
    let accepted = within(app.options.request_timeout, appended).await?;
    let Some(moment) = moment else { return Ok(answer(accepted)) };
    let told = moment.tells(&app, &accepted.project).await.unwrap_or_else(|error| {
        // What was recorded stays recorded, and the agent goes on without.
        warn!(%error, "nothing put into the context of a hook");
        None
    });
    let mut body = json!(accepted);
    if let Some(context) = told {
        let event = if matches!(moment, Moment::Start { .. }) { "SessionStart" } else { "UserPromptSubmit" };
        body["hookSpecificOutput"] = json!({"hookEventName": event, "additionalContext": context});
    }
    let status = if accepted.pending { StatusCode::ACCEPTED } else { StatusCode::OK };
    Ok((status, Json(body)).into_response())
}

/// A moment at which something may be put into the agent's context.
enum Moment {
    Start { session: String },
    Prompt { session: String, text: String },
}

impl Moment {
    fn of(draft: &Draft) -> Option<Self> {
        let session = draft.session.clone()?;
        match (draft.r#type.as_deref()?, draft.agent.as_deref()) {
            ("session_start", _) => Some(Self::Start { session }),
            ("message", Some("user")) => Some(Self::Prompt { session, text: draft.content.clone()? }),
            _ => None,
        }
    }

    async fn tells(&self, app: &App, project: &str) -> Result<Option<String>, Error> {
        let injected = match self {
            Self::Start { session } => inject::at_start(app, project, session).await?,
            Self::Prompt { session, text } => {
                inject::for_prompt(app, project, session, text, Vec::new()).await?
            }
        };
        Ok(injected.context)
    }
}
