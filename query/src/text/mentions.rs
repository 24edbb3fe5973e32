//! What a text names: files, symbols, codes and names, by how they are written. Pure.
//!
//! | written                               | kind     |
//! |---------------------------------------|----------|
//! | `cart/src/lib.rs`, `lib.rs`           | `file`   |
//! | `cart::total`, `cart_total`, `CartTotal` | `symbol` |
//! | `E0308`, `ENOENT`, `v0.27.0`          | `code`   |
//! | `Caroline`, where no sentence begins  | `name`   |

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::words::{Word, words};

/// Bytes of a text that are read for what it names, and things that it names at most.
const READ_BYTES: usize = 2 * 1024;
const MOST: usize = 24;
/// Letters of the shortest code and name, and of the longest code.
const SHORTEST: usize = 3;
const LONGEST_CODE: usize = 24;
/// Letters of the longest ending of a file's name.
const ENDING: usize = 5;

/// What kind of thing is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EntityKind {
    File,
    Symbol,
    Code,
    Name,
    Tool,
    Tag,
    Agent,
    Session,
}

/// Something that documents name, or are labelled with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Entity {
    pub kind: EntityKind,
    pub name: String,
}

impl Entity {
    pub fn new(kind: EntityKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }

    /// The term by which documents that name it are found, where it is a term of their text.
    pub(super) fn term(&self) -> Option<String> {
        words(&self.name).into_iter().next().map(|word| word.term)
    }
}

/// What a text names, each once, in the order of the text.
pub fn mentions(text: &str) -> Vec<Entity> {
    let text = &text[..text.floor_char_boundary(READ_BYTES)];
    let mut seen: HashSet<String> = HashSet::new();
    let mut found = Vec::new();
    let mut inside = 0;
    for word in words(text) {
        // The parts of a whole are not named for themselves.
        if word.span.start < inside {
            continue;
        }
        let written = &text[word.span.clone()];
        let Some(kind) = kind(text, &word, written) else { continue };
        if word.whole {
            inside = word.span.end;
        }
        if seen.insert(word.term) {
            found.push(Entity::new(kind, written));
            if found.len() == MOST {
                break;
            }
        }
    }
    found
}

fn kind(text: &str, word: &Word, written: &str) -> Option<EntityKind> {
    let letters = written.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = written.bytes().filter(u8::is_ascii_digit).count();
    if word.whole {
        return whole(written, letters, digits);
    }
    if written.len() < SHORTEST || written.len() > LONGEST_CODE || !written.is_ascii() {
        return (!written.is_ascii() && is_name(text, word, written)).then_some(EntityKind::Name);
    }
    let shouted = letters == written.len() && written.bytes().all(|byte| byte.is_ascii_uppercase());
    if (letters > 0 && digits > 0 && written.as_bytes()[0].is_ascii_alphabetic())
        || (shouted && letters > SHORTEST)
    {
        return Some(EntityKind::Code);
    }
    is_name(text, word, written).then_some(EntityKind::Name)
}

/// Of a word that has parts.
fn whole(written: &str, letters: usize, digits: usize) -> Option<EntityKind> {
    if letters == 0 {
        return None;
    }
    if written.contains(['/', '\\']) {
        return Some(EntityKind::File);
    }
    if let Some((_, ending)) = written.rsplit_once('.').filter(|_| !written.contains(':')) {
        let ends =
            (1..=ENDING).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_version = digits >= letters
            && written.trim_start_matches(['v', 'V']).starts_with(|first: char| first.is_ascii_digit());
        return Some(match (is_version, ends) {
            (true, _) => EntityKind::Code,
            (_, true) => EntityKind::File,
            _ => EntityKind::Symbol,
        });
    }
    let humps = written.bytes().zip(written.bytes().skip(1));
    let camel = humps.into_iter().any(|(one, next)| one.is_ascii_lowercase() && next.is_ascii_uppercase());
    if written.contains("::") || written.contains('_') || camel {
        return Some(EntityKind::Symbol);
    }
    // Words of prose are joined by hyphens too; what has digits is more than that.
    let begins = written.starts_with(|first: char| first.is_ascii_alphabetic());
    (begins && digits > 0 && written.contains('-') && letters > 1).then_some(EntityKind::Code)
}

/// A capital that no sentence explains.
fn is_name(text: &str, word: &Word, written: &str) -> bool {
    let mut letters = written.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    let small = letters.next().is_some_and(char::is_lowercase);
    if !capital || !small || written.chars().count() < SHORTEST {
        return false;
    }
    let before = text[..word.span.start].trim_end_matches([' ', '"', '“', '‘', '\'', '(', '*']);
    let begins = before.is_empty() || before.ends_with(['.', '?', '!', ':', '\n', '|', '-', '>', '#']);
    !begins && !is_calendar(written)
}

fn is_calendar(word: &str) -> bool {
    const NAMES: [&str; 19] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    NAMES.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(EntityKind, String)> {
        mentions(text).into_iter().map(|one| (one.kind, one.name)).collect()
    }

    #[test]
    fn things_are_told_by_how_they_are_written() {
        use EntityKind::{Code, File, Name, Symbol};
        let text =
            "error[E0308] in cart/src/total.rs: cart::total returned CartTotal, not cart_total; see lib.rs";
        let expected = [
            (Code, "E0308"),
            (File, "cart/src/total.rs"),
            (Symbol, "cart::total"),
            (Symbol, "CartTotal"),
            (File, "lib.rs"),
        ];
        // `cart_total` is `CartTotal` in other letters.
        assert_eq!(found(text), expected.map(|(kind, name)| (kind, name.to_owned())));
        let text = "Yesterday Caroline met Zoë in March. Then ENOENT came with v0.27.0 and a well-known issue of 2026-11-23";
        let expected = [(Name, "Caroline"), (Name, "Zoë"), (Code, "ENOENT"), (Code, "v0.27.0")];
        assert_eq!(found(text), expected.map(|(kind, name)| (kind, name.to_owned())));
    }

    #[test]
    fn prose_names_nothing() {
        assert_eq!(found("It rains. The cat sleeps on the roof: 3 of 5, a 10-year plan"), []);
        assert_eq!(found(""), []);
        let long = "cart_total ".repeat(2_000);
        assert_eq!(found(&long).len(), 1);
    }

    #[test]
    fn an_entity_has_the_term_of_its_documents() {
        assert_eq!(Entity::new(EntityKind::Symbol, "cart::total").term().as_deref(), Some("cart..total"));
        assert_eq!(Entity::new(EntityKind::Name, "Caroline").term().as_deref(), Some("carolin"));
        assert_eq!(Entity::new(EntityKind::Name, "—").term(), None);
    }
}
