//! How well scores tell what will be useful. Pure.

/// Stretches of a curve, at most; and how many judgements each has, at least.
const STRETCHES: usize = 10;
const IN_A_STRETCH: usize = 5;
/// The normal quantile of an interval of 95 %.
const Z: f64 = 1.96;

/// A score that was given, and whether what had it was useful.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    pub score: f64,
    pub useful: bool,
}

/// A stretch of scores: how many judgements it has, and how many of them were good.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    pub from: f64,
    pub to: f64,
    pub mean: f64,
    pub judged: usize,
    /// The share that was useful, with its interval (Wilson, 1927).
    pub useful: [f64; 3],
}

/// Stretches of rising scores, each of as many judgements. Equal scores stand in one.
pub fn curve(judged: &[Judged]) -> Vec<Stretch> {
    let mut sorted = judged.to_vec();
    sorted.sort_by(|one, other| one.score.total_cmp(&other.score));
    let size = (sorted.len().div_ceil(STRETCHES)).max(IN_A_STRETCH);
    let mut stretches = Vec::new();
    let mut from = 0;
    while from < sorted.len() {
        let mut to = (from + size).min(sorted.len());
        while to < sorted.len() && sorted[to].score == sorted[to - 1].score {
            to += 1;
        }
        // No stretch is a mere rest.
        if sorted.len() - to < IN_A_STRETCH {
            to = sorted.len();
        }
        stretches.push(stretch(&sorted[from..to]));
        from = to;
    }
    stretches
}

fn stretch(judged: &[Judged]) -> Stretch {
    let good = judged.iter().filter(|one| one.useful).count();
    Stretch {
        from: judged[0].score,
        to: judged[judged.len() - 1].score,
        mean: judged.iter().map(|one| one.score).sum::<f64>() / judged.len() as f64,
        judged: judged.len(),
        useful: wilson(good, judged.len()),
    }
}

/// A share, and the bounds of its interval.
fn wilson(good: usize, of: usize) -> [f64; 3] {
    let (n, share) = (of as f64, good as f64 / of as f64);
    let middle = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    [share, (middle - half).max(0.0), (middle + half).min(1.0)]
}

/// The probability that what was useful had the higher score of the two (area under the curve); `None` where
/// everything was, or nothing.
pub fn discrimination(judged: &[Judged]) -> Option<f64> {
    let mut sorted = judged.to_vec();
    sorted.sort_by(|one, other| one.score.total_cmp(&other.score));
    let good = sorted.iter().filter(|one| one.useful).count();
    let bad = sorted.len() - good;
    if good == 0 || bad == 0 {
        return None;
    }
    let (mut below, mut won) = (0.0, 0.0);
    for equal in sorted.chunk_by(|one, other| one.score == other.score) {
        let useful = equal.iter().filter(|one| one.useful).count() as f64;
        let useless = equal.len() as f64 - useful;
        won += useful * (below + useless / 2.0);
        below += useless;
    }
    Some(won / (good as f64 * bad as f64))
}

/// The mean square of what a probability was off by (Brier, 1950).
pub fn brier(judged: &[Judged]) -> f64 {
    let off = judged.iter().map(|one| (one.score - f64::from(u8::from(one.useful))).powi(2));
    off.sum::<f64>() / judged.len() as f64
}

/// By how much the share of what was useful is off the mean probability, over the stretches (expected calibration
/// error).
pub fn error(curve: &[Stretch]) -> f64 {
    let all: usize = curve.iter().map(|one| one.judged).sum();
    let off = curve.iter().map(|one| one.judged as f64 * (one.mean - one.useful[0]).abs());
    off.sum::<f64>() / all as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(of: &[(f64, bool)]) -> Vec<Judged> {
        of.iter().map(|(score, useful)| Judged { score: *score, useful: *useful }).collect()
    }

    #[test]
    fn a_curve_tells_every_judgement_once() {
        let all: Vec<Judged> =
            (0..47).map(|at| Judged { score: f64::from(at) / 47.0, useful: at % 47 > 20 }).collect();
        let curve = curve(&all);
        assert_eq!(curve.iter().map(|one| one.judged).sum::<usize>(), 47);
        assert!(curve.iter().all(|one| one.judged >= IN_A_STRETCH && one.useful[1] <= one.useful[0]));
        assert!(curve.windows(2).all(|pair| pair[0].to < pair[1].from));
        assert_eq!((curve[0].useful[0], curve[curve.len() - 1].useful[0]), (0.0, 1.0));
        assert_eq!(super::curve(&judged(&[(0.5, true); 9])).len(), 1);
        assert_eq!(super::curve(&[]), []);
    }

    #[test]
    fn discrimination_is_of_pairs() {
        assert_eq!(discrimination(&judged(&[(0.1, false), (0.9, true)])), Some(1.0));
        assert_eq!(discrimination(&judged(&[(0.9, false), (0.1, true)])), Some(0.0));
        assert_eq!(discrimination(&judged(&[(0.5, false), (0.5, true)])), Some(0.5));
        assert_eq!(discrimination(&judged(&[(0.5, true)])), None);
    }

    #[test]
    fn probabilities_that_hold_are_not_off() {
        let sure = judged(&[(1.0, true), (0.0, false)]);
        assert_eq!(brier(&sure), 0.0);
        assert_eq!(brier(&judged(&[(1.0, false)])), 1.0);
        let half: Vec<Judged> = (0..40).map(|at| Judged { score: 0.5, useful: at % 2 == 0 }).collect();
        assert!(error(&curve(&half)) < 1e-9);
        let [share, low, high] = wilson(8, 10);
        assert!((share, low > 0.49 && low < 0.5, high > 0.94 && high < 0.95) == (0.8, true, true));
    }
}
