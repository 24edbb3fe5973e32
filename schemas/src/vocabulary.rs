//! The closed and open word lists of events.

use serde::{Deserialize, Serialize};

use crate::sealed::DATA_KEY;

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Success,
    Failure,
    Partial,
    Ongoing,
    Aborted,
    Unknown,
    Skipped,
}

impl Outcome {
    pub const NAMES: [&'static str; 7] =
        ["success", "failure", "partial", "ongoing", "aborted", "unknown", "skipped"];

    pub fn parse(text: &str) -> Option<&'static str> {
        Self::NAMES.into_iter().find(|name| name.eq_ignore_ascii_case(text))
    }
}

/// Event types that Athena knows. Others are kept and searchable all the same.
pub const EVENT_TYPES: [&str; 25] = [
    "message",
    "tool_call",
    "tool_result",
    "action",
    "decision",
    "error",
    "success",
    "file_change",
    "code_edit",
    "symbol_lookup",
    "refactoring",
    "test_run",
    "build",
    "deployment",
    "commit",
    "code_review",
    "debugging",
    "performance_profile",
    "dependency_change",
    "merge_conflict",
    "plan",
    "observation",
    "session_start",
    "session_end",
    "feedback",
];

/// The type of a plain event that does not say.
pub const DEFAULT_TYPE: &str = "observation";

/// The project of what does not name one.
pub const DEFAULT_PROJECT: &str = "default";

/// Types that begin so are commands, which only Athena's own producer may write.
pub const COMMAND_PREFIX: &str = "athena.";

/// The source of commands: Athena itself.
pub const COMMAND_SOURCE: &str = "athena";

/// Through which door an event came. Set by Athena, never by the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    Http,
    Mcp,
    Cli,
    Kafka,
    Import,
    Hook,
}

impl Origin {
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Http, Self::Mcp, Self::Cli, Self::Kafka, Self::Import, Self::Hook]
            .into_iter()
            .find(|origin| origin.name() == text)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Mcp => "mcp",
            Self::Cli => "cli",
            Self::Kafka => "kafka",
            Self::Import => "import",
            Self::Hook => "hook",
        }
    }
}

/// The door of an event that was purged: nothing is left of it but its place.
pub const FORGOTTEN: &str = "forgotten";

/// The kind of a row of `forgotten` that names rows of several tables, of which a masked version takes the place.
pub const REDACTION: &str = "redaction";

/// Whether a row of `forgotten` of this kind names rows of several tables by id and position: what was redacted, or keys of
/// the data as an older master key wraps them. Another version of each takes their place.
pub fn names_versions(kind: &str) -> bool {
    kind == REDACTION || kind == DATA_KEY
}

/// Topics of the log.
pub const EVENTS_TOPIC: &str = "athena.events";
pub const COMMANDS_TOPIC: &str = "athena.commands";
pub const DEAD_LETTERS_TOPIC: &str = "athena.dead-letters";
/// The one topic, of one partition, of the embedded log.
pub const LOCAL_TOPIC: &str = "local";

/// The text by which an event is found; commands have none: what they did is in the tables that they
/// changed. What has no content is found by what else its producer said.
pub fn text_of(event_type: &str, content: Option<String>, attributes: Option<String>) -> Option<String> {
    let command = event_type.starts_with(COMMAND_PREFIX);
    (!command).then(|| content.or(attributes).unwrap_or_default())
}
