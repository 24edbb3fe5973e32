//! One question through all stages.
//!
//! ```text
//! text ─▶ parse ─▶ terms ─┐
//! filter ─▶ sieve ────────┴▶ candidates ─▶ evidence (neighbours too) ─▶ score ─▶ hits
//! ```

use std::collections::BTreeMap;

use athena_schemas::wire::Hit;
use athena_store::Scope;
use tantivy::query::{Occur, Query};
use tantivy::schema::Value;
use tantivy::{DocAddress, TantivyDocument};

use super::document::Stored;
use super::evidence::gather;
use super::fields::Fields;
use super::filter::{Filter, Sieve};
use super::parse::{Question, parse};
use super::score::{Parts, parts};
use super::view::View;
use super::{Result, candidates, list, terms};

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
    /// Whether the content goes on in the table.
    pub cut: bool,
    /// The row's place in the log, packed.
    pub position: u64,
}

pub fn search(view: &View, fields: &Fields, query: &TextQuery) -> Result<Vec<TextHit>> {
    let mut question = parse(&query.text);
    let sieve = sieve(view, fields, &query.filter, &mut question)?;
    let terms = terms::scoring(view, fields, &question, &query.filter.scope, query.prefix)?;
    if terms.is_empty() {
        let asked = !question.words.is_empty() || !question.phrases.is_empty();
        let limit = if asked { 0 } else { query.limit };
        return hits_of(view, fields, list::newest(view, &sieve, limit, None)?);
    }
    let drawn = candidates::best(view, &terms, &sieve, DRAWN.max(DRAWN_FOR_EACH * query.limit))?;
    let seen = gather(view, fields, &terms, &sieve, drawn)?;
    let (addresses, evidence): (Vec<_>, Vec<_>) =
        seen.into_iter().map(|seen| (seen.address, seen.evidence)).unzip();
    let code: Vec<bool> = terms.iter().map(|term| term.code).collect();
    let mut ranked: Vec<_> = parts(&evidence, &code)
        .into_iter()
        .zip(addresses)
        .map(|(parts, address)| {
            let segment = view.segment(address);
            let newer = (segment.time(address.doc_id), segment.position(address.doc_id));
            (parts.total(), newer, address, parts)
        })
        .collect();
    ranked.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then_with(|| other.1.cmp(&one.1)));
    ranked.truncate(query.limit);
    ranked.into_iter().map(|(_, _, address, parts)| hit(view, fields, address, parts)).collect()
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
    let stored: Stored = serde_json::from_str(stored)
        .map_err(|error| super::Error::Damaged(format!("stored document: {error}")))?;
    let score = parts.total();
    let (hit, cut) = stored.hit(score);
    let named = [
        ("content", parts.content),
        ("code", parts.code),
        ("window", parts.window),
        ("session", parts.session),
    ];
    let position = view.segment(address).position(address.doc_id);
    Ok(TextHit { hit, score, parts: named.into(), cut, position })
}
