//! Ids that survive runs: a procedure is the one known before whose steps are most like its own.

use athena_schemas::ids;

/// A procedure of the base run: its id and its actions in order.
#[derive(Debug, Clone)]
pub struct Known {
    pub id: String,
    pub actions: Vec<String>,
}

/// One that is no longer there, and what took its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    pub id: String,
    pub replaced_by: Option<String>,
}

/// Steps in common, in order, over the longer of both, from which two are the same procedure.
const SAME: f64 = 0.7;
/// From which one that is gone was split or merged into the other.
const REPLACED: f64 = 0.4;

/// The length of the longest common subsequence.
pub fn common<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

/// Steps in common over the longer of both.
pub fn likeness<T: PartialEq>(a: &[T], b: &[T]) -> f64 {
    common(a, b) as f64 / a.len().max(b.len()).max(1) as f64
}

/// An id for each list of actions, the most alike first, and the known ones that nobody took.
pub fn assign(project: &str, all: &[Vec<String>], known: &[Known]) -> (Vec<String>, Vec<Gone>) {
    let mut pairs: Vec<_> = all
        .iter()
        .enumerate()
        .flat_map(|(new, actions)| {
            known.iter().enumerate().map(move |(old, known)| (likeness(actions, &known.actions), new, old))
        })
        .collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let (mut taken, mut given) = (vec![false; known.len()], vec![None; all.len()]);
    for (likeness, new, old) in &pairs {
        if *likeness >= SAME && given[*new].is_none() && !taken[*old] {
            taken[*old] = true;
            given[*new] = Some(known[*old].id.clone());
        }
    }
    let used = |id: &str| known.iter().any(|known| known.id == id);
    let fresh = |actions: &[String]| {
        let parts: Vec<_> = std::iter::once(project).chain(actions.iter().map(String::as_str)).collect();
        let id = ids::short("pr-", &parts);
        // The id of what such steps once were belongs to what they have become.
        if used(&id) { ids::short("pr-", &[&[id.as_str()], &parts[..]].concat()) } else { id }
    };
    let given: Vec<_> =
        given.into_iter().zip(all).map(|(id, actions)| id.unwrap_or_else(|| fresh(actions))).collect();
    let gone = (0..known.len()).filter(|old| !taken[*old]).map(|old| {
        let heir = pairs.iter().find(|pair| pair.2 == old && pair.0 >= REPLACED);
        Gone { id: known[old].id.clone(), replaced_by: heir.map(|(_, new, _)| given[*new].clone()) }
    });
    let gone = gone.collect();
    (given, gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_same_steps_keep_their_id() {
        let (first, _) = assign("p", &[steps("a b c d"), steps("x y z")], &[]);
        let known = [
            Known { id: first[0].clone(), actions: steps("a b c d") },
            Known { id: first[1].clone(), actions: steps("x y z") },
        ];
        let (second, gone) = assign("p", &[steps("q r s"), steps("a b c d e"), steps("x q w z y v")], &known);
        assert_eq!(second[1], first[0], "four of five steps");
        assert!(!first.contains(&second[0]) && !first.contains(&second[2]));
        assert_eq!(gone, [Gone { id: first[1].clone(), replaced_by: None }]);
        let (_, gone) = assign("p", &[steps("x y q r")], &known);
        assert_eq!(gone.len(), 2);
        assert!(gone[1].replaced_by.is_some(), "half of its steps live on");
    }

    #[test]
    fn an_id_is_given_once() {
        let (first, _) = assign("p", &[steps("a b c")], &[]);
        let known = [Known { id: first[0].clone(), actions: steps("d e f") }];
        let (second, _) = assign("p", &[steps("a b c"), steps("d e f")], &known);
        assert_eq!(second[1], first[0]);
        assert_ne!(second[0], first[0]);
    }
}
