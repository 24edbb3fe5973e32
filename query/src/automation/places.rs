//! Places in arguments that are filled with what happened: `$content`, alone or within a longer text. Pure.

use serde_json::{Map, Value};

/// A part of a text.
#[derive(Debug, PartialEq)]
enum Part<'t> {
    Text(&'t str),
    /// What has a name; without the dollar sign.
    Place(&'t str),
}

/// A value in which every place with a `known` name is what happened. A text that is one place becomes the fact as it is;
/// within a longer text a list stands with commas, and what is not known with nothing. `$$` is a dollar sign, and what
/// has no known name stays as it is.
pub fn filled(value: &Value, facts: &Map<String, Value>, known: &impl Fn(&str) -> bool) -> Value {
    match value {
        Value::String(text) => match whole(text).filter(|name| known(name)) {
            Some(name) => facts.get(name).cloned().unwrap_or(Value::Null),
            None => within(text, facts, known).into(),
        },
        Value::Array(all) => all.iter().map(|one| filled(one, facts, known)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, one)| (name.clone(), filled(one, facts, known))).collect()
        }
        other => other.clone(),
    }
}

/// The first name in a value that is not known.
pub fn unknown(value: &Value, known: &impl Fn(&str) -> bool) -> Option<String> {
    match value {
        Value::String(text) if whole(text).is_some_and(known) => None,
        Value::String(text) => parts(text).into_iter().find_map(|part| match part {
            Part::Place(name) if !known(name) => Some(name.to_owned()),
            _ => None,
        }),
        Value::Array(all) => all.iter().find_map(|one| unknown(one, known)),
        Value::Object(fields) => fields.values().find_map(|one| unknown(one, known)),
        _ => None,
    }
}

/// Whether what a value will be is not known before: it is, or has in it, a place that may be of any type.
pub fn is_open(value: &Value, known: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => whole(text).is_some_and(known),
        Value::Array(all) => all.iter().any(|one| is_open(one, known)),
        Value::Object(fields) => fields.values().any(|one| is_open(one, known)),
        _ => false,
    }
}

/// The name of a text that is nothing but a place.
fn whole(text: &str) -> Option<&str> {
    let name = text.strip_prefix('$')?;
    let fits = name.chars().all(|c| c.is_alphanumeric() || "_.-".contains(c)) && !name.ends_with('.');
    Some(name).filter(|_| fits)
}

fn within(text: &str, facts: &Map<String, Value>, known: &impl Fn(&str) -> bool) -> String {
    let mut filled = String::with_capacity(text.len());
    for part in parts(text) {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Place(name) if known(name) => filled.push_str(&said(facts.get(name))),
            Part::Place(name) => filled.extend(["$", name]),
        }
    }
    filled
}

/// A fact within a text.
fn said(fact: Option<&Value>) -> String {
    match fact {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(all)) => all.iter().map(|one| said(Some(one))).collect::<Vec<_>>().join(", "),
        Some(other) => other.to_string(),
    }
}

/// A text in parts. A name has letters, digits and `_`, begins with no digit, and has points only within.
fn parts(mut text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    while let Some(at) = text.find('$') {
        let (before, rest) = (&text[..at], &text[at + 1..]);
        parts.push(Part::Text(before));
        let begins = rest.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches('.');
        if begins {
            parts.push(Part::Place(name));
            text = &rest[name.len()..];
        } else {
            parts.push(Part::Text("$"));
            text = rest.strip_prefix('$').unwrap_or(rest);
        }
    }
    parts.push(Part::Text(text));
    parts.retain(|part| *part != Part::Text(""));
    parts
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn known(name: &str) -> bool {
        ["content", "session", "files", "tool"].contains(&name) || name.starts_with("attributes.")
    }

    #[test]
    fn texts_are_filled_in_their_places() {
        let facts = json!({"content": "it failed", "session": "s-1", "files": ["a.rs", "b.rs"],
                           "attributes.exit_code": 101, "attributes.exit-code": 7});
        let facts = facts.as_object().unwrap();
        let cases = [
            (json!("$content"), json!("it failed")),
            (json!("$attributes.exit_code"), json!(101)),
            (json!("$attributes.exit-code"), json!(7)),
            (json!("$tool"), Value::Null),
            (json!("$files"), json!(["a.rs", "b.rs"])),
            (json!("$content in $session code $attributes.exit_code."), json!("it failed in s-1 code 101.")),
            (json!("$session/$files: $tool!"), json!("s-1/a.rs, b.rs: !")),
            (json!("$$content costs $$5, $5 or $price"), json!("$content costs $5, $5 or $price")),
            (json!("$$"), json!("$")),
            (json!("a $"), json!("a $")),
            (json!({"a": ["in $session"], "n": 3}), json!({"a": ["in s-1"], "n": 3})),
            // What happened is not searched for places again.
            (json!("größer als $session€"), json!("größer als s-1€")),
        ];
        for (given, expected) in cases {
            assert_eq!(filled(&given, facts, &known), expected, "{given}");
        }
        let dollars = json!({"content": "$session $$"});
        assert_eq!(filled(&json!("<$content>"), dollars.as_object().unwrap(), &known), "<$session $$>");
    }

    #[test]
    fn what_has_no_known_name_is_told() {
        assert_eq!(unknown(&json!({"a": ["$content", "of $price"]}), &known), Some("price".into()));
        assert_eq!(unknown(&json!("$sesion"), &known), Some("sesion".into()));
        for fine in ["$$price", "$5", "$attributes.exit-code", "${x} $(y)", "$content."] {
            assert_eq!(unknown(&json!(fine), &known), None, "{fine}");
        }
        assert!(is_open(&json!({"a": ["$tool"]}), &known) && !is_open(&json!("a $tool"), &known));
    }
}
