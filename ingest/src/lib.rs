//! From the log to the tables, exactly once.
//!
//! ```text
//! bytes ─▶ decode (draft) ─▶ log (place) ─▶ batch (dedup · apply) ─▶ commit: dead letters · state · events
//! ```
//!
//! Decoding, placing, deduplication and `apply` decide and do no I/O; `embedded` and `kafka` are the two
//! shells around them. Nothing here answers a question: readers look at tables.

pub mod adapters;
pub mod decode;
pub mod draft;

pub mod apply;
pub mod associations;
pub mod attention;
mod automation;
pub mod batch;
pub mod code;
pub mod consolidation;
pub mod conversations;
pub mod estimation;
pub mod forgets;
pub mod goals;
pub mod graph;
pub mod hooks;
mod keys;
mod memories;
pub mod notes;
pub mod partitions;
pub mod places;
pub mod planning;
pub mod procedures;
pub mod records;
pub mod redacts;
mod retrieve;
pub mod safety;
pub mod skills;
pub mod tasks;
#[cfg(test)]
mod test;
mod triggers;
pub mod views;
pub mod watches;
mod window;

mod embedded;
mod error;
pub mod kafka;
pub mod log;
mod recent;
mod state;
mod writer;

pub use draft::{Draft, Limits, Place, Reject};
pub use embedded::{EmbeddedLog, EmbeddedOptions};
pub use error::Error;
pub use log::{Answer, Command, Log, Receipt, Submission};
pub use writer::{Writer, WriterOptions, Written, last_times};

pub type Result<T> = std::result::Result<T, Error>;
