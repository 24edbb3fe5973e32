//! Tool `spatial`: places in a file tree, and what happened there.

mod active;
mod told;

use athena_ingest::places::{self, LINK, MOVE};
use athena_learn::places::{Moves, ancestor, distance, steps, within};
use athena_schemas::Error;
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::sync::Arc;

use super::events::recorded;
use super::paging;
use super::records::of_kind;
use super::rows::objects;
use super::temporal::{Happened, stream};
use crate::App;
use crate::registry::{Call, Effect, Example, Operation, Registry};

const MEMORY: &str = include_str!("../../sql/memory.sql");
/// Steps within which something is near.
const NEAR: usize = 2;
const MOST_STEPS: usize = 64;

pub fn register(registry: &mut Registry) {
    registry.add::<active::Tree>();
    registry.add::<Within>();
    registry.add::<Near>();
    registry.add::<Distance>();
    registry.add::<active::Context>();
    registry.add::<active::Heat>();
    registry.add::<active::Together>();
    registry.add::<told::Link>();
    registry.add::<told::Move>();
}

/// Events that touched files, each file under the name that it has now.
async fn touched(app: &App, scope: &Scope) -> Result<(Vec<Arc<Happened>>, Moves), Error> {
    let moves = of_kind(app, scope, MOVE).await?;
    let moves: Result<Vec<places::Move>, Error> = moves.iter().map(|record| record.body()).collect();
    let moves = Moves(moves?.into_iter().map(|one| (one.from, one.to)).collect());
    let mut events = stream(app, scope, None).await?;
    events.retain(|event| !event.files.is_empty());
    for event in &mut events {
        if event.files.iter().any(|file| matches!(moves.now(file), Cow::Owned(_))) {
            let files = event.files.iter().map(|file| moves.now(file).into_owned()).collect();
            Arc::make_mut(event).files = files;
        }
    }
    Ok((events, moves))
}

/// A memory, task or note that was tied to a place.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Tied {
    id: String,
    path: String,
    /// What it says, where it is a memory.
    content: Option<String>,
}

/// What is tied to places that pass, the newest first.
async fn tied(
    app: &App,
    scope: &Scope,
    moves: &Moves,
    passes: impl Fn(&str) -> bool,
) -> Result<Vec<Tied>, Error> {
    let mut found = Vec::new();
    for record in of_kind(app, scope, LINK).await?.iter().rev() {
        let link: places::Link = record.body()?;
        let path = moves.now(&link.path).into_owned();
        if !passes(&path) || found.len() >= paging::MOST {
            continue;
        }
        let memory = objects(app, scope, MEMORY, &[json!(link.id)], 1).await?.pop();
        let content = memory
            .as_ref()
            .and_then(|memory: &Map<String, Value>| memory.get("content"))
            .and_then(Value::as_str);
        found.push(Tied { id: link.id, path, content: content.map(str::to_owned) });
    }
    Ok(found)
}

/// What happened and is known at places.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Here {
    path: String,
    /// Events that touched files there, the newest first.
    items: Vec<Happened>,
    /// Memories, tasks and notes that were tied to it.
    tied: Vec<Tied>,
    projects: Vec<String>,
}

async fn here(
    call: &Call,
    path: &str,
    limit: Option<usize>,
    passes: impl Fn(&str, &str) -> bool,
) -> Result<Here, Error> {
    let (projects, scope) = call.scope().await?;
    let limit = paging::limit(limit)?;
    let (events, moves) = touched(&call.app, &scope).await?;
    let path = moves.now(path).into_owned();
    let there = |file: &str| passes(file, &path);
    let items = events
        .into_iter()
        .rev()
        .filter(|event| event.files.iter().any(|file| there(file)))
        .take(limit)
        .map(Arc::unwrap_or_clone)
        .collect();
    let tied = tied(&call.app, &scope, &moves, there).await?;
    Ok(Here { path, items, tied, projects })
}

/// What happened at a path or below, the newest first, and what was tied to it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Within {
    /// A file or folder.
    path: String,
    /// At most so many events; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

impl Operation for Within {
    const TOOL: &'static str = "spatial";
    const NAME: &'static str = "within";
    const EFFECT: Effect = Effect::Read;
    type Result = Here;

    async fn call(self, call: &Call) -> Result<Here, Error> {
        here(call, &self.path, self.limit, within).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"path": "cart"}) }]
    }
}

/// What happened at most so many steps from a path, through common folders, the newest first; and what was tied there.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Near {
    /// A file or folder.
    path: String,
    /// Steps up and down the tree; 2 when not said: the same folder.
    #[serde(default)]
    radius: Option<usize>,
    /// At most so many events; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

impl Operation for Near {
    const TOOL: &'static str = "spatial";
    const NAME: &'static str = "near";
    const EFFECT: Effect = Effect::Read;
    type Result = Here;

    async fn call(self, call: &Call) -> Result<Here, Error> {
        let radius = self.radius.unwrap_or(NEAR);
        if radius > MOST_STEPS {
            return Err(Error::invalid("radius", format!("{radius} steps; at most {MOST_STEPS}")));
        }
        here(call, &self.path, self.limit, |file, path| steps(file, path) <= radius).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"path": "cart/src/lib.rs"}) }]
    }
}

/// How far two paths are from each other: steps through the folder that they share, and from 0 to 1.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Distance {
    /// A path.
    a: String,
    /// Another.
    b: String,
}

/// How far.
#[derive(Debug, Serialize, JsonSchema)]
struct Far {
    steps: usize,
    distance: f64,
    /// The folder that both are in; empty where it is the root.
    ancestor: String,
    projects: Vec<String>,
}

impl Operation for Distance {
    const TOOL: &'static str = "spatial";
    const NAME: &'static str = "distance";
    const EFFECT: Effect = Effect::Read;
    type Result = Far;

    async fn call(self, call: &Call) -> Result<Far, Error> {
        let (projects, scope) = call.scope().await?;
        let moves = of_kind(&call.app, &scope, MOVE).await?;
        let moves: Result<Vec<places::Move>, Error> = moves.iter().map(|record| record.body()).collect();
        let moves = Moves(moves?.into_iter().map(|one| (one.from, one.to)).collect());
        let (a, b) = (moves.now(&self.a), moves.now(&self.b));
        Ok(Far { steps: steps(&a, &b), distance: distance(&a, &b), ancestor: ancestor(&a, &b), projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: json!({"a": "cart/src/lib.rs", "b": "cart/tests/all.rs"}) }]
    }
}
