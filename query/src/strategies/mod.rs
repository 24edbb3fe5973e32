//! Ways to answer a question that ask more than once.
//!
//! ```text
//! question ─▶ first answers ─▶ what they share, lack, or name ─▶ further answers ─▶ one list, and how it came about
//! ```
//!
//! They block, read the node's indexes and nothing else, and see what the question's filter lets through.

mod hops;
mod local;
mod refer;
mod reflect;
mod smart;
mod temporal;
#[cfg(test)]
mod tests;
mod widen;

use athena_schemas::Error;
use athena_schemas::wire::Hit;

pub use hops::{Linked, multi_hop};
pub use local::local;
pub use refer::resolved;
pub use reflect::{Round, reflect};
pub use smart::{Used, Way, smart};
pub use temporal::{Anchored, temporal};
pub use widen::{Reformulation, hyde, reformulations, told};

use crate::rank::fuse;
use crate::search::{OneSearch, Ranked};
use crate::text::Asked;

/// The hits of candidates, in their order.
fn hits(search: &OneSearch, asked: &Asked, ranked: Vec<Ranked>) -> Result<Vec<Hit>, Error> {
    ranked.into_iter().map(|ranked| search.hit(asked, ranked)).collect()
}

fn positions(ranked: &[Ranked]) -> Vec<u64> {
    ranked.iter().map(|one| one.shown.by_words.position).collect()
}

/// Lists of hits as one, each weighed; each hit with the numbers of the lists that have it.
fn merged(lists: Vec<(f64, Vec<Hit>)>, limit: usize) -> Vec<(Hit, Vec<usize>)> {
    let key = |hit: &Hit| (hit.project.clone(), hit.kind, hit.id.clone());
    let keys: Vec<(f64, Vec<_>)> = lists
        .iter()
        .map(|(weight, hits)| (*weight, hits.iter().map(|hit| (key(hit), hit.score)).collect()))
        .collect();
    let mut all: Vec<Hit> = lists.into_iter().flat_map(|(_, hits)| hits).collect();
    let fused = fuse(&keys).into_iter().take(limit);
    let hit = |(wanted, score, lists): (_, f64, Vec<usize>)| {
        let at = all.iter().position(|hit| key(hit) == wanted)?;
        Some((Hit { score, ..all.swap_remove(at) }, lists))
    };
    fused.filter_map(hit).collect()
}
