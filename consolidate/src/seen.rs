//! What runs have seen of a project's events: kept from run to run beside the graph, so that the next one reads what is new
//! and not what there is.

use std::collections::BTreeSet;

use ahash::{AHashSet, RandomState};
use arrow::array::RecordBatch;
use athena_schemas::tables::Event;
use athena_schemas::{Applied, Row};
use athena_store::Snapshot;
use datafusion::prelude::SessionContext;
use futures::TryStreamExt;

use crate::touched::{BYTES, COLUMNS, EVENTS, SESSIONS};
use crate::{Result, statements};

#[derive(Debug, Default)]
pub struct Seen {
    /// Events that are evidence.
    pub events: u64,
    /// The fragment of the table that was the last one.
    pub fragment: Option<u64>,
    /// Sessions that have anything, by hash. Two may share one: what is not here is new.
    sessions: AHashSet<u64>,
    state: RandomState,
}

impl Seen {
    /// Of all that a session sees.
    ///
    /// # Errors
    /// Storage.
    pub async fn read(context: &SessionContext) -> Result<Self> {
        let mut seen = Self::default();
        seen.take(&every_session(context).await?);
        Ok(seen)
    }

    /// A run has seen these too.
    pub fn take(&mut self, sessions: &BTreeSet<String>) {
        self.sessions.extend(sessions.iter().map(|session| self.state.hash_one(session)));
    }

    /// Whether none of these had anything.
    pub fn has_none(&self, sessions: &BTreeSet<String>) -> bool {
        sessions.iter().all(|session| !self.sessions.contains(&self.state.hash_one(session)))
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        (size_of::<u64>() + 1) * self.sessions.capacity()
    }

    /// The rows of `events` since a run, where they are all that these sessions have, and few enough to be at hand.
    ///
    /// # Errors
    /// Storage.
    pub async fn fresh(
        &self,
        snapshot: &Snapshot,
        since: &Applied,
        (sessions, events): (&BTreeSet<String>, u64),
    ) -> Result<Option<Vec<RecordBatch>>> {
        if sessions.len() > SESSIONS || events > EVENTS as u64 || !self.has_none(sessions) {
            return Ok(None);
        }
        let columns: Vec<&str> = ["project", "session"].into_iter().chain(COLUMNS).collect();
        let rows = snapshot.since(Event::TABLE, since, &snapshot.applied, self.fragment, &columns).await?;
        let Some(mut rows) = rows else { return Ok(None) };
        let (mut kept, mut bytes) = (Vec::new(), 0);
        while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
            bytes += batch.get_array_memory_size();
            if bytes > BYTES {
                return Ok(None);
            }
            kept.push(batch);
        }
        Ok((!kept.is_empty()).then_some(kept))
    }
}

/// Sessions that have events or episodes.
pub async fn every_session(context: &SessionContext) -> Result<BTreeSet<String>> {
    let rows = statements::texts(context, statements::EVERY_SESSION).await?;
    Ok(rows.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_seen_is_new() {
        let of = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>();
        let mut seen = Seen::default();
        assert!(seen.has_none(&of(&["a", "b"])));
        seen.take(&of(&["a"]));
        assert!(seen.has_none(&of(&["b", "c"])) && !seen.has_none(&of(&["a", "b"])));
    }
}
