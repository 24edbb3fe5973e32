//! Where somebody is at work, as the events of an editor tell: a fold over them in their order.

use std::collections::VecDeque;

use athena_schemas::Time;
use serde::Serialize;
use serde_json::{Map, Value};

/// Open files and edits that are told.
const MOST_OPEN: usize = 200;
const MOST_EDITS: usize = 20;

/// An event as a workspace is made of it.
#[derive(Debug, Clone, Default)]
pub struct EditorEvent {
    pub id: String,
    pub time: Time,
    pub r#type: String,
    pub tool: Option<String>,
    pub files: Vec<String>,
    pub attributes: Map<String, Value>,
}

/// Where the cursor is; lines and columns as the editor counts them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Cursor {
    pub path: Option<String>,
    pub line: u64,
    pub column: Option<u64>,
}

/// A file that was changed, and the event that tells so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Edited {
    pub path: String,
    pub at: Time,
    pub event: String,
}

/// Where somebody is at work. What no event told is null.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Workspace {
    /// The one that was opened last at the end.
    pub open_files: Vec<String>,
    pub branch: Option<String>,
    pub cwd: Option<String>,
    pub cursor: Option<Cursor>,
    /// The newest first, each file once.
    pub last_edits: Vec<Edited>,
}

/// The workspace after these events, which come in their order.
///
/// `file_open` and `file_close` open and close their `files`; whatever the type, `open_files`, `branch`
/// (or `git_branch`), `cwd` and `cursor` (`{path?, line, column?}`) in the attributes are what is so now.
pub fn workspace(events: &[EditorEvent]) -> Workspace {
    let mut now = Workspace::default();
    let mut edits: VecDeque<Edited> = VecDeque::new();
    for event in events {
        let text = |name: &str| event.attributes.get(name).and_then(Value::as_str).map(str::to_owned);
        now.branch = text("branch").or_else(|| text("git_branch")).or(now.branch);
        now.cwd = text("cwd").or(now.cwd);
        if let Some(open) = event.attributes.get("open_files").and_then(Value::as_array) {
            now.open_files = open.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
        let opens = matches!(event.r#type.as_str(), "file_open" | "editor_open");
        if opens || matches!(event.r#type.as_str(), "file_close" | "editor_close") {
            now.open_files.retain(|path| !event.files.contains(path));
        }
        if opens {
            now.open_files.extend(event.files.iter().cloned());
        }
        now.cursor = cursor(event).or(now.cursor);
        if super::What::of(&event.r#type, event.tool.as_deref(), None) == Some(super::What::Edit) {
            for path in &event.files {
                edits.retain(|edit| edit.path != *path);
                edits.push_front(Edited { path: path.clone(), at: event.time, event: event.id.clone() });
            }
            edits.truncate(MOST_EDITS);
        }
    }
    let over = now.open_files.len().saturating_sub(MOST_OPEN);
    now.open_files.drain(..over);
    now.last_edits = edits.into();
    now
}

fn cursor(event: &EditorEvent) -> Option<Cursor> {
    let cursor = event.attributes.get("cursor")?;
    let number = |name: &str| cursor.get(name).and_then(Value::as_u64);
    let path = cursor.get("path").and_then(Value::as_str).map(str::to_owned);
    Some(Cursor {
        path: path.or_else(|| event.files.first().cloned()),
        line: number("line")?,
        column: number("column"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(id: &str, of_type: &str, files: &[&str], attributes: Value) -> EditorEvent {
        let Value::Object(attributes) = attributes else { panic!("an object") };
        let files = files.iter().map(|path| (*path).to_owned()).collect();
        EditorEvent { id: id.into(), r#type: of_type.into(), files, attributes, ..EditorEvent::default() }
    }

    #[test]
    fn the_newest_event_says_what_is_so() {
        let now = workspace(&[
            event("e-1", "file_open", &["a.rs"], json!({"branch": "main"})),
            event("e-2", "file_open", &["b.rs"], json!({"cursor": {"line": 3, "column": 9}})),
            event("e-3", "code_edit", &["b.rs"], json!({})),
            event("e-4", "file_change", &["a.rs"], json!({"git_branch": "cart"})),
            event("e-5", "file_close", &["a.rs"], json!({})),
        ]);
        assert_eq!((now.open_files, now.branch.as_deref()), (vec!["b.rs".to_owned()], Some("cart")));
        assert_eq!(now.cursor, Some(Cursor { path: Some("b.rs".into()), line: 3, column: Some(9) }));
        let edits: Vec<_> = now.last_edits.iter().map(|edit| edit.event.as_str()).collect();
        assert_eq!(edits, ["e-4", "e-3"]);
        let told = workspace(&[event("e-1", "editor", &[], json!({"open_files": ["c.rs", 1]}))]);
        assert_eq!((told.open_files, told.cursor), (vec!["c.rs".to_owned()], None));
    }
}
