//! A fitted ranker: an ensemble of trees over the features, as `./dev fit` writes it.

use std::sync::Arc;

use athena_schemas::Error;
use serde::Deserialize;

use super::features::{NAMES, Row};

/// Rows that are scored together: 17 KB of them.
const ROWS: usize = 64;

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

/// The same, as it is evaluated.
#[derive(Debug)]
pub struct Ranker {
    trees: Vec<Tree>,
}

#[derive(Debug)]
struct Tree {
    nodes: Vec<Node>,
    leaves: Vec<f32>,
}

/// What decides stands together in memory.
#[derive(Debug)]
struct Node {
    threshold: f32,
    feature: u16,
    /// Where the feature is at most the threshold, and where it is above.
    children: [i16; 2],
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

    /// The score of each row. Tree by tree for so many rows as the nearest cache holds.
    pub fn scores(&self, rows: &[Row]) -> Vec<f32> {
        let mut scores = vec![0.0; rows.len()];
        for (scores, rows) in scores.chunks_mut(ROWS).zip(rows.chunks(ROWS)) {
            for tree in &self.trees {
                scores.iter_mut().zip(rows).for_each(|(score, row)| *score += tree.value(row));
            }
        }
        scores
    }
}

impl WrittenTree {
    /// `None` when it leads nowhere, or in a ring.
    fn tree(self) -> Option<Tree> {
        let nodes = self.feature.len();
        if [self.threshold.len(), self.left.len(), self.right.len()] != [nodes; 3] || self.leaf.is_empty() {
            return None;
        }
        let leads = |from: usize, to: i16| match usize::try_from(to) {
            Ok(node) => from < node && node < nodes,
            Err(_) => usize::from(to.unsigned_abs()) <= self.leaf.len(),
        };
        let node = |at: usize| {
            let (feature, children) = (self.feature[at], [self.left[at], self.right[at]]);
            let whole = usize::from(feature) < NAMES.len() && children.iter().all(|child| leads(at, *child));
            whole.then_some(Node { threshold: self.threshold[at], feature, children })
        };
        Some(Tree { nodes: (0..nodes).map(node).collect::<Option<_>>()?, leaves: self.leaf })
    }
}

impl Tree {
    fn value(&self, row: &Row) -> f32 {
        let mut at: i16 = if self.nodes.is_empty() { -1 } else { 0 };
        // Every way leads to a node of a larger number, or to a leaf.
        while let Ok(number) = usize::try_from(at) {
            let node = &self.nodes[number];
            at = node.children[usize::from(row[usize::from(node.feature)] > node.threshold)];
        }
        self.leaves[usize::from(at.unsigned_abs()) - 1]
    }
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
