//! Facts that a question or a few words mean. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::stems_of;
use crate::language::lexicon;
use crate::language::pieces::pieces;
use crate::language::values::{Measure, Value};

/// A fact as it is searched for.
#[derive(Debug, Clone)]
pub struct Candidate<'a> {
    pub subject: &'a str,
    pub attribute: &'a str,
    pub value: &'a str,
    pub text: &'a str,
    /// From when it is true, in microseconds.
    pub since: i64,
    /// Whether it holds now.
    pub holds: bool,
}

/// What a word counts by where it stands.
const IN_ATTRIBUTE: f64 = 1.0;
const IN_TEXT: f64 = 0.75;
/// What it counts that a fact has the kind of value that is asked for, and that it holds, in shares of the whole.
const KIND: f64 = 0.15;
const HOLDS: f64 = 0.08;
/// Between facts of as good words the newer one is first: what that counts at most.
const NEWER: f64 = 0.04;

/// Whether all the words are among those of a text, but for those that say only what kind of value is meant: `day`.
pub fn means(words: &str, text: &str) -> bool {
    let pieces = pieces(words, false);
    let telling =
        pieces.iter().map(|piece| piece.word.as_str()).filter(|word| !super::lists::has("generic", word));
    let wanted = match super::keys::stems(telling) {
        none if none.is_empty() => stems_of(words),
        wanted => wanted,
    };
    let there = stems_of(text);
    !wanted.is_empty() && wanted.is_subset(&there)
}

/// For each fact how well it answers, from 0 to about 1.
pub fn scores(question: &str, facts: &[Candidate<'_>]) -> Vec<f64> {
    let asked = telling(question);
    let wants = Wants::of(question);
    let stems: Vec<(BTreeSet<String>, BTreeSet<String>)> = facts
        .iter()
        .map(|fact| {
            (stems_of(&format!("{} {} {}", fact.subject, fact.attribute, fact.value)), stems_of(fact.text))
        })
        .collect();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (named, said) in &stems {
        for stem in named.union(said).filter(|stem| asked.contains(*stem)) {
            *known.entry(stem).or_default() += 1;
        }
    }
    let many = facts.len() as f64;
    let idf = |stem: &str| {
        let with = known.get(stem).copied().unwrap_or_default() as f64;
        ((many - with + 0.5) / (with + 0.5) + 1.0).ln()
    };
    let whole: f64 = asked.iter().map(|stem| idf(stem)).sum::<f64>().max(f64::MIN_POSITIVE);
    let oldest = facts.iter().map(|fact| fact.since).min().unwrap_or_default();
    let span = facts.iter().map(|fact| fact.since - oldest).max().unwrap_or_default().max(1) as f64;
    let score = |(fact, (named, said)): (&Candidate<'_>, &(BTreeSet<String>, BTreeSet<String>))| {
        let covered: f64 = asked
            .iter()
            .map(|stem| match (named.contains(stem), said.contains(stem)) {
                (true, _) => idf(stem) * IN_ATTRIBUTE,
                (false, true) => idf(stem) * IN_TEXT,
                (false, false) => 0.0,
            })
            .sum();
        if covered == 0.0 {
            return 0.0;
        }
        let kind = if wants.is_met(fact.value) { KIND } else { 0.0 };
        let holds = if fact.holds { HOLDS } else { 0.0 };
        let newer = NEWER * (fact.since - oldest) as f64 / span;
        (covered / whole) * (1.0 - KIND - HOLDS - NEWER) + kind + holds + newer
    };
    facts.iter().zip(&stems).map(score).collect()
}

/// The stems of a question without the words that only ask.
fn telling(question: &str) -> BTreeSet<String> {
    let pieces = pieces(question, false);
    let silent = |word: &str| lexicon::is_empty(word) || super::lists::has("happening", word);
    let words = pieces.iter().map(|piece| piece.word.as_str()).filter(|word| !silent(word));
    super::keys::stems(words)
}

/// The kind of value that a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wants {
    Clock,
    Time,
    Count,
    Number,
    Any,
}

impl Wants {
    fn of(question: &str) -> Self {
        let question = question.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| question.contains(word));
        if has(&["what time", "which time", "at what hour"]) {
            return Self::Clock;
        }
        if has(&["when ", "what date", "which day", "what day", "deadline"]) {
            return Self::Time;
        }
        let lasts = ["hours", "minutes", "days", "weeks", "months", "percent"];
        if has(&["how many"]) && !has(&lasts) {
            return Self::Count;
        }
        if has(&[
            "how many",
            "how much",
            "how long",
            "what percentage",
            "average",
            "budget",
            " rate",
            "total",
        ]) {
            return Self::Number;
        }
        Self::Any
    }

    fn is_met(self, value: &str) -> bool {
        let pieces = pieces(value, false);
        let values = (0..pieces.len()).filter_map(|at| crate::language::values_at::value_at(&pieces, at));
        let mut values = values.map(|(value, _)| value);
        match self {
            Self::Any => true,
            Self::Clock => values.any(|value| matches!(value, Value::Clock(_))),
            Self::Time => values.any(|value| value.is_time()),
            Self::Count => values.any(|value| matches!(value, Value::Amount { of: Measure::Count, .. })),
            Self::Number => values.any(|value| !value.is_time()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fact_that_answers_is_first() {
        let fact = |attribute: &'static str, value: &'static str, since, holds| Candidate {
            subject: "shop",
            attribute,
            value,
            text: "",
            since,
            holds,
        };
        let facts = [
            fact("deploy day", "Tuesday", 1, false),
            fact("deploy day", "Friday", 2, true),
            fact("port", "8080", 3, true),
        ];
        let scores = scores("When do we deploy?", &facts);
        assert!(scores[1] > scores[0] && scores[0] > scores[2] && scores[2] == 0.0, "{scores:?}");
        assert!(means("release day", "deploy day") && !means("port", "deploy day") && !means("", "x"));
    }
}
