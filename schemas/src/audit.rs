//! The chain of the audit: who did what, when, from where, each row sealed with the seal of the row before it. Pure.
//!
//! ```text
//! command or verdict in the log ─▶ row: place, who, what, keyed hashes of identity and content ─▶ seal(row, seal before)
//! ```
//!
//! Seals and hashes are keyed with the data location's secret, so nobody who lacks it can make one, or try what a
//! hash is of. What was forgotten leaves the row as it is: it never held what was told.

use std::ops::{AddAssign, SubAssign};

use serde_json::Value;

use crate::tables::{Audit, Event};
use crate::vocabulary::{COMMAND_PREFIX, FORGOTTEN};
use crate::{Partition, ids};

/// The attribute of a use of a tool in which what the policies said of it stands.
pub const VERDICT: &str = "verdict";
/// What a use of a tool that was judged is called.
const JUDGED: &str = "hooks.pre_tool";
/// How many rows a partition's chain has is claimed under the topic's name with this behind it.
const COUNTED: &str = "#audit";

/// Where a partition's chain stands: the number of its next row, and the seal of the last one; empty before the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    pub next: i64,
    pub seal: String,
}

impl Head {
    pub fn of(last: &Audit) -> Self {
        Self { next: last.sequence + 1, seal: last.seal.clone() }
    }
}

/// The name under which the rows of a partition's chain are counted in the claims on `audit`.
pub fn counted(partition: &Partition) -> Partition {
    Partition::new(format!("{}{COUNTED}", partition.topic), partition.partition)
}

/// Whether a partition is a count.
pub fn is_count(partition: &Partition) -> bool {
    partition.topic.ends_with(COUNTED)
}

/// What was done, and what came of it; `None` of events that are not audited.
pub fn done(event: &Event) -> Option<(String, Option<String>)> {
    if let Some(operation) = event.r#type.strip_prefix(COMMAND_PREFIX) {
        let result: Option<Value> = event.result.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let code = result.as_ref().map(|result| result["error"]["code"].as_str().unwrap_or("ok").to_owned());
        return Some((operation.to_owned(), code));
    }
    let attributes =
        event.attributes.as_deref().filter(|text| event.r#type == "tool_call" && text.contains(VERDICT))?;
    let attributes: Value = serde_json::from_str(attributes).ok()?;
    let verdict = attributes[VERDICT]["verdict"].as_str()?;
    Some((JUDGED.to_owned(), Some(verdict.to_owned())))
}

/// The next row of a chain.
pub fn row(
    event: &Event,
    (operation, outcome): (String, Option<String>),
    head: &Head,
    secret: &[u8; 32],
) -> Audit {
    let mut row = Audit {
        id: ids::from_position(&event.log_topic, event.log_partition, event.log_offset),
        sequence: head.next,
        project: event.project.clone(),
        actor: event.actor.clone(),
        origin: event.origin.clone(),
        operation,
        outcome,
        received_at: event.received_at,
        identity: hex::encode(ids::dedup_of_forgotten(secret, &event.dedup)),
        content: content(event, secret),
        previous: head.seal.clone(),
        seal: String::new(),
        log_topic: event.log_topic.clone(),
        log_partition: event.log_partition,
        log_offset: event.log_offset,
        position: event.position,
    };
    row.seal = seal(&row, secret);
    row
}

/// What was told and answered, as a keyed hash.
pub fn content(event: &Event, secret: &[u8; 32]) -> String {
    let said =
        [&event.content, &event.attributes, &event.result, &event.changes, &event.session, &event.agent];
    keyed(secret, said.into_iter().map(|text| text.as_deref().unwrap_or("\0")))
}

/// The seal that a row must have.
pub fn seal(row: &Audit, secret: &[u8; 32]) -> String {
    let numbers = [row.sequence, row.received_at.micros(), i64::from(row.log_partition), row.log_offset];
    let numbers = numbers.map(|number| number.to_string());
    let outcome = row.outcome.as_deref().unwrap_or("\0");
    let texts = [
        &row.previous,
        &row.id,
        &row.project,
        &row.actor,
        &row.origin,
        &row.operation,
        &row.identity,
        &row.content,
        &row.log_topic,
    ];
    keyed(secret, texts.into_iter().chain(&numbers).map(String::as_str).chain([outcome]))
}

/// What is wrong with the event of a row, if anything is. Of one that was forgotten only its place and its key are left.
pub fn differs(row: &Audit, event: &Event, secret: &[u8; 32]) -> Option<&'static str> {
    let emptied = event.attributes.is_none() && event.result.is_none();
    let own = if emptied {
        hex::encode(event.dedup)
    } else {
        hex::encode(ids::dedup_of_forgotten(secret, &event.dedup))
    };
    if own != row.identity {
        return Some("another event stands in its place");
    }
    if event.project != row.project || event.received_at != row.received_at {
        return Some("its event is of another project or time");
    }
    if event.r#type != FORGOTTEN && (event.actor != row.actor || event.origin != row.origin) {
        return Some("its event is of somebody else");
    }
    if event.r#type.starts_with(COMMAND_PREFIX) && event.r#type[COMMAND_PREFIX.len()..] != row.operation {
        return Some("its event is of another kind");
    }
    (!emptied && content(event, secret) != row.content).then_some("what its event says was changed")
}

/// What rows of the audit, or what it compares of events, come to together, in any order: the sum of a keyed hash of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum([u64; 4]);

impl Sum {
    /// Of a row, and the seal that it must have.
    pub fn of_row(row: &Audit, own: &str, secret: &[u8; 32]) -> Self {
        Self::of(hash(secret, [own, &row.seal, &row.position.to_string()].into_iter()))
    }

    pub fn of_event(event: &Event, secret: &[u8; 32]) -> Self {
        let numbers = [
            event.received_at.micros(),
            i64::from(event.log_partition),
            event.log_offset,
            event.position.cast_signed(),
        ];
        let numbers = numbers.map(|number| number.to_string());
        let (dedup, content) = (hex::encode(event.dedup), content(event, secret));
        let texts =
            [&event.r#type, &event.project, &event.actor, &event.origin, &event.log_topic, &dedup, &content];
        Self::of(hash(secret, texts.into_iter().chain(&numbers).map(String::as_str)))
    }

    fn of(hash: blake3::Hash) -> Self {
        let (lanes, _) = hash.as_bytes().as_chunks();
        Self(std::array::from_fn(|lane| u64::from_le_bytes(lanes[lane])))
    }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(lane, other)| *lane = lane.wrapping_add(other));
    }
}

impl SubAssign for Sum {
    fn sub_assign(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(lane, other)| *lane = lane.wrapping_sub(other));
    }
}

fn keyed<'a>(secret: &[u8; 32], parts: impl Iterator<Item = &'a str>) -> String {
    hash(secret, parts).to_hex().to_string()
}

fn hash<'a>(secret: &[u8; 32], parts: impl Iterator<Item = &'a str>) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new_keyed(secret);
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::emptied;

    const SECRET: [u8; 32] = [7; 32];

    fn command(offset: i64) -> Event {
        Event {
            r#type: "athena.notes.create".into(),
            project: "p".into(),
            actor: "ann".into(),
            origin: "http".into(),
            attributes: Some(format!(r#"{{"arguments":{{"title":"{offset}"}}}}"#)),
            result: Some(r#"{"id":"note-1"}"#.into()),
            dedup: [offset as u8; 16],
            log_topic: "local".into(),
            log_offset: offset,
            position: offset as u64,
            ..Event::default()
        }
    }

    fn chain(events: &[Event]) -> Vec<Audit> {
        let mut head = Head::default();
        let next = |event: &Event| {
            let row = row(event, done(event)?, &head, &SECRET);
            head = Head::of(&row);
            Some(row)
        };
        events.iter().filter_map(next).collect()
    }

    #[test]
    fn each_row_seals_those_before_it() {
        let events: Vec<Event> = (0..4).map(command).collect();
        let rows = chain(&events);
        assert_eq!(rows[0].previous, "");
        for (row, event) in rows.iter().zip(&events) {
            assert_eq!((row.seal == seal(row, &SECRET), differs(row, event, &SECRET)), (true, None));
            assert_ne!(seal(row, &[8; 32]), row.seal, "nobody else makes a seal");
        }
        assert!(rows.windows(2).all(|pair| pair[1].previous == pair[0].seal));
        let changed = Audit { actor: "bob".into(), ..rows[1].clone() };
        assert_ne!(seal(&changed, &SECRET), changed.seal);
        let others = Event { attributes: Some("{}".into()), ..events[1].clone() };
        assert_eq!(differs(&rows[1], &others, &SECRET), Some("what its event says was changed"));
        assert_eq!(differs(&rows[1], &events[2], &SECRET), Some("another event stands in its place"));
    }

    #[test]
    fn what_is_forgotten_leaves_its_row_right() {
        let event = command(3);
        let row = &chain(std::slice::from_ref(&event))[0];
        let emptied = emptied::command(&event, &BTreeSet::new(), &SECRET).unwrap();
        assert_eq!(differs(row, &emptied, &SECRET), None);
        assert!(!serde_json::to_string(row).unwrap().contains("title"));
    }

    #[test]
    fn rows_come_to_the_same_in_any_order_and_to_nothing_once_all_are_found_again() {
        let events: Vec<Event> = (0..4).map(command).collect();
        let rows = chain(&events);
        let each = |row: &Audit| Sum::of_row(row, &seal(row, &SECRET), &SECRET);
        let mut sum = Sum::default();
        rows.iter().for_each(|row| sum += each(row));
        rows.iter().rev().for_each(|row| sum -= each(row));
        assert_eq!(sum, Sum::default());
        let row = &rows[1];
        let changes: [Audit; 3] = [
            Audit { actor: "bob".into(), ..row.clone() },
            Audit { seal: rows[2].seal.clone(), ..row.clone() },
            Audit { position: 9, ..row.clone() },
        ];
        assert!(changes.iter().all(|changed| each(changed) != each(row)));
        let each = |event: &Event| Sum::of_event(event, &SECRET);
        let event = &events[1];
        let changes: [Event; 8] = [
            Event { actor: "bob".into(), ..event.clone() },
            Event { origin: "mcp".into(), ..event.clone() },
            Event { project: "q".into(), ..event.clone() },
            Event { r#type: "athena.notes.move".into(), ..event.clone() },
            Event { result: None, ..event.clone() },
            Event { dedup: [9; 16], ..event.clone() },
            Event { log_offset: 9, ..event.clone() },
            Event { position: 9, ..event.clone() },
        ];
        assert!(changes.iter().all(|changed| each(changed) != each(event)));
        assert_ne!(Sum::of_event(event, &[8; 32]), each(event));
    }

    #[test]
    fn commands_and_verdicts_are_audited() {
        assert_eq!(done(&command(1)), Some(("notes.create".into(), Some("ok".into()))));
        let refused = Event { result: Some(r#"{"error":{"code":"conflict"}}"#.into()), ..command(1) };
        assert_eq!(done(&refused).unwrap().1.as_deref(), Some("conflict"));
        let used = |attributes: &str| Event {
            r#type: "tool_call".into(),
            attributes: Some(attributes.into()),
            ..Event::default()
        };
        assert_eq!(
            done(&used(r#"{"verdict":{"verdict":"denied"}}"#)),
            Some((JUDGED.into(), Some("denied".into())))
        );
        assert_eq!(done(&used(r#"{"input":"the verdict"}"#)), None);
        assert_eq!(done(&Event::default()), None);
    }
}
