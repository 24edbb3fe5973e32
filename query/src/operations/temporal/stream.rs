//! The stream as a whole: what follows what, when it runs, and when it is silent.

use std::collections::BTreeMap;

use athena_learn::past;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Happened, by_session, steps, stream};
use crate::operations::events::recorded;
use crate::operations::paging;
use crate::registry::{Call, Effect, Example, Operation};
use crate::time_args;

const HOUR: i64 = 3_600_000_000;
/// Hours of a stream that are looked at, from its newest event back: half a year.
const HOURS: usize = 24 * 183;
/// Standard deviations by which an hour is a burst.
const BURST: f64 = 4.0;
/// Events below which nothing is said of a rhythm.
const LEAST: usize = 20;

/// How often one step follows another in a session, and how probable it is after it, the most frequent first. A step is
/// what was done and how it went.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sequences {
    /// Only events of this type.
    #[serde(rename = "type")]
    of_type: Option<String>,
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Follows {
    step: String,
    next: String,
    count: usize,
    probability: f64,
}

/// What follows what.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Sequence {
    items: Vec<Follows>,
    projects: Vec<String>,
}

impl Operation for Sequences {
    const TOOL: &'static str = "temporal";
    const NAME: &'static str = "sequences";
    const EFFECT: Effect = Effect::Read;
    type Result = Sequence;

    async fn call(self, call: &Call) -> Result<Sequence, Error> {
        let (projects, scope) = call.scope().await?;
        let limit = paging::limit(self.limit)?;
        let events = stream(&call.app, &scope, self.of_type.as_deref()).await?;
        let told = |(step, next, count, probability): past::Follow| Follows {
            step: step.to_string(),
            next: next.to_string(),
            count,
            probability,
        };
        let follows = past::follows(&steps(&by_session(&events)));
        let items = follows.into_iter().take(limit).map(told).collect();
        Ok(Sequence { items, projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({}) }]
    }
}

/// When things happen, in UTC: counts by hour and weekday, after how many hours the stream repeats itself, and hours
/// with far more than usual.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rhythm {
    /// Only events of this type.
    #[serde(rename = "type")]
    of_type: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Burst {
    /// When the hour began.
    time: Time,
    count: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Period {
    hours: usize,
    /// The autocorrelation at that lag, from 0 to 1.
    strength: f64,
}

/// When things happen.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rhythms {
    events: usize,
    /// Events in each hour of the day, from midnight.
    by_hour: Vec<usize>,
    /// Events on each day of the week, from Monday.
    by_weekday: Vec<usize>,
    /// Null where the stream does not repeat itself, or too little is known.
    period: Option<Period>,
    bursts: Vec<Burst>,
    /// Why something is null.
    reason: Option<String>,
    projects: Vec<String>,
}

impl Operation for Rhythm {
    const TOOL: &'static str = "temporal";
    const NAME: &'static str = "rhythm";
    const EFFECT: Effect = Effect::Read;
    type Result = Rhythms;

    async fn call(self, call: &Call) -> Result<Rhythms, Error> {
        let (projects, scope) = call.scope().await?;
        let events = stream(&call.app, &scope, self.of_type.as_deref()).await?;
        let (mut by_hour, mut by_weekday) = (vec![0; 24], vec![0; 7]);
        let hours: Vec<i64> = events.iter().map(|event| event.time.micros().div_euclid(HOUR)).collect();
        for hour in &hours {
            by_hour[hour.rem_euclid(24) as usize] += 1;
            // The first of January 1970 was a Thursday.
            by_weekday[(hour.div_euclid(24) + 3).rem_euclid(7) as usize] += 1;
        }
        let newest = hours.iter().max().copied().unwrap_or_default();
        let oldest = hours.iter().min().copied().unwrap_or_default().max(newest - HOURS as i64);
        let mut counts = vec![0.0; (newest - oldest + 1) as usize];
        hours.iter().filter(|hour| **hour >= oldest).for_each(|hour| counts[(hour - oldest) as usize] += 1.0);
        let enough = events.len() >= LEAST;
        let period =
            past::period(&counts).filter(|_| enough).map(|(hours, strength)| Period { hours, strength });
        // Silent hours say nothing of how busy a busy one is.
        let busy: Vec<f64> = counts.iter().copied().filter(|count| *count > 0.0).collect();
        let mean = busy.iter().sum::<f64>() / busy.len().max(1) as f64;
        let burst = |(at, count): (usize, &f64)| {
            let high = enough && *count > mean + BURST * mean.sqrt().max(1.0);
            high.then(|| Burst {
                time: Time::from_micros((oldest + at as i64) * HOUR),
                count: *count as usize,
            })
        };
        let bursts = counts.iter().enumerate().filter_map(burst).collect();
        let reason = match (enough, &period) {
            (false, _) => Some(format!("{} events; at least {LEAST} are needed", events.len())),
            (true, None) => Some("the stream does not repeat itself within two weeks".to_owned()),
            (true, Some(_)) => None,
        };
        Ok(Rhythms { events: events.len(), by_hour, by_weekday, period, bursts, reason, projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({}) }]
    }
}

/// Silences in the stream, the longest first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Gaps {
    /// From how long on, such as `1h`; `1h` when not said.
    min_gap: Option<String>,
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Gap {
    from: Time,
    until: Time,
    seconds: i64,
    /// The events before and after it.
    last: String,
    next: String,
}

/// Silences.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Silences {
    items: Vec<Gap>,
    projects: Vec<String>,
}

impl Operation for Gaps {
    const TOOL: &'static str = "temporal";
    const NAME: &'static str = "gaps";
    const EFFECT: Effect = Effect::Read;
    type Result = Silences;

    async fn call(self, call: &Call) -> Result<Silences, Error> {
        let (projects, scope) = call.scope().await?;
        let limit = paging::limit(self.limit)?;
        let least = time_args::seconds("min_gap", self.min_gap.as_deref().unwrap_or("1h"))?;
        let events = stream(&call.app, &scope, None).await?;
        let mut of: BTreeMap<&str, Vec<&Happened>> = BTreeMap::new();
        events.iter().for_each(|event| of.entry(&event.project).or_default().push(event));
        let mut items = Vec::new();
        for events in of.values_mut() {
            events.sort_by_key(|event| (event.time, event.position));
            let gap = |pair: &[&Happened]| {
                let seconds = (pair[1].time.micros() - pair[0].time.micros()) / 1_000_000;
                let ids = (pair[0].id.clone(), pair[1].id.clone());
                (seconds >= least).then(|| Gap {
                    from: pair[0].time,
                    until: pair[1].time,
                    seconds,
                    last: ids.0,
                    next: ids.1,
                })
            };
            items.extend(events.windows(2).filter_map(gap));
        }
        items.sort_by_key(|gap| (-gap.seconds, gap.from));
        items.truncate(limit);
        Ok(Silences { items, projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"min_gap": "2h"}) }]
    }
}
