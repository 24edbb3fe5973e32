//! Several events that are one.

use athena_schemas::{Error, Position};
use athena_store::Scope;
use datafusion::prelude::SessionContext;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::forget::of_id;
use super::{event, recorded};
use crate::operations::rows::{absent, objects, objects_in};
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::sql;

const ALIASES: &str = include_str!("../../../sql/event_aliases.sql");
const EVENTS_OF_ID: &str = include_str!("../../../sql/events_of_id.sql");

/// Events that one call merges.
const MOST_DROPPED: usize = 100;

pub fn register(registry: &mut Registry) {
    registry.add::<Merge>();
}

/// Makes one event of several that tell of the same: the ids of the others lead to it from now on, and the others are
/// forgotten. One's own only, unless the caller is an admin.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Merge {
    /// The event that stays.
    keep: String,
    /// Those that go; at most 100.
    drop: Vec<String>,
}

/// The event that stayed.
#[derive(Debug, Serialize, JsonSchema)]
struct Merged {
    id: String,
    /// Every id that leads to it besides its own.
    aliases: Vec<String>,
    project: String,
    position: Option<Position>,
}

impl Operation for Merge {
    const TOOL: &'static str = "events";
    const NAME: &'static str = "merge";
    const EFFECT: Effect = Effect::Remove;
    type Result = Merged;

    async fn call(self, call: &Call) -> Result<Merged, Error> {
        if self.drop.is_empty() || self.drop.len() > MOST_DROPPED {
            return Err(Error::invalid(
                "drop",
                format!("from 1 to {MOST_DROPPED} events can be merged at once"),
            ));
        }
        if self.drop.contains(&self.keep) {
            return Err(Error::invalid("drop", format!("event {} is the one that stays", self.keep)));
        }
        let project = call.project()?;
        let scope = Scope::Projects(vec![project.clone()]);
        call.app.wait_until_seen(&scope, call.shared.after.as_ref()).await;
        if objects(&call.app, &scope, EVENTS_OF_ID, &[json!(self.keep)], 1).await?.is_empty() {
            return Err(absent("event", "keep", &self.keep, &[project]));
        }
        let mut positions = Vec::new();
        for id in &self.drop {
            let found = of_id(call, id.clone()).await.map_err(|error| match error.field {
                Some(_) => Error { field: Some("drop".into()), ..error },
                None => error,
            })?;
            positions.extend(found.events.iter().map(|(position, _)| *position));
        }
        let given = json!({"keep": self.keep, "drop": self.drop, "positions": positions});
        let mut answer = call.command(&given).await?;
        let position = answer.remove("position").and_then(|position| serde_json::from_value(position).ok());
        call.app.wait_until_seen(&scope, position.as_ref()).await;
        let context = sql::session(&call.app, &scope).await?;
        let aliases = aliases(call, &context, &self.keep).await?;
        Ok(Merged { id: self.keep, aliases, project, position })
    }

    fn examples() -> Vec<Example> {
        let mut again = recorded();
        again.arguments["event_id"] = "example-test-run-again".into();
        let arguments = json!({"keep": "example-test-run", "drop": ["example-test-run-again"]});
        vec![Example { setup: vec![recorded(), again], arguments }]
    }
}

/// The ids that lead to an event besides its own.
///
/// # Errors
/// Storage.
pub async fn aliases(call: &Call, context: &SessionContext, id: &str) -> Result<Vec<String>, Error> {
    let rows = objects_in(&call.app, context, ALIASES, &[json!(id), Value::Null], MOST_DROPPED).await?;
    Ok(rows.iter().filter_map(|row| row.get("alias")?.as_str().map(str::to_owned)).collect())
}

/// The event that an id leads to, if it was merged into one.
///
/// # Errors
/// Storage.
pub async fn led_to(
    call: &Call,
    context: &SessionContext,
    scope: &Scope,
    id: &str,
) -> Result<Option<Map<String, Value>>, Error> {
    let rows = objects_in(&call.app, context, ALIASES, &[Value::Null, json!(id)], 1).await?;
    match rows.first().and_then(|row| row.get("id")?.as_str()) {
        Some(kept) => event(&call.app, context, scope, kept).await,
        None => Ok(None),
    }
}
