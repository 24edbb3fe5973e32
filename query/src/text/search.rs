//! One question through all stages.
//!
//! ```text
//! text ─▶ parse ─▶ terms ─┐
//! filter ─▶ sieve ────────┴▶ candidates ─▶ evidence (neighbours too) ─▶ score ─▶ hits
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use ahash::AHashSet;
use athena_schemas::wire::Hit;
use athena_store::Scope;
use roaring::RoaringTreemap;
use tantivy::query::{Occur, Query};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, DocSet, TERMINATED, TantivyDocument, Term};

use super::document::Stored;
use super::evidence::gather;
use super::fields::{Fields, Place};
use super::filter::{Filter, Sieve};
use super::parse::{Question, parse};
use super::score::{Parts, parts};
use super::terms::{Scoring, Terms};
use super::traits::Traits;
use super::view::View;
use super::{Result, candidates, list, speakers, terms};
use crate::at_once::each;

/// Candidates drawn for a question, at least; and for each hit wanted.
const DRAWN: usize = 100;
const DRAWN_FOR_EACH: usize = 2;

#[derive(Debug, Clone)]
pub struct TextQuery {
    /// As it was typed; see [`super::parse`] for what it may say. Without words: the newest first.
    pub text: String,
    pub filter: Filter,
    pub limit: usize,
    /// Whether the last word may be the beginning of one.
    pub prefix: bool,
}

#[derive(Debug, Clone)]
pub struct TextHit {
    /// Its `parts` are not filled in.
    pub hit: Hit,
    pub score: f64,
    /// What the score is the sum of: `content`, `code`, `window`, `session`.
    pub parts: BTreeMap<&'static str, f64>,
    /// Its name and aliases, and its tags.
    pub names: Vec<String>,
    pub tags: Vec<String>,
    /// Of the files that it touches the first ones.
    pub files: Vec<String>,
    /// Whether the content goes on in the table.
    pub cut: bool,
    /// The row's place in the log, packed.
    pub position: u64,
    /// Of an event of a session.
    pub place: Option<Place>,
}

/// A document that may answer, with what it says of the question.
#[derive(Debug, Clone)]
pub struct Candidate {
    address: DocAddress,
    /// The row's place in the log, packed.
    pub position: u64,
    /// Microseconds.
    pub time: i64,
    pub place: Option<Place>,
    /// Whether it was drawn itself, and not for standing beside what was.
    pub drawn: bool,
    /// Terms of its text.
    pub length: u32,
    /// The BM25 score of each of the question's terms.
    pub of_terms: Vec<f32>,
    pub parts: Parts,
    pub traits: Traits,
    /// Whether the question names who acted (1), or another (−1).
    pub speaker: f32,
}

#[cfg(test)]
impl Candidate {
    /// A document in a session with these scores by words.
    pub fn of(place: Place, of_terms: &[f32]) -> Self {
        let content = of_terms.iter().sum::<f32>().into();
        Self {
            address: DocAddress::new(0, 0),
            position: 0,
            time: 0,
            place: Some(place),
            drawn: true,
            length: 9,
            of_terms: of_terms.into(),
            parts: Parts { content, ..Parts::default() },
            traits: Traits::default(),
            speaker: 0.0,
        }
    }
}

/// A question made ready for one commit of the index.
pub struct Asked {
    pub(super) view: Arc<View>,
    pub(super) fields: Fields,
    pub(super) sieve: Sieve,
    narrow: bool,
    /// Whether it has words, known or not.
    worded: bool,
    text: String,
    terms: Vec<Scoring>,
    unknown: Vec<String>,
    idf_of_unknown: f32,
    limit: usize,
}

impl Asked {
    pub fn new(view: Arc<View>, fields: Fields, query: &TextQuery) -> Result<Self> {
        let mut question = parse(&query.text);
        let demands = !question.phrases.is_empty() || !question.excluded.is_empty();
        let narrow = query.filter.is_narrow() || demands || !question.conditions.is_empty();
        let sieve = sieve(&view, &fields, &query.filter, &mut question)?;
        let terms = terms::scoring(&view, &fields, &question, &query.filter.scope, query.prefix)?;
        let worded = !question.words.is_empty() || !question.phrases.is_empty();
        let text = question.plain();
        let Terms { known: terms, unknown, idf_of_unknown } = terms;
        let limit = query.limit;
        Ok(Self { sieve, narrow, worded, text, terms, unknown, idf_of_unknown, limit, view, fields })
    }

    /// The words that are looked for, without conditions and exclusions.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it asks anything: without words the newest are the answer.
    pub fn is_worded(&self) -> bool {
        self.worded
    }

    /// Of each term how telling it is, and whether it is a name.
    pub fn terms(&self) -> impl Iterator<Item = (f32, bool)> + '_ {
        self.terms.iter().map(|term| (term.worth * term.idf, term.code))
    }

    /// Of each term the word of the question that it stands for.
    pub fn said(&self) -> impl Iterator<Item = &str> + '_ {
        self.terms.iter().map(|term| term.said.as_str())
    }

    /// Words of the question that nothing has, and how telling each would be.
    pub fn unknown(&self) -> (&[String], f32) {
        (&self.unknown, self.idf_of_unknown)
    }

    /// How telling a word is; 0 of what is no word, or one that at most one document has.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn telling(&self, term: &str) -> Result<f32> {
        let searcher = &self.view.searcher;
        let documents = searcher.doc_freq(&Term::from_field_text(self.fields.text, term))?;
        let all = searcher.num_docs().max(1);
        Ok(if documents < 2 { 0.0 } else { (1.0 + all as f32 / documents as f32).ln() })
    }

    /// The positions that may be found, where more than projects and kinds is asked for.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn positions(&self) -> Result<Option<RoaringTreemap>> {
        if !self.narrow {
            return Ok(None);
        }
        let found = each(&self.view.segments, |segment| {
            let mut positions = RoaringTreemap::new();
            let mut passing = self.sieve.passing(segment)?;
            let mut next = passing.seek(0);
            while let Some(doc) = next {
                if segment.is_alive(doc) {
                    positions.insert(segment.position(doc));
                }
                next = passing.next();
            }
            Ok(positions)
        });
        let all = found.into_iter().reduce(|all, more| Ok(all? | more?));
        all.unwrap_or_else(|| Ok(RoaringTreemap::new())).map(Some)
    }

    /// The so many best by words, in no order.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn drawn(&self, limit: usize) -> Result<Vec<DocAddress>> {
        match self.terms.is_empty() || limit == 0 {
            true => Ok(Vec::new()),
            false => candidates::best(&self.view, &self.terms, &self.sieve, limit),
        }
    }

    /// What may answer: what was drawn by words, what stands at the positions `near`, and the turns beside these.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn candidates(&self, drawn: Vec<DocAddress>, near: &[u64]) -> Result<Vec<Candidate>> {
        let mut addresses = drawn;
        let known: AHashSet<DocAddress> = addresses.iter().copied().collect();
        addresses.extend(self.standing_at(near)?.into_iter().filter(|address| !known.contains(address)));
        let seen = gather(&self.view, &self.fields, &self.terms, &self.sieve, addresses)?;
        let (addresses, evidence): (Vec<_>, Vec<_>) =
            seen.into_iter().map(|seen| (seen.address, seen.evidence)).unzip();
        let code: Vec<bool> = self.terms.iter().map(|term| term.code).collect();
        let parts = parts(&evidence, &code);
        let mut speakers = speakers::Named::new(&self.view, &self.text)?;
        let candidate = |((address, evidence), parts): ((DocAddress, super::score::Evidence), Parts)| {
            let (segment, doc) = (self.view.segment(address), address.doc_id);
            Candidate {
                address,
                position: segment.position(doc),
                time: segment.time(doc),
                place: evidence.place,
                drawn: evidence.drawn,
                length: evidence.length,
                of_terms: evidence.of_terms,
                parts,
                traits: segment.traits(doc),
                speaker: speakers.of(&self.view, address),
            }
        };
        Ok(addresses.into_iter().zip(evidence).zip(parts).map(candidate).collect())
    }

    /// The living documents at these positions that the filter lets through.
    pub(super) fn standing_at(&self, positions: &[u64]) -> Result<Vec<DocAddress>> {
        let mut found = Vec::with_capacity(positions.len());
        for (number, segment) in self.view.segments.iter().enumerate() {
            let mut docs = Vec::new();
            for position in positions.iter().filter(|position| segment.may_hold(**position)) {
                let term = Term::from_field_u64(self.fields.position, *position);
                let option = IndexRecordOption::Basic;
                let Some(mut postings) = segment.positions.read_postings(&term, option)? else { continue };
                while postings.doc() != TERMINATED {
                    docs.push(postings.doc());
                    postings.advance();
                }
            }
            docs.sort_unstable();
            let mut passing = self.sieve.passing(segment)?;
            docs.retain(|doc| segment.is_alive(*doc) && passing.has(*doc));
            found.extend(docs.into_iter().map(|doc| DocAddress::new(number as u32, doc)));
        }
        Ok(found)
    }

    /// What stands at these positions and passes the filter, in their order.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn hits_at(&self, positions: &[u64]) -> Result<Vec<TextHit>> {
        let addresses = self.standing_at(positions)?;
        let place = |address: &DocAddress| {
            let position = self.view.segment(*address).position(address.doc_id);
            positions.iter().position(|one| *one == position)
        };
        let mut addresses: Vec<_> = addresses.into_iter().map(|address| (place(&address), address)).collect();
        addresses.sort_unstable();
        addresses
            .into_iter()
            .map(|(_, address)| hit(&self.view, &self.fields, address, Parts::default()))
            .collect()
    }

    /// The newest, for a question without words.
    pub fn newest(&self, limit: usize) -> Result<Vec<TextHit>> {
        hits_of(&self.view, &self.fields, list::newest(&self.view, &self.sieve, limit, None)?)
    }

    /// A candidate as it is shown.
    pub fn hit(&self, candidate: &Candidate) -> Result<TextHit> {
        hit(&self.view, &self.fields, candidate.address, candidate.parts)
    }

    /// The best by words alone.
    pub fn by_words(&self) -> Result<Vec<TextHit>> {
        self.by_words_at_most(self.limit)
    }

    /// As many of them as are asked for.
    pub fn by_words_at_most(&self, limit: usize) -> Result<Vec<TextHit>> {
        if !self.worded {
            return self.newest(limit);
        }
        let drawn = self.drawn(DRAWN.max(DRAWN_FOR_EACH * limit))?;
        let mut ranked = self.candidates(drawn, &[])?;
        let newer = |one: &Candidate| (one.time, one.position);
        ranked.sort_unstable_by(|one, other| {
            let better = other.parts.total().total_cmp(&one.parts.total());
            better.then_with(|| newer(other).cmp(&newer(one)))
        });
        ranked.truncate(limit);
        ranked.iter().map(|candidate| self.hit(candidate)).collect()
    }
}

/// The filter together with what the question demands of its own.
fn sieve(view: &View, fields: &Fields, filter: &Filter, question: &mut Question) -> Result<Sieve> {
    let mut demands = Vec::new();
    for condition in std::mem::take(&mut question.conditions) {
        let clause = condition.query(fields);
        if condition.negated {
            demands.push((Occur::MustNot, clause));
        } else if is_met(view, fields, &filter.scope, clause.box_clone())? {
            demands.push((Occur::Must, clause));
        } else {
            // A value that nothing in the scope has was not meant as one: `error: type:mismatch`.
            question.words.push(condition.words());
        }
    }
    demands.extend(terms::demands(fields, question));
    Sieve::new(view, fields, filter, demands)
}

fn is_met(view: &View, fields: &Fields, scope: &Scope, clause: Box<dyn Query>) -> Result<bool> {
    let sieve = Sieve::new(view, fields, &Filter::within(scope.clone()), vec![(Occur::Must, clause)])?;
    Ok(!list::newest(view, &sieve, 1, None)?.is_empty())
}

/// Hits without a question, in the order given.
pub fn hits_of(
    view: &View,
    fields: &Fields,
    documents: Vec<(list::Moment, DocAddress)>,
) -> Result<Vec<TextHit>> {
    let hit = |(_, address)| hit(view, fields, address, Parts::default());
    documents.into_iter().map(hit).collect()
}

fn hit(view: &View, fields: &Fields, address: DocAddress, parts: Parts) -> Result<TextHit> {
    let document: TantivyDocument = view.searcher.doc(address)?;
    let stored = document.get_first(fields.stored).and_then(|value| value.as_str()).unwrap_or_default();
    let mut stored: Stored = serde_json::from_str(stored)
        .map_err(|error| super::Error::Damaged(format!("stored document: {error}")))?;
    let score = parts.total();
    let [names, tags, files] = stored.about();
    let (hit, cut) = stored.hit(score);
    let segment = view.segment(address);
    let (position, place) = (segment.position(address.doc_id), segment.place(address.doc_id));
    Ok(TextHit { hit, score, parts: parts.named().into(), names, tags, files, cut, position, place })
}
