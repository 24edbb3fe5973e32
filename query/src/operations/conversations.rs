//! Tool `conversations`: sessions as talk. Messages are events of type `message`; a conversation is known by its
//! session, and any session with messages can be read as one.

mod messages;
mod read;
mod search;
mod tell;

use athena_ingest::conversations::{CONVERSATION, Conversation, SNAPSHOT, Snapshot, record_id};
use athena_ingest::records::id_of;
use athena_schemas::{Error, Position, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use self::messages::Talk;
use super::events::add;
use super::records::{Found, Written, answered, by_id, of_kind, one_project};
use super::rows::absent;
use crate::App;
use crate::registry::{Call, Effect, Example, Operation, Registry, Step};

/// Bytes of the longest role.
const ROLE_BYTES: usize = 100;

pub fn register(registry: &mut Registry) {
    registry.add::<Start>();
    registry.add::<Append>();
    registry.add::<read::History>();
    registry.add::<read::Get>();
    registry.add::<read::List>();
    registry.add::<search::Search>();
    registry.add::<TakeSnapshot>();
    registry.add::<tell::Recover>();
    registry.add::<tell::Summary>();
    registry.add::<tell::Export>();
    registry.add::<Close>();
}

/// What was said of a conversation as a whole; `None` of a session that nobody started as one.
async fn started(
    app: &App,
    scope: &Scope,
    conversation: &str,
) -> Result<Option<(Found, Conversation)>, Error> {
    let found = by_id(app, scope, &[record_id(conversation)]).await?.pop();
    found.map(|found| found.body().map(|body| (found, body))).transpose()
}

/// The points of a conversation to return to, the oldest first.
async fn snapshots(app: &App, scope: &Scope, conversation: &str) -> Result<Vec<(Found, Snapshot)>, Error> {
    let all = of_kind(app, scope, SNAPSHOT).await?.into_iter();
    let all: Vec<_> =
        all.map(|found| found.body::<Snapshot>().map(|body| (found, body))).collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|(_, snapshot)| snapshot.conversation == conversation).collect())
}

/// Begins a conversation, or with `session` takes over a session that there is. Gives its id, which is the session of
/// its messages.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Start {
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Who takes part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    participants: Vec<String>,
}

impl Operation for Start {
    const TOOL: &'static str = "conversations";
    const NAME: &'static str = "start";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        let mut command = json!(self);
        if let Some(session) = &call.shared.session {
            command["conversation"] = json!(session);
        }
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        let over = json!({"session": "example-session", "title": "The failing test"});
        vec![
            Example { setup: vec![], arguments: begun().arguments },
            Example { setup: vec![super::events::recorded()], arguments: over },
        ]
    }
}

/// Adds a message to a conversation that goes on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Append {
    /// The conversation.
    conversation: String,
    /// Who speaks: `user`, `assistant`, `system`, `tool`, or a name.
    role: String,
    /// What is said.
    content: String,
    /// When it was said; now when not said.
    #[serde(default)]
    at: Option<Time>,
}

/// The message that was added.
#[derive(Debug, Serialize, JsonSchema)]
struct Appended {
    id: String,
    conversation: String,
    /// Whether it was there already, by its `event_id`.
    duplicate: bool,
    project: String,
    position: Position,
}

impl Operation for Append {
    const TOOL: &'static str = "conversations";
    const NAME: &'static str = "append";
    const EFFECT: Effect = Effect::Write;
    type Result = Appended;

    async fn call(self, call: &Call) -> Result<Appended, Error> {
        if self.role.trim().is_empty() || self.role.len() > ROLE_BYTES {
            return Err(Error::invalid("role", format!("a role has 1 to {ROLE_BYTES} bytes")));
        }
        let (project, scope) = one_project(call).await?;
        let Some((_, conversation)) = started(&call.app, &scope, &self.conversation).await? else {
            return Err(absent("conversation", "conversation", &self.conversation, &[project])
                .hint("`conversations.start` begins one, and with `session` takes a session over"));
        };
        if let Some(closed_at) = conversation.closed_at {
            let error =
                Error::conflict(format!("conversation {} was closed at {closed_at}", self.conversation));
            let error = error.hint("`conversations.start` with it as `session` lets it go on");
            return Err(Error { field: Some("conversation".into()), ..error });
        }
        let mut event = json!({"type": "message", "session": self.conversation, "content": self.content,
                               "attributes": {"role": self.role}});
        if call.shared.agent.is_none() {
            event["agent"] = json!(self.role);
        }
        if let Some(at) = self.at {
            event["time"] = json!(at);
        }
        let added = add(call, event).await?;
        Ok(Appended {
            id: added.id,
            conversation: self.conversation,
            duplicate: added.duplicate,
            project: added.project,
            position: added.position,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![begun()], arguments: said()[0].arguments.clone() }]
    }
}

/// Names the point where a conversation stands, to return to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Snapshot")]
struct TakeSnapshot {
    /// The conversation.
    conversation: String,
    /// What to call the point; how many messages there were when not said.
    #[serde(default)]
    name: Option<String>,
}

impl Operation for TakeSnapshot {
    const TOOL: &'static str = "conversations";
    const NAME: &'static str = "snapshot";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        let (project, scope) = one_project(call).await?;
        let talk = Talk::read(&call.app, &scope, &self.conversation).await?;
        let Some(last) = talk.last else {
            return Err(absent("message of conversation", "conversation", &self.conversation, &[project])
                .hint("a point is after a message"));
        };
        let mut command = json!({"conversation": self.conversation, "message": last.id, "time": last.time,
                                 "position": last.position, "messages": talk.messages});
        if let Some(name) = self.name {
            command["name"] = json!(name);
        }
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: talked(), arguments: marked().arguments }]
    }
}

/// Closes a conversation: it stays readable, and takes no more messages.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Close {
    /// The conversation.
    conversation: String,
}

impl Operation for Close {
    const TOOL: &'static str = "conversations";
    const NAME: &'static str = "close";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let other = json!({"title": "Small talk", "event_id": "example-conversation-2"});
        let other = Step { tool: "conversations", operation: "start", arguments: other };
        let id = id_of(CONVERSATION, "example-conversation-2");
        vec![Example {
            setup: vec![other],
            arguments: json!({"conversation": id, "event_id": "example-close"}),
        }]
    }
}

/// The example that the others are about; its id follows from its `event_id`.
fn begun() -> Step {
    let arguments = json!({"title": "Moving the database", "participants": ["user", "assistant"],
                           "event_id": "example-conversation"});
    Step { tool: "conversations", operation: "start", arguments }
}

fn said() -> [Step; 3] {
    let message = |number: u8, role: &str, content: &str| {
        let arguments = json!({"conversation": example_id(), "role": role, "content": content,
                               "event_id": format!("example-message-{number}")});
        Step { tool: "conversations", operation: "append", arguments }
    };
    [
        message(1, "user", "We move the database to Frankfurt on Friday. Who tells the customers?"),
        message(
            2,
            "assistant",
            "Support tells the customers on Wednesday, two days before the database moves.",
        ),
        message(3, "user", "Good. Keep the old database readable for a week."),
    ]
}

fn talked() -> Vec<Step> {
    std::iter::once(begun()).chain(said()).collect()
}

fn marked() -> Step {
    let arguments: Value = json!({"conversation": example_id(), "name": "before the move",
                                  "event_id": "example-snapshot"});
    Step { tool: "conversations", operation: "snapshot", arguments }
}

fn example_id() -> String {
    id_of(CONVERSATION, "example-conversation")
}
