//! What a procedure or a rule has saved, and cost.

use athena_ingest::records::id_of;
use athena_ingest::watches::RULE;
use athena_learn::estimate::median;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::operations::procedures::known::{Known, Procedures};
use crate::operations::procedures::{example_id, set_up};
use crate::operations::records::one_project;
use crate::operations::rows::objects;
use crate::operations::watches::one;
use crate::registry::{Call, Effect, Example, Operation, Step};

const LEARNED: &str = include_str!("../../../sql/roi_learned.sql");
const RUNS: &str = include_str!("../../../sql/roi_runs.sql");
const FIRINGS: &str = include_str!("../../../sql/roi_firings.sql");

/// Runs that are looked at, those that are the beginning where nothing else is, and from how many a median is one.
const MOST: usize = 10_000;
const BEGINNING: usize = 5;
const LEAST: usize = 5;

/// What a procedure has saved against what it has cost: its runs from before it was learned beside those since (where there
/// are fewer than five of either, its first five runs beside the others), and the time of runs that failed. Of a rule how
/// often it ran, how long its runs took, and how many went wrong; what they saved is null, as the
/// log does not tell of what would have been done by hand instead.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Roi {
    /// Id or name of a procedure. Either this or `automation`.
    procedure: Option<String>,
    /// Id of a rule.
    automation: Option<String>,
}

/// What was saved, and what it cost.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Returns {
    /// How often it was done, and how often that failed.
    runs: usize,
    failed: usize,
    /// When it was learned, of a procedure.
    learned_at: Option<Time>,
    /// What `first_ms` is of: `before_learned`, or `first_runs`, the first five; null where it is null.
    compared_with: Option<&'static str>,
    /// Median of the runs before that did not fail, and of those since; of a rule `since_ms` is that of all its runs, from
    /// the event in the log to the end.
    first_ms: Option<i64>,
    since_ms: Option<i64>,
    /// The difference, over all runs since; below zero where they take longer.
    saved_ms: Option<i64>,
    /// What runs that failed took.
    cost_ms: Option<i64>,
    /// Saved over cost; null where nothing was saved or failed.
    ratio: Option<f64>,
    /// Why something is null.
    reason: Option<String>,
    project: String,
}

impl Operation for Roi {
    const TOOL: &'static str = "estimation";
    const NAME: &'static str = "roi";
    const EFFECT: Effect = Effect::Read;
    type Result = Returns;

    async fn call(self, call: &Call) -> Result<Returns, Error> {
        let (project, scope) = one_project(call).await?;
        match (&self.procedure, &self.automation) {
            (Some(procedure), None) => {
                let procedures = Procedures::read(call).await?;
                let known = procedures.find("procedure", procedure).map(Known::id);
                let procedure = *known.as_ref().unwrap_or(&procedure.as_str());
                let rows = objects(&call.app, &scope, RUNS, &[json!(procedure), json!(MOST)], MOST).await?;
                // Runs of one that is replaced stay.
                if rows.is_empty() {
                    known?;
                }
                let learned = objects(&call.app, &scope, LEARNED, &[json!(procedure)], 1).await?;
                let learned_at = learned.first().and_then(|row| time(row, "learned_at"));
                Ok(returns(&rows.iter().filter_map(run).collect::<Vec<_>>(), learned_at, project))
            }
            (None, Some(rule)) => {
                let there = one(call, (&project, &scope), RULE, rule).await;
                there.map_err(|error| Error { field: Some("automation".into()), ..error })?;
                let named = json!({"id": rule}).to_string();
                let given = [
                    // As it stands at the beginning of the answer.
                    json!(named.trim_end_matches('}')),
                    json!("athena.automation.fired"),
                    json!("athena.automation.run"),
                    json!("athena.automation.ended"),
                ];
                let rows = objects(&call.app, &scope, FIRINGS, &given, MOST).await?;
                let ends: Vec<(i64, bool)> = rows.iter().filter_map(ended).collect();
                Ok(of_a_rule(rows.len(), &ends, project))
            }
            _ => Err(Error::invalid("procedure", "give either a procedure or an automation")),
        }
    }

    fn examples() -> Vec<Example> {
        let rule = json!({"name": "deployments come to mind", "event_id": "example-roi-rule", "when": {"type": "deployment"},
                          "then": [{"call": "attention.focus", "arguments": {"text": "somebody deploys"}}]});
        let rule = Step { tool: "automation", operation: "create", arguments: rule };
        vec![
            Example { setup: vec![set_up()], arguments: json!({"procedure": example_id()}) },
            Example { setup: vec![rule], arguments: json!({"automation": id_of(RULE, "example-roi-rule")}) },
        ]
    }
}

fn empty(project: String) -> Returns {
    Returns {
        runs: 0,
        failed: 0,
        learned_at: None,
        compared_with: None,
        first_ms: None,
        since_ms: None,
        saved_ms: None,
        cost_ms: None,
        ratio: None,
        reason: None,
        project,
    }
}

fn time(row: &Map<String, Value>, name: &str) -> Option<Time> {
    Time::parse(row.get(name)?.as_str()?)
}

/// A run of a procedure.
#[derive(Debug, Clone, Copy)]
struct Ran {
    at: Time,
    took_ms: i64,
    failed: bool,
}

fn run(row: &Map<String, Value>) -> Option<Ran> {
    let failed = row.get("outcome").and_then(Value::as_str) == Some("failure");
    Some(Ran {
        at: time(row, "started_at")?,
        took_ms: row.get("duration_ms").and_then(Value::as_i64)?,
        failed,
    })
}

/// How long a run of a rule took, and whether it went wrong; none of one whose end is not known.
fn ended(row: &Map<String, Value>) -> Option<(i64, bool)> {
    let took = (time(row, "ended_at")?.micros() - time(row, "began_at")?.micros()) / 1_000;
    let told: Value = serde_json::from_str(row.get("attributes")?.as_str()?).ok()?;
    Some((took, told["arguments"]["outcome"] != "done"))
}

/// What is known of a rule: what its runs took. That somebody would have done the same, and in what time, is nowhere told.
fn of_a_rule(runs: usize, ends: &[(i64, bool)], project: String) -> Returns {
    let took: Vec<f64> = ends.iter().map(|(took, _)| *took as f64).collect();
    let few = took.len() < LEAST;
    let wrong = ends.iter().filter(|(_, failed)| *failed);
    let mut why = vec!["first_ms, saved_ms, ratio: nothing tells how long the same takes by hand".to_owned()];
    if few {
        why.push(format!("since_ms: the ends of {} runs are known; {LEAST} are needed", took.len()));
    }
    Returns {
        runs,
        failed: wrong.clone().count(),
        since_ms: median(took).filter(|_| !few).map(|ms| ms as i64),
        cost_ms: (!ends.is_empty()).then(|| wrong.map(|(took, _)| took).sum()),
        reason: Some(why.join("; ")),
        ..empty(project)
    }
}

/// Of the runs of a procedure, the oldest first, and of when it was learned.
fn returns(runs: &[Ran], learned_at: Option<Time>, project: String) -> Returns {
    let took = |runs: &[Ran]| runs.iter().map(|run| run.took_ms as f64).collect::<Vec<_>>();
    let (failed, well): (Vec<Ran>, Vec<Ran>) = runs.iter().copied().partition(|run: &Ran| run.failed);
    let cost: i64 = failed.iter().map(|run| run.took_ms).sum();
    let told = Returns {
        runs: runs.len(),
        failed: failed.len(),
        learned_at,
        cost_ms: (!runs.is_empty()).then_some(cost),
        ..empty(project)
    };
    if well.len() < BEGINNING + LEAST {
        let reason = format!("{} runs did not fail; {} are needed", well.len(), BEGINNING + LEAST);
        return Returns { reason: Some(reason), ..told };
    }
    let before = learned_at.map_or(0, |learned| well.partition_point(|run| run.at < learned));
    let (compared_with, before) = match before >= BEGINNING && well.len() - before >= LEAST {
        true => ("before_learned", before),
        false => ("first_runs", BEGINNING),
    };
    let (first, since) = (median(took(&well[..before])), median(took(&well[before..])));
    let saved = first.zip(since).map(|(first, since)| (first - since) * (well.len() - before) as f64);
    let ratio = saved.filter(|saved| *saved > 0.0 && cost > 0).map(|saved| saved / cost as f64);
    Returns {
        compared_with: Some(compared_with),
        first_ms: first.map(|ms| ms as i64),
        since_ms: since.map(|ms| ms as i64),
        saved_ms: saved.map(|ms| ms as i64),
        reason: ratio.is_none().then(|| "ratio: nothing was saved, or nothing failed".into()),
        ratio,
        ..told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs that took so long, one a second.
    fn ran(of: &[(usize, i64, bool)]) -> Vec<Ran> {
        let each = of.iter().flat_map(|(count, took_ms, failed)| vec![(*took_ms, *failed); *count]);
        let run =
            |(at, (took_ms, failed))| Ran { at: Time::from_micros(at as i64 * 1_000_000), took_ms, failed };
        each.enumerate().map(run).collect()
    }

    #[test]
    fn what_became_faster_has_saved_time() {
        let runs = ran(&[(5, 100, false), (1, 50, true), (10, 60, false)]);
        let told = returns(&runs, None, "p".into());
        assert_eq!((told.saved_ms, told.cost_ms, told.ratio), (Some(400), Some(50), Some(8.0)));
        assert_eq!(told.compared_with, Some("first_runs"));
        let few = returns(&runs[..6], None, "p".into());
        assert!(few.saved_ms.is_none() && few.reason.is_some() && few.cost_ms == Some(50));
        assert_eq!((few.first_ms, few.compared_with), (None, None));
    }

    /// A first run that was slow is no measure of the time before, where enough was done before.
    #[test]
    fn it_is_compared_with_the_time_before_it_was_learned() {
        let runs = ran(&[(5, 100, false), (7, 80, false), (6, 60, false)]);
        let at = |second: i64| Some(Time::from_micros(second * 1_000_000));
        let told = returns(&runs, at(12), "p".into());
        assert_eq!(
            (told.compared_with, told.first_ms, told.since_ms),
            (Some("before_learned"), Some(80), Some(60))
        );
        assert_eq!((told.saved_ms, told.ratio), (Some(120), None), "nothing failed");
        // Too few of either: learned from all of it at once, or after nearly nothing.
        for learned in [at(18), at(14), at(2)] {
            assert_eq!(returns(&runs, learned, "p".into()).compared_with, Some("first_runs"));
        }
    }

    #[test]
    fn a_rule_tells_what_its_runs_took() {
        let ends = [(10, false), (20, false), (30, true), (40, false), (50, false)];
        let told = of_a_rule(6, &ends, "p".into());
        assert_eq!((told.runs, told.failed, told.since_ms, told.cost_ms), (6, 1, Some(30), Some(30)));
        assert!(told.saved_ms.is_none() && told.reason.is_some());
        let few = of_a_rule(2, &ends[..1], "p".into());
        assert!(few.since_ms.is_none() && few.reason.unwrap().contains("5 are needed"));
    }
}
