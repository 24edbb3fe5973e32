//! How many tokens may be spent, by the hour and by the day. Pure.

use std::collections::VecDeque;
use std::time::Duration;

use athena_schemas::Time;

use super::Error;

const HOUR: i64 = 3_600_000_000;
/// Hours of a day that is looked back on, the one that runs included.
const DAY: i64 = 24;

/// What was spent in each hour of the clock, for a day.
#[derive(Debug)]
pub struct Budget {
    /// 0: no bound.
    per_hour: u64,
    per_day: u64,
    /// Hours since 1970 and what was spent in them, in their order.
    hours: VecDeque<(i64, u64)>,
}

impl Budget {
    pub fn new(per_hour: u64, per_day: u64) -> Self {
        Self { per_hour, per_day, hours: VecDeque::new() }
    }

    /// Takes tokens for a request.
    ///
    /// # Errors
    /// `Spent` when there are not so many; nothing is taken then.
    pub fn take(&mut self, now: Time, tokens: u64) -> Result<(), Error> {
        let (hour, day) = self.spent(now);
        for (budget, spent, per, wait) in [
            (self.per_hour, hour, "hour", self.next_hour(now)),
            (self.per_day, day, "day", self.next_day(now)),
        ] {
            if budget > 0 && spent.saturating_add(tokens) > budget {
                return Err(Error::Spent { budget, per, wait });
            }
        }
        self.add(now, tokens);
        Ok(())
    }

    /// Sets right what was taken: it was so much.
    pub fn settle(&mut self, now: Time, taken: u64, spent: u64) {
        // What was taken in the hour before is given back in this one: as much, and a moment later.
        self.add(now, spent);
        let mut rest = taken;
        for (_, tokens) in self.hours.iter_mut().rev() {
            let part = rest.min(*tokens);
            *tokens -= part;
            rest -= part;
        }
    }

    /// Within the hour that runs, and the day that ends with it.
    pub fn spent(&mut self, now: Time) -> (u64, u64) {
        let hour = now.micros() / HOUR;
        self.hours.retain(|(of, _)| *of > hour - DAY);
        let in_hour = self.hours.iter().filter(|(of, _)| *of == hour).map(|(_, tokens)| tokens).sum();
        (in_hour, self.hours.iter().map(|(_, tokens)| tokens).sum())
    }

    fn add(&mut self, now: Time, tokens: u64) {
        let hour = now.micros() / HOUR;
        match self.hours.back_mut() {
            Some((of, spent)) if *of >= hour => *spent = spent.saturating_add(tokens),
            _ => self.hours.push_back((hour, tokens)),
        }
    }

    fn next_hour(&self, now: Time) -> Duration {
        Duration::from_micros((HOUR - now.micros().rem_euclid(HOUR)) as u64)
    }

    /// Until the first hour in which anything was spent is a day ago.
    fn next_day(&self, now: Time) -> Duration {
        let first = self.hours.front().map_or(now.micros() / HOUR, |(of, _)| *of);
        Duration::from_micros(((first + DAY) * HOUR - now.micros()).max(0) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Time {
        Time::from_micros(1_000_000 * HOUR + hours * HOUR + 60_000_000)
    }

    #[test]
    fn what_is_spent_comes_back_with_the_hours() {
        let mut budget = Budget::new(100, 150);
        budget.take(at(0), 80).unwrap();
        let spent = budget.take(at(0), 21).unwrap_err();
        let Error::Spent { budget: 100, per: "hour", wait } = spent else { panic!("{spent}") };
        assert_eq!(wait, Duration::from_secs(59 * 60));
        budget.settle(at(0), 80, 60);
        assert_eq!(budget.spent(at(0)), (60, 60));
        budget.take(at(1), 90).unwrap();
        let spent = budget.take(at(2), 1).unwrap_err();
        let Error::Spent { per: "day", wait, .. } = spent else { panic!("{spent}") };
        assert_eq!(wait, Duration::from_secs(22 * 3_600 - 60));
        budget.take(at(24), 60).unwrap();
        assert_eq!(budget.spent(at(24)), (60, 150));
    }

    #[test]
    fn no_bound_is_none_and_an_hour_may_end_between() {
        let mut budget = Budget::new(0, 0);
        budget.take(at(0), u64::MAX / 2).unwrap();
        budget.settle(at(1), u64::MAX / 2, 7);
        assert_eq!(budget.spent(at(1)).1, 7);
    }
}
