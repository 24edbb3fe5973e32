//! One JSON object of the wire into a draft: a single pass, fields in any order.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::attributes::push_string;
use super::value::{self, NAME_BYTES};
use crate::{Draft, Reject};

/// Longest message of a rejection, in bytes: a message may quote what was found.
const MESSAGE_BYTES: usize = 300;

/// The fields of an event, as CONTRACT.md names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Field {
    Id,
    Time,
    Project,
    Session,
    Agent,
    Source,
    Type,
    Tool,
    Content,
    Outcome,
    Files,
    Tags,
    DurationMs,
    Parent,
    Attributes,
    Traceparent,
}

impl Field {
    pub(super) const NAMES: [&'static str; 16] = [
        "id",
        "time",
        "project",
        "session",
        "agent",
        "source",
        "type",
        "tool",
        "content",
        "outcome",
        "files",
        "tags",
        "duration_ms",
        "parent",
        "attributes",
        "traceparent",
    ];

    pub(super) const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "id" => Self::Id,
            "time" => Self::Time,
            "project" => Self::Project,
            "session" => Self::Session,
            "agent" => Self::Agent,
            "source" => Self::Source,
            "type" => Self::Type,
            "tool" => Self::Tool,
            "content" => Self::Content,
            "outcome" => Self::Outcome,
            "files" => Self::Files,
            "tags" => Self::Tags,
            "duration_ms" => Self::DurationMs,
            "parent" => Self::Parent,
            "attributes" => Self::Attributes,
            "traceparent" => Self::Traceparent,
            _ => return None,
        })
    }

    /// The field in a set of fields.
    pub(super) const fn bit(self) -> u32 {
        1 << self as u8
    }
}

/// What one JSON object says of an event.
#[derive(Debug, Default)]
pub(super) struct Object<'a> {
    /// Everything but `attributes`.
    pub draft: Draft,
    /// The object given as `attributes`, as JSON.
    pub attributes: Option<&'a str>,
    /// Fields that events do not have, in order, each with its JSON.
    pub unknown: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    seen: u32,
    at: At,
}

/// The field being read: what a failure is about.
#[derive(Debug, Default, Clone, Copy)]
enum At {
    #[default]
    Object,
    Field(Field),
    /// The last of `unknown`.
    Unknown,
}

impl<'a> Object<'a> {
    /// Reads an object, every known field of its own type. Null and empty names count as not given.
    ///
    /// # Errors
    /// Text that is not one JSON object, fields of the wrong type or given twice: named, with what was
    /// found and expected.
    pub(super) fn parse(text: &'a str) -> Result<Self, Reject> {
        let mut object = Self::default();
        let mut json = serde_json::Deserializer::from_str(text);
        match Fill(&mut object).deserialize(&mut json).and_then(|()| json.end()) {
            Ok(()) => Ok(object),
            Err(error) => Err(object.refuse(&error)),
        }
    }

    /// Whether any of the fields was given, null included.
    pub(super) fn gives(&self, fields: &[Field]) -> bool {
        fields.iter().any(|field| self.seen & field.bit() != 0)
    }

    /// Takes an unknown field's JSON out.
    ///
    /// # Errors
    /// It was given twice.
    pub(super) fn take(&mut self, name: &str) -> Result<Option<Cow<'a, str>>, Reject> {
        let Some(at) = self.unknown.iter().position(|(unknown, _)| unknown == name) else { return Ok(None) };
        if self.unknown[at + 1..].iter().any(|(unknown, _)| unknown == name) {
            return Err(Reject::new(name, "given twice"));
        }
        Ok(Some(self.unknown.remove(at).1))
    }

    /// Takes an unknown field out that must be a string; null counts as not given.
    ///
    /// # Errors
    /// It is something else, or was given twice.
    pub(super) fn take_string(&mut self, name: &str) -> Result<Option<String>, Reject> {
        let Some(json) = self.take(name)? else { return Ok(None) };
        serde_json::from_str(&json)
            .map_err(|error| Reject::new(name, clip(&error.to_string(), MESSAGE_BYTES)))
    }

    /// Keeps a text that has no field of its own.
    pub(super) fn keep(&mut self, name: &'static str, text: &str) {
        let mut json = String::with_capacity(text.len() + 2);
        push_string(&mut json, text);
        self.unknown.push((Cow::Borrowed(name), Cow::Owned(json)));
    }

    /// Takes a text as content, or keeps it as `data` when there is content.
    pub(super) fn say(&mut self, text: String) {
        match self.draft.content {
            None => self.draft.content = Some(text),
            Some(_) => self.keep("data", &text),
        }
    }

    /// Takes over what `inner` says. Where both speak and differ, this object's word stands and the
    /// other is kept among the unknown.
    pub(super) fn adopt(&mut self, inner: Self) {
        let (outer, other) = (&mut self.draft, inner.draft);
        let mut both: Vec<(Field, String)> = Vec::new();
        for (field, ours, theirs) in [
            (Field::Id, &mut outer.id, other.id),
            (Field::Project, &mut outer.project, other.project),
            (Field::Session, &mut outer.session, other.session),
            (Field::Agent, &mut outer.agent, other.agent),
            (Field::Source, &mut outer.source, other.source),
            (Field::Type, &mut outer.r#type, other.r#type),
            (Field::Tool, &mut outer.tool, other.tool),
            (Field::Content, &mut outer.content, other.content),
            (Field::Parent, &mut outer.parent, other.parent),
            (Field::Traceparent, &mut outer.traceparent, other.traceparent),
        ] {
            if let Some(theirs) = keep_first(ours, theirs) {
                both.push((field, theirs));
            }
        }
        both.extend(keep_first(&mut outer.time, other.time).map(|time| (Field::Time, time.to_string())));
        both.extend(
            keep_first(&mut outer.outcome, other.outcome).map(|word| (Field::Outcome, word.to_owned())),
        );
        for (field, text) in both {
            self.keep(field.name(), &text);
        }
        if let Some(duration_ms) = keep_first(&mut self.draft.duration_ms, other.duration_ms) {
            self.unknown.push((Cow::Borrowed("duration_ms"), Cow::Owned(duration_ms.to_string())));
        }
        if let Some(attributes) = keep_first(&mut self.attributes, inner.attributes) {
            self.unknown.push((Cow::Borrowed("attributes"), Cow::Borrowed(attributes)));
        }
        self.draft.files.extend(other.files);
        self.draft.tags.extend(other.tags);
        self.unknown.extend(inner.unknown);
    }

    fn refuse(&self, error: &serde_json::Error) -> Reject {
        let field = match self.at {
            // The text ends too early: no field is at fault.
            _ if error.is_eof() => "",
            At::Object => "",
            At::Field(field) => field.name(),
            At::Unknown => self.unknown.last().map_or("", |(name, _)| name),
        };
        Reject::new(clip(field, NAME_BYTES), clip(&error.to_string(), MESSAGE_BYTES))
    }
}

/// Fills in what is missing; gives `second` back where there is another already.
fn keep_first<T: PartialEq>(first: &mut Option<T>, second: Option<T>) -> Option<T> {
    match first {
        None => {
            *first = second;
            None
        }
        Some(first) => second.filter(|second| second != first),
    }
}

/// At most so many bytes of a text, cut between characters, with a mark where it was cut.
pub(crate) fn clip(text: &str, bytes: usize) -> Cow<'_, str> {
    if text.len() <= bytes {
        return Cow::Borrowed(text);
    }
    // The end of a message has the line and column: the middle is what can be spared.
    let half = bytes / 2;
    let head = &text[..text.floor_char_boundary(half)];
    let tail = &text[text.ceil_char_boundary(text.len() - half)..];
    Cow::Owned(format!("{head}…{tail}"))
}

struct Fill<'o, 'a>(&'o mut Object<'a>);

impl<'de> DeserializeSeed<'de> for Fill<'_, 'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fill<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event: one JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let object = self.0;
        while let Some(key) = map.next_key_seed(KeySeed)? {
            match key {
                Key::Field(field) => {
                    object.at = At::Field(field);
                    if object.seen & field.bit() != 0 {
                        return Err(A::Error::custom("given twice"));
                    }
                    object.seen |= field.bit();
                    read(field, &mut map, object)?;
                }
                Key::Unknown(name) => {
                    object.at = At::Unknown;
                    object.unknown.push((name, Cow::Borrowed("")));
                    let value: &'de RawValue = map.next_value()?;
                    object.unknown.last_mut().expect("pushed above").1 = Cow::Borrowed(value.get());
                }
            }
            object.at = At::Object;
        }
        Ok(())
    }
}

fn read<'de, A: MapAccess<'de>>(field: Field, map: &mut A, object: &mut Object<'de>) -> Result<(), A::Error> {
    let draft = &mut object.draft;
    match field {
        Field::Id => draft.id = map.next_value_seed(value::IDENTIFIER)?,
        Field::Session => draft.session = map.next_value_seed(value::IDENTIFIER)?,
        Field::Parent => draft.parent = map.next_value_seed(value::IDENTIFIER)?,
        Field::Project => draft.project = map.next_value_seed(value::NAME)?,
        Field::Agent => draft.agent = map.next_value_seed(value::NAME)?,
        Field::Source => draft.source = map.next_value_seed(value::NAME)?,
        Field::Type => draft.r#type = map.next_value_seed(value::NAME)?,
        Field::Tool => draft.tool = map.next_value_seed(value::NAME)?,
        Field::Traceparent => draft.traceparent = map.next_value_seed(value::NAME)?,
        Field::Content => draft.content = map.next_value_seed(value::CONTENT)?,
        Field::Time => draft.time = map.next_value()?,
        Field::Outcome => draft.outcome = map.next_value_seed(value::OutcomeWord)?,
        Field::DurationMs => draft.duration_ms = map.next_value_seed(value::Milliseconds)?,
        Field::Files => draft.files = map.next_value_seed(value::Strings)?,
        Field::Tags => draft.tags = map.next_value_seed(value::Strings)?,
        Field::Attributes => object.attributes = value::attributes(map.next_value()?)?,
    }
    Ok(())
}

enum Key<'a> {
    Field(Field),
    Unknown(Cow<'a, str>),
}

struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key<'de>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Key<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }
    fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<Key<'de>, E> {
        Ok(Field::parse(name).map_or(Key::Unknown(Cow::Borrowed(name)), Key::Field))
    }
    fn visit_str<E: de::Error>(self, name: &str) -> Result<Key<'de>, E> {
        Ok(Field::parse(name).map_or_else(|| Key::Unknown(Cow::Owned(name.to_owned())), Key::Field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_fields_agree() {
        for (index, name) in Field::NAMES.into_iter().enumerate() {
            let field = Field::parse(name).unwrap();
            assert_eq!((field as usize, field.name()), (index, name));
        }
        assert_eq!(Field::parse("Content"), None);
    }

    #[test]
    fn a_clipped_text_keeps_both_ends_whole() {
        assert_eq!(clip("short", 10), "short");
        assert_eq!(clip("ääääääääää", 7), "ä…ä");
    }
}
