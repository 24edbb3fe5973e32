//! The operations, a file a tool, in the order of the manual.

mod associations;
mod attention;
mod automation;
mod code;
mod communities;
mod consolidation;
mod conversations;
mod estimation;
mod events;
mod filters;
mod goals;
mod graph;
mod hooks;
mod items;
mod memories;
mod meta;
mod newest;
mod notes;
pub mod paging;
mod planning;
mod procedures;
pub mod records;
mod retrieve;
pub mod rows;
mod safety;
mod sessions;
mod skills;
mod spatial;
mod sql;
mod system;
mod tasks;
mod temporal;
mod triggers;
mod watches;

pub use consolidation::{AllSaid, said};
pub use estimation::{Lessons, Price};
pub use goals::{AllSwitches, switches};
pub use procedures::LearnedProcedures;
pub use rows::objects;
pub use sessions::standing;
pub use sql::{Counts, count_ahead};
pub use system::{Compacting, Copying, Reindexing, Runs};
pub use temporal::{Streams, streams};

use crate::registry::Registry;

pub fn register(registry: &mut Registry) {
    events::register(registry);
    sessions::register(registry);
    conversations::register(registry);
    memories::register(registry);
    notes::register(registry);
    retrieve::register(registry);
    procedures::register(registry);
    skills::register(registry);
    tasks::register(registry);
    goals::register(registry);
    triggers::register(registry);
    automation::register(registry);
    graph::register(registry);
    communities::register(registry);
    associations::register(registry);
    code::register(registry);
    meta::register(registry);
    attention::register(registry);
    consolidation::register(registry);
    planning::register(registry);
    estimation::register(registry);
    safety::register(registry);
    hooks::register(registry);
    sql::register(registry);
    system::register(registry);
    temporal::register(registry);
    spatial::register(registry);
}
