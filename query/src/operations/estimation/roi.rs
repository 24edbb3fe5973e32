//! What a procedure has saved.

use athena_learn::estimate::median;
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde_json::{Value, json};

use crate::operations::records::one_project;
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation};

const RUNS: &str = include_str!("../../../sql/roi_runs.sql");
const FIRINGS: &str = include_str!("../../../sql/firings.sql");

/// Runs that are looked at, those that are the beginning, and from how many a median is one.
const MOST: usize = 10_000;
const BEGINNING: usize = 5;
const LEAST: usize = 5;

/// What a procedure has saved against what it has cost: its first five runs beside those since, and the time of runs that
/// failed. Of an automation how often it acted; what that saved is known only where people did the same by hand.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Roi {
    /// Id of a procedure. Either this or `automation`.
    procedure: Option<String>,
    /// Id of a rule.
    automation: Option<String>,
}

/// What was saved, and what it cost.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Returns {
    /// How often it was done.
    runs: usize,
    /// Median of the first five runs that did not fail, and of those since.
    first_ms: Option<i64>,
    since_ms: Option<i64>,
    /// The difference, over all runs since.
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
                let rows = objects(&call.app, &scope, RUNS, &[json!(procedure), json!(MOST)], MOST).await?;
                let run = |row: &serde_json::Map<String, Value>| {
                    let failed = row.get("outcome").and_then(Value::as_str) == Some("failure");
                    Some((row.get("duration_ms").and_then(Value::as_i64)?, failed))
                };
                Ok(returns(&rows.iter().filter_map(run).collect::<Vec<_>>(), project))
            }
            (None, Some(rule)) => {
                let given = [
                    json!("athena.automation.fired"),
                    json!("athena.automation.run"),
                    json!(rule),
                    json!(i64::MAX),
                ];
                let rows = objects(&call.app, &scope, FIRINGS, &given, MOST).await?;
                let reason = "saved, cost: the log does not tell how long the same takes by hand";
                Ok(Returns { runs: rows.len(), reason: Some(reason.into()), ..empty(project) })
            }
            _ => Err(Error::invalid("procedure", "give either a procedure or an automation")),
        }
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: json!({"procedure": "p-none"}) }]
    }
}

fn empty(project: String) -> Returns {
    Returns {
        runs: 0,
        first_ms: None,
        since_ms: None,
        saved_ms: None,
        cost_ms: None,
        ratio: None,
        reason: None,
        project,
    }
}

/// Of how long each run took and whether it failed, the oldest first.
fn returns(runs: &[(i64, bool)], project: String) -> Returns {
    let well: Vec<f64> = runs.iter().filter(|(_, failed)| !failed).map(|(took, _)| *took as f64).collect();
    let cost: i64 = runs.iter().filter(|(_, failed)| *failed).map(|(took, _)| *took).sum();
    if well.len() < BEGINNING + LEAST {
        let reason = format!("{} runs did not fail; {} are needed", well.len(), BEGINNING + LEAST);
        let cost_ms = (!runs.is_empty()).then_some(cost);
        return Returns { runs: runs.len(), cost_ms, reason: Some(reason), ..empty(project) };
    }
    let (first, since) = (median(well[..BEGINNING].to_vec()), median(well[BEGINNING..].to_vec()));
    let saved = first.zip(since).map(|(first, since)| (first - since) * (well.len() - BEGINNING) as f64);
    let ratio = saved.filter(|saved| *saved > 0.0 && cost > 0).map(|saved| saved / cost as f64);
    Returns {
        runs: runs.len(),
        first_ms: first.map(|ms| ms as i64),
        since_ms: since.map(|ms| ms as i64),
        saved_ms: saved.map(|ms| ms as i64),
        cost_ms: Some(cost),
        reason: ratio.is_none().then(|| "ratio: nothing was saved, or nothing failed".into()),
        ratio,
        project,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_faster_has_saved_time() {
        let mut runs: Vec<(i64, bool)> = vec![(100, false); 5];
        runs.push((50, true));
        runs.extend([(60, false); 10]);
        let told = returns(&runs, "p".into());
        assert_eq!((told.saved_ms, told.cost_ms, told.ratio), (Some(400), Some(50), Some(8.0)));
        let few = returns(&runs[..6], "p".into());
        assert!(few.saved_ms.is_none() && few.reason.is_some() && few.cost_ms == Some(50));
    }
}
