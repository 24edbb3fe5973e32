//! Answers from the tables: search, SQL and operations, over HTTP.
//!
//! ```text
//! tables ─▶ follow ─▶ words, vectors (derived) ─┐
//!        └▶ snapshots ──────────────────────────┴▶ search · sql · operations ─▶ HTTP
//! writes ─▶ events · operations ─▶ log
//! ```
//!
//! Every read names its projects before a candidate is drawn. Nothing here writes a table: what changes
//! the memory goes to the log.

mod accesses;
mod ahead;
mod answer;
mod app;
mod arguments;
mod at_once;
pub mod audit;
mod automation;
mod code;
mod condition;
pub mod diagnose;
mod digest;
mod events;
mod facts;
mod follow;
mod graph;
mod hooks_out;
mod http;
mod importance;
mod inject;
mod kept;
mod learned;
pub mod llm;
pub mod manual;
mod mcp;
mod metrics;
mod moments;
mod near;
mod operations;
mod pairs;
mod rank;
mod reach;
mod recall;
mod recent;
mod registry;
mod safety;
pub mod sealing;
mod search;
mod server;
pub mod sql;
mod state;
mod strategies;
mod tally;
pub mod text;
mod time_args;
mod vector;
pub mod who;

pub use app::{App, InForce, Options, ProjectOf, Setup};
pub use automation::AutomationOptions;
pub use http::openapi;
pub use mcp::check_tools;
pub use operations::Price;
pub use rank::Ranker;
pub use registry::{Effect, Registry};
pub use server::Server;
