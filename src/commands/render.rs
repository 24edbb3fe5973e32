//! Any JSON answer: tables for people, one line for a pipe.

use serde_json::{Map, Value};

use crate::out::{Out, cell};

/// Prints an answer. A person gets its plain fields first, then each list of objects as a table, then
/// what is nested, as a table of its own.
pub fn value(out: Out, answer: &Value) -> std::io::Result<()> {
    match answer {
        _ if !out.human => out.json(answer),
        Value::Object(fields) => object(out, None, fields),
        other => out.line(cell(other)),
    }
}

fn object(out: Out, title: Option<&str>, fields: &Map<String, Value>) -> std::io::Result<()> {
    let (nested, plain): (Vec<_>, Vec<_>) = fields.iter().partition(|(_, value)| is_nested(value));
    if !plain.is_empty() {
        let rows: Vec<_> = plain.into_iter().map(|(name, value)| vec![name.clone(), cell(value)]).collect();
        out.table(&[title.unwrap_or(""), ""], &rows)?;
    }
    for (name, value) in nested {
        out.line("")?;
        match value {
            Value::Object(fields) => object(out, Some(name), fields)?,
            Value::Array(items) => list(out, name, items)?,
            _ => {}
        }
    }
    Ok(())
}

/// Objects as rows; their columns are the fields of the first, then those that others have besides.
fn list(out: Out, title: &str, items: &[Value]) -> std::io::Result<()> {
    let mut names: Vec<&str> = Vec::new();
    for name in items.iter().filter_map(Value::as_object).flat_map(Map::keys) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let field = |item: &Value, name: &str| item.get(name).map(cell).unwrap_or_default();
    let rows: Vec<Vec<String>> =
        items.iter().map(|item| names.iter().map(|name| field(item, name)).collect()).collect();
    out.line(format!("{title}: {}", items.len()))?;
    out.table(&names, &rows)
}

/// Whether it needs a table of its own. Positions and lists of words stand in a cell.
fn is_nested(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.first().is_some_and(Value::is_object),
        Value::Object(fields) => fields.values().any(|value| !value.is_object()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_needs_a_table_of_its_own() {
        assert!(is_nested(&json!([{"name": "events"}])));
        assert!(is_nested(&json!({"events": 3})));
        assert!(!is_nested(&json!(["a", "b"])));
        assert!(!is_nested(&json!([])));
        assert!(!is_nested(&json!({"athena.events": {"0": 42}})));
        assert!(!is_nested(&json!(7)));
    }
}
