//! A copy of all tables at versions that belong together, made while they are in use, and checked.
//!
//! What marks a place as one of Athena's, `athena.json`, is written last, so half a copy is never taken for a whole
//! one.

use std::fs::File;
use std::path::Path;

use athena_schemas::Applied;

use crate::store::LAYOUT_FILE;
use crate::{Error, Location, Options, Result, Snapshot, Store};

/// Files of a directory that are not tables, and worth keeping.
const BESIDE: [&str; 2] = ["tokens.json", "athena.toml"];

/// What was copied.
#[derive(Debug, Clone, PartialEq)]
pub struct Copied {
    /// Up to where in the log.
    pub applied: Applied,
    /// By table.
    pub rows: Vec<(&'static str, u64)>,
}

impl Store {
    /// Copies what these tables have now to a place without data, opens the copy, and compares.
    ///
    /// # Errors
    /// `Layout` of a place that is not empty, or a copy that is not the same; storage.
    pub async fn copy_to(&self, to: &Location) -> Result<Copied> {
        let to = &absolute(to)?;
        let missing = || Error::Layout(format!("{} has no data of Athena's", self.location));
        let layout = self.location.read(LAYOUT_FILE).await?.ok_or_else(missing)?;
        is_new(to).await?;
        self.refresh().await?;
        let snapshot = self.snapshot();
        let name = format!("copy-{:016x}", rand::random::<u64>());
        let rows = self.pinned(&snapshot, &name, self.tables_to(&snapshot, to)).await?;
        if let (Some(from), Some(to)) = (self.location.directory(), to.directory()) {
            for name in BESIDE.iter().filter(|name| from.join(name).is_file()) {
                std::fs::copy(from.join(name), to.join(name))?;
            }
            sync(to)?;
        }
        if !to.create(LAYOUT_FILE, layout).await? {
            return Err(Error::Layout(format!("{to} was made by another process meanwhile")));
        }
        let copied = Copied { applied: snapshot.applied.clone(), rows };
        check(&snapshot, &copied, to).await?;
        Ok(copied)
    }

    /// Copies the tables at a snapshot's versions; tells the rows of each.
    async fn tables_to(&self, snapshot: &Snapshot, to: &Location) -> Result<Vec<(&'static str, u64)>> {
        let mut rows = Vec::new();
        for table in self.all() {
            let name = table.table.name;
            let mut dataset = snapshot.dataset(table.table).as_ref().clone();
            let version = dataset.version().version;
            let copied = dataset.deep_clone(&to.uri(&format!("tables/{name}.lance")), version, None).await?;
            rows.push((name, copied.count_rows(None).await? as u64));
        }
        Ok(rows)
    }

    /// Copies a place with data to one without: a backup, or what is restored from it.
    ///
    /// # Errors
    /// As [`Store::copy_to`].
    pub async fn copy(from: &Location, to: &Location) -> Result<Copied> {
        Self::open(Options::new(absolute(from)?, None)).await?.copy_to(to).await
    }
}

/// Opens the copy, and compares what it says with what was copied.
async fn check(snapshot: &Snapshot, copied: &Copied, to: &Location) -> Result<()> {
    let copy = Store::open(Options::new(to.clone(), None)).await?;
    if copy.applied() != snapshot.applied {
        return Err(Error::Layout(format!("the copy is at {}, not {}", copy.applied(), snapshot.applied)));
    }
    for (table, (name, rows)) in copy.all().iter().zip(&copied.rows) {
        let expected = snapshot.dataset(table.table).count_rows(None).await? as u64;
        if *rows != expected {
            return Err(Error::Layout(format!("the copy of {name} has {rows} rows, not {expected}")));
        }
    }
    Ok(())
}

async fn is_new(to: &Location) -> Result<()> {
    let taken = match to {
        Location::Directory(path) if path.exists() => path.read_dir()?.next().is_some(),
        Location::Directory(path) => {
            crate::disk::make_private(path)?;
            false
        }
        Location::Bucket(_) => to.read(LAYOUT_FILE).await?.is_some(),
    };
    match taken {
        true => Err(Error::Layout(format!("{to} is not empty; name a new directory"))),
        false => Ok(()),
    }
}

/// Tables are opened by their addresses, which must not depend on where this process stands.
fn absolute(location: &Location) -> Result<Location> {
    Ok(match location {
        Location::Directory(path) => Location::Directory(std::path::absolute(path)?),
        bucket => bucket.clone(),
    })
}

/// Waits until the disk has everything below.
fn sync(folder: &Path) -> std::io::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => sync(&entry.path())?,
            false => File::open(entry.path())?.sync_all()?,
        }
    }
    File::open(folder)?.sync_all()
}
