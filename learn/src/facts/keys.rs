//! What is the same attribute of the same subject, and the same value, however it was put.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};

use super::lists;
use super::phrases::{Found, Sort};
use crate::language::pieces::{Piece, pieces};
use crate::language::values::{Measure, Value};
use crate::language::{lexicon, values_at::value_at};

/// Whether values of an attribute are times of the day: a day and an hour of one thing stand beside each other.
const CLOCK: &str = "|clock";

/// The stems of words that tell one attribute from another, sorted and once each.
pub fn stems<'w>(words: impl IntoIterator<Item = &'w str>) -> BTreeSet<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut stems = BTreeSet::new();
    for word in words {
        let tells = !lists::has("stops", word) && !lists::has("newness", word);
        if !tells || word.is_empty() {
            continue;
        }
        match lexicon::long_form(word) {
            Some(long) => stems.extend(long.split(' ').map(|word| lexicon::stem(&stemmer, word))),
            None => {
                stems.insert(lexicon::stem(&stemmer, word));
            }
        }
    }
    stems
}

/// The stems of a text.
pub fn stems_of(text: &str) -> BTreeSet<String> {
    stems(pieces(text, false).iter().map(|piece| piece.word.as_str()))
}

/// The key of an attribute: what its words come to without those that say only what kind of value it has.
pub fn attribute(subject: &[&str], words: &[&str], value: Option<&Found>) -> String {
    let telling: Vec<&str> = words.iter().copied().filter(|word| !lists::has("generic", word)).collect();
    let words = if telling.is_empty() { words } else { &telling };
    let mut stems = stems(subject.iter().chain(words).copied());
    if stems.is_empty() {
        stems.extend(words.iter().map(|word| (*word).to_owned()));
    }
    let clock = value.is_some_and(|value| match &value.sort {
        Sort::Typed(values) => values.iter().all(|value| matches!(value, Value::Clock(_))),
        _ => false,
    });
    let joined = stems.into_iter().collect::<Vec<_>>().join(" ");
    if clock { joined + CLOCK } else { joined }
}

/// The key of a value: numbers, dates and times by what they come to, words by their stems.
pub fn value(found: &Found, pieces: &[Piece]) -> String {
    match &found.sort {
        Sort::Typed(values) => values.iter().map(typed).collect::<Vec<_>>().join(" "),
        Sort::Code => words(pieces, found).join(" "),
        Sort::Name | Sort::Plain => {
            let words = words(pieces, found);
            let stems = stems(words.iter().map(String::as_str));
            if stems.is_empty() { words.join(" ") } else { stems.into_iter().collect::<Vec<_>>().join(" ") }
        }
    }
}

/// The key of a value in words.
pub fn value_of(text: &str) -> String {
    let pieces = pieces(text, false);
    let mut at = 0;
    let mut parts = BTreeSet::new();
    let mut values = Vec::new();
    while at < pieces.len() {
        match value_at(&pieces, at) {
            Some((value, used)) => {
                values.push(typed(&value));
                at += used;
            }
            None => {
                parts.extend(stems([pieces[at].word.as_str()]));
                at += 1;
            }
        }
    }
    values.extend(parts);
    if values.is_empty() { text.trim().to_lowercase() } else { values.join(" ") }
}

fn words(pieces: &[Piece], found: &Found) -> Vec<String> {
    pieces[found.words.clone()].iter().map(|piece| piece.word.clone()).collect()
}

fn typed(value: &Value) -> String {
    match value {
        // A unit that is not said is that of before.
        Value::Amount { amount, of: Measure::Count | Measure::Money(_) } => format!("{amount}"),
        Value::Amount { amount, of } => format!("{amount} {}", format!("{of:?}").to_lowercase()),
        Value::Clock(minutes) => format!("{:02}:{:02}", minutes / 60, minutes % 60),
        // A year is often left out.
        Value::Date { month: Some(month), day: Some(day), .. } => format!("{month:02}-{day:02}"),
        Value::Date { year, month, day } => {
            let parts = [year, month, day].into_iter().flatten();
            parts.map(u32::to_string).collect::<Vec<_>>().join("-")
        }
        Value::Weekday(day) => format!("weekday {day}"),
        Value::Ordinal(ordinal) => format!("{ordinal}."),
        Value::Version(parts) => parts.iter().map(u32::to_string).collect::<Vec<_>>().join("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_it_is_put() {
        let same = [
            (vec!["deploy", "day"], vec!["release"]),
            (vec!["new", "db"], vec!["database"]),
            (vec!["port", "number"], vec!["port"]),
        ];
        for (one, other) in same {
            assert_eq!(attribute(&[], &one, None), attribute(&[], &other, None));
        }
        assert_ne!(attribute(&["ann"], &["port"], None), attribute(&[], &["port"], None));
        assert_eq!(value_of("$1,200"), value_of("1200"));
        assert_eq!(value_of("9:15"), value_of("9:15 AM"));
        assert_eq!(value_of("Fridays"), value_of("friday"));
        assert_ne!(value_of("port 80"), value_of("port 81"));
    }
}
