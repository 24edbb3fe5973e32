//! Looks at a broker as `doctor` does: what is there, what is missing, what to do.

use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer};
use serde::Serialize;

use super::KafkaOptions;

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    pub what: String,
    /// What to do about it; `None` where nothing is wrong.
    pub remedy: Option<String>,
}

impl Finding {
    fn ok(what: String) -> Self {
        Self { what, remedy: None }
    }

    fn bad(what: String, remedy: impl Into<String>) -> Self {
        Self { what, remedy: Some(remedy.into()) }
    }
}

/// Asks the broker for itself and the topics that Athena needs. Blocks up to `timeout` an answer.
pub fn probe(options: &KafkaOptions, timeout: Duration) -> Vec<Finding> {
    let consumer: BaseConsumer = match options.consumer().create() {
        Ok(consumer) => consumer,
        Err(error) => {
            return vec![Finding::bad(
                format!("Kafka settings: {error}"),
                "mend [kafka.client] in the configuration",
            )];
        }
    };
    let metadata = match consumer.fetch_metadata(None, timeout) {
        Ok(metadata) => metadata,
        Err(error) => {
            let remedy = "is the broker running and the address right? `./dev kafka start` runs one here";
            return vec![Finding::bad(
                format!("no answer from Kafka at {}: {error}", options.bootstrap),
                remedy,
            )];
        }
    };
    let brokers = metadata.brokers().len();
    let mut findings = vec![Finding::ok(format!("Kafka at {}: {brokers} brokers", options.bootstrap))];
    for topic in options.all_topics().into_iter().chain(options.dead_letters_topic.clone()) {
        let found = metadata.topics().iter().find(|t| t.name() == topic && t.error().is_none());
        findings.push(match found.map(|t| t.partitions().len()) {
            Some(partitions) if partitions > 0 => {
                Finding::ok(format!("topic {topic}: {partitions} partitions"))
            }
            _ => Finding::bad(
                format!("topic {topic} is not there"),
                format!(
                    "kafka-topics.sh --bootstrap-server {} --create --topic {topic} --partitions 4",
                    options.bootstrap
                ),
            ),
        });
    }
    findings
}
