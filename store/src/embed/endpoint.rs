//! Any endpoint that answers as OpenAI's `/embeddings` does: Ollama, vLLM, llama.cpp, text-embeddings-inference.
//!
//! ```text
//! texts ─▶ pieces ─▶ known by their hash? ─ no ─▶ batches ─▶ POST {url}/embeddings ─▶ checked, normalised
//! ```

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::warn;

use super::known::Known;
use super::{Chunk, Model, StaticTable, normalize};
use crate::Cached;
use crate::remote::{Failure, Patience, Remote, RemoteOptions, Standing};

const PATH: &str = "embeddings";
/// What every model takes: if it is refused, the endpoint is at fault and not a text.
const HARMLESS: &str = "hello";
/// Numbers of the longest vector that is taken.
pub const MOST_DIMENSIONS: usize = 8_192;

#[derive(Debug, Clone)]
pub struct EndpointOptions {
    pub remote: RemoteOptions,
    /// The model's name there.
    pub name: String,
    /// Numbers that each of its vectors must have.
    pub dimensions: usize,
    /// Tokens of the longest piece of a text, by the built-in model's vocabulary.
    pub chunk_tokens: usize,
    /// Pieces of one request.
    pub batch: usize,
    pub patience: Patience,
    /// How long somebody who asks waits for the vector of a question.
    pub question_timeout: Duration,
    /// Bound on the vectors that are remembered.
    pub cache_bytes: usize,
}

/// A model behind an address.
#[derive(Debug)]
pub struct Endpoint {
    /// What tells its vectors from those of others.
    called: String,
    options: EndpointOptions,
    remote: Remote,
    known: Known,
    words: Arc<StaticTable>,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    index: Option<usize>,
    embedding: Vec<f32>,
}

impl Endpoint {
    /// # Errors
    /// An option that is none, by its name.
    pub fn new(options: EndpointOptions) -> crate::Result<Arc<Self>> {
        let wrong = |field: &str, message: &str| athena_schemas::Error::invalid(field, message);
        if options.name.is_empty() {
            return Err(wrong("name", "say which model the endpoint is asked for").into());
        }
        if !(1..=MOST_DIMENSIONS).contains(&options.dimensions) {
            let message = format!("say how many numbers a vector of {} has", options.name);
            return Err(wrong("dimensions", &message).into());
        }
        let remote = Remote::new(options.remote.clone())?;
        let called = format!("{}:{}", options.name, options.dimensions);
        let known = Known::new(options.dimensions, options.cache_bytes);
        Ok(Arc::new(Self { called, remote, known, words: StaticTable::built_in(), options }))
    }

    /// Whether it failed so often that it is left alone for now.
    pub fn is_down(&self) -> bool {
        self.remote.is_down()
    }

    /// Vectors of these pieces, in their order: those that are known, and those that it is asked for.
    async fn vectors(&self, pieces: &[&str]) -> Result<Vec<Arc<[f32]>>, Failure> {
        let mut looked = self.known.look(pieces);
        let missing = looked.missing.clone();
        let requests = missing.chunks(self.options.batch.max(1)).map(|batch| async move {
            let texts: Vec<&str> = batch.iter().map(|(_, piece)| *piece).collect();
            let vectors = self.batch(&texts, self.options.patience).await?;
            for ((key, _), vector) in batch.iter().zip(&vectors) {
                self.known.remember(*key, vector);
            }
            Ok::<_, Failure>((batch, vectors))
        });
        let requests: Vec<_> = requests.collect();
        let mut answers = stream::iter(requests).buffered(self.options.remote.concurrency.max(1));
        while let Some((batch, vectors)) = answers.try_next().await? {
            batch.iter().zip(vectors).for_each(|((key, _), vector)| looked.found(*key, vector));
        }
        Ok(looked.vectors())
    }

    /// Vectors of one request. What it refuses for a text of them is asked in halves, so that one text, which is
    /// found by its words then, stops no other.
    fn batch<'s>(
        &'s self,
        texts: &'s [&'s str],
        patience: Patience,
    ) -> BoxFuture<'s, Result<Vec<Arc<[f32]>>, Failure>> {
        async move {
            let refused = match self.ask(texts, patience).await {
                Err(failure) if failure.is_of_this_request() => failure,
                answer => return answer,
            };
            if let [text] = texts {
                if *text == HARMLESS {
                    return Err(refused);
                }
                self.batch(&[HARMLESS], patience).await?;
                warn!(model = self.called, bytes = text.len(), error = %refused, "text not embedded");
                return Ok(vec![self.known.nothing()]);
            }
            let (first, rest) = texts.split_at(texts.len() / 2);
            let mut vectors = self.batch(first, patience).await?;
            vectors.extend(self.batch(rest, patience).await?);
            Ok(vectors)
        }
        .boxed()
    }

    async fn ask(&self, texts: &[&str], patience: Patience) -> Result<Vec<Arc<[f32]>>, Failure> {
        let body = json!({"model": self.options.name, "input": texts, "encoding_format": "float"});
        let read = |answer: Value| read(answer, texts.len(), self.options.dimensions);
        self.remote.post(PATH, &body, patience, read).await
    }
}

/// The vectors of an answer, in the order of what was asked.
fn read(answer: Value, texts: usize, dimensions: usize) -> Result<Vec<Arc<[f32]>>, String> {
    let Answer { mut data } = serde_json::from_value(answer).map_err(|error| error.to_string())?;
    if data.len() != texts {
        return Err(format!("{} vectors for {texts} texts", data.len()));
    }
    if data.iter().all(|item| item.index.is_some()) {
        data.sort_by_key(|item| item.index);
    }
    let vector = |Item { embedding: mut vector, .. }: Item| {
        if vector.len() != dimensions {
            return Err(format!(
                "a vector of {} numbers, and [embed] dimensions is {dimensions}",
                vector.len()
            ));
        }
        if !vector.iter().all(|number| number.is_finite()) {
            return Err("a vector with what is no number".to_owned());
        }
        normalize(&mut vector);
        Ok(vector.into())
    };
    data.into_iter().map(vector).collect()
}

#[async_trait]
impl Model for Endpoint {
    fn name(&self) -> &str {
        &self.called
    }

    fn dimensions(&self) -> usize {
        self.options.dimensions
    }

    async fn embed(self: Arc<Self>, texts: Vec<String>) -> crate::Result<Vec<Vec<Chunk>>> {
        let pieces: Vec<Vec<&str>> =
            texts.iter().map(|text| self.words.pieces(text, self.options.chunk_tokens)).collect();
        let all: Vec<&str> = pieces.iter().flatten().copied().collect();
        let mut vectors = self.vectors(&all).await?.into_iter();
        let mut chunk = |piece: &&str| {
            vectors.next().map(|vector| Chunk { vector: vector.to_vec(), tokens: self.words.tokens(piece) })
        };
        Ok(pieces.iter().map(|pieces| pieces.iter().filter_map(&mut chunk).collect()).collect())
    }

    async fn question(self: Arc<Self>, text: String) -> crate::Result<Vec<f32>> {
        // A longer question is known by its beginning.
        let piece = self.words.pieces(&text, self.options.chunk_tokens).remove(0);
        let mut looked = self.known.look(&[piece]);
        for (key, _) in looked.missing.clone() {
            let vectors = self.ask(&[piece], Patience::once(self.options.question_timeout)).await?;
            self.known.remember(key, &vectors[0]);
            looked.found(key, vectors[0].clone());
        }
        Ok(looked.vectors()[0].to_vec())
    }

    fn forget(&self) {
        self.known.clear();
    }

    fn cached(&self) -> Option<Cached> {
        Some(self.known.cached())
    }

    fn standing(&self) -> Option<Standing> {
        Some(self.remote.standing())
    }
}

#[cfg(test)]
mod tests;
