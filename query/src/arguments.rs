//! Arguments of clients, parsed: what is wrong is named, with what was probably meant.

use athena_schemas::Error;
use serde::de::DeserializeOwned;
use serde_json::Value;

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
pub fn object(bytes: &[u8]) -> Result<Value, Error> {
    if bytes.trim_ascii().is_empty() {
        return Ok(Value::Object(Default::default()));
    }
    match serde_json::from_slice(bytes) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(Error::invalid("", "the body is not a JSON object")),
        Err(error) => Err(Error::invalid("", format!("the body is not JSON: {error}"))),
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
        return Error::invalid(first, format!("unknown argument `{first}`")).hint(hint(names.collect()));
    }
    if message.starts_with("missing field") {
        return Error::invalid(first, format!("`{first}` is missing"));
    }
    let error = Error::invalid(blamed(value, message, fails).unwrap_or_default(), message);
    match message.starts_with("unknown variant") {
        true => error.hint(hint(names.collect())),
        false => error,
    }
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

    #[test]
    fn bodies_are_objects() {
        assert!(object(b" \n").unwrap().as_object().unwrap().is_empty());
        assert!(object(b"[1]").is_err());
        assert!(object(b"{\"a\":").unwrap_err().message.contains("line 1 column 5"));
    }

    #[test]
    fn names_far_from_all_have_no_nearest() {
        assert_eq!(nearest("sesion", ["query", "session"]), Some("session"));
        assert_eq!(nearest("Tag", ["tag"]), Some("tag"));
        assert_eq!(nearest("colour", ["query", "session"]), None);
    }
}
