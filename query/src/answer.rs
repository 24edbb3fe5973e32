//! Results as a model reads them: bounded, a line an item. Pure.

use athena_schemas::Error;
use serde_json::{Map, Value, json};

use crate::text::excerpt;

/// Tokens of an answer when nothing is said, and at most.
const TOKENS: u64 = 1_500;
const MOST_TOKENS: u64 = 10_000;
/// Bytes that a token has at least, on average, in what is told here.
const BYTES_OF_A_TOKEN: usize = 3;
/// Characters of the texts of items, from what is tried first to what is tried last.
const CHARS: [usize; 7] = [4_000, 1_500, 800, 400, 200, 100, 40];
/// Where a result keeps its rows.
const ITEMS: &str = "items";

/// Takes `max_tokens` out of the arguments.
///
/// # Errors
/// One that is none.
pub fn budget(arguments: &mut Map<String, Value>) -> Result<usize, Error> {
    let tokens = match arguments.shift_remove("max_tokens") {
        None | Some(Value::Null) => TOKENS,
        Some(value) => {
            value.as_u64().filter(|tokens| (1..=MOST_TOKENS).contains(tokens)).ok_or_else(|| {
                Error::invalid("max_tokens", format!("{value}: from 1 to {MOST_TOKENS} can be asked for"))
            })?
        }
    };
    Ok(tokens as usize * BYTES_OF_A_TOKEN)
}

/// The text and the structured result, each within `bytes`. Texts are cut around the words of `query`, then items
/// are left out from the end, and `truncated` tells; ids are never cut. Where not even one item fits, items are their ids
/// and short texts, the first of them in any case: what was found is never told as nothing.
pub fn bounded(mut value: Value, query: &str, bytes: usize) -> (String, Value) {
    let fits = |value: &Value| value.to_string().len() <= bytes && told(value).len() <= bytes;
    for chars in CHARS {
        if fits(&value) {
            break;
        }
        cut(&mut value, query, chars);
    }
    if fits(&value) {
        return (told(&value), value);
    }
    let items = listed(&value).to_vec();
    while !fits(&value) && shortened(&mut value) {
        if let Some(object) = value.as_object_mut() {
            object.insert("truncated".into(), true.into());
        }
    }
    if listed(&value).is_empty() && !items.is_empty() {
        value = least(items.iter().map(named).collect(), fits);
    }
    (told(&value), value)
}

fn listed(value: &Value) -> &[Value] {
    value.get(ITEMS).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// As many of the items as fit, and one in any case.
fn least(mut items: Vec<Value>, fits: impl Fn(&Value) -> bool) -> Value {
    loop {
        let value = json!({ ITEMS: items, "truncated": true });
        if fits(&value) || items.len() <= 1 {
            return value;
        }
        items.pop();
    }
}

/// An item as its id and one of its texts; one that has neither as it is.
fn named(item: &Value) -> Value {
    let text = ["content", "title", "name"].into_iter().find(|name| item.get(name).is_some());
    let kept = ["id", "tool", "operation"].into_iter().chain(text);
    let kept: Map<_, _> = kept.filter_map(|name| Some((name.to_owned(), item.get(name)?.clone()))).collect();
    if kept.is_empty() { item.clone() } else { kept.into() }
}

/// Cuts every long text of a result.
fn cut(value: &mut Value, query: &str, chars: usize) {
    match value {
        Value::String(text) if text.chars().count() > chars => *text = excerpt(text, query, chars),
        Value::Array(all) => all.iter_mut().for_each(|one| cut(one, query, chars)),
        Value::Object(fields) => {
            let texts = fields.iter_mut().filter(|(name, _)| !is_name(name));
            texts.for_each(|(_, one)| cut(one, query, chars));
        }
        _ => {}
    }
}

/// Whether a field names something: half a name is none.
fn is_name(field: &str) -> bool {
    ["id", "session", "project", "projects", "sources", "tool", "operation", "type", "next_cursor"]
        .contains(&field)
}

/// Leaves out the last of the longest list; says whether there was one.
fn shortened(value: &mut Value) -> bool {
    let Some(fields) = value.as_object_mut() else { return false };
    let lists = fields.values_mut().filter_map(Value::as_array_mut);
    let longest = lists
        .filter(|list| !list.is_empty())
        .max_by_key(|list| Value::Array((*list).clone()).to_string().len());
    longest.is_some_and(|list| list.pop().is_some())
}

/// A result as lines.
pub fn told(value: &Value) -> String {
    let Some(fields) = value.as_object() else { return value.to_string() };
    let mut lines: Vec<String> = Vec::new();
    if let Some(items) = fields.get(ITEMS).and_then(Value::as_array) {
        lines.extend(items.iter().map(line));
        if items.is_empty() {
            lines.push("nothing".into());
        }
    }
    for (name, value) in fields.iter().filter(|(name, _)| *name != ITEMS && *name != "position") {
        match value {
            Value::Null => {}
            Value::Array(all) if all.is_empty() => {}
            Value::Array(all) if all.iter().all(Value::is_object) => {
                lines.push(format!("{name}:"));
                lines.extend(all.iter().map(|one| format!("  {}", line(one))));
            }
            Value::Object(_) if value.get("id").is_some() => lines.push(format!("{name}: {}", line(value))),
            Value::String(text) => lines.push(format!("{name}: {text}")),
            value => lines.push(format!("{name}: {value}")),
        }
    }
    lines.join("\n")
}

/// `[id] time · source · text`, of what has an id; else what it is.
fn line(item: &Value) -> String {
    let text = |name: &str| item.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let Some(id) = text("id") else { return item.to_string() };
    let time = text("time").map(|time| time.get(..19).unwrap_or(time));
    let from = ["address", "title", "name", "agent", "tool", "type", "outcome"].into_iter().filter_map(text);
    let from = from.collect::<Vec<_>>().join(" ");
    let parts =
        [time, Some(from.as_str()), text("content")].into_iter().flatten().filter(|part| !part.is_empty());
    format!("[{id}] {}", parts.collect::<Vec<_>>().join(" · "))
}

/// An error, with the argument that it is about and what to do.
pub fn error(error: &Error) -> String {
    let mut text = error.message.clone();
    if let Some(field) = error.field.as_deref().filter(|field| !field.is_empty() && !text.contains(field)) {
        text = format!("{field}: {text}");
    }
    match &error.hint {
        Some(hint) => format!("{text}; {hint}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_a_line() {
        let item = json!({"id": "e-1", "time": "2026-11-23T10:00:00.123Z", "agent": "ann", "type": "message",
                          "content": "deploy on\nTuesdays"});
        assert_eq!(line(&item), "[e-1] 2026-11-23T10:00:00 · ann message · deploy on\nTuesdays");
        assert_eq!(told(&json!({"items": [], "degraded": [], "project": "p"})), "nothing\nproject: p");
        assert_eq!(told(&json!({"goal": {"id": "e", "content": "x"}})), "goal: [e] x");
    }

    #[test]
    fn texts_are_cut_and_ids_are_not() {
        let id = "e-".repeat(30);
        let text = format!("{} the needle {}", "hay ".repeat(900), "straw ".repeat(900));
        let items: Vec<Value> = (0..40).map(|_| json!({"id": id, "content": text})).collect();
        let (told, value) = bounded(json!({"items": items, "position": {}}), "needle", 4_500);
        assert!(told.len() <= 4_500 && value.to_string().len() <= 4_500);
        let items = value["items"].as_array().unwrap();
        assert!(items.len() < 40 && value["truncated"] == true);
        assert!(
            items.iter().all(|item| item["id"] == id && item["content"].as_str().unwrap().contains("needle"))
        );

        let whole = json!({"items": [{"id": "e-1", "content": "short"}]});
        assert_eq!(bounded(whole.clone(), "", 4_500).1, whole);
    }

    #[test]
    fn little_room_is_for_ids() {
        let hit = |n: usize| {
            json!({"id": format!("e-{n}"), "kind": "event", "score": 0.83, "content": "the needle in the hay ".repeat(9),
                   "time": "2026-11-23T10:00:00.123Z", "project": "p".repeat(90), "sources": ["s".repeat(90)]})
        };
        let found = json!({"items": (0..10).map(hit).collect::<Vec<_>>(), "position": {"local": {"0": 7}}});
        for tokens in [1, 20, 50, 100] {
            let bytes = tokens * BYTES_OF_A_TOKEN;
            let (text, value) = bounded(found.clone(), "needle", bytes);
            let items = listed(&value);
            assert!(text.starts_with("[e-0] ") && text.contains("needle"), "{tokens}: {text}");
            assert!((items.len() > 1) == (tokens >= 100) && value["truncated"] == true, "{tokens}: {value}");
            assert!(value.to_string().len() <= bytes || items.len() == 1, "{tokens}: {value}");
        }
        let nothing = json!({"items": [], "position": {"local": {"0": 7}}, "project": "p"});
        assert!(bounded(nothing, "needle", 3).0.starts_with("nothing"));
        let operations = json!({"items": [{"tool": "memories", "operations": ["a".repeat(300)]}]});
        assert_eq!(bounded(operations, "", 60).0, "{\"tool\":\"memories\"}\ntruncated: true");
    }

    #[test]
    fn budgets() {
        let of = |value: Value| budget(json!({ "max_tokens": value }).as_object_mut().unwrap());
        assert_eq!((of(Value::Null), of(json!(100))), (Ok(4_500), Ok(300)));
        assert_eq!(of(json!(20_000)).unwrap_err().field.as_deref(), Some("max_tokens"));
    }
}
