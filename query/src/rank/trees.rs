//! A fitted ranker: an ensemble of trees over the features, as `./dev fit` writes it.

use std::sync::Arc;

use athena_schemas::Error;
use multiversion::multiversion;
use serde::Deserialize;

use super::features::{NAMES, Row};
use crate::at_once::at_once;

/// Rows that are scored together: 16 KB of them.
const ROWS: usize = 64;
/// Leaves of a tree, at most: bits of a mask.
const MOST_LEAVES: usize = u32::BITS as usize;

/// A ranker as it is written: nodes by number, the root first. A child below 0 is the leaf `-1 - child`; a branch
/// takes the left way where the feature is at most the threshold.
#[derive(Debug, Deserialize)]
struct Written {
    features: Vec<String>,
    trees: Vec<WrittenTree>,
}

#[derive(Debug, Deserialize)]
struct WrittenTree {
    feature: Vec<u16>,
    threshold: Vec<f32>,
    left: Vec<i16>,
    right: Vec<i16>,
    leaf: Vec<f32>,
}

/// The same, as it is evaluated (QuickScorer, Lucchese et al., 2015): each branch that leads to the right rules out the
/// leaves on its left, and the first that is left over is the row's. Every branch is looked at, for many rows at
/// once, so nothing is to be predicted.
#[derive(Debug)]
pub struct Ranker {
    trees: Vec<Tree>,
}

#[derive(Debug, Default)]
struct Tree {
    branches: Vec<Branch>,
    /// From the left.
    leaves: Vec<f32>,
}

#[derive(Debug)]
struct Branch {
    feature: u16,
    threshold: f32,
    /// Leaves that are possible where the feature is above the threshold.
    above: u32,
}

static FULL: &str = include_str!("../../model/ranker.json");
static FREE: &str = include_str!("../../model/ranker-free.json");

impl Ranker {
    /// The ranker of that name: `full` or `free`, which are inside the binary, or the file that `./dev fit` wrote.
    ///
    /// # Errors
    /// A file that is not there, or is no ranker of these features.
    pub fn named(name: &str) -> Result<Arc<Self>, Error> {
        let wrong = |why: String| Error::invalid("search.ranker", format!("{name}: {why}"));
        let fitted = |text| Arc::new(Self::parse(text).expect("written by ./dev fit for these features"));
        match name {
            "full" => Ok(fitted(FULL)),
            "free" => Ok(fitted(FREE)),
            file => {
                let text = std::fs::read_to_string(file).map_err(|error| {
                    wrong(error.to_string()).hint("give full, free, or the file that ./dev fit wrote")
                })?;
                let ranker = Self::parse(&text).ok_or_else(|| {
                    wrong("no ranker of this version's features".into()).hint("fit it again by ./dev fit")
                })?;
                Ok(Arc::new(ranker))
            }
        }
    }

    /// `None` when it is not one, or of other features.
    pub fn parse(text: &str) -> Option<Self> {
        let Written { features, trees } = serde_json::from_str(text).ok()?;
        let trees = trees.into_iter().map(WrittenTree::tree).collect::<Option<_>>()?;
        (features == NAMES).then_some(Self { trees })
    }

    /// Whether it orders anything: one without trees does not.
    pub fn is_fitted(&self) -> bool {
        !self.trees.is_empty()
    }

    /// The score of each row.
    pub fn scores(&self, rows: &[Row]) -> Vec<f32> {
        let (one, other) = rows.split_at(rows.len().div_ceil(ROWS) / 2 * ROWS);
        let (mut scores, others) = at_once(|| self.scores_of(one), || self.scores_of(other));
        scores.extend(others);
        scores
    }

    fn scores_of(&self, rows: &[Row]) -> Vec<f32> {
        let mut scores = vec![0.0; rows.len()];
        let mut columns = [[0.0; ROWS]; NAMES.len()];
        for (scores, rows) in scores.chunks_mut(ROWS).zip(rows.chunks(ROWS)) {
            for (at, row) in rows.iter().enumerate() {
                columns.iter_mut().zip(row).for_each(|(column, value)| column[at] = *value);
            }
            for tree in &self.trees {
                let possible = possible(&tree.branches, &columns);
                for (score, possible) in scores.iter_mut().zip(possible) {
                    *score += tree.leaves[possible.trailing_zeros() as usize];
                }
            }
        }
        scores
    }
}

impl WrittenTree {
    /// `None` when it leads nowhere, in a ring, or to more leaves than are possible.
    fn tree(self) -> Option<Tree> {
        let nodes = self.feature.len();
        let whole = [self.threshold.len(), self.left.len(), self.right.len()] == [nodes; 3]
            && (1..=MOST_LEAVES).contains(&self.leaf.len());
        let mut tree = Tree::default();
        let root = if nodes == 0 { -1 } else { 0 };
        whole.then(|| self.walk(root, &mut tree))??;
        Some(tree)
    }

    /// Takes the leaves below a node, from the left, and its branches.
    fn walk(&self, node: i16, tree: &mut Tree) -> Option<()> {
        let Ok(at) = usize::try_from(node) else {
            let leaf = self.leaf.get(usize::from(node.unsigned_abs()) - 1)?;
            tree.leaves.push(*leaf);
            return (tree.leaves.len() <= self.leaf.len()).then_some(());
        };
        let (feature, threshold) = (*self.feature.get(at)?, *self.threshold.get(at)?);
        let leads = |to: i16| usize::try_from(to).is_err() || to > node;
        let (left, right) = (*self.left.get(at)?, *self.right.get(at)?);
        if usize::from(feature) >= NAMES.len() || !leads(left) || !leads(right) {
            return None;
        }
        let first = tree.leaves.len();
        self.walk(left, tree)?;
        let ruled_out = ones(tree.leaves.len()) & !ones(first);
        tree.branches.push(Branch { feature, threshold, above: !ruled_out });
        self.walk(right, tree)
    }
}

/// The lowest so many bits, of at most all.
fn ones(count: usize) -> u32 {
    u32::MAX.checked_shr((MOST_LEAVES - count.min(MOST_LEAVES)) as u32).unwrap_or(0)
}

/// For each row the leaves that no branch rules out; the first of them is its own.
#[multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512vl+avx2+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"
))]
fn possible(branches: &[Branch], columns: &[[f32; ROWS]; NAMES.len()]) -> [u32; ROWS] {
    let mut possible = [u32::MAX; ROWS];
    for Branch { feature, threshold, above } in branches {
        for (possible, value) in possible.iter_mut().zip(&columns[usize::from(*feature)]) {
            // All where it is not above, without a branch.
            *possible &= above | u32::from(value > threshold).wrapping_sub(1);
        }
    }
    possible
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranker(tree: &str) -> Option<Ranker> {
        let names = serde_json::to_string(&NAMES[..]).unwrap();
        Ranker::parse(&format!("{{\"features\":{names},\"trees\":[{tree}]}}"))
    }

    #[test]
    fn a_tree_decides() {
        let tree = r#"{"feature":[0,1],"threshold":[1.5,0],"left":[1,-1],"right":[-3,-2],"leaf":[1,2,3]}"#;
        let ranker = ranker(tree).unwrap();
        let mut row = [0.0; NAMES.len()];
        assert_eq!(ranker.scores(&[row]), [1.0]);
        row[1] = 0.5;
        assert_eq!(ranker.scores(&[row]), [2.0]);
        let (other, row) = (row, [1.6; NAMES.len()]);
        assert_eq!(ranker.scores(&[row, other]), [3.0, 2.0]);
    }

    #[test]
    fn what_is_no_ranker_is_refused() {
        for tree in [
            r#"{"feature":[0],"threshold":[1],"left":[-1],"right":[-2],"leaf":[1]}"#,
            r#"{"feature":[0],"threshold":[1],"left":[0],"right":[-1],"leaf":[1]}"#,
            r#"{"feature":[9999],"threshold":[1],"left":[-1],"right":[-1],"leaf":[1]}"#,
            r#"{"feature":[],"threshold":[],"left":[],"right":[],"leaf":[]}"#,
        ] {
            assert!(ranker(tree).is_none(), "{tree}");
        }
        assert!(Ranker::parse(r#"{"features":["other"],"trees":[]}"#).is_none());
        for name in ["full", "free"] {
            assert!(Ranker::named(name).unwrap().is_fitted(), "{name}");
        }
        let error = Ranker::named("no-such-file.json").unwrap_err();
        assert_eq!(error.field.as_deref(), Some("search.ranker"));
    }
}
