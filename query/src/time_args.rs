//! Times as people say them: an instant, or how long ago.

use athena_schemas::{Error, Time};

/// RFC 3339, or an age such as `30s`, `15m`, `2h`, `7d` or `4w` before `now`.
///
/// # Errors
/// `invalid_argument` for `field`.
pub fn instant(field: &str, text: &str, now: Time) -> Result<Time, Error> {
    let text = text.trim();
    age_micros(text).map(|age| now.plus_micros(-age)).or_else(|| Time::parse(text)).ok_or_else(|| {
        Error::invalid(field, format!("{text:?} is not a time"))
            .hint("RFC 3339 such as 2026-11-23T10:00:00Z, or an age such as 30s, 15m, 2h, 7d, 4w")
    })
}

/// The same of what need not be given.
pub fn optional(field: &str, text: Option<&str>, now: Time) -> Result<Option<Time>, Error> {
    text.map(|text| instant(field, text, now)).transpose()
}

/// RFC 3339, or a stretch such as `2h` or `7d` from `now` on: a time by which something is to be.
///
/// # Errors
/// `invalid_argument` for `field`.
pub fn ahead(field: &str, text: &str, now: Time) -> Result<Time, Error> {
    let text = text.trim();
    age_micros(text).map(|ahead| now.plus_micros(ahead)).or_else(|| Time::parse(text)).ok_or_else(|| {
        Error::invalid(field, format!("{text:?} is not a time"))
            .hint("RFC 3339 such as 2026-11-23T10:00:00Z, or how long from now, such as 15m, 2h, 7d, 4w")
    })
}

/// A stretch of time such as `30s`, `15m`, `2h`, `7d` or `4w`, in seconds.
///
/// # Errors
/// `invalid_argument` for `field`.
pub fn seconds(field: &str, text: &str) -> Result<i64, Error> {
    age_micros(text.trim()).map(|micros| micros / 1_000_000).ok_or_else(|| {
        Error::invalid(field, format!("{text:?} is not a stretch of time"))
            .hint("such as 30s, 15m, 2h, 7d, 4w")
    })
}

fn age_micros(text: &str) -> Option<i64> {
    let unit_s = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(unit_s * 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_ages() {
        let now = Time::parse("2026-11-23T10:00:00Z").unwrap();
        let cases = [
            ("2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z"),
            ("2026-11-23T10:00:00+01:00", "2026-11-23T09:00:00Z"),
            ("90s", "2026-11-23T09:58:30Z"),
            ("15m", "2026-11-23T09:45:00Z"),
            ("2h", "2026-11-23T08:00:00Z"),
            (" 7d ", "2026-11-16T10:00:00Z"),
            ("4w", "2026-10-26T10:00:00Z"),
            ("99999999999999999999w", "0001-01-01T00:00:00Z"),
        ];
        for (text, expected) in cases {
            assert_eq!(instant("since", text, now).unwrap().to_string(), expected, "{text}");
        }
        assert_eq!(ahead("due", "2h", now).unwrap().to_string(), "2026-11-23T12:00:00Z");
        assert_eq!(ahead("due", "soon", now).unwrap_err().field.as_deref(), Some("due"));
        assert_eq!(seconds("for", " 2h"), Ok(7_200));
        assert_eq!(seconds("for", "soon").unwrap_err().field.as_deref(), Some("for"));
        for text in ["", "h", "-2h", "2 h", "2.5h", "2y", "yesterday", "2026-11-23", "٣h", "1e3s"] {
            assert_eq!(instant("since", text, now).unwrap_err().field.as_deref(), Some("since"), "{text}");
        }
    }
}
