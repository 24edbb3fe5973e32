//! Where somebody is at work.

use athena_learn::code::{self, EditorEvent};
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::code_of;
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation, Step};

const EDITOR_EVENTS: &str = include_str!("../../../sql/editor_events.sql");
/// The newest events that a workspace is made of.
const MOST_EVENTS: usize = 1_000;

/// Where somebody is at work: open files, branch, cursor, last edits, as the events of an editor or agent tell. Of a
/// session, or of whatever was recorded last.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Workspace {
    /// The run of an agent or editor.
    session: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Now {
    #[serde(flatten)]
    workspace: code::Workspace,
    /// The last event that it is made of; null when there is none.
    time: Option<Time>,
    session: Option<String>,
    /// Why nothing is known.
    reason: Option<String>,
    project: String,
}

impl Operation for Workspace {
    const TOOL: &'static str = "code";
    const NAME: &'static str = "workspace";
    const EFFECT: Effect = Effect::Read;
    type Result = Now;

    async fn call(self, call: &Call) -> Result<Now, Error> {
        let (project, scope, known) = code_of(call).await?;
        drop(known);
        let rows = objects(&call.app, &scope, EDITOR_EVENTS, &[json!(self.session)], MOST_EVENTS).await?;
        let session = match self.session {
            Some(session) => Some(session),
            None => rows.first().and_then(|row| row.get("session")?.as_str().map(str::to_owned)),
        };
        // The newest come first, and the fold goes forwards.
        let of_session =
            |row: &&Map<String, Value>| row.get("session").and_then(Value::as_str) == session.as_deref();
        let mut events: Vec<EditorEvent> = rows.iter().filter(of_session).filter_map(event).collect();
        events.reverse();
        let reason = events.is_empty().then(|| {
            "no event of an editor: send file_open, file_close, file_change or code_edit with the attributes \
             open_files, branch, cwd or cursor"
                .to_owned()
        });
        let time = events.last().map(|event| event.time);
        Ok(Now { workspace: code::workspace(&events), time, session, reason, project })
    }

    fn examples() -> Vec<Example> {
        let opened = Step {
            tool: "events",
            operation: "record",
            arguments: json!({"type": "file_open", "content": "cart.rs", "files": ["cart/src/cart.rs"],
                              "attributes": {"branch": "rounding", "cursor": {"line": 9, "column": 5}},
                              "session": "example-editor", "event_id": "example-editor-open"}),
        };
        vec![Example { setup: vec![opened], arguments: json!({"session": "example-editor"}) }]
    }
}

fn event(row: &Map<String, Value>) -> Option<EditorEvent> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let files = row.get("files").and_then(Value::as_array).into_iter().flatten();
    let attributes = match row.get("attributes") {
        Some(Value::Object(attributes)) => attributes.clone(),
        Some(Value::String(attributes)) => serde_json::from_str(attributes).unwrap_or_default(),
        _ => Map::new(),
    };
    Some(EditorEvent {
        id: text("id")?,
        time: serde_json::from_value(row.get("time")?.clone()).ok()?,
        r#type: text("type")?,
        tool: text("tool"),
        files: files.filter_map(Value::as_str).map(str::to_owned).collect(),
        attributes,
    })
}
