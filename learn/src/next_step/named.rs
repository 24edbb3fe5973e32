//! How far what was said names an action: words of its tool and of what is fixed in its template, found among the
//! words of a message or a result. It helps where an action was seldom or never done after such words before.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::steps::Template;

/// Letters of a word that names something.
const NAMING: usize = 3;
/// Letters that two forms of one word begin with, and the part of the shorter one that they are.
const ALIKE: usize = 4;
const ALIKE_PART: f64 = 0.7;

/// The words that name each of some actions, those of few actions weighing more.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Names {
    /// Distinct words of all, in order.
    words: Vec<String>,
    /// For each action its words by number, the weights of which come to 1.
    of: Vec<Vec<(usize, f32)>>,
}

impl Names {
    pub fn new<'t>(templates: impl Iterator<Item = &'t Template>) -> Self {
        let of: Vec<BTreeSet<String>> = templates.map(words_of).collect();
        let mut having: BTreeMap<&str, f32> = BTreeMap::new();
        of.iter().flatten().for_each(|word| *having.entry(word).or_default() += 1.0);
        let all = of.len() as f32;
        let weights: Vec<f32> = having.values().map(|having| (1.0 + all / having).ln()).collect();
        let words: Vec<String> = having.keys().map(|&word| word.to_owned()).collect();
        let weighed = |own: &BTreeSet<String>| {
            let number = |word: &String| words.binary_search(word).expect("it is a word of all");
            let sum: f32 = own.iter().map(|word| weights[number(word)]).sum();
            own.iter().map(|word| (number(word), weights[number(word)] / sum)).collect()
        };
        let of = of.iter().map(weighed).collect();
        Self { words, of }
    }

    /// For each action the part of its name that is among the words.
    pub fn found(&self, said: &[&str]) -> Vec<f32> {
        let mut is_said = vec![false; self.words.len()];
        for other in said {
            // Forms of one word begin alike, and stand together.
            let begins = &other.as_bytes()[..other.len().min(ALIKE)];
            let from = self.words.partition_point(|word| word.as_bytes() < begins);
            let near = self.words[from..].iter().take_while(|word| word.as_bytes().starts_with(begins));
            near.enumerate().for_each(|(at, word)| is_said[from + at] |= alike(word, other));
        }
        let part = |words: &Vec<(usize, f32)>| {
            words.iter().filter(|(word, _)| is_said[*word]).map(|(_, weight)| weight).sum()
        };
        self.of.iter().map(part).collect()
    }
}

/// Words of a tool's name and of what is fixed in a template, in lower case; `cancelOrder` is two.
fn words_of(template: &Template) -> BTreeSet<String> {
    let fixed = template.text.split_whitespace().filter(|word| !word.contains('{'));
    let mut text = String::new();
    for c in fixed.fold(template.tool.clone(), |text, word| format!("{text} {word}")).chars() {
        if c.is_uppercase() && text.ends_with(char::is_lowercase) {
            text.push(' ');
        }
        text.push(if c.is_alphabetic() { c } else { ' ' });
    }
    let words = text.split(' ').filter(|word| word.chars().count() >= NAMING);
    words.map(str::to_lowercase).collect()
}

/// Whether two words are forms of one, in whatever language.
fn alike(a: &str, b: &str) -> bool {
    let shorter = a.len().min(b.len());
    let shared = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    a == b || shared >= ALIKE && shared as f64 >= ALIKE_PART * shorter as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::Templates;

    #[test]
    fn words_of_a_name_are_found_in_their_forms_and_rare_ones_weigh_more() {
        let commands = [("cancelOrder", "{}"), ("refund_order", "{}"), ("Bash", "git push")];
        let commands = commands.map(|(tool, text)| ((tool.to_owned(), text.to_owned()), 3));
        let templates = Templates::mine(&commands.into()).templates;
        let names = Names::new(templates.iter());
        let found = |said: &[&str]| -> BTreeMap<&str, f32> {
            templates.iter().map(|template| template.tool.as_str()).zip(names.found(said)).collect()
        };
        let cancelled = found(&["please", "cancelled"]);
        assert!(cancelled["cancelOrder"] > 0.5 && cancelled["refund_order"] == 0.0, "{cancelled:?}");
        let orders = found(&["orders"]);
        assert!(orders["refund_order"] > 0.0 && orders["refund_order"] < 0.5, "{orders:?}");
        assert!((found(&["cancel", "order"])["cancelOrder"] - 1.0).abs() < 1e-6);
        assert!(
            found(&["pushing"])["Bash"] > 0.0
                && found(&["can", "re", "or"]).values().all(|part| *part == 0.0)
        );
    }
}
