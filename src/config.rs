//! What is in force: the settings of `athena.toml`, typed.
//!
//! The file at the root of the repository is inside the binary and is the reference: it names every
//! setting, gives its default, and is what other files are checked against.

mod resolve;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use athena_query::InForce;
use athena_query::sealing;
use serde::Deserialize;

pub use resolve::{Flag, Resolved, Source, resolve};

/// The reference.
pub const REFERENCE: &str = include_str!("../athena.toml");

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub data: Data,
    pub client: Client,
    pub server: Server,
    pub mcp: Mcp,
    pub kafka: Kafka,
    pub ingest: Ingest,
    pub limits: Limits,
    pub search: Search,
    pub embed: Embed,
    pub llm: Llm,
    pub estimation: Estimation,
    pub encryption: Encryption,
    pub sql: Sql,
    pub code: Code,
    pub consolidate: Consolidate,
    pub forget: Forget,
    pub automation: Automation,
    pub maintenance: Maintenance,
    pub log: Log,
    /// Every setting with its source, to be told.
    #[serde(skip)]
    pub in_force: Arc<[InForce]>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    pub dir: String,
    pub index_cache_bytes: usize,
    pub metadata_cache_bytes: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    pub server: String,
    pub token: String,
    pub project: String,
    pub timeout_ms: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: String,
    pub tokens: String,
    pub admin_token: String,
    pub request_bytes: usize,
    pub request_timeout_ms: u64,
    pub concurrency: usize,
    pub token_requests_per_s: u32,
    pub after_timeout_ms: u64,
    pub stop_timeout_ms: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mcp {
    pub conformance: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kafka {
    pub bootstrap: String,
    pub events_topics: Vec<String>,
    pub commands_topic: String,
    pub dead_letters_topic: String,
    pub group: String,
    pub applied_timeout_ms: u64,
    pub client: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ingest {
    pub batch_rows: usize,
    pub batch_bytes: usize,
    pub batch_age_ms: u64,
    pub queue_rows: usize,
    pub dedup_window: usize,
    pub state_rows: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub event_bytes: usize,
    pub depth: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    pub index_dir: String,
    pub writer_memory_bytes: usize,
    pub default_k: usize,
    pub max_k: usize,
    pub ranker: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Embed {
    pub model: EmbedModel,
    pub folder: String,
    pub url: String,
    pub name: String,
    pub dimensions: usize,
    pub api_key_env: String,
    pub chunk_tokens: usize,
    pub batch: usize,
    pub concurrency: usize,
    pub timeout_ms: u64,
    pub tries: u32,
    pub question_timeout_ms: u64,
    pub cache_bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EmbedModel {
    Builtin,
    Transformer,
    Endpoint,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Llm {
    pub provider: LlmProvider,
    pub url: String,
    pub model: String,
    pub api_key_env: String,
    pub timeout_ms: u64,
    pub tries: u32,
    pub concurrency: usize,
    pub max_tokens: u32,
    pub budget_tokens_per_hour: u64,
    pub budget_tokens_per_day: u64,
    pub cache_bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LlmProvider {
    Off,
    Openai,
    Anthropic,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimation {
    pub prices: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Encryption {
    pub key_file: String,
    pub key_env: String,
    pub key_command: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sql {
    pub memory_bytes: usize,
    pub timeout_ms: u64,
    pub max_rows: usize,
    pub partitions: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    pub roots: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consolidate {
    pub every_s: u64,
    pub after_events: u64,
    pub idle_gap_s: u64,
    pub graph_cache_bytes: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forget {
    pub grace_s: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Automation {
    pub enabled: bool,
    pub concurrency: usize,
    pub per_minute: u32,
    pub catch_up_most: usize,
    pub look_back_s: u64,
    pub lease_s: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Maintenance {
    pub every_ms: u64,
    pub tier_rows: Vec<usize>,
    pub min_files: usize,
    pub step_files: usize,
    pub version_retention_ms: u64,
    pub cleanup_every_ms: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub level: String,
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

impl Client {
    pub fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }
}

impl Sql {
    pub fn partitions(&self) -> usize {
        match self.partitions {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            given => given,
        }
    }
}

impl Config {
    /// The file of tokens; `None` on a bucket when the configuration names none.
    pub fn tokens(&self) -> Option<PathBuf> {
        match self.server.tokens.as_str() {
            "" if self.data.dir.contains("://") => None,
            "" => Some(PathBuf::from(&self.data.dir).join("tokens.json")),
            path => Some(path.into()),
        }
    }

    /// Where master keys come from.
    ///
    /// # Errors
    /// More than one place.
    pub fn keys(&self) -> anyhow::Result<sealing::Source> {
        let encryption = &self.encryption;
        let given = [&encryption.key_file, &encryption.key_env, &encryption.key_command];
        if given.iter().filter(|setting| !setting.is_empty()).count() > 1 {
            anyhow::bail!("encryption: give one of key_file, key_env and key_command");
        }
        Ok(match given.map(String::as_str) {
            ["", "", ""] if self.data.dir.contains("://") => sealing::Source::None,
            ["", "", ""] => sealing::Source::Beside(PathBuf::from(&self.data.dir).join("encryption.key")),
            ["", "", command] => sealing::Source::Command(command.to_owned()),
            ["", name, _] => sealing::Source::Variable(name.to_owned()),
            [path, ..] => sealing::Source::File(path.into()),
        })
    }
}
