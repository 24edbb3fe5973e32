//! Secrets and personal data in a text, or in what is remembered.

use athena_learn::scan::{self, Class};
use athena_schemas::Error;
use athena_schemas::sealed::is_sealed;
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::operations::events::{event, led_to};
use crate::operations::rows::{absent, objects_in};
use crate::registry::{Call, Effect, Example, Operation, Step};
use crate::sql;

const MEMORY: &str = include_str!("../../../sql/memory.sql");
/// Texts of an event or of a memory that are looked through.
pub const OF_EVENT: [&str; 2] = ["content", "attributes"];
pub const OF_MEMORY: [&str; 3] = ["content", "name", "source"];

/// Looks for secrets and personal data in a text, which is not kept, or in an event or a memory. Tells where they stand
/// and of what kind they are, never what they are.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// The text. Either this or `id`.
    #[serde(default)]
    text: Option<String>,
    /// Id of an event or a memory.
    #[serde(default)]
    id: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Scanned {
    items: Vec<Line>,
    /// How many secrets.
    secrets: usize,
    /// How many personal data.
    personal: usize,
    /// Whether there may be more: a bound was reached.
    truncated: bool,
    project: String,
}

/// Where something stands: bytes `start` to `end`, exclusive, of a field.
#[derive(Debug, Serialize, JsonSchema)]
struct Line {
    /// `text`, or the field of the event or the memory.
    field: &'static str,
    start: usize,
    end: usize,
    /// `secret` or `personal`.
    class: &'static str,
    /// Such as `github_token`, `private_key`, `email`, `iban`.
    kind: &'static str,
    /// From 0 to 1.
    confidence: f64,
}

impl Operation for Scan {
    const TOOL: &'static str = "safety";
    const NAME: &'static str = "scan";
    const EFFECT: Effect = Effect::Read;
    type Result = Scanned;

    async fn call(self, call: &Call) -> Result<Scanned, Error> {
        let project = call.project()?;
        let texts = match (self.text, self.id) {
            (Some(text), None) => vec![("text", text)],
            (None, Some(id)) => {
                let scope = Scope::Projects(vec![project.clone()]);
                call.app.wait_until_seen(&scope, call.shared.after.as_ref()).await;
                let (row, fields) = row(call, &scope, &project, &id).await?;
                texts(&row, fields)
            }
            _ => {
                return Err(Error::invalid("text", "exactly one of `text` and `id` is needed")
                    .hint(r#"such as {"text": "DB_PASSWORD=…"}"#));
            }
        };
        let mut scanned = Scanned { items: vec![], secrets: 0, personal: 0, truncated: false, project };
        for (field, text) in texts {
            let found = tokio::task::spawn_blocking(move || scan::scan(&text)).await;
            let found = found.map_err(|error| Error::internal(format!("scan: {error}")))?;
            scanned.truncated |= found.cut;
            for one in found.findings {
                let class = match one.class {
                    Class::Secret => "secret",
                    Class::Personal => "personal",
                };
                *(if one.class == Class::Secret { &mut scanned.secrets } else { &mut scanned.personal }) += 1;
                let (start, end, kind, confidence) = (one.start, one.end, one.kind, one.confidence);
                scanned.items.push(Line { field, start, end, class, kind, confidence });
            }
        }
        Ok(scanned)
    }

    fn examples() -> Vec<Example> {
        let text = json!({"text": "mail billing@shop-mail.de, or use DB_PASSWORD=vN3!quarry88"});
        let of_event = json!({"id": "example-leak"});
        vec![
            Example { setup: vec![], arguments: text },
            Example { setup: vec![leaked()], arguments: of_event },
        ]
    }
}

/// An event that holds a password that is none.
pub fn leaked() -> Step {
    let arguments = json!({"content": "connected with DB_PASSWORD=vN3!quarry88", "type": "tool_result", "tool": "Bash",
                           "session": "example-session", "event_id": "example-leak"});
    Step { tool: "events", operation: "record", arguments }
}

/// The event of an id, or of one that leads to it, or the memory; and which of its fields are texts.
///
/// # Errors
/// `not_found`; storage.
pub async fn row(
    call: &Call,
    scope: &Scope,
    project: &str,
    id: &str,
) -> Result<(Map<String, Value>, &'static [&'static str]), Error> {
    let context = sql::session(&call.app, scope).await?;
    let mut found = event(&call.app, &context, scope, id).await?.map(|row| (row, &OF_EVENT[..]));
    if found.is_none() {
        let memory = objects_in(&call.app, &context, MEMORY, &[json!(id)], 1).await?.pop();
        found = memory.map(|row| (row, &OF_MEMORY[..]));
    }
    if found.is_none() {
        found = led_to(call, &context, scope, id).await?.map(|row| (row, &OF_EVENT[..]));
    }
    let (mut row, fields) =
        found.ok_or_else(|| absent("event or memory", "id", id, &[project.to_owned()]))?;
    // What is sealed is not looked through.
    if row.get("content").and_then(Value::as_str).is_some_and(is_sealed) {
        row.shift_remove("content");
    }
    Ok((row, fields))
}

pub fn texts(row: &Map<String, Value>, fields: &'static [&'static str]) -> Vec<(&'static str, String)> {
    let text = |field: &&'static str| Some((*field, row.get(*field)?.as_str()?.to_owned()));
    fields.iter().filter_map(text).collect()
}
