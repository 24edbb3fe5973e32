//! Texts as bags of words, weighed by how rare each word is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Characters of a word that are told apart: endings are not.
const STEM: usize = 6;
/// Words that hold sentences together and tell of no work.
const HOLDING: [&str; 40] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "could", "do", "for", "from", "have", "i", "in",
    "is", "it", "like", "me", "my", "of", "on", "or", "our", "please", "so", "that", "the", "their", "this",
    "to", "want", "we", "will", "with", "would", "you", "your", "yours",
];

/// How many texts have a word, of how many.
#[derive(Debug)]
pub struct Words {
    texts: HashMap<String, usize>,
    count: usize,
}

/// A text: its words, in order, with their weights, of length 1 together.
#[derive(Debug, Clone, Default)]
pub struct Bag(Vec<(String, f64)>);

impl Words {
    pub fn of<'t>(all: impl Iterator<Item = &'t str>) -> Self {
        let (mut texts, mut count) = (HashMap::new(), 0);
        for text in all {
            count += 1;
            for word in stems(text).collect::<BTreeSet<_>>() {
                *texts.entry(word).or_insert(0) += 1;
            }
        }
        Self { texts, count }
    }

    pub fn bag(&self, text: &str) -> Bag {
        let mut bag: BTreeMap<String, f64> = BTreeMap::new();
        for word in stems(text) {
            *bag.entry(word).or_default() += 1.0;
        }
        for (word, weight) in &mut bag {
            let texts = self.texts.get(word).copied().unwrap_or(0) as f64;
            // A word that every text has still tells a little.
            *weight = (1.0 + weight.ln()) * (1.0 + (self.count as f64 + 1.0) / (texts + 1.0)).ln();
        }
        let length = bag.values().map(|weight| weight * weight).sum::<f64>().sqrt();
        if length > 0.0 {
            bag.values_mut().for_each(|weight| *weight /= length);
        }
        Bag(bag.into_iter().collect())
    }
}

impl Bag {
    /// The cosine of two bags, from 0 to 1.
    pub fn likeness(&self, other: &Self) -> f64 {
        let (mut one, mut two) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut sum = 0.0;
        while let (Some((word, weight)), Some((other, of_other))) = (one.peek(), two.peek()) {
            let order = word.cmp(other);
            if order.is_eq() {
                sum += weight * of_other;
            }
            if order.is_le() {
                one.next();
            }
            if order.is_ge() {
                two.next();
            }
        }
        f64::min(sum, 1.0)
    }
}

/// Words without their endings. Numbers are left out: what differs in them alone is the same work.
fn stems(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    let telling = words.filter(|word| {
        word.chars().any(char::is_alphabetic) && HOLDING.binary_search(&word.as_str()).is_err()
    });
    telling.map(|word| {
        let single =
            word.strip_suffix('s').filter(|single| single.chars().count() > 2 && !single.ends_with('s'));
        single.unwrap_or(&word).chars().take(STEM).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_tell_more() {
        let texts = [
            "repair the cart",
            "repair the parser",
            "repair the index",
            "repair the queue",
            "write the cart",
        ];
        let words = Words::of(texts.into_iter());
        let asked = words.bag("repairing the cart 7");
        let like: Vec<f64> = texts.iter().map(|text| asked.likeness(&words.bag(text))).collect();
        assert!(like[0] > 0.99 && like[4] > like[1] && (like[1] - like[2]).abs() < 1e-9, "{like:?}");
        assert_eq!(words.bag("12 34 of the").likeness(&asked), 0.0);
        assert!(HOLDING.is_sorted());
        assert_eq!(stems("Flaky tests, passes").collect::<Vec<_>>(), ["flaky", "test", "passe"]);
    }
}
