//! The form in which the content of a sensitive memory stands in the log, the tables and everywhere else. Pure: who seals
//! and opens is `query`; who decides and writes sees only that it is sealed.
//!
//! ```text
//! ⟦1~ key of the data (8 bytes), what it seals ─▶ base64, in groups of three characters joined by `~` ⟧
//! ```
//!
//! In groups, because texts are looked through for words that must be redacted, of at least four bytes: none stands in
//! here by chance, or a sealed text would be cut.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// What a sealed text begins with: the form's version is part of it.
pub const OPENING: &str = "⟦1~";
const CLOSING: &str = "⟧";
const BETWEEN: &str = "~";
const GROUP: usize = 3;
const KEY_BYTES: usize = 8;

/// What records of keys of the data are called, and what their ids begin with.
pub const DATA_KEY: &str = "data_key";
const ID_PREFIX: &str = "dk-";

/// A sealed text: which key of the data seals it, and what it seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub key: [u8; KEY_BYTES],
    pub bytes: Vec<u8>,
}

/// A key of the data as it is kept: wrapped, and by which master key. The body of its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrapped {
    /// In groups, like a sealed text.
    pub wrapped: String,
    /// Id of the master key that wraps it now.
    pub by: String,
    /// Id of the one that wrapped it first.
    pub first: String,
    /// Where it was made, once it was wrapped anew: the version from then is taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<u64>,
}

/// Whether a text is one that was sealed.
pub fn is_sealed(text: &str) -> bool {
    text.starts_with(OPENING) && text.ends_with(CLOSING)
}

impl Sealed {
    pub fn text(&self) -> String {
        let all: Vec<u8> = self.key.iter().chain(&self.bytes).copied().collect();
        format!("{OPENING}{}{CLOSING}", grouped(&all))
    }

    /// `None` of what is no sealed text, or one of another version.
    pub fn parse(text: &str) -> Option<Self> {
        let all = ungrouped(text.strip_prefix(OPENING)?.strip_suffix(CLOSING)?)?;
        let (key, bytes) = all.split_first_chunk()?;
        Some(Self { key: *key, bytes: bytes.to_vec() })
    }

    /// Id of the record of its key.
    pub fn key_id(&self) -> String {
        key_id(self.key)
    }
}

/// The id of the record of a key of the data.
pub fn key_id(key: [u8; KEY_BYTES]) -> String {
    format!("{ID_PREFIX}{}", hex::encode(key))
}

/// The other way round.
pub fn key_of(id: &str) -> Option<[u8; KEY_BYTES]> {
    let mut key = [0; KEY_BYTES];
    hex::decode_to_slice(id.strip_prefix(ID_PREFIX)?, &mut key).ok()?;
    Some(key)
}

/// Bytes as a text in which no word stands.
pub fn grouped(bytes: &[u8]) -> String {
    let text = URL_SAFE_NO_PAD.encode(bytes);
    let groups: Vec<&str> =
        (0..text.len()).step_by(GROUP).map(|at| &text[at..text.len().min(at + GROUP)]).collect();
    groups.join(BETWEEN)
}

pub fn ungrouped(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.replace(BETWEEN, "")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_is_read_again() {
        for length in [0, 1, 28, 1_000] {
            let sealed = Sealed { key: *b"8 bytes.", bytes: vec![length as u8; length] };
            let text = sealed.text();
            assert!(is_sealed(&text));
            assert_eq!(Sealed::parse(&text), Some(sealed));
        }
        let text = Sealed { key: [7; 8], bytes: vec![1, 2, 3] }.text();
        for other in
            ["deploy on Tuesdays", "⟦1~", "⟦1~ab⟧", &text.replace("⟦1~", "⟦2~"), &text.replace('⟧', "")]
        {
            assert_eq!(Sealed::parse(other), None, "{other}");
        }
    }

    #[test]
    fn no_word_stands_in_one() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = Sealed { key: [0xff; 8], bytes }.text();
        let longest =
            text.split(BETWEEN).map(|group| group.chars().filter(char::is_ascii_alphanumeric).count()).max();
        assert!(longest <= Some(3), "{text}");
    }

    #[test]
    fn keys_have_ids() {
        let key = [0, 1, 2, 3, 0xa, 0xb, 0xc, 0xff];
        assert_eq!(key_id(key), "dk-000102030a0b0cff");
        assert_eq!(key_of(&key_id(key)), Some(key));
        for wrong in ["dk-", "dk-00", "dk-000102030a0b0cfg", "m-000102030a0b0cff", "dk-000102030a0b0cffff"] {
            assert_eq!(key_of(wrong), None, "{wrong}");
        }
    }
}
