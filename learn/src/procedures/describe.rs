//! What is known of a procedure from its runs.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Procedure;
use super::flow::{self, Passed, Source};
use super::parameters::{parameter_names, renamed};
use super::rates::{Rate, at_least, median};
use super::runs::ProcedureRun;
use crate::steps::{Ended, Kind, Template, example};

/// Runs that are shown as examples.
const EXAMPLES: usize = 5;
/// Values of a parameter that are shown.
const VALUES: usize = 3;
/// Variants that are shown.
const VARIANTS: usize = 8;
/// A loop: a step is done this often, in the median of its runs.
const LOOP: i64 = 2;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ProcedureStep {
    /// The step's stable token.
    pub action: String,
    pub tool: String,
    pub template: String,
    pub parameters: Vec<StepParameter>,
    /// Of the runs that came so far, the share that did it.
    pub done: f64,
    /// How often a run does it, in the median.
    pub times: i64,
    /// Runs that failed here, of those that did it.
    pub failures: usize,
    pub of: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StepParameter {
    pub name: String,
    pub kind: Kind,
    pub examples: Vec<String>,
    /// The earlier step that its value comes from.
    pub source: Option<Source>,
}

/// Steps done again and again together: `from` to `to`, the last included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Repeat {
    pub from: usize,
    pub to: usize,
    /// Median and most.
    pub times: i64,
    pub most: i64,
}

/// `Step`: an action done before. `Input`: a value that no step gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    Step,
    Input,
}

/// What was there before a run began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Precondition {
    pub kind: Need,
    pub text: String,
    /// Share of the runs in which it held, and of all sessions; null of inputs.
    pub share: Option<f64>,
    pub elsewhere: Option<f64>,
}

/// Runs that did the same steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Variant {
    /// Numbers of the steps that were done.
    pub steps: Vec<usize>,
    pub runs: usize,
    pub success: Option<Rate>,
    pub median_duration_ms: Option<i64>,
}

/// The steps of a procedure, with where their values come from.
pub fn steps(templates: &[&Template], passed: &[Vec<Option<Passed>>]) -> Vec<ProcedureStep> {
    let own: Vec<Vec<String>> = templates
        .iter()
        .map(|template| template.parameters.iter().map(|parameter| parameter.name.clone()).collect())
        .collect();
    let names = parameter_names(&own, passed);
    templates
        .iter()
        .enumerate()
        .map(|(at, template)| {
            let parameters =
                template.parameters.iter().enumerate().map(|(number, parameter)| StepParameter {
                    name: names[at][number].clone(),
                    kind: parameter.kind,
                    examples: given(passed, at, number),
                    source: flow::source(passed, at, number, &names),
                });
            ProcedureStep {
                action: template.action.clone(),
                tool: template.tool.clone(),
                template: renamed(&template.text, &own[at], &names[at]),
                parameters: parameters.collect(),
                done: 0.0,
                times: 1,
                failures: 0,
                of: 0,
            }
        })
        .collect()
}

/// Values that runs gave for a parameter, the most usual first.
fn given(passed: &[Vec<Option<Passed>>], step: usize, parameter: usize) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for value in passed.iter().filter_map(|run| run[step].as_ref()?.value(parameter)) {
        *counts.entry(value).or_default() += 1;
    }
    let mut values: Vec<_> = counts.into_iter().collect();
    values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    values.into_iter().take(VALUES).map(|(value, _)| example(value)).collect()
}

/// Tells of a procedure all that its runs tell; each has an event, or none, for each of its steps.
pub fn recount(procedure: &mut Procedure, runs: &[ProcedureRun]) {
    for (at, step) in procedure.steps.iter_mut().enumerate() {
        let did = runs.iter().filter(|run| run.events[at].is_some());
        step.of = did.clone().count();
        step.done = step.of as f64 / runs.iter().filter(|run| reached(run) >= at).count().max(1) as f64;
        step.times = median(did.map(|run| run.times[at] as i64).collect()).unwrap_or(1);
        step.failures = runs.iter().filter(|run| run.failed_at == Some(at)).count();
    }
    procedure.repeats = repeats(runs, procedure.steps.len());
    procedure.support = runs.len();
    procedure.sessions = runs.iter().map(|run| &run.session).collect::<BTreeSet<_>>().len();
    procedure.success = success(runs.iter());
    procedure.median_duration_ms = median(runs.iter().map(|run| run.duration_ms).collect());
    procedure.variants = variants(runs);
    procedure.examples = examples(runs);
}

/// The last step that a run came to: one that failed came no further than its last.
fn reached(run: &ProcedureRun) -> usize {
    match run.ended {
        Some(Ended::Badly) => run.events.iter().rposition(Option::is_some).unwrap_or(0),
        _ => run.events.len(),
    }
}

/// Neighbouring steps that are done several times in the usual run.
pub fn repeats(runs: &[ProcedureRun], steps: usize) -> Vec<Repeat> {
    let often = |at: usize| {
        let times: Vec<i64> =
            runs.iter().filter(|run| run.events[at].is_some()).map(|run| run.times[at] as i64).collect();
        let most = times.iter().copied().max().unwrap_or(0);
        (median(times).unwrap_or(0), most)
    };
    let times: Vec<_> = (0..steps).map(often).collect();
    let mut repeats: Vec<Repeat> = vec![];
    for (at, (times, most)) in times.into_iter().enumerate().filter(|(_, (times, _))| *times >= LOOP) {
        match repeats.last_mut().filter(|open| open.to + 1 == at) {
            Some(open) => {
                *open = Repeat {
                    from: open.from,
                    to: at,
                    times: open.times.max(times),
                    most: open.most.max(most),
                }
            }
            None => repeats.push(Repeat { from: at, to: at, times, most }),
        }
    }
    repeats
}

pub fn success<'r>(runs: impl Iterator<Item = &'r ProcedureRun>) -> Option<Rate> {
    let known: Vec<_> = runs.filter_map(|run| run.ended).collect();
    Rate::of(known.iter().filter(|ended| **ended == Ended::Well).count(), known.len())
}

/// Which steps runs did, the most usual first.
pub fn variants(runs: &[ProcedureRun]) -> Vec<Variant> {
    let mut groups: BTreeMap<Vec<usize>, Vec<&ProcedureRun>> = BTreeMap::new();
    for run in runs {
        let done = (0..run.events.len()).filter(|at| run.events[*at].is_some()).collect();
        groups.entry(done).or_default().push(run);
    }
    let mut variants: Vec<_> = groups
        .into_iter()
        .map(|(steps, runs)| Variant {
            steps,
            runs: runs.len(),
            success: success(runs.iter().copied()),
            median_duration_ms: median(runs.iter().map(|run| run.duration_ms).collect()),
        })
        .collect();
    variants.sort_by(|a, b| b.runs.cmp(&a.runs).then_with(|| a.steps.cmp(&b.steps)));
    variants.truncate(VARIANTS);
    variants
}

/// Share of runs before which a step is done, to be told as a precondition.
const BEFORE: f64 = 0.7;
/// Runs that tell of a precondition.
const RUNS: usize = 4;
/// Odds, over all actions tried, that such a share is chance.
const CHANCE: f64 = 0.01;

/// What runs have before them that other sessions have not. `usual` is the share of all sessions in which an
/// action is done at all.
pub fn preconditions(
    runs: &[ProcedureRun],
    steps: &[ProcedureStep],
    templates: &[Template],
    usual: &[f64],
) -> Vec<Precondition> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for run in runs {
        for action in run.before.iter().collect::<BTreeSet<_>>() {
            *counts.entry(*action).or_default() += 1;
        }
    }
    let tried = counts.len().max(1) as f64;
    let mut found = vec![];
    for (action, count) in counts {
        let share = count as f64 / runs.len() as f64;
        let unusual = at_least(count, runs.len(), usual[action]) * tried < CHANCE;
        if runs.len() >= RUNS && share >= BEFORE && unusual {
            let text = templates[action].text.clone();
            found.push(Precondition {
                kind: Need::Step,
                text,
                share: Some(share),
                elsewhere: Some(usual[action]),
            });
        }
    }
    for (number, step) in steps.iter().enumerate() {
        for parameter in step.parameters.iter().filter(|parameter| parameter.source.is_none()) {
            let text = format!("{} of step {}", parameter.name, number + 1);
            found.push(Precondition { kind: Need::Input, text, share: None, elsewhere: None });
        }
    }
    found
}

/// Ids of the first events of the runs that did most of the steps, the newest first.
pub fn examples(runs: &[ProcedureRun]) -> Vec<String> {
    let whole = |run: &&ProcedureRun| {
        let done = run.events.iter().flatten().count();
        (run.ended == Some(Ended::Well), done, run.ended_at)
    };
    let mut best: Vec<_> = runs.iter().collect();
    best.sort_by(|a, b| whole(b).cmp(&whole(a)).then_with(|| a.session.cmp(&b.session)));
    best.iter().filter_map(|run| run.events.iter().flatten().next().cloned()).take(EXAMPLES).collect()
}
