//! An order by weights that a question gives, in place of the ranker. Pure.

use athena_schemas::wire::Weights;

/// One of what a candidate is weighed by.
type Part = fn(&Weighed) -> Option<f64>;

/// What candidates are weighed by.
#[derive(Debug, Clone, Copy, Default)]
pub struct Weighed {
    pub text: f64,
    /// `None` while it has no vector.
    pub vector: Option<f64>,
    pub graph: f64,
    /// Its time.
    pub recency: f64,
    pub importance: f64,
}

/// The score of each candidate: the mean, by the weights, of what it shows, each taken from 0 to 1 within the list.
pub fn scores(weights: &Weights, all: &[Weighed]) -> Vec<f64> {
    let columns: [(f64, Part); 5] = [
        (weights.text, |one| Some(one.text)),
        (weights.vector, |one| one.vector),
        (weights.graph, |one| Some(one.graph)),
        (weights.recency, |one| Some(one.recency)),
        (weights.importance, |one| Some(one.importance)),
    ];
    let sum: f64 = columns.iter().map(|(weight, _)| weight).sum();
    let mut scores = vec![0.0; all.len()];
    for (weight, value) in columns.into_iter().filter(|(weight, _)| *weight > 0.0) {
        let values: Vec<Option<f64>> = all.iter().map(value).collect();
        for (score, value) in scores.iter_mut().zip(normal(&values)) {
            *score += weight / sum * value;
        }
    }
    scores
}

/// From 0, the least of the list, to 1, the largest; what is not known is 0. Of equal ones each is 0: they tell
/// nothing apart.
pub fn normal(column: &[Option<f64>]) -> Vec<f64> {
    let known = column.iter().flatten().copied();
    let (least, largest) =
        known.fold((f64::MAX, f64::MIN), |(least, largest), value| (least.min(value), largest.max(value)));
    let span = largest - least;
    let taken =
        |value: &Option<f64>| value.filter(|_| span > 0.0).map_or(0.0, |value| (value - least) / span);
    column.iter().map(taken).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_weight_orders_by_its_own() {
        let all = [
            Weighed { text: 9.0, vector: None, graph: 0.0, recency: 1.0, importance: 0.5 },
            Weighed { text: 3.0, vector: Some(0.4), graph: 0.2, recency: 3.0, importance: 0.5 },
            Weighed { text: 0.0, vector: Some(0.9), graph: 0.1, recency: 2.0, importance: 0.5 },
        ];
        let by = |weights: Weights| scores(&weights, &all);
        assert_eq!(by(Weights { text: 2.0, ..Weights::default() }), [1.0, 1.0 / 3.0, 0.0]);
        assert_eq!(by(Weights { vector: 1.0, ..Weights::default() }), [0.0, 0.0, 1.0]);
        assert_eq!(by(Weights { graph: 1.0, ..Weights::default() }), [0.0, 1.0, 0.5]);
        assert_eq!(by(Weights { recency: 1.0, ..Weights::default() }), [0.0, 1.0, 0.5]);
        assert_eq!(by(Weights { importance: 1.0, ..Weights::default() }), [0.0; 3]);
        let both = by(Weights { text: 1.0, recency: 3.0, ..Weights::default() });
        assert!((both[1] - (0.25 / 3.0 + 0.75)).abs() < 1e-9);
        assert_eq!(scores(&Weights { text: 1.0, ..Weights::default() }, &[]), [0.0; 0]);
    }

    #[test]
    fn what_is_no_weight_is_refused() {
        let given = |text, vector| Weights { text, vector, ..Weights::default() }.check();
        assert!(given(0.0, 0.0).is_err() && given(-1.0, 2.0).is_err() && given(f64::NAN, 1.0).is_err());
        assert!(given(0.0, 2.0).is_ok());
    }
}
