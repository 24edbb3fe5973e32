//! Whether a hook may be called now: its rate, and whether it has failed again and again. Pure; the clock is handed in.

use std::time::{Duration, Instant};

/// Failures in a row after which a hook rests, and for how long. Then one call is tried.
const FAILURES: u32 = 5;
const REST: Duration = Duration::from_secs(30);

/// What became of a hook since this server began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub calls: u64,
    pub failures: u64,
    /// Not called: over its rate, resting, or too much at once.
    pub skipped: u64,
}

/// The state of one hook.
#[derive(Debug)]
pub struct Guard {
    pub counts: Counts,
    /// Calls that are left of this minute's.
    left: f64,
    filled_at: Instant,
    in_a_row: u32,
    rests_until: Option<Instant>,
}

impl Guard {
    pub fn new(rate: u32, now: Instant) -> Self {
        let (counts, in_a_row, rests_until) = Default::default();
        Self { counts, left: f64::from(rate), filled_at: now, in_a_row, rests_until }
    }

    /// Takes one call of so many a minute, unless there is none left or the hook rests.
    pub fn admit(&mut self, rate: u32, now: Instant) -> bool {
        let rate = f64::from(rate);
        let filled = now.saturating_duration_since(self.filled_at).as_secs_f64() * rate / 60.0;
        self.left = (self.left + filled).min(rate);
        self.filled_at = now;
        if self.is_resting(now) || self.left < 1.0 {
            self.counts.skipped += 1;
            return false;
        }
        self.left -= 1.0;
        self.counts.calls += 1;
        if self.rests_until.is_some() {
            // One is tried; until it has succeeded the others wait.
            self.rests_until = Some(now + REST);
        }
        true
    }

    pub fn is_resting(&self, now: Instant) -> bool {
        self.rests_until.is_some_and(|until| now < until)
    }

    /// What became of a call.
    pub fn ended(&mut self, well: bool, now: Instant) {
        if well {
            self.in_a_row = 0;
            self.rests_until = None;
            return;
        }
        self.counts.failures += 1;
        self.in_a_row += 1;
        if self.in_a_row >= FAILURES {
            self.rests_until = Some(now + REST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_so_many_calls() {
        let began = Instant::now();
        let at = |seconds| began + Duration::from_secs(seconds);
        let mut guard = Guard::new(3, began);
        let admitted = (0..5).filter(|_| guard.admit(3, at(0))).count();
        assert_eq!((admitted, guard.counts.skipped), (3, 2));
        assert!(!guard.admit(3, at(19)) && guard.admit(3, at(20)) && !guard.admit(3, at(20)));
        // What was not used does not add up.
        assert_eq!((0..9).filter(|_| guard.admit(3, at(9_999))).count(), 3);
    }

    #[test]
    fn what_fails_again_and_again_rests() {
        let began = Instant::now();
        let at = |seconds| began + Duration::from_secs(seconds);
        let mut guard = Guard::new(600, began);
        for _ in 0..FAILURES {
            assert!(guard.admit(600, at(1)));
            guard.ended(false, at(1));
        }
        assert!(guard.is_resting(at(2)) && !guard.admit(600, at(2)));
        // One is tried, and the others wait for it.
        assert!(guard.admit(600, at(32)) && !guard.admit(600, at(33)));
        guard.ended(true, at(34));
        assert!(guard.admit(600, at(34)) && guard.admit(600, at(34)));
        assert_eq!((guard.counts.failures, guard.counts.skipped), (5, 2));
    }
}
