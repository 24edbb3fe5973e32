//! Texts into vectors.
//!
//! ```text
//! text ─▶ tokens ─▶ chunks of bounded length ─▶ a vector of length 1 for each
//! ```

mod table;

pub use table::{StaticTable, normalize};

use crate::Result;

/// A part of a text and its vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Chunk {
    /// Of length 1, or 0 where the text has nothing that the model knows.
    pub vector: Vec<f32>,
    /// The tokens of the built-in model; empty for others.
    pub tokens: Vec<u16>,
}

/// Makes vectors. Calls may block and use the processor for long.
pub trait Model: Send + Sync + std::fmt::Debug {
    /// What tells its vectors from those of others.
    fn name(&self) -> &str;

    /// The chunks of each text, at least one a text.
    ///
    /// # Errors
    /// A model that cannot be reached, or fails.
    fn embed(&self, texts: &[String]) -> Result<Vec<Vec<Chunk>>>;
}
