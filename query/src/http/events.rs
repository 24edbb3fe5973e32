//! `POST /v1/events`.

use std::sync::Arc;

use athena_ingest::decode::{self, Element};
use athena_ingest::{Limits, Reject};
use athena_schemas::Error;
use athena_schemas::vocabulary::Origin;
use athena_schemas::wire::Accepted;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::caller::DOOR;
use super::query::{Arguments, Said};
use super::{Failure, body, within};
use crate::events::{self, Given};
use crate::hooks_out::CHAIN_HEADER;
use crate::who::{Caller, Role};
use crate::{App, hooks_out};

/// Bodies that are decoded where they arrive; longer ones would hold up others.
const SMALL_BYTES: usize = 64 * 1024;

/// What an import adds to an event that was within the limit: its id and project.
const IMPORT_BYTES: usize = 2 << 10;

pub async fn post(
    State(app): State<Arc<App>>,
    caller: Caller,
    Said(arguments): Said<Arguments>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    caller.identity.must(Role::Write)?;
    let body = body::read(&app, body).await?;
    let key = idempotency_key(&headers)?;
    let mut limits = app.options.limits.clone();
    if headers.get(DOOR).is_some_and(|door| door.as_bytes() == Origin::Import.name().as_bytes()) {
        limits.event_bytes += IMPORT_BYTES;
    }
    let elements = decode(headers.clone(), body, limits).await?.map_err(Error::from)?;
    let given = Given { project: arguments.project.as_deref(), idempotency_key: key.as_deref() };
    let chain = hooks_out::chain_of(headers.get(CHAIN_HEADER).and_then(|value| value.to_str().ok()));
    let appended = hooks_out::led_by(chain, events::append(&app, &caller, caller.origin, elements, &given));
    Ok(answer(within(app.options.request_timeout, appended).await?))
}

/// 202 for what is durable but not in the tables yet.
pub fn answer(accepted: Accepted) -> Response {
    let status = if accepted.pending { StatusCode::ACCEPTED } else { StatusCode::OK };
    (status, Json(accepted)).into_response()
}

pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().map_err(|_| Error::invalid("Idempotency-Key", "the key is not ASCII"))?;
    Ok(Some(text.to_owned()))
}

async fn decode(
    headers: HeaderMap,
    body: Bytes,
    limits: Limits,
) -> Result<Result<Vec<Element>, Reject>, Error> {
    if body.len() <= SMALL_BYTES {
        return Ok(elements(&headers, &body, &limits));
    }
    let decoding = tokio::task::spawn_blocking(move || elements(&headers, &body, &limits));
    decoding.await.map_err(|error| Error::internal(format!("decode: {error}")))
}

/// A CloudEvent in binary mode when its headers say so, else what the content type says.
fn elements(headers: &HeaderMap, body: &[u8], limits: &Limits) -> Result<Vec<Element>, Reject> {
    if decode::is_binary(headers.keys().map(|name| name.as_str())) {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        return Ok(vec![(0, decode::binary(headers.iter().copied(), body, limits))]);
    }
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    decode::batch(body, content_type.unwrap_or("application/json"), limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn cloud_events_in_binary_mode_are_told_by_their_headers() {
        let binary = headers(&[
            ("ce-specversion", "1.0"),
            ("ce-id", "e-1"),
            ("ce-source", "ci"),
            ("ce-type", "build"),
            ("content-type", "application/json"),
        ]);
        let events = elements(&binary, br#"{"content":"built"}"#, &Limits::default()).unwrap();
        let draft = events[0].1.as_ref().unwrap();
        assert_eq!((draft.id.as_deref(), draft.r#type.as_deref()), (Some("e-1"), Some("build")));
        let plain = elements(&headers(&[]), br#"{"content":"built"}"#, &Limits::default()).unwrap();
        assert_eq!(plain[0].1.as_ref().unwrap().content.as_deref(), Some("built"));
    }

    #[test]
    fn what_is_pending_is_accepted_only() {
        assert_eq!(answer(Accepted { pending: true, ..Accepted::default() }).status(), StatusCode::ACCEPTED);
        assert_eq!(answer(Accepted::default()).status(), StatusCode::OK);
    }
}
