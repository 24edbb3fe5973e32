//! What the words of a question and of a text show side by side where tokens do not: which words are missing, what
//! the text has in their place, and whether what is asked for is told at all.

use std::collections::HashMap;
use std::ops::Range;

use athena_store::embed::StaticTable;

use super::kinds::{Asked, Kind, asked, told};
use super::words::{Word, is_number, words};
use super::{alike, table};

/// Words of a question that are looked at.
const MOST_WORDS: usize = 64;
/// Words that weigh less say nothing of what a question is about.
const TELLING: f32 = 0.03;
/// A part of a question has so many telling words.
const SMALLEST_PART: usize = 2;
/// How alike words are of one list of such, and a word and its stem.
const SAME_MEANING: f32 = 0.85;
const SAME_STEM: f32 = 0.95;
/// Words spelt alike by so much are one word, misspelt.
const MISSPELT: f64 = 0.75;
const SHORTEST_MISSPELT: usize = 5;
const SHORTEST_STEM: usize = 4;
const LONGEST_ENDING: usize = 3;
/// Likeness from which a name is had, and from which something is what is counted.
const HAD: f32 = 0.7;
const COUNTED: f32 = 0.6;
/// Likeness to a given name from which a word may be one, and from which it is.
const MAY_NAME: f32 = 0.14;
const NAMES: f32 = 0.2;
/// Endings of words that are none of names, and how much what the table has no word for is like a name.
const ENDINGS: [&str; 6] = ["s", "es", "ed", "er", "ers", "ing"];
const UNKNOWN_NAME: f32 = 0.7;
/// The rarest share of a token that is told apart, and what makes its information about 1.
const RAREST: f32 = 1e-7;
const INFORMATION: f32 = 16.0;

const KINDS: usize = Kind::ALL.len();
/// Of the words: how much is had, by weight, by rarity, and of names; the least; other names and numbers in the same
/// place; words that the text has a counterpart of; how many there are; parts. Then of each kind how surely it is
/// not told.
pub type Values = [f32; 8 + KINDS];

#[derive(Debug, Clone)]
struct Meaning {
    tokens: Vec<u16>,
    vector: Vec<f32>,
}

/// A word that tells what a question is about.
#[derive(Debug, Clone)]
struct Telling {
    at: usize,
    weight: f32,
    rarity: f32,
    names: bool,
}

/// All of a question, or what a mark or `and` parts.
struct Part {
    asked: Asked,
    telling: Vec<Telling>,
}

/// A question by its words.
pub struct Wording<'t> {
    table: &'t StaticTable,
    words: Vec<Word>,
    parts: Vec<Part>,
    meanings: HashMap<String, Meaning>,
    /// For a word of a text how like each of the question's it is.
    known: HashMap<String, Vec<f32>>,
    names: Vec<Vec<f32>>,
}

impl<'t> Wording<'t> {
    pub fn new(table: &'t StaticTable, text: &str) -> Self {
        let mut words = words(text);
        words.truncate(MOST_WORDS);
        let telling: Vec<Option<Telling>> =
            words.iter().enumerate().map(|(at, word)| telling(table, at, word)).collect();
        let part = |range: Range<usize>| {
            let asked = asked(&words[range.clone()]);
            let asks = range.start + asked.at..range.start + asked.at + asked.count;
            let telling = telling[range].iter().flatten().filter(|word| !asks.contains(&word.at));
            Part { asked, telling: telling.cloned().collect() }
        };
        Self {
            parts: parts(&words, &telling).into_iter().map(part).collect(),
            names: table::all("names").map(|name| table.vector(&table.tokens(name), |_| 1.0)).collect(),
            meanings: HashMap::new(),
            known: HashMap::new(),
            words,
            table,
        }
    }

    /// The tokens of words, without the marks between them.
    pub fn tokens(&mut self, words: &[Word]) -> Vec<u16> {
        words.iter().flat_map(|word| self.meaning(&word.lower).tokens.clone()).collect()
    }

    /// What a text shows, of the part of the question that it has most of.
    pub fn values(&mut self, about: &[Word], text: &[Word]) -> Values {
        let all = || about.iter().chain(text);
        all().for_each(|word| self.know(&word.lower));
        let best: Vec<f32> = (0..self.words.len())
            .map(|at| all().map(|word| self.known[&word.lower][at]).fold(0.0, f32::max))
            .collect();
        let apart: Vec<bool> = self.words.iter().map(|word| self.has_counterpart(word, all())).collect();
        let parts = self.parts.iter().map(|part| {
            let telling = || part.telling.iter();
            let shown = |word: &Telling| (word.rarity, best[word.at]);
            let names = telling().filter(|word| word.names);
            let other = names.clone().filter(|word| best[word.at] < HAD && self.is_another(word.at, text));
            let mut values = [0.0; 8 + KINDS];
            values[..8].copy_from_slice(&[
                covered(telling().map(|word| (word.weight, best[word.at])), 0.0),
                covered(telling().map(shown), 0.0),
                covered(names.map(|word| (word.weight, best[word.at])), 1.0),
                telling().map(|word| best[word.at]).fold(1.0, f32::min),
                other.count() as f32,
                telling().filter(|word| apart[word.at]).count() as f32,
                part.telling.len() as f32,
                self.parts.len() as f32,
            ]);
            (part, values)
        });
        let most = parts.max_by(|(_, one), (_, other)| one[1].total_cmp(&other[1]));
        let Some((part, mut values)) = most else { return Values::default() };
        if let Some(at) = Kind::ALL.iter().position(|kind| part.asked.kind == Some(*kind)) {
            let asked = part.asked.clone();
            values[8 + at] = 1.0 - self.told(Kind::ALL[at], asked.counted.as_deref(), text);
        }
        values
    }

    fn told(&mut self, kind: Kind, counted: Option<&str>, text: &[Word]) -> f32 {
        let at = counted.and_then(|counted| self.words.iter().position(|word| word.lower == counted));
        let is_asked = |word: &str| self.words.iter().any(|own| own.lower == word);
        let is_counted = |word: &str| at.is_some_and(|at| self.known[word][at] >= COUNTED);
        told(kind, text, is_asked, |word| self.name_like(word), is_counted)
    }

    /// Whether the text has another number or name after the word before this one.
    fn is_another(&self, at: usize, text: &[Word]) -> bool {
        let number = self.words[at].is_number();
        let asked = |word: &Word| self.words.iter().any(|own| own.lower == word.lower);
        at > 0
            && text.windows(2).any(|pair| {
                let same = self.known[&pair[0].lower][at - 1] >= SAME_MEANING;
                let kind = if number { pair[1].is_number() } else { pair[1].capital };
                same && kind && !asked(&pair[1])
            })
    }

    /// Whether the text does not have the word, but one that it is not.
    fn has_counterpart<'w>(&self, word: &Word, mut text: impl Iterator<Item = &'w Word> + Clone) -> bool {
        let asked = |other: &Word| self.words.iter().any(|own| own.lower == other.lower);
        table::has("apart", &word.lower)
            && !text.clone().any(|other| other.lower == word.lower)
            && text.any(|other| table::have("apart", &word.lower, &other.lower) && !asked(other))
    }

    /// How much a word with a capital, where any word has one, is like a given name.
    fn name_like(&self, word: &str) -> f32 {
        let Some(meaning) = self.meanings.get(word) else { return 0.0 };
        if let [_] = meaning.tokens[..] {
            let like = self.names.iter().map(|name| dot(name, &meaning.vector)).fold(0.0, f32::max);
            return if like > NAMES {
                1.0
            } else if like > MAY_NAME {
                0.5
            } else {
                0.0
            };
        }
        let last_is_a_word = meaning.tokens.last().is_none_or(|token| self.table.word(*token).is_some());
        let is_form =
            |ending: &str| word.strip_suffix(ending).is_some_and(|stem| self.table.tokens(stem).len() == 1);
        if last_is_a_word || ENDINGS.into_iter().any(is_form) { 0.0 } else { UNKNOWN_NAME }
    }

    fn know(&mut self, word: &str) {
        if self.known.contains_key(word) {
            return;
        }
        let meaning = self.meaning(word).clone();
        let own: Vec<String> = self.words.iter().map(|own| own.lower.clone()).collect();
        let likes = own.iter().map(|own| like(own, self.meaning(own), word, &meaning)).collect();
        self.known.insert(word.to_owned(), likes);
    }

    fn meaning(&mut self, word: &str) -> &Meaning {
        if !self.meanings.contains_key(word) {
            let tokens = self.table.tokens(word);
            let vector = self.table.vector(&tokens, |token| self.table.weight(token));
            self.meanings.insert(word.to_owned(), Meaning { tokens, vector });
        }
        &self.meanings[word]
    }
}

fn telling(table: &StaticTable, at: usize, word: &Word) -> Option<Telling> {
    let tokens = table.tokens(&word.lower);
    let weight = tokens.iter().map(|token| table.weight(*token)).fold(0.0, f32::max);
    let share = tokens.iter().map(|token| table.share(*token).max(RAREST)).fold(1.0, f32::min);
    let tells = weight > TELLING && !table::has("empty", &word.lower);
    tells.then(|| Telling { at, weight, rarity: (-share.ln() / INFORMATION).powi(2), names: word.names() })
}

/// All of a question, and what marks and `and` part of it where that is about something.
fn parts(words: &[Word], telling: &[Option<Telling>]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = std::iter::once(0..words.len()).collect();
    let mut from = 0;
    for at in 1..=words.len() {
        let cut = at == words.len() || words[at - 1].ends || words[at].lower == "and";
        if cut && telling[from..at].iter().flatten().count() >= SMALLEST_PART {
            if at - from < words.len() {
                parts.push(from..at);
            }
            from = at;
        }
    }
    parts
}

/// How alike two words are: by their meaning, their stem, or misspelt.
fn like(one: &str, of_one: &Meaning, other: &str, of_other: &Meaning) -> f32 {
    if one == other {
        return 1.0;
    }
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let ending =
        long.strip_prefix(short).filter(|ending| ending.len() <= LONGEST_ENDING && !is_number(ending));
    if ending.is_some() && short.len() >= SHORTEST_STEM {
        return SAME_STEM;
    }
    if is_number(one) || is_number(other) || table::have("apart", one, other) {
        return 0.0;
    }
    if table::have("alike", one, other) {
        return SAME_MEANING;
    }
    let meaning = dot(&of_one.vector, &of_other.vector).clamp(0.0, 1.0);
    let begins_alike = one.chars().next() == other.chars().next();
    let spelling = if begins_alike && one.len() >= SHORTEST_MISSPELT { alike(one, other) } else { 0.0 };
    if spelling >= MISSPELT { meaning.max(spelling as f32) } else { meaning }
}

/// Of weights and how much of each there is, the share that there is.
fn covered(words: impl Iterator<Item = (f32, f32)>, of_none: f32) -> f32 {
    let add =
        |(got, mass): (f32, f32), (weight, best): (f32, f32)| (got + weight * best * best, mass + weight);
    let (got, mass) = words.fold((0.0, 0.0), add);
    if mass > 0.0 { got / mass } else { of_none }
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}
