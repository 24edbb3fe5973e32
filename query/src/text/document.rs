//! What the index is told: documents, keys and what has been applied.

use std::collections::BTreeMap;

use athena_schemas::wire::{Hit, Kind};
use athena_schemas::{Applied, Time, ids};
use serde::{Deserialize, Serialize};

use super::mentions::{Entity, EntityKind, mentions};

/// Bytes of a content that the index keeps for showing; all of it is searchable, the rest is in the table.
pub const SHOWN_BYTES: usize = 16 * 1024;
/// Files of a document that the index keeps for showing; all of them filter.
const SHOWN_FILES: usize = 20;

/// Something to be found. `content` is its text; the rest filters, is shown, or is searchable in passing.
#[derive(Debug, Clone)]
pub struct Document {
    pub kind: Kind,
    pub id: String,
    pub project: String,
    pub session: Option<String>,
    pub agent: Option<String>,
    pub event_type: Option<String>,
    pub tool: Option<String>,
    pub outcome: Option<String>,
    /// Id of the event that it came of.
    pub parent: Option<String>,
    pub files: Vec<String>,
    pub tags: Vec<String>,
    pub time: Time,
    pub name: Option<String>,
    pub aliases: Vec<String>,
    pub content: String,
    /// Places that it is seen from, by what asks from somewhere; everywhere when empty.
    pub scope: Vec<String>,
    /// From when, and until when (exclusive), it holds.
    pub valid: (Option<Time>, Option<Time>),
    /// Whether another took its place.
    pub superseded: bool,
    /// The row's place in the log, packed; what tells events apart.
    pub position: u64,
    /// Ids of the events that it rests on.
    pub sources: Vec<String>,
}

/// Which document. Events are never changed, so their position is enough; others are by kind and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    Event { position: u64 },
    Item { kind: Kind, project: String, id: String },
}

/// A step of the index, made in one commit: removals first, then additions, which replace documents of
/// the same key unless they are events.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub add: Vec<Document>,
    pub remove: Vec<Key>,
}

/// Where the index stands: kept with each commit, and nowhere else.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Payload {
    pub applied: Applied,
    /// For each followed table the largest fragment id seen.
    pub last_fragment: BTreeMap<String, Option<u64>>,
    /// The newest purge of the tables since which no file has anything of what was removed.
    #[serde(default)]
    pub expunged_at: Option<Time>,
}

impl Document {
    pub fn key(&self) -> Key {
        match self.kind {
            Kind::Event => Key::Event { position: self.position },
            kind => Key::Item { kind, project: self.project.clone(), id: self.id.clone() },
        }
    }

    /// What is searchable besides the content: who, when, with what, on what, under which name.
    pub(super) fn about(&self) -> String {
        let at = chrono::DateTime::from_timestamp_micros(self.time.micros()).unwrap_or_default();
        let mut about = at.format("%-d %B %Y %A").to_string();
        let named = [&self.agent, &self.tool, &self.name].into_iter().flatten();
        for word in named.chain(&self.aliases).chain(&self.tags).chain(&self.files) {
            about.push_str(" | ");
            about.push_str(word);
        }
        about
    }
}

impl Key {
    pub(super) fn bytes(&self) -> Vec<u8> {
        match self {
            Key::Event { position } => position.to_be_bytes().into(),
            Key::Item { kind, project, id } => ids::dedup(project, kind.name(), id).into(),
        }
    }
}

/// The part of a document that is stored: enough for a [`Hit`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    kind: Kind,
    id: String,
    project: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tool: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
    micros: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sources: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    files: Vec<String>,
    content: String,
    /// Whether the content goes on in the table.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
}

impl Stored {
    /// Takes the document apart; its content has been indexed by now.
    pub fn of(document: Document) -> Self {
        let shown = document.content.floor_char_boundary(SHOWN_BYTES);
        let cut = shown < document.content.len();
        let mut content = document.content;
        content.truncate(shown);
        Self {
            kind: document.kind,
            id: document.id,
            project: document.project,
            session: document.session,
            agent: document.agent,
            event_type: document.event_type,
            tool: document.tool,
            outcome: document.outcome,
            micros: document.time.micros(),
            sources: document.sources,
            name: document.name,
            aliases: document.aliases,
            tags: document.tags,
            files: document.files.into_iter().take(SHOWN_FILES).collect(),
            content,
            cut,
        }
    }

    /// Its name and aliases, its tags, and its files.
    pub fn about(&mut self) -> [Vec<String>; 3] {
        let names = self.name.iter().cloned().chain(std::mem::take(&mut self.aliases)).collect();
        [names, std::mem::take(&mut self.tags), std::mem::take(&mut self.files)]
    }

    /// What it is labelled with and names.
    pub fn things(&self) -> Vec<Entity> {
        let labels = [
            (EntityKind::Session, &self.session),
            (EntityKind::Agent, &self.agent),
            (EntityKind::Tool, &self.tool),
        ];
        let labels = labels.into_iter().filter_map(|(kind, name)| Some(Entity::new(kind, name.clone()?)));
        let mut things: Vec<Entity> = labels.collect();
        things.extend(self.tags.iter().map(|tag| Entity::new(EntityKind::Tag, tag.clone())));
        things.extend(self.files.iter().map(|file| Entity::new(EntityKind::File, file.clone())));
        things.extend(mentions(&self.content));
        things
    }

    /// The hit, and whether its content was cut.
    pub fn hit(self, score: f64) -> (Hit, bool) {
        let hit = Hit {
            id: self.id,
            kind: self.kind,
            score,
            name: self.name,
            content: self.content,
            time: Time::from_micros(self.micros),
            project: self.project,
            session: self.session,
            agent: self.agent,
            event_type: self.event_type,
            tool: self.tool,
            outcome: self.outcome,
            sources: self.sources,
            parts: None,
        };
        (hit, self.cut)
    }
}
