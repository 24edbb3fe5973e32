//! The vectors of texts seen lately, by the hash of the text: what agents write repeats itself, and what was done
//! before a failure is not done again.

use std::collections::HashMap;
use std::sync::Arc;

use athena_schemas::ids;
use parking_lot::Mutex;

use crate::remote::{Cache, Key};
use crate::{Cached, Lookups};

#[derive(Debug)]
pub struct Known {
    dimensions: usize,
    cache: Mutex<Cache<Arc<[f32]>>>,
    lookups: Lookups,
}

/// Some texts: which vectors are known, and which texts are to be embedded, each once.
pub struct Looked<'t> {
    keys: Vec<Key>,
    known: HashMap<Key, Arc<[f32]>>,
    pub missing: Vec<(Key, &'t str)>,
}

impl Known {
    pub fn new(dimensions: usize, bytes: usize) -> Self {
        Self { dimensions, cache: Mutex::new(Cache::new(bytes)), lookups: Lookups::default() }
    }

    /// Blank texts are known: they mean nothing.
    pub fn look<'t>(&self, texts: &[&'t str]) -> Looked<'t> {
        let keys: Vec<Key> = texts.iter().map(|text| ids::text(text)).collect();
        let mut looked = Looked { keys, known: HashMap::new(), missing: Vec::new() };
        let mut cache = self.cache.lock();
        for (key, text) in looked.keys.iter().zip(texts) {
            if looked.known.contains_key(key) {
                continue;
            }
            let blank = text.trim().is_empty().then(|| self.nothing());
            let is_blank = blank.is_some();
            let found = blank.or_else(|| cache.get(key));
            if !is_blank {
                self.lookups.note(found.is_some());
            }
            if found.is_none() {
                looked.missing.push((*key, text));
            }
            // What is missing stands here too, so that it is asked for once.
            looked.known.insert(*key, found.unwrap_or_else(|| self.nothing()));
        }
        looked
    }

    pub fn remember(&self, key: Key, vector: &Arc<[f32]>) {
        let bytes = size_of::<Key>() + size_of_val::<[f32]>(vector);
        self.cache.lock().insert(key, vector.clone(), bytes);
    }

    pub fn nothing(&self) -> Arc<[f32]> {
        vec![0.0; self.dimensions].into()
    }

    pub fn cached(&self) -> Cached {
        let cache = self.cache.lock();
        self.lookups.of(Some(cache.len()), Some(cache.kept_bytes()))
    }

    pub fn clear(&self) {
        self.cache.lock().clear();
    }
}

impl Looked<'_> {
    pub fn found(&mut self, key: Key, vector: Arc<[f32]>) {
        self.known.insert(key, vector);
    }

    /// The vectors, in the order of the texts.
    pub fn vectors(self) -> Vec<Arc<[f32]>> {
        self.keys.iter().map(|key| self.known[key].clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_embedded_once() {
        let known = Known::new(2, 1_000);
        let texts = ["one", "two", "one", " "];
        let mut looked = known.look(&texts);
        let missing: Vec<_> = looked.missing.iter().map(|(_, text)| *text).collect();
        assert_eq!(missing, ["one", "two"]);
        for (number, (key, _)) in looked.missing.clone().into_iter().enumerate() {
            let vector: Arc<[f32]> = vec![number as f32, 1.0].into();
            known.remember(key, &vector);
            looked.found(key, vector);
        }
        let vectors: Vec<Vec<f32>> = looked.vectors().iter().map(|vector| vector.to_vec()).collect();
        assert_eq!(vectors, [[0.0, 1.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]);
        assert!(known.look(&texts).missing.is_empty());
        known.clear();
        assert_eq!(known.look(&texts).missing.len(), 2);
    }
}
