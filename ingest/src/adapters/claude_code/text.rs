//! Texts of Claude Code made fit to be remembered.

use std::borrow::Cow;

use serde_json::Value;

use crate::decode::clip;

/// Longest path, in bytes.
pub(in crate::adapters) const PATH_BYTES: usize = 4096;

/// What stands in the user's place.
pub(in crate::adapters) enum Said {
    Words(String),
    Interruption(String),
    /// The harness tells the agent something.
    Notification(String),
}

/// What a text in the user's place is; `None` where nothing is left of it.
pub(in crate::adapters) fn said(text: &str) -> Option<Said> {
    let text = without_injected(text);
    let text = text.trim();
    if text.is_empty() || text.starts_with("<local-command-") {
        return None;
    }
    if text.starts_with("[Request interrupted by user") {
        return Some(Said::Interruption(text.to_owned()));
    }
    if text.starts_with("<task-notification>") {
        return Some(Said::Notification(text.to_owned()));
    }
    Some(Said::Words(command(text).unwrap_or_else(|| text.to_owned())))
}

/// A slash command as it was typed.
fn command(text: &str) -> Option<String> {
    if !text.starts_with("<command-") {
        return None;
    }
    let name = between(text, "<command-name>", "</command-name>")?.trim();
    let arguments = between(text, "<command-args>", "</command-args>").unwrap_or_default();
    Some(format!("{name} {}", arguments.trim()).trim_end().to_owned())
}

fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(open)?;
    rest.split_once(close).map(|(inner, _)| inner)
}

/// The text without what Athena (`<athena-memory …>`) and Claude Code (`<system-reminder>`) put into it.
/// Blocks that are not closed are left alone: somebody writes about them.
pub fn without_injected(text: &str) -> Cow<'_, str> {
    let without = without_blocks(Cow::Borrowed(text), "<athena-memory", "</athena-memory>");
    without_blocks(without, "<system-reminder", "</system-reminder>")
}

fn without_blocks<'t>(text: Cow<'t, str>, open: &str, close: &str) -> Cow<'t, str> {
    if !text.contains(open) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(start) = rest.find(open) {
        let inner = &rest[start + open.len()..];
        if !inner.starts_with(['>', ' ', '\n']) {
            out.push_str(&rest[..start + open.len()]);
            rest = inner;
            continue;
        }
        // Where one is not closed, none after it is: looking again and again would be quadratic.
        let Some(end) = inner.find(close) else { break };
        out.push_str(&rest[..start]);
        rest = &inner[end + close.len()..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What a call does, in its most telling words: the command, path, pattern, question, … of its input.
pub fn input_text(input: &Value) -> String {
    const TELLING: [&str; 11] = [
        "command",
        "file_path",
        "notebook_path",
        "pattern",
        "query",
        "url",
        "prompt",
        "skill",
        "path",
        "subject",
        "description",
    ];
    let told = TELLING.iter().find_map(|key| Some((*key, input.get(key)?.as_str()?)));
    match (told, input.get("path").and_then(Value::as_str)) {
        (Some(("pattern", pattern)), Some(path)) => format!("{pattern} in {path}"),
        (Some((_, text)), _) => text.to_owned(),
        (None, _) => input.to_string(),
    }
}

/// The files that a tool's input names.
pub fn files(input: &Value) -> Vec<String> {
    ["file_path", "notebook_path"]
        .iter()
        .filter_map(|key| input.get(key)?.as_str())
        .filter(|path| !path.is_empty())
        .map(|path| clip(path, PATH_BYTES).into_owned())
        .collect()
}

/// What a tool gave back, as a person would read it.
pub fn readable(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(blocks) => blocks.iter().map(readable).collect::<Vec<_>>().join("\n"),
        Value::Object(object) => {
            let text = |key: &str| object.get(key).and_then(Value::as_str);
            if let (Some(out), Some(err)) = (text("stdout"), text("stderr")) {
                return [out, err].map(str::trim_end).join("\n").trim_matches('\n').to_owned();
            }
            if text("type") == Some("image") {
                return "[image]".to_owned();
            }
            if let Some(patch) = object.get("structuredPatch").and_then(Value::as_array) {
                let lines = patch.iter().filter_map(|hunk| hunk.get("lines")?.as_array()).flatten();
                let lines: Vec<&str> = lines.filter_map(Value::as_str).collect();
                return format!("{}\n{}", text("filePath").unwrap_or_default(), lines.join("\n"))
                    .trim_end()
                    .to_owned();
            }
            match ["text", "content", "file", "result", "filenames", "error", "message"]
                .iter()
                .find_map(|key| object.get(*key))
            {
                Some(inner) if !inner.is_null() => readable(inner),
                _ => value.to_string(),
            }
        }
        other => other.to_string(),
    }
}

/// The exit code that a failed command's text begins with.
pub fn exit_code(text: &str) -> Option<i64> {
    let text = text.strip_prefix("Error: ").unwrap_or(text);
    let digits = text.strip_prefix("Exit code ")?;
    digits.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

/// Whether a result says that the user did not let the tool run, or stopped it.
pub(in crate::adapters) fn is_refusal(text: &str) -> bool {
    text.starts_with("The user doesn't want to") || text.starts_with("[Request interrupted by user")
}

/// The value with at most `room` bytes of strings and numbers, and so many levels; what is deeper becomes
/// its text, and what is longer is cut with a mark.
pub fn bounded(value: &Value, room: &mut usize, levels: usize) -> Value {
    match value {
        Value::Array(_) | Value::Object(_) if levels == 0 => short(&value.to_string(), room),
        Value::Array(items) => {
            let mut out = Vec::new();
            for item in items {
                if *room == 0 {
                    out.push("…".into());
                    break;
                }
                out.push(bounded(item, room, levels - 1));
            }
            Value::Array(out)
        }
        Value::Object(members) => {
            let mut out = serde_json::Map::new();
            for (key, member) in members {
                if *room == 0 {
                    out.insert("…".to_owned(), Value::Null);
                    break;
                }
                *room = room.saturating_sub(key.len());
                out.insert(key.clone(), bounded(member, room, levels - 1));
            }
            Value::Object(out)
        }
        Value::String(text) => short(text, room),
        other => {
            *room = room.saturating_sub(8);
            other.clone()
        }
    }
}

fn short(text: &str, room: &mut usize) -> Value {
    let kept = clip(text, *room);
    *room = room.saturating_sub(text.len());
    Value::String(kept.into_owned())
}

/// The JSON text with `\ufffd` for every escape of half a character; `None` when there is none. Node
/// writes such halves where it cuts a text through an emoji.
pub(in crate::adapters) fn with_whole_characters(json: &str) -> Option<String> {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    let mut mended = false;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let unit = |text: &str| u32::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok();
        let length = match unit(rest) {
            Some(0xd800..0xdc00)
                if rest.get(6..).and_then(unit).is_some_and(|low| (0xdc00..0xe000).contains(&low)) =>
            {
                12
            }
            Some(0xd800..0xe000) => {
                mended = true;
                out.push_str("\\ufffd");
                rest = &rest[6..];
                continue;
            }
            // Any other escape: the backslash and what it escapes, which may be a backslash.
            _ => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out.push_str(rest);
    mended.then_some(out)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_put_in_is_taken_out_again() {
        let text = "a <athena-memory ids=\"m-1\">old <b>news</b></athena-memory> b\n<system-reminder>x</system-reminder>c";
        assert_eq!(without_injected(text), "a  b\nc");
        for alone in [
            "an <athena-memory> that is not closed",
            "<athena-memory-like>x</athena-memory>",
            "</athena-memory>",
        ] {
            assert_eq!(without_injected(alone), alone);
        }
        assert_eq!(without_injected("<athena-memory>a</athena-memory><athena-memory>"), "<athena-memory>");
    }

    #[test]
    fn calls_are_told_by_their_most_telling_words() {
        assert_eq!(input_text(&json!({"description": "list", "command": "ls -l"})), "ls -l");
        assert_eq!(input_text(&json!({"pattern": "fn main", "path": "src"})), "fn main in src");
        assert_eq!(input_text(&json!({"a": 1})), r#"{"a":1}"#);
    }

    #[test]
    fn results_are_readable() {
        assert_eq!(readable(&json!({"stdout": "out\n", "stderr": "", "interrupted": false})), "out");
        assert_eq!(readable(&json!({"type": "text", "file": {"filePath": "a", "content": "body"}})), "body");
        assert_eq!(
            readable(&json!([{"type": "text", "text": "a"}, {"type": "image", "source": {}}])),
            "a\n[image]"
        );
        let edit =
            json!({"filePath": "a.rs", "originalFile": "long", "structuredPatch": [{"lines": ["-a", "+b"]}]});
        assert_eq!(readable(&edit), "a.rs\n-a\n+b");
        assert_eq!(readable(&json!({"odd": 1})), r#"{"odd":1}"#);
        assert_eq!(
            (exit_code("Exit code 101\nboom"), exit_code("Error: Exit code 2"), exit_code("Exit")),
            (Some(101), Some(2), None)
        );
    }

    #[test]
    fn inputs_are_bounded_in_bytes_and_levels() {
        let long = "x".repeat(100);
        let mut room = 50;
        let value = bounded(&json!({"a": long, "b": 1}), &mut room, 4);
        assert!(value.to_string().len() < 80, "{value}");
        let mut room = 1000;
        assert_eq!(bounded(&json!([[[1]]]), &mut room, 2), json!([["[1]"]]));
        let mut room = 100;
        let many = Value::Array(vec![json!(1); 10_000]);
        assert!(bounded(&many, &mut room, 4).as_array().unwrap().len() < 20);
    }

    #[test]
    fn halves_of_characters_are_mended() {
        let mend = |text: &str| with_whole_characters(text);
        assert_eq!(mend(r#""a\ud83d""#).unwrap(), r#""a\ufffd""#);
        assert_eq!(mend(r#""\ude00\ud83d\ude00\ud83d\n""#).unwrap(), r#""\ufffd\ud83d\ude00\ufffd\n""#);
        for whole in [r#""\ud83d\ude00""#, r#""\\ud83d""#, r#""\u00e4""#, "\"\\", "\"\\é"] {
            assert_eq!(mend(whole), None, "{whole}");
        }
    }
}
