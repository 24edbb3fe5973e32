//! What the broker still has of each partition, and whether that fits what the tables say is applied.

use std::collections::BTreeMap;
use std::ops::Range;

use athena_schemas::Applied;
use athena_store::{Location, Store};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::{Message, Offset, TopicPartitionList};
use serde::{Deserialize, Serialize};
use tracing::warn;

use super::KafkaOptions;
use super::consumer::BROKER;
use super::names::Names;
use crate::{Error, Result};

/// Offsets that a partition of a topic has: `low..high`.
#[derive(Debug, Clone)]
pub struct Mark {
    pub topic: String,
    pub partition: i32,
    pub low: i64,
    pub high: i64,
}

/// The marks of every partition of every topic that ingest reads. Blocks.
///
/// # Errors
/// Settings that librdkafka refuses; no answer.
pub fn marks(options: &KafkaOptions) -> Result<Vec<Mark>> {
    let consumer: BaseConsumer = options.consumer().create()?;
    let mut marks = Vec::new();
    for topic in options.all_topics() {
        let metadata = consumer.fetch_metadata(Some(&topic), BROKER)?;
        for partition in metadata.topics().iter().flat_map(|t| t.partitions()).map(|p| p.id()) {
            let (low, high) = consumer.fetch_watermarks(&topic, partition, BROKER)?;
            marks.push(Mark { topic: topic.clone(), partition, low, high });
        }
    }
    Ok(marks)
}

/// Whether none of these offsets of a partition has a message: control records take some. Blocks.
pub fn no_message(options: &KafkaOptions, topic: &str, partition: i32, offsets: Range<i64>) -> bool {
    let look = || -> std::result::Result<bool, KafkaError> {
        let consumer: BaseConsumer = options.consumer().create()?;
        let mut list = TopicPartitionList::new();
        let (low, _) = consumer.fetch_watermarks(topic, partition, BROKER)?;
        list.add_partition_offset(topic, partition, Offset::Offset(offsets.start.max(low)))?;
        consumer.assign(&list)?;
        match consumer.poll(BROKER) {
            Some(Ok(message)) => Ok(message.offset() >= offsets.end),
            Some(Err(KafkaError::PartitionEOF(_))) => Ok(true),
            Some(Err(error)) => Err(error),
            None => Ok(false),
        }
    };
    look().unwrap_or_else(|error| {
        warn!(%error, topic, partition, "not known whether more is to come");
        false
    })
}

/// Whether a partition with offsets `low..high` can be read from `at`, the next offset to apply.
///
/// # Errors
/// Why not, and what a person can do about it.
pub fn fits(at: i64, low: i64, high: i64) -> std::result::Result<(), String> {
    if at < low {
        Err(format!(
            "offsets {at} to {low} expired before they were read; `athena ingest --accept-gap` goes on at {low}"
        ))
    } else if at > high {
        Err(format!(
            "the topic ends at {high}, before {at}, which was applied: it was recreated; `athena ingest --new-log` begins it anew"
        ))
    } else {
        Ok(())
    }
}

/// Partitions that no ingester can go on with, and why: for processes that do not ingest themselves.
///
/// # Errors
/// No answer from the broker; storage.
pub async fn stopped(store: &Store, options: &KafkaOptions) -> Result<BTreeMap<String, String>> {
    let asked = options.clone();
    let marks = tokio::task::spawn_blocking(move || marks(&asked))
        .await
        .map_err(|error| Error::Stopped(error.to_string()))??;
    let names = Names::new(&options.all_topics(), &store.events.topics());
    let mut stopped = unfit(&marks, &names, &store.applied());
    let commands = marks.iter().filter(|mark| mark.topic == options.commands_topic).count();
    if let Err(why) = same_partitions(&store.location, &options.commands_topic, commands).await? {
        stopped.insert(options.commands_topic.clone(), why);
    }
    Ok(stopped)
}

fn unfit(marks: &[Mark], names: &Names, applied: &Applied) -> BTreeMap<String, String> {
    let of = |mark: &Mark| {
        let partition = names.partition(&mark.topic, mark.partition);
        let why = fits(applied.get(&partition)?, mark.low, mark.high).err()?;
        Some((partition.to_string(), why))
    };
    marks.iter().filter_map(of).collect()
}

/// How many partitions a memory's commands had when it first met them. All versions of an id come from
/// one partition and are ordered by offset; more partitions would send the next version elsewhere.
#[derive(Serialize, Deserialize)]
struct Fixed {
    topic: String,
    partitions: usize,
}

const FIXED_FILE: &str = "commands-topic.json";

/// Whether the topic of commands has as many partitions as it had. The first to ask records it.
///
/// # Errors
/// Storage. Inside: why commands must not be read.
pub async fn same_partitions(
    location: &Location,
    topic: &str,
    partitions: usize,
) -> Result<std::result::Result<(), String>> {
    if partitions == 0 {
        return Ok(Ok(()));
    }
    let found = Fixed { topic: topic.to_owned(), partitions };
    loop {
        if let Some(bytes) = location.read(FIXED_FILE).await? {
            let fixed: Fixed = serde_json::from_slice(&bytes)
                .map_err(|error| Error::Stopped(format!("{location}/{FIXED_FILE}: {error}")))?;
            let same = fixed.topic != topic || fixed.partitions == partitions;
            return Ok(same.then_some(()).ok_or_else(|| {
                format!(
                    "it has {partitions} partitions, and had {} when this memory began: versions of a memory \
                     would come in the wrong order; make it anew with {} partitions, then `athena ingest --new-log`",
                    fixed.partitions, fixed.partitions
                )
            }));
        }
        let bytes = serde_json::to_vec(&found).expect("plain data is JSON");
        // Whoever was faster is read in the next round.
        location.create(FIXED_FILE, bytes).await?;
    }
}

#[cfg(test)]
mod tests {
    use athena_schemas::Partition;

    use super::*;

    #[test]
    fn a_partition_is_read_from_what_the_broker_has() {
        assert!([3, 5, 9].into_iter().all(|at| fits(at, 3, 9).is_ok()));
        assert!(fits(2, 3, 9).unwrap_err().contains("--accept-gap"));
        assert!(fits(10, 3, 9).unwrap_err().contains("--new-log"));

        let topics = ["a".to_owned()];
        let mark = |partition, low| Mark { topic: "a".into(), partition, low, high: 9 };
        let applied = Applied([(Partition::new("a", 0), 4), (Partition::new("a", 1), 4)].into());
        let unfit = unfit(&[mark(0, 0), mark(1, 5), mark(2, 5)], &Names::new(&topics, &[]), &applied);
        assert_eq!(unfit.keys().collect::<Vec<_>>(), ["a/1"]);
    }

    #[tokio::test]
    async fn the_number_of_partitions_of_commands_is_fixed() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Directory(folder.path().into());
        let ask = async |topic, partitions| same_partitions(&location, topic, partitions).await.unwrap();
        assert!(ask("commands", 0).await.is_ok());
        assert!(ask("commands", 4).await.is_ok());
        assert!(ask("commands", 4).await.is_ok());
        assert!(ask("commands", 8).await.unwrap_err().contains("had 4"));
    }
}
