//! Durability on a local disk: what a manifest refers to is synced before the manifest is published,
//! and the manifest before anybody is told. Lance itself syncs nothing, and its local writer passes over an
//! error of a file's last write (`LocalWriter::poll_shutdown` of lance-io 14): so each file is also held
//! against what its format ends with.

use std::collections::HashSet;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lance_table::format::{Fragment, IndexMetadata, MAGIC, Manifest};
use lance_table::io::deletion::relative_deletion_file_path;
use parking_lot::Mutex;
use roaring::RoaringBitmap;

/// One step that made something durable, in order: what the test of durability replays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Synced {
    File(PathBuf),
    Directory(PathBuf),
    /// A commit was acknowledged: everything it needs must stand above.
    Acknowledged(PathBuf),
}

/// The files of one table that are known to be durable.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    durable: Mutex<HashSet<String>>,
    recorder: Option<Arc<Mutex<Vec<Synced>>>>,
}

impl Disk {
    pub fn new(root: PathBuf, recorder: Option<Arc<Mutex<Vec<Synced>>>>) -> Self {
        Self { root, durable: Mutex::default(), recorder }
    }

    /// Takes everything that a published manifest refers to as durable: its writer saw to that.
    pub fn trust(&self, manifest: &Manifest) {
        let mut durable = self.durable.lock();
        durable.extend(files(manifest));
    }

    /// Syncs files of rows that no version refers to yet, so that their commit waits for its manifest alone.
    ///
    /// # Errors
    /// `StorageFull` for a file that was cut off, which is removed.
    pub fn staged(&self, fragments: &[Fragment]) -> std::io::Result<()> {
        self.make_durable(fragments.iter().flat_map(files_of), &[])
    }

    /// Syncs all files that `manifest` refers to and that are not durable yet, and their directories.
    ///
    /// # Errors
    /// `StorageFull` for a file that was cut off, which is removed: no version refers to it.
    pub fn before_commit(&self, manifest: &Manifest, indices: &[IndexMetadata]) -> std::io::Result<()> {
        self.make_durable(files(manifest), indices)?;
        let mut durable = self.durable.lock();
        // What compaction and cleanup removed need not be remembered.
        if durable.len() > 4096 + 2 * manifest.fragments.len() {
            *durable = files(manifest)
                .chain(indices.iter().map(|index| format!("_indices/{}", index.uuid)))
                .collect();
        }
        Ok(())
    }

    fn make_durable(
        &self,
        files: impl Iterator<Item = String>,
        indices: &[IndexMetadata],
    ) -> std::io::Result<()> {
        let missing: Vec<String> = {
            let durable = self.durable.lock();
            files.filter(|file| !durable.contains(file)).collect()
        };
        let mut directories = HashSet::new();
        for file in &missing {
            let path = self.root.join(file);
            self.sync_whole(&path)?;
            directories.extend(path.parent().map(Path::to_owned));
        }
        let mut synced_indices = Vec::new();
        for index in indices {
            let name = format!("_indices/{}", index.uuid);
            if self.durable.lock().contains(&name) {
                continue;
            }
            let folder = self.root.join(&name);
            if folder.is_dir() {
                for entry in std::fs::read_dir(&folder)? {
                    let path = entry?.path();
                    if path.is_file() {
                        self.sync_whole(&path)?;
                    }
                }
                directories.insert(folder);
                directories.insert(self.root.join("_indices"));
            }
            synced_indices.push(name);
        }
        for directory in &directories {
            self.sync_directory(directory)?;
        }
        // A new folder (`data`, `_deletions`, `_indices`) is an entry of the table's own directory.
        if !directories.is_empty() && self.durable.lock().is_empty() {
            self.sync_directory(&self.root)?;
        }
        let mut durable = self.durable.lock();
        durable.extend(missing);
        durable.extend(synced_indices);
        Ok(())
    }

    /// Syncs the published manifest. After this the commit may be acknowledged.
    pub fn after_commit(&self, manifest: &Path) -> std::io::Result<()> {
        self.sync_file(manifest)?;
        let versions = self.root.join("_versions");
        self.sync_directory(&versions)?;
        if self.durable.lock().insert("_versions".into()) {
            self.sync_directory(&self.root)?;
            self.root.parent().map_or(Ok(()), |parent| self.sync_directory(parent))?;
        }
        self.record(Synced::Acknowledged(manifest.to_owned()));
        Ok(())
    }

    fn sync_whole(&self, path: &Path) -> std::io::Result<()> {
        if !is_whole(path)? {
            std::fs::remove_file(path)?;
            let message = format!("{}: cut off while it was written", path.display());
            return Err(std::io::Error::new(ErrorKind::StorageFull, message));
        }
        self.sync_file(path)
    }

    fn sync_file(&self, path: &Path) -> std::io::Result<()> {
        sync(path)?;
        self.record(Synced::File(path.to_owned()));
        Ok(())
    }

    fn sync_directory(&self, path: &Path) -> std::io::Result<()> {
        sync(path)?;
        self.record(Synced::Directory(path.to_owned()));
        Ok(())
    }

    fn record(&self, step: Synced) {
        if let Some(recorder) = &self.recorder {
            recorder.lock().push(step);
        }
    }
}

/// Data and deletion files that a manifest refers to, relative to the table.
fn files(manifest: &Manifest) -> impl Iterator<Item = String> + '_ {
    manifest.fragments.iter().flat_map(files_of)
}

/// Those of one fragment.
pub(crate) fn files_of(fragment: &Fragment) -> impl Iterator<Item = String> + '_ {
    let data = fragment.files.iter().map(|file| format!("data/{}", file.path));
    let deletions = fragment.deletion_file.iter();
    data.chain(deletions.map(|file| relative_deletion_file_path(fragment.id, file)))
}

/// Whether a data, index or deletion file goes to its end.
fn is_whole(path: &Path) -> std::io::Result<bool> {
    let mut file = File::open(path)?;
    let end: &[u8] = match path.extension().and_then(|extension| extension.to_str()) {
        Some("lance") => MAGIC,
        Some("arrow") => b"ARROW1",
        // A bitmap says at its beginning how long it is.
        _ => return Ok(RoaringBitmap::deserialize_from(BufReader::new(file)).is_ok()),
    };
    let mut found = Vec::with_capacity(end.len());
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(end.len() as u64)))?;
    file.read_to_end(&mut found)?;
    Ok(found == end)
}

/// Waits until the disk has the file or directory.
pub(crate) fn sync(path: &Path) -> std::io::Result<()> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(|e| std::io::Error::new(e.kind(), format!("sync {}: {e}", path.display())))
}

/// Makes a directory that only its owner enters, and those above it as they usually are. One that is there stays as it
/// is.
pub(crate) fn make_private(directory: &Path) -> std::io::Result<()> {
    directory.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    match DirBuilder::new().mode(0o700).create(directory) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && directory.is_dir() => Ok(()),
        made => made,
    }
}

/// Writes a file that only its owner reads, whole, unless it is there. Says whether it was written.
pub(crate) fn create_private(path: &Path, bytes: &[u8]) -> std::io::Result<bool> {
    let beside = path.with_extension(format!("{:016x}", rand::random::<u64>()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| std::fs::hard_link(&beside, path));
    std::fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        linked => linked?,
    }
    path.parent().map_or(Ok(()), sync)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, Int64Array, RecordBatch};
    use lance::dataset::InsertBuilder;
    use lance::dataset::transaction::Operation;

    use super::*;

    /// Lance says of a file that it is written when its last write found no room.
    #[tokio::test]
    async fn a_file_that_was_cut_off_is_not_staged() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("t.lance");
        let disk = Disk::new(root.clone(), None);
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..100));
        let rows = RecordBatch::try_from_iter([("n", numbers)]).unwrap();
        for cut in [0, 1, 4, 1000, u64::MAX] {
            let insert = InsertBuilder::new(root.to_str().unwrap());
            let staged = insert.execute_uncommitted(vec![rows.clone()]).await.unwrap();
            let (Operation::Overwrite { fragments, .. } | Operation::Append { fragments }) = staged.operation
            else {
                panic!("not rows: {:?}", staged.operation);
            };
            let path = root.join("data").join(&fragments[0].files[0].path);
            let file = File::options().write(true).open(&path).unwrap();
            file.set_len(file.metadata().unwrap().len().saturating_sub(cut)).unwrap();
            let done = disk.staged(&fragments);
            let refused = done.err().map(crate::Error::from);
            assert_eq!(refused.map(|error| error.is_full()), (cut > 0).then_some(true), "{cut}");
            assert_eq!(path.exists(), cut == 0, "what was cut off is removed");
        }
    }

    #[test]
    fn what_was_cut_off_is_noticed_in_every_format() {
        let folder = tempfile::tempdir().unwrap();
        let mut bitmap = Vec::new();
        RoaringBitmap::from_iter([1, 5, 70_000]).serialize_into(&mut bitmap).unwrap();
        let formats =
            [("a.lance", b"rows LANC".to_vec()), ("a.arrow", b"rows ARROW1".to_vec()), ("a.bin", bitmap)];
        for (name, bytes) in formats {
            let path = folder.path().join(name);
            for length in 0..=bytes.len() {
                std::fs::write(&path, &bytes[..length]).unwrap();
                assert_eq!(is_whole(&path).unwrap(), length == bytes.len(), "{name}, {length} bytes");
            }
        }
    }
}
