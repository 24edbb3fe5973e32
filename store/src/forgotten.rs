//! What is forgotten and not purged yet: hidden from every reader, whatever moment it reads at.
//!
//! A row of `forgotten` names the positions of events, or the ids of memories. It hides them, and what was made of the
//! events, until no version of any table holds anything of them: whoever sees the row may see an older version of another
//! table. An emptied event says so itself.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use arrow::array::RecordBatch;
use athena_schemas::sealed::DATA_KEY;
use athena_schemas::tables::{Access, DeadLetter, Embedding, Event, Forgotten, Memory, Record};
use athena_schemas::vocabulary::{FORGOTTEN, names_versions};
use athena_schemas::{Column, Row, Table, Time};
use datafusion::prelude::{Expr, col, lit};
use futures::TryStreamExt;
use lance::Dataset;
use parking_lot::Mutex;

use crate::copies::{Copies, Named};
use crate::{Result, Snapshot};

/// Ids in one condition.
const IDS: usize = 10_000;

/// What must not be seen.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// Whether anything was ever forgotten: there may be emptied events.
    any: bool,
    /// Positions of events.
    pub events: BTreeSet<u64>,
    /// Ids of memories, by project.
    pub memories: BTreeMap<String, BTreeSet<String>>,
    /// By project ids of what was redacted: versions of memories and records at `events`, accesses, dead letters.
    pub redacted: BTreeMap<String, BTreeSet<String>>,
    /// By project versions of records that were made of such events.
    copies: BTreeMap<String, Copies>,
    /// When a purge has rewritten tables last: what was derived from their rows may hold more than they do.
    pub rewritten_at: Option<Time>,
}

/// The newest of it, with the versions of `forgotten` and `memories` that it is of.
#[derive(Debug, Default)]
pub(crate) struct Known(Mutex<Option<(u64, u64, Arc<Hidden>)>>);

impl Snapshot {
    /// What is hidden as of these versions.
    pub async fn hidden(&self) -> Result<Arc<Hidden>> {
        let (forgotten, memories) = (self.dataset(Forgotten::TABLE), self.dataset(Memory::TABLE));
        if forgotten.manifest().fragments.is_empty() {
            return Ok(Arc::default());
        }
        let versions = (forgotten.version().version, memories.version().version);
        // What is made meanwhile is made of what is seen.
        let mut copies = None;
        if let Some((one, other, hidden)) = &*self.known.0.lock() {
            if (*one, *other) == versions {
                return Ok(hidden.clone());
            }
            copies = (*one == versions.0).then(|| hidden.copies.clone());
        }
        let mut hidden = self.read_hidden().await?;
        hidden.copies = match copies {
            Some(copies) => copies,
            None => self.copies(forgotten).await?,
        };
        let hidden = Arc::new(hidden);
        *self.known.0.lock() = Some((versions.0, versions.1, hidden.clone()));
        Ok(hidden)
    }
}

impl Snapshot {
    async fn read_hidden(&self) -> Result<Hidden> {
        let mut hidden = Hidden { any: true, ..Hidden::default() };
        let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let columns = ["project", "kind", "positions", "ids"];
        for batch in self.rows(Forgotten::TABLE, &columns, col("purged_at").is_null()).await? {
            for row in 0..batch.num_rows() {
                hidden.events.extend(value::<Vec<u64>>(&batch, "positions", row));
                let ids: Vec<String> = value(&batch, "ids", row);
                let kind: String = value(&batch, "kind", row);
                let told = if names_versions(&kind) { &mut hidden.redacted } else { &mut told };
                told.entry(value(&batch, "project", row)).or_default().extend(ids);
            }
        }
        hidden.memories = self.deleted(&told).await?;
        let rewritten = col("rewritten_at").is_not_null();
        for batch in self.rows(Forgotten::TABLE, &["rewritten_at"], rewritten).await? {
            let newest = (0..batch.num_rows()).filter_map(|row| value(&batch, "rewritten_at", row)).max();
            hidden.rewritten_at = hidden.rewritten_at.max(newest);
        }
        Ok(hidden)
    }

    /// Those of the memories that are still deleted: some may have been restored.
    async fn deleted(
        &self,
        told: &BTreeMap<String, BTreeSet<String>>,
    ) -> Result<BTreeMap<String, BTreeSet<String>>> {
        let ids: Vec<&String> = told.values().flatten().collect();
        let mut newest: BTreeMap<(String, String), (u64, bool)> = BTreeMap::new();
        let columns = ["project", "id", "position", "deleted"];
        for ids in ids.chunks(IDS) {
            let wanted = col("id").in_list(ids.iter().map(|id| lit(*id)).collect(), false);
            for batch in self.rows(Memory::TABLE, &columns, wanted).await? {
                for row in 0..batch.num_rows() {
                    let version = (value(&batch, "position", row), value(&batch, "deleted", row));
                    let at = newest.entry((value(&batch, "project", row), value(&batch, "id", row)));
                    let at = at.or_insert(version);
                    *at = (*at).max(version);
                }
            }
        }
        let mut hidden: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let gone = newest.into_iter().filter(|(_, (_, deleted))| *deleted);
        for ((project, id), _) in
            gone.filter(|((project, id), _)| told.get(project).is_some_and(|ids| ids.contains(id)))
        {
            hidden.entry(project).or_default().insert(id);
        }
        Ok(hidden)
    }

    /// Rows of a table that a condition lets through, from memory where it is small.
    async fn rows(&self, table: &Table, columns: &[&str], filter: Expr) -> Result<Vec<RecordBatch>> {
        let dataset = self.dataset(table);
        match self
            .at_hand
            .chosen((table, dataset), &dataset.manifest().fragments, columns, filter.clone())
            .await?
        {
            Some(rows) => Ok(rows),
            None => rows(dataset, columns, filter).await,
        }
    }

    /// What was made of the events that are hidden.
    async fn copies(&self, forgotten: &Dataset) -> Result<BTreeMap<String, Copies>> {
        let mut events: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
        let open = col("purged_at").is_null().and(col("kind").not_eq(lit(DATA_KEY)));
        for batch in rows(forgotten, &["project", "positions"], open).await? {
            for row in 0..batch.num_rows() {
                let of = events.entry(value(&batch, "project", row)).or_default();
                of.extend(value::<Vec<u64>>(&batch, "positions", row));
            }
        }
        let mut copies = BTreeMap::new();
        for (project, positions) in events.iter().filter(|(_, positions)| !positions.is_empty()) {
            let named = Named::at(self.dataset(Event::TABLE), project, positions).await?;
            let made = Copies::of(self.dataset(Record::TABLE), project, &named).await?;
            if !made.versions.is_empty() {
                copies.insert(project.clone(), made);
            }
        }
        Ok(copies)
    }

    /// Ids of a project's events and memories that are hidden and not purged yet: rows of other tables may name them.
    pub async fn hidden_items(&self, project: &str) -> Result<BTreeSet<String>> {
        let hidden = self.hidden().await?;
        let mut items = hidden.memories.get(project).cloned().unwrap_or_default();
        let positions: Vec<u64> = hidden.events.iter().copied().collect();
        for positions in positions.chunks(IDS) {
            let wanted = col("position").in_list(positions.iter().map(|one| lit(*one)).collect(), false);
            let wanted = wanted.and(col("project").eq(lit(project)));
            for batch in rows(self.dataset(Event::TABLE), &["id"], wanted).await? {
                items.extend((0..batch.num_rows()).map(|row| value::<String>(&batch, "id", row)));
            }
        }
        Ok(items)
    }

    /// The positions that the rows of a table have.
    pub async fn positions_of(&self, table: &Table) -> Result<HashSet<u64>> {
        let mut scan = self.dataset(table).scan();
        scan.project(&["position"])?;
        let mut batches = scan.try_into_stream().await?;
        let mut positions = HashSet::new();
        while let Some(batch) = batches.try_next().await? {
            positions.extend((0..batch.num_rows()).map(|row| value::<u64>(&batch, "position", row)));
        }
        Ok(positions)
    }

    /// Who sent the events that stand at these positions.
    pub async fn actors(&self, positions: &[u64]) -> Result<BTreeMap<u64, String>> {
        let mut actors = BTreeMap::new();
        for positions in positions.chunks(IDS) {
            let wanted = col("position").in_list(positions.iter().map(|one| lit(*one)).collect(), false);
            for batch in rows(self.dataset(Event::TABLE), &["position", "actor"], wanted).await? {
                let one = |row| (value(&batch, "position", row), value(&batch, "actor", row));
                actors.extend((0..batch.num_rows()).map(one));
            }
        }
        Ok(actors)
    }
}

pub(crate) async fn rows(dataset: &Dataset, columns: &[&str], filter: Expr) -> Result<Vec<RecordBatch>> {
    let mut scan = dataset.scan();
    scan.project(columns)?.filter_expr(filter);
    Ok(scan.try_into_stream().await?.try_collect().await?)
}

pub(crate) fn value<C: Column>(batch: &RecordBatch, column: &str, row: usize) -> C {
    C::read(batch.column_by_name(column).expect("asked for"), row)
}

impl Hidden {
    /// Whether nothing was ever forgotten.
    pub fn is_nothing(&self) -> bool {
        !self.any
    }

    /// What the rows of a table must satisfy to be seen.
    pub(crate) fn conditions(&self, table: &Table) -> Vec<Expr> {
        let mut all = Vec::new();
        let positions = || self.events.iter().map(|position| lit(*position)).collect();
        let is = |name: &str| table.name == name;
        if is(Event::TABLE.name) && self.any {
            all.push(col("origin").not_eq(lit(FORGOTTEN)));
        }
        if (is(Event::TABLE.name) || is(Embedding::TABLE.name)) && !self.events.is_empty() {
            all.push(col("position").in_list(positions(), true));
        }
        if is(Memory::TABLE.name) || is(Embedding::TABLE.name) {
            all.extend(self.memories.iter().map(|(project, ids)| {
                let ids = ids.iter().map(|id| lit(id.as_str())).collect();
                col("project").not_eq(lit(project.as_str())).or(col("id").in_list(ids, true))
            }));
        }
        if is(Record::TABLE.name) {
            all.extend(self.copies.iter().map(|(project, copies)| {
                let ids = copies.ids.iter().map(|id| lit(id.as_str())).collect();
                let at = copies.versions.iter().map(|(_, position)| lit(*position)).collect();
                let others = col("project").not_eq(lit(project.as_str())).or(col("id").in_list(ids, true));
                others.or(col("position").in_list(at, true))
            }));
        }
        let versions = is(Memory::TABLE.name) || is(Record::TABLE.name);
        if versions || is(Access::TABLE.name) || is(DeadLetter::TABLE.name) {
            all.extend(self.redacted.iter().filter(|(_, ids)| !ids.is_empty()).map(|(project, ids)| {
                let ids = ids.iter().map(|id| lit(id.as_str())).collect();
                let others = col("project").is_null().or(col("project").not_eq(lit(project.as_str())));
                let others = others.or(col("id").in_list(ids, true));
                // The version with the mark stands where the command does that wrote it.
                if versions { others.or(col("position").in_list(positions(), true)) } else { others }
            }));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nothing_was_forgotten_nothing_is_asked() {
        let hidden = Hidden::default();
        assert!(hidden.is_nothing());
        for table in [Event::TABLE, Embedding::TABLE, Memory::TABLE] {
            assert!(hidden.conditions(table).is_empty());
        }
    }

    #[test]
    fn each_table_hides_what_it_holds() {
        let memories = BTreeMap::from([("p".to_owned(), BTreeSet::from(["m-1".to_owned()]))]);
        let events = BTreeSet::from([3, 4]);
        let versions = vec![("plan-1".to_owned(), 7), ("plan-1".to_owned(), 9)];
        let ids = BTreeSet::from(["plan-1".to_owned()]);
        let copies = BTreeMap::from([("p".to_owned(), Copies { versions, ids, ..Copies::default() })]);
        let hidden = Hidden { any: true, events, memories, copies, ..Hidden::default() };
        let told = |table| hidden.conditions(table).iter().map(ToString::to_string).collect::<Vec<_>>();
        let events = "position NOT IN ([UInt64(3), UInt64(4)])";
        let memories = r#"project != Utf8("p") OR id NOT IN ([Utf8("m-1")])"#;
        assert_eq!(told(Event::TABLE), [r#"origin != Utf8("forgotten")"#, events]);
        assert_eq!(told(Embedding::TABLE), [events, memories]);
        assert_eq!(told(Memory::TABLE), [memories]);
        let copies = r#"project != Utf8("p") OR id NOT IN ([Utf8("plan-1")]) OR position NOT IN ([UInt64(7), UInt64(9)])"#;
        assert_eq!(told(Record::TABLE), [copies]);
        assert!(told(Forgotten::TABLE).is_empty());
    }
}
