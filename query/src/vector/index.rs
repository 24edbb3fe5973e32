//! The slots, and the search for the nearest.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ahash::AHashMap;
use athena_schemas::tables::Embedding;
use athena_schemas::wire::Kind;
use athena_schemas::{Applied, Position};
use athena_store::embed::{Model, StaticTable};
use athena_store::remote::Standing;
use athena_store::{Cached, Pace, Scope};
use multiversion::multiversion;
use parking_lot::{Mutex, RwLock};
use roaring::RoaringTreemap;
use tokio::sync::watch;
use tracing::debug;

use super::codes::Codes;
use super::statistics::Statistics;
use crate::at_once::in_pieces;

/// Bytes of the scale that follows the numbers of a slot.
const SCALE: usize = 4;
/// The position of an empty slot: topics, partitions and offsets do not come so far together.
const NOWHERE: u64 = u64::MAX;
/// Sums that run beside each other.
const LANES: usize = 8;
/// Bytes between two records that are read at once: what it takes to read them is less than another call.
const NEAR: u64 = 1024;
/// Slots whose cosine is computed for each that is wanted, and at least; and for each of these the slots of the nearest
/// codes among which they are.
const LOOKED_AT_FOR_EACH: usize = 4;
const LOOKED_AT: usize = 400;
const NEAREST_FOR_EACH: usize = 3;
/// One slot is looked up in the time in which about so many are looked at one after the other.
const LOOKED_UP: usize = 64;

/// A question as the index is asked it.
#[derive(Debug, Clone)]
pub struct Question {
    /// `None` while the model cannot be asked: then no row is near, and rows are compared by their tokens.
    pub vector: Option<Vec<f32>>,
    pub tokens: Vec<u16>,
}

/// Which slots may be found.
pub struct Wanted<'w> {
    pub scope: &'w Scope,
    /// Empty: every kind.
    pub kinds: &'w [Kind],
    /// Positions of rows; `None`: every one.
    pub positions: Option<RoaringTreemap>,
    pub limit: usize,
}

/// A row that is near a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    pub position: u64,
    /// Cosine with the question, both less the mean of the project: of the nearest chunk.
    pub cosine: f32,
}

/// A chunk of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub position: u64,
    pub project: u32,
    pub kind: Kind,
    /// Where its numbers, their scale and its tokens stand in the file.
    at: u64,
    tokens: u16,
}

#[derive(Debug)]
pub(super) struct Project {
    /// In ascending order.
    slots: Vec<u32>,
    codes: Codes,
    pub statistics: Statistics,
    /// What the codes are relative to, and of how many slots it is the mean.
    reference: Vec<f32>,
    referred: u64,
}

/// Everything about the rows taken so far.
#[derive(Debug)]
pub(super) struct Slots {
    pub all: Vec<Slot>,
    /// Numbers of a vector.
    dimensions: usize,
    file: File,
    end: u64,
    /// The first slot of a row; the others follow it.
    pub first: AHashMap<u64, u32>,
    pub projects: HashMap<String, u32>,
    pub by_project: Vec<Project>,
}

/// The vectors of a node. Calls block.
#[derive(Debug)]
pub struct VectorIndex {
    /// The model in force: rows of others are not taken.
    model: Arc<dyn Model>,
    /// Compares tokens.
    pub(super) table: Arc<StaticTable>,
    pub(super) slots: RwLock<Slots>,
    applied: watch::Sender<Applied>,
    /// Of those who make the vectors, where they are in this process.
    pace: Arc<Pace>,
    /// What the tables had at an instant, which is not all here yet.
    awaited: Mutex<Option<(Instant, Applied)>>,
    /// Held while other slots are put in the place of these, and by each step of the follower.
    pub(super) turn: tokio::sync::Mutex<()>,
    /// Held while others are derived.
    pub(super) deriving: tokio::sync::Mutex<()>,
}

impl VectorIndex {
    /// An empty index of a model's vectors, whose file has no name in `directory` and goes with it.
    ///
    /// # Errors
    /// I/O.
    pub fn new(model: Arc<dyn Model>, directory: &Path, pace: Arc<Pace>) -> io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        let slots = Slots {
            all: Vec::new(),
            dimensions: model.dimensions(),
            file: tempfile::tempfile_in(directory)?,
            end: 0,
            first: AHashMap::new(),
            projects: HashMap::new(),
            by_project: Vec::new(),
        };
        let (applied, awaited, turn, deriving) = Default::default();
        let (table, slots) = (StaticTable::built_in(), RwLock::new(slots));
        Ok(Self { table, model, slots, applied, pace, awaited, turn, deriving })
    }

    /// An empty index of the same model.
    ///
    /// # Errors
    /// I/O.
    pub(super) fn another(&self, directory: &Path) -> io::Result<Self> {
        Self::new(self.model.clone(), directory, self.pace.clone())
    }

    /// Takes what another has taken in the place of its own.
    pub(super) fn become_like(&self, other: Self) {
        *self.slots.write() = other.slots.into_inner();
        self.applied.send_replace(other.applied.borrow().clone());
    }

    /// How many chunks of texts it has.
    pub fn chunks(&self) -> u64 {
        self.slots.read().by_project.iter().map(|project| project.statistics.chunks).sum()
    }

    /// What the model remembers, and how it stands with the service that it asks.
    pub fn model_state(&self) -> (Option<Cached>, Option<Standing>) {
        (self.model.cached(), self.model.standing())
    }

    /// Has the model forget the texts that it remembers.
    pub fn forget_texts(&self) {
        self.model.forget();
    }

    /// The model's name.
    pub fn model(&self) -> &str {
        self.model.name()
    }

    /// The question's vector; `None` while the model cannot be asked.
    pub async fn vector(&self, text: &str) -> Option<Vec<f32>> {
        let vector = self.model.clone().question(text.to_owned()).await;
        vector.inspect_err(|error| debug!(%error, "question without a vector")).ok()
    }

    /// The question with its tokens.
    pub fn question(&self, text: &str, vector: Option<Vec<f32>>) -> Question {
        Question { vector, tokens: self.table.tokens(text) }
    }

    /// Up to where the rows taken go.
    pub fn applied(&self) -> Applied {
        self.applied.borrow().clone()
    }

    /// Waits until everything up to `target` was taken; says whether it was in time.
    pub async fn wait_until(&self, target: &Position, timeout: Duration) -> bool {
        let mut applied = self.applied.subscribe();
        if !applied.borrow().covers(target) {
            self.pace.want();
        }
        let covered = applied.wait_for(|applied| applied.covers(target));
        matches!(tokio::time::timeout(timeout, covered).await, Ok(Ok(_)))
    }

    /// For how long the oldest row that is missing here has been in the tables, at most.
    pub fn behind(&self) -> Duration {
        self.awaited.lock().as_ref().map_or(Duration::ZERO, |(since, _)| since.elapsed())
    }

    /// Takes rows of this model; the chunks of a text stand together. Rows that it has are left out.
    ///
    /// # Errors
    /// I/O. The rows may be taken again then.
    pub fn take(&self, rows: &[Embedding]) -> io::Result<()> {
        let mut slots = self.slots.write();
        for text in rows.chunk_by(|one, other| one.position == other.position) {
            if text[0].model == self.model.name() {
                slots.take(text)?;
            }
        }
        let outgrown = |project: &Project| project.statistics.chunks >= 2 * project.referred;
        let outgrown: Vec<usize> =
            (0..slots.by_project.len()).filter(|at| outgrown(&slots.by_project[*at])).collect();
        outgrown.into_iter().try_for_each(|project| slots.encode_again(project))
    }

    /// Takes out the rows whose positions are not among `there`, and what they were made of from the file; the model
    /// remembers no text then.
    ///
    /// # Errors
    /// I/O. It may be called again then.
    pub fn keep_only(&self, there: &HashSet<u64>) -> io::Result<usize> {
        let mut slots = self.slots.write();
        let gone: Vec<u64> =
            slots.first.keys().copied().filter(|position| !there.contains(position)).collect();
        gone.iter().try_for_each(|position| slots.remove(*position))?;
        self.model.forget();
        Ok(gone.len())
    }

    /// Says that everything up to `applied` was taken.
    pub fn advance(&self, applied: Applied) {
        self.applied.send_replace(applied);
    }

    /// Takes note of what the tables have by now.
    pub fn compare_with(&self, tables: &Applied) {
        let applied = self.applied.borrow();
        let mut awaited = self.awaited.lock();
        if awaited.as_ref().is_none_or(|(_, awaited)| applied.covers(awaited)) {
            *awaited = (!applied.covers(tables)).then(|| (Instant::now(), tables.clone()));
        }
    }

    /// The tokens of each chunk of a row; none where it has no vector here yet.
    ///
    /// # Errors
    /// I/O.
    pub fn tokens_at(&self, position: u64) -> io::Result<Vec<Vec<u16>>> {
        let slots = self.slots.read();
        let mut tokens = Vec::new();
        slots.read(&slots.of(position).collect::<Vec<u32>>(), |_, record| {
            tokens.push(record.tokens().collect())
        })?;
        Ok(tokens)
    }

    /// The nearest rows first.
    ///
    /// # Errors
    /// I/O.
    pub fn nearest(&self, question: &Question, wanted: &Wanted<'_>) -> io::Result<Vec<Near>> {
        // This is work that others wait for while they read: it may not wait for a writer that waits for them.
        let slots = self.slots.read_recursive();
        let mut near: AHashMap<u64, f32> = AHashMap::new();
        for project in slots.projects_in(wanted.scope) {
            for (slot, cosine) in slots.nearest_in(project, question, wanted)? {
                let best = near.entry(slots.all[slot as usize].position).or_insert(cosine);
                *best = best.max(cosine);
            }
        }
        let mut near: Vec<Near> =
            near.into_iter().map(|(position, cosine)| Near { position, cosine }).collect();
        near.sort_unstable_by(|one, other| {
            other.cosine.total_cmp(&one.cosine).then_with(|| other.position.cmp(&one.position))
        });
        near.truncate(wanted.limit);
        Ok(near)
    }
}

impl Slots {
    /// Takes chunks of one text. Those of a text that is there go on from its last one.
    fn take(&mut self, text: &[Embedding]) -> io::Result<()> {
        let position = text[0].position;
        let last = self.all.last().is_some_and(|last| last.position == position);
        if self.first.contains_key(&position) && !last {
            return Ok(());
        }
        let known = self.of(position).count();
        let count = self.by_project.len() as u32;
        let number = *self.projects.entry(text[0].project.clone()).or_insert(count);
        if number == count {
            self.by_project.push(Project {
                slots: Vec::new(),
                codes: Codes::new(self.dimensions),
                statistics: Statistics::new(self.dimensions),
                reference: vec![0.0; self.dimensions],
                referred: 0,
            });
        }
        let Some(kind) = Kind::parse(&text[0].kind) else { return Ok(()) };
        let first = self.all.len() as u32;
        for chunk in text.iter().filter(|chunk| chunk.chunk as usize >= known) {
            let vector = &chunk.vector.0;
            if vector.len() != self.dimensions {
                return Err(io::Error::other(format!("a vector of {} numbers", vector.len())));
            }
            let bytes = chunk.tokens.as_deref().unwrap_or_default();
            let record = record(vector, bytes);
            self.file.write_all_at(&record, self.end)?;
            let project = &mut self.by_project[number as usize];
            project.slots.push(self.all.len() as u32);
            project.statistics.add(vector, &tokens(bytes).collect::<Vec<u16>>());
            let code = project.codes.encode(vector, &project.reference);
            project.codes.push(&code);
            self.all.push(Slot {
                position,
                project: number,
                kind,
                at: self.end,
                tokens: (bytes.len() / 2) as u16,
            });
            self.end += record.len() as u64;
        }
        self.first.entry(position).or_insert(first);
        Ok(())
    }

    /// Takes out the chunks of a row. Their slots stay empty.
    fn remove(&mut self, position: u64) -> io::Result<()> {
        let gone: Vec<u32> = self.of(position).collect();
        let Some(first) = gone.first() else { return Ok(()) };
        let project = self.all[*first as usize].project as usize;
        let mut records = Vec::with_capacity(gone.len());
        self.read(&gone, |at, record| {
            let mut vector = Vec::new();
            record.vector(&mut vector);
            records.push((gone[at], vector, record.tokens().collect::<Vec<u16>>()));
        })?;
        for (slot, vector, tokens) in records {
            self.by_project[project].statistics.remove(&vector, &tokens);
            let empty = vec![0; self.dimensions + SCALE + 2 * tokens.len()];
            self.file.write_all_at(&empty, self.all[slot as usize].at)?;
            self.all[slot as usize].position = NOWHERE;
        }
        let Project { slots, codes, .. } = &mut self.by_project[project];
        codes.remove(|place| gone.contains(&slots[place]));
        slots.retain(|slot| !gone.contains(slot));
        self.first.remove(&position);
        Ok(())
    }

    /// Refers the codes of a project to the mean that it has now.
    fn encode_again(&mut self, project: usize) -> io::Result<()> {
        let project = &mut self.by_project[project];
        project.reference = project.statistics.mean();
        project.referred = project.statistics.chunks;
        let (mut record, mut vector) = (vec![0; self.dimensions + SCALE], Vec::new());
        for (place, &slot) in project.slots.iter().enumerate() {
            self.file.read_exact_at(&mut record, self.all[slot as usize].at)?;
            numbers(&record, &mut vector);
            let code = project.codes.encode(&vector, &project.reference);
            project.codes.set(place, &code);
        }
        Ok(())
    }

    pub fn projects_in<'s>(&'s self, scope: &'s Scope) -> Box<dyn Iterator<Item = &'s Project> + 's> {
        match scope {
            Scope::All => Box::new(self.by_project.iter()),
            Scope::Projects(names) => {
                let numbers = names.iter().filter_map(|name| self.projects.get(name));
                Box::new(numbers.map(|number| &self.by_project[*number as usize]))
            }
        }
    }

    fn nearest_in(
        &self,
        project: &Project,
        question: &Question,
        wanted: &Wanted<'_>,
    ) -> io::Result<Vec<(u32, f32)>> {
        let Some(vector) = &question.vector else { return Ok(Vec::new()) };
        let centred = Centred::new(vector, project.statistics.mean());
        let passing = self.passing(project, wanted);
        let code = project.codes.encode(vector, &project.reference);
        let near = LOOKED_AT.max(LOOKED_AT_FOR_EACH * wanted.limit);
        let chosen = project.codes.nearest(&code, passing.as_deref(), NEAREST_FOR_EACH * near);
        let chosen = project.codes.likest(&centred.question, chosen, near);
        let chosen: Vec<u32> = chosen.into_iter().map(|place| project.slots[place as usize]).collect();
        let mut near = Vec::with_capacity(chosen.len());
        let mut vector = Vec::new();
        self.read(&chosen, |at, record| {
            record.vector(&mut vector);
            near.push((chosen[at], centred.cosine(&vector)));
        })?;
        Ok(near)
    }

    /// The places in a project of what may be found, in their order; `None`: all.
    fn passing(&self, project: &Project, wanted: &Wanted<'_>) -> Option<Vec<u32>> {
        let is_of_kind = |slot: &Slot| wanted.kinds.is_empty() || wanted.kinds.contains(&slot.kind);
        match &wanted.positions {
            None if wanted.kinds.is_empty() => None,
            Some(positions) if positions.len() < (project.slots.len() / LOOKED_UP) as u64 => {
                let mut places = Vec::new();
                for slot in positions.iter().flat_map(|position| self.of(position)) {
                    if is_of_kind(&self.all[slot as usize])
                        && let Ok(place) = project.slots.binary_search(&slot)
                    {
                        places.push(place as u32);
                    }
                }
                places.sort_unstable();
                Some(places)
            }
            positions => {
                let passes = |slot: &Slot| {
                    is_of_kind(slot) && positions.as_ref().is_none_or(|all| all.contains(slot.position))
                };
                let found = in_pieces(project.slots.len(), |piece| {
                    let mut places = Vec::new();
                    for place in piece {
                        if passes(&self.all[project.slots[place] as usize]) {
                            places.push(place as u32);
                        }
                    }
                    places
                });
                Some(found.concat())
            }
        }
    }

    /// Tells `each` the records of slots by their places in `slots`, in the order of the file; those that stand near
    /// each other are read at once.
    ///
    /// # Errors
    /// I/O.
    pub fn read(&self, slots: &[u32], mut each: impl FnMut(usize, Record<'_>)) -> io::Result<()> {
        let slot = |at: &usize| &self.all[slots[*at] as usize];
        let length = |slot: &Slot| self.dimensions + SCALE + 2 * usize::from(slot.tokens);
        let end = |slot: &Slot| slot.at + length(slot) as u64;
        let mut order: Vec<usize> = (0..slots.len()).collect();
        order.sort_unstable_by_key(|at| slot(at).at);
        let mut bytes = Vec::new();
        for run in order.chunk_by(|one, next| slot(next).at <= end(slot(one)) + NEAR) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            let begin = slot(first).at;
            bytes.resize((end(slot(last)) - begin) as usize, 0);
            self.file.read_exact_at(&mut bytes, begin)?;
            for at in run {
                let record = &bytes[(slot(at).at - begin) as usize..][..length(slot(at))];
                let (vector, tokens) = record.split_at(self.dimensions + SCALE);
                each(*at, Record { vector, tokens });
            }
        }
        Ok(())
    }

    /// The slots of a row, in the order of its text.
    pub fn of(&self, position: u64) -> impl Iterator<Item = u32> + '_ {
        let first = self.first.get(&position).copied();
        let same = move |slot: &u32| self.all.get(*slot as usize).is_some_and(|one| one.position == position);
        first.into_iter().flat_map(move |first| (first..).take_while(same))
    }
}

/// A question less the mean of the texts that it is compared with.
pub(super) struct Centred {
    question: Vec<f32>,
    mean: Vec<f32>,
}

impl Centred {
    pub fn new(question: &[f32], mean: Vec<f32>) -> Self {
        let mut question: Vec<f32> = question.iter().zip(&mean).map(|(number, mean)| number - mean).collect();
        athena_store::embed::normalize(&mut question);
        Self { question, mean }
    }

    /// Its cosine with a vector less the same mean.
    pub fn cosine(&self, vector: &[f32]) -> f32 {
        let (dot, square) = dot_and_square(vector, &self.mean, &self.question);
        if square > 0.0 { dot / square.sqrt() } else { 0.0 }
    }
}

/// The product of a vector less `mean` with a question, and with itself.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"))]
fn dot_and_square(vector: &[f32], mean: &[f32], question: &[f32]) -> (f32, f32) {
    let (vector, vector_rest) = vector.as_chunks::<LANES>();
    let (mean, mean_rest) = mean.as_chunks::<LANES>();
    let (question, question_rest) = question.as_chunks::<LANES>();
    let (mut dots, mut squares) = ([0.0; LANES], [0.0; LANES]);
    for ((numbers, means), questions) in vector.iter().zip(mean).zip(question) {
        for lane in 0..LANES {
            let number = numbers[lane] - means[lane];
            dots[lane] += number * questions[lane];
            squares[lane] += number * number;
        }
    }
    let (mut dot, mut square) = (dots.iter().sum::<f32>(), squares.iter().sum::<f32>());
    for ((number, mean), question) in vector_rest.iter().zip(mean_rest).zip(question_rest) {
        let number = number - mean;
        dot += number * question;
        square += number * number;
    }
    (dot, square)
}

/// A vector in one byte a number, what to multiply them by, and the bytes of the tokens.
fn record(vector: &[f32], tokens: &[u8]) -> Vec<u8> {
    let largest = vector.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
    let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
    let numbers = vector.iter().map(|number| ((number / scale).round() as i8).cast_unsigned());
    numbers.chain(scale.to_le_bytes()).chain(tokens.iter().copied()).collect()
}

/// What stands in the file of a slot.
pub(super) struct Record<'r> {
    /// The numbers and their scale.
    vector: &'r [u8],
    tokens: &'r [u8],
}

impl Record<'_> {
    /// Reads the vector into `vector`.
    pub fn vector(&self, vector: &mut Vec<f32>) {
        numbers(self.vector, vector);
    }

    pub fn tokens(&self) -> impl Iterator<Item = u16> + '_ {
        tokens(self.tokens)
    }
}

/// Reads the vector of a record that has no tokens.
fn numbers(record: &[u8], vector: &mut Vec<f32>) {
    let Some((numbers, scale)) = record.split_last_chunk::<SCALE>() else { return };
    let scale = f32::from_le_bytes(*scale);
    vector.resize(numbers.len(), 0.0);
    scaled(numbers, scale, vector);
}

#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"))]
fn scaled(bytes: &[u8], scale: f32, numbers: &mut [f32]) {
    numbers.iter_mut().zip(bytes).for_each(|(number, byte)| *number = scale * f32::from(byte.cast_signed()));
}

fn tokens(bytes: &[u8]) -> impl Iterator<Item = u16> + '_ {
    bytes.as_chunks().0.iter().map(|two| u16::from_le_bytes(*two))
}

#[cfg(test)]
mod tests {
    use athena_schemas::Vector;

    use super::*;

    async fn rows(index: &VectorIndex, project: &str, position: u64, text: &str) -> Vec<Embedding> {
        let chunks = index.model.clone().embed(vec![text.to_owned()]).await.unwrap().remove(0);
        let row = |(chunk, number): (athena_store::embed::Chunk, i32)| Embedding {
            project: project.into(),
            kind: "event".into(),
            chunk: number,
            model: index.model().into(),
            vector: Vector(chunk.vector),
            tokens: Some(chunk.tokens.iter().flat_map(|token| token.to_le_bytes()).collect()),
            position,
            ..Embedding::default()
        };
        chunks.into_iter().zip(0..).map(row).collect()
    }

    async fn asked(index: &VectorIndex, question: &str) -> Question {
        index.question(question, index.vector(question).await)
    }

    async fn found(index: &VectorIndex, question: &str, wanted: Wanted<'_>) -> Vec<u64> {
        let near = index.nearest(&asked(index, question).await, &wanted).unwrap();
        near.into_iter().map(|near| near.position).collect()
    }

    #[tokio::test]
    async fn the_nearest_of_a_scope_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let index = VectorIndex::new(StaticTable::built_in(), folder.path(), Arc::default()).unwrap();
        let long = format!("{} the cat sleeps on the roof {}", "alpha ".repeat(300), "beta ".repeat(300));
        let texts = ["orders are stored in PostgreSQL", "the train to Bremen is late", long.as_str()];
        for (position, text) in texts.iter().enumerate() {
            let rows = rows(&index, "p", position as u64, text).await;
            // A text may come in two batches, and again.
            index.take(&rows[..1]).unwrap();
            index.take(&rows).unwrap();
            index.take(&rows).unwrap();
        }
        index.take(&rows(&index, "q", 9, "the database of orders is PostgreSQL").await).unwrap();
        assert_eq!(index.slots.read().of(2).count(), 4);

        let (p, all) = (Scope::Projects(vec!["p".into()]), Scope::All);
        let wanted = |scope, positions| Wanted { scope, kinds: &[], positions, limit: 2 };
        assert_eq!(found(&index, "which database has the orders", wanted(&p, None)).await[0], 0);
        assert!(!found(&index, "which database has the orders", wanted(&p, None)).await.contains(&9));
        assert_eq!(found(&index, "which database has the orders", wanted(&all, None)).await, [9, 0]);
        assert_eq!(found(&index, "kitten on a roof", wanted(&p, Some([1].into()))).await, [1]);
        let memories = Wanted { kinds: &[Kind::Memory], ..wanted(&p, None) };
        assert_eq!(found(&index, "kitten on a roof", memories).await, [0; 0]);

        let there = HashSet::from([0, 2, 9]);
        assert_eq!((index.keep_only(&there).unwrap(), index.keep_only(&there).unwrap()), (1, 0));
        assert!(!found(&index, "the train to Bremen", wanted(&p, None)).await.contains(&1));
        assert_eq!(index.tokens_at(1).unwrap(), Vec::<Vec<u16>>::new());
        assert_eq!(found(&index, "kitten on a roof", wanted(&p, None)).await[0], 2);
        index.take(&rows(&index, "p", 1, texts[1]).await).unwrap();

        let question = asked(&index, "is there a cat").await;
        let like = index.compare(&question, &p, &[1, 2, 77]).unwrap();
        let [one, other] = [0, 1].map(|at| like[at].unwrap());
        assert!(other.soft > one.soft && other.local > one.local, "{like:?}");
        assert_eq!(like[2], None);

        // While the model cannot be asked, nothing is near, and words are compared all the same.
        let question = index.question("is there a cat", None);
        assert!(index.nearest(&question, &wanted(&p, None)).unwrap().is_empty());
        let like = index.compare(&question, &p, &[1, 2]).unwrap();
        let [one, other] = [0, 1].map(|at| like[at].unwrap());
        assert!(other.soft > one.soft && other.general == 0.0, "{like:?}");

        // Rows of another model are none of this one's.
        let foreign = rows(&index, "p", 20, "a cat").await.into_iter();
        let foreign: Vec<_> = foreign.map(|row| Embedding { model: "other".into(), ..row }).collect();
        index.take(&foreign).unwrap();
        assert_eq!(index.slots.read().of(20).count(), 0);
    }

    #[tokio::test]
    async fn of_many_slots_a_few_are_looked_up() {
        let folder = tempfile::tempdir().unwrap();
        let index = VectorIndex::new(StaticTable::built_in(), folder.path(), Arc::default()).unwrap();
        for position in 0..3 * LOOKED_UP as u64 {
            index.take(&rows(&index, "p", position, &format!("train {position} is late")).await).unwrap();
        }
        index.take(&rows(&index, "q", 1_000, "train 7 is late").await).unwrap();
        let p = Scope::Projects(vec!["p".into()]);
        let wanted = |positions: &[u64]| {
            let positions = Some(positions.iter().copied().collect());
            Wanted { scope: &p, kinds: &[], positions, limit: 20 }
        };
        for positions in [&[7, 1_000][..], &[7, 77_777], &[7, 1_000, 77_777, 77_778]] {
            assert_eq!(found(&index, "which train is late", wanted(positions)).await, [7]);
            let memories = Wanted { kinds: &[Kind::Memory], ..wanted(positions) };
            assert_eq!(found(&index, "which train is late", memories).await, [0; 0]);
        }
    }

    #[test]
    fn a_vector_survives_its_record() {
        let vector: Vec<f32> = (0..384).map(|at| (at as f32 - 100.0) / 1000.0).collect();
        let mut read = Vec::new();
        numbers(&record(&vector, &[]), &mut read);
        // Half a step of 127 to the largest number, which is .283.
        assert!(vector.iter().zip(&read).all(|(one, other)| (one - other).abs() < 0.00112));
    }

    #[test]
    fn the_nearest_are_found_while_a_writer_waits_for_a_reader() {
        let folder = tempfile::tempdir().unwrap();
        let index = VectorIndex::new(StaticTable::built_in(), folder.path(), Arc::default()).unwrap();
        let index = Arc::new(index);
        let reads = index.slots.read();
        let (writer, reader) = (index.clone(), index.clone());
        let writes = std::thread::spawn(move || writer.take(&[]).unwrap());
        while index.slots.try_read().is_some() {
            std::thread::yield_now();
        }
        let (told, found) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let question =
                reader.question("where are orders stored", Some(vec![0.0; reader.model.dimensions()]));
            let wanted = Wanted { scope: &Scope::All, kinds: &[], positions: None, limit: 1 };
            told.send(reader.nearest(&question, &wanted).unwrap().len()).unwrap();
        });
        assert_eq!(found.recv_timeout(Duration::from_secs(10)), Ok(0));
        drop(reads);
        writes.join().unwrap();
    }
}
