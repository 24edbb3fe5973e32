//! Where the values of a procedure come from: which step's output, or values, feed a later step's.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::steps::{Session, Step, scalars};

/// What of an earlier step a value comes from: its output, or what it was given itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum From {
    Output,
    Parameter,
}

/// Where a parameter's value comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Source {
    /// Number of the earlier step.
    pub step: usize,
    pub from: From,
    /// The output's field, or the earlier step's parameter.
    pub field: Option<String>,
    /// Share of the runs, of those that have both steps.
    pub share: f64,
}

/// What one run gave and got at one step.
#[derive(Debug, Clone, Default)]
pub struct Passed {
    /// (parameter, value)
    pub given: Vec<(usize, String)>,
    /// (field, value)
    pub output: Vec<(Option<String>, String)>,
}

impl Passed {
    pub fn of(session: &Session, step: &Step) -> Self {
        let output = step.result.and_then(|at| session.events[at].content.as_deref()).map(scalars);
        Self { given: step.values.clone(), output: output.unwrap_or_default() }
    }

    pub fn value(&self, parameter: usize) -> Option<&str> {
        self.given.iter().find(|(at, _)| *at == parameter).map(|(_, value)| value.as_str())
    }
}

/// Runs that must have both steps.
const RUNS: usize = 3;
/// Share of them in which the value is the same.
const SHARE: f64 = 0.5;
/// By chance (in another run's output) the value may be the same in at most this part of that share.
const CHANCE: f64 = 0.5;

/// The source of a parameter of step `at`. `runs` have what was passed at each step, where they did it.
/// A value that is the same in every run flows from nowhere: that is tested against the other runs.
pub fn source(
    runs: &[Vec<Option<Passed>>],
    at: usize,
    parameter: usize,
    names: &[Vec<String>],
) -> Option<Source> {
    let mut best: Option<Source> = None;
    for before in (0..at).rev() {
        let both: Vec<(&str, &Passed)> = runs
            .iter()
            .filter_map(|run| Some((run[at].as_ref()?.value(parameter)?, run[before].as_ref()?)))
            .collect();
        if both.len() < RUNS {
            continue;
        }
        let mut tried = vec![];
        for field in fields(&both) {
            let has = |value: &str, passed: &Passed| {
                passed.output.iter().any(|(name, other)| *name == field && other == value)
            };
            tried.push((From::Output, field.clone(), shares(&both, &has)));
        }
        for (number, name) in names[before].iter().enumerate() {
            let has = |value: &str, passed: &Passed| passed.value(number) == Some(value);
            tried.push((From::Parameter, Some(name.clone()), shares(&both, &has)));
        }
        for (from, field, (share, chance)) in tried {
            let holds = share >= SHARE && chance <= CHANCE * share;
            if holds && best.as_ref().is_none_or(|best| share > best.share + 1e-9) {
                best = Some(Source { step: before, from, field, share });
            }
        }
    }
    best
}

fn fields(both: &[(&str, &Passed)]) -> BTreeSet<Option<String>> {
    let matching =
        both.iter().flat_map(|(value, from)| from.output.iter().filter(move |(_, other)| other == value));
    matching.map(|(name, _)| name.clone()).collect()
}

/// How often the value is the same in the run itself, and in the next run.
fn shares(both: &[(&str, &Passed)], has: &dyn Fn(&str, &Passed) -> bool) -> (f64, f64) {
    let n = both.len() as f64;
    let own = both.iter().filter(|(value, from)| has(value, from)).count() as f64;
    let next =
        both.iter().zip(both.iter().cycle().skip(1)).filter(|((value, _), (_, other))| has(value, other));
    (own / n, next.count() as f64 / n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_flows_from_the_output_that_has_it() {
        let run = |id: &str| {
            let made =
                Passed { given: vec![], output: vec![(Some("id".into()), id.into()), (None, "same".into())] };
            let used = Passed { given: vec![(0, id.into()), (1, "same".into())], output: vec![] };
            vec![Some(made), Some(used)]
        };
        let runs: Vec<_> = ["a-1", "b-2", "c-3", "d-4"].map(run).into();
        let names = [vec![], vec!["id".to_owned(), "x".to_owned()]];
        let found = source(&runs, 1, 0, &names).unwrap();
        assert_eq!(
            (found.step, found.from, found.field.as_deref(), found.share),
            (0, From::Output, Some("id"), 1.0)
        );
        assert_eq!(source(&runs, 1, 1, &names), None, "it is the same in every run");
        assert_eq!(source(&runs[..2], 1, 0, &names), None, "too few");
    }
}
