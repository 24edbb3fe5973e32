//! Answers from the neighbourhood of what a question names.

use std::collections::HashMap;

use athena_schemas::Error;
use athena_schemas::wire::Hit;

use crate::rank::normal;
use crate::reach::{self, shares};
use crate::search::OneSearch;
use crate::text::{Entity, Graph};

/// Items of the neighbourhood that are ranked.
const RANKED: usize = 150;
/// Things of the neighbourhood that are told.
const NEAR: usize = 20;

/// What was found, and around what.
pub struct Neighbourhood {
    /// Things that the question names; where there is none, the best hits by its words stand for them.
    pub named: Vec<Entity>,
    /// Things near these, with their shares of a walk that begins at them.
    pub near: Vec<(Entity, f32)>,
    pub hits: Vec<Hit>,
}

/// Hits of the neighbourhood: half by how they answer, half by how near they are.
///
/// # Errors
/// An index that cannot be read.
pub fn local(search: &OneSearch) -> Result<Neighbourhood, Error> {
    let asked = search.text.ask(&search.query)?;
    let mut graph = Graph::new(&asked)?;
    let named = graph.named(asked.text())?;
    let reached = match named.is_empty() {
        true => reach::walk(&asked, &mut graph)?,
        false => graph.walk(&shares(&named))?,
    };
    let shares: HashMap<u64, f32> = reached.items.into_iter().take(RANKED).collect();
    let positions: Vec<u64> = shares.keys().copied().collect();
    let ranked = search.ranked_at(&asked, &positions)?;
    let near = |at: &u64| shares.get(at).map(|share| f64::from(*share));
    let shares: Vec<Option<f64>> = super::positions(&ranked).iter().map(near).collect();
    let relevance: Vec<Option<f64>> = ranked.iter().map(|one| Some(one.score.into())).collect();
    let scores = normal(&relevance).into_iter().zip(normal(&shares)).map(|(one, other)| (one + other) / 2.0);
    let mut both: Vec<_> = ranked.into_iter().zip(scores).zip(shares).collect();
    both.sort_by(|((_, one), _), ((_, other), _)| other.total_cmp(one));
    let mut hits = Vec::new();
    for ((mut ranked, score), share) in both.into_iter().take(search.query.limit) {
        ranked.graph = share.map(|share| share as f32);
        hits.push(Hit { score, ..search.hit(&asked, ranked)? });
    }
    let named: Vec<Entity> = named.into_iter().map(|(thing, _)| thing).collect();
    let near = reached.things.into_iter().filter(|(thing, _)| !named.contains(thing)).take(NEAR).collect();
    Ok(Neighbourhood { named, near, hits })
}
