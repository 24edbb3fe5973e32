//! The commit handler: the one place where a version of a table is published.
//!
//! On each attempt it gets the manifest that Lance has just rebased on the newest version, grants or
//! refuses the claim against the `applied` that this manifest carries, and publishes by put-if-absent.
//! So check and change are one step. All other commits (compaction, indexes) carry `applied` along.

use std::path::PathBuf;
use std::sync::Arc;

use athena_schemas::{Applied, Claim, Refused};
use futures::stream::BoxStream;
use lance_core::Error as LanceError;
use lance_io::object_store::ObjectStore;
use lance_table::format::{Fragment, IndexMetadata, Manifest, Transaction};
use lance_table::io::commit::{
    CommitError, CommitHandler, ManifestLocation, ManifestNamingScheme, ManifestWriter,
};
use object_store::ObjectStore as OsObjectStore;
use object_store::path::Path;
use parking_lot::Mutex;
use tokio::sync::OwnedMutexGuard;

use crate::disk::Disk;

/// Key of the manifest's configuration that holds `applied`.
pub const APPLIED_KEY: &str = "athena.applied";
/// Key that holds the topics, in the order of their numbers in packed positions.
pub const TOPICS_KEY: &str = "athena.topics";
/// Key that holds the schema's version, `major.minor`.
pub const SCHEMA_KEY: &str = "athena.schema";

/// What the manifest says was applied; nothing when it does not say.
pub(crate) fn applied(manifest: &Manifest) -> Applied {
    manifest.config.get(APPLIED_KEY).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// The topics of the manifest, in the order of their numbers.
pub(crate) fn topics(manifest: &Manifest) -> Vec<String> {
    manifest.config.get(TOPICS_KEY).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// Wraps the store's own handler. One without a claim serves a table's life; one with a claim, one commit.
#[derive(Debug)]
pub(crate) struct Fence {
    inner: Arc<dyn CommitHandler>,
    disk: Option<Arc<Disk>>,
    supported_major: u32,
    claim: Option<(Claim, Vec<String>)>,
    verdict: Mutex<Option<Refused>>,
    turn: Option<Turn>,
    /// The turn, once a race was lost and until the commit is published or given up.
    held: Mutex<Option<OwnedMutexGuard<()>>>,
}

/// Whose turn it is, in this process, to publish a version. First come, first served.
pub(crate) type Turn = Arc<tokio::sync::Mutex<()>>;

impl Fence {
    pub fn new(inner: Arc<dyn CommitHandler>, disk: Option<Arc<Disk>>, supported_major: u32) -> Self {
        let (verdict, held) = Default::default();
        Self { inner, disk, supported_major, claim: None, verdict, turn: None, held }
    }

    fn again(&self) -> Self {
        Self::new(self.inner.clone(), self.disk.clone(), self.supported_major)
    }

    /// The same handler for one commit of `claim`; `topics` are all that the rows' positions number.
    pub fn with_claim(&self, claim: Claim, topics: Vec<String>) -> Self {
        Self { claim: Some((claim, topics)), ..self.again() }
    }

    /// The same handler for slow work beside fast commits of this process: it would lose every race for
    /// a version, so after the first loss it takes the turn for the next attempt.
    pub fn patient(&self, turn: Turn) -> Self {
        Self { turn: Some(turn), ..self.again() }
    }

    /// Makes files of rows durable that no version refers to yet.
    pub async fn staged(&self, fragments: Vec<Fragment>) -> std::io::Result<()> {
        let Some(disk) = self.disk.clone() else { return Ok(()) };
        tokio::task::spawn_blocking(move || disk.staged(&fragments)).await?
    }

    async fn take_turn_after<T>(&self, attempt: &Result<T, CommitError>) {
        let Some(turn) = &self.turn else { return };
        if !matches!(attempt, Err(CommitError::CommitConflict)) {
            *self.held.lock() = None;
        } else if self.held.lock().is_none() {
            let guard = turn.clone().lock_owned().await;
            *self.held.lock() = Some(guard);
        }
    }

    /// Why the claim was refused, if it was.
    pub fn refused(&self) -> Option<Refused> {
        self.verdict.lock().clone()
    }

    fn check(&self, manifest: &mut Manifest) -> Result<(), CommitError> {
        if let Some(found) = manifest.config.get(SCHEMA_KEY)
            && major(found).is_none_or(|major| major > self.supported_major)
        {
            return Err(other(format!("schema {found} is newer than this binary writes")));
        }
        let Some((claim, topics)) = &self.claim else { return Ok(()) };
        let mut applied = applied(manifest);
        let verdict = applied.claim(claim).and_then(|()| number(manifest, topics));
        if let Err(refused) = verdict {
            let message = refused.to_string();
            *self.verdict.lock() = Some(refused);
            return Err(other(message));
        }
        *self.verdict.lock() = None;
        manifest.config.insert(APPLIED_KEY.into(), applied.to_string());
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "those of CommitHandler::commit")]
    async fn publish(
        &self,
        manifest: &mut Manifest,
        indices: Option<Vec<IndexMetadata>>,
        base_path: &Path,
        object_store: &ObjectStore,
        manifest_writer: ManifestWriter,
        naming_scheme: ManifestNamingScheme,
        transaction: Option<Transaction>,
    ) -> Result<ManifestLocation, CommitError> {
        self.check(manifest)?;
        if let Some(disk) = &self.disk {
            let disk = disk.clone();
            let (manifest, indices) = (manifest.clone(), indices.clone().unwrap_or_default());
            blocking(move || disk.before_commit(&manifest, &indices)).await?;
        }
        let location = self
            .inner
            .commit(manifest, indices, base_path, object_store, manifest_writer, naming_scheme, transaction)
            .await?;
        if let Some(disk) = &self.disk {
            let (disk, path) = (disk.clone(), local(&location.path));
            blocking(move || disk.after_commit(&path)).await?;
        }
        Ok(location)
    }
}

/// Numbers `ours` in the manifest, unless another writer numbered other topics first.
fn number(manifest: &mut Manifest, ours: &[String]) -> Result<(), Refused> {
    let found = topics(manifest);
    if found.starts_with(ours) {
        return Ok(());
    }
    if !ours.starts_with(&found) {
        return Err(Refused::Topics { ours: ours.to_vec(), found });
    }
    let text = serde_json::to_string(ours).expect("a list of strings is JSON");
    manifest.config.insert(TOPICS_KEY.into(), text);
    Ok(())
}

/// The major number of `major.minor`.
pub(crate) fn major(version: &str) -> Option<u32> {
    version.split_once('.')?.0.parse().ok()
}

fn other(message: String) -> CommitError {
    CommitError::OtherError(LanceError::io(message))
}

/// The manifest's path on disk: object paths of local stores are absolute without their first slash.
fn local(path: &Path) -> PathBuf {
    PathBuf::from(format!("/{path}"))
}

#[async_trait::async_trait]
impl CommitHandler for Fence {
    fn is_version_not_found_definitive(&self) -> bool {
        self.inner.is_version_not_found_definitive()
    }

    fn propagate_commit_error_after_success(&self) -> bool {
        // A failed sync after publishing must not be acknowledged.
        true
    }

    async fn resolve_latest_location(
        &self,
        base_path: &Path,
        object_store: &ObjectStore,
    ) -> lance_core::Result<ManifestLocation> {
        self.inner.resolve_latest_location(base_path, object_store).await
    }

    async fn resolve_version_location(
        &self,
        base_path: &Path,
        version: u64,
        object_store: &dyn OsObjectStore,
    ) -> lance_core::Result<ManifestLocation> {
        self.inner.resolve_version_location(base_path, version, object_store).await
    }

    async fn version_exists(
        &self,
        base_path: &Path,
        version: u64,
        object_store: &dyn OsObjectStore,
        naming_scheme: ManifestNamingScheme,
    ) -> lance_core::Result<bool> {
        self.inner.version_exists(base_path, version, object_store, naming_scheme).await
    }

    fn list_manifest_locations<'a>(
        &self,
        base_path: &Path,
        object_store: &'a ObjectStore,
        sorted_descending: bool,
    ) -> BoxStream<'a, lance_core::Result<ManifestLocation>> {
        self.inner.list_manifest_locations(base_path, object_store, sorted_descending)
    }

    fn list_manifest_locations_since<'a>(
        &self,
        base_path: &Path,
        object_store: &'a ObjectStore,
        since_version: u64,
    ) -> BoxStream<'a, lance_core::Result<ManifestLocation>> {
        self.inner.list_manifest_locations_since(base_path, object_store, since_version)
    }

    async fn commit(
        &self,
        manifest: &mut Manifest,
        indices: Option<Vec<IndexMetadata>>,
        base_path: &Path,
        object_store: &ObjectStore,
        manifest_writer: ManifestWriter,
        naming_scheme: ManifestNamingScheme,
        transaction: Option<Transaction>,
    ) -> Result<ManifestLocation, CommitError> {
        let attempt = self
            .publish(manifest, indices, base_path, object_store, manifest_writer, naming_scheme, transaction)
            .await;
        self.take_turn_after(&attempt).await;
        attempt
    }

    async fn delete(&self, base_path: &Path) -> lance_core::Result<()> {
        self.inner.delete(base_path).await
    }
}

async fn blocking(work: impl FnOnce() -> std::io::Result<()> + Send + 'static) -> Result<(), CommitError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| other(e.to_string()))?
        .map_err(|e| CommitError::OtherError(e.into()))
}
