//! What people ask of the worker: runs, other times for them, and that one ends. They say so in the log; this reads
//! it from the table `records`, and so in any process.

use std::collections::{BTreeMap, BTreeSet};

use athena_schemas::orders::{RUN_CANCEL, RUN_REQUEST, RUN_SCHEDULE, RunRequest, RunSchedule, cancel_id};
use athena_schemas::tables::{Event, Record};
use athena_schemas::{Applied, Column, Row, Time};
use athena_store::{Snapshot, SqlOptions, Store};
use datafusion::prelude::{col, lit};
use futures::TryStreamExt;

use crate::{Result, statements};

/// A request that is older is not followed any more.
const REQUEST_LIFE_MICROS: i64 = 24 * 3_600 * 1_000_000;
/// How often a run that was asked for is tried.
const TRIES: u32 = 3;

/// Project and id: another project may have the same.
type Name = (String, String);

/// A run that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub id: String,
    pub project: String,
    pub full: bool,
    asked_at: Time,
    tried: u32,
}

impl Request {
    fn name(&self) -> Name {
        (self.project.clone(), self.id.clone())
    }

    /// Whether it is not tried again after this.
    pub fn is_last_try(&self) -> bool {
        self.tried + 1 >= TRIES
    }
}

/// What is asked for at the moment.
#[derive(Debug, Default)]
pub struct Orders {
    looked: Applied,
    above: Option<u64>,
    /// By project and id.
    requests: BTreeMap<Name, Request>,
    /// By project.
    schedules: BTreeMap<String, RunSchedule>,
    cancelled: BTreeSet<Name>,
    /// Up to where the new events of projects that have a schedule are counted.
    counted: Applied,
}

impl Orders {
    /// Reads what is new in the table `records`.
    pub async fn look(&mut self, snapshot: &Snapshot) -> Result<()> {
        if self.looked == snapshot.applied {
            return Ok(());
        }
        let columns = ["id", "project", "kind", "name", "body", "recorded_at"];
        let rows =
            snapshot.since(Record::TABLE, &self.looked, &snapshot.applied, self.above, &columns).await?;
        if let Some(mut rows) = rows {
            while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
                let plain = |at| arrow::compute::cast(batch.column(at), &arrow::datatypes::DataType::Utf8);
                let (id, project, kind) = (plain(0)?, plain(1)?, plain(2)?);
                let (name, body) = (plain(3)?, plain(4)?);
                for row in 0..batch.num_rows() {
                    let text = |array| <String as Column>::read(array, row);
                    let asked_at = Time::read(batch.column(5), row);
                    let name = <Option<String> as Column>::read(&name, row);
                    self.take(&text(&kind), text(&id), text(&project), name, &text(&body), asked_at);
                }
            }
        }
        self.above = snapshot.last_fragment(Record::TABLE);
        self.looked = snapshot.applied.clone();
        Ok(())
    }

    fn take(
        &mut self,
        kind: &str,
        id: String,
        project: String,
        name: Option<String>,
        body: &str,
        asked_at: Time,
    ) {
        match kind {
            RUN_REQUEST => {
                let RunRequest { full } = serde_json::from_str(body).unwrap_or_default();
                let request = Request { id, project, full, asked_at, tried: 0 };
                self.requests.insert(request.name(), request);
            }
            RUN_CANCEL => self.cancelled.extend(name.map(|run| (project, run))),
            RUN_SCHEDULE => {
                self.schedules.insert(project, serde_json::from_str(body).unwrap_or_default());
            }
            _ => {}
        }
    }

    /// The requests that nobody has answered, the oldest first.
    pub async fn open(&mut self, snapshot: &Snapshot, sql: &SqlOptions, now: Time) -> Result<Vec<Request>> {
        let oldest = now.plus_micros(-REQUEST_LIFE_MICROS);
        self.requests.retain(|name, one| one.asked_at >= oldest && !self.cancelled.contains(name));
        if self.requests.is_empty() {
            return Ok(vec![]);
        }
        let context = statements::session(snapshot, None, sql).await?;
        for row in statements::texts(&context, statements::SETTLED).await? {
            if let Ok([project, request]) = <[String; 2]>::try_from(row) {
                self.requests.remove(&(project, request));
            }
        }
        let mut open: Vec<Request> = self.requests.values().cloned().collect();
        open.sort_by_key(|one| (one.asked_at, one.id.clone()));
        Ok(open)
    }

    /// Another try of it begins.
    pub fn tried(&mut self, request: &Request) {
        if let Some(request) = self.requests.get_mut(&request.name()) {
            request.tried += 1;
        }
    }

    /// There is nothing more to do about it here.
    pub fn settle(&mut self, request: &Request) {
        self.requests.remove(&request.name());
    }

    pub fn schedules(&self) -> &BTreeMap<String, RunSchedule> {
        &self.schedules
    }

    /// New events of each project that has a schedule, since they were counted last.
    pub async fn fresh(&mut self, snapshot: &Snapshot) -> Result<BTreeMap<String, u64>> {
        let mut fresh = BTreeMap::new();
        if !self.schedules.is_empty() {
            let rows = snapshot.since(Event::TABLE, &self.counted, &snapshot.applied, None, &["project"]);
            if let Some(mut rows) = rows.await? {
                while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
                    let projects = arrow::compute::cast(batch.column(0), &arrow::datatypes::DataType::Utf8)?;
                    for row in 0..batch.num_rows() {
                        let project = <String as Column>::read(&projects, row);
                        if self.schedules.contains_key(&project) {
                            *fresh.entry(project).or_default() += 1;
                        }
                    }
                }
            }
        }
        self.counted = snapshot.applied.clone();
        Ok(fresh)
    }
}

/// Whether anybody said that one of these runs or requests is to end.
pub async fn is_cancelled(store: &Store, ids: &[&str], project: &str) -> Result<bool> {
    let records = store.records.refresh().await?;
    let ids = ids.iter().map(|id| lit(cancel_id(id))).collect();
    let wanted = col("id").in_list(ids, false).and(col("project").eq(lit(project)));
    let mut scan = records.scan();
    scan.project(&["id"]).map_err(athena_store::Error::from)?.filter_expr(wanted);
    let mut rows = scan.try_into_stream().await.map_err(athena_store::Error::from)?;
    while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
        if batch.num_rows() > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_by_their_kind() {
        let mut orders = Orders::default();
        let at = Time::from_micros(7);
        orders.take(RUN_REQUEST, "r-1".into(), "p".into(), None, r#"{"full":true}"#, at);
        orders.take(RUN_REQUEST, "r-2".into(), "p".into(), None, "{}", at);
        orders.take(RUN_CANCEL, "cancel-r-2".into(), "p".into(), Some("r-2".into()), "{}", at);
        orders.take(RUN_SCHEDULE, "run-schedule".into(), "p".into(), None, r#"{"every_s":5}"#, at);
        orders.take("note", "note-1".into(), "p".into(), None, "{}", at);
        let of = |id: &str| ("p".to_owned(), id.to_owned());
        let request = Request { id: "r-1".into(), project: "p".into(), full: true, asked_at: at, tried: 0 };
        assert_eq!(orders.requests[&of("r-1")], request);
        assert!(orders.cancelled.contains(&of("r-2")));
        assert_eq!(orders.schedules["p"], RunSchedule { every_s: Some(5), after_events: None });
        for _ in 1..TRIES {
            orders.tried(&request);
        }
        assert!(orders.requests[&of("r-1")].is_last_try() && !orders.requests[&of("r-2")].is_last_try());
    }
}
