//! What was written last, kept in memory: whoever must see it at once need not wait until an index has it.
//!
//! Commands may take away what was told, so that nothing is kept of what came before one.

use std::collections::VecDeque;

use athena_schemas::tables::Event;
use athena_schemas::vocabulary::COMMAND_PREFIX;
use parking_lot::Mutex;

/// Events that are kept at most, and bytes of their texts.
const EVENTS: usize = 4_096;
const BYTES: usize = 8 << 20;

/// The newest events of one partition.
#[derive(Debug, Default)]
pub struct Recent(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// The offsets of which all events are here.
    from: i64,
    to: i64,
    events: VecDeque<Event>,
    bytes: usize,
}

impl Recent {
    /// Begins anew with what comes from an offset on.
    pub fn begin(&self, at: i64) {
        *self.0.lock() = Kept { from: at, to: at, ..Kept::default() };
    }

    /// Takes in the events of a range of offsets, in order.
    pub fn add(&self, (from, to): (i64, i64), events: Vec<Event>) {
        if events.iter().any(|event| event.r#type.starts_with(COMMAND_PREFIX)) {
            return self.begin(to);
        }
        let mut kept = self.0.lock();
        if kept.to != from {
            *kept = Kept { from, ..Kept::default() };
        }
        kept.to = to;
        for event in events {
            kept.bytes += bytes(&event);
            kept.events.push_back(event);
        }
        while kept.events.len() > EVENTS || kept.bytes > BYTES {
            let Some(oldest) = kept.events.pop_front() else { break };
            kept.bytes -= bytes(&oldest);
            kept.from = oldest.log_offset + 1;
        }
    }

    /// The events that are meant, from an offset on; `None` where not all up to `to` are here.
    pub fn since(&self, from: i64, to: i64, is_meant: impl Fn(&Event) -> bool) -> Option<Vec<Event>> {
        if to <= from {
            return Some(vec![]);
        }
        let kept = self.0.lock();
        let newer = kept.events.iter().rev().take_while(|event| event.log_offset >= from);
        (kept.from <= from && to <= kept.to).then(|| newer.filter(|event| is_meant(event)).cloned().collect())
    }
}

fn bytes(event: &Event) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    size_of::<Event>() + text(&event.content) + text(&event.attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(offsets: std::ops::Range<i64>, r#type: &str) -> Vec<Event> {
        let event = |log_offset| Event { log_offset, r#type: r#type.into(), ..Event::default() };
        offsets.map(event).collect()
    }

    fn since(recent: &Recent, from: i64, to: i64) -> Option<Vec<i64>> {
        let found = recent.since(from, to, |_| true)?;
        let mut offsets: Vec<i64> = found.iter().map(|event| event.log_offset).collect();
        offsets.sort_unstable();
        Some(offsets)
    }

    #[test]
    fn all_of_a_range_or_nothing_is_given() {
        let recent = Recent::default();
        recent.begin(10);
        recent.add((10, 12), events(10..12, "message"));
        // A duplicate has an offset and no event.
        recent.add((12, 14), events(13..14, "message"));
        assert_eq!(since(&recent, 10, 14), Some(vec![10, 11, 13]));
        assert_eq!(since(&recent, 11, 12), Some(vec![11, 13]));
        assert_eq!(since(&recent, 9, 14), None, "what was before it is not here");
        assert_eq!(since(&recent, 13, 15), None, "what comes is not here yet");
        assert_eq!(since(&recent, 20, 14), Some(vec![]));
        assert_eq!(recent.since(10, 14, |event| event.log_offset > 11).unwrap().len(), 1);
    }

    #[test]
    fn a_command_or_a_gap_begins_anew_and_the_oldest_go() {
        let recent = Recent::default();
        recent.add((0, 2), events(0..2, "message"));
        recent.add((2, 3), events(2..3, "athena.events.forget"));
        assert_eq!((since(&recent, 0, 3), since(&recent, 2, 3)), (None, None));
        recent.add((3, 5), events(3..5, "message"));
        assert_eq!(since(&recent, 3, 5), Some(vec![3, 4]));
        recent.add((9, 10), events(9..10, "message"));
        assert_eq!((since(&recent, 3, 10), since(&recent, 9, 10)), (None, Some(vec![9])));
        let most = EVENTS as i64;
        recent.add((10, 10 + most), events(10..10 + most, "message"));
        assert_eq!(
            (since(&recent, 9, 11), since(&recent, 10, 11).map(|all| all.len())),
            (None, Some(EVENTS))
        );
    }
}
