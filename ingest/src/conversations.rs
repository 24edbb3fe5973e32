//! Commands of `conversations`. Messages are events of a session; what is decided here is what is said of the session
//! as a whole: what it is about, who takes part, whether it goes on, and points to return to.

use athena_schemas::tables::Record;
use athena_schemas::{Error, Time};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::apply::{Call, Decision, Done, Key, State, Tool};
use crate::records::{body, find, key, new_id, row, version, written};

/// Kinds of records.
pub const CONVERSATION: &str = "conversation";
pub const SNAPSHOT: &str = "conversation_snapshot";

/// Characters of a title or of a snapshot's name; who takes part, at most.
const NAME_CHARS: usize = 300;
const PARTICIPANTS: usize = 100;

pub(crate) const TOOL: Tool = Tool { name: "conversations", keys, decide };

/// The body of a conversation's record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// The session that its messages are of.
    pub conversation: String,
    pub participants: Vec<String>,
    pub started_at: Time,
    pub closed_at: Option<Time>,
}

/// The body of a snapshot's record: the last message of the conversation as it was then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub conversation: String,
    /// Id of the last message.
    pub message: String,
    /// Its time.
    pub time: Time,
    /// Where it stands in the log, packed.
    pub position: u64,
    /// How many messages there were.
    pub messages: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    /// A session that there is already; else a new one.
    conversation: Option<String>,
    title: Option<String>,
    #[serde(default)]
    participants: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Take {
    name: Option<String>,
    conversation: String,
    message: String,
    time: Time,
    position: u64,
    messages: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Close {
    conversation: String,
}

/// The id of a conversation's record. Sessions have any name, so it is told apart from other records' ids.
pub fn record_id(conversation: &str) -> String {
    format!("{CONVERSATION}/{conversation}")
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    let named = call.arguments.get("conversation").and_then(|value| value.as_str());
    let conversation = named.map_or_else(|| new_id(call, CONVERSATION), str::to_owned);
    vec![key(call, &record_id(&conversation))]
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(Decision::from(match operation {
        "start" => start(state, call),
        "snapshot" => snapshot(state, call),
        "close" => close(state, call),
        _ => return None,
    }))
}

/// A new one, or one over a session that is there; what was closed goes on.
fn start(state: &State, call: &Call<'_>) -> Done {
    let given: Start = call.parse()?;
    if given.title.as_ref().is_some_and(|title| title.chars().count() > NAME_CHARS) {
        return Err(Error::invalid("title", format!("a title has at most {NAME_CHARS} characters")));
    }
    if given.participants.len() > PARTICIPANTS {
        return Err(Error::invalid("participants", format!("at most {PARTICIPANTS} take part")));
    }
    let conversation = given.conversation.unwrap_or_else(|| new_id(call, CONVERSATION));
    let id = record_id(&conversation);
    let old = state.record(&call.event.project, &id).filter(|old| !old.deleted);
    let before = old.map(body::<Conversation>).transpose()?;
    if before.as_ref().is_some_and(|before| before.closed_at.is_none()) {
        let error = Error::conflict(format!("conversation {conversation} goes on already"));
        return Err(Error { field: Some("session".into()), ..error });
    }
    let started_at = before.as_ref().map_or_else(|| call.now(), |before| before.started_at);
    let participants = match before {
        Some(before) if given.participants.is_empty() => before.participants,
        _ => given.participants,
    };
    let now = Conversation { conversation: conversation.clone(), participants, started_at, closed_at: None };
    let record =
        old.cloned().unwrap_or_else(|| Record { id, kind: CONVERSATION.into(), ..Record::default() });
    let name = given.title.or_else(|| record.name.clone());
    told(conversation, version(Record { name, ..record }, &now, call))
}

fn snapshot(state: &State, call: &Call<'_>) -> Done {
    let Take { name, conversation, message, time, position, messages } = call.parse()?;
    present(state, call, &conversation)?;
    if name.as_ref().is_some_and(|name| name.trim().is_empty() || name.chars().count() > NAME_CHARS) {
        return Err(Error::invalid("name", format!("a name has 1 to {NAME_CHARS} characters")));
    }
    let name = name.unwrap_or_else(|| format!("after message {messages}"));
    let record =
        Record { id: new_id(call, "snapshot"), kind: SNAPSHOT.into(), name: Some(name), ..Record::default() };
    written(version(record, &Snapshot { conversation, message, time, position, messages }, call))
}

fn close(state: &State, call: &Call<'_>) -> Done {
    let given: Close = call.parse()?;
    let old = present(state, call, &given.conversation)?;
    let before: Conversation = body(old)?;
    if before.closed_at.is_some() {
        let error = Error::conflict(format!("conversation {} is closed already", given.conversation));
        return Err(Error { field: Some("conversation".into()), ..error });
    }
    let now = Conversation { closed_at: Some(call.now()), ..before };
    told(given.conversation, version(old.clone(), &now, call))
}

fn present<'s>(state: &'s State, call: &Call<'_>, conversation: &str) -> Result<&'s Record, Error> {
    let found = find(state, call, (CONVERSATION, "conversation"), &record_id(conversation));
    found.map_err(|error| {
        let message = format!("no conversation {conversation} was started in project {}", call.event.project);
        Error { message, ..error }.hint("`conversations.start` with `session` takes a session over")
    })
}

/// Callers know a conversation by its session.
fn told(conversation: String, record: Record) -> Done {
    let told = json!({"id": conversation, "version": record.version});
    Ok((vec![row(record)], told))
}

#[cfg(test)]
mod tests {
    use athena_schemas::Code;

    use super::*;
    use crate::test::{command, run};

    #[test]
    fn begun_closed_and_taken_up_again() {
        let mut state = State::default();
        let mut call = |offset, operation: &str, arguments| {
            run(&mut state, command(offset, &format!("conversations.{operation}"), "ann", arguments))
        };
        let begun = call(1, "start", json!({"title": "plans", "participants": ["ann", "bo"]})).unwrap();
        let id = begun["id"].as_str().unwrap().to_owned();
        let named = json!({"conversation": id});
        assert_eq!(call(2, "start", named.clone()).unwrap_err().code, Code::Conflict);
        call(3, "close", named.clone()).unwrap();
        assert_eq!(call(4, "close", named.clone()).unwrap_err().code, Code::Conflict);
        call(5, "start", named).unwrap();
        let record = state.record("p", &record_id(&id)).unwrap();
        let now: Conversation = body(record).unwrap();
        assert_eq!((record.name.as_deref(), now.participants.len(), now.closed_at), (Some("plans"), 2, None));
        assert_eq!(now.started_at, Time::from_micros(1_000_000));
    }

    #[test]
    fn points_to_return_to_are_of_a_conversation() {
        let mut state = State::default();
        let point = json!({"conversation": "s-1", "message": "e-9", "time": "2026-11-23T10:00:00Z",
                           "position": 9, "messages": 4});
        let early = run(&mut state, command(1, "conversations.snapshot", "ann", point.clone())).unwrap_err();
        assert_eq!((early.code, early.field.as_deref()), (Code::NotFound, Some("conversation")));
        let over = json!({"conversation": "s-1"});
        run(&mut state, command(2, "conversations.start", "ann", over)).unwrap();
        let taken = run(&mut state, command(3, "conversations.snapshot", "ann", point)).unwrap();
        let record = state.record("p", taken["id"].as_str().unwrap()).unwrap();
        assert_eq!(record.name.as_deref(), Some("after message 4"));
        assert_eq!(body::<Snapshot>(record).unwrap().message, "e-9");
    }
}
