//! Reads the times of a question, and answers from then.

use std::cmp::Reverse;

use athena_schemas::wire::Hit;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::Serialize;

use crate::rank::times::{self, Anchor, Order, Span, Times};
use crate::search::OneSearch;
use crate::text::{Filter, TextQuery, words};

/// The share of an anchor's idf mass that what it names must have.
const SURE: f32 = 0.5;
/// Hits outside of the time that are told where nothing is within.
const OUTSIDE: usize = 3;
/// Hits among which the newest or oldest are looked for, for each that is wanted.
const ORDERED: usize = 2;

/// A time that a question measures by something, and what that was.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Anchored {
    /// As it was said.
    pub what: String,
    /// Id of what it was taken to be; null where nothing is sure enough.
    pub id: Option<String>,
    pub time: Option<Time>,
}

/// What was found, and which times were read.
pub struct Dated {
    pub hits: Vec<Hit>,
    pub spans: Vec<Span>,
    pub anchors: Vec<Anchored>,
    pub order: Option<Order>,
    /// Where nothing is within: the nearest in time of the best.
    pub outside: Vec<Hit>,
}

/// # Errors
/// An index that cannot be read.
pub fn temporal(search: &OneSearch, now: Time) -> Result<Dated, Error> {
    let Times { mut spans, anchors: said, order, rest } = times::read(&search.query.text, now);
    let mut anchors = Vec::new();
    for anchor in said {
        let found = measured_by(search, &anchor)?;
        spans.extend(found.as_ref().map(|hit| anchor.span(hit.time)));
        let (id, time) = found.map(|hit| (hit.id, hit.time)).unzip();
        anchors.push(Anchored { what: anchor.what, id, time });
    }
    let limit = search.query.limit;
    let drawn = if order.is_some() { limit.saturating_mul(ORDERED) } else { limit };
    let mut hits = within(search, &rest, &spans, drawn)?;
    match order {
        Some(Order::Newest) => hits.sort_by_key(|hit| Reverse(hit.time)),
        Some(Order::Oldest) => hits.sort_by_key(|hit| hit.time),
        None => {}
    }
    hits.truncate(limit);
    let outside = match hits.is_empty() && !spans.is_empty() {
        true => nearest(search, &rest, &spans)?,
        false => Vec::new(),
    };
    Ok(Dated { hits, spans, anchors, order, outside })
}

/// Hits within every one of the spans; where there is no such time, within any.
fn within(search: &OneSearch, rest: &str, spans: &[Span], limit: usize) -> Result<Vec<Hit>, Error> {
    let Filter { since, until, .. } = &search.query.filter;
    let all = spans.iter().fold((*since, *until), |(since, until), span| both((since, until), span));
    if is_some_time(all) {
        return of(search, rest, all, limit);
    }
    let mut lists = Vec::new();
    for span in spans {
        let one = both((*since, *until), span);
        if is_some_time(one) {
            lists.push((1.0, of(search, rest, one, limit)?));
        }
    }
    Ok(super::merged(lists, limit).into_iter().map(|(hit, _)| hit).collect())
}

type Bounds = (Option<Time>, Option<Time>);

fn both((since, until): Bounds, span: &Span) -> Bounds {
    let until = match (until, span.until) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    // Nothing is before everything.
    (since.max(span.from), until)
}

fn is_some_time((since, until): Bounds) -> bool {
    since.zip(until).is_none_or(|(since, until)| since < until)
}

/// Without words the newest of that time.
fn of(search: &OneSearch, rest: &str, (since, until): Bounds, limit: usize) -> Result<Vec<Hit>, Error> {
    let text = if words(rest).is_empty() { String::new() } else { rest.to_owned() };
    let filter = Filter { since, until, ..search.query.filter.clone() };
    let query = TextQuery { text, filter, limit, ..search.query.clone() };
    OneSearch { query, ..search.clone() }.hits()
}

/// Of the best at any time those that are nearest to the spans.
fn nearest(search: &OneSearch, rest: &str, spans: &[Span]) -> Result<Vec<Hit>, Error> {
    let Filter { since, until, .. } = search.query.filter;
    let mut best = of(search, rest, (since, until), search.query.limit)?;
    let gap = |hit: &Hit| {
        let at = hit.time.micros();
        let of = |span: &Span| {
            let early = span.from.map_or(0, |from| from.micros().saturating_sub(at));
            let late = span.until.map_or(0, |until| at.saturating_sub(until.micros()));
            early.max(late).max(0)
        };
        spans.iter().map(of).max().unwrap_or_default()
    };
    best.sort_by_key(gap);
    best.truncate(OUTSIDE);
    Ok(best)
}

/// What an anchor names: the best hit that has most of its words.
fn measured_by(search: &OneSearch, anchor: &Anchor) -> Result<Option<Hit>, Error> {
    let about = search.about(&anchor.what, 1);
    let asked = about.text.ask(&about.query)?;
    let (unknown, telling) = asked.unknown();
    let known: f32 = asked.terms().map(|(telling, _)| telling).sum();
    let mass = known + telling * unknown.len() as f32;
    let Some(best) = about.ranked(&asked, 1)?.pop() else { return Ok(None) };
    let scores = &best.shown.by_words.of_terms;
    let has: f32 =
        asked.terms().zip(scores).filter(|(_, score)| **score > 0.0).map(|((telling, _), _)| telling).sum();
    if mass == 0.0 || has < SURE * mass {
        return Ok(None);
    }
    Ok(Some(about.hit(&asked, best)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_narrow_each_other() {
        let at = |micros| Some(Time::from_micros(micros));
        let span = |from, until| Span { from, until, said: String::new() };
        assert_eq!(both((None, None), &span(at(3), None)), (at(3), None));
        assert_eq!(both((at(5), at(9)), &span(at(3), at(7))), (at(5), at(7)));
        assert!(!is_some_time((at(5), at(5))) && is_some_time((at(5), None)));
    }
}
