//! What was spent, and what may be.

use std::collections::BTreeMap;

use athena_ingest::estimation::{BUDGET, Budget, Period, Unit, budget_id};
use athena_learn::estimate::unusual;
use athena_schemas::{Error, Time};
use chrono::{DateTime, Datelike, Days, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::prices::Price;
use super::used::{LOOKED_AT, Used, used};
use crate::operations::records::{Written, answered, by_id, one_project};
use crate::registry::{Call, Effect, Example, Operation, Step};

/// Days that are looked at for what is usual.
const DAYS: u64 = 60;

/// Sets what may be spent: on the project, or by an agent, a session or a tool, in a day, week or month. Set again for
/// the same scope it is the new budget.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Budget")]
pub struct SetBudget {
    /// `project`, or `agent:NAME`, `session:NAME` or `tool:NAME`.
    scope: String,
    /// How much.
    amount: f64,
    /// `day`, `week` or `month`, of the UTC calendar.
    period: Period,
    /// `tokens`, `money` or `hours`; tokens when not said.
    #[serde(default = "tokens")]
    unit: Unit,
}

fn tokens() -> Unit {
    Unit::Tokens
}

impl Operation for SetBudget {
    const TOOL: &'static str = "estimation";
    const NAME: &'static str = "budget";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        Of::parse(&self.scope)?;
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: budgeted().arguments }]
    }
}

/// Whose spending.
enum Of {
    All,
    Agent(String),
    Session(String),
    Tool(String),
}

impl Of {
    fn parse(scope: &str) -> Result<Self, Error> {
        let wrong = || {
            Error::invalid("scope", format!("{scope:?} is no scope"))
                .hint("project, or agent:, session: or tool: and a name")
        };
        match scope.split_once(':') {
            None if scope == "project" => Ok(Self::All),
            Some((_, "")) | None => Err(wrong()),
            Some(("agent", name)) => Ok(Self::Agent(name.into())),
            Some(("session", name)) => Ok(Self::Session(name.into())),
            Some(("tool", name)) => Ok(Self::Tool(name.into())),
            Some(_) => Err(wrong()),
        }
    }

    fn has(&self, used: &Used) -> bool {
        match self {
            Self::All => true,
            Self::Agent(name) => used.agent.as_ref() == Some(name),
            Self::Session(name) => used.session.as_ref() == Some(name),
            Self::Tool(name) => used.tool.as_ref() == Some(name),
        }
    }
}

/// What was spent in a scope, against its budget, by day, with days that are unlike the others.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spending {
    /// `project`, or `agent:NAME`, `session:NAME` or `tool:NAME`.
    scope: String,
}

/// What was spent.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Spent {
    budget: Option<Budget>,
    /// In the budget's unit and the period that now lies in; null without a budget, or a price.
    spent: Option<f64>,
    left: Option<f64>,
    /// Days of the last 60 on which something was used, the oldest first.
    items: Vec<Day>,
    /// Days that are far from the usual (beyond 3.5 spreads from the median); null of less than a week.
    anomalies: Option<Vec<Anomaly>>,
    /// Why something is null.
    reasons: Vec<String>,
    project: String,
}

#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
struct Day {
    day: String,
    tokens: f64,
    /// By the price list; null where tokens have no price.
    money: Option<f64>,
    hours: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Anomaly {
    day: String,
    value: f64,
    /// The median of all days.
    usual: f64,
    unit: Unit,
}

impl Operation for Spending {
    const TOOL: &'static str = "estimation";
    const NAME: &'static str = "spending";
    const EFFECT: Effect = Effect::Read;
    type Result = Spent;

    async fn call(self, call: &Call) -> Result<Spent, Error> {
        let of = Of::parse(&self.scope)?;
        let (project, scope) = one_project(call).await?;
        let budget = by_id(&call.app, &scope, &[budget_id(&self.scope)]).await?.pop();
        let budget = budget.map(|found| found.body::<Budget>()).transpose()?;
        let now = Time::now();
        let today = date(now).ok_or_else(|| Error::internal("a time that is no day"))?;
        let first = today.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(today);
        let used = used(&call.app, &scope, midnight(first)).await?;
        let whole = used.len() < LOOKED_AT;
        let days = by_day(used.iter().filter(|one| of.has(one)), &call.app.options.prices);
        let mut reasons = Vec::new();
        if !whole {
            reasons.push(format!("only the newest {LOOKED_AT} events are counted"));
        }
        let (mut spent, mut left) = (None, None);
        match &budget {
            None => reasons.push("spent, left: the scope has no budget; `estimation.budget` sets one".into()),
            Some(budget) => {
                let from = begins(budget.period, today);
                spent = sum(days.range(from..).map(|(_, day)| value(day, budget.unit)));
                left = spent.map(|spent| budget.amount - spent);
                if spent.is_none() {
                    reasons.push("spent, left: tokens without a price in estimation.prices".into());
                }
            }
        }
        let unit = budget.as_ref().map_or(Unit::Tokens, |budget| budget.unit);
        let anomalies = anomalies(&days, unit);
        if anomalies.is_none() {
            reasons.push("anomalies: less than a week of days tells what is usual".into());
        }
        Ok(Spent { budget, spent, left, items: days.into_values().collect(), anomalies, reasons, project })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"content": "answered", "type": "message", "event_id": "example-spent",
                               "attributes": {"model": "some-model", "usage": {"input_tokens": 900, "output_tokens": 80}}});
        let event = Step { tool: "events", operation: "record", arguments };
        vec![Example { setup: vec![budgeted(), event], arguments: json!({"scope": "project"}) }]
    }
}

fn budgeted() -> Step {
    let arguments = json!({"scope": "project", "amount": 1_000_000, "period": "day", "unit": "tokens",
                           "event_id": "example-budget"});
    Step { tool: "estimation", operation: BUDGET, arguments }
}

fn date(at: Time) -> Option<NaiveDate> {
    Some(DateTime::from_timestamp_micros(at.micros())?.date_naive())
}

fn midnight(day: NaiveDate) -> Time {
    Time::from_micros(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros())
}

/// The first day of the period that a day lies in.
fn begins(period: Period, day: NaiveDate) -> NaiveDate {
    let back = match period {
        Period::Day => 0,
        Period::Week => day.weekday().num_days_from_monday(),
        Period::Month => day.day0(),
    };
    day.checked_sub_days(Days::new(back.into())).unwrap_or(day)
}

fn by_day<'u>(used: impl Iterator<Item = &'u Used>, prices: &[Price]) -> BTreeMap<NaiveDate, Day> {
    let mut days: BTreeMap<NaiveDate, Day> = BTreeMap::new();
    for one in used {
        let Some(date) = date(one.at) else { continue };
        let day = days.entry(date).or_insert_with(|| Day {
            day: date.to_string(),
            money: Some(0.0),
            ..Day::default()
        });
        day.hours += one.duration_ms.unwrap_or(0) as f64 / 3_600e3;
        if let Some((input, output)) = one.tokens {
            day.tokens += input + output;
            day.money = day.money.zip(one.money(prices)).map(|(sum, money)| sum + money);
        }
    }
    days
}

fn value(day: &Day, unit: Unit) -> Option<f64> {
    match unit {
        Unit::Tokens => Some(day.tokens),
        Unit::Money => day.money,
        Unit::Hours => Some(day.hours),
    }
}

/// All of it, unless one is not known; from zero on, as `Iterator::sum` of nothing is -0.0.
fn sum(mut values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    values.try_fold(0.0, |sum, value| value.map(|value| sum + value))
}

fn anomalies(days: &BTreeMap<NaiveDate, Day>, unit: Unit) -> Option<Vec<Anomaly>> {
    let values: Vec<(&Day, f64)> = days.values().filter_map(|day| Some((day, value(day, unit)?))).collect();
    let far = unusual(&values.iter().map(|(_, value)| *value).collect::<Vec<_>>())?;
    let told = far.into_iter().map(|one| Anomaly {
        day: values[one.at].0.day.clone(),
        value: one.value,
        usual: one.usual,
        unit,
    });
    Some(told.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_begin_where_the_calendar_says() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        let begin = |period| begins(period, day).to_string();
        assert_eq!(begin(Period::Day), "2026-11-25");
        assert_eq!(begin(Period::Week), "2026-11-23");
        assert_eq!(begin(Period::Month), "2026-11-01");
    }

    #[test]
    fn nothing_spent_is_zero() {
        assert!(sum([].into_iter()).is_some_and(|spent| spent == 0.0 && spent.is_sign_positive()));
        assert_eq!(sum([Some(1.0), Some(2.0)].into_iter()), Some(3.0));
        assert_eq!(sum([Some(1.0), None].into_iter()), None);
    }

    #[test]
    fn what_has_no_price_has_no_sum() {
        let at = Time::parse("2026-11-25T10:00:00Z").unwrap();
        let used =
            |model: &str| Used { at, model: Some(model.into()), tokens: Some((1e6, 0.0)), ..Used::default() };
        let prices = [Price::parse("known 2 4").unwrap()];
        let days = by_day([used("known"), used("known")].iter(), &prices);
        assert_eq!(days.values().next().unwrap().money, Some(4.0));
        let days = by_day([used("known"), used("other")].iter(), &prices);
        assert_eq!(days.values().next().unwrap().money, None);
    }
}
