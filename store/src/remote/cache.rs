//! What was answered before, by the hash of what was asked; bounded. Pure.

use std::collections::HashMap;

/// 128 bits of a hash of everything that an answer depends on.
pub type Key = [u8; 16];

/// Two generations: what was used since the young one began is in it, and the old one goes when that is full.
/// So what is asked often stays, within the bound, without a list of uses.
#[derive(Debug)]
pub struct Cache<V> {
    young: HashMap<Key, (V, usize)>,
    old: HashMap<Key, (V, usize)>,
    young_bytes: usize,
    old_bytes: usize,
    /// Of both generations.
    bytes: usize,
}

impl<V: Clone> Cache<V> {
    /// Keeps so many bytes at most; 0 keeps nothing.
    pub fn new(bytes: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), young_bytes: 0, old_bytes: 0, bytes }
    }

    pub fn get(&mut self, key: &Key) -> Option<V> {
        if let Some((value, _)) = self.young.get(key) {
            return Some(value.clone());
        }
        let (value, bytes) = self.old.remove(key)?;
        self.old_bytes -= bytes;
        self.insert(*key, value.clone(), bytes);
        Some(value)
    }

    pub fn insert(&mut self, key: Key, value: V, bytes: usize) {
        let half = self.bytes / 2;
        if bytes > half {
            return;
        }
        if self.young_bytes + bytes > half {
            self.old = std::mem::take(&mut self.young);
            self.old_bytes = std::mem::take(&mut self.young_bytes);
        }
        if let Some((_, before)) = self.young.insert(key, (value, bytes)) {
            self.young_bytes -= before;
        }
        self.young_bytes += bytes;
    }

    pub fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of what it keeps.
    pub fn kept_bytes(&self) -> usize {
        self.young_bytes + self.old_bytes
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::new(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_goes() {
        let mut cache = Cache::new(40);
        let key = |number: u8| [number; 16];
        for number in 0..6 {
            cache.insert(key(number), number, 10);
            assert_eq!(cache.get(&key(0)), Some(0), "asked again and again");
        }
        assert_eq!((cache.get(&key(1)), cache.get(&key(5))), (None, Some(5)));
        assert!(cache.len() <= 4 && cache.kept_bytes() == 10 * cache.len());
        cache.insert(key(9), 9, 21);
        assert_eq!(cache.get(&key(9)), None, "larger than half of it");
        cache.clear();
        assert_eq!(cache.get(&key(5)), None);
    }
}
