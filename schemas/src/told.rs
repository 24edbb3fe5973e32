//! What people said of the graph: the bodies of its records. Ingest writes them, runs and readers lay them over what is
//! learned.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Time, ids};

/// Kinds of records.
pub const ENTITY: &str = "entity";
pub const RELATION: &str = "relation";
pub const OBSERVATION: &str = "observation";
/// Partitions into communities that were asked for.
pub const PARTITION: &str = "partition";

/// What is told of an entity: the body of its record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    pub kind: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub attributes: Map<String, Value>,
    /// The entity that this one is.
    #[serde(default)]
    pub merged_into: Option<String>,
    /// It is not to be there, whatever is learned.
    #[serde(default)]
    pub gone: bool,
}

/// What is told of a relation: the body of its record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tied {
    pub from: String,
    pub to: String,
    pub kind: String,
    #[serde(default)]
    pub weight: Option<f64>,
    #[serde(default)]
    pub valid_from: Option<Time>,
    #[serde(default)]
    pub valid_until: Option<Time>,
    #[serde(default)]
    pub gone: bool,
}

/// What was observed of an entity: the body of its record; the text is the observation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Observed {
    pub entity: String,
    #[serde(default)]
    pub kind: Option<String>,
}

/// A partition that was asked for, and what came of it: the body of its record, and the command.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detected {
    pub resolution: f64,
    pub seed: u64,
    pub modularity: f64,
    /// Of the broadest level.
    pub communities: usize,
    pub levels: usize,
    pub entities: usize,
    pub relations: usize,
}

/// The id of the association of two, whichever is named first.
pub fn association_id(one: &str, other: &str) -> String {
    ids::short("assoc-", &[one.min(other), one.max(other)])
}
