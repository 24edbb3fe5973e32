//! The built-in model: a table with a vector for each token, made by `store/model/distil.py`.
//!
//! The vector of a text is the weighted sum of those of its tokens. Weights are smooth inverse
//! frequencies (Arora, Liang and Ma, 2017), a / (a + p), p being the share of a token among all: in plain
//! text when a vector is made to be kept, in the texts at hand when candidates are compared with a question.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use multiversion::multiversion;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::{DecoderWrapper, PostProcessorWrapper, TokenizerImpl};

use super::chunks::{self, MOST_CHUNKS};
use super::{Chunk, Model, aside};
use crate::Result;

static BYTES: &[u8] = include_bytes!("../../model/static.table");
const MAGIC: &[u8] = b"ATHENAV1";
/// Raised when the table is distilled anew: vectors of another are not compared.
const NAME: &str = "static-minilm-256-1";
/// Stands for what is no word of the vocabulary, nor made of its parts.
const UNKNOWN: &str = "[UNK]";

/// Tokens of the longest chunk.
const CHUNK_TOKENS: usize = 200;
/// What smooths the weights of tokens by their frequency in plain text.
const SMOOTHING: f32 = 1e-3;
/// Numbers of a vector that are summed together: they fit into the registers.
const BLOCK: usize = 64;

type Tokenizer =
    TokenizerImpl<WordPiece, BertNormalizer, BertPreTokenizer, PostProcessorWrapper, DecoderWrapper>;

/// A vector for each token of a vocabulary.
#[derive(Debug)]
pub struct StaticTable {
    dimensions: usize,
    /// Row by row, to be multiplied by the scale of the row.
    numbers: &'static [i8],
    scales: Vec<f32>,
    /// The length of each token's vector, and what it weighs in plain text.
    lengths: Vec<f32>,
    weights: Vec<f32>,
    tokenizer: Tokenizer,
    unknown: u32,
}

impl StaticTable {
    /// The table inside the binary.
    pub fn built_in() -> Arc<Self> {
        static TABLE: OnceLock<Arc<StaticTable>> = OnceLock::new();
        TABLE.get_or_init(|| Arc::new(Self::read(BYTES).expect("made by distil.py"))).clone()
    }

    /// `None` when the bytes are not such a table.
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (counts, rest) = rest.split_at_checked(8)?;
        let count = |at: usize| Some(u32::from_le_bytes(counts.get(at..at + 4)?.try_into().ok()?) as usize);
        let (tokens, dimensions) = (count(0)?, count(4)?);
        let floats = |bytes: &[u8]| -> Vec<f32> {
            bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect()
        };
        let (scales, rest) = rest.split_at_checked(tokens * 4)?;
        let (shares, rest) = rest.split_at_checked(tokens * 4)?;
        let (numbers, names) = rest.split_at_checked(tokens * dimensions)?;
        let numbers: &[i8] = bytemuck::cast_slice(numbers);
        let scales = floats(scales);
        let lengths = numbers.chunks_exact(dimensions).zip(&scales);
        let lengths = lengths.map(|(row, scale)| {
            let squares: i32 = row.iter().map(|number| i32::from(*number).pow(2)).sum();
            scale * (squares as f32).sqrt()
        });
        let lengths = lengths.collect();
        let names: Vec<&str> = std::str::from_utf8(names).ok()?.lines().collect();
        let vocabulary = names.iter().zip(0..).map(|(name, number): (_, u32)| ((*name).to_owned(), number));
        let wordpiece = WordPiece::builder()
            .vocab(vocabulary.collect::<ahash::AHashMap<_, _>>())
            .unk_token(UNKNOWN.to_owned())
            .build()
            .ok()?;
        let mut tokenizer = Tokenizer::new(wordpiece);
        tokenizer.with_normalizer(Some(BertNormalizer::new(true, true, None, true))).ok()?;
        tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
        let unknown = names.iter().position(|name| *name == UNKNOWN)?;
        (names.len() == tokens).then(|| Self {
            dimensions,
            numbers,
            lengths,
            weights: floats(shares).into_iter().map(|share| SMOOTHING / (SMOOTHING + share)).collect(),
            scales,
            tokenizer,
            unknown: unknown as u32,
        })
    }

    /// The tokens of a text; what is no word of the vocabulary, nor made of its parts, is left out.
    pub fn tokens(&self, text: &str) -> Vec<u16> {
        let encoding = self.tokenizer.encode_fast(text, false);
        // There is no text that this model refuses.
        let numbers = encoding.map_or_else(|_| Vec::new(), |encoding| encoding.get_ids().to_vec());
        let known = numbers.into_iter().filter(|number| *number != self.unknown);
        known.filter_map(|number| u16::try_from(number).ok()).collect()
    }

    /// The word that a token is; `None` of a part of a word.
    pub fn word(&self, token: u16) -> Option<String> {
        self.tokenizer.id_to_token(token.into()).filter(|word| word.chars().all(char::is_alphanumeric))
    }

    /// The parts of a text, of at most `most` tokens each.
    pub fn pieces<'t>(&self, text: &'t str, most: usize) -> Vec<&'t str> {
        match self.tokenizer.encode(text, false) {
            Ok(encoding) => chunks::pieces(text, encoding.get_offsets(), most),
            Err(_) => vec![text],
        }
    }

    fn chunks(&self, text: &str) -> Vec<Chunk> {
        let tokens = self.tokens(text);
        let chunk = |tokens: &[u16]| Chunk {
            vector: self.vector(tokens, |token| self.weight(token)),
            tokens: tokens.to_vec(),
        };
        if tokens.is_empty() {
            return vec![chunk(&tokens)];
        }
        // Words are weighed one by one, so nothing is lost at a cut: no overlap.
        let count = tokens.len().div_ceil(CHUNK_TOKENS);
        tokens.chunks(tokens.len().div_ceil(count)).take(MOST_CHUNKS).map(chunk).collect()
    }

    fn numbers_of(&self, token: usize) -> Option<&[i8]> {
        self.numbers.get(token * self.dimensions..(token + 1) * self.dimensions)
    }

    /// The vector of these tokens, each weighed: of length 1, or 0.
    pub fn vector(&self, tokens: &[u16], weight: impl Fn(u16) -> f32) -> Vec<f32> {
        let row = |token: &u16| {
            let numbers = self.numbers_of(usize::from(*token))?;
            Some((numbers, weight(*token) * self.scales[usize::from(*token)]))
        };
        let rows: Vec<(&[i8], f32)> = tokens.iter().filter_map(row).collect();
        let mut sum = vec![0.0; self.dimensions];
        add(&mut sum, &rows);
        normalize(&mut sum);
        sum
    }

    /// What a token weighs in plain text.
    pub fn weight(&self, token: u16) -> f32 {
        self.weights.get(usize::from(token)).copied().unwrap_or_default()
    }

    /// The share of a token among all in plain text.
    pub fn share(&self, token: u16) -> f32 {
        match self.weight(token) {
            weight if weight > 0.0 => SMOOTHING / weight - SMOOTHING,
            _ => 0.0,
        }
    }

    /// The cosine of two tokens.
    pub fn similarity(&self, one: u16, other: u16) -> f32 {
        let (Some(a), Some(b)) = (self.numbers_of(one.into()), self.numbers_of(other.into())) else {
            return 0.0;
        };
        let dot: i32 = dot(a, b);
        let (one, other) = (usize::from(one), usize::from(other));
        let lengths = self.lengths[one] * self.lengths[other];
        if lengths > 0.0 { dot as f32 * self.scales[one] * self.scales[other] / lengths } else { 0.0 }
    }
}

#[multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512vl+avx2+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"
))]
fn add(sum: &mut [f32], rows: &[(&[i8], f32)]) {
    // A block of sums stays in registers while all rows are added to it.
    let (blocks, rest) = sum.as_chunks_mut::<BLOCK>();
    let begun = blocks.len() * BLOCK;
    for (at, block) in blocks.iter_mut().enumerate() {
        let mut sums = *block;
        for (row, scale) in rows {
            let Some(numbers) = row[at * BLOCK..].first_chunk::<BLOCK>() else { continue };
            for lane in 0..BLOCK {
                sums[lane] += scale * f32::from(numbers[lane]);
            }
        }
        *block = sums;
    }
    for (row, scale) in rows {
        rest.iter_mut().zip(&row[begun..]).for_each(|(sum, number)| *sum += scale * f32::from(*number));
    }
}

#[multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512vl+avx2+bmi1+bmi2+lzcnt+popcnt",
    "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"
))]
fn dot(one: &[i8], other: &[i8]) -> i32 {
    one.iter().zip(other).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
}

/// Makes a vector's length 1, unless it is 0.
pub fn normalize(vector: &mut [f32]) {
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|number| *number /= length);
    }
}

#[async_trait]
impl Model for StaticTable {
    fn name(&self) -> &str {
        NAME
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    async fn embed(self: Arc<Self>, texts: Vec<String>) -> Result<Vec<Vec<Chunk>>> {
        aside(move || Ok(texts.iter().map(|text| self.chunks(text)).collect())).await
    }

    /// Takes microseconds.
    async fn question(self: Arc<Self>, text: String) -> Result<Vec<f32>> {
        Ok(self.vector(&self.tokens(&text), |token| self.weight(token)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cosine(one: &str, other: &str) -> f32 {
        let table = StaticTable::built_in();
        let vector = |text: &str| table.vector(&table.tokens(text), |token| table.weight(token));
        vector(one).iter().zip(vector(other)).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn what_means_the_same_is_nearer() {
        let question = "Which database do we use for orders?";
        let near = cosine(question, "orders are stored in PostgreSQL");
        let far = cosine(question, "the cat sleeps on the warm roof");
        assert!(near > far + 0.2, "{near} {far}");
        let table = StaticTable::built_in();
        let [car, automobile, banana] = ["car", "automobile", "banana"].map(|word| table.tokens(word)[0]);
        assert!(table.similarity(car, automobile) > table.similarity(car, banana) + 0.2);
        assert!((table.similarity(car, car) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn long_texts_are_cut_into_even_chunks() {
        let table = StaticTable::built_in();
        let texts = [String::new(), "one two three".into(), "word ".repeat(450), "word ".repeat(100_000)];
        let chunks = texts.map(|text| table.chunks(&text));
        let lengths: Vec<Vec<usize>> =
            chunks.iter().map(|chunks| chunks.iter().map(|chunk| chunk.tokens.len()).collect()).collect();
        assert_eq!(lengths[..3], [vec![0], vec![3], vec![150; 3]]);
        assert_eq!(lengths[3].len(), MOST_CHUNKS);
        assert!(chunks[0][0].vector.iter().all(|number| *number == 0.0));
        let length: f32 = chunks[1][0].vector.iter().map(|number| number * number).sum();
        assert!((length - 1.0).abs() < 1e-5 && chunks[1][0].vector.len() == table.dimensions());
        assert_eq!(table.pieces("Ünder the bridge, twice", 3), ["Ünder the bridge", ", twice"]);
    }
}
