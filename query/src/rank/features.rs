//! The features of candidates. A change of them is a change of the ranker: fit it again.

use ahash::AHashMap;

use super::{Asks, Shown};
use crate::at_once::each;
use crate::text::{Candidate, Place};

/// One value a feature, in the order of [`NAMES`].
pub type Row = [f32; NAMES.len()];

macro_rules! features {
    ($($name:literal),* $(,)?) => {
        /// Names of the features.
        pub const NAMES: [&str; [$($name),*].len()] = [$($name),*];
    };
}

features! {
    // The document's own words: BM25, of it those that are names, and shares of the list's best.
    "words", "words.code", "words.window", "words.session", "words.total",
    "words.norm", "words.window.norm", "words.session.norm", "words.total.norm", "words.rank",
    // How much of the question's idf mass it covers; with the turns beside it; its rarest word.
    "cover", "cover.window", "cover.wider", "rarest", "rarest.window",
    // Likeness by vectors and tokens, and that of the turns beside it.
    "like.general", "like.local", "like.soft",
    "like.general.norm", "like.local.norm", "like.soft.norm", "like.rank",
    "like.local.before", "like.local.after", "like.soft.before", "like.soft.after",
    "words.before", "words.after", "sum.wider",
    // Both together, and against the rest of its session.
    "sum", "sum.rank", "sum.session", "sum.session.gap", "session.rank", "session.share",
    // The document.
    "length", "ordinal", "asked.before",
    "asks", "ends_asking", "tells_time", "first_person", "user", "assistant",
    "message", "call", "result", "failed", "succeeded", "numbers", "capitals",
    "speaker", "month", "year", "recency",
    // The question.
    "q.when", "q.who", "q.how_many", "q.why_or_how", "q.whether", "q.order", "q.failure",
    "q.first_person", "q.second_person", "q.words", "q.terms", "q.candidates",
}

/// Share of the sum of scores that words have; the rest is the vectors'.
const WORDS: f32 = 0.5;

/// What the candidates at these places of a list show, in their order. `terms` says of each of the question's terms
/// how telling it is.
pub fn features(asks: &Asks, terms: &[f32], shown: &[Shown], of: &[usize]) -> Vec<Row> {
    let list = List::new(terms, shown);
    each(of, |at| list.row(asks, *at))
}

/// The sum of normalised scores, for what no ranker orders: half words, half vectors.
fn sums(words: &[f32], likes: &[f32]) -> Vec<f32> {
    words.iter().zip(likes).map(|(words, like)| WORDS * words + (1.0 - WORDS) * like).collect()
}

struct List<'s> {
    terms: &'s [f32],
    /// The sum of how telling the terms are, and the most telling one.
    mass: f32,
    rarest: Option<usize>,
    shown: &'s [Shown],
    /// Of each candidate the terms that it has, one bit each.
    has: Vec<u64>,
    at: AHashMap<Place, usize>,
    own: Vec<f32>,
    columns: [Vec<f32>; 7],
    total_rank: Vec<f32>,
    like_rank: Vec<f32>,
    sum: Vec<f32>,
    sum_rank: Vec<f32>,
    /// Of each session the best sum, how many candidates, and their sums in falling order.
    sessions: AHashMap<u64, Vec<f32>>,
    times: (i64, i64),
}

/// How far apart turns are that stand beside each other.
const NEAR: [i64; 6] = [-3, -2, -1, 1, 2, 3];

const OWN: usize = 0;
const WINDOW: usize = 1;
const SESSION: usize = 2;
const TOTAL: usize = 3;
const GENERAL: usize = 4;
const LOCAL: usize = 5;
const SOFT: usize = 6;

impl<'s> List<'s> {
    fn new(terms: &'s [f32], shown: &'s [Shown]) -> Self {
        let column = |of: &dyn Fn(&Shown) -> f32| -> Vec<f32> { shown.iter().map(of).collect() };
        let own = column(&|one| (one.by_words.parts.content + one.by_words.parts.code) as f32);
        let window = column(&|one| one.by_words.parts.window as f32);
        let session = column(&|one| one.by_words.parts.session as f32);
        let total = column(&|one| one.by_words.parts.total() as f32);
        let [general, local, soft] = [
            column(&|one| one.likeness.map_or(f32::NAN, |like| like.general)),
            column(&|one| one.likeness.map_or(f32::NAN, |like| like.local)),
            column(&|one| one.likeness.map_or(f32::NAN, |like| like.soft)),
        ];
        let columns = [&own, &window, &session, &total, &general, &local, &soft].map(|column| normal(column));
        let likes: Vec<f32> = columns[GENERAL]
            .iter()
            .zip(&columns[LOCAL])
            .map(|(general, local)| (general + local) / 2.0)
            .collect();
        let sum = sums(&columns[TOTAL], &likes);
        let mut sessions: AHashMap<u64, Vec<f32>> = AHashMap::new();
        for (one, sum) in shown.iter().zip(&sum) {
            if let Some(place) = one.by_words.place {
                sessions.entry(place.session).or_default().push(*sum);
            }
        }
        sessions.values_mut().for_each(|sums| sums.sort_by(|one, other| other.total_cmp(one)));
        let place = |(at, one): (usize, &Shown)| Some((one.by_words.place?, at));
        let times = shown.iter().map(|one| one.by_words.time);
        let has = |one: &Shown| {
            let terms = one.by_words.of_terms.iter().enumerate();
            terms.filter(|(_, score)| **score > 0.0).fold(0, |all, (term, _)| all | bit(term))
        };
        Self {
            mass: terms.iter().sum(),
            rarest: (0..terms.len()).max_by(|one, other| terms[*one].total_cmp(&terms[*other])),
            has: shown.iter().map(has).collect(),
            terms,
            at: shown.iter().enumerate().filter_map(place).collect(),
            total_rank: ranks(&total),
            like_rank: ranks(&likes),
            sum_rank: ranks(&sum),
            times: (times.clone().min().unwrap_or(0), times.max().unwrap_or(0)),
            own,
            columns,
            sum,
            sessions,
            shown,
        }
    }

    fn beside(&self, at: usize, distance: i64) -> Option<usize> {
        self.at.get(&self.shown[at].by_words.place?.plus(distance)?).copied()
    }

    /// The share of the question's idf mass that these of its terms have.
    fn cover(&self, has: u64) -> f32 {
        let covered = self.terms.iter().enumerate().filter(|(term, _)| has & bit(*term) != 0);
        let covered: f32 = covered.map(|(_, idf)| idf).sum();
        if self.mass > 0.0 { covered / self.mass } else { 0.0 }
    }

    fn row(&self, asks: &Asks, at: usize) -> Row {
        let Candidate { parts, place, length, traits, time, speaker, .. } = &self.shown[at].by_words;
        let like = self.shown[at].likeness.unwrap_or_default();
        let near = NEAR.map(|distance| self.beside(at, distance));
        let within = |most: i64| {
            let near = near.iter().zip(NEAR).filter(|(_, distance)| distance.abs() <= most);
            near.filter_map(|(beside, _)| *beside).fold(self.has[at], |all, one| all | self.has[one])
        };
        let (own, window, wider) = (self.has[at], within(1), within(3));
        let has_rarest = |has: u64| self.rarest.is_some_and(|term| has & bit(term) != 0);
        let beside =
            |wanted: i64| NEAR.iter().position(|distance| *distance == wanted).and_then(|at| near[at]);
        let of = |column: &[f32], distance: i64| beside(distance).map_or(0.0, |beside| column[beside]);
        let normed = |column: usize| self.columns[column][at];
        let sessions = place.and_then(|place| self.sessions.get(&place.session));
        let best = sessions.map_or(self.sum[at], |sums| sums[0]);
        let better = sessions.map_or(0, |sums| sums.iter().filter(|sum| **sum > self.sum[at]).count());
        let share = sessions.map_or(1, Vec::len) as f32 / self.shown.len() as f32;
        let wide = [-2, 2].map(|distance| of(&self.sum, distance));
        let before = beside(-1).is_some_and(|one| self.shown[one].by_words.traits.ends_asking());
        let span = (self.times.1 - self.times.0).max(1) as f32;
        let [month, year] = asks.names_time(*time);
        let flag = |holds: bool| f32::from(u8::from(holds));
        let traits = traits.named().map(|(_, value)| value);
        let of_candidate = [
            self.own[at],
            parts.code as f32,
            parts.window as f32,
            parts.session as f32,
            parts.total() as f32,
            normed(OWN),
            normed(WINDOW),
            normed(SESSION),
            normed(TOTAL),
            self.total_rank[at],
            self.cover(own),
            self.cover(window),
            self.cover(wider),
            flag(has_rarest(own)),
            flag(has_rarest(window)),
            like.general,
            like.local,
            like.soft,
            normed(GENERAL),
            normed(LOCAL),
            normed(SOFT),
            self.like_rank[at],
            of(&self.columns[LOCAL], -1),
            of(&self.columns[LOCAL], 1),
            of(&self.columns[SOFT], -1),
            of(&self.columns[SOFT], 1),
            of(&self.columns[OWN], -1),
            of(&self.columns[OWN], 1),
            wide[0].max(wide[1]),
            self.sum[at],
            self.sum_rank[at],
            best,
            best - self.sum[at],
            (better as f32).ln_1p(),
            share,
            (*length as f32).ln_1p(),
            place.map_or(0.0, |place| (place.ordinal as f32).ln_1p()),
            flag(before),
        ];
        let of_both = [
            *speaker,
            month,
            year,
            (time - self.times.0) as f32 / span,
            flag(asks.when),
            flag(asks.who),
            flag(asks.how_many),
            flag(asks.why_or_how),
            flag(asks.whether),
            flag(asks.of_order),
            flag(asks.of_failure),
            flag(asks.of_first_person),
            flag(asks.of_second_person),
            asks.words as f32,
            self.terms.len() as f32,
            self.shown.len() as f32,
        ];
        let mut row = [0.0; NAMES.len()];
        let (first, rest) = row.split_at_mut(of_candidate.len());
        let (second, third) = rest.split_at_mut(traits.len());
        first.copy_from_slice(&of_candidate);
        second.copy_from_slice(&traits);
        // One value a name.
        third.copy_from_slice(&of_both);
        row
    }
}

/// Of a term; a question has no more of them than bits.
fn bit(term: usize) -> u64 {
    1_u64.checked_shl(term as u32).unwrap_or(0)
}

/// From 0, the least of the list, to 1, the largest; what is not known is 0.
fn normal(column: &[f32]) -> Vec<f32> {
    let known = column.iter().copied().filter(|value| !value.is_nan());
    let (least, largest) =
        known.fold((f32::MAX, f32::MIN), |(least, largest), value| (least.min(value), largest.max(value)));
    let span = largest - least;
    column
        .iter()
        .map(|value| if value.is_nan() || span <= 0.0 { 0.0 } else { (value - least) / span })
        .collect()
}

/// The logarithm of one and the number of better ones.
fn ranks(column: &[f32]) -> Vec<f32> {
    let mut order: Vec<usize> = (0..column.len()).collect();
    let value = |at: usize| if column[at].is_nan() { f32::MIN } else { column[at] };
    order.sort_by(|one, other| value(*other).total_cmp(&value(*one)));
    let mut ranks = vec![0.0; column.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = (rank as f32).ln_1p();
    }
    ranks
}

/// The sum of each row, and the likeness alone: what orders without a ranker.
pub fn value(row: &Row, name: &str) -> f32 {
    NAMES.iter().position(|one| *one == name).map_or(0.0, |at| row[at])
}

#[cfg(test)]
mod tests {
    use crate::vector::Likeness;

    use super::*;

    fn shown(session: u64, ordinal: u64, of_terms: [f32; 2], like: f32) -> Shown {
        let by_words = Candidate::of(Place { session, ordinal }, &of_terms);
        Shown { by_words, likeness: Some(Likeness { general: like, local: like, soft: like }) }
    }

    fn of(row: &Row, name: &str) -> f32 {
        value(row, name)
    }

    #[test]
    fn a_candidate_is_seen_beside_the_others() {
        let all = [shown(1, 4, [2.0, 0.0], 0.1), shown(1, 5, [0.0, 4.0], 0.5), shown(2, 0, [0.0, 0.0], 0.3)];
        let rows = features(&Asks::of("when was it?"), &[1.0, 3.0], &all, &[0, 1, 2]);
        assert_eq!((of(&rows[0], "cover"), of(&rows[0], "cover.window")), (0.25, 1.0));
        assert_eq!((of(&rows[0], "rarest"), of(&rows[0], "rarest.window")), (0.0, 1.0));
        assert_eq!((of(&rows[1], "words.norm"), of(&rows[2], "words.norm")), (1.0, 0.0));
        assert_eq!((of(&rows[1], "like.rank"), of(&rows[1], "sum")), (0.0, 1.0));
        assert_eq!((of(&rows[1], "words.before"), of(&rows[2], "words.before")), (0.5, 0.0));
        assert!(of(&rows[0], "sum.session.gap") > 0.0 && of(&rows[1], "sum.session.gap") == 0.0);
        assert_eq!((of(&rows[0], "q.when"), of(&rows[0], "q.candidates")), (1.0, 3.0));
    }

    #[test]
    fn what_has_no_vector_yet_is_ordered_by_words() {
        let mut all = vec![shown(1, 0, [1.0, 0.0], 0.9), shown(1, 1, [3.0, 0.0], 0.0)];
        all[1].likeness = None;
        let rows = features(&Asks::default(), &[1.0, 1.0], &all, &[0, 1]);
        assert!(rows.iter().flatten().all(|value| value.is_finite()));
        assert_eq!(of(&rows[1], "words.norm"), 1.0);
        assert_eq!(features(&Asks::default(), &[], &[], &[]).len(), 0);
    }
}
