//! Times of the clock: patterns of cron, stretches of time and instants, all in UTC. Pure.
//!
//! | `catch_up` | of the times that passed while nobody looked                       |
//! |------------|--------------------------------------------------------------------|
//! | `none`     | those of the last [`GRACE`] fire, the others are left out          |
//! | `last`     | the newest fires                                                   |
//! | `all`      | all fire in their order, of very many the newest                   |

use std::str::FromStr;
use std::time::Duration;

use athena_ingest::watches::CatchUp;
use athena_schemas::{Error, Time};
use chrono::{DateTime, Utc};
use croner::Cron;
use serde_json::{Map, Value};

/// How late a time may be and still be on time.
pub const GRACE: Duration = Duration::from_secs(10);
/// The shortest stretch, in seconds.
const SHORTEST_S: i64 = 1;

/// When something is to happen.
#[derive(Debug, Clone)]
pub enum Schedule {
    At(Time),
    /// So many microseconds apart, from the anchor on.
    Every {
        anchor: Time,
        micros: i64,
    },
    Cron(Box<Cron>),
}

impl Schedule {
    /// What `{cron}`, `{every}` or `{at}` says.
    ///
    /// # Errors
    /// By the argument: none of them, more than one, or one that cannot be read.
    pub fn parse(argument: &str, condition: &Map<String, Value>, anchor: Time) -> Result<Self, Error> {
        let wrong = |why: String| {
            Error::invalid(argument, why)
                .hint("such as {\"cron\": \"0 9 * * 1-5\"}, {\"every\": \"15m\"} or {\"at\": \"2030-01-01T09:00:00Z\"}")
        };
        let [(name, value)] = condition.iter().collect::<Vec<_>>()[..] else {
            return Err(wrong("a time is exactly one of cron, every and at".into()));
        };
        let text = value.as_str().ok_or_else(|| wrong(format!("{name} is a text")))?;
        match name.as_str() {
            "at" => Time::parse(text).map(Self::At).ok_or_else(|| wrong(format!("{text:?} is not a time"))),
            "every" => {
                let seconds = crate::time_args::seconds(argument, text)?;
                if seconds < SHORTEST_S {
                    return Err(wrong(format!("{text:?} is no stretch of time")));
                }
                Ok(Self::Every { anchor, micros: seconds.saturating_mul(1_000_000) })
            }
            "cron" => {
                let cron = Cron::from_str(text).map_err(|error| wrong(format!("{text:?}: {error}")))?;
                let schedule = Self::Cron(Box::new(cron));
                match schedule.after(anchor) {
                    Some(_) => Ok(schedule),
                    None => Err(wrong(format!("{text:?} never comes"))),
                }
            }
            _ => Err(wrong(format!("there is no {name:?}: a time is cron, every or at"))),
        }
    }

    /// The first time after an instant.
    pub fn after(&self, instant: Time) -> Option<Time> {
        match self {
            Self::At(at) => Some(*at).filter(|at| *at > instant),
            Self::Every { anchor, micros } => {
                let past = instant.micros() - anchor.micros();
                let count = if past < 0 { 1 } else { past / micros + 1 };
                Some(anchor.plus_micros(count.saturating_mul(*micros)))
            }
            Self::Cron(cron) => cron.find_next_occurrence(&date(instant)?, false).ok().map(time),
        }
    }

    /// The last time that is not after an instant.
    fn until(&self, instant: Time) -> Option<Time> {
        match self {
            Self::At(at) => Some(*at).filter(|at| *at <= instant),
            Self::Every { anchor, micros } => {
                let count = (instant.micros() - anchor.micros()) / micros;
                (count > 0).then(|| anchor.plus_micros(count.saturating_mul(*micros)))
            }
            Self::Cron(cron) => cron.find_previous_occurrence(&date(instant)?, true).ok().map(time),
        }
    }

    /// The times in `(from, to]`, the newest `most` of them, in their order.
    pub fn between(&self, from: Time, to: Time, most: usize) -> Vec<Time> {
        let mut times = Vec::new();
        let mut at = self.until(to);
        while let Some(time) = at.filter(|time| *time > from && times.len() < most) {
            times.push(time);
            at = self.until(time.plus_micros(-1));
        }
        times.reverse();
        times
    }

    /// The times that are to fire now, when everything up to `from` has fired or was left out.
    pub fn due(&self, from: Time, now: Time, catch_up: CatchUp, most: usize) -> Vec<Time> {
        let (from, most) = match catch_up {
            CatchUp::None => (from.max(now.plus_micros(-(GRACE.as_micros() as i64))), most),
            CatchUp::Last => (from, 1),
            CatchUp::All => (from, most),
        };
        self.between(from, now, most)
    }
}

fn date(at: Time) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(at.micros())
}

fn time(at: DateTime<Utc>) -> Time {
    // Patterns have no parts of seconds.
    Time::from_micros(at.timestamp() * 1_000_000)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(text: &str) -> Time {
        Time::parse(&format!("2026-11-25T{text}Z")).unwrap()
    }

    fn of(condition: Value) -> Schedule {
        Schedule::parse("condition", condition.as_object().unwrap(), at("10:00:00")).unwrap()
    }

    #[test]
    fn the_next_time_comes_after() {
        assert_eq!(of(json!({"every": "15m"})).after(at("10:00:00")), Some(at("10:15:00")));
        assert_eq!(of(json!({"every": "15m"})).after(at("10:15:00")), Some(at("10:30:00")));
        assert_eq!(of(json!({"every": "15m"})).after(at("09:00:00")), Some(at("10:15:00")));
        assert_eq!(of(json!({"cron": "0 9 * * *"})).after(at("08:59:59")), Some(at("09:00:00")));
        assert_eq!(of(json!({"cron": "*/10 * * * * *"})).after(at("08:59:59.5")), Some(at("09:00:00")));
        let friday = of(json!({"cron": "30 8 * * FRI"})).after(at("10:00:00")).unwrap();
        assert_eq!(friday.to_string(), "2026-11-27T08:30:00Z");
        assert_eq!(
            of(json!({"at": "2026-11-25T12:00:00+01:00"})).after(at("10:00:00")),
            Some(at("11:00:00"))
        );
        assert_eq!(of(json!({"at": "2026-11-25T11:00:00Z"})).after(at("11:00:00")), None);
    }

    #[test]
    fn what_was_missed_is_made_up_for_as_told() {
        let hourly = of(json!({"cron": "0 * * * *"}));
        let due = |catch_up, from: &str, now: &str| hourly.due(at(from), at(now), catch_up, 3);
        for catch_up in [CatchUp::None, CatchUp::Last, CatchUp::All] {
            // On time, all are the same; nothing fires twice, nor before its time, nor when the clock is set back.
            assert_eq!(due(catch_up, "11:00:00", "12:00:01"), [at("12:00:00")], "{catch_up:?}");
            assert_eq!(due(catch_up, "12:00:00", "12:59:59"), [], "{catch_up:?}");
            assert_eq!(due(catch_up, "12:00:00", "11:30:00"), [], "{catch_up:?}");
        }
        assert_eq!(due(CatchUp::None, "11:00:00", "13:30:00"), []);
        assert_eq!(due(CatchUp::Last, "11:00:00", "13:30:00"), [at("13:00:00")]);
        assert_eq!(due(CatchUp::All, "11:00:00", "13:30:00"), [at("12:00:00"), at("13:00:00")]);
        // Of too many the newest.
        let newest = [at("18:00:00"), at("19:00:00"), at("20:00:00")];
        assert_eq!(due(CatchUp::All, "11:00:00", "20:30:00"), newest);
        let every = of(json!({"every": "1h"}));
        assert_eq!(
            every.due(at("10:00:00"), at("12:30:00"), CatchUp::All, 9),
            [at("11:00:00"), at("12:00:00")]
        );
        let once = of(json!({"at": "2026-11-25T11:00:00Z"}));
        assert_eq!(once.due(at("10:00:00"), at("12:30:00"), CatchUp::Last, 9), [at("11:00:00")]);
        assert_eq!(once.due(at("11:00:00"), at("12:30:00"), CatchUp::Last, 9), []);
    }

    #[test]
    fn what_never_comes_is_refused() {
        for wrong in [
            json!({}),
            json!({"cron": "0 9 * * *", "every": "1h"}),
            json!({"cron": "61 * * * *"}),
            json!({"cron": "0 0 30 2 *"}),
            json!({"every": "0s"}),
            json!({"every": "soon"}),
            json!({"every": 5}),
            json!({"at": "tomorrow"}),
            json!({"daily": "x"}),
        ] {
            let parsed = Schedule::parse("condition", wrong.as_object().unwrap(), at("10:00:00"));
            assert_eq!(parsed.unwrap_err().field.as_deref(), Some("condition"), "{wrong}");
        }
    }
}
