//! An event between its bytes and its place in the log.

use athena_schemas::tables::Event;
use athena_schemas::vocabulary::{DEFAULT_PROJECT, DEFAULT_TYPE, Origin};
use athena_schemas::{Code, Error, Time, ids, position};

/// Bounds on one event.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one event, its envelope included.
    pub event_bytes: usize,
    /// Depth of nesting of JSON.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { event_bytes: 1 << 20, depth: 32 }
    }
}

/// An event as its producer told it. What is missing is filled in by its place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    pub id: Option<String>,
    pub time: Option<Time>,
    pub project: Option<String>,
    pub session: Option<String>,
    pub agent: Option<String>,
    pub source: Option<String>,
    pub r#type: Option<String>,
    pub tool: Option<String>,
    pub content: Option<String>,
    /// One of the vocabulary's outcomes.
    pub outcome: Option<&'static str>,
    pub files: Vec<String>,
    pub tags: Vec<String>,
    pub duration_ms: Option<i64>,
    pub parent: Option<String>,
    /// A JSON object as text.
    pub attributes: Option<String>,
    pub traceparent: Option<String>,
}

/// Why bytes are not an event. `field` is empty when the record as a whole is at fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Reject {
    pub code: Code,
    pub field: String,
    pub message: String,
    /// The project, when it could be read all the same.
    pub project: Option<String>,
}

impl Reject {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: Code::InvalidArgument, field: field.into(), message: message.into(), project: None }
    }
}

impl From<Reject> for Error {
    fn from(reject: Reject) -> Self {
        let field = Some(reject.field).filter(|field| !field.is_empty());
        Self { field, ..Self::new(reject.code, reject.message) }
    }
}

/// Where a record stands in the log, and through which door it came.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    pub topic: &'a str,
    /// The topic's number in packed positions.
    pub topic_number: u8,
    pub partition: i32,
    pub offset: i64,
    /// The log's time of the record.
    pub received_at: Time,
    pub actor: &'a str,
    pub origin: Origin,
}

impl Draft {
    /// The event at its place.
    ///
    /// # Errors
    /// Positions beyond what 4, 12 and 48 bits can number.
    pub fn place(self, place: &Place<'_>) -> Result<Event, Reject> {
        let position = position::pack(place.topic_number, place.partition, place.offset)
            .ok_or_else(|| Reject::new("", "more topics, partitions or offsets than positions can number"))?;
        let id = self.id.unwrap_or_else(|| ids::from_position(place.topic, place.partition, place.offset));
        let project = self.project.unwrap_or_else(|| DEFAULT_PROJECT.to_owned());
        let source = self.source.unwrap_or_default();
        Ok(Event {
            dedup: ids::dedup(&project, &source, &id),
            id,
            time: self.time.unwrap_or(place.received_at),
            received_at: place.received_at,
            project,
            session: self.session,
            agent: self.agent,
            source,
            r#type: self.r#type.unwrap_or_else(|| DEFAULT_TYPE.to_owned()),
            tool: self.tool,
            content: self.content,
            outcome: self.outcome.map(str::to_owned),
            files: self.files,
            tags: self.tags,
            duration_ms: self.duration_ms,
            parent: self.parent,
            attributes: self.attributes,
            traceparent: self.traceparent,
            actor: place.actor.to_owned(),
            origin: place.origin.name().to_owned(),
            result: None,
            changes: None,
            log_topic: place.topic.to_owned(),
            log_partition: place.partition,
            log_offset: place.offset,
            position,
        })
    }
}
