//! Pieces of work of one answer at the same time.

use rayon::prelude::*;

/// Does both, each on a core where one is free. A panic of either is the caller's.
pub fn at_once<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(one, other)
}

/// Does the same with each, on as many cores as are free.
pub fn each<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    match all {
        // It is not worth the way to another thread.
        [one] => vec![work(one)],
        all => all.par_iter().map(work).collect(),
    }
}
