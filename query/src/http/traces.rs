//! `POST /v1/traces`: an OTLP/HTTP receiver, for spans of agents (`athena_ingest::adapters::otel`).
//!
//! Answers are as OTLP 1.x says: 200 with what was refused as a partial success, a `google.rpc.Status` with
//! every error, in the encoding of the request; exporters send again on 429 and 503.

use std::collections::BTreeSet;
use std::sync::Arc;

use athena_ingest::adapters::otel::{self, Encoding, Export, Which};
use athena_schemas::vocabulary::Origin;
use athena_schemas::{Code, Error};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::query::Said;
use super::{Failure, body, within};
use crate::events::{self, Given};
use crate::who::{Caller, Role};
use crate::{App, metrics};

const PROTOBUF: &str = "application/x-protobuf";

/// Arguments in the query string.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Arguments {
    /// Of spans whose resource has no `athena.project`.
    project: Option<String>,
    spans: Spans,
}

#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Spans {
    #[default]
    GenAi,
    All,
}

/// What was not taken of a request that was.
#[derive(Debug, Default)]
struct Refused {
    spans: u64,
    why: String,
}

pub async fn post(
    State(app): State<Arc<App>>,
    caller: Result<Caller, Failure>,
    arguments: Result<Said<Arguments>, Failure>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Some(encoding) = encoding(&headers) else {
        let error = Error::invalid("Content-Type", "not a type of OTLP's")
            .hint(format!("{PROTOBUF} or application/json; gRPC is for a collector to take"));
        return Failure::with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE, error).into_response();
    };
    match take(&app, caller, arguments, encoding, body).await {
        Ok(refused) => taken(encoding, &refused),
        Err(failure) => failure.told(|error| status(encoding, error)),
    }
}

fn encoding(headers: &HeaderMap) -> Option<Encoding> {
    let media = headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').next()?.trim();
    let is = |name: &str| media.eq_ignore_ascii_case(name);
    match () {
        () if is(PROTOBUF) || is("application/protobuf") => Some(Encoding::Protobuf),
        () if is("application/json") => Some(Encoding::Json),
        () => None,
    }
}

async fn take(
    app: &App,
    caller: Result<Caller, Failure>,
    arguments: Result<Said<Arguments>, Failure>,
    encoding: Encoding,
    body: Body,
) -> Result<Refused, Failure> {
    let caller = caller?;
    let Said(arguments) = arguments?;
    caller.identity.must(Role::Write)?;
    let body = body::read(app, body).await?;
    let limits = app.options.limits.clone();
    let which = match arguments.spans {
        Spans::GenAi => Which::GenAi,
        Spans::All => Which::All,
    };
    let read = tokio::task::spawn_blocking(move || otel::export(&body, encoding, which, &limits)).await;
    let read = read.map_err(|error| Error::internal(format!("spans: {error}")))?;
    let Export { elements, spans, ignored } = read.map_err(Error::from)?;
    metrics::spans(spans, ignored);
    let mut refused = Refused::default();
    let (told, bad): (Vec<_>, Vec<_>) = elements.into_iter().partition(|(_, element)| element.is_ok());
    for (_, element) in bad {
        refused.add(1, element.err().map(Error::from));
    }
    if told.is_empty() {
        return Ok(refused);
    }
    let given = Given { project: arguments.project.as_deref(), ..Given::default() };
    let appended = events::append(app, &caller, Origin::Http, told, &given);
    let accepted = within(app.options.request_timeout, appended).await?;
    let spans: BTreeSet<u64> = accepted.rejected.iter().map(|one| one.index).collect();
    let first = accepted.rejected.into_iter().next();
    refused.add(
        spans.len() as u64,
        first.map(|one| Error { field: one.field, ..Error::new(one.code, one.message) }),
    );
    Ok(refused)
}

impl Refused {
    fn add(&mut self, spans: u64, why: Option<Error>) {
        self.spans += spans;
        if let Some(error) = why.filter(|_| self.why.is_empty()) {
            self.why = match error.field.as_deref() {
                Some(field) => format!("{field}: {}", error.message),
                None => error.message,
            };
        }
    }
}

/// An `ExportTraceServiceResponse`.
fn taken(encoding: Encoding, refused: &Refused) -> Response {
    match encoding {
        Encoding::Protobuf => {
            ([(CONTENT_TYPE, PROTOBUF)], otel::partial_success(refused.spans, &refused.why)).into_response()
        }
        Encoding::Json if refused.spans == 0 => Json(json!({})).into_response(),
        // Numbers of 64 bits are text in protocol buffers' JSON.
        Encoding::Json => {
            let partial = json!({"rejectedSpans": refused.spans.to_string(), "errorMessage": refused.why});
            Json(json!({ "partialSuccess": partial })).into_response()
        }
    }
}

/// A `google.rpc.Status`; in JSON, beside it, the error as every route tells it.
fn status(encoding: Encoding, error: Error) -> Response {
    let code = grpc(error.code);
    match encoding {
        Encoding::Protobuf => {
            ([(CONTENT_TYPE, PROTOBUF)], otel::failure(code, &error.message)).into_response()
        }
        Encoding::Json => {
            Json(json!({"code": code, "message": error.message, "error": error})).into_response()
        }
    }
}

/// As google.rpc numbers them.
const fn grpc(code: Code) -> u64 {
    match code {
        Code::InvalidArgument => 3,
        Code::NotFound => 5,
        Code::PermissionDenied => 7,
        Code::ResourceExhausted => 8,
        Code::Conflict => 10,
        Code::Internal => 13,
        Code::Unavailable => 14,
        Code::Unauthenticated => 16,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_bodies() {
        let of = |value: &str| {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, value.parse().unwrap())]);
            encoding(&headers)
        };
        assert_eq!(of("application/x-protobuf"), Some(Encoding::Protobuf));
        assert_eq!(of("application/json; charset=utf-8"), Some(Encoding::Json));
        assert_eq!(of("application/grpc"), None);
        assert_eq!(encoding(&HeaderMap::new()), None);
    }

    #[tokio::test]
    async fn answers_are_in_the_encoding_of_the_request() {
        let refused = Refused { spans: 2, why: "traceId: too short".into() };
        let text = async |answer: Response| {
            let bytes = axum::body::to_bytes(answer.into_body(), 1 << 16).await.unwrap();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let json = text(taken(Encoding::Json, &refused)).await;
        assert_eq!(json, r#"{"partialSuccess":{"rejectedSpans":"2","errorMessage":"traceId: too short"}}"#);
        assert_eq!(text(taken(Encoding::Json, &Refused::default())).await, "{}");
        assert_eq!(text(taken(Encoding::Protobuf, &Refused::default())).await, "");
        let failure = || Failure::from(Error::new(Code::ResourceExhausted, "later"));
        let answer = failure().told(|error| status(Encoding::Protobuf, error));
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(answer.headers().contains_key("retry-after"));
        assert_eq!(text(answer).await, "\u{8}\u{8}\u{12}\u{5}later");
        let said = text(failure().told(|error| status(Encoding::Json, error))).await;
        assert!(
            said.starts_with(r#"{"code":8,"message":"later","error":{"code":"resource_exhausted""#),
            "{said}"
        );
    }
}
