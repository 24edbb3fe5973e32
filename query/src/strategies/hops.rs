//! From hit to hit by the things that they share: for what is asked by something else's name.

use std::collections::{BTreeMap, HashSet};

use athena_schemas::Error;
use athena_schemas::wire::Hit;
use schemars::JsonSchema;
use serde::Serialize;

use crate::rank::normal;
use crate::search::{OneSearch, Ranked};
use crate::text::{Asked, Entity, Graph};

/// Hits from which a hop goes on, things of each that are followed, and items of a thing that are looked at.
const BEAM: usize = 5;
const THINGS: usize = 8;
const ITEMS: usize = 200;
/// Items of a hop that are ranked.
const RANKED: usize = 100;
/// What a hop further away is worth.
const DECAY: f64 = 0.7;

/// A step from one hit to another, by what both name.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Link {
    /// Id of the hit before.
    pub from: String,
    pub via: Entity,
    /// Id of this hit, or of one on the way.
    pub to: String,
}

/// A hit, and how it was come to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Linked {
    #[serde(flatten)]
    pub hit: Hit,
    /// From a hit of the question itself to this one; empty of those.
    pub path: Vec<Link>,
}

/// How something was found: its score, and from where by what.
struct Found {
    score: f64,
    from: Option<(u64, Entity)>,
}

/// A way to an item that is not found yet.
struct Tie {
    from: u64,
    via: Entity,
    strength: f64,
}

/// The best hits of a question, and what lies up to so many hops behind them.
///
/// # Errors
/// An index that cannot be read.
pub fn multi_hop(search: &OneSearch, hops: usize) -> Result<Vec<Linked>, Error> {
    let asked = search.text.ask(&search.query)?;
    if !asked.is_worded() {
        return Ok(search.hits()?.into_iter().map(|hit| Linked { hit, path: vec![] }).collect());
    }
    let mut graph = Graph::new(&asked)?;
    let first = search.ranked(&asked, search.query.limit.max(BEAM))?;
    let mut found: BTreeMap<u64, Found> = BTreeMap::new();
    let mut followed: HashSet<Entity> =
        graph.named(asked.text())?.into_iter().map(|(thing, _)| thing).collect();
    for (one, score) in first.iter().zip(scores(&first)) {
        found.insert(one.shown.by_words.position, Found { score, from: None });
    }
    let mut beam: Vec<u64> = super::positions(&first).into_iter().take(BEAM).collect();
    for hop in 1..=hops {
        let ties = ties(&mut graph, &beam, &found, &mut followed)?;
        if ties.is_empty() {
            break;
        }
        let positions: Vec<u64> = ties.iter().map(|(position, _)| *position).collect();
        let ranked = search.ranked_at(&asked, &positions)?;
        let ties: BTreeMap<u64, Tie> = ties.into_iter().collect();
        let strongest = ties.values().map(|tie| tie.strength).fold(f64::MIN_POSITIVE, f64::max);
        let scored = |(position, relevance): (u64, f64)| {
            let strength = ties.get(&position).map_or(0.0, |tie| tie.strength / strongest);
            (position, DECAY.powi(hop as i32) * (relevance + strength) / 2.0)
        };
        let mut reached: Vec<(u64, f64)> =
            super::positions(&ranked).into_iter().zip(scores(&ranked)).map(scored).collect();
        reached.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| other.0.cmp(&one.0)));
        beam = reached.iter().take(BEAM).map(|(position, _)| *position).collect();
        for (position, score) in reached {
            let from = ties.get(&position).map(|tie| (tie.from, tie.via.clone()));
            found.insert(position, Found { score, from });
        }
    }
    linked(&asked, &found, search.query.limit)
}

/// The scores of a list from 0 to 1.
fn scores(ranked: &[Ranked]) -> Vec<f64> {
    normal(&ranked.iter().map(|one| Some(one.score.into())).collect::<Vec<_>>())
}

/// The strongest way to each item that the beam's things lead to and that is not found yet, the strongest first.
fn ties(
    graph: &mut Graph<'_>,
    beam: &[u64],
    found: &BTreeMap<u64, Found>,
    followed: &mut HashSet<Entity>,
) -> Result<Vec<(u64, Tie)>, Error> {
    let mut ties: BTreeMap<u64, Tie> = BTreeMap::new();
    for from in beam {
        let things = graph.things_at(*from)?;
        let fresh: Vec<_> =
            things.into_iter().filter(|(thing, _)| !followed.contains(thing)).take(THINGS).collect();
        for (via, telling) in fresh {
            let items = graph.items_at(&via)?;
            // What few share ties them closer.
            let strength = f64::from(telling) / (items.len().max(1) as f64).sqrt();
            for item in items.into_iter().take(ITEMS).filter(|item| !found.contains_key(item)) {
                if ties.get(&item).is_none_or(|tie| tie.strength < strength) {
                    ties.insert(item, Tie { from: *from, via: via.clone(), strength });
                }
            }
            followed.insert(via);
        }
    }
    let mut ties: Vec<_> = ties.into_iter().collect();
    ties.sort_by(|one, other| other.1.strength.total_cmp(&one.1.strength).then_with(|| other.0.cmp(&one.0)));
    ties.truncate(RANKED);
    Ok(ties)
}

/// The best of what was found, each with its way.
fn linked(asked: &Asked, found: &BTreeMap<u64, Found>, limit: usize) -> Result<Vec<Linked>, Error> {
    let mut best: Vec<(u64, f64)> = found.iter().map(|(position, one)| (*position, one.score)).collect();
    best.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| other.0.cmp(&one.0)));
    best.truncate(limit);
    let mut all = Vec::with_capacity(best.len());
    for (position, score) in best {
        let mut path = Vec::new();
        let mut at = position;
        while let Some((from, via)) = found.get(&at).and_then(|one| one.from.clone()) {
            path.push((from, via, at));
            at = from;
        }
        path.reverse();
        let Some(hit) = asked.hits_at(&[position])?.pop() else { continue };
        let mut links = Vec::with_capacity(path.len());
        for (from, via, to) in path {
            links.push(Link { from: id(asked, from)?, via, to: id(asked, to)? });
        }
        all.push(Linked { hit: Hit { score, ..hit.hit }, path: links });
    }
    Ok(all)
}

fn id(asked: &Asked, position: u64) -> Result<String, Error> {
    Ok(asked.hits_at(&[position])?.pop().map(|found| found.hit.id).unwrap_or_default())
}
