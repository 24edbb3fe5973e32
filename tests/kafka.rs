//! Kafka into the tables, on a real broker: counts, positions, dead letters, duplicates, commands.

use std::time::Duration;

use athena_ingest::batch::Batch;
use athena_ingest::kafka::{self, Decisions, Ingester, KafkaLog, KafkaOptions};
use athena_ingest::{Command, Draft, Log, Submission, Writer, WriterOptions};
use athena_schemas::tables::Event;
use athena_schemas::vocabulary::Origin;
use athena_schemas::{Partition, Time};
use athena_store::{LogKind, Store};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewPartitions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Headers, Message};
use rdkafka::producer::{
    BaseRecord, DefaultProducerContext, FutureProducer, FutureRecord, Producer, ThreadedProducer,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::operations::called;
use crate::processes;
use crate::support::*;

/// The broker that `./dev test` started, or the user's own.
pub fn broker() -> String {
    std::env::var("ATHENA_TEST_KAFKA").expect("ATHENA_TEST_KAFKA=host:port; `./dev test` sets it")
}

/// A broker of one test's own, which it may stop and start again.
pub struct Broker {
    folder: tempfile::TempDir,
    port: u16,
}

impl Broker {
    pub fn start() -> Self {
        // Below the ports that connections are given, so that it is free when the broker comes back.
        let free = |port: &u16| {
            [*port, port + 1].iter().all(|p| std::net::TcpListener::bind(("127.0.0.1", *p)).is_ok())
        };
        let port = std::iter::repeat_with(|| rand::random_range(20_000..32_000)).find(free).unwrap();
        let broker = Self { folder: tempfile::tempdir().unwrap(), port };
        broker.again();
        broker
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn again(&self) {
        self.dev("start");
    }

    pub fn stop(&self) {
        self.dev("stop");
    }

    fn dev(&self, verb: &str) {
        let done = std::process::Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/dev"))
            .args(["kafka", verb, "--port", &self.port.to_string(), "--data"])
            .arg(self.folder.path())
            .output()
            .expect("./dev runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn create_topics(broker: &str, topics: &[(&str, i32)]) {
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", broker).create().unwrap();
    let new: Vec<_> =
        topics.iter().map(|(name, n)| NewTopic::new(name, *n, TopicReplication::Fixed(1))).collect();
    for made in admin.create_topics(&new, &AdminOptions::new()).await.unwrap() {
        made.expect("topic is made");
    }
}

pub fn producer(options: &KafkaOptions) -> FutureProducer {
    ClientConfig::new()
        .set("bootstrap.servers", &options.bootstrap)
        .set("enable.idempotence", "true")
        .set("compression.type", "zstd")
        .set("linger.ms", "5")
        .create()
        .unwrap()
}

/// Topics of one test's own, and settings that read them.
pub async fn setting(name: &str, partitions: i32, store: &Store) -> KafkaOptions {
    setting_at(&broker(), name, partitions, store).await
}

pub async fn setting_at(broker: &str, name: &str, partitions: i32, store: &Store) -> KafkaOptions {
    let unique = format!("{name}-{:08x}", rand::random::<u32>());
    let mut options = KafkaOptions::new(broker, store.secret);
    options.topics = vec![format!("{unique}.events")];
    options.commands_topic = format!("{unique}.commands");
    options.dead_letters_topic = Some(format!("{unique}.dead-letters"));
    options.group = unique;
    let dead = options.dead_letters_topic.clone().unwrap();
    let topics = [(options.topics[0].as_str(), partitions), (&options.commands_topic, 1), (&dead, 1)];
    create_topics(broker, &topics).await;
    options
}

/// The configuration of a server that reads and writes the same topics. What one that was killed had is another's after 6 s.
pub fn configuration(options: &KafkaOptions) -> String {
    let dead = options.dead_letters_topic.as_deref().unwrap();
    format!(
        "[kafka]\nevents_topics = [{:?}]\ncommands_topic = {:?}\ndead_letters_topic = {dead:?}\ngroup = {:?}\n\
         [kafka.client]\n\"session.timeout.ms\" = \"6000\"\n\"heartbeat.interval.ms\" = \"1000\"\n",
        options.topics[0], options.commands_topic, options.group
    )
}

/// Every record of a topic as its producer gave it: key, headers and value, from the first that the broker has.
pub async fn records_of(options: &KafkaOptions, topic: &str) -> Vec<Vec<u8>> {
    let (bootstrap, topic) = (options.bootstrap.clone(), topic.to_owned());
    let read = move || {
        let wait = Duration::from_secs(30);
        let consumer: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", &bootstrap)
            .set("group.id", format!("{topic}.read"))
            .set("isolation.level", "read_uncommitted")
            .create()
            .unwrap();
        let metadata = consumer.fetch_metadata(Some(&topic), wait).unwrap();
        let mut all = Vec::new();
        for partition in metadata.topics()[0].partitions() {
            let (first, end) = consumer.fetch_watermarks(&topic, partition.id(), wait).unwrap();
            let mut from = rdkafka::TopicPartitionList::new();
            from.add_partition_offset(&topic, partition.id(), rdkafka::Offset::Offset(first)).unwrap();
            consumer.assign(&from).unwrap();
            let mut next = first;
            while next < end {
                let record = consumer.poll(wait).expect("a record in time").unwrap();
                next = record.offset() + 1;
                let headers = record.headers().into_iter().flat_map(|headers| headers.iter());
                let headers =
                    headers.flat_map(|header| [header.key.as_bytes(), header.value.unwrap_or_default()]);
                let parts =
                    headers.chain([record.key().unwrap_or_default(), record.payload().unwrap_or_default()]);
                all.push(parts.collect::<Vec<_>>().join(&b'\n'));
            }
        }
        all
    };
    tokio::task::spawn_blocking(read).await.unwrap()
}

/// Sends `count` records from `first` on, every hundredth malformed, and waits for their delivery.
pub async fn produce(options: &KafkaOptions, first: usize, count: usize) {
    let producer = producer(options);
    let mut sent = Vec::with_capacity(count);
    for i in first..first + count {
        let value = match i % 100 {
            99 => format!("{{\"content\": 17, \"id\": \"bad-{i}\""),
            _ => json!({"id": format!("e-{i}"), "project": "p", "session": format!("s-{}", i % 50),
                        "type": "tool_call", "content": format!("cargo test -p crate-{i}")})
            .to_string(),
        };
        let key = format!("s-{}", i % 50);
        sent.push(
            producer.send_result(FutureRecord::to(&options.topics[0]).key(&key).payload(&value)).unwrap(),
        );
        if sent.len() == 10_000 {
            for delivery in sent.drain(..) {
                delivery.await.unwrap().unwrap();
            }
        }
    }
    for delivery in sent {
        delivery.await.unwrap().unwrap();
    }
}

pub async fn drain(store: &std::sync::Arc<Store>, options: &KafkaOptions) {
    let stop = CancellationToken::new();
    let ingester =
        Ingester::start(store.clone(), options.clone(), Decisions::default(), true, stop).await.unwrap();
    tokio::time::timeout(Duration::from_secs(120), ingester.join()).await.expect("drains").unwrap();
}

/// Every offset of every partition stands in exactly one place.
pub async fn assert_exact(store: &Store, records: i64) {
    store.refresh().await.unwrap();
    let malformed = records / 100;
    let rows = sql(store, "SELECT COUNT(*), COUNT(DISTINCT id), COUNT(DISTINCT position) FROM events").await;
    let good = (records - malformed).to_string();
    assert_eq!(rows[0], [good.clone(), good.clone(), good]);
    let rows = sql(store, "SELECT COUNT(*), COUNT(DISTINCT position) FROM dead_letters").await;
    assert_eq!(rows[0], [malformed.to_string(), malformed.to_string()]);
    let ranges = "SELECT log_partition, MIN(log_offset), MAX(log_offset) + 1, COUNT(*) FROM (
        SELECT log_partition, log_offset FROM events UNION ALL
        SELECT log_partition, log_offset FROM dead_letters) AS every GROUP BY log_partition";
    let mut total = 0;
    for row in sql(store, ranges).await {
        assert_eq!((row[1].as_str(), &row[2]), ("0", &row[3]), "partition {}", row[0]);
        total += row[3].parse::<i64>().unwrap();
    }
    assert_eq!(total, records);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drained_in_two_parts_by_two_processes_worth_of_state() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    let mut options = setting("drain", 4, &store).await;
    options.batch_rows = 700;
    produce(&options, 0, 5_000).await;
    drain(&store, &options).await;
    assert_exact(&store, 5_000).await;
    produce(&options, 5_000, 5_000).await;
    // Another store handle is what another process has.
    let other = open(folder.path(), LogKind::Kafka).await;
    drain(&other, &options).await;
    assert_exact(&store, 10_000).await;
    let fields = "SELECT DISTINCT code, actor, origin FROM dead_letters";
    let actor = format!("kafka:{}", options.topics[0]);
    assert_eq!(sql(&store, fields).await, [["invalid_argument", actor.as_str(), "kafka"]]);
}

/// A member of the group that reads nothing holds the events for a while; what is left at the end of the
/// topic are records of transactions, which no reader ever gets.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drain_waits_for_messages_and_not_for_control_records() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    let options = setting("held", 1, &store).await;
    produce(&options, 0, 100).await;
    let (bootstrap, topic, group) =
        (options.bootstrap.clone(), options.topics[0].clone(), options.group.clone());
    let transactions = move || {
        let producer: ThreadedProducer<DefaultProducerContext> = ClientConfig::new()
            .set("bootstrap.servers", &bootstrap)
            .set("transactional.id", &topic)
            .create()
            .unwrap();
        producer.init_transactions(Duration::from_secs(30)).unwrap();
        for commit in [true, false] {
            producer.begin_transaction().unwrap();
            producer.send(BaseRecord::<(), str>::to(&topic).payload("{\"content\": \"in one\"}")).unwrap();
            match commit {
                true => producer.commit_transaction(Duration::from_secs(30)).unwrap(),
                false => producer.abort_transaction(Duration::from_secs(30)).unwrap(),
            }
        }
        let holder: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", &bootstrap)
            .set("group.id", &group)
            .set("partition.assignment.strategy", "cooperative-sticky")
            .create()
            .unwrap();
        holder.subscribe(&[&topic]).unwrap();
        while holder.assignment().unwrap().count() == 0 {
            let _ = holder.poll(Duration::from_millis(100));
        }
        holder
    };
    let holder = tokio::task::spawn_blocking(transactions).await.unwrap();
    let hold = tokio::task::spawn_blocking(move || {
        for _ in 0..60 {
            let _ = holder.poll(Duration::from_millis(100));
        }
    });
    drain(&store, &options).await;
    hold.await.unwrap();
    assert_eq!(count(&store, "SELECT COUNT(*) FROM events").await, 100);
    assert_eq!(count(&store, "SELECT COUNT(*) FROM dead_letters").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_producer_that_repeats_itself_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    let options = setting("repeat", 2, &store).await;
    produce(&options, 0, 500).await;
    produce(&options, 0, 500).await;
    let stop = CancellationToken::new();
    let ingester = Ingester::start(store.clone(), options, Decisions::default(), true, stop).await.unwrap();
    let drained = ingester.join().await.unwrap();
    assert_eq!((drained.progress.events, drained.progress.duplicates), (495, 495));
    assert_eq!(count(&store, "SELECT COUNT(*) FROM events").await, 495);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn athenas_own_door_says_who_and_commands_answer() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    let options = setting("door", 2, &store).await;
    let stop = CancellationToken::new();
    let ingester = Ingester::start(store.clone(), options.clone(), Decisions::default(), false, stop.clone())
        .await
        .unwrap();
    let reader = open(folder.path(), LogKind::Kafka).await;
    let log = Log::Kafka(KafkaLog::start(reader.clone(), options.clone(), None, stop.clone()).unwrap());
    let draft = |id: &str| Draft { id: Some(id.into()), content: Some("x".into()), ..Draft::default() };
    let submission = Submission {
        drafts: vec![draft("a"), draft("b"), draft("a")],
        actor: "ann".into(),
        origin: Origin::Http,
    };
    let receipt = log.append(submission).await.unwrap();
    assert_eq!((receipt.accepted, receipt.duplicates, receipt.pending), (2, Some(1), false));
    let command = |operation: &str, arguments| Command {
        event_id: Some(format!("{operation}-1")),
        ..Command::new(operation, arguments, "p", "ann", Origin::Mcp)
    };
    let told =
        log.command(command("memories.remember", json!({"content": "tests need Kafka"}))).await.unwrap();
    let again =
        log.command(command("memories.remember", json!({"content": "tests need Kafka"}))).await.unwrap();
    assert_eq!(told.result["id"], again.result["id"]);
    let missing = log.command(command("memories.update", json!({"id": "m-none", "content": "y"}))).await;
    assert_eq!(missing.unwrap_err().code, athena_schemas::Code::NotFound);
    reader.refresh().await.unwrap();
    assert_eq!(
        sql(&reader, "SELECT content, actor, origin FROM memories").await,
        [["tests need Kafka", "ann", "mcp"]]
    );
    assert_eq!(
        sql(&reader, "SELECT DISTINCT actor, origin FROM events WHERE id IN ('a', 'b')").await,
        [["ann", "http"]]
    );

    // A stranger's command, with headers that say otherwise, is a dead letter.
    let forged = json!({"id": "f", "type": "athena.memories.remember", "project": "p",
                        "attributes": {"arguments": {"content": "forged"}}})
    .to_string();
    for topic in [&options.commands_topic, &options.topics[0]] {
        let headers = rdkafka::message::OwnedHeaders::new()
            .insert(rdkafka::message::Header { key: "athena-actor", value: Some("ann") })
            .insert(rdkafka::message::Header {
                key: "athena-seal",
                value: Some("0123456789abcdef0123456789abcdef"),
            });
        let record = FutureRecord::to(topic).key("p").payload(&forged).headers(headers);
        producer(&options).send(record, Duration::from_secs(10)).await.unwrap();
    }
    stop.cancel();
    ingester.join().await.unwrap();
    drain(&store, &options).await;
    assert_eq!(count(&store, "SELECT COUNT(*) FROM memories").await, 1);
    assert_eq!(sql(&store, "SELECT field, COUNT(*) FROM dead_letters GROUP BY field").await, [["type", "2"]]);
}

/// Records go before they were read: the partition stops and says so, the others go on; a person decides.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_expired_unread_stops_a_partition_until_it_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    let options = setting("expired", 1, &store).await;
    produce(&options, 0, 50).await;
    drain(&store, &options).await;
    produce(&options, 50, 40).await;
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", broker()).create().unwrap();
    let mut before = rdkafka::TopicPartitionList::new();
    before.add_partition_offset(&options.topics[0], 0, rdkafka::Offset::Offset(70)).unwrap();
    admin.delete_records(&before, &AdminOptions::new()).await.unwrap();

    let stop = CancellationToken::new();
    let ingester = Ingester::start(store.clone(), options.clone(), Decisions::default(), true, stop.clone())
        .await
        .unwrap();
    let drained = ingester.join().await.unwrap();
    let why = drained.progress.stopped.values().next().expect("the partition is stopped");
    assert!(why.contains("offsets 50 to 70 expired") && why.contains("--accept-gap"), "{why}");
    // Processes that do not ingest, and `doctor`, find the same.
    assert_eq!(kafka::stopped(&store, &options).await.unwrap(), drained.progress.stopped);
    assert_eq!(count(&store, "SELECT COUNT(*) FROM events").await, 50);

    let decisions = Decisions { accept_gap: true, ..Decisions::default() };
    let ingester =
        Ingester::start(store.clone(), options.clone(), decisions, true, stop.clone()).await.unwrap();
    assert!(ingester.join().await.unwrap().progress.stopped.is_empty());
    assert!(kafka::stopped(&store, &options).await.unwrap().is_empty());
    let rows =
        sql(&store, "SELECT type, COUNT(*), MAX(log_offset) FROM events GROUP BY type ORDER BY type").await;
    assert_eq!(rows, [["gap", "1", "69"], ["tool_call", "70", "89"]]);
}

/// The topic is deleted and made again: its offsets begin at 0, and are not taken for the old ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recreated_topic_is_a_new_log_when_a_person_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    let options = setting("recreated", 1, &store).await;
    produce(&options, 0, 50).await;
    drain(&store, &options).await;
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", broker()).create().unwrap();
    admin.delete_topics(&[&options.topics[0]], &AdminOptions::new()).await.unwrap();
    let topic = [NewTopic::new(&options.topics[0], 1, TopicReplication::Fixed(1))];
    for _ in 0..100 {
        // Deletion ends in its own time.
        if admin.create_topics(&topic, &AdminOptions::new()).await.unwrap()[0].is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    produce(&options, 50, 20).await;

    let stop = CancellationToken::new();
    let ingester = Ingester::start(store.clone(), options.clone(), Decisions::default(), true, stop.clone())
        .await
        .unwrap();
    let drained = ingester.join().await.unwrap();
    let why = drained.progress.stopped.values().next().expect("the partition is stopped");
    assert!(why.contains("recreated") && why.contains("--new-log"), "{why}");

    let decisions = Decisions { new_log: true, ..Decisions::default() };
    let ingester =
        Ingester::start(store.clone(), options.clone(), decisions, true, stop.clone()).await.unwrap();
    ingester.join().await.unwrap();
    drain(&store, &options).await;
    let log = format!("{}~2", options.topics[0]);
    let rows =
        sql(&store, "SELECT log_topic, COUNT(*) FROM events GROUP BY log_topic ORDER BY log_topic").await;
    assert_eq!(rows, [[options.topics[0].as_str(), "50"], [log.as_str(), "20"]]);
}

/// More partitions would send the next version of a memory past the ones before it: commands stop, events go on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_of_commands_with_more_partitions_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), LogKind::Kafka).await;
    let options = setting("repartitioned", 1, &store).await;
    drain(&store, &options).await;
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", broker()).create().unwrap();
    let had = options.commands_topic.as_str();
    let partitions = {
        let consumer: BaseConsumer = ClientConfig::new().set("bootstrap.servers", broker()).create().unwrap();
        let metadata = consumer.fetch_metadata(Some(had), Duration::from_secs(10)).unwrap();
        metadata.topics()[0].partitions().len()
    };
    admin.create_partitions(&[NewPartitions::new(had, partitions + 1)], &AdminOptions::new()).await.unwrap();
    produce(&options, 0, 10).await;

    let stop = CancellationToken::new();
    let ingester = Ingester::start(store.clone(), options.clone(), Decisions::default(), true, stop.clone())
        .await
        .unwrap();
    let drained = ingester.join().await.unwrap();
    assert_eq!(count(&store, "SELECT COUNT(*) FROM events").await, 10);
    assert!(drained.progress.stopped.values().all(|why| why.contains("versions of a memory")));
    assert!(!drained.progress.stopped.is_empty());
    let told = kafka::stopped(&store, &options).await.unwrap();
    assert!(told[had].contains(&format!("had {partitions}")), "{told:?}");
}

/// A partition goes from one process to another that was there all along: what the first took is known to the
/// second, and its log time goes on.
#[tokio::test]
async fn a_partition_that_moves_takes_its_past_along() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (open(folder.path(), LogKind::Kafka).await, open(folder.path(), LogKind::Kafka).await);
    let topics = ["t".to_owned()];
    let mut first = Writer::open(one.clone(), &topics, WriterOptions::default()).await.unwrap();
    let mut second = Writer::open(other.clone(), &topics, WriterOptions::default()).await.unwrap();
    let batch = |partition: i32, offsets: std::ops::Range<i64>, ids: std::ops::Range<i64>| {
        let places = offsets.clone().zip(ids);
        let events = places
            .map(|(offset, id)| Event { dedup: event(partition, id).dedup, ..event(partition, offset) });
        let mut batch = Batch { events: events.collect(), ..Batch::default() };
        batch.reach(&Partition::new("t", partition), offsets.start, offsets.end);
        batch
    };
    second.write(&mut batch(1, 0..10, 0..10)).await.unwrap();
    let mut ahead = batch(0, 0..10, 0..10);
    let later = Time::from_micros(1_900_000_000_000_000);
    ahead.events.iter_mut().for_each(|event| event.received_at = later);
    first.write(&mut ahead).await.unwrap();
    // Of what follows, half was sent before.
    other.refresh().await.unwrap();
    let written = second.write(&mut batch(0, 10..20, 5..15)).await.unwrap();
    assert_eq!((written.events, written.duplicates.len()), (5, 5));
    one.refresh().await.unwrap();
    let rows = sql(&one, "SELECT COUNT(*), COUNT(DISTINCT dedup) FROM events WHERE log_partition = 0").await;
    assert_eq!(rows[0], ["15", "15"]);
    let falls =
        "SELECT COUNT(*) FROM (SELECT received_at < LAG(received_at) OVER (ORDER BY log_offset) AS falls
                 FROM events WHERE log_partition = 0) WHERE falls";
    assert_eq!(count(&one, falls).await, 0);
    // And back again.
    let written = first.write(&mut batch(0, 20..30, 10..20)).await.unwrap();
    assert_eq!((written.events, written.duplicates.len()), (5, 5));
}

/// What is written by way of the broker is seen by the next read, whatever the tool.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn examples_work_by_way_of_the_broker() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("data"), LogKind::Kafka).await;
    let options = setting("examples", 2, &store).await;
    std::fs::write(folder.path().join("athena.toml"), configuration(&options)).unwrap();
    drop(store);
    let broker = broker();
    let arguments = [&processes::SERVE[..], &["--kafka", &broker, "--config", "athena.toml"]].concat();
    let server = processes::Serve::of(processes::athena(folder.path(), &arguments), folder.path()).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let listing: Value =
        http.get(format!("{}/v1/tools", server.url)).send().await.unwrap().json().await.unwrap();
    for tool in listing["tools"].as_array().unwrap() {
        for operation in tool["operations"].as_array().unwrap() {
            for example in operation["examples"].as_array().unwrap() {
                let name = (tool["name"].as_str().unwrap(), operation["name"].as_str().unwrap());
                for step in example["setup"].as_array().unwrap() {
                    let made = (step["tool"].as_str().unwrap(), step["operation"].as_str().unwrap());
                    let answer = called(&server, made.0, made.1, step["arguments"].clone(), "p").await;
                    answer.unwrap_or_else(|error| panic!("{made:?} for {name:?}: {error}"));
                }
                let answer = called(&server, name.0, name.1, example["arguments"].clone(), "p").await;
                let answer = answer.unwrap_or_else(|error| panic!("{name:?}: {error}"));
                let late = answer["degraded"].as_array().is_some_and(|why| why.contains(&json!("behind")));
                assert!(!late, "{name:?}: {answer}");
            }
        }
    }
    server.stop().await;
}
