//! Positions in the log, and the algebra that makes ingest exactly-once.
//!
//! An offset is always the *next* offset. `Applied` maps each partition to the next offset that a table
//! has not taken yet; a batch is a [`Claim`] of half-open ranges. A claim is granted or refused:
//!
//! | table                      | range `[from, to)` on a partition at `n`  | verdict            |
//! |----------------------------|-------------------------------------------|--------------------|
//! | `events` (`Rule::Exact`)   | `n == from`                               | granted, now `to`  |
//! | `events`                   | `n > from`: taken already (a zombie)      | refused: `Taken`   |
//! | `events`                   | `n < from`: something was skipped         | refused: `Gap`     |
//! | others (`Rule::AtOrAfter`) | `n <= from`: no row stands there yet      | granted, now `to`  |
//! | others                     | `n > from`                                | refused: `Taken`   |
//! | any (`Rule::Reset`)        | —                                         | granted, now `to`  |
//!
//! A partition that was never seen is at 0 for `AtOrAfter`, and accepts any `from` for `Exact`: a topic
//! may begin above 0 when ingest is started on it for the first time.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A partition of a topic of the log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition {
    pub topic: String,
    pub partition: i32,
}

impl Partition {
    pub fn new(topic: impl Into<String>, partition: i32) -> Self {
        Self { topic: topic.into(), partition }
    }

    /// The same partition for who does something of its own with it, such as a model that embeds it: one table
    /// keeps what each has come to, and a claim of one is none of another's.
    pub fn under(&self, name: &str) -> Self {
        Self::new(format!("{name}{UNDER}{}", self.topic), self.partition)
    }
}

/// Stands in no name of a topic: Kafka's are of letters, digits, `.`, `_` and `-`.
const UNDER: char = '/';

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.topic, self.partition)
    }
}

/// For each partition the next offset not applied. As JSON: `{"athena.events":{"0":42}}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied(pub BTreeMap<Partition, i64>);

/// The position that a client gets for a write and waits for.
pub type Position = Applied;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Exact,
    AtOrAfter,
    Reset,
}

/// What a batch takes: for each partition the half-open range of offsets that it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub rule: Rule,
    pub ranges: BTreeMap<Partition, (i64, i64)>,
}

/// Why a claim was not granted; `at` is the partition's next offset in the table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("{partition}: offsets from {from} are applied already, next is {at}")]
    Taken { partition: Partition, from: i64, at: i64 },
    #[error("{partition}: offsets {at} to {from} would be skipped")]
    Gap { partition: Partition, from: i64, at: i64 },
    /// Another writer gave the numbers of packed positions to other topics.
    #[error("topics are numbered {found:?} by another writer, not {ours:?}")]
    Topics { ours: Vec<String>, found: Vec<String> },
}

impl Applied {
    pub fn get(&self, partition: &Partition) -> Option<i64> {
        self.0.get(partition).copied()
    }

    pub fn set(&mut self, partition: Partition, next: i64) {
        self.0.insert(partition, next);
    }

    /// What stands here under `name`, which keeps a progress of its own beside others: see [`Partition::under`].
    pub fn of(&self, name: &str) -> Applied {
        let own = |(partition, next): (&Partition, &i64)| {
            let topic = partition.topic.strip_prefix(name)?.strip_prefix(UNDER)?;
            // A longer name may begin with this one; topics have no such sign.
            (!topic.contains(UNDER)).then(|| (Partition::new(topic, partition.partition), *next))
        };
        Applied(self.0.iter().filter_map(own).collect())
    }

    /// Whether everything before `other` is applied here.
    pub fn covers(&self, other: &Applied) -> bool {
        other.0.iter().all(|(partition, next)| self.get(partition).unwrap_or(0) >= *next)
    }

    /// The later of both, partition by partition.
    pub fn merge(&mut self, other: &Applied) {
        for (partition, next) in &other.0 {
            let at = self.0.entry(partition.clone()).or_insert(*next);
            *at = (*at).max(*next);
        }
    }

    /// Grants `claim` and moves on, or says why not and stays as it is.
    pub fn claim(&mut self, claim: &Claim) -> Result<(), Refused> {
        for (partition, (from, _)) in &claim.ranges {
            let at = self.get(partition);
            match (claim.rule, at) {
                (Rule::Reset, _) | (_, None) => {}
                (_, Some(at)) if at > *from => {
                    return Err(Refused::Taken { partition: partition.clone(), from: *from, at });
                }
                (Rule::Exact, Some(at)) if at < *from => {
                    return Err(Refused::Gap { partition: partition.clone(), from: *from, at });
                }
                _ => {}
            }
        }
        for (partition, (_, to)) in &claim.ranges {
            self.0.insert(partition.clone(), *to);
        }
        Ok(())
    }
}

impl Serialize for Applied {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut topics: BTreeMap<&str, BTreeMap<String, i64>> = BTreeMap::new();
        for (partition, next) in &self.0 {
            topics.entry(&partition.topic).or_default().insert(partition.partition.to_string(), *next);
        }
        topics.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Applied {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let topics = BTreeMap::<String, BTreeMap<String, i64>>::deserialize(deserializer)?;
        let mut applied = Applied::default();
        for (topic, partitions) in topics {
            for (partition, next) in partitions {
                let partition = partition.parse().map_err(|_| {
                    D::Error::custom(format!("partition {partition:?} of topic {topic} is not a number"))
                })?;
                applied.set(Partition::new(topic.clone(), partition), next);
            }
        }
        Ok(applied)
    }
}

impl schemars::JsonSchema for Applied {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Position".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "topic → partition → next offset",
            "additionalProperties": {"type": "object", "additionalProperties": {"type": "integer"}},
        })
    }
}

impl fmt::Display for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// A row's place in the log as one number: 4 bits topic, 12 bits partition, 48 bits offset. The topic's
/// number is its place in the table's list of topics, which is kept in the manifest's configuration.
pub fn pack(topic: u8, partition: i32, offset: i64) -> Option<u64> {
    let fits = topic < 16 && (0..4096).contains(&partition) && (0..1 << 48).contains(&offset);
    fits.then(|| (u64::from(topic) << 60) | ((partition as u64) << 48) | offset as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(rule: Rule, from: i64, to: i64) -> Claim {
        Claim { rule, ranges: BTreeMap::from([(Partition::new("t", 0), (from, to))]) }
    }

    #[test]
    fn the_truth_table() {
        let at = |n| Applied(BTreeMap::from([(Partition::new("t", 0), n)]));
        let verdict = |n, c: &Claim| {
            let mut applied = at(n);
            applied.claim(c).map(|()| applied.get(&Partition::new("t", 0)).unwrap())
        };
        assert_eq!(verdict(5, &claim(Rule::Exact, 5, 9)), Ok(9));
        assert!(matches!(verdict(6, &claim(Rule::Exact, 5, 9)), Err(Refused::Taken { at: 6, .. })));
        assert!(matches!(verdict(4, &claim(Rule::Exact, 5, 9)), Err(Refused::Gap { at: 4, .. })));
        assert_eq!(verdict(2, &claim(Rule::AtOrAfter, 5, 9)), Ok(9));
        assert!(matches!(verdict(6, &claim(Rule::AtOrAfter, 5, 9)), Err(Refused::Taken { .. })));
        assert_eq!(verdict(9, &claim(Rule::Reset, 0, 4)), Ok(4));
        assert_eq!(Applied::default().clone().claim(&claim(Rule::Exact, 7, 9)), Ok(()));
    }

    #[test]
    fn a_refused_claim_moves_nothing() {
        let mut applied = Applied::default();
        applied.set(Partition::new("t", 0), 5);
        applied.set(Partition::new("t", 1), 5);
        let before = applied.clone();
        let both = Claim {
            rule: Rule::Exact,
            ranges: BTreeMap::from([(Partition::new("t", 0), (5, 6)), (Partition::new("t", 1), (6, 7))]),
        };
        assert!(applied.claim(&both).is_err());
        assert_eq!(applied, before);
    }

    #[test]
    fn who_does_something_of_its_own_has_its_own_progress() {
        let partition = Partition::new("t", 3);
        let mut applied = Applied::default();
        applied.set(partition.under("org/one"), 5);
        applied.set(partition.under("one"), 9);
        applied.set(Partition::new("t", 3), 7);
        let at = |name: &str| applied.of(name).get(&partition);
        assert_eq!((at("org/one"), at("one"), at("org"), at("two")), (Some(5), Some(9), None, None));
    }

    #[test]
    fn json_form() {
        let text = r#"{"athena.events":{"0":42,"10":7}}"#;
        let applied: Applied = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&applied).unwrap(), text);
        assert!(serde_json::from_str::<Applied>(r#"{"t":{"x":1}}"#).is_err());
    }

    #[test]
    fn packed_positions_keep_order_and_bounds() {
        assert!(pack(1, 2, 3) < pack(1, 2, 4));
        assert!(pack(1, 2, i64::MAX).is_none());
        assert_eq!(pack(15, 4095, (1 << 48) - 1), Some(u64::MAX));
    }
}
