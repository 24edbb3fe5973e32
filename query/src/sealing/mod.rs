//! The content of sensitive memories: sealed before the log has it, opened in the answer of those who may.
//!
//! ```text
//! master key (file, variable, command) ─wraps▶ key of a project's data (a record in the log) ─seals▶ content
//! ```
//!
//! So the log, the tables and everything that is derived from them have a text in which nothing can be read, the same
//! wherever it is applied. No role but this one needs a key.

mod crypto;
mod keyring;
mod rotate;

use std::collections::HashMap;

use athena_schemas::sealed::{OPENING, Sealed, Wrapped, grouped, is_sealed, key_id, ungrouped};
use athena_schemas::{Error, Position};
use athena_store::Scope;
use parking_lot::Mutex;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::App;
use crate::operations::rows::objects;
use crate::registry::Call;
use crate::who::Caller;

use crypto::{KEY_BYTES, Secret};

pub use crypto::Secret as MasterKey;
pub use keyring::{Keyring, Source, create, read_by_others};
pub use rotate::{KeyUse, Look, Rotated, look, rotate};

/// Keys of data that are looked at.
const MOST: usize = 100_000;
/// Opened keys of data that are kept at hand.
const AT_HAND: usize = 10_000;

const DATA_KEYS: &str = include_str!("../../sql/data_keys.sql");

/// What this process keeps of keys.
#[derive(Default)]
pub struct Sealing {
    /// One key of the data is made at a time.
    making: tokio::sync::Mutex<()>,
    /// Keys of data that were opened, by project and id, each with the master key that opens it.
    opened: Mutex<HashMap<(String, String), (String, Secret)>>,
}

/// A key of the data, as it is kept.
#[derive(Debug, Clone)]
struct DataKey {
    id: String,
    project: String,
    /// Where it was made in the log.
    made: u64,
    kept: Wrapped,
}

/// The content as it goes to the log: sealed if the memory is sensitive.
///
/// # Errors
/// A content that is none, or that looks as if it had been sealed; no key; a key that was lost.
pub async fn told(call: &Call, sensitive: bool, content: &str) -> Result<String, Error> {
    match sensitive {
        true if content.trim().is_empty() => Err(Error::invalid("content", "a memory needs content")),
        true => seal(call, content).await,
        false if content.starts_with(OPENING) => {
            Err(Error::invalid("content", format!("what begins with {OPENING} was sealed"))
                .hint("memories.get gives the content to who may see it"))
        }
        false => Ok(content.to_owned()),
    }
}

/// A name that follows from a content that is to be sealed, wherever in the project it is told again.
///
/// # Errors
/// As [`told`].
pub async fn name(call: &Call, prefix: &str, content: &str) -> Result<String, Error> {
    let project = call.project()?;
    let scope = Scope::Projects(vec![project.clone()]);
    let oldest = match data_keys(&call.app, &scope).await?.into_iter().next() {
        Some(oldest) => open_key(&call.app, &oldest).await?,
        None => newest(call, &project).await?.1,
    };
    Ok(oldest.name(prefix, content))
}

/// The row of a memory as the caller may see it: opened, or without its content and why.
///
/// # Errors
/// A key that was lost; a content that was altered.
pub async fn show(call: &Call, row: &mut Map<String, Value>) -> Result<(), Error> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
    if row.get("sensitive") != Some(&json!(true)) {
        return Ok(());
    }
    let opened = match call.caller.identity.opens(text("actor")) {
        true => Some(open(&call.app, text("project"), text("content")).await?),
        false => None,
    };
    if opened.is_none() {
        row.insert("reason".into(), WITHHELD.into());
    }
    row.insert("content".into(), json!(opened));
    Ok(())
}

/// Why a content is not told.
pub const WITHHELD: &str =
    "it is sensitive: its author, admins and tokens made with --sensitive are told its content";

/// The content of a sensitive memory; of one that was never sealed as it is.
///
/// # Errors
/// A key that was lost; a content that was altered.
pub async fn open(app: &App, project: &str, content: &str) -> Result<String, Error> {
    if !is_sealed(content) {
        return Ok(content.to_owned());
    }
    let altered = || Error::internal("a sealed content was altered").hint("restore a backup");
    let sealed = Sealed::parse(content).ok_or_else(altered)?;
    let key = known_key(app, project, &sealed.key_id()).await?;
    let text = key.open(&about_text(project), &sealed.bytes).ok_or_else(altered)?;
    String::from_utf8(text).map_err(|_| altered())
}

async fn seal(call: &Call, content: &str) -> Result<String, Error> {
    let project = call.project()?;
    let (id, key) = newest(call, &project).await?;
    let bytes = key.seal(rand::random(), &about_text(&project), content.as_bytes());
    Ok(Sealed { key: id, bytes }.text())
}

/// The key that seals what is new in a project: one that was made under the newest master key.
async fn newest(call: &Call, project: &str) -> Result<([u8; 8], Secret), Error> {
    let app = &call.app;
    let _one_at_a_time = app.sealing.making.lock().await;
    let scope = Scope::Projects(vec![project.to_owned()]);
    let mut keys = app.options.keys.keys().await?;
    if keys.newest().is_none() {
        // A key that is made now would hide that the one before was lost.
        match data_keys(app, &Scope::All).await?.first() {
            Some(lost) => return Err(self::lost(app, &lost.kept.by, "it is not there any more")),
            None => keys = app.options.keys.begin().await?,
        }
    }
    let (by, master) = keys.newest().ok_or_else(|| Error::internal("no key was made"))?;
    let all = data_keys(app, &scope).await?;
    let usable = |one: &&DataKey| one.kept.first == by && keys.get(&one.kept.by).is_some();
    if let Some(known) = all.iter().rev().find(usable) {
        let key = open_key(app, known).await?;
        let id = athena_schemas::sealed::key_of(&known.id);
        return Ok((id.ok_or_else(|| Error::internal("a key's id is none"))?, key));
    }
    let (id, key): ([u8; 8], Secret) = (rand::random(), Secret(rand::random()));
    let name = key_id(id);
    let wrapped = grouped(&master.seal(rand::random(), &about_key(project, &name), &key.0));
    command(app, &call.caller, project, "keys.add", &json!({"id": name, "wrapped": wrapped, "by": by}))
        .await?;
    Ok((id, key))
}

/// A key of the data by its id.
async fn known_key(app: &App, project: &str, id: &str) -> Result<Secret, Error> {
    let at_hand = app.sealing.opened.lock().get(&(project.to_owned(), id.to_owned())).cloned();
    if let Some((by, key)) = at_hand
        && app.options.keys.keys().await.is_ok_and(|keys| keys.get(&by).is_some())
    {
        return Ok(key);
    }
    let all = data_keys(app, &Scope::Projects(vec![project.to_owned()])).await?;
    let found = all.into_iter().find(|one| one.id == id);
    let found = found.ok_or_else(|| {
        Error::unavailable(format!("the key of the data {id} is not in project {project}"))
            .hint("try again in a moment; if it stays so, restore a backup")
    })?;
    open_key(app, &found).await
}

/// Opens a key of the data with the master key that wraps it.
async fn open_key(app: &App, data: &DataKey) -> Result<Secret, Error> {
    let by = &data.kept.by;
    let ring = &app.options.keys;
    let mut keys = ring.keys().await.map_err(|error| lost(app, by, &error.message))?;
    if keys.get(by).is_none() {
        keys = ring.keys_again().await.map_err(|error| lost(app, by, &error.message))?;
    }
    let master = keys.get(by).ok_or_else(|| lost(app, by, &format!("it is not in {}", ring.told())))?;
    let key = unwrapped(&master, data)?;
    let mut opened = app.sealing.opened.lock();
    if opened.len() >= AT_HAND {
        opened.clear();
    }
    opened.insert((data.project.clone(), data.id.clone()), (by.clone(), key));
    Ok(key)
}

fn unwrapped(master: &Secret, data: &DataKey) -> Result<Secret, Error> {
    let wrapped = ungrouped(&data.kept.wrapped).unwrap_or_default();
    let key = master.open(&about_key(&data.project, &data.id), &wrapped);
    let key: Option<[u8; KEY_BYTES]> = key.and_then(|key| key.try_into().ok());
    key.map(Secret).ok_or_else(|| {
        Error::internal(format!("the key of the data {} was altered", data.id)).hint("restore a backup")
    })
}

fn lost(app: &App, by: &str, why: &str) -> Error {
    Error::unavailable(format!("the content is sealed, and key {by} is needed to open it: {why}")).hint(
        format!(
            "put key {by} back, below the newest one ({}); all else works without it",
            app.options.keys.told()
        ),
    )
}

/// In the order in which they were made.
async fn data_keys(app: &App, scope: &Scope) -> Result<Vec<DataKey>, Error> {
    in_order(&objects(app, scope, DATA_KEYS, &[], MOST).await?)
}

fn in_order(rows: &[Map<String, Value>]) -> Result<Vec<DataKey>, Error> {
    let mut keys: Vec<DataKey> = rows.iter().map(data_key).collect::<Result<_, _>>()?;
    keys.sort_by_key(|one| one.made);
    Ok(keys)
}

fn data_key(row: &Map<String, Value>) -> Result<DataKey, Error> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
    let kept: Wrapped = serde_json::from_str(text("body"))
        .map_err(|error| Error::internal(format!("{}: {error}", text("id"))))?;
    let made = kept.made.or_else(|| row.get("position").and_then(Value::as_u64)).unwrap_or_default();
    Ok(DataKey { id: text("id").to_owned(), project: text("project").to_owned(), made, kept })
}

fn about_key(project: &str, id: &str) -> String {
    format!("athena: key of data\n{id}\n{project}")
}

fn about_text(project: &str) -> String {
    format!("athena: content of a memory\n{project}")
}

/// Sends a command about keys to the log.
async fn command(
    app: &App,
    caller: &Caller,
    project: &str,
    operation: &str,
    arguments: &impl Serialize,
) -> Result<Position, Error> {
    let arguments =
        serde_json::to_value(arguments).map_err(|error| Error::internal(format!("arguments: {error}")))?;
    let answer = app.log()?.command(caller.command(operation, arguments, project)).await?;
    app.acknowledge([project], &answer.position);
    Ok(answer.position)
}
