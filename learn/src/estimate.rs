//! How long something will take, from what was finished: what is near by its words, weighed, with an interval that is
//! calibrated on finished work itself.
//!
//! ```text
//! texts ─▶ words (weighed by how rare) ─▶ near ones ─▶ weighted median (p50) ─▶ held-out errors ─▶ p90
//! ```
//!
//! The interval is conformal (Vovk, Gammerman, Shafer 2005; normalised as in Papadopoulos 2008): each finished one is
//! estimated from all others, and p90 lies as far above p50 as nine in ten of them came out, in units of how much
//! their neighbours differ. So it covers 90 % of what is like the past, whatever the distribution.

mod series;
mod words;

use words::{Bag, Words};

pub use series::{Forecast, Unusual, forecast, unusual};

/// Finished work below which there is no p50, and no p90: nine are the fewest of which nine tenths can be told.
pub const LEAST: usize = 3;
pub const LEAST_INTERVAL: usize = 10;
/// Finished work that is learned from, the newest; of these how many are held out to calibrate.
pub const MOST: usize = 1_000;
const HELD_OUT: usize = 300;
/// The smallest spread of neighbours, in logarithms: that of a twentieth.
const LEAST_SPREAD: f64 = 0.05;
/// The share that p90 covers.
const COVERED: f64 = 0.9;

/// Something that was finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    pub text: String,
    pub took_ms: i64,
}

/// How near ones are weighed: by which power of their similarity, how many, and against how much of all others.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Weighing {
    power: i32,
    near: usize,
    prior: f64,
}

const POWERS: [i32; 3] = [1, 2, 4];
const NEAR: [usize; 3] = [3, 10, 30];
const PRIORS: [f64; 3] = [0.05, 0.3, 1.0];

/// What was learned from finished work.
#[derive(Debug)]
pub struct Durations {
    words: Words,
    bags: Vec<Bag>,
    /// Logarithms of durations, and the places in ascending order of them.
    logs: Vec<f64>,
    ascending: Vec<usize>,
    weighing: Weighing,
    /// Errors of held-out ones, in units of their neighbours' spread, ascending.
    errors: Vec<f64>,
}

/// An estimate, and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    pub p50_ms: i64,
    /// `None` where too little was finished.
    pub p90_ms: Option<i64>,
    /// Places of what is near among what was learned from, with the similarity, the nearest first.
    pub near: Vec<(usize, f64)>,
}

impl Durations {
    /// Learns from finished work, of which the last [`MOST`] count; `None` of too little.
    pub fn learn(finished: &[Finished]) -> Option<Self> {
        let finished = &finished[finished.len().saturating_sub(MOST)..];
        if finished.len() < LEAST {
            return None;
        }
        let words = Words::of(finished.iter().map(|one| one.text.as_str()));
        let bags: Vec<Bag> = finished.iter().map(|one| words.bag(&one.text)).collect();
        let logs: Vec<f64> = finished.iter().map(|one| (one.took_ms.max(1) as f64).ln()).collect();
        let mut ascending: Vec<usize> = (0..logs.len()).collect();
        ascending.sort_by(|one, other| logs[*one].total_cmp(&logs[*other]));
        let weighing = Weighing { power: POWERS[1], near: NEAR[1], prior: PRIORS[1] };
        let mut learned = Self { words, bags, logs, ascending, weighing, errors: Vec::new() };
        learned.fit();
        Some(learned)
    }

    /// Chooses the weighing with the least error on held-out ones, and keeps their errors.
    fn fit(&mut self) {
        let held_out: Vec<usize> = (self.logs.len().saturating_sub(HELD_OUT)..self.logs.len()).collect();
        let near: Vec<Vec<(usize, f64)>> = held_out
            .iter()
            .map(|at| self.nearest(&self.bags[*at], Some(*at), NEAR[NEAR.len() - 1]))
            .collect();
        let all = POWERS.iter().flat_map(|power| {
            NEAR.iter().flat_map(move |near| {
                PRIORS.iter().map(move |prior| Weighing { power: *power, near: *near, prior: *prior })
            })
        });
        let mut best: Option<(f64, Weighing, Vec<f64>)> = None;
        for weighing in all {
            let (mut sum, mut errors) = (0.0, Vec::with_capacity(held_out.len()));
            for (at, near) in held_out.iter().zip(&near) {
                let (middle, spread) = self.middle(near, Some(*at), weighing);
                let error = self.logs[*at] - middle;
                sum += error.abs();
                errors.push(error / spread);
            }
            if best.as_ref().is_none_or(|(least, ..)| sum < *least) {
                best = Some((sum, weighing, errors));
            }
        }
        if let Some((_, weighing, mut errors)) = best {
            errors.sort_by(f64::total_cmp);
            (self.weighing, self.errors) = (weighing, errors);
        }
    }

    /// What is near a bag, the nearest first.
    fn nearest(&self, bag: &Bag, but: Option<usize>, most: usize) -> Vec<(usize, f64)> {
        let likeness = |at: usize| (at, bag.likeness(&self.bags[at]));
        let others = (0..self.bags.len()).filter(|at| Some(*at) != but);
        let mut near: Vec<(usize, f64)> = others.map(likeness).filter(|(_, like)| *like > 0.0).collect();
        near.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        near.truncate(most);
        near
    }

    /// The weighted median of logarithms, and how much they differ from it (the weighted mean of the distances).
    fn middle(&self, near: &[(usize, f64)], but: Option<usize>, weighing: Weighing) -> (f64, f64) {
        let prior = weighing.prior / self.logs.len() as f64;
        let mut weights = vec![prior; self.logs.len()];
        for (at, like) in near.iter().take(weighing.near) {
            weights[*at] += like.powi(weighing.power);
        }
        if let Some(but) = but {
            weights[but] = 0.0;
        }
        let half = weights.iter().sum::<f64>() / 2.0;
        let mut sum = 0.0;
        let mut middle = self.ascending.last().copied().unwrap_or(0);
        for at in &self.ascending {
            sum += weights[*at];
            if sum >= half {
                middle = *at;
                break;
            }
        }
        let middle = self.logs[middle];
        let distances = self.logs.iter().zip(&weights).map(|(log, weight)| (log - middle).abs() * weight);
        (middle, (distances.sum::<f64>() / (2.0 * half).max(f64::MIN_POSITIVE)).max(LEAST_SPREAD))
    }

    /// How long a text will take.
    pub fn estimate(&self, text: &str, shown: usize) -> Estimate {
        let mut near = self.nearest(&self.words.bag(text), None, NEAR[NEAR.len() - 1]);
        let (middle, spread) = self.middle(&near, None, self.weighing);
        near.truncate(shown);
        let count = self.errors.len();
        // The error that is not exceeded by nine tenths, as if the one to come were among them.
        let rank = ((count + 1) as f64 * COVERED).ceil() as usize;
        let above =
            (self.logs.len() >= LEAST_INTERVAL && rank <= count).then(|| self.errors[rank - 1].max(0.0));
        let ms = |log: f64| log.exp().round().min(i64::MAX as f64 / 2.0) as i64;
        Estimate { p50_ms: ms(middle), p90_ms: above.map(|above| ms(middle + above * spread)), near }
    }
}

/// How good estimates are: on finished work of which each was estimated from others.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldOut {
    pub estimated: usize,
    /// Share that p90 covered; `None` where none had one.
    pub covered: Option<f64>,
    /// Medians of the distances from what it took: of p50, of the mean of all, of the last one finished.
    pub error_ms: f64,
    pub error_of_mean_ms: f64,
    pub error_of_last_ms: f64,
}

/// Parts that finished work is cut into: each is estimated from the other parts.
const PARTS: usize = 5;

/// Estimates finished work from other finished work, part by part; `None` of too little.
pub fn held_out(finished: &[Finished]) -> Option<HeldOut> {
    let finished = &finished[finished.len().saturating_sub(HELD_OUT)..];
    if finished.len() < 2 * LEAST_INTERVAL {
        return None;
    }
    let (mut own, mut of_mean, mut of_last, mut covered) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for part in 0..PARTS {
        let learned: Vec<Finished> = finished
            .iter()
            .enumerate()
            .filter(|(at, _)| at % PARTS != part)
            .map(|(_, one)| one.clone())
            .collect();
        let durations = Durations::learn(&learned)?;
        let mean = learned.iter().map(|one| one.took_ms as f64).sum::<f64>() / learned.len() as f64;
        for (at, one) in finished.iter().enumerate().filter(|(at, _)| at % PARTS == part) {
            let estimate = durations.estimate(&one.text, 0);
            let took = one.took_ms as f64;
            own.push((estimate.p50_ms as f64 - took).abs());
            of_mean.push((mean - took).abs());
            if let Some(before) = at.checked_sub(1) {
                of_last.push((finished[before].took_ms as f64 - took).abs());
            }
            covered.extend(estimate.p90_ms.map(|p90| one.took_ms <= p90));
        }
    }
    let share = covered.iter().filter(|covered| **covered).count() as f64 / covered.len().max(1) as f64;
    Some(HeldOut {
        estimated: own.len(),
        covered: (!covered.is_empty()).then_some(share),
        error_ms: median(own)?,
        error_of_mean_ms: median(of_mean)?,
        error_of_last_ms: median(of_last)?,
    })
}

/// The middle of some numbers; `None` of none.
pub fn median(mut all: Vec<f64>) -> Option<f64> {
    all.sort_by(f64::total_cmp);
    let half = all.len() / 2;
    match all.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(all[half]),
        _ => Some(f64::midpoint(all[half - 1], all[half])),
    }
}

/// How alike texts are by their words, each the rarer the heavier: of one text, and all others.
pub fn likeness(text: &str, others: &[String]) -> Vec<f64> {
    let words = Words::of(others.iter().map(String::as_str));
    let bag = words.bag(text);
    others.iter().map(|other| bag.likeness(&words.bag(other))).collect()
}

#[cfg(test)]
mod tests;
