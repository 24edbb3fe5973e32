//! Requests that are signed: the whole of it is read and verified before anything of it is done.

use std::sync::Arc;

use athena_schemas::Time;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{Failure, body};
use crate::App;
use crate::who::signed::{SCHEME, Said, Signature};

/// Whoever signed is put beside the request, where the caller is looked for.
pub async fn verify(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(header) = header.filter(|header| header.starts_with(SCHEME)).map(str::to_owned) else {
        return next.run(request).await;
    };
    match verified(&app, request, &header).await {
        Ok(request) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}

async fn verified(app: &App, request: Request, header: &str) -> Result<Request, Failure> {
    let signature = Signature::parse(header)?;
    let (mut parts, content) = request.into_parts();
    let content = body::read(app, content).await?;
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    let host = host.or_else(|| parts.uri.authority().map(ToString::to_string)).unwrap_or_default();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let said = Said { method: parts.method.as_str(), host: &host, path, body: &content };
    let (identity, key) = app.tokens.signing(&signature.token)?;
    signature.verify(&key, said)?;
    app.signed.once(&signature, Time::now().micros() / 1_000_000)?;
    parts.extensions.insert(identity);
    Ok(Request::from_parts(parts, Body::from(content)))
}
