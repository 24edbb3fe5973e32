//! Procedures: how things are done, learned from what was done.
//!
//! ```text
//! steps of sessions ─▶ sequences (loops told once) ─▶ candidates grown from pairs ─▶ judged against chance
//!                   ─▶ patterns, each taken out before the next ─▶ runs ─▶ procedures
//! ```
//!
//! A caller gives all sessions of a project (`steps::Session`, their events by time and position; episodes do as
//! well), their steps and templates, and the procedures of the base run:
//! `mine(project, (&sessions, &steps), &templates, &known)`. It gets every `Procedure`, a row of the table
//! `procedures` whose lists are kept as JSON, each with its `ProcedureRun`s, rows of `procedure_runs`; and `Gone`, to
//! be written as deleted with `replaced_by`.
//! `trend`, `improve`, `alternatives`, `under_way` and `about` answer from those rows.
//!
//! `Mined.finder` finds the runs of the same procedures in further sessions, and `recount` tells of a procedure what
//! runs tell, so that a large project need not be mined anew for a few sessions.
//!
//! A project with more than 8,000 elements (`discover::SAMPLE`) is learned from a sample of its sessions, chosen
//! by their ids; runs are looked for in all.

mod align;
mod background;
mod broken;
mod chance;
mod compare;
mod describe;
mod discover;
mod finder;
mod flow;
mod grow;
mod identity;
mod name;
mod parameters;
mod rates;
mod rows;
mod runs;
mod sequence;

use std::collections::BTreeSet;

use crate::steps::{Ended, Session, Step, Template, Templates};
use discover::{Pattern, patterns};
use runs::Told;
use sequence::Sequence;

pub use compare::{Better, Fit, Trend, about, alternatives, improve, outcome, trend, under_way};
pub use describe::{Need, Precondition, ProcedureStep, Repeat, StepParameter, Variant, recount};
pub use finder::Finder;
pub use flow::{From, Passed, Source};
pub use identity::{Gone, Known, common, likeness};
pub use parameters::{parameter_names, renamed};
pub use rates::{Rate, at_least, fisher, median};
pub use rows::{of_row, run_of_row};
pub use runs::{ProcedureRun, ended};

/// Of the procedures listed, the part that chance alone is expected to have made.
pub const FALSE_DISCOVERY_RATE: f64 = 0.02;

/// A procedure, as the table `procedures` has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Procedure {
    pub id: String,
    pub name: String,
    pub category: String,
    pub steps: Vec<ProcedureStep>,
    pub repeats: Vec<Repeat>,
    /// Runs, and different sessions that have one.
    pub support: usize,
    pub sessions: usize,
    pub success: Option<Rate>,
    pub median_duration_ms: Option<i64>,
    pub preconditions: Vec<Precondition>,
    pub variants: Vec<Variant>,
    /// Ids of the events that the best runs began with.
    pub examples: Vec<String>,
    /// Nats by which it explains its runs better than habits do.
    pub score: f64,
    /// How many patterns as good as this chance was expected to find in this project.
    pub by_chance: f64,
    pub runs: Vec<ProcedureRun>,
}

/// What a run of consolidation gets.
#[derive(Debug, Clone, Default)]
pub struct Mined {
    pub procedures: Vec<Procedure>,
    pub gone: Vec<Gone>,
    /// Finds the runs of the procedures, in their order, in further sessions.
    pub finder: Finder,
}

/// The procedures of a project, the best supported by evidence first, of sessions and the steps of each.
pub fn mine(
    project: &str,
    (sessions, done): (&[Session], &[Vec<Step>]),
    templates: &Templates,
    known: &[Known],
) -> Mined {
    let sequences: Vec<Sequence> =
        sessions.iter().zip(done).map(|(session, steps)| sequence_of(session, steps)).collect();
    let ids: Vec<&str> = sessions.iter().map(|session| session.id.as_str()).collect();
    let all = templates.templates.len();
    let (mut patterns, edges) = patterns(&sequences, &ids, all, FALSE_DISCOVERY_RATE);
    broken::add(&mut patterns, edges, &sequences, all);
    let told: Vec<Told> = sessions
        .iter()
        .zip(done)
        .zip(&sequences)
        .map(|((session, steps), sequence)| Told::new(session, steps, sequence))
        .collect();
    let usual = usual(done, templates.templates.len());
    let lasts = lasts(&patterns, sessions.len());
    let mut procedures: Vec<_> =
        patterns.iter().map(|pattern| procedure(pattern, &told, templates, &usual, &lasts)).collect();
    let actions: Vec<Vec<String>> = procedures
        .iter()
        .map(|procedure| procedure.steps.iter().map(|step| step.action.clone()).collect())
        .collect();
    let (ids, gone) = identity::assign(project, &actions, known);
    for (procedure, id) in procedures.iter_mut().zip(ids) {
        procedure.id = id;
    }
    Mined { procedures, gone, finder: Finder::of(&patterns, edges, &sequences, all) }
}

/// The session's actions in order.
fn sequence_of(session: &Session, steps: &[Step]) -> Sequence {
    let actions: Vec<u32> = steps.iter().map(|step| step.action as u32).collect();
    let failed: Vec<bool> = steps.iter().map(|step| step.ended == Some(Ended::Badly)).collect();
    let broke = failed.last() == Some(&true) || ended(session) == Some(Ended::Badly);
    Sequence::new(&actions, &failed, broke)
}

/// The share of sessions in which each action is done.
fn usual(done: &[Vec<Step>], actions: usize) -> Vec<f64> {
    let mut usual = vec![0.0; actions];
    for steps in done {
        for action in steps.iter().map(|step| step.action).collect::<BTreeSet<_>>() {
            usual[action] += 1.0 / done.len() as f64;
        }
    }
    usual
}

/// The last element of each session that is a step of any run.
fn lasts(patterns: &[Pattern], sessions: usize) -> Vec<usize> {
    let mut lasts = vec![0; sessions];
    for run in patterns.iter().flat_map(|pattern| &pattern.runs) {
        let last = run.matches.last().map_or(0, |(_, at)| *at);
        lasts[run.sequence] = lasts[run.sequence].max(last);
    }
    lasts
}

fn procedure(
    pattern: &Pattern,
    told: &[Told],
    templates: &Templates,
    usual: &[f64],
    lasts: &[usize],
) -> Procedure {
    let of: Vec<&Template> =
        pattern.actions.iter().map(|action| &templates.templates[*action as usize]).collect();
    let mut runs = vec![];
    let mut passed = vec![];
    for run in &pattern.runs {
        let told = &told[run.sequence];
        let is_last = run.matches.last().is_some_and(|(_, at)| *at == lasts[run.sequence]);
        runs.push(told.run(run, of.len(), is_last));
        let mut gave = vec![None; of.len()];
        for (step, at) in &run.matches {
            let done = &told.steps[told.sequence.elements[*at].first as usize];
            gave[*step] = Some(flow::Passed::of(told.session, done));
        }
        passed.push(gave);
    }
    let steps = describe::steps(&of, &passed);
    let mut procedure = Procedure {
        id: String::new(),
        name: name::name(&of),
        category: name::category(&of),
        preconditions: describe::preconditions(&runs, &steps, &templates.templates, usual),
        steps,
        repeats: vec![],
        support: 0,
        sessions: 0,
        success: None,
        median_duration_ms: None,
        variants: vec![],
        examples: vec![],
        score: pattern.score,
        by_chance: pattern.by_chance,
        runs: vec![],
    };
    recount(&mut procedure, &runs);
    Procedure { runs, ..procedure }
}

#[cfg(test)]
mod tests;
