//! Arguments of clients, parsed: what is wrong is named, with what was probably meant.

mod once;

use std::collections::VecDeque;

use athena_schemas::Error;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Objects in the arguments that are looked at for what is wrong, and items of each list.
const MOST_OBJECTS: usize = 100;

/// An object as `T`.
///
/// # Errors
/// `invalid_argument` that names the field: an unknown one with the nearest known, a missing one, or the
/// one whose value does not fit.
pub fn parse<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    T::deserialize(value).map_err(|error| {
        let fails = |value: &Value| T::deserialize(value).err().map(|error| error.to_string());
        explain(value, &error.to_string(), fails)
    })
}

/// The same of bytes.
///
/// # Errors
/// As `parse`; bytes that are not JSON, by line and column.
pub fn parse_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    parse(&object(bytes)?)
}

/// A JSON object; nothing is the empty one.
///
/// # Errors
/// `invalid_argument`: what is no object, or has a name twice.
pub fn object(bytes: &[u8]) -> Result<Value, Error> {
    if bytes.trim_ascii().is_empty() {
        return Ok(Value::Object(Default::default()));
    }
    match serde_json::from_slice::<once::Once>(bytes).map(|once::Once(value)| value) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(Error::invalid("", "the body is not a JSON object")),
        Err(error) => Err(match once::twice(&error.to_string()) {
            Some(name) => Error::invalid(name, "given twice"),
            None => Error::invalid("", format!("the body is not JSON: {error}")),
        }),
    }
}

/// The known name that is nearest to a mistaken one, unless none is near.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let far = (name.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|one| (strsim::damerau_levenshtein(&name.to_lowercase(), &one.to_lowercase()), one))
        .filter(|(distance, _)| *distance <= far)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, one)| one)
}

/// Serde says what is wrong in a sentence with names in backticks.
fn explain(value: &Value, message: &str, fails: impl Fn(&Value) -> Option<String>) -> Error {
    let mut names = message.split('`').skip(1).step_by(2);
    let first = names.next().unwrap_or_default();
    let hint = |known: Vec<&str>| match nearest(first, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known are {}", known.join(", ")),
    };
    if message.starts_with("unknown field") {
        let path = place(value, (first, false), message, &fails);
        return Error::invalid(&path, format!("unknown argument `{path}`")).hint(hint(names.collect()));
    }
    if message.starts_with("missing field") {
        let path = place(value, (first, true), message, &fails);
        return Error::invalid(&path, format!("`{path}` is missing"));
    }
    let error = Error::invalid(blamed(value, message, fails).unwrap_or_default(), in_plain_words(message));
    match message.starts_with("unknown variant") {
        true => error.hint(hint(names.collect())),
        false => error,
    }
}

/// Where a field is missing, or should not be, such as `measure.what` or `then[0].call`: in the object with which another
/// error comes once it is there, or is not.
fn place(
    value: &Value,
    (name, missing): (&str, bool),
    message: &str,
    fails: &impl Fn(&Value) -> Option<String>,
) -> String {
    let unknown = format!("unknown field `{name}`");
    let is_there = |(pointer, _): &(String, String)| {
        let mut changed = value.clone();
        let Some(Value::Object(fields)) = changed.pointer_mut(pointer) else { return false };
        let before = match missing {
            true => fields.insert(name.to_owned(), Value::Null),
            false => fields.shift_remove(name),
        };
        let error = fails(&changed);
        let error = error.as_deref().unwrap_or_default();
        before.is_none() == missing && error != message && !(missing && error.starts_with(&unknown))
    };
    let found = objects(value).into_iter().find(is_there);
    let within = found.map(|(_, path)| path).filter(|path| !path.is_empty());
    within.map_or_else(|| name.to_owned(), |path| format!("{path}.{name}"))
}

/// The objects in a value, the whole first: where each is as JSON says it, and as it is told.
fn objects(value: &Value) -> Vec<(String, String)> {
    let (mut found, mut left) = (Vec::new(), VecDeque::from([(String::new(), String::new(), value)]));
    while let Some((pointer, path, value)) = left.pop_front() {
        match value {
            Value::Object(fields) if found.len() < MOST_OBJECTS => {
                for (name, one) in fields {
                    let escaped = name.replace('~', "~0").replace('/', "~1");
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    left.push_back((format!("{pointer}/{escaped}"), path, one));
                }
                found.push((pointer, path));
            }
            Value::Array(all) => {
                let all = all.iter().enumerate().take(MOST_OBJECTS);
                left.extend(all.map(|(at, one)| (format!("{pointer}/{at}"), format!("{path}[{at}]"), one)));
            }
            _ => {}
        }
    }
    found
}

/// Names of types in the words of those who give values.
fn in_plain_words(message: &str) -> String {
    let Some((given, wanted)) = message.split_once(", expected ") else { return message.to_owned() };
    let words = match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number from 0 on",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "string or map" | "a string" | "str" => "a text",
        "a sequence" => "a list",
        "a map" => "an object",
        wanted if wanted.starts_with("struct ") => "an object",
        wanted => wanted,
    };
    format!("{given}, expected {words}")
}

/// The field without which the error goes away.
fn blamed(value: &Value, message: &str, fails: impl Fn(&Value) -> Option<String>) -> Option<String> {
    let fields = value.as_object()?;
    let guilty = |name: &&String| {
        let mut without = fields.clone();
        without.shift_remove(name.as_str());
        fails(&Value::Object(without)).as_deref() != Some(message)
    };
    fields.keys().find(guilty).cloned()
}

#[cfg(test)]
mod tests {
    use athena_schemas::wire::Search;
    use serde_json::json;

    use super::*;

    fn wrong(value: Value) -> (String, String) {
        let error = parse::<Search>(&value).unwrap_err();
        (error.field.clone().unwrap_or_default(), error.to_string())
    }

    #[test]
    fn what_is_wrong_is_named_with_what_was_meant() {
        let (field, text) = wrong(json!({"query": "x", "projekt": "shop"}));
        assert_eq!(field, "projekt");
        assert!(text.contains("did you mean `project`?"), "{text}");
        let (field, text) = wrong(json!({"query": "x", "colour": 1}));
        assert_eq!(field, "colour");
        assert!(text.contains("known are query, k"), "{text}");
        assert_eq!(wrong(json!({"k": 3})).0, "query");
        assert_eq!(wrong(json!({"query": "x", "k": "ten", "explain": true})).0, "k");
        assert_eq!(wrong(json!({"query": "x", "after": {"t": {"zero": 1}}})).0, "after");
        let (field, text) = wrong(json!({"query": "x", "mode": "hybird"}));
        assert_eq!(field, "mode");
        assert!(text.contains("did you mean `hybrid`?"), "{text}");
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only their names are asked")]
    struct Outer {
        title: String,
        measure: Option<Inner>,
        #[serde(default)]
        all: Vec<Inner>,
        #[serde(default)]
        free: serde_json::Map<String, Value>,
        level: Option<u8>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only their names are asked")]
    struct Inner {
        what: String,
    }

    #[test]
    fn what_is_wrong_within_is_named_with_where() {
        let wrong = |value: Value| parse::<Outer>(&value).unwrap_err();
        for (given, field) in [
            (json!({"title": "x", "measure": {}}), "measure.what"),
            (json!({"title": "x", "free": {}, "measure": {"waht": 1}}), "measure.waht"),
            (json!({"title": "x", "free": {"a": {}}, "all": [{"what": "y"}, {}]}), "all[1].what"),
            (json!({"measure": {"what": "y"}, "free": {}}), "title"),
            (json!({"title": "x", "measure": 5}), "measure"),
            (json!({"title": "x", "what": "y"}), "what"),
        ] {
            assert_eq!(wrong(given.clone()).field.as_deref(), Some(field), "{given}");
        }
        assert!(wrong(json!({"title": "x", "measure": 5})).message.ends_with("expected an object"));
        assert!(wrong(json!({"title": "x", "level": -1})).message.ends_with("a whole number from 0 on"));
        assert!(wrong(json!({"title": "x", "all": "y"})).message.ends_with("expected a list"));
    }

    #[test]
    fn bodies_are_objects() {
        assert!(object(b" \n").unwrap().as_object().unwrap().is_empty());
        assert!(object(b"[1]").is_err());
        for body in [r#"{"a":1,"a":1}"#, r#"{"b":[{"a":1,"c":2,"a":null}]}"#] {
            let error = object(body.as_bytes()).unwrap_err();
            assert_eq!(
                (error.field.as_deref(), error.message.as_str()),
                (Some("a"), "given twice"),
                "{body}"
            );
        }
        assert_eq!(object(br#"{"a":{"b":1},"b":[1,-2,0.5,null,true,"x"]}"#).unwrap()["b"][2], 0.5);
        assert!(object(b"{\"a\":").unwrap_err().message.contains("line 1 column 5"));
    }

    #[test]
    fn names_far_from_all_have_no_nearest() {
        assert_eq!(nearest("sesion", ["query", "session"]), Some("session"));
        assert_eq!(nearest("Tag", ["tag"]), Some("tag"));
        assert_eq!(nearest("colour", ["query", "session"]), None);
    }
}
