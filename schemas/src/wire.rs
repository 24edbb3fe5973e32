//! What clients send and get over HTTP and the command line (MCP carries the same).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{Code, Error, Position, Time};

/// Answer of `POST /v1/events`, once durable.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Accepted {
    pub accepted: u64,
    /// Null while `pending`: duplicates are known when the log is applied.
    pub duplicates: Option<u64>,
    pub rejected: Vec<Rejected>,
    /// The next offsets after what was accepted: what to pass as `after` to read it.
    pub position: Position,
    /// Whether the write is durable in Kafka but not yet applied to the tables.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    pub project: String,
}

/// An event that was not taken, and why; its neighbours were.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rejected {
    /// Place in the request, from 0; line of a file, from 0.
    pub index: u64,
    pub code: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    pub message: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    #[default]
    Hybrid,
    Text,
    Vector,
    Graph,
}

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Event,
    Memory,
    Fact,
    Procedure,
    Entity,
    Community,
    Note,
    Task,
    Symbol,
    Episode,
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::Event,
        Self::Memory,
        Self::Fact,
        Self::Procedure,
        Self::Entity,
        Self::Community,
        Self::Note,
        Self::Task,
        Self::Symbol,
        Self::Episode,
    ];

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Memory => "memory",
            Self::Fact => "fact",
            Self::Procedure => "procedure",
            Self::Entity => "entity",
            Self::Community => "community",
            Self::Note => "note",
            Self::Task => "task",
            Self::Symbol => "symbol",
            Self::Episode => "episode",
        }
    }
}

/// Body of `POST /v1/search`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Search {
    pub query: String,
    /// How many hits, 1 to 1000; 10 when not said.
    #[serde(default, alias = "limit", skip_serializing_if = "Option::is_none")]
    pub k: Option<usize>,
    /// Only these kinds; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Kind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// A file or folder that the hit touches or lies below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// From this time on: RFC 3339, or an age such as `2h` or `7d`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    #[serde(default)]
    pub mode: Mode,
    /// A position that the answer must have applied; waited for up to `after_timeout_ms`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Position>,
    /// Milliseconds after which the answer is what words alone find; `deadline` in `degraded` says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_ms: Option<u64>,
    #[serde(default)]
    pub explain: bool,
    /// Orders hits by these instead of the ranker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Weights>,
    /// From 0, as they are, to 1: how much a hit that says what one before it says stands back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diversity: Option<f64>,
    /// Whether what is asked and answered is kept to learn from; true when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<bool>,
}

/// What the order of hits is made of: each is taken from 0 to 1 within the candidates, and their weighted mean is the
/// score. What is left out does not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// How well it matches by words.
    pub text: f64,
    /// How like it is by meaning.
    pub vector: f64,
    /// How near it is to what the question names, in the graph.
    pub graph: f64,
    /// How new it is.
    pub recency: f64,
    /// What was told of its importance, and whether it was useful.
    pub importance: f64,
}

impl Weights {
    /// # Errors
    /// Weights that are none, or that leave nothing to order by.
    pub fn check(&self) -> Result<(), Error> {
        let all = [self.text, self.vector, self.graph, self.recency, self.importance];
        if all.iter().all(|weight| weight.is_finite() && *weight >= 0.0) && all.iter().sum::<f64>() > 0.0 {
            return Ok(());
        }
        Err(Error::invalid("weights", "weights are numbers from 0 on, and one of them at least is more"))
    }
}

/// Answer of `POST /v1/search`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Found {
    pub hits: Vec<Hit>,
    pub took_ms: f64,
    /// What the answer had to do without, such as `behind` or `text_index_rebuilding`; empty when whole.
    pub degraded: Vec<String>,
    /// Up to where in the log the answer knows.
    pub position: Position,
    pub projects: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Hit {
    pub id: String,
    pub kind: Kind,
    /// Comparable within one answer only.
    pub score: f64,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub content: String,
    pub time: Time,
    pub project: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Ids of the events that it rests on.
    pub sources: Vec<String>,
    /// What the score is made of; with `explain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<BTreeMap<String, f64>>,
}

/// Body of `POST /v1/sql`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sql {
    pub sql: String,
    /// Values for `$1`, `$2`, …
    #[serde(default)]
    pub params: Vec<serde_json::Value>,
    /// Rows as they were known then: RFC 3339 or a position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<serde_json::Value>,
    /// At most this many rows; the server's limit when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<String>,
}

/// Answer of `POST /v1/sql` as JSON.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Rows {
    pub columns: Vec<ColumnType>,
    pub rows: Vec<Vec<serde_json::Value>>,
    /// Whether there were more rows than the limit.
    pub truncated: bool,
    pub took_ms: f64,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ColumnType {
    pub name: String,
    #[serde(rename = "type")]
    pub data_type: String,
}

/// A command as it stands in the log: `athena.memories.remember` with its arguments.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Command<'a> {
    /// `TOOL.OPERATION`.
    pub operation: String,
    #[serde(borrow)]
    pub arguments: &'a RawValue,
}
