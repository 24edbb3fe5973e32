//! What is kept in memory of rows, or of what was made of them: of a few keys what was asked for last, the oldest goes when
//! there are more; and nothing after a purge.

use std::sync::Arc;

use athena_store::{Cached, Lookups};
use parking_lot::Mutex;

/// What keeps anything of rows.
pub trait Forget: Send + Sync {
    /// Drops all that it keeps: of what was purged nothing may be left.
    fn forget(&self);

    /// How much it keeps, and how often that was asked for.
    fn cached(&self) -> Cached;
}

pub struct Recent<K, T> {
    kept: Mutex<Vec<(K, Arc<T>)>>,
    most: usize,
    lookups: Lookups,
}

impl<K: PartialEq + Clone, T: Default> Recent<K, T> {
    /// Of so many keys at once.
    pub fn new(most: usize) -> Self {
        Self { kept: Mutex::default(), most, lookups: Lookups::default() }
    }

    /// What is kept of a key, empty when it is new.
    pub fn of(&self, key: &K) -> Arc<T> {
        let mut kept = self.kept.lock();
        let known = kept.iter().position(|(one, _)| one == key).map(|at| kept.remove(at));
        self.lookups.note(known.is_some());
        let known = known.unwrap_or_else(|| (key.clone(), Arc::default()));
        let of_key = known.1.clone();
        kept.push(known);
        let more = kept.len().saturating_sub(self.most);
        kept.drain(..more);
        of_key
    }

    /// What is kept of each.
    pub fn all(&self) -> Vec<(K, Arc<T>)> {
        self.kept.lock().clone()
    }
}

impl<K: Send, T: Send + Sync> Forget for Recent<K, T> {
    fn forget(&self) {
        self.kept.lock().clear();
    }

    fn cached(&self) -> Cached {
        self.lookups.of(Some(self.kept.lock().len()), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_last_stays() {
        let recent: Recent<u8, Mutex<u8>> = Recent::new(2);
        let put = |key: u8| *recent.of(&key).lock() = key;
        let get = |key: u8| *recent.of(&key).lock();
        [1, 2].into_iter().for_each(put);
        assert_eq!(get(1), 1);
        put(3);
        assert_eq!((get(1), get(3)), (1, 3), "2 was asked for before 1");
        assert_eq!(get(2), 0);
        assert_eq!(recent.all().iter().map(|(key, _)| *key).collect::<Vec<_>>(), [3, 2]);
        recent.forget();
        assert_eq!(get(3), 0);
    }
}
