//! Times in a question, as people say them. Pure: `now` is an argument, and every time is in UTC.
//!
//! | said                                                   | means                                           |
//! |--------------------------------------------------------|-------------------------------------------------|
//! | `2024-03-05`, `5 March 2024`, `March 5th`, `on Monday` | that day; without a year the newest that began  |
//! | `in March 2024`, `2023`, `Q1 2024`, `early June`       | that month, year, quarter, third of a month     |
//! | `yesterday`, `this morning`, `last night`, `today`     | that day, or part of it                         |
//! | `last week`, `this month`, `last March`, `last Friday` | the calendar's one before, or the one at hand   |
//! | `past 3 days`, `last 24h`, `the last two weeks`        | so long until now                               |
//! | `3 days ago`, `half a year ago`, `a fortnight ago`     | the calendar's unit that was then               |
//! | `in summer 2026`, `first week of May`, `end of March`  | that season, week, last third                   |
//! | `24.12.2025`, `10/02/2026`                             | that day; the day first where both can be       |
//! | `since`, `after`, `before`, `until`, `between … and …` | open stretches, from or to one of these         |
//! | `before the release`, `after we moved to Kafka`        | an anchor: a time that only the memory knows    |
//! | `three days before the release`                        | the day that was three days before that time    |
//! | `latest`, `most recent`; `first`, `earliest`           | an order                                        |

mod calendar;
mod phrases;
#[cfg(test)]
mod tests;

use athena_schemas::Time;

use calendar::Unit;
use phrases::{Word, words};

/// Words that say what a time is to a question.
const RELATIONS: [(&str, Relation); 9] = [
    ("before", Relation::Before),
    ("until", Relation::Until),
    ("till", Relation::Until),
    ("by", Relation::Until),
    ("prior to", Relation::Before),
    ("after", Relation::After),
    ("following", Relation::After),
    ("since", Relation::Since),
    ("starting", Relation::Since),
];
/// Words that stand before a time and say nothing more.
const WITHIN: [&str; 8] = ["in", "on", "at", "during", "within", "of", "the", "from"];
const NEWEST: [&str; 7] =
    ["latest", "newest", "recently", "lately", "most recent", "most recently", "last time"];
const OLDEST: [&str; 5] = ["first", "earliest", "oldest", "originally", "initially"];
/// Words of what a time is measured by, at most.
const ANCHOR_WORDS: usize = 6;
/// Words at which what a time is measured by ends.
const ENDS: [&str; 14] =
    ["what", "which", "who", "when", "where", "why", "how", "did", "does", "do", "was", "were", "and", "or"];

/// How the time asked for lies to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Before,
    Until,
    After,
    Since,
}

/// A stretch of time that a question names: from, and before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub from: Option<Time>,
    pub until: Option<Time>,
    /// As it was said.
    pub said: String,
}

/// A time that a question measures by something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    pub relation: Relation,
    pub what: String,
    /// How many of which unit before or after it; `None` anywhere there.
    distance: Option<(i64, Unit)>,
}

impl Anchor {
    /// The stretch of time that is meant, once it is known when that happened.
    pub fn span(&self, at: Time) -> Span {
        let said = self.what.clone();
        let around = self.distance.and_then(|(count, unit)| {
            unit.around(at, if self.relation == Relation::Before { -count } else { count })
        });
        let (from, until) = match (around, self.relation) {
            (Some((from, until)), _) => (Some(from), Some(until)),
            (None, Relation::Before) => (None, Some(at)),
            (None, Relation::Until) => (None, Some(at.plus_micros(1))),
            (None, Relation::After) => (Some(at.plus_micros(1)), None),
            (None, Relation::Since) => (Some(at), None),
        };
        Span { from, until, said }
    }
}

/// Which of several is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Newest,
    Oldest,
}

/// What a question says of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Times {
    pub spans: Vec<Span>,
    pub anchors: Vec<Anchor>,
    pub order: Option<Order>,
    /// The question without its times.
    pub rest: String,
}

impl Times {
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty() && self.anchors.is_empty() && self.order.is_none()
    }
}

/// Reads the times of a question.
pub fn read(text: &str, now: Time) -> Times {
    let words = words(text);
    let mut times = Times::default();
    let mut kept: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let taken = take(text, &words, at, now, &mut times);
        match taken {
            0 => {
                kept.push(words[at].written);
                at += 1;
            }
            taken => at += taken,
        }
    }
    times.rest = kept.join(" ");
    times
}

/// Takes one time that begins at this word; gives of how many words it is.
fn take(text: &str, words: &[Word<'_>], at: usize, now: Time, times: &mut Times) -> usize {
    let said = |count: usize| {
        let said = &text[words[at].start..words[at + count - 1].end];
        said.trim_end_matches(|letter: char| letter.is_ascii_punctuation()).to_owned()
    };
    if let Some((span, count)) = between(words, at, now) {
        times.spans.push(Span { said: said(count), ..span });
        return count;
    }
    if let Some((measured, count)) = distant(words, at, now) {
        match measured {
            Measured::Span((from, until)) => {
                times.spans.push(Span { from: Some(from), until: Some(until), said: said(count) });
            }
            Measured::Anchor(anchor) => times.anchors.push(anchor),
        }
        return count;
    }
    let relation = relation(words, at);
    let (skipped, relation) = relation.map_or((0, None), |(relation, count)| (count, Some(relation)));
    let lead = skipped + within(words, at + skipped);
    if let Some(((from, until), count)) = phrases::period(words, at + lead, now) {
        let (from, until) = match relation {
            None => (Some(from), Some(until)),
            Some(Relation::Before) => (None, Some(from)),
            Some(Relation::Until) => (None, Some(until)),
            Some(Relation::After) => (Some(until), None),
            Some(Relation::Since) => (Some(from), None),
        };
        times.spans.push(Span { from, until, said: said(lead + count) });
        return lead + count;
    }
    if let Some(relation) = relation
        && let Some((what, count)) = anchor(words, at + skipped)
        && !(relation == Relation::Until && words[at].lower == "by")
    {
        times.anchors.push(Anchor { relation, what, distance: None });
        return skipped + count;
    }
    for (order, names) in [(Order::Newest, &NEWEST[..]), (Order::Oldest, &OLDEST[..])] {
        if let Some(count) = names.iter().find_map(|name| phrases::spells(words, at, name)) {
            times.order.get_or_insert(order);
            return count;
        }
    }
    0
}

enum Measured {
    Span((Time, Time)),
    Anchor(Anchor),
}

/// `three days before the release`, `a week after 5 March`, and of how many words it is.
fn distant(words: &[Word<'_>], at: usize, now: Time) -> Option<(Measured, usize)> {
    let (number, unit, count) = phrases::counted(words, at)?;
    let (relation, more) = relation(words, at + count)?;
    let sign = match relation {
        Relation::Before => -1,
        Relation::After => 1,
        Relation::Until | Relation::Since => return None,
    };
    let begins = at + count + more;
    let lead = within(words, begins);
    if let Some(((from, _), last)) = phrases::period(words, begins + lead, now) {
        return Some((Measured::Span(unit.around(from, sign * number)?), begins + lead + last - at));
    }
    let (what, last) = anchor(words, begins)?;
    Some((Measured::Anchor(Anchor { relation, what, distance: Some((number, unit)) }), begins + last - at))
}

/// `between A and B`, `from A to B`.
fn between(words: &[Word<'_>], at: usize, now: Time) -> Option<(Span, usize)> {
    if !["between", "from"].contains(&words[at].lower.as_str()) {
        return None;
    }
    let begins = at + 1 + within(words, at + 1);
    let ((from, _), count) = phrases::period(words, begins, now)?;
    let joint = begins + count;
    let joins = words
        .get(joint)
        .is_some_and(|word| ["and", "to", "until", "till", "through", "-"].contains(&word.lower.as_str()));
    let ends = joint + 1 + within(words, joint + 1);
    let ((_, until), last) = joins.then(|| phrases::period(words, ends, now)).flatten()?;
    Some((Span { from: Some(from), until: Some(until), said: String::new() }, ends + last - at))
}

fn relation(words: &[Word<'_>], at: usize) -> Option<(Relation, usize)> {
    RELATIONS.iter().find_map(|(name, relation)| Some((*relation, phrases::spells(words, at, name)?)))
}

/// How many words stand before a time and say nothing of it.
fn within(words: &[Word<'_>], at: usize) -> usize {
    let says_nothing = |word: &&Word<'_>| WITHIN.contains(&word.lower.as_str());
    words.iter().skip(at).take_while(says_nothing).count()
}

/// What a time is measured by: some words up to the next mark or clause.
fn anchor(words: &[Word<'_>], at: usize) -> Option<(String, usize)> {
    let mut count = 0;
    while let Some(word) =
        words.get(at + count).filter(|word| count < ANCHOR_WORDS && !ENDS.contains(&word.lower.as_str()))
    {
        count += 1;
        if word.ends {
            break;
        }
    }
    let of = &words[at..at + count];
    let told = of
        .iter()
        .map(|word| word.bare)
        .skip_while(|word| ["the", "a", "an", "we", "i"].contains(&word.to_lowercase().as_str()));
    let told: Vec<&str> = told.collect();
    (!told.is_empty()).then(|| (told.join(" "), count))
}
