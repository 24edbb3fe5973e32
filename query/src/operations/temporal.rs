//! Tool `temporal`: what came before and after, what comes with what, and what was known when.

mod around;
mod happened;
mod known;
mod links;
mod stream;

use crate::registry::Registry;

pub use happened::{Happened, Streams, stream, streams};
use happened::{by_session, find, steps};

pub fn register(registry: &mut Registry) {
    registry.add::<links::Chain>();
    registry.add::<around::Before>();
    registry.add::<around::After>();
    registry.add::<links::Causes>();
    registry.add::<links::Effects>();
    registry.add::<stream::Sequences>();
    registry.add::<stream::Rhythm>();
    registry.add::<stream::Gaps>();
    registry.add::<known::AsOf>();
    registry.add::<known::Diff>();
}
