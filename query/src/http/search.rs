//! `POST /v1/search`.

use std::sync::Arc;

use athena_schemas::wire::{Found, Search};
use axum::Json;
use axum::body::Body;
use axum::extract::State;

use super::query::{Arguments, Said};
use super::{Failure, body, within};
use crate::accesses::Asked;
use crate::who::Caller;
use crate::{App, accesses, arguments, search};

pub async fn post(
    State(app): State<Arc<App>>,
    caller: Caller,
    Said(said): Said<Arguments>,
    body: Body,
) -> Result<Json<Found>, Failure> {
    let mut question: Search = arguments::parse_bytes(&body::read(&app, body).await?)?;
    if question.projects.is_empty() {
        question.project = question.project.filter(|name| !name.is_empty()).or(said.project);
    }
    let found = search::search(&app, &caller, &question);
    let found = within(app.options.request_timeout, found).await?;
    if question.record != Some(false) {
        let asked = Asked {
            operation: "retrieve.search",
            query: &question.query,
            projects: &found.projects,
            session: None,
            agent: None,
            actor: &caller.identity.name,
        };
        accesses::note(&app, &asked, &found.hits);
    }
    Ok(Json(found))
}
