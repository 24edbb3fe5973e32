//! A service that says what a test wants, in this process.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use parking_lot::Mutex;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// One answer.
pub enum Say {
    Json(Value),
    Text(&'static str),
    /// A status, and what `Retry-After` says.
    Status(u16, Option<&'static str>),
    Hang,
}

type Usual = Arc<dyn Fn(&Value) -> Say + Send + Sync>;

struct Script {
    /// Said first, one a request.
    first: Mutex<VecDeque<Say>>,
    usual: Usual,
    asked: Mutex<Vec<Value>>,
}

pub struct Stub {
    pub url: String,
    script: Arc<Script>,
    serving: JoinHandle<()>,
}

impl Stub {
    /// Says `first`, one a request, and then what `usual` makes of the body.
    pub async fn start(
        first: impl IntoIterator<Item = Say>,
        usual: impl Fn(&Value) -> Say + Send + Sync + 'static,
    ) -> Self {
        let first = Mutex::new(first.into_iter().collect());
        let script = Arc::new(Script { first, usual: Arc::new(usual), asked: Mutex::default() });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let router = Router::new().fallback(say).with_state(script.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, script, serving }
    }

    /// The bodies of all requests so far.
    pub fn asked(&self) -> Vec<Value> {
        self.script.asked.lock().clone()
    }

    pub fn then(&self, say: impl IntoIterator<Item = Say>) {
        self.script.first.lock().extend(say);
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn say(State(script): State<Arc<Script>>, body: String) -> Response {
    let body: Value = serde_json::from_str(&body).unwrap();
    let next = script.first.lock().pop_front();
    let say = next.unwrap_or_else(|| (script.usual)(&body));
    script.asked.lock().push(body);
    match say {
        Say::Json(value) => axum::Json(value).into_response(),
        Say::Text(text) => text.into_response(),
        Say::Status(status, after) => {
            let error = serde_json::json!({"error": {"message": "as the test wants"}});
            let mut answer = (StatusCode::from_u16(status).unwrap(), axum::Json(error)).into_response();
            if let Some(after) = after {
                answer.headers_mut().insert(header::RETRY_AFTER, after.parse().unwrap());
            }
            answer
        }
        Say::Hang => std::future::pending().await,
    }
}
