//! What stands where a value would, and is none: placeholders, examples, references to where the value is.

use std::sync::LazyLock;

use regex::Regex;

/// Words that say that a value is not one.
const WORDS: [&str; 27] = [
    "example",
    "placeholder",
    "changeme",
    "change_me",
    "change-me",
    "your",
    "xxxx",
    "dummy",
    "sample",
    "redacted",
    "todo",
    "insert",
    "replace",
    "fake",
    "not-a-",
    "notreal",
    "not_real",
    "none",
    "masked",
    "hidden",
    "fixme",
    "my-secret",
    "mysecret",
    "my_secret",
    "my-token",
    "foobar",
    "lorem",
];

/// References: `<KEY>`, `${KEY}`, `{{ key }}`, `%KEY%`, `$KEY`, `***`, calls, members, indexing, paths.
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    let shapes = [
        r"[<>{}]|^\$[A-Za-z_]|\$[({]|^%\w+%$|\*{3}|•|\.{3}|…",
        r"\w\(|\)$|\]$|^(?:self|this|os|env|process|config|settings|ctx|req|request|args|options|opts|secrets|vault)[.\[]",
        r"^[A-Za-z_][A-Za-z0-9_]*(?:(?:\.|::|->)[A-Za-z_][A-Za-z0-9_]*)+$|^/|^\./|^~/|^[a-z]+://",
    ];
    Regex::new(&shapes.join("|")).expect("one expression")
});

/// Whether a value is a placeholder, or says where the value is to be found.
pub fn is_placeholder(value: &str) -> bool {
    let small = value.to_lowercase();
    WORDS.iter().any(|word| small.contains(word)) || REFERENCE.is_match(value) || is_monotonous(value)
}

/// Few different characters, or one series of them: `0000…`, `abcdefgh`, `1234567890`, `deadbeefdeadbeef`.
pub fn is_monotonous(value: &str) -> bool {
    let plain: Vec<char> = value.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut different = plain.clone();
    different.sort_unstable();
    different.dedup();
    let series = plain.windows(2).filter(|pair| u32::from(pair[1]) == u32::from(pair[0]) + 1).count();
    let repeated = (4..=8).any(|length| {
        plain.len() >= 2 * length && plain.iter().zip(&plain[length..]).all(|(one, other)| one == other)
    });
    different.len() <= 4 || series * 3 >= plain.len() * 2 || repeated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_known() {
        for value in [
            "<YOUR_KEY>",
            "${API_KEY}",
            "{{ token }}",
            "$TOKEN",
            "%SECRET%",
            "your-api-key-here",
            "changeme",
            "xxxxxxxxxxxxxxxx",
            "AKIAIOSFODNN7EXAMPLE",
            "os.environ",
            "process.env.KEY",
            "get_secret(",
            "********",
            "0000000000000000",
            "abcdefghijklmnop",
            "1234567890123456",
            "deadbeefdeadbeef",
            "config::secret",
            "/run/secrets/db",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in ["f8Kq2Zx0Wm4Tn7Rb", "tr0ub4dor&3", "kX9!mQ2#vL7p", "9c1f0b7ae24d58360f1b"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }
}
