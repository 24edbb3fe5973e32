//! How a measure goes on.

use std::collections::BTreeMap;

use athena_ingest::tasks::Status;
use athena_learn::estimate::forecast;
use athena_schemas::{Error, Time};
use chrono::{DateTime, Days, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::used::used;
use crate::operations::records::one_project;
use crate::operations::rows::objects;
use crate::operations::tasks::Tasks;
use crate::registry::{Call, Effect, Example, Operation};
use crate::time_args;

const DAYS: &str = include_str!("../../../sql/days.sql");

/// Days that are looked back on, and days ahead that can be asked for.
const BACK: u64 = 90;
const MOST: i64 = 90;

/// How a measure of the project goes on, day by day: its trend, and an interval that four in five days lie in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Forecast")]
pub struct ForecastOf {
    /// `events`, `failures`, `successes`, `sessions`, `hours`, `tokens` or `tasks_done`, each a day.
    measure: Measure,
    /// How far ahead, such as `7d`.
    horizon: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Measure {
    Events,
    Failures,
    Successes,
    Sessions,
    Hours,
    Tokens,
    TasksDone,
}

/// A trend, and days to come.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Told {
    measure: Measure,
    /// What a day adds, the median of all slopes; null of less than a week.
    slope: Option<f64>,
    /// Days to come.
    items: Vec<Ahead>,
    /// The newest days that it rests on.
    past: Vec<Past>,
    reason: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Ahead {
    day: String,
    value: f64,
    low: f64,
    high: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Past {
    day: String,
    value: f64,
}

impl Operation for ForecastOf {
    const TOOL: &'static str = "estimation";
    const NAME: &'static str = "forecast";
    const EFFECT: Effect = Effect::Read;
    type Result = Told;

    async fn call(self, call: &Call) -> Result<Told, Error> {
        let ahead = time_args::seconds("horizon", &self.horizon)? / 86_400;
        if !(1..=MOST).contains(&ahead) {
            return Err(Error::invalid("horizon", format!("from 1d to {MOST}d")));
        }
        let (project, scope) = one_project(call).await?;
        let today = date(Time::now()).ok_or_else(|| Error::internal("a time that is no day"))?;
        let first = today.checked_sub_days(Days::new(BACK)).unwrap_or(today);
        let since = Time::from_micros(first.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros());
        let mut by_day: BTreeMap<NaiveDate, f64> = BTreeMap::new();
        match self.measure {
            Measure::Tokens => {
                for one in used(&call.app, &scope, since).await? {
                    if let (Some(day), Some((input, output))) = (date(one.at), one.tokens) {
                        *by_day.entry(day).or_default() += input + output;
                    }
                }
            }
            Measure::TasksDone => {
                let tasks = Tasks::read(&call.app, &scope).await?.all;
                let done =
                    tasks.iter().filter(|view| view.task.status == Status::Done && view.task.since >= since);
                for day in done.filter_map(|view| date(view.task.since)) {
                    *by_day.entry(day).or_default() += 1.0;
                }
            }
            _ => {
                for row in objects(&call.app, &scope, DAYS, &[json!(since)], BACK as usize + 2).await? {
                    let day = row.get("day").and_then(Value::as_str).and_then(|day| day.get(..10));
                    let Some(day) = day.and_then(|day| day.parse().ok()) else { continue };
                    let number = |name: &str| row.get(name).and_then(Value::as_f64).unwrap_or(0.0);
                    let value = match self.measure {
                        Measure::Failures => number("failures"),
                        Measure::Successes => number("successes"),
                        Measure::Sessions => number("sessions"),
                        Measure::Hours => number("duration_ms") / 3_600e3,
                        _ => number("events"),
                    };
                    by_day.insert(day, value);
                }
            }
        }
        // Today is not over; days between without anything are days with nothing.
        let begin = by_day.keys().next().copied().unwrap_or(today);
        let days: Vec<NaiveDate> =
            begin.iter_days().take_while(|day| *day < today).take(BACK as usize + 1).collect();
        let values: Vec<f64> = days.iter().map(|day| by_day.get(day).copied().unwrap_or(0.0)).collect();
        let told = forecast(&values, ahead as usize);
        let items = told.iter().flat_map(|told| &told.days).zip(today.iter_days()).map(
            |((value, low, high), day)| Ahead {
                day: day.to_string(),
                // There is no less than nothing of what is counted here.
                value: value.max(0.0),
                low: low.max(0.0),
                high: high.max(0.0),
            },
        );
        let past = days.iter().zip(&values).rev().take(14);
        let past = past.map(|(day, value)| Past { day: day.to_string(), value: *value });
        Ok(Told {
            measure: self.measure,
            slope: told.as_ref().map(|told| told.slope),
            items: items.collect(),
            past: past.collect(),
            reason: told.is_none().then(|| format!("{} whole days are known; a week is needed", days.len())),
            project,
        })
    }

    fn examples() -> Vec<Example> {
        let event = crate::operations::events::recorded();
        let arguments = json!({"measure": "events", "horizon": "3d"});
        vec![Example { setup: vec![event], arguments }]
    }
}

fn date(at: Time) -> Option<NaiveDate> {
    Some(DateTime::from_timestamp_micros(at.micros())?.date_naive())
}
