//! The lists of `lists.txt`, by what they are asked for.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

static LISTS: &str = include_str!("lists.txt");

/// An attribute that a phrase says of its subject.
#[derive(Debug, Clone, Copy)]
pub struct Relation {
    pub attribute: &'static str,
    /// Whether it may have several values at once.
    pub many: bool,
    /// Words of the phrase.
    pub words: usize,
}

struct Lists {
    words: HashMap<&'static str, HashSet<&'static str>>,
    /// Phrases by their first word, the longest first.
    relations: HashMap<&'static str, Vec<(Vec<&'static str>, Relation)>>,
    doubting: HashSet<(&'static str, &'static str)>,
}

fn lists() -> &'static Lists {
    static READ: OnceLock<Lists> = OnceLock::new();
    READ.get_or_init(|| {
        let mut lists: HashMap<&str, Vec<&'static str>> = HashMap::new();
        let mut list = "";
        for line in LISTS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
                Some(name) => list = name,
                None => lists.entry(list).or_default().push(line),
            }
        }
        let mut relations: HashMap<_, Vec<_>> = HashMap::new();
        for (attribute, phrases) in lists
            .remove("relations")
            .unwrap_or_default()
            .into_iter()
            .filter_map(|line| line.split_once(" < "))
        {
            for phrase in phrases.split(", ") {
                let words: Vec<&'static str> = phrase.split(' ').collect();
                let relation = Relation {
                    attribute: attribute.trim_end_matches('+'),
                    many: attribute.ends_with('+'),
                    words: words.len(),
                };
                relations.entry(words[0]).or_default().push((words, relation));
            }
        }
        relations.values_mut().for_each(|phrases| phrases.sort_by_key(|(words, _)| usize::MAX - words.len()));
        let pairs = lists.remove("doubting").unwrap_or_default().into_iter();
        let pairs = pairs.flat_map(|line| line.split(',')).filter_map(|pair| pair.trim().split_once(' '));
        Lists {
            doubting: pairs.collect(),
            relations,
            words: lists
                .into_iter()
                .map(|(name, lines)| (name, lines.into_iter().flat_map(|line| line.split(' ')).collect()))
                .collect(),
        }
    })
}

/// Whether the list of that name has the word.
pub fn has(list: &str, word: &str) -> bool {
    lists().words.get(list).is_some_and(|words| words.contains(word))
}

/// Whether two words that follow each other make what they stand in doubtful.
pub fn doubting(first: &str, second: &str) -> bool {
    lists().doubting.contains(&(first, second))
}

/// What the words from here on say of a subject.
pub fn relation<'w>(words: impl Iterator<Item = &'w str> + Clone) -> Option<Relation> {
    let phrases = lists().relations.get(words.clone().next()?)?;
    let begins = |phrase: &[&str]| {
        let mut words = words.clone();
        phrase.iter().all(|word| words.next() == Some(word))
    };
    phrases.iter().find(|(phrase, _)| begins(phrase)).map(|(_, relation)| *relation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_is_meant() {
        let of =
            |text: &str| relation(text.split(' ')).map(|found| (found.attribute, found.many, found.words));
        assert_eq!(of("runs on port 8080"), Some(("port", false, 3)));
        assert_eq!(of("runs on debian"), Some(("platform", false, 2)));
        assert_eq!(of("uses postgres"), Some(("uses", true, 1)));
        assert_eq!(of("sings on stage"), None);
        assert!(has("doubts", "would") && doubting("what", "if") && !has("doubts", "port"));
    }
}
