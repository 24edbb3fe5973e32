//! The client side of every command: one HTTP client, wherever the memory is served.
//!
//! ```text
//! --server URL ─────────────────────────────────────────▶ that server
//! --data DIR ─▶ its lock ─┬▶ held: where the holder serves ─▶ the same over loopback
//!                         └▶ free: serve it in this process ─▶ the same over loopback
//! neither ─┬▶ ./athena-data is there: as --data
//!          ├▶ a server answers where `athena serve` listens ─▶ that server
//!          └▶ a new ./athena-data
//! ```

mod answer;
mod reach;
mod request;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::ipc::reader::StreamReader;
use athena_query::who::local_secret;
use athena_schemas::wire::{Rows, Sql};
use athena_store::Store;
use reqwest::header::HeaderValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::RwLock;
use tracing::{info, warn};

pub use answer::Answer;
pub use reach::{Missing, Target, target};
pub use request::Request;

use crate::config::Source;
use crate::node::Node;
use crate::project;
use crate::settings::Settings;
use reach::At;

/// How often a command comes back to a server that sheds load.
const BUSY_RETRIES: u32 = 8;
/// The longest that it waits each time, whatever the server asks for.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// How long, and how often, a command looks for who serves the directory now: short ones come and go.
const MOVING: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(25);

/// How long a server may take to say that it is there.
const PING: Duration = Duration::from_secs(5);

/// A connection to the memory that the settings name.
pub struct Client {
    http: reqwest::Client,
    settings: Settings,
    target: Target,
    missing: Missing,
    at: RwLock<Arc<At>>,
    /// The project of what names none.
    project: String,
}

impl Client {
    /// Finds who serves the memory, or serves it while this client lives.
    ///
    /// # Errors
    /// No data where none may be made; a holder that does not come up.
    pub async fn connect(settings: &Settings, missing: Missing) -> anyhow::Result<Self> {
        let target = match target(&settings.resolved, &settings.config) {
            Target::Place(place) if reach::is_unnamed(settings) => {
                reach::by_default(place, settings, missing).await?
            }
            named => named,
        };
        let at = reach::find(&target, settings, missing).await?;
        Self::new(settings, target, missing, at)
    }

    /// A client of this process's own server.
    pub fn of(node: &Node, settings: &Settings) -> anyhow::Result<Self> {
        let token = Some(local_secret(&node.store.secret));
        let at = At { url: node.url().to_owned(), token, node: None };
        Self::new(settings, Target::Server(at.url.clone()), Missing::Refuse, at)
    }

    fn new(settings: &Settings, target: Target, missing: Missing, at: At) -> anyhow::Result<Self> {
        let mut http = reqwest::Client::builder().timeout(settings.config.client.timeout());
        // A proxy cannot reach this machine's loopback.
        if at.url.starts_with("http://127.") || at.url.starts_with("http://[::1]") {
            http = http.no_proxy();
        }
        let http = http.build().context("start the HTTP client")?;
        let project = match settings.config.client.project.as_str() {
            "" => std::env::current_dir().ok().and_then(|here| project::detect(&here)).unwrap_or_default(),
            given => given.to_owned(),
        };
        let at = RwLock::new(Arc::new(at));
        Ok(Self { http, settings: settings.clone(), target, missing, at, project })
    }

    /// Lets go: what this process serves goes on until the requests of others are answered.
    pub async fn close(self) {
        let at = self.at.into_inner();
        if let Some(node) = Arc::into_inner(at).and_then(|at| at.node)
            && let Err(error) = node.stop().await
        {
            warn!(%error, "not stopped in order");
        }
    }

    /// The store, when this process serves it.
    pub async fn store(&self) -> Option<Arc<Store>> {
        self.at.read().await.node.as_ref().map(|node| node.store.clone())
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The project that the command line named, if it did: it wins over the token's.
    pub fn named_project(&self) -> Option<String> {
        let flag = matches!(self.settings.resolved.source("client.project"), Some(Source::Flag(_)));
        flag.then(|| self.settings.config.client.project.clone())
    }

    /// Where the memory is served now.
    pub async fn url(&self) -> String {
        self.at.read().await.url.clone()
    }

    pub async fn get<R: DeserializeOwned>(&self, path: &str) -> anyhow::Result<R> {
        self.send(&Request::get(path)).await?.ok()?.json()
    }

    /// A question: nothing changes if it is asked twice.
    pub async fn ask<R: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> anyhow::Result<R> {
        self.send(&Request::json(path, body)?).await?.ok()?.json()
    }

    pub async fn rows(&self, sql: &Sql) -> anyhow::Result<Rows> {
        self.ask("/v1/sql", sql).await
    }

    /// Rows with their Arrow types.
    pub async fn batches(&self, sql: &Sql) -> anyhow::Result<Vec<RecordBatch>> {
        Ok(self.table(sql).await?.1)
    }

    /// The same, and what columns there are where there are no rows.
    pub async fn table(&self, sql: &Sql) -> anyhow::Result<(SchemaRef, Vec<RecordBatch>)> {
        let request = Request::json("/v1/sql", sql)?.header("accept", ARROW);
        let body = self.send(&request).await?.ok()?.body;
        let reader = StreamReader::try_new(body.as_slice(), None).context("read the Arrow stream")?;
        let schema = reader.schema();
        Ok((schema, reader.collect::<Result<_, _>>().context("read the Arrow stream")?))
    }

    /// Sends a request. A server that sheds load is asked again; if the process that served the
    /// directory has ended, whoever serves it now is asked, even if that is this process.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn send(&self, request: &Request) -> anyhow::Result<Answer> {
        let mut lost: Option<Instant> = None;
        let mut waits = 0;
        loop {
            let at = self.at.read().await.clone();
            match self.attempt(&at, request).await {
                Ok(answer) => match answer.retry_after() {
                    Some(wait) if request.repeatable && waits < BUSY_RETRIES => {
                        waits += 1;
                        tokio::time::sleep(wait.min(BUSY_WAIT)).await;
                    }
                    _ => return Ok(answer),
                },
                Err(error)
                    if lost.is_none_or(|since| since.elapsed() < MOVING)
                        && self.may_move(request, &error) =>
                {
                    info!(url = at.url, %error, "no answer, looking for who serves the directory now");
                    // Whoever ends holds the directory a little longer than it answers.
                    if lost.replace(lost.unwrap_or_else(Instant::now)).is_some() {
                        tokio::time::sleep(LOOK).await;
                    }
                    self.find_again(&at).await?;
                }
                Err(error) if error.is_timeout() => {
                    bail!("no answer from {} in {} ms", at.url, self.settings.config.client.timeout_ms)
                }
                Err(error) => {
                    bail!("no answer from {}: {}; is it running?", at.url, root_cause(&error))
                }
            }
        }
    }

    /// The same, for an answer that is read as it comes; a server that sheds load says so itself.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn open(&self, request: &Request) -> anyhow::Result<reqwest::Response> {
        let began = Instant::now();
        loop {
            let at = self.at.read().await.clone();
            match self.dispatch(&at, request).await {
                Ok(response) => return Ok(response),
                Err(error) if began.elapsed() < MOVING && self.may_move(request, &error) => {
                    tokio::time::sleep(LOOK).await;
                    self.find_again(&at).await?;
                }
                Err(error) => bail!("no answer from {}: {}; is it running?", at.url, root_cause(&error)),
            }
        }
    }

    async fn attempt(&self, at: &At, request: &Request) -> Result<Answer, reqwest::Error> {
        let response = self.dispatch(at, request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await?.to_vec();
        Ok(Answer { status, headers, body })
    }

    async fn dispatch(&self, at: &At, request: &Request) -> Result<reqwest::Response, reqwest::Error> {
        let url = format!("{}{}", at.url, request.path);
        let mut sent = self.http.request(request.method.clone(), url);
        // UTF-8, as names of directories are.
        if let Ok(project) = HeaderValue::from_bytes(self.project.as_bytes())
            && !project.is_empty()
            && request.headers.iter().all(|(name, _)| name != "athena-project")
        {
            sent = sent.header("athena-project", project);
        }
        for (name, value) in &request.headers {
            sent = sent.header(name.as_ref(), value.as_bytes());
        }
        if let Some(token) = &at.token {
            sent = sent.bearer_auth(token);
        }
        if let Some(body) = &request.body {
            sent = sent.body(body.clone());
        }
        sent.send().await
    }

    /// Whether a failed request may be sent to another process: it was never sent, or may come twice.
    fn may_move(&self, request: &Request, error: &reqwest::Error) -> bool {
        let elsewhere = matches!(self.target, Target::Place(_)) && !error.is_timeout();
        elsewhere && (request.repeatable || error.is_connect())
    }

    async fn find_again(&self, failed: &At) -> anyhow::Result<()> {
        let mut at = self.at.write().await;
        if at.url == failed.url {
            *at = Arc::new(reach::find(&self.target, &self.settings, self.missing).await?);
        }
        Ok(())
    }
}

/// Whether an Athena answers there.
pub async fn is_athena(url: &str, limit: Duration) -> bool {
    let Ok(http) = reqwest::Client::builder().timeout(limit).no_proxy().build() else { return false };
    let asked = async { http.get(format!("{url}/healthz")).send().await?.json::<Value>().await };
    asked.await.is_ok_and(|told| told["server"] == "athena")
}

/// Whether anybody answers there.
pub async fn is_served(url: &str) -> anyhow::Result<()> {
    let http =
        reqwest::Client::builder().timeout(PING).no_proxy().build().context("start the HTTP client")?;
    let asked = http.get(format!("{url}/healthz")).send().await;
    asked.map(|_| ()).map_err(|error| anyhow::anyhow!(root_cause(&error)))
}

const ARROW: &str = "application/vnd.apache.arrow.stream";

fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
