//! The values of an event's fields, each of its own type.

use std::fmt;

use athena_schemas::vocabulary::Outcome;
use serde::de::{self, DeserializeSeed, Deserializer, SeqAccess, Unexpected, Visitor};
use serde_json::value::RawValue;

/// Longest id, name or trace context, in bytes.
pub(crate) const NAME_BYTES: usize = 512;

/// A string or null.
#[derive(Clone, Copy)]
pub(super) struct Text {
    expected: &'static str,
    /// A name is short, and an empty one is none.
    name: bool,
    /// Whether an integer is taken for its digits.
    integers: bool,
}

/// What was said: kept as it is, empty or not.
pub(super) const CONTENT: Text = Text {
    expected: "a string (what is structured belongs into `attributes`)",
    name: false,
    integers: false,
};
/// A name, a source, a type.
pub(super) const NAME: Text = Text { expected: "a string", name: true, integers: false };
/// A name that some producers count.
pub(super) const IDENTIFIER: Text = Text { expected: "a string or an integer", name: true, integers: true };

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Option<String>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<String>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Text {
    type Value = Option<String>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<String>, E> {
        if self.name {
            return name(text).map_err(E::custom);
        }
        Ok(Some(text.to_owned()))
    }
    fn visit_unit<E: de::Error>(self) -> Result<Option<String>, E> {
        Ok(None)
    }
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Option<String>, E> {
        if !self.integers {
            return Err(E::invalid_type(Unexpected::Signed(value), &self));
        }
        Ok(Some(value.to_string()))
    }
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Option<String>, E> {
        if !self.integers {
            return Err(E::invalid_type(Unexpected::Unsigned(value), &self));
        }
        Ok(Some(value.to_string()))
    }
}

/// A name: none when empty.
///
/// # Errors
/// What is wrong with it: it is too long.
pub(super) fn name(text: &str) -> Result<Option<String>, String> {
    if text.len() > NAME_BYTES {
        return Err(format!("{} bytes, at most {NAME_BYTES}", text.len()));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// A word of the vocabulary, in any case, or null.
pub(super) struct OutcomeWord;

impl<'de> DeserializeSeed<'de> for OutcomeWord {
    type Value = Option<&'static str>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for OutcomeWord {
    type Value = Option<&'static str>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", Outcome::NAMES.join(", "))
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Outcome::parse(text).map(Some).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// A duration, rounded, or null.
pub(super) struct Milliseconds;

impl<'de> DeserializeSeed<'de> for Milliseconds {
    type Value = Option<i64>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Milliseconds {
    type Value = Option<i64>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of milliseconds, zero or more")
    }
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        i64::try_from(value).map(Some).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        if value < 0 { Err(E::invalid_value(Unexpected::Signed(value), &self)) } else { Ok(Some(value)) }
    }
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        let rounded = value.round();
        if (0.0..i64::MAX as f64).contains(&rounded) {
            Ok(Some(rounded as i64))
        } else {
            Err(E::invalid_value(Unexpected::Float(value), &self))
        }
    }
    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// An array of strings; a single string is an array of one, null none.
pub(super) struct Strings;

impl<'de> DeserializeSeed<'de> for Strings {
    type Value = Vec<String>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strings {
    type Value = Vec<String>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of strings")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(list)
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(vec![text.to_owned()])
    }
    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }
}

/// The text of an object as it stands; `None` of null.
pub(super) fn attributes<E: de::Error>(value: &RawValue) -> Result<Option<&str>, E> {
    let found = match value.get().as_bytes() {
        [b'{', ..] => return Ok(Some(value.get())),
        [b'n', ..] => return Ok(None),
        [b'[', ..] => Unexpected::Seq,
        [b'"', ..] => Unexpected::Other("string"),
        [b't' | b'f', ..] => Unexpected::Other("boolean"),
        _ => Unexpected::Other("number"),
    };
    Err(E::invalid_type(found, &"an object"))
}
