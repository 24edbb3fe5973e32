//! Chooses how to answer a question by what kind it is.

use std::time::Duration;

use athena_schemas::wire::Hit;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::Serialize;

use super::{hyde, local, merged, multi_hop, reflect, temporal};
use crate::rank::times::{self, Times};
use crate::rank::{Asks, Class, classify};
use crate::search::{How, OneSearch};
use crate::text::Graph;

/// How much the hits of a question about the whole differ.
const DIVERSITY: f64 = 0.5;
const HOPS: usize = 2;
const ROUNDS: usize = 2;

/// A way to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Search,
    Diverse,
    Temporal,
    Local,
    MultiHop,
    Reflect,
    Hyde,
}

/// A way that was taken.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Used {
    pub strategy: Way,
    pub hits: usize,
    pub took_ms: f64,
}

/// What came of it; each hit with the numbers of the strategies that found it.
pub struct Answer {
    pub class: Class,
    pub used: Vec<Used>,
    /// Those for which there was no time.
    pub left_out: Vec<Way>,
    pub hits: Vec<(Hit, Vec<usize>)>,
}

/// The ways to answer a kind of question, the first one first, with what each one's list counts.
fn ways(class: Class, times: &Times) -> Vec<(Way, f64)> {
    let also = |way, weight| vec![(Way::Search, 1.0), (way, weight)];
    match class {
        Class::Lookup => vec![(Way::Search, 1.0)],
        Class::Who => also(Way::Local, 0.5),
        // What is then answers; the rest only fills up.
        Class::Temporal if !times.is_empty() => vec![(Way::Temporal, 2.0), (Way::Search, 0.5)],
        Class::Temporal => vec![(Way::Search, 1.0)],
        Class::Cause => also(Way::Reflect, 0.5),
        Class::Aggregate => also(Way::Hyde, 0.5),
        Class::MultiHop => also(Way::MultiHop, 0.7),
        Class::Global => vec![(Way::Diverse, 1.0)],
    }
}

/// Answers within a budget: `elapsed` says what is spent, and what would begin after it is left out. The first way is
/// always taken.
///
/// # Errors
/// An index that cannot be read.
pub fn smart(
    search: &OneSearch,
    now: Time,
    budget: Duration,
    elapsed: impl Fn() -> Duration,
) -> Result<Answer, Error> {
    let asked = search.text.ask(&search.query)?;
    let text = &search.query.text;
    let times = times::read(text, now);
    let named = Graph::new(&asked)?.named(asked.text())?.len();
    let class = classify(text, &Asks::of(text), &times, named);
    let (mut used, mut left_out, mut lists) = (Vec::new(), Vec::new(), Vec::new());
    for (way, weight) in ways(class, &times) {
        let began = elapsed();
        if began >= budget && !used.is_empty() {
            left_out.push(way);
            continue;
        }
        let hits = go(way, search, now)?;
        let took_ms = elapsed().saturating_sub(began).as_secs_f64() * 1e3;
        used.push(Used { strategy: way, hits: hits.len(), took_ms });
        lists.push((weight, hits));
    }
    let hits = match lists.len() {
        // One list keeps its scores.
        1 => lists.remove(0).1.into_iter().map(|hit| (hit, vec![0])).collect(),
        _ => merged(lists, search.query.limit),
    };
    Ok(Answer { class, used, left_out, hits })
}

fn go(way: Way, search: &OneSearch, now: Time) -> Result<Vec<Hit>, Error> {
    Ok(match way {
        Way::Search => search.hits()?,
        Way::Diverse => {
            let how = How { diversity: DIVERSITY, ..How::default() };
            OneSearch { how: how.into(), ..search.clone() }.hits()?
        }
        Way::Temporal => temporal(search, now)?.hits,
        Way::Local => local(search)?.hits,
        Way::MultiHop => multi_hop(search, HOPS)?.into_iter().map(|linked| linked.hit).collect(),
        Way::Reflect => reflect(search, ROUNDS)?.hits,
        Way::Hyde => hyde(search, None)?.hits,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_way_and_times_lead() {
        let now = Time::parse("2026-11-25T18:30:00Z").unwrap();
        let none = Times::default();
        let all = [
            Class::Lookup,
            Class::Who,
            Class::Temporal,
            Class::Cause,
            Class::Aggregate,
            Class::MultiHop,
            Class::Global,
        ];
        assert!(all.iter().all(|class| !ways(*class, &none).is_empty()));
        assert_eq!(ways(Class::Temporal, &none), [(Way::Search, 1.0)]);
        assert_eq!(ways(Class::Temporal, &times::read("since yesterday", now))[0].0, Way::Temporal);
    }
}
