//! The order of candidates: what each shows of the question, and one score from that.
//!
//! ```text
//! candidates (words, vectors) ─▶ features of each, and against the others ─▶ trees ─▶ score
//! the best of them ─▶ signs that it bears on the question ─▶ gate ─▶ probability
//! ```
//!
//! Pure: no index is read here, so that what is fitted offline is computed by this very code.

mod bearing;
mod features;
mod question;
mod trees;

mod classify;
mod diversity;
pub mod expansion;
mod fuse;
pub mod pagerank;
pub mod reliability;
pub mod times;
mod weights;

pub use bearing::{Gates, Parts, Question as Bearing, SIGNS, Text as BearingText, sentences, written};
pub use classify::{Class, classify};
pub use diversity::{diverse, shared_words};
pub use features::{NAMES, Row, features, value};
pub use fuse::fuse;
pub use question::Asks;
pub use trees::Ranker;
pub use weights::{Weighed, normal, scores as weighed};

use crate::text::Candidate;
use crate::vector::Likeness;

/// A document that may answer, with all that is known of it.
#[derive(Debug, Clone)]
pub struct Shown {
    pub by_words: Candidate,
    /// `None` while it has no vector.
    pub likeness: Option<Likeness>,
}
