//! One Lance table: its newest version at hand, rows staged as files, commits under a claim.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use athena_schemas::tables::Embedding;
use athena_schemas::{Applied, Claim, Row, Table};
use lance::Dataset;
use lance::dataset::NewColumnTransform;
use lance::dataset::builder::DatasetBuilder;
use lance::dataset::transaction::{Operation, Transaction, TransactionBuilder};
use lance::dataset::{CommitBuilder, InsertBuilder, WriteMode, WriteParams};
use lance::session::Session;
use lance_io::object_store::ObjectStore;
use lance_table::io::commit::{CommitHandler, commit_handler_from_url};
use lance_table::io::manifest::read_manifest;
use parking_lot::{Mutex, RwLock};
use tracing::{debug, info, warn};

use crate::appended::Appended;
use crate::disk::{Disk, Synced};
use crate::fence::{APPLIED_KEY, Fence, SCHEMA_KEY, Turn, applied, major, topics};
use crate::written::Written;
use crate::{Error, Location, Result};

/// How many commits of others a commit rebases over before it gives up.
const COMMIT_RETRIES: u32 = 50;
/// How many unreadable head manifests opening steps back over.
const UNREADABLE_HEADS: usize = 8;

/// Files written and not yet committed; they may be committed later by whoever is granted the claim.
#[derive(Debug, Clone)]
pub struct Staged {
    transaction: Transaction,
    pub rows: usize,
}

/// A table that is open. Reads see the version that was newest at the last commit or refresh here.
#[derive(Debug)]
pub struct TableHandle {
    pub table: &'static Table,
    uri: String,
    session: Arc<Session>,
    fence: Arc<Fence>,
    current: RwLock<Arc<Dataset>>,
    /// Held while this process publishes rows, and by upkeep once it has lost the race for a version.
    turn: Turn,
    appended: Appended,
    written: Arc<Written>,
}

impl TableHandle {
    /// Opens the table, and makes it when it is not there.
    ///
    /// # Errors
    /// `TooNew` when a later schema wrote it; storage.
    pub(crate) async fn open(
        table: &'static Table,
        location: &Location,
        session: Arc<Session>,
        recorder: Option<Arc<Mutex<Vec<Synced>>>>,
        written: Arc<Written>,
    ) -> Result<Self> {
        let uri = location.uri(&format!("tables/{}.lance", table.name));
        let inner = commit_handler_from_url(&uri, &None).await?;
        let disk = location.directory().map(|_| Arc::new(Disk::new(PathBuf::from(&uri), recorder)));
        let fence = Arc::new(Fence::new(inner, disk.clone(), table.major));
        let dataset = match Self::load(&uri, &session, &fence).await {
            Err(lance::Error::DatasetNotFound { .. } | lance::Error::NotFound { .. }) => {
                Self::create(table, &uri, &session, &fence).await?
            }
            Err(error) => match location.directory() {
                Some(root) => Self::step_back(table, root, &uri, &session, &fence, error).await?,
                None => return Err(error.into()),
            },
            Ok(dataset) => dataset,
        };
        if let Some(disk) = disk {
            disk.trust(dataset.manifest());
        }
        let found = dataset.manifest().config.get(SCHEMA_KEY).cloned().unwrap_or_default();
        if major(&found).is_some_and(|major| major > table.major) {
            let supported = format!("{}.{}", table.major, table.minor);
            return Err(Error::TooNew { table: table.name, found, supported });
        }
        let dataset = match table.name == Embedding::TABLE.name && major(&found) != Some(table.major) {
            true => Self::begin_anew(table, dataset, &session, &fence).await?,
            false => dataset,
        };
        let dataset = Self::grow(table, dataset, &uri, &session, &fence).await?;
        let current = RwLock::new(Arc::new(dataset));
        let (turn, appended) = Default::default();
        Ok(Self { table, uri, session, fence, current, turn, appended, written })
    }

    async fn load(uri: &str, session: &Arc<Session>, fence: &Arc<Fence>) -> lance::Result<Dataset> {
        DatasetBuilder::from_uri(uri)
            .with_session(session.clone())
            .with_commit_handler(fence.clone())
            .load()
            .await
    }

    async fn create(
        table: &'static Table,
        uri: &str,
        session: &Arc<Session>,
        fence: &Arc<Fence>,
    ) -> Result<Dataset> {
        let made = CommitBuilder::new(uri)
            .with_session(session.clone())
            .with_commit_handler(fence.clone())
            .with_max_retries(0)
            .execute(TransactionBuilder::new(0, Self::empty(table)?).build())
            .await;
        if let Err(error) = made {
            debug!(table = table.name, %error, "not created, perhaps by another");
        }
        Ok(Self::load(uri, session, fence).await?)
    }

    /// Empties a table that an older schema wrote, where all of it can be made again from the other tables. That
    /// nothing is applied then stands in the same commit, so whoever did this at the same time loses only work.
    async fn begin_anew(
        table: &'static Table,
        dataset: Dataset,
        session: &Arc<Session>,
        fence: &Arc<Fence>,
    ) -> Result<Dataset> {
        info!(table = table.name, "written by an older schema, made again");
        let transaction = TransactionBuilder::new(dataset.version().version, Self::empty(table)?).build();
        let emptied = CommitBuilder::new(Arc::new(dataset))
            .with_session(session.clone())
            .with_commit_handler(fence.clone())
            .with_skip_auto_cleanup(true)
            .execute(transaction)
            .await;
        Ok(emptied?)
    }

    /// Adds the columns that an older minor version of the schema did not have. Older binaries go on: they read the
    /// columns that they know, and leave the others null.
    async fn grow(
        table: &'static Table,
        mut dataset: Dataset,
        uri: &str,
        session: &Arc<Session>,
        fence: &Arc<Fence>,
    ) -> Result<Dataset> {
        let there = arrow::datatypes::Schema::from(dataset.schema());
        let missing: Vec<_> = (table.schema().fields().iter())
            .filter(|field| there.field_with_name(field.name()).is_err())
            .map(|field| field.as_ref().clone())
            .collect();
        if missing.is_empty() {
            return Ok(dataset);
        }
        let names: Vec<String> = missing.iter().map(|field| field.name().clone()).collect();
        let nulls = NewColumnTransform::AllNulls(Arc::new(arrow::datatypes::Schema::new(missing)));
        let version = format!("{}.{}", table.major, table.minor);
        let grown = async {
            dataset.add_columns(nulls, None, None).await?;
            dataset.update_config([(SCHEMA_KEY, version.as_str())]).await.map(|_| ())
        };
        match grown.await {
            Ok(()) => {
                info!(table = table.name, columns = ?names, "grown");
                Ok(dataset)
            }
            // Another process that opened it at the same time was faster.
            Err(error) => {
                let again = Self::load(uri, session, fence).await?;
                let whole = names.iter().all(|name| again.schema().field(name).is_some());
                if whole { Ok(again) } else { Err(error.into()) }
            }
        }
    }

    /// The table without rows, to which nothing is applied.
    fn empty(table: &'static Table) -> Result<Operation> {
        let version = format!("{}.{}", table.major, table.minor);
        let config = [(SCHEMA_KEY, version), (APPLIED_KEY, Applied::default().to_string())];
        Ok(Operation::Overwrite {
            fragments: vec![],
            schema: lance_core::datatypes::Schema::try_from(table.schema().as_ref())?,
            config_upsert_values: Some(HashMap::from(config.map(|(key, value)| (key.to_owned(), value)))),
            initial_bases: None,
        })
    }

    /// After a power cut the newest manifest can be cut short, although nobody was told of it. It is
    /// moved aside and the one before it opened; any other failure is returned as it is.
    async fn step_back(
        table: &'static Table,
        root: &Path,
        uri: &str,
        session: &Arc<Session>,
        fence: &Arc<Fence>,
        error: lance::Error,
    ) -> Result<Dataset> {
        let versions = Path::new(uri).join("_versions");
        for _ in 0..UNREADABLE_HEADS {
            // Names count down from the largest number, so the newest comes first.
            let newest = std::fs::read_dir(&versions)?
                .filter_map(|entry| entry.ok().map(|entry| entry.path()))
                .filter(|path| path.extension().is_some_and(|e| e == "manifest"))
                .min();
            let Some(newest) = newest else { break };
            let (store, path) = ObjectStore::from_uri(&newest.to_string_lossy()).await?;
            if read_manifest(&store, &path, None).await.is_ok() {
                break;
            }
            let quarantine = root.join("quarantine");
            std::fs::create_dir_all(&quarantine)?;
            let name = newest.file_name().expect("listed by name").to_string_lossy();
            let aside = quarantine.join(format!("{}-{name}", table.name));
            warn!(table = table.name, manifest = %newest.display(), aside = %aside.display(), "unreadable head manifest, stepping back");
            std::fs::rename(&newest, &aside)?;
            crate::disk::sync(&versions)?;
            if let Ok(dataset) = Self::load(uri, session, fence).await {
                return Ok(dataset);
            }
        }
        Err(error.into())
    }

    /// The newest version known here.
    pub fn dataset(&self) -> Arc<Dataset> {
        self.current.read().clone()
    }

    /// What the newest version known here says was applied.
    pub fn applied(&self) -> Applied {
        applied(self.dataset().manifest())
    }

    /// The topics that packed positions number, as the newest version known here says.
    pub fn topics(&self) -> Vec<String> {
        topics(self.dataset().manifest())
    }

    /// Looks for a newer version.
    pub async fn refresh(&self) -> Result<Arc<Dataset>> {
        Ok(self.adopt(self.newest().await?))
    }

    /// The newest version in storage, which reads here do not see yet.
    pub(crate) async fn newest(&self) -> Result<Dataset> {
        let mut dataset = self.dataset().as_ref().clone();
        dataset.checkout_latest().await?;
        Ok(dataset)
    }

    /// Drops the handle and opens the table anew: after a commit whose end is not known.
    pub async fn reopen(&self) -> Result<Arc<Dataset>> {
        let dataset = Arc::new(Self::load(&self.uri, &self.session, &self.fence).await?);
        *self.current.write() = dataset.clone();
        Ok(dataset)
    }

    /// Makes `dataset` what reads see, unless they see a newer one.
    pub(crate) fn adopt(&self, dataset: Dataset) -> Arc<Dataset> {
        let mut current = self.current.write();
        if dataset.version().version > current.version().version {
            *current = Arc::new(dataset);
        }
        current.clone()
    }

    /// Writes the rows as files that no version refers to yet, durable ones on a local disk. No rows make a staged batch
    /// without files.
    ///
    /// # Errors
    /// Storage; a disk that is full.
    pub async fn stage(&self, batches: Vec<RecordBatch>) -> Result<Staged> {
        let rows = batches.iter().map(RecordBatch::num_rows).sum();
        let dataset = self.dataset();
        let transaction = if rows == 0 {
            let nothing = Operation::Append { fragments: vec![] };
            TransactionBuilder::new(dataset.version().version, nothing).build()
        } else {
            let params = WriteParams {
                mode: WriteMode::Append,
                session: Some(self.session.clone()),
                ..WriteParams::default()
            };
            let insert = InsertBuilder::new(dataset).with_params(&params);
            let staged = insert.execute_uncommitted(batches.clone()).await?;
            if let Operation::Append { fragments } = &staged.operation {
                self.fence.staged(fragments.clone()).await?;
                self.written.keep(fragments, &batches);
            }
            staged
        };
        Ok(Staged { transaction, rows })
    }

    /// Publishes staged rows if `claim` is granted; `topics` are those that their positions number.
    /// When it returns, the rows are durable and visible.
    ///
    /// # Errors
    /// `Refused` when the table has moved on; `Unknown` when whether it was published is not known.
    pub async fn commit(&self, staged: &Staged, claim: Claim, topics: &[String]) -> Result<Arc<Dataset>> {
        let fence = Arc::new(self.fence.with_claim(claim, topics.to_vec()));
        let result = self.publish(&staged.transaction, fence.clone()).await;
        match result {
            Err(_) if fence.refused().is_some() => Err(fence.refused().expect("just looked").into()),
            other => other,
        }
    }

    /// Publishes staged rows of a table that no claim guards.
    pub async fn append(&self, staged: &Staged) -> Result<Arc<Dataset>> {
        self.publish(&staged.transaction, self.fence.clone()).await
    }

    /// The newest version, for work that takes longer than the commits beside it: see [`Fence::patient`].
    pub(crate) async fn patient(&self) -> Result<Dataset> {
        let fence = Arc::new(self.fence.patient(self.turn.clone()));
        Ok(Self::load(&self.uri, &self.session, &fence).await?)
    }

    async fn publish(&self, transaction: &Transaction, fence: Arc<Fence>) -> Result<Arc<Dataset>> {
        let _turn = self.turn.lock().await;
        let dataset = self.dataset();
        // Rows are appended to whatever is there: the version that they were staged at may be gone.
        let read_version = dataset.version().version;
        let transaction = Transaction { read_version, ..transaction.clone() };
        let result = CommitBuilder::new(dataset)
            .with_commit_handler(fence as Arc<dyn CommitHandler>)
            .with_skip_auto_cleanup(true)
            .with_max_retries(COMMIT_RETRIES)
            .execute(transaction)
            .await;
        match result {
            Ok(dataset) => {
                self.appended.take(&dataset);
                Ok(self.adopt(dataset))
            }
            Err(error) if matches!(error, lance::Error::CommitConflict { .. }) => Err(error.into()),
            Err(error) => Err(Error::Unknown { table: self.table.name, source: Box::new(error) }),
        }
    }

    /// Removes versions that nothing but an append followed, so long ago: see [`Appended`]. Tells how many.
    pub(crate) async fn thin(&self, retention: Duration) -> Result<u64> {
        Ok(self.appended.thin(&self.dataset(), retention).await?)
    }

    /// Removes rows by a predicate. Rows that no view shows; never those of `events` below `applied`.
    pub async fn delete(&self, predicate: &str) -> Result<u64> {
        let mut dataset = self.refresh().await?.as_ref().clone();
        let deleted = dataset.delete(predicate).await?;
        self.adopt(dataset);
        Ok(deleted.num_deleted_rows)
    }
}
