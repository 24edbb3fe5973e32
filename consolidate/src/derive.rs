//! What the stages of a run share: what they read, and how what they derive becomes versions of rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use athena_schemas::Derived;
use athena_schemas::tables::Run;
use athena_store::{Store, newest};
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::logical_expr::JoinType;
use datafusion::prelude::{SessionContext, col, lit};
use serde_json::json;

use crate::orders::is_cancelled;
use crate::progress::Progress;
use crate::touched::{SESSIONS, names, touch};
use crate::writes::Writes;
use crate::{Error, Options, Result, statements};

/// Rows staged in one file.
const ROWS: usize = 50_000;
/// Rows after which others that wait for the thread get it.
const TURN: usize = 1_000;

/// One run at work.
pub struct Deriving<'a> {
    pub store: &'a Store,
    /// Sees the project alone; its table `touched` has the sessions to derive anew.
    pub context: &'a SessionContext,
    /// The same sessions, in pieces of which the events are read at once.
    pub pieces: &'a [BTreeSet<String>],
    /// Every session of the project that has events, with how many, where many are touched.
    pub counted: Option<&'a [(String, u64)]>,
    pub options: &'a Options,
    pub project: &'a str,
    /// The id of the run.
    pub run: &'a str,
    /// The run that it builds on.
    pub base: Option<&'a Run>,
    /// Whether every session is touched, and what was derived before counts for nothing.
    pub full: bool,
    /// Whether the base left nothing of the touched sessions.
    pub new: bool,
    /// Events of the project that are evidence, once that is known.
    pub events: Option<u64>,
    /// Whether memories may have changed since the base.
    pub told: bool,
    /// Whether people said anything of the graph since the base.
    pub told_graph: bool,
    /// What was written, by table.
    pub written: BTreeMap<&'static str, Tally>,
    /// Events of the touched sessions that runs of procedures rest on.
    pub ran: BTreeSet<String>,
    /// What was stated since of what was known before.
    pub agreed: Agreed,
    pub progress: Progress,
    pub writes: Writes,
}

/// How much was said of what was known before, and how much of it agrees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Agreed {
    pub of: u64,
    pub agreed: u64,
}

/// What a run did to a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Versions written.
    pub versions: usize,
    /// Rows that were not known.
    pub added: usize,
    /// Rows that were known and are not as they were.
    pub changed: usize,
    /// Rows that were known and are no more.
    pub gone: usize,
    /// Rows that were derived and stand, whether they are new or not.
    pub stands: usize,
}

impl Deriving<'_> {
    /// Whether every session is derived anew.
    pub fn anew(&self) -> bool {
        self.full || self.base.is_none()
    }

    /// Begins a stage.
    ///
    /// # Errors
    /// `Cancelled`, when somebody said that the run is to end.
    pub async fn stage(&mut self, name: &str) -> Result<()> {
        let request = self.progress.request.as_deref();
        let ids: Vec<&str> = request.into_iter().chain([self.run]).collect();
        if is_cancelled(self.store, &ids, self.project).await? {
            return Err(Error::Cancelled { run: self.run.to_owned(), project: self.project.to_owned() });
        }
        let rows = self.rows();
        match self.progress.tell((self.run, self.project), name, rows) {
            Some(row) => self.writes.begin(vec![row]).await,
            None => Ok(()),
        }
    }

    /// From here on statements see only one piece of the sessions; `None`: all of them again.
    ///
    /// # Errors
    /// Storage.
    pub async fn narrow(&self, piece: Option<&BTreeSet<String>>) -> Result<()> {
        match (self.pieces, piece) {
            // They see it as it is.
            ([_], _) => Ok(()),
            (_, Some(piece)) => touch(self.context, piece).await,
            (all, None) => touch(self.context, &all.iter().flatten().cloned().collect()).await,
        }
    }

    /// Versions written so far, by table, as JSON.
    pub fn rows(&self) -> String {
        let versions: BTreeMap<_, _> = self.written.iter().map(|(name, one)| (name, one.versions)).collect();
        json!(versions).to_string()
    }

    /// Counts a row that stands; whether others are to get the thread.
    fn counts<R: Derived>(&mut self) -> bool {
        let tally = self.written.entry(R::TABLE.name).or_default();
        tally.stands += 1;
        tally.stands.is_multiple_of(TURN)
    }

    /// Counts rows that stand as they are known.
    pub fn stand<R: Derived>(&mut self, rows: usize) {
        self.written.entry(R::TABLE.name).or_default().stands += rows;
    }

    /// Whether this run has written anything of a table.
    pub fn wrote(&self, table: &str) -> bool {
        self.written.get(table).is_some_and(|tally| tally.versions > 0)
    }

    /// Every row of a derived table as the base of this run left it.
    pub async fn known<R: Derived>(&self) -> Result<Vec<R>> {
        known(self.context).await
    }

    /// The touched sessions, and others by name.
    pub async fn touched(&self, also: &[&str]) -> Result<BTreeSet<String>> {
        let touched = statements::texts(self.context, statements::TOUCHED).await?.into_iter().flatten();
        Ok(touched.chain(also.iter().map(|one| (*one).to_owned())).collect())
    }

    /// Rows of the touched sessions, and of others by name, as the base left them: see [`of_touched`].
    pub async fn known_of_touched<R: Derived>(&self, also: &[&str]) -> Result<Vec<R>> {
        let sessions = match self.new {
            true => also.iter().map(|one| (*one).to_owned()).collect(),
            false => self.touched(also).await?,
        };
        if sessions.is_empty() {
            return Ok(vec![]);
        }
        let rows = of_touched::<R>(self.context, &sessions).await?;
        statements::typed(rows.with_column("deleted", lit(false))?).await
    }

    /// Writes the versions of all `rows` that are not as `known` has them, and of those that are gone.
    pub async fn put<R: Derived>(&mut self, known: Vec<R>, rows: impl IntoIterator<Item = R>) -> Result<()> {
        let mut versions = Versions::over(known);
        for row in rows {
            versions.take(self, row).await?;
        }
        versions.finish(self).await
    }

    /// The same of rows that are needed after it: most of them are as they were.
    pub async fn put_kept<R: Derived>(&mut self, known: Vec<R>, rows: &[R]) -> Result<()> {
        let mut versions = Versions::over(known);
        for row in rows {
            match versions.has(row) {
                true => versions.stands(self, row).await,
                false => versions.take(self, row.clone()).await?,
            }
        }
        versions.finish(self).await
    }
}

/// Every row of a derived table.
pub async fn known<R: Derived>(context: &SessionContext) -> Result<Vec<R>> {
    statements::typed(context.table(R::TABLE.name).await?.with_column("deleted", lit(false))?).await
}

/// The rows of sessions in a derived table whose rows are of one session for ever: so the versions of a few sessions can
/// be chosen by name, and only those are looked through.
pub async fn of_touched<R: Derived>(
    context: &SessionContext,
    sessions: &BTreeSet<String>,
) -> Result<DataFrame> {
    if sessions.len() <= SESSIONS {
        let of_them = col("session").in_list(sessions.iter().map(lit).collect(), false);
        let all = context.table(format!("{}_versions", R::TABLE.name)).await?.filter(of_them)?;
        let schema = Arc::new(all.schema().as_arrow().clone());
        // They are looked through twice: better than to read the table twice.
        let rows = MemTable::try_new(schema, vec![all.collect().await?])?;
        return Ok(newest(context, R::TABLE, context.read_table(Arc::new(rows))?).await?);
    }
    let asked = context.read_batch(names(sessions)?)?.select(vec![col("session").alias("asked")])?;
    let all = context.table(R::TABLE.name).await?;
    Ok(asked.join(all, JoinType::RightSemi, &["asked"], &["session"], None)?)
}

/// The rows of one table in a run: those that are new, changed or gone are written, the others are not.
pub struct Versions<R> {
    /// Of no run.
    known: BTreeMap<String, R>,
    fresh: Vec<R>,
}

impl<R: Derived> Versions<R> {
    /// `known`: what the base left of all that is derived anew here.
    pub fn over(known: Vec<R>) -> Self {
        let mut versions = Self { known: BTreeMap::new(), fresh: vec![] };
        known.into_iter().for_each(|row| versions.know(row));
        versions
    }

    /// A row that the base left, before its successor is taken.
    pub fn know(&mut self, row: R) {
        self.known.insert(row.id().to_owned(), row.of_run(""));
    }

    /// Whether a row, of no run yet, is known as it is and was not taken.
    pub fn has(&self, row: &R) -> bool {
        self.known.get(row.id()) == Some(row)
    }

    /// What is known and was not taken yet.
    pub fn left(&self) -> impl Iterator<Item = &R> {
        self.known.values()
    }

    /// Takes a row that is known as it is.
    async fn stands(&mut self, deriving: &mut Deriving<'_>, row: &R) {
        self.known.remove(row.id());
        if deriving.counts::<R>() {
            tokio::task::yield_now().await;
        }
    }

    pub async fn take(&mut self, deriving: &mut Deriving<'_>, row: R) -> Result<()> {
        let row = row.of_run("");
        let old = self.known.remove(row.id());
        let turn = deriving.counts::<R>();
        let tally = deriving.written.entry(R::TABLE.name).or_default();
        if old.as_ref() != Some(&row) {
            tally.changed += usize::from(old.is_some());
            tally.added += usize::from(old.is_none());
            self.fresh.push(row.of_run(deriving.run));
        }
        if self.fresh.len() >= ROWS {
            self.write(deriving).await?;
        } else if turn {
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// What was known and was not taken is gone.
    pub async fn finish(mut self, deriving: &mut Deriving<'_>) -> Result<()> {
        let gone = std::mem::take(&mut self.known).into_values();
        deriving.written.entry(R::TABLE.name).or_default().gone += gone.len();
        self.fresh.extend(gone.map(|row| row.of_run(deriving.run).gone()));
        self.write(deriving).await
    }

    async fn write(&mut self, deriving: &mut Deriving<'_>) -> Result<()> {
        let rows = std::mem::take(&mut self.fresh);
        deriving.written.entry(R::TABLE.name).or_default().versions += rows.len();
        match rows.is_empty() {
            true => Ok(()),
            false => deriving.writes.begin(rows).await,
        }
    }
}
