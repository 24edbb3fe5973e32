//! Steps: what an agent did, as actions with values.
//!
//! ```text
//! events of a session ─▶ commands ─▶ templates (of all commands of the project) ─▶ steps
//! ```
//!
//! A caller gives sessions as `Session`s, each with its events in order of time and position: all of a
//! project's for `Templates`, any for `steps`. Text that Athena itself put into an agent's context, and
//! commands (`athena.…`), are left out by the caller.

mod shape;
mod templates;
mod words;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use athena_schemas::Time;
use serde_json::Value as Json;

pub use shape::typed;
pub use templates::{
    Actions, Assigned, Commands, Parameter, Template, Templates, example, placeholders, split,
};
pub use words::Kind;

/// An event as steps are made of it: columns of the table `events` under their own names.
#[derive(Debug, Clone, Default)]
pub struct StepEvent {
    pub id: String,
    pub time: Time,
    pub agent: Option<String>,
    pub r#type: String,
    pub tool: Option<String>,
    pub content: Option<String>,
    pub outcome: Option<String>,
    pub duration_ms: Option<i64>,
    pub parent: Option<String>,
}

/// The run of an agent: its events in order.
#[derive(Debug, Clone, Default)]
pub struct Session {
    pub id: String,
    pub events: Vec<StepEvent>,
}

/// Types of events that are steps of their own, with or without a tool.
const DONE: [&str; 13] = [
    "tool_call",
    "action",
    "file_change",
    "code_edit",
    "symbol_lookup",
    "refactoring",
    "test_run",
    "build",
    "deployment",
    "commit",
    "code_review",
    "dependency_change",
    "merge_conflict",
];

impl StepEvent {
    /// The tool and text of the command, when the event is a step. Without a tool the type stands for it.
    pub fn command(&self) -> Option<(&str, &str)> {
        let done = DONE.contains(&self.r#type.as_str());
        let tool = self.tool.as_deref().filter(|tool| !tool.is_empty()).unwrap_or(&self.r#type);
        done.then_some((tool, self.content.as_deref().unwrap_or_default()))
    }
}

/// How something ended, as far as steps care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ended {
    Well,
    Badly,
}

impl Ended {
    /// `partial`, `ongoing`, `unknown` and `skipped` say neither.
    pub fn of(outcome: Option<&str>) -> Option<Self> {
        match outcome? {
            "success" => Some(Self::Well),
            "failure" | "aborted" => Some(Self::Badly),
            _ => None,
        }
    }
}

/// One thing that an agent did.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Number of its template.
    pub action: usize,
    /// Where its event is in the session.
    pub event: usize,
    /// Where its result is, when that came as an event of its own.
    pub result: Option<usize>,
    pub ended: Option<Ended>,
    pub duration_ms: Option<i64>,
    /// (parameter of the template, value)
    pub values: Vec<(usize, String)>,
}

/// All distinct commands of sessions, with the number of sessions that gave each.
pub fn commands(sessions: &[Session]) -> Commands {
    let mut commands = Commands::new();
    for session in sessions {
        let distinct: BTreeSet<_> = session.events.iter().filter_map(StepEvent::command).collect();
        for (tool, text) in distinct {
            *commands.entry((tool.to_owned(), text.to_owned())).or_default() += 1;
        }
    }
    commands
}

/// The steps of a session. Commands unlike all that the templates were made of are left out.
pub fn steps(templates: &Templates, session: &Session) -> Vec<Step> {
    steps_by(session, |tool, text| templates.assign(tool, text))
}

/// The same of each of the sessions whose commands these are.
pub fn steps_of_all(actions: &Actions<'_>, sessions: &[Session]) -> Vec<Vec<Step>> {
    sessions.iter().map(|session| steps_by(session, |tool, text| actions.of(tool, text))).collect()
}

fn steps_by(session: &Session, action: impl Fn(&str, &str) -> Option<Assigned>) -> Vec<Step> {
    let results = results(session);
    let events = session.events.iter().enumerate();
    events
        .filter_map(|(at, event)| {
            let (tool, text) = event.command()?;
            let assigned = action(tool, text)?;
            let result = results.get(&at).copied();
            let returned = result.map(|at| &session.events[at]);
            let ended = Ended::of(event.outcome.as_deref());
            let took = |result: &StepEvent| {
                Some((result.time.micros() - event.time.micros()) / 1_000).filter(|ms| *ms >= 0)
            };
            Some(Step {
                action: assigned.template,
                event: at,
                result,
                ended: ended.or_else(|| Ended::of(returned?.outcome.as_deref())),
                duration_ms: event.duration_ms.or_else(|| returned?.duration_ms).or_else(|| took(returned?)),
                values: assigned.values,
            })
        })
        .collect()
}

/// Which result belongs to which call: by `parent`, else the next of the same tool before another call of it.
fn results(session: &Session) -> BTreeMap<usize, usize> {
    let mut calls: BTreeMap<&str, usize> = BTreeMap::new();
    let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
    let mut results = BTreeMap::new();
    for (at, event) in session.events.iter().enumerate() {
        let tool = event.tool.as_deref().unwrap_or_default();
        if event.command().is_some() {
            calls.insert(&event.id, at);
            waiting.insert(tool, at);
        } else if event.r#type == "tool_result" {
            let named = event.parent.as_deref().and_then(|parent| calls.get(parent)).copied();
            let call = named.or_else(|| waiting.get(tool).copied());
            if let Some(call) = call {
                results.entry(call).or_insert(at);
                waiting.retain(|_, open| *open != call);
            }
        }
    }
    results
}

/// What opens and ends what Athena itself put into an agent's context.
const INJECTED: (&str, &str) = ("<athena-memory", "</athena-memory>");

/// A text without what Athena itself put into it.
pub fn without_injected(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    while let Some(from) = text.find(INJECTED.0) {
        let Some(len) = text[from..].find(INJECTED.1) else { break };
        let to = from + len + INJECTED.1.len();
        text = [&text[..from], &text[to..]].concat().into();
    }
    text
}

/// The scalars of a text that may be passed on: of a record all leaves, by name; of other text its words
/// that look like values.
pub fn scalars(text: &str) -> Vec<(Option<String>, String)> {
    let mut found = vec![];
    match serde_json::from_str::<Json>(text) {
        Ok(json @ (Json::Object(_) | Json::Array(_))) => leaves(None, &json, &mut found),
        _ => {
            let words = text.split(|c: char| c.is_whitespace() || "\"'`,;()[]{}<>".contains(c));
            let value = |word: &&str| {
                word.len() > 1 && word.contains(|c: char| c.is_ascii_digit() || c == '/' || c == '_')
            };
            let words = words.map(|word| word.trim_matches(['.', ':', '!', '?'])).filter(value);
            found.extend(words.take(SCALARS).map(|word| (None, word.to_owned())));
        }
    }
    found
}

/// Scalars of a text that are looked at.
const SCALARS: usize = 400;

fn leaves(name: Option<&str>, json: &Json, found: &mut Vec<(Option<String>, String)>) {
    if found.len() >= SCALARS {
        return;
    }
    match json {
        Json::Object(fields) => fields.iter().for_each(|(key, value)| leaves(Some(key), value, found)),
        Json::Array(items) => items.iter().for_each(|value| leaves(name, value, found)),
        Json::Null | Json::Bool(_) => {}
        scalar => found.push((name.map(str::to_owned), typed(scalar))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, kind: &str, tool: &str, content: &str, outcome: Option<&str>) -> StepEvent {
        StepEvent {
            id: id.into(),
            r#type: kind.into(),
            tool: Some(tool.into()),
            content: Some(content.into()),
            outcome: outcome.map(str::to_owned),
            ..StepEvent::default()
        }
    }

    #[test]
    fn a_call_ends_as_its_result_says() {
        let mut named = event("4", "tool_result", "Bash", "no", Some("failure"));
        named.parent = Some("1".into());
        let events = vec![
            event("1", "tool_call", "Bash", "cargo test", None),
            event("2", "tool_call", "Bash", "cargo build", None),
            event("3", "message", "", "hello", Some("success")),
            named,
            event("5", "tool_result", "Bash", "yes", Some("success")),
        ];
        let session = Session { id: "s".into(), events };
        let templates = Templates::mine(&commands(std::slice::from_ref(&session)));
        let steps = steps(&templates, &session);
        let ended: Vec<_> = steps.iter().map(|step| (step.event, step.result, step.ended)).collect();
        assert_eq!(ended, [(0, Some(3), Some(Ended::Badly)), (1, Some(4), Some(Ended::Well))]);
    }

    #[test]
    fn what_athena_put_in_is_left_out() {
        let said = "a <athena-memory ids=\"m-1\">old</athena-memory>b<athena-memory>c</athena-memory>";
        assert_eq!(without_injected(said), "a b");
        assert_eq!(without_injected("<athena-memory open"), "<athena-memory open");
    }

    #[test]
    fn scalars_are_leaves_or_words_that_look_like_values() {
        let found = scalars(r#"{"user":{"id":"u-1"},"items":[3,null]}"#);
        assert_eq!(found, [(Some("id".into()), "u-1".into()), (Some("items".into()), "3".into())]);
        assert_eq!(
            scalars("Created branch fix-12, see src/a.rs."),
            [(None, "fix-12".to_owned()), (None, "src/a.rs".to_owned())]
        );
    }
}
