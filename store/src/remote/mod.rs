//! One way to ask a model behind an address: bounded in time, in tries and at once, with a breaker before it.
//!
//! ```text
//! body ─▶ breaker ─▶ permit ─▶ POST ─┬▶ answer (JSON)
//!            ▲                       ├▶ a wait: Retry-After, or backoff ─▶ again
//!            └── failures in a row ──┴▶ failure
//! ```
//!
//! It knows addresses, not what is asked: vectors (`embed`) and language models come through here.

mod breaker;
mod cache;
mod wait;

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::Utc;
use parking_lot::Mutex;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Url};
use serde_json::Value;
use tokio::sync::Semaphore;
use tracing::{info, warn};

pub use breaker::{Breaker, BreakerOptions};
pub use cache::{Cache, Key};

/// Bytes of the longest answer that is read, and characters of an error's text that are told.
const ANSWER_BYTES: usize = 64 << 20;
const TOLD_CHARS: usize = 300;
/// How long a connection may take to stand.
const CONNECT: Duration = Duration::from_secs(5);

/// How long and how often something is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    pub tries: u32,
    /// For one try.
    pub each: Duration,
    /// For all tries and waits together.
    pub total: Duration,
}

impl Patience {
    /// One try.
    pub fn once(timeout: Duration) -> Self {
        Self { tries: 1, each: timeout, total: timeout }
    }
}

#[derive(Debug, Clone)]
pub struct RemoteOptions {
    /// Everything before the path, such as `http://127.0.0.1:11434/v1`.
    pub url: String,
    /// Sent with each request; values are secrets.
    pub headers: Vec<(String, String)>,
    /// Requests at once; more wait their turn.
    pub concurrency: usize,
    pub breaker: BreakerOptions,
}

/// Why there is no answer, by what the asker does about it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Failure {
    /// It failed too often; nobody asked it now.
    #[error("failed too often; asked again in {} s", .0.as_secs_f64().ceil())]
    Open(Duration),
    #[error("no answer in time")]
    Timeout,
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// It is there, and cannot answer now.
    #[error("status {status}: {message}")]
    Busy { status: u16, message: String },
    /// It will not have this request, however often it is made.
    #[error("refused with status {status}: {message}")]
    Refused { status: u16, message: String },
    /// It answered something that is no answer.
    #[error("answered what is no answer: {0}")]
    Malformed(String),
}

impl Failure {
    /// Whether the request is at fault, and another may be answered.
    pub fn is_of_this_request(&self) -> bool {
        matches!(self, Self::Refused { status: 400 | 413 | 422, .. })
    }

    fn may_pass(&self) -> bool {
        matches!(self, Self::Timeout | Self::Unreachable(_) | Self::Busy { .. })
    }
}

/// A service with models. Dropping a call ends its request.
#[derive(Debug)]
pub struct Remote {
    http: Client,
    base: Url,
    headers: HeaderMap,
    permits: Semaphore,
    concurrency: usize,
    breaker: Mutex<Breaker>,
    retries: AtomicU64,
}

/// How a service is asked at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Failures in a row.
    pub failures: u32,
    /// For how long nobody asks it; `None`: it is asked.
    pub left_alone: Option<Duration>,
    /// Requests under way, and at most.
    pub asking: usize,
    pub most: usize,
    /// Tries after one that failed, since the start.
    pub retries: u64,
}

/// What a try that failed says, and how long the service wants to be left alone.
struct Tried {
    failure: Failure,
    after: Option<Duration>,
}

impl From<Failure> for Tried {
    fn from(failure: Failure) -> Self {
        Self { failure, after: None }
    }
}

impl Remote {
    /// # Errors
    /// An address or a header that is none.
    pub fn new(options: RemoteOptions) -> Result<Self, athena_schemas::Error> {
        let wrong = |field: &str, message: String| athena_schemas::Error::invalid(field, message);
        let base =
            Url::parse(&options.url).map_err(|error| wrong("url", format!("{}: {error}", options.url)))?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(wrong("url", format!("{}: give http:// or https:// and a host", options.url)));
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &options.headers {
            let parsed = HeaderName::try_from(name).ok().zip(HeaderValue::try_from(value).ok());
            let (name, mut value) =
                parsed.ok_or_else(|| wrong("api_key_env", format!("{name}: the value is no header")))?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let http = Client::builder().connect_timeout(CONNECT).redirect(reqwest::redirect::Policy::none());
        // What is on this machine is not asked through another.
        let http = if is_here(&base) { http.no_proxy() } else { http };
        let http = http.build().map_err(|error| wrong("url", format!("no client for it: {error}")))?;
        let concurrency = options.concurrency.max(1);
        let (permits, breaker) = (Semaphore::new(concurrency), Mutex::new(Breaker::new(options.breaker)));
        Ok(Self { http, base, headers, permits, concurrency, breaker, retries: AtomicU64::default() })
    }

    /// Whether it failed so often that it is not asked now.
    pub fn is_down(&self) -> bool {
        self.breaker.lock().is_open()
    }

    /// How it stands with the service.
    pub fn standing(&self) -> Standing {
        let breaker = self.breaker.lock();
        Standing {
            failures: breaker.failures(),
            left_alone: breaker.left(Instant::now()),
            asking: self.concurrency - self.permits.available_permits(),
            most: self.concurrency,
            retries: self.retries.load(Ordering::Relaxed),
        }
    }

    /// Posts `body` to `path` below the base; `read` makes the answer of the JSON, or says why it is none.
    ///
    /// # Errors
    /// See [`Failure`]; never later than `patience.total`.
    pub async fn post<T>(
        &self,
        path: &str,
        body: &Value,
        patience: Patience,
        read: impl Fn(Value) -> Result<T, String>,
    ) -> Result<T, Failure> {
        let end = Instant::now() + patience.total;
        let mut tries = 1;
        loop {
            let until = end.min(Instant::now() + patience.each);
            let tried = match self.once(path, body, until, end, &read).await {
                Ok(answer) => return Ok(answer),
                Err(tried) => tried,
            };
            let wait = tried.after.unwrap_or_default().max(wait::backoff(tries, rand::random()));
            let goes_on = tried.failure.may_pass() && tries < patience.tries && Instant::now() + wait < end;
            if !goes_on {
                return Err(tried.failure);
            }
            tokio::time::sleep(wait).await;
            self.retries.fetch_add(1, Ordering::Relaxed);
            tries += 1;
        }
    }

    async fn once<T>(
        &self,
        path: &str,
        body: &Value,
        until: Instant,
        end: Instant,
        read: impl Fn(Value) -> Result<T, String>,
    ) -> Result<T, Tried> {
        // Who waits for its turn until the end says nothing of the service.
        let permit = tokio::time::timeout_at(until.into(), self.permits.acquire()).await;
        let _permit = permit.ok().and_then(Result::ok).ok_or(Failure::Timeout)?;
        self.breaker.lock().admit(Instant::now()).map_err(Failure::Open)?;
        let answer = tokio::time::timeout_at(until.into(), async {
            let value = self.send(path, body).await?;
            read(value).map_err(|why| Tried::from(Failure::Malformed(why)))
        });
        let answer = answer.await.unwrap_or_else(|_| Err(Failure::Timeout.into()));
        self.note(&answer, end);
        answer
    }

    async fn send(&self, path: &str, body: &Value) -> Result<Value, Tried> {
        let url = format!("{}/{}", self.base.as_str().trim_end_matches('/'), path.trim_start_matches('/'));
        let sent = self.http.post(url).headers(self.headers.clone()).json(body).send().await;
        let mut answer = sent.map_err(unreachable)?;
        let status = answer.status();
        let after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let after = after.and_then(|value| wait::retry_after(value, Utc::now()));
        let mut bytes = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(unreachable)? {
            if bytes.len() + part.len() > ANSWER_BYTES {
                return Err(Failure::Malformed(format!("longer than {ANSWER_BYTES} bytes")).into());
            }
            bytes.extend_from_slice(&part);
        }
        if status.is_success() {
            return serde_json::from_slice(&bytes)
                .map_err(|error| Failure::Malformed(error.to_string()).into());
        }
        let message = told(&bytes);
        let status = status.as_u16();
        let busy = matches!(status, 408 | 409 | 425 | 429) || status >= 500;
        let failure = match busy {
            true => Failure::Busy { status, message },
            false => Failure::Refused { status, message },
        };
        Err(Tried { failure, after: after.filter(|_| busy) })
    }

    /// Counts for the breaker what came of a try of something that may take until `end`.
    fn note<T>(&self, answer: &Result<T, Tried>, end: Instant) {
        let mut breaker = self.breaker.lock();
        match answer {
            Ok(_) => {
                if breaker.succeeded() {
                    info!(url = %self.base, "model endpoint answers again");
                }
            }
            Err(tried) if tried.failure.is_of_this_request() => drop(breaker.succeeded()),
            Err(tried) => {
                let now = Instant::now();
                // A shorter wait is waited for before the next try.
                let asked = tried.after.filter(|after| now + *after >= end);
                if breaker.failed(now, asked) {
                    warn!(url = %self.base, error = %tried.failure, "model endpoint fails, left alone for a while");
                }
            }
        }
    }
}

/// Whether an address is of this machine.
fn is_here(base: &Url) -> bool {
    let host = base.host_str().unwrap_or_default();
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    host == "localhost" || address.is_some_and(|address| address.is_loopback())
}

fn unreachable(error: reqwest::Error) -> Failure {
    if error.is_timeout() {
        return Failure::Timeout;
    }
    // The cause says more than the request, which is ours, and whose address is told elsewhere.
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    Failure::Unreachable(cause.to_string())
}

/// What an error's body says: `error.message` where there is one, else its beginning.
fn told(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let value: Option<Value> = serde_json::from_str(&text).ok();
    let message = value.as_ref().and_then(|value| {
        let error = value.get("error").or_else(|| value.get("message"))?;
        error.get("message").unwrap_or(error).as_str()
    });
    message.unwrap_or(&text).chars().take(TOLD_CHARS).collect()
}

#[cfg(test)]
pub(crate) mod stub;
#[cfg(test)]
mod tests;
