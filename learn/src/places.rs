//! Paths as places: how far they are apart, where they moved, and which change together. Pure.

use std::collections::{BTreeMap, BTreeSet};

/// Files of one session beyond which it tells of none that they belong together.
const MOST_TOGETHER: usize = 60;

/// Steps from one path to another through their common ancestor.
pub fn steps(one: &str, other: &str) -> usize {
    let (one, other) = (parts(one), parts(other));
    one.len() + other.len() - 2 * shared(&one, &other)
}

/// The same from 0 (one place) to 1 (nothing in common).
pub fn distance(one: &str, other: &str) -> f64 {
    let all = parts(one).len() + parts(other).len();
    if all == 0 { 0.0 } else { steps(one, other) as f64 / all as f64 }
}

/// Whether a path is another or below it. Everything is below the empty one.
pub fn within(path: &str, place: &str) -> bool {
    place.is_empty()
        || path == place
        || path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/') || place == "/")
}

/// The folder that two paths share.
pub fn ancestor(one: &str, other: &str) -> String {
    let (one_parts, other_parts) = (parts(one), parts(other));
    let root = if one.starts_with('/') && other.starts_with('/') { "/" } else { "" };
    format!("{root}{}", one_parts[..shared(&one_parts, &other_parts)].join("/"))
}

pub fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty() && *part != ".").collect()
}

fn shared(one: &[&str], other: &[&str]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

/// Renames, in the order in which they were told.
#[derive(Debug, Default)]
pub struct Moves(pub Vec<(String, String)>);

impl Moves {
    /// What a path is called now.
    pub fn now(&self, path: &str) -> String {
        let root = if path.starts_with('/') { "/" } else { "" };
        let mut now = format!("{root}{}", parts(path).join("/"));
        for (from, to) in &self.0 {
            if within(&now, from) {
                now = format!("{to}{}", &now[from.len()..]);
            }
        }
        now
    }
}

/// A path that changes with another.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    pub path: String,
    /// Sessions or commits that touched both.
    pub support: usize,
    /// How much more often than if they had nothing to do with each other.
    pub lift: f64,
    /// Of those that touched the place, the share that touched this one too.
    pub confidence: f64,
}

/// Paths that are touched where a place is, the most often first. Each set is what one session or commit touched.
pub fn together(sets: &[BTreeSet<String>], place: &str) -> Vec<Together> {
    let sets: Vec<&BTreeSet<String>> = sets.iter().filter(|set| set.len() <= MOST_TOGETHER).collect();
    let mut with: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    let mut touched = 0;
    for set in &sets {
        let here = set.iter().any(|path| within(path, place));
        touched += usize::from(here);
        for path in set.iter().filter(|path| !within(path, place)) {
            *all.entry(path).or_default() += 1;
            *with.entry(path).or_default() += usize::from(here);
        }
    }
    let lift = |path: &str, support: usize| {
        support as f64 * sets.len() as f64 / (touched as f64 * all.get(path).copied().unwrap_or(1) as f64)
    };
    let mut found: Vec<Together> = with
        .into_iter()
        .filter(|(_, support)| *support > 0)
        .map(|(path, support)| Together {
            path: path.to_owned(),
            support,
            lift: lift(path, support),
            confidence: support as f64 / touched as f64,
        })
        .collect();
    found.sort_by(|one, other| {
        (other.support, other.lift)
            .partial_cmp(&(one.support, one.lift))
            .unwrap_or(std::cmp::Ordering::Equal)
            .then_with(|| one.path.cmp(&other.path))
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_places() {
        assert_eq!((steps("a/b/c.rs", "a/d.rs"), steps("a", "a"), steps("a", "b")), (3, 0, 2));
        assert_eq!((distance("a/b", "a/b"), distance("a", "b"), distance("", "")), (0.0, 1.0, 0.0));
        assert!(within("a/b", "a") && !within("ab", "a") && within("a", "") && within("/a", "/"));
        assert_eq!((ancestor("a/b/c", "a/b/d"), ancestor("/x", "/y")), ("a/b".to_owned(), "/".to_owned()));
        let moves =
            Moves(vec![("src/old".into(), "src/new".into()), ("src/new/a.rs".into(), "lib/a.rs".into())]);
        assert_eq!(
            (moves.now("src/old/b.rs"), moves.now("./src/old/a.rs")),
            ("src/new/b.rs".into(), "lib/a.rs".into())
        );
    }

    #[test]
    fn what_changes_together() {
        let set = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<BTreeSet<_>>();
        let sets = [set(&["a", "b"]), set(&["a", "b", "c"]), set(&["c"]), set(&["d"])];
        let found = together(&sets, "a");
        assert_eq!(
            (found[0].path.as_str(), found[0].support, found[0].lift, found[0].confidence),
            ("b", 2, 2.0, 1.0)
        );
        assert_eq!((found[1].path.as_str(), found[1].lift), ("c", 1.0));
    }
}
