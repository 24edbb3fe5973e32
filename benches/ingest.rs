//! Kafka into durable Lance tables: 350-byte zstd records that are in the topic already, broker on the
//! same machine, at 1, 2 and 4 partitions; beside a raw consumer that throws them away, and a Python
//! consumer (confluent-kafka, pylance) with batches of the same size.
//!
//! `ATHENA_TEST_KAFKA` names the broker, `ATHENA_TEST_PYTHON` a Python with both packages;
//! `ATHENA_BENCH_EVENTS` how many (1,000,000).

use std::sync::Arc;
use std::time::{Duration, Instant};

use athena_ingest::kafka::{Decisions, Ingester, KafkaOptions};
use athena_store::{Location, LogKind, Options, Store};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::{Offset, TopicPartitionList};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::report::{Report, runtime};

pub fn run(report: &mut Report) {
    let Ok(broker) = std::env::var("ATHENA_TEST_KAFKA") else {
        eprintln!("  skipped: ATHENA_TEST_KAFKA=host:port names no broker; `./dev bench` starts one");
        return;
    };
    let events = std::env::var("ATHENA_BENCH_EVENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    for partitions in [1, 2, 4] {
        let topic = format!("bench-{partitions}-{:08x}", rand::random::<u32>());
        runtime().block_on(create(&broker, &topic, partitions));
        fill(&broker, &topic, partitions, events);
        let raw = best(3, || consume(&broker, &topic, partitions, events));
        let ours = best(3, || runtime().block_on(athena(&broker, &topic, events)));
        let mut row = json!({"partitions": partitions, "events": events, "raw_per_s": raw as u64,
                             "athena_per_s": ours as u64, "of_raw": ours / raw});
        if let Some(python) = python(&broker, &topic, partitions, events) {
            row["python_per_s"] = Value::from(python as u64);
            row["times_python"] = Value::from(ours / python);
        }
        report.row(row);
        runtime().block_on(delete(&broker, &topic));
    }
}

/// The best of several rates: the machine is shared.
fn best(times: usize, mut rate: impl FnMut() -> f64) -> f64 {
    (0..times).map(|_| rate()).fold(0.0, f64::max)
}

fn admin(broker: &str) -> AdminClient<DefaultClientContext> {
    ClientConfig::new().set("bootstrap.servers", broker).create().expect("an admin client")
}

async fn create(broker: &str, topic: &str, partitions: i32) {
    let commands = format!("{topic}-commands");
    let new = [
        NewTopic::new(topic, partitions, TopicReplication::Fixed(1)),
        NewTopic::new(&commands, 1, TopicReplication::Fixed(1)),
    ];
    admin(broker).create_topics(&new, &AdminOptions::new()).await.expect("topics are made");
}

async fn delete(broker: &str, topic: &str) {
    let commands = format!("{topic}-commands");
    admin(broker).delete_topics(&[topic, &commands], &AdminOptions::new()).await.expect("topics go");
}

/// An agent's tool call, 350 bytes.
fn event(number: usize) -> String {
    let mut text = json!({
        "id": format!("e-{number:09}"), "time": 1_795_428_000_000_u64 + number as u64, "project": "shop",
        "session": format!("s-{}", number % 1000), "agent": "claude", "type": "tool_call", "tool": "Bash",
        "outcome": if number.is_multiple_of(17) { "failure" } else { "success" },
        "files": [format!("cart/src/module_{}.rs", number % 97)], "duration_ms": number % 5000,
        "attributes": {"exit_code": number % 3},
        "content": format!("cargo test -p cart --test checkout_{number}"),
    })
    .to_string();
    let missing = 350_usize.saturating_sub(text.len());
    text.truncate(text.len() - 2);
    text.push_str(&".".repeat(missing));
    text.push_str("\"}");
    text
}

fn fill(broker: &str, topic: &str, partitions: i32, events: usize) {
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", broker)
        .set("compression.type", "zstd")
        .set("linger.ms", "50")
        .set("batch.size", "1000000")
        .set("queue.buffering.max.messages", "1000000")
        .create()
        .expect("a producer");
    for number in 0..events {
        let payload = event(number);
        let partition = number as i32 % partitions;
        let mut record = BaseRecord::<(), _>::to(topic).payload(&payload).partition(partition);
        while let Err((_, back)) = producer.send(record) {
            producer.poll(Duration::from_millis(10));
            record = back;
        }
    }
    producer.flush(Duration::from_secs(120)).expect("all delivered");
}

/// Events a second of a consumer that does nothing with them.
fn consume(broker: &str, topic: &str, partitions: i32, events: usize) -> f64 {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", broker)
        .set("group.id", "raw")
        .set("queued.min.messages", "200000")
        .create()
        .expect("a consumer");
    let mut all = TopicPartitionList::new();
    for partition in 0..partitions {
        all.add_partition_offset(topic, partition, Offset::Beginning).expect("an offset");
    }
    let began = Instant::now();
    consumer.assign(&all).expect("assigned");
    let mut seen = 0;
    while seen < events {
        if let Some(message) = consumer.poll(Duration::from_secs(10)) {
            message.expect("a message");
            seen += 1;
        }
    }
    events as f64 / began.elapsed().as_secs_f64()
}

async fn athena(broker: &str, topic: &str, events: usize) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options::new(Location::Directory(folder.path().to_owned()), Some(LogKind::Kafka));
    let store = Arc::new(Store::open(options).await.expect("opens"));
    let mut options = KafkaOptions::new(broker, store.secret);
    options.topics = vec![topic.to_owned()];
    options.commands_topic = format!("{topic}-commands");
    options.dead_letters_topic = None;
    options.group = format!("{topic}-{:08x}", rand::random::<u32>());
    let stop = CancellationToken::new();
    let began = Instant::now();
    let ingester = Ingester::start(store.clone(), options, Decisions::default(), false, stop.clone())
        .await
        .expect("starts");
    let mut commits = ingester.commits.clone();
    // From the start of the process's work to the last durable commit.
    commits
        .wait_for(|applied| applied.0.values().sum::<i64>() >= events as i64)
        .await
        .expect("the ingester lives");
    let spent = began.elapsed().as_secs_f64();
    stop.cancel();
    ingester.join().await.expect("ends");
    let rows = store.events.dataset().count_rows(None).await.expect("counts");
    assert_eq!(rows, events, "every event is a row");
    events as f64 / spent
}

fn python(broker: &str, topic: &str, partitions: i32, events: usize) -> Option<f64> {
    let python = std::env::var("ATHENA_TEST_PYTHON").ok()?;
    let folder = tempfile::tempdir().ok()?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/kafka_to_lance.py");
    let arguments = [broker, topic, &partitions.to_string(), &events.to_string()];
    let output =
        std::process::Command::new(python).arg(script).args(arguments).arg(folder.path()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let rate = text.trim().parse().ok();
    if rate.is_none() {
        eprintln!("  the Python peer failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    rate
}
