//! What can be learned from what happened, as pure functions: no table, no clock, no I/O.
//!
//! ```text
//! events ─▶ steps ─▶ procedures, next step          messages ─▶ statements ─▶ facts          edges ─▶ leiden          files ─▶ code
//! events ─▶ entities, ties ─▶ communities
//! ```
//!
//! `consolidate` keeps what these find in tables; `query` asks them about the session at hand.

pub mod associations;
pub mod code;
pub mod communities;
pub mod entities;
pub mod estimate;
pub mod facts;
pub mod held_out;
pub mod language;
pub mod leiden;
pub mod next_step;
pub mod past;
pub mod places;
pub mod plan;
pub mod procedures;
pub mod scan;
pub mod steps;
pub mod texts;
pub mod told;

/// What is told of input that cannot be learned from names the field and the remedy.
pub type Result<T> = std::result::Result<T, athena_schemas::Error>;
