//! From what each document says of the question to one score: pure, and each share can be told.
//!
//! ```text
//! score = content + code        BM25 of the document itself (k1 1.2, b .75), by kind of term
//!       + window                what its neighbours in the session lend it
//!       + session               how much of the question its session speaks of
//! ```
//!
//! An answer often stands beside the words of the question: each candidate lends a share of its score
//! to the turns around it. A short turn takes its meaning from its neighbours, a long one stands for
//! itself, so the loan shrinks with the length of who receives it. FACTS.md has what this is worth.

use ahash::AHashMap;

use super::fields::Place;

/// Share of a candidate's own score that it lends to the turns at these distances.
const LOANS: [(i64, f64); 4] = [(-1, 0.45), (1, 0.45), (-2, 0.22), (2, 0.22)];
/// Terms up to which a turn receives loans in full.
const SHORT: f64 = 40.0;
/// Share of the session's best evidence, term by term, that each of its turns gets.
const SESSION: f64 = 0.3;

/// Distances at which documents are worth looking at.
pub fn distances() -> impl Iterator<Item = i64> {
    LOANS.into_iter().map(|(distance, _)| distance)
}

/// What a document says of the question.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    pub place: Option<Place>,
    /// Terms of its text.
    pub length: u32,
    /// The BM25 score of each of the question's terms.
    pub of_terms: Vec<f32>,
    /// Whether it is a candidate, or only beside one.
    pub drawn: bool,
}

/// The shares of a document's score.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Parts {
    pub content: f64,
    pub code: f64,
    pub window: f64,
    pub session: f64,
}

impl Parts {
    pub fn named(&self) -> [(&'static str, f64); 4] {
        [("content", self.content), ("code", self.code), ("window", self.window), ("session", self.session)]
    }

    pub fn total(&self) -> f64 {
        self.content + self.code + self.window + self.session
    }
}

/// The parts of each document, in their order. `code` says of each term whether it is a name.
pub fn parts(all: &[Evidence], code: &[bool]) -> Vec<Parts> {
    let own: Vec<f64> =
        all.iter().map(|one| one.of_terms.iter().map(|score| f64::from(*score)).sum()).collect();
    let mut parts: Vec<Parts> = all.iter().map(|one| own_parts(one, code)).collect();
    let at: AHashMap<Place, usize> =
        all.iter().enumerate().filter_map(|(at, one)| Some((one.place?, at))).collect();
    for (lender, one) in all.iter().enumerate().filter(|(_, one)| one.drawn) {
        for (distance, share) in LOANS {
            let beside = one.place.and_then(|place| at.get(&place.plus(distance)?));
            if let Some(&receiver) = beside {
                let short = (SHORT / f64::from(all[receiver].length.max(1))).min(1.0);
                parts[receiver].window += share * short * own[lender];
            }
        }
    }
    let sessions = sessions(all);
    for (at, one) in all.iter().enumerate() {
        // What is in no session is a session of its own.
        let best = one.place.map_or(own[at], |place| sessions.get(&place.session).copied().unwrap_or(0.0));
        parts[at].session = SESSION * best;
    }
    parts
}

fn own_parts(one: &Evidence, code: &[bool]) -> Parts {
    let mut parts = Parts::default();
    for (score, code) in one.of_terms.iter().zip(code) {
        *if *code { &mut parts.code } else { &mut parts.content } += f64::from(*score);
    }
    parts
}

/// For each session the sum over the terms of the best score that a candidate of it has.
fn sessions(all: &[Evidence]) -> AHashMap<u64, f64> {
    let mut best: AHashMap<u64, Vec<f32>> = AHashMap::new();
    for one in all.iter().filter(|one| one.drawn) {
        let Some(place) = one.place else { continue };
        let scores = best.entry(place.session).or_insert_with(|| vec![0.0; one.of_terms.len()]);
        scores.iter_mut().zip(&one.of_terms).for_each(|(best, score)| *best = best.max(*score));
    }
    best.into_iter().map(|(key, scores)| (key, scores.into_iter().map(f64::from).sum())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(ordinal: u64, length: u32, of_terms: [f32; 2], drawn: bool) -> Evidence {
        let place = Some(Place { session: 7, ordinal });
        Evidence { place, length, of_terms: of_terms.into(), drawn }
    }

    #[test]
    fn neighbours_lend_to_the_short() {
        let all =
            [turn(4, 10, [4.0, 0.0], true), turn(5, 20, [0.0; 2], false), turn(3, 400, [0.0; 2], false)];
        let parts = parts(&all, &[false, true]);
        assert_eq!(parts[0].content, 4.0);
        assert!((parts[1].window - 1.8).abs() < 1e-9 && (parts[2].window - 0.18).abs() < 1e-9, "{parts:?}");
        assert_eq!(parts[0].window, 0.0);
    }

    #[test]
    fn a_session_is_known_by_its_best_turns() {
        let elsewhere = Evidence { place: None, length: 9, of_terms: vec![1.0, 1.0], drawn: true };
        let all = [turn(0, 9, [2.0, 0.0], true), turn(9, 9, [1.0, 3.0], true), elsewhere];
        let parts = parts(&all, &[false, true]);
        assert!((parts[0].session - 0.3 * 5.0).abs() < 1e-9 && parts[0].session == parts[1].session);
        assert!((parts[2].session - 0.3 * 2.0).abs() < 1e-9);
        assert_eq!((parts[1].content, parts[1].code), (1.0, 3.0));
    }
}
