//! The bounded window of the events seen last: it answers most questions of "was this there before?".

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

use athena_schemas::Time;

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
}

impl Window {
    /// An empty window over a log that has, or has not, events that it does not know.
    pub fn new(capacity: usize, partial: bool) -> Self {
        Self { keys: Keys::default(), order: VecDeque::new(), capacity: capacity.max(1), partial }
    }

    pub fn contains(&self, key: &[u8; 16]) -> bool {
        self.keys.contains(key)
    }

    /// Says whether the key is new; a new one may push out the oldest.
    pub fn insert(&mut self, key: [u8; 16], received_at: Time) -> bool {
        if !self.keys.insert(key) {
            return false;
        }
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
}
