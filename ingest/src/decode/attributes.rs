//! What has no field of its own: one JSON object, as text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::object::clip;
use crate::{Limits, Reject};

/// The attributes given and the fields that events do not have, as one JSON object; `None` when there
/// are neither.
///
/// The given text is kept as it stands. A field whose name is taken, in the given object or by a field
/// before it, is kept as `NAME_2`, `NAME_3`, …: nothing is lost.
///
/// # Errors
/// JSON that readers of the column would refuse (too deep, a lone surrogate, a number beyond f64), by
/// the name of its field.
pub(super) fn merge(
    given: Option<&str>,
    unknown: Vec<(Cow<'_, str>, Cow<'_, str>)>,
    limits: &Limits,
) -> Result<Option<String>, Reject> {
    // The event's own object is the first level. That of the attributes is none, as what has no field of its
    // own stands in the event or there, and is the same.
    let depth = limits.depth.saturating_sub(1);
    if let Some(given) = given {
        check(given, depth + 1).map_err(|error| Reject::new("attributes", error))?;
    }
    for (name, value) in &unknown {
        check(value, depth).map_err(|error| Reject::new(clip(name, 64), error))?;
    }
    if unknown.is_empty() {
        return Ok(given.map(str::to_owned));
    }
    let mut taken = given.map(keys).unwrap_or_default();
    let size: usize = unknown.iter().map(|(name, value)| name.len() + value.len() + 6).sum();
    let mut out = String::with_capacity(size + given.map_or(2, str::len));
    match given.and_then(|text| text.trim_end().strip_suffix('}')) {
        Some(open) => out.push_str(open.trim_end()),
        None => out.push('{'),
    }
    for (name, value) in unknown {
        let name = take(name, &mut taken);
        if !out.ends_with('{') {
            out.push(',');
        }
        push_string(&mut out, &name);
        out.push(':');
        out.push_str(&value);
    }
    out.push('}');
    Ok(Some(out))
}

/// Appends a JSON string.
pub(super) fn push_string(out: &mut String, text: &str) {
    out.push_str(&serde_json::to_string(text).expect("a string is JSON"));
}

/// The name, or the first of `NAME_2`, `NAME_3`, … that is free; taken from now on. `taken` has the last
/// number tried for each name, so that many fields of one name cost no more than others.
fn take<'a>(name: Cow<'a, str>, taken: &mut HashMap<Cow<'a, str>, u64>) -> Cow<'a, str> {
    let Some(mut number) = taken.get(&name).copied() else {
        taken.insert(name.clone(), 1);
        return name;
    };
    let free = loop {
        number += 1;
        let numbered = Cow::Owned(format!("{name}_{number}"));
        if !taken.contains_key(&numbered) {
            break numbered;
        }
    };
    taken.insert(name, number);
    taken.insert(free.clone(), 1);
    free
}

/// The names in a JSON object.
fn keys<'a>(object: &str) -> HashMap<Cow<'a, str>, u64> {
    struct Keys;
    impl<'de> Visitor<'de> for Keys {
        type Value = Vec<String>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut names = Vec::new();
            while let Some((name, de::IgnoredAny)) = map.next_entry()? {
                names.push(name);
            }
            Ok(names)
        }
    }
    let names = serde_json::Deserializer::from_str(object).deserialize_map(Keys).unwrap_or_default();
    names.into_iter().map(|name| (Cow::Owned(name), 1)).collect()
}

/// Whether a JSON text can be read as values: `RawValue` alone passes over lone surrogates, numbers
/// beyond f64 and any depth.
fn check(json: &str, depth: usize) -> Result<(), String> {
    let mut reader = serde_json::Deserializer::from_str(json);
    Check(depth)
        .deserialize(&mut reader)
        .and_then(|()| reader.end())
        .map_err(|error| clip(&error.to_string(), 300).into_owned())
}

/// Reads a value of at most so many levels, and forgets it.
#[derive(Clone, Copy)]
struct Check(usize);

impl Check {
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        self.0.checked_sub(1).map(Self).ok_or_else(|| E::custom("nested too deeply"))
    }
}

impl<'de> DeserializeSeed<'de> for Check {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Check {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let deeper = self.deeper()?;
        while map.next_key_seed(deeper)?.is_some() {
            map.next_value_seed(deeper)?;
        }
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let deeper = self.deeper()?;
        while items.next_element_seed(deeper)?.is_some() {}
        Ok(())
    }
    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(
        given: Option<&str>,
        unknown: &[(&'static str, &'static str)],
    ) -> Result<Option<String>, Reject> {
        let unknown = unknown.iter().map(|&(name, value)| (Cow::from(name), Cow::from(value))).collect();
        merge(given, unknown, &Limits::default())
    }

    #[test]
    fn the_given_text_stands_and_nothing_is_lost() {
        let given = r#"{ "a" : 1.0, "a":2 }"#;
        assert_eq!(merged(None, &[]), Ok(None));
        assert_eq!(merged(Some(given), &[]), Ok(Some(given.to_owned())));
        assert_eq!(merged(Some("{ }"), &[("b", "[1]")]), Ok(Some(r#"{"b":[1]}"#.to_owned())));
        assert_eq!(
            merged(Some(given), &[("a", "3"), ("b", "4"), ("b", "5"), ("a_2", "6"), ("ä\"", "null")])
                .unwrap()
                .unwrap(),
            r#"{ "a" : 1.0, "a":2,"a_2":3,"b":4,"b_2":5,"a_2_2":6,"ä\"":null}"#
        );
    }

    #[test]
    fn what_readers_would_refuse_is_refused_here() {
        let deep = |levels| "[".repeat(levels) + &"]".repeat(levels);
        assert!(merged(None, &[("x", deep(31).leak())]).is_ok());
        for bad in [deep(32).leak(), deep(100_000).leak(), r#"{"k\ud800":1}"#, r#"["\udc00"]"#, "1e999"] {
            let reject = merged(None, &[("x", bad)]).unwrap_err();
            assert_eq!(reject.field, "x", "{bad:.20}");
        }
        assert_eq!(merged(Some(r#"{"a":"\ud83d"}"#), &[]).unwrap_err().field, "attributes");
    }

    /// A hundred thousand fields of one name would be quadratic if each probed from `_2` on.
    #[test]
    fn many_fields_of_one_name_cost_no_more_than_others() {
        let unknown = (0..100_000).map(|_| (Cow::from("x"), Cow::from("0"))).collect();
        let text = merge(None, unknown, &Limits::default()).unwrap().unwrap();
        assert!(text.ends_with(r#""x_100000":0}"#));
    }
}
