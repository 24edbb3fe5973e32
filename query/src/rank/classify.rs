//! What kind of question is asked, by its words. Pure.

use schemars::JsonSchema;
use serde::Serialize;

use super::Asks;
use super::times::Times;

/// A kind of question, which says how it is best answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// One fact.
    Lookup,
    /// Who did or said something.
    Who,
    /// When something was, or what was then.
    Temporal,
    /// Why something is, or how it is done.
    Cause,
    /// How many, or all of them.
    Aggregate,
    /// From one thing to another: what is asked for is told by something else.
    MultiHop,
    /// What there is on the whole.
    Global,
}

/// Phrases of questions about the whole.
const GLOBAL: [&str; 14] = [
    "overview",
    "summarize",
    "summarise",
    "summary of",
    "main topics",
    "main themes",
    "what are the topics",
    "overall",
    "in general",
    "big picture",
    "what do we know about",
    "tell me about everything",
    "themes",
    "trends",
];
/// Phrases of questions about several.
const AGGREGATE: [&str; 12] = [
    "how many",
    "how much",
    "how often",
    "number of",
    "list all",
    "list every",
    "all the",
    "which of",
    "every time",
    "in total",
    "all of",
    "count of",
];
/// Words that tie one thing to another in the middle of a question.
const TIES: [&str; 9] = ["that", "who", "which", "whose", "where", "caused", "because", "both", "same"];
/// Words from which on a question can tie two things.
const TWO_CLAUSES: usize = 7;

/// The kind of a question. `named` is how many things it names.
pub fn classify(text: &str, asks: &Asks, times: &Times, named: usize) -> Class {
    let lower = format!(" {} ", text.to_lowercase());
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(&format!(" {phrase}")));
    if says(&GLOBAL) {
        Class::Global
    } else if says(&AGGREGATE) {
        Class::Aggregate
    } else if asks.when || !times.is_empty() {
        Class::Temporal
    } else if ties(&lower, named) {
        Class::MultiHop
    } else if asks.who {
        Class::Who
    } else if asks.why_or_how {
        Class::Cause
    } else {
        Class::Lookup
    }
}

/// Whether something in the question is told by something else in it.
fn ties(lower: &str, named: usize) -> bool {
    let words: Vec<&str> =
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    // The first words ask; what stands after them ties.
    let tied = words.iter().skip(2).any(|word| TIES.contains(word));
    let of_of = words.iter().filter(|word| **word == "of").count() > 1;
    words.len() >= TWO_CLAUSES && (tied || of_of) || named > 2
}

#[cfg(test)]
mod tests {
    use athena_schemas::Time;

    use super::*;
    use crate::rank::times;

    #[test]
    fn kinds_of_questions() {
        let now = Time::parse("2026-11-25T18:30:00Z").unwrap();
        let table = [
            ("Which port does the database use?", Class::Lookup),
            ("cart::total", Class::Lookup),
            ("", Class::Lookup),
            ("Who wrote the parser?", Class::Who),
            ("Whose dog is Rex?", Class::Who),
            ("When did we deploy?", Class::Temporal),
            ("What failed last week?", Class::Temporal),
            ("What broke before the release?", Class::Temporal),
            ("Why does the build fail?", Class::Cause),
            ("how do I restart the queue", Class::Cause),
            ("How many tests failed?", Class::Aggregate),
            ("List all migrations of the orders table", Class::Aggregate),
            ("Which file did the commit touch that broke the checkout?", Class::MultiHop),
            ("Where does the person live who owns the red car?", Class::MultiHop),
            ("Give me an overview of the project", Class::Global),
            ("What are the main themes?", Class::Global),
        ];
        for (text, expected) in table {
            let times = times::read(text, now);
            assert_eq!(classify(text, &Asks::of(text), &times, 0), expected, "{text}");
        }
        assert_eq!(classify("a.rs b.rs c.rs", &Asks::of(""), &Times::default(), 3), Class::MultiHop);
    }
}
