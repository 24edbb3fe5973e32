//! The vectors of a query node: derived from the table `embeddings`, disposable.
//!
//! ```text
//! rows ─▶ slots: code (1 bit a number, in memory) · numbers (8 bits) and tokens (in a file)
//! question ─▶ nearest codes ─▶ exact cosines of those ─▶ positions of rows
//! positions ─▶ compare: cosines, by weights of plain text and by those of the texts at hand
//! ```
//!
//! A scan of codes is exact about who is looked at: a filter is applied before it, and nothing that a
//! graph or a list of cells would miss is missed.

mod codes;
mod compare;
mod follow;
mod index;
mod statistics;
mod words;

pub use compare::Likeness;
pub use follow::{derive_anew, follow};
pub use index::{Near, VectorIndex, Wanted};
