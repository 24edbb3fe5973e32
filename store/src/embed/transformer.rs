//! A transformer from a local folder, computed here by candle: BERT and its small relatives, such as MiniLM.
//!
//! ```text
//! texts ─▶ pieces ─▶ ids, sorted by length ─▶ batches ─▶ BERT ─▶ pooled ─▶ normalised
//! ```
//!
//! The folder is as sentence-transformers writes it: `config.json`, `tokenizer.json`, `model.safetensors`, and
//! `1_Pooling/config.json` where the pooling is not the mean, and `config_sentence_transformers.json` where questions and
//! texts are told apart by words before them (its `prompts`).

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use candle_core::{DType, Device, IndexOp, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokenizers::Tokenizer;

use super::known::Known;
use super::{Chunk, Model, StaticTable, aside, chunks, normalize};
use crate::{Cached, Error, Result};

/// Tokens of a batch, those that fill it up included: bounds its memory (attention takes the square of a
/// text's length for each head).
const BATCH_TOKENS: usize = 4_096;
/// Tokens that stand before and after a text: `[CLS]` and `[SEP]`.
const AROUND: usize = 2;

/// How the vectors of tokens become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pooling {
    Mean,
    First,
}

#[derive(Debug, Deserialize)]
struct PoolingFile {
    #[serde(default)]
    pooling_mode_mean_tokens: bool,
    #[serde(default)]
    pooling_mode_cls_token: bool,
}

/// Words that stand before a question, and before a text that is searched.
#[derive(Debug, Default, PartialEq, Eq)]
struct Prompts {
    question: String,
    text: String,
}

#[derive(Debug, Deserialize)]
struct PromptsFile {
    #[serde(default)]
    prompts: HashMap<String, String>,
}

/// A model of a folder.
#[derive(Debug)]
pub struct Transformer {
    name: String,
    dimensions: usize,
    encoder: Encoder,
}

struct Encoder {
    bert: BertModel,
    tokenizer: Tokenizer,
    pooling: Pooling,
    prompts: Prompts,
    /// Tokens of the longest piece.
    most: usize,
    words: Arc<StaticTable>,
    known: Known,
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("pooling", &self.pooling).field("most", &self.most).finish()
    }
}

impl Transformer {
    /// Reads a folder; texts are cut into pieces of `chunk_tokens` tokens, or fewer where the model takes fewer, and
    /// `cache_bytes` of vectors are remembered. Blocks for the time of reading the weights.
    ///
    /// # Errors
    /// Files that are missing, or of no model that is known here.
    pub fn open(folder: &Path, chunk_tokens: usize, cache_bytes: usize) -> Result<Arc<Self>> {
        let config: Config = json(&folder.join("config.json"))?;
        if let Some(other) = config.model_type.as_deref().filter(|kind| *kind != "bert") {
            return Err(Error::Model(format!("{}: a {other}; only bert is known", folder.display())));
        }
        let (pooling, prompts) = (pooling(folder)?, prompts(folder)?);
        let mut tokenizer = Tokenizer::from_file(folder.join("tokenizer.json"))
            .map_err(|error| Error::Model(format!("{}/tokenizer.json: {error}", folder.display())))?;
        tokenizer
            .with_padding(None)
            .with_truncation(None)
            .map_err(|error| Error::Model(error.to_string()))?;
        let length = |prompt: &str| tokenizer.encode(prompt, false).map_or(0, |one| one.len());
        let before = length(&prompts.question).max(length(&prompts.text));
        let room = config.max_position_embeddings.saturating_sub(AROUND + before);
        let weights = bytes(&folder.join("model.safetensors"))?;
        let name = name(folder, &weights, &prompts);
        let variables = VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu);
        let bert = variables.and_then(|variables| BertModel::load(variables, &config));
        let encoder = Encoder {
            bert: bert.map_err(|error| Error::Model(format!("{}: {error}", folder.display())))?,
            tokenizer,
            pooling,
            prompts,
            most: chunk_tokens.clamp(1, room.max(1)),
            words: StaticTable::built_in(),
            known: Known::new(config.hidden_size, cache_bytes),
        };
        Ok(Arc::new(Self { name, dimensions: config.hidden_size, encoder }))
    }
}

#[async_trait]
impl Model for Transformer {
    fn name(&self) -> &str {
        &self.name
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    async fn embed(self: Arc<Self>, texts: Vec<String>) -> Result<Vec<Vec<Chunk>>> {
        aside(move || self.encoder.chunks(&texts)).await
    }

    async fn question(self: Arc<Self>, text: String) -> Result<Vec<f32>> {
        aside(move || {
            // A longer question is known by its beginning.
            let piece = self.encoder.pieces(&text)?.remove(0);
            Ok(self.encoder.vectors(&self.encoder.prompts.question, &[piece])?[0].to_vec())
        })
        .await
    }

    fn forget(&self) {
        self.encoder.known.clear();
    }

    fn cached(&self) -> Option<Cached> {
        Some(self.encoder.known.cached())
    }
}

impl Encoder {
    fn chunks(&self, texts: &[String]) -> Result<Vec<Vec<Chunk>>> {
        let pieces = texts.iter().map(|text| self.pieces(text)).collect::<Result<Vec<_>>>()?;
        let all: Vec<&str> = pieces.iter().flatten().copied().collect();
        let mut vectors = self.vectors(&self.prompts.text, &all)?.into_iter();
        let mut chunk = |piece: &&str| {
            vectors.next().map(|vector| Chunk { vector: vector.to_vec(), tokens: self.words.tokens(piece) })
        };
        Ok(pieces.iter().map(|pieces| pieces.iter().filter_map(&mut chunk).collect()).collect())
    }

    fn pieces<'t>(&self, text: &'t str) -> Result<Vec<&'t str>> {
        let encoding = self.tokenizer.encode(text, false).map_err(|error| Error::Model(error.to_string()))?;
        Ok(chunks::pieces(text, encoding.get_offsets(), self.most))
    }

    /// A vector for each piece with the prompt before it, in their order.
    fn vectors(&self, prompt: &str, pieces: &[&str]) -> Result<Vec<Arc<[f32]>>> {
        let prompted = pieces.iter().map(|piece| match prompt.is_empty() || piece.trim().is_empty() {
            true => Cow::Borrowed(*piece),
            false => Cow::Owned(format!("{prompt}{piece}")),
        });
        let prompted: Vec<Cow<'_, str>> = prompted.collect();
        let mut looked = self.known.look(&prompted.iter().map(AsRef::as_ref).collect::<Vec<_>>());
        let missing = looked.missing.clone();
        let texts: Vec<&str> = missing.iter().map(|(_, piece)| *piece).collect();
        let encoded = self.tokenizer.encode_batch_fast(texts, true);
        let encoded = encoded.map_err(|error| Error::Model(error.to_string()))?;
        let ids: Vec<&[u32]> = encoded.iter().map(|one| one.get_ids()).collect();
        for batch in batches(&ids.iter().map(|ids| ids.len()).collect::<Vec<_>>()) {
            let batch_ids: Vec<&[u32]> = batch.iter().map(|at| ids[*at]).collect();
            let computed = self.forward(&batch_ids).map_err(|error| Error::Model(error.to_string()))?;
            for (at, mut vector) in batch.into_iter().zip(computed) {
                normalize(&mut vector);
                let (key, vector) = (missing[at].0, Arc::from(vector));
                self.known.remember(key, &vector);
                looked.found(key, vector);
            }
        }
        Ok(looked.vectors())
    }

    fn forward(&self, batch: &[&[u32]]) -> candle_core::Result<Vec<Vec<f32>>> {
        let longest = batch.iter().map(|ids| ids.len()).max().unwrap_or(0).max(1);
        let filled = |of: &dyn Fn(u32) -> u32| -> candle_core::Result<Tensor> {
            let row = |ids: &&[u32]| {
                let ids: Vec<u32> = ids.iter().map(|id| of(*id)).collect();
                ids.into_iter().chain(std::iter::repeat(0)).take(longest).collect::<Vec<_>>()
            };
            let rows: Vec<u32> = batch.iter().flat_map(row).collect();
            Tensor::from_vec(rows, (batch.len(), longest), &Device::Cpu)
        };
        let (ids, mask) = (filled(&|id| id)?, filled(&|_| 1)?);
        let hidden = self.bert.forward(&ids, &ids.zeros_like()?, Some(&mask))?;
        let pooled = match self.pooling {
            Pooling::First => hidden.i((.., 0))?,
            Pooling::Mean => {
                let mask = mask.to_dtype(DType::F32)?.unsqueeze(2)?;
                let sum = hidden.broadcast_mul(&mask)?.sum(1)?;
                sum.broadcast_div(&mask.sum(1)?)?
            }
        };
        pooled.to_vec2()
    }
}

/// Which texts are computed together: those of like lengths, so that little is filled up.
fn batches(lengths: &[usize]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|at| lengths[*at]);
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for at in order {
        match batches.last_mut() {
            Some(batch) if (batch.len() + 1) * lengths[at] <= BATCH_TOKENS => batch.push(at),
            _ => batches.push(vec![at]),
        }
    }
    batches
}

fn pooling(folder: &Path) -> Result<Pooling> {
    let path = folder.join("1_Pooling/config.json");
    if !path.exists() {
        return Ok(Pooling::Mean);
    }
    let file: PoolingFile = json(&path)?;
    match (file.pooling_mode_mean_tokens, file.pooling_mode_cls_token) {
        (true, false) => Ok(Pooling::Mean),
        (false, true) => Ok(Pooling::First),
        _ => Err(Error::Model(format!("{}: neither the mean nor the first token", path.display()))),
    }
}

/// As sentence-transformers names them.
fn prompts(folder: &Path) -> Result<Prompts> {
    let path = folder.join("config_sentence_transformers.json");
    if !path.exists() {
        return Ok(Prompts::default());
    }
    let mut file: PromptsFile = json(&path)?;
    let mut named = |names: &[&str]| names.iter().find_map(|name| file.prompts.remove(*name));
    Ok(Prompts {
        question: named(&["query"]).unwrap_or_default(),
        text: named(&["document", "passage", "corpus"]).unwrap_or_default(),
    })
}

/// The folder's name, and what its weights are: two of the same name have vectors of their own. So have texts with other
/// words before them.
fn name(folder: &Path, weights: &[u8], prompts: &Prompts) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let called = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let of = blake3::Hasher::new().update(weights).update(prompts.text.as_bytes()).finalize();
    format!("{called}-{}", &of.to_hex()[..8])
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| Error::Model(format!("{}: {error}", path.display())))
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    serde_json::from_slice(&bytes(path)?)
        .map_err(|error| Error::Model(format!("{}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_like_lengths_are_computed_together() {
        let lengths = [3_000, 10, 2_000, 12, 11, 2_040];
        assert_eq!(batches(&lengths), [vec![1, 4, 3], vec![2, 5], vec![0]]);
        assert_eq!(batches(&[BATCH_TOKENS + 1, 1]), [vec![1], vec![0]]);
        assert!(batches(&[]).is_empty());
    }

    #[test]
    fn a_folder_that_holds_no_model_says_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let error = Transformer::open(folder.path(), 200, 0).unwrap_err().to_string();
        assert!(error.contains("config.json"), "{error}");
        std::fs::create_dir(folder.path().join("1_Pooling")).unwrap();
        let pooled = |text: &str| {
            std::fs::write(folder.path().join("1_Pooling/config.json"), text).unwrap();
            pooling(folder.path()).ok()
        };
        assert_eq!(pooled(r#"{"pooling_mode_mean_tokens": true}"#), Some(Pooling::Mean));
        assert_eq!(pooled(r#"{"pooling_mode_cls_token": true}"#), Some(Pooling::First));
        assert_eq!(pooled("{}"), None);
    }

    #[test]
    fn prompts_are_those_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let of = |text: &str| {
            std::fs::write(folder.path().join("config_sentence_transformers.json"), text).unwrap();
            prompts(folder.path()).unwrap()
        };
        let prompts = |question: &str, text: &str| Prompts { question: question.into(), text: text.into() };
        assert_eq!(of("{}"), Prompts::default());
        assert_eq!(of(r#"{"prompts": {"query": "query: "}}"#), prompts("query: ", ""));
        let both = of(r#"{"prompts": {"query": "query: ", "passage": "passage: ", "cluster": "c: "}}"#);
        assert_eq!(both, prompts("query: ", "passage: "));
        let plain = name(folder.path(), b"weights", &prompts("", ""));
        assert_eq!(
            plain,
            name(folder.path(), b"weights", &prompts("query: ", "")),
            "texts have the same vectors"
        );
        assert_ne!(plain, name(folder.path(), b"weights", &both));
    }
}
