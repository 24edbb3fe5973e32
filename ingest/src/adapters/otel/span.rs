//! A span as both encodings tell it.

use athena_schemas::Time;
use serde_json::{Map, Value};

use crate::{Limits, Reject};

pub(super) type Record = Map<String, Value>;

/// A span may be so many times as large as an event: its long texts are cut.
const RAW_SHARE: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Status {
    #[default]
    Unset,
    Ok,
    Error,
}

impl Status {
    pub(super) fn of(code: u64) -> Self {
        match code {
            1 => Self::Ok,
            2 => Self::Error,
            _ => Self::Unset,
        }
    }
}

/// Something that happened while a span was open.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Moment {
    pub name: String,
    pub attributes: Record,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Span {
    /// In hexadecimal digits, as `parent` and `trace`.
    pub id: String,
    pub trace: String,
    pub parent: Option<String>,
    pub flags: u8,
    pub name: String,
    /// Nanoseconds since 1970; 0 where it was not said.
    pub start: u64,
    pub end: u64,
    pub attributes: Record,
    pub moments: Vec<Moment>,
    pub status: Status,
    pub message: String,
}

/// Spans of one program.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub resource: Record,
    pub spans: Vec<Result<Span, Reject>>,
}

impl Span {
    /// The span, if it can be told from others.
    ///
    /// # Errors
    /// Ids of another length, or of zeros only.
    pub(super) fn checked(self) -> Result<Self, Reject> {
        let is_id = |text: &str, digits| {
            text.len() == digits
                && text.bytes().all(|byte| byte.is_ascii_hexdigit())
                && text.bytes().any(|byte| byte != b'0')
        };
        if !is_id(&self.trace, 32) {
            return Err(Reject::new("traceId", "a trace id has 16 bytes, not all zero"));
        }
        if !is_id(&self.id, 16) {
            return Err(Reject::new("spanId", "a span id has 8 bytes, not all zero"));
        }
        let parent = self.parent.filter(|parent| is_id(parent, 16));
        Ok(Self { parent, ..self })
    }

    /// Text of an attribute that is not empty.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        text(&self.attributes, key)
    }

    pub(super) fn is_gen_ai(&self) -> bool {
        self.attributes.keys().any(|key| key.starts_with("gen_ai."))
    }

    pub(super) fn started_at(&self) -> Option<Time> {
        time(self.start)
    }

    pub(super) fn ended_at(&self) -> Option<Time> {
        time(self.end)
    }

    pub(super) fn duration_ms(&self) -> Option<i64> {
        let nanoseconds = self.end.checked_sub(self.start).filter(|_| self.start > 0)?;
        i64::try_from(nanoseconds.div_ceil(1_000_000)).ok()
    }

    /// What an exception said, or the status.
    pub(super) fn failure(&self) -> Option<&str> {
        let raised = self.moments.iter().rev().find(|moment| moment.name == "exception");
        let said = raised.and_then(|moment| text(&moment.attributes, "exception.message"));
        said.or(Some(self.message.as_str())).filter(|message| !message.is_empty())
    }
}

pub(super) fn text<'r>(record: &'r Record, key: &str) -> Option<&'r str> {
    record.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn time(nanoseconds: u64) -> Option<Time> {
    let micros = i64::try_from(nanoseconds / 1_000).ok().filter(|micros| *micros > 0)?;
    Some(Time::from_micros(micros))
}

/// # Errors
/// A span that is too long.
pub(super) fn within(bytes: usize, limits: &Limits) -> Result<(), Reject> {
    let limit = limits.event_bytes.saturating_mul(RAW_SHARE);
    if bytes > limit {
        return Err(Reject::new("", format!("{bytes} bytes of a span, at most {limit}")));
    }
    Ok(())
}
