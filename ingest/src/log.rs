//! The one way to write: a submission goes to the log, and its answer comes back from the tables.

use std::collections::BTreeMap;

use athena_schemas::tables::Event;
use athena_schemas::vocabulary::{COMMAND_PREFIX, COMMAND_SOURCE, Origin};
use athena_schemas::{Applied, Code, Error, Position, ids};
use serde_json::Value;
use tokio::sync::watch;

use crate::apply::{CAUSE, Said};
use crate::kafka::KafkaLog;
use crate::{Draft, EmbeddedLog};

/// Events through one door, to be appended in order.
#[derive(Debug, Clone)]
pub struct Submission {
    pub drafts: Vec<Draft>,
    pub actor: String,
    pub origin: Origin,
}

/// What became of a submission.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Receipt {
    /// Events appended; all that were sent, while `duplicates` is not known.
    pub accepted: u64,
    /// Events that were there already; `None` while `pending`.
    pub duplicates: Option<u64>,
    pub position: Position,
    /// Durable in Kafka, not yet in the tables.
    pub pending: bool,
}

/// An operation that changes state: decided by `apply` in the log's order.
#[derive(Debug, Clone)]
pub struct Command {
    /// `TOOL.OPERATION`, such as `memories.remember`.
    pub operation: String,
    /// The arguments, without those below.
    pub arguments: Value,
    pub project: String,
    pub session: Option<String>,
    pub agent: Option<String>,
    /// Makes the command idempotent.
    pub event_id: Option<String>,
    /// A digest of what the caller asked for, where the id does not follow from that: another thing under the same id
    /// is a conflict.
    pub asked: Option<String>,
    pub actor: String,
    /// Whether the caller may change what others wrote.
    pub admin: bool,
    pub origin: Origin,
    /// The triggers, rules and hooks that led to it, the first of them first.
    pub cause: Vec<String>,
}

/// What a command answered, and up to where the log must be applied to see its effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The result object, `position` included.
    pub result: Value,
    pub position: Position,
}

/// A handle on the log. Cheap to clone.
#[derive(Clone)]
pub enum Log {
    Embedded(EmbeddedLog),
    Kafka(KafkaLog),
}

impl Log {
    /// Appends events. Returns when they are durable (embedded: and visible; Kafka: and applied, or
    /// `pending` after the wait).
    ///
    /// # Errors
    /// `invalid_argument` for types that only commands have; `resource_exhausted` when the queue is
    /// full; `unavailable` when the log does not take writes.
    pub async fn append(&self, submission: Submission) -> Result<Receipt, Error> {
        let command = |draft: &Draft| draft.r#type.as_deref().is_some_and(|t| t.starts_with(COMMAND_PREFIX));
        if submission.drafts.iter().any(command) {
            return Err(Error::invalid("type", "types that begin with `athena.` are commands")
                .hint("call the operation instead"));
        }
        match self {
            Self::Embedded(log) => log.append(submission).await,
            Self::Kafka(log) => log.append(submission).await,
        }
    }

    /// Appends a command and waits for what it answered.
    ///
    /// # Errors
    /// What `apply` refused; `unavailable` with the position when the wait ran out: the write is
    /// durable all the same; `resource_exhausted` as above.
    pub async fn command(&self, command: Command) -> Result<Answer, Error> {
        match self {
            Self::Embedded(log) => log.command(command).await,
            Self::Kafka(log) => log.command(command).await,
        }
    }

    /// Events that wait to be written, and so many at most.
    pub fn waiting(&self) -> (usize, usize) {
        match self {
            Self::Embedded(log) => log.waiting(),
            Self::Kafka(log) => log.waiting(),
        }
    }

    /// Tells what is applied, after each commit that this process knows of.
    pub fn commits(&self) -> watch::Receiver<Applied> {
        match self {
            Self::Embedded(log) => log.commits(),
            Self::Kafka(log) => log.commits(),
        }
    }

    /// The events that are meant and that `found` has not; `None` where not all up to `target` are in memory.
    pub fn recent(
        &self,
        found: &Applied,
        target: &Position,
        is_meant: impl Fn(&Event) -> bool,
    ) -> Option<Vec<Event>> {
        match self {
            Self::Embedded(log) => log.recent(found, target, is_meant),
            // Others write there too.
            Self::Kafka(_) => None,
        }
    }

    /// Partitions of the log that do not go on in any process, and why.
    pub fn stopped(&self) -> BTreeMap<String, String> {
        match self {
            Self::Embedded(_) => BTreeMap::new(),
            Self::Kafka(log) => log.stopped(),
        }
    }
}

impl Command {
    /// One that stands alone: of no session, under no key, by somebody who changes nothing that others wrote, and led to
    /// by nothing.
    pub fn new(
        operation: impl Into<String>,
        arguments: Value,
        project: impl Into<String>,
        actor: impl Into<String>,
        origin: Origin,
    ) -> Self {
        Self {
            operation: operation.into(),
            arguments,
            project: project.into(),
            session: None,
            agent: None,
            event_id: None,
            asked: None,
            actor: actor.into(),
            admin: false,
            origin,
            cause: vec![],
        }
    }

    /// The command as an event of type `athena.TOOL.OPERATION`.
    pub(crate) fn into_draft(self) -> Draft {
        let envelope =
            crate::apply::Envelope { arguments: self.arguments, admin: self.admin, asked: self.asked };
        let mut envelope = serde_json::to_value(&envelope).expect("JSON values are JSON");
        if !self.cause.is_empty() {
            envelope[CAUSE] = self.cause.into();
        }
        let attributes = envelope.to_string();
        Draft {
            id: self.event_id,
            project: Some(self.project),
            session: self.session,
            agent: self.agent,
            source: Some(COMMAND_SOURCE.into()),
            r#type: Some(format!("{COMMAND_PREFIX}{}", self.operation)),
            attributes: Some(attributes),
            ..Draft::default()
        }
    }
}

/// By what a command is known if it came before.
pub(crate) struct Known {
    pub key: [u8; 16],
    pub said: Said,
}

impl Known {
    /// `None` when it named no id.
    pub(crate) fn of(draft: &Draft) -> Option<Self> {
        let (project, id) = (draft.project.as_deref()?, draft.id.as_deref()?);
        let said = Said { r#type: draft.r#type.clone()?, attributes: draft.attributes.clone() };
        Some(Self { key: ids::dedup(project, COMMAND_SOURCE, id), said })
    }
}

/// The answer of a result that was found.
pub(crate) fn answer(mut result: Value, position: Position) -> Result<Answer, Error> {
    let object = result
        .as_object_mut()
        .ok_or_else(|| Error::new(Code::Internal, "a command's result is not an object"))?;
    let at = serde_json::to_value(&position).map_err(|e| Error::internal(e.to_string()))?;
    object.insert("position".into(), at);
    Ok(Answer { result, position })
}
