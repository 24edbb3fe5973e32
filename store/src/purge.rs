//! The purge: what was forgotten is taken out of every table, and out of every file.
//!
//! ```text
//! forgotten ─▶ gather ─▶ dead letters, accesses ─▶ embeddings, copies ─▶ events ─▶ memories ─▶ files rewritten ─▶ marked
//! ```
//!
//! Each step looks for what is still there, so a purge that was cut short is begun again and finds the rest; two
//! at once conflict in Lance's commits, and the later one finds nothing. Rows are found by positions and replaced
//! through a join: no predicate that a transaction file would keep names anything that was told. `applied` is
//! carried along by the commit handler, as by any upkeep.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Add;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, RecordBatch, StringArray, UInt64Array};
use athena_schemas::tables::{Event, Forgotten, Memory};
use athena_schemas::vocabulary::{COMMAND_PREFIX, names_versions};
use athena_schemas::{Row, Time, emptied};
use chrono::TimeDelta;
use datafusion::prelude::{Expr, col, lit};
use lance::Dataset;
use lance::dataset::optimize::{CompactionOptions, compact_files};
use lance::dataset::{MergeInsertBuilder, WhenMatched, WhenNotMatched};
use lance::index::DatasetIndexExt;
use lance_index::IndexType;
use lance_index::scalar::ScalarIndexParams;
use tracing::{debug, info};

use crate::copies::{Copies, Named};
use crate::forgotten::{rows, value};
use crate::{Result, Store, TableHandle};

/// Positions in one condition.
const POSITIONS: usize = 10_000;
/// Rows of a file that is written again.
const ROWS: usize = 1_000_000;
/// A file that no version names and that is so old was left by a writer that died. One that wakes after all is
/// refused by the sync before its commit.
const LEFT: Duration = Duration::from_secs(24 * 3600);
/// How often a rewrite that lost to other upkeep is tried again.
const ATTEMPTS: usize = 5;

/// What is to be purged of one project.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    pub project: String,
    pub rows: Vec<Forgotten>,
}

/// What a purge took away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Purged {
    pub events: u64,
    pub memories: u64,
    /// Rows of other tables.
    pub others: u64,
    /// Files that held rows which were taken away, now or by one who did not come to this.
    pub files: u64,
}

/// What the rows of `forgotten` come to in the tables, as they are now.
#[derive(Debug, Default)]
struct Gathered {
    events: BTreeSet<u64>,
    /// Versions of memories that are to be no more, and their tombstones.
    versions: Vec<(String, u64)>,
    tombstones: Vec<Memory>,
    /// Ids of those memories, and of those events that are not emptied yet.
    memories: BTreeSet<String>,
    ids: BTreeSet<String>,
    /// Records that were made of those events.
    copies: Copies,
    /// What was redacted or wrapped anew, and where the versions stand that hold it.
    redacted: BTreeSet<String>,
    redacted_at: BTreeSet<u64>,
}

impl Purged {
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Add for Purged {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            events: self.events + other.events,
            memories: self.memories + other.memories,
            others: self.others + other.others,
            files: self.files + other.files,
        }
    }
}

impl Store {
    /// Rows of `forgotten` that are not purged to the end, in the order of the log.
    pub async fn open_forgotten(&self) -> Result<Vec<Forgotten>> {
        let dataset = self.forgotten.dataset();
        if dataset.manifest().fragments.is_empty() {
            return Ok(vec![]);
        }
        let mut open = read::<Forgotten>(&dataset, col("purged_at").is_null()).await?;
        open.sort_by_key(|row| row.position);
        Ok(open)
    }

    /// Takes everything of `due` out of the newest versions of the tables that the log writes, and of what is
    /// derived from single rows of them: of all projects, before files are written anew. It may be called again at any
    /// time.
    ///
    /// # Errors
    /// Storage; a conflict with other upkeep that did not end. What was done until then stays.
    pub async fn purge(&self, due: &[Due]) -> Result<Purged> {
        self.refresh().await?;
        let mut purged = Purged::default();
        for due in due {
            purged = purged + self.purge_rows(due).await?;
        }
        // An index keeps the keys of rows that are no more. A purge that was cut short may have stopped before this.
        let begun = due.iter().flat_map(|due| &due.rows).any(|row| row.rewritten_at.is_none());
        if purged.events > 0 || begun {
            self.events.index_again().await?;
        }
        for table in self.written_by_the_log() {
            purged.files += table.rewrite().await?;
        }
        self.forget_at_hand().await;
        Ok(purged)
    }

    async fn purge_rows(&self, due: &Due) -> Result<Purged> {
        let gathered = self.gather(due).await?;
        let mut purged = Purged::default();
        purged.others += self.purge_dead_letters(due, &gathered).await?;
        purged.others += self.purge_accesses(due, &gathered).await?;
        let events: Vec<u64> = gathered.events.iter().copied().collect();
        purged.others += self.embeddings.remove(keys(&[], &events), &["position"]).await?;
        let (ids, positions): (Vec<&str>, Vec<u64>) =
            gathered.versions.iter().map(|(id, position)| (id.as_str(), *position)).unzip();
        purged.others += self.embeddings.remove(keys(&ids, &positions), &["id", "position"]).await?;
        // The events name them: while these are there, so may they be.
        let commands = self.commands_of(due, &gathered).await?;
        let commands = self.purge_events_at(due, &gathered, commands).await?;
        let (ids, positions): (Vec<&str>, Vec<u64>) =
            gathered.copies.versions.iter().map(|(id, position)| (id.as_str(), *position)).unzip();
        purged.others += self.embeddings.remove(keys(&ids, &positions), &["id", "position"]).await?;
        purged.others += self.records.remove(keys(&ids, &positions), &["id", "position"]).await?;
        purged.events = self.purge_events(due, &gathered, commands).await?;
        purged.memories = self.purge_memories(&gathered).await?;
        purged.others += self.purge_redacted(due, &gathered).await?;
        Ok(purged)
    }

    /// The tables that may hold what was told, and are not derived by runs.
    fn written_by_the_log(&self) -> [&Arc<TableHandle>; 6] {
        [&self.events, &self.memories, &self.records, &self.embeddings, &self.dead_letters, &self.accesses]
    }

    /// Notes that the newest versions hold nothing of it any more: from now on there is nothing to hide.
    pub async fn mark_rewritten(&self, due: &Due, now: Time) -> Result<()> {
        self.mark(due, |row| Forgotten { rewritten_at: Some(now), ..row.clone() }).await
    }

    /// Removes the versions of all tables from before `now` less `retention`, and notes that no file holds
    /// anything of it any more.
    ///
    /// # Errors
    /// Storage; a version that somebody keeps by a tag, such as a backup under way.
    pub async fn mark_purged(&self, due: &Due, now: Time, retention: Duration) -> Result<()> {
        for table in self.all() {
            let retention = TimeDelta::from_std(retention).unwrap_or(TimeDelta::MAX);
            table.patient().await?.cleanup_old_versions(retention, None, None).await?;
        }
        self.mark(due, |row| Forgotten { purged_at: Some(now), ids: vec![], ..row.clone() }).await?;
        info!(project = due.project, forgotten = due.rows.len(), "purged");
        Ok(())
    }

    /// Removes the files of writes that were cut short before they were committed: sent again, they were written
    /// anew, and forgotten under another name. So are indexes. Directories only; on buckets Lance removes them after
    /// seven days.
    ///
    /// # Errors
    /// Storage.
    pub async fn sweep(&self) -> Result<usize> {
        let mut swept = 0;
        if let Some(directory) = self.location.directory() {
            for table in self.all() {
                swept += table.sweep(&directory.join(format!("tables/{}.lance", table.table.name))).await?;
            }
        }
        Ok(swept)
    }

    async fn mark(&self, due: &Due, mark: impl Fn(&Forgotten) -> Forgotten) -> Result<()> {
        let marked: Vec<Forgotten> = due.rows.iter().map(mark).collect();
        self.forgotten.replace(&marked, &["position"]).await?;
        self.forgotten.rewrite().await?;
        Ok(())
    }

    async fn gather(&self, due: &Due) -> Result<Gathered> {
        let mut gathered = Gathered::default();
        let mut forgotten: BTreeMap<&str, u64> = BTreeMap::new();
        for row in &due.rows {
            gathered.events.extend(&row.positions);
            if names_versions(&row.kind) {
                gathered.redacted.extend(row.ids.iter().cloned());
                gathered.redacted_at.extend(&row.positions);
                continue;
            }
            forgotten.extend(row.ids.iter().map(|id| (id.as_str(), row.position)));
        }
        let ids: Vec<&str> = forgotten.keys().copied().collect();
        let mut versions: BTreeMap<String, Vec<Memory>> = BTreeMap::new();
        for ids in ids.chunks(POSITIONS) {
            let filter = of(due).and(col("id").in_list(ids.iter().map(|id| lit(*id)).collect(), false));
            for memory in read::<Memory>(&self.memories.dataset(), filter).await? {
                versions.entry(memory.id.clone()).or_default().push(memory);
            }
        }
        for (id, mut all) in versions {
            all.sort_by_key(|memory| memory.position);
            // One that was restored stays; one that was forgotten again has a time of its own.
            let newest =
                all.pop().filter(|one| one.deleted && Some(&one.position) == forgotten.get(id.as_str()));
            let Some(tombstone) = newest else { continue };
            gathered.versions.extend(all.iter().map(|memory| (id.clone(), memory.position)));
            gathered.tombstones.push(tombstone);
            gathered.memories.insert(id);
        }
        let named = Named::at(&self.events.dataset(), &due.project, &gathered.events).await?;
        gathered.copies = Copies::of(&self.records.dataset(), &due.project, &named).await?;
        gathered.ids = named.ids;
        Ok(gathered)
    }

    /// Records of which one of the events was made when it was sent again, or that bear its id.
    async fn purge_dead_letters(&self, due: &Due, gathered: &Gathered) -> Result<u64> {
        let dataset = self.dead_letters.dataset();
        if dataset.manifest().fragments.is_empty() || gathered.ids.is_empty() {
            return Ok(0);
        }
        let filter = of(due).or(col("project").is_null());
        let mut found = Vec::new();
        for batch in rows(&dataset, &["id", "payload", "headers"], filter).await? {
            for row in 0..batch.num_rows() {
                let id: String = value(&batch, "id", row);
                let payload: Vec<u8> = value(&batch, "payload", row);
                let headers: Option<String> = value(&batch, "headers", row);
                let text = [String::from_utf8_lossy(&payload).into_owned(), headers.unwrap_or_default()];
                if tells_of(&id, &text, &gathered.ids) {
                    found.push(id);
                }
            }
        }
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        self.dead_letters.remove(keys(&found, &[]), &["id"]).await
    }

    /// Questions that were answered with any of it.
    async fn purge_accesses(&self, due: &Due, gathered: &Gathered) -> Result<u64> {
        let dataset = self.accesses.dataset();
        if dataset.manifest().fragments.is_empty() {
            return Ok(0);
        }
        let gone = |id: &String| gathered.ids.contains(id) || gathered.memories.contains(id);
        let mut found: Vec<String> = Vec::new();
        for batch in rows(&dataset, &["id", "ids"], of(due)).await? {
            let answered = |row: &usize| value::<Vec<String>>(&batch, "ids", *row).iter().any(gone);
            found
                .extend((0..batch.num_rows()).filter(answered).map(|row| value::<String>(&batch, "id", row)));
        }
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        self.accesses.remove(keys(&found, &[]), &["id"]).await
    }

    /// Where commands stand that told of the memories, or wrote what was made of the events.
    async fn commands_of(&self, due: &Due, gathered: &Gathered) -> Result<BTreeSet<u64>> {
        let mut positions: BTreeSet<u64> =
            gathered.copies.versions.iter().map(|(_, position)| *position).collect();
        let named: BTreeSet<String> = gathered.memories.union(&gathered.copies.gone).cloned().collect();
        if named.is_empty() {
            return Ok(positions);
        }
        let commands = of(due).and(col("type").like(lit(format!("{COMMAND_PREFIX}%"))));
        let texts = ["attributes", "result", "changes"];
        let columns = ["position", texts[0], texts[1], texts[2]];
        for batch in rows(&self.events.dataset(), &columns, commands).await? {
            for row in 0..batch.num_rows() {
                let texts: [Option<String>; 3] = texts.map(|column| value(&batch, column, row));
                if emptied::names(texts.each_ref().map(Option::as_deref), &named) {
                    positions.insert(value(&batch, "position", row));
                }
            }
        }
        Ok(positions)
    }

    /// Empties the events, and the commands that wrote the memories; so many others are emptied already.
    async fn purge_events(&self, due: &Due, gathered: &Gathered, others: u64) -> Result<u64> {
        let mut positions = gathered.events.clone();
        positions.extend(gathered.versions.iter().map(|(_, position)| position));
        positions.extend(gathered.tombstones.iter().map(|memory| memory.position));
        Ok(others + self.purge_events_at(due, gathered, positions).await?)
    }

    async fn purge_events_at(&self, due: &Due, gathered: &Gathered, positions: BTreeSet<u64>) -> Result<u64> {
        let mut emptied = 0;
        let gone = gathered.memories.iter().chain(&gathered.redacted).chain(&gathered.copies.ids);
        let gone: BTreeSet<String> = gone.cloned().collect();
        for positions in chunks(&positions) {
            let found = read::<Event>(&self.events.dataset(), of(due).and(at(&positions))).await?;
            let left = |event: &Event| match emptied::is_command(event) {
                true => emptied::command(event, &gone, &self.secret),
                false => emptied::event(event, &self.secret),
            };
            let left: Vec<Event> = found.iter().filter_map(left).collect();
            emptied += self.events.replace(&left, &["position"]).await?;
        }
        Ok(emptied)
    }

    /// Versions of memories and records that hold what was redacted, and questions and dead letters that do.
    async fn purge_redacted(&self, due: &Due, gathered: &Gathered) -> Result<u64> {
        let mut purged = 0;
        for table in [&self.memories, &self.records] {
            let dataset = table.dataset();
            for positions in chunks(&gathered.redacted_at) {
                if dataset.manifest().fragments.is_empty() {
                    break;
                }
                let mut found: Vec<(String, u64)> = Vec::new();
                for batch in rows(&dataset, &["id", "position"], of(due).and(at(&positions))).await? {
                    found.extend(
                        (0..batch.num_rows())
                            .map(|row| (value(&batch, "id", row), value(&batch, "position", row))),
                    );
                }
                found.retain(|(id, _)| gathered.redacted.contains(id));
                let (ids, positions): (Vec<&str>, Vec<u64>) =
                    found.iter().map(|(id, position)| (id.as_str(), *position)).unzip();
                purged += self.embeddings.remove(keys(&ids, &positions), &["id", "position"]).await?;
                purged += table.remove(keys(&ids, &positions), &["id", "position"]).await?;
            }
        }
        let ids: Vec<&str> = gathered.redacted.iter().map(String::as_str).collect();
        for table in [&self.accesses, &self.dead_letters] {
            purged += table.remove(keys(&ids, &[]), &["id"]).await?;
        }
        Ok(purged)
    }

    async fn purge_memories(&self, gathered: &Gathered) -> Result<u64> {
        let (ids, positions): (Vec<&str>, Vec<u64>) =
            gathered.versions.iter().map(|(id, position)| (id.as_str(), *position)).unzip();
        let mut purged = self.memories.remove(keys(&ids, &positions), &["id", "position"]).await?;
        let told = |memory: &&Memory| **memory != emptied::memory(memory);
        let left: Vec<Memory> = gathered.tombstones.iter().filter(told).map(emptied::memory).collect();
        purged += self.memories.replace(&left, &["id", "position"]).await?;
        Ok(purged)
    }
}

impl TableHandle {
    /// Puts rows in the place of those that have the same values in the columns `on`.
    async fn replace<R: Row>(&self, with: &[R], on: &[&str]) -> Result<u64> {
        match with.is_empty() {
            true => Ok(0),
            false => self.merge(R::batch(with), on, WhenMatched::UpdateAll).await,
        }
    }

    /// Removes the rows that have the values of a row of `keys` in the columns `on`.
    pub async fn remove(&self, keys: RecordBatch, on: &[&str]) -> Result<u64> {
        match keys.num_rows() == 0 || self.dataset().manifest().fragments.is_empty() {
            true => Ok(0),
            false => self.merge(keys, on, WhenMatched::Delete).await,
        }
    }

    async fn merge(&self, batch: RecordBatch, on: &[&str], matched: WhenMatched) -> Result<u64> {
        let dataset = Arc::new(self.patient().await?);
        let mut merge =
            MergeInsertBuilder::try_new(dataset, on.iter().map(|name| (*name).to_owned()).collect())?;
        merge.when_matched(matched).when_not_matched(WhenNotMatched::DoNothing);
        let merge = merge.use_index(false).skip_auto_cleanup(true).try_build()?;
        let (_, done) = merge.execute_batches(vec![batch]).await?;
        self.refresh().await?;
        Ok(done.num_updated_rows + done.num_deleted_rows)
    }

    /// Makes the indexes that the table has anew, from the rows that are there.
    async fn index_again(&self) -> Result<()> {
        let mut dataset = self.patient().await?;
        let schema = dataset.schema().clone();
        for index in dataset.load_indices().await?.iter().filter(|index| !index.name.starts_with("__")) {
            let fields = index.fields.iter().filter_map(|id| schema.field_by_id(*id));
            let columns: Vec<&str> = fields.map(|field| field.name.as_str()).collect();
            let (name, parameters) = (Some(index.name.clone()), ScalarIndexParams::default());
            dataset.create_index(&columns, IndexType::BTree, name, &parameters, true).await?;
        }
        self.refresh().await?;
        Ok(())
    }

    async fn sweep(&self, directory: &Path) -> Result<usize> {
        let left = ["data", "_indices"].map(|part| entries(&directory.join(part)));
        let mut left: Vec<PathBuf> = left.into_iter().flatten().filter(|path| is_old(path)).collect();
        if left.is_empty() {
            return Ok(0);
        }
        let dataset = self.patient().await?;
        retain_unnamed(&dataset, &mut left).await?;
        if left.is_empty() {
            return Ok(0);
        }
        for version in dataset.versions().await? {
            retain_unnamed(&dataset.checkout_version(version.version).await?, &mut left).await?;
        }
        for path in &left {
            match path.is_dir() {
                true => std::fs::remove_dir_all(path)?,
                false => std::fs::remove_file(path)?,
            }
        }
        Ok(left.len())
    }

    /// Writes the files again that hold rows which are no more, and tells how many that were: versions from before
    /// still name them.
    pub async fn rewrite(&self) -> Result<u64> {
        let mut rewritten = 0;
        for attempt in 1..=ATTEMPTS {
            let mut dataset = self.patient().await?;
            let Some(whole) = whole_fragments(&dataset) else { break };
            rewritten = rewritten.max((dataset.manifest().fragments.len() - whole.len()) as u64);
            let compaction = CompactionOptions {
                target_rows_per_fragment: ROWS,
                materialize_deletions: true,
                materialize_deletions_threshold: 0.0,
                num_threads: Some(1),
                excluded_fragment_ids: whole,
                ..CompactionOptions::default()
            };
            match compact_files(&mut dataset, compaction, None).await {
                Err(error) if attempt == ATTEMPTS => return Err(error.into()),
                Err(error) => debug!(table = self.table.name, %error, "not rewritten, trying again"),
                Ok(_) => {}
            }
        }
        self.refresh().await?;
        Ok(rewritten)
    }
}

/// The fragments without removed rows; `None` when that is all of them.
fn whole_fragments(dataset: &Dataset) -> Option<Vec<u32>> {
    let fragments = &dataset.manifest().fragments;
    let whole = fragments.iter().filter(|fragment| fragment.deletion_file.is_none());
    let whole: Vec<u32> = whole.filter_map(|fragment| fragment.id.try_into().ok()).collect();
    (whole.len() < fragments.len()).then_some(whole)
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = directory.read_dir().into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

/// Whether nothing was written to a file, or to any of a folder's, for long.
fn is_old(path: &Path) -> bool {
    let files = entries(path);
    let file = |path: &Path| {
        let at = path.metadata().and_then(|file| file.modified());
        at.is_ok_and(|at| at.elapsed().unwrap_or_default() > LEFT)
    };
    if files.is_empty() { file(path) } else { files.iter().all(|path| file(path)) }
}

/// Leaves those that this version has not: data files, and folders of indexes.
async fn retain_unnamed(dataset: &Dataset, paths: &mut Vec<PathBuf>) -> Result<()> {
    let indices = dataset.load_indices().await?;
    let files = dataset.manifest().fragments.iter().flat_map(|fragment| &fragment.files);
    let mut named: BTreeSet<String> = files.map(|file| file.path.clone()).collect();
    named.extend(indices.iter().map(|index| index.uuid.to_string()));
    paths.retain(|path| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| !named.contains(name))
    });
    Ok(())
}

async fn read<R: Row>(dataset: &Dataset, filter: Expr) -> Result<Vec<R>> {
    let columns: Vec<&str> = (R::TABLE.fields)().into_iter().map(|field| field.name).collect();
    let mut read = Vec::new();
    for batch in rows(dataset, &columns, filter).await? {
        read.extend(R::rows(&batch)?);
    }
    Ok(read)
}

fn of(due: &Due) -> Expr {
    col("project").eq(lit(due.project.as_str()))
}

fn at(positions: &[u64]) -> Expr {
    col("position").in_list(positions.iter().map(|position| lit(*position)).collect(), false)
}

fn chunks(positions: &BTreeSet<u64>) -> impl Iterator<Item = Vec<u64>> {
    let all: Vec<u64> = positions.iter().copied().collect();
    let chunks: Vec<Vec<u64>> = all.chunks(POSITIONS).map(<[u64]>::to_vec).collect();
    chunks.into_iter()
}

/// A batch of the columns `id`, `position` or both.
fn keys(ids: &[&str], positions: &[u64]) -> RecordBatch {
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    if !ids.is_empty() || positions.is_empty() {
        columns.push(("id", Arc::new(StringArray::from(ids.to_vec()))));
    }
    if !positions.is_empty() {
        columns.push(("position", Arc::new(UInt64Array::from(positions.to_vec()))));
    }
    RecordBatch::try_from_iter(columns).expect("as many ids as positions")
}

/// Whether a dead letter is of one of the events: it became one under its own id, or it bears the event's.
fn tells_of(letter: &str, texts: &[String], events: &BTreeSet<String>) -> bool {
    let became = format!("{letter}/");
    events.iter().any(|id| {
        let quoted = format!("\"{id}\"");
        id.starts_with(&became) || texts.iter().any(|text| text.contains(&quoted))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_letters_are_known_by_what_became_of_them() {
        let events = BTreeSet::from(["e-1".to_owned(), "dl-7/0".to_owned()]);
        let text = |text: &str| [text.to_owned(), String::new()];
        assert!(tells_of("dl-7", &text("{"), &events));
        assert!(tells_of("dl-8", &text(r#"{"id":"e-1","time":"x"}"#), &events));
        assert!(!tells_of("dl-8", &text(r#"{"id":"e-12"}"#), &events));
    }

    #[test]
    fn keys_have_the_columns_that_are_given() {
        let named = |batch: RecordBatch| {
            let schema = batch.schema();
            (schema.fields().iter().map(|field| field.name().clone()).collect::<Vec<_>>(), batch.num_rows())
        };
        assert_eq!(named(keys(&["a"], &[])), (vec!["id".into()], 1));
        assert_eq!(named(keys(&["a", "b"], &[1, 2])), (vec!["id".into(), "position".into()], 2));
        assert_eq!(named(keys(&[], &[1])), (vec!["position".into()], 1));
        assert_eq!(named(keys(&[], &[])).1, 0);
    }

    #[test]
    fn positions_come_in_chunks() {
        let all: BTreeSet<u64> = (0..POSITIONS as u64 + 1).collect();
        assert_eq!(chunks(&all).map(|chunk| chunk.len()).collect::<Vec<_>>(), [POSITIONS, 1]);
    }
}
