//! What comes with what in time: which steps are over-represented around another, and the rhythm of a stream. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::procedures::fisher;

/// Sessions on each side below which nothing is said.
pub const SIDE: usize = 3;
/// Odds of a difference by chance, after Benjamini and Hochberg (1995), up to which it is told.
pub const CHANCE: f64 = 0.05;
/// Steps around one that are looked at.
const WINDOW: usize = 10;
/// Hours by which a stream may repeat itself: up to two weeks.
const LAGS: usize = 24 * 14;
/// Periods seen before one is called a rhythm, and how strong it must be.
const PERIODS: usize = 3;
const STRONG: f64 = 0.3;

/// A step of a session: what was done and how it went.
pub type Step = Arc<str>;

/// A step, the one after it, how often, and with what odds.
pub type Follow = (Step, Step, usize, f64);

/// That a step stands around another more often than elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Lift {
    pub step: Step,
    /// Sessions with the step in the gap, of those with what is asked about, and of the others.
    pub with: (usize, usize),
    pub without: (usize, usize),
    pub lift: f64,
    pub p: f64,
    /// Adjusted for how many steps were tried.
    pub q: f64,
    /// Session and place of examples.
    pub seen: Vec<(usize, usize)>,
}

/// Why nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooFew {
    pub with: usize,
    pub without: usize,
}

/// Steps that stand in the gap before (or after) a step that `is` it more often than in the same gap of sessions without
/// it, the strongest first. The gap of a session without is that around the median place.
///
/// # Errors
/// Too few sessions on either side.
pub fn linked(
    sessions: &[Vec<Step>],
    is: impl Fn(&Step) -> bool,
    forwards: bool,
) -> Result<Vec<Lift>, TooFew> {
    let places: Vec<Option<usize>> = sessions.iter().map(|steps| steps.iter().position(&is)).collect();
    let mut found: Vec<usize> = places.iter().flatten().copied().collect();
    let (with, without) = (found.len(), sessions.len() - found.len());
    if with < SIDE || without < SIDE {
        return Err(TooFew { with, without });
    }
    found.sort_unstable();
    let median = found[found.len() / 2];
    let mut seen: BTreeMap<&Step, [Vec<(usize, usize)>; 2]> = BTreeMap::new();
    for (session, steps) in sessions.iter().enumerate() {
        let at = places[session].unwrap_or(median.min(steps.len()));
        let gap = match forwards {
            true => (at + 1).min(steps.len())..(at + 1 + WINDOW).min(steps.len()),
            false => at.saturating_sub(WINDOW)..at,
        };
        let mut once = BTreeSet::new();
        for place in gap.filter(|place| !is(&steps[*place])) {
            if once.insert(&steps[place]) {
                seen.entry(&steps[place]).or_default()[usize::from(places[session].is_none())]
                    .push((session, place));
            }
        }
    }
    let mut lifts: Vec<Lift> = seen
        .into_iter()
        .map(|(step, [inside, outside])| {
            let (a, b) = (inside.len(), outside.len());
            let rate = |hits: usize, of: usize| (hits as f64 + 0.5) / (of as f64 + 1.0);
            Lift {
                step: step.clone(),
                with: (a, with),
                without: (b, without),
                lift: rate(a, with) / rate(b, without),
                p: fisher((a, with), (b, without)),
                q: 1.0,
                seen: inside,
            }
        })
        .collect();
    adjust(&mut lifts);
    lifts.retain(|one| one.lift > 1.0 && one.q <= CHANCE);
    lifts.sort_by(|one, other| one.q.total_cmp(&other.q).then(other.lift.total_cmp(&one.lift)));
    Ok(lifts)
}

/// Benjamini and Hochberg: the least false discovery rate at which each would be told.
fn adjust(lifts: &mut [Lift]) {
    lifts.sort_by(|one, other| one.p.total_cmp(&other.p).then_with(|| one.step.cmp(&other.step)));
    let tried = lifts.len() as f64;
    let mut least = 1.0_f64;
    for (rank, one) in lifts.iter_mut().enumerate().rev() {
        least = least.min(one.p * tried / (rank as f64 + 1.0));
        one.q = least;
    }
}

/// How often one step follows another, and with what odds, the most frequent first.
pub fn follows(sessions: &[Vec<Step>]) -> Vec<Follow> {
    let mut pairs: HashMap<(&Step, &Step), usize> = HashMap::new();
    let mut firsts: HashMap<&Step, usize> = HashMap::new();
    for pair in sessions.iter().flat_map(|steps| steps.windows(2)) {
        *pairs.entry((&pair[0], &pair[1])).or_default() += 1;
        *firsts.entry(&pair[0]).or_default() += 1;
    }
    let mut all: Vec<_> = pairs
        .into_iter()
        .map(|((first, then), times)| {
            (first.clone(), then.clone(), times, times as f64 / firsts[first] as f64)
        })
        .collect();
    all.sort_by(|one, other| other.2.cmp(&one.2).then_with(|| (&one.0, &one.1).cmp(&(&other.0, &other.1))));
    all
}

/// The lag in hours after which a stream repeats itself most, and how strongly (its autocorrelation). `None` where it
/// is too short, or does not.
pub fn period(hours: &[f64]) -> Option<(usize, f64)> {
    let many = hours.len();
    let mean = hours.iter().sum::<f64>() / many.max(1) as f64;
    let spread: f64 = hours.iter().map(|count| (count - mean).powi(2)).sum();
    if spread == 0.0 {
        return None;
    }
    let at = |lag: usize| {
        hours.iter().zip(&hours[lag..]).map(|(one, other)| (one - mean) * (other - mean)).sum::<f64>()
            / spread
    };
    let lags = 2..=LAGS.min(many / PERIODS);
    let strengths: Vec<(usize, f64)> = lags.map(|lag| (lag, at(lag))).collect();
    // A hill: what is near a lag is nearly as strong.
    let peak = |place: usize| {
        let of =
            |place: Option<usize>| place.and_then(|place| strengths.get(place)).map_or(f64::MIN, |one| one.1);
        strengths[place].1 >= of(place.checked_sub(1)) && strengths[place].1 >= of(Some(place + 1))
    };
    let best = (0..strengths.len()).filter(|place| peak(*place)).map(|place| strengths[place]);
    best.max_by(|one, other| one.1.total_cmp(&other.1)).filter(|(_, strength)| *strength >= STRONG)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(steps: &str) -> Vec<Step> {
        steps.split(' ').map(Step::from).collect()
    }

    #[test]
    fn what_comes_before_more_often_than_elsewhere() {
        let mut sessions: Vec<Vec<Step>> = (0..8).map(|_| session("open migrate test fail")).collect();
        sessions.extend((0..8).map(|_| session("open edit test pass")));
        let before = linked(&sessions, |step| **step == *"fail", false).unwrap();
        assert_eq!(before.iter().map(|one| &*one.step).collect::<Vec<_>>(), ["migrate"]);
        assert!(before[0].q < 0.05 && before[0].with == (8, 8) && before[0].without.0 == 0);
        let after = linked(&sessions, |step| **step == *"migrate", true).unwrap();
        assert_eq!(&*after[0].step, "fail");
        assert_eq!(
            linked(&sessions[..9], |step| **step == *"fail", false),
            Err(TooFew { with: 8, without: 1 })
        );
    }

    #[test]
    fn what_follows_what() {
        let all = follows(&[session("a b a b"), session("a c")]);
        assert_eq!(all[0], ("a".into(), "b".into(), 2, 2.0 / 3.0));
    }

    #[test]
    fn a_stream_that_repeats_itself() {
        let daily: Vec<f64> = (0..240).map(|hour| if hour % 24 == 9 { 10.0 } else { 0.0 }).collect();
        assert_eq!(period(&daily).map(|(lag, _)| lag % 24), Some(0));
        assert_eq!(period(&[1.0; 100]), None);
    }
}
