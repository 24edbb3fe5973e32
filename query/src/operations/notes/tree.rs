//! Notes as a tree, and their addresses. Pure.
//!
//! An address is the way from the top to a note, in Luhmann's manner: numbers and letters in turn, and a point after
//! the first number. `1` is the first note at the top, `1.2` its second child, `1.2a` the first child of that,
//! `1.2a3` the third child below. After `z` come `aa`, `ab`, …

use std::collections::{BTreeMap, HashMap};

use athena_ingest::notes::{MOST_LEVELS, Place};
use athena_schemas::{Error, Time};

use crate::operations::records::Found;

/// A note in its place.
#[derive(Debug, Clone)]
pub struct Node {
    pub id: String,
    pub title: String,
    pub place: Place,
    pub changed_at: Time,
}

/// All notes of a project.
#[derive(Debug, Default)]
pub struct Tree {
    nodes: HashMap<String, Node>,
    /// By parent, in the order of their places.
    children: HashMap<Option<String>, BTreeMap<u32, String>>,
}

impl Tree {
    /// # Errors
    /// A record that is no note.
    pub fn of(notes: &[Found]) -> Result<Self, Error> {
        let mut tree = Self::default();
        for note in notes {
            let place: Place = note.body()?;
            tree.children.entry(place.parent.clone()).or_default().insert(place.ordinal, note.id.clone());
            let title = note.name.clone().unwrap_or_default();
            let (id, changed_at) = (note.id.clone(), note.recorded_at);
            tree.nodes.insert(note.id.clone(), Node { id, title, place, changed_at });
        }
        Ok(tree)
    }

    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.get(id)
    }

    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.values()
    }

    /// The note that an id or an address names.
    pub fn find(&self, note: &str) -> Option<&Node> {
        if let Some(node) = self.nodes.get(note) {
            return Some(node);
        }
        let mut at: Option<String> = None;
        for ordinal in parse(note)? {
            at = Some(self.children.get(&at)?.get(&ordinal)?.clone());
        }
        self.nodes.get(&at?)
    }

    /// The children of a note, or what stands at the top.
    pub fn children(&self, id: Option<&str>) -> impl Iterator<Item = &Node> {
        let children = self.children.get(&id.map(str::to_owned));
        children.into_iter().flat_map(BTreeMap::values).filter_map(|id| self.nodes.get(id))
    }

    /// The note and all above it, up to the top.
    pub fn chain(&self, id: &str) -> Vec<&Node> {
        let mut chain = Vec::new();
        let mut at = self.nodes.get(id);
        // Commands let no ring arise; the bound holds all the same.
        while let Some(node) = at.filter(|_| chain.len() <= MOST_LEVELS) {
            chain.push(node);
            at = node.place.parent.as_ref().and_then(|parent| self.nodes.get(parent));
        }
        chain
    }

    pub fn address(&self, id: &str) -> String {
        let ordinals: Vec<u32> = self.chain(id).iter().rev().map(|node| node.place.ordinal).collect();
        address(&ordinals)
    }

    /// What stands below a note, or everything, each with its depth from there, in the order of addresses.
    pub fn below(&self, id: Option<&str>) -> Vec<(usize, &Node)> {
        let mut waiting: Vec<(usize, &Node)> = self.children(id).map(|node| (1, node)).collect();
        waiting.reverse();
        let mut found = Vec::new();
        while let Some((depth, node)) = waiting.pop() {
            found.push((depth, node));
            let children: Vec<&Node> = self.children(Some(&node.id)).collect();
            waiting.extend(children.into_iter().rev().map(|child| (depth + 1, child)));
        }
        found
    }

    /// Levels below a note.
    pub fn height(&self, id: &str) -> usize {
        self.below(Some(id)).iter().map(|(depth, _)| *depth).max().unwrap_or(0)
    }
}

/// The address of ordinals from the top.
fn address(ordinals: &[u32]) -> String {
    let mut address = String::new();
    for (level, ordinal) in ordinals.iter().enumerate() {
        match level {
            0 => address = ordinal.to_string(),
            1 => address.push_str(&format!(".{ordinal}")),
            level if level % 2 == 0 => address.push_str(&letters(*ordinal)),
            _ => address.push_str(&ordinal.to_string()),
        }
    }
    address
}

/// The ordinals of an address; `None` of what is none.
fn parse(address: &str) -> Option<Vec<u32>> {
    let (first, rest) = match address.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (address, None),
    };
    let mut ordinals = vec![number(first)?];
    let Some(rest) = rest else { return Some(ordinals) };
    let parts = rest.as_bytes().chunk_by(|one, other| one.is_ascii_digit() == other.is_ascii_digit());
    for (at, part) in parts.enumerate() {
        let part = std::str::from_utf8(part).ok()?;
        ordinals.push(if at % 2 == 0 { number(part)? } else { of_letters(part)? });
    }
    (ordinals.len() > 1).then_some(ordinals)
}

fn number(digits: &str) -> Option<u32> {
    let number = digits.parse().ok().filter(|number| *number > 0)?;
    (digits == u32::to_string(&number)).then_some(number)
}

/// 1 is `a`, 26 `z`, 27 `aa`.
fn letters(mut ordinal: u32) -> String {
    let mut letters = Vec::new();
    while ordinal > 0 {
        letters.push(char::from(b'a' + ((ordinal - 1) % 26) as u8));
        ordinal = (ordinal - 1) / 26;
    }
    letters.iter().rev().collect()
}

fn of_letters(letters: &str) -> Option<u32> {
    let mut ordinal: u32 = 0;
    for letter in letters.bytes() {
        let digit = letter.is_ascii_lowercase().then(|| u32::from(letter - b'a') + 1)?;
        ordinal = ordinal.checked_mul(26)?.checked_add(digit)?;
    }
    (ordinal > 0).then_some(ordinal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(places: &[(&str, Option<&str>, u32)]) -> Tree {
        let mut tree = Tree::default();
        for (id, parent, ordinal) in places {
            let place = Place { parent: parent.map(str::to_owned), ordinal: *ordinal };
            tree.children.entry(place.parent.clone()).or_default().insert(*ordinal, (*id).into());
            let (id, title) = ((*id).to_owned(), String::new());
            tree.nodes.insert(id.clone(), Node { id, title, place, changed_at: Time::default() });
        }
        tree
    }

    #[test]
    fn addresses_are_read_as_they_are_written() {
        let cases: [(&[u32], &str); 7] = [
            (&[1], "1"),
            (&[12], "12"),
            (&[1, 2], "1.2"),
            (&[1, 2, 1], "1.2a"),
            (&[1, 2, 1, 3], "1.2a3"),
            (&[1, 2, 27, 3, 26], "1.2aa3z"),
            (&[3, 10, 703], "3.10aaa"),
        ];
        for (ordinals, text) in cases {
            assert_eq!(address(ordinals), text);
            assert_eq!(parse(text).as_deref(), Some(ordinals), "{text}");
        }
        for text in
            ["", "a", "0", "1.", "1.a", "1.2A", "01", "1.02", "1.2a3.4", "1a", "note-1", "99999999999"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_tree_is_walked_in_the_order_of_its_addresses() {
        let tree = tree(&[
            ("b", None, 2),
            ("a", None, 1),
            ("a2", Some("a"), 2),
            ("a1", Some("a"), 1),
            ("a1a", Some("a1"), 1),
        ]);
        let walked: Vec<_> =
            tree.below(None).iter().map(|(depth, node)| (*depth, tree.address(&node.id))).collect();
        let expected = [(1, "1"), (2, "1.1"), (3, "1.1a"), (2, "1.2"), (1, "2")];
        assert_eq!(walked, expected.map(|(depth, address)| (depth, address.to_owned())));
        assert_eq!(tree.find("1.1a").map(|node| node.id.as_str()), Some("a1a"));
        assert_eq!(tree.find("a2").map(|node| node.id.as_str()), Some("a2"));
        assert!(tree.find("1.3").is_none() && tree.find("3").is_none());
        assert_eq!(
            tree.chain("a1a").iter().map(|node| node.id.as_str()).collect::<Vec<_>>(),
            ["a1a", "a1", "a"]
        );
        assert_eq!((tree.height("a"), tree.height("b")), (2, 0));
    }
}
