//! Words of a question, and the stretch of time that some of them name.

use athena_schemas::Time;
use chrono::{Datelike, NaiveDate};

use super::calendar::{self, MONTHS, Period, Unit};

/// A word as it stands in a text.
#[derive(Debug, Clone)]
pub struct Word<'t> {
    pub start: usize,
    pub end: usize,
    /// With the marks around it, and without them.
    pub written: &'t str,
    pub bare: &'t str,
    pub lower: String,
    /// Whether a mark follows that ends a clause.
    pub ends: bool,
}

/// Words of a question that are looked at.
const MOST_WORDS: usize = 512;
const COUNTS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];
const FORTNIGHTS: [&str; 2] = ["fortnight", "fortnights"];
const LARGEST_COUNT: i64 = 10_000;
/// What follows a unit of which there is half of one more, or what stands before one of which there is half.
const AND_A_HALF: &str = "and a half";
const HALF: [&str; 4] = ["half a", "half an", "a half", "half"];
/// Words that make of a number of four digits a year.
const BEFORE_A_YEAR: [&str; 14] = [
    "in", "since", "before", "after", "during", "of", "until", "till", "from", "and", "to", "by", "late",
    "early",
];
/// Words that make of `may` and `march` months.
const BEFORE_A_MONTH: [&str; 17] = [
    "in", "of", "since", "before", "after", "until", "till", "last", "this", "next", "by", "from", "during",
    "early", "mid", "late", "to",
];

/// Edges of a stretch, and which third of it they are.
const EDGES: [(&str, i64); 4] = [("end of", 2), ("beginning of", 0), ("start of", 0), ("middle of", 1)];
const ORDINALS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "last"];
/// Seasons of the northern half of the earth, and the months that they begin with.
const SEASONS: [(&str, u32); 5] = [("spring", 3), ("summer", 6), ("autumn", 9), ("fall", 9), ("winter", 12)];

pub fn words(text: &str) -> Vec<Word<'_>> {
    let mut all = Vec::new();
    let mut at = 0;
    for written in text.split_whitespace().take(MOST_WORDS) {
        let start = at + text[at..].find(written).unwrap_or_default();
        at = start + written.len();
        let bare = written.trim_matches(|letter: char| !letter.is_alphanumeric());
        let bare = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s")).unwrap_or(bare);
        let ends = written.ends_with([',', '.', '?', '!', ';', ':']);
        all.push(Word { start, end: at, written, bare, lower: bare.to_lowercase(), ends });
    }
    all
}

/// Of how many words a phrase is, where it stands here.
pub fn spells(words: &[Word<'_>], at: usize, phrase: &str) -> Option<usize> {
    let mut count = 0;
    for part in phrase.split(' ') {
        if words.get(at + count)?.lower != part {
            return None;
        }
        count += 1;
    }
    Some(count)
}

/// The stretch of time that is named from this word on, and by how many words.
pub fn period(words: &[Word<'_>], at: usize, now: Time) -> Option<(Period, usize)> {
    let word = |ahead: usize| words.get(at + ahead).map_or("", |word| word.lower.as_str());
    if let Some(number) = ["early", "mid", "late"].iter().position(|part| *part == word(0)) {
        let (whole, count) = dated(words, at + 1, now)?;
        return Some((calendar::third(whole, number as i64), count + 1));
    }
    let edge = EDGES.iter().find_map(|(edge, third)| Some((spells(words, at, edge)?, *third)));
    if let Some((count, third)) = edge {
        let (whole, more) = whole(words, at + count, now)?;
        return Some((calendar::third(whole, third), count + more));
    }
    if let Some(part) = part_of(words, at, now) {
        return Some(part);
    }
    near(words, at, now)
        .or_else(|| stepped(words, at, now))
        .or_else(|| measured(words, at, now))
        .or_else(|| dated(words, at, now))
}

/// What an edge or a part is of: `October`, `the year 2025`, `last month`.
fn whole(words: &[Word<'_>], at: usize, now: Time) -> Option<(Period, usize)> {
    let the = usize::from(words.get(at)?.lower == "the");
    let (whole, count) = stepped(words, at + the, now).or_else(|| dated(words, at + the, now))?;
    Some((whole, the + count))
}

/// `first week of October`, `last day of March 2024`, `second half of 2025`.
fn part_of(words: &[Word<'_>], at: usize, now: Time) -> Option<(Period, usize)> {
    let word = |ahead: usize| words.get(at + ahead).map_or("", |word| word.lower.as_str());
    let nth = ORDINALS.iter().position(|ordinal| *ordinal == word(0))?;
    if !["of", "in"].contains(&word(2)) {
        return None;
    }
    let days = match word(1) {
        "day" => 1,
        "week" => 7,
        "half" if nth < 2 || word(0) == "last" => 0,
        _ => return None,
    };
    let ((from, until), count) = whole(words, at + 3, now)?;
    let last = word(0) == "last";
    let begins = |steps: i64| from.plus_micros(steps * calendar::DAY_MICROS);
    let period = match days {
        0 => {
            let middle = from.plus_micros((until.micros() - from.micros()) / 2);
            if nth == 0 { (from, middle) } else { (middle, until) }
        }
        days if last => (until.plus_micros(-days * calendar::DAY_MICROS), until),
        days => (begins(nth as i64 * days), begins((nth as i64 + 1) * days).min(until)),
    };
    (period.0 >= from && period.0 < period.1).then_some((period, 3 + count))
}

/// Days that have a name by how near they are, and their parts.
fn near(words: &[Word<'_>], at: usize, now: Time) -> Option<(Period, usize)> {
    let today = calendar::date(now);
    if let Some(count) = spells(words, at, "day before yesterday") {
        return Some((calendar::days(calendar::moved(today, -2)?, 1)?, count));
    }
    if let Some(count) = spells(words, at, "last night") {
        return Some((calendar::part(calendar::moved(today, -1)?, "night")?, count));
    }
    let (day, count) = match words.get(at)?.lower.as_str() {
        "today" | "tonight" | "now" => (today, 1),
        "yesterday" => (calendar::moved(today, -1)?, 1),
        "tomorrow" => (calendar::moved(today, 1)?, 1),
        "this" => (today, 1),
        _ => return None,
    };
    let part = words.get(at + count).and_then(|word| calendar::part(day, &word.lower));
    match part {
        Some(part) => Some((part, count + 1)),
        None if words[at].lower == "this" => None,
        None if words[at].lower == "tonight" => Some((calendar::part(day, "night")?, count)),
        None => Some((calendar::days(day, 1)?, count)),
    }
}

/// `last week`, `this month`, `next year`, `last March`, `last Friday`, `last weekend`.
fn stepped(words: &[Word<'_>], at: usize, now: Time) -> Option<(Period, usize)> {
    let steps = match words.get(at)?.lower.as_str() {
        "last" | "previous" => -1,
        "this" | "current" => 0,
        "next" => 1,
        _ => return None,
    };
    let name = words.get(at + 1)?.lower.as_str();
    let today = calendar::date(now);
    if name == "weekend" {
        let (monday, _) = Unit::Week.around(now, steps)?;
        return Some((calendar::days(calendar::moved(calendar::date(monday), 5)?, 2)?, 2));
    }
    if let Some(weekday) = calendar::weekday(name) {
        let this = calendar::newest(weekday, today)?;
        let day = match steps {
            -1 if this == today => calendar::moved(this, -7)?,
            1 => calendar::moved(this, 7)?,
            _ => this,
        };
        return Some((calendar::days(day, 1)?, 2));
    }
    if let Some(number) = MONTHS.iter().position(|month| *month == name) {
        let number = number as u32 + 1;
        let year = match (steps, number.cmp(&today.month())) {
            (-1, std::cmp::Ordering::Less) | (0, _) => today.year(),
            (-1, _) => today.year() - 1,
            (_, std::cmp::Ordering::Greater) => today.year(),
            _ => today.year() + 1,
        };
        return Some((calendar::month(number, Some(year), now)?, 2));
    }
    if let Some(first) = season_of(&words[at + 1]) {
        let (this, _) = calendar::season(first, None, now)?;
        let here = calendar::season(first, None, now)?.1 > now;
        let year = calendar::date(this).year() + if here { steps } else { 1 + steps.min(0) } as i32;
        return Some((calendar::season(first, Some(year), now)?, 2));
    }
    // One of a unit that is no more than itself: several are measured. "The last second" is no time.
    let unit =
        Unit::parse(name).filter(|unit| *unit != Unit::Second && !name.ends_with('s') && name.len() > 2)?;
    Some((unit.around(now, steps)?, 2))
}

/// `3 days ago`, `past 2 weeks`, `last 24h`, `within 2 hours`.
fn measured(words: &[Word<'_>], at: usize, now: Time) -> Option<(Period, usize)> {
    let first = words.get(at)?.lower.as_str();
    let leads = ["past", "last", "previous"].contains(&first);
    if leads && let Some(unit) = words.get(at + 1).and_then(|word| Unit::parse(&word.lower)) {
        let one = first == "past";
        return one.then(|| Some(((unit.before(now, 1)?, now), 2))).flatten();
    }
    let begins = at + usize::from(leads);
    let (number, unit, count) = counted(words, begins)?;
    let ago = words.get(begins + count).is_some_and(|word| word.lower == "ago");
    if ago && !leads {
        return Some((unit.around(now, -number)?, count + 1));
    }
    let within = at > 0 && words[at - 1].lower == "within";
    (leads || within).then(|| Some(((unit.before(now, number)?, now), usize::from(leads) + count))).flatten()
}

/// A number and a unit, and of how many words they are.
pub fn counted(words: &[Word<'_>], at: usize) -> Option<(i64, Unit, usize)> {
    let first = words.get(at)?.lower.as_str();
    for phrase in HALF {
        if let Some(count) = spells(words, at, phrase) {
            let (_, half, unit) = Unit::parse(&words.get(at + count)?.lower)?.halves()?;
            return Some((half, unit, count + 1));
        }
    }
    if FORTNIGHTS.contains(&first) {
        return Some((2, Unit::Week, 1));
    }
    let split = first.find(|letter: char| !letter.is_ascii_digit());
    if let Some(split) = split.filter(|split| *split > 0)
        && let Some(unit) = Unit::parse(&first[split..])
    {
        return Some((bounded(first[..split].parse().ok()?)?, unit, 1));
    }
    for (phrase, number) in [("a couple of", 2), ("couple of", 2), ("a few", 3), ("few", 3)] {
        if let Some(count) = spells(words, at, phrase) {
            return Some((number, Unit::parse(&words.get(at + count)?.lower)?, count + 1));
        }
    }
    let number = match COUNTS.iter().position(|count| *count == first) {
        Some(number) => number as i64,
        None if ["a", "an"].contains(&first) => 1,
        None => bounded(first.parse().ok()?)?,
    };
    // "Two and a half years", "a year and a half".
    let more = spells(words, at + 1, AND_A_HALF);
    let named = words.get(at + 1 + more.unwrap_or_default())?.lower.as_str();
    if more.is_none() && FORTNIGHTS.contains(&named) {
        return Some((2 * number, Unit::Week, 2));
    }
    let unit = Unit::parse(named)?;
    match more.or_else(|| spells(words, at + 2, AND_A_HALF)) {
        Some(count) => {
            let (whole, half, smaller) = unit.halves()?;
            Some((number * whole + half, smaller, 2 + count))
        }
        None => Some((number, unit, 2)),
    }
}

fn bounded(number: i64) -> Option<i64> {
    (0..=LARGEST_COUNT).contains(&number).then_some(number)
}

/// Dates, months, quarters, years and days of the week.
fn dated(words: &[Word<'_>], at: usize, now: Time) -> Option<(Period, usize)> {
    let word = |ahead: usize| words.get(at + ahead).map_or("", |word| word.lower.as_str());
    if let Some(period) = written(words.get(at)?.bare) {
        return Some((period, 1));
    }
    if let Some(number) = month_of(words, at, true) {
        if let Some(day) = day_of(word(1)) {
            let year = year_of(word(2));
            let count = 2 + usize::from(year.is_some());
            return Some((calendar::day(day, number, year, now)?, count));
        }
        let year = year_of(word(1));
        return Some((calendar::month(number, year, now)?, 1 + usize::from(year.is_some())));
    }
    if let Some(day) = day_of(word(0)) {
        let of = usize::from(word(1) == "of");
        let number = month_of(words, at + 1 + of, false)?;
        let year = year_of(word(2 + of));
        return Some((calendar::day(day, number, year, now)?, 2 + of + usize::from(year.is_some())));
    }
    if let Some(weekday) = calendar::weekday(word(0)) {
        // Beside a date it says nothing more.
        let next = at + 1 + usize::from(word(1) == "the");
        let is_day = |(from, until): Period| until.micros() - from.micros() == calendar::DAY_MICROS;
        let beside = words.get(next).filter(|next| calendar::weekday(&next.lower).is_none());
        if let Some((day, count)) =
            beside.and_then(|_| dated(words, next, now)).filter(|(day, _)| is_day(*day))
        {
            return Some((day, next + count - at));
        }
        return Some((calendar::days(calendar::newest(weekday, calendar::date(now))?, 1)?, 1));
    }
    if let Some(first) = season_of(words.get(at)?) {
        let year = year_of(word(1));
        let said = at > 0 && BEFORE_A_MONTH.contains(&words[at - 1].lower.as_str());
        let sure = year.is_some() || (said && words[at].bare == words[at].lower);
        return sure.then(|| Some((calendar::season(first, year, now)?, 1 + usize::from(year.is_some()))))?;
    }
    if let Some(quarter) = word(0).strip_prefix('q').and_then(|number| number.parse::<u32>().ok()) {
        let first = (1..=4).contains(&quarter).then_some(3 * quarter - 2)?;
        let year = year_of(word(1));
        let (from, _) = calendar::month(first, year, now)?;
        return Some((Unit::Quarter.around(from, 0)?, 1 + usize::from(year.is_some())));
    }
    let said = at > 0 && BEFORE_A_YEAR.contains(&words[at - 1].lower.as_str());
    Some((calendar::year(year_of(word(0)).filter(|_| said)?)?, 1))
}

/// The month that a season begins with.
fn season_of(word: &Word<'_>) -> Option<u32> {
    SEASONS.iter().find(|(name, _)| *name == word.lower).map(|(_, first)| *first)
}

/// `24.12.2025`, `10/02/2026`: the day first, unless it can only be the month.
fn year_last(word: &str) -> Option<Period> {
    let parts: Vec<&str> = word.split(['.', '/']).collect();
    let [one, other, year] = parts[..] else { return None };
    let number = |text: &str| (1..=2).contains(&text.len()).then(|| text.parse::<u32>().ok()).flatten();
    let (year, one, other) = (year_of(year)?, number(one)?, number(other)?);
    let (day, month) = if other > 12 && word.contains('/') { (other, one) } else { (one, other) };
    calendar::days(NaiveDate::from_ymd_opt(year, month, day)?, 1)
}

/// `2024-03-05`, `2024/03/05`, `2024-03`, `2024-03-05T10:20:00Z`, `24.12.2025`.
fn written(word: &str) -> Option<Period> {
    if let Some(at) = Time::parse(word) {
        return Some((at, at.plus_micros(1_000_000)));
    }
    if let Some(day) = year_last(word) {
        return Some(day);
    }
    let word = word.replace('/', "-");
    if let Some((_, clock)) = word.split_once(['T', 't']) {
        let (text, micros) = match clock.len() {
            5 => (format!("{word}:00Z"), 60_000_000),
            8 => (format!("{word}Z"), 1_000_000),
            _ => return None,
        };
        let at = Time::parse(&text)?;
        return Some((at, at.plus_micros(micros)));
    }
    let parts: Vec<&str> = word.split('-').collect();
    let year = year_of(parts[0])?;
    let number = |text: &str| (text.len() == 2).then(|| text.parse::<u32>().ok()).flatten();
    match parts[1..] {
        [month, day] => calendar::days(NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)?, 1),
        [month] => calendar::month(number(month)?, Some(year), Time::default()),
        _ => None,
    }
}

/// The number of a month, from 1. What is also another word is one only where its neighbours say so.
fn month_of(words: &[Word<'_>], at: usize, leads: bool) -> Option<u32> {
    let name = words.get(at)?.lower.as_str();
    let beside = |word: Option<&Word<'_>>| {
        word.is_some_and(|word| day_of(&word.lower).is_some() || year_of(&word.lower).is_some())
    };
    let number = MONTHS.iter().position(|month| *month == name);
    if let Some(number) = number {
        let plain = !["may", "march"].contains(&name);
        let said = at > 0 && BEFORE_A_MONTH.contains(&words[at - 1].lower.as_str());
        let sure = plain || said || !leads || beside(words.get(at + 1));
        return sure.then_some(number as u32 + 1);
    }
    let number =
        MONTHS.iter().position(|month| name == &month[..3] || (name == "sept" && *month == "september"))?;
    (!leads || beside(words.get(at + 1))).then_some(number as u32 + 1)
}

/// `5`, `5th`, `21st`.
fn day_of(word: &str) -> Option<u32> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    digits.parse().ok().filter(|day| (1..=31).contains(day) && digits.len() <= 2)
}

/// A year of four digits that begins with 19 or 20.
fn year_of(word: &str) -> Option<i32> {
    let looks = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    word.parse().ok().filter(|_| looks)
}
