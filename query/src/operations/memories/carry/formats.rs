//! The formats that memories are written in, read and written. Pure.

use std::collections::BTreeMap;

use athena_schemas::Error;
use athena_schemas::tables::Memory;
use serde_json::{Map, Value, json};

use super::Format;

/// Arguments of `remember` that are carried as they are.
const CARRIED: [&str; 12] = [
    "id",
    "content",
    "kind",
    "name",
    "aliases",
    "scope",
    "tags",
    "importance",
    "sensitive",
    "source",
    "valid_from",
    "valid_until",
];
const KINDS: [&str; 5] = ["fact", "pattern", "decision", "context", "preference"];

/// Each memory as arguments of `remember`, with its own id where it has one; or why it is none.
type Read = Result<Map<String, Value>, String>;

/// # Errors
/// Data that is not of the format at all.
pub fn read(format: Format, data: &str) -> Result<Vec<Read>, Error> {
    match format {
        Format::Jsonl => Ok(data.lines().filter(|line| !line.trim().is_empty()).map(line).collect()),
        Format::Markdown => Ok(markdown(data)),
        Format::Mem0 => list(data, &["results", "memories"]).map(|all| all.iter().map(mem0).collect()),
        Format::Graphiti => list(data, &["edges", "facts"]).map(|all| all.iter().map(graphiti).collect()),
    }
}

/// What an export wrote beside the arguments is left out; what nobody knows is refused by `remember`.
fn line(line: &str) -> Read {
    let mut fields: Map<String, Value> =
        serde_json::from_str(line).map_err(|error| format!("not a JSON object: {error}"))?;
    for own in ["version", "recorded_at", "pinned", "superseded_by", "project"] {
        fields.shift_remove(own);
    }
    fields.retain(|_, value| !value.is_null());
    Ok(fields)
}

/// The array that the data is, or that stands under one of these names.
fn list(data: &str, names: &[&str]) -> Result<Vec<Value>, Error> {
    let value: Value =
        serde_json::from_str(data).map_err(|error| Error::invalid("data", format!("not JSON: {error}")))?;
    let inner = || names.iter().find_map(|name| value.get(*name)?.as_array().cloned());
    value.as_array().cloned().or_else(inner).ok_or_else(|| {
        Error::invalid("data", format!("neither an array nor an object with {}", names.join(" or ")))
    })
}

/// A text under the first of these names that has one.
fn text(value: &Value, names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| value.get(*name)?.as_str())
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn mem0(value: &Value) -> Read {
    let content = text(value, &["memory", "text", "data"]).ok_or("it has no `memory`")?;
    let mut tags: Vec<String> = value
        .get("categories")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|tag| tag.as_str().map(str::to_owned))
        .collect();
    let metadata = value.get("metadata").and_then(Value::as_object);
    tags.extend(
        metadata
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some(format!("{name}:{}", value.as_str()?))),
    );
    let mut fields = Map::new();
    fields.insert("content".into(), content.into());
    fields.insert("tags".into(), tags.into());
    put(&mut fields, "id", text(value, &["id"]).map(|id| format!("mem0:{id}")));
    put(&mut fields, "source", text(value, &["user_id", "agent_id"]).map(|who| format!("mem0:{who}")));
    put(&mut fields, "valid_from", text(value, &["created_at"]));
    Ok(fields)
}

fn graphiti(value: &Value) -> Read {
    let content = text(value, &["fact"]).ok_or("it has no `fact`")?;
    let mut fields = Map::new();
    fields.insert("content".into(), content.into());
    let relation = text(value, &["name"]);
    fields.insert(
        "tags".into(),
        relation.map(|name| name.to_lowercase()).into_iter().collect::<Vec<_>>().into(),
    );
    put(&mut fields, "id", text(value, &["uuid"]).map(|id| format!("graphiti:{id}")));
    put(&mut fields, "source", text(value, &["group_id"]).map(|group| format!("graphiti:{group}")));
    put(&mut fields, "valid_from", text(value, &["valid_at"]));
    put(&mut fields, "valid_until", text(value, &["invalid_at"]));
    Ok(fields)
}

fn put(fields: &mut Map<String, Value>, name: &str, value: Option<String>) {
    fields.extend(value.map(|value| (name.to_owned(), value.into())));
}

/// List items and paragraphs, under headings.
fn markdown(data: &str) -> Vec<Read> {
    let mut found: Vec<Map<String, Value>> = Vec::new();
    let (mut heading, mut goes_on) = (None, false);
    for line in data.lines() {
        let bare = line.trim();
        let item = ["- ", "* ", "+ "].iter().find_map(|mark| bare.strip_prefix(mark));
        if bare.is_empty() {
            goes_on = false;
        } else if let Some(title) = bare.strip_prefix('#') {
            heading = Some(title.trim_start_matches('#').trim().to_owned());
            goes_on = false;
        } else if let (None, true, Some(last)) = (item, goes_on, found.last_mut()) {
            let so_far = last["content"].as_str().unwrap_or_default();
            last["content"] = format!("{so_far} {bare}").into();
        } else {
            found.push(under(heading.as_deref(), item.unwrap_or(bare)));
            goes_on = true;
        }
    }
    found.into_iter().map(Ok).collect()
}

fn under(heading: Option<&str>, item: &str) -> Map<String, Value> {
    let (content, id) = match item.rsplit_once("<!--") {
        Some((content, comment)) => (content.trim(), comment.trim_end_matches("-->").trim()),
        None => (item, ""),
    };
    let mut fields = Map::new();
    fields.insert("content".into(), content.into());
    put(&mut fields, "id", Some(id).filter(|id| id.starts_with("m-")).map(str::to_owned));
    match heading.map(str::to_lowercase) {
        Some(kind) if KINDS.contains(&kind.as_str()) => drop(fields.insert("kind".into(), kind.into())),
        Some(label) if !label.is_empty() => drop(fields.insert("tags".into(), json!([label]))),
        _ => {}
    }
    fields
}

pub fn write(format: Format, memories: &[Memory]) -> String {
    match format {
        Format::Jsonl => {
            memories.iter().map(|memory| Value::from(carried(memory)).to_string() + "\n").collect()
        }
        Format::Markdown => as_markdown(memories),
        Format::Mem0 => json!({ "results": memories.iter().map(as_mem0).collect::<Vec<_>>() }).to_string(),
        Format::Graphiti => {
            json!({ "edges": memories.iter().map(as_graphiti).collect::<Vec<_>>() }).to_string()
        }
    }
}

/// What `remember` takes, and when it was recorded; without what is empty.
fn carried(memory: &Memory) -> Map<String, Value> {
    let Ok(Value::Object(mut all)) = serde_json::to_value(memory) else { return Map::new() };
    let empty = |value: &Value| value.is_null() || *value == json!([]) || *value == json!(false);
    let mut fields = Map::new();
    for name in CARRIED.into_iter().chain(["recorded_at", "superseded_by"]) {
        fields.extend(
            all.shift_remove(name).filter(|value| !empty(value)).map(|value| (name.to_owned(), value)),
        );
    }
    fields
}

fn as_markdown(memories: &[Memory]) -> String {
    let mut kinds: BTreeMap<&str, Vec<&Memory>> = BTreeMap::new();
    for memory in memories {
        kinds.entry(&memory.kind).or_default().push(memory);
    }
    let mut text = String::new();
    for (kind, memories) in kinds {
        text.push_str(&format!("## {kind}\n\n"));
        for memory in memories {
            let content = memory.content.split_whitespace().collect::<Vec<_>>().join(" ");
            text.push_str(&format!("- {content} <!-- {} -->\n", memory.id));
        }
        text.push('\n');
    }
    text
}

fn as_mem0(memory: &Memory) -> Value {
    json!({
        "id": memory.id,
        "memory": memory.content,
        "categories": memory.tags,
        "metadata": {"kind": memory.kind},
        "user_id": memory.agent,
        "created_at": memory.valid_from.unwrap_or(memory.recorded_at),
    })
}

fn as_graphiti(memory: &Memory) -> Value {
    json!({
        "uuid": memory.id,
        "fact": memory.content,
        "name": memory.tags.first().map_or_else(|| memory.kind.to_uppercase(), |tag| tag.to_uppercase()),
        "created_at": memory.recorded_at,
        "valid_at": memory.valid_from,
        "invalid_at": memory.valid_until,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(format: Format, data: &str) -> Vec<Map<String, Value>> {
        read(format, data).unwrap().into_iter().map(Result::unwrap).collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let memory = Memory {
            id: "m-1".into(),
            kind: "decision".into(),
            content: "Deploy on Tuesdays,\nafter the backup".into(),
            tags: vec!["deploy".into()],
            pinned: true,
            ..Memory::default()
        };
        let jsonl = good(Format::Jsonl, &write(Format::Jsonl, std::slice::from_ref(&memory)));
        assert_eq!((&jsonl[0]["id"], &jsonl[0]["content"]), (&json!("m-1"), &json!(memory.content)));
        assert!(jsonl[0].keys().all(|name| CARRIED.contains(&name.as_str())), "{jsonl:?}");
        let listed = good(Format::Markdown, &write(Format::Markdown, std::slice::from_ref(&memory)));
        let expected =
            json!({"content": "Deploy on Tuesdays, after the backup", "id": "m-1", "kind": "decision"});
        assert_eq!(Value::from(listed[0].clone()), expected);
        for format in [Format::Mem0, Format::Graphiti] {
            let again = good(format, &write(format, std::slice::from_ref(&memory)));
            assert_eq!(again[0]["content"], json!(memory.content), "{format:?}");
        }
    }

    #[test]
    fn headings_items_and_paragraphs() {
        let data =
            "# Notes\n\nFirst line\ngoes on\n\n## preference\n* short answers\n* no emojis\n  at all\n";
        let found = good(Format::Markdown, data);
        let contents: Vec<_> = found.iter().map(|one| one["content"].as_str().unwrap()).collect();
        assert_eq!(contents, ["First line goes on", "short answers", "no emojis at all"]);
        assert_eq!((&found[0]["tags"], &found[1]["kind"]), (&json!(["notes"]), &json!("preference")));
    }

    #[test]
    fn others_formats() {
        let mem0 = r#"{"results":[{"id":"x","memory":"Likes tea","categories":["food"],"created_at":"2026-01-01T00:00:00Z"},{}]}"#;
        let found = read(Format::Mem0, mem0).unwrap();
        let first = found[0].as_ref().unwrap();
        assert_eq!(
            (&first["id"], &first["tags"], &first["valid_from"]),
            (&json!("mem0:x"), &json!(["food"]), &json!("2026-01-01T00:00:00Z"))
        );
        assert!(found[1].is_err());
        let graphiti = r#"[{"uuid":"u","fact":"Ann works at X","name":"WORKS_AT","valid_at":"2026-01-01T00:00:00Z","invalid_at":null}]"#;
        let found = good(Format::Graphiti, graphiti);
        assert_eq!((&found[0]["id"], &found[0]["tags"]), (&json!("graphiti:u"), &json!(["works_at"])));
        assert_eq!(read(Format::Mem0, "{}").unwrap_err().field.as_deref(), Some("data"));
        assert!(read(Format::Jsonl, "{\"content\":\"a\"}\nnope\n").unwrap()[1].is_err());
    }
}
