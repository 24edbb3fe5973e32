//! The words of `words.txt`: lists by name, of some names several.

use std::sync::OnceLock;

use ahash::AHashMap;

static WORDS: &str = include_str!("words.txt");

/// For each name its words, and the numbers of the lists that a word is in.
type Lists = AHashMap<&'static str, AHashMap<&'static str, Vec<usize>>>;

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| {
        let mut lists = Lists::new();
        let lines = WORDS.lines().filter_map(|line| line.split_once(": "));
        for (number, (name, words)) in lines.enumerate() {
            let list = lists.entry(name).or_default();
            words.split(' ').for_each(|word| list.entry(word).or_default().push(number));
        }
        lists
    })
}

/// All words of the lists of a name, in no order.
pub fn all(name: &str) -> impl Iterator<Item = &'static str> {
    lists().get(name).into_iter().flatten().map(|(word, _)| *word)
}

pub fn has(name: &str, word: &str) -> bool {
    lists().get(name).is_some_and(|words| words.contains_key(word))
}

/// Whether one list of a name has both words.
pub fn have(name: &str, one: &str, other: &str) -> bool {
    let of = |word: &str| lists().get(name).and_then(|words| words.get(word));
    of(one).is_some_and(|one| of(other).is_some_and(|other| one.iter().any(|number| other.contains(number))))
}
