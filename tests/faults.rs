//! Bad weather: a full disk, a directory that cannot be written, a broker that is away, a clock that jumps back,
//! data that a newer Athena wrote. Reads go on, nothing acknowledged is lost, and what is wrong is told.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use athena_store::LogKind;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::kafka::{assert_exact, produce, setting_at};
use crate::recovery::Server;
use crate::support::*;

const LIMIT: Duration = Duration::from_secs(90);

fn athena(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_athena")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A small file system of its own, where one can be mounted.
struct Small(PathBuf);

impl Small {
    fn mount(folder: &Path) -> Option<Self> {
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).arg(folder).output();
        match mounted {
            Ok(done) if done.status.success() => Some(Self(folder.to_owned())),
            _ => {
                eprintln!("skipped: a small file system cannot be mounted here");
                None
            }
        }
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// Writes until the disk is full, again and again from other fill levels, so that it is another write each
/// time that finds no room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_writes_and_heals() {
    let folder = tempfile::tempdir().unwrap();
    let Some(_small) = Small::mount(folder.path()) else { return };
    let data = folder.path().join("data");
    let filler = folder.path().join("filler");
    fs::create_dir(&data).unwrap();
    let server = Server::start(&data, &[]).await;
    let mut acknowledged = 0_u64;
    for round in 0..12 {
        let room = free(folder.path());
        // A little less room each time: the refusal meets a data file, a manifest, or the index.
        let left = 300_000 + round * 37_000;
        fs::write(&filler, vec![0; usize::try_from(room.saturating_sub(left)).unwrap()]).unwrap();
        let refused = loop {
            let event = json!({"id": format!("{round}-{acknowledged}"), "content": "x".repeat(20_000), "project": "p"});
            let (status, answer) = server.post("/v1/events", &event).await.unwrap();
            match status {
                200 => acknowledged += 1,
                _ => break (status, answer),
            }
        };
        assert_eq!((refused.0, &refused.1["error"]["code"]), (503, &json!("unavailable")), "{refused:?}");
        let hint = refused.1["error"]["hint"].as_str().unwrap_or_default();
        assert!(hint.contains("free space"), "{refused:?}");
        let rows = server.sql("SELECT COUNT(*), COUNT(DISTINCT id) FROM events").await;
        assert_eq!(rows[0], [json!(acknowledged), json!(acknowledged)], "round {round}: reads go on");
        fs::remove_file(&filler).unwrap();
        let event = json!({"id": format!("healed-{round}"), "content": "small", "project": "p"});
        let healed = timeout(LIMIT, async {
            while server.post("/v1/events", &event).await.unwrap().0 != 200 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        healed.await.expect("it heals when there is room again");
        acknowledged += 1;
        if free(folder.path()) < 6_000_000 {
            break;
        }
    }
    server.kill();
    let server = Server::start(&data, &[]).await;
    let rows = server.sql("SELECT COUNT(*), COUNT(DISTINCT id) FROM events").await;
    assert_eq!(rows[0], [json!(acknowledged), json!(acknowledged)], "a restart keeps all");
    server.stop();
}

/// Bytes that are free on the file system of a folder.
fn free(folder: &Path) -> u64 {
    let told = Command::new("df").args(["--output=avail", "-B1"]).arg(folder).output().unwrap();
    let text = String::from_utf8(told.stdout).unwrap();
    text.lines().nth(1).and_then(|line| line.trim().parse().ok()).expect("df tells bytes")
}

#[test]
fn a_directory_that_cannot_be_written_is_told_in_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    // Below a file nobody can make a directory, not even root.
    let output = athena(&["serve", "--listen", "127.0.0.1:0", "--data", file.join("data").to_str().unwrap()]);
    assert_eq!((output.status.code(), told(&output).lines().count()), (Some(1), 1), "{}", told(&output));
    let output = athena(&["doctor", "--data", file.join("data").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
}

#[tokio::test]
async fn a_newer_athenas_table_is_refused_and_explained() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path(), LogKind::Embedded).await);
    let uri = folder.path().join("tables/events.lance");
    let mut dataset = lance::Dataset::open(uri.to_str().unwrap()).await.unwrap();
    let config = dataset.config().clone();
    let (key, _) =
        config.iter().find(|(key, _)| key.contains("schema")).expect("the schema's version is in it");
    dataset.update_config([(key.as_str(), Some("9.0"))]).await.unwrap();
    let data = folder.path().to_str().unwrap();
    let output = athena(&["serve", "--listen", "127.0.0.1:0", "--data", data]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("events") && told(&output).contains("9.0"), "{}", told(&output));
    let output = athena(&["doctor", "--data", data]);
    let found = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(1) && found.contains("9.0"), "{found}");
}

#[tokio::test]
async fn doctor_explains_brokers_topics_and_locks() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let wrong = athena(&["doctor", "--data", data, "--kafka", "127.0.0.1:1"]);
    let found = String::from_utf8(wrong.stdout).unwrap();
    assert!(wrong.status.code() == Some(1) && found.contains("127.0.0.1:1"), "{found}");
    let topic = format!("missing-{:08x}", rand::random::<u32>());
    let config = folder.path().join("athena.toml");
    fs::write(&config, format!("[kafka]\nevents_topics = [{topic:?}]\n")).unwrap();
    let broker = crate::kafka::broker();
    let missing =
        athena(&["doctor", "--data", data, "--kafka", &broker, "--config", config.to_str().unwrap()]);
    let found = String::from_utf8(missing.stdout).unwrap();
    assert!(missing.status.code() == Some(1) && found.contains(&topic), "{found}");
    let held = open(Path::new(data), LogKind::Embedded).await;
    let foreign = athena(&["doctor", "--data", data]);
    let found = String::from_utf8(foreign.stdout).unwrap();
    assert!(found.contains(&format!("process {}", std::process::id())), "{found}");
    drop(held);
    fs::write(&config, "[server]\nlissten = \"127.0.0.1:0\"\n").unwrap();
    let unknown = athena(&["config", "--config", config.to_str().unwrap()]);
    assert!(unknown.status.code() == Some(2) && told(&unknown).contains("lissten"), "{}", told(&unknown));
}

/// The broker goes away while a server ingests: reads go on, and when it is back everything is there, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_broker_that_is_away_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let broker = crate::kafka::Broker::start();
    let store = open(folder.path(), LogKind::Kafka).await;
    let options = setting_at(&broker.address(), "away", 2, &store).await;
    let config = folder.path().join("athena.toml");
    fs::write(&config, crate::kafka::configuration(&options)).unwrap();
    produce(&options, 0, 2_000).await;
    let server = Server::start(folder.path(), &["--kafka", &broker.address()]).await;
    let applied = async |wanted: i64| {
        let all = timeout(LIMIT, async {
            loop {
                let rows = server.sql("SELECT COUNT(*) FROM events").await;
                if rows[0][0] == json!(wanted) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        all.await.unwrap_or_else(|_| panic!("{wanted} events are applied in time"));
    };
    applied(1_980).await;
    broker.stop();
    let away = if full() { 60 } else { 3 };
    for _ in 0..away {
        let rows = server.sql("SELECT COUNT(*) FROM events").await;
        assert_eq!(rows[0][0], json!(1_980), "reads go on");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    broker.again();
    produce(&options, 2_000, 2_000).await;
    applied(3_960).await;
    assert_exact(&store, 4_000).await;
    server.stop();
}

/// The log's time never falls, whatever the clock does.
#[tokio::test]
async fn a_clock_that_jumps_back_does_not_turn_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]).await;
    server.post("/v1/events", &json!({"id": "now", "content": "x"})).await.unwrap();
    server.stop();
    // As if the last event had been taken an hour from now.
    let store = open(folder.path(), LogKind::Embedded).await;
    let later = athena_schemas::Time::now().plus_micros(3_600_000_000);
    let mut event = event(0, 1);
    (event.log_topic, event.received_at) = ("local".into(), later);
    let staged = store
        .events
        .stage(vec![<athena_schemas::tables::Event as athena_schemas::Row>::batch([&event])])
        .await;
    let ranges = std::collections::BTreeMap::from([(athena_schemas::Partition::new("local", 0), (1, 2))]);
    let claim = athena_schemas::Claim { rule: athena_schemas::position::Rule::Exact, ranges };
    store.events.commit(&staged.unwrap(), claim, &["local".into()]).await.unwrap();
    drop(store);
    let server = Server::start(folder.path(), &[]).await;
    server.post("/v1/events", &json!({"id": "after", "content": "x"})).await.unwrap();
    let falls =
        "SELECT COUNT(*) FROM (SELECT received_at < LAG(received_at) OVER (ORDER BY log_offset) AS falls
                 FROM events) WHERE falls";
    assert_eq!(server.sql(falls).await[0][0], json!(0));
    let rows: Vec<Vec<Value>> = server.sql("SELECT COUNT(*) FROM events").await;
    assert_eq!(rows[0][0], json!(3));
    server.stop();
}
