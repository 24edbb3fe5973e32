//! Which patterns are there, beyond chance: the best is taken, what it explains is taken out, and so on.

use athena_schemas::ids;

use super::align::{Edges, Match, Run};
use super::background::Background;
use super::chance::Chance;
use super::grow::{Candidate, Data, LEAST, SESSIONS};
use super::identity::common;
use super::sequence::Sequence;

/// Sessions without procedures that chance is judged by.
const SURROGATES: u64 = 16;
/// Threads that they are looked through by.
const THREADS: usize = 4;
/// Times that what is left is looked through.
const ROUNDS: u64 = 3;
/// Steps that a variant shares with what it is a variant of, over the longer of both.
const SAME: f64 = 0.7;
/// Steps in common, in order, over the shorter of both, of what is a part of another.
const PART: f64 = 0.8;
/// Candidates of which chance finds so many are not looked at.
const HOPELESS: f64 = 0.5;
/// Patterns of a project, at most.
const PATTERNS: usize = 200;

/// Elements of the sessions that patterns are looked for in.
pub const SAMPLE: usize = 8_000;

/// A pattern that holds, with its runs in the sequences that were given.
#[derive(Debug, Clone)]
pub struct Pattern {
    pub actions: Vec<u32>,
    pub score: f64,
    /// How many patterns as good as this chance was expected to find.
    pub by_chance: f64,
    pub runs: Vec<Run>,
}

/// The patterns of sequences at a false discovery rate, in the order in which they were found. `ids` are of
/// their sessions: a sample is chosen by them, the same whatever the order, and nearly the same when more come.
/// Also how often their runs begin and end where their sessions do, where that is known.
pub fn patterns(
    sequences: &[Sequence],
    ids: &[&str],
    actions: usize,
    rate: f64,
) -> (Vec<Pattern>, Option<Edges>) {
    let all: usize = sequences.iter().map(Sequence::len).sum();
    if all <= SAMPLE {
        return search(sequences, actions, rate);
    }
    let mut order: Vec<usize> = (0..sequences.len()).collect();
    order.sort_by_cached_key(|at| ids::text(ids[*at]));
    let (mut sample, mut elements) = (vec![], 0);
    for at in order {
        if elements + sequences[at].len() <= SAMPLE {
            elements += sequences[at].len();
            sample.push(at);
        }
    }
    sample.sort_unstable();
    let chosen: Vec<_> = sample.iter().map(|at| sequences[*at].clone()).collect();
    let (mut patterns, edges) = search(&chosen, actions, rate);
    everywhere(&mut patterns, sequences, actions, edges, all as f64 / elements.max(1) as f64);
    (patterns, edges)
}

/// Looks for the runs of patterns that a sample had, `times` smaller, in all sequences.
fn everywhere(
    patterns: &mut [Pattern],
    sequences: &[Sequence],
    actions: usize,
    edges: Option<Edges>,
    times: f64,
) {
    let data = Data::new(sequences, actions, edges);
    let mut taken: Vec<Vec<bool>> = sequences.iter().map(|sequence| vec![false; sequence.len()]).collect();
    for pattern in patterns {
        let expected = (pattern.runs.len() as f64 * times) as usize;
        let candidate = data.plain(pattern.actions.clone(), expected);
        pattern.runs = data.judged_without(&candidate, &|sequence, at| taken[sequence][at]).runs;
        for run in &pattern.runs {
            run.elements().for_each(|at| taken[run.sequence][at] = true);
        }
    }
}

fn search(sequences: &[Sequence], actions: usize, rate: f64) -> (Vec<Pattern>, Option<Edges>) {
    let mut search =
        Search { sequences, left: sequences.to_vec(), actions, rate, edges: None, found: vec![] };
    if search.round(0) == 0 {
        return (vec![], None);
    }
    // Where runs begin and end is known now: that shows more of them.
    let runs = search.found.iter().flat_map(|pattern| &pattern.runs);
    let edges = Some(Edges::of(runs, sequences));
    search = Search { left: sequences.to_vec(), edges, found: vec![], ..search };
    for round in 1..=ROUNDS {
        if search.round(round) == 0 {
            break;
        }
    }
    (search.found, edges)
}

struct Search<'s> {
    sequences: &'s [Sequence],
    left: Vec<Sequence>,
    actions: usize,
    rate: f64,
    edges: Option<Edges>,
    found: Vec<Pattern>,
}

impl Search<'_> {
    /// Looks through what is left; how many patterns hold.
    fn round(&mut self, round: u64) -> usize {
        let Self { left, actions, edges, .. } = self;
        let chance = chance(left, *actions, *edges, round);
        let most = PATTERNS - self.found.len();
        let picked = picked(left, *actions, *edges, most, chance.score(HOPELESS));
        let scores: Vec<_> = picked.iter().map(|candidate| candidate.score).collect();
        let holding = chance.holding(&scores, self.rate);
        for candidate in &picked[..holding] {
            let whole = candidate.whole(left, *actions, *edges);
            if self.found.iter().any(|found| is_variant(&whole.pattern, &found.actions)) {
                continue;
            }
            let runs = whole
                .runs
                .iter()
                .map(|run| back(run, &left[run.sequence], &self.sequences[run.sequence]))
                .collect();
            take_out(left, &whole.runs);
            let by_chance = chance.expected(candidate.score);
            self.found.push(Pattern { actions: whole.pattern, score: candidate.score, by_chance, runs });
        }
        holding
    }
}

/// Whether a pattern is another's over again: most of its steps, or nearly all of the shorter one's in order.
fn is_variant(a: &[u32], b: &[u32]) -> bool {
    let shared = a.iter().filter(|action| b.contains(action)).count() as f64;
    let longer = a.len().max(b.len()) as f64;
    let shorter = a.len().min(b.len()) as f64;
    shared / longer >= SAME || common(a, b) as f64 / shorter >= PART
}

/// A run by the elements of the sequence as it was before any were taken out.
fn back(run: &Run, left: &Sequence, full: &Sequence) -> Run {
    let place = |at: usize| {
        let first = left.elements[at].first;
        full.elements.partition_point(|element| element.first < first)
    };
    let moved = |matches: &[Match]| matches.iter().map(|(step, at)| (*step, place(*at))).collect();
    Run { matches: moved(&run.matches), again: moved(&run.again), ..run.clone() }
}

impl Candidate {
    /// With all the steps that most of its runs do.
    fn whole(&self, sequences: &[Sequence], actions: usize, edges: Option<Edges>) -> Candidate {
        let data = Data::known(sequences, actions, edges);
        data.judged(&data.grown(self.pattern.clone(), self.runs.len()))
    }
}

/// The best candidate, then the best of what it leaves, and so on; in falling order of score.
fn picked(
    sequences: &[Sequence],
    actions: usize,
    edges: Option<Edges>,
    most: usize,
    least: f64,
) -> Vec<Candidate> {
    let mut left = sequences.to_vec();
    let mut candidates = Data::new(&left, actions, edges).candidates();
    let mut picked: Vec<Candidate> = vec![];
    while picked.len() < most && !candidates.is_empty() {
        let best = candidates.remove(0);
        let again = {
            let data = Data::new(&left, actions, edges);
            let grown = data.grown(best.pattern.clone(), best.runs.len());
            data.judged(&grown)
        };
        let holds = again.score > least && again.sessions() >= SESSIONS && again.is_long();
        if !holds {
            continue;
        }
        // What others explain already is not counted twice: it goes back to where it belongs now.
        let next = candidates.first().map_or(LEAST, |next| next.score);
        if again.score + 1e-9 < next {
            let at = candidates.partition_point(|other| other.score >= again.score);
            candidates.insert(at, again);
            continue;
        }
        take_out(&mut left, &again.runs);
        picked.push(again);
    }
    picked.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.pattern.cmp(&b.pattern)));
    picked
}

/// Takes the elements of runs out of their sequences.
fn take_out(sequences: &mut [Sequence], runs: &[Run]) {
    let mut out: Vec<(usize, usize)> =
        runs.iter().flat_map(|run| run.elements().map(|at| (run.sequence, at))).collect();
    out.sort_unstable();
    for (sequence, at) in out.into_iter().rev() {
        sequences[sequence].elements.remove(at);
    }
}

/// What chance finds in sessions of these lengths and habits.
fn chance(sequences: &[Sequence], actions: usize, edges: Option<Edges>, round: u64) -> Chance {
    let background = Background::of(sequences, actions);
    let best = &|number: u64| {
        let surrogate = background.surrogate(sequences, round * SURROGATES + number);
        let candidates = Data::new(&surrogate, actions, edges).candidates();
        candidates.first().map_or(LEAST, |best| best.score)
    };
    // Each surrogate has its own seed, so the threads do not change what is found.
    let best: Vec<f64> = std::thread::scope(|scope| {
        let thread = |first: u64| {
            scope.spawn(move || (first..SURROGATES).step_by(THREADS).map(best).collect::<Vec<_>>())
        };
        let threads: Vec<_> = (0..THREADS as u64).map(thread).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("nothing in it panics")).collect()
    });
    Chance::fit(&best)
}
