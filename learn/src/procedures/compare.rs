//! What is asked of procedures: does one get better, what would make it better, what else reaches the same,
//! and which fits a situation.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::describe::success;
use super::rates::{Rate, fisher};
use super::runs::ProcedureRun;
use super::{Procedure, common};
use crate::steps::Ended;

/// Runs on each side of a comparison.
const SIDE: usize = 5;
/// Odds, after correction for how many were tried, of a difference by chance.
const CHANCE: f64 = 0.05;

/// Success of the earlier and the later half of the runs; `p` says how likely such a difference is by chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Trend {
    pub earlier: Rate,
    pub later: Rate,
    pub p: f64,
}

/// `None` with too few runs that are known to have ended.
pub fn trend(runs: &[ProcedureRun]) -> Option<Trend> {
    let mut known: Vec<_> = runs.iter().filter(|run| run.ended.is_some()).collect();
    known.sort_by_key(|run| (run.started_at, run.session.clone()));
    let (earlier, later) = known.split_at(known.len() / 2);
    if earlier.len() < SIDE {
        return None;
    }
    let (earlier, later) = (success(earlier.iter().copied())?, success(later.iter().copied())?);
    let p = fisher((earlier.successes, earlier.of), (later.successes, later.of));
    Some(Trend { earlier, later, p })
}

/// Something that runs with it succeeded more often than those without.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Better {
    /// Number of the step of the procedure, or of the template of an action that is no step of it.
    pub step: Option<usize>,
    pub action: Option<usize>,
    pub with: Rate,
    pub without: Rate,
    /// Fisher's exact test, times the number of things tried.
    pub p: f64,
}

/// Steps over-represented in successful runs. What comes after the place where a run failed cannot have helped
/// it: a step is compared among runs that came to a later one, an action in between among those that came to
/// the end.
pub fn improve(runs: &[ProcedureRun]) -> Vec<Better> {
    let known: Vec<_> = runs.iter().filter(|run| run.ended.is_some()).collect();
    let last = |run: &ProcedureRun| run.events.iter().rposition(Option::is_some).unwrap_or(0);
    let steps = runs.first().map_or(0, |run| run.events.len());
    let mut tried = vec![];
    for step in 0..steps.saturating_sub(1) {
        let came: Vec<_> = known.iter().copied().filter(|run| last(run) > step).collect();
        tried
            .extend(compared(&came, |run| run.events[step].is_some()).map(|sides| (Some(step), None, sides)));
    }
    let whole: Vec<_> = known.iter().copied().filter(|run| last(run) + 1 == steps).collect();
    let around = |run: &ProcedureRun| run.also.iter().chain(&run.before).copied().collect::<BTreeSet<_>>();
    let actions: BTreeSet<usize> = whole.iter().flat_map(|run| around(run)).collect();
    for action in actions {
        let has = |run: &ProcedureRun| run.also.contains(&action) || run.before.contains(&action);
        tried.extend(compared(&whole, has).map(|sides| (None, Some(action), sides)));
    }
    let times = tried.len() as f64;
    let mut better: Vec<_> = tried
        .into_iter()
        .map(|(step, action, (with, without))| {
            let p = fisher((with.successes, with.of), (without.successes, without.of));
            Better { step, action, with, without, p: (p * times).min(1.0) }
        })
        .filter(|better| better.p < CHANCE && better.with.value > better.without.value)
        .collect();
    better.sort_by(|a, b| a.p.total_cmp(&b.p).then_with(|| (a.step, a.action).cmp(&(b.step, b.action))));
    better
}

fn compared(runs: &[&ProcedureRun], has: impl Fn(&ProcedureRun) -> bool) -> Option<(Rate, Rate)> {
    let (with, without): (Vec<&ProcedureRun>, Vec<&ProcedureRun>) = runs.iter().partition(|run| has(run));
    if with.len() < SIDE || without.len() < SIDE {
        return None;
    }
    Some((success(with.into_iter())?, success(without.into_iter())?))
}

/// Other procedures for the same aim: they end with the same step, or share half of their steps. The most alike
/// first, by number.
pub fn alternatives(procedures: &[Procedure], of: usize) -> Vec<(usize, f64)> {
    let actions =
        |at: usize| procedures[at].steps.iter().map(|step| step.action.as_str()).collect::<Vec<_>>();
    let mine = actions(of);
    let mut found: Vec<(usize, f64)> = (0..procedures.len())
        .filter(|at| *at != of)
        .filter_map(|at| {
            let theirs = actions(at);
            let shared = common(&mine, &theirs) as f64 / mine.len().min(theirs.len()).max(1) as f64;
            (mine.last() == theirs.last() || shared >= 0.5).then_some((at, shared))
        })
        .collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found
}

/// How a procedure fits, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// Number of the procedure.
    pub procedure: usize,
    /// From 0 to 1.
    pub score: f64,
    /// Steps that the session did already, and the one that comes next.
    pub done: Vec<usize>,
    pub next: Option<usize>,
    /// Words of the situation that it has.
    pub words: Vec<String>,
}

/// Procedures under way in a session that did these actions, by stable token: of the steps up to the last one
/// done at least two, and half of them. Those furthest along first.
pub fn under_way(procedures: &[Procedure], done: &[String]) -> Vec<Fit> {
    let mut fits = vec![];
    for (number, procedure) in procedures.iter().enumerate() {
        let steps: Vec<&str> = procedure.steps.iter().map(|step| step.action.as_str()).collect();
        let recent = &done[done.len().saturating_sub(3 * steps.len())..];
        let recent: Vec<&str> = recent.iter().map(String::as_str).collect();
        let Some(matched) = matched(&steps, &recent).filter(|matched| matched.len() > 1) else { continue };
        let upto = matched[matched.len() - 1] + 1;
        let share = matched.len() as f64 / upto as f64;
        if share >= 0.5 {
            let score = share * matched.len() as f64 / steps.len() as f64;
            let next = (upto < steps.len()).then_some(upto);
            fits.push(Fit { procedure: number, score, done: matched, next, words: vec![] });
        }
    }
    best_first(fits)
}

/// Steps that a sequence does, in order: the longest common subsequence, its last step as early as can be.
fn matched(steps: &[&str], done: &[&str]) -> Option<Vec<usize>> {
    let best = common(steps, done);
    let upto = (1..=steps.len()).find(|upto| common(&steps[..*upto], done) == best)?;
    let mut left = done;
    let mut matched = vec![];
    for at in 0..upto {
        // Taking this step must leave room for the rest of the longest one.
        let Some(place) = left.iter().position(|action| *action == steps[at]) else { continue };
        if matched.len() + 1 + common(&steps[at + 1..upto], &left[place + 1..]) == best {
            matched.push(at);
            left = &left[place + 1..];
        }
    }
    (best > 0).then_some(matched)
}

/// Procedures whose words are those of a situation; rare words count more.
pub fn about(procedures: &[Procedure], situation: &str) -> Vec<Fit> {
    let words_of: Vec<BTreeSet<String>> = procedures.iter().map(words).collect();
    let mut having: BTreeMap<&str, usize> = BTreeMap::new();
    words_of.iter().flatten().for_each(|word| *having.entry(word).or_default() += 1);
    let weight = |word: &str| {
        let n = having.get(word).copied().unwrap_or_default() as f64;
        (1.0 + (procedures.len() as f64 + 1.0) / (n + 0.5)).ln()
    };
    let asked = split(situation);
    let all: f64 = asked.iter().map(|word| weight(word)).sum();
    let fit = |(number, own): (usize, &BTreeSet<String>)| {
        let shared: Vec<String> = asked.intersection(own).cloned().collect();
        let score = shared.iter().map(|word| weight(word)).sum::<f64>() / all.max(f64::MIN_POSITIVE);
        (!shared.is_empty()).then_some(Fit {
            procedure: number,
            score,
            done: vec![],
            next: Some(0),
            words: shared,
        })
    };
    best_first(words_of.iter().enumerate().filter_map(fit).collect())
}

fn best_first(mut fits: Vec<Fit>) -> Vec<Fit> {
    fits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.procedure.cmp(&b.procedure)));
    fits
}

fn words(procedure: &Procedure) -> BTreeSet<String> {
    let mut words = split(&procedure.name);
    words.extend(split(&procedure.category));
    for step in &procedure.steps {
        words.extend(split(&step.template));
        words.extend(split(&step.tool));
    }
    words
}

/// Words in lower case, plural or not.
fn split(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1);
    words
        .map(|word| word.to_lowercase())
        .map(|word| word.strip_suffix('s').map(str::to_owned).unwrap_or(word))
        .collect()
}

/// Of a run's outcome as the tables have it.
pub const fn outcome(ended: Option<Ended>) -> &'static str {
    match ended {
        Some(Ended::Well) => "success",
        Some(Ended::Badly) => "failure",
        None => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use athena_schemas::Time;

    use super::*;

    fn run(at: i64, done: &[bool], also: &[usize], ended: Ended) -> ProcedureRun {
        ProcedureRun {
            session: format!("s{at}"),
            events: done.iter().map(|done| done.then(|| "e".to_owned())).collect(),
            started_at: Time::from_micros(at),
            ended_at: Time::from_micros(at + 1),
            duration_ms: 0,
            ended: Some(ended),
            failed_at: None,
            times: vec![1; done.len()],
            also: also.to_vec(),
            before: vec![],
        }
    }

    #[test]
    fn what_successful_runs_did_is_told_and_what_came_after_a_failure_is_not() {
        let mut runs = vec![];
        for at in 0..20 {
            // Step 1 helps; steps 2 and 3 are missing only where the run had failed already; action 7 is everywhere.
            let whole = at % 2 == 0;
            runs.push(run(at, &[true, true, true, true], &[7], Ended::Well));
            runs.push(run(100 + at, &[true, false, whole, whole], &[7], Ended::Badly));
        }
        let better = improve(&runs);
        assert_eq!(better.iter().map(|better| better.step).collect::<Vec<_>>(), [Some(1)]);
        assert!(better[0].p < 1e-3 && better[0].with.value == 1.0);
        let even: Vec<_> = (0..40)
            .map(|at| {
                run(at, &[true, at % 2 == 0, true], &[], if at % 4 < 2 { Ended::Well } else { Ended::Badly })
            })
            .collect();
        assert!(improve(&even).is_empty());
        assert!(improve(&runs[..4]).is_empty() && improve(&[]).is_empty());
    }

    #[test]
    fn a_trend_needs_runs_on_both_sides() {
        let ended = |at: i64| if at < 10 { Ended::Badly } else { Ended::Well };
        let runs: Vec<_> = (0..20).map(|at| run(at, &[true], &[], ended(at))).collect();
        let trend = trend(&runs).unwrap();
        assert!(trend.earlier.value == 0.0 && trend.later.value == 1.0 && trend.p < 0.001);
        assert_eq!(super::trend(&runs[..9]), None);
    }

    #[test]
    fn steps_done_are_matched_as_early_as_can_be() {
        assert_eq!(matched(&["a", "b", "c", "a"], &["x", "a", "c"]), Some(vec![0, 2]));
        assert_eq!(matched(&["a", "b"], &["x"]), None);
        assert_eq!(matched(&["b", "a", "c"], &["a", "b", "c"]), Some(vec![0, 2]));
    }
}
