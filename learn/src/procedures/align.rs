//! Runs of a pattern in a session: local alignment, step for step, with gaps.
//!
//! The model behind the score: a run does the pattern's steps in order, leaves out each with odds of .12, and
//! does something else between two of them with odds of .25, again and again. A run's gain is the log of how
//! much better this explains its elements than the background does, in nats.

use serde::{Deserialize, Serialize};

use super::sequence::{BLOCK, Sequence};

/// Runs of one pattern in one session.
const RUNS: usize = 50;

/// A step of the pattern, and the element of the session that does it.
pub type Match = (usize, usize);

#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    pub sequence: usize,
    pub gain: f64,
    pub matches: Vec<Match>,
    /// Steps that it did once more, in between: a loop with something else in it.
    pub again: Vec<Match>,
}

impl Run {
    /// The elements that it explains.
    pub fn elements(&self) -> impl Iterator<Item = usize> {
        self.matches.iter().chain(&self.again).map(|(_, at)| *at)
    }
}

/// How often runs begin where their session does, and end where it does. Known only once there are patterns:
/// sessions of one aim are as long as the procedure, others have many in them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Edges {
    pub opens: f64,
    pub closes: f64,
}

/// Bounds of these odds.
const SURE: f64 = 0.97;

impl Edges {
    /// Of runs; with two imagined ones that are anywhere.
    pub fn of<'r>(runs: impl Iterator<Item = &'r Run>, sequences: &[Sequence]) -> Self {
        let (mut all, mut opens, mut closes) = (2.0, 0.0, 0.0);
        for run in runs {
            let sequence = &sequences[run.sequence];
            let place = 1.0 / sequence.full as f64;
            if all == 2.0 {
                (opens, closes) = (2.0 * place, 2.0 * place);
            }
            all += 1.0;
            opens += f64::from(sequence.elements[run.matches[0].1].opens);
            closes += f64::from(sequence.elements[run.matches[run.matches.len() - 1].1].closes);
        }
        let bounded = |odds: f64| odds.clamp(1.0 - SURE, SURE);
        Self { opens: bounded(opens / all), closes: bounded(closes / all) }
    }

    /// Nats for a run to begin, or end, at a place, over being anywhere among `full` elements.
    fn nats(odds: f64, at_edge: bool, full: usize) -> f64 {
        let by_chance = 1.0 / full.max(2) as f64;
        if at_edge { (odds / by_chance).ln() } else { ((1.0 - odds) / (1.0 - by_chance)).ln() }
    }
}

/// Nats for a run to begin, and to end, in a sequence of some length: elsewhere, and where the sequence does.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ends {
    first: [f64; 2],
    last: [f64; 2],
}

impl Ends {
    /// Nothing where it is not known how often runs do.
    pub fn of(edges: Option<Edges>, sequence: &Sequence) -> Self {
        let Some(Edges { opens, closes }) = edges else { return Self::default() };
        let nats = |odds| [false, true].map(|at_edge| Edges::nats(odds, at_edge, sequence.full));
        Self { first: nats(opens), last: nats(closes) }
    }
}

/// What a pattern is to be found by: where each action stands in it, and the price of a run.
pub struct Aligner<'p> {
    pattern: &'p [u32],
    /// By action: a bit for each of its places in the pattern.
    places: Vec<u32>,
    /// Nats that a run must make up for: the odds that one begins here.
    start: f64,
}

impl<'p> Aligner<'p> {
    /// Of a pattern of at most 32 steps.
    pub fn new(pattern: &'p [u32], start: f64) -> Self {
        let actions = pattern.iter().max().map_or(0, |last| *last as usize + 1);
        let mut places = vec![0; actions];
        for (at, action) in pattern.iter().enumerate() {
            places[*action as usize] |= 1 << at;
        }
        Self { pattern, places, start }
    }

    fn places(&self, action: u32) -> u32 {
        self.places.get(action as usize).copied().unwrap_or_default()
    }

    /// The runs in a sequence that gain, the best first; no two share an element. `points` is room to work in.
    pub fn runs(
        &self,
        number: usize,
        sequence: &Sequence,
        ends: &Ends,
        points: &mut Vec<Point>,
        surprise: impl Fn(usize) -> f64,
    ) -> Vec<Run> {
        self.see(sequence, ends, points, surprise);
        let mut runs = vec![];
        while points.len() > 1 && runs.len() < RUNS {
            let ended = |point: &Point, left: usize| {
                let broke = left > 0 && sequence.broke_at(point.element);
                Some(if broke { BROKEN } else { SKIPPED * left as f64 })
            };
            let Some(mut run) = self.best(number, points, ended) else { break };
            run.again = self.again(sequence, &run.matches, points);
            points.retain(|point| run.elements().all(|element| element != point.element));
            runs.push(run);
        }
        runs
    }

    /// The best run that gains and ends where a step failed that is not its last.
    pub fn broken(
        &self,
        number: usize,
        sequence: &Sequence,
        ends: &Ends,
        points: &mut Vec<Point>,
        surprise: impl Fn(usize) -> f64,
    ) -> Option<Run> {
        self.see(sequence, ends, points, surprise);
        let ended = |point: &Point, left: usize| {
            (left > 0 && sequence.elements[point.element].failed).then_some(BROKEN)
        };
        let mut run = self.best(number, points, ended)?;
        run.again = self.again(sequence, &run.matches, points);
        Some(run)
    }

    /// Finds the points of a sequence.
    fn see(
        &self,
        sequence: &Sequence,
        ends: &Ends,
        points: &mut Vec<Point>,
        surprise: impl Fn(usize) -> f64,
    ) {
        points.clear();
        let mut gap = 0.0;
        for (element, found) in sequence.elements.iter().enumerate() {
            let mut places = self.places(found.action);
            if places == 0 {
                gap += GAPPED;
                continue;
            }
            let worth = surprise(element) + MATCH;
            let (first, last) = (ends.first[usize::from(found.opens)], ends.last[usize::from(found.closes)]);
            while places > 0 && worth > f64::NEG_INFINITY {
                let step = places.trailing_zeros() as usize;
                places &= places - 1;
                points.push(Point { element, step, worth, gap, first, last, best: 0.0, from: None });
            }
            gap += REPEATED;
        }
    }

    /// `ended`: what it costs to end at a point with that many steps left; nothing where no run may.
    fn best(
        &self,
        number: usize,
        points: &mut [Point],
        ended: impl Fn(&Point, usize) -> Option<f64>,
    ) -> Option<Run> {
        let mut winner: Option<(f64, usize)> = None;
        for at in 0..points.len() {
            let (done, rest) = points.split_at_mut(at);
            let point = &mut rest[0];
            point.best = point.worth + point.first - self.start + SKIPPED * point.step as f64;
            point.from = None;
            for (index, before) in done.iter().enumerate().rev() {
                if before.step >= point.step || before.element >= point.element {
                    continue;
                }
                let between = point.gap - before.gap - REPEATED;
                if between < -FAR {
                    break;
                }
                let skipped = (point.step - before.step - 1) as f64;
                let gain = before.best + point.worth + between + SKIPPED * skipped;
                if gain > point.best {
                    (point.best, point.from) = (gain, Some(index));
                }
            }
            let left = self.pattern.len() - 1 - point.step;
            let gain = ended(point, left).map(|cost| point.best + point.last + cost);
            if let Some(gain) = gain.filter(|gain| winner.is_none_or(|(best, _)| *gain > best)) {
                winner = Some((gain, at));
            }
        }
        let (gain, mut at) = winner.filter(|(gain, _)| *gain > 0.0)?;
        let mut matches = vec![(points[at].step, points[at].element)];
        while let Some(from) = points[at].from {
            at = from;
            matches.push((points[at].step, points[at].element));
        }
        matches.reverse();
        Some(Run { sequence: number, gain, matches, again: vec![] })
    }

    /// Elements between the matches that do a step just done once more.
    fn again(&self, sequence: &Sequence, matches: &[Match], free: &[Point]) -> Vec<Match> {
        let mut again = vec![];
        for pair in matches.windows(2) {
            let ((step, at), (next, to)) = (pair[0], pair[1]);
            let is_free = |element: &usize| free.binary_search_by_key(element, |point| point.element).is_ok();
            for element in (at + 1..to).filter(is_free) {
                // Its last place from `step - BLOCK + 1` to `next + BLOCK - 1`.
                let places = self.places(sequence.action(element));
                let near = places & ((1u64 << (next + BLOCK).min(32)) - 1) as u32;
                let place = near.checked_ilog2().map(|place| place as usize);
                again.extend(place.filter(|place| place + BLOCK > step).map(|place| (place, element)));
            }
        }
        again
    }
}

/// An element that may be a step of the pattern.
pub struct Point {
    element: usize,
    step: usize,
    worth: f64,
    /// Nats that all elements before it would cost in a gap.
    gap: f64,
    /// Nats for the run to begin, or end, here.
    first: f64,
    last: f64,
    best: f64,
    from: Option<usize>,
}

/// A gap that costs more is not bridged.
const FAR: f64 = 14.0;

/// Logs of the odds of a step that is done with nothing before it (.88 · .75), that is left out (.12), of an
/// element in between (.25), of a step of the pattern in between, as in a loop (.8), and of a run that ends where
/// its session broke off (.3).
const MATCH: f64 = -0.415_515_443_961_665_8;
const SKIPPED: f64 = -2.120_263_536_200_091;
const GAPPED: f64 = -1.386_294_361_119_890_6;
const REPEATED: f64 = -0.223_143_551_314_209_7;
const BROKEN: f64 = -1.203_972_804_325_936;

/// What adding a step would change for a run: it is done there, or left out.
pub const fn done() -> f64 {
    MATCH
}

pub const fn left_out() -> f64 {
    SKIPPED
}

pub const fn between() -> f64 {
    GAPPED
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(pattern: &[u32], actions: &[u32], broke: bool) -> Vec<Vec<Match>> {
        let sequence = Sequence::new(actions, &vec![false; actions.len()], broke);
        let aligner = Aligner::new(pattern, 5.0);
        let found = aligner.runs(0, &sequence, &Ends::default(), &mut vec![], |_| 3.5);
        found.into_iter().map(|run| run.matches).collect()
    }

    #[test]
    fn odds_and_their_logs_agree() {
        for (odds, log) in
            [(0.88 * 0.75, MATCH), (0.12, SKIPPED), (0.25, GAPPED), (0.8, REPEATED), (0.3, BROKEN)]
        {
            assert!((f64::ln(odds) - log).abs() < 1e-12, "{odds}");
        }
    }

    #[test]
    fn runs_are_found_through_gaps_and_left_out_steps() {
        assert_eq!(runs(&[1, 2, 3, 4], &[9, 1, 2, 8, 3, 4], false), [[(0, 1), (1, 2), (2, 4), (3, 5)]]);
        assert_eq!(runs(&[1, 2, 3, 4, 5], &[1, 2, 4, 5], false), [[(0, 0), (1, 1), (3, 2), (4, 3)]]);
        assert!(runs(&[1, 2, 3], &[3, 2, 1], false).is_empty());
        assert!(runs(&[1, 2, 3, 4, 5, 6], &[1, 2, 3], false).is_empty(), "half of it is not it");
        assert_eq!(runs(&[1, 2, 3, 4, 5, 6], &[1, 2, 3], true).len(), 1, "it broke off");
        assert_eq!(runs(&[1, 2, 3], &[1, 2, 3, 7, 1, 2, 3], false).len(), 2);
    }

    #[test]
    fn a_loop_with_something_else_in_it_is_one_run() {
        let sequence = Sequence::new(&[1, 2, 3, 9, 2, 3, 8, 2, 3, 4], &[false; 10], false);
        let pattern = [1, 2, 3, 4];
        let found = Aligner::new(&pattern, 5.0).runs(0, &sequence, &Ends::default(), &mut vec![], |_| 3.5);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].matches.len() + found[0].again.len(), 8);
    }
}
