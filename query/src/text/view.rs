//! The index at one commit, with what every question needs of its segments at hand.

use std::sync::Arc;

use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::InvertedIndexReader;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, Searcher, SegmentReader, TERMINATED, Term};

use super::Result;
use super::fields::{Fields, Place};
use super::traits::Traits;

pub struct View {
    pub searcher: Searcher,
    pub segments: Vec<Segment>,
    /// Documents that are hidden: they are gone, and the index is not told yet.
    pub gone: Vec<Gone>,
}

/// A version of a document that is gone, by the term of its key, which those after it have too, and its position.
#[derive(Debug, Clone)]
pub struct Gone {
    pub key: Term,
    pub position: u64,
}

/// A segment: documents numbered from 0, newest first.
pub struct Segment {
    pub reader: SegmentReader,
    pub text: Arc<InvertedIndexReader>,
    pub places: Arc<InvertedIndexReader>,
    pub positions: Arc<InvertedIndexReader>,
    pub agents: Option<StrColumn>,
    pub lengths: FieldNormReader,
    keys: Arc<InvertedIndexReader>,
    /// In order.
    hidden: Vec<DocId>,
    time: Column<i64>,
    position: Column<u64>,
    session_key: Column<u64>,
    ordinal: Column<u64>,
    traits: Column<u64>,
}

impl View {
    /// What the index shows now without what is `gone`: of that, what `before` hid is hidden in the same segments.
    pub fn new(searcher: Searcher, fields: &Fields, gone: Vec<Gone>, before: Option<&Self>) -> Result<Self> {
        let before = before.filter(|before| !before.gone.is_empty() && before.gone.len() <= gone.len());
        let segment = |reader: &SegmentReader| {
            let mut segment = Segment::new(reader.clone(), fields)?;
            let same = before.and_then(|before| {
                let found = before.segments.iter().find(|one| one.reader.segment_id() == reader.segment_id());
                Some((found?.hidden.clone(), before.gone.len()))
            });
            let (hidden, known) = same.unwrap_or_default();
            segment.hidden = hidden;
            segment.hide(&gone[known..])?;
            Ok(segment)
        };
        let segments = searcher.segment_readers().iter().map(segment).collect::<Result<_>>()?;
        Ok(Self { searcher, segments, gone })
    }

    /// The documents of a key that are shown, for whoever makes them gone.
    pub fn of_key(&self, key: &Term) -> Result<Vec<Gone>> {
        let mut found = Vec::new();
        for segment in &self.segments {
            let positions = segment.of_key(key)?.into_iter().map(|doc| segment.position(doc));
            found.extend(positions.map(|position| Gone { key: key.clone(), position }));
        }
        Ok(found)
    }

    /// How many documents are shown.
    pub fn documents(&self) -> u64 {
        let hidden: usize = self.segments.iter().map(|segment| segment.hidden.len()).sum();
        self.searcher.num_docs() - hidden as u64
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
            keys: reader.inverted_index(fields.key)?,
            hidden: Vec::new(),
            reader,
        })
    }

    pub fn is_alive(&self, doc: DocId) -> bool {
        !self.reader.is_deleted(doc) && (self.hidden.is_empty() || self.hidden.binary_search(&doc).is_err())
    }

    /// The living documents of a key.
    fn of_key(&self, key: &Term) -> Result<Vec<DocId>> {
        let mut found = Vec::new();
        let Some(mut postings) = self.keys.read_postings(key, IndexRecordOption::Basic)? else {
            return Ok(found);
        };
        while postings.doc() != TERMINATED {
            found.extend(Some(postings.doc()).filter(|doc| self.is_alive(*doc)));
            postings.advance();
        }
        Ok(found)
    }

    fn hide(&mut self, gone: &[Gone]) -> Result<()> {
        for one in gone {
            let mut versions = self.of_key(&one.key)?;
            versions.retain(|doc| self.position(*doc) == one.position);
            self.hidden.extend(versions);
            self.hidden.sort_unstable();
        }
        Ok(())
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
