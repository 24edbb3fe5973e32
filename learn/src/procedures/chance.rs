//! How good a pattern chance alone finds: the best score of sessions without procedures, many times over.
//!
//! The best of many has the distribution of Gumbel (as of BLAST's scores: Karlin and Altschul, 1990). Its two
//! numbers are fitted to the best scores of surrogates; from them follows how many patterns of a score or
//! more chance is expected to find, and from that the false discovery rate (Benjamini and Hochberg, 1995).

/// Expected number of chance patterns by score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    place: f64,
    scale: f64,
}

/// Spread of chance's best scores, in nats, at least: what few surrogates show may be too even.
const SCALE: f64 = 1.5;
const EULER: f64 = 0.577_215_664_901_532_9;

impl Chance {
    /// From the best score of each surrogate, by their mean and spread.
    pub fn fit(best: &[f64]) -> Self {
        let n = best.len().max(1) as f64;
        let mean = best.iter().sum::<f64>() / n;
        let variance = best.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
        let scale = (6.0 * variance).sqrt() / std::f64::consts::PI;
        let scale = scale.max(SCALE);
        Self { place: mean - EULER * scale, scale }
    }

    /// How many patterns of that score or more chance finds.
    pub fn expected(&self, score: f64) -> f64 {
        (-(score - self.place) / self.scale).exp()
    }

    /// The score that chance reaches so many times.
    pub fn score(&self, expected: f64) -> f64 {
        self.place - self.scale * expected.ln()
    }

    /// For scores in falling order: how many of them hold at that false discovery rate.
    pub fn holding(&self, scores: &[f64], rate: f64) -> usize {
        let holds = |at: &usize| self.expected(scores[*at]) / (at + 1) as f64 <= rate;
        (0..scores.len()).rev().find(holds).map_or(0, |at| at + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_false_discoveries_among_many_true_ones() {
        let chance = Chance::fit(&[1.0, 3.0, 2.0, 4.0, 2.5, 3.5]);
        assert!(chance.expected(3.0) > 0.2 && chance.expected(3.0) < 2.0);
        assert!(chance.expected(30.0) < 1e-6);
        let lone = chance.holding(&[7.0], 0.02);
        let among = chance.holding(&[40.0, 40.0, 40.0, 40.0, 40.0, 40.0, 40.0, 40.0, 7.0], 0.02);
        assert_eq!((lone, among), (0, 9));
    }
}
