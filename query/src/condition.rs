//! Conditions on named values: `{field: value | {op: value}}`, all of which must hold. Pure.

use athena_schemas::Error;
use serde_json::{Map, Value};

/// Conditions in one, and bytes of it as JSON.
const MOST: usize = 50;
const MOST_BYTES: usize = 10_000;

const OPERATORS: [&str; 12] =
    ["eq", "ne", "in", "not_in", "contains", "starts_with", "ends_with", "exists", "gt", "gte", "lt", "lte"];

/// Whether a condition can be asked of these fields.
///
/// # Errors
/// By the argument, with what there is.
pub fn check(argument: &str, when: &Map<String, Value>, fields: &[&str]) -> Result<(), Error> {
    if when.len() > MOST || Value::Object(when.clone()).to_string().len() > MOST_BYTES {
        return Err(Error::invalid(argument, format!("at most {MOST} conditions of {MOST_BYTES} bytes")));
    }
    for (field, wanted) in when {
        if !is_field(field, fields) {
            return Err(Error::invalid(argument, format!("there is no field {field:?} to ask"))
                .hint(format!("there are {}", fields.join(", "))));
        }
        let Some(operations) = wanted.as_object() else { continue };
        for (operator, value) in operations {
            let fits = match operator.as_str() {
                "in" | "not_in" => value.is_array(),
                "exists" => value.is_boolean(),
                "contains" | "starts_with" | "ends_with" => value.is_string(),
                "gt" | "gte" | "lt" | "lte" => value.is_number() || value.is_string(),
                known => OPERATORS.contains(&known),
            };
            if !fits {
                return Err(Error::invalid(argument, format!("{field}: {operator} {value} cannot be asked"))
                    .hint(format!("operators are {}", OPERATORS.join(", "))));
            }
        }
    }
    Ok(())
}

/// Whether a field can be asked: one of these, or one below what ends in a point.
pub fn is_field(field: &str, fields: &[&str]) -> bool {
    fields.iter().any(|one| match one.ends_with('.') {
        true => field.len() > one.len() && field.starts_with(one),
        false => field == *one,
    })
}

/// Whether all of it holds of these values; what is not there is null.
pub fn holds(when: &Map<String, Value>, values: &Map<String, Value>) -> bool {
    when.iter().all(|(field, wanted)| fits(wanted, values.get(field).unwrap_or(&Value::Null)))
}

/// Whether what was found is what one field of a condition wants.
pub fn fits(wanted: &Value, found: &Value) -> bool {
    match wanted {
        Value::Object(operations) => operations.iter().all(|(operator, value)| is(found, operator, value)),
        value => found == value,
    }
}

fn is(found: &Value, operator: &str, value: &Value) -> bool {
    let texts = || Some((found.as_str()?, value.as_str()?));
    let order = || match (found.as_f64(), value.as_f64()) {
        (Some(found), Some(value)) => found.partial_cmp(&value),
        _ => texts().map(|(found, value)| found.cmp(value)),
    };
    match operator {
        "eq" => found == value,
        "ne" => found != value,
        "in" => value.as_array().is_some_and(|all| all.contains(found)),
        "not_in" => value.as_array().is_some_and(|all| !all.contains(found)),
        // Of a list: whether one of it is so.
        "contains" | "starts_with" | "ends_with" if found.is_array() => {
            let all = found.as_array().into_iter().flatten();
            let operator = if operator == "contains" { "eq" } else { operator };
            all.into_iter().any(|one| is(one, operator, value))
        }
        "contains" => texts().is_some_and(|(found, value)| found.contains(value)),
        "starts_with" => texts().is_some_and(|(found, value)| found.starts_with(value)),
        "ends_with" => texts().is_some_and(|(found, value)| found.ends_with(value)),
        "exists" => value.as_bool() == Some(!found.is_null()),
        "gt" => order().is_some_and(|order| order.is_gt()),
        "gte" => order().is_some_and(|order| order.is_ge()),
        "lt" => order().is_some_and(|order| order.is_lt()),
        "lte" => order().is_some_and(|order| order.is_le()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn all_must_hold() {
        let values = object(json!({"tool": "Bash", "input": "rm -rf target", "ms": 40, "files": ["a/b.rs"]}));
        let cases = [
            (json!({}), true),
            (json!({"tool": "Bash"}), true),
            (json!({"tool": "Bash", "ms": {"gt": 40}}), false),
            (json!({"ms": {"gte": 40, "lt": 41}}), true),
            (json!({"input": {"starts_with": "rm ", "contains": "target"}}), true),
            (json!({"tool": {"in": ["Read", "Bash"]}}), true),
            (json!({"tool": {"not_in": ["Read", "Bash"]}}), false),
            (json!({"outcome": {"exists": false}}), true),
            (json!({"outcome": {"ne": "failure"}}), true),
            (json!({"outcome": {"contains": "x"}}), false),
            (json!({"tool": {"lte": "Bash"}}), true),
            (json!({"files": {"contains": "a/b.rs"}}), true),
            (json!({"files": {"contains": "b.rs"}}), false),
            (json!({"files": {"ends_with": "b.rs"}}), true),
            (json!({"files": {"starts_with": "c"}}), false),
            (json!({"tool": {"gt": 3}}), false),
        ];
        for (when, expected) in cases {
            assert_eq!(holds(&object(when.clone()), &values), expected, "{when}");
        }
    }

    #[test]
    fn what_cannot_be_asked_is_named() {
        let of = |when: Value| check("when", &object(when), &["tool", "ms", "attributes."]);
        assert_eq!(of(json!({"tool": {"in": ["a"]}, "ms": {"gt": 3}, "attributes.x": 1})), Ok(()));
        for wrong in [
            json!({"colour": 1}),
            json!({"attributes.": 1}),
            json!({"tool": {"like": "x"}}),
            json!({"tool": {"in": "x"}}),
            json!({"tool": {"exists": "yes"}}),
            json!({"tool": {"eq": "x".repeat(MOST_BYTES)}}),
        ] {
            assert_eq!(of(wrong.clone()).unwrap_err().field.as_deref(), Some("when"), "{wrong}");
        }
    }
}
