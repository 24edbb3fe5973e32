//! Pieces of tables: a fragment with its files, as a disk has them. Whoever remembers pieces reads again only what is new,
//! or was touched.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::UInt64Type;
use athena_schemas::Table;
use lance_core::ROW_ADDR;
use lance_core::utils::address::RowAddress;
use lance_table::format::Fragment;

use crate::disk::files_of;
use crate::{Snapshot, Store};

/// A fragment and its files as they are: what writes to one of them changes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub(crate) fragment: Fragment,
    /// `None` where no disk is asked, or it has not all of them.
    files: Option<Vec<File>>,
}

impl Piece {
    /// By which `pieces_of` tells it.
    pub fn number(&self) -> u64 {
        self.fragment.id
    }

    /// Whether it is as another was, and nobody wrote to its files since.
    pub fn stands_as(&self, other: &Self) -> bool {
        self.files.is_some() && self == other
    }
}

#[derive(Debug, Clone, PartialEq)]
struct File {
    size: u64,
    inode: u64,
    /// When it was changed last, which nobody can say otherwise: seconds and nanoseconds.
    changed: (i64, i64),
}

/// The numbers of the pieces that rows are of, by their `_rowaddr`.
pub fn pieces_of(rows: &RecordBatch) -> Vec<u64> {
    let number = |address: &u64| RowAddress::new_from_u64(*address).fragment_id().into();
    rows[ROW_ADDR].as_primitive::<UInt64Type>().values().iter().map(number).collect()
}

impl Store {
    /// The pieces of a table of a snapshot, in its order.
    pub fn pieces(&self, snapshot: &Snapshot, table: &Table) -> Vec<Piece> {
        let root =
            self.location.directory().map(|folder| folder.join(format!("tables/{}.lance", table.name)));
        let piece = |fragment: &Fragment| {
            let at = |root: &PathBuf| files_of(fragment).map(|file| File::at(&root.join(file))).collect();
            Piece { fragment: fragment.clone(), files: root.as_ref().and_then(at) }
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
