//! The log on Kafka: consumed into the tables, produced to by Athena's own doors, probed by `doctor`.

mod assemble;
mod committer;
mod consumer;
mod decide;
mod marks;
mod names;
mod options;
mod own;
mod probe;
mod producer;
mod seal;

pub use consumer::{Drained, Ingester, Progress};
pub use decide::Decisions;
pub use marks::stopped;
pub use options::KafkaOptions;
pub use probe::{Finding, probe};
pub use producer::KafkaLog;
