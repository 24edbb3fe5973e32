//! Acknowledged single writes into the embedded log, at 1, 8 and 64 clients, beside one write and fsync of the same bytes:
//! events, and the same that have a verdict and so a row of the audit each. Then by HTTP, at 8 clients: events and memories,
//! as whoever is on this machine, with a token, and signed.

use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use athena_ingest::{Draft, EmbeddedLog, EmbeddedOptions, Submission};
use athena_query::who::signed::{Said, header};
use athena_schemas::Time;
use athena_schemas::audit::VERDICT;
use athena_schemas::vocabulary::Origin;
use athena_store::{Location, LogKind, MaintenanceOptions, Options, Store};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::report::{Report, percentile, runtime};
use crate::served::Served;

const SECONDS: u64 = 10;
const HTTP_CLIENTS: usize = 8;

pub fn run(report: &mut Report) {
    let folder = tempfile::tempdir().expect("a folder");
    report.row(json!({"what": "write and fsync of 350 bytes", "p50_ms": fsync(folder.path(), 50.0),
                      "p99_ms": fsync(folder.path(), 99.0)}));
    for audited in [false, true] {
        for clients in [1, 8, 64] {
            let spent = runtime().block_on(measure(clients, audited));
            report.row(row(json!({"clients": clients, "audited": audited}), spent));
        }
    }
    let served = Served::start();
    // With the first token nobody comes without one.
    for how in ["open", "bearer", "signed"] {
        let secret = (how != "open").then(|| token(&served, how));
        for (what, path, body) in requests() {
            let door =
                Door { url: &served.url, path, body: body.to_string(), secret: secret.as_deref(), how };
            let spent = runtime().block_on(over_http(&door));
            report.row(row(json!({"request": what, "by": how, "clients": HTTP_CLIENTS}), spent));
        }
    }
}

/// What was measured, with how many were acknowledged a second, and how fast.
fn row(mut of: Value, mut spent: Vec<f64>) -> Value {
    of["writes_per_s"] = json!(spent.len() / SECONDS as usize);
    of["p50_ms"] = json!(percentile(&mut spent, 50.0));
    of["p99_ms"] = json!(percentile(&mut spent, 99.0));
    of
}

fn fsync(folder: &std::path::Path, p: f64) -> f64 {
    let mut file = std::fs::File::create(folder.join("baseline")).expect("a file");
    let mut spent: Vec<f64> = (0..500)
        .map(|_| {
            let began = Instant::now();
            file.write_all(&[b'x'; 350]).and_then(|()| file.sync_all()).expect("written");
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    percentile(&mut spent, p)
}

/// An event by HTTP, which is not audited, and a command, which is.
fn requests() -> [(&'static str, &'static str, Value); 2] {
    [
        (
            "event",
            "/v1/events",
            json!({"project": "shop", "session": "s-1", "type": "tool_call", "content": content()}),
        ),
        (
            "memories.remember",
            "/v1/tools/memories/remember",
            json!({"project": "shop", "content": content()}),
        ),
    ]
}

fn content() -> String {
    "cargo test -p cart: 3 failed, 214 passed; ".repeat(7)
}

/// A token that writes, by its secret; `signed` is one whose requests are signed.
fn token(served: &Served, name: &str) -> String {
    let mut create = Command::new(env!("CARGO_BIN_EXE_athena"));
    create
        .args(["token", "create", name, "--role", "write", "--project", "shop", "--data"])
        .arg(served.data());
    create.args((name == "signed").then_some("--signed"));
    let made = create.output().expect("athena runs");
    let made: Value = serde_json::from_slice(&made.stdout).expect("a line of JSON");
    made["secret"].as_str().expect("a secret").to_owned()
}

/// Where requests go, and as whom.
struct Door<'a> {
    url: &'a str,
    path: &'static str,
    body: String,
    secret: Option<&'a str>,
    how: &'static str,
}

impl Door<'_> {
    fn authorization(&self) -> Option<String> {
        let secret = self.secret?;
        if self.how != "signed" {
            return Some(format!("Bearer {secret}"));
        }
        let host = self.url.trim_start_matches("http://");
        let said = Said { method: "POST", host, path: self.path, body: self.body.as_bytes() };
        let nonce = format!("{:032x}", rand::random::<u128>());
        Some(header(self.how, secret, said, Time::now().micros() / 1_000_000, &nonce))
    }
}

/// Milliseconds of each request; signing is a part of it.
async fn over_http(door: &Door<'_>) -> Vec<f64> {
    let http = reqwest::Client::new();
    let end = Instant::now() + Duration::from_secs(SECONDS);
    let clients = (0..HTTP_CLIENTS).map(|_| async {
        let mut spent = Vec::new();
        while Instant::now() < end {
            let began = Instant::now();
            let mut request = http.post(format!("{}{}", door.url, door.path)).body(door.body.clone());
            request = request.header("content-type", "application/json");
            if let Some(authorization) = door.authorization() {
                request = request.header("authorization", authorization);
            }
            let answer = request.send().await.expect("an answer");
            assert!(answer.status().is_success(), "{}", answer.status());
            answer.bytes().await.expect("the whole answer");
            spent.push(began.elapsed().as_secs_f64() * 1e3);
        }
        spent
    });
    join_all(clients).await.concat()
}

async fn measure(clients: usize, audited: bool) -> Vec<f64> {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options::new(Location::Directory(folder.path().to_owned()), Some(LogKind::Embedded));
    let store = std::sync::Arc::new(Store::open(options).await.expect("opens"));
    let (log, _task) = EmbeddedLog::start(store.clone(), EmbeddedOptions::default()).await.expect("starts");
    let upkeep = tokio::spawn({
        let store = store.clone();
        async move { store.keep_up(MaintenanceOptions::default(), std::future::pending()).await }
    });
    let end = Instant::now() + Duration::from_secs(SECONDS);
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let log = log.clone();
            tokio::spawn(async move {
                let mut spent = Vec::new();
                while Instant::now() < end {
                    // As many bytes, of which the audit knows one.
                    let attribute = if audited { VERDICT } else { "written" };
                    let draft = Draft {
                        session: Some(format!("s-{client}")),
                        r#type: Some("tool_call".into()),
                        content: Some(content()),
                        attributes: Some(json!({ attribute: {"verdict": "allowed"} }).to_string()),
                        ..Draft::default()
                    };
                    let one = Submission { drafts: vec![draft], actor: "bench".into(), origin: Origin::Http };
                    let began = Instant::now();
                    log.append(one).await.expect("acknowledged");
                    spent.push(began.elapsed().as_secs_f64() * 1e3);
                }
                spent
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.expect("client ends"));
    }
    upkeep.abort();
    all
}
