//! Two pieces of work of one answer at the same time.

/// Does both, each on a core where one is free. A panic of either is the caller's.
pub fn at_once<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(one, other)
}
