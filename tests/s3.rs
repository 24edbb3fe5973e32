//! The same flow on a real S3-compatible server: versitygw, started here, which must first pass a race.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use athena_store::LogKind;
use object_store::aws::{AmazonS3, AmazonS3Builder, S3ConditionalPut};
use object_store::{Error, ObjectStore, PutMode, PutOptions};
use serde_json::json;

use crate::kafka::{configuration, produce, setting};
use crate::recovery::{Server, free_port, kill};
use crate::support::*;

const KEY: &str = "athena-test";

struct Gateway {
    child: Child,
    endpoint: String,
    _folder: tempfile::TempDir,
}

impl Gateway {
    async fn start() -> Self {
        let binary =
            std::env::var("ATHENA_TEST_S3").expect("ATHENA_TEST_S3=path of versitygw; `./dev test` sets it");
        let folder = tempfile::tempdir().unwrap();
        for name in ["data/bucket", "sidecar", "iam"] {
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        let address = format!("127.0.0.1:{}", free_port());
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let child = Command::new(binary)
            .args(["--access", KEY, "--secret", KEY, "--port", &address, "--quiet", "posix", "--sidecar"])
            .arg(folder.path().join("sidecar"))
            .arg(folder.path().join("data"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .expect("versitygw starts");
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(&address).await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Self { child, endpoint: format!("http://{address}"), _folder: folder }
    }

    fn client(&self) -> AmazonS3 {
        AmazonS3Builder::new()
            .with_bucket_name("bucket")
            .with_endpoint(&self.endpoint)
            .with_region("us-east-1")
            .with_access_key_id(KEY)
            .with_secret_access_key(KEY)
            .with_allow_http(true)
            .with_conditional_put(S3ConditionalPut::ETagMatch)
            .build()
            .unwrap()
    }

    /// What a process needs to reach it.
    fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT", self.endpoint.clone()),
            ("AWS_ACCESS_KEY_ID", KEY.into()),
            ("AWS_SECRET_ACCESS_KEY", KEY.into()),
            ("AWS_REGION", "us-east-1".into()),
            ("AWS_ALLOW_HTTP", "true".into()),
        ]
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// 32 writers put-if-absent one key: exactly one succeeds, every time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn put_if_absent_has_one_winner() {
    let gateway = Gateway::start().await;
    let client = Arc::new(gateway.client());
    for round in 0..if full() { 1_000 } else { 50 } {
        let path = object_store::path::Path::from(format!("race/{round}"));
        let writers: Vec<_> = (0..32)
            .map(|writer| {
                let (client, path) = (client.clone(), path.clone());
                tokio::spawn(async move {
                    let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
                    let body = format!("writer {writer}").into_bytes();
                    match client.put_opts(&path, body.into(), options).await {
                        Ok(_) => 1,
                        Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => 0,
                        Err(error) => panic!("{error}"),
                    }
                })
            })
            .collect();
        let mut winners = 0;
        for writer in writers {
            winners += writer.await.unwrap();
        }
        assert_eq!(winners, 1, "round {round}");
    }
}

/// Two ingesters write to one bucket, one is killed; a query node on the same bucket answers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_ingesters_one_killed_one_bucket() {
    let gateway = Gateway::start().await;
    let data = "s3://bucket/memory";
    let folder = tempfile::tempdir().unwrap();
    let secretless = open(&folder.path().join("unused"), LogKind::Kafka).await;
    let options = setting("s3", 2, &secretless).await;
    let config = folder.path().join("athena.toml");
    let text = format!("{}[ingest]\nbatch_rows = 500\n", configuration(&options));
    std::fs::write(&config, text).unwrap();
    let ingest = |more: &[&str]| -> Child {
        Command::new(env!("CARGO_BIN_EXE_athena"))
            .args(["ingest", "--kafka", &options.bootstrap, "--data", data, "--config"])
            .arg(&config)
            .args(more)
            .envs(gateway.environment())
            .stdin(Stdio::null())
            .stderr(std::fs::File::options().create(true).append(true).open(log(folder.path())).unwrap())
            .spawn()
            .expect("athena starts")
    };
    let pair = [ingest(&[]), ingest(&[])];
    produce(&options, 0, 2_000).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let [first, second] = pair;
    kill(first);
    produce(&options, 2_000, 2_000).await;
    tokio::time::sleep(Duration::from_millis(1_000)).await;
    kill(second);
    let done = ingest(&["--once"]).wait().unwrap();
    assert!(done.success(), "{}", std::fs::read_to_string(log(folder.path())).unwrap());

    let arguments = ["--kafka", &options.bootstrap, "--data", data, "--config", config.to_str().unwrap()];
    let server = Server::start_as("query", &arguments, &gateway.environment(), &log(folder.path())).await;
    let rows = server.sql("SELECT COUNT(*), COUNT(DISTINCT id), COUNT(DISTINCT position) FROM events").await;
    assert_eq!(rows[0], [json!(3960), json!(3960), json!(3960)]);
    assert_eq!(server.sql("SELECT COUNT(*) FROM dead_letters").await[0], [json!(40)]);
    server.stop();
}

fn log(folder: &Path) -> std::path::PathBuf {
    folder.join("athena.log")
}
