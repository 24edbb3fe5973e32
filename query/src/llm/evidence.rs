//! Whether a text keeps to its evidence. Pure.

use std::collections::HashSet;

use crate::text::words;

/// The share of a text's content words that its evidence must have.
pub const SUPPORTED: f64 = 0.7;

/// The share of the text's content words that the evidence has: stemmed, without stop words, each counted once.
/// A number that the evidence does not have makes it 0: it is what is believed most readily and checked least.
/// So is a text without content words.
pub fn support(text: &str, evidence: &[&str]) -> f64 {
    let known: HashSet<String> = evidence.iter().flat_map(|text| content(text)).collect();
    let said: HashSet<String> = content(text).collect();
    let foreign = |word: &&String| !known.contains(*word);
    let invented = said.iter().filter(foreign).any(|word| word.chars().any(|letter| letter.is_ascii_digit()));
    if said.is_empty() || invented {
        return 0.0;
    }
    1.0 - said.iter().filter(foreign).count() as f64 / said.len() as f64
}

fn content(text: &str) -> impl Iterator<Item = String> {
    words(text).into_iter().filter(|word| !word.whole).map(|word| word.term)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVIDENCE: [&str; 2] =
        ["The deploy failed twice because the migration of orders was missing.", "Ann added migration 42."];

    #[test]
    fn what_the_evidence_says_is_supported() {
        assert!(support("Deploys failed: a migration was missing, which Ann added.", &EVIDENCE) >= SUPPORTED);
        assert!(support("Ann added migration 42", &EVIDENCE) == 1.0);
    }

    #[test]
    fn what_it_does_not_say_is_not() {
        assert!(support("The database crashed during a power cut in Berlin.", &EVIDENCE) < SUPPORTED);
        assert_eq!(support("Ann added migration 43", &EVIDENCE), 0.0, "an invented number");
        for nothing in ["", "…", "it was the"] {
            assert_eq!(support(nothing, &EVIDENCE), 0.0);
        }
        assert_eq!(support("migration", &[]), 0.0);
    }
}
