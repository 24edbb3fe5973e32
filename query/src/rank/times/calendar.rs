//! Stretches of the calendar, in UTC, half-open. Pure; `None` beyond the years that a date can have.

pub use athena_learn::language::values::{MONTHS, WEEKDAYS};
use athena_schemas::Time;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Weekday};

pub type Period = (Time, Time);

pub const DAY_MICROS: i64 = 86_400_000_000;

/// Hours of a day at which its parts begin, and for how many hours they go on.
const PARTS: [(&str, i64, i64); 5] =
    [("morning", 5, 7), ("noon", 11, 2), ("afternoon", 12, 6), ("evening", 17, 6), ("night", 18, 12)];

/// A unit of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    /// Of a word, one or many of them.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "s" | "sec" | "secs" | "second" | "seconds" => Self::Second,
            "min" | "mins" | "minute" | "minutes" => Self::Minute,
            "h" | "hr" | "hrs" | "hour" | "hours" => Self::Hour,
            "d" | "day" | "days" => Self::Day,
            "w" | "week" | "weeks" => Self::Week,
            "month" | "months" => Self::Month,
            "quarter" | "quarters" => Self::Quarter,
            "y" | "yr" | "yrs" | "year" | "years" => Self::Year,
            _ => return None,
        })
    }

    /// Of how many of a smaller unit it is, and its half, and that unit.
    pub fn halves(self) -> Option<(i64, i64, Self)> {
        Some(match self {
            Self::Minute => (60, 30, Self::Second),
            Self::Hour => (60, 30, Self::Minute),
            Self::Day => (24, 12, Self::Hour),
            Self::Week => (7, 3, Self::Day),
            Self::Month => (30, 15, Self::Day),
            Self::Year => (12, 6, Self::Month),
            Self::Second | Self::Quarter => return None,
        })
    }

    /// The stretch of this unit that is `steps` after the one that `now` is in.
    pub fn around(self, now: Time, steps: i64) -> Option<Period> {
        let micros = match self {
            Self::Second => 1_000_000,
            Self::Minute => 60_000_000,
            Self::Hour => 3_600_000_000,
            _ => return self.of_date(date(now), steps),
        };
        let from = now.micros().div_euclid(micros).checked_add(steps)?.checked_mul(micros)?;
        Some((Time::from_micros(from), Time::from_micros(from + micros)))
    }

    fn of_date(self, date: NaiveDate, steps: i64) -> Option<Period> {
        let month = |date: NaiveDate, count: i64| -> Option<NaiveDate> {
            let months = Months::new(u32::try_from(count.unsigned_abs()).ok()?);
            if count < 0 { date.checked_sub_months(months) } else { date.checked_add_months(months) }
        };
        let first = date.with_day(1)?;
        match self {
            Self::Week => {
                let monday = moved(date, 7 * steps - i64::from(date.weekday().num_days_from_monday()))?;
                days(monday, 7)
            }
            Self::Month => {
                let first = month(first, steps)?;
                Some((midnight(first), midnight(month(first, 1)?)))
            }
            Self::Quarter => {
                let first = month(first, 3 * steps - i64::from(date.month0() % 3))?;
                Some((midnight(first), midnight(month(first, 3)?)))
            }
            Self::Year => year(date.year().checked_add(i32::try_from(steps).ok()?)?),
            _ => days(moved(date, steps)?, 1),
        }
    }

    /// So many of this unit before an instant.
    pub fn before(self, now: Time, count: i64) -> Option<Time> {
        let micros: i64 = match self {
            Self::Second => 1_000_000,
            Self::Minute => 60_000_000,
            Self::Hour => 3_600_000_000,
            Self::Day => DAY_MICROS,
            Self::Week => 604_800_000_000,
            Self::Month | Self::Quarter | Self::Year => {
                let months = count
                    * if self == Self::Year {
                        12
                    } else if self == Self::Quarter {
                        3
                    } else {
                        1
                    };
                let at = DateTime::from_timestamp_micros(now.micros())?;
                let at = at.checked_sub_months(Months::new(u32::try_from(months).ok()?))?;
                return Some(Time::from_micros(at.timestamp_micros()));
            }
        };
        Some(now.plus_micros(-count.checked_mul(micros)?))
    }
}

pub fn date(at: Time) -> NaiveDate {
    DateTime::from_timestamp_micros(at.micros()).unwrap_or_default().date_naive()
}

pub fn midnight(date: NaiveDate) -> Time {
    Time::from_micros(date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros())
}

pub fn moved(date: NaiveDate, by: i64) -> Option<NaiveDate> {
    let days = Days::new(by.unsigned_abs());
    if by < 0 { date.checked_sub_days(days) } else { date.checked_add_days(days) }
}

/// So many days from a date on.
pub fn days(from: NaiveDate, count: i64) -> Option<Period> {
    Some((midnight(from), midnight(moved(from, count)?)))
}

pub fn year(year: i32) -> Option<Period> {
    let first = |year| NaiveDate::from_ymd_opt(year, 1, 1);
    (1..9999).contains(&year).then_some(())?;
    Some((midnight(first(year)?), midnight(first(year + 1)?)))
}

/// A month, from 1, of a year; without a year the newest that has begun by `now`.
pub fn month(number: u32, of_year: Option<i32>, now: Time) -> Option<Period> {
    let today = date(now);
    let first = match of_year {
        Some(year) => NaiveDate::from_ymd_opt(year, number, 1)?,
        None => {
            let this = NaiveDate::from_ymd_opt(today.year(), number, 1)?;
            if this <= today { this } else { NaiveDate::from_ymd_opt(today.year() - 1, number, 1)? }
        }
    };
    Some((midnight(first), midnight(first.checked_add_months(Months::new(1))?)))
}

/// The three months of a season from its first; without a year the newest that has begun by `now`.
pub fn season(first: u32, of_year: Option<i32>, now: Time) -> Option<Period> {
    let (from, _) = month(first, of_year, now)?;
    Some((from, midnight(date(from).checked_add_months(Months::new(3))?)))
}

/// A day of a month; without a year the newest that has begun by `now`.
pub fn day(number: u32, of_month: u32, of_year: Option<i32>, now: Time) -> Option<Period> {
    let today = date(now);
    let of = |year| NaiveDate::from_ymd_opt(year, of_month, number);
    let found = match of_year {
        Some(year) => of(year)?,
        // The 29th of February is not in every year.
        None => (0..8).filter_map(|back| of(today.year() - back)).find(|day| *day <= today)?,
    };
    days(found, 1)
}

/// A part of a day, from the day's own beginning.
pub fn part(of: NaiveDate, name: &str) -> Option<Period> {
    let (_, begins, hours) = PARTS.into_iter().find(|(part, ..)| *part == name)?;
    let at = |hour| Some(midnight(of).plus_micros(TimeDelta::hours(hour).num_microseconds()?));
    Some((at(begins)?, at(begins + hours)?))
}

pub fn weekday(name: &str) -> Option<Weekday> {
    let number = WEEKDAYS.iter().position(|weekday| *weekday == name)?;
    Weekday::try_from(u8::try_from(number).ok()?).ok()
}

/// The newest such day that is not after `today`.
pub fn newest(weekday: Weekday, today: NaiveDate) -> Option<NaiveDate> {
    let back = (7 + today.weekday().num_days_from_monday() - weekday.num_days_from_monday()) % 7;
    moved(today, -i64::from(back))
}

/// The first, middle or last third of a stretch.
pub fn third((from, until): Period, number: i64) -> Period {
    let third = (until.micros() - from.micros()) / 3;
    let begins = from.plus_micros(number * third);
    (begins, if number == 2 { until } else { begins.plus_micros(third) })
}
