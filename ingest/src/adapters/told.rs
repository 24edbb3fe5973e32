//! Messages as events: each once, however often a list that grows is told again.
//!
//! An id is made from what stays the same from one telling to the next: of a text its words, who says
//! them, and how often the list has had them before; of a call and its result the provider's id.

use std::collections::HashMap;

use athena_schemas::ids;
use serde_json::{Map, Value};

use super::claude_code::text::{bounded, files, input_text, without_injected};
use super::said::{Message, Part, Role};
use super::withheld;
use crate::decode::{NAME_BYTES, clip};
use crate::{Draft, Limits};

/// The part of an event that one text may fill.
const TEXT_SHARE: usize = 8;

pub(super) const USER: &str = "user";

/// Tells the messages of one list.
pub(super) struct Teller<'a> {
    /// How ids begin.
    prefix: &'static str,
    /// What makes equal words in different lists different events.
    scope: &'a str,
    agent: &'a str,
    limits: &'a Limits,
    counts: HashMap<String, usize>,
    /// Tools by the ids of their calls.
    tools: HashMap<String, String>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(prefix: &'static str, scope: &'a str, agent: &'a str, limits: &'a Limits) -> Self {
        Self { prefix, scope, agent, limits, counts: HashMap::new(), tools: HashMap::new() }
    }

    /// What a message says, each part as an event, with all that `base` has.
    pub(super) fn message(&mut self, message: &Message, base: &Draft) -> Vec<Draft> {
        message.parts.iter().filter_map(|part| self.part(message.role, part, base)).collect()
    }

    fn part(&mut self, role: Role, part: &Part, base: &Draft) -> Option<Draft> {
        match part {
            Part::Text(text) => self.text(role, text, base),
            Part::Call { id, name, arguments } => Some(self.call(id.as_deref(), name, arguments, base)),
            Part::Result { id, name, text, failed } => {
                let known = id.as_ref().and_then(|id| self.tools.get(id)).or(name.as_ref()).cloned();
                let id = id.as_deref();
                let result = self.result(id, known.as_deref(), text, base)?;
                Some(Draft { outcome: failed.then_some("failure"), ..result })
            }
        }
    }

    /// What somebody said. What a program says to itself is not told.
    pub(super) fn text(&mut self, role: Role, text: &str, base: &Draft) -> Option<Draft> {
        let text = without_injected(text);
        let text = text.trim();
        if text.is_empty() || role == Role::System {
            return None;
        }
        let agent = if role == Role::User { USER } else { self.agent };
        let id = self.next(&[role.name(), text]);
        let mut attributes = Map::new();
        let content = cut(text, self.limits, &mut attributes);
        let draft =
            Draft { id: Some(id), r#type: Some("message".into()), content: Some(content), ..base.clone() };
        Some(with(Draft { agent: Some(name(agent)), ..draft }, attributes))
    }

    pub(super) fn call(&mut self, id: Option<&str>, tool: &str, arguments: &Value, base: &Draft) -> Draft {
        if let Some(id) = id {
            self.tools.insert(id.to_owned(), tool.to_owned());
        }
        let given = withheld::arguments(tool, arguments);
        let arguments: &Value = &given;
        let mut attributes = Map::new();
        if !arguments.is_null() {
            let mut room = self.limits.event_bytes / TEXT_SHARE;
            // `attributes` and `input` are two of the levels.
            attributes
                .insert("input".into(), bounded(arguments, &mut room, self.limits.depth.saturating_sub(3)));
        }
        let words = match arguments {
            Value::Null => tool.to_owned(),
            Value::String(text) => text.clone(),
            other => input_text(other),
        };
        let made = match id {
            Some(id) => self.id(&["call", id]),
            None => self.next(&["call", tool, &arguments.to_string()]),
        };
        let content = cut(&words, self.limits, &mut attributes);
        let draft = Draft {
            id: Some(made),
            r#type: Some("tool_call".into()),
            agent: Some(name(self.agent)),
            tool: Some(name(tool)),
            content: Some(content),
            files: files(arguments),
            ..base.clone()
        };
        with(draft, attributes)
    }

    /// What a tool gave; `None` of nothing.
    pub(super) fn result(
        &mut self,
        id: Option<&str>,
        tool: Option<&str>,
        text: &str,
        base: &Draft,
    ) -> Option<Draft> {
        let text = without_injected(text);
        let text = withheld::result(tool, text.trim_end());
        let text: &str = &text;
        if text.is_empty() {
            return None;
        }
        let made = match id {
            Some(id) => self.id(&["result", id]),
            None => self.next(&["result", tool.unwrap_or_default(), text]),
        };
        let mut attributes = Map::new();
        let content = cut(text, self.limits, &mut attributes);
        let draft = Draft {
            id: Some(made),
            r#type: Some("tool_result".into()),
            agent: Some(name(self.agent)),
            tool: tool.map(name),
            content: Some(content),
            parent: id.map(|id| self.id(&["call", id])).or_else(|| base.parent.clone()),
            ..base.clone()
        };
        Some(with(draft, attributes))
    }

    pub(super) fn id(&self, parts: &[&str]) -> String {
        ids::short(self.prefix, &[&[self.scope], parts].concat())
    }

    /// The id of what may be said again in the same list.
    fn next(&mut self, parts: &[&str]) -> String {
        let plain = self.id(parts);
        let count = self.counts.entry(plain.clone()).or_default();
        *count += 1;
        match *count {
            1 => plain,
            nth => self.id(&[parts, &[&nth.to_string()]].concat()),
        }
    }
}

/// A text within its bounds, and a note in the attributes when it was cut.
pub(super) fn cut(text: &str, limits: &Limits, attributes: &mut Map<String, Value>) -> String {
    let limit = limits.event_bytes / TEXT_SHARE;
    if text.len() > limit {
        attributes.insert("content_bytes".to_owned(), text.len().into());
    }
    clip(text, limit).into_owned()
}

/// A name that events may have.
pub(super) fn name(text: &str) -> String {
    clip(text, NAME_BYTES).into_owned()
}

/// The draft with more attributes, which stand behind those that it has.
pub(super) fn with(draft: Draft, more: Map<String, Value>) -> Draft {
    if more.is_empty() {
        return draft;
    }
    let own = draft.attributes.as_deref().and_then(|text| serde_json::from_str::<Map<_, _>>(text).ok());
    let mut all = own.unwrap_or_default();
    for (name, value) in more {
        all.entry(name).or_insert(value);
    }
    Draft { attributes: Some(Value::Object(all).to_string()), ..draft }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::said::messages;
    use super::*;

    fn told(list: &Value) -> Vec<Draft> {
        let limits = Limits::default();
        let mut teller = Teller::new("x-", "s", "helper", &limits);
        messages(list).iter().flat_map(|message| teller.message(message, &Draft::default())).collect()
    }

    #[test]
    fn a_list_that_grew_says_the_same_of_what_it_had() {
        let mut list = json!([
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": "go on"},
            {"role": "assistant", "content": "done <athena-memory ids=\"m-1\">old</athena-memory>"},
            {"role": "user", "content": "go on"}]);
        let before = told(&list);
        let contents: Vec<_> = before.iter().map(|draft| draft.content.as_deref().unwrap()).collect();
        assert_eq!(contents, ["go on", "done", "go on"]);
        assert_ne!(before[0].id, before[2].id);
        list.as_array_mut().unwrap().push(json!({"role": "assistant", "content": "done"}));
        let after = told(&list);
        assert_eq!(after[..3], before);
        assert_ne!(after[3].id, after[1].id);
    }

    #[test]
    fn results_know_their_calls() {
        let drafts = told(&json!([
            {"role": "assistant", "content": [{"type": "tool_use", "id": "c-1", "name": "Read", "input": {"file_path": "/a"}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c-1", "content": "no such file", "is_error": true}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c-2", "content": ""}]}]));
        let [call, result] = drafts.as_slice() else { panic!("{drafts:?}") };
        assert_eq!(
            (call.content.as_deref(), call.files.as_slice()),
            (Some("/a"), ["/a".to_owned()].as_slice())
        );
        assert_eq!(
            (result.tool.as_deref(), &result.parent, result.outcome),
            (Some("Read"), &call.id, Some("failure"))
        );
    }

    #[test]
    fn long_texts_are_cut_and_say_so() {
        let drafts = told(&json!([{"role": "user", "content": "x".repeat(1 << 20)}]));
        assert!(drafts[0].content.as_ref().unwrap().len() < 140_000);
        assert!(drafts[0].attributes.as_ref().unwrap().contains("1048576"));
    }
}
