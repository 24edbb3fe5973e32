//! The operations, a file a tool, in the order of the manual.

mod events;
mod filters;
mod hooks;
mod memories;
pub mod paging;
mod retrieve;
mod rows;
mod sessions;
mod sql;
mod system;

pub use sessions::standing;
pub use system::CopyRun;

use crate::registry::Registry;

pub fn register(registry: &mut Registry) {
    events::register(registry);
    sessions::register(registry);
    memories::register(registry);
    retrieve::register(registry);
    hooks::register(registry);
    sql::register(registry);
    system::register(registry);
}
