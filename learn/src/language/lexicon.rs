//! The lists of `lexicon.txt`, by what they are asked for.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use rust_stemmers::{Algorithm, Stemmer};

static LISTS: &str = include_str!("lexicon.txt");

struct Lexicon {
    short: HashMap<&'static str, &'static str>,
    phrases: HashMap<(&'static str, &'static str), &'static str>,
    /// By stems, as the next one.
    same: HashMap<String, String>,
    opposed: HashMap<String, Vec<String>>,
    /// The lines that a stem stands in.
    kinds: HashMap<String, Vec<usize>>,
    /// The lists that are mere words, by name.
    marks: HashMap<&'static str, HashSet<&'static str>>,
}

impl Lexicon {
    fn built_in() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| Self::of(LISTS))
    }

    fn of(text: &'static str) -> Self {
        let mut lists: HashMap<&str, Vec<&'static str>> = HashMap::new();
        let mut list = "";
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
                Some(name) => list = name,
                None => lists.entry(list).or_default().push(line),
            }
        }
        let lines = |name: &str| lists.get(name).into_iter().flatten().copied();
        let entries = |name: &str| {
            lines(name).flat_map(|line| line.trim_end_matches(',').split(", ")).collect::<Vec<_>>()
        };
        let stemmer = Stemmer::create(Algorithm::English);
        let stem = |word: &str| stemmer.stem(word).into_owned();
        let mut same = HashMap::new();
        for line in lines("same") {
            let first = line.split(' ').next().unwrap_or_default();
            for word in line.split(' ') {
                same.entry(stem(word)).or_insert_with(|| stem(first));
            }
        }
        let one = |word: &str| same.get(&stem(word)).cloned().unwrap_or_else(|| stem(word));
        let mut opposed: HashMap<String, Vec<String>> = HashMap::new();
        for (a, b) in entries("opposed").into_iter().filter_map(|entry| entry.split_once(' ')) {
            opposed.entry(one(a)).or_default().push(one(b));
            opposed.entry(one(b)).or_default().push(one(a));
        }
        let mut kinds: HashMap<String, Vec<usize>> = HashMap::new();
        for (line, words) in lines("kinds").enumerate() {
            for word in words.split(' ') {
                kinds.entry(one(word)).or_default().push(line);
            }
        }
        let phrase = |entry: &'static str| {
            let (first, rest) = entry.split_once(' ')?;
            let (second, word) = rest.split_once(' ')?;
            Some(((first, second), word))
        };
        let marks = [
            "denying",
            "sole",
            "open",
            "beside",
            "excepting",
            "empty",
            "leading",
            "mutual",
            "helping",
            "changing",
            "leaving",
            "filling",
            "ended",
            "converse",
            "several",
            "holding",
            "telling",
        ];
        let words = |name: &'static str| (name, lines(name).flat_map(|line| line.split(' ')).collect());
        Self {
            short: entries("short").into_iter().filter_map(|entry| entry.split_once(' ')).collect(),
            phrases: entries("phrases").into_iter().filter_map(phrase).collect(),
            marks: marks.into_iter().map(words).collect(),
            opposed,
            kinds,
            same,
        }
    }

    fn marks(name: &str, word: &str) -> bool {
        Self::built_in().marks.get(name).is_some_and(|words| words.contains(word))
    }
}

pub fn phrase(first: &str, second: &str) -> Option<&'static str> {
    Lexicon::built_in().phrases.get(&(first, second)).copied()
}

pub fn long_form(word: &str) -> Option<&'static str> {
    Lexicon::built_in().short.get(word).copied()
}

/// The stem that stands for all words that say the same as this one does.
pub fn stem(stemmer: &Stemmer, word: &str) -> String {
    let plain = word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let stem = if plain { stemmer.stem(word).into_owned() } else { word.to_owned() };
    Lexicon::built_in().same.get(&stem).cloned().unwrap_or(stem)
}

/// Whether only one of the two can hold, by their stems.
pub fn opposed(one: &str, other: &str) -> bool {
    let listed = Lexicon::built_in().opposed.get(one);
    listed.is_some_and(|list| list.iter().any(|word| word == other))
        || denies(one, other)
        || denies(other, one)
}

/// Whether both are of one kind, of which one place has one, by their stems: `weekly` and `monthly`.
pub fn of_one_kind(one: &str, other: &str) -> bool {
    let kinds = &Lexicon::built_in().kinds;
    let both = kinds.get(one).zip(kinds.get(other)).filter(|_| one != other);
    both.is_some_and(|(lines, others)| lines.iter().any(|line| others.contains(line)))
}

/// Whether one is the other with a prefix that denies it. Short words begin so by chance: `import`, `discover`.
fn denies(one: &str, other: &str) -> bool {
    const PREFIXES: [(&str, usize); 7] =
        [("un", 4), ("non", 4), ("in", 5), ("im", 5), ("ir", 5), ("a", 6), ("dis", 6)];
    let denied = |(prefix, letters): &(&str, usize)| {
        let stem = |word: &str| word.trim_end_matches('e').to_owned();
        other.len() >= *letters && one.strip_prefix(prefix).is_some_and(|rest| stem(rest) == stem(other))
    };
    PREFIXES.iter().any(denied)
}

pub fn is_denying(word: &str) -> bool {
    Lexicon::marks("denying", word)
}

pub fn is_sole(word: &str) -> bool {
    Lexicon::marks("sole", word)
}

pub fn is_open(word: &str) -> bool {
    Lexicon::marks("open", word)
}

pub fn is_beside(word: &str) -> bool {
    Lexicon::marks("beside", word)
}

pub fn is_excepting(word: &str) -> bool {
    Lexicon::marks("excepting", word)
}

pub fn is_empty(word: &str) -> bool {
    Lexicon::marks("empty", word)
}

pub fn is_leading(word: &str) -> bool {
    Lexicon::marks("leading", word)
}

pub fn is_mutual(word: &str) -> bool {
    Lexicon::marks("mutual", word)
}

pub fn is_filling(word: &str) -> bool {
    Lexicon::marks("filling", word)
}

/// By the word as it is written.
pub fn is_converse(word: &str) -> bool {
    Lexicon::marks("converse", word)
}

pub fn is_helping(word: &str) -> bool {
    Lexicon::marks("helping", word)
}

pub fn is_changing(word: &str) -> bool {
    Lexicon::marks("changing", word)
}

pub fn is_leaving(word: &str) -> bool {
    Lexicon::marks("leaving", word)
}

pub fn is_ended(word: &str) -> bool {
    Lexicon::marks("ended", word)
}

pub fn is_several(word: &str) -> bool {
    Lexicon::marks("several", word)
}

pub fn is_holding(word: &str) -> bool {
    Lexicon::marks("holding", word)
}

pub fn is_telling(word: &str) -> bool {
    Lexicon::marks("telling", word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read() {
        assert_eq!((long_form("db"), long_form("ci")), (Some("database"), Some("continuous integration")));
        assert_eq!((phrase("cant", "stand"), phrase("can", "stand")), (Some("hate"), None));
        let stemmer = Stemmer::create(Algorithm::English);
        let stem = |word: &str| stem(&stemmer, word);
        assert_eq!((stem("kids"), stem("purchases")), (stem("child"), stem("bought")));
        assert!(
            opposed(&stem("enabled"), &stem("disabled"))
                && opposed(&stem("synchronous"), &stem("asynchronously"))
        );
        assert!(!opposed(&stem("port"), &stem("import")));
        assert!(opposed(&stem("safe"), &stem("unsafe")) && opposed("from", "to"));
        assert!(
            of_one_kind(&stem("weekly"), &stem("monthly")) && !of_one_kind(&stem("weekly"), &stem("weekly"))
        );
        assert!(!of_one_kind(&stem("green"), &stem("north")));
        assert!(is_denying("never") && is_empty("the") && !is_empty("port") && is_beside("also"));
    }
}
