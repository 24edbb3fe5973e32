//! What an event says, by the names that conditions ask and arguments are filled from. Pure.

use athena_ingest::apply;
use athena_schemas::tables::Event;
use serde_json::{Map, Value, json};

use super::places;
use crate::hooks_out::short;

/// What can be asked of an event; what ends in a point has names below it.
pub const EVENT: [&str; 17] = [
    "id",
    "time",
    "project",
    "session",
    "agent",
    "source",
    "type",
    "tool",
    "content",
    "outcome",
    "files",
    "tags",
    "duration_ms",
    "parent",
    "actor",
    "attributes.",
    "arguments.",
];
/// What can be asked of what a session is about.
pub const CONTEXT: [&str; 9] =
    ["moment", "prompt", "files", "cwd", "session", "agent", "project", "id", "time"];
/// What can be filled in besides, of firings by the clock and by hand.
const ASIDE: [&str; 5] = ["due", "input.", "task", "goal", "state"];
/// Types of events that change files, and tools of agents that do so once they have succeeded.
const CHANGES: [&str; 2] = ["file_change", "code_edit"];
const EDITS: [&str; 4] = ["Edit", "MultiEdit", "Write", "NotebookEdit"];
/// Files that a prompt names, at most.
const MENTIONED: usize = 50;

/// The moments at which something can be put into a context.
pub const SESSION_START: &str = "session_start";
pub const USER_PROMPT: &str = "user_prompt";

/// Whether an event is one of those that only tell what fired, and became of it: nothing fires by them.
pub fn is_own(event: &Event) -> bool {
    let operation = apply::operation(event).and_then(|name| name.split_once('.'));
    operation.is_some_and(|(tool, name)| {
        ["triggers", "automation"].contains(&tool) && ["fired", "ended", "fire", "run"].contains(&name)
    })
}

/// Whether an event is a command that was refused: nothing happened.
pub fn was_refused(event: &Event) -> bool {
    event.result.as_deref().is_some_and(|result| apply::result_of(result).is_err())
}

/// A field of an event that needs no reading, as `of_event` has it.
pub fn plain(event: &Event, field: &str) -> Option<Value> {
    Some(match field {
        "type" => json!(event.r#type),
        "tool" => json!(event.tool),
        "outcome" => json!(event.outcome),
        "agent" => json!(event.agent),
        "session" => json!(event.session),
        _ => return None,
    })
}

/// What an event says.
pub fn of_event(event: &Event) -> Map<String, Value> {
    let mut facts = Map::new();
    let fields = [
        ("id", json!(event.id)),
        ("time", json!(event.time)),
        ("project", json!(event.project)),
        ("session", json!(event.session)),
        ("agent", json!(event.agent)),
        ("source", json!(event.source)),
        ("type", json!(event.r#type)),
        ("tool", json!(event.tool)),
        ("content", short(json!(event.content))),
        ("outcome", json!(event.outcome)),
        ("files", json!(event.files)),
        ("tags", json!(event.tags)),
        ("duration_ms", json!(event.duration_ms)),
        ("parent", json!(event.parent)),
        ("actor", json!(event.actor)),
    ];
    for (name, value) in fields {
        facts.insert(name.into(), value);
    }
    let attributes = event.attributes.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let Some(Value::Object(mut attributes)) = attributes else { return facts };
    // What a command was given; of all others, what else its producer told.
    let below = match apply::operation(event) {
        Some(_) => ("arguments", attributes.shift_remove("arguments")),
        None => ("attributes", Some(Value::Object(attributes))),
    };
    if let (name, Some(Value::Object(all))) = below {
        for (field, value) in all.into_iter().filter(|(field, _)| field != apply::CAUSE) {
            facts.insert(format!("{name}.{field}"), short(value));
        }
    }
    facts
}

/// What a session is about at a moment; files are those that the prompt names.
pub fn of_context(moment: &str, text: Option<&str>, more: Value) -> Map<String, Value> {
    let mut facts = Map::new();
    facts.insert("moment".into(), moment.into());
    if moment == USER_PROMPT {
        facts.insert("prompt".into(), short(json!(text)));
        facts.insert("files".into(), json!(mentioned(text.unwrap_or_default())));
    }
    if let Value::Object(more) = more {
        facts.extend(more);
    }
    facts
}

/// What a session is about, when an event tells that it begins or that somebody asks for something.
pub fn context_of(event: &Event) -> Option<Map<String, Value>> {
    let attributes: Option<Value> =
        event.attributes.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let cwd = attributes.and_then(|all| all.get("cwd").cloned());
    let moment = match (event.r#type.as_str(), event.agent.as_deref()) {
        ("session_start", _) => SESSION_START,
        ("message", Some("user")) => USER_PROMPT,
        _ => return None,
    };
    let more = json!({"cwd": cwd, "session": event.session, "agent": event.agent, "project": event.project,
                      "id": event.id, "time": event.time});
    Some(of_context(moment, event.content.as_deref(), more))
}

/// What a command changed a task or a goal to: `{task | goal, state}` of each record that it wrote.
pub fn states_of(event: &Event) -> Vec<Map<String, Value>> {
    let changes: Option<Vec<Value>> =
        event.changes.as_deref().and_then(|changes| serde_json::from_str(changes).ok());
    let rows = changes.into_iter().flatten();
    let told = rows.filter_map(|change| {
        let row = change.get("row")?;
        let kind = row.get("kind").and_then(Value::as_str).filter(|kind| ["task", "goal"].contains(kind))?;
        let body: Value = serde_json::from_str(row.get("body")?.as_str()?).ok()?;
        let state = body.get("state").or_else(|| body.get("status"))?.clone();
        let mut facts = of_event(event);
        facts.insert(kind.into(), row.get("id")?.clone());
        facts.insert("state".into(), state);
        Some(facts)
    });
    told.collect()
}

pub fn changes_files(event: &Event) -> bool {
    let of_type = |types: &[&str]| types.contains(&event.r#type.as_str());
    let edited = event.tool.as_deref().is_some_and(|tool| EDITS.contains(&tool))
        && event.outcome.as_deref() == Some("success")
        && of_type(&["tool_call", "tool_result"]);
    !event.files.is_empty() && (of_type(&CHANGES) || edited)
}

/// Words of a text that look like paths of files.
fn mentioned(text: &str) -> Vec<String> {
    let trimmed = |word: &str| {
        let aside = |c: char| !c.is_alphanumeric() && !['/', '.', '_', '-', '~'].contains(&c);
        word.trim_matches(aside).trim_end_matches('.').to_owned()
    };
    let is_path = |word: &String| {
        let name = word.rsplit('/').next().unwrap_or_default();
        let extension = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty());
        let named = extension.is_some_and(|(_, end)| {
            (1..=8).contains(&end.len())
                && end.chars().all(|c| c.is_ascii_alphanumeric())
                && !end.chars().all(|c| c.is_ascii_digit())
        });
        !word.contains("://") && named
    };
    text.split_whitespace().map(trimmed).filter(is_path).take(MENTIONED).collect()
}

/// Arguments in which places such as `$content` are what happened.
pub fn filled(value: &Value, facts: &Map<String, Value>) -> Value {
    places::filled(value, facts, &is_known)
}

/// Whether something that happened can have this name.
pub fn is_known(name: &str) -> bool {
    [&EVENT[..], &CONTEXT[..], &ASIDE[..]].iter().any(|fields| crate::condition::is_field(name, fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_events_say() {
        let event = Event {
            r#type: "test_run".into(),
            files: vec!["a.rs".into()],
            attributes: Some(json!({"exit_code": 101, apply::CAUSE: ["trigger-1"]}).to_string()),
            ..Event::default()
        };
        let facts = of_event(&event);
        assert_eq!((&facts["type"], &facts["attributes.exit_code"]), (&json!("test_run"), &json!(101)));
        assert!(!facts.contains_key(&format!("attributes.{}", apply::CAUSE)));
        let command = Event {
            r#type: "athena.memories.remember".into(),
            attributes: Some(json!({"arguments": {"content": "x"}, "admin": true}).to_string()),
            result: Some(json!({"error": {"code": "conflict", "message": "no"}}).to_string()),
            ..Event::default()
        };
        let facts = of_event(&command);
        assert_eq!(facts["arguments.content"], "x");
        assert!(!facts.keys().any(|name| name.contains("admin")));
        assert!(was_refused(&command) && !was_refused(&event));
        assert!(is_own(&Event { r#type: "athena.triggers.fired".into(), ..Event::default() }));
        assert!(!is_own(&Event { r#type: "athena.triggers.create".into(), ..Event::default() }));
    }

    #[test]
    fn edits_change_files_once_they_have_succeeded() {
        let of = |of_type: &str, tool: &str, outcome: Option<&str>| {
            let files = vec!["a.rs".into()];
            let (tool, outcome) = (Some(tool.into()), outcome.map(str::to_owned));
            changes_files(&Event { r#type: of_type.into(), tool, outcome, files, ..Event::default() })
        };
        assert!(of("code_edit", "x", None) && of("tool_result", "Edit", Some("success")));
        assert!(!of("tool_call", "Edit", None) && !of("tool_result", "Edit", Some("failure")));
        assert!(!of("tool_result", "Read", Some("success")) && !changes_files(&Event::default()));
    }

    #[test]
    fn prompts_name_files() {
        let text = "Look at `src/cart/total.rs`, (tests/a.py) and README.md. It is 3.5 times slower, see https://x.org/a.html";
        assert_eq!(mentioned(text), ["src/cart/total.rs", "tests/a.py", "README.md"]);
    }

    #[test]
    fn states_are_those_of_tasks_and_goals() {
        let row = |kind: &str, body: Value| json!({"table": "records", "row": {"id": "t-1", "kind": kind, "body": body.to_string()}});
        let changes = json!([row("task", json!({"state": "done"})), row("note", json!({"state": "done"}))]);
        let event = Event { changes: Some(changes.to_string()), ..Event::default() };
        let states = states_of(&event);
        assert_eq!(states.len(), 1);
        assert_eq!((&states[0]["task"], &states[0]["state"]), (&json!("t-1"), &json!("done")));
    }

    #[test]
    fn arguments_are_filled_with_what_happened() {
        let facts = json!({"content": "done", "attributes.code": 3});
        let given =
            json!({"a": "$content", "b": ["$attributes.code", "$tool"], "c": "$price", "d": "in $content"});
        let expected = json!({"a": "done", "b": [3, null], "c": "$price", "d": "in done"});
        assert_eq!(filled(&given, facts.as_object().unwrap()), expected);
        assert!(
            is_known("due") && is_known("input.anything") && !is_known("attributes") && !is_known("price")
        );
    }
}
