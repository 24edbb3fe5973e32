//! How good a procedure is, what would make it better, and what else reaches the same.

use athena_learn::procedures::{
    Procedure, Rate, Trend, Variant, alternatives, fisher, improve, median, trend,
};
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::known::{Procedures, Step, SuccessRate};
use super::{example_id, set_up};
use crate::registry::{Call, Effect, Example, Operation};

/// Things that would make it better, and alternatives, at most.
const SHOWN: usize = 20;

/// How good a procedure is: how often it succeeds, how long it takes, whether it gets better, and where it fails.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Effectiveness {
    /// Id or name.
    procedure: String,
}

/// How good it is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Effective {
    procedure: String,
    name: String,
    /// Times that it was done, told ones included.
    runs: usize,
    success_rate: SuccessRate,
    median_duration_ms: Option<i64>,
    /// Of ten runs nine took at most so long; null under ten.
    p90_duration_ms: Option<i64>,
    /// Earlier against later runs; null with fewer than five on each side.
    trend: Option<Trend>,
    /// Why something is null.
    reason: Option<&'static str>,
    /// Steps at which runs failed, those with most failures first.
    fails_at: Vec<Step>,
    project: String,
}

impl Operation for Effectiveness {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "effectiveness";
    const EFFECT: Effect = Effect::Read;
    type Result = Effective;

    async fn call(self, call: &Call) -> Result<Effective, Error> {
        let procedures = Procedures::read(call).await?;
        let known = procedures.find("procedure", &self.procedure)?;
        let runs = procedures.runs(&call.app, known).await?;
        let mut took: Vec<i64> = runs.all.iter().map(|run| run.duration_ms).filter(|ms| *ms > 0).collect();
        took.sort_unstable();
        let mut fails_at = known.steps();
        fails_at.retain(|step| step.failures > 0);
        fails_at.sort_by_key(|step| std::cmp::Reverse(step.failures));
        let trend = trend(&runs.all);
        Ok(Effective {
            procedure: known.id().to_owned(),
            name: known.procedure.name.clone(),
            runs: runs.all.len(),
            success_rate: runs.success().into(),
            p90_duration_ms: (took.len() >= 10).then(|| took[took.len() * 9 / 10]),
            median_duration_ms: median(took),
            reason: match (runs.all.is_empty(), &trend) {
                (true, _) => Some("it was not done yet, as far as is known"),
                (false, None) => Some("trend: fewer than five runs on a side are known to have ended"),
                (false, Some(_)) => None,
            },
            trend,
            fails_at,
            project: procedures.project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({"procedure": example_id()}) }]
    }
}

/// What would make a procedure better: steps, and actions around it, that are over-represented in its successful
/// runs beyond chance (Fisher's exact test, p below .05 after correction); or nothing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Improve {
    /// Id or name.
    procedure: String,
}

/// What would make it better, the surest first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Improved {
    items: Vec<Better>,
    /// Why there is nothing.
    reason: Option<&'static str>,
    procedure: String,
    project: String,
}

/// Runs with it succeeded oftener than those without.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Better {
    /// Number of the step, from 0, that should not be left out; null of an action that is no step yet.
    step: Option<usize>,
    action: String,
    with: Rate,
    without: Rate,
    /// The odds of such a difference by chance, times the number of things tried.
    p: f64,
}

impl Operation for Improve {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "improve";
    const EFFECT: Effect = Effect::Read;
    type Result = Improved;

    async fn call(self, call: &Call) -> Result<Improved, Error> {
        let procedures = Procedures::read(call).await?;
        let known = procedures.find("procedure", &self.procedure)?;
        let runs = procedures.runs(&call.app, known).await?;
        let seen = runs.seen();
        let named = |better: &athena_learn::procedures::Better| match (better.step, better.action) {
            (Some(step), _) => known.procedure.steps.get(step).map(|step| step.action.clone()),
            (None, Some(action)) => runs.actions.get(action).cloned(),
            (None, None) => None,
        };
        let items = improve(&seen).into_iter().filter_map(|better| {
            let action = named(&better)?;
            Some(Better {
                step: better.step,
                action,
                with: better.with,
                without: better.without,
                p: better.p,
            })
        });
        let items: Vec<Better> = items.take(SHOWN).collect();
        let reason = match (items.is_empty(), seen.is_empty()) {
            (false, _) => None,
            (true, true) => Some("no run of it was seen step by step"),
            (true, false) => Some("nothing sets its successful runs apart beyond chance"),
        };
        Ok(Improved { items, reason, procedure: known.id().to_owned(), project: procedures.project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({"procedure": example_id()}) }]
    }
}

/// Other ways to the same: which steps of it runs did, and procedures that end alike or share half of their steps,
/// compared by success and time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variants {
    /// Id or name.
    procedure: String,
}

/// Other ways, the most alike first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Ways {
    items: Vec<Way>,
    /// Which of its own steps runs did, the most usual first.
    own: Vec<Variant>,
    success_rate: SuccessRate,
    median_duration_ms: Option<i64>,
    procedure: String,
    /// Why there is nothing.
    reason: Option<&'static str>,
    project: String,
}

/// Another procedure for the same aim.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Way {
    id: String,
    name: String,
    /// Share of the shorter one's steps that both do, in the same order.
    shared: f64,
    support: usize,
    success_rate: SuccessRate,
    median_duration_ms: Option<i64>,
    /// The odds of such a difference in success by chance (Fisher); null where one's success is not known.
    p: Option<f64>,
}

impl Operation for Variants {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "variants";
    const EFFECT: Effect = Effect::Read;
    type Result = Ways;

    async fn call(self, call: &Call) -> Result<Ways, Error> {
        let procedures = Procedures::read(call).await?;
        let known = procedures.find("procedure", &self.procedure)?.clone();
        let mut plain: Vec<Procedure> = procedures.active().iter().map(|one| one.procedure.clone()).collect();
        // A retired one is compared with those that took its place.
        let at = plain.iter().position(|one| one.id == known.id()).unwrap_or_else(|| {
            plain.push(known.procedure.clone());
            plain.len() - 1
        });
        let mine = known.procedure.success;
        let way = |(other, shared): (usize, f64)| {
            let other = &plain[other];
            let both = mine.zip(other.success);
            Way {
                id: other.id.clone(),
                name: other.name.clone(),
                shared,
                support: other.support,
                success_rate: other.success.into(),
                median_duration_ms: other.median_duration_ms,
                p: both.map(|(a, b)| fisher((a.successes, a.of), (b.successes, b.of))),
            }
        };
        let items: Vec<Way> = alternatives(&plain, at).into_iter().take(SHOWN).map(way).collect();
        let own = known.procedure.variants.clone();
        let reason = (items.is_empty() && own.is_empty()).then_some("no other way to the same is known");
        Ok(Ways {
            items,
            own,
            success_rate: mine.into(),
            median_duration_ms: known.procedure.median_duration_ms,
            procedure: known.id().to_owned(),
            reason,
            project: procedures.project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({"procedure": example_id()}) }]
    }
}
