//! From the words of a question to the terms that score, with what each is worth.

use std::collections::BTreeMap;

use athena_store::Scope;
use tantivy::query::{Bm25StatisticsProvider, Bm25Weight, FuzzyTermQuery, Occur, PhraseQuery, Query};
use tantivy::{Term, schema::Field};

use super::Result;
use super::fields::Fields;
use super::filter::{Filter, Sieve, one};
use super::parse::Question;
use super::view::View;
use super::words::{Word, words};

/// Terms of a question that are looked up; of longer questions the rarest.
const MOST_TERMS: usize = 32;
/// Words of a question that are looked at to find these.
const MOST_WORDS: usize = 512;
/// Terms that a misspelt word, or the beginning of one, may stand for.
const MOST_VARIANTS: usize = 4;
/// Of those, most frequent first, that are asked for in the scope.
const MOST_LOOKED_UP: usize = 64;
/// Words of a question for which similar ones are sought.
const MOST_MISSPELT: usize = 3;
/// Terms looked at behind the beginning of a word.
const MOST_COMPLETIONS: usize = 512;
/// Up to so many documents it is looked up whether a term's are in the scope; beyond, it is taken to be.
const RARE: u64 = 1000;

/// What a term is worth that stands for a word one letter, or two, away; or that a word begins.
const WORTH_AT_DISTANCE: [f32; 3] = [1.0, 0.6, 0.3];
const WORTH_OF_COMPLETION: f32 = 0.4;

/// A term to score by.
#[derive(Clone)]
pub struct Scoring {
    pub term: Term,
    /// Share of its score that counts.
    pub worth: f32,
    pub bm25: Bm25Weight,
    /// Its inverse document frequency, as BM25 has it.
    pub idf: f32,
    /// Whether it is a name, a path or has digits, rather than a word of prose.
    pub code: bool,
    /// The word of the question that it stands for, as it was written.
    pub said: String,
}

/// What a question is scored by.
pub struct Terms {
    pub known: Vec<Scoring>,
    /// Words of the question that nothing in the scope has, nor one like them.
    pub unknown: Vec<String>,
    /// How telling a word is that nothing has.
    pub idf_of_unknown: f32,
}

/// What was found of a term: what it is worth, whether it is a name, in how many documents it is, and for which word
/// it stands.
type Found = (f32, bool, u64, String);

/// The distinct terms of the question that occur, most telling first.
pub fn scoring(
    view: &View,
    fields: &Fields,
    question: &Question,
    scope: &Scope,
    prefix: bool,
) -> Result<Terms> {
    let text = question.words.iter().chain(&question.phrases).map(String::as_str).collect::<Vec<_>>();
    let text = text.join(" ");
    let mut wanted = words(&text);
    wanted.truncate(MOST_WORDS);
    let lookup = Lookup::new(view, fields, scope)?;
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    let mut unknown = Vec::new();
    let mut misspelt = 0;
    let last = wanted.last().filter(|_| prefix).cloned();
    for word in &wanted {
        if found.contains_key(&word.term) {
            continue;
        }
        let documents = lookup.documents(&word.term)?;
        let code = word.whole || word.term.bytes().any(|byte| byte.is_ascii_digit());
        let said = || text[word.span.clone()].to_owned();
        if documents > 0 {
            found.insert(word.term.clone(), (1.0, code, documents, said()));
            continue;
        }
        let mut similar = Vec::new();
        if misspelt < MOST_MISSPELT && lookup.may_be_misspelt(word) {
            misspelt += 1;
            similar = lookup.similar(word)?;
        }
        // The parts of a whole stand for it.
        if similar.is_empty() && !word.whole && !unknown.contains(&said()) {
            unknown.push(said());
        }
        for (term, distance, documents) in similar {
            let worth = WORTH_AT_DISTANCE[usize::from(distance)];
            found.entry(term).or_insert((worth, code, documents, said()));
        }
    }
    if let Some(last) = last.filter(|word| !word.whole) {
        for (term, documents) in lookup.completions(&last.term)? {
            let said = text[last.span.clone()].to_owned();
            found.entry(term).or_insert((WORTH_OF_COMPLETION, false, documents, said));
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(_, (_, _, documents, _))| *documents);
    found.truncate(MOST_TERMS);
    let idf = |documents: u64| {
        (1.0 + (lookup.all.saturating_sub(documents) as f32 + 0.5) / (documents as f32 + 0.5)).ln()
    };
    let scoring = |(term, (worth, code, documents, said)): (String, Found)| Scoring {
        term: Term::from_field_text(fields.text, &term),
        worth,
        code,
        said,
        idf: idf(documents),
        bm25: Bm25Weight::for_one_term_without_explain(documents, lookup.all, lookup.length),
    };
    let known = found.into_iter().map(scoring).collect();
    Ok(Terms { known, unknown, idf_of_unknown: idf(0) })
}

/// What the question's phrases demand and its exclusions forbid.
pub fn demands(fields: &Fields, question: &Question) -> Vec<(Occur, Box<dyn Query>)> {
    let must = question.phrases.iter().map(|phrase| (Occur::Must, phrase));
    let must_not = question.excluded.iter().map(|phrase| (Occur::MustNot, phrase));
    must.chain(must_not).filter_map(|(occur, text)| Some((occur, phrase(fields.text, text)?))).collect()
}

/// Documents that have the words of `text` in this order; `None` when it has none.
fn phrase(field: Field, text: &str) -> Option<Box<dyn Query>> {
    let parts = words(text).into_iter().filter(|word| !word.whole).take(MOST_TERMS);
    let mut terms: Vec<_> =
        parts.map(|word| (word.position, Term::from_field_text(field, &word.term))).collect();
    match terms.len() {
        0 => None,
        1 => Some(one(terms.remove(0).1)),
        _ => Some(Box::new(PhraseQuery::new_with_offset(terms))),
    }
}

/// Looks terms up as far as a scope may know of them.
struct Lookup<'v> {
    view: &'v View,
    text: Field,
    /// Documents of the index, and their mean length in terms.
    all: u64,
    length: f32,
    /// `None` when everything is in the scope.
    scope: Option<Sieve>,
}

impl<'v> Lookup<'v> {
    fn new(view: &'v View, fields: &Fields, scope: &Scope) -> Result<Self> {
        let all = view.searcher.total_num_docs()?.max(1);
        let length = view.searcher.total_num_tokens(fields.text)? as f32 / all as f32;
        let scope = match scope {
            Scope::All => None,
            Scope::Projects(_) => Some(Sieve::new(view, fields, &Filter::within(scope.clone()), Vec::new())?),
        };
        Ok(Self { view, text: fields.text, all, length: length.max(1.0), scope })
    }

    /// In how many documents a term is; 0 when the scope has none of them.
    fn documents(&self, term: &str) -> Result<u64> {
        let term = Term::from_field_text(self.text, term);
        let documents = self.view.searcher.doc_freq(&term)?;
        let known = documents == 0 || documents > RARE || self.is_in_scope(&term)?;
        Ok(if known { documents } else { 0 })
    }

    fn is_in_scope(&self, term: &Term) -> Result<bool> {
        let Some(scope) = &self.scope else { return Ok(true) };
        for segment in &self.view.segments {
            let option = tantivy::schema::IndexRecordOption::Basic;
            let Some(mut postings) = segment.text.read_postings(term, option)? else { continue };
            let mut passing = scope.passing(segment)?;
            let mut doc = tantivy::DocSet::doc(&postings);
            while doc != tantivy::TERMINATED {
                if passing.has(doc) && segment.is_alive(doc) {
                    return Ok(true);
                }
                doc = tantivy::DocSet::advance(&mut postings);
            }
        }
        Ok(false)
    }

    fn may_be_misspelt(&self, word: &Word) -> bool {
        distance(word) > 0 && word.term.bytes().all(|byte| byte.is_ascii_lowercase())
    }

    /// Terms a letter or two away, nearest and most frequent first. The first letter is taken to be right.
    fn similar(&self, word: &Word) -> Result<Vec<(String, u8, u64)>> {
        let query = Term::from_field_text(self.text, &word.term);
        for distance in 1..=distance(word) {
            let mut near: BTreeMap<String, u64> = BTreeMap::new();
            for segment in &self.view.segments {
                let automaton = FuzzyTermQuery::new(query.clone(), distance, true).automaton()?;
                let mut terms = segment.text.terms().search(automaton).into_stream()?;
                while let Some((term, info)) = terms.next() {
                    if term.first() == word.term.as_bytes().first()
                        && let Ok(term) = std::str::from_utf8(term)
                    {
                        *near.entry(term.to_owned()).or_default() += u64::from(info.doc_freq);
                    }
                }
            }
            let best = self.most_frequent(near)?;
            if !best.is_empty() {
                return Ok(best.into_iter().map(|(term, documents)| (term, distance, documents)).collect());
            }
        }
        Ok(Vec::new())
    }

    /// Terms that begin so, most frequent first.
    fn completions(&self, beginning: &str) -> Result<Vec<(String, u64)>> {
        let mut longer: BTreeMap<String, u64> = BTreeMap::new();
        for segment in &self.view.segments {
            let mut terms = segment.text.terms().range().gt(beginning).into_stream()?;
            let mut seen = 0;
            while let Some((term, info)) = terms.next() {
                seen += 1;
                if seen > MOST_COMPLETIONS || !term.starts_with(beginning.as_bytes()) {
                    break;
                }
                if let Ok(term) = std::str::from_utf8(term) {
                    *longer.entry(term.to_owned()).or_default() += u64::from(info.doc_freq);
                }
            }
        }
        self.most_frequent(longer)
    }

    /// The most frequent that the scope has.
    fn most_frequent(&self, terms: BTreeMap<String, u64>) -> Result<Vec<(String, u64)>> {
        let mut terms: Vec<_> = terms.into_iter().collect();
        terms.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        let mut best = Vec::new();
        for (term, documents) in terms.into_iter().take(MOST_LOOKED_UP) {
            if best.len() < MOST_VARIANTS && self.documents(&term)? > 0 {
                best.push((term, documents));
            }
        }
        Ok(best)
    }
}

/// How many letters a word of this length may be off.
fn distance(word: &Word) -> u8 {
    match word.span.len() {
        0..5 => 0,
        5..9 => 1,
        _ => 2,
    }
}
