//! `athena mcp`: MCP on standard input and output, for hosts that start their servers themselves.
//!
//! ```text
//! a line in ─▶ POST /mcp of whoever serves the memory ─▶ one answer, or a stream of messages ─▶ lines out
//! ```
//!
//! The messages are the server's own, and so is what is wrong with those of the client; here they only change their
//! carrier.

use std::collections::HashSet;
use std::process::ExitCode;

use anyhow::Context;
use athena_query::{Registry, check_tools};
use athena_schemas::Error;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use parking_lot::Mutex;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, stdin, stdout};
use tokio::sync::Mutex as AsyncMutex;

use crate::args;
use crate::client::{Client, Request};

const SESSION: &str = "mcp-session-id";
const VERSION: &str = "mcp-protocol-version";
/// Where a message of the newest revisions says which one it speaks.
const META_VERSION: &str = "io.modelcontextprotocol/protocolVersion";
const INTERNAL: i64 = -32603;
const INVALID: i64 = -32600;
const NOT_JSON: i64 = -32700;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which tools there are: all, core (single-purpose ones, few tokens), names, or several of these with commas.
    #[arg(long, value_name = "all|core|A,B", default_value = "all", value_parser = tools)]
    tools: String,
    #[command(flatten)]
    pub client: args::Client,
}

fn tools(words: &str) -> Result<String, Error> {
    check_tools(words, &Registry::whole())?;
    Ok(words.split_whitespace().collect())
}

pub async fn run(client: &Client, args: &Args) -> anyhow::Result<ExitCode> {
    let carrier = Carrier {
        client,
        path: format!("/mcp?tools={}", args.tools),
        session: Mutex::default(),
        asked: Mutex::default(),
        out: AsyncMutex::new(stdout()),
    };
    let mut lines = BufReader::new(stdin()).split(b'\n');
    let mut under_way = FuturesUnordered::new();
    loop {
        tokio::select! {
            line = lines.next_segment() => {
                let Some(line) = line.context("read standard input")? else { break };
                if line.trim_ascii().is_empty() {
                    continue;
                }
                match serde_json::from_slice::<Value>(&line) {
                    Ok(message) if message["method"] == "initialize" => {
                        let first = carrier.carry(Ok(message));
                        tokio::pin!(first);
                        // Nothing else may be said before both sides know each other; what was said before goes on, as it
                        // may be writing.
                        loop {
                            tokio::select! {
                                done = &mut first => break done?,
                                Some(done) = under_way.next() => done?,
                            }
                        }
                    }
                    read => under_way.push(carrier.carry(read)),
                }
            }
            Some(done) = under_way.next() => done?,
        }
    }
    while let Some(done) = under_way.next().await {
        done?;
    }
    carrier.end().await;
    Ok(ExitCode::SUCCESS)
}

/// What a client and its server agreed on, where the revision knows sessions.
#[derive(Debug, Default, Clone)]
struct Session {
    id: Option<String>,
    version: Option<String>,
    /// The client's first message, for a server that takes over.
    initialize: Option<Value>,
}

struct Carrier<'c> {
    client: &'c Client,
    path: String,
    session: Mutex<Session>,
    /// Ids of requests that are not answered yet, as text.
    asked: Mutex<HashSet<String>>,
    out: AsyncMutex<tokio::io::Stdout>,
}

impl Carrier<'_> {
    /// Carries one message or batch there, and what comes of it back. The server answers the last of requests with one
    /// id only: each waits alone.
    async fn carry(&self, read: serde_json::Result<Value>) -> anyhow::Result<()> {
        let message = match read {
            Ok(message) => message,
            Err(error) => return self.refuse(&Value::Null, NOT_JSON, &format!("not JSON: {error}")).await,
        };
        if message["method"] == "initialize" {
            *self.session.lock() = Session { initialize: Some(message.clone()), ..Session::default() };
        }
        let ids = ids(&message);
        let is_asked = {
            let mut asked = self.asked.lock();
            let is_asked = ids.iter().any(|id| asked.contains(id));
            if !is_asked {
                asked.extend(ids.iter().cloned());
            }
            is_asked
        };
        let id = message.get("id").unwrap_or(&Value::Null);
        if is_asked {
            return self.refuse(id, INVALID, "a request with this id is not answered yet").await;
        }
        let carried = self.carried(&message).await;
        self.asked.lock().retain(|id| !ids.contains(id));
        match carried {
            Err(error) if !is_notification(&message) => {
                self.refuse(id, INTERNAL, &format!("{error:#}")).await
            }
            _ => Ok(()),
        }
    }

    async fn refuse(&self, id: &Value, code: i64, why: &str) -> anyhow::Result<()> {
        let error = json!({"code": code, "message": why});
        self.write(&json!({"jsonrpc": "2.0", "id": id, "error": error})).await
    }

    async fn carried(&self, message: &Value) -> anyhow::Result<()> {
        let mut response = self.client.open(&self.request(message)?).await?;
        if response.status() == StatusCode::NOT_FOUND && self.session.lock().id.is_some() {
            // Another process serves the memory by now, which does not know the session.
            self.introduce().await?;
            response = self.client.open(&self.request(message)?).await?;
        }
        self.read(response, !is_notification(message)).await
    }

    fn request(&self, message: &Value) -> anyhow::Result<Request> {
        let session = self.session.lock().clone();
        let method = message["method"].as_str();
        let mut request = Request::json(&self.path, message)?
            .header("accept", "application/json, text/event-stream")
            .header("athena-door", "mcp");
        request.repeatable = false;
        let said = message["params"]["_meta"][META_VERSION].as_str();
        if let Some(version) = said.or(session.version.as_deref()) {
            request = request.header(VERSION, version);
        }
        match (said, session.id) {
            (None, Some(id)) if method != Some("initialize") => request = request.header(SESSION, id),
            (None, _) => {}
            // Revisions without sessions name in headers what is asked.
            (Some(_), _) => {
                let params = &message["params"];
                let name = params["name"].as_str().or(params["uri"].as_str());
                for (header, value) in [("mcp-method", method), ("mcp-name", name)] {
                    if let Some(value) = value {
                        request = request.header(header, value);
                    }
                }
            }
        }
        Ok(request)
    }

    /// Begins a session anew, unseen by the client.
    async fn introduce(&self) -> anyhow::Result<()> {
        let Some(initialize) = self.session.lock().initialize.clone() else { return Ok(()) };
        *self.session.lock() = Session { initialize: Some(initialize.clone()), ..Session::default() };
        let response = self.client.open(&self.request(&initialize)?).await?;
        self.read(response, false).await?;
        let initialized = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        self.client.open(&self.request(&initialized)?).await?;
        Ok(())
    }

    /// Writes the messages of an answer as they come.
    async fn read(&self, mut response: reqwest::Response, tell: bool) -> anyhow::Result<()> {
        if let Some(id) = response.headers().get(SESSION) {
            self.session.lock().id = Some(id.to_str().context("the session's name")?.to_owned());
        }
        let text = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        let streamed = text("content-type").is_some_and(|kind| kind.starts_with("text/event-stream"));
        let status = response.status();
        if streamed {
            let mut buffer = Vec::new();
            while let Some(bytes) = response.chunk().await.context("read the stream")? {
                buffer.extend_from_slice(&bytes);
                while let Some(end) = buffer.iter().position(|byte| *byte == b'\n') {
                    let line: Vec<u8> = buffer.drain(..=end).collect();
                    let data = line.strip_prefix(b"data:").map(<[u8]>::trim_ascii).unwrap_or_default();
                    if !data.is_empty() {
                        let message = serde_json::from_slice(data).context("read a message of the stream")?;
                        self.told(&message, tell).await?;
                    }
                }
            }
            return Ok(());
        }
        let body = response.bytes().await.context("read the answer")?;
        match serde_json::from_slice::<Value>(&body) {
            Ok(message) if message.is_array() || message.get("jsonrpc").is_some() => {
                self.told(&message, tell).await
            }
            Ok(refused) if !status.is_success() => {
                let told = ["message", "hint"].iter().filter_map(|name| refused["error"][name].as_str());
                anyhow::bail!("{status}: {}", told.collect::<Vec<_>>().join("; "))
            }
            _ if status.is_success() => Ok(()),
            _ => anyhow::bail!("{status}: {}", String::from_utf8_lossy(&body)),
        }
    }

    async fn told(&self, message: &Value, tell: bool) -> anyhow::Result<()> {
        if let Some(version) = message["result"]["protocolVersion"].as_str() {
            self.session.lock().version = Some(version.to_owned());
        }
        if tell { self.write(message).await } else { Ok(()) }
    }

    async fn write(&self, message: &Value) -> anyhow::Result<()> {
        let mut out = self.out.lock().await;
        out.write_all(format!("{message}\n").as_bytes()).await.context("write standard output")?;
        out.flush().await.context("write standard output")
    }

    /// Tells the server that the session is over.
    async fn end(&self) {
        let session = self.session.lock().clone();
        if let Some(id) = session.id {
            let mut request = Request::get(&self.path).header(SESSION, id);
            request.method = reqwest::Method::DELETE;
            // A server that is gone has forgotten it already.
            drop(self.client.open(&request).await);
        }
    }
}

/// Of a notification nobody waits for an answer, nor of an answer.
fn is_notification(message: &Value) -> bool {
    match message.get("id") {
        None => message["method"].is_string(),
        Some(_) => {
            message.get("method").is_none() && message.get("result").or(message.get("error")).is_some()
        }
    }
}

/// The ids of a request, or of those in a batch, as text.
fn ids(message: &Value) -> Vec<String> {
    let one = std::slice::from_ref(message);
    let requests =
        message.as_array().map_or(one, Vec::as_slice).iter().filter(|one| one["method"].is_string());
    requests.filter_map(|one| Some(one.get("id")?.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_for_an_answer() {
        let request = json!({"id": 1, "method": "ping"});
        assert!(!is_notification(&request) && !is_notification(&json!([request])));
        assert!(!is_notification(&json!({"id": 1})) && !is_notification(&json!("x")));
        assert!(is_notification(&json!({"method": "notifications/initialized"})));
        assert!(is_notification(&json!({"id": 1, "result": {}})));
        assert_eq!(ids(&json!([request, {"method": "x"}, {"id": "1", "method": "y"}])), ["1", "\"1\""]);
        assert!(ids(&json!({"id": 1, "result": {}})).is_empty() && ids(&json!("x")).is_empty());
    }
}
