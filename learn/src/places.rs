//! Paths as places: how far they are apart, where they moved, and which change together. Pure.

use std::borrow::Cow;

use ahash::AHashMap;

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
    pub fn now<'p>(&self, path: &'p str) -> Cow<'p, str> {
        let root = if path.starts_with('/') { "/" } else { "" };
        let is_plain = path[root.len()..].split('/').all(|part| !part.is_empty() && part != ".");
        let mut now = match is_plain {
            true => Cow::Borrowed(path),
            false => Cow::Owned(format!("{root}{}", parts(path).join("/"))),
        };
        for (from, to) in &self.0 {
            if within(&now, from) {
                now = Cow::Owned(format!("{to}{}", &now[from.len()..]));
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

/// How often a path is touched: at all, and where a place is.
#[derive(Debug, Clone, Copy, Default)]
struct Touched {
    all: usize,
    with: usize,
}

/// Paths that are touched where a place is, the most often first. Each set is what one session or commit touched, every
/// path once.
pub fn together(sets: &[Vec<&str>], place: &str) -> Vec<Together> {
    let sets: Vec<&Vec<&str>> = sets.iter().filter(|set| set.len() <= MOST_TOGETHER).collect();
    let mut paths: AHashMap<&str, Touched> = AHashMap::new();
    let mut touched = 0;
    for set in &sets {
        let here = set.iter().any(|path| within(path, place));
        touched += usize::from(here);
        for path in set.iter().filter(|path| !within(path, place)) {
            let path = paths.entry(path).or_default();
            path.all += 1;
            path.with += usize::from(here);
        }
    }
    let told = |(path, Touched { all, with }): (&str, Touched)| Together {
        path: path.to_owned(),
        support: with,
        lift: with as f64 * sets.len() as f64 / (touched as f64 * all as f64),
        confidence: with as f64 / touched as f64,
    };
    let mut found: Vec<Together> = paths.into_iter().filter(|(_, path)| path.with > 0).map(told).collect();
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
        let plain = ["src/x.rs", "/x/y", "", "/"];
        let others = [("a//b", "a/b"), ("./a/./b/", "a/b"), ("//a", "/a"), (".", "")];
        for (path, now) in plain.map(|path| (path, path)).into_iter().chain(others) {
            assert_eq!(moves.now(path), now);
        }
    }

    #[test]
    fn what_changes_together() {
        let sets = [vec!["a", "b"], vec!["a", "b", "c"], vec!["c"], vec!["d"]];
        let found = together(&sets, "a");
        assert_eq!(
            (found[0].path.as_str(), found[0].support, found[0].lift, found[0].confidence),
            ("b", 2, 2.0, 1.0)
        );
        assert_eq!((found[1].path.as_str(), found[1].lift, found.len()), ("c", 1.0, 2));
    }
}
