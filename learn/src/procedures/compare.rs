//! What is asked of procedures: does one get better, what would make it better, what else reaches the same,
//! and which fits a situation.

use std::collections::{BTreeMap, BTreeSet};

use rust_stemmers::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};

use super::describe::{ProcedureStep, success};
use super::rates::{Rate, fisher};
use super::runs::ProcedureRun;
use super::{Procedure, common};
use crate::language::lexicon;
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
/// done at least two, and half of them; or only the one that runs begin with, not long ago. Those furthest along
/// first.
pub fn under_way(procedures: &[Procedure], done: &[String]) -> Vec<Fit> {
    let mut fits = vec![];
    for (number, procedure) in procedures.iter().enumerate() {
        let steps: Vec<&str> = procedure.steps.iter().map(|step| step.action.as_str()).collect();
        let recent = &done[done.len().saturating_sub(3 * steps.len())..];
        let recent: Vec<&str> = recent.iter().map(String::as_str).collect();
        let begun = |matched: &Vec<usize>| {
            let at = matched[0];
            let lately = &recent[recent.len().saturating_sub(steps.len())..];
            begins(&procedure.steps, at) && lately.contains(&steps[at])
        };
        let is_way = |matched: &Vec<usize>| matched.len() > 1 || begun(matched);
        let Some(matched) = matched(&steps, &recent).filter(is_way) else { continue };
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

/// A step that fewer runs do is one that others begin without.
const USUAL: f64 = 0.9;

/// Whether runs begin with a step: it is the first, or those before it are often left out.
fn begins(steps: &[ProcedureStep], at: usize) -> bool {
    steps[..at].iter().all(|step| step.of > 0 && step.done < USUAL)
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

/// Procedures whose words are those of a situation, whatever form they have; rare words count more.
pub fn about(procedures: &[Procedure], situation: &str) -> Vec<Fit> {
    let words_of: Vec<BTreeSet<String>> = procedures.iter().map(words).collect();
    let mut having: BTreeMap<&str, usize> = BTreeMap::new();
    words_of.iter().flatten().for_each(|stem| *having.entry(stem).or_default() += 1);
    let weight = |stems: &BTreeSet<String>| {
        let n = stems.iter().filter_map(|stem| having.get(stem.as_str())).max().copied().unwrap_or_default();
        (1.0 + (procedures.len() as f64 + 1.0) / (n as f64 + 0.5)).ln()
    };
    let asked: BTreeMap<String, BTreeSet<String>> =
        split(situation).into_iter().map(|word| (word.clone(), stems(&word))).collect();
    let all: f64 = asked.values().map(weight).sum();
    let fit = |(number, own): (usize, &BTreeSet<String>)| {
        let shared: Vec<_> = asked.iter().filter(|(_, stems)| stems.is_subset(own)).collect();
        let score = shared.iter().map(|(_, stems)| weight(stems)).sum::<f64>() / all.max(f64::MIN_POSITIVE);
        (!shared.is_empty()).then_some(Fit {
            procedure: number,
            score,
            done: vec![],
            next: Some(0),
            words: shared.into_iter().map(|(word, _)| word.clone()).collect(),
        })
    };
    best_first(words_of.iter().enumerate().filter_map(fit).collect())
}

fn best_first(mut fits: Vec<Fit>) -> Vec<Fit> {
    fits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.procedure.cmp(&b.procedure)));
    fits
}

/// The stems of its words, those that all values of a parameter have in common included.
fn words(procedure: &Procedure) -> BTreeSet<String> {
    let mut words = split(&procedure.name);
    words.extend(split(&procedure.category));
    for step in &procedure.steps {
        words.extend(split(&step.template));
        words.extend(split(&step.tool));
        step.parameters.iter().for_each(|parameter| words.extend(fixed(&parameter.examples)));
    }
    words.iter().flat_map(|word| stems(word)).collect()
}

/// Words of all of several values.
fn fixed(values: &[String]) -> BTreeSet<String> {
    let Some((first, others @ [_, ..])) = values.split_first() else { return BTreeSet::new() };
    let mut words = split(first);
    others.iter().for_each(|other| words = &words & &split(other));
    words
}

/// Words in lower case.
fn split(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1);
    words.map(str::to_lowercase).collect()
}

/// What a word comes to, a short form written out.
fn stems(word: &str) -> BTreeSet<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    let long = lexicon::long_form(word).unwrap_or(word);
    long.split(' ').map(|word| lexicon::stem(&stemmer, word)).collect()
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

    use super::super::describe::StepParameter;
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

    fn procedure(steps: &[(&str, &str, &[&str])]) -> Procedure {
        let step = |(action, template, examples): &(&str, &str, &[&str])| ProcedureStep {
            action: (*action).to_owned(),
            tool: "Bash".to_owned(),
            template: (*template).to_owned(),
            parameters: vec![StepParameter {
                name: "path".to_owned(),
                kind: crate::steps::Kind::Path,
                examples: examples.iter().map(|value| (*value).to_owned()).collect(),
                source: None,
            }],
            done: if *action == "dump" { 0.8 } else { 1.0 },
            times: 1,
            failures: 0,
            of: 9,
        };
        Procedure {
            id: String::new(),
            name: steps.iter().map(|(action, ..)| *action).collect::<Vec<_>>().join(" → "),
            category: "other".to_owned(),
            steps: steps.iter().map(step).collect(),
            repeats: vec![],
            support: 9,
            sessions: 9,
            success: None,
            median_duration_ms: None,
            preconditions: vec![],
            variants: vec![],
            examples: vec![],
            score: 0.0,
            by_chance: 0.0,
            runs: vec![],
        }
    }

    fn two() -> [Procedure; 2] {
        let migrate = procedure(&[
            ("dump", "pg_dump {path}", &["cart.dump", "auth.dump"]),
            ("revise", "alembic revision", &[]),
            ("edit", "{path}", &["migrations/0a_x.py", "migrations/f3_x.py"]),
            ("apply", "alembic upgrade {path}", &["0a", "f3"]),
        ]);
        let fix = procedure(&[
            ("branch", "git checkout -b {path}", &["fix/a", "fix/b"]),
            ("open", "gh pr create --fill", &[]),
            ("merge", "gh pr merge {path}", &["1", "2"]),
        ]);
        [migrate, fix]
    }

    #[test]
    fn words_are_found_in_whatever_form_and_in_what_values_have_in_common() {
        let best = |situation: &str| {
            let fits = about(&two(), situation);
            fits.first().map(|fit| (fit.procedure, fit.words.join(" ")))
        };
        assert_eq!(best("run a database migration"), Some((0, "migration".to_owned())));
        assert_eq!(best("open a pull request"), Some((1, "open pull request".to_owned())));
        assert_eq!(best("merging PRs").map(|(procedure, _)| procedure), Some(1));
        assert_eq!(best("write a poem about cats"), None);
        assert!(fixed(&["one value".to_owned()]).is_empty(), "one value has nothing in common with others");
    }

    #[test]
    fn a_procedure_is_under_way_after_the_step_that_begins_it() {
        let fits = |done: &[&str]| {
            let done: Vec<String> = done.iter().map(|action| (*action).to_owned()).collect();
            let fits = under_way(&two(), &done).into_iter();
            fits.map(|fit| (fit.procedure, fit.done, fit.next)).collect::<Vec<_>>()
        };
        assert_eq!(fits(&["ls", "branch"]), [(1, vec![0], Some(1))]);
        assert_eq!(fits(&["revise"]), [(0, vec![1], Some(2))], "a fifth of the runs begin with it");
        assert_eq!(fits(&["branch", "ls", "ls", "ls"]), [], "long ago");
        assert_eq!(fits(&["apply"]), [], "in the middle");
        assert_eq!(fits(&["branch", "open"]), [(1, vec![0, 1], Some(2))]);
    }

    #[test]
    fn steps_done_are_matched_as_early_as_can_be() {
        assert_eq!(matched(&["a", "b", "c", "a"], &["x", "a", "c"]), Some(vec![0, 2]));
        assert_eq!(matched(&["a", "b"], &["x"]), None);
        assert_eq!(matched(&["b", "a", "c"], &["a", "b", "c"]), Some(vec![0, 2]));
    }
}
