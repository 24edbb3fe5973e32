//! How often a cache had what was asked of it.

use std::sync::atomic::{AtomicU64, Ordering};

/// What was asked of a cache since it was made.
#[derive(Debug, Default)]
pub struct Lookups {
    hits: AtomicU64,
    misses: AtomicU64,
}

/// How a cache does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cached {
    /// What it keeps, where it counts that, and the bytes of it, where it measures them.
    pub entries: Option<usize>,
    pub bytes: Option<usize>,
    pub hits: u64,
    pub misses: u64,
}

impl Lookups {
    pub fn note(&self, hit: bool) {
        let counted = if hit { &self.hits } else { &self.misses };
        counted.fetch_add(1, Ordering::Relaxed);
    }

    /// Of a cache that keeps these.
    pub fn of(&self, entries: Option<usize>, bytes: Option<usize>) -> Cached {
        let (hits, misses) = (self.hits.load(Ordering::Relaxed), self.misses.load(Ordering::Relaxed));
        Cached { entries, bytes, hits, misses }
    }
}
