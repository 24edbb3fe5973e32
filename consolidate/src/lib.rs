//! What was learned, derived from what happened: one fenced run at a time, visible at once.
//!
//! ```text
//! events up to `applied` ─▶ stages (sql/*.sql, functions of `learn`) ─▶ versions ─▶ one row of `runs`, last
//! ```
//!
//! A run writes only derived tables, and only its own versions. It never changes what a log says, and
//! nothing waits for it. What was forgotten is purged by [`forget`], through the store.

mod accesses;
mod associations;
mod communities;
mod derive;
mod embed;
mod episodes;
mod error;
mod facts;
mod forget;
mod graph;
mod orders;
mod procedures;
mod progress;
mod quality;
mod run;
mod second;
mod seen;
mod statements;
mod touched;
mod worker;
mod writes;

pub use accesses::Accesses;
pub use embed::Embedder;
pub use error::Error;
pub use forget::{Forgetting, forget};
pub use graph::Graphs;
pub use run::{Cause, Reclaimed, reclaim, run_project, run_requested};
pub use worker::{Options, Shard, Worker};

pub type Result<T> = std::result::Result<T, Error>;
