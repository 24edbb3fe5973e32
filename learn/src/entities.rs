//! What there is and what has to do with what, read from events: from their structure first, then from their texts.
//!
//! ```text
//! events of a session ─▶ stretches of work ─▶ what each names (structure, text) ─▶ mentions, ties ─▶ sums
//! ```
//!
//! Two things are the same when kind and normalised name are; an id follows from these alone, so that it is the same in
//! every run. Pure.

mod place;
mod stretch;
mod structure;
mod sums;
mod text;
mod weigh;

use athena_schemas::{Time, ids};

pub use place::{acts, carries, place, recency};
pub use stretch::{Stretches, Tie};
pub use structure::{Found, found};
pub use sums::{Changed, Naming, Summed, Sums, Twice};
pub use weigh::{Hubs, Totals, strength};

/// Kinds that events give; what is told may have others.
pub const FILE: &str = "file";
pub const SYMBOL: &str = "symbol";
pub const TOOL: &str = "tool";
pub const COMMAND: &str = "command";
pub const ERROR: &str = "error";
pub const TEST: &str = "test";
pub const COMMIT: &str = "commit";
pub const AGENT: &str = "agent";
pub const URL: &str = "url";
pub const SESSION: &str = "session";
pub const TAG: &str = "tag";
pub const NAME: &str = "name";

/// Being named together.
pub const CO_OCCURS: &str = "co_occurs";

/// An event, as far as it tells of things.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Happening {
    pub id: String,
    pub time: Time,
    pub session: String,
    pub agent: Option<String>,
    pub r#type: String,
    pub tool: Option<String>,
    pub content: Option<String>,
    pub files: Vec<String>,
    pub tags: Vec<String>,
    /// What else its producer said, as a JSON object.
    pub attributes: Option<String>,
}

/// The id of an entity.
pub fn entity_id(kind: &str, name: &str) -> String {
    ids::short("ent-", &[kind, &key(kind, name)])
}

/// The id of a relation between two entities.
pub fn relation_id(from: &str, kind: &str, to: &str) -> String {
    ids::short("rel-", &[from, kind, to])
}

/// What names of a kind have in common that mean the same.
///
/// | kind     | written                              | normalised     |
/// |----------|--------------------------------------|----------------|
/// | `file`   | `./cart\lib.rs`                      | `cart/lib.rs`  |
/// | `symbol` | `CartTotal`, `cart_total()`          | `cart_total`   |
/// | `symbol` | `cart.total`, `Cart::total`          | `cart::total`  |
/// | others   | `  Cargo  Test `                     | `cargo test`   |
pub fn key(kind: &str, name: &str) -> String {
    match kind {
        FILE => file_key(name),
        SYMBOL => symbol_key(name),
        _ => name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(),
    }
}

fn file_key(name: &str) -> String {
    let name = name.trim().replace('\\', "/");
    let root = if name.starts_with('/') { "/" } else { "" };
    let steps = name.split('/').filter(|step| !step.is_empty() && *step != ".");
    format!("{root}{}", steps.collect::<Vec<_>>().join("/"))
}

fn symbol_key(name: &str) -> String {
    let name = name.trim().trim_end_matches("()");
    let parts = name.split("::").flat_map(|part| part.split('.')).filter(|part| !part.is_empty());
    parts.map(snake).collect::<Vec<_>>().join("::")
}

/// `CartTotal` and `cartTotal` as `cart_total`.
fn snake(word: &str) -> String {
    let mut out = String::with_capacity(word.len() + 4);
    let mut small_before = false;
    for letter in word.chars() {
        if letter.is_uppercase() && small_before {
            out.push('_');
        }
        small_before = letter.is_lowercase() || letter.is_ascii_digit();
        out.extend(letter.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_the_same_have_one_key() {
        let same = |kind, names: &[&str]| {
            let keys: Vec<_> = names.iter().map(|name| key(kind, name)).collect();
            assert!(keys.iter().all(|one| *one == keys[0]), "{keys:?}");
            keys[0].clone()
        };
        assert_eq!(same(FILE, &["./cart\\lib.rs", "cart//lib.rs", " cart/lib.rs"]), "cart/lib.rs");
        assert_eq!(same(SYMBOL, &["CartTotal", "cart_total()", "cartTotal"]), "cart_total");
        assert_eq!(same(SYMBOL, &["cart.total", "Cart::total"]), "cart::total");
        assert_eq!(same(COMMAND, &["cargo  test", " Cargo Test"]), "cargo test");
        assert_ne!(key(FILE, "/cart/lib.rs"), key(FILE, "cart/lib.rs"));
        assert_ne!(entity_id(FILE, "a"), entity_id(TAG, "a"));
    }
}
