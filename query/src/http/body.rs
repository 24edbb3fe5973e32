//! Bodies of requests, bounded in size and time.

use athena_schemas::Error;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;

use super::Failure;
use crate::App;

/// How bodies may be compressed.
const ENCODINGS: [&str; 2] = ["gzip", "identity"];

/// Refuses bodies that nothing here can decompress.
pub async fn encoded(mut request: Request, next: Next) -> Response {
    let Some(given) = request.headers().get(CONTENT_ENCODING) else { return next.run(request).await };
    let known = |name: &&str| given.as_bytes().eq_ignore_ascii_case(name.as_bytes());
    let Some(encoding) = ENCODINGS.into_iter().find(known) else {
        let given = String::from_utf8_lossy(given.as_bytes()).into_owned();
        let error = Error::invalid("Content-Encoding", format!("{given:?} is not taken"))
            .hint(format!("{}, or none", ENCODINGS.join(" or ")));
        let mut answer = Failure::with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE, error).into_response();
        answer.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        return answer;
    };
    request.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    next.run(request).await
}

/// All of a body.
///
/// # Errors
/// 413 beyond the limit; 408 when it does not come in time; 400 when it breaks off or cannot be
/// decompressed.
pub async fn read(app: &App, body: Body) -> Result<Bytes, Failure> {
    let limit = app.options.request_bytes;
    tokio::time::timeout(app.options.request_timeout, bounded(body, limit)).await.unwrap_or_else(|_| {
        let error = Error::invalid("", "the body did not come in time");
        Err(Failure::with_status(StatusCode::REQUEST_TIMEOUT, error))
    })
}

async fn bounded(body: Body, limit: usize) -> Result<Bytes, Failure> {
    let mut pieces = body.into_data_stream();
    let mut whole = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| Error::invalid("", format!("the body cannot be read: {error}")))?;
        if whole.len() + piece.len() > limit {
            let error = Error::invalid("", format!("the body is longer than {limit} bytes"))
                .hint("send less at once, or raise server.request_bytes");
            return Err(Failure::with_status(StatusCode::PAYLOAD_TOO_LARGE, error));
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bodies_end_at_the_limit() {
        let body = |pieces: usize| {
            let pieces = std::iter::repeat_n("0123456789", pieces).map(Ok::<_, std::io::Error>);
            Body::from_stream(futures::stream::iter(pieces))
        };
        assert_eq!(bounded(body(3), 30).await.unwrap().len(), 30);
        let refused = bounded(body(4), 30).await.unwrap_err().into_response();
        assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
        let broken = [Ok("{"), Err(std::io::Error::other("reset"))];
        let refused = bounded(Body::from_stream(futures::stream::iter(broken)), 30).await.unwrap_err();
        assert_eq!(refused.into_response().status(), StatusCode::BAD_REQUEST);
    }
}
