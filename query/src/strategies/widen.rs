//! A question in other words: of what its best answers share, and of what means about the same.

use std::collections::HashSet;

use athena_schemas::Error;
use athena_schemas::wire::{Hit, Weights};
use schemars::JsonSchema;
use serde::Serialize;

use super::hits;
use crate::rank::expansion::{self, Said};
use crate::search::{How, OneSearch};
use crate::strategies::merged;
use crate::text::{Asked, words};

/// Texts that a question is widened by, and words that it is widened with.
const TEXTS: usize = 10;
const WORDS: usize = 10;
/// Words of a text that are looked at.
const WORDS_OF_A_TEXT: usize = 300;
/// Words that mean about the same, for each word of a question.
const LIKE: usize = 2;
/// Characters of a passage that is searched with.
const PASSAGE_CHARS: usize = 2_000;
/// What the wider question's list counts beside the question's own.
const WIDER: f64 = 0.5;

/// What came of a question and its wider form.
pub struct Widened {
    pub hits: Vec<Hit>,
    /// Words that it was widened by, with their weights; none where a passage was given.
    pub words: Vec<(String, f64)>,
}

/// Searches for a question as it is, and for `passage`, what an answer may read like. Without one the question is
/// widened by what its best answers share: pseudo-relevance feedback.
///
/// # Errors
/// An index that cannot be read.
pub fn hyde(search: &OneSearch, passage: Option<&str>) -> Result<Widened, Error> {
    let limit = search.query.limit;
    let asked = search.text.ask(&search.query)?;
    if !asked.is_worded() {
        return Ok(Widened { hits: search.hits()?, words: Vec::new() });
    }
    let own = hits(search, &asked, search.ranked(&asked, limit)?)?;
    let (words, text) = match passage {
        Some(passage) => (Vec::new(), passage.chars().take(PASSAGE_CHARS).collect()),
        None => {
            let words = shared(&asked)?;
            let text = words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" ");
            (words, format!("{} {text}", asked.text()))
        }
    };
    if words.is_empty() && passage.is_none() {
        return Ok(Widened { hits: own, words });
    }
    let both = Weights { text: 1.0, vector: 1.0, ..Weights::default() };
    let how = How { weights: Some(both), ..How::default() };
    let wider = OneSearch { how: how.into(), ..search.about(&text, limit) }.hits()?;
    let hits = merged(vec![(1.0, own), (WIDER, wider)], limit).into_iter().map(|(hit, _)| hit).collect();
    Ok(Widened { hits, words })
}

/// Words that the best answers by words share and the question does not have.
pub fn shared(asked: &Asked) -> Result<Vec<(String, f64)>, Error> {
    let best = asked.by_words_at_most(TEXTS)?;
    let texts: Vec<(f64, Vec<Said>)> = best.iter().map(|one| (one.score, said(&one.hit.content))).collect();
    let own: HashSet<String> = words(asked.text()).into_iter().map(|word| word.term).collect();
    Ok(expansion::shared(&texts, &own, WORDS, |word| asked.telling(word))?)
}

fn said(text: &str) -> Vec<Said> {
    let plain = words(text).into_iter().filter(|word| !word.whole).take(WORDS_OF_A_TEXT);
    plain.map(|word| (word.term, text[word.span].to_owned())).collect()
}

/// A question in other words.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub struct Reformulation {
    /// The other question.
    pub query: String,
    /// `part` of what was asked, `synonym`s that texts here have, words `shared` by the best answers, a reference
    /// `resolved`, or `told` by a language model.
    pub kind: &'static str,
    /// The words that make the difference.
    pub words: Vec<String>,
}

/// Forms that somebody else told, as far as anything here has words of theirs.
///
/// # Errors
/// An index that cannot be read.
pub fn told(search: &OneSearch, forms: Vec<String>) -> Result<Vec<Reformulation>, Error> {
    let mut known = Vec::new();
    for query in forms {
        let one = search.about(&query, 1).query;
        let found = search.text.search(&one)?;
        known.extend((!found.is_empty()).then(|| Reformulation { query, kind: "told", words: Vec::new() }));
    }
    Ok(known)
}

/// Other words for a question: its parts, words of the same meaning that texts here have, and words that its best
/// answers share.
///
/// # Errors
/// An index that cannot be read.
pub fn reformulations(search: &OneSearch) -> Result<Vec<Reformulation>, Error> {
    let asked = search.text.ask(&search.query)?;
    let question = asked.text();
    let mut all: Vec<Reformulation> = expansion::parts(question)
        .into_iter()
        .map(|part| Reformulation { query: part, kind: "part", words: Vec::new() })
        .collect();
    let stem = |word: &str| words(word).into_iter().next().map(|word| word.term);
    let same = |one: &str, other: &str| stem(one) == stem(other);
    let like = search.vectors.like_words(&search.query.filter.scope, question, LIKE, same);
    for of in like.chunk_by(|one, other| one.of == other.of) {
        for one in of {
            let query = replaced(question, &one.of, &one.word);
            all.push(Reformulation { query, kind: "synonym", words: vec![one.word.clone()] });
        }
    }
    let shared: Vec<String> = shared(&asked)?.into_iter().map(|(word, _)| word).collect();
    if !shared.is_empty() {
        let query = format!("{question} {}", shared.join(" "));
        all.push(Reformulation { query, kind: "shared", words: shared });
    }
    Ok(all)
}

/// A text with another word in the place of one, however that is written.
fn replaced(text: &str, word: &str, other: &str) -> String {
    let swap = |written: &str| {
        let bare = written.trim_matches(|letter: char| !letter.is_alphanumeric());
        if bare.to_lowercase() == word { written.replacen(bare, other, 1) } else { written.to_owned() }
    };
    let swapped = text.split_whitespace().map(swap).collect::<Vec<_>>().join(" ");
    if swapped == text { format!("{text} {other}") } else { swapped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_takes_anothers_place() {
        assert_eq!(replaced("Where is the Car?", "car", "automobile"), "Where is the automobile?");
        assert_eq!(replaced("cars of Ann", "car", "truck"), "cars of Ann truck");
    }
}
