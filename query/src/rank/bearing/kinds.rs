//! What kind of answer a question asks for, and how surely a text tells one. Pure.

use super::table;
use super::words::{Word, is_number};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Person,
    Time,
    Place,
    /// How many.
    Count,
    Money,
    /// How long, often or old.
    Span,
    /// Of any other measure.
    Degree,
}

impl Kind {
    /// In the order of the signs.
    pub const ALL: [Self; 7] =
        [Self::Person, Self::Time, Self::Place, Self::Count, Self::Money, Self::Span, Self::Degree];
}

/// What a part of a question asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    pub kind: Option<Kind>,
    /// How many of its words, from which on, only say so.
    pub at: usize,
    pub count: usize,
    /// What is to be counted.
    pub counted: Option<String>,
}

/// Words that ask by themselves do so from here on the left; further right they tie clauses.
const FOREMOST: usize = 3;
/// After `what` and `which`, in which words the kind is told.
const NEAR: usize = 7;
/// A question without a word that asks is read by its nouns if it has no more words.
const KEYWORDS: usize = 8;

const BY_ITSELF: [(Kind, &str); 3] =
    [(Kind::Person, "asks.person"), (Kind::Time, "asks.time"), (Kind::Place, "asks.place")];
const AFTER_HOW: [(Kind, &str); 3] =
    [(Kind::Count, "asks.count"), (Kind::Span, "asks.span"), (Kind::Degree, "asks.degree")];
const BY_NOUN: [(Kind, &str); 4] = [
    (Kind::Person, "of.person"),
    (Kind::Time, "of.time"),
    (Kind::Money, "of.money"),
    (Kind::Degree, "of.degree"),
];

pub fn asked(words: &[Word]) -> Asked {
    let kind_of = |word: &Word, kinds: &[(Kind, &str)]| {
        kinds.iter().find(|(_, list)| table::has(list, &word.lower)).map(|(kind, _)| *kind)
    };
    for (at, word) in words.iter().enumerate() {
        if let Some(kind) = kind_of(word, &BY_ITSELF).filter(|_| at < FOREMOST) {
            return Asked { kind: Some(kind), at, count: 1, counted: None };
        }
        match word.lower.as_str() {
            "how" => return how(words, at, kind_of),
            "what" | "which" => {
                let nouns = &words[at + 1..words.len().min(at + 1 + NEAR)];
                let found = nouns
                    .iter()
                    .enumerate()
                    .find_map(|(ahead, noun)| Some((ahead, kind_of(noun, &BY_NOUN)?)));
                // "Which day" only asks for a time, "which port" also says of what.
                let count = 1 + usize::from(matches!(found, Some((0, Kind::Time))));
                return Asked { kind: found.map(|(_, kind)| kind), at, count, counted: None };
            }
            _ => {}
        }
    }
    let keywords = words.len() <= KEYWORDS;
    let kind = words.iter().filter(|_| keywords).find_map(|word| kind_of(word, &BY_NOUN[1..]));
    Asked { kind, ..Asked::default() }
}

fn how(words: &[Word], at: usize, kind_of: impl Fn(&Word, &[(Kind, &str)]) -> Option<Kind>) -> Asked {
    let next = words.get(at + 1);
    let kind = match next.map(|word| word.lower.as_str()) {
        Some("much") if words.iter().any(|word| table::has("of.money", &word.lower)) => Some(Kind::Money),
        Some("much") => Some(Kind::Degree),
        _ => next.and_then(|word| kind_of(word, &AFTER_HOW)),
    };
    let counted = words.get(at + 2).filter(|_| kind == Some(Kind::Count)).map(|word| word.lower.clone());
    Asked { kind, at, count: 1 + usize::from(kind.is_some()), counted }
}

/// How surely words that the question does not have tell what it asks for, from 0 to 1. `name_like` says how much a
/// word is like a given name, `counted` whether a word is what is to be counted.
pub fn told(
    kind: Kind,
    words: &[Word],
    is_asked: impl Fn(&str) -> bool,
    mut name_like: impl FnMut(&str) -> f32,
    mut counted: impl FnMut(&str) -> bool,
) -> f32 {
    let mut sure = 0.0_f32;
    for (at, word) in words.iter().enumerate().filter(|(_, word)| !is_asked(&word.lower)) {
        let lower = word.lower.as_str();
        let number = word.is_number() || table::has("tells.count", lower);
        let date = table::has("tells.date", lower) || is_date(lower);
        let span = table::has("tells.span", lower);
        let found = match kind {
            Kind::Person => match () {
                () if table::has("tells.person", lower) => 0.6,
                () if !word.capital || date || word.is_number() => 0.0,
                () if word.begins => name_like(lower),
                () if word.inner => 0.4,
                () => (0.4 + name_like(lower)).min(1.0),
            },
            Kind::Time if date => 1.0,
            Kind::Time if number && at > 0 && BEFORE_A_TIME.contains(&words[at - 1].lower.as_str()) => 0.8,
            Kind::Time if span => 0.6,
            Kind::Place if !number && !date && !span && follows_a_preposition(words, at) => 1.0,
            Kind::Count if number => {
                let near = &words[at + 1..words.len().min(at + 4)];
                if near.iter().any(|word| counted(&word.lower)) { 1.0 } else { 0.4 }
            }
            Kind::Money if table::has("tells.money", lower) => 1.0,
            Kind::Money if number => 0.3,
            Kind::Span if span || date => 1.0,
            Kind::Span if number => 0.4,
            Kind::Degree if number => 1.0,
            Kind::Degree if span => 0.4,
            _ => 0.0,
        };
        sure = sure.max(found);
    }
    sure
}

const BEFORE_A_TIME: [&str; 6] = ["at", "by", "until", "from", "on", "than"];

/// `20th`, `02:15`, `2028`.
fn is_date(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit());
    let ordinal = ["st", "nd", "rd", "th"].iter().any(|end| word.strip_suffix(end).is_some_and(digits));
    let clock = word.split_once(':').is_some_and(|(hour, minute)| is_number(hour) && is_number(minute));
    let year = word.len() == 4 && digits(word) && (word.starts_with("19") || word.starts_with("20"));
    ordinal || clock || year
}

fn follows_a_preposition(words: &[Word], at: usize) -> bool {
    let is = |back: usize, list: &str| at >= back && table::has(list, &words[at - back].lower);
    !is(0, "article") && (is(1, "tells.place") || (is(1, "article") && is(2, "tells.place")))
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn a_question_asks_for_a_kind() {
        let table = [
            ("Who owns the tariff engine?", Some(Kind::Person)),
            ("until when is it valid", Some(Kind::Time)),
            ("Which day is paper collected?", Some(Kind::Time)),
            ("where are the oars", Some(Kind::Place)),
            ("how many seats does the coach have?", Some(Kind::Count)),
            ("how much does it cost", Some(Kind::Money)),
            ("how much water do they get", Some(Kind::Degree)),
            ("How long are logs kept?", Some(Kind::Span)),
            ("on which port does it listen", Some(Kind::Degree)),
            ("deadline of the paper", Some(Kind::Time)),
            ("how do I build it", None),
            ("what does it do when it fails", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(asked(&words(text)).kind, expected, "{text}");
        }
        assert_eq!(asked(&words("how many seats has it")).counted.as_deref(), Some("seats"));
    }

    #[test]
    fn a_text_tells_a_kind() {
        let told = |kind, text: &str| {
            told(
                kind,
                &words(text),
                |word| word == "port",
                |name| f32::from(name == "ann"),
                |word| word == "seats",
            )
        };
        let table = [
            (Kind::Person, "Ann runs it", 1.0),
            (Kind::Person, "Backups run on Monday", 0.0),
            (Kind::Time, "it ends on 20th", 1.0),
            (Kind::Time, "it has 12 parts", 0.0),
            (Kind::Place, "it lies under the oak", 1.0),
            (Kind::Place, "it ends in May 2028", 1.0),
            (Kind::Count, "it has 49 red seats", 1.0),
            (Kind::Count, "it has 49 wheels", 0.4),
            (Kind::Money, "it is 9 euros", 1.0),
            (Kind::Span, "for 14 days", 1.0),
            (Kind::Degree, "port nine", 1.0),
            (Kind::Degree, "port", 0.0),
        ];
        for (kind, text, expected) in table {
            assert_eq!(told(kind, text), expected, "{kind:?} {text}");
        }
    }
}
