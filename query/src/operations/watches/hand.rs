//! Firing by hand: in the log like any other, and acted on here.

use std::sync::Arc;
use std::time::Duration;

use athena_ingest::watches::{Cause, Firing};
use athena_schemas::{Error, Position};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use super::one;
use crate::automation::{Taken, act, of_hand, taken_up};
use crate::operations::records::answered;
use crate::registry::Call;

/// How long the answer waits for what becomes of it.
const WAIT: Duration = Duration::from_secs(5);

/// What was fired by hand, and what became of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ByHand {
    /// Of the trigger or the rule.
    pub id: String,
    /// Of the firing.
    pub firing: String,
    /// `done`, `failed`, or `dead` when an address could not be reached; null when it has not ended yet.
    pub outcome: Option<String>,
    /// Why it is null.
    pub reason: Option<String>,
    /// What became of each action.
    pub results: Vec<Value>,
    pub project: String,
    pub position: Position,
}

#[derive(Deserialize)]
struct Answered {
    id: String,
    firing: String,
    project: String,
    position: Position,
}

/// Fires one of a kind, with what is known then.
///
/// # Errors
/// What the log refuses: one that is not there, another's, one that led to this itself.
pub async fn by_hand(
    call: &Call,
    kind: &'static str,
    id: &str,
    input: Map<String, Value>,
) -> Result<ByHand, Error> {
    let app = &call.app;
    let mut command = json!({"by": app.automation.node, "input": input});
    command[kind] = json!(id);
    let Answered { id, firing, project, position } = answered(call.command(&command).await?)?;
    let scope = Scope::Projects(vec![project.clone()]);
    let read = one(call, (&project, &scope), kind, &id).await?;
    let pending = read.watch.pending.iter().find(|one| one.id == firing).cloned();
    let mut told = ByHand { id, firing, outcome: None, reason: None, results: vec![], project, position };
    let Some(pending) = pending else {
        told.reason = Some("it ended before; the history tells how".into());
        return Ok(told);
    };
    if !taken_up(app, &pending.id) {
        told.reason = Some("it is being acted on already; the history tells how it ends".into());
        return Ok(told);
    }
    let Firing { id: firing, cause, chain, at, .. } = pending;
    let input = match &cause {
        Cause::Hand { input } => input.clone(),
        _ => Map::new(),
    };
    let facts = of_hand(&told.project, at, &input);
    let armed = Arc::new(read.armed(kind, &told.project));
    let taken = Taken { armed, id: firing, cause, chain, facts };
    let (sender, ended) = oneshot::channel();
    let (app, stop) = (app.clone(), app.automation.stop.clone());
    let tracker = app.tasks.clone();
    tracker.spawn(async move {
        let acted = stop.clone().run_until_cancelled_owned(async { act(&app, &taken, &stop).await }).await;
        // Who asked may be gone.
        let _ = acted.map(|acted| sender.send(acted));
    });
    match tokio::time::timeout(WAIT, ended).await {
        Ok(Ok((outcome, results))) => (told.outcome, told.results) = (Some(outcome), results),
        _ => told.reason = Some("it has not ended yet; the history tells how it ends".into()),
    }
    Ok(told)
}
