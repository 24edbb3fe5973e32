//! Posts signed as the Standard Webhooks specification has it (version 1 of its signatures): HMAC-SHA256 over
//! `ID.TIME.BODY`, where the time is that of the try.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{HeaderMap, HeaderValue};
use ring::hmac;

use crate::App;

/// Who signs, and the id of the message: the same each time that it is tried.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// The hook, trigger or rule.
    pub by: &'a str,
    pub message: &'a str,
}

/// What a receiver verifies the posts of a hook, trigger or rule with, as libraries for Standard Webhooks take it.
pub fn signing_key(app: &App, by: &str) -> String {
    format!("whsec_{}", STANDARD.encode(secret(app, by)))
}

/// The secret of what one of them posts; it follows from that of the data location.
fn secret(app: &App, by: &str) -> [u8; 32] {
    *blake3::keyed_hash(&app.store.secret, format!("webhook/{by}").as_bytes()).as_bytes()
}

impl Signed<'_> {
    /// The headers of a try at `now`, in Unix seconds.
    ///
    /// # Errors
    /// An id that is no header.
    pub fn headers(&self, app: &App, body: &str, now: i64) -> Result<HeaderMap, String> {
        let signature = signature(&secret(app, self.by), self.message, now, body);
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("webhook-id", self.message),
            ("idempotency-key", self.message),
            ("webhook-timestamp", &now.to_string()),
            ("webhook-signature", &signature),
        ] {
            headers.insert(name, HeaderValue::from_str(value).map_err(|error| error.to_string())?);
        }
        Ok(headers)
    }
}

fn signature(secret: &[u8], message: &str, now: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let signature = hmac::sign(&key, format!("{message}.{now}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn others_come_to_the_same() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed =
            signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
