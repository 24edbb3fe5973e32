//! Which documents a question may see at all. Applied while candidates are drawn, never after.

use std::ops::Bound;

use athena_schemas::Time;
use athena_schemas::wire::Kind;
use athena_store::Scope;
use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, EnableScoring, Occur, Query, RangeQuery, Scorer, TermQuery, Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, TERMINATED, Term};

use super::Result;
use super::fields::{EVERYWHERE, Exact, Fields, SAID, SUPERSEDED, normal_path};
use super::parse::{Condition, Named};
use super::view::{Segment, View};

/// What documents must be. Everything but the scope may be left open.
#[derive(Debug, Clone)]
pub struct Filter {
    pub scope: Scope,
    /// One of these; any when empty.
    pub ids: Vec<String>,
    /// What came of one of these events; anything when empty.
    pub parents: Vec<String>,
    /// One of these; any when empty.
    pub kinds: Vec<Kind>,
    pub session: Option<String>,
    /// Of any session but this one.
    pub other_than: Option<String>,
    pub agent: Option<String>,
    pub event_type: Option<String>,
    pub tool: Option<String>,
    pub outcome: Option<String>,
    pub tag: Option<String>,
    /// A file that it touches, or a folder above one.
    pub path: Option<String>,
    /// From this time on.
    pub since: Option<Time>,
    /// Before this time.
    pub until: Option<Time>,
    /// Seen from one of these places, or from everywhere; any when `None`.
    pub seen_from: Option<Vec<String>>,
    /// What holds then, and nothing took the place of.
    pub holds_at: Option<Time>,
    /// What somebody said, only.
    pub said: bool,
}

impl Filter {
    pub fn within(scope: Scope) -> Self {
        Self {
            scope,
            ids: Vec::new(),
            parents: Vec::new(),
            kinds: Vec::new(),
            session: None,
            other_than: None,
            agent: None,
            event_type: None,
            tool: None,
            outcome: None,
            tag: None,
            path: None,
            since: None,
            until: None,
            seen_from: None,
            holds_at: None,
            said: false,
        }
    }

    /// Whether it asks for more than projects and kinds.
    pub fn is_narrow(&self) -> bool {
        let named =
            [&self.session, &self.agent, &self.event_type, &self.tool, &self.outcome, &self.tag, &self.path];
        let seen = self.seen_from.is_some() || self.holds_at.is_some();
        seen || named.iter().any(|value| value.is_some()) || self.since.is_some() || self.until.is_some()
    }

    fn clauses(&self, fields: &Fields) -> Vec<(Occur, Box<dyn Query>)> {
        let mut all: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        if let Scope::Projects(projects) = &self.scope {
            all.push((Occur::Must, any(fields, Exact::Project, projects.iter().map(String::as_str))));
        }
        for (what, values) in [(Exact::Id, &self.ids), (Exact::Parent, &self.parents)] {
            if !values.is_empty() {
                all.push((Occur::Must, any(fields, what, values.iter().map(String::as_str))));
            }
        }
        if !self.kinds.is_empty() {
            all.push((Occur::Must, any(fields, Exact::Kind, self.kinds.iter().map(|kind| kind.name()))));
        }
        // The folder that everything is in lets everything through.
        let path = self.path.as_deref().map(normal_path).filter(|path| !["", "."].contains(&path.as_str()));
        let exact = [
            (Exact::Session, &self.session),
            (Exact::Agent, &self.agent),
            (Exact::Type, &self.event_type),
            (Exact::Tool, &self.tool),
            (Exact::Outcome, &self.outcome),
            (Exact::Tag, &self.tag),
            (Exact::Path, &path),
        ];
        for (what, value) in exact {
            all.extend(value.as_deref().map(|value| (Occur::Must, any(fields, what, [value]))));
        }
        if let Some(session) = &self.other_than {
            all.push((Occur::MustNot, any(fields, Exact::Session, [session.as_str()])));
        }
        if let Some(places) = &self.seen_from {
            let places = places.iter().map(String::as_str).chain([EVERYWHERE]);
            all.push((Occur::Must, any(fields, Exact::SeenFrom, places)));
        }
        if let Some(at) = self.holds_at {
            let at = |field| Term::from_field_i64(field, at.micros());
            let ended = RangeQuery::new(Bound::Unbounded, Bound::Included(at(fields.valid_until)));
            let not_yet = RangeQuery::new(Bound::Excluded(at(fields.valid_from)), Bound::Unbounded);
            all.push((Occur::MustNot, any(fields, Exact::State, [SUPERSEDED])));
            all.push((Occur::MustNot, Box::new(ended)));
            all.push((Occur::MustNot, Box::new(not_yet)));
        }
        if self.said {
            all.push((Occur::Must, any(fields, Exact::State, [SAID])));
        }
        all
    }
}

/// Documents that have one of the values; none when there is no value.
fn any<'v>(fields: &Fields, what: Exact, values: impl IntoIterator<Item = &'v str>) -> Box<dyn Query> {
    let mut terms: Vec<Box<dyn Query>> =
        values.into_iter().map(|value| one(fields.exact(what, value))).collect();
    match terms.len() {
        0 => Box::new(EmptyQuery),
        1 => terms.remove(0),
        _ => Box::new(BooleanQuery::union(terms)),
    }
}

/// Documents that have the term.
pub fn one(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

impl Condition {
    pub fn query(&self, fields: &Fields) -> Box<dyn Query> {
        let path;
        let (what, value) = match self.field {
            Named::Type => (Exact::Type, &self.value),
            Named::Tool => (Exact::Tool, &self.value),
            Named::Tag => (Exact::Tag, &self.value),
            Named::Agent => (Exact::Agent, &self.value),
            Named::Outcome => (Exact::Outcome, &self.value),
            Named::Session => (Exact::Session, &self.value),
            Named::Kind => (Exact::Kind, &self.value),
            Named::Path => {
                path = normal_path(&self.value);
                (Exact::Path, &path)
            }
        };
        any(fields, what, [value.as_str()])
    }
}

/// A filter made ready for one view.
pub struct Sieve {
    weight: Box<dyn Weight>,
    since: Option<i64>,
    until: Option<i64>,
}

impl Sieve {
    /// `filter`, and what the question itself demands or excludes.
    pub fn new(
        view: &View,
        fields: &Fields,
        filter: &Filter,
        more: Vec<(Occur, Box<dyn Query>)>,
    ) -> Result<Self> {
        let mut clauses = filter.clauses(fields);
        clauses.extend(more);
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        let query: Box<dyn Query> = match clauses.len() {
            1 => clauses.remove(0).1,
            _ => Box::new(BooleanQuery::new(clauses)),
        };
        Ok(Self {
            weight: query.weight(EnableScoring::disabled_from_searcher(&view.searcher))?,
            since: filter.since.map(Time::micros),
            until: filter.until.map(Time::micros),
        })
    }

    pub fn passing(&self, segment: &Segment) -> Result<Passing> {
        let begin = self.until.map_or(0, |until| segment.first_before(until));
        let end = self.since.map_or(segment.reader.max_doc(), |since| segment.first_before(since));
        let scorer = self.weight.scorer(&segment.reader, 1.0)?;
        Ok(Passing { scorer, begin, end })
    }
}

/// The documents of a segment that pass, in order. Deleted ones are among them.
pub struct Passing {
    pub scorer: Box<dyn Scorer>,
    /// The stretch of the segment that is within the bounds in time: from `begin`, before `end`.
    pub begin: DocId,
    pub end: DocId,
}

impl Passing {
    /// How many there may be.
    pub fn estimate(&self) -> u32 {
        self.scorer.size_hint().min(self.end.saturating_sub(self.begin))
    }

    /// Whether `doc` passes. Ask in ascending order.
    pub fn has(&mut self, doc: DocId) -> bool {
        if !(self.begin..self.end).contains(&doc) {
            return false;
        }
        if self.scorer.doc() < doc {
            self.scorer.seek(doc);
        }
        self.scorer.doc() == doc
    }

    /// The first at or after `from`.
    pub fn seek(&mut self, from: DocId) -> Option<DocId> {
        let from = from.max(self.begin);
        let doc = if self.scorer.doc() < from { self.scorer.seek(from) } else { self.scorer.doc() };
        self.bounded(doc)
    }

    pub fn next(&mut self) -> Option<DocId> {
        let doc = self.scorer.advance();
        self.bounded(doc)
    }

    fn bounded(&self, doc: DocId) -> Option<DocId> {
        (doc < self.end && doc != TERMINATED).then_some(doc)
    }
}
