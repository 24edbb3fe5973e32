//! The lock of an embedded directory: one process holds it and writes where it can be reached.

use std::fmt;
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Who holds the directory, and at which address it serves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub pid: u32,
    /// `http://host:port`; `None` while it is starting.
    pub address: Option<String>,
    /// The directory.
    pub directory: PathBuf,
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is held by process {}", self.directory.display(), self.pid)?;
        match &self.address {
            Some(address) => write!(f, ", which serves it at {address}"),
            None => Ok(()),
        }
    }
}

/// Held while it lives; the operating system lets go when the process dies, however it dies.
#[derive(Debug)]
pub struct Lock {
    file: File,
    directory: PathBuf,
}

impl Lock {
    /// Takes the lock of `directory`, which is made if it is not there.
    ///
    /// # Errors
    /// `Held` by whom; input and output.
    pub fn take(directory: &Path) -> Result<Self> {
        std::fs::create_dir_all(directory)?;
        let path = directory.join("lock");
        let file = File::options().create(true).truncate(false).read(true).write(true).open(&path)?;
        // Whoever only looks who holds it has it for a moment: try again before believing it.
        for _ in 0..5 {
            match file.try_lock() {
                Ok(()) => {
                    let lock = Self { file, directory: directory.to_owned() };
                    lock.announce(None)?;
                    return Ok(lock);
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        Err(Error::Held(read(file, directory)))
    }

    /// Writes where the holder can be reached.
    pub fn announce(&self, address: Option<&str>) -> Result<()> {
        let held = Held {
            pid: std::process::id(),
            address: address.map(str::to_owned),
            directory: self.directory.clone(),
        };
        let mut file = &self.file;
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(&serde_json::to_vec(&held).expect("plain data is JSON"))?;
        file.flush()?;
        Ok(())
    }

    /// Who holds `directory` now, if anybody does.
    pub fn holder(directory: &Path) -> Result<Option<Held>> {
        let file = match File::open(directory.join("lock")) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => Ok(Some(read(file, directory))),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

fn read(mut file: File, directory: &Path) -> Held {
    let mut text = String::new();
    let _ = file.read_to_string(&mut text);
    let held: Held = serde_json::from_str(&text).unwrap_or_default();
    Held { directory: directory.to_owned(), ..held }
}
