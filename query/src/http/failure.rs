//! Errors as answers: one body everywhere, and the status that HTTP has for it.

use athena_schemas::error::Body;
use athena_schemas::{Code, Error};
use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// Seconds after which to try again what was shed or is not there now.
const RETRY_AFTER_S: HeaderValue = HeaderValue::from_static("1");

/// An error on its way out.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    error: Error,
    /// Whether the same request may succeed a moment later.
    again: bool,
}

impl Failure {
    /// What no code stands for.
    pub fn with_status(status: StatusCode, error: Error) -> Self {
        Self { status, error, again: false }
    }

    /// What will not go better the next time.
    pub fn final_answer(error: Error) -> Self {
        Self { again: false, ..error.into() }
    }

    /// The same status and headers over a body of another protocol.
    pub fn told(self, body: impl FnOnce(Error) -> Response) -> Response {
        let mut answer = body(self.error);
        *answer.status_mut() = self.status;
        if self.again {
            answer.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_S);
        }
        if self.status == StatusCode::UNAUTHORIZED {
            answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        answer
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let again = matches!(error.code, Code::ResourceExhausted | Code::Unavailable);
        Self { status: status(error.code), error, again }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.told(|error| Json(Body { error }).into_response())
    }
}

pub const fn status(code: Code) -> StatusCode {
    match code {
        Code::InvalidArgument => StatusCode::BAD_REQUEST,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::Conflict => StatusCode::CONFLICT,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_their_status() {
        let cases = [
            (Code::InvalidArgument, 400, false),
            (Code::Unauthenticated, 401, false),
            (Code::PermissionDenied, 403, false),
            (Code::NotFound, 404, false),
            (Code::Conflict, 409, false),
            (Code::ResourceExhausted, 429, true),
            (Code::Internal, 500, false),
            (Code::Unavailable, 503, true),
        ];
        for (code, expected, again) in cases {
            let answer = Failure::from(Error::new(code, "x")).into_response();
            assert_eq!(answer.status().as_u16(), expected);
            assert_eq!(answer.headers().contains_key(RETRY_AFTER), again, "{code:?}");
            assert_eq!(answer.headers().contains_key(WWW_AUTHENTICATE), expected == 401);
        }
    }

    #[test]
    fn what_was_too_much_for_itself_is_not_to_be_sent_again() {
        let answer = Failure::final_answer(Error::new(Code::ResourceExhausted, "x")).into_response();
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(!answer.headers().contains_key(RETRY_AFTER));
    }
}
