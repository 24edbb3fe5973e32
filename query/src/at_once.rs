//! Pieces of work of one answer at the same time.

use std::ops::Range;

use rayon::prelude::*;

/// Slots that are looked at in one go, while another core looks at others.
pub const PIECE: usize = 1 << 17;

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

/// Does it with the places of so many slots, piece by piece, on as many cores as are free.
pub fn in_pieces<R: Send>(slots: usize, work: impl Fn(Range<usize>) -> R + Send + Sync) -> Vec<R> {
    let pieces: Vec<Range<usize>> =
        (0..slots).step_by(PIECE).map(|from| from..slots.min(from + PIECE)).collect();
    each(&pieces, |piece| work(piece.clone()))
}
