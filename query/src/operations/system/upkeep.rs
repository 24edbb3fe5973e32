//! Upkeep now, to the end, instead of step by step in the background: long work, which goes on behind its run.

use std::sync::Arc;

use athena_schemas::tables::Memory;
use athena_schemas::{Error, Row};
use athena_store::{Maintained, TableHandle};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::for_admins;
use super::runs::{LongRun, start};
use crate::operations::events::recorded;
use crate::operations::sql::named_table;
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::{App, follow, vector};

pub fn register(registry: &mut Registry) {
    registry.add::<Compact>();
    registry.add::<Reindex>();
}

/// Merges small files and removes old versions, of one table or of all; reading and writing go on. For admins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Compact {
    /// One table; all where none is named.
    #[serde(default)]
    table: Option<String>,
    /// Whether to wait for the end.
    #[serde(default)]
    wait: bool,
}

/// A compaction that runs, or ran.
pub type CompactRun = LongRun<Compacting>;

#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Compacting {
    /// Of each table that was gone through, what was done; empty until it is complete.
    items: Vec<Compacted>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Compacted {
    table: &'static str,
    files_removed: usize,
    files_added: usize,
    versions_removed: u64,
    bytes_removed: u64,
    seconds: f64,
}

impl Compacted {
    fn of(table: &TableHandle, done: &Maintained) -> Self {
        Self {
            table: table.table.name,
            files_removed: done.fragments_removed,
            files_added: done.fragments_added,
            versions_removed: done.versions_removed,
            bytes_removed: done.bytes_removed,
            seconds: done.seconds,
        }
    }
}

impl Operation for Compact {
    const TOOL: &'static str = "system";
    const NAME: &'static str = "compact";
    const EFFECT: Effect = Effect::Write;
    type Result = CompactRun;

    async fn call(self, call: &Call) -> Result<CompactRun, Error> {
        for_admins(call, "upkeep is of all projects")?;
        let app = call.app.clone();
        let chosen = self.table.as_deref().map(named_table).transpose()?;
        let work = async move {
            let options = app.options.maintenance.to_the_end();
            let mut items = Vec::new();
            let all = app.store.all().iter();
            for table in all.filter(|one| chosen.is_none_or(|chosen| chosen.name == one.table.name)) {
                items.push(Compacted::of(table, &table.compact(&options).await?));
            }
            Ok(Compacting { items })
        };
        let of = ("compact", Compacting::default());
        start((&call.app, &call.app.upkeep), |app| &app.compactions, of, self.wait, work).await
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"table": Memory::TABLE.name, "wait": true});
        vec![Example { setup: vec![recorded()], arguments }]
    }
}

/// Derives an index anew from the tables beside the old one, which answers meanwhile, and puts it in its place. For
/// admins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Reindex {
    /// One index; all where none is named.
    #[serde(default)]
    index: Option<Which>,
    /// Whether to wait for the end.
    #[serde(default)]
    wait: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Which {
    /// What text is found by.
    Text,
    /// What meaning is found by.
    Vectors,
    /// Those of the table `events`, of columns.
    Columns,
}

/// An index that is derived anew, or was.
pub type ReindexRun = LongRun<Reindexing>;

#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Reindexing {
    /// What was derived; empty until it is complete.
    items: Vec<Reindexed>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Reindexed {
    index: Which,
    /// Of the text index.
    documents: Option<u64>,
    /// Of the vectors: chunks of texts.
    chunks: Option<u64>,
    /// Of columns: those that have an index. They get one once there are a million events.
    columns: Option<Vec<&'static str>>,
}

impl Which {
    async fn derive(self, app: &Arc<App>) -> Result<Reindexed, Error> {
        let mut done = Reindexed { index: self, documents: None, chunks: None, columns: None };
        match self {
            Self::Text => done.documents = Some(app.text.derive_anew(&app.store).await?.documents),
            Self::Vectors => {
                let folder = follow::folder(&app.store, &app.options);
                vector::derive_anew(&app.vectors, &app.store, &folder).await?;
                done.chunks = Some(app.vectors.chunks());
            }
            Self::Columns => {
                done.columns = Some(app.store.events.reindex(&app.options.maintenance).await?);
            }
        }
        Ok(done)
    }
}

impl Operation for Reindex {
    const TOOL: &'static str = "system";
    const NAME: &'static str = "reindex";
    const EFFECT: Effect = Effect::Write;
    type Result = ReindexRun;

    async fn call(self, call: &Call) -> Result<ReindexRun, Error> {
        for_admins(call, "upkeep is of all projects")?;
        let app = call.app.clone();
        let chosen = self.index.map_or(vec![Which::Text, Which::Vectors, Which::Columns], |one| vec![one]);
        let work = async move {
            let mut items = Vec::new();
            for which in chosen {
                items.push(which.derive(&app).await?);
            }
            Ok(Reindexing { items })
        };
        let of = ("reindex", Reindexing::default());
        start((&call.app, &call.app.upkeep), |app| &app.reindexings, of, self.wait, work).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"index": "text", "wait": true}) }]
    }
}
