//! What a question shows of what it is after. Pure.

use athena_learn::language::values::MONTHS;
use chrono::{DateTime, Datelike};

/// What a question asks for, by its words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asks {
    pub when: bool,
    pub who: bool,
    pub how_many: bool,
    pub why_or_how: bool,
    /// Whether anything is so: begins with a verb such as `did` or `is`.
    pub whether: bool,
    pub of_order: bool,
    pub of_failure: bool,
    pub of_first_person: bool,
    pub of_second_person: bool,
    pub words: usize,
    /// Months (1 to 12) and years that it names.
    months: Vec<u32>,
    years: Vec<i32>,
}

impl Asks {
    pub fn of(text: &str) -> Self {
        let lower = text.to_lowercase();
        let words: Vec<&str> =
            lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let has = |any: &[&str]| words.iter().any(|word| any.contains(word));
        let begins = |any: &[&str]| words.first().is_some_and(|word| any.contains(word));
        let pair = |one: &str, other: &str| words.windows(2).any(|pair| pair == [one, other]);
        let year = |word: &&str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
        Self {
            when: has(&["when", "date", "since"])
                || ["day", "month", "year", "time", "week"]
                    .iter()
                    .any(|unit| pair("what", unit) || pair("which", unit))
                || pair("how", "long"),
            who: has(&["who", "whom", "whose"]),
            how_many: pair("how", "many") || pair("how", "much") || has(&["number", "count", "total"]),
            why_or_how: has(&["why"]) || begins(&["how"]),
            whether: begins(&[
                "did", "does", "do", "is", "are", "was", "were", "has", "have", "had", "can", "could",
                "would", "will", "should",
            ]),
            of_order: has(&[
                "order", "sequence", "first", "before", "after", "then", "last", "earlier", "later",
            ]),
            of_failure: has(&[
                "error",
                "errors",
                "fail",
                "failed",
                "fails",
                "failure",
                "wrong",
                "broke",
                "exception",
            ]),
            of_first_person: has(&["i", "my", "me", "we", "our"]),
            of_second_person: has(&["you", "your"]),
            words: words.len(),
            months: words
                .iter()
                .filter_map(|word| Some(MONTHS.iter().position(|month| month == word)? as u32 + 1))
                .collect(),
            years: words.iter().filter(|word| year(word)).filter_map(|word| word.parse().ok()).collect(),
        }
    }

    /// Of the month and the year that it names: 1 where a time is in it, −1 where not, 0 where it names none.
    pub fn names_time(&self, micros: i64) -> [f32; 2] {
        let at = DateTime::from_timestamp_micros(micros).unwrap_or_default();
        let told = |named: bool, within: bool| match (named, within) {
            (false, _) => 0.0,
            (_, true) => 1.0,
            _ => -1.0,
        };
        [
            told(!self.months.is_empty(), self.months.contains(&at.month())),
            told(!self.years.is_empty(), self.years.contains(&at.year())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read() {
        let asks = Asks::of("When did you visit Rome in May 2023?");
        assert!(asks.when && asks.of_second_person && !asks.whether);
        assert_eq!(asks.names_time(1_684_000_000_000_000), [1.0, 1.0]);
        assert_eq!(asks.names_time(1_700_000_000_000_000), [-1.0, 1.0]);
        assert_eq!(Asks::of("how many tests failed").names_time(0), [0.0, 0.0]);
        assert!(Asks::of("how many tests failed").how_many && Asks::of("how many tests failed").of_failure);
    }
}
