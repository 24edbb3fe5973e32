//! The index in its directory: opened or begun anew, changed commit by commit, read at the newest.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use athena_schemas::wire::Kind;
use athena_store::Scope;
use parking_lot::{Mutex, RwLock};
use serde::{Deserialize, Serialize};
use tantivy::directory::INDEX_WRITER_LOCK;
use tantivy::indexer::NoMergePolicy;
use tantivy::{Directory, Index, IndexReader, ReloadPolicy};

use super::document::{Changes, Payload};
use super::evidence;
use super::fields::{self, Fields, Place};
use super::filter::{Filter, Sieve};
use super::layered::Layered;
use super::list::{self, GroupBy, Moment};
use super::search::{self, Asked, TextHit, TextQuery};
use super::view::View;
use super::writing::{Writing, merging};
use super::{Error, Result, words};

/// Sessions whose next ordinal is kept in memory between commits.
const SESSIONS_KEPT: usize = 100_000;
/// Places before an event at which the one before it is looked for: those between were forgotten.
const STRETCH: i64 = 16;

#[derive(Debug, Clone)]
pub struct TextOptions {
    /// For all threads together; at least 15 MB each.
    pub writer_memory_bytes: usize,
    pub threads: usize,
    /// Indexes up to this size have their checksums verified when opened.
    pub verify_bytes: u64,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { writer_memory_bytes: 64 << 20, threads: 1, verify_bytes: 1 << 30 }
    }
}

impl TextOptions {
    fn writing(&self, index: &Index) -> Result<Writing> {
        Writing::new(index, self.writer_memory_bytes, self.threads)
    }
}

/// How the index was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Opened {
    Ready {
        payload: Payload,
    },
    /// It is empty now: everything is to be applied again.
    Rebuilt {
        why: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statistics {
    pub documents: u64,
    pub segments: usize,
    pub bytes: u64,
}

/// The derived text index of a query node. Calls block; any thread may make them.
pub struct TextIndex {
    directory: PathBuf,
    layered: Layered,
    options: TextOptions,
    index: Index,
    fields: Fields,
    reader: IndexReader,
    committed: RwLock<Committed>,
    /// None after a failure: the next change opens a new one.
    writing: Mutex<Option<Writing>>,
}

/// What readers see, and up to where that goes.
#[derive(Clone)]
struct Committed {
    view: Arc<View>,
    payload: Arc<Payload>,
}

/// The payload as it stands in a commit.
#[derive(Serialize, Deserialize)]
struct Sealed {
    version: u32,
    #[serde(flatten)]
    payload: Payload,
}

impl TextIndex {
    /// Opens the index in `directory`, which is created if need be. An index that is damaged, or of
    /// another version, is removed and begun anew.
    ///
    /// # Errors
    /// `Held` when another process writes to it; I/O errors.
    pub fn open(directory: &Path, options: TextOptions) -> Result<(Self, Opened)> {
        std::fs::create_dir_all(directory)?;
        let layered = Layered::open(directory)?;
        let lock = layered
            .acquire_lock(&INDEX_WRITER_LOCK)
            .map_err(|_| Error::Held(directory.display().to_string()))?;
        let (layered, fields, index, opened) = match existing(directory, &layered, &options) {
            Ok((fields, index, payload)) => (layered, fields, index, Opened::Ready { payload }),
            Err(why) => {
                remove(directory, |_| true)?;
                for name in ["meta.json", ".managed.json"] {
                    let _ = std::fs::remove_file(directory.join(name));
                }
                let layered = Layered::open(directory)?;
                let (schema, fields) = fields::schema();
                let settings = fields::settings();
                let index = Index::create(layered.clone(), schema, settings)?;
                (layered, fields, index, Opened::Rebuilt { why })
            }
        };
        drop(lock);
        let (index, reader) = prepared(index)?;
        let payload = match &opened {
            Opened::Ready { payload } => payload.clone(),
            Opened::Rebuilt { .. } => Payload::default(),
        };
        let view = Arc::new(View::new(reader.searcher(), &fields, Vec::new(), None)?);
        let committed = Committed { view, payload: Arc::new(payload) };
        let writing = Mutex::new(Some(options.writing(&index)?));
        let this = Self {
            directory: directory.to_owned(),
            layered,
            options,
            index,
            fields,
            reader,
            committed: RwLock::new(committed),
            writing,
        };
        Ok((this, opened))
    }

    /// Makes `changes` and `payload` durable and visible in one commit.
    ///
    /// # Errors
    /// As `commit`.
    pub fn apply(&self, changes: Changes, payload: Payload) -> Result<()> {
        self.stage(changes)?;
        self.commit(payload)?;
        self.checkpoint()
    }

    /// Makes the newest commit durable.
    ///
    /// # Errors
    /// I/O; the checkpoint before stays, and readers see the newest commit all the same.
    pub fn checkpoint(&self) -> Result<()> {
        self.write(|writing| {
            // Of a step that did not come to its end: no commit is to have a part of it.
            writing.take_if(|writing| writing.has_staged());
            self.tell(writing)
        })?;
        Ok(self.layered.checkpoint()?)
    }

    /// Bytes that would be derived again after a crash.
    pub fn fresh_bytes(&self) -> usize {
        self.layered.fresh_bytes()
    }

    /// Takes changes for the next commit, which nobody sees before.
    ///
    /// # Errors
    /// Nothing of what was staged since the last commit is kept then.
    pub fn stage(&self, changes: Changes) -> Result<()> {
        self.write(|writing| self.stage_with(writing, changes))
    }

    /// Makes what was staged visible, and `payload` with it: durable with the next checkpoint.
    ///
    /// # Errors
    /// Nothing of it has happened then, as far as readers see; after a failure of the last step the next
    /// opening may find it done, with its payload.
    pub fn commit(&self, payload: Payload) -> Result<()> {
        self.write(|writing| self.commit_with(writing, payload, false))
    }

    /// Lets go of what was staged since the last commit.
    pub fn discard(&self) {
        *self.writing.lock() = None;
    }

    /// Writes anew every segment that still has what was removed, makes it durable, and then `payload` says so.
    ///
    /// # Errors
    /// As `commit`. It may be begun again.
    pub fn expunge(&self, payload: Payload) -> Result<()> {
        self.write(|writing| {
            // A merge that the policy began could take a segment away after it was chosen here.
            if let Some(writing) = writing.take() {
                writing.writer.wait_merging_threads()?;
            }
            writing
                .insert(self.options.writing(&self.index)?)
                .writer
                .set_merge_policy(Box::new(NoMergePolicy));
            self.tell(writing)?;
            let writer = &mut self.begun(writing)?.writer;
            for segment in self.index.searchable_segment_metas()? {
                if segment.num_deleted_docs() > 0 {
                    writer.merge(&[segment.id()]).wait()?;
                }
            }
            self.commit_with(writing, payload, false)
        })?;
        // Views that were taken before have let go of their files by now, or keep them without a name.
        self.write(|writing| {
            if let Some(Writing { writer, .. }) = writing {
                writer.garbage_collect_files().wait()?;
                writer.set_merge_policy(Box::new(merging()));
            }
            Ok(())
        })?;
        self.checkpoint()
    }

    /// The events of a session from a place on, at most so many, and the place of the next one.
    pub fn of_session(
        &self,
        project: &str,
        session: &str,
        from: u64,
        limit: usize,
    ) -> Result<(Vec<TextHit>, Option<u64>)> {
        let view = self.view();
        let filter = Filter {
            session: Some(session.to_owned()),
            ..Filter::within(Scope::Projects(vec![project.to_owned()]))
        };
        let sieve = Sieve::new(&view, &self.fields, &filter, Vec::new())?;
        let end = list::largest_ordinal(&view, &sieve)?.map_or(0, |last| last + 1);
        let session = Place::session(project, session);
        let mut found = Vec::new();
        for ordinal in from..end {
            let Some(address) = evidence::standing_at(&view, &self.fields, Place { session, ordinal })?
            else {
                // One that was forgotten.
                continue;
            };
            if found.len() == limit {
                return Ok((search::hits_of(&view, &self.fields, found)?, Some(ordinal)));
            }
            found.push(((0, 0), address));
        }
        Ok((search::hits_of(&view, &self.fields, found)?, None))
    }

    fn write(&self, step: impl FnOnce(&mut Option<Writing>) -> Result<()>) -> Result<()> {
        let mut writing = self.writing.lock();
        let done = step(&mut writing);
        if done.is_err() {
            *writing = None;
        }
        done
    }

    fn begun<'a>(&self, writing: &'a mut Option<Writing>) -> Result<&'a mut Writing> {
        Ok(match writing {
            Some(writing) => writing,
            none => none.insert(self.options.writing(&self.index)?),
        })
    }

    fn stage_with(&self, writing: &mut Option<Writing>, changes: Changes) -> Result<()> {
        let (view, writing) = (self.view(), self.begun(writing)?);
        for key in &changes.remove {
            writing.remove(&view, key, self.fields.key(key), None)?;
        }
        for document in changes.add {
            let key = document.key();
            let place = match (document.kind, &document.session) {
                (Kind::Event, Some(session)) => {
                    Some(self.place(&view, &mut writing.ordinals, &document.project, session)?)
                }
                (Kind::Event, None) => None,
                _ => {
                    writing.remove(&view, &key, self.fields.key(&key), Some(&document))?;
                    None
                }
            };
            writing.add(key, self.fields.document(document, place))?;
        }
        Ok(())
    }

    /// Tells the index what of it the view only hides.
    fn tell(&self, writing: &mut Option<Writing>) -> Result<()> {
        let Committed { view, payload } = self.committed.read().clone();
        if view.gone.is_empty() {
            return Ok(());
        }
        self.commit_with(writing, payload.as_ref().clone(), true)
    }

    fn commit_with(&self, writing: &mut Option<Writing>, payload: Payload, tell: bool) -> Result<()> {
        let (before, writing) = (self.view(), self.begun(writing)?);
        let sealed = Sealed { version: fields::VERSION, payload };
        let (mut prepared, gone) = writing.prepare(&before, &self.fields, tell)?;
        prepared.set_payload(&serde_json::to_string(&sealed).map_err(tantivy::TantivyError::from)?);
        prepared.commit()?;
        self.reader.reload()?;
        let view = Arc::new(View::new(self.reader.searcher(), &self.fields, gone, Some(&before))?);
        *self.committed.write() = Committed { view, payload: Arc::new(sealed.payload) };
        writing.committed();
        if writing.ordinals.len() > SESSIONS_KEPT {
            writing.ordinals.clear();
        }
        Ok(())
    }

    /// The place of the next event of a session. Ordinals follow the order of arrival.
    fn place(
        &self,
        view: &View,
        ordinals: &mut HashMap<u64, u64>,
        project: &str,
        session: &str,
    ) -> Result<Place> {
        let number = Place::session(project, session);
        let ordinal = match ordinals.get(&number) {
            Some(next) => *next,
            None => {
                let scope = Scope::Projects(vec![project.to_owned()]);
                let filter = Filter { session: Some(session.to_owned()), ..Filter::within(scope) };
                let sieve = Sieve::new(view, &self.fields, &filter, Vec::new())?;
                list::largest_ordinal(view, &sieve)?.map_or(0, |ordinal| ordinal + 1)
            }
        };
        ordinals.insert(number, ordinal + 1);
        Ok(Place { session: number, ordinal })
    }

    /// Up to where the answers of this moment go.
    pub fn payload(&self) -> Arc<Payload> {
        self.committed.read().payload.clone()
    }

    /// The best hits by words first.
    pub fn search(&self, query: &TextQuery) -> Result<Vec<TextHit>> {
        self.ask(query)?.by_words()
    }

    /// A question made ready for what is committed now.
    pub fn ask(&self, query: &TextQuery) -> Result<Asked> {
        Asked::new(self.view(), self.fields.clone(), query)
    }

    /// The newest first, before `before` (time in microseconds and position of the last one seen).
    pub fn list(&self, filter: &Filter, limit: usize, before: Option<Moment>) -> Result<Vec<TextHit>> {
        let view = self.view();
        let sieve = Sieve::new(&view, &self.fields, filter, Vec::new())?;
        search::hits_of(&view, &self.fields, list::newest(&view, &sieve, limit, before)?)
    }

    /// The events of a session that stand at these places, in order.
    pub fn stretch(&self, project: &str, session: &str, places: Range<u64>) -> Result<Vec<TextHit>> {
        let (view, session) = (self.view(), Place::session(project, session));
        let at = |ordinal| evidence::standing_at(&view, &self.fields, Place { session, ordinal });
        let found: Vec<_> = places.map(at).collect::<Result<_>>()?;
        let found = found.into_iter().flatten().map(|address| ((0, 0), address)).collect();
        search::hits_of(&view, &self.fields, found)
    }

    /// What stands before each of these places: the nearest event of the session that is there, of a bounded stretch.
    pub fn before(&self, places: &[Place]) -> Result<Vec<Option<TextHit>>> {
        let view = self.view();
        let before = |place: &Place| {
            for place in (1..=STRETCH).filter_map(|events| place.plus(-events)) {
                if let Some(address) = evidence::standing_at(&view, &self.fields, place)? {
                    return Ok(search::hits_of(&view, &self.fields, vec![((0, 0), address)])?.pop());
                }
            }
            Ok(None)
        };
        places.iter().map(before).collect()
    }

    pub fn count(&self, filter: &Filter) -> Result<u64> {
        let view = self.view();
        list::count(&view, &Sieve::new(&view, &self.fields, filter, Vec::new())?)
    }

    /// Counts by value, most frequent first; documents without a value are left out.
    pub fn count_by(&self, filter: &Filter, group_by: GroupBy) -> Result<Vec<(String, u64)>> {
        let view = self.view();
        list::count_by(&view, &Sieve::new(&view, &self.fields, filter, Vec::new())?, group_by)
    }

    pub fn statistics(&self) -> Result<Statistics> {
        let view = self.view();
        Ok(Statistics {
            documents: view.documents(),
            segments: view.segments.len(),
            bytes: size(&self.directory)?,
        })
    }

    fn view(&self) -> Arc<View> {
        self.committed.read().view.clone()
    }
}

/// The index that is there, or why it cannot be used.
fn existing(
    directory: &Path,
    layered: &Layered,
    options: &TextOptions,
) -> Result<(Fields, Index, Payload), String> {
    if !["meta.json", ".managed.json"].iter().all(|name| directory.join(name).exists()) {
        return Err("there was none".to_owned());
    }
    let told = |error: tantivy::TantivyError| error.to_string();
    let index = Index::open(layered.clone()).map_err(told)?;
    let (schema, fields) = fields::schema();
    let sealed = index.load_metas().map_err(told)?.payload.ok_or("it was never committed to")?;
    let sealed: Sealed = serde_json::from_str(&sealed).map_err(|error| format!("payload: {error}"))?;
    if sealed.version != fields::VERSION {
        return Err(format!("it has version {}, not {}", sealed.version, fields::VERSION));
    }
    let living: HashSet<String> =
        index.searchable_segment_ids().map_err(told)?.iter().map(|segment| segment.uuid_string()).collect();
    // Of a checkpoint that was cut short.
    remove(directory, |segment| !living.contains(segment)).map_err(|error| error.to_string())?;
    if index.schema() != schema || *index.settings() != fields::settings() {
        return Err("it has another schema".to_owned());
    }
    if size(directory).map_err(|error| error.to_string())? <= options.verify_bytes {
        let damaged = index.validate_checksum().map_err(told)?;
        if let Some(file) = damaged.iter().min() {
            return Err(format!("checksum of {} is wrong", file.display()));
        }
    }
    let (index, reader) = prepared(index).map_err(|error| error.to_string())?;
    View::new(reader.searcher(), &fields, Vec::new(), None).map_err(|error| error.to_string())?;
    Ok((fields, index, sealed.payload))
}

fn prepared(index: Index) -> Result<(Index, IndexReader)> {
    words::register(index.tokenizers());
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok((index, reader))
}

/// Removes the files of segments that are chosen by their names, and nothing else.
fn remove(directory: &Path, chosen: impl Fn(&str) -> bool) -> std::io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let stem = name.split('.').next().unwrap_or_default();
        let segment = stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
        if segment && chosen(stem) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn size(directory: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(directory)? {
        // Merging may remove a file in between.
        bytes += entry?.metadata().map_or(0, |file| file.len());
    }
    Ok(bytes)
}
