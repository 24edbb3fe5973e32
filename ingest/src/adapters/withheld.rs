//! What agents tell Athena to keep sensitive is told once more by their own records of their calls: there it is left out.

use std::borrow::Cow;

use serde_json::Value;

/// What stands in its place.
const MARK: &str = "[sensitive]";
/// What the names of tools have that carry calls to Athena.
const OURS: [&str; 2] = ["athena", "memories"];
/// How a text says of a memory that it is sensitive: in JSON, in JSON within JSON, and as Athena's answers are read.
const SAID: [&str; 5] = [
    "\"sensitive\":true",
    "\"sensitive\": true",
    "\\\"sensitive\\\":true",
    "\\\"sensitive\\\": true",
    "sensitive: true",
];

/// The arguments of a call without contents that are marked as sensitive.
pub fn arguments<'v>(tool: &str, given: &'v Value) -> Cow<'v, Value> {
    if !says(&given.to_string()) {
        return Cow::Borrowed(given);
    }
    let mut left = given.clone();
    leave_out(&mut left, is_ours(tool));
    Cow::Owned(left)
}

/// What a call gave back, unless it is of a sensitive memory.
pub fn result<'t>(tool: Option<&str>, text: &'t str) -> Cow<'t, str> {
    match tool.is_none_or(is_ours) && says(text) {
        true => Cow::Borrowed(MARK),
        false => Cow::Borrowed(text),
    }
}

fn leave_out(value: &mut Value, texts: bool) {
    match value {
        Value::String(text) if texts && says(text) => *text = MARK.to_owned(),
        Value::Array(all) => all.iter_mut().for_each(|one| leave_out(one, texts)),
        Value::Object(fields) => {
            if fields.get("sensitive") == Some(&Value::Bool(true))
                && let Some(content) = fields.get_mut("content")
            {
                *content = MARK.into();
            }
            fields.values_mut().for_each(|one| leave_out(one, texts));
        }
        _ => {}
    }
}

fn says(text: &str) -> bool {
    SAID.iter().any(|said| text.contains(said))
}

fn is_ours(tool: &str) -> bool {
    OURS.iter().any(|name| tool.contains(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_marked_is_left_out() {
        let of = |tool: &str, given: Value| arguments(tool, &given).to_string();
        let told = json!({"operation": "remember", "content": "hunter2", "sensitive": true, "tags": ["db"]});
        assert!(!of("mcp__a__call", json!({"arguments": told.clone()})).contains("hunter2"));
        assert!(of("remember", told.clone()).contains("\"db\""));
        let line = json!({"operation": "import", "data": told.to_string()});
        assert!(!of("mcp__athena__memories", line.clone()).contains("hunter2"));
        assert!(of("Write", line).contains("hunter2"), "a file that has such words is a file");
        assert!(of("remember", json!({"content": "hunter2", "sensitive": false})).contains("hunter2"));
    }

    #[test]
    fn so_is_what_came_back() {
        for text in [
            json!({"content": "hunter2", "sensitive": true}).to_string(),
            "content: hunter2\nsensitive: true".into(),
        ] {
            assert_eq!(result(Some("mcp__athena__memories"), &text), MARK);
            assert_eq!(result(None, &text), MARK);
            assert_eq!(result(Some("Read"), &text), text);
        }
        assert_eq!(result(None, "done"), "done");
    }
}
