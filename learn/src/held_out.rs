//! System 2 without a language model: whether a sequence of steps holds in sessions that it was not learned from.
//!
//! It asks a question that the miner does not: once the first step is done, do the others follow more often than after
//! any other step? Steps are told by their tool and the first words of their text, so that the test does not rest on the
//! templates that the sequence was found with.

use std::collections::BTreeMap;

/// Words of a text that make its shape.
const WORDS: usize = 2;
/// The others must follow within so many steps for each of theirs.
const WINDOW: usize = 3;
/// Sessions' first steps from which a trial tells anything.
pub const LEAST: usize = 5;
/// The posterior from which it holds, and below 1 − it does not.
pub const SURE: f64 = 0.95;

/// A step as it is told here.
pub fn shape(tool: &str, text: &str) -> String {
    let letters = |word: &str| word.chars().any(char::is_alphabetic) && !word.contains('/');
    let words = text.split_whitespace().filter(|word| letters(word)).take(WORDS);
    words.fold(tool.to_owned(), |shape, word| shape + " " + word)
}

/// The shape that most of a step's events have.
pub fn usual<'a>(shapes: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    shapes.into_iter().for_each(|shape| *counts.entry(shape).or_default() += 1);
    let best = counts.into_iter().max_by(|(a, n), (b, m)| n.cmp(m).then_with(|| b.cmp(a)));
    best.map(|(shape, _)| shape.to_owned())
}

/// What was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Trial {
    /// Times that the first step was done, and those after which the others followed in their order.
    pub begun: usize,
    pub followed: usize,
    /// Other steps, and those after which the others followed.
    pub elsewhere: usize,
    pub by_chance: usize,
}

/// Looks for a sequence in sessions, each a list of shapes.
pub fn trial(sequence: &[String], sessions: &[Vec<String>]) -> Trial {
    let mut trial = Trial::default();
    let [first, rest @ ..] = sequence else { return trial };
    for session in sessions {
        for (at, step) in session.iter().enumerate() {
            let window = &session[at + 1..session.len().min(at + 1 + rest.len() * WINDOW)];
            let follows = usize::from(!rest.is_empty() && in_order(rest, window));
            let (all, hits) = match step == first {
                true => (&mut trial.begun, &mut trial.followed),
                false => (&mut trial.elsewhere, &mut trial.by_chance),
            };
            *all += 1;
            *hits += follows;
        }
    }
    trial
}

fn in_order(wanted: &[String], window: &[String]) -> bool {
    let mut left = wanted.iter();
    let mut next = left.next();
    for step in window {
        if next == Some(step) {
            next = left.next();
        }
    }
    next.is_none()
}

impl Trial {
    /// The probability that the others follow the first step more often than any other: of two beta posteriors over
    /// uniform priors, the one of the first is the larger.
    pub fn posterior(&self) -> f64 {
        let beta = |hits: usize, all: usize| (hits as f64 + 1.0, (all - hits) as f64 + 1.0);
        let (a, b) = beta(self.followed, self.begun);
        larger((a, b), beta(self.by_chance, self.elsewhere))
    }

    /// `holds`, `does_not_hold` or `undecided`.
    pub fn verdict(&self) -> &'static str {
        match self.posterior() {
            _ if self.begun < LEAST => "undecided",
            sure if sure >= SURE => "holds",
            sure if sure <= 1.0 - SURE => "does_not_hold",
            _ => "undecided",
        }
    }
}

/// The probability that a draw from the first beta distribution is above one from the second, for whole parameters
/// (Cook, 2005).
fn larger((a, b): (f64, f64), (c, d): (f64, f64)) -> f64 {
    let terms = (0..a as usize).map(|i| {
        let i = i as f64;
        (log_beta(c + i, b + d) - (b + i).ln() - log_beta(1.0 + i, b) - log_beta(c, d)).exp()
    });
    terms.sum::<f64>().min(1.0)
}

fn log_beta(a: f64, b: f64) -> f64 {
    log_gamma(a) + log_gamma(b) - log_gamma(a + b)
}

/// Of positive numbers: Stirling's series, after the recurrence has made them large.
fn log_gamma(mut x: f64) -> f64 {
    let mut less = 0.0;
    while x < 12.0 {
        less += x.ln();
        x += 1.0;
    }
    let series = 1.0 / (12.0 * x) - 1.0 / (360.0 * x.powi(3)) + 1.0 / (1260.0 * x.powi(5));
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - less
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn shapes_leave_out_what_varies() {
        assert_eq!(shape("Bash", "cargo test -p cart"), "Bash cargo test");
        assert_eq!(shape("Read", "src/lib.rs"), "Read");
        assert_eq!(usual(["a", "b", "b"]), Some("b".into()));
        assert_eq!(usual([]), None);
    }

    #[test]
    fn what_follows_holds_and_what_does_not_is_chance() {
        let wanted = session("a b c");
        let real: Vec<_> = (0..20).map(|_| session("x a y b c z q")).collect();
        let trial = trial(&wanted, &real);
        assert_eq!((trial.begun, trial.followed), (20, 20));
        // From x the others are within reach too.
        assert_eq!((trial.by_chance, trial.verdict()), (40, "holds"));
        let mut number = 7_u64;
        let mut any = || {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ["a", "b", "c", "x"][(number >> 62) as usize].to_owned()
        };
        let mixed: Vec<Vec<String>> = (0..50).map(|_| (0..20).map(|_| any()).collect()).collect();
        assert_ne!(super::trial(&wanted, &mixed).verdict(), "holds", "{:?}", super::trial(&wanted, &mixed));
        assert_eq!(super::trial(&wanted, &real[..2]).verdict(), "undecided");
    }

    #[test]
    fn posteriors_are_those_of_the_beta_distribution() {
        let near = |one: f64, other: f64| (one - other).abs() < 1e-6;
        assert!(near(larger((1.0, 1.0), (1.0, 1.0)), 0.5));
        // P(A > B) for A ~ Beta(2, 1), B ~ Beta(1, 1) is the mean of A.
        assert!(near(larger((2.0, 1.0), (1.0, 1.0)), 2.0 / 3.0));
        assert!(near(larger((3.0, 2.0), (1.0, 1.0)), 0.6));
        assert!(
            near(log_gamma(5.0), 24.0_f64.ln()) && near(log_gamma(0.5), std::f64::consts::PI.sqrt().ln())
        );
        let many = Trial { begun: 20_000, followed: 15_000, elsewhere: 40_000, by_chance: 4_000 };
        assert!(near(many.posterior(), 1.0));
    }
}
