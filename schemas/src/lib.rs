//! Every table and wire type of Athena, each declared once.
//!
//! ```text
//! wire (JSON of clients) ─▶ Event, Memory, … (typed rows) ─▶ Arrow batches ─▶ tables
//! ```
//!
//! This crate does no I/O, reads no clock and holds no state: other crates parse into these types at
//! the edge and trust them from there on.

mod column;
#[macro_use]
mod table;

pub mod audit;
pub mod emptied;
pub mod error;
pub mod ids;
pub mod manual;
pub mod orders;
pub mod position;
pub mod sealed;
pub mod tables;
pub mod time;
pub mod told;
pub mod vocabulary;
pub mod wire;

pub use column::{Column, Vector};
pub use error::{Code, Error};
pub use position::{Applied, Claim, Partition, Position, Refused};
pub use table::{Derived, Field, Row, Table};
pub use time::Time;
