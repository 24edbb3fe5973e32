//! Runs that broke off before their session's end: a step failed, it was not tried again, and nothing went on from
//! there, whatever else was done then.
//!
//! They are looked for when all patterns are known, in what no run explains: a beginning that several patterns share
//! belongs to the one that it explains best, once.

use super::align::{Aligner, Edges, Ends, Point, Run};
use super::background::Background;
use super::discover::Pattern;
use super::grow::{own_with_loops, start};
use super::sequence::Sequence;

/// Steps of a run that broke off: one alone begins nothing.
const LEAST: usize = 2;
/// Times that what such runs contribute to the background is taken out of it.
const AGAIN: usize = 2;

/// Adds to patterns their runs that broke off.
pub fn add(patterns: &mut [Pattern], edges: Option<Edges>, sequences: &[Sequence], actions: usize) {
    let failed = |sequence: &Sequence| sequence.elements.iter().any(|element| element.failed);
    let failed: Vec<usize> = (0..sequences.len()).filter(|number| failed(&sequences[*number])).collect();
    if failed.is_empty() || patterns.is_empty() {
        return;
    }
    let background = Background::of(sequences, actions);
    let whole = taken(patterns, sequences);
    let mut judged: Vec<Vec<Run>> = vec![vec![]; patterns.len()];
    for round in 0..=AGAIN {
        let all: Vec<Vec<Run>> = patterns
            .iter()
            .zip(&judged)
            .map(|(pattern, broken)| pattern.runs.iter().chain(broken).cloned().collect())
            .collect();
        let owns: Vec<_> = all.iter().map(|runs| own_with_loops(runs, sequences)).collect();
        let aligners: Vec<_> = patterns
            .iter()
            .zip(&all)
            .map(|(pattern, runs)| Aligner::new(&pattern.actions, start(background.total(), runs.len())))
            .collect();
        judged = vec![vec![]; patterns.len()];
        for number in &failed {
            let sequence = &sequences[*number];
            let surprise = |pattern: usize, at: usize| {
                let action = sequence.action(at);
                let before = at.checked_sub(1).map(|before| sequence.action(before));
                match round {
                    0 => background.surprise(action),
                    _ => background.surprise_after(before, action, &owns[pattern]),
                }
            };
            let found = broken(*number, sequence, edges, &aligners, whole[*number].clone(), surprise);
            found.into_iter().for_each(|(pattern, run)| judged[pattern].push(run));
        }
    }
    for (pattern, broken) in patterns.iter_mut().zip(judged) {
        pattern.runs.extend(broken);
        pattern.runs.sort_by_key(|run| (run.sequence, run.matches[0].1));
    }
}

/// For each sequence which of its elements are explained by runs.
fn taken(patterns: &[Pattern], sequences: &[Sequence]) -> Vec<Vec<bool>> {
    let mut taken: Vec<Vec<bool>> = sequences.iter().map(|sequence| vec![false; sequence.len()]).collect();
    for run in patterns.iter().flat_map(|pattern| &pattern.runs) {
        run.elements().for_each(|at| taken[run.sequence][at] = true);
    }
    taken
}

/// The runs of a sequence that broke off, each with the number of its pattern, the one that gains most first; none has
/// an element that is taken. `surprise` is that of a pattern at an element.
pub fn broken(
    number: usize,
    sequence: &Sequence,
    edges: Option<Edges>,
    aligners: &[Aligner],
    mut taken: Vec<bool>,
    surprise: impl Fn(usize, usize) -> f64,
) -> Vec<(usize, Run)> {
    let ends = Ends::of(edges, sequence);
    let mut points: Vec<Point> = vec![];
    let mut found = vec![];
    loop {
        let mut best: Option<(usize, Run)> = None;
        for (pattern, aligner) in aligners.iter().enumerate() {
            let free = |at: usize| if taken[at] { f64::NEG_INFINITY } else { surprise(pattern, at) };
            let run = aligner.broken(number, sequence, &ends, &mut points, free);
            let better = |run: &Run| best.as_ref().is_none_or(|(_, best)| run.gain > best.gain);
            if let Some(run) = run.filter(|run| run.matches.len() >= LEAST && better(run)) {
                best = Some((pattern, run));
            }
        }
        let Some((pattern, run)) = best else { return found };
        run.elements().for_each(|at| taken[at] = true);
        found.push((pattern, run));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_that_two_patterns_share_is_a_run_of_the_one_that_it_fits_best() {
        let (rare, usual) = ([1, 2, 3, 4, 5], [1, 2, 3, 6, 7]);
        let failed = [false, false, false, true, false, false, true, false];
        let sequence = Sequence::new(&[9, 1, 2, 3, 8, 2, 7, 8], &failed, false);
        let aligners = [Aligner::new(&rare, 5.0), Aligner::new(&usual, 4.0)];
        let found = |taken: Vec<bool>| {
            let runs = broken(0, &sequence, None, &aligners, taken, |_, _| 3.5);
            runs.into_iter().map(|(pattern, run)| (pattern, run.matches)).collect::<Vec<_>>()
        };
        assert_eq!(found(vec![false; 8]), [(1, vec![(0, 1), (1, 2), (2, 3)])]);
        let taken = (0..8).map(|at| at == 2).collect();
        assert!(found(taken).is_empty(), "what another run did is not done for this one");
    }
}
