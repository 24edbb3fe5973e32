//! What usually follows: counts of symbol sequences, backed off from long to short (Witten and Bell, 1991).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Symbols before the first.
const START: u32 = u32::MAX;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Ngram {
    order: usize,
    /// What followed a context (its symbols, the last first), and how often.
    counts: BTreeMap<String, BTreeMap<u32, f64>>,
}

impl Ngram {
    pub fn new(order: usize) -> Self {
        Self { order, counts: BTreeMap::new() }
    }

    /// Counts the sequence of a session `times` over; -1 takes it out again.
    pub fn count(&mut self, symbols: &[u32], times: f64) {
        for (at, symbol) in symbols.iter().enumerate() {
            for key in self.keys(&symbols[..at]) {
                *self.counts.entry(key).or_default().entry(*symbol).or_default() += times;
            }
        }
    }

    /// The odds of each of `classes` after the symbols, of which any number may be no class.
    pub fn odds(&self, before: &[u32], classes: &[u32]) -> Vec<f64> {
        let mut odds = vec![1.0 / classes.len().max(1) as f64; classes.len()];
        for (length, key) in self.keys(before).into_iter().enumerate() {
            let Some(seen) = self.counts.get(&key) else { break };
            let all: f64 = seen.values().sum();
            let kinds = seen.values().filter(|count| **count > 0.0).count() as f64;
            if all <= 0.0 {
                break;
            }
            // Of what follows nothing in particular only the classes count: the rest never is the answer.
            let (all, kinds) = match length {
                0 => {
                    let of = |class: &u32| seen.get(class).copied().unwrap_or_default();
                    (classes.iter().map(of).sum::<f64>(), 1.0)
                }
                _ => (all, kinds),
            };
            for (class, odds) in classes.iter().zip(&mut odds) {
                *odds = (seen.get(class).copied().unwrap_or_default() + kinds * *odds) / (all + kinds);
            }
        }
        odds
    }

    /// Keys of the contexts, from the empty one to the longest.
    fn keys(&self, before: &[u32]) -> Vec<String> {
        let mut key = String::new();
        let mut keys = vec![key.clone()];
        for back in 1..=self.order {
            let symbol = before.len().checked_sub(back).map_or(START, |at| before[at]);
            key = format!("{key}{symbol:x},");
            keys.push(key.clone());
        }
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_contexts_decide_and_short_ones_help_out() {
        let mut ngram = Ngram::new(2);
        for _ in 0..3 {
            ngram.count(&[1, 2, 3], 1.0);
            ngram.count(&[4, 2, 5], 1.0);
        }
        let odds = ngram.odds(&[1, 2], &[3, 5]);
        assert!(odds[0] > 0.7 && odds[1] < 0.3, "{odds:?}");
        let odds = ngram.odds(&[9, 2], &[3, 5]);
        assert!((odds[0] - odds[1]).abs() < 1e-9, "{odds:?}");
        let whole = ngram.odds(&[1, 2], &[3, 5]);
        ngram.count(&[1, 2, 3], 1.0);
        ngram.count(&[1, 2, 3], -1.0);
        assert_eq!(ngram.odds(&[1, 2], &[3, 5]), whole);
    }
}
