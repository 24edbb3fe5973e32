//! What a text names, by how it is written: files, symbols, error codes, tests, addresses, names.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::{COMMIT, ERROR, FILE, NAME, SYMBOL, TEST, URL, key};

/// Bytes of a text that are read, and things that it names at most.
const READ_BYTES: usize = 4 * 1024;
const MOST: usize = 24;
/// Bytes of the longest name, and of the shortest symbol.
const LONGEST: usize = 120;
const SHORTEST: usize = 4;

/// In the order in which a place in the text is tried.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        (?P<url>https?://[^\s"'<>()\[\]{}`|]+)
        | (?P<file>(?:[\w@.-]+/)+[\w@.-]*\.[A-Za-z][A-Za-z0-9]{0,4}\b
            | \b[\w-]+\.(?:rs|py|ts|tsx|js|jsx|go|java|c|h|cpp|hpp|rb|php|toml|json|yaml|yml|md|sql|sh|css|html)\b)
        | (?P<error>\bE[A-Z]{3,}\b | \b[A-Z]{1,3}\d{3,5}\b | \b[A-Z][A-Za-z0-9]*(?:Error|Exception)\b)
        | (?P<test>\btest_\w+ | \b\w+::tests::\w+ | \b\w+_test\b)
        | (?P<symbol>\b[A-Za-z_]\w*(?:::\w+)+ | \b[a-z0-9]+(?:_[a-z0-9]+)+\b | \b[A-Za-z]*[a-z][A-Z]\w*\b)
        | (?P<name>\b[A-Z][a-z]{2,}\b)
        "#,
    )
    .expect("a pattern of ours")
});

/// Words that begin with a capital wherever they stand.
const CALENDAR: &str = "january february march april may june july august september october november december monday \
                        tuesday wednesday thursday friday saturday sunday";

/// Kinds and names in the order of the text, each once.
pub fn named(text: &str) -> Vec<(&'static str, String)> {
    let text = &text[..text.floor_char_boundary(READ_BYTES)];
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for caught in NAMED.captures_iter(text) {
        let groups = [
            ("url", URL),
            ("file", FILE),
            ("error", ERROR),
            ("test", TEST),
            ("symbol", SYMBOL),
            ("name", NAME),
        ];
        let of = |(group, kind): (&str, &'static str)| caught.name(group).map(|one| (kind, one));
        let Some((kind, one)) = groups.into_iter().find_map(of) else { continue };
        let name = match kind {
            URL => address(one.as_str()),
            _ => one.as_str(),
        };
        let fits = match kind {
            NAME => is_name(text, one.start(), name),
            SYMBOL => name.len() >= SHORTEST,
            _ => true,
        };
        if fits && name.len() <= LONGEST && seen.insert((kind, key(kind, name))) {
            found.push((kind, name.to_owned()));
            if found.len() == MOST {
                break;
            }
        }
    }
    found
}

/// The first commit that a text names by its hash.
pub fn commit(text: &str) -> Option<(&'static str, String)> {
    static HASH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b[0-9a-f]{7,40}\b").expect("a pattern of ours"));
    let text = &text[..text.floor_char_boundary(READ_BYTES)];
    let hash = HASH
        .find_iter(text)
        .map(|one| one.as_str())
        .find(|hash| hash.bytes().any(|byte| byte.is_ascii_digit()));
    hash.map(|hash| (COMMIT, hash.to_owned()))
}

/// An address without what is asked of it.
fn address(url: &str) -> &str {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    url[..end].trim_end_matches(['.', ',', ';', ':', '/'])
}

/// A capital that no sentence explains.
fn is_name(text: &str, start: usize, name: &str) -> bool {
    let before = text[..start].trim_end_matches([' ', '"', '“', '‘', '\'', '(', '*']);
    let begins = before.is_empty() || before.ends_with(['.', '?', '!', ':', '\n', '|', '-', '>', '#']);
    !begins && !CALENDAR.split(' ').any(|word| name.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_told_by_how_they_are_written() {
        let text = "error[E0308] in cart/src/total.rs: cart::total gave CartTotal, not cart_total; see lib.rs and \
                    https://example.org/a/b?x=1. test_total failed with ValueError";
        let expected = [
            (ERROR, "E0308"),
            (FILE, "cart/src/total.rs"),
            (SYMBOL, "cart::total"),
            (SYMBOL, "CartTotal"),
            (FILE, "lib.rs"),
            (URL, "https://example.org/a/b"),
            (TEST, "test_total"),
            (ERROR, "ValueError"),
        ];
        // `cart_total` is `CartTotal` in other letters.
        assert_eq!(named(text), expected.map(|(kind, name)| (kind, name.to_owned())));
        assert_eq!(
            named("Yesterday Caroline met Anna in March"),
            [(NAME, "Caroline".into()), (NAME, "Anna".into())]
        );
        assert_eq!(commit("merged 3f2a9c1 today"), Some((COMMIT, "3f2a9c1".into())));
    }

    #[test]
    fn prose_names_nothing() {
        assert_eq!(named("It rains. The cat sleeps on the roof: 3 of 5, a 10-year plan"), []);
        assert_eq!(named(""), []);
        assert_eq!(commit("the defaced facade of decades"), None);
    }
}
