//! Lists and counts: what a filter lets through, without a question.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use tantivy::DocAddress;

use super::Result;
use super::filter::Sieve;
use super::view::View;

/// Columns to count by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    Kind,
    Project,
    Session,
    Agent,
    Type,
    Tool,
    Outcome,
    /// A document counts for each of its tags.
    Tag,
}

/// A document's place in time: microseconds, and its position among those of the same time.
pub type Moment = (i64, u64);

/// The newest `limit` documents that pass, before `before`, newest first.
///
/// Segments are sorted by time, so each is read until it has nothing newer to give.
pub fn newest(
    view: &View,
    sieve: &Sieve,
    limit: usize,
    before: Option<Moment>,
) -> Result<Vec<(Moment, DocAddress)>> {
    let mut order: Vec<usize> = (0..view.segments.len()).collect();
    order.sort_by_key(|number| Reverse(view.segments[*number].time(0)));
    let mut newest: BinaryHeap<Reverse<(Moment, DocAddress)>> = BinaryHeap::new();
    for number in order {
        let segment = &view.segments[number];
        let mut passing = sieve.passing(segment)?;
        let from = before.map_or(0, |(micros, _)| segment.first_before(micros.saturating_add(1)));
        let mut next = passing.seek(from);
        while let Some(doc) = next {
            next = passing.next();
            let moment = (segment.time(doc), segment.position(doc));
            let oldest = newest.peek().filter(|_| newest.len() >= limit).map(|Reverse((moment, _))| *moment);
            if oldest.is_some_and(|oldest| moment.0 < oldest.0) {
                break;
            }
            let wanted = before.is_none_or(|before| moment < before) && oldest.is_none_or(|o| moment > o);
            if wanted && segment.is_alive(doc) {
                newest.push(Reverse((moment, DocAddress::new(number as u32, doc))));
                if newest.len() > limit {
                    newest.pop();
                }
            }
        }
    }
    Ok(newest.into_sorted_vec().into_iter().map(|Reverse(one)| one).collect())
}

/// The largest place in its session among those that pass.
pub fn largest_ordinal(view: &View, sieve: &Sieve) -> Result<Option<u64>> {
    let mut largest = None;
    for segment in &view.segments {
        let mut passing = sieve.passing(segment)?;
        let mut next = passing.seek(0);
        while let Some(doc) = next {
            largest = largest.max(segment.place(doc).map(|place| place.ordinal));
            next = passing.next();
        }
    }
    Ok(largest)
}

/// How many documents pass.
pub fn count(view: &View, sieve: &Sieve) -> Result<u64> {
    let mut count = 0;
    for segment in &view.segments {
        let mut passing = sieve.passing(segment)?;
        let mut next = passing.seek(0);
        while let Some(doc) = next {
            count += u64::from(segment.is_alive(doc));
            next = passing.next();
        }
    }
    Ok(count)
}

/// How many documents pass, by value; those without one are not counted. Most frequent first.
pub fn count_by(view: &View, sieve: &Sieve, group_by: GroupBy) -> Result<Vec<(String, u64)>> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for segment in &view.segments {
        let Some(column) = segment.reader.fast_fields().str(group_by.column())? else { continue };
        let mut ordinals = vec![0_u64; column.num_terms()];
        let mut passing = sieve.passing(segment)?;
        let mut next = passing.seek(0);
        while let Some(doc) = next {
            if segment.is_alive(doc) {
                column.term_ords(doc).for_each(|ordinal| ordinals[ordinal as usize] += 1);
            }
            next = passing.next();
        }
        let mut value = String::new();
        for (ordinal, count) in ordinals.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            column.ord_to_str(ordinal as u64, &mut value)?;
            *counts.entry(value.clone()).or_default() += count;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    Ok(counts)
}

impl GroupBy {
    const fn column(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Project => "project",
            Self::Session => "session",
            Self::Agent => "agent",
            Self::Type => "type",
            Self::Tool => "tool",
            Self::Outcome => "outcome",
            Self::Tag => "tag",
        }
    }
}
