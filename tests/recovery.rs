//! Exactly once, whatever happens to the processes: kill -9, SIGSTOP across a rebalance, two at once, a
//! broker that goes away. Bounded by default; `ATHENA_TEST_FULL=1` runs the long forms.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use athena_ingest::kafka::KafkaOptions;
use athena_store::LogKind;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::kafka::{Broker, assert_exact, configuration, produce, setting_at};
use crate::support::*;

/// The real binary as an ingester of its own process.
fn ingester(data: &Path, options: &KafkaOptions, more: &[&str]) -> Child {
    let config = data.join("ingest.toml");
    let text = format!("{}[ingest]\nbatch_rows = 2000\n", configuration(options));
    std::fs::write(&config, text).unwrap();
    Command::new(env!("CARGO_BIN_EXE_athena"))
        .args(["ingest", "--kafka", &options.bootstrap, "--data"])
        .arg(data)
        .arg("--config")
        .arg(config)
        .args(more)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::options().create(true).append(true).open(data.join("ingest.log")).unwrap())
        .spawn()
        .expect("athena starts")
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

pub fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kafka_killed_stopped_and_doubled() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    let broker = Broker::start();
    let options = setting_at(&broker.address(), "recovery", 4, &store).await;
    let (records, kills) = if full() { (200_000, 20) } else { (20_000, 6) };
    let feed = tokio::spawn({
        let options = options.clone();
        async move {
            let part = records / 20;
            for n in 0..20 {
                produce(&options, n * part, part).await;
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        }
    });
    let mut rng = StdRng::seed_from_u64(7);
    let mut pair = [ingester(folder.path(), &options, &[]), ingester(folder.path(), &options, &[])];
    for kill_number in 0..kills {
        tokio::time::sleep(Duration::from_millis(rng.random_range(100..1500))).await;
        let victim = rng.random_range(0..2);
        let fresh = ingester(folder.path(), &options, &[]);
        kill(std::mem::replace(&mut pair[victim], fresh));
        if kill_number == kills / 2 {
            // Stopped longer than the group waits: its partitions go to the other; then it wakes with a
            // batch in hand.
            signal(&pair[0], "STOP");
            tokio::time::sleep(Duration::from_secs(9)).await;
            signal(&pair[0], "CONT");
        }
        if kill_number == kills / 3 {
            broker.stop();
            broker.again();
        }
    }
    feed.await.unwrap();
    pair.into_iter().for_each(kill);
    let drained = ingester(folder.path(), &options, &["--once"]).wait().unwrap();
    assert!(drained.success(), "{}", std::fs::read_to_string(folder.path().join("ingest.log")).unwrap());
    assert_exact(&store, records as i64).await;
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The binary as a server on a free port, ready.
pub struct Server {
    pub url: String,
    child: Child,
}

impl Server {
    /// `athena serve` on a directory.
    pub async fn start(data: &Path, more: &[&str]) -> Self {
        let arguments: Vec<&str> =
            ["--data", data.to_str().unwrap()].into_iter().chain(more.iter().copied()).collect();
        Self::start_as("serve", &arguments, &[], &data.join("serve.log")).await
    }

    /// Any role that serves.
    pub async fn start_as(
        role: &str,
        arguments: &[&str],
        environment: &[(&'static str, String)],
        log: &Path,
    ) -> Self {
        let listen = format!("127.0.0.1:{}", free_port());
        let stderr = std::fs::File::options().create(true).append(true).open(log).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_athena"))
            .args([role, "--listen", &listen])
            .args(arguments)
            .envs(environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .expect("athena starts");
        let server = Self { url: format!("http://{listen}"), child };
        let until = Instant::now() + Duration::from_secs(60);
        while Instant::now() < until {
            let ready = reqwest::get(format!("{}/readyz", server.url)).await;
            if ready.is_ok_and(|answer| answer.status().is_success()) {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("not ready: {}", std::fs::read_to_string(log).unwrap());
    }

    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; ends well within 10 s.
    pub fn stop(mut self) {
        signal(&self.child, "TERM");
        let until = Instant::now() + Duration::from_secs(10);
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.child.kill().unwrap();
        panic!("did not stop within 10 s of SIGTERM");
    }

    pub async fn post(&self, path: &str, body: &Value) -> reqwest::Result<(u16, Value)> {
        let answer = reqwest::Client::new().post(format!("{}{path}", self.url)).json(body).send().await?;
        let status = answer.status().as_u16();
        Ok((status, answer.json().await?))
    }

    pub async fn sql(&self, statement: &str) -> Vec<Vec<Value>> {
        let (status, answer) = self.post("/v1/sql", &json!({"sql": statement})).await.unwrap();
        assert_eq!(status, 200, "{answer}");
        serde_json::from_value(answer["rows"].clone()).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already, unless a test fails.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Four clients send events one by one, again and again until each is acknowledged, while the server is
/// killed. Whatever was acknowledged is there, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn embedded_killed_under_four_clients() {
    let folder = tempfile::tempdir().unwrap();
    let (each, kills) = if full() { (2_000, 20) } else { (300, 5) };
    let server = Server::start(folder.path(), &[]).await;
    let (address, current) = tokio::sync::watch::channel(server.url.clone());
    let clients: Vec<_> = (0..4)
        .map(|client| {
            let current = current.clone();
            tokio::spawn(async move {
                let http = reqwest::Client::new();
                for n in 0..each {
                    let event = json!({"id": format!("{client}-{n}"), "content": format!("event {n}"), "project": "p"});
                    loop {
                        let url = format!("{}/v1/events", current.borrow().clone());
                        match http.post(url).json(&event).send().await {
                            Ok(answer) if answer.status() == 200 => break,
                            _ => tokio::time::sleep(Duration::from_millis(10)).await,
                        }
                    }
                }
            })
        })
        .collect();
    let mut rng = StdRng::seed_from_u64(11);
    let mut server = server;
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(rng.random_range(50..600))).await;
        server.kill();
        server = Server::start(folder.path(), &[]).await;
        address.send_replace(server.url.clone());
    }
    for client in clients {
        client.await.unwrap();
    }
    let statement = "SELECT COUNT(*), COUNT(DISTINCT id), MIN(log_offset), MAX(log_offset) FROM events";
    let total = i64::from(4 * each);
    let rows = server.sql(statement).await;
    assert_eq!(rows[0][..3], [json!(total), json!(total), json!(0)]);
    server.stop();
    let server = Server::start(folder.path(), &[]).await;
    assert_eq!(server.sql(statement).await, rows, "a restart keeps all");
    server.stop();
}
