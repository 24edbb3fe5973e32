//! Texts into vectors.
//!
//! ```text
//! text ─▶ tokens ─▶ chunks of bounded length ─▶ a vector of length 1 for each
//! ```
//!
//! Three make them: the table inside the binary, a transformer from a folder, and an endpoint.

mod chunks;
mod endpoint;
mod known;
mod table;
mod transformer;

use std::sync::Arc;

use async_trait::async_trait;

pub use endpoint::{Endpoint, EndpointOptions};
pub use table::{StaticTable, normalize};
pub use transformer::Transformer;

use crate::remote::Standing;
use crate::{Cached, Error, Result};

/// A part of a text and its vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Chunk {
    /// Of length 1, or 0 where the text has nothing that the model knows.
    pub vector: Vec<f32>,
    /// The part's tokens, in the vocabulary of the built-in model: by them texts are compared word by word,
    /// whatever made the vector.
    pub tokens: Vec<u16>,
}

/// Makes vectors. Calls take long and block no thread that answers requests.
#[async_trait]
pub trait Model: Send + Sync + std::fmt::Debug {
    /// What tells its vectors from those of others.
    fn name(&self) -> &str;

    /// Numbers of each of its vectors.
    fn dimensions(&self) -> usize;

    /// The chunks of each text, at least one a text.
    ///
    /// # Errors
    /// A model that cannot be reached, or fails.
    async fn embed(self: Arc<Self>, texts: Vec<String>) -> Result<Vec<Vec<Chunk>>>;

    /// The vector of a question, for whom somebody waits.
    ///
    /// # Errors
    /// As of `embed`, and sooner.
    async fn question(self: Arc<Self>, text: String) -> Result<Vec<f32>>;

    /// Drops what it remembers of texts.
    fn forget(&self) {}

    /// What it remembers of texts; `None` of one that remembers none.
    fn cached(&self) -> Option<Cached> {
        None
    }

    /// How it stands with the service that it asks; `None` of one that is here.
    fn standing(&self) -> Option<Standing> {
        None
    }
}

/// Work for a thread on which nobody waits.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Model(error.to_string()))?
}
