//! A conversation told: where it stood, in short, and as a text.

use athena_ingest::conversations::Conversation;
use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::messages::{Message, Talk, after, until};
use super::read::{Point, cut, moment, point};
use super::{example_id, marked, said, snapshots, started, talked};
use crate::App;
use crate::digest::digest;
use crate::operations::paging;
use crate::operations::records::one_project;
use crate::operations::rows::absent;
use crate::registry::{Call, Effect, Example, Operation};

/// Messages that a summary is made of, the newest.
const SUMMED_UP: usize = 2_000;
/// Sentences of a summary when nothing is said, and at most.
const SENTENCES: usize = 5;
const MOST_SENTENCES: usize = 50;
/// Messages of an export when nothing is said.
const EXPORTED: usize = 1_000;
/// After every message.
const END: (Time, u64) = (Time::from_micros(i64::MAX), i64::MAX as u64);

/// A sentence of a conversation.
#[derive(Debug, Serialize, JsonSchema)]
struct Sentence {
    /// Id of the message that it is of.
    id: String,
    time: Time,
    role: Option<String>,
    /// The sentence, as it was said.
    content: String,
}

fn sentences(messages: &[Message], most: usize) -> Vec<Sentence> {
    let chosen = digest(messages.iter().map(|message| message.content.as_str()), most);
    let sentence = |chosen: crate::digest::Chosen| {
        let Message { id, time, role, .. } = messages[chosen.text].clone();
        Sentence { id, time, role, content: chosen.sentence }
    };
    chosen.into_iter().map(sentence).collect()
}

/// What messages a conversation has.
///
/// # Errors
/// What is neither a conversation nor a session with messages.
async fn present(app: &App, scope: &Scope, project: &str, conversation: &str) -> Result<Talk, Error> {
    let talk = Talk::read(app, scope, conversation).await?;
    if talk.messages == 0 && started(app, scope, conversation).await?.is_none() {
        return Err(absent("conversation", "conversation", conversation, &[project.to_owned()]));
    }
    Ok(talk)
}

/// Who takes part, as it was said, else who spoke.
fn participants(said: Option<Conversation>, speakers: Vec<String>) -> Vec<String> {
    said.map(|said| said.participants).filter(|all| !all.is_empty()).unwrap_or(speakers)
}

/// A conversation as it stood at a point: its last messages there, and in short what was said before these. What came
/// later is left out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recover {
    /// The conversation.
    conversation: String,
    /// Id or name of the point; the newest one when not said, and the end where there is none.
    #[serde(default)]
    snapshot: Option<String>,
    /// At most so many messages; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

/// Where a conversation stood.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stood {
    conversation: String,
    title: Option<String>,
    participants: Vec<String>,
    /// The point; null when it is the end.
    snapshot: Option<Point>,
    /// The last messages there, in order.
    items: Vec<Message>,
    /// What was said before these, in some of its own sentences.
    earlier: Vec<Sentence>,
    /// How many messages were before `items`.
    earlier_messages: u64,
    project: String,
}

impl Operation for Recover {
    const TOOL: &'static str = "conversations";
    const NAME: &'static str = "recover";
    const EFFECT: Effect = Effect::Read;
    type Result = Stood;

    async fn call(self, call: &Call) -> Result<Stood, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        let talk = present(&call.app, &scope, &project, &self.conversation).await?;
        let mut points = snapshots(&call.app, &scope, &self.conversation).await?;
        let chosen =
            match &self.snapshot {
                None => points.pop(),
                Some(named) => {
                    let is_named = |(record, _): &(super::Found, _)| {
                        record.id == *named || record.name.as_ref() == Some(named)
                    };
                    let found = points.into_iter().rev().find(is_named);
                    Some(found.ok_or_else(|| {
                        absent("snapshot", "snapshot", named, std::slice::from_ref(&project))
                    })?)
                }
            };
        let (end, messages) = match &chosen {
            Some((_, snapshot)) => ((snapshot.time, snapshot.position), snapshot.messages),
            None => (END, talk.messages),
        };
        let mut drawn = until(&call.app, &scope, &self.conversation, end, limit.max(SUMMED_UP)).await?;
        let items = drawn.split_off(drawn.len().saturating_sub(limit));
        let said = started(&call.app, &scope, &self.conversation).await?;
        let (record, body) = said.unzip();
        Ok(Stood {
            title: record.and_then(|record| record.name),
            participants: participants(body, talk.speakers),
            snapshot: chosen.map(point),
            earlier: sentences(&drawn, SENTENCES),
            earlier_messages: messages.saturating_sub(items.len() as u64),
            items,
            conversation: self.conversation,
            project,
        })
    }

    fn examples() -> Vec<Example> {
        let setup: Vec<_> = talked().into_iter().chain([marked()]).collect();
        let named = json!({"conversation": example_id(), "snapshot": "before the move"});
        vec![
            Example { setup: setup.clone(), arguments: json!({"conversation": example_id()}) },
            Example { setup, arguments: named },
        ]
    }
}

/// What a conversation comes to, in its own most telling sentences, each with the id of its message.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// The conversation: any session with messages.
    conversation: String,
    /// Sentences at most; 5 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

/// A summary.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SummedUp {
    conversation: String,
    title: Option<String>,
    /// The sentences, one after the other; null where nothing that was said makes one.
    summary: Option<String>,
    /// Why it is null.
    reason: Option<String>,
    /// The sentences in the order in which they were said.
    items: Vec<Sentence>,
    /// How it was made: `extractive`.
    method: &'static str,
    /// How many messages there are, and how many of them, the newest, were read.
    messages: u64,
    messages_read: u64,
    project: String,
}

impl Operation for Summary {
    const TOOL: &'static str = "conversations";
    const NAME: &'static str = "summary";
    const EFFECT: Effect = Effect::Read;
    type Result = SummedUp;

    async fn call(self, call: &Call) -> Result<SummedUp, Error> {
        let limit = crate::search::limit(self.limit, SENTENCES, MOST_SENTENCES)?;
        let (project, scope) = one_project(call).await?;
        let talk = present(&call.app, &scope, &project, &self.conversation).await?;
        let read = until(&call.app, &scope, &self.conversation, END, SUMMED_UP).await?;
        let items = sentences(&read, limit);
        let text = items.iter().map(|one| one.content.as_str()).collect::<Vec<_>>().join(" ");
        let summary = Some(text).filter(|text| !text.is_empty());
        let said = started(&call.app, &scope, &self.conversation).await?;
        Ok(SummedUp {
            reason: summary.is_none().then(|| "no message has a sentence of three words or more".into()),
            summary,
            items,
            title: said.and_then(|(record, _)| record.name),
            method: "extractive",
            messages: talk.messages,
            messages_read: read.len() as u64,
            conversation: self.conversation,
            project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: talked(), arguments: json!({"conversation": example_id(), "limit": 2}) }]
    }
}

/// How a text is written.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    Json,
    Markdown,
}

/// A conversation as one text, to be kept or read elsewhere; of a long one a page at a time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// The conversation: any session with messages.
    conversation: String,
    /// `json` or `markdown`.
    format: Format,
    /// Messages at most; 1,000 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// A text.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Exported {
    conversation: String,
    format: Format,
    text: String,
    /// How many messages are in it.
    messages: usize,
    next_cursor: Option<String>,
    project: String,
}

impl Operation for Export {
    const TOOL: &'static str = "conversations";
    const NAME: &'static str = "export";
    const EFFECT: Effect = Effect::Read;
    type Result = Exported;

    async fn call(self, call: &Call) -> Result<Exported, Error> {
        let limit = paging::limit(Some(self.limit.unwrap_or(EXPORTED)))?;
        let from = moment(self.cursor.as_deref())?;
        let (project, scope) = one_project(call).await?;
        let talk = present(&call.app, &scope, &project, &self.conversation).await?;
        let mut messages = after(&call.app, &scope, &self.conversation, from, limit + 1).await?;
        let next_cursor = cut(&mut messages, limit);
        let said = started(&call.app, &scope, &self.conversation).await?;
        let (record, body) = said.unzip();
        let title = record.and_then(|record| record.name);
        let participants = participants(body, talk.speakers);
        let text = match self.format {
            Format::Markdown => markdown(title.as_deref().unwrap_or(&self.conversation), &messages),
            Format::Json => {
                let whole = json!({"conversation": self.conversation, "project": project, "title": title,
                                   "participants": participants, "messages": messages});
                serde_json::to_string_pretty(&whole)
                    .map_err(|error| Error::internal(format!("export: {error}")))?
            }
        };
        let (conversation, format, count) = (self.conversation, self.format, messages.len());
        Ok(Exported { conversation, format, text, messages: count, next_cursor, project })
    }

    fn examples() -> Vec<Example> {
        let [first, second, _] = said();
        let setup = vec![super::begun(), first, second];
        let of = |format: &str| json!({"conversation": example_id(), "format": format});
        vec![
            Example { setup: setup.clone(), arguments: of("markdown") },
            Example { setup, arguments: of("json") },
        ]
    }
}

fn markdown(title: &str, messages: &[Message]) -> String {
    let mut text = format!("# {title}\n");
    for Message { time, role, content, .. } in messages {
        let who = role.as_deref().unwrap_or("somebody");
        text.push_str(&format!("\n**{who}** · {time}\n\n{}\n", content.trim_end()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_reads_as_a_text() {
        let message = |role: Option<&str>, content: &str| Message {
            id: "e".into(),
            time: Time::from_micros(0),
            role: role.map(str::to_owned),
            agent: None,
            content: content.into(),
            position: 0,
        };
        let text = markdown("Plans", &[message(Some("user"), "Hello\n"), message(None, "Hi")]);
        let expected = "# Plans\n\n**user** · 1970-01-01T00:00:00Z\n\nHello\n\n**somebody** · 1970-01-01T00:00:00Z\n\nHi\n";
        assert_eq!(text, expected);
    }
}
