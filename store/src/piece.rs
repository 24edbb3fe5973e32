//! Pieces of tables: a fragment with its files, as a disk has them. Whoever remembers pieces reads again only what is new,
//! or was touched.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use athena_schemas::Table;
use lance_table::format::Fragment;

use crate::disk::files_of;
use crate::{Snapshot, Store};

/// A fragment and its files as they are: what writes to one of them changes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub(crate) fragment: Fragment,
    files: Vec<File>,
}

#[derive(Debug, Clone, PartialEq)]
struct File {
    size: u64,
    inode: u64,
    /// When it was changed last, which nobody can say otherwise: seconds and nanoseconds.
    changed: (i64, i64),
}

impl Store {
    /// The pieces of a table of a snapshot, in its order; `None` where no disk is asked, or it has not all of them.
    pub fn pieces(&self, snapshot: &Snapshot, table: &Table) -> Option<Vec<Piece>> {
        let root = self.location.directory()?.join(format!("tables/{}.lance", table.name));
        let piece = |fragment: &Fragment| {
            let files = files_of(fragment).map(|file| File::at(&root.join(file)));
            Some(Piece { fragment: fragment.clone(), files: files.collect::<Option<_>>()? })
        };
        snapshot.dataset(table).manifest().fragments.iter().map(piece).collect()
    }
}

impl File {
    fn at(path: &Path) -> Option<Self> {
        let found = std::fs::metadata(path).ok()?;
        Some(Self { size: found.size(), inode: found.ino(), changed: (found.ctime(), found.ctime_nsec()) })
    }
}
