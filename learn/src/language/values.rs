//! Numbers with their units, dates, times of the day, weekdays, ordinals and versions, as values that compare.

pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
pub const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// What an amount measures. Amounts of one measure have one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Things, or what the text does not say.
    Count,
    /// Parts of a whole, 1 being all.
    Share,
    Seconds,
    Bytes,
    Grams,
    Metres,
    Litres,
    Degrees,
    Hertz,
    Watts,
    Money(Currency),
    /// `p95`.
    Percentile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Currency {
    Euro,
    Dollar,
    Pound,
    Franc,
    Yen,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Amount {
        amount: f64,
        of: Measure,
    },
    /// Minutes since midnight.
    Clock(u32),
    Date {
        year: Option<u32>,
        month: Option<u32>,
        day: Option<u32>,
    },
    /// 0 is Monday.
    Weekday(u32),
    Ordinal(u32),
    Version(Vec<u32>),
}

/// How two values stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Same,
    /// Values of one kind, which cannot both be the one that is meant.
    Differs,
    /// They say nothing of each other.
    Apart,
}

/// Amounts that differ by less, relatively, are one, but for how numbers are kept.
const EQUAL: f64 = 1e-9;
/// A month may have 30 days, and a kilobyte 1,000 bytes.
const MONTHS_DIFFER: f64 = 0.03;
const MONTH: f64 = 27.0 * 86_400.0;
const BYTES_DIFFER: f64 = 0.025;

impl Value {
    pub fn relation(&self, other: &Self) -> Relation {
        use Value::{Amount, Clock, Date, Ordinal, Version, Weekday};
        let same = |same: bool| if same { Relation::Same } else { Relation::Differs };
        match (self, other) {
            (Amount { amount: one, of }, Amount { amount: other, of: measured }) => {
                amounts((*one, *of), (*other, *measured))
            }
            (Clock(one), Clock(other)) | (Weekday(one), Weekday(other)) | (Ordinal(one), Ordinal(other)) => {
                same(one == other)
            }
            (Date { .. }, Date { .. }) => self.dates(other),
            (Date { day: Some(day), .. }, Ordinal(ordinal))
            | (Ordinal(ordinal), Date { day: Some(day), .. }) => {
                if day == ordinal {
                    Relation::Same
                } else {
                    Relation::Apart
                }
            }
            (Version(one), Version(other)) => same(one.iter().zip(other).all(|(one, other)| one == other)),
            (Version(version), Amount { amount, of: Measure::Count })
            | (Amount { amount, of: Measure::Count }, Version(version)) => {
                // An amount keeps no zero at its end: what it tells is compared.
                let told = amount.to_string();
                let told = told.split('.').map(|part| part.parse().ok());
                same(told.zip(version).all(|(told, part)| told == Some(*part)))
            }
            _ => Relation::Apart,
        }
    }

    fn dates(&self, other: &Self) -> Relation {
        let parts = |value: &Self| match value {
            Self::Date { year, month, day } => [*year, *month, *day],
            _ => [None; 3],
        };
        let both: Vec<(u32, u32)> =
            parts(self).into_iter().zip(parts(other)).filter_map(|(one, other)| one.zip(other)).collect();
        match both.is_empty() {
            true => Relation::Apart,
            false if both.iter().all(|(one, other)| one == other) => Relation::Same,
            false => Relation::Differs,
        }
    }

    /// Whether it says when.
    pub fn is_time(&self) -> bool {
        matches!(self, Self::Clock(_) | Self::Date { .. } | Self::Weekday(_))
    }
}

fn amounts((one, of): (f64, Measure), (other, measured): (f64, Measure)) -> Relation {
    let within = |share: f64| (one - other).abs() <= share * one.abs().max(other.abs());
    match (of, measured) {
        (Measure::Seconds, Measure::Seconds) if within(MONTHS_DIFFER) && one > MONTH => Relation::Same,
        (Measure::Bytes, Measure::Bytes) if within(BYTES_DIFFER) => Relation::Same,
        (of, measured) if of == measured => {
            if within(EQUAL) {
                Relation::Same
            } else {
                Relation::Differs
            }
        }
        (Measure::Share, Measure::Count) | (Measure::Count, Measure::Share) if within(EQUAL) => {
            Relation::Same
        }
        // `180 degrees` of `180 °C`, `450` of `450 euros`.
        (Measure::Count, unit) | (unit, Measure::Count) => match written(one, other, unit) {
            true => Relation::Same,
            false => Relation::Apart,
        },
        _ => Relation::Apart,
    }
}

/// Whether one of two amounts is the other in that unit, told without it.
fn written(one: f64, other: f64, unit: Measure) -> bool {
    let unscaled = matches!(unit, Measure::Degrees | Measure::Money(_) | Measure::Percentile);
    unscaled && one == other
}

/// The number of a name in full, in the plural, or cut to at least three letters.
fn named(names: &[&str], word: &str) -> Option<u32> {
    let word = word.strip_suffix('s').filter(|word| names.contains(word)).unwrap_or(word);
    let at = names
        .iter()
        .position(|name| *name == word || (word.len() >= 3 && word.len() <= 5 && name.starts_with(word)));
    at.map(|at| at as u32)
}

/// 1 is January. `may` and `march` are words, too: the caller looks at how they are written.
pub fn month(word: &str) -> Option<u32> {
    named(&MONTHS, word).map(|at| at + 1)
}

pub fn weekday(word: &str) -> Option<u32> {
    named(&WEEKDAYS, word)
}

/// `1`, `1,200`, `0.5`, `-5`; no versions.
pub fn number(text: &str) -> Option<f64> {
    if let Some(unsigned) = text.strip_prefix(['-', '−']) {
        return number(unsigned).map(|number| -number);
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) || text.ends_with(['.', ',']) {
        return None;
    }
    let grouped =
        text.split(',').skip(1).all(|group| group.split('.').next().is_some_and(|group| group.len() == 3));
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',');
    if plain && grouped { text.replace(',', "").parse().ok() } else { None }
}

/// `3.10` of a release, which is not `3.1`.
pub fn release(text: &str) -> Option<Vec<u32>> {
    let parts: Option<Vec<u32>> = text.split('.').map(|part| part.parse().ok()).collect();
    parts.filter(|parts| parts.len() == 2 && parts[0] > 0)
}

/// `18.19.0`, `v2`.
pub fn version(text: &str) -> Option<Vec<u32>> {
    let bare = text.strip_prefix('v').filter(|bare| bare.starts_with(|c: char| c.is_ascii_digit()));
    let parts: Option<Vec<u32>> = bare.unwrap_or(text).split('.').map(|part| part.parse().ok()).collect();
    parts.filter(|parts| bare.is_some() || parts.len() > 2)
}

/// `2025-09-01`, `2025/09/01`.
pub fn iso_date(text: &str) -> Option<Value> {
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let [year, month, day] = parts[..] else { return None };
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let right = (1900..2200).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    right.then_some(Value::Date { year: Some(year), month: Some(month), day: Some(day) })
}

/// `9:15`, `15:00:30`.
pub fn clock(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let minute = minute.split(':').next()?;
    if minute.len() != 2 || hour.len() > 2 {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 25 && minute < 60).then_some(hour * 60 + minute)
}

/// `4th`, `third`.
pub fn ordinal(text: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
        "eleventh", "twelfth",
    ];
    if let Some(at) = NAMES.iter().position(|name| *name == text) {
        return Some(at as u32 + 1);
    }
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|suffix| text.strip_suffix(suffix))?;
    digits.parse().ok()
}

/// A number in words below a hundred.
pub fn spelled(word: &str) -> Option<f64> {
    const NAMES: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let below = NAMES.iter().position(|name| *name == word).map(|at| at as f64);
    let tens = || TENS.iter().position(|name| *name == word).map(|at| (at as f64 + 2.0) * 10.0);
    let other = || match word {
        "twice" => Some(2.0),
        "thrice" => Some(3.0),
        "half" => Some(0.5),
        _ => None,
    };
    below.or_else(tens).or_else(other)
}

/// `hundred`, `million`, `k`.
pub fn scale(word: &str) -> Option<f64> {
    Some(match word {
        "dozen" => 12.0,
        "hundred" => 1e2,
        "thousand" | "k" => 1e3,
        "million" | "mio" | "mn" => 1e6,
        "billion" | "bn" => 1e9,
        _ => return None,
    })
}

/// What a unit measures, and how many of the measure's own it is.
pub fn unit(word: &str) -> Option<(Measure, f64)> {
    use Currency::{Dollar, Euro, Franc, Pound, Yen};
    use Measure::{Bytes, Degrees, Grams, Hertz, Litres, Metres, Money, Seconds, Share, Watts};
    Some(match word {
        "%" | "percent" | "pct" => (Share, 0.01),
        "ns" | "nanosecond" | "nanoseconds" => (Seconds, 1e-9),
        "us" | "µs" | "microsecond" | "microseconds" => (Seconds, 1e-6),
        "ms" | "msec" | "millisecond" | "milliseconds" => (Seconds, 1e-3),
        "s" | "sec" | "secs" | "second" | "seconds" => (Seconds, 1.0),
        "min" | "mins" | "minute" | "minutes" => (Seconds, 60.0),
        "h" | "hr" | "hrs" | "hour" | "hours" => (Seconds, 3_600.0),
        "d" | "day" | "days" => (Seconds, 86_400.0),
        "wk" | "week" | "weeks" => (Seconds, 604_800.0),
        "fortnight" | "fortnights" => (Seconds, 1_209_600.0),
        "month" | "months" => (Seconds, 2_629_800.0),
        "yr" | "yrs" | "year" | "years" => (Seconds, 31_557_600.0),
        "byte" | "bytes" => (Bytes, 1.0),
        "kb" | "kilobyte" | "kilobytes" => (Bytes, 1e3),
        "mb" | "megabyte" | "megabytes" => (Bytes, 1e6),
        "gb" | "gigabyte" | "gigabytes" | "gigs" => (Bytes, 1e9),
        "tb" | "terabyte" | "terabytes" => (Bytes, 1e12),
        "kib" => (Bytes, 1024.0),
        "mib" => (Bytes, 1_048_576.0),
        "gib" => (Bytes, 1_073_741_824.0),
        "tib" => (Bytes, 1_099_511_627_776.0),
        "mg" | "milligram" | "milligrams" => (Grams, 1e-3),
        "g" | "gr" | "gram" | "grams" => (Grams, 1.0),
        "kg" | "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" => (Grams, 1e3),
        "lb" | "lbs" | "pounds" => (Grams, 453.592),
        "mm" | "millimetre" | "millimetres" | "millimeters" => (Metres, 1e-3),
        "cm" | "centimetre" | "centimetres" | "centimeters" => (Metres, 1e-2),
        "m" | "metre" | "metres" | "meter" | "meters" => (Metres, 1.0),
        "km" | "kms" | "kilometre" | "kilometres" | "kilometer" | "kilometers" => (Metres, 1e3),
        "mile" | "miles" | "mi" => (Metres, 1_609.34),
        "ft" | "feet" | "foot" => (Metres, 0.3048),
        "inch" | "inches" => (Metres, 0.0254),
        "ml" | "millilitre" | "millilitres" | "milliliters" => (Litres, 1e-3),
        "cl" => (Litres, 1e-2),
        "dl" => (Litres, 0.1),
        "l" | "litre" | "litres" | "liter" | "liters" => (Litres, 1.0),
        "°" | "°c" | "celsius" | "degrees" | "degree" => (Degrees, 1.0),
        "hz" | "hertz" => (Hertz, 1.0),
        "khz" => (Hertz, 1e3),
        "mhz" => (Hertz, 1e6),
        "ghz" => (Hertz, 1e9),
        "w" | "watt" | "watts" => (Watts, 1.0),
        "kw" | "kilowatt" | "kilowatts" => (Watts, 1e3),
        "€" | "eur" | "euro" | "euros" => (Money(Euro), 1.0),
        "$" | "usd" | "dollar" | "dollars" | "bucks" => (Money(Dollar), 1.0),
        "cent" | "cents" => (Money(Dollar), 0.01),
        "£" | "gbp" | "quid" => (Money(Pound), 1.0),
        "chf" | "francs" => (Money(Franc), 1.0),
        "¥" | "jpy" | "yen" => (Money(Yen), 1.0),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_dates_compare() {
        let count = |amount: f64| Value::Amount { amount, of: Measure::Count };
        let amount = |amount: f64, word: &str| {
            let (of, factor) = unit(word).unwrap();
            Value::Amount { amount: amount * factor, of }
        };
        let table = [
            (amount(2.0, "weeks"), amount(14.0, "days"), Relation::Same),
            (amount(2.0, "gb"), amount(2000.0, "mb"), Relation::Same),
            (amount(15.0, "minutes"), amount(24.0, "hours"), Relation::Differs),
            (amount(12.0, "percent"), count(0.12), Relation::Same),
            (amount(5.0, "minutes"), count(5.0), Relation::Apart),
            (count(100.0), count(101.0), Relation::Differs),
            (
                iso_date("2025-09-01").unwrap(),
                Value::Date { year: None, month: Some(9), day: Some(1) },
                Relation::Same,
            ),
            (Value::Version(vec![18, 19, 0]), Value::Version(vec![18, 19]), Relation::Same),
            (Value::Clock(540), Value::Weekday(1), Relation::Apart),
        ];
        for (one, other, relation) in table {
            assert_eq!(one.relation(&other), relation, "{one:?} {other:?}");
            assert_eq!(other.relation(&one), relation, "{other:?} {one:?}");
        }
    }

    #[test]
    fn what_is_no_value() {
        assert_eq!(
            (number("1,200.5"), number("1,20"), number("1.2.3"), number("x1")),
            (Some(1200.5), None, None, None)
        );
        assert_eq!((clock("9:15"), clock("9:5"), clock("std::mem")), (Some(555), None, None));
        assert_eq!(
            (month("nov"), month("sept"), month("augusta"), weekday("thurs")),
            (Some(11), Some(9), None, Some(3))
        );
        assert_eq!(
            (version("v2"), version("1.2.3"), version("1.2")),
            (Some(vec![2]), Some(vec![1, 2, 3]), None)
        );
    }
}
