//! Symbols by the words of their names and of what is said about them.

use std::collections::{HashMap, HashSet};

use super::{Place, State};

/// What a word of the doc or of the parent counts, against one of the name.
const BESIDE: f64 = 0.4;
/// What the whole name counts more than its words.
const WHOLE: f64 = 2.0;
/// Words of a question that are looked up.
const MOST_WORDS: usize = 32;

/// The words of a name or a text: at capitals and at all that is no letter or digit.
pub fn words(text: &str) -> HashSet<String> {
    let mut words = HashSet::new();
    let mut word = String::new();
    let mut was_lower = false;
    for letter in text.chars().chain([' ']) {
        let ends = !letter.is_alphanumeric() || (letter.is_uppercase() && was_lower);
        if ends && !word.is_empty() {
            words.insert(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        was_lower = letter.is_lowercase() || letter.is_numeric();
    }
    words.retain(|word| word.chars().count() > 1);
    words
}

#[derive(Debug, Default)]
pub struct Words {
    by_word: HashMap<String, Vec<(Place, f64)>>,
    symbols: usize,
}

/// The words of each symbol of a file, with what they count.
fn of(state: &State) -> impl Iterator<Item = (usize, String, f64)> {
    let symbols = state.indexed.outline.symbols.iter().enumerate();
    symbols.flat_map(|(at, symbol)| {
        let names = words(&symbol.name);
        let beside = format!(
            "{} {}",
            symbol.doc.as_deref().unwrap_or_default(),
            symbol.parent.as_deref().unwrap_or_default()
        );
        let beside: Vec<String> = words(&beside).into_iter().filter(|word| !names.contains(word)).collect();
        let names = names.into_iter().map(move |word| (at, word, 1.0));
        names.chain(beside.into_iter().map(move |word| (at, word, BESIDE))).collect::<Vec<_>>()
    })
}

impl Words {
    pub fn add(&mut self, file: u32, state: &State) {
        self.symbols += state.indexed.outline.symbols.len();
        for (symbol, word, weight) in of(state) {
            self.by_word.entry(word).or_default().push((Place { file, symbol }, weight));
        }
    }

    pub fn take_out(&mut self, file: u32, state: &State) {
        self.symbols -= state.indexed.outline.symbols.len();
        let words: HashSet<String> = of(state).map(|(_, word, _)| word).collect();
        for word in words {
            if let Some(places) = self.by_word.get_mut(&word) {
                places.retain(|(place, _)| place.file != file);
            }
        }
    }

    /// Symbols that have words of a question, each with its score from 0 on: rare words count more.
    pub fn matching(&self, query: &str) -> HashMap<Place, f64> {
        let mut found: HashMap<Place, f64> = HashMap::new();
        let asked = words(query);
        let total = asked.len().max(1) as f64;
        for word in asked.into_iter().take(MOST_WORDS) {
            let Some(places) = self.by_word.get(&word) else { continue };
            let rarity = (1.0 + self.symbols as f64 / places.len().max(1) as f64).ln();
            for (place, weight) in places {
                *found.entry(*place).or_default() += weight * rarity / total;
            }
        }
        found
    }

    /// What a symbol's whole name in the question is worth.
    pub fn whole_name(query: &str, name: &str) -> f64 {
        let asks =
            query.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == name);
        if asks { WHOLE } else { 0.0 }
    }
}
