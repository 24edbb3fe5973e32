//! Backups, and memories made from them: long work, which goes on behind its run.

use std::collections::BTreeMap;
use std::sync::Arc;

use athena_schemas::{Applied, Error};
use athena_store::{Copied, Location, Store};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::runtime::Handle;

use super::for_admins;
use super::runs::{LongRun, start};
use crate::App;
use crate::registry::{Call, Effect, Example, Operation, Registry};

pub fn register(registry: &mut Registry) {
    registry.add::<Backup>();
    registry.add::<Restore>();
}

/// A copy that runs, or ran.
pub type CopyRun = LongRun<Copying>;

/// From where to where, and what there is when it is complete.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Copying {
    from: String,
    to: String,
    /// Rows by table, when it is complete: the copy was opened and compared.
    rows: Option<BTreeMap<String, u64>>,
    /// Up to where in the log the copy goes.
    position: Option<Applied>,
}

/// Copies the memory as it is at one moment, while it is in use, to a new directory of the server, or s3://bucket/prefix;
/// the copy is opened and compared. For admins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Backup {
    /// A new or empty directory, or s3://bucket/prefix.
    to: String,
    /// Whether to wait for the end.
    #[serde(default)]
    wait: bool,
}

impl Operation for Backup {
    const TOOL: &'static str = "system";
    const NAME: &'static str = "backup";
    const EFFECT: Effect = Effect::Write;
    type Result = CopyRun;

    async fn call(self, call: &Call) -> Result<CopyRun, Error> {
        for_admins(call, "a copy is of all projects")?;
        let (store, to) = (call.app.store.clone(), place("to", &self.to)?);
        let from = store.location.to_string();
        begin(&call.app, (from, to.to_string()), self.wait, async move { store.copy_to(&to).await }).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: json!({"to": EXAMPLE}) }]
    }
}

/// Makes a data directory from a backup: an empty one, beside the memory that is served. For admins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Restore {
    /// The backup.
    from: String,
    /// A new or empty directory, or s3://bucket/prefix.
    into: String,
    /// Whether to wait for the end.
    #[serde(default)]
    wait: bool,
}

impl Operation for Restore {
    const TOOL: &'static str = "system";
    const NAME: &'static str = "restore";
    const EFFECT: Effect = Effect::Remove;
    type Result = CopyRun;

    async fn call(self, call: &Call) -> Result<CopyRun, Error> {
        for_admins(call, "a copy is of all projects")?;
        let (from, into) = (place("from", &self.from)?, place("into", &self.into)?);
        let named = (from.to_string(), into.to_string());
        begin(&call.app, named, self.wait, async move { Store::copy(&from, &into).await }).await
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"from": EXAMPLE, "into": "/tmp/athena-restored"});
        vec![Example { setup: vec![], arguments }]
    }
}

/// A place for examples: one that is not empty is refused.
const EXAMPLE: &str = "/tmp/athena-backup";

fn place(argument: &str, text: &str) -> Result<Location, Error> {
    let place = Location::parse(text).map_err(|error| Error::invalid(argument, error.to_string()));
    place.and_then(|place| match text.trim().is_empty() {
        true => Err(Error::invalid(argument, "a directory, or s3://bucket/prefix, is needed")),
        false => Ok(place),
    })
}

async fn begin(
    app: &Arc<App>,
    (from, to): (String, String),
    wait: bool,
    copy: impl Future<Output = athena_store::Result<Copied>> + Send + 'static,
) -> Result<CopyRun, Error> {
    let of = Copying { from, to, rows: None, position: None };
    let copying = of.clone();
    let work = async move {
        let Copied { applied, rows } = copy.await?;
        let rows = rows.into_iter().map(|(table, rows)| (table.to_owned(), rows)).collect();
        Ok(Copying { rows: Some(rows), position: Some(applied), ..copying })
    };
    start((app, &Handle::current()), |app| &app.copies, ("copy", of), wait, work).await
}
