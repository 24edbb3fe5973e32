//! The index at one commit, with what every question needs of its segments at hand.

use std::sync::Arc;

use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::InvertedIndexReader;
use tantivy::{DocAddress, DocId, Searcher, SegmentReader};

use super::Result;
use super::fields::{Fields, Place};
use super::traits::Traits;

pub struct View {
    pub searcher: Searcher,
    pub segments: Vec<Segment>,
}

/// A segment: documents numbered from 0, newest first.
pub struct Segment {
    pub reader: SegmentReader,
    pub text: Arc<InvertedIndexReader>,
    pub places: Arc<InvertedIndexReader>,
    pub positions: Arc<InvertedIndexReader>,
    pub agents: Option<StrColumn>,
    pub lengths: FieldNormReader,
    time: Column<i64>,
    position: Column<u64>,
    session_key: Column<u64>,
    ordinal: Column<u64>,
    traits: Column<u64>,
}

impl View {
    pub fn new(searcher: Searcher, fields: &Fields) -> Result<Self> {
        let segments = searcher.segment_readers().iter().map(|reader| Segment::new(reader.clone(), fields));
        Ok(Self { segments: segments.collect::<Result<_>>()?, searcher })
    }

    pub fn segment(&self, address: DocAddress) -> &Segment {
        &self.segments[address.segment_ord as usize]
    }
}

impl Segment {
    fn new(reader: SegmentReader, fields: &Fields) -> Result<Self> {
        let columns = reader.fast_fields();
        Ok(Self {
            time: columns.i64("time")?,
            position: columns.u64("position")?,
            session_key: columns.u64("session_key")?,
            ordinal: columns.u64("ordinal")?,
            traits: columns.u64("traits")?,
            agents: columns.str("agent")?,
            text: reader.inverted_index(fields.text)?,
            places: reader.inverted_index(fields.place)?,
            positions: reader.inverted_index(fields.position)?,
            lengths: reader.get_fieldnorms_reader(fields.text)?,
            reader,
        })
    }

    pub fn is_alive(&self, doc: DocId) -> bool {
        !self.reader.is_deleted(doc)
    }

    /// Microseconds.
    pub fn time(&self, doc: DocId) -> i64 {
        self.time.first(doc).unwrap_or_default()
    }

    pub fn position(&self, doc: DocId) -> u64 {
        self.position.first(doc).unwrap_or_default()
    }

    pub fn traits(&self, doc: DocId) -> Traits {
        Traits(self.traits.first(doc).unwrap_or_default())
    }

    pub fn place(&self, doc: DocId) -> Option<Place> {
        Some(Place { session: self.session_key.first(doc)?, ordinal: self.ordinal.first(doc)? })
    }

    /// Whether the document at a position can be here.
    pub fn may_hold(&self, position: u64) -> bool {
        (self.position.min_value()..=self.position.max_value()).contains(&position)
    }

    /// The living documents at most `reach` numbers from this one that are of the same session.
    pub fn around(&self, doc: DocId, reach: DocId) -> impl Iterator<Item = (Place, DocId)> + '_ {
        let session = self.session_key.first(doc);
        let all = doc.saturating_sub(reach)..doc.saturating_add(reach + 1).min(self.reader.max_doc());
        let same = move |other: &DocId| session.is_some() && self.session_key.first(*other) == session;
        let alive = all.filter(same).filter(|other| self.is_alive(*other));
        alive.filter_map(|other| Some((self.place(other)?, other)))
    }

    /// The first document that is older than `micros`: all before it are not.
    pub fn first_before(&self, micros: i64) -> DocId {
        let (mut low, mut high) = (0, self.reader.max_doc());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.time(middle) < micros {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        low
    }
}
