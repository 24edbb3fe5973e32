//! Checks of a task against what happened.

use std::collections::BTreeSet;

use athena_ingest::tasks::Check;
use athena_schemas::wire::Kind;
use athena_schemas::{Error, Position};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Changed, changed, example_id, find, set_up};
use crate::App;
use crate::operations::items;
use crate::operations::records::one_project;
use crate::operations::rows::{absent, objects};
use crate::registry::{Call, Effect, Example, Operation, Step};

const EVIDENCE: &str = include_str!("../../../sql/evidence.sql");
/// What of an event is looked at.
const COLUMNS: [&str; 6] = ["id", "type", "tool", "content", "outcome", "files"];

/// Events that one call may name.
const MOST: usize = 100;

/// Passes a task's checks by events: one passes a check when it succeeded and has all words of the check, or when
/// `check` says which it is for. Tells what passed each, and what is missing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verify {
    /// Id of the task.
    task: String,
    /// Ids of events that show it.
    evidence: Vec<String>,
    /// The text of the one check that the events are for, whatever their words.
    #[serde(default)]
    check: Option<String>,
}

/// What passed, and what did not.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Verified {
    id: String,
    version: i64,
    /// Every check, with the event that passed it.
    items: Vec<Check>,
    /// Checks that no event has passed.
    missing: Vec<String>,
    /// Events that passed nothing, and why.
    unused: Vec<Unused>,
    /// Whether nothing is missing; null of a task without checks.
    verified: Option<bool>,
    reason: Option<String>,
    project: String,
    position: Position,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Unused {
    id: String,
    why: String,
}

impl Operation for Verify {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "verify";
    const EFFECT: Effect = Effect::Write;
    type Result = Verified;

    async fn call(self, call: &Call) -> Result<Verified, Error> {
        let (project, scope) = one_project(call).await?;
        if self.evidence.is_empty() || self.evidence.len() > MOST {
            return Err(Error::invalid("evidence", format!("from 1 to {MOST} events")));
        }
        let (view, events) = tokio::try_join!(
            find(call, &scope, &project, &self.task),
            evidence(&call.app, &scope, &self.evidence),
        )?;
        let checks = &view.task.checks;
        let only = match &self.check {
            None => None,
            Some(text) => {
                let place = checks.iter().position(|check| check.text == *text);
                Some(place.ok_or_else(|| absent("check", "check", text, std::slice::from_ref(&project)))?)
            }
        };
        let text = |event: &Map<String, Value>, name: &str| {
            event.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        if let Some(lost) = self.evidence.iter().find(|id| !events.iter().any(|one| text(one, "id") == **id))
        {
            return Err(absent("event", "evidence", lost, &[project]));
        }
        let (mut passed, mut unused) = (Vec::new(), Vec::new());
        for event in &events {
            let id = text(event, "id");
            if text(event, "outcome") != "success" {
                unused.push(Unused { id, why: "it did not succeed".into() });
                continue;
            }
            let files = event.get("files").map(Value::to_string).unwrap_or_default();
            let said = [text(event, "type"), text(event, "tool"), text(event, "content"), files].join(" ");
            let met: Vec<usize> = match only {
                Some(place) => vec![place],
                None => (0..checks.len()).filter(|at| has_all(&said, &checks[*at].text)).collect(),
            };
            if met.is_empty() {
                unused.push(Unused { id, why: "it has the words of no check".into() });
                continue;
            }
            passed.extend(met.into_iter().map(|check| json!({"check": check, "event": id})));
        }
        let Changed { id, version, task, project, position, .. } =
            changed(call, &json!({"task": self.task, "passed": passed})).await?;
        let open = task.checks.iter().filter(|check| check.passed_by.is_none());
        let missing: Vec<String> = open.map(|check| check.text.clone()).collect();
        let (verified, reason) = match task.checks.is_empty() {
            true => (None, Some("the task has no checks; `tasks.update` gives it some".into())),
            false => (Some(missing.is_empty()), None),
        };
        Ok(Verified { id, version, items: task.checks, missing, unused, verified, reason, project, position })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"content": "cargo test cart: 42 passed", "type": "test_run", "tool": "Bash",
                               "outcome": "success", "event_id": "example-task-evidence"});
        let event = Step { tool: "events", operation: "record", arguments };
        let arguments = json!({"task": example_id(), "evidence": ["example-task-evidence"]});
        vec![Example { setup: vec![set_up(), event], arguments }]
    }
}

/// The events of these ids: where the text index has them from their places, the others by looking through the table.
async fn evidence(app: &App, scope: &Scope, ids: &[String]) -> Result<Vec<Map<String, Value>>, Error> {
    let places = items::indexed(app, scope, ids, &[Kind::Event]).await?;
    let places: Vec<u64> = places.into_values().flatten().collect();
    let mut events = items::events_at(&app.store.snapshot(), scope, &places, &COLUMNS).await?;
    let found: BTreeSet<&str> = events.iter().filter_map(|event| event.get("id")?.as_str()).collect();
    let others: Vec<&String> = ids.iter().filter(|id| !found.contains(id.as_str())).collect();
    if !others.is_empty() {
        events.extend(objects(app, scope, EVIDENCE, &[json!(others)], MOST).await?);
    }
    Ok(events)
}

/// Whether a text has every word of another.
fn has_all(text: &str, words: &str) -> bool {
    let has = words_of(text);
    let asked = words_of(words);
    !asked.is_empty() && asked.is_subset(&has)
}

fn words_of(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_passed_by_all_of_its_words() {
        assert!(has_all("Bash cargo test -p cart: 42 passed", "cargo test cart"));
        assert!(!has_all("Bash cargo build -p cart", "cargo test cart"));
        assert!(!has_all("anything", "…"));
    }
}
