//! Runs of known procedures in further sessions: what was found in a sample is counted everywhere, and again in
//! every session that changes, without being found anew.
//!
//! A session's runs depend on the finder and on that session alone. So it does not matter in which pieces sessions
//! come.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::align::{Aligner, Edges, Ends, Run};
use super::background::{Background, Own};
use super::broken::broken;
use super::discover::Pattern;
use super::grow::{own_with_loops, start};
use super::runs::{ProcedureRun, Told};
use super::sequence::Sequence;
use super::sequence_of;
use crate::steps::{Session, Templates, steps};

/// What procedures are found by: the patterns, and what sessions look like without them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Finder {
    background: Counts,
    edges: Option<Edges>,
    patterns: Vec<Sought>,
}

/// Counts of actions, and of pairs of neighbours.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    pub single: Vec<f64>,
    pub pairs: Vec<(u32, u32, f64)>,
}

/// A pattern as it is looked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Sought {
    actions: Vec<u32>,
    /// Nats that a run must make up for.
    start: f64,
    /// What its runs contributed to the background.
    single: Vec<(u32, f64)>,
    pairs: Vec<(u32, u32, f64)>,
}

impl Finder {
    /// Of patterns and the sequences that they were found in.
    pub fn of(patterns: &[Pattern], edges: Option<Edges>, sequences: &[Sequence], actions: usize) -> Self {
        let background = Background::of(sequences, actions);
        let sought = |pattern: &Pattern| {
            let own = own_with_loops(&pattern.runs, sequences);
            let mut single: Vec<_> = own.single.into_iter().collect();
            let mut pairs: Vec<_> = own.pairs.into_iter().map(|((a, b), n)| (a, b, n)).collect();
            single.sort_by_key(|(action, _)| *action);
            pairs.sort_by_key(|(a, b, _)| (*a, *b));
            let start = start(background.total(), pattern.runs.len());
            Sought { actions: pattern.actions.clone(), start, single, pairs }
        };
        Self { patterns: patterns.iter().map(sought).collect(), edges, background: background.counts() }
    }

    /// For each pattern its runs in the sessions.
    pub fn runs(&self, sessions: &[Session], templates: &Templates) -> Vec<Vec<ProcedureRun>> {
        let background = Background::from_counts(&self.background);
        let aligners: Vec<Aligner> =
            self.patterns.iter().map(|pattern| Aligner::new(&pattern.actions, pattern.start)).collect();
        let sought: Vec<(Own, BTreeSet<u32>)> = self
            .patterns
            .iter()
            .map(|pattern| (pattern.own(), pattern.actions.iter().copied().collect()))
            .collect();
        let mut found = vec![vec![]; self.patterns.len()];
        let mut points = vec![];
        for session in sessions {
            let done = steps(templates, session);
            let sequence = sequence_of(session, &done);
            let ends = Ends::of(self.edges, &sequence);
            let mut taken = vec![false; sequence.len()];
            let mut runs: Vec<(usize, Run)> = vec![];
            let surprise = |number: usize, at: usize| {
                let before = at.checked_sub(1).map(|before| sequence.action(before));
                background.surprise_after(before, sequence.action(at), &sought[number].0)
            };
            for (number, (_, actions)) in sought.iter().enumerate() {
                let there: BTreeSet<u32> = sequence
                    .elements
                    .iter()
                    .map(|one| one.action)
                    .filter(|one| actions.contains(one))
                    .collect();
                if there.len() < 2 {
                    continue;
                }
                let free = |at: usize| if taken[at] { f64::NEG_INFINITY } else { surprise(number, at) };
                let here = aligners[number].runs(0, &sequence, &ends, &mut points, free);
                for run in here {
                    run.elements().for_each(|at| taken[at] = true);
                    runs.push((number, run));
                }
            }
            runs.extend(broken(0, &sequence, self.edges, &aligners, taken, surprise));
            let last = |run: &Run| run.matches.last().map_or(0, |(_, at)| *at);
            let latest = runs.iter().map(|(_, run)| last(run)).max().unwrap_or_default();
            let told = Told::new(session, &done, &sequence);
            for (number, run) in runs {
                let steps = self.patterns[number].actions.len();
                found[number].push(told.run(&run, steps, last(&run) == latest));
            }
        }
        found
    }
}

impl Sought {
    fn own(&self) -> Own {
        Own {
            single: self.single.iter().copied().collect(),
            pairs: self.pairs.iter().map(|(a, b, n)| ((*a, *b), *n)).collect(),
        }
    }
}
