//! The messages of a session, as they are told.

use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::App;
use crate::operations::rows::objects;

const TALK: &str = include_str!("../../../sql/conversation.sql");
const AFTER: &str = include_str!("../../../sql/conversation_messages.sql");
const UNTIL: &str = include_str!("../../../sql/conversation_until.sql");

/// Before every message.
pub const BEGINNING: (Time, u64) = (Time::from_micros(i64::MIN), 0);

/// A message.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Message {
    pub id: String,
    pub time: Time,
    /// Who speaks, as it was said, else the agent.
    pub role: Option<String>,
    pub agent: Option<String>,
    pub content: String,
    #[serde(skip)]
    pub position: u64,
}

/// A row of `events`.
#[derive(Deserialize)]
struct Row {
    id: String,
    time: Time,
    agent: Option<String>,
    content: Option<String>,
    attributes: Option<String>,
    position: u64,
}

/// # Errors
/// A row that lacks something.
pub fn message(row: Map<String, Value>) -> Result<Message, Error> {
    let row: Row = serde_json::from_value(Value::Object(row))
        .map_err(|error| Error::internal(format!("message: {error}")))?;
    let attributes: Option<Value> = row.attributes.and_then(|text| serde_json::from_str(&text).ok());
    let said = attributes.and_then(|all| all.get("role")?.as_str().map(str::to_owned));
    Ok(Message {
        id: row.id,
        time: row.time,
        role: said.or_else(|| row.agent.clone()),
        agent: row.agent,
        content: row.content.unwrap_or_default(),
        position: row.position,
    })
}

/// At most so many messages of a session after a moment, in order.
///
/// # Errors
/// Storage.
pub async fn after(
    app: &App,
    scope: &Scope,
    session: &str,
    (time, position): (Time, u64),
    most: usize,
) -> Result<Vec<Message>, Error> {
    let given = [json!(session), json!(time), json!(position), json!(most)];
    objects(app, scope, AFTER, &given, most).await?.into_iter().map(message).collect()
}

/// The last so many messages of a session up to a moment, in order.
///
/// # Errors
/// Storage.
pub async fn until(
    app: &App,
    scope: &Scope,
    session: &str,
    (time, position): (Time, u64),
    most: usize,
) -> Result<Vec<Message>, Error> {
    let given = [json!(session), json!(time), json!(position), json!(most)];
    let rows = objects(app, scope, UNTIL, &given, most).await?;
    rows.into_iter().rev().map(message).collect()
}

/// What messages a session has.
#[derive(Debug, Default)]
pub struct Talk {
    pub messages: u64,
    pub first_at: Option<Time>,
    pub speakers: Vec<String>,
    pub last: Option<Last>,
}

#[derive(Debug)]
pub struct Last {
    pub id: String,
    pub time: Time,
    pub position: u64,
}

impl Talk {
    /// # Errors
    /// Storage.
    pub async fn read(app: &App, scope: &Scope, session: &str) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Row {
            messages: u64,
            first_at: Option<Time>,
            last_at: Option<Time>,
            #[serde(default)]
            speakers: Vec<String>,
            last_id: Option<String>,
            last_position: Option<u64>,
        }
        let Some(row) = objects(app, scope, TALK, &[json!(session)], 1).await?.pop() else {
            return Ok(Self::default());
        };
        let mut row: Row = serde_json::from_value(Value::Object(row))
            .map_err(|error| Error::internal(format!("conversation: {error}")))?;
        row.speakers.sort_unstable();
        let last = match (row.last_id, row.last_at, row.last_position) {
            (Some(id), Some(time), Some(position)) => Some(Last { id, time, position }),
            _ => None,
        };
        Ok(Self { messages: row.messages, first_at: row.first_at, speakers: row.speakers, last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_what_was_said_else_who_spoke() {
        let of = |attributes: Value| {
            let row = json!({"id": "e", "time": "2026-11-23T10:00:00Z", "agent": "ann", "content": "x",
                             "position": 7, "attributes": attributes});
            message(row.as_object().unwrap().clone()).unwrap().role
        };
        assert_eq!(of(json!("{\"role\":\"user\"}")).as_deref(), Some("user"));
        assert_eq!(of(json!("{\"cwd\":\"x\"}")).as_deref(), Some("ann"));
        assert_eq!(of(Value::Null).as_deref(), Some("ann"));
    }
}
