//! What usually follows: counts of symbol sequences, backed off from long to short (Witten and Bell, 1991).

use std::collections::BTreeMap;

use ahash::AHashMap;
use serde::{Deserialize, Serialize};

/// Symbols before the first.
const START: u32 = u32::MAX;
/// Where a context has no symbol.
const NONE: u32 = u32::MAX - 2;
/// Symbols of a context, at most.
const LONGEST: usize = 4;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Ngram {
    order: usize,
    #[serde(with = "written")]
    counts: AHashMap<Before, Followed>,
}

/// A context: its symbols, the last first, then `NONE`.
type Before = [u32; LONGEST];

/// How often each symbol followed, and what that comes to: all of them, and how many are different.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "BTreeMap<u32, f64>", into = "BTreeMap<u32, f64>")]
struct Followed {
    counts: BTreeMap<u32, f64>,
    all: f64,
    kinds: f64,
}

impl From<BTreeMap<u32, f64>> for Followed {
    fn from(counts: BTreeMap<u32, f64>) -> Self {
        let kinds = counts.values().filter(|count| **count > 0.0).count() as f64;
        Self { all: counts.values().sum(), kinds, counts }
    }
}

impl From<Followed> for BTreeMap<u32, f64> {
    fn from(followed: Followed) -> Self {
        followed.counts
    }
}

impl Followed {
    fn count(&mut self, symbol: u32, times: f64) {
        let count = self.counts.entry(symbol).or_default();
        let before = *count > 0.0;
        *count += times;
        self.all += times;
        self.kinds += f64::from(*count > 0.0) - f64::from(before);
    }

    fn of(&self, symbol: u32) -> f64 {
        self.counts.get(&symbol).copied().unwrap_or_default()
    }
}

impl Ngram {
    /// One that looks back `order` symbols, at most `LONGEST`.
    pub fn new(order: usize) -> Self {
        Self { order: order.min(LONGEST), counts: AHashMap::new() }
    }

    /// Counts the sequence of a session `times` over; -1 takes it out again.
    pub fn count(&mut self, symbols: &[u32], times: f64) {
        for (at, symbol) in symbols.iter().enumerate() {
            for key in contexts(self.order, &symbols[..at]) {
                self.counts.entry(key).or_default().count(*symbol, times);
            }
        }
    }

    /// The odds of each of `classes` after the symbols, of which any number may be no class.
    pub fn odds(&self, before: &[u32], classes: &[u32]) -> Vec<f64> {
        let mut odds = vec![1.0 / classes.len().max(1) as f64; classes.len()];
        for (length, key) in contexts(self.order, before).enumerate() {
            let Some(seen) = self.counts.get(&key) else { break };
            if seen.all <= 0.0 {
                break;
            }
            // Of what follows nothing in particular only the classes count: the rest never is the answer.
            let (all, kinds) = match length {
                0 => (classes.iter().map(|class| seen.of(*class)).sum::<f64>(), 1.0),
                _ => (seen.all, seen.kinds),
            };
            for (class, odds) in classes.iter().zip(&mut odds) {
                *odds = (seen.of(*class) + kinds * *odds) / (all + kinds);
            }
        }
        odds
    }
}

/// The contexts, from the empty one to the longest.
fn contexts(order: usize, before: &[u32]) -> impl Iterator<Item = Before> {
    let symbols = before.iter().rev().copied().chain(std::iter::repeat(START));
    let longer = symbols.take(order).enumerate().scan([NONE; LONGEST], |key, (at, symbol)| {
        key[at] = symbol;
        Some(*key)
    });
    std::iter::once([NONE; LONGEST]).chain(longer)
}

/// Contexts as text, in order: each symbol in hexadecimal digits with a comma behind it.
mod written {
    use std::collections::BTreeMap;

    use ahash::AHashMap;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{Before, Followed, LONGEST, NONE};

    pub fn serialize<S: Serializer>(
        counts: &AHashMap<Before, Followed>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = |key: &Before| -> String {
            key.iter().take_while(|symbol| **symbol != NONE).map(|symbol| format!("{symbol:x},")).collect()
        };
        let ordered: BTreeMap<String, &Followed> =
            counts.iter().map(|(key, followed)| (text(key), followed)).collect();
        serializer.collect_map(ordered)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<AHashMap<Before, Followed>, D::Error> {
        let key = |text: &str| -> Option<Before> {
            let mut key = [NONE; LONGEST];
            for (at, symbol) in text.split_terminator(',').enumerate() {
                *key.get_mut(at)? = u32::from_str_radix(symbol, 16).ok()?;
            }
            Some(key)
        };
        let told = BTreeMap::<String, Followed>::deserialize(deserializer)?;
        let read = |(text, followed): (String, Followed)| match key(&text) {
            Some(key) => Ok((key, followed)),
            None => Err(D::Error::custom(format!("no context: {text}"))),
        };
        told.into_iter().map(read).collect()
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
        ngram.count(&[1, 2, 7], 1.0);
        ngram.count(&[1, 2, 7], -1.0);
        assert_eq!(ngram.odds(&[1, 2], &[3, 5]), whole);
        let text = serde_json::to_string(&ngram).unwrap();
        assert!(text.contains(r#""2,":{"3":3.0,"5":3.0,"7":0.0}"#), "{text}");
        let again: Ngram = serde_json::from_str(&text).unwrap();
        assert_eq!(again.odds(&[1, 2], &[3, 5]), whole);
    }
}
