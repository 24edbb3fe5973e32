//! Notes found: the tree, by a question, and those that nobody points to.

use std::collections::{BTreeMap, HashSet};

use athena_schemas::wire::{Hit, Kind, Mode, Search as Question};
use athena_schemas::{Error, Position};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::read::Line;
use super::tree::Node;
use super::{Notes, example_id, linked, second, set_up};
use crate::operations::paging;
use crate::operations::records::page;
use crate::registry::{Call, Effect, Example, Operation};
use crate::search;

/// Notes of an outline when nothing is said.
const OUTLINED: usize = 200;

/// The tree of notes below one, or of all, in the order of their addresses.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Outline {
    /// The note's id or address; all notes when not said.
    note: Option<String>,
    /// At most so many; 200 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Notes in the order of their addresses.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Outlined {
    items: Vec<Branch>,
    next_cursor: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Branch {
    #[serde(flatten)]
    note: Line,
    /// Levels below where the outline begins, from 0.
    depth: usize,
    /// How many notes are directly below.
    children: usize,
}

impl Operation for Outline {
    const TOOL: &'static str = "notes";
    const NAME: &'static str = "outline";
    const EFFECT: Effect = Effect::Read;
    type Result = Outlined;

    async fn call(self, call: &Call) -> Result<Outlined, Error> {
        let notes = Notes::read(call).await?;
        let root = self.note.as_deref().map(|note| notes.find("note", note)).transpose()?;
        let own = root.as_deref().and_then(|id| notes.tree.node(id)).map(|node| (0, node));
        let shift = usize::from(own.is_none());
        let below = notes.tree.below(root.as_deref());
        let all = own.into_iter().chain(below.into_iter().map(|(depth, node)| (depth - shift, node)));
        let limit = paging::limit(Some(self.limit.unwrap_or(OUTLINED)))?;
        let (shown, next_cursor) = page(all.collect(), limit, self.cursor.as_deref())?;
        let branch = |(depth, node): (usize, &Node)| Branch {
            note: notes.line(node),
            depth,
            children: notes.tree.children(Some(&node.id)).count(),
        };
        let items = shown.into_iter().map(branch).collect();
        Ok(Outlined { items, next_cursor, project: notes.project })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![set_up(), second()], arguments: json!({}) },
            Example { setup: vec![set_up()], arguments: json!({"note": example_id()}) },
        ]
    }
}

/// The best hits among notes, by words and by meaning.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// The question.
    query: String,
    /// By what: `hybrid` when not said.
    #[serde(default)]
    mode: Mode,
    /// At most so many; 10 when not said.
    #[serde(default, alias = "limit")]
    k: Option<usize>,
    /// Whether to tell what each score is made of.
    #[serde(default)]
    explain: bool,
}

/// Notes, the best first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Hits {
    items: Vec<NoteHit>,
    /// What the answer lacks.
    degraded: Vec<String>,
    position: Position,
    project: String,
}

/// A note as it was found; its title is its `name`.
#[derive(Debug, Serialize, JsonSchema)]
struct NoteHit {
    #[serde(flatten)]
    hit: Hit,
    address: String,
}

impl Operation for Search {
    const TOOL: &'static str = "notes";
    const NAME: &'static str = "search";
    const EFFECT: Effect = Effect::Read;
    type Result = Hits;

    async fn call(self, call: &Call) -> Result<Hits, Error> {
        let notes = Notes::read(call).await?;
        let question = Question {
            query: self.query,
            k: self.k,
            kinds: vec![Kind::Note],
            mode: self.mode,
            explain: self.explain,
            project: Some(notes.project.clone()),
            after: call.shared.after.clone(),
            ..Question::default()
        };
        let found = search::search(&call.app, &call.caller, &question).await?;
        let items = found.hits.into_iter().map(|hit| NoteHit { address: notes.tree.address(&hit.id), hit });
        Ok(Hits {
            items: items.collect(),
            degraded: found.degraded,
            position: found.position,
            project: notes.project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up(), second()], arguments: json!({"query": "rebuild from the log"}) }]
    }
}

/// Notes that no link points to, the newest first: thoughts that nobody comes upon.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Orphans {
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Notes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Lines {
    items: Vec<Line>,
    next_cursor: Option<String>,
    project: String,
}

impl Operation for Orphans {
    const TOOL: &'static str = "notes";
    const NAME: &'static str = "orphans";
    const EFFECT: Effect = Effect::Read;
    type Result = Lines;

    async fn call(self, call: &Call) -> Result<Lines, Error> {
        let notes = Notes::read(call).await?;
        let linked: HashSet<&str> = notes.links.iter().map(|(_, link)| link.to.as_str()).collect();
        let alone = notes.tree.nodes().filter(|node| !linked.contains(node.id.as_str()));
        let newest: BTreeMap<_, &Node> = alone.map(|node| ((node.changed_at, &node.id), node)).collect();
        let (shown, next_cursor) =
            page(newest.values().rev().collect(), paging::limit(self.limit)?, self.cursor.as_deref())?;
        let items = shown.into_iter().map(|node| notes.line(node)).collect();
        Ok(Lines { items, next_cursor, project: notes.project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up(), second(), linked()], arguments: json!({}) }]
    }
}
