//! One hook, as `POST /v1/hooks/claude-code` gets it (code.claude.com/docs/en/hooks).

use serde_json::Value;

use super::super::ProjectOf;
use super::{
    Call, Record, Returned, Scene, bounded, files, is_internal, milliseconds, name, readable, record, string,
};
use crate::decode::{NAME_BYTES, clip};
use crate::{Draft, Limits, Reject};

/// Hooks that say nothing that others do not, or that ask a person something.
const QUIET: [&str; 12] = [
    "Notification",
    "PermissionRequest",
    "PreCompact",
    "PostCompact",
    "SubagentStart",
    "InstructionsLoaded",
    "ConfigChange",
    "Setup",
    "TeammateIdle",
    "UserPromptExpansion",
    "MessageDisplay",
    "PostToolBatch",
];

/// The events of a hook's body: none of a quiet one; of a tool that has run both the call and the result,
/// so that nothing is missing where only `PostToolUse` is set up. Times are left to the log.
///
/// # Errors
/// A body that is not a hook's, by the field that is missing or wrong.
pub fn hook(body: &[u8], limits: &Limits, project_of: ProjectOf<'_>) -> Result<Vec<Draft>, Reject> {
    let body = record(body, limits)?;
    let project = string(&body, "cwd").and_then(project_of);
    drafts(&body, project.clone(), limits).map_err(|reject| Reject { project, ..reject })
}

fn drafts(body: &Record, project: Option<String>, limits: &Limits) -> Result<Vec<Draft>, Reject> {
    let event = name(body, "hook_event_name")?;
    if string(body, "agent_id").is_some_and(is_internal) {
        return Ok(Vec::new());
    }
    let agent = string(body, "agent_id").map(|id| (id, string(body, "agent_type").unwrap_or(id).to_owned()));
    let scene = Scene {
        session: name(body, "session_id")?,
        project,
        agent,
        time: None,
        prompt: string(body, "prompt_id"),
        cwd: string(body, "cwd"),
        branch: None,
        limits,
    };
    Ok(match event {
        "UserPromptSubmit" => prompt(&scene, body)?.into_iter().collect(),
        "PreToolUse" => vec![scene.call(&call(body)?)],
        "PostToolUse" | "PostToolUseFailure" | "PermissionDenied" => ran(&scene, event, body)?,
        "Stop" | "SubagentStop" => answer(&scene, "message", body).into_iter().collect(),
        "StopFailure" => answer(&scene, "error", body).into_iter().collect(),
        "SessionStart" => vec![bound(&scene, "session_start", "source", body)],
        "SessionEnd" => vec![bound(&scene, "session_end", "reason", body)],
        quiet if QUIET.contains(&quiet) => Vec::new(),
        other => vec![unknown(&scene, other, body)],
    })
}

fn prompt(scene: &Scene<'_>, body: &Record) -> Result<Option<Draft>, Reject> {
    let Some(Value::String(text)) = body.get("prompt") else {
        return Err(Reject::new("prompt", "missing, or not a string"));
    };
    let id = match scene.prompt {
        Some(prompt) => scene.id(&["prompt", prompt]),
        None => scene.id(&["prompt text", text.trim()]),
    };
    Ok(scene.prompt(Some(id), text))
}

fn call(body: &Record) -> Result<Call<'_>, Reject> {
    Ok(Call {
        id: string(body, "tool_use_id"),
        tool: name(body, "tool_name")?,
        input: body.get("tool_input").unwrap_or(&Value::Null),
    })
}

fn ran(scene: &Scene<'_>, event: &str, body: &Record) -> Result<Vec<Draft>, Reject> {
    let call = call(body)?;
    let response = body.get("tool_response").unwrap_or(&Value::Null);
    let text = match event {
        "PostToolUse" => readable(response),
        "PostToolUseFailure" => body.get("error").map(readable).unwrap_or_default(),
        _ => body.get("reason").map(readable).unwrap_or_default(),
    };
    let result = scene.returned(Returned {
        call: call.id,
        tool: Some(call.tool),
        files: files(call.input),
        text,
        response,
        failed: event != "PostToolUse",
        interrupted: body.get("is_interrupt") == Some(&Value::Bool(true)),
        duration_ms: milliseconds(body.get("duration_ms").or_else(|| response.get("durationMs"))),
    });
    // Without an id the call of `PreToolUse` could not be told to be the same.
    let told = call.id.map(|_| scene.call(&call));
    Ok(told.into_iter().chain([result]).collect())
}

fn answer(scene: &Scene<'_>, kind: &str, body: &Record) -> Option<Draft> {
    let text = string(body, "last_assistant_message").or_else(|| string(body, "error"))?;
    let mut attributes = Record::new();
    if let Some(error) = body.get("error").filter(|_| kind == "error") {
        attributes.insert("error".to_owned(), bounded(error, &mut 4096, 4));
    }
    let id = scene.id(&["said", scene.scope(), text.trim()]);
    scene.answer(Some(id), kind, text, attributes)
}

/// The start or end of a session. A session may start again (`resume`, `compact`): such starts cannot be
/// told apart, so only the first has an id of its own.
fn bound(scene: &Scene<'_>, kind: &str, why: &'static str, body: &Record) -> Draft {
    let mut attributes = Record::new();
    for key in [why, "model"] {
        if let Some(value) = string(body, key) {
            attributes.insert(key.to_owned(), clip(value, NAME_BYTES).into());
        }
    }
    let first = matches!(string(body, "source"), None | Some("startup" | "clear"));
    let id = first.then(|| scene.id(&[kind, scene.prompt.unwrap_or_default()]));
    let content =
        format!("{} ({})", kind.replace('_', " "), clip(string(body, why).unwrap_or("unknown"), NAME_BYTES));
    Draft { content: Some(content), ..scene.draft(id, kind, attributes) }
}

/// A hook of a later version: kept as it is.
fn unknown(scene: &Scene<'_>, event: &str, body: &Record) -> Draft {
    let whole = Value::Object(body.clone());
    let mut room = scene.limits.event_bytes / super::TEXT_SHARE;
    let mut attributes = Record::new();
    attributes.insert("hook".to_owned(), bounded(&whole, &mut room, scene.limits.depth.saturating_sub(3)));
    let id = scene.id(&[event, &whole.to_string()]);
    Draft { content: Some(event.to_owned()), ..scene.draft(Some(id), "observation", attributes) }
}
