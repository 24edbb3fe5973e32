//! Texts that are nearly the same, among many: MinHash with bands (Broder 1997), then exact likeness. Pure.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hasher};

use crate::at_once::each;

/// Words of a shingle.
const SHINGLE: usize = 2;
/// Smallest hashes kept of a text, in bands of rows each: two texts of likeness .8 meet with a probability above
/// .99, of .5 with one of .64.
const BANDS: usize = 16;
const ROWS: usize = 4;
/// Texts of one band that are compared with each other.
const MOST_MET: usize = 200;

/// What a text is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Shingles {
    /// Hashes of its word pairs, numbers being alike; ascending.
    all: Vec<u64>,
    /// What texts that are like it are met by; none of a text without words.
    bands: Vec<u64>,
}

impl Shingles {
    pub fn of(text: &str) -> Self {
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| match word.bytes().all(|byte| byte.is_ascii_digit()) {
                true => "0".to_owned(),
                false => word.to_lowercase(),
            })
            .collect();
        let whole = words.windows(SHINGLE.min(words.len().max(1)));
        let mut all: Vec<u64> = whole.map(hash).collect();
        all.sort_unstable();
        all.dedup();
        Self { bands: bands(&all), all }
    }

    /// The share of both that either has (Jaccard), from 0 to 1; 0 of texts without words.
    pub fn likeness(&self, other: &Self) -> f64 {
        let (mut one, mut two, mut both) = (0, 0, 0.0);
        while let (Some(first), Some(second)) = (self.all.get(one), other.all.get(two)) {
            match first.cmp(second) {
                Ordering::Less => one += 1,
                Ordering::Greater => two += 1,
                Ordering::Equal => (one, two, both) = (one + 1, two + 1, both + 1.0),
            }
        }
        let either = (self.all.len() + other.all.len()) as f64 - both;
        if either > 0.0 { both / either } else { 0.0 }
    }

    /// Whether their likeness is so much at least; most that are compared are not, and it shows early.
    fn is_like(&self, other: &Self, threshold: f64) -> bool {
        let all = self.all.len() + other.all.len();
        // Of `all` at least this many must be of both, each counted once; rounding may only let more through. Rounded up
        // by hand: on processors of all ages that is a call otherwise.
        let shared = (threshold * all as f64 / (1.0 + threshold) - 1e-6).max(0.0);
        let shared = shared as usize + usize::from(shared.fract() > 0.0);
        let mut spare = all.saturating_sub(2 * shared);
        let (mut one, mut two) = (0, 0);
        while let (Some(first), Some(second)) = (self.all.get(one), other.all.get(two)) {
            match first.cmp(second) {
                Ordering::Less => one += 1,
                Ordering::Greater => two += 1,
                Ordering::Equal => {
                    (one, two) = (one + 1, two + 1);
                    continue;
                }
            }
            match spare.checked_sub(1) {
                Some(left) => spare = left,
                None => return false,
            }
        }
        self.likeness(other) >= threshold
    }
}

fn bands(shingles: &[u64]) -> Vec<u64> {
    let smallest = |seed: u64| {
        // Of hashes as good as these the order of the products is as good as any.
        let (mask, factor) = (mixed(seed), mixed(!seed) | 1);
        shingles.iter().map(|one| (one ^ mask).wrapping_mul(factor)).min()
    };
    let band = |band: u64| {
        let mut rows = (0..ROWS as u64).map(|row| smallest(band * ROWS as u64 + row + 1));
        rows.try_fold(band, |all, one| Some(mixed(all ^ one?)))
    };
    (0..BANDS as u64).filter_map(band).collect()
}

/// Groups of two and more texts, each at least as like as `threshold` to another of its group; in each the places of
/// the texts, ascending; the groups by their first.
pub fn groups(texts: &[&Shingles], threshold: f64) -> Vec<Vec<usize>> {
    let mut met: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut group: Vec<usize> = (0..texts.len()).collect();
    // Of texts that are the same the first stands for all of them.
    let mut first: HashMap<&Shingles, usize> = HashMap::new();
    let mut firsts = Vec::new();
    for (at, text) in texts.iter().enumerate().filter(|(_, text)| !text.all.is_empty()) {
        match first.get(text) {
            Some(same) => group[at] = *same,
            None => {
                first.insert(text, at);
                firsts.push(at);
            }
        }
    }
    for at in firsts {
        texts[at].bands.iter().for_each(|band| met.entry(*band).or_default().push(at));
    }
    let met: Vec<Vec<usize>> = met.into_values().filter(|together| together.len() > 1).collect();
    for (one, other) in each(&met, |together| alike(texts, together, threshold)).into_iter().flatten() {
        let (a, b) = (root(&mut group, one), root(&mut group, other));
        group[a.max(b)] = a.min(b);
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..texts.len() {
        groups.entry(root(&mut group, at)).or_default().push(at);
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// Pairs of texts of a band that are like enough, as many as hold those together that are.
fn alike(texts: &[&Shingles], together: &[usize], threshold: f64) -> Vec<(usize, usize)> {
    let mut group: Vec<usize> = (0..together.len()).collect();
    let mut pairs = Vec::new();
    for one in 0..together.len() {
        for other in one + 1..together.len().min(one + MOST_MET) {
            let (a, b) = (root(&mut group, one), root(&mut group, other));
            let (first, second) = (together[one], together[other]);
            if a != b && texts[first].is_like(texts[second], threshold) {
                group[a.max(b)] = a.min(b);
                pairs.push((first, second));
            }
        }
    }
    pairs
}

fn root(group: &mut [usize], mut at: usize) -> usize {
    while group[at] != at {
        group[at] = group[group[at]];
        at = group[at];
    }
    at
}

fn hash(words: &[String]) -> u64 {
    let mut hasher = ahash::RandomState::with_seeds(1, 2, 3, 4).build_hasher();
    for word in words {
        hasher.write(word.as_bytes());
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

/// The finaliser of SplitMix64.
fn mixed(mut number: u64) -> u64 {
    number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearly_the_same_is_together() {
        let texts = [
            "error: connection to db-1 refused after 30 s",
            "compiling cart v0.1.0",
            "Error: connection to db-1 refused after 31 s",
            "the quick brown fox",
            "compiling cart v0.1.1",
            "",
            "",
        ];
        let shingles: Vec<Shingles> = texts.iter().map(|text| Shingles::of(text)).collect();
        assert_eq!(groups(&shingles.iter().collect::<Vec<_>>(), 0.8), [vec![0, 2], vec![1, 4]]);
        assert!(shingles[0].likeness(&shingles[3]) < 0.1);
        for (one, other) in shingles.iter().flat_map(|one| shingles.iter().map(move |other| (one, other))) {
            for threshold in [0.05, 0.3, 0.5, 0.75, 0.8, 1.0, one.likeness(other)] {
                assert_eq!(one.is_like(other, threshold), one.likeness(other) >= threshold);
            }
        }
        assert_eq!(shingles[5].likeness(&shingles[6]), 0.0);
    }

    #[test]
    fn a_thousand_of_one_and_a_thousand_of_many() {
        let text = |at: usize| match at % 2 {
            0 => "retry in a moment, the server is busy now".to_owned(),
            _ => format!("w{at} x{at} y{at} z{at} q{at}"),
        };
        let shingles: Vec<Shingles> = (0..2_000).map(|at| Shingles::of(&text(at))).collect();
        let found = groups(&shingles.iter().collect::<Vec<_>>(), 0.9);
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [1_000]);
    }
}
