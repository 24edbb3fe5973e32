//! Records into a batch: decoded, placed, dead letters aside. No waiting and no broker here.

use std::collections::BTreeMap;
use std::time::Instant;

use athena_schemas::vocabulary::{COMMAND_PREFIX, Origin};
use athena_schemas::{Partition, Time};
use rdkafka::message::{Headers, Message};

use super::names::Names;
use super::{KafkaOptions, own, seal};
use crate::batch::{Batch, Dead};
use crate::{Draft, Limits, Place, Reject, decode};

/// One partition that is read from.
#[derive(Debug)]
struct Lane {
    topic: String,
    partition: Partition,
    /// The number of the log in packed positions.
    number: u8,
    /// Who sends what carries no seal.
    actor: String,
    /// The largest log time seen: it never falls.
    newest: Time,
    /// The next offset to come; `None` before the first.
    next: Option<i64>,
    /// The offsets that the batch at hand has taken.
    range: Option<(i64, i64)>,
}

pub struct Assembler {
    names: Names,
    numbers: BTreeMap<String, u8>,
    newest: BTreeMap<Partition, Time>,
    secret: [u8; 32],
    limits: Limits,
    lanes: Vec<Lane>,
    batch: Batch,
    began: Instant,
}

impl Assembler {
    /// `numbers` has the number of each topic's log, `newest` the log time that each partition reached.
    pub fn new(
        options: &KafkaOptions,
        names: Names,
        numbers: BTreeMap<String, u8>,
        newest: BTreeMap<Partition, Time>,
    ) -> Self {
        Self {
            names,
            numbers,
            newest,
            secret: options.secret,
            limits: options.limits.clone(),
            lanes: Vec::new(),
            batch: Batch::default(),
            began: Instant::now(),
        }
    }

    pub fn rows(&self) -> usize {
        self.batch.rows()
    }

    pub fn bytes(&self) -> usize {
        self.batch.bytes
    }

    pub fn is_empty(&self) -> bool {
        self.batch.rows() == 0
    }

    /// When the batch at hand got its first record.
    pub fn began(&self) -> Instant {
        self.began
    }

    /// The next offset to come from a partition, once something came.
    pub fn next(&self, partition: &Partition) -> Option<i64> {
        self.lanes.iter().find(|lane| lane.partition == *partition)?.next
    }

    /// The batch at hand; the next begins empty.
    pub fn finish(&mut self) -> Batch {
        let mut batch = std::mem::take(&mut self.batch);
        for lane in &mut self.lanes {
            if let Some((from, to)) = lane.range.take() {
                batch.ranges.insert(lane.partition.clone(), (from, to));
            }
        }
        batch
    }

    /// Forgets what the batch at hand has of a partition, which will be read again from `offset`.
    pub fn read_again(&mut self, partition: &Partition, offset: i64) {
        self.batch.let_go(partition);
        if let Some(lane) = self.lanes.iter_mut().find(|lane| lane.partition == *partition) {
            lane.range = None;
            lane.next = Some(offset);
        }
    }

    /// Takes one record.
    pub fn take<M: Message>(&mut self, message: &M) {
        if self.is_empty() {
            self.began = Instant::now();
        }
        let at = self.lane(message.topic(), message.partition());
        let lane = &mut self.lanes[at];
        let offset = message.offset();
        // Offsets without a record, as control records have, belong to what follows them.
        let from = lane.next.filter(|next| *next <= offset).unwrap_or(offset);
        lane.next = Some(offset + 1);
        lane.range = Some((lane.range.map_or(from, |(from, _)| from), offset + 1));
        let time = message.timestamp().to_millis().map(|ms| Time::from_micros(ms.saturating_mul(1000)));
        lane.newest = lane.newest.max(time.unwrap_or_else(Time::now));

        let payload = message.payload().unwrap_or_default();
        self.batch.bytes += payload.len();
        let headers = owned_headers(message.headers());
        let sealed = match headers.is_empty() {
            true => None,
            false => seal::sender(&self.secret, message.topic(), &headers, payload),
        };
        let (actor, origin) = match &sealed {
            Some(sender) => (sender.actor.as_str(), sender.origin),
            None => (lane.actor.as_str(), Origin::Kafka),
        };
        let place = Place {
            topic: &lane.partition.topic,
            topic_number: lane.number,
            partition: lane.partition.partition,
            offset,
            received_at: lane.newest,
            actor,
            origin,
        };
        let draft = match sealed.is_some() {
            true => own::decode(payload),
            false => strangers(payload, &headers, &self.limits),
        };
        match draft.and_then(|draft| draft.place(&place)) {
            Ok(event) => self.batch.events.push(event),
            Err(reject) => {
                let dead = Dead {
                    place: &place,
                    reject,
                    key: message.key().map(<[u8]>::to_vec),
                    headers: headers_text(&headers),
                    payload: payload.to_vec(),
                };
                self.batch.dead_letters.push(dead.into());
            }
        }
    }

    fn lane(&mut self, topic: &str, partition: i32) -> usize {
        let same = |lane: &Lane| lane.partition.partition == partition && lane.topic == topic;
        if let Some(at) = self.lanes.iter().position(same) {
            return at;
        }
        let log = self.names.partition(topic, partition);
        self.lanes.push(Lane {
            topic: topic.to_owned(),
            number: self.numbers.get(topic).copied().unwrap_or(u8::MAX),
            actor: format!("kafka:{topic}"),
            newest: self.newest.get(&log).copied().unwrap_or_default(),
            next: None,
            range: None,
            partition: log,
        });
        self.lanes.len() - 1
    }
}

/// A record that anybody may have produced: never a command.
fn strangers(payload: &[u8], headers: &[(String, Vec<u8>)], limits: &Limits) -> Result<Draft, Reject> {
    let draft = decode::record(payload, headers, limits)?;
    if draft.r#type.as_deref().is_some_and(|name| name.starts_with(COMMAND_PREFIX)) {
        let message = "types that begin with `athena.` are commands, which only Athena produces";
        return Err(Reject { project: draft.project, ..Reject::new("type", message) });
    }
    Ok(draft)
}

fn owned_headers<H: Headers>(headers: Option<&H>) -> Vec<(String, Vec<u8>)> {
    let headers = headers.into_iter().flat_map(|headers| headers.iter());
    headers.map(|header| (header.key.to_owned(), header.value.unwrap_or_default().to_vec())).collect()
}

fn headers_text(headers: &[(String, Vec<u8>)]) -> Option<String> {
    if headers.is_empty() {
        return None;
    }
    let text: BTreeMap<&str, String> = headers
        .iter()
        .map(|(key, value)| (key.as_str(), String::from_utf8_lossy(value).into_owned()))
        .collect();
    serde_json::to_string(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rdkafka::message::OwnedMessage;

    fn message(partition: i32, offset: i64, payload: &str) -> OwnedMessage {
        let (payload, topic) = (Some(payload.as_bytes().to_vec()), "t".to_owned());
        OwnedMessage::new(payload, None, topic, rdkafka::Timestamp::CreateTime(7), partition, offset, None)
    }

    fn assembler() -> Assembler {
        let options = KafkaOptions::new("unused", [0; 32]);
        let names = Names::new(&["t".to_owned()], &[]);
        Assembler::new(&options, names, BTreeMap::from([("t".to_owned(), 0)]), BTreeMap::new())
    }

    #[test]
    fn every_offset_is_in_one_range() {
        let mut assembler = assembler();
        let good = r#"{"content":"x"}"#;
        for (partition, offset, payload) in [(0, 5, good), (1, 0, good), (0, 6, "{"), (0, 9, good)] {
            assembler.take(&message(partition, offset, payload));
        }
        let batch = assembler.finish();
        assert_eq!((batch.events.len(), batch.dead_letters.len()), (3, 1));
        let ranges: Vec<_> = batch.ranges.values().copied().collect();
        assert_eq!(ranges, [(5, 10), (0, 1)]);
        // Offsets 10 and 11 had no record: they are the next batch's.
        assembler.take(&message(0, 12, good));
        assert_eq!(assembler.finish().ranges.values().next(), Some(&(10, 13)));
        assert!(assembler.is_empty());
    }

    #[test]
    fn strangers_do_not_command() {
        let mut assembler = assembler();
        assembler.take(&message(0, 0, r#"{"type":"athena.memories.forget","content":"x","project":"p"}"#));
        let batch = assembler.finish();
        assert_eq!(batch.events.len(), 0);
        assert_eq!(batch.dead_letters[0].field, "type");
        assert_eq!(batch.dead_letters[0].project.as_deref(), Some("p"));
    }
}
