//! What a task will cost.

use std::collections::HashMap;
use std::sync::Arc;

use athena_learn::estimate::{Durations, Finished, LEAST};
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::all_finished;
use super::duration::what;
use super::prices::price;
use super::used::used;
use super::work::{Similar, Work, finished, learned_from, shown};
use crate::operations::planning;
use crate::operations::records::one_project;
use crate::operations::tasks::example_id;
use crate::registry::{Call, Effect, Example, Operation};

/// Similar work that is shown.
const SHOWN: usize = 10;

/// What a task or a plan will cost, from what similar finished work used: tokens, time, and money by the price list of
/// the configuration (`estimation.prices`).
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cost {
    /// Id of a task. Either this or `plan`.
    task: Option<String>,
    /// Id of a plan.
    plan: Option<String>,
}

/// What it will cost. Numbers are those that half of such work did not exceed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Costs {
    tokens_input: Option<i64>,
    tokens_output: Option<i64>,
    /// Tokens that nine tenths did not exceed.
    tokens_p90: Option<i64>,
    duration_ms: Option<i64>,
    duration_p90_ms: Option<i64>,
    /// In the price list's own currency.
    money: Option<f64>,
    /// The model that similar work used most.
    model: Option<String>,
    /// Why something is null.
    reasons: Vec<String>,
    /// The nearest work that told its tokens.
    items: Vec<Similar>,
    project: String,
}

impl Operation for Cost {
    const TOOL: &'static str = "estimation";
    const NAME: &'static str = "cost";
    const EFFECT: Effect = Effect::Read;
    type Result = Costs;

    async fn call(self, call: &Call) -> Result<Costs, Error> {
        let (project, scope) = one_project(call).await?;
        let (text, but) = match (&self.task, &self.plan) {
            (None, Some(plan)) => (planning::read(call, &scope, &project, plan).await?.1.text, None),
            (task, None) => what(call, &scope, &project, task.as_deref(), None)
                .await
                .map_err(|error| Error { field: Some("task".into()), ..error })?,
            _ => return Err(Error::invalid("task", "give either a task or a plan")),
        };
        let mut work = finished(&call.app, &scope).await?;
        work.retain(|one| Some(&one.id) != but.as_ref());
        let used = used(&call.app, &scope, Time::from_micros(0)).await?;
        let mut by_session: HashMap<&str, (f64, f64)> = HashMap::new();
        let mut models: HashMap<&str, HashMap<&str, usize>> = HashMap::new();
        for one in &used {
            if let (Some(session), Some((input, output))) = (one.session.as_deref(), one.tokens) {
                let sum = by_session.entry(session).or_default();
                *sum = (sum.0 + input, sum.1 + output);
                if let Some(model) = one.model.as_deref() {
                    *models.entry(session).or_default().entry(model).or_default() += 1;
                }
            }
        }
        let tokens = |one: &Work| one.session.as_deref().and_then(|session| by_session.get(session)).copied();
        let told: Vec<Work> = work.iter().filter(|one| tokens(one).is_some()).cloned().collect();
        let of = |part: fn((f64, f64)) -> f64| -> Option<Arc<Durations>> {
            let finished = told.iter().filter_map(|one| {
                Some(Finished { text: one.title.clone(), took_ms: part(tokens(one)?) as i64 })
            });
            call.app.lessons.of(finished.collect())
        };
        let estimate =
            |part| of(part).map(|learned| learned.estimate(&text, SHOWN)).filter(|one| !one.near.is_empty());
        let (input, output) = (estimate(|both| both.0), estimate(|both| both.1));
        let both = estimate(|both| both.0 + both.1);
        let time = call.app.lessons.of(learned_from(&work)).map(|learned| learned.estimate(&text, SHOWN));
        let time = time.filter(|time| !time.near.is_empty());
        let items = both.as_ref().map(|both| {
            shown(&told, &both.near, |one| tokens(one).map_or(0, |(input, output)| (input + output) as i64))
        });
        let items = items.unwrap_or_default();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let near_sessions =
            both.iter().flat_map(|both| &both.near).filter_map(|(at, _)| told.get(*at)?.session.as_deref());
        for (model, count) in near_sessions.filter_map(|session| models.get(session)).flatten() {
            *counts.entry(model).or_default() += count;
        }
        let model =
            counts.into_iter().max_by(|one, other| one.1.cmp(&other.1).then_with(|| other.0.cmp(one.0)));
        let model = model.map(|(model, _)| model.to_owned());
        let listed = price(&call.app.options.prices, model.as_deref().unwrap_or_default());
        let money = listed.zip(input.as_ref()).zip(output.as_ref());
        let money = money.map(|((price, input), output)| price.of(input.p50_ms as f64, output.p50_ms as f64));
        let mut reasons = Vec::new();
        if both.is_none() {
            reasons.push(format!(
                "tokens: {} similar finished works told theirs; {LEAST} are needed",
                told.len()
            ));
        }
        if time.is_none() {
            reasons.push(format!("duration: {} works are finished, and none is near", work.len()));
        }
        if money.is_none() {
            reasons.push("money: needs tokens, and the model's price in estimation.prices".into());
        }
        Ok(Costs {
            tokens_input: input.map(|input| input.p50_ms),
            tokens_output: output.map(|output| output.p50_ms),
            tokens_p90: both.and_then(|both| both.p90_ms),
            duration_ms: time.as_ref().map(|time| time.p50_ms),
            duration_p90_ms: time.and_then(|time| time.p90_ms),
            money,
            model,
            reasons,
            items,
            project,
        })
    }

    fn examples() -> Vec<Example> {
        let mut setup = all_finished();
        setup.push(crate::operations::tasks::set_up());
        vec![Example { setup, arguments: json!({"task": example_id()}) }]
    }
}
