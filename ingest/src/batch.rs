//! Records with their places, and what is decided about them: which are new, what commands do.

use std::collections::BTreeMap;

use athena_schemas::audit::{self, Head};
use athena_schemas::tables::{Audit, DeadLetter, Event, Forgotten, Memory, Record};
use athena_schemas::vocabulary::Origin;
use athena_schemas::{Applied, Claim, Partition, ids, position};
use serde_json::Value;

use crate::apply::{self, Key, State, StateRow};
use crate::window::{Keys, Window};

/// Records of the log that follow each other in each partition, decided about together.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    pub events: Vec<Event>,
    pub dead_letters: Vec<DeadLetter>,
    /// For each partition the half-open range of offsets taken, those without a row included.
    pub ranges: BTreeMap<Partition, (i64, i64)>,
    pub bytes: usize,
}

impl Batch {
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    pub fn rows(&self) -> usize {
        self.events.len() + self.dead_letters.len()
    }

    /// Extends the range of a partition to `next`; the first time it begins at `from`.
    pub fn reach(&mut self, partition: &Partition, from: i64, next: i64) {
        match self.ranges.get_mut(partition) {
            Some(range) => range.1 = next,
            None => drop(self.ranges.insert(partition.clone(), (from, next))),
        }
    }

    /// Forgets all of a partition.
    pub fn let_go(&mut self, partition: &Partition) {
        let (topic, number) = (partition.topic.as_str(), partition.partition);
        self.events.retain(|e| e.log_topic != topic || e.log_partition != number);
        self.dead_letters.retain(|d| d.log_topic != topic || d.log_partition != number);
        self.ranges.remove(partition);
    }

    pub fn claim(&self) -> Claim {
        Claim { rule: position::Rule::Exact, ranges: self.ranges.clone() }
    }

    /// Lets go of what `applied` says is taken already, and of partitions where it lies before the
    /// batch: those must be read again from there. Returns these.
    pub fn trim(&mut self, applied: &Applied) -> Vec<(Partition, i64)> {
        let mut gaps = Vec::new();
        self.ranges.retain(|partition, (from, to)| match applied.get(partition) {
            Some(at) if at < *from => {
                gaps.push((partition.clone(), at));
                false
            }
            Some(at) if at >= *to => false,
            Some(at) => {
                *from = at;
                true
            }
            None => true,
        });
        let ranges = &self.ranges;
        let inside = |topic: &str, partition: i32, offset: i64| {
            let range = ranges.get(&Partition::new(topic, partition));
            range.is_some_and(|(from, to)| (*from..*to).contains(&offset))
        };
        self.events.retain(|e| inside(&e.log_topic, e.log_partition, e.log_offset));
        self.dead_letters.retain(|d| inside(&d.log_topic, d.log_partition, d.log_offset));
        gaps
    }
}

/// What a command answered, by the place of its event.
#[derive(Debug, Clone)]
pub struct Answered {
    pub position: u64,
    pub result: Result<Value, athena_schemas::Error>,
}

/// What is decided about a batch, ready to be written.
#[derive(Debug, Default)]
pub struct Decided {
    /// For each event whether it is new, and so to be written.
    pub new: Vec<bool>,
    pub memories: Vec<Memory>,
    pub records: Vec<Record>,
    pub forgotten: Vec<Forgotten>,
    /// The next rows of the partitions' chains.
    pub audit: Vec<Audit>,
    /// Packed positions of the events that were there already.
    pub duplicates: Vec<u64>,
    pub answers: Vec<Answered>,
    /// Keys that the window took in, to take back when the batch is not committed.
    pub inserted: usize,
}

impl Decided {
    /// The events to write.
    pub fn events<'b>(&'b self, batch: &'b Batch) -> impl Iterator<Item = &'b Event> {
        batch.events.iter().zip(&self.new).filter(|(_, new)| **new).map(|(event, _)| event)
    }
}

/// Events whose key the window does not know but the table may: these are to be looked up.
pub fn doubtful(events: &[Event], window: &Window) -> Vec<[u8; 16]> {
    let kafka = Origin::Kafka.name();
    events
        .iter()
        .filter(|event| {
            // Producers on Kafka get the window alone, unless Athena is the producer.
            let looked_up = event.origin != kafka || apply::operation(event).is_some();
            let said = (event.time != event.received_at).then_some(event.time);
            looked_up && window.may_have_missed(said) && !window.contains(&event.dedup)
        })
        .map(|event| event.dedup)
        .collect()
}

/// Keys of the state rows that the batch's commands look at.
pub fn keys(events: &[Event]) -> Vec<Key> {
    let mut keys: Vec<Key> = events.iter().flat_map(apply::keys).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// Keys of the rows that only rows of the state name, see [`apply::further`]. Before each command the rows are as
/// the batch found them; what commands before it change names no others than were asked for by these.
pub fn further(events: &[Event], state: &State) -> Vec<Key> {
    let mut keys: Vec<Key> = events.iter().flat_map(|event| apply::further(event, state)).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// Decides a batch in the log's order, and writes into its commands what they answered. `known` are keys
/// that the table has although the window has not. Deciding again gives the same from the same state.
pub fn decide(events: &mut [Event], window: &mut Window, known: &Keys, state: &mut State) -> Decided {
    let mut decided = Decided { new: Vec::with_capacity(events.len()), ..Decided::default() };
    for event in events {
        let new = !known.contains(&event.dedup) && window.insert(event.dedup, event.received_at);
        decided.new.push(new);
        if !new {
            decided.duplicates.push(event.position);
            continue;
        }
        decided.inserted += 1;
        if apply::operation(event).is_none() {
            continue;
        }
        let decision = apply::apply(state, event);
        event.result = Some(apply::result_text(&decision.result));
        event.changes = (!decision.rows.is_empty())
            .then(|| serde_json::to_string(&decision.rows).expect("rows are plain data"));
        for row in decision.rows {
            // No command looks at what was forgotten.
            if !matches!(row, StateRow::Forgotten(_)) {
                state.put(row.clone());
            }
            match row {
                StateRow::Memories(memory) => decided.memories.push(*memory),
                StateRow::Records(record) => decided.records.push(*record),
                StateRow::Forgotten(forgotten) => decided.forgotten.push(*forgotten),
            }
        }
        decided.answers.push(Answered { position: event.position, result: decision.result });
    }
    decided
}

/// The next rows of the chains, of the events that are new and audited, and moves the heads on. A partition without a head
/// has no chain yet.
pub fn chained<'e>(
    events: impl Iterator<Item = &'e Event>,
    heads: &mut BTreeMap<Partition, Head>,
    secret: &[u8; 32],
) -> Vec<Audit> {
    let next = |event: &'e Event| {
        let done = audit::done(event)?;
        let head = heads.entry(Partition::new(event.log_topic.clone(), event.log_partition)).or_default();
        let row = audit::row(event, done, head, secret);
        *head = Head::of(&row);
        Some(row)
    };
    events.filter_map(next).collect()
}

/// A record that could not be an event.
pub struct Dead<'a> {
    pub place: &'a crate::Place<'a>,
    pub reject: crate::Reject,
    pub key: Option<Vec<u8>>,
    pub payload: Vec<u8>,
    pub headers: Option<String>,
}

impl From<Dead<'_>> for DeadLetter {
    fn from(dead: Dead<'_>) -> Self {
        let place = dead.place;
        let (partition, offset) = (place.partition.to_string(), place.offset.to_string());
        let code = serde_json::to_value(dead.reject.code).expect("codes are plain data");
        Self {
            id: ids::short("dl-", &[place.topic, &partition, &offset]),
            project: dead.reject.project,
            received_at: place.received_at,
            code: code.as_str().unwrap_or_default().to_owned(),
            field: dead.reject.field,
            message: dead.reject.message,
            key: dead.key,
            payload: dead.payload,
            headers: dead.headers,
            actor: place.actor.to_owned(),
            origin: place.origin.name().to_owned(),
            log_topic: place.topic.to_owned(),
            log_partition: place.partition,
            log_offset: place.offset,
            position: position::pack(place.topic_number, place.partition, place.offset).unwrap_or(u64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use athena_schemas::Time;

    fn event(offset: i64, key: u8) -> Event {
        Event {
            log_topic: "t".into(),
            log_offset: offset,
            position: offset as u64,
            dedup: [key; 16],
            received_at: Time::from_micros(offset),
            ..Event::default()
        }
    }

    #[test]
    fn the_first_of_equal_events_stays() {
        let mut window = Window::new(10, true);
        let known = Keys::from_iter([[3; 16]]);
        let mut events = vec![event(0, 1), event(1, 2), event(2, 1), event(3, 3)];
        let decided = decide(&mut events, &mut window, &known, &mut State::default());
        assert_eq!(decided.new, [true, true, false, false]);
        assert_eq!(decided.duplicates, [2, 3]);
        window.take_back(decided.inserted);
        assert!(window.is_empty());
    }

    #[test]
    fn trimming_follows_what_was_applied() {
        let batch = || {
            let events = (5..9).map(|offset| event(offset, offset as u8)).collect();
            let mut batch = Batch { events, ..Batch::default() };
            batch.reach(&Partition::new("t", 0), 5, 9);
            batch
        };
        let applied = |n| {
            let mut applied = Applied::default();
            applied.set(Partition::new("t", 0), n);
            applied
        };
        let mut straddling = batch();
        assert!(straddling.trim(&applied(7)).is_empty());
        assert_eq!(straddling.events.len(), 2);
        assert_eq!(straddling.ranges.values().next(), Some(&(7, 9)));
        let mut taken = batch();
        assert!(taken.trim(&applied(9)).is_empty() && taken.is_empty() && taken.events.is_empty());
        let mut gap = batch();
        assert_eq!(gap.trim(&applied(4)), [(Partition::new("t", 0), 4)]);
        assert!(gap.is_empty());
    }
}
