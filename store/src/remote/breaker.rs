//! Whether a service that failed is asked again. Pure.
//!
//! ```text
//! closed ─ so many failures in a row ─▶ open ─ pause ─▶ one trial ─ success ─▶ closed
//!                                         ▲                └ failure: a pause twice as long
//! ```

use std::time::{Duration, Instant};

/// When to stop asking, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerOptions {
    /// Failures in a row that open it.
    pub failures: u32,
    /// How long it stays open the first time; twice as long after each trial that fails, within `pause_most`.
    pub pause: Duration,
    pub pause_most: Duration,
    /// How long a trial may take before another is let through.
    pub trial: Duration,
}

impl Default for BreakerOptions {
    fn default() -> Self {
        Self {
            failures: 5,
            pause: Duration::from_secs(5),
            pause_most: Duration::from_secs(120),
            trial: Duration::from_secs(60),
        }
    }
}

#[derive(Debug)]
pub struct Breaker {
    options: BreakerOptions,
    failures: u32,
    /// Nobody is let through before.
    until: Option<Instant>,
    /// The next pause.
    pause: Duration,
}

impl Breaker {
    pub fn new(options: BreakerOptions) -> Self {
        Self { options, failures: 0, until: None, pause: options.pause }
    }

    /// Whether a request may be made.
    ///
    /// # Errors
    /// How long it stays open.
    pub fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        let Some(until) = self.until else { return Ok(()) };
        match until.saturating_duration_since(now) {
            Duration::ZERO => {
                // This one tries for all; others wait for what comes of it.
                self.until = Some(now + self.options.trial);
                Ok(())
            }
            left => Err(left),
        }
    }

    /// Failures in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// How long it stays open; zero when the next request is a trial, `None` when it is closed.
    pub fn left(&self, now: Instant) -> Option<Duration> {
        self.until.map(|until| until.saturating_duration_since(now))
    }

    pub fn is_open(&self) -> bool {
        self.until.is_some()
    }

    /// Says whether it was open.
    pub fn succeeded(&mut self) -> bool {
        let was_open = self.is_open();
        *self = Self::new(self.options);
        was_open
    }

    /// Says whether this opened it. `asked` is how long the service itself wants to be left alone.
    pub fn failed(&mut self, now: Instant, asked: Option<Duration>) -> bool {
        self.failures = self.failures.saturating_add(1);
        let was_open = self.is_open();
        if was_open || self.failures >= self.options.failures || asked.is_some() {
            let pause = self.pause.max(asked.unwrap_or_default()).min(self.options.pause_most);
            self.until = Some(now + pause);
            self.pause = (self.pause * 2).min(self.options.pause_most);
        }
        !was_open && self.is_open()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn options() -> BreakerOptions {
        BreakerOptions { failures: 2, pause: SECOND, pause_most: 3 * SECOND, trial: 10 * SECOND }
    }

    #[test]
    fn it_opens_tries_one_and_closes() {
        let (mut breaker, began) = (Breaker::new(options()), Instant::now());
        assert!(!breaker.failed(began, None) && breaker.admit(began).is_ok());
        assert!(breaker.failed(began, None), "the second in a row opens it");
        assert_eq!(breaker.admit(began), Err(SECOND));
        let later = began + SECOND;
        assert_eq!(breaker.admit(later), Ok(()));
        assert_eq!(breaker.admit(later), Err(10 * SECOND), "one trial at once");
        assert!(!breaker.failed(later, None), "it was open");
        assert_eq!(breaker.admit(later), Err(2 * SECOND), "twice as long");
        let later = later + 2 * SECOND;
        breaker.admit(later).unwrap();
        breaker.failed(later, None);
        assert_eq!(breaker.admit(later), Err(3 * SECOND), "and no longer than the most");
        assert!(breaker.succeeded() && !breaker.is_open());
        assert!(!breaker.failed(later, None), "it counts from the beginning");
    }

    #[test]
    fn a_service_is_left_alone_as_long_as_it_asks() {
        let (mut breaker, now) = (Breaker::new(options()), Instant::now());
        assert!(breaker.failed(now, Some(2 * SECOND)));
        assert_eq!(breaker.admit(now), Err(2 * SECOND));
    }
}
