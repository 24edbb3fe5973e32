//! Where values stand among the words of a text.

use super::pieces::Piece;
use super::values::{self, Measure, Value};

/// The value that begins at a piece, and how many pieces it takes.
pub fn value_at(pieces: &[Piece], at: usize) -> Option<(Value, usize)> {
    pieces.get(at)?;
    let counted = || release_at(pieces, at).or_else(|| amount_at(pieces, at));
    date_at(pieces, at).or_else(|| clock_at(pieces, at)).or_else(counted).or_else(|| {
        let word = &pieces[at].word;
        let day = values::weekday(word).filter(|_| word.len() > 4 || pieces[at].capital).map(Value::Weekday);
        let ordinal = || values::ordinal(word).map(Value::Ordinal);
        let version = || values::version(word).map(Value::Version);
        Some((day.or_else(ordinal).or_else(version)?, 1))
    })
}

/// `1 September 2025`, `third of November`, `Nov 3`, `March 2027`, `in 2019`, `2025-09-01`.
fn date_at(pieces: &[Piece], at: usize) -> Option<(Value, usize)> {
    let word = |at: usize| pieces.get(at).map_or("", |piece| piece.word.as_str());
    if let Some(date) = values::iso_date(word(at)) {
        return Some((date, 1));
    }
    let day = |at: usize| {
        let plain =
            values::number(word(at)).filter(|number| number.fract() == 0.0).map(|number| number as u32);
        plain.or_else(|| values::ordinal(word(at))).filter(|day| (1..=31).contains(day))
    };
    let year = |at: usize| {
        word(at).parse::<u32>().ok().filter(|year| word(at).len() == 4 && (1900..2200).contains(year))
    };
    let month = |at: usize| {
        let written = pieces.get(at).is_some_and(|piece| {
            piece.capital || !["may", "march", "mar", "dec", "jan"].contains(&piece.word.as_str())
        });
        values::month(word(at)).filter(|_| written)
    };
    let of = usize::from(word(at + 1) == "of");
    if let (Some(day), Some(month)) = (day(at), month(at + 1 + of)) {
        let used = 2 + of;
        let year = year(at + used);
        return Some((
            Value::Date { year, month: Some(month), day: Some(day) },
            used + usize::from(year.is_some()),
        ));
    }
    if let Some(month) = month(at) {
        if let Some(year) = year(at + 1) {
            return Some((Value::Date { year: Some(year), month: Some(month), day: None }, 2));
        }
        if let Some(day) = day(at + 1) {
            let year = year(at + 2);
            return Some((
                Value::Date { year, month: Some(month), day: Some(day) },
                2 + usize::from(year.is_some()),
            ));
        }
        let modal = word(at) == "may" && pieces[at].begins;
        return (!modal).then_some((Value::Date { year: None, month: Some(month), day: None }, 1));
    }
    const BEFORE_YEARS: [&str; 10] =
        ["in", "since", "until", "till", "from", "of", "by", "before", "after", "year"];
    let led = at > 0 && BEFORE_YEARS.contains(&word(at - 1));
    let year = year(at).filter(|_| led)?;
    Some((Value::Date { year: Some(year), month: None, day: None }, 1))
}

/// `9:15`, `3 pm`, `noon`.
fn clock_at(pieces: &[Piece], at: usize) -> Option<(Value, usize)> {
    let word = |at: usize| pieces.get(at).map_or("", |piece| piece.word.as_str());
    let half = match word(at + 1) {
        "am" => Some(0),
        "pm" => Some(720),
        _ => None,
    };
    let minutes = |minutes: u32, half: u32| minutes % 720 + half;
    if let Some(clock) = values::clock(word(at)) {
        return Some(half.map_or((Value::Clock(clock), 1), |half| (Value::Clock(minutes(clock, half)), 2)));
    }
    match word(at) {
        "noon" | "midday" => return Some((Value::Clock(720), 1)),
        "midnight" => return Some((Value::Clock(0), 1)),
        _ => {}
    }
    let hour = values::number(word(at)).filter(|hour| (0.0..=24.0).contains(hour))?;
    half.map(|half| (Value::Clock(minutes((hour * 60.0) as u32, half)), 2))
}

/// `Python 3.10`, `version 2.1`: a number with one point after a name, and without a unit.
fn release_at(pieces: &[Piece], at: usize) -> Option<(Value, usize)> {
    const BEFORE: [&str; 4] = ["version", "release", "python", "node"];
    let named = at.checked_sub(1).map(|before| &pieces[before])?;
    let unit = pieces.get(at + 1).filter(|piece| piece.after == ' ').map_or("", |piece| piece.word.as_str());
    let counts = values::unit(unit).is_some() || values::scale(unit).is_some();
    let release = ((named.capital && !named.begins) || BEFORE.contains(&named.word.as_str()))
        && pieces[at].after == ' '
        && !counts;
    values::release(&pieces[at].word).filter(|_| release).map(|parts| (Value::Version(parts), 1))
}

/// `€1,200`, `two weeks`, `1 h 45 min`, `half a dollar`, `1.2 million`, `p95`.
fn amount_at(pieces: &[Piece], at: usize) -> Option<(Value, usize)> {
    let word = |at: usize| pieces.get(at).map_or("", |piece| piece.word.as_str());
    let percentile = |amount: f64| Value::Amount { amount, of: Measure::Percentile };
    if let Some(rank) = word(at).strip_prefix('p').and_then(|rank| rank.parse::<f64>().ok()) {
        return Some((percentile(rank), 1));
    }
    if let (Some(rank), "percentile") = (values::ordinal(word(at)), word(at + 1)) {
        return Some((percentile(rank.into()), 2));
    }
    let sign = values::unit(word(at)).filter(|_| "€$£¥".contains(word(at)));
    let start = at + usize::from(sign.is_some());
    let minus = word(start) == "minus" && word(start + 1).starts_with(|c: char| c.is_ascii_digit());
    let start = start + usize::from(minus);
    let spelled = values::spelled(word(start));
    let mut amount = values::number(word(start)).or(spelled)?;
    if minus {
        amount = -amount;
    }
    let mut end = start + 1;
    if spelled.is_some_and(|tens| tens >= 20.0)
        && let Some(ones) = values::spelled(word(end)).filter(|ones| (1.0..10.0).contains(ones))
    {
        (amount, end) = (amount + ones, end + 1);
    }
    while let Some(scale) = values::scale(word(end)) {
        (amount, end) = (amount * scale, end + 1);
    }
    if word(end) == "and" && word(end + 1) == "a" && word(end + 2) == "half" {
        (amount, end) = (amount + 0.5, end + 3);
    }
    let half = word(start) == "half";
    let article = usize::from(half && ["a", "an"].contains(&word(end)));
    let (of, factor, used) = match (sign, values::unit(word(end + article))) {
        (Some((of, factor)), _) => (of, factor, 0),
        (None, Some((of, factor))) => (of, factor, article + 1),
        // `from 20 to 45 minutes`
        (None, None) if word(end) == "to" && values::number(word(end + 1)).is_some() => {
            values::unit(word(end + 2)).map_or((Measure::Count, 1.0, 0), |(of, factor)| (of, factor, 0))
        }
        // Half of what is no unit is no number.
        (None, None) if half => return None,
        (None, None) => (Measure::Count, 1.0, 0),
    };
    end += used;
    amount *= factor;
    if of == Measure::Seconds
        && let Some((Value::Amount { amount: more, of: Measure::Seconds }, used)) =
            values::number(word(end)).and_then(|_| amount_at(pieces, end))
        && more < amount
    {
        (amount, end) = (amount + more, end + used);
    }
    Some((Value::Amount { amount, of }, end - at))
}

#[cfg(test)]
mod tests {
    use super::super::pieces::pieces;
    use super::super::values::Relation;
    use super::*;

    fn value(text: &str, number: usize) -> Value {
        let pieces = pieces(text, false);
        let mut values = (0..pieces.len()).filter_map(|at| value_at(&pieces, at)).map(|(value, _)| value);
        values.nth(number).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn signs_and_releases_count() {
        let relation = |one: &str, other: &str| value(one, 0).relation(&value(other, 0));
        let table = [
            ("kept at -18 degrees", "kept at 18 degrees", Relation::Differs),
            ("kept at -18 degrees", "kept at minus 18 °C", Relation::Same),
            ("runs on Python 3.10", "runs on Python 3.1", Relation::Differs),
            ("runs on Python 3.10", "runs on Python 3", Relation::Same),
            ("a ratio of 0.50", "a ratio of 0.5", Relation::Same),
            ("went from 20 to 45 minutes", "is 20 minutes", Relation::Same),
        ];
        for (one, other, wanted) in table {
            assert_eq!(relation(one, other), wanted, "{one} | {other}");
        }
    }
}
