//! A note with what it is tied to.

use athena_ingest::notes::Link;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::tree::Node;
use super::{Notes, example, example_id, linked, second, set_up};
use crate::operations::paging;
use crate::operations::records::{Found, by_id, page};
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation};
use crate::text::excerpt;

const MEMORY: &str = include_str!("../../../sql/memory.sql");

/// Characters of a memory that stands in a link.
const SHOWN_CHARS: usize = 100;

/// A note in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Line {
    id: String,
    address: String,
    title: String,
    /// When it was written or changed last.
    time: Time,
}

/// The other end of a link.
#[derive(Debug, Serialize, JsonSchema)]
struct End {
    id: String,
    /// `note` or `memory`.
    kind: &'static str,
    /// Of a note.
    address: Option<String>,
    /// Of a memory its name, else its beginning; null of what is forgotten.
    title: Option<String>,
    why: String,
    /// When it was linked.
    time: Time,
}

impl Notes {
    pub fn line(&self, node: &Node) -> Line {
        let Node { id, title, changed_at, .. } = node.clone();
        Line { address: self.tree.address(&id), id, title, time: changed_at }
    }

    /// The ends of links, each the one that is chosen, in the order in which they were made.
    async fn ends<'n>(
        &self,
        call: &Call,
        links: impl Iterator<Item = &'n (Found, Link)>,
        choose: fn(&Link) -> &str,
    ) -> Result<Vec<End>, Error> {
        let mut ends = Vec::new();
        for (record, link) in links {
            let id = choose(link);
            let (kind, address, title) = match self.tree.node(id) {
                Some(node) => ("note", Some(self.tree.address(id)), Some(node.title.clone())),
                None => ("memory", None, self.memory(call, id).await?),
            };
            let (id, why, time) = (id.to_owned(), link.why.clone(), record.recorded_at);
            ends.push(End { id, kind, address, title, why, time });
        }
        Ok(ends)
    }

    async fn memory(&self, call: &Call, id: &str) -> Result<Option<String>, Error> {
        let found = objects(&call.app, &self.scope, MEMORY, &[json!(id)], 1).await?.pop();
        Ok(found.and_then(|memory| {
            let text = |name| memory.get(name).and_then(Value::as_str);
            text("name").or(text("content")).map(|text| excerpt(text, "", SHOWN_CHARS))
        }))
    }
}

/// A note: what it says, where it stands, what it points to and what points to it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Get {
    /// The note's id or address.
    note: String,
}

/// A note with what it is tied to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Note {
    id: String,
    address: String,
    title: String,
    body: String,
    version: i64,
    /// When this version was written.
    time: Time,
    /// Who wrote this version.
    agent: Option<String>,
    session: Option<String>,
    tags: Vec<String>,
    /// The note above.
    parent: Option<Line>,
    /// The notes directly below.
    children: Vec<Line>,
    links: Vec<End>,
    backlinks: Vec<End>,
    project: String,
}

impl Operation for Get {
    const TOOL: &'static str = "notes";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = Note;

    async fn call(self, call: &Call) -> Result<Note, Error> {
        let notes = Notes::read(call).await?;
        let id = notes.find("note", &self.note)?;
        let found = by_id(&call.app, &notes.scope, std::slice::from_ref(&id)).await?.pop();
        let found = found.ok_or_else(|| Error::unavailable("the note is just being changed"))?;
        let parent = notes.tree.node(&id).and_then(|node| notes.tree.node(node.place.parent.as_deref()?));
        let from = notes.links.iter().filter(|(_, link)| link.from == id);
        let to = notes.links.iter().filter(|(_, link)| link.to == id);
        Ok(Note {
            address: notes.tree.address(&id),
            parent: parent.map(|parent| notes.line(parent)),
            children: notes.tree.children(Some(&id)).map(|child| notes.line(child)).collect(),
            links: notes.ends(call, from, |link| &link.to).await?,
            backlinks: notes.ends(call, to, |link| &link.from).await?,
            title: found.name.unwrap_or_default(),
            body: found.text.unwrap_or_default(),
            version: found.version,
            time: found.recorded_at,
            agent: found.agent,
            session: found.session,
            tags: found.tags,
            project: notes.project,
            id,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example {
            setup: vec![set_up(), second(), linked()],
            arguments: json!({"note": example("example-note-2")}),
        }]
    }
}

/// The notes that point to a note, or to a memory, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backlinks {
    /// The note's id or address, or a memory's id.
    note: String,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// Ends of links.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Ends {
    items: Vec<End>,
    next_cursor: Option<String>,
    project: String,
}

impl Operation for Backlinks {
    const TOOL: &'static str = "notes";
    const NAME: &'static str = "backlinks";
    const EFFECT: Effect = Effect::Read;
    type Result = Ends;

    async fn call(self, call: &Call) -> Result<Ends, Error> {
        let notes = Notes::read(call).await?;
        let id = match self.note.starts_with(super::MEMORY_ID) {
            true => self.note,
            false => notes.find("note", &self.note)?,
        };
        let to = notes.links.iter().filter(|(_, link)| link.to == id).collect();
        let (to, next_cursor) = page(to, paging::limit(self.limit)?, self.cursor.as_deref())?;
        let items = notes.ends(call, to.into_iter(), |link| &link.from).await?;
        Ok(Ends { items, next_cursor, project: notes.project })
    }

    fn examples() -> Vec<Example> {
        let setup = vec![set_up(), second(), linked()];
        vec![Example { setup, arguments: json!({"note": example_id()}) }]
    }
}
