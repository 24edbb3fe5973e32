//! From a question into the graph: where a walk begins, and what it comes to.
//!
//! ```text
//! things that the question names ─┐
//! the best few by words ──────────┴▶ seeds ─▶ walk ─▶ items, each with its share
//! ```

use athena_schemas::Error;

use crate::text::{Asked, Entity, Graph, Reached, Seed};

/// The best by words that a walk begins at, and their share beside the things that the question names; all of it where
/// it names nothing.
const BEST: usize = 5;
const SHARE_OF_BEST: f32 = 0.3;

/// Walks from what a question names, and from the best by its words.
///
/// # Errors
/// An index that cannot be read.
pub fn walk(asked: &Asked, graph: &mut Graph<'_>) -> Result<Reached, Error> {
    let named = graph.named(asked.text())?;
    let mut seeds = shares(&named);
    let mut best = asked.candidates(asked.drawn(BEST)?, &[])?;
    best.sort_by(|one, other| other.parts.total().total_cmp(&one.parts.total()));
    best.truncate(BEST);
    let all: f64 = best.iter().map(|one| one.parts.total()).sum();
    let share = if named.is_empty() { 1.0 } else { SHARE_OF_BEST };
    for one in best.iter().filter(|_| all > 0.0) {
        seeds.push((Seed::Item(one.position), share * (one.parts.total() / all) as f32));
    }
    Ok(graph.walk(&seeds)?)
}

/// Each thing as a seed, by how telling it is; together 1.
pub fn shares(things: &[(Entity, f32)]) -> Vec<(Seed, f32)> {
    let all: f32 = things.iter().map(|(_, telling)| telling).sum();
    things
        .iter()
        .map(|(thing, telling)| (Seed::Thing(thing.clone()), telling / all.max(f32::MIN_POSITIVE)))
        .collect()
}
