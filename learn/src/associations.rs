//! How strongly two items are associated: by how often they came together, faded by time, with what was told over it.
//! Pure.

mod counts;

use athena_schemas::Time;

pub use counts::{Asked, Counts};

/// What being used, or returned, together once adds to the exponent.
const USED: f64 = 0.5;
const RETURNED: f64 = 0.1;
/// Microseconds in which an association that is not renewed halves: 30 days.
const HALF_LIFE_MICROS: f64 = 30.0 * 24.0 * 3600.0 * 1e6;

/// Hebb's rule with a bound: each time adds a share of what is left to 1. From 0 to 1, as of the last time.
pub fn learned(returned: i64, used: i64) -> f64 {
    1.0 - (-(USED * used as f64 + RETURNED * returned as f64)).exp()
}

/// What is left of a strength after a time.
pub fn faded(strength: f64, at: Time, now: Time) -> f64 {
    let age = now.micros().saturating_sub(at.micros()).max(0) as f64;
    strength * 0.5_f64.powf(age / HALF_LIFE_MICROS)
}

/// Learned, and what was told over it.
pub fn together(learned: f64, plus: f64, minus: f64) -> f64 {
    ((1.0 - (1.0 - learned) * (1.0 - plus)) * (1.0 - minus)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strengths_grow_fade_and_stay_in_bounds() {
        assert!(learned(0, 1) > learned(1, 0) && learned(5, 5) > learned(1, 1) && learned(900, 900) <= 1.0);
        let at = |days: i64| Time::from_micros(days * 86_400_000_000);
        assert!((faded(0.8, at(0), at(30)) - 0.4).abs() < 1e-12);
        assert_eq!(faded(0.8, at(5), at(0)), 0.8, "what is to come does not grow");
        assert_eq!(
            (together(0.5, 0.5, 0.0), together(0.5, 0.0, 0.5), together(0.0, 0.0, 1.0)),
            (0.75, 0.25, 0.0)
        );
    }
}
