//! How far two partitions of the same things agree.

use std::collections::BTreeMap;

/// Normalised mutual information (Danon et al., 2005): twice what two partitions tell of each other over what each tells
/// by itself, from 0 (nothing) to 1 (they are the same). `one` and `other` name the group of each thing. Two partitions
/// that tell nothing at all, everything being in one group, are the same.
pub fn nmi(one: &[u32], other: &[u32]) -> f64 {
    let all = one.len().min(other.len());
    let pairs = one.iter().copied().zip(other.iter().copied());
    let entropy = |sizes: BTreeMap<(u32, u32), usize>| -> f64 {
        let share = |size: usize| size as f64 / all as f64;
        -sizes.into_values().map(|size| share(size) * share(size).ln()).sum::<f64>()
    };
    let first = entropy(counted(pairs.clone().map(|(one, _)| (one, 0))));
    let second = entropy(counted(pairs.clone().map(|(_, other)| (other, 0))));
    if first + second <= 0.0 {
        return 1.0;
    }
    let mutual = first + second - entropy(counted(pairs));
    (2.0 * mutual / (first + second)).clamp(0.0, 1.0)
}

fn counted(keys: impl Iterator<Item = (u32, u32)>) -> BTreeMap<(u32, u32), usize> {
    let mut sizes = BTreeMap::new();
    keys.for_each(|key| *sizes.entry(key).or_default() += 1);
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-9
    }

    #[test]
    fn names_of_groups_do_not_matter_and_groups_do() {
        assert!(near(nmi(&[0, 0, 1, 1], &[7, 7, 3, 3]), 1.0));
        assert!(near(nmi(&[0, 0, 1, 1], &[0, 1, 0, 1]), 0.0), "each tells nothing of the other");
        assert!(near(nmi(&[0, 0, 0], &[4, 4, 4]), 1.0) && near(nmi(&[], &[]), 1.0));
        assert!(near(nmi(&[0, 0, 0, 0], &[0, 0, 1, 1]), 0.0), "one group tells nothing of two");
        // H = ln 2 and 1.5 ln 2, of which they share ln 2.
        assert!(near(nmi(&[0, 0, 1, 1], &[0, 0, 1, 2]), 0.8));
        let (one, other) = ([0, 0, 1, 1, 2, 2], [0, 0, 1, 2, 2, 2]);
        assert!(near(nmi(&one, &other), nmi(&other, &one)) && nmi(&one, &other) < 1.0);
    }
}
