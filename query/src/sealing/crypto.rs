//! What keys do, as pure functions: random bytes are given. AES-256-GCM; a nonce is random and stands before what it is of.

use athena_schemas::ids;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::{digest, hmac};

pub const KEY_BYTES: usize = 32;
/// What a master key's text begins with, that scanners for leaked secrets can know it.
const PREFIX: &str = "athena_key_";
/// Digits of a master key's id.
const ID_DIGITS: usize = 16;

/// A key, of the data or of those that wrap them. It is never shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret(pub [u8; KEY_BYTES]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// Seals; `about` says what it is of, and must be said again to open it.
    pub fn seal(&self, nonce: [u8; NONCE_LEN], about: &str, text: &[u8]) -> Vec<u8> {
        let mut sealed = text.to_vec();
        let given = (Nonce::assume_unique_for_key(nonce), Aad::from(about));
        self.cipher()
            .seal_in_place_append_tag(given.0, given.1, &mut sealed)
            .expect("a text is below 64 GiB");
        [nonce.as_slice(), &sealed].concat()
    }

    /// `None` where anything was altered, or another key sealed it.
    pub fn open(&self, about: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut sealed = sealed.to_vec();
        let given = (Nonce::assume_unique_for_key(*nonce), Aad::from(about));
        let text = self.cipher().open_in_place(given.0, given.1, &mut sealed).ok()?;
        Some(text.to_vec())
    }

    /// A name that follows from a text, and from which whoever lacks the key learns nothing of the text.
    pub fn name(&self, prefix: &str, text: &str) -> String {
        let own = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &self.0), b"athena: names of texts");
        let name = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, own.as_ref()), text.as_bytes());
        ids::short(prefix, &[&hex::encode(name)])
    }

    /// Tells one master key from another, and nothing else of it.
    pub fn id(&self) -> String {
        let hash = digest::digest(&digest::SHA256, &[b"athena: id of a key".as_slice(), &self.0].concat());
        hex::encode(hash)[..ID_DIGITS].to_owned()
    }

    /// The text of a master key, as files have it.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(self.0))
    }

    /// 32 bytes in Base64 or hexadecimal, with or without what ours begin with.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix(PREFIX).unwrap_or(text);
        let bare = text.trim_end_matches('=');
        let read = match text.len() {
            64 => hex::decode(text).ok(),
            _ => URL_SAFE_NO_PAD.decode(bare).or_else(|_| STANDARD_NO_PAD.decode(bare)).ok(),
        };
        read?.try_into().ok().map(Self)
    }

    fn cipher(&self) -> LessSafeKey {
        LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.0).expect("32 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Secret = Secret([1; KEY_BYTES]);
    const OTHER: Secret = Secret([2; KEY_BYTES]);

    #[test]
    fn what_is_sealed_opens_with_its_key_only() {
        let sealed = ONE.seal([9; NONCE_LEN], "p", b"hunter2");
        assert_eq!(ONE.open("p", &sealed).as_deref(), Some(b"hunter2".as_slice()));
        assert_eq!((OTHER.open("p", &sealed), ONE.open("q", &sealed)), (None, None));
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(ONE.open("p", &altered), None, "byte {at}");
        }
        assert!((0..sealed.len()).all(|length| ONE.open("p", &sealed[..length]).is_none()));
        assert_ne!(ONE.seal([8; NONCE_LEN], "p", b"hunter2"), sealed);
    }

    /// The case of a key of zeros and a text of 16 zeros, from the specification of GCM (McGrew and Viega, test case 14).
    #[test]
    fn it_is_the_cipher_of_the_specification() {
        let sealed = Secret([0; KEY_BYTES]).seal([0; NONCE_LEN], "", &[0; 16]);
        assert_eq!(
            hex::encode(&sealed[NONCE_LEN..]),
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
        );
    }

    #[test]
    fn keys_are_read_as_they_are_made_elsewhere() {
        let hex = hex::encode(ONE.0);
        let base64 = URL_SAFE_NO_PAD.encode(ONE.0);
        for text in [ONE.text(), hex, base64.clone(), format!("{base64}=")] {
            assert_eq!(Secret::parse(&text), Some(ONE), "{}", text.len());
        }
        let standard = Secret([0xfb; KEY_BYTES]);
        assert_eq!(
            Secret::parse(&base64::engine::general_purpose::STANDARD.encode(standard.0)),
            Some(standard)
        );
        for wrong in ["", "short", &base64[1..], "athena_key_", &"zz".repeat(32)] {
            assert_eq!(Secret::parse(wrong), None, "{wrong}");
        }
        assert_eq!((ONE.id().len(), ONE.id() == OTHER.id()), (ID_DIGITS, false));
        assert_eq!(format!("{ONE:?}"), "Secret");
    }

    #[test]
    fn names_follow_from_texts_by_the_key() {
        assert_eq!(ONE.name("m-", "hunter2"), ONE.name("m-", "hunter2"));
        assert_ne!(ONE.name("m-", "hunter2"), OTHER.name("m-", "hunter2"));
        assert_ne!(ONE.name("m-", "hunter2"), ONE.name("m-", "hunter3"));
    }
}
