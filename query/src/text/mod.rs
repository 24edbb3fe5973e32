//! The text index of a query node: derived from the tables, disposable, never the only copy of anything.
//!
//! ```text
//! rows ─▶ Document ─▶ apply ─▶ commit (with the payload: up to where) ─▶ view
//! text ─▶ parse ─▶ terms ─▶ candidates ─▶ evidence ─▶ score ─▶ hits
//! filter ─▶ sieve ─▶ newest first, counts
//! things named ─▶ items that have them ─▶ things of these ─▶ … (a bounded walk)
//! ```
//!
//! Delete its directory and it comes back. It never shows a document that the filter's scope does not
//! have, and no question is a syntax error. It calls no clock and knows no table.

mod document;
mod error;
mod fields;
mod index;
mod layered;
mod writing;

mod excerpt;
mod list;
mod search;
mod speakers;
mod traits;

mod parse;
mod words;

mod graph;
mod mentions;

mod filter;
mod terms;

mod candidates;
mod evidence;
mod score;
mod view;

#[cfg(test)]
mod tests;

pub use document::{Changes, Document, Key, Payload, SHOWN_BYTES};
pub use error::Error;
pub use excerpt::excerpt;
pub use fields::Place;
pub use filter::Filter;
pub use graph::{Graph, Reached, Seed};
pub use index::{Opened, Statistics, TextIndex, TextOptions};
pub use list::{GroupBy, Moment};
pub use mentions::{Entity, EntityKind, mentions};
pub use parse::{parse, plain};
pub use search::{Asked, Candidate, TextHit, TextQuery};
pub use words::words;

pub type Result<T, E = Error> = std::result::Result<T, E>;
