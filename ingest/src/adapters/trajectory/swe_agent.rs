//! SWE-agent: `history`, and what `trajectory` says of how long each action took.

use serde_json::{Map, Value};

use super::super::claude_code::text::{bounded, readable};
use super::super::said::{Message, Part, Role, message};
use super::super::told::{Teller, with};
use super::{base, begins};
use crate::{Draft, Limits, Reject};

const SOURCE: &str = "swe-agent";
/// Bytes of what is kept of `info`.
const INFO_BYTES: usize = 16 << 10;

pub(super) fn read(value: &Value, limits: &Limits) -> Result<Vec<Draft>, Reject> {
    let list = |key: &str| value.get(key).and_then(Value::as_array);
    let history = list("history").ok_or_else(|| Reject::new("history", "missing, or not an array"))?;
    let mut messages = Vec::new();
    for entry in history.iter().filter(|entry| entry.get("is_demo") != Some(&Value::Bool(true))) {
        let acted = messages.last().is_some_and(|last: &Message| calls(last));
        messages.extend(said(entry, acted));
    }
    if messages.is_empty() {
        return Err(Reject::new("history", "no messages"));
    }
    let session = begins("swe-", &messages);
    let mut teller = Teller::new("swe-", &session, SOURCE, limits);
    let base = base(SOURCE, &session);
    let mut drafts: Vec<Draft> = Vec::new();
    // The call that waits for its result.
    let mut call: Option<Draft> = None;
    let mut taken = list("trajectory").into_iter().flatten().map(duration_ms);
    for message in &messages {
        for mut draft in teller.message(message, &base) {
            match draft.r#type.as_deref() {
                Some("tool_call") => call = Some(draft.clone()),
                Some("tool_result") => {
                    let asked = call.take();
                    draft.duration_ms = taken.next().flatten();
                    draft.parent = draft.parent.or_else(|| asked.as_ref()?.id.clone());
                    draft.tool = draft.tool.or_else(|| asked?.tool);
                }
                _ => {}
            }
            drafts.push(draft);
        }
    }
    drafts.extend(ended(value.get("info"), &teller, &base));
    Ok(drafts)
}

fn calls(message: &Message) -> bool {
    message.parts.iter().any(|part| matches!(part, Part::Call { .. }))
}

/// An entry as a message. Without calls of tools an action is a line for the shell, and what the user says
/// after it is what the shell gave.
fn said(entry: &Value, acted: bool) -> Option<Message> {
    let text = |key: &str| entry.get(key).map(readable).filter(|text| !text.trim().is_empty());
    match entry.get("role")?.as_str()? {
        "assistant" if entry.get("tool_calls").is_none_or(Value::is_null) => {
            let action = text("action");
            let thought = text("thought").or_else(|| text("content"));
            let call = action.map(|action| Part::Call {
                id: None,
                name: action.split_whitespace().next().unwrap_or_default().to_owned(),
                arguments: Value::Object(Map::from_iter([("command".to_owned(), action.trim_end().into())])),
            });
            let parts: Vec<_> = thought.map(Part::Text).into_iter().chain(call).collect();
            (!parts.is_empty()).then_some(Message { role: Role::Assistant, parts })
        }
        "user" if acted => {
            let part = Part::Result { id: None, name: None, text: text("content")?, failed: false };
            Some(Message { role: Role::Tool, parts: vec![part] })
        }
        "tool" => {
            let id = entry.get("tool_call_ids").and_then(|ids| ids.get(0)?.as_str());
            let part =
                Part::Result { id: id.map(str::to_owned), name: None, text: text("content")?, failed: false };
            Some(Message { role: Role::Tool, parts: vec![part] })
        }
        _ => message(entry),
    }
}

fn duration_ms(step: &Value) -> Option<i64> {
    let seconds = step.get("execution_time")?.as_f64().filter(|seconds| (0.0..1e9).contains(seconds))?;
    Some((seconds * 1000.0).round() as i64)
}

/// How it went. That an agent submitted does not say that it was right.
fn ended(info: Option<&Value>, teller: &Teller<'_>, base: &Draft) -> Option<Draft> {
    let info = info?;
    let status = info.get("exit_status")?.as_str()?;
    let outcome = if status == "submitted" { "unknown" } else { "aborted" };
    let kept = bounded(info, &mut INFO_BYTES.clone(), 8);
    let draft = Draft {
        id: Some(teller.id(&["end", status])),
        r#type: Some("session_end".into()),
        agent: Some(SOURCE.into()),
        content: Some(format!("session end ({status})")),
        outcome: Some(outcome),
        ..base.clone()
    };
    Some(with(draft, Map::from_iter([("info".to_owned(), kept)])))
}
