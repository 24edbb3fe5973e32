//! Several lists of one question as one. Pure.

use std::collections::BTreeMap;

/// How much the first places count more than those behind (Cormack, Clarke and Büttcher, 2009).
const DEPTH: f64 = 60.0;

/// Reciprocal rank fusion: of each id the sum over the lists of weight / (60 + place), the best first. Each id comes
/// with the numbers of the lists that have it.
pub fn fuse<I: Clone + Ord>(lists: &[(f64, Vec<I>)]) -> Vec<(I, f64, Vec<usize>)> {
    let mut all: BTreeMap<I, (f64, Vec<usize>)> = BTreeMap::new();
    for (number, (weight, list)) in lists.iter().enumerate() {
        for (place, id) in list.iter().enumerate() {
            let one = all.entry(id.clone()).or_default();
            one.0 += weight / (DEPTH + place as f64 + 1.0);
            if one.1.last() != Some(&number) {
                one.1.push(number);
            }
        }
    }
    let mut all: Vec<_> = all.into_iter().map(|(id, (score, lists))| (id, score, lists)).collect();
    all.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_lists_have_comes_first() {
        let fused = fuse(&[(1.0, vec!["a", "b"]), (1.0, vec!["b", "c"])]);
        let order: Vec<_> = fused.iter().map(|(id, _, lists)| (*id, lists.clone())).collect();
        assert_eq!(order, [("b", vec![0, 1]), ("a", vec![0]), ("c", vec![1])]);
        assert_eq!(fuse(&[(1.0, vec!["a", "b", "c"])])[2].0, "c");
        assert_eq!(fuse(&[(0.1, vec!["a"]), (1.0, vec!["b"])])[0].0, "b");
        assert_eq!(fuse::<u8>(&[]).len(), 0);
    }
}
