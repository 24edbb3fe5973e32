//! Tool `consolidation`: runs that derive what was learned, what they found, and how good it is.
//!
//! Nothing here runs anything: what is asked for stands in the log, and the worker, wherever it is, follows it.

mod clusters;
mod decay;
mod found;
mod history;
pub mod kinds;
mod order;
pub mod told;
mod validate;

use crate::registry::{Registry, Step};
use serde_json::json;

pub use clusters::{AllSaid, said};

pub fn register(registry: &mut Registry) {
    order::register(registry);
    history::register(registry);
    found::register(registry);
    clusters::register(registry);
    validate::register(registry);
    decay::register(registry);
}

/// A run that is over, for the examples about it.
fn ran(event_id: &str) -> Step {
    let arguments = json!({"scope": "all", "wait": true, "event_id": event_id});
    Step { tool: "consolidation", operation: "run", arguments }
}

/// The id that the run of this `event_id` is known by.
fn id_of(event_id: &str) -> String {
    athena_ingest::records::id_of("run", event_id)
}
