//! Searches again for what the hits lack.

use athena_schemas::Error;
use athena_schemas::wire::Hit;
use schemars::JsonSchema;
use serde::Serialize;

use super::hits;
use crate::search::{OneSearch, Ranked};
use crate::text::{Asked, Candidate, words};

/// The share of the question's idf mass that is enough.
const ENOUGH: f32 = 0.8;
/// Words of the same meaning that are tried for one that nothing has.
const LIKE: usize = 2;

/// One search again.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Round {
    /// What was searched for.
    pub query: String,
    /// Ids of the hits that it added.
    pub added: Vec<String>,
    /// The share of the question's idf mass that the hits have after it.
    pub cover: f64,
}

/// What came of it.
pub struct Reflected {
    pub hits: Vec<Hit>,
    pub rounds: Vec<Round>,
    /// The share of the question's idf mass that the hits have; `None` of a question without words.
    pub cover: Option<f64>,
    /// Words of the question that no hit has.
    pub lacking: Vec<String>,
}

/// The best hits, and such for the words that these lack, in at most so many rounds. What is added takes the last
/// places, half of all at most.
///
/// # Errors
/// An index that cannot be read.
pub fn reflect(search: &OneSearch, most_rounds: usize) -> Result<Reflected, Error> {
    let limit = search.query.limit;
    let asked = search.text.ask(&search.query)?;
    if !asked.is_worded() {
        return Ok(Reflected { hits: search.hits()?, rounds: vec![], cover: None, lacking: vec![] });
    }
    let first = search.ranked(&asked, limit)?;
    let mut cover = Cover::new(&asked);
    first.iter().for_each(|one| cover.add(&one.shown.by_words));
    let mut taken = super::positions(&first);
    let (mut added, mut rounds): (Vec<Ranked>, Vec<Round>) = Default::default();
    while rounds.len() < most_rounds && cover.share() < ENOUGH && added.len() < limit.div_ceil(2) {
        let Some(query) = cover.asks_for(search, rounds.len()) else { break };
        let again = search.about(&query, limit);
        let found = again.text.ask(&again.query)?;
        let positions = super::positions(&again.ranked(&found, limit)?);
        let fresh: Vec<u64> = positions.into_iter().filter(|position| !taken.contains(position)).collect();
        let room = limit.div_ceil(2) - added.len();
        let chosen = cover.choose(search.ranked_at(&asked, &fresh)?, room);
        taken.extend(chosen.iter().map(|one| one.shown.by_words.position));
        let shown = chosen.iter().map(|one| Ok(asked.hit(&one.shown.by_words)?.hit.id));
        let ids = shown.collect::<Result<Vec<String>, Error>>()?;
        rounds.push(Round { query, added: ids, cover: cover.share().into() });
        added.extend(chosen);
    }
    let mut all = first;
    all.truncate(limit - added.len().min(limit));
    all.extend(added);
    Ok(Reflected {
        hits: hits(search, &asked, all)?,
        rounds,
        cover: Some(cover.share().into()),
        lacking: cover.lacking(),
    })
}

/// How much of a question the hits have.
struct Cover<'a> {
    /// Of each term: how telling it is, the word that it stands for, and whether a hit has it.
    terms: Vec<(f32, &'a str, bool)>,
    /// Words that nothing has.
    unknown: &'a [String],
    mass: f32,
}

impl<'a> Cover<'a> {
    fn new(asked: &'a Asked) -> Self {
        let terms: Vec<_> =
            asked.terms().zip(asked.said()).map(|((telling, _), said)| (telling, said, false)).collect();
        let (unknown, telling) = asked.unknown();
        let mass = terms.iter().map(|(telling, ..)| telling).sum::<f32>() + telling * unknown.len() as f32;
        Self { terms, unknown, mass }
    }

    fn add(&mut self, candidate: &Candidate) {
        let scores = candidate.of_terms.iter();
        self.terms.iter_mut().zip(scores).for_each(|((_, _, has), score)| *has |= *score > 0.0);
    }

    /// How much of the mass a candidate adds.
    fn gain(&self, candidate: &Candidate) -> f32 {
        let gain = self.terms.iter().zip(&candidate.of_terms);
        gain.filter(|((_, _, has), score)| !has && **score > 0.0).map(|((telling, ..), _)| telling).sum()
    }

    fn share(&self) -> f32 {
        let has: f32 = self.terms.iter().filter(|(_, _, has)| *has).map(|(telling, ..)| telling).sum();
        if self.mass > 0.0 { has / self.mass } else { 1.0 }
    }

    /// What to search for next: the words that are lacking, and after the first round words that are like those that
    /// nothing has. `None` where there is nothing to look for.
    fn asks_for(&self, search: &OneSearch, round: usize) -> Option<String> {
        let mut wanted: Vec<String> = Vec::new();
        let lacking = self.terms.iter().filter(|(_, _, has)| !has);
        lacking.for_each(|(_, said, _)| wanted.push((*said).to_owned()));
        if round > 0 || wanted.is_empty() {
            let stem = |word: &str| words(word).into_iter().next().map(|word| word.term);
            let same = |one: &str, other: &str| stem(one) == stem(other);
            let text = [self.unknown.join(" "), wanted.join(" ")].join(" ");
            let like = search.vectors.like_words(&search.query.filter.scope, &text, LIKE, same);
            wanted = like.into_iter().map(|one| one.word).collect();
        }
        wanted.dedup();
        (!wanted.is_empty()).then(|| wanted.join(" "))
    }

    /// The candidates that add the most, each by what those before it leave; `most` of them.
    fn choose(&mut self, mut from: Vec<Ranked>, most: usize) -> Vec<Ranked> {
        let mut chosen = Vec::new();
        while chosen.len() < most && !from.is_empty() {
            let mut best = (0, 0.0);
            for (at, one) in from.iter().enumerate() {
                let gain = self.gain(&one.shown.by_words);
                if gain > best.1 {
                    best = (at, gain);
                }
            }
            if best.1 == 0.0 {
                break;
            }
            let one = from.remove(best.0);
            self.add(&one.shown.by_words);
            chosen.push(one);
        }
        chosen
    }

    fn lacking(&self) -> Vec<String> {
        let known = self.terms.iter().filter(|(_, _, has)| !has).map(|(_, said, _)| (*said).to_owned());
        let mut all: Vec<String> = known.chain(self.unknown.iter().cloned()).collect();
        all.sort();
        all.dedup();
        all
    }
}
