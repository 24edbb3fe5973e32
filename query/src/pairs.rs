//! How two short texts stand to each other: whether they say the same, or cannot both hold.
//!
//! ```text
//! texts ─▶ words and values (pieces, marks, read) ─▶ what stands for what (align) ─▶ signs ─▶ model ─▶ verdict, spans
//! ```
//!
//! Pure and without a language model: values compare as numbers, dates and units do, words by their stems, small
//! lists and the built-in table of vectors. What the signs weigh is fitted by `query/model/pairs.py` on
//! `tests/data/pairs`.

mod align;
mod difference;
mod marks;
mod places;
mod read;
mod signs;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use athena_store::embed::StaticTable;
use serde::Deserialize;

pub use difference::Difference;
use read::Reading;
use signs::{Compared, NAMES};

static FITTED: &str = include_str!("../model/pairs.json");

/// Characters of a text that are read: what is longer is no short text, and is judged by its beginning.
const READ_CHARS: usize = 2_000;
/// What tells things apart beside letters and digits.
const TELLING: &str = "+#<>=≤≥";
/// How much the likeness in words counts beside that in meaning when pairs are drawn.
const WORDS_COUNT: f32 = 1.0;
/// Texts less alike than this are not compared.
const DRAWN_FROM: f32 = 0.35;

/// How two texts stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Neither says anything that the other does not.
    Same,
    /// They tell different values of one attribute of one subject.
    Contradicts,
    /// They may do so.
    Possible,
    Different,
}

/// A verdict and how sure it is.
#[derive(Debug, Clone)]
pub struct Judged {
    pub verdict: Verdict,
    /// Probabilities.
    pub same: f32,
    pub contradicts: f32,
    /// Whether they are so surely and so literally the same that one may be shown for both.
    pub joins: bool,
}

/// A text as it is judged.
#[derive(Debug, Clone)]
pub struct Text {
    content: String,
    /// What it says but for spaces, capitals and punctuation: texts with the same are the same.
    bare: String,
    name: Option<String>,
    /// Where it holds; empty: everywhere.
    scope: Vec<String>,
    reading: Reading,
}

impl Text {
    pub fn new(table: &StaticTable, content: &str, name: Option<&str>, scope: &[String]) -> Self {
        let content: String = content.chars().take(READ_CHARS).collect();
        Self {
            reading: read::read(table, &content),
            bare: bare(&content),
            name: name.map(bare),
            scope: scope.to_vec(),
            content,
        }
    }

    /// Whether both are about the same places and, where both are called something, the same thing.
    fn meets(&self, other: &Self) -> bool {
        let apart = !self.scope.is_empty()
            && !other.scope.is_empty()
            && !self.scope.iter().any(|place| other.scope.contains(place));
        let named = self.name.as_ref().zip(other.name.as_ref());
        !apart && named.is_none_or(|(one, other)| one == other)
    }
}

/// The letters and digits of a text, and what changes a number or a name: `-5`, `3.10`, `C++`, `< 5`.
fn bare(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let kept = |(at, c): &(usize, &char)| {
        let inner = *at > 0 && digit(at - 1) && digit(at + 1);
        let begins = *at == 0 || !chars[at - 1].is_alphanumeric();
        c.is_alphanumeric()
            || TELLING.contains(**c)
            || "%€$£¥".contains(**c)
            || (".,:/-".contains(**c) && inner)
            || ("-−".contains(**c) && begins && digit(at + 1))
    };
    chars.iter().enumerate().filter(kept).flat_map(|(_, c)| c.to_lowercase()).collect()
}

/// The characters beside letters and digits that tell things apart: `C` and `C++`, `< 5` and `> 5`.
fn telling(text: &str) -> Vec<char> {
    let mut told: Vec<char> = text.chars().filter(|c| TELLING.contains(*c)).collect();
    told.sort_unstable();
    told
}

/// A multinomial logistic regression over signs, as `query/model/pairs.py` writes it.
#[derive(Debug, Deserialize)]
pub struct Judge {
    signs: Vec<String>,
    same: Class,
    contradicts: Class,
    different: Class,
    /// Probabilities from which a verdict is given.
    cutoffs: Cutoffs,
}

#[derive(Debug, Deserialize)]
struct Class {
    weights: Vec<f32>,
    bias: f32,
}

#[derive(Debug, Deserialize)]
struct Cutoffs {
    same: f32,
    /// From which one is shown for both.
    joins: f32,
    contradicts: f32,
    possible: f32,
}

impl Judge {
    /// The judge inside the binary.
    pub fn built_in() -> &'static Self {
        static JUDGE: OnceLock<Judge> = OnceLock::new();
        JUDGE.get_or_init(|| serde_json::from_str(FITTED).expect("written by query/model/pairs.py"))
    }

    /// How two texts stand to each other. It does not matter which is which.
    pub fn of(&self, a: &Text, b: &Text) -> Judged {
        if a.bare == b.bare && (a.meets(b) || a.scope == b.scope) {
            return Judged { verdict: Verdict::Same, same: 1.0, contradicts: 0.0, joins: true };
        }
        let (compared, turned) = compared(a, b);
        let [same, contradicts, _] = self.probabilities(&compared);
        let verdict = match a.meets(b) {
            false => Verdict::Different,
            true if same >= self.cutoffs.same && same > contradicts && !compared.signs.differ() => {
                Verdict::Same
            }
            true if contradicts >= self.cutoffs.contradicts => Verdict::Contradicts,
            true if contradicts >= self.cutoffs.possible => Verdict::Possible,
            true => Verdict::Different,
        };
        let sure = verdict == Verdict::Same && same >= self.cutoffs.joins;
        let joins = sure && telling(&a.content) == telling(&b.content) && {
            let [a, b] = if turned { [b, a] } else { [a, b] };
            compared.joins(&a.reading, &b.reading)
        };
        Judged { verdict, same, contradicts, joins }
    }

    /// Where two texts differ that contradict each other.
    pub fn difference(&self, a: &Text, b: &Text) -> Difference {
        let (compared, turned) = compared(a, b);
        let [first, second] = if turned { [b, a] } else { [a, b] };
        let sides = [(first.content.as_str(), &first.reading), (second.content.as_str(), &second.reading)];
        let mut difference = difference::of(sides, &compared);
        if turned {
            difference.spans.reverse();
        }
        difference
    }

    fn probabilities(&self, compared: &Compared) -> [f32; 3] {
        let values = compared.signs.values();
        let value = |name: &String| NAMES.iter().position(|known| known == name).map_or(0.0, |at| values[at]);
        let values: Vec<f32> = self.signs.iter().map(value).collect();
        let score = |class: &Class| {
            class.bias + class.weights.iter().zip(&values).map(|(weight, value)| weight * value).sum::<f32>()
        };
        let scores = [score(&self.same), score(&self.contradicts), score(&self.different)];
        let most = scores.into_iter().fold(f32::MIN, f32::max);
        let shares = scores.map(|score| (score - most).exp());
        let all: f32 = shares.iter().sum();
        shares.map(|share| share / all)
    }
}

/// The comparison of two texts, which is the same whichever comes first, and whether it was turned round for that.
fn compared(a: &Text, b: &Text) -> (Compared, bool) {
    match a.content <= b.content {
        true => (signs::compare(&a.reading, &b.reading), false),
        false => (signs::compare(&b.reading, &a.reading), true),
    }
}

/// Pairs that are worth judging: for each text the `each` others that are most alike, in words or in meaning.
pub fn drawn(texts: &[Text], each: usize) -> Vec<(usize, usize)> {
    let stems: Vec<Vec<&str>> = texts.iter().map(|text| text.reading.stems()).collect();
    let mut pairs = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let likeness = |other: usize| {
            let cosine: f32 =
                text.reading.vector.iter().zip(&texts[other].reading.vector).map(|(a, b)| a * b).sum();
            cosine + WORDS_COUNT * shared(&stems[at], &stems[other])
        };
        let others = (0..texts.len()).filter(|other| *other != at).map(|other| (likeness(other), other));
        let mut others: Vec<(f32, usize)> = others.filter(|(likeness, _)| *likeness >= DRAWN_FROM).collect();
        others.sort_by(|one, other| other.0.total_cmp(&one.0));
        pairs.extend(others.into_iter().take(each).map(|(_, other)| (at.min(other), at.max(other))));
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The share of the stems that both have, of those of the shorter one. Both are sorted.
fn shared(one: &[&str], other: &[&str]) -> f32 {
    let both = one.iter().filter(|stem| other.binary_search(stem).is_ok()).count();
    both as f32 / one.len().min(other.len()).max(1) as f32
}
