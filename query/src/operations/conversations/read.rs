//! Which conversations there are, and what was said in them.

use std::collections::BTreeMap;

use athena_ingest::conversations::{CONVERSATION, Conversation};
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::messages::{BEGINNING, Message, Talk, after};
use super::{begun, example_id, marked, said, snapshots, started, talked};
use crate::operations::paging;
use crate::operations::records::{Found, of_kind, one_project, page};
use crate::operations::rows::{absent, objects};
use crate::registry::{Call, Effect, Example, Operation};

const CONVERSATIONS: &str = include_str!("../../../sql/conversations.sql");
/// Sessions that a list is made from, those with the newest messages.
const MOST_SESSIONS: usize = 10_000;

/// The messages of a conversation, in order, whole.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// The conversation: any session with messages.
    conversation: String,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// Messages in order.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Messages {
    items: Vec<Message>,
    next_cursor: Option<String>,
    conversation: String,
    project: String,
}

/// Where a page of messages ended, from its cursor.
///
/// # Errors
/// One that no page gave.
pub fn moment(cursor: Option<&str>) -> Result<(Time, u64), Error> {
    let Some(cursor) = cursor else { return Ok(BEGINNING) };
    paging::moment(cursor).map(|(micros, position)| (Time::from_micros(micros), position))
}

/// Cuts what was drawn, one more than is wanted, to a page; gives the cursor of the next.
pub fn cut(messages: &mut Vec<Message>, limit: usize) -> Option<String> {
    let more = messages.len() > limit;
    messages.truncate(limit);
    let last = messages.last().filter(|_| more)?;
    Some(format!("{}-{}", last.time.micros(), last.position))
}

impl Operation for History {
    const TOOL: &'static str = "conversations";
    const NAME: &'static str = "history";
    const EFFECT: Effect = Effect::Read;
    type Result = Messages;

    async fn call(self, call: &Call) -> Result<Messages, Error> {
        let (limit, from) = (paging::limit(self.limit)?, moment(self.cursor.as_deref())?);
        let (project, scope) = one_project(call).await?;
        let mut items = after(&call.app, &scope, &self.conversation, from, limit + 1).await?;
        let nothing = items.is_empty() && self.cursor.is_none();
        if nothing && started(&call.app, &scope, &self.conversation).await?.is_none() {
            return Err(absent("conversation", "conversation", &self.conversation, &[project]));
        }
        let next_cursor = cut(&mut items, limit);
        Ok(Messages { items, next_cursor, conversation: self.conversation, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: talked(), arguments: json!({"conversation": example_id()}) }]
    }
}

/// What a conversation is: about what, between whom, since when, how many messages, whether it goes on, and which
/// points there are to return to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Get {
    /// The conversation: any session with messages.
    conversation: String,
}

/// A conversation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Facts {
    #[serde(flatten)]
    line: Line,
    snapshots: Vec<Point>,
    project: String,
}

/// A conversation in a list.
#[derive(Debug, Serialize, JsonSchema)]
struct Line {
    id: String,
    title: Option<String>,
    /// Who takes part, as it was said, else who spoke.
    participants: Vec<String>,
    messages: u64,
    /// Whether it goes on.
    active: bool,
    /// When it was started as a conversation; null of a session that nobody started as one.
    started_at: Option<Time>,
    /// Times of the first and the last message.
    first_at: Option<Time>,
    last_at: Option<Time>,
    closed_at: Option<Time>,
}

/// A point to return to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Point {
    id: String,
    name: Option<String>,
    /// Id of the last message before it.
    message: String,
    /// How many messages there were.
    messages: u64,
    /// Time of that message.
    time: Time,
}

impl Operation for Get {
    const TOOL: &'static str = "conversations";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = Facts;

    async fn call(self, call: &Call) -> Result<Facts, Error> {
        let (project, scope) = one_project(call).await?;
        let talk = Talk::read(&call.app, &scope, &self.conversation).await?;
        let started = started(&call.app, &scope, &self.conversation).await?;
        if talk.messages == 0 && started.is_none() {
            return Err(absent("conversation", "conversation", &self.conversation, &[project]));
        }
        let spoken = Spoken {
            session: self.conversation.clone(),
            messages: talk.messages,
            first_at: talk.first_at,
            last_at: talk.last.map(|last| last.time),
            speakers: talk.speakers,
        };
        let snapshots = snapshots(&call.app, &scope, &self.conversation).await?;
        Ok(Facts {
            line: line(Some(spoken), started),
            snapshots: snapshots.into_iter().map(point).collect(),
            project,
        })
    }

    fn examples() -> Vec<Example> {
        let setup = talked().into_iter().chain([marked()]).collect();
        vec![Example { setup, arguments: json!({"conversation": example_id()}) }]
    }
}

pub fn point((record, snapshot): (Found, athena_ingest::conversations::Snapshot)) -> Point {
    let (id, name) = (record.id, record.name);
    Point { id, name, message: snapshot.message, messages: snapshot.messages, time: snapshot.time }
}

/// A session that has messages.
#[derive(Debug, Deserialize)]
struct Spoken {
    session: String,
    messages: u64,
    first_at: Option<Time>,
    last_at: Option<Time>,
    #[serde(default)]
    speakers: Vec<String>,
}

fn line(spoken: Option<Spoken>, started: Option<(Found, Conversation)>) -> Line {
    let (record, said) = started.unzip();
    let id = said.as_ref().map(|said| said.conversation.clone());
    let spoken_id = spoken.as_ref().map(|spoken| spoken.session.clone());
    let participants = said.as_ref().map(|said| said.participants.clone()).filter(|all| !all.is_empty());
    let mut speakers = spoken.as_ref().map(|spoken| spoken.speakers.clone()).unwrap_or_default();
    speakers.sort_unstable();
    let closed_at = said.as_ref().and_then(|said| said.closed_at);
    Line {
        id: id.or(spoken_id).unwrap_or_default(),
        title: record.and_then(|record| record.name),
        participants: participants.unwrap_or(speakers),
        messages: spoken.as_ref().map_or(0, |spoken| spoken.messages),
        active: closed_at.is_none(),
        started_at: said.map(|said| said.started_at),
        first_at: spoken.as_ref().and_then(|spoken| spoken.first_at),
        last_at: spoken.and_then(|spoken| spoken.last_at),
        closed_at,
    }
}

/// Conversations, those in which something was said or begun last first. Sessions with messages are among them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct List {
    /// Those that go on, or those that are closed; both when not said.
    active: Option<bool>,
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Conversations.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Lines {
    items: Vec<Line>,
    next_cursor: Option<String>,
    /// Whether there are older sessions that were not looked at.
    truncated: bool,
    project: String,
}

impl Operation for List {
    const TOOL: &'static str = "conversations";
    const NAME: &'static str = "list";
    const EFFECT: Effect = Effect::Read;
    type Result = Lines;

    async fn call(self, call: &Call) -> Result<Lines, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        let mut started: BTreeMap<String, (Found, Conversation)> = BTreeMap::new();
        for found in of_kind(&call.app, &scope, CONVERSATION).await? {
            let said: Conversation = found.body()?;
            started.insert(said.conversation.clone(), (found, said));
        }
        let given = [json!(MOST_SESSIONS + 1)];
        let mut rows = objects(&call.app, &scope, CONVERSATIONS, &given, MOST_SESSIONS + 1).await?;
        let truncated = rows.len() > MOST_SESSIONS;
        rows.truncate(MOST_SESSIONS);
        let mut lines = Vec::new();
        for row in rows {
            let spoken: Spoken = serde_json::from_value(Value::Object(row))
                .map_err(|error| Error::internal(format!("conversations: {error}")))?;
            let said = started.remove(&spoken.session);
            lines.push(line(Some(spoken), said));
        }
        lines.extend(started.into_values().map(|said| line(None, Some(said))));
        lines.retain(|line| self.active.is_none_or(|active| line.active == active));
        lines.sort_by_key(|line| std::cmp::Reverse(line.last_at.max(line.started_at)));
        let (items, next_cursor) = page(lines, limit, self.cursor.as_deref())?;
        Ok(Lines { items, next_cursor, truncated, project })
    }

    fn examples() -> Vec<Example> {
        let [first, ..] = said();
        vec![
            Example { setup: vec![begun(), first], arguments: json!({"active": true}) },
            Example { setup: vec![], arguments: json!({"limit": 5}) },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_messages_end_where_the_next_begins() {
        let message = |number: u64| Message {
            id: number.to_string(),
            time: Time::from_micros(5),
            role: None,
            agent: None,
            content: String::new(),
            position: number,
        };
        let mut drawn: Vec<Message> = (1..4).map(message).collect();
        let cursor = cut(&mut drawn, 2).unwrap();
        assert_eq!((drawn.len(), moment(Some(&cursor))), (2, Ok((Time::from_micros(5), 2))));
        assert_eq!(cut(&mut drawn, 2), None);
        assert_eq!(moment(Some("x")).unwrap_err().field.as_deref(), Some("cursor"));
    }
}
