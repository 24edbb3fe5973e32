//! A run of the index: what is below a path, compared with what is known, and an event for each difference.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use athena_ingest::decode;
use athena_learn::code::{CODE_INDEX, Indexed, Language, outline};
use athena_schemas::{Error, Position, Time};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::disk::{self, Text};
use super::roots::Root;
use super::{blocking, known};
use crate::App;
use crate::events::{Given, append};
use crate::who::Caller;

/// Files that are read, and bytes of their events, between two writes.
const CHUNK_FILES: usize = 200;
const CHUNK_BYTES: usize = 4 << 20;
/// How outlines are read. Another number has every file read again by the next run.
const READING: &[u8] = b"2";

/// What to index, and for whom.
#[derive(Clone)]
pub struct Plan {
    pub caller: Caller,
    pub project: String,
    /// The folder that paths are below.
    pub root: PathBuf,
    pub what: What,
}

#[derive(Clone)]
pub enum What {
    /// Everything at or below a path.
    Below(PathBuf, Vec<Language>),
    /// These files, by their paths below the root.
    Files(Vec<String>),
}

/// A run that goes on, or ended.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IndexRun {
    /// Identifier of the run; `code.statistics` tells how it goes.
    pub run: String,
    /// `running`, `complete` or `failed`.
    pub status: &'static str,
    pub project: String,
    /// The folder that the paths of files are below.
    pub root: String,
    pub started_at: Time,
    pub ended_at: Option<Time>,
    #[serde(flatten)]
    pub counts: Counts,
    /// What to pass as `after` to another server to read it.
    pub position: Option<Position>,
    /// Why it failed.
    pub why: Option<String>,
}

/// Files, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Of known languages, there to be read.
    pub files: usize,
    /// New ones, and those whose content is another.
    pub changed: usize,
    pub unchanged: usize,
    /// Known before, and not there any more.
    pub gone: usize,
    /// Too large, or no text.
    pub skipped: usize,
    /// Whether there are more files than one run reads.
    pub truncated: bool,
}

/// Starts a run, and waits for its end if asked to.
///
/// # Errors
/// With `wait`, those of the run.
pub async fn start(app: &Arc<App>, plan: Plan, wait: bool) -> Result<IndexRun, Error> {
    let run = IndexRun {
        run: format!("index-{:016x}", rand::random::<u64>()),
        status: "running",
        project: plan.project.clone(),
        root: plan.root.display().to_string(),
        started_at: Time::now(),
        ended_at: None,
        counts: Counts::default(),
        position: None,
        why: None,
    };
    app.code.remember(run.clone());
    let (behind, begun) = (app.clone(), run.clone());
    let done = app.tasks.spawn(async move {
        let mut run = begun;
        let done = read(&behind, &plan, &mut run.counts).await;
        run.ended_at = Some(Time::now());
        let answer = match done {
            Ok(position) => {
                (run.status, run.position) = ("complete", position);
                Ok(run.clone())
            }
            Err(error) => {
                (run.status, run.why) = ("failed", Some(error.message.clone()));
                Err(error)
            }
        };
        let mut runs = behind.code.runs.lock();
        if let Some(kept) = runs.iter_mut().find(|kept| kept.run == run.run) {
            *kept = run;
        }
        answer
    });
    match wait {
        false => Ok(run),
        true => done.await.map_err(|error| Error::internal(format!("index: {error}")))?,
    }
}

/// What is known of a path: the hash of its content, unless it is gone, and its last event.
#[derive(Default, Clone)]
struct Before {
    hash: Option<String>,
    event: Option<String>,
    /// It was read below the same root: only then can it have gone from there.
    ours: bool,
}

/// Reads what the plan says, and writes what is new. Gives where the last event stands.
///
/// # Errors
/// The log's; storage.
pub async fn read(app: &Arc<App>, plan: &Plan, counts: &mut Counts) -> Result<Option<Position>, Error> {
    let root = Root {
        project: plan.project.clone(),
        folder: plan.root.clone(),
        actor: plan.caller.identity.name.clone(),
    };
    let (found, of) = (plan.clone(), app.clone());
    let (paths, truncated) = blocking(move || {
        of.code.roots.add(root);
        match found.what {
            What::Files(paths) => (paths, false),
            What::Below(path, languages) => {
                let found = disk::find(&found.root, &path, &languages);
                (found.paths, found.truncated)
            }
        }
    })
    .await?;
    counts.truncated = truncated;
    let (mut before, missing) = compare(app, plan, &paths, truncated).await?;
    let mut position = None;
    for chunk in paths.chunks(CHUNK_FILES) {
        let known: Vec<(String, Before)> =
            chunk.iter().map(|path| (path.clone(), before.remove(path).unwrap_or_default())).collect();
        let root = plan.root.clone();
        let made =
            blocking(move || known.iter().map(|(path, known)| made(&root, path, known)).collect::<Vec<_>>());
        let mut events = Vec::new();
        for made in made.await? {
            match made {
                Made::Changed(event) => {
                    counts.files += 1;
                    counts.changed += 1;
                    events.push(*event);
                }
                Made::Same => {
                    counts.files += 1;
                    counts.unchanged += 1;
                }
                Made::Gone(event) => {
                    counts.gone += 1;
                    events.push(*event);
                }
                Made::Skipped => counts.skipped += 1,
                Made::Nothing => {}
            }
        }
        position = write(app, plan, events).await?.or(position);
    }
    for chunk in missing.chunks(CHUNK_FILES) {
        counts.gone += chunk.len();
        let root = plan.root.display().to_string();
        let events = chunk.iter().map(|(path, before)| gone(&root, path, before)).collect();
        position = write(app, plan, events).await?.or(position);
    }
    Ok(position)
}

/// What is known of the paths, and which known ones below the plan's path were not found.
async fn compare(
    app: &App,
    plan: &Plan,
    paths: &[String],
    truncated: bool,
) -> Result<(HashMap<String, Before>, Vec<(String, Before)>), Error> {
    let scope = athena_store::Scope::Projects(vec![plan.project.clone()]);
    app.wait_until_seen(&scope, None).await;
    let known = known(app, &plan.project).await?;
    let root = plan.root.display().to_string();
    let of = |path: &String| {
        let state = known.graph.find_exact(path).and_then(|file| known.graph.file(file));
        let hash = state.map(|state| state.indexed.hash.clone());
        let ours = state.is_some_and(|state| state.indexed.root.as_ref() == Some(&root));
        Before { hash, event: known.graph.last_event(path).map(str::to_owned), ours }
    };
    let before: HashMap<String, Before> = paths.iter().map(|path| (path.clone(), of(path))).collect();
    let What::Below(path, languages) = &plan.what else { return Ok((before, Vec::new())) };
    let Some(below) = disk::below(&plan.root, path).filter(|_| !truncated) else {
        return Ok((before, Vec::new()));
    };
    let is_below = |path: &str| {
        below.is_empty()
            || path.strip_prefix(&below).is_some_and(|left| left.is_empty() || left.starts_with('/'))
    };
    let missing = known.graph.files().filter(|(_, state)| {
        let language = state.indexed.outline.language;
        let wanted = languages.is_empty() || language.is_some_and(|of| languages.contains(&of));
        let here = state.indexed.root.as_ref() == Some(&root);
        here && wanted && is_below(&state.path) && !before.contains_key(&state.path)
    });
    let missing = missing.map(|(_, state)| (state.path.clone(), of(&state.path))).collect();
    Ok((before, missing))
}

/// What became of a file.
enum Made {
    Changed(Box<Value>),
    Same,
    Gone(Box<Value>),
    Skipped,
    Nothing,
}

fn made(root: &std::path::Path, path: &str, before: &Before) -> Made {
    let named = root.display().to_string();
    let text = match disk::text(root, path) {
        Text::Of(text) => text,
        Text::None => return Made::Skipped,
        Text::Gone if before.ours => return Made::Gone(Box::new(gone(&named, path, before))),
        Text::Gone => return Made::Nothing,
    };
    let hash =
        blake3::Hasher::new().update(READING).update(text.as_bytes()).finalize().to_hex()[..32].to_owned();
    if before.hash.as_ref() == Some(&hash) {
        return Made::Same;
    }
    let Some(outline) = outline(path, &text) else { return Made::Skipped };
    let content = outline.readable(path);
    let indexed = Indexed { root: Some(named), hash, bytes: text.len() as u64, gone: false, outline };
    Made::Changed(Box::new(event(path, &content, &indexed, before)))
}

fn gone(root: &str, path: &str, before: &Before) -> Value {
    let mut indexed = Indexed { root: Some(root.to_owned()), gone: true, ..Indexed::default() };
    indexed.outline.language = Language::of(path);
    event(path, &format!("{path} is not there any more"), &indexed, before)
}

/// The id follows from the path, the content and the event before: the same reading is the same event, and a
/// content that comes back is another.
fn event(path: &str, content: &str, indexed: &Indexed, before: &Before) -> Value {
    let language = indexed.outline.language.map(Language::name);
    let last = before.event.as_deref().unwrap_or_default();
    let id = athena_schemas::ids::short("code-", &[path, &indexed.hash, last]);
    json!({"id": id, "type": CODE_INDEX, "content": content, "files": [path], "tags": language.into_iter().collect::<Vec<_>>(),
           "attributes": indexed})
}

async fn write(app: &App, plan: &Plan, events: Vec<Value>) -> Result<Option<Position>, Error> {
    let mut position = None;
    let mut left = events.into_iter().peekable();
    while left.peek().is_some() {
        let (mut chunk, mut bytes) = (Vec::new(), 0);
        while let Some(event) = left.next_if(|_| bytes < CHUNK_BYTES) {
            bytes += event.to_string().len();
            chunk.push(event);
        }
        let body = Value::Array(chunk).to_string();
        let elements = decode::batch(body.as_bytes(), "application/json", &app.options.limits)?;
        let given = Given { project: Some(&plan.project), ..Given::default() };
        let accepted = append(app, &plan.caller, plan.caller.origin, elements, &given).await?;
        if let Some(refused) = accepted.rejected.first() {
            return Err(Error::new(refused.code, refused.message.clone()));
        }
        position = Some(accepted.position);
    }
    Ok(position)
}
