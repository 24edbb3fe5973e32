//! An order of hits that does not say the same twice. Pure.

/// How many of the best are ordered anew; what is behind stays behind.
const ORDERED: usize = 200;

/// Maximal marginal relevance (Carbonell and Goldstein, 1998): at each place stands what has the most of its score,
/// `1 - diversity` of it, less `diversity` of its likeness to the likest that stands before. Scores are taken from 0
/// to 1 within the list; `alike` gives from 0 to 1. The indexes in their new order.
pub fn diverse(scores: &[f64], diversity: f64, alike: impl Fn(usize, usize) -> f64) -> Vec<usize> {
    let (least, largest) = scores
        .iter()
        .fold((f64::MAX, f64::MIN), |(least, largest), score| (least.min(*score), largest.max(*score)));
    let span = largest - least;
    let relevance = |at: usize| if span > 0.0 { (scores[at] - least) / span } else { 1.0 };
    let ordered = scores.len().min(ORDERED);
    let mut left: Vec<(usize, f64)> = (0..ordered).map(|at| (at, 0.0)).collect();
    let mut order = Vec::with_capacity(scores.len());
    while !left.is_empty() {
        let worth = |(at, likest): &(usize, f64)| (1.0 - diversity) * relevance(*at) - diversity * likest;
        let mut best = 0;
        for at in 1..left.len() {
            if worth(&left[at]) > worth(&left[best]) {
                best = at;
            }
        }
        let (chosen, _) = left.remove(best);
        order.push(chosen);
        left.iter_mut().for_each(|(at, likest)| *likest = likest.max(alike(*at, chosen)));
    }
    order.extend(ordered..scores.len());
    order
}

/// The share of words that two texts have in common, of all that either has.
pub fn shared_words(one: &str, other: &str) -> f64 {
    let words = |text: &str| -> std::collections::HashSet<String> {
        text.split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let (one, other) = (words(one), words(other));
    let both = one.intersection(&other).count();
    let any = one.len() + other.len() - both;
    if any > 0 { both as f64 / any as f64 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_comes_later() {
        let texts = ["deploy on Tuesdays", "Deploy on tuesdays!", "the build is red"];
        let alike = |one: usize, other: usize| shared_words(texts[one], texts[other]);
        assert_eq!(diverse(&[1.0, 0.9, 0.2], 0.0, alike), [0, 1, 2]);
        assert_eq!(diverse(&[1.0, 0.9, 0.2], 0.7, alike), [0, 2, 1]);
        assert_eq!(diverse(&[0.5, 0.5], 0.5, |_, _| 1.0), [0, 1]);
        assert_eq!(diverse(&[], 0.5, |_, _| 1.0), [0; 0]);
        assert_eq!(diverse(&[0.0; 300], 0.5, |_, _| 0.0).len(), 300);
    }
}
