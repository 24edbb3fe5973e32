//! Which of several, by features: multinomial logistic regression, fitted by stochastic gradients with a step
//! of its own for each weight (AdaGrad; Duchi, Hazan and Singer, 2011). Deterministic.

use multiversion::multiversion;
use serde::{Deserialize, Serialize};

/// What is known where a choice is made.
#[derive(Debug, Clone, Default)]
pub struct Example {
    /// (feature, value)
    pub sparse: Vec<(u32, f32)>,
    /// For each shared feature its value for each class.
    pub shared: Vec<Vec<f32>>,
    /// What was chosen.
    pub class: usize,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Softmax {
    classes: usize,
    shared: Vec<f32>,
    bias: Vec<f32>,
    /// One row a feature.
    weights: Vec<f32>,
}

const RATE: f32 = 0.05;
/// Pull of weights to nothing, at each step that uses them.
pub const PULL: f32 = 0.2;
const EPOCHS: usize = 24;
/// Multiplications that fitting may take; more data gets fewer epochs.
const WORK: usize = 4_000_000_000;

impl Softmax {
    /// Fits. The first shared feature is the one to lean on before anything is known.
    pub fn fit(examples: &[Example], features: usize, classes: usize, shared: usize, pull: f32) -> Self {
        let mut fitted = Self {
            classes,
            shared: (0..shared).map(|at| if at == 0 { 1.0 } else { 0.0 }).collect(),
            bias: vec![0.0; classes],
            weights: vec![0.0; features * classes],
        };
        let mut past = Past {
            shared: vec![1.0; shared],
            bias: vec![1.0; classes],
            weights: vec![1.0; features * classes],
        };
        let work: usize = examples.iter().map(|example| 2 * (example.sparse.len() + shared) * classes).sum();
        let epochs = EPOCHS.min(WORK / work.max(1)).max(2);
        // Sessions come one after the other: strides spread their examples over the epoch.
        let stride = stride(examples.len());
        for epoch in 0..epochs {
            for at in 0..examples.len() {
                fitted.learn(&examples[(at * stride + epoch) % examples.len()], &mut past, pull);
            }
        }
        fitted
    }

    fn learn(&mut self, example: &Example, past: &mut Past, pull: f32) {
        let mut error = self.odds(example);
        error[example.class] -= 1.0;
        for (at, error) in error.iter().enumerate() {
            step(&mut self.bias[at], &mut past.bias[at], *error);
        }
        for (number, values) in example.shared.iter().enumerate() {
            let gradient = values.iter().zip(&error).map(|(value, error)| value * error).sum();
            step(&mut self.shared[number], &mut past.shared[number], gradient);
        }
        for (feature, value) in &example.sparse {
            let row = *feature as usize * self.classes..(*feature as usize + 1) * self.classes;
            learn_row(&mut self.weights[row.clone()], &mut past.weights[row], &error, *value, pull);
        }
    }

    /// The odds of each class.
    pub fn odds(&self, example: &Example) -> Vec<f32> {
        let mut scores = self.bias.clone();
        for (weight, values) in self.shared.iter().zip(&example.shared) {
            scores.iter_mut().zip(values).for_each(|(score, value)| *score += weight * value);
        }
        for (feature, value) in &example.sparse {
            let row = &self.weights[*feature as usize * self.classes..(*feature as usize + 1) * self.classes];
            add_row(&mut scores, row, *value);
        }
        let most = scores.iter().copied().fold(f32::MIN, f32::max);
        scores.iter_mut().for_each(|score| *score = (*score - most).exp());
        let sum: f32 = scores.iter().sum();
        scores.iter_mut().for_each(|score| *score /= sum);
        scores
    }
}

#[inline(always)]
fn step(weight: &mut f32, past: &mut f32, gradient: f32) {
    *past += gradient * gradient;
    *weight -= RATE * gradient / past.sqrt();
}

/// A step for what a feature says of each class. Fitting spends its time here.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"))]
fn learn_row(weights: &mut [f32], past: &mut [f32], error: &[f32], value: f32, pull: f32) {
    for ((weight, past), error) in weights.iter_mut().zip(past).zip(error) {
        let gradient = value * error + pull * value * *weight;
        step(weight, past, gradient);
    }
}

#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"))]
fn add_row(scores: &mut [f32], row: &[f32], value: f32) {
    scores.iter_mut().zip(row).for_each(|(score, weight)| *score += value * weight);
}

/// Sums of squared gradients.
struct Past {
    shared: Vec<f32>,
    bias: Vec<f32>,
    weights: Vec<f32>,
}

/// A step that visits all of `n` places.
fn stride(n: usize) -> usize {
    let common = |mut a: usize, mut b: usize| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let near = (n as f64 * 0.618) as usize;
    (near.max(1)..).find(|stride| common(*stride, n.max(1)) == 1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_that_decides_is_found() {
        let example = |feature: u32, class| Example {
            sparse: vec![(feature, 1.0), (2, 1.0)],
            shared: vec![vec![0.0; 2]],
            class,
        };
        let examples: Vec<_> = (0..40).map(|at| example(at % 2, (at % 2) as usize)).collect();
        let fitted = Softmax::fit(&examples, 3, 2, 1, 0.001);
        assert!(fitted.odds(&examples[0])[0] > 0.9);
        assert!(fitted.odds(&examples[1])[1] > 0.9);
    }

    #[test]
    fn strides_visit_all() {
        for n in [1, 2, 7, 100, 577] {
            let mut seen: Vec<_> = (0..n).map(|at| at * stride(n) % n).collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..n).collect::<Vec<_>>());
        }
    }
}
