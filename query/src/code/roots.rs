//! The folders that were indexed on this machine, by project: a small file beside the indexes of this node.
//!
//! What events say of roots is never read from disk: anybody may send an event.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tracing::warn;

const FILE: &str = "code-roots.json";
/// Roots that are followed.
const MOST: usize = 1_000;

/// A folder that was indexed for a project, by whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Root {
    pub project: String,
    pub folder: PathBuf,
    pub actor: String,
}

pub struct Roots {
    file: PathBuf,
    all: Mutex<BTreeSet<Root>>,
}

impl Roots {
    pub fn open(folder: &Path) -> Self {
        let file = folder.join(FILE);
        let read = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { file, all: Mutex::new(read.unwrap_or_default()) }
    }

    /// Those of a project.
    pub fn of(&self, project: &str) -> Vec<Root> {
        self.all.lock().iter().filter(|root| root.project == project).cloned().collect()
    }

    pub fn is_empty(&self) -> bool {
        self.all.lock().is_empty()
    }

    /// Keeps a root; blocks. A file that cannot be written is told, and the root followed until the end.
    pub fn add(&self, root: Root) {
        let mut all = self.all.lock();
        let known = all.iter().any(|one| one.project == root.project && one.folder == root.folder);
        if known || all.len() >= MOST {
            return;
        }
        all.insert(root);
        let text = serde_json::to_vec(&*all).expect("plain data is JSON");
        let beside = self.file.with_extension("new");
        let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &self.file));
        if let Err(error) = written {
            warn!(%error, file = %self.file.display(), "roots of code not kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let roots = Roots::open(folder.path());
        let root = Root { project: "p".into(), folder: "/srv".into(), actor: "ann".into() };
        roots.add(root.clone());
        roots.add(Root { actor: "bob".into(), ..root.clone() });
        assert_eq!(Roots::open(folder.path()).of("p"), [root]);
        assert!(Roots::open(folder.path()).of("q").is_empty());
    }
}
