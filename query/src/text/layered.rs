//! A directory whose newest files are in memory: commits cost no disk, a checkpoint keeps them.
//!
//! ```text
//! new files ─▶ memory ─▶ checkpoint: what still lives ─▶ disk, `meta.json` last
//! ```
//!
//! Most files of a followed index live for seconds: small segments, soon merged. What dies before a
//! checkpoint never touches the disk. After a crash the disk has the last checkpoint, whole.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, TerminatingWrite,
    WatchCallback, WatchHandle, WritePtr,
};

/// Names the segments of a commit; written last.
const META: &str = "meta.json";

#[derive(Debug, Clone)]
pub struct Layered {
    disk: MmapDirectory,
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    files: RwLock<Files>,
    /// Held while files move to the disk or are removed from it.
    moving: Mutex<()>,
}

#[derive(Debug, Default)]
struct Files {
    /// In memory only, or newer than on disk.
    fresh: BTreeMap<PathBuf, OwnedBytes>,
    bytes: usize,
    /// On disk, and removed by the next checkpoint: the last one may still name them.
    gone: BTreeSet<PathBuf>,
}

impl Files {
    fn put(&mut self, path: PathBuf, content: OwnedBytes) {
        self.gone.remove(&path);
        self.bytes += content.len();
        let before = self.fresh.insert(path, content);
        self.bytes -= before.map_or(0, |content| content.len());
    }
}

impl Layered {
    pub fn open(directory: &Path) -> tantivy::Result<Self> {
        Ok(Self { disk: MmapDirectory::open(directory)?, inner: Arc::default() })
    }

    /// Bytes that only memory has.
    pub fn fresh_bytes(&self) -> usize {
        self.inner.files.read().bytes
    }

    /// Makes the newest commit durable.
    ///
    /// # Errors
    /// I/O; the disk has the checkpoint before then.
    pub fn checkpoint(&self) -> io::Result<()> {
        let _moving = self.inner.moving.lock();
        let (fresh, gone) = {
            let files = self.inner.files.read();
            (files.fresh.clone(), files.gone.clone())
        };
        let (named, segments): (Vec<_>, Vec<_>) = fresh.iter().partition(|(path, _)| is_replaced(path));
        for (path, content) in segments {
            self.write(path, content)?;
        }
        self.disk.sync_directory()?;
        // What names all files comes before what names those of the commit.
        let (meta, others): (Vec<_>, Vec<_>) = named.into_iter().partition(|(path, _)| path.ends_with(META));
        for (path, content) in others.into_iter().chain(meta) {
            self.disk.atomic_write(path, content)?;
        }
        self.disk.sync_directory()?;
        let mut files = self.inner.files.write();
        for (path, content) in fresh {
            // What was replaced meanwhile is newer than on disk again.
            let same = files.fresh.get(&path).is_some_and(|now| now.as_ptr() == content.as_ptr());
            if same {
                files.fresh.remove(&path);
                files.bytes -= content.len();
            }
        }
        for path in gone {
            files.gone.remove(&path);
            // What is left is removed when the index is opened.
            let _ = self.disk.delete(&path);
        }
        Ok(())
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let mut file = match self.disk.open_write(path) {
            // Of a checkpoint that was cut short.
            Err(OpenWriteError::FileAlreadyExists(_)) => {
                self.disk.delete(path).map_err(io::Error::other)?;
                self.disk.open_write(path).map_err(io::Error::other)?
            }
            opened => opened.map_err(io::Error::other)?,
        };
        file.write_all(content)?;
        file.terminate()
    }
}

/// Whether a file's content changes; all others are written once.
fn is_replaced(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
}

impl Directory for Layered {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let fresh = self.inner.files.read().fresh.get(path).cloned();
        match fresh {
            Some(content) => Ok(Arc::new(content)),
            None => self.disk.get_file_handle(path),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let _moving = self.inner.moving.lock();
        let on_disk = self.disk.exists(path).unwrap_or(true);
        let mut files = self.inner.files.write();
        let fresh = files.fresh.remove(path);
        files.bytes -= fresh.as_ref().map_or(0, |content| content.len());
        if fresh.is_none() && (!on_disk || files.gone.contains(path)) {
            return Err(DeleteError::FileDoesNotExist(path.to_owned()));
        }
        if on_disk {
            files.gone.insert(path.to_owned());
        }
        Ok(())
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        let files = self.inner.files.read();
        Ok(files.fresh.contains_key(path) || (!files.gone.contains(path) && self.disk.exists(path)?))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let taken = self.exists(path).unwrap_or(true);
        if taken {
            return Err(OpenWriteError::FileAlreadyExists(path.to_owned()));
        }
        let writing = Writing { path: path.to_owned(), content: Vec::new(), inner: self.inner.clone() };
        Ok(BufWriter::new(Box::new(writing)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let fresh = self.inner.files.read().fresh.get(path).cloned();
        match fresh {
            Some(content) => Ok(content.to_vec()),
            None => self.disk.atomic_read(path),
        }
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.inner.files.write().put(path.to_owned(), OwnedBytes::new(data.to_vec()));
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.disk.acquire_lock(lock)
    }

    /// Nobody is told: readers are reloaded by who commits.
    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}

/// A file that is being written.
struct Writing {
    path: PathBuf,
    content: Vec<u8>,
    inner: Arc<Inner>,
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.content.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TerminatingWrite for Writing {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        let content = OwnedBytes::new(std::mem::take(&mut self.content));
        self.inner.files.write().put(std::mem::take(&mut self.path), content);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(directory: &Layered, path: &str, content: &[u8]) {
        let mut file = directory.open_write(Path::new(path)).unwrap();
        file.write_all(content).unwrap();
        file.terminate().unwrap();
    }

    fn read(directory: &Layered, path: &str) -> Option<Vec<u8>> {
        let slice = directory.open_read(Path::new(path)).ok()?;
        Some(slice.read_bytes().unwrap().to_vec())
    }

    #[test]
    fn the_disk_has_the_last_checkpoint() {
        let folder = tempfile::tempdir().unwrap();
        let names = || {
            let mut names: Vec<_> = std::fs::read_dir(folder.path())
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .filter(|name| !name.contains("lock"))
                .collect();
            names.sort();
            names
        };
        let directory = Layered::open(folder.path()).unwrap();
        write(&directory, "a.idx", b"first");
        directory.atomic_write(Path::new(META), b"a").unwrap();
        assert!(names().is_empty(), "nothing before a checkpoint");
        assert_eq!(read(&directory, "a.idx").as_deref(), Some(&b"first"[..]));
        assert_eq!(directory.fresh_bytes(), 6);
        directory.checkpoint().unwrap();
        assert_eq!((names(), directory.fresh_bytes()), (vec!["a.idx".into(), META.into()], 0));

        // Merged away: gone for readers, on disk until the next checkpoint; what came between leaves no trace.
        write(&directory, "b.idx", b"short-lived");
        write(&directory, "c.idx", b"merged");
        directory.atomic_write(Path::new(META), b"c").unwrap();
        directory.delete(Path::new("a.idx")).unwrap();
        directory.delete(Path::new("b.idx")).unwrap();
        assert!(!directory.exists(Path::new("a.idx")).unwrap());
        assert!(directory.delete(Path::new("a.idx")).is_err());
        let crashed = Layered::open(folder.path()).unwrap();
        assert_eq!(crashed.atomic_read(Path::new(META)).unwrap(), b"a");
        assert!(read(&crashed, "a.idx").is_some() && read(&crashed, "c.idx").is_none());
        directory.checkpoint().unwrap();
        assert_eq!(names(), ["c.idx", META]);
        assert_eq!(read(&directory, "c.idx").as_deref(), Some(&b"merged"[..]));
        let again = directory.open_write(Path::new("c.idx"));
        assert!(matches!(again, Err(OpenWriteError::FileAlreadyExists(_))));
    }
}
