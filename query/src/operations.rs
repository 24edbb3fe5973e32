//! The operations, a file a tool, in the order of the manual.

mod filters;
mod memories;

use crate::registry::Registry;

pub fn register(registry: &mut Registry) {
    memories::register(registry);
}
