//! What a server answered.

use std::time::Duration;

use anyhow::{Context, bail};
use athena_schemas::error::Body;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::de::DeserializeOwned;

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The answer, unless it is a refusal.
    ///
    /// # Errors
    /// What the server said, in its words.
    pub fn ok(self) -> anyhow::Result<Self> {
        if self.status.is_success() {
            return Ok(self);
        }
        match serde_json::from_slice::<Body>(&self.body) {
            Ok(body) => Err(body.error.into()),
            Err(_) => bail!("{}: {}", self.status, String::from_utf8_lossy(&self.body)),
        }
    }

    pub fn json<R: DeserializeOwned>(self) -> anyhow::Result<R> {
        serde_json::from_slice(&self.body).context("read the server's answer; is it of another version?")
    }

    /// How long to wait before asking again, when the server sheds load.
    pub fn retry_after(&self) -> Option<Duration> {
        let busy = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&self.status);
        let seconds = self.headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
        busy.then(|| Duration::from_secs(seconds))
    }
}
