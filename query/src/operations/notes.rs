//! Tool `notes`: a Zettelkasten over memories.

mod lists;
mod read;
mod suggest;
mod tree;

use athena_ingest::notes::{LINK, Link, MOST_LEVELS, NOTE};
use athena_ingest::records::id_of;
use athena_schemas::{Error, Position};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use self::tree::Tree;
use super::records::{Found, Written, answered, of_kind, one_project};
use super::rows::absent;
use crate::registry::{Call, Effect, Example, Operation, Registry, Step};

/// What ids of memories and notes begin with; anything else is an address.
const NOTE_ID: &str = "note-";
const MEMORY_ID: &str = "m-";

pub fn register(registry: &mut Registry) {
    registry.add::<Create>();
    registry.add::<read::Get>();
    registry.add::<Update>();
    registry.add::<LinkNotes>();
    registry.add::<read::Backlinks>();
    registry.add::<suggest::Suggest>();
    registry.add::<lists::Outline>();
    registry.add::<Move>();
    registry.add::<lists::Search>();
    registry.add::<lists::Orphans>();
}

/// The notes of a project and what links them.
struct Notes {
    project: String,
    scope: Scope,
    tree: Tree,
    links: Vec<(Found, Link)>,
}

impl Notes {
    async fn read(call: &Call) -> Result<Self, Error> {
        let (project, scope) = one_project(call).await?;
        let notes = of_kind(&call.app, &scope, NOTE).await?;
        let links = of_kind(&call.app, &scope, LINK).await?;
        let links = links.into_iter().map(|link| link.body().map(|body| (link, body)));
        Ok(Self { project, scope, tree: Tree::of(&notes)?, links: links.collect::<Result<_, Error>>()? })
    }

    /// The id of the note that an id or an address names.
    fn find(&self, argument: &str, note: &str) -> Result<String, Error> {
        let found = self.tree.find(note).map(|node| node.id.clone());
        found.ok_or_else(|| {
            absent("note", argument, note, std::slice::from_ref(&self.project)).hint(
                "a note is named by its id, or by its address such as 1.2a3; `notes.outline` lists them",
            )
        })
    }
}

/// The id of a note that an argument names; addresses are looked up, and whether an id exists is for the log to say.
async fn id_named(call: &Call, argument: &str, note: &str) -> Result<String, Error> {
    if note.starts_with(NOTE_ID) || note.starts_with(MEMORY_ID) {
        return Ok(note.to_owned());
    }
    Notes::read(call).await?.find(argument, note)
}

/// Makes a note: one thought, in words of its own. With `parent` it stands below that note; its address tells where.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Create {
    /// What it is about, in a line.
    title: String,
    /// The thought.
    body: String,
    /// The note that it goes on from: its id, or its address such as `1.2a3`; none puts it at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
}

/// The version that a write made, and where the note stands.
#[derive(Debug, Serialize, JsonSchema)]
struct Placed {
    id: String,
    /// The way to it from the top: numbers and letters in turn, a point after the first number.
    address: String,
    version: i64,
    project: String,
    position: Position,
}

async fn placed(call: &Call, written: Written) -> Result<Placed, Error> {
    let address = Notes::read(call).await?.tree.address(&written.id);
    let Written { id, version, project, position } = written;
    Ok(Placed { id, address, version, project, position })
}

impl Operation for Create {
    const TOOL: &'static str = "notes";
    const NAME: &'static str = "create";
    const EFFECT: Effect = Effect::Write;
    type Result = Placed;

    async fn call(mut self, call: &Call) -> Result<Placed, Error> {
        if let Some(parent) = &self.parent {
            let notes = Notes::read(call).await?;
            let parent = notes.find("parent", parent)?;
            if notes.tree.chain(&parent).len() >= MOST_LEVELS {
                return Err(too_deep());
            }
            self.parent = Some(parent);
        }
        placed(call, answered(call.command(&self).await?)?).await
    }

    fn examples() -> Vec<Example> {
        let below = json!({"title": "Kafka keeps it", "body": "The log is the truth; tables follow it",
                           "parent": example_id()});
        vec![
            Example { setup: vec![], arguments: created() },
            Example { setup: vec![set_up()], arguments: below },
        ]
    }
}

fn too_deep() -> Error {
    Error::invalid("parent", format!("a tree of notes has at most {MOST_LEVELS} levels"))
}

/// Changes what a note says, or its title. Its place, its links and its older versions stay.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Update {
    /// The note's id or address.
    note: String,
    /// The new text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// The new title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// The version that was read: if it is not the newest any more, nothing is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
}

impl Operation for Update {
    const TOOL: &'static str = "notes";
    const NAME: &'static str = "update";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(mut self, call: &Call) -> Result<Written, Error> {
        if self.body.is_none() && self.title.is_none() {
            return Err(Error::invalid("body", "there is nothing to change"));
        }
        self.note = id_named(call, "note", &self.note).await?;
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"note": example_id(), "body": "State is what the log says, and nothing else"});
        vec![Example { setup: vec![set_up()], arguments }]
    }
}

/// Links a note to another one, or to a memory, and says why. Said again it changes the reason.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Link")]
struct LinkNotes {
    /// Id or address of the note that points.
    from: String,
    /// Id or address of the note, or id of the memory, that it points to.
    to: String,
    /// What the one has to do with the other.
    why: String,
}

impl Operation for LinkNotes {
    const TOOL: &'static str = "notes";
    const NAME: &'static str = "link";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(mut self, call: &Call) -> Result<Written, Error> {
        self.from = id_named(call, "from", &self.from).await?;
        self.to = id_named(call, "to", &self.to).await?;
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up(), second()], arguments: linked().arguments }]
    }
}

/// Puts a note, with all below it, under another one, as its last child. What it was linked to stays linked.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Move {
    /// The note's id or address.
    note: String,
    /// Id or address of the note to put it under; none puts it at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
}

impl Operation for Move {
    const TOOL: &'static str = "notes";
    const NAME: &'static str = "move";
    const EFFECT: Effect = Effect::Write;
    type Result = Placed;

    async fn call(self, call: &Call) -> Result<Placed, Error> {
        let notes = Notes::read(call).await?;
        let note = notes.find("note", &self.note)?;
        let parent = self.parent.as_deref().map(|parent| notes.find("parent", parent)).transpose()?;
        let chain: Vec<&str> = match &parent {
            Some(parent) => notes.tree.chain(parent).iter().map(|node| node.id.as_str()).collect(),
            None => Vec::new(),
        };
        if chain.len() + notes.tree.height(&note) >= MOST_LEVELS {
            return Err(too_deep());
        }
        let command = json!({"note": note, "parent": parent, "chain": chain});
        placed(call, answered(call.command(&command).await?)?).await
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"note": example("example-note-2"), "parent": example_id()});
        vec![Example { setup: vec![set_up(), second()], arguments }]
    }
}

/// The example that the others are about; its id follows from its `event_id`.
fn created() -> Value {
    json!({"title": "The log comes first", "body": "Everything that changes the memory is an event in a log",
           "event_id": "example-note-1"})
}

fn set_up() -> Step {
    Step { tool: "notes", operation: "create", arguments: created() }
}

fn second() -> Step {
    let arguments = json!({"title": "Replay", "body": "What is in a log can be replayed, and the memory rebuilt",
                           "event_id": "example-note-2"});
    Step { tool: "notes", operation: "create", arguments }
}

fn linked() -> Step {
    let arguments = json!({"from": example("example-note-2"), "to": example_id(), "why": "follows from it",
                           "event_id": "example-note-link"});
    Step { tool: "notes", operation: "link", arguments }
}

fn example_id() -> String {
    example("example-note-1")
}

fn example(event_id: &str) -> String {
    id_of(NOTE, event_id)
}
