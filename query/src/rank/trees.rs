//! A fitted ranker: an ensemble of trees over the features, as `./dev fit` writes it.

use std::sync::Arc;

use athena_schemas::Error;
use serde::Deserialize;

use super::features::{NAMES, Row};

/// Reads whole; a branch takes the left way where the feature is at most the threshold.
#[derive(Debug, Deserialize)]
pub struct Ranker {
    features: Vec<String>,
    trees: Vec<Tree>,
}

/// Nodes by number, the root first. A child below 0 is the leaf `-1 - child`.
#[derive(Debug, Deserialize)]
struct Tree {
    feature: Vec<u16>,
    threshold: Vec<f32>,
    left: Vec<i32>,
    right: Vec<i32>,
    leaf: Vec<f32>,
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
        let ranker: Self = serde_json::from_str(text).ok()?;
        let whole = |tree: &Tree| {
            let nodes = tree.feature.len();
            let child = |child: &i32| match *child {
                leaf if leaf < 0 => tree.leaf.len() > (-1 - leaf) as usize,
                node => (node as usize) < nodes,
            };
            [tree.threshold.len(), tree.left.len(), tree.right.len()] == [nodes; 3]
                && tree.feature.iter().all(|feature| usize::from(*feature) < NAMES.len())
                && tree.left.iter().chain(&tree.right).all(child)
                && !tree.leaf.is_empty()
        };
        (ranker.features == NAMES && ranker.trees.iter().all(whole)).then_some(ranker)
    }

    /// Whether it orders anything: one without trees does not.
    pub fn is_fitted(&self) -> bool {
        !self.trees.is_empty()
    }

    pub fn score(&self, row: &Row) -> f32 {
        self.trees.iter().map(|tree| tree.value(row)).sum()
    }
}

impl Tree {
    fn value(&self, row: &Row) -> f32 {
        if self.feature.is_empty() {
            return self.leaf[0];
        }
        let mut node = 0;
        // A tree is no deeper than it has nodes.
        for _ in 0..self.feature.len() {
            let left = row[usize::from(self.feature[node])] <= self.threshold[node];
            let child = if left { self.left[node] } else { self.right[node] };
            if child < 0 {
                return self.leaf[(-1 - child) as usize];
            }
            node = child as usize;
        }
        0.0
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
        assert_eq!(ranker.score(&row), 1.0);
        row[1] = 0.5;
        assert_eq!(ranker.score(&row), 2.0);
        row[0] = 1.6;
        assert_eq!(ranker.score(&row), 3.0);
    }

    #[test]
    fn what_is_no_ranker_is_refused() {
        for tree in [
            r#"{"feature":[0],"threshold":[1],"left":[-1],"right":[-2],"leaf":[1]}"#,
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
