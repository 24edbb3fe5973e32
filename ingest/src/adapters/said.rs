//! Messages between a person, a model and its tools, in the words of any provider.
//!
//! | part | OpenAI chat, responses | Anthropic | OpenTelemetry |
//! |---|---|---|---|
//! | text | `content`; `input_text`, `output_text` | `text` | `text` |
//! | call | `tool_calls`; `function_call` | `tool_use` | `tool_call` |
//! | result | role `tool`; `function_call_output` | `tool_result` | `tool_call_response` |
//!
//! Thinking is nobody's business, and what is neither text nor call nor result is left out.

use serde_json::{Map, Value};

use super::claude_code::text::readable;

/// Messages of one list that are read.
pub(super) const MESSAGES: usize = 10_000;
/// Parts of one message that are read.
const PARTS: usize = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    System,
    User,
    Assistant,
    Tool,
}

impl Role {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "system" | "developer" => Self::System,
            "user" | "human" => Self::User,
            "assistant" | "ai" | "model" => Self::Assistant,
            "tool" | "function" => Self::Tool,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    Text(String),
    Call { id: Option<String>, name: String, arguments: Value },
    Result { id: Option<String>, name: Option<String>, text: String, failed: bool },
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Message {
    pub role: Role,
    pub parts: Vec<Part>,
}

impl Message {
    /// Whether a person says something here, rather than a tool in the person's place.
    pub(super) fn is_asked(&self) -> bool {
        self.role == Role::User && self.parts.iter().any(|part| matches!(part, Part::Text(_)))
    }
}

/// The messages of an array, or of JSON text with one; what is no message is left out.
pub(super) fn messages(value: &Value) -> Vec<Message> {
    match value {
        Value::Array(items) => items.iter().take(MESSAGES).filter_map(message).collect(),
        Value::Object(_) => message(value).into_iter().collect(),
        Value::String(text) => match serde_json::from_str(text) {
            Ok(inner @ (Value::Array(_) | Value::Object(_))) => messages(&inner),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// A message; `None` of what is none, or says nothing.
pub(super) fn message(value: &Value) -> Option<Message> {
    let object = value.as_object()?;
    // Items of OpenAI's responses stand where messages do, and have no role.
    let Some(role) = text(object, "role") else {
        let part = part(value)?;
        let role = if matches!(part, Part::Call { .. }) { Role::Assistant } else { Role::Tool };
        return (!matches!(part, Part::Text(_))).then(|| Message { role, parts: vec![part] });
    };
    let role = Role::parse(&role)?;
    let content = object.get("parts").or_else(|| object.get("content")).unwrap_or(&Value::Null);
    let mut parts = match (role, content) {
        (Role::Tool, content) if !has_results(content) => {
            let id = text(object, "tool_call_id").or_else(|| text(object, "id"));
            let failed = text(object, "status").as_deref() == Some("error");
            vec![Part::Result { id, name: text(object, "name"), text: readable(content), failed }]
        }
        (_, Value::Array(blocks)) => blocks.iter().take(PARTS).filter_map(part).collect(),
        (_, Value::String(text)) => vec![Part::Text(text.clone())],
        (_, Value::Object(_)) => part(content).into_iter().collect(),
        _ => Vec::new(),
    };
    let calls = object.get("tool_calls").and_then(Value::as_array);
    parts.extend(calls.into_iter().flatten().take(PARTS).filter_map(call));
    (!parts.is_empty()).then_some(Message { role, parts })
}

fn has_results(content: &Value) -> bool {
    let blocks = content.as_array();
    blocks.into_iter().flatten().filter_map(part).any(|part| matches!(part, Part::Result { .. }))
}

/// A block of a message's content.
fn part(value: &Value) -> Option<Part> {
    if let Value::String(text) = value {
        return Some(Part::Text(text.clone()));
    }
    let object = value.as_object()?;
    let first = |keys: &[&str]| keys.iter().find_map(|key| object.get(*key).filter(|value| !value.is_null()));
    match object.get("type").and_then(Value::as_str).unwrap_or("text") {
        "text" | "input_text" | "output_text" | "refusal" => {
            Some(Part::Text(readable(first(&["text", "content", "refusal"])?)))
        }
        "tool_use" | "tool_call" | "function_call" | "server_tool_use" | "mcp_tool_use" | "function" => {
            call(value)
        }
        "tool_result" | "tool_call_response" | "function_call_output" | "mcp_tool_result" => {
            let response = first(&["response", "result", "output", "content"]).map(readable);
            Some(Part::Result {
                id: ["tool_use_id", "call_id", "id"].iter().find_map(|key| text(object, key)),
                name: text(object, "name"),
                text: response.unwrap_or_default(),
                failed: object.get("is_error") == Some(&Value::Bool(true)),
            })
        }
        kind @ ("image" | "image_url" | "input_image" | "input_audio" | "file" | "document") => {
            Some(Part::Text(format!("[{kind}]")))
        }
        _ => None,
    }
}

/// A call of a tool, whose name and arguments may stand in an inner `function`.
fn call(value: &Value) -> Option<Part> {
    let outer = value.as_object()?;
    let inner = outer.get("function").and_then(Value::as_object).unwrap_or(outer);
    let arguments = ["arguments", "input", "args"].iter().find_map(|key| inner.get(*key));
    Some(Part::Call {
        id: ["call_id", "id", "tool_call_id"].iter().find_map(|key| text(outer, key)),
        name: text(inner, "name")?,
        arguments: structured(arguments.unwrap_or(&Value::Null)),
    })
}

/// What a text says when it is JSON with members, else itself.
pub(super) fn structured(value: &Value) -> Value {
    let inner = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    inner.filter(|inner| inner.is_object() || inner.is_array()).unwrap_or_else(|| value.clone())
}

fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn called(id: &str) -> Part {
        Part::Call { id: Some(id.into()), name: "run".into(), arguments: json!({"command": "ls"}) }
    }

    fn gave(id: &str) -> Part {
        Part::Result { id: Some(id.into()), name: None, text: "a.rs".into(), failed: false }
    }

    #[test]
    fn providers_say_the_same_in_their_own_words() {
        let asked = Message { role: Role::User, parts: vec![Part::Text("what is here?".into())] };
        let calls =
            Message { role: Role::Assistant, parts: vec![Part::Text("I look.".into()), called("c-1")] };
        let openai = json!([
            {"role": "user", "content": "what is here?"},
            {"role": "assistant", "content": "I look.", "tool_calls":
                [{"id": "c-1", "type": "function", "function": {"name": "run", "arguments": "{\"command\":\"ls\"}"}}]},
            {"role": "tool", "tool_call_id": "c-1", "content": "a.rs"}]);
        let anthropic = json!([
            {"role": "user", "content": [{"type": "text", "text": "what is here?"}]},
            {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "I look."},
                {"type": "tool_use", "id": "c-1", "name": "run", "input": {"command": "ls"}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c-1", "content": "a.rs"}]}]);
        let telemetry = json!([
            {"role": "user", "parts": [{"type": "text", "content": "what is here?"}]},
            {"role": "assistant", "parts": [{"type": "text", "content": "I look."}, {"type": "reasoning", "content": "hm"},
                {"type": "tool_call", "id": "c-1", "name": "run", "arguments": {"command": "ls"}}]},
            {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c-1", "response": "a.rs"}]}]);
        for (list, answers) in [(openai, Role::Tool), (anthropic, Role::User), (telemetry, Role::Tool)] {
            let result = Message { role: answers, parts: vec![gave("c-1")] };
            assert_eq!(messages(&list), [asked.clone(), calls.clone(), result], "{list}");
            assert_eq!(messages(&list.to_string().into()), messages(&list));
        }
        let responses = json!([
            {"type": "reasoning", "summary": []},
            {"type": "function_call", "call_id": "c-1", "id": "fc-9", "name": "run", "arguments": "{\"command\":\"ls\"}"},
            {"type": "function_call_output", "call_id": "c-1", "output": "a.rs"}]);
        let alone = |role, part| Message { role, parts: vec![part] };
        assert_eq!(
            messages(&responses),
            [alone(Role::Assistant, called("c-1")), alone(Role::Tool, gave("c-1"))]
        );
    }

    #[test]
    fn what_is_no_message_is_left_out() {
        for none in [
            json!(null),
            json!("text"),
            json!(7),
            json!([1, {"a": 1}]),
            json!({"role": "narrator", "content": "x"}),
            json!({"role": "assistant", "content": null}),
            json!([{"role": "assistant", "content": [{"type": "thinking"}]}]),
        ] {
            assert_eq!(messages(&none), [], "{none}");
        }
    }

    #[test]
    fn a_tool_in_a_persons_place_asks_nothing() {
        let asks = |content: Value| message(&json!({"role": "user", "content": content})).unwrap().is_asked();
        assert!(asks(json!("why?")));
        assert!(!asks(json!([{"type": "tool_result", "tool_use_id": "c", "content": "x"}])));
    }
}
