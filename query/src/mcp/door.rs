//! What stands before the protocol's own code: who asks, and whether what was sent is a message.
//!
//! ```text
//! POST ─▶ caller, origin ─▶ JSON ─┬▶ a message ─▶ checked ─▶ rmcp
//!                                 └▶ a batch (2025-03-26) ─▶ each message so ─▶ answers as an array
//! streams, on their way back, as the client's revision reads them
//! ```

use std::collections::HashSet;
use std::sync::Arc;

use athena_schemas::vocabulary::Origin;
use athena_schemas::{Code, Error};
use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use futures::future::ready;
use serde_json::Value;

use super::listing::Listing;
use super::message::{self, INITIALIZE, Wrong};
use crate::App;
use crate::http::{Failure, body};
use crate::who::Caller;

const SESSION: &str = "mcp-session-id";
const REVISION: &str = "mcp-protocol-version";
/// The one revision that has batches, and the one that is meant where a client says none.
const BATCHES: &str = "2025-03-26";
/// The first revision whose clients take events without data.
const PRIMES: &str = "2025-11-25";
/// Messages of a batch.
const MOST: usize = 50;
/// The longest refusal in words.
const WORDS: usize = 4_096;

/// Refuses pages of other sites, tools that there are not and what is no message, and hands on who asks.
pub async fn admit(
    State(app): State<Arc<App>>,
    caller: Caller,
    mut request: Request,
    next: Next,
) -> Response {
    if is_foreign(&request) {
        let error = Error::new(Code::PermissionDenied, "pages of other sites may not use this server");
        return Failure::with_status(StatusCode::FORBIDDEN, error).into_response();
    }
    if let Err(error) = Listing::parse(request.uri().query().unwrap_or_default(), &app.registry) {
        return Failure::from(error).into_response();
    }
    let origin = if caller.origin == Origin::Http { Origin::Mcp } else { caller.origin };
    request.extensions_mut().insert(Caller { origin, ..caller });
    if request.method() != Method::POST {
        let primes = revision(request.headers()).is_some_and(primes);
        return streamed(next.run(request).await, primes);
    }
    let (mut parts, body) = request.into_parts();
    let bytes = match body::read(&app, body).await {
        Ok(bytes) => bytes,
        Err(failure) => return failure.into_response(),
    };
    match message::parse(&bytes) {
        Ok(Value::Array(messages)) => {
            parts.headers.remove(CONTENT_LENGTH);
            batch(&app, &parts, messages, &next).await
        }
        Ok(message) => one(parts, &message, bytes, next).await,
        Err(wrong) => wrong.into_response(),
    }
}

/// Whether a page sent it that is neither of this server nor of this machine.
fn is_foreign(request: &Request) -> bool {
    let text = |name| request.headers().get(name).map(|value| value.to_str().unwrap_or_default());
    let Some(origin) = text(ORIGIN) else { return false };
    let Some((_, authority)) = origin.split_once("://") else { return true };
    Some(authority) != text(HOST) && !crate::http::is_this_machine(authority)
}

async fn one(parts: Parts, message: &Value, bytes: Bytes, next: Next) -> Response {
    if let Err(wrong) = message::check(message) {
        return wrong.into_response();
    }
    let has_session = parts.headers.contains_key(SESSION);
    let primes = match message["method"] == INITIALIZE {
        true => message["params"]["protocolVersion"].as_str().is_some_and(primes),
        false => revision(&parts.headers).is_some_and(primes),
    };
    let answer = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    match answer.status() == StatusCode::BAD_REQUEST && !answer.headers().contains_key(CONTENT_TYPE) {
        true => in_its_terms(message, has_session, answer).await,
        false => streamed(answer, primes),
    }
}

/// Whether clients of a revision know events without data, by which a stream tells where to go on. Revisions are dates.
fn primes(revision: &str) -> bool {
    revision >= PRIMES
}

/// A stream as its client reads it: older ones fail at events without data.
fn streamed(answer: Response, primes: bool) -> Response {
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if primes || kind.is_none_or(|kind| !kind.starts_with("text/event-stream")) {
        return answer;
    }
    let (parts, body) = answer.into_parts();
    // A piece is an event.
    let told =
        body.into_data_stream().filter(|piece| ready(!piece.as_ref().is_ok_and(|piece| is_empty(piece))));
    Response::from_parts(parts, Body::from_stream(told))
}

/// Whether an event has no data. A comment, which keeps a connection, is none.
fn is_empty(event: &[u8]) -> bool {
    let data = |line: &[u8]| line.strip_prefix(b"data:").is_some_and(|data| !data.trim_ascii().is_empty());
    !event.starts_with(b":") && !event.split(|byte| *byte == b'\n').any(data)
}

/// What was refused in words only, as an error of the protocol.
async fn in_its_terms(message: &Value, has_session: bool, refused: Response) -> Response {
    let words = to_bytes(refused.into_body(), WORDS).await.unwrap_or_default();
    let words = String::from_utf8_lossy(&words);
    let why = match !has_session && words.contains("Session ID") {
        true => "`initialize` comes first; what follows has the session that its answer names",
        false => &*words,
    };
    Wrong::invalid(message["id"].clone(), why).into_response()
}

/// Answers each message of a batch, in its order.
async fn batch(app: &App, parts: &Parts, messages: Vec<Value>, next: &Next) -> Response {
    let refused = |why: &str| Wrong::invalid(Value::Null, why).into_response();
    if revision(&parts.headers).is_some_and(|revision| revision != BATCHES) {
        return refused("batches are of revision 2025-03-26 only: send each message by itself");
    }
    if messages.is_empty() || messages.len() > MOST {
        return refused(&format!("a batch has from 1 to {MOST} messages"));
    }
    let (mut answers, mut ids) = (Vec::new(), HashSet::new());
    for message in &messages {
        let id = message.get("id").cloned().unwrap_or_default();
        let is_known = !id.is_null() && !ids.insert(id.to_string());
        if message["method"] == INITIALIZE || is_known {
            let why = if is_known { "another message has this id" } else { "`initialize` stands by itself" };
            answers.push(Wrong::invalid(id, why).value());
            continue;
        }
        let answer = one(parts.clone(), message, Bytes::from(message.to_string()), next.clone()).await;
        // Of a session that is not there no message is answered.
        if answer.status() == StatusCode::NOT_FOUND {
            return answer;
        }
        answers.extend(told(app, answer).await);
    }
    match answers.is_empty() {
        true => StatusCode::ACCEPTED.into_response(),
        false => Json(answers).into_response(),
    }
}

/// The message that answers, in an answer as JSON or as a stream.
async fn told(app: &App, answer: Response) -> Option<Value> {
    let body = to_bytes(answer.into_body(), app.options.request_bytes).await.ok()?;
    let lines = body.split(|byte| *byte == b'\n');
    let messages = lines.map(|line| line.strip_prefix(b"data:").unwrap_or(line));
    let mut messages = messages.filter_map(|text| serde_json::from_slice::<Value>(text).ok());
    messages.find(|message| message.get("result").or(message.get("error")).is_some())
}

fn revision(headers: &HeaderMap) -> Option<&str> {
    headers.get(REVISION)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn older_clients_see_no_event_without_data() {
        let events = ["id: 0\nretry: 3000\ndata: \n\n", ":\n\n", "id: 1\ndata: {\"id\":1}\n\n", "data:\n\n"];
        let seen = async |kind: &str, primes: bool| {
            let body = futures::stream::iter(events.map(Ok::<_, std::io::Error>));
            let answer = ([(CONTENT_TYPE, kind.to_owned())], Body::from_stream(body)).into_response();
            let body = to_bytes(streamed(answer, primes).into_body(), WORDS).await.unwrap();
            String::from_utf8(body.to_vec()).unwrap()
        };
        assert_eq!(seen("text/event-stream", false).await, events[1..3].concat());
        assert_eq!(seen("text/event-stream", true).await, events.concat());
        assert_eq!(seen("text/plain", false).await, events.concat());
        assert!(primes("2025-11-25") && primes("2026-07-28") && !primes("2025-06-18"));
    }
}
