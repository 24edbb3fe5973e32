//! How often a token may ask: a bucket for each name, filled evenly.

use std::collections::HashMap;
use std::time::Instant;

use athena_schemas::{Code, Error};
use parking_lot::Mutex;

/// Names that have a bucket: those of tokens, of which there are not many.
const MOST: usize = 10_000;

/// The buckets of a server.
#[derive(Debug, Default)]
pub struct Rates {
    /// Requests a second, and at once; 0: as many as there are.
    per_s: u32,
    buckets: Mutex<HashMap<String, (f64, Instant)>>,
}

impl Rates {
    pub fn of(per_s: u32) -> Self {
        Self { per_s, buckets: Mutex::default() }
    }

    /// Takes one request of a name.
    ///
    /// # Errors
    /// `resource_exhausted` when it asked too often.
    pub fn take(&self, name: &str, now: Instant) -> Result<(), Error> {
        if self.per_s == 0 {
            return Ok(());
        }
        let most = f64::from(self.per_s);
        let mut buckets = self.buckets.lock();
        if buckets.len() >= MOST {
            buckets.retain(|_, (_, at)| now.duration_since(*at).as_secs() < 1);
        }
        let (left, at) = buckets.entry(name.to_owned()).or_insert((most, now));
        let filled = (*left + now.saturating_duration_since(*at).as_secs_f64() * most).min(most);
        *at = now;
        if filled < 1.0 {
            *left = filled;
            let message = format!("{name} asks more than {} times a second", self.per_s);
            return Err(Error::new(Code::ResourceExhausted, message)
                .hint("wait a second; server.token_requests_per_s is the bound"));
        }
        *left = filled - 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_name_has_its_own_bound() {
        let rates = Rates::of(2);
        let now = Instant::now();
        let take =
            |name: &str, after_ms: u64| rates.take(name, now + Duration::from_millis(after_ms)).is_ok();
        assert_eq!([take("a", 0), take("a", 0), take("a", 0)], [true, true, false]);
        assert!(take("b", 0), "others are not held up");
        assert_eq!([take("a", 500), take("a", 500), take("a", 10_000)], [true, false, true]);
        assert!(
            (0..1_000).all(|_| Rates::default().take("a", now).is_ok()),
            "there is no bound unless one is set"
        );
    }
}
