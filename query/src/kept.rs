//! What is made of all events of a scope and kept in memory, brought up to the tables with each question.
//!
//! It is read anew when events were forgotten, so it never holds what no reader is shown. A purge takes away what it did
//! not hold any more.

use std::sync::Arc;

use arrow::array::RecordBatch;
use athena_schemas::tables::{Event, Forgotten};
use athena_schemas::{Applied, Error, Row};
use athena_store::{Cached, Hidden, Scope, Snapshot};
use futures::TryStreamExt;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::App;
use crate::recent::{Forget, Recent};

/// Of which events something is made.
pub trait Of: PartialEq + Clone + Send + Sync {
    /// They are among those of this scope.
    fn scope(&self) -> &Scope;
}

impl Of for Scope {
    fn scope(&self) -> &Scope {
        self
    }
}

/// Those of a type, or all.
impl Of for (Scope, Option<String>) {
    fn scope(&self) -> &Scope {
        &self.0
    }
}

/// Something that is made of events, some at a time.
pub trait Made: Default + Send {
    type Of: Of;
    /// What of an event it is made of.
    const COLUMNS: &'static [&'static str];
    /// From so many new events on it is made anew.
    const ANEW: i64;

    /// Takes over some events, in the order of the table.
    ///
    /// # Errors
    /// Rows of another form.
    fn take(&mut self, of: &Self::Of, batch: &RecordBatch) -> Result<(), Error>;

    /// What follows once all of them are taken over.
    fn settle(&mut self) {}

    /// The beginning: everything, unless less will do.
    fn begin(
        &mut self,
        _: &App,
        of: &Self::Of,
        snapshot: &Snapshot,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async move { take(self, of, snapshot, &Applied::default(), None).await }
    }
}

/// What was asked for last, of some scopes. Questions of one scope wait for each other: the first of them brings it up to
/// the tables.
pub struct Keeper<M: Made>(Recent<M::Of, Mutex<Kept<M>>>);

/// What is made of a scope's events as far as `applied`.
#[derive(Default)]
pub struct Kept<M> {
    pub made: M,
    applied: Applied,
    fragment: Option<u64>,
    gone: Gone,
}

/// What was forgotten when something was made of events.
#[derive(Default)]
pub struct Gone {
    version: u64,
    hidden: Arc<Hidden>,
}

impl<M: Made> Forget for Keeper<M> {
    fn forget(&self) {
        self.0.forget();
    }

    fn cached(&self) -> Cached {
        self.0.cached()
    }
}

impl<M: Made> Keeper<M> {
    /// Of so many scopes at once, those that were asked about last.
    pub fn of_scopes(scopes: usize) -> Self {
        Self(Recent::new(scopes))
    }

    /// What is made of these events, with all that the tables have.
    ///
    /// # Errors
    /// Storage.
    pub async fn now(&self, app: &App, of: &M::Of) -> Result<OwnedMutexGuard<Kept<M>>, Error> {
        let mut kept = self.0.of(of).lock_owned().await;
        kept.catch_up(app, of).await?;
        Ok(kept)
    }
}

impl<M: Made> Kept<M> {
    async fn catch_up(&mut self, app: &App, of: &M::Of) -> Result<(), Error> {
        let snapshot = app.store.snapshot();
        if self.gone.is_of(&snapshot) && self.applied.covers(&snapshot.applied) {
            return Ok(());
        }
        let gone = Gone::of(&snapshot).await?;
        let new: i64 =
            snapshot.applied.0.iter().map(|(part, to)| to - self.applied.get(part).unwrap_or(0)).sum();
        let anew = self.applied.0.is_empty() || gone.hides_more(&self.gone) || new > M::ANEW;
        // What fails half-way is made anew by the next question.
        let last = std::mem::take(self);
        let mut made = if anew { M::default() } else { last.made };
        match anew {
            true => made.begin(app, of, &snapshot).await?,
            false => take(&mut made, of, &snapshot, &last.applied, last.fragment).await?,
        }
        made.settle();
        let fragment = snapshot.last_fragment(Event::TABLE);
        *self = Self { made, applied: snapshot.applied.clone(), fragment, gone };
        Ok(())
    }
}

impl Gone {
    /// # Errors
    /// Storage.
    pub async fn of(snapshot: &Snapshot) -> Result<Self, Error> {
        Ok(Self { version: version(snapshot), hidden: snapshot.hidden().await? })
    }

    pub fn is_of(&self, snapshot: &Snapshot) -> bool {
        self.version == version(snapshot)
    }

    /// Whether events are hidden that were not before. What a purge takes away was.
    pub fn hides_more(&self, before: &Self) -> bool {
        !self.hidden.events.is_subset(&before.hidden.events)
    }
}

fn version(snapshot: &Snapshot) -> u64 {
    snapshot.dataset(Forgotten::TABLE).version().version
}

/// Takes over what came after `from`.
async fn take<M: Made>(
    made: &mut M,
    of: &M::Of,
    snapshot: &Snapshot,
    from: &Applied,
    above: Option<u64>,
) -> Result<(), Error> {
    let rows = snapshot.since(Event::TABLE, from, &snapshot.applied, above, M::COLUMNS).await?;
    let Some(mut rows) = rows else { return Ok(()) };
    while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
        made.take(of, &batch)?;
    }
    Ok(())
}
