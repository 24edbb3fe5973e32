//! Settings of the Kafka clients.

use std::collections::BTreeMap;

use athena_schemas::vocabulary::{COMMANDS_TOPIC, DEAD_LETTERS_TOPIC, EVENTS_TOPIC};
use rdkafka::ClientConfig;

use crate::{Limits, WriterOptions};

#[derive(Debug, Clone)]
pub struct KafkaOptions {
    /// `host:port`, several separated by commas.
    pub bootstrap: String,
    /// Topics of events, which anybody may produce.
    pub topics: Vec<String>,
    /// The topic of commands, which only Athena produces.
    pub commands_topic: String,
    /// Where dead letters are told; `None` keeps them in the table alone.
    pub dead_letters_topic: Option<String>,
    pub group: String,
    /// Passed to librdkafka as it is: `security.protocol`, `sasl.mechanism`, `ssl.ca.location`, …
    pub client: BTreeMap<String, String>,
    /// A busy stream commits when a batch has so many rows, so many bytes, or is so old.
    pub batch_rows: usize,
    pub batch_bytes: usize,
    pub batch_age_ms: u64,
    /// How long a server waits for its own write to be applied.
    pub applied_timeout_ms: u64,
    pub limits: Limits,
    pub writer: WriterOptions,
    /// Signs what Athena produces, so that nobody else can say who sent it.
    pub secret: [u8; 32],
}

impl KafkaOptions {
    pub fn new(bootstrap: impl Into<String>, secret: [u8; 32]) -> Self {
        Self {
            bootstrap: bootstrap.into(),
            topics: vec![EVENTS_TOPIC.into()],
            commands_topic: COMMANDS_TOPIC.into(),
            dead_letters_topic: Some(DEAD_LETTERS_TOPIC.into()),
            group: "athena".into(),
            client: BTreeMap::new(),
            batch_rows: 50_000,
            batch_bytes: 64 << 20,
            batch_age_ms: 200,
            applied_timeout_ms: 5_000,
            limits: Limits::default(),
            writer: WriterOptions::default(),
            secret,
        }
    }

    /// All topics that ingest reads.
    pub fn all_topics(&self) -> Vec<String> {
        let mut all = self.topics.clone();
        if !all.contains(&self.commands_topic) {
            all.push(self.commands_topic.clone());
        }
        all
    }

    /// What all clients share. The user's own settings win.
    pub(crate) fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config
            .set("bootstrap.servers", &self.bootstrap)
            .set("client.id", "athena")
            .set("reconnect.backoff.ms", "100")
            .set("reconnect.backoff.max.ms", "2000");
        for (key, value) in &self.client {
            config.set(key, value);
        }
        config
    }

    pub(crate) fn consumer(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config
            .set("group.id", &self.group)
            .set("isolation.level", "read_committed")
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "error")
            .set("partition.assignment.strategy", "cooperative-sticky")
            .set("enable.partition.eof", "true")
            .set("fetch.message.max.bytes", "4194304")
            .set("fetch.queue.backoff.ms", "5")
            .set("queued.min.messages", "200000")
            .set("queued.max.messages.kbytes", "131072")
            .set("topic.metadata.refresh.interval.ms", "30000")
            .set("allow.auto.create.topics", "false");
        for (key, value) in self.client().config_map() {
            config.set(key, value);
        }
        config
    }

    pub(crate) fn producer(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config
            .set("acks", "all")
            .set("enable.idempotence", "true")
            .set("linger.ms", "1")
            .set("compression.type", "zstd")
            .set("message.timeout.ms", "30000")
            .set("message.max.bytes", "2097152");
        for (key, value) in self.client().config_map() {
            config.set(key, value);
        }
        config
    }
}
