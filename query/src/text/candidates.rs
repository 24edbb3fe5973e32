//! The best documents by BM25 alone, drawn from what the filter lets through.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::query::{BooleanQuery, BoostQuery, EnableScoring, Query, TermQuery, Weight, intersect_scorers};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Score, TERMINATED};

use super::Result;
use super::filter::{Passing, Sieve};
use super::terms::Scoring;
use super::view::{Segment, View};

/// A filter that lets through less than one in so many documents leads; else the terms lead, because
/// block-max pruning skips most of their documents.
const SPARSE: u32 = 8;

/// The `limit` documents of the highest scores, in no order.
pub fn best(view: &View, terms: &[Scoring], sieve: &Sieve, limit: usize) -> Result<Vec<DocAddress>> {
    let clause = |scoring: &Scoring| -> Box<dyn Query> {
        let query = TermQuery::new(scoring.term.clone(), IndexRecordOption::WithFreqs);
        match scoring.worth {
            1.0 => Box::new(query),
            worth => Box::new(BoostQuery::new(Box::new(query), worth)),
        }
    };
    let any = BooleanQuery::union(terms.iter().map(clause).collect());
    let weight = any.weight(EnableScoring::enabled_from_searcher(&view.searcher))?;
    let mut top = Top { limit, heap: BinaryHeap::with_capacity(limit + 1) };
    for (number, segment) in view.segments.iter().enumerate() {
        let passing = sieve.passing(segment)?;
        let address = |doc| DocAddress::new(number as u32, doc);
        match passing.estimate() < segment.reader.max_doc() / SPARSE {
            true => led_by_filter(segment, weight.as_ref(), passing, &mut top, address)?,
            false => led_by_terms(segment, weight.as_ref(), passing, &mut top, address)?,
        }
    }
    Ok(top.heap.into_iter().map(|Reverse(ranked)| ranked.address).collect())
}

fn led_by_filter(
    segment: &Segment,
    weight: &dyn Weight,
    passing: Passing,
    top: &mut Top,
    address: impl Fn(u32) -> DocAddress,
) -> Result<()> {
    let Passing { scorer, begin, end } = passing;
    let terms = weight.scorer(&segment.reader, 1.0)?;
    let filter = tantivy::query::ConstScorer::new(scorer, 0.0);
    let mut both = intersect_scorers(vec![Box::new(filter), terms], segment.reader.max_doc());
    let mut doc = if both.doc() < begin { both.seek(begin) } else { both.doc() };
    while doc < end && doc != TERMINATED {
        if segment.is_alive(doc) {
            top.offer(both.score(), address(doc));
        }
        doc = both.advance();
    }
    Ok(())
}

fn led_by_terms(
    segment: &Segment,
    weight: &dyn Weight,
    mut passing: Passing,
    top: &mut Top,
    address: impl Fn(u32) -> DocAddress,
) -> Result<()> {
    let threshold = top.threshold();
    weight.for_each_pruning(threshold, &segment.reader, &mut |doc, score| {
        if segment.is_alive(doc) && passing.has(doc) {
            top.offer(score, address(doc));
        }
        top.threshold()
    })?;
    Ok(())
}

/// The best so far, the worst of them on top.
struct Top {
    limit: usize,
    heap: BinaryHeap<Reverse<Ranked>>,
}

struct Ranked {
    score: Score,
    address: DocAddress,
}

impl Top {
    /// What a document must exceed to be among them.
    fn threshold(&self) -> Score {
        let worst = self.heap.peek().filter(|_| self.heap.len() >= self.limit);
        worst.map_or(Score::MIN, |Reverse(worst)| worst.score)
    }

    fn offer(&mut self, score: Score, address: DocAddress) {
        if score > self.threshold() {
            self.heap.push(Reverse(Ranked { score, address }));
            if self.heap.len() > self.limit {
                self.heap.pop();
            }
        }
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.score.total_cmp(&other.score).then_with(|| other.address.cmp(&self.address))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked {}
