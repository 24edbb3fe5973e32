//! The bounded window of the events seen last: it answers most questions of "was this there before?".

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

use athena_schemas::{Time, ids};

/// Keys are hashes already: their first 8 bytes serve.
#[derive(Debug, Default)]
pub struct FirstBytes(u64);

impl Hasher for FirstBytes {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }
}

pub type Keys = HashSet<[u8; 16], BuildHasherDefault<FirstBytes>>;

/// The keys of the newest events, at most `capacity`, in the log's order.
#[derive(Debug)]
pub struct Window {
    keys: Keys,
    order: VecDeque<([u8; 16], Time)>,
    capacity: usize,
    /// Whether there are events older than the oldest key here.
    partial: bool,
    /// By what the keys of forgotten events are known, once there are any.
    secret: Option<[u8; 32]>,
}

impl Window {
    /// An empty window over a log that has, or has not, events that it does not know.
    pub fn new(capacity: usize, partial: bool) -> Self {
        let (keys, order) = Default::default();
        Self { keys, order, capacity: capacity.max(1), partial, secret: None }
    }

    /// Says by which secret the keys of forgotten events are known; `None` while nothing was forgotten.
    pub fn knows_forgotten_by(&mut self, secret: Option<[u8; 32]>) {
        self.secret = secret;
    }

    pub fn contains(&self, key: &[u8; 16]) -> bool {
        let forgotten = |secret: &[u8; 32]| self.keys.contains(&ids::dedup_of_forgotten(secret, key));
        self.keys.contains(key) || self.secret.as_ref().is_some_and(forgotten)
    }

    /// Says whether the key is new; a new one may push out the oldest.
    pub fn insert(&mut self, key: [u8; 16], received_at: Time) -> bool {
        if self.contains(&key) {
            return false;
        }
        self.keys.insert(key);
        // An emptied event stands behind newer ones in its table; the window's bounds go by the newest.
        let received_at = self.order.back().map_or(received_at, |(_, newest)| received_at.max(*newest));
        self.order.push_back((key, received_at));
        if self.order.len() > self.capacity {
            let (oldest, _) = self.order.pop_front().expect("longer than its capacity");
            self.keys.remove(&oldest);
            self.partial = true;
        }
        true
    }

    /// Takes back the newest `count` keys: their batch was not committed.
    pub fn take_back(&mut self, count: usize) {
        for _ in 0..count {
            if let Some((key, _)) = self.order.pop_back() {
                self.keys.remove(&key);
            }
        }
    }

    /// Whether an event that happened at `time` (`None`: not said) and is not here may yet have been
    /// received before the window begins. What was received later than it began would be here.
    pub fn may_have_missed(&self, time: Option<Time>) -> bool {
        let oldest = self.order.front().map(|(_, received_at)| *received_at);
        self.partial && oldest.is_none_or(|oldest| time.is_none_or(|time| time < oldest))
    }

    pub fn len(&self) -> usize {
        self.order.len()
    }

    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u8) -> [u8; 16] {
        [n; 16]
    }

    #[test]
    fn bounded_and_taken_back() {
        let mut window = Window::new(2, false);
        let at = |n| Time::from_micros(n);
        assert!(window.insert(key(1), at(1)));
        assert!(!window.insert(key(1), at(2)));
        assert!(!window.may_have_missed(None), "it knows everything so far");
        assert!(window.insert(key(2), at(2)) && window.insert(key(3), at(3)));
        assert!(!window.contains(&key(1)) && window.contains(&key(3)));
        assert!(window.may_have_missed(None) && window.may_have_missed(Some(at(1))));
        assert!(!window.may_have_missed(Some(at(2))));
        window.take_back(1);
        assert!(!window.contains(&key(3)) && window.contains(&key(2)));
    }

    #[test]
    fn forgotten_events_are_known_again() {
        let mut window = Window::new(4, true);
        let at = |n| Time::from_micros(n);
        window.insert(key(1), at(9));
        window.insert(ids::dedup_of_forgotten(&[5; 32], &key(2)), at(3));
        assert!(!window.contains(&key(2)));
        window.knows_forgotten_by(Some([5; 32]));
        assert!(window.contains(&key(2)) && !window.insert(key(2), at(10)) && !window.contains(&key(3)));
        window.insert(key(4), at(10));
        window.insert(key(5), at(11));
        window.insert(key(6), at(12));
        assert!(window.may_have_missed(Some(at(8))), "the emptied one does not make the window look older");
    }
}
