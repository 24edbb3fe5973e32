//! Shares with their uncertainty, and tests of differences between them.

use serde::{Deserialize, Serialize};

/// The quantile of a two-sided interval of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// A share with its 95 % interval (Wilson, 1927).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Rate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    pub successes: usize,
    pub of: usize,
}

impl Rate {
    /// `None` of nothing.
    pub fn of(successes: usize, of: usize) -> Option<Self> {
        if of == 0 {
            return None;
        }
        let (n, p) = (of as f64, successes as f64 / of as f64);
        let middle = p + Z * Z / (2.0 * n);
        let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let whole = 1.0 + Z * Z / n;
        let (low, high) = ((middle - spread) / whole, (middle + spread) / whole);
        // Of none and of all the formula's ends are exact but for rounding.
        let low = if successes == 0 { 0.0 } else { low.max(0.0) };
        let high = if successes == of { 1.0 } else { high.min(1.0) };
        Some(Self { value: p, low, high, successes, of })
    }
}

/// Fisher's exact test, two-sided: the odds of a table at least as uneven, where nothing depends on anything.
/// `with` and `without` are (successes, all).
pub fn fisher(with: (usize, usize), without: (usize, usize)) -> f64 {
    let (all, successes) = (with.1 + without.1, with.0 + without.0);
    let odds = |hits: usize| {
        (choose(with.1, hits) + choose(without.1, successes - hits) - choose(all, successes)).exp()
    };
    let least = successes.saturating_sub(without.1);
    let seen = odds(with.0) * (1.0 + 1e-9);
    (least..=successes.min(with.1)).map(odds).filter(|p| *p <= seen).sum::<f64>().min(1.0)
}

/// The odds of at least `seen` hits in `of` tries at `chance` each.
pub fn at_least(seen: usize, of: usize, chance: f64) -> f64 {
    if chance <= 0.0 {
        return if seen == 0 { 1.0 } else { 0.0 };
    }
    if chance >= 1.0 {
        return 1.0;
    }
    let term = |hits: usize| {
        (choose(of, hits) + hits as f64 * chance.ln() + (of - hits) as f64 * (1.0 - chance).ln()).exp()
    };
    (seen..=of).map(term).sum::<f64>().min(1.0)
}

/// Log of the number of ways to choose `k` of `n`.
fn choose(n: usize, k: usize) -> f64 {
    log_factorial(n) - log_factorial(k) - log_factorial(n - k)
}

fn log_factorial(n: usize) -> f64 {
    if n < 32 {
        return (2..=n).map(|k| (k as f64).ln()).sum();
    }
    // Stirling, with an error below 1e-9 from 32 on.
    let n = n as f64;
    n * n.ln() - n + 0.5 * (2.0 * std::f64::consts::PI * n).ln() + 1.0 / (12.0 * n)
        - 1.0 / (360.0 * n.powi(3))
}

/// The middle value; of an even number the lower one.
pub fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 5e-4
    }

    #[test]
    fn intervals_and_tests_agree_with_the_tables() {
        let rate = Rate::of(7, 10).unwrap();
        assert!(near(rate.low, 0.3968) && near(rate.high, 0.8922), "{rate:?}");
        assert_eq!(Rate::of(0, 0), None);
        assert_eq!(Rate::of(0, 6).unwrap().low, 0.0);
        assert!(Rate::of(5, 5).unwrap().high == 1.0 && Rate::of(5, 5).unwrap().low < 0.6);
        assert!(near(fisher((8, 10), (1, 6)), 0.0350));
        assert!(near(fisher((5, 10), (5, 10)), 1.0));
        assert!(near(at_least(8, 10, 0.5), 0.0547));
        assert!(near(log_factorial(40), 110.3206));
    }

    #[test]
    fn the_median_is_a_value_that_was_seen() {
        assert_eq!(median(vec![3, 1, 2]), Some(2));
        assert_eq!(median(vec![4, 1, 3, 2]), Some(2));
        assert_eq!(median(vec![]), None);
    }
}
