//! How long to wait before the next try. Pure.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// The wait after the first try that failed, doubled after each further one, and the longest.
const FIRST: Duration = Duration::from_millis(200);
const MOST: Duration = Duration::from_secs(10);

/// The wait after try number `tries` (from 1) has failed: exponential, of which a random half is taken off
/// (`random` is from 0 to 1), so that many who failed together do not come back together.
pub fn backoff(tries: u32, random: f64) -> Duration {
    let whole = FIRST.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(MOST);
    whole.mul_f64(0.5 + 0.5 * random.clamp(0.0, 1.0))
}

/// What `Retry-After` (RFC 9110, 10.2.3) asks for: seconds, or a date. `None` when it is neither.
pub fn retry_after(header: &str, now: DateTime<Utc>) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let at = DateTime::parse_from_rfc2822(header).ok()?;
    Some((at.to_utc() - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_within_a_bound() {
        assert_eq!(backoff(1, 1.0), FIRST);
        assert_eq!(backoff(1, 0.0), FIRST / 2);
        assert_eq!(backoff(3, 1.0), FIRST * 4);
        assert_eq!(backoff(u32::MAX, 1.0), MOST);
    }

    #[test]
    fn a_service_says_when() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        assert_eq!(retry_after(" 2 ", now), Some(Duration::from_secs(2)));
        assert_eq!(retry_after("0.5", now), Some(Duration::from_millis(500)));
        let date = (now + Duration::from_secs(30)).to_rfc2822();
        assert_eq!(retry_after(&date, now), Some(Duration::from_secs(30)));
        assert_eq!(retry_after("Wed, 01 Jan 2020 00:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!((retry_after("soon", now), retry_after("-1", now)), (None, None));
    }
}
