//! The operations, a file a tool, in the order of the manual.

mod associations;
mod attention;
mod automation;
mod code;
mod communities;
mod consolidation;
mod conversations;
mod events;
mod filters;
mod graph;
mod hooks;
mod items;
mod memories;
mod meta;
mod notes;
pub mod paging;
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
mod temporal;
mod triggers;
mod watches;

pub use rows::objects;
pub use sessions::standing;
pub use system::CopyRun;

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
    triggers::register(registry);
    automation::register(registry);
    graph::register(registry);
    communities::register(registry);
    associations::register(registry);
    code::register(registry);
    meta::register(registry);
    attention::register(registry);
    consolidation::register(registry);
    safety::register(registry);
    hooks::register(registry);
    sql::register(registry);
    system::register(registry);
    temporal::register(registry);
    spatial::register(registry);
}
