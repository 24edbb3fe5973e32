//! The code of projects: read from this machine's disk into events, and the events into a graph in memory.
//!
//! ```text
//! code.index, changes of files ─▶ disk ─▶ outlines ─▶ events `code_index` ─▶ known ─▶ operations
//! ```
//!
//! What is known is derived from the events alone, wherever they came from; only reading the disk is of this
//! machine.

mod disk;
mod follow;
mod index;
mod known;
mod roots;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use athena_learn::code::Language;
use athena_schemas::Error;
use parking_lot::Mutex;

use roots::Roots;

pub use disk::root_of;
pub use follow::follow;
pub use index::{IndexRun, Plan, start};
pub use known::{Known, known};

/// Projects whose code is kept in memory, and index runs that are remembered.
const MOST_PROJECTS: usize = 8;
const MOST_RUNS: usize = 50;

/// What this server knows of code.
pub struct Code {
    /// By project, with a clock of use.
    known: Mutex<Kept>,
    pub runs: Mutex<Vec<IndexRun>>,
    roots: Roots,
    /// Folders that callers who are no admins may index.
    allowed: Vec<PathBuf>,
}

#[derive(Default)]
struct Kept {
    projects: HashMap<String, (u64, Arc<tokio::sync::Mutex<Known>>)>,
    uses: u64,
}

impl Code {
    /// `folder` is where this node keeps what it derives.
    pub fn new(folder: &Path, allowed: &[PathBuf]) -> Self {
        let allowed = allowed.iter().filter_map(|path| path.canonicalize().ok()).collect();
        Self { known: Mutex::default(), runs: Mutex::default(), roots: Roots::open(folder), allowed }
    }

    /// What is kept of a project; of the one that was not asked about for longest nothing is kept any more.
    fn of(&self, project: &str) -> Arc<tokio::sync::Mutex<Known>> {
        let mut kept = self.known.lock();
        kept.uses += 1;
        let now = kept.uses;
        if !kept.projects.contains_key(project) && kept.projects.len() >= MOST_PROJECTS {
            let oldest = kept.projects.iter().min_by_key(|(_, (used, _))| *used);
            if let Some(oldest) = oldest.map(|(project, _)| project.clone()) {
                kept.projects.remove(&oldest);
            }
        }
        let (used, known) = kept.projects.entry(project.to_owned()).or_default();
        *used = now;
        known.clone()
    }

    fn remember(&self, run: IndexRun) {
        let mut runs = self.runs.lock();
        let over = (runs.len() + 1).saturating_sub(MOST_RUNS);
        runs.drain(..over);
        runs.push(run);
    }

    /// Whether a caller who is no admin may index a path.
    pub fn may_be_read(&self, path: &Path) -> bool {
        self.allowed.iter().any(|root| path.starts_with(root))
    }
}

/// Does what blocks away from the threads that answer.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Error::internal(format!("code: {error}")))
}

/// Everything at or below a path.
pub fn index_of(path: PathBuf, languages: Vec<Language>) -> index::What {
    index::What::Below(path, languages)
}
