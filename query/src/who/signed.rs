//! Signed requests: HMAC-SHA256 over all that a request says, within a window of time, and each once.
//!
//! ```text
//! Authorization: Athena-HMAC-SHA256 token=NAME, time=1790000000, nonce=…, signature=…
//!
//! signature = hex(HMAC-SHA256(SHA-256(secret), METHOD \n HOST \n PATH?QUERY \n TIME \n NONCE \n hex(SHA-256(body))))
//! ```

use std::collections::HashMap;

use athena_schemas::{Code, Error};
use parking_lot::Mutex;
use ring::{digest, hmac};

/// What the header begins with.
pub const SCHEME: &str = "Athena-HMAC-SHA256 ";
/// How far the clock of a client may be from this one's, in seconds, before and behind.
const WINDOW_S: i64 = 300;
/// Characters of a nonce.
const NONCE: std::ops::RangeInclusive<usize> = 16..=64;
/// Requests of the window that are remembered; more are refused until the oldest have left it.
const REMEMBERED: usize = 200_000;

/// What the header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub token: String,
    time: i64,
    nonce: String,
    signature: Vec<u8>,
}

/// What is signed besides the time and the nonce.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    pub method: &'a str,
    pub host: &'a str,
    /// Path and query, as they were sent.
    pub path: &'a str,
    pub body: &'a [u8],
}

impl Signature {
    /// # Errors
    /// `unauthenticated`, with the part that is wrong.
    pub fn parse(header: &str) -> Result<Self, Error> {
        let parts = header.strip_prefix(SCHEME).unwrap_or_default().split(',');
        let parts: HashMap<&str, &str> = parts.filter_map(|part| part.trim().split_once('=')).collect();
        let part = |name: &str| {
            parts.get(name).copied().ok_or_else(|| refused(format!("the signature has no {name}")))
        };
        let time =
            part("time")?.parse().map_err(|_| refused("the signature's time is not in Unix seconds"))?;
        let nonce = part("nonce")?.to_owned();
        if !NONCE.contains(&nonce.len())
            || !nonce.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_".contains(&c))
        {
            let (least, most) = (NONCE.start(), NONCE.end());
            return Err(refused(format!("a nonce has {least} to {most} letters, digits, `-` and `_`")));
        }
        let signature =
            hex::decode(part("signature")?).map_err(|_| refused("the signature is not hexadecimal"))?;
        Ok(Self { token: part("token")?.to_owned(), time, nonce, signature })
    }

    /// Whether whoever has the secret said just that.
    ///
    /// # Errors
    /// `unauthenticated`.
    pub fn verify(&self, key: &[u8], said: Said<'_>) -> Result<(), Error> {
        let text = text(said, self.time, &self.nonce);
        hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes(), &self.signature)
            .map_err(|_| refused("the signature is not that of this request"))
    }
}

fn text(said: Said<'_>, time: i64, nonce: &str) -> String {
    let body = hex::encode(digest::digest(&digest::SHA256, said.body));
    format!("{}\n{}\n{}\n{time}\n{nonce}\n{body}", said.method, said.host, said.path)
}

/// What a secret signs with. The server keeps this of a token that signs, as it keeps the hash of others.
pub fn key_of(secret: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, secret.as_bytes()).as_ref().to_vec()
}

/// The header of a request, for clients of this binary and for tests.
pub fn header(token: &str, secret: &str, said: Said<'_>, time: i64, nonce: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key_of(secret));
    let signature = hex::encode(hmac::sign(&key, text(said, time, nonce).as_bytes()));
    format!("{SCHEME}token={token}, time={time}, nonce={nonce}, signature={signature}")
}

/// The signed requests of the window, each of which is answered once.
#[derive(Debug)]
pub struct Seen {
    /// When this server began, in Unix seconds: what was signed before may have been answered by the one before.
    began: i64,
    /// Until when a nonce of a token is remembered.
    nonces: Mutex<HashMap<(String, String), i64>>,
}

impl Seen {
    pub fn since(began: i64) -> Self {
        Self { began, nonces: Mutex::default() }
    }

    /// Takes note of a request whose signature is right.
    ///
    /// # Errors
    /// `unauthenticated` for one outside the window, or that came before; `resource_exhausted` where too many came.
    pub fn once(&self, signature: &Signature, now: i64) -> Result<(), Error> {
        if (now - signature.time).abs() > WINDOW_S {
            let message =
                format!("the request was signed {} s away from this server's time", now - signature.time);
            return Err(refused(message).hint(format!("set the clock; {WINDOW_S} s are allowed")));
        }
        if signature.time < self.began {
            return Err(refused("the request was signed before this server began").hint("sign it again"));
        }
        let mut nonces = self.nonces.lock();
        if nonces.len() >= REMEMBERED {
            nonces.retain(|_, until| *until >= now);
        }
        let key = (signature.token.clone(), signature.nonce.clone());
        if nonces.get(&key).is_some_and(|until| *until >= now) {
            return Err(refused("the request was sent before").hint("sign it again, with another nonce"));
        }
        if nonces.len() >= REMEMBERED {
            let message = format!("{REMEMBERED} signed requests came within {} s", 2 * WINDOW_S);
            return Err(Error::new(Code::ResourceExhausted, message));
        }
        nonces.insert(key, signature.time + WINDOW_S);
        Ok(())
    }
}

fn refused(message: impl Into<String>) -> Error {
    Error::new(Code::Unauthenticated, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: Said<'_> =
        Said { method: "POST", host: "127.0.0.1:7070", path: "/v1/search?project=p", body: b"{}" };
    const NOW: i64 = 1_790_000_000;

    fn signature(time: i64, nonce: &str) -> Signature {
        Signature::parse(&header("ci", "athena_x", SAID, time, nonce)).unwrap()
    }

    #[test]
    fn whatever_is_altered_is_refused() {
        let signed = signature(NOW, "0123456789abcdef");
        let key = key_of("athena_x");
        assert_eq!(signed.verify(&key, SAID), Ok(()));
        for altered in [
            Said { method: "GET", ..SAID },
            Said { host: "127.0.0.1:7071", ..SAID },
            Said { path: "/v1/search?project=q", ..SAID },
            Said { body: b"{ }", ..SAID },
        ] {
            assert_eq!(signed.verify(&key, altered).unwrap_err().code, Code::Unauthenticated);
        }
        assert!(signed.verify(&key_of("athena_y"), SAID).is_err());
        let later = Signature { time: NOW + 1, ..signed.clone() };
        let other = Signature { nonce: "fedcba9876543210".into(), ..signed };
        assert!(later.verify(&key, SAID).is_err() && other.verify(&key, SAID).is_err());
    }

    #[test]
    fn each_is_answered_once_within_the_window() {
        let seen = Seen::since(NOW - 10);
        let one = signature(NOW, "0123456789abcdef");
        assert_eq!(seen.once(&one, NOW), Ok(()));
        assert!(seen.once(&one, NOW + 5).unwrap_err().message.contains("sent before"));
        assert_eq!(seen.once(&signature(NOW, "fedcba9876543210"), NOW), Ok(()));
        assert!(
            seen.once(&signature(NOW - 11, "aaaaaaaaaaaaaaaa"), NOW).unwrap_err().message.contains("began")
        );
        assert!(seen.once(&one, NOW + WINDOW_S + 1).unwrap_err().message.contains("away"));
        assert!(seen.once(&signature(NOW + WINDOW_S + 1, "bbbbbbbbbbbbbbbb"), NOW).is_err());
    }

    #[test]
    fn what_is_no_signature_says_why() {
        for (header, why) in [
            ("Athena-HMAC-SHA256 token=ci", "no time"),
            ("Athena-HMAC-SHA256 token=ci, time=x", "Unix seconds"),
            ("Athena-HMAC-SHA256 token=ci, time=1, nonce=short", "nonce"),
            ("Athena-HMAC-SHA256 token=ci, time=1, nonce=0123456789abcdef, signature=xyz", "hexadecimal"),
        ] {
            assert!(Signature::parse(header).unwrap_err().message.contains(why), "{header}");
        }
    }
}
