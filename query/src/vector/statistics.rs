//! What is known of the texts of a project: their mean vector, and how frequent each token is. Pure.

use ahash::AHashMap;

/// Chunks and tokens that a project seems to have beside its own, of no direction and as frequent as in plain
/// text: what a handful of texts share tells nothing of them yet.
pub const PRIOR_CHUNKS: f32 = 16.0;
const PRIOR_TOKENS: f32 = 2_000.0;

/// How often a token stands in texts, and in how many of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Count {
    pub times: u64,
    pub chunks: u64,
}

#[derive(Debug, Clone)]
pub struct Statistics {
    pub chunks: u64,
    /// Of all vectors.
    sum: Vec<f32>,
    counts: AHashMap<u16, Count>,
    total: u64,
}

impl Statistics {
    pub fn new(dimensions: usize) -> Self {
        Self { chunks: 0, sum: vec![0.0; dimensions], counts: AHashMap::new(), total: 0 }
    }

    pub fn add(&mut self, vector: &[f32], tokens: &[u16]) {
        self.chunks += 1;
        self.sum.iter_mut().zip(vector).for_each(|(sum, number)| *sum += number);
        self.total += tokens.len() as u64;
        let mut distinct = tokens.to_vec();
        distinct.sort_unstable();
        for run in distinct.chunk_by(|one, other| one == other) {
            let count = self.counts.entry(run[0]).or_default();
            count.times += run.len() as u64;
            count.chunks += 1;
        }
    }

    /// Takes out what was added before.
    pub fn remove(&mut self, vector: &[f32], tokens: &[u16]) {
        self.chunks = self.chunks.saturating_sub(1);
        self.sum.iter_mut().zip(vector).for_each(|(sum, number)| *sum -= number);
        self.total = self.total.saturating_sub(tokens.len() as u64);
        let mut distinct = tokens.to_vec();
        distinct.sort_unstable();
        for run in distinct.chunk_by(|one, other| one == other) {
            if let Some(count) = self.counts.get_mut(&run[0]) {
                count.times = count.times.saturating_sub(run.len() as u64);
                count.chunks = count.chunks.saturating_sub(1);
            }
        }
        self.counts.retain(|_, count| count.times > 0);
    }

    /// Every token, and in how many chunks it is.
    pub fn tokens(&self) -> impl Iterator<Item = (u16, u64)> + '_ {
        self.counts.iter().map(|(token, count)| (*token, count.chunks))
    }

    pub fn mean(&self) -> Vec<f32> {
        let chunks = self.chunks as f32 + PRIOR_CHUNKS;
        self.sum.iter().map(|sum| sum / chunks).collect()
    }
}

/// The statistics of several projects, as if they were one.
pub struct Together<'s>(pub Vec<&'s Statistics>);

impl Together<'_> {
    fn count(&self, token: u16) -> Count {
        let mut all = Count::default();
        for count in self.0.iter().filter_map(|one| one.counts.get(&token)) {
            all.times += count.times;
            all.chunks += count.chunks;
        }
        all
    }

    /// The share of a token among all, which in plain text is `plain`.
    pub fn share(&self, token: u16, plain: f32) -> f32 {
        let total: u64 = self.0.iter().map(|one| one.total).sum();
        (self.count(token).times as f32 + PRIOR_TOKENS * plain) / (total as f32 + PRIOR_TOKENS)
    }

    /// How telling a token is: its inverse document frequency, as in BM25.
    pub fn idf(&self, token: u16) -> f32 {
        let chunks: u64 = self.0.iter().map(|one| one.chunks).sum();
        let with = self.count(token).chunks;
        (1.0 + (chunks.saturating_sub(with) as f32 + 0.5) / (with as f32 + 0.5)).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_out_was_never_there() {
        let mut one = Statistics::new(2);
        one.add(&[1.0, 0.0], &[7, 7, 8]);
        one.add(&[0.0, 1.0], &[7, 9]);
        one.remove(&[0.0, 1.0], &[7, 9]);
        assert_eq!((one.chunks, one.total, one.counts.len()), (1, 3, 2));
        assert_eq!((one.mean(), one.counts[&7].times), (vec![1.0 / 17.0, 0.0], 2));
    }

    #[test]
    fn projects_count_as_one() {
        let (mut one, mut other) = (Statistics::new(2), Statistics::new(2));
        one.add(&[1.0, 0.0], &[7, 7, 8]);
        other.add(&[0.0, 1.0], &[9]);
        other.add(&[0.0, 1.0], &[7]);
        assert_eq!(one.mean(), [1.0 / 17.0, 0.0]);
        let both = Together(vec![&one, &other]);
        assert_eq!(both.share(7, 0.6), 0.6 * (5.0 + 2_000.0) / 2_005.0);
        assert!(both.share(7, 0.001) > both.share(7, 0.0));
        assert!(both.idf(9) > both.idf(7) && both.idf(1) > both.idf(9));
    }
}
