//! What the next commit has: a few new documents become a segment here, anything else is the index writer's.
//!
//! An index writer makes its tables for a full share of memory whenever it is given a first document, and opens and looks
//! through every segment for whatever was removed. Most commits are one event, or one memory, new or in the place of the
//! one before: what is gone is hidden by the view, and the writer is told of many at once.

use std::collections::HashMap;

use tantivy::indexer::{AddOperation, IndexWriterOptions, LogMergePolicy, PreparedCommit, SegmentWriter};
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Index, IndexWriter, TantivyDocument, Term};

use super::Result;
use super::document::{Document, Key};
use super::fields::Fields;
use super::view::{Gone, View};

/// Documents of one commit up to which they are made a segment here.
const FEW: usize = 256;
/// Memory by which the tables of such a segment are sized at first; they grow.
const FEW_BYTES: usize = 256 << 10;
/// Documents that are gone up to which the view hides them.
const HIDDEN: usize = 64;

pub struct Writing {
    pub writer: IndexWriter,
    /// Session number → ordinal of its next event.
    pub ordinals: HashMap<u64, u64>,
    /// Documents that the writer does not have yet.
    few: Vec<(Key, TantivyDocument)>,
    /// Documents that the view still shows.
    gone: Vec<Gone>,
    /// Whether the writer has changes that the view does not show.
    ahead: bool,
}

impl Writing {
    /// # Errors
    /// When another writer has the index; I/O.
    pub fn new(index: &Index, memory_bytes: usize, threads: usize) -> Result<Self> {
        let threads = threads.clamp(1, 8);
        let memory = (memory_bytes / threads).clamp(15_000_000, u32::MAX as usize - 1_000_000);
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread(memory)
            .num_merge_threads(1)
            .build();
        let writer: IndexWriter = index.writer_with_options(options)?;
        writer.set_merge_policy(Box::new(merging()));
        // What a writer before this one left is not known.
        Ok(Self { writer, ordinals: HashMap::new(), few: Vec::new(), gone: Vec::new(), ahead: true })
    }

    /// Removes the document of this key, which is this term, if there is one; `next` takes its place, where one does.
    pub fn remove(&mut self, view: &View, key: &Key, term: Term, next: Option<&Document>) -> Result<()> {
        self.few.retain(|(few, _)| few != key);
        let shown = if self.ahead { Vec::new() } else { view.of_key(&term)? };
        // One that stands where the next will is told apart by nothing but the order in which the writer is told.
        if self.ahead || shown.iter().any(|one| next.is_some_and(|next| next.position == one.position)) {
            self.writer.delete_term(term);
            return self.hand_over();
        }
        self.gone.extend(shown);
        Ok(())
    }

    /// Adds a document whose key nothing else has any more.
    pub fn add(&mut self, key: Key, document: TantivyDocument) -> Result<()> {
        self.few.push((key, document));
        if self.ahead || self.few.len() > FEW { self.hand_over() } else { Ok(()) }
    }

    fn hand_over(&mut self) -> Result<()> {
        self.ahead = true;
        for (_, document) in self.few.drain(..) {
            self.writer.add_document(document)?;
        }
        Ok(())
    }

    /// What was staged, ready for a commit on top of `view`, and what the next view is to hide: nothing where the writer
    /// is told of it, as it is asked for or as there is much of it.
    pub fn prepare(
        &mut self,
        view: &View,
        fields: &Fields,
        tell: bool,
    ) -> Result<(PreparedCommit<'_>, Vec<Gone>)> {
        let mut gone: Vec<Gone> = view.gone.iter().cloned().chain(self.gone.drain(..)).collect();
        if tell || gone.len() > HIDDEN {
            for one in gone.drain(..) {
                self.writer.delete_query(one.query(fields))?;
            }
        }
        // A segment that is added may be asked for removals that no segment before it was asked for.
        match view.segments.is_empty() {
            true => self.hand_over()?,
            false => self.add_segment()?,
        }
        Ok((self.writer.prepare_commit()?, gone))
    }

    fn add_segment(&mut self) -> Result<()> {
        if self.few.is_empty() {
            return Ok(());
        }
        let segment = self.writer.new_segment();
        let mut fresh = SegmentWriter::for_segment(FEW_BYTES, segment.clone())?;
        for (_, document) in self.few.drain(..) {
            // Removals told what they are about by these, and there are none.
            fresh.add_document(AddOperation { opstamp: 0, document })?;
        }
        let documents = fresh.max_doc();
        fresh.finalize()?;
        let segment = segment.with_max_doc(documents);
        segment.meta().untrack_temp_docstore();
        Ok(self.writer.add_segment(segment.meta().clone())?)
    }

    /// Whether there may be anything that was staged and is not committed.
    pub fn has_staged(&self) -> bool {
        self.ahead || !self.few.is_empty() || !self.gone.is_empty()
    }

    /// The view shows all of it.
    pub fn committed(&mut self) {
        self.ahead = false;
    }
}

impl Gone {
    /// That version alone: one after it may stand there already.
    fn query(&self, fields: &Fields) -> Box<dyn Query> {
        let terms = [self.key.clone(), Term::from_field_u64(fields.position, self.position)];
        let queries =
            terms.map(|term| Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn Query>);
        Box::new(BooleanQuery::intersection(queries.into()))
    }
}

/// Many small commits: the smallest level is small, so that its merges are cheap.
pub fn merging() -> LogMergePolicy {
    let mut merging = LogMergePolicy::default();
    merging.set_min_layer_size(1_000);
    merging.set_min_num_segments(8);
    merging.set_del_docs_ratio_before_merge(0.3);
    merging
}
