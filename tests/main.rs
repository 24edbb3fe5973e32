//! What Athena promises, end to end. One binary, one module a promise.
//!
//! `ATHENA_TEST_FULL=1` runs the long forms; `ATHENA_TEST_KAFKA` names a real broker; `ATHENA_TEST_MODEL` and
//! `ATHENA_TEST_TRANSFORMER`, which `./dev test --models` sets, real models.

mod access;
mod attention;
mod automation;
mod choose;
mod client;
mod code;
mod conformance;
mod consolidate;
mod consolidation;
mod conversations;
mod degraded;
mod embedded;
mod estimation;
mod export;
mod facts;
mod faults;
mod forget;
mod goals;
mod graph;
mod history;
mod hooks;
mod hostile;
mod kafka;
mod keys;
mod learned;
mod mcp;
mod memories;
mod models;
mod notes;
mod open_tables;
mod operations;
mod otlp;
mod planning;
mod procedures;
mod processes;
mod recall;
mod recovery;
mod retrieve;
mod s3;
mod safety;
mod sensitive;
mod sessions;
mod standing;
mod statements;
mod store;
mod support;
mod system;
mod tasks;
mod tidy;
mod trace;
mod triggers;
mod vectors;
mod walls;
