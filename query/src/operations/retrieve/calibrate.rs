//! How well scores tell what will be useful.

use std::collections::BTreeMap;

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::operations::{memories, rows};
use crate::rank::reliability::{self, Judged};
use crate::registry::{Call, Effect, Example, Operation, Step};

const JUDGED: &str = include_str!("../../../sql/judged.sql");

/// Judgements that are read at most, and from how many on they tell anything.
const MOST: usize = 100_000;
const ENOUGH: usize = 30;
/// Operations whose scores are probabilities.
const PROBABILITIES: [&str; 2] = ["memories.recall", "hooks.user_prompt"];

/// How well scores predict what is useful, for each operation that answers questions: the share of useful answers over
/// stretches of rising scores, from what was asked (`accesses`) and judged (`retrieve.feedback`). Null with the reason
/// where fewer than 30 answers were judged.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calibrate {}

/// By operation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Calibrated {
    items: Vec<Reliability>,
    /// Answers that were judged, over all operations.
    judged: usize,
    /// Why there is nothing to tell, where there is not.
    reason: Option<String>,
    projects: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Reliability {
    /// `TOOL.OPERATION`.
    operation: String,
    /// Answers that were judged.
    judged: usize,
    /// The share of them that was useful; null with `reason`.
    useful: Option<f64>,
    /// The probability that of a useful and a useless answer the useful one had the higher score; null with `reason`.
    discrimination: Option<f64>,
    /// The mean square of what the score was off by; null of scores that are no probabilities.
    brier: Option<f64>,
    /// By how much the share of useful answers is off the score, over the curve; null of scores that are no
    /// probabilities.
    calibration_error: Option<f64>,
    /// Stretches of rising scores; null with `reason`.
    curve: Option<Vec<Stretch>>,
    /// Why something is null that is not so by its nature.
    reason: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Stretch {
    from: f64,
    to: f64,
    /// The mean score.
    mean: f64,
    judged: usize,
    /// The share that was useful, and the bounds of its interval of 95 %.
    useful: f64,
    low: f64,
    high: f64,
}

impl Operation for Calibrate {
    const TOOL: &'static str = "retrieve";
    const NAME: &'static str = "calibrate";
    const EFFECT: Effect = Effect::Read;
    type Result = Calibrated;

    async fn call(self, call: &Call) -> Result<Calibrated, Error> {
        let (projects, scope) = call.scope().await?;
        let mut by_operation: BTreeMap<String, Vec<Judged>> = BTreeMap::new();
        let rows = rows::objects(&call.app, &scope, JUDGED, &[], MOST).await?;
        for row in &rows {
            if let Some((operation, judged)) = judgement(row) {
                by_operation.entry(operation).or_default().push(judged);
            }
        }
        let judged = by_operation.values().map(Vec::len).sum();
        let reason = (judged < ENOUGH).then(|| too_few(judged));
        let items = by_operation.into_iter().map(|(operation, judged)| reliable(operation, &judged));
        Ok(Calibrated { items: items.collect(), judged, reason, projects })
    }

    fn examples() -> Vec<Example> {
        let asked = json!({"query": "when do we deploy?"});
        let asked = Step { tool: "memories", operation: "recall", arguments: asked };
        let judged = json!({"query": "when do we deploy?", "id": memories::example_id(), "useful": true});
        let judged = Step { tool: "retrieve", operation: "feedback", arguments: judged };
        vec![Example { setup: vec![memories::set_up(), asked, judged], arguments: json!({}) }]
    }
}

fn too_few(judged: usize) -> String {
    format!("{judged} answers were judged; from {ENOUGH} on they tell something (retrieve.feedback judges)")
}

/// The operation of a row, and the score that was given.
fn judgement(row: &Map<String, Value>) -> Option<(String, Judged)> {
    let scores: Vec<f64> = serde_json::from_str(row.get("scores")?.as_str()?).ok()?;
    // Places in SQL count from 1.
    let place = usize::try_from(row.get("place")?.as_u64()?.checked_sub(1)?).ok()?;
    let judged = Judged { score: *scores.get(place)?, useful: row.get("useful")?.as_bool()? };
    Some((row.get("operation")?.as_str()?.to_owned(), judged))
}

fn reliable(operation: String, judged: &[Judged]) -> Reliability {
    let good = judged.iter().filter(|one| one.useful).count();
    let enough = judged.len() >= ENOUGH;
    let curve = enough.then(|| reliability::curve(judged));
    let probabilities = enough && PROBABILITIES.contains(&operation.as_str());
    let discrimination = reliability::discrimination(judged).filter(|_| enough);
    let alike = "all of them were useful, or none: nothing is told apart";
    let reason = match (enough, discrimination) {
        (false, _) => Some(too_few(judged.len())),
        (true, None) => Some(alike.to_owned()),
        (true, Some(_)) => None,
    };
    let told = |one: &reliability::Stretch| Stretch {
        from: one.from,
        to: one.to,
        mean: one.mean,
        judged: one.judged,
        useful: one.useful[0],
        low: one.useful[1],
        high: one.useful[2],
    };
    Reliability {
        operation,
        judged: judged.len(),
        useful: enough.then(|| good as f64 / judged.len() as f64),
        discrimination,
        brier: probabilities.then(|| reliability::brier(judged)),
        calibration_error: curve.as_deref().filter(|_| probabilities).map(reliability::error),
        curve: curve.map(|curve| curve.iter().map(told).collect()),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_at_the_place_was_given() {
        let row = json!({"operation": "memories.recall", "scores": "[0.9,0.5]", "place": 2, "useful": true});
        let (operation, judged) = judgement(row.as_object().unwrap()).unwrap();
        assert_eq!((operation.as_str(), judged), ("memories.recall", Judged { score: 0.5, useful: true }));
        let row = json!({"operation": "memories.recall", "scores": "[0.9]", "place": 2, "useful": true});
        assert_eq!(judgement(row.as_object().unwrap()), None);
    }

    #[test]
    fn little_tells_nothing() {
        let judged = vec![Judged { score: 0.5, useful: true }; ENOUGH - 1];
        let told = reliable("memories.recall".into(), &judged);
        assert!(
            told.curve.is_none() && told.brier.is_none() && told.reason.unwrap().starts_with("29 answers")
        );
        let mut judged = judged;
        judged.push(Judged { score: 0.1, useful: false });
        let told = reliable("memories.recall".into(), &judged);
        assert_eq!((told.discrimination, told.reason), (Some(1.0), None));
        assert!(told.curve.is_some() && told.brier.is_some());
        assert!(reliable("retrieve.search".into(), &judged).brier.is_none());
    }
}
