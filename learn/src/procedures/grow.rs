//! Candidates: pairs of actions that follow each other oftener than by chance, grown step by step as long
//! as the whole explains the sessions better.

use std::collections::{BTreeMap, BTreeSet};

use ahash::{AHashMap, AHashSet};

use super::align::{self, Aligner, Edges, Ends, Run};
use super::background::{Background, Own};
use super::sequence::{BLOCK, Sequence};

/// Pairs that are grown.
const SEEDS: usize = 300;
/// Elements between the two of a pair, at most.
const SEED_GAP: usize = 2;
/// Elements before the first and after the last step in which a further step is looked for.
const AROUND: usize = 3;
/// Steps of a pattern.
pub const STEPS: usize = 16;
/// A pattern of fewer different steps is a habit, not a procedure.
pub const SHORTEST: usize = 3;
/// Different sessions in which a pattern must be found.
pub const SESSIONS: usize = 3;
/// A candidate with a lower score is not kept, not even to tell what chance finds.
pub const LEAST: f64 = -40.0;
/// Nats that a further step of a known pattern must gain.
const KNOWN: f64 = 2.0;
/// Further steps that are tried for each that is added.
const TRIES: usize = 3;

/// Sequences with what is asked of them again and again.
pub struct Data<'s> {
    pub sequences: &'s [Sequence],
    pub background: Background,
    /// Sequences that have an action, in order.
    having: Vec<Vec<u32>>,
    /// Surprise at each action, wherever it stands.
    surprises: Vec<f64>,
    /// Of each sequence.
    ends: Vec<Ends>,
    /// Nats to name one step of a pattern.
    price: f64,
}

/// A pattern with its runs; `score` is what they gain over the background less what the pattern itself
/// takes to write down, in nats.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub pattern: Vec<u32>,
    pub runs: Vec<Run>,
    pub score: f64,
}

impl Candidate {
    pub fn is_long(&self) -> bool {
        self.pattern.iter().collect::<BTreeSet<_>>().len() >= SHORTEST
    }

    pub fn sessions(&self) -> usize {
        self.runs.iter().map(|run| run.sequence).collect::<BTreeSet<_>>().len()
    }
}

impl<'s> Data<'s> {
    pub fn new(sequences: &'s [Sequence], actions: usize, edges: Option<Edges>) -> Self {
        let mut having = vec![vec![]; actions];
        for (number, sequence) in sequences.iter().enumerate() {
            let distinct: BTreeSet<_> = sequence.elements.iter().map(|element| element.action).collect();
            for action in distinct {
                having[action as usize].push(number as u32);
            }
        }
        let usual = having.iter().filter(|sequences| sequences.len() >= SESSIONS).count();
        let price = (usual.max(2) as f64).ln() + 1.0;
        let background = Background::of(sequences, actions);
        let surprises = (0..actions as u32).map(|action| background.surprise(action)).collect();
        let ends = sequences.iter().map(|sequence| Ends::of(edges, sequence)).collect();
        Self { sequences, background, having, surprises, ends, price }
    }

    /// The same for a pattern that is known to be one: a further step need not pay for having been looked
    /// for among all.
    pub fn known(sequences: &'s [Sequence], actions: usize, edges: Option<Edges>) -> Self {
        Self { price: KNOWN, ..Self::new(sequences, actions, edges) }
    }

    /// Sequences with at least two of the actions.
    fn with(&self, pattern: &[u32]) -> Vec<usize> {
        let mut seen = vec![0u8; self.sequences.len()];
        for action in pattern.iter().collect::<BTreeSet<_>>() {
            self.having[*action as usize].iter().for_each(|number| seen[*number as usize] += 1);
        }
        (0..seen.len()).filter(|number| seen[*number] > 1).collect()
    }

    fn start(&self, runs: usize) -> f64 {
        start(self.background.total(), runs)
    }

    fn candidate(
        &self,
        pattern: Vec<u32>,
        among: usize,
        surprise: impl Fn(usize, usize) -> f64,
    ) -> Candidate {
        let aligner = Aligner::new(&pattern, self.start(among));
        let (mut runs, mut points) = (vec![], vec![]);
        for number in self.with(&pattern) {
            let (sequence, ends) = (&self.sequences[number], &self.ends[number]);
            runs.extend(aligner.runs(number, sequence, ends, &mut points, |at| surprise(number, at)));
        }
        let gain: f64 = runs.iter().map(|run| run.gain).sum();
        let score = gain - self.price * pattern.len() as f64;
        Candidate { pattern, runs, score }
    }

    /// By how often each action is seen, wherever it stands.
    pub fn plain(&self, pattern: Vec<u32>, among: usize) -> Candidate {
        self.candidate(pattern, among, |number, at| {
            self.surprises[self.sequences[number].action(at) as usize]
        })
    }

    /// By how often each action follows the one before it, apart from the runs themselves.
    pub fn judged(&self, candidate: &Candidate) -> Candidate {
        self.judged_without(candidate, &|_, _| false)
    }

    /// The same, without the elements (sequence, place) that are taken.
    pub fn judged_without(&self, candidate: &Candidate, taken: &dyn Fn(usize, usize) -> bool) -> Candidate {
        let mut judged = candidate.clone();
        for _ in 0..2 {
            let own = own(&judged.runs, self.sequences);
            let surprise = |number: usize, at: usize| {
                if taken(number, at) {
                    return f64::NEG_INFINITY;
                }
                let sequence = &self.sequences[number];
                let before = at.checked_sub(1).map(|before| sequence.action(before));
                self.background.surprise_after(before, sequence.action(at), &own)
            };
            judged = self.candidate(judged.pattern, judged.runs.len(), surprise);
        }
        judged
    }

    /// All candidates, the best first.
    pub fn candidates(&self) -> Vec<Candidate> {
        let mut known = AHashSet::new();
        let mut candidates = vec![];
        for (pair, runs) in self.seeds() {
            let grown = self.grown(pair.to_vec(), runs);
            if grown.is_long() && known.insert(grown.pattern.clone()) {
                let judged = self.judged(&grown);
                if judged.score > LEAST && judged.sessions() >= SESSIONS {
                    candidates.push(judged);
                }
            }
        }
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.pattern.cmp(&b.pattern)));
        candidates
    }

    /// Pairs that are in more sessions than chance explains, the most surprising first.
    fn seeds(&self) -> Vec<([u32; 2], usize)> {
        let mut pairs: AHashMap<[u32; 2], (u32, usize)> = AHashMap::new();
        let mut places = 0.0;
        for (number, sequence) in self.sequences.iter().enumerate() {
            for (at, first) in sequence.elements.iter().enumerate() {
                for second in sequence.elements.iter().skip(at + 1).take(1 + SEED_GAP) {
                    places += 1.0;
                    if first.action != second.action {
                        let seen = pairs.entry([first.action, second.action]).or_insert((0, usize::MAX));
                        seen.0 += u32::from(seen.1 != number);
                        seen.1 = number;
                    }
                }
            }
        }
        let total = self.background.total().max(1.0);
        let mut seeds: Vec<_> = pairs
            .into_iter()
            .filter(|(_, (sessions, _))| *sessions as usize >= SESSIONS)
            .filter_map(|(pair, (sessions, _))| {
                let odds = self.background.count(pair[0]) / total * self.background.count(pair[1]) / total;
                let (seen, expected) = (f64::from(sessions), odds * places);
                let surprise = seen * (seen / expected).ln() - (seen - expected);
                (seen > expected).then_some((surprise, pair, sessions as usize))
            })
            .collect();
        seeds.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        seeds.into_iter().take(SEEDS).map(|(_, pair, sessions)| (pair, sessions)).collect()
    }

    /// Adds and removes steps as long as it helps.
    pub fn grown(&self, pattern: Vec<u32>, runs: usize) -> Candidate {
        let mut best = self.plain(pattern, runs);
        for _ in 0..2 * STEPS {
            let longer = self.longer(&best);
            let Some(better) = longer.or_else(|| self.shorter(&best)) else { break };
            best = better;
        }
        best
    }

    fn longer(&self, best: &Candidate) -> Option<Candidate> {
        if best.pattern.len() >= STEPS {
            return None;
        }
        let mut better: Option<Candidate> = None;
        for (slot, action) in self.proposals(best) {
            let mut pattern = best.pattern.clone();
            pattern.insert(slot, action);
            if pattern
                .iter()
                .enumerate()
                .any(|(at, action)| pattern[..at].iter().rev().take(BLOCK).any(|near| near == action))
            {
                continue; // A loop, which is told once.
            }
            let tried = self.plain(pattern, best.runs.len());
            if tried.score > better.as_ref().map_or(best.score, |better| better.score) {
                better = Some(tried);
            }
        }
        better
    }

    fn shorter(&self, best: &Candidate) -> Option<Candidate> {
        if best.pattern.len() <= 2 {
            return None;
        }
        (0..best.pattern.len())
            .map(|at| {
                let mut pattern = best.pattern.clone();
                pattern.remove(at);
                self.plain(pattern, best.runs.len())
            })
            .filter(|tried| tried.score > best.score + 1e-9)
            .max_by(|a, b| a.score.total_cmp(&b.score))
    }

    /// Steps that many runs do in the same place, by what adding them is likely to gain.
    fn proposals(&self, best: &Candidate) -> Vec<(usize, u32)> {
        let steps = best.pattern.len();
        let mut gains: BTreeMap<(usize, u32), (f64, f64)> = BTreeMap::new();
        let mut reached = vec![0.0; steps + 1];
        for run in &best.runs {
            let sequence = &self.sequences[run.sequence];
            for (slot, range, inside) in slots(run, sequence, &best.pattern) {
                reached[slot] += 1.0;
                let mut seen: Vec<u32> = range.map(|at| sequence.action(at)).collect();
                seen.sort_unstable();
                seen.dedup();
                for action in seen {
                    let gap = if inside { -align::between() } else { 0.0 };
                    let gain = gains.entry((slot, action)).or_default();
                    gain.0 += self.surprises[action as usize] + align::done() + gap;
                    gain.1 += 1.0;
                }
            }
        }
        let net = |((slot, action), (gain, runs)): ((usize, u32), (f64, f64))| {
            let net = gain + align::left_out() * (reached[slot] - runs) - self.price;
            (net, slot, action)
        };
        let mut proposals: Vec<_> =
            gains.into_iter().map(net).filter(|(net, ..)| *net > -self.price).collect();
        proposals.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        proposals.into_iter().take(TRIES).map(|(_, slot, action)| (slot, action)).collect()
    }
}

/// The places of a run where a further step could be: its number, the elements there, and whether steps of
/// the run are on both sides. Places that the run did not reach are left out.
fn slots(run: &Run, sequence: &Sequence, pattern: &[u32]) -> Vec<(usize, std::ops::Range<usize>, bool)> {
    let steps = pattern.len();
    // A loop that it is in does not hide what is around it.
    let other = |at: &usize| !pattern.contains(&sequence.action(*at));
    let mut slots = vec![];
    let (first, last) = (run.matches[0], run.matches[run.matches.len() - 1]);
    if first.0 == 0 {
        let from = (0..first.1).rev().filter(other).nth(AROUND - 1).unwrap_or(0);
        slots.push((0, from..first.1, false));
    }
    for pair in run.matches.windows(2) {
        let ((step, at), (next_step, next_at)) = (pair[0], pair[1]);
        for slot in step + 1..=next_step {
            slots.push((slot, at + 1..next_at, true));
        }
    }
    if last.0 + 1 == steps {
        let end = (last.1 + 1..sequence.len()).filter(other).nth(AROUND).unwrap_or(sequence.len());
        if !sequence.broke_at(last.1) {
            slots.push((steps, last.1 + 1..end, false));
        }
    }
    slots
}

/// What a run must make up for when there are that many of them in so many elements.
pub fn start(elements: f64, runs: usize) -> f64 {
    (elements / runs.max(SESSIONS) as f64).ln()
}

/// What the steps of runs contribute to the background's counts.
pub fn own(runs: &[Run], sequences: &[Sequence]) -> Own {
    contributed(runs, sequences, |run| run.matches.iter().map(|(_, at)| *at).collect())
}

/// What all elements of runs contribute to them, those of loops included.
pub fn own_with_loops(runs: &[Run], sequences: &[Sequence]) -> Own {
    contributed(runs, sequences, |run| run.elements().collect())
}

fn contributed(runs: &[Run], sequences: &[Sequence], elements: impl Fn(&Run) -> Vec<usize>) -> Own {
    let mut own = Own::default();
    for run in runs {
        let sequence = &sequences[run.sequence];
        let mut elements = elements(run);
        elements.sort_unstable();
        for (at, element) in elements.iter().enumerate() {
            let action = sequence.action(*element);
            *own.single.entry(action).or_default() += 1.0;
            let before = at.checked_sub(1).map(|before| elements[before]);
            if let Some(before) = before.filter(|before| before + 1 == *element) {
                *own.pairs.entry((sequence.action(before), action)).or_default() += 1.0;
            }
        }
    }
    own
}
