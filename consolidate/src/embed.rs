//! The vectors of texts, behind the commit of the rows that they are of: no write waits for a model.
//!
//! ```text
//! rows between two `applied` ─▶ texts ─▶ chunks, vectors ─▶ one commit of `embeddings`, under a claim
//! ```
//!
//! What is done stands in the table itself, for each model apart, so two processes that embed the same never both
//! add it. Another model begins at the beginning, beside what is there: vectors are told apart by their model's name.
//! Rows without a text are looked at, and the table says so with what comes next, or a moment later.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use athena_schemas::position::Rule;
use athena_schemas::tables::{Embedding, Event, Memory, Record};
use athena_schemas::vocabulary::text_of;
use athena_schemas::wire::Kind;
use athena_schemas::{Applied, Claim, Column, Partition, Row, Table, Time, Vector, ids};
use athena_store::embed::Model;
use athena_store::{Snapshot, Store};
use futures::TryStreamExt;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::{Error, Result};

/// Offsets of each partition that one commit takes at most, and at first.
const STEP_MOST: i64 = 20_000;
const STEP_FIRST: i64 = 1_000;
/// How long a commit's work may take: models differ by three orders of magnitude, and what is not committed
/// is lost when the process ends.
const STEP_TIME: Duration = Duration::from_secs(5);
/// Texts that are given to a model at once.
const TEXTS: usize = 1_000;
/// How often the tables are looked at, and how long to rest between two commits at least. After a commit
/// the stage rests as long as it took, so that it takes half of a core at most; but not while somebody waits.
const LOOK: Duration = Duration::from_millis(50);
const REST_LEAST: Duration = Duration::from_millis(100);
/// How long it may stay unwritten that rows have no text.
const BARE: Duration = Duration::from_millis(300);
const RETRY: Duration = Duration::from_secs(1);
/// The longest rest after failures in a row.
const RETRY_MOST: Duration = Duration::from_secs(10);

/// What is embedded of a row.
struct Text {
    project: String,
    kind: Kind,
    id: String,
    position: u64,
    text: String,
}

/// The tables whose rows have texts.
const TABLES: [&Table; 3] = [Event::TABLE, Memory::TABLE, Record::TABLE];

/// Follows the tables, and keeps `embeddings` up to them.
pub struct Embedder {
    store: Arc<Store>,
    model: Arc<dyn Model>,
    /// Offsets of each partition that the next commit takes.
    step: i64,
    /// For each table the largest fragment that was read.
    last_fragment: BTreeMap<&'static str, Option<u64>>,
    /// Up to where rows were looked at since the last commit, none of which has a text, and since when.
    bare: Option<(Applied, Instant)>,
    /// When tables were last rewritten without what was forgotten; the model remembers nothing from before.
    purged_at: Option<Time>,
}

impl Embedder {
    pub fn new(store: Arc<Store>, model: Arc<dyn Model>) -> Self {
        Self { store, model, step: STEP_FIRST, last_fragment: BTreeMap::new(), bare: None, purged_at: None }
    }

    /// Embeds until `stop`. What is applied is told by `commits`, or looked up.
    pub async fn follow(mut self, mut commits: Option<watch::Receiver<Applied>>, stop: CancellationToken) {
        let mut retry = RETRY;
        loop {
            let began = Instant::now();
            let done = tokio::select! {
                () = stop.cancelled() => return,
                done = self.look(true) => done,
            };
            let wait = match &done {
                Ok(0) => LOOK,
                Ok(_) => began.elapsed().clamp(REST_LEAST, STEP_TIME),
                Err(error) => {
                    warn!(%error, model = self.model.name(), "not embedded, trying again");
                    retry
                }
            };
            retry = if done.is_err() { (retry * 2).min(RETRY_MOST) } else { RETRY };
            let hurried = tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => false,
                () = self.store.pace.wanted(), if done.is_ok() => true,
            };
            let heard = match &mut commits {
                Some(commits) if wait == LOOK && !hurried => tokio::select! {
                    () = stop.cancelled() => return,
                    heard = commits.changed() => heard.is_ok(),
                    () = self.store.pace.wanted() => true,
                    () = tokio::time::sleep(BARE), if self.bare.is_some() => true,
                },
                Some(_) => true,
                None => self.store.refresh().await.is_ok(),
            };
            if !heard {
                commits = None;
            }
        }
    }

    /// Embeds what is new in the tables; says how many rows were added.
    ///
    /// # Errors
    /// Storage; a model that fails. What was committed until then stays.
    pub async fn catch_up(&mut self) -> Result<usize> {
        self.look(false).await
    }

    /// The same; where there is time, rows without a text are written down later.
    async fn look(&mut self, later: bool) -> Result<usize> {
        let mut added = 0;
        loop {
            let snapshot = self.store.snapshot();
            let from = snapshot.applied_of(Embedding::TABLE).of(self.model.name());
            let mut looked_at = from.clone();
            let waits = later && self.bare.as_ref().is_none_or(|(_, since)| since.elapsed() < BARE);
            if waits && let Some((to, _)) = &self.bare {
                looked_at.merge(to);
            }
            if looked_at.covers(&snapshot.applied) {
                self.store.pace.reach(self.model.name(), &looked_at);
                let purged_at = snapshot.hidden().await?.rewritten_at;
                if purged_at > self.purged_at {
                    self.model.forget();
                    self.purged_at = purged_at;
                }
                return Ok(added);
            }
            added += match self.step(&snapshot, (&from, &looked_at), waits).await {
                Err(Error::Store(athena_store::Error::Refused(refused))) => {
                    debug!(%refused, "another embeds");
                    self.store.embeddings.refresh().await?;
                    self.last_fragment.clear();
                    self.bare = None;
                    0
                }
                done => done?,
            };
        }
    }

    /// Embeds what was not looked at, and says in the table that all is done since `from`.
    async fn step(
        &mut self,
        snapshot: &Snapshot,
        (from, looked_at): (&Applied, &Applied),
        waits: bool,
    ) -> Result<usize> {
        let mut to = snapshot.applied.clone();
        for (partition, next) in &mut to.0 {
            *next = (*next).min(looked_at.get(partition).unwrap_or(0).saturating_add(self.step));
        }
        let began = Instant::now();
        let mut batches = Vec::new();
        for table in TABLES {
            let above = self.last_fragment.get(table.name).copied().flatten();
            let Some(mut rows) = snapshot.since(table, looked_at, &to, above, columns(table)).await? else {
                continue;
            };
            while let Some(rows) = rows.try_next().await.map_err(athena_store::Error::from)? {
                for first in (0..rows.num_rows()).step_by(TEXTS) {
                    let rows = rows.slice(first, TEXTS.min(rows.num_rows() - first));
                    let embedded = embed(&self.model, texts(table, &rows)).await?;
                    batches.extend((!embedded.is_empty()).then(|| Embedding::batch(&embedded)));
                }
            }
        }
        self.step = next_step(self.step, began.elapsed());
        let rows = batches.iter().map(RecordBatch::num_rows).sum();
        if rows == 0 && waits && to == snapshot.applied {
            let since = self.bare.as_ref().map_or_else(Instant::now, |(_, since)| *since);
            self.bare = Some((to, since));
            self.has_read(snapshot);
            return Ok(0);
        }
        let staged = self.store.embeddings.stage(batches).await?;
        let range = |(partition, to): (&_, &i64)| {
            let from = from.get(partition).unwrap_or(0);
            (from < *to).then(|| (Partition::under(partition, self.model.name()), (from, *to)))
        };
        let claim = Claim { rule: Rule::Exact, ranges: to.0.iter().filter_map(range).collect() };
        self.store.embeddings.commit(&staged, claim, &self.store.events.topics()).await?;
        self.bare = None;
        if to == snapshot.applied {
            self.has_read(snapshot);
        }
        Ok(rows)
    }

    fn has_read(&mut self, snapshot: &Snapshot) {
        for table in TABLES {
            self.last_fragment.insert(table.name, snapshot.last_fragment(table));
        }
    }
}

fn columns(table: &Table) -> &'static [&'static str] {
    match table.name {
        name if name == Event::TABLE.name => &["id", "project", "type", "content", "attributes", "position"],
        name if name == Memory::TABLE.name => {
            &["id", "project", "name", "content", "sensitive", "deleted", "position"]
        }
        _ => &["id", "project", "kind", "name", "text", "deleted", "position"],
    }
}

/// The texts of rows. A sensitive memory has its name alone, a deleted one nothing.
fn texts(table: &Table, rows: &RecordBatch) -> Vec<Text> {
    let of = match table.name {
        name if name == Event::TABLE.name => of_event,
        name if name == Memory::TABLE.name => of_memory,
        _ => of_record,
    };
    let text = |row| {
        let (kind, text) = of(rows, row)?;
        let (project, id) = (read(rows, "project", row), read(rows, "id", row));
        Some(Text { project, kind, id, position: read(rows, "position", row), text })
    };
    (0..rows.num_rows()).filter_map(text).collect()
}

fn of_event(rows: &RecordBatch, row: usize) -> Option<(Kind, String)> {
    let event_type: String = read(rows, "type", row);
    let (content, attributes) = (read(rows, "content", row), read(rows, "attributes", row));
    Some((Kind::Event, text_of(&event_type, content, attributes)?))
}

fn of_memory(rows: &RecordBatch, row: usize) -> Option<(Kind, String)> {
    let content = match (read::<bool>(rows, "deleted", row), read(rows, "sensitive", row)) {
        (true, _) => return None,
        (_, true) => String::new(),
        _ => read(rows, "content", row),
    };
    Some((Kind::Memory, named(rows, row, content)))
}

fn of_record(rows: &RecordBatch, row: usize) -> Option<(Kind, String)> {
    let kind = Kind::parse(&read::<String>(rows, "kind", row))?;
    let text: Option<String> = read(rows, "text", row);
    let text = text.filter(|_| !read::<bool>(rows, "deleted", row))?;
    Some((kind, named(rows, row, text)))
}

/// A text under its name.
fn named(rows: &RecordBatch, row: usize, text: String) -> String {
    let name: Option<String> = read(rows, "name", row);
    [name.unwrap_or_default(), text].join("\n").trim().to_owned()
}

fn read<C: Column>(rows: &RecordBatch, column: &str, row: usize) -> C {
    C::read(rows.column_by_name(column).expect("asked for"), row)
}

/// Twice as many offsets as of a step that took less than half of its time, half as many as of one that took longer.
fn next_step(step: i64, took: Duration) -> i64 {
    match took {
        took if took > STEP_TIME => (step / 2).max(1),
        took if took < STEP_TIME / 2 => (step * 2).min(STEP_MOST),
        _ => step,
    }
}

async fn embed(model: &Arc<dyn Model>, texts: Vec<Text>) -> athena_store::Result<Vec<Embedding>> {
    let bodies: Vec<String> = texts.iter().map(|one| one.text.clone()).collect();
    let mut rows = Vec::with_capacity(texts.len());
    let embedded = model.clone().embed(bodies).await?;
    for (of, chunks) in texts.into_iter().zip(embedded) {
        for (chunk, number) in chunks.into_iter().zip(0..) {
            let tokens: Vec<u8> = chunk.tokens.iter().flat_map(|token| token.to_le_bytes()).collect();
            rows.push(Embedding {
                project: of.project.clone(),
                kind: of.kind.name().to_owned(),
                id: of.id.clone(),
                chunk: number,
                model: model.name().to_owned(),
                text_hash: ids::text(&of.text),
                vector: Vector(chunk.vector),
                tokens: (!tokens.is_empty()).then_some(tokens),
                position: of.position,
            });
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_as_long_as_their_model_is_fast() {
        assert_eq!(next_step(1_000, Duration::ZERO), 2_000);
        assert_eq!(next_step(STEP_MOST, Duration::ZERO), STEP_MOST);
        assert_eq!((next_step(8, STEP_TIME), next_step(8, STEP_TIME * 2)), (8, 4));
        assert_eq!(next_step(1, STEP_TIME * 2), 1);
    }

    #[test]
    fn what_must_not_be_found_is_not_embedded() {
        let event = |r#type: &str, content: Option<&str>| Event {
            r#type: r#type.into(),
            content: content.map(str::to_owned),
            attributes: Some("{}".into()),
            ..Event::default()
        };
        let rows = [event("athena.memories.remember", Some("hunter2")), event("build", None)];
        let of = |texts: Vec<Text>| texts.into_iter().map(|one| one.text).collect::<Vec<_>>();
        assert_eq!(of(texts(Event::TABLE, &Event::batch(&rows))), ["{}"]);

        let memory = Memory { name: Some("key".into()), content: "hunter2".into(), ..Memory::default() };
        let rows = [
            memory.clone(),
            Memory { sensitive: true, ..memory.clone() },
            Memory { deleted: true, ..memory.clone() },
        ];
        assert_eq!(of(texts(Memory::TABLE, &Memory::batch(&rows))), ["key\nhunter2", "key"]);
    }
}
