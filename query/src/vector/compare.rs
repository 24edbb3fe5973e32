//! How like a question candidates are, by the tokens of both.
//!
//! The vectors kept are weighed by how frequent tokens are in plain text, or come from another model; here
//! tokens weigh by how frequent they are in the texts at hand, so that what every text of a project speaks of
//! tells nothing. Tokens are the built-in model's, whatever the model in force: with another both are seen.

use std::io;
use std::ops::Range;

use ahash::AHashMap;
use athena_store::Scope;

use crate::at_once::at_once;

use super::index::{Centred, Question, Slots, VectorIndex};
use super::statistics::{PRIOR_CHUNKS, Together};

/// What smooths the weights of tokens by their frequency in the texts at hand.
const SMOOTHING: f32 = 2e-3;
/// Tokens of a question that are compared one by one, the most telling.
const MOST_TOKENS: usize = 24;
/// Numbers that a token can have.
const TOKENS: usize = 1 << 16;

/// How like a question a text is; each of its best chunk. From −1 to 1, `soft` from 0.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Likeness {
    /// Cosine by the model in force; 0 while it cannot be asked.
    pub general: f32,
    /// Cosine, by weights of the texts at hand, less the mean of the candidates.
    pub local: f32,
    /// How much of the question, by inverse document frequency, has a word in the text that is like it:
    /// the sum over its tokens of the square of the best cosine with a token of the text.
    pub soft: f32,
}

impl VectorIndex {
    /// The likeness of each row to the question; `None` where a row has no vector here yet.
    ///
    /// # Errors
    /// I/O.
    pub fn compare(
        &self,
        question: &Question,
        scope: &Scope,
        positions: &[u64],
    ) -> io::Result<Vec<Option<Likeness>>> {
        let slots = self.slots.read();
        let Chunks { chunks, texts, tokens } = Chunks::read(&slots, question, positions)?;
        let together = Together(slots.projects_in(scope).map(|project| &project.statistics).collect());

        // By token; 0 is not known yet, as none weighs nothing.
        let mut weights = vec![0.0_f32; TOKENS];
        for token in tokens.iter().chain(&question.tokens) {
            let weight = &mut weights[usize::from(*token)];
            if *weight == 0.0 {
                let share = together.share(*token, self.table.share(*token));
                *weight = SMOOTHING / (SMOOTHING + share);
            }
        }
        let vector = |tokens: &[u16]| self.table.vector(tokens, |token| weights[usize::from(token)]);
        let vectors = |chunks: &[Chunk]| -> Vec<Vec<f32>> {
            chunks.iter().map(|chunk| vector(&tokens[chunk.tokens.clone()])).collect()
        };
        let local = || {
            let (one, other) = chunks.split_at(chunks.len() / 2);
            let (mut local, others) = at_once(|| vectors(one), || vectors(other));
            local.extend(others);
            local
        };
        let soft = || -> Vec<f32> {
            let mut soft = Soft::new(self, question, &together);
            chunks.iter().map(|chunk| soft.of(&tokens[chunk.tokens.clone()])).collect()
        };
        let (local, soft) = at_once(local, soft);
        let local_question = Centred::new(&vector(&question.tokens), mean(&local));

        let likeness = |of: Range<usize>| {
            let of = chunks[of.clone()].iter().zip(&local[of.clone()]).zip(&soft[of]);
            let all = of.map(|((chunk, local), soft)| Likeness {
                general: chunk.general,
                local: local_question.cosine(local),
                soft: *soft,
            });
            all.reduce(|one, other| Likeness {
                general: one.general.max(other.general),
                local: one.local.max(other.local),
                soft: one.soft.max(other.soft),
            })
        };
        Ok(texts.into_iter().map(likeness).collect())
    }
}

#[derive(Clone, Default)]
struct Chunk {
    general: f32,
    tokens: Range<usize>,
}

/// The chunks of rows.
struct Chunks {
    chunks: Vec<Chunk>,
    /// Of each row which chunks are its.
    texts: Vec<Range<usize>>,
    /// Of all chunks.
    tokens: Vec<u16>,
}

impl Chunks {
    fn read(slots: &Slots, question: &Question, positions: &[u64]) -> io::Result<Self> {
        let (one, other) = positions.split_at(positions.len() / 2);
        let (one, other) =
            at_once(|| Self::read_some(slots, question, one), || Self::read_some(slots, question, other));
        Ok(one?.and(other?))
    }

    /// These, and then others.
    fn and(mut self, others: Self) -> Self {
        let (chunks, tokens) = (self.chunks.len(), self.tokens.len());
        let after = |range: Range<usize>, by: usize| range.start + by..range.end + by;
        self.texts.extend(others.texts.into_iter().map(|text| after(text, chunks)));
        let later = |chunk: Chunk| Chunk { tokens: after(chunk.tokens, tokens), ..chunk };
        self.chunks.extend(others.chunks.into_iter().map(later));
        self.tokens.extend(others.tokens);
        self
    }

    fn read_some(slots: &Slots, question: &Question, positions: &[u64]) -> io::Result<Self> {
        let mut all = Vec::with_capacity(positions.len());
        let mut texts = Vec::with_capacity(positions.len());
        for position in positions {
            let first = all.len();
            all.extend(slots.of(*position));
            texts.push(first..all.len());
        }
        let mut generals: AHashMap<u32, Option<Centred>> = AHashMap::new();
        let mut chunks = vec![Chunk::default(); all.len()];
        let mut tokens = Vec::new();
        let mut vector = Vec::new();
        slots.read(&all, |at, record| {
            let project = slots.all[all[at] as usize].project;
            let general = generals.entry(project).or_insert_with(|| {
                let statistics = &slots.by_project[project as usize].statistics;
                question.vector.as_ref().map(|vector| Centred::new(vector, statistics.mean()))
            });
            let general = general.as_ref().map_or(0.0, |general| {
                record.vector(&mut vector);
                general.cosine(&vector)
            });
            let first = tokens.len();
            tokens.extend(record.tokens());
            chunks[at] = Chunk { general, tokens: first..tokens.len() };
        })?;
        Ok(Self { chunks, texts, tokens })
    }
}

fn mean(vectors: &[Vec<f32>]) -> Vec<f32> {
    let mut sum = vec![0.0; vectors.first().map_or(0, Vec::len)];
    for vector in vectors {
        sum.iter_mut().zip(vector).for_each(|(sum, number)| *sum += number);
    }
    sum.iter_mut().for_each(|number| *number /= vectors.len() as f32 + PRIOR_CHUNKS);
    sum
}

/// Compares the tokens of a question with those of texts; each pair once.
struct Soft<'i> {
    index: &'i VectorIndex,
    /// Tokens of the question, and the share of each in what it is about.
    tokens: Vec<(u16, f32)>,
    /// For a token of a text where its squared cosines with each of the question's begin; 0 where not known yet.
    known: Vec<u32>,
    squares: Vec<f32>,
}

impl<'i> Soft<'i> {
    fn new(index: &'i VectorIndex, question: &Question, together: &Together<'_>) -> Self {
        let mut distinct = question.tokens.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let mut tokens: Vec<(u16, f32)> =
            distinct.into_iter().map(|token| (token, together.idf(token))).collect();
        tokens.sort_by(|one, other| other.1.total_cmp(&one.1));
        tokens.truncate(MOST_TOKENS);
        let all: f32 = tokens.iter().map(|(_, idf)| idf).sum();
        tokens.iter_mut().for_each(|(_, idf)| *idf /= all.max(f32::MIN_POSITIVE));
        Self { index, tokens, known: vec![0; TOKENS], squares: vec![0.0] }
    }

    fn of(&mut self, text: &[u16]) -> f32 {
        let mut best = vec![0.0_f32; self.tokens.len()];
        for token in text {
            let at = &mut self.known[usize::from(*token)];
            if *at == 0 {
                *at = self.squares.len() as u32;
                let cosine = |(own, _): &(u16, f32)| self.index.table.similarity(*own, *token).max(0.0);
                self.squares.extend(self.tokens.iter().map(|own| cosine(own).powi(2)));
            }
            let squares = &self.squares[*at as usize..];
            best.iter_mut().zip(squares).for_each(|(best, square)| *best = best.max(*square));
        }
        best.iter().zip(&self.tokens).map(|(best, (_, share))| best * share).sum()
    }
}
