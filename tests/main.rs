//! What Athena promises, end to end. One binary, one module a promise.
//!
//! `ATHENA_TEST_FULL=1` runs the long forms; `ATHENA_TEST_KAFKA` names a real broker.

mod consolidate;
mod embedded;
mod kafka;
mod recovery;
mod s3;
mod store;
mod support;
mod tidy;
