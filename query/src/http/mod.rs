//! HTTP: routes to handlers, and what holds for all of them.
//!
//! ```text
//! request ─▶ load, size, time ─▶ caller ─▶ parse ─▶ core (events, search, sql, registry) ─▶ print
//! ```

pub mod body;
mod caller;
mod events;
mod failure;
mod health;
mod hooks;
mod keys;
mod openapi;
mod query;
mod search;
mod signed;
mod sql;
mod tools;
mod traces;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use athena_schemas::{Code, Error};
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::decompression::RequestDecompressionLayer;
use tracing::{info, warn};

pub use caller::is_this_machine;
pub use failure::Failure;
pub use openapi::openapi;

use crate::who::Caller;
use crate::{App, arguments, mcp, metrics};

/// Every route, for the one that is nearest to a mistaken one.
const ROUTES: [&str; 15] = [
    "/mcp",
    "/v1/events",
    "/v1/search",
    "/v1/sql",
    "/v1/status",
    "/v1/tools",
    "/v1/tools/{tool}/{operation}",
    "/v1/hooks/claude-code",
    "/v1/traces",
    "/v1/keys",
    "/v1/keys/rotate",
    "/openapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
];

/// Whether a server may listen there.
///
/// # Errors
/// `permission_denied` for an address that others can reach, when no token is configured.
pub fn check(app: &App, address: SocketAddr) -> Result<(), Error> {
    if address.ip().is_loopback() || app.tokens.configured() {
        return Ok(());
    }
    let message = format!("{address} can be reached by others, and no token is configured");
    Err(Error::new(Code::PermissionDenied, message)
        .hint("make one with `athena token create NAME --role admin`, or listen on 127.0.0.1"))
}

/// Answers until `stop`, then lets requests under way end, within bounds.
///
/// # Errors
/// As `check`; a listener that fails.
pub async fn serve(app: Arc<App>, listener: TcpListener, stop: CancellationToken) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::unavailable(format!("listen: {error}"));
    let address = listener.local_addr().map_err(failed)?;
    check(&app, address)?;
    app.listens_at(address);
    info!(%address, "serving");
    let listener = listener.tap_io(|connection| {
        // Answers are whole: waiting for more to send would only delay them.
        if let Err(error) = connection.set_nodelay(true) {
            warn!(%error, "connection without nodelay");
        }
    });
    let server = axum::serve(listener, router(app.clone(), &stop))
        .with_graceful_shutdown(stop.clone().cancelled_owned());
    let stop_timeout = app.options.stop_timeout;
    let limit = async {
        stop.cancelled().await;
        tokio::time::sleep(stop_timeout).await;
    };
    let upkeep = async {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            app.metrics.run_upkeep();
        }
    };
    tokio::select! {
        done = server => done.map_err(failed)?,
        () = limit => warn!("requests under way were left"),
        () = upkeep => {}
    }
    stop.cancel();
    app.tasks.close();
    app.tasks.wait().await;
    info!(%address, "stopped");
    Ok(())
}

fn router(app: Arc<App>, stop: &CancellationToken) -> Router {
    let admitted = from_fn_with_state::<_, _, (State<Arc<App>>, Caller, Request)>(app.clone(), mcp::admit);
    let mcp = Router::new().route_service("/mcp", mcp::service(&app, stop)).layer(admitted);
    let bounded = Router::new()
        .route("/v1/events", post(events::post))
        .route("/v1/search", post(search::post))
        .route("/v1/sql", post(sql::post))
        .route("/v1/status", get(health::status))
        .route("/v1/tools", get(tools::list))
        .route("/v1/tools/{tool}/{operation}", post(tools::call))
        .route("/v1/hooks/claude-code", post(hooks::claude_code))
        .route("/v1/traces", post(traces::post))
        .route("/v1/keys", get(keys::look))
        .route("/v1/keys/rotate", post(keys::rotate))
        .merge(mcp)
        .layer(from_fn_with_state(app.clone(), signed::verify))
        .layer(from_fn_with_state(app.clone(), admit));
    // These answer under any load.
    Router::new()
        .route("/openapi.json", get(openapi::get))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .merge(bounded)
        .method_not_allowed_fallback(wrong_method)
        .fallback(no_route)
        .layer(RequestDecompressionLayer::new())
        .layer(from_fn(body::encoded))
        .layer(from_fn(measure))
        .with_state(app)
}

/// Sheds what is too much at once.
async fn admit(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let Ok(_place) = app.requests.try_acquire() else {
        metrics::shed();
        let message = format!("{} requests are being answered", app.options.concurrency);
        return Failure::from(Error::new(Code::ResourceExhausted, message)).into_response();
    };
    next.run(request).await
}

async fn measure(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let answer = next.run(request).await;
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    metrics::request(route, method.as_str(), answer.status().as_u16(), began.elapsed().as_secs_f64());
    answer
}

async fn no_route(uri: Uri) -> Failure {
    let error = Error::not_found(format!("no route {}", uri.path()));
    Failure::from(match arguments::nearest(uri.path(), ROUTES) {
        Some(near) => error.hint(format!("did you mean {near}?")),
        None => error.hint("GET /openapi.json lists what there is"),
    })
}

async fn wrong_method(method: Method, uri: Uri) -> Failure {
    let error = Error::invalid("", format!("{} does not take {method}", uri.path()));
    Failure::with_status(StatusCode::METHOD_NOT_ALLOWED, error)
}

/// What `work` gives, if it does in time.
///
/// # Errors
/// `unavailable`, besides those of `work`.
async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
        let message =
            format!("no answer within {} ms; a write may be durable all the same", limit.as_millis());
        Err(Error::unavailable(message).hint("send it again with the same ids: nothing is written twice"))
    })
}
