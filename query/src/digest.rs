//! The few sentences of many texts that say most of what they say. Extractive: no word is made up. Pure.
//!
//! A sentence counts by its cosine with the centroid of all (Radev et al. 2004), words weighed by how few sentences
//! have them; what repeats a chosen one is passed over (maximal marginal relevance, Carbonell and Goldstein 1998).

use std::collections::{BTreeMap, HashMap};

use crate::text::words;

/// Sentences that are looked at, from the first.
const MOST_SENTENCES: usize = 4_000;
/// The most central of them, from which is chosen.
const CENTRAL: usize = 200;
/// Terms of the shortest sentence that says something, and characters of the longest that is told whole.
const LEAST_TERMS: usize = 3;
const MOST_CHARS: usize = 300;
/// What saying something new counts, against being central.
const NOVELTY: f64 = 0.4;

/// A sentence that was chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The number of its text.
    pub text: usize,
    pub sentence: String,
}

/// The terms of a sentence with their weights, of length 1; in order, as sums of floats depend on it.
type Vector = BTreeMap<u32, f64>;

/// At most so many sentences, in the order of the texts.
pub fn digest<'t>(texts: impl IntoIterator<Item = &'t str>, most: usize) -> Vec<Chosen> {
    let mut sentences: Vec<(usize, &str)> = Vec::new();
    for (at, text) in texts.into_iter().enumerate() {
        sentences.extend(split(text).map(|sentence| (at, sentence)));
        if sentences.len() >= MOST_SENTENCES {
            break;
        }
    }
    sentences.truncate(MOST_SENTENCES);
    let vectors = vectors(&sentences);
    let mut centroid = Vector::new();
    for (term, weight) in vectors.iter().flatten() {
        *centroid.entry(*term).or_default() += weight;
    }
    normalize(&mut centroid);
    let central: Vec<f64> = vectors.iter().map(|vector| cosine(vector, &centroid)).collect();
    let mut order: Vec<usize> = (0..sentences.len()).filter(|at| !vectors[*at].is_empty()).collect();
    order.sort_by(|one, other| central[*other].total_cmp(&central[*one]).then(one.cmp(other)));
    order.truncate(CENTRAL);
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < most && !order.is_empty() {
        let likeness =
            |at: usize| chosen.iter().map(|one| cosine(&vectors[at], &vectors[*one])).fold(0.0, f64::max);
        let worth = |at: usize| (1.0 - NOVELTY) * central[at] - NOVELTY * likeness(at);
        let worths: Vec<f64> = order.iter().map(|at| worth(*at)).collect();
        let best = (0..order.len()).fold(0, |best, at| if worths[at] > worths[best] { at } else { best });
        chosen.push(order.remove(best));
    }
    chosen.sort_unstable();
    let told = |at: usize| Chosen { text: sentences[at].0, sentence: cut(sentences[at].1) };
    chosen.into_iter().map(told).collect()
}

/// The sentences of a text: up to a stop before a blank, or the end of a line.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| {
        let mut parts = Vec::new();
        let mut from = 0;
        for (at, c) in line.char_indices().filter(|(_, c)| ['.', '!', '?', '。'].contains(c)) {
            let end = at + c.len_utf8();
            if line[end..].chars().next().is_none_or(char::is_whitespace) || c == '。' {
                parts.push(&line[from..end]);
                from = end;
            }
        }
        parts.push(&line[from..]);
        parts.into_iter().map(str::trim).filter(|sentence| !sentence.is_empty())
    })
}

/// Each sentence as the weights of its terms; empty of what is too short, or was said before.
fn vectors(sentences: &[(usize, &str)]) -> Vec<Vector> {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut having: Vec<f64> = Vec::new();
    let mut terms: Vec<Vec<u32>> = Vec::with_capacity(sentences.len());
    for (_, sentence) in sentences {
        let mut own = Vec::new();
        for word in words(sentence).into_iter().filter(|word| !word.whole) {
            let next = numbers.len() as u32;
            own.push(*numbers.entry(word.term).or_insert(next));
        }
        having.resize(numbers.len(), 0.0);
        own.sort_unstable();
        own.dedup();
        own.iter().for_each(|term| having[*term as usize] += 1.0);
        terms.push(own);
    }
    let count = sentences.len() as f64;
    let vector = |own: Vec<u32>| {
        if own.len() < LEAST_TERMS {
            return Vector::new();
        }
        let weight = |term: u32| (1.0 + count / having[term as usize]).ln();
        let mut vector: Vector = own.into_iter().map(|term| (term, weight(term))).collect();
        normalize(&mut vector);
        vector
    };
    terms.into_iter().map(vector).collect()
}

fn normalize(vector: &mut Vector) {
    let length = vector.values().map(|weight| weight * weight).sum::<f64>().sqrt();
    if length > 0.0 {
        vector.values_mut().for_each(|weight| *weight /= length);
    }
}

fn cosine(one: &Vector, other: &Vector) -> f64 {
    let (small, large) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    small.iter().filter_map(|(term, weight)| Some(weight * large.get(term)?)).sum()
}

fn cut(sentence: &str) -> String {
    match sentence.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("{}…", &sentence[..end]),
        None => sentence.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 5] = [
        "The checkout test fails on totals. Hello there!",
        "The total of the checkout rounds twice, so the checkout test fails. Lunch was fine today.",
        "Ok.",
        "The checkout test fails on totals.",
        "Fixed: totals are rounded once, in the checkout only. See cart/src/total.rs for it.",
    ];

    #[test]
    fn what_is_spoken_of_most_is_chosen_once() {
        let chosen = digest(TEXTS, 2);
        let shown: Vec<_> = chosen.iter().map(|one| one.text).collect();
        assert_eq!(chosen.len(), 2);
        assert!(chosen.iter().all(|one| one.sentence.contains("checkout")), "{chosen:?}");
        assert!(!shown.contains(&2) && shown.is_sorted(), "{shown:?}");
        assert_ne!(chosen[0].sentence, chosen[1].sentence);
    }

    #[test]
    fn sentences_are_as_they_were_said() {
        let chosen = digest(TEXTS, 100);
        assert!(chosen.iter().all(|one| TEXTS[one.text].contains(&one.sentence)), "{chosen:?}");
        assert_eq!(digest(TEXTS, 3), digest(TEXTS, 3));
        assert!(digest(["Ok.", ""], 3).is_empty());
        let split: Vec<_> = split("See lib.rs now. Then\nrun it! ").collect();
        assert_eq!(split, ["See lib.rs now.", "Then", "run it!"]);
    }
}
