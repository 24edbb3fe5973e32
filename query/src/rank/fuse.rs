//! Several lists of one question as one. Pure.

use std::collections::BTreeMap;

/// What is known of an id while lists are laid together.
struct Sum {
    score: f64,
    lists: Vec<usize>,
    /// Its best place in any list.
    place: usize,
}

/// A convex combination (docs/ranker.md has why not of ranks): of each id the sum over the lists of weight × score,
/// the scores of each list being brought to 0 to 1; the best first. Each id comes with the numbers of the lists that
/// have it.
pub fn fuse<I: Clone + Ord>(lists: &[(f64, Vec<(I, f64)>)]) -> Vec<(I, f64, Vec<usize>)> {
    let all_weights: f64 = lists.iter().map(|(weight, _)| weight).sum();
    let mut all: BTreeMap<I, Sum> = BTreeMap::new();
    for (number, (weight, list)) in lists.iter().enumerate() {
        let scores = || list.iter().map(|(_, score)| *score);
        let (low, high) = (scores().fold(f64::MAX, f64::min), scores().fold(f64::MIN, f64::max));
        for (place, (id, score)) in list.iter().enumerate() {
            let normal = if high > low { (score - low) / (high - low) } else { 1.0 };
            let new = || Sum { score: 0.0, lists: Vec::new(), place };
            let one = all.entry(id.clone()).or_insert_with(new);
            one.score += weight / all_weights.max(f64::MIN_POSITIVE) * normal;
            one.place = one.place.min(place);
            if one.lists.last() != Some(&number) {
                one.lists.push(number);
            }
        }
    }
    let mut all: Vec<(I, Sum)> = all.into_iter().collect();
    all.sort_by(|(_, one), (_, other)| {
        other.score.total_cmp(&one.score).then_with(|| one.place.cmp(&other.place))
    });
    all.into_iter().map(|(id, sum)| (id, sum.score, sum.lists)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_lists_have_comes_first() {
        let fused = fuse(&[
            (1.0, vec![("a", 9.0), ("b", 8.0), ("z", 0.0)]),
            (1.0, vec![("b", 0.9), ("c", 0.5), ("z", 0.1)]),
        ]);
        let order: Vec<_> = fused.iter().map(|(id, _, lists)| (*id, lists.clone())).collect();
        assert_eq!(order, [("b", vec![0, 1]), ("a", vec![0]), ("c", vec![1]), ("z", vec![0, 1])]);
        assert!(fused.iter().all(|(_, score, _)| (0.0..=1.0).contains(score)));
    }

    #[test]
    fn weights_and_tails() {
        assert_eq!(fuse(&[(0.1, vec![("a", 1.0)]), (1.0, vec![("b", 1.0)])])[0].0, "b");
        // What no list likes stays behind, in the order of its places.
        let fused =
            fuse(&[(1.0, vec![("a", 3.0), ("b", 1.0)]), (1.0, vec![("c", 2.0), ("d", 2.0), ("b", 1.0)])]);
        assert_eq!(fused.last().map(|(id, ..)| *id), Some("b"));
        assert_eq!(fuse::<u8>(&[]).len(), 0);
    }
}
