//! Claude Code: its hooks as they happen and its transcripts afterwards, told as the same events.
//!
//! Hooks carry no event id and no time; transcripts have records with ids of their own. So that both
//! together double nothing, an id is made from what both sides know:
//!
//! | event | id is the hash of the session and |
//! |---|---|
//! | prompt | its prompt id; in versions without, its text |
//! | tool call, tool result | the tool use id |
//! | what the agent said | the prompt id (of a subagent, its agent id) and the text |
//!
//! A transcript can tell the second of two equal prompts or answers from the first, and numbers it; a
//! hook without a prompt id cannot, and the transcript brings the second in later. A message typed while
//! the agent works fires no hook. Source is `claude-code` for all; the project is that of the record's
//! working directory.
//!
//! Kept: prompts, answers, tool calls and results, starts and ends of sessions, interruptions, failures
//! of the API, and hooks that are not known here. Not kept: thinking, titles and summaries (a model's
//! words about what is kept), and bookkeeping. What Athena or Claude Code put into the context is taken
//! out of texts: what was remembered is not to be learned again from being told.

mod hook;
pub(super) mod text;
mod transcript;

pub use hook::hook;
pub use transcript::Transcript;

use athena_schemas::{Time, ids};
use serde_json::{Map, Value};

use self::text::{PATH_BYTES, Said};
pub use self::text::{bounded, exit_code, files, input_text, readable, without_injected};
use super::withheld;
use crate::decode::{NAME_BYTES, clip};
use crate::{Draft, Limits, Reject};

/// `source` of every event here.
pub const SOURCE: &str = "claude-code";
/// Who acts, where it is not a subagent.
const AGENT: &str = "claude";
const USER: &str = "user";

/// A hook's body or a record may be so many times as large as an event: its long texts are cut.
const RAW_SHARE: usize = 16;
/// The part of an event that one text may fill.
const TEXT_SHARE: usize = 8;

type Record = Map<String, Value>;

/// Where and when something happened: what all events of one record share.
struct Scene<'a> {
    session: &'a str,
    project: Option<String>,
    /// Id and name of the subagent; none in the main conversation.
    agent: Option<(&'a str, String)>,
    time: Option<Time>,
    /// The prompt that is being worked on.
    prompt: Option<&'a str>,
    /// Working directory and git branch, where they are known.
    cwd: Option<&'a str>,
    branch: Option<&'a str>,
    limits: &'a Limits,
}

/// A use of a tool.
struct Call<'a> {
    id: Option<&'a str>,
    tool: &'a str,
    input: &'a Value,
}

/// What a tool gave.
struct Returned<'a> {
    call: Option<&'a str>,
    tool: Option<&'a str>,
    files: Vec<String>,
    text: String,
    /// What the tool itself says, as an object.
    response: &'a Value,
    failed: bool,
    interrupted: bool,
    duration_ms: Option<i64>,
}

impl Scene<'_> {
    fn id(&self, parts: &[&str]) -> String {
        ids::short("cc-", &[&[self.session], parts].concat())
    }

    fn prompt_id(&self) -> Option<String> {
        self.prompt.map(|prompt| self.id(&["prompt", prompt]))
    }

    /// What an answer is told apart by, besides its text.
    fn scope(&self) -> &str {
        self.agent.as_ref().map(|(id, _)| *id).or(self.prompt).unwrap_or_default()
    }

    fn actor(&self) -> String {
        let Some((_, name)) = &self.agent else { return AGENT.to_owned() };
        clip(&format!("{AGENT}/{name}"), NAME_BYTES).into_owned()
    }

    fn draft(&self, id: Option<String>, kind: &str, mut attributes: Record) -> Draft {
        let agent_id = self.agent.as_ref().map(|(id, _)| *id);
        for (name, value) in [("cwd", self.cwd), ("git_branch", self.branch), ("agent_id", agent_id)] {
            if let Some(value) = value {
                attributes.insert(name.to_owned(), clip(value, PATH_BYTES).into());
            }
        }
        Draft {
            id,
            time: self.time,
            project: self.project.clone(),
            session: Some(self.session.to_owned()),
            agent: Some(self.actor()),
            source: Some(SOURCE.to_owned()),
            r#type: Some(kind.to_owned()),
            attributes: (!attributes.is_empty()).then(|| Value::Object(attributes).to_string()),
            ..Draft::default()
        }
    }

    /// A text within its bounds, and a note in the attributes when it was cut.
    fn cut(&self, text: String, attributes: &mut Record) -> String {
        let limit = self.limits.event_bytes / TEXT_SHARE;
        if text.len() <= limit {
            return text;
        }
        attributes.insert("content_bytes".to_owned(), text.len().into());
        clip(&text, limit).into_owned()
    }

    /// What a user, or the harness in the user's name, put in; `None` of what is not worth an event.
    fn prompt(&self, id: Option<String>, text: &str) -> Option<Draft> {
        let mut attributes = Record::new();
        let (kind, by_user, outcome, text) = match text::said(text)? {
            Said::Words(text) => ("message", true, None, text),
            Said::Interruption(text) => ("observation", true, Some("aborted"), text),
            Said::Notification(text) => ("observation", false, None, text),
        };
        let content = self.cut(text, &mut attributes);
        let mut draft = self.draft(id, kind, attributes);
        if by_user {
            draft.agent = Some(USER.to_owned());
        }
        Some(Draft { content: Some(content), outcome, ..draft })
    }

    /// What the agent said; `None` of nothing.
    fn answer(&self, id: Option<String>, kind: &str, text: &str, mut attributes: Record) -> Option<Draft> {
        let text = text::without_injected(text);
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let content = self.cut(text.to_owned(), &mut attributes);
        let outcome = (kind == "error").then_some("failure");
        let draft = self.draft(id, kind, attributes);
        Some(Draft { content: Some(content), outcome, parent: self.prompt_id(), ..draft })
    }

    fn call(&self, call: &Call<'_>) -> Draft {
        let mut attributes = Record::new();
        let mut room = self.limits.event_bytes / TEXT_SHARE;
        let given = withheld::arguments(call.tool, call.input);
        // `attributes` and `input` are two of the levels.
        let input = bounded(&given, &mut room, self.limits.depth.saturating_sub(3));
        attributes.insert("input".to_owned(), input);
        let content = self.cut(input_text(&given), &mut attributes);
        let draft = self.draft(call.id.map(|id| self.id(&["call", id])), "tool_call", attributes);
        Draft {
            tool: Some(clip(call.tool, NAME_BYTES).into_owned()),
            content: Some(content),
            files: files(call.input),
            parent: self.prompt_id(),
            ..draft
        }
    }

    fn returned(&self, returned: Returned<'_>) -> Draft {
        let mut attributes = Record::new();
        if let Some(code) = exit_code(&returned.text) {
            attributes.insert("exit_code".to_owned(), code.into());
        }
        let says = |key: &str| returned.response.get(key).is_some_and(|value| value == &Value::Bool(true));
        let has = |key: &str| returned.response.get(key).is_some_and(|value| !value.is_null());
        let outcome = if returned.interrupted
            || says("interrupted")
            || (returned.failed && text::is_refusal(&returned.text))
        {
            "aborted"
        } else if returned.failed || says("is_error") || says("isError") {
            "failure"
        } else if has("backgroundTaskId") || says("isAsync") {
            "ongoing"
        } else {
            "success"
        };
        let text = text::without_injected(&returned.text);
        let text = withheld::result(returned.tool, &text);
        let content = self.cut(text.trim_end().to_owned(), &mut attributes);
        let draft = self.draft(returned.call.map(|id| self.id(&["result", id])), "tool_result", attributes);
        Draft {
            tool: returned.tool.map(|tool| clip(tool, NAME_BYTES).into_owned()),
            content: Some(content),
            outcome: Some(outcome),
            files: returned.files,
            duration_ms: returned.duration_ms,
            parent: returned.call.map(|id| self.id(&["call", id])),
            ..draft
        }
    }
}

/// Whether a subagent is the harness's own: it sums up, or guesses what comes next.
fn is_internal(agent_id: &str) -> bool {
    ["acompact", "aprompt_suggestion"].iter().any(|prefix| agent_id.starts_with(prefix))
}

/// A body or line as an object.
///
/// # Errors
/// What is not one JSON object of bounded size.
fn record(bytes: &[u8], limits: &Limits) -> Result<Record, Reject> {
    let limit = limits.event_bytes.saturating_mul(RAW_SHARE);
    if bytes.len() > limit {
        return Err(Reject::new("", format!("{} bytes, at most {limit}", bytes.len())));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Reject::new("", format!("not UTF-8 at byte {}", error.valid_up_to())))?;
    serde_json::from_str(text)
        .or_else(|error| {
            text::with_whole_characters(text).map_or(Err(error), |text| serde_json::from_str(&text))
        })
        .map_err(|error| Reject::new("", error.to_string()))
}

/// A string that is not empty.
fn string<'r>(record: &'r Record, key: &str) -> Option<&'r str> {
    record.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// A string that must be there and be short.
///
/// # Errors
/// By its key.
fn name<'r>(record: &'r Record, key: &'static str) -> Result<&'r str, Reject> {
    match record.get(key) {
        Some(Value::String(text)) if text.len() > NAME_BYTES => {
            Err(Reject::new(key, format!("{} bytes, at most {NAME_BYTES}", text.len())))
        }
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        None | Some(Value::Null | Value::String(_)) => Err(Reject::new(key, "missing")),
        Some(_) => Err(Reject::new(key, "not a string")),
    }
}

fn milliseconds(value: Option<&Value>) -> Option<i64> {
    let value = value?.as_f64().filter(|value| (0.0..1e15).contains(value))?;
    Some(value.round() as i64)
}

#[cfg(test)]
mod tests;
