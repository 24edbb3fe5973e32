//! Instants: UTC microseconds since 1970, from year 1 to year 9999.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An instant in UTC microseconds. Printed and parsed as RFC 3339.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z: what RFC 3339 can write.
const FIRST: i64 = -62_135_596_800_000_000;
const LAST: i64 = 253_402_300_799_999_999;

impl Time {
    /// The instant, brought into the years 1 to 9999.
    pub const fn from_micros(micros: i64) -> Self {
        if micros < FIRST {
            Self(FIRST)
        } else if micros > LAST {
            Self(LAST)
        } else {
            Self(micros)
        }
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    pub fn now() -> Self {
        Self::from_micros(Utc::now().timestamp_micros())
    }

    /// RFC 3339 text.
    pub fn parse(text: &str) -> Option<Self> {
        let at = DateTime::parse_from_rfc3339(text).ok()?.timestamp_micros();
        (FIRST..=LAST).contains(&at).then_some(Self(at))
    }

    /// A Unix time whose unit is told by its magnitude: seconds, ms, µs or ns. The bounds are the
    /// values that would be after the year 5138 in the next smaller unit's reading.
    pub fn from_unix(value: f64) -> Option<Self> {
        let size = value.abs();
        let micros = match size {
            _ if !size.is_finite() => return None,
            _ if size < 1e11 => value * 1e6,
            _ if size < 1e14 => value * 1e3,
            _ if size < 1e17 => value,
            _ => value / 1e3,
        };
        let micros = micros.round();
        ((FIRST as f64)..=(LAST as f64)).contains(&micros).then_some(Self(micros as i64))
    }

    /// The same by integers, exact to the microsecond.
    pub fn from_unix_integer(value: i64) -> Option<Self> {
        let micros = match value.unsigned_abs() {
            0..100_000_000_000 => value * 1_000_000,
            100_000_000_000..100_000_000_000_000 => value * 1_000,
            100_000_000_000_000..100_000_000_000_000_000 => value,
            _ => value / 1_000,
        };
        (FIRST..=LAST).contains(&micros).then_some(Self(micros))
    }

    /// This instant moved by so many microseconds, kept within bounds.
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self::from_micros(self.0.saturating_add(micros))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = DateTime::from_timestamp_micros(self.0).unwrap_or_default();
        f.write_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Time;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time: RFC 3339 such as 2026-11-23T10:00:00Z, or a Unix time in s, ms, µs or ns, within the years 1 to 9999")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Time, E> {
                Time::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Time, E> {
                Time::from_unix_integer(value)
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Signed(value), &self))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Time, E> {
                i64::try_from(value)
                    .ok()
                    .and_then(Time::from_unix_integer)
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Unsigned(value), &self))
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Time, E> {
                Time::from_unix(value).ok_or_else(|| E::invalid_value(de::Unexpected::Float(value), &self))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl schemars::JsonSchema for Time {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Time".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": ["string", "number"],
            "description": "RFC 3339, or a Unix time in seconds, ms, µs or ns by magnitude",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_instant_in_every_unit() {
        let expected = Time::parse("2026-11-23T10:00:00Z").unwrap();
        assert_eq!(Time::parse("2026-11-23T11:00:00+01:00"), Some(expected));
        for value in [1_795_428_000, 1_795_428_000_000, 1_795_428_000_000_000, 1_795_428_000_000_000_000] {
            assert_eq!(Time::from_unix_integer(value), Some(expected), "{value}");
            assert_eq!(Time::from_unix(value as f64), Some(expected), "{value}");
        }
        assert_eq!(expected.to_string(), "2026-11-23T10:00:00Z");
    }

    #[test]
    fn years_outside_rfc_3339_are_refused() {
        assert_eq!(Time::parse("0000-01-01T00:00:00Z"), None);
        assert_eq!(Time::parse("+300000-01-01T00:00:00Z"), None);
        assert_eq!(Time::from_unix(f64::NAN), None);
        assert!(Time::from_unix_integer(i64::MAX).is_some_and(|t| t.to_string().starts_with("2262")));
    }
}
