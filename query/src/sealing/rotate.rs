//! Another master key: every key of the data is opened with the one that wraps it and wrapped by the newest. Contents stay
//! as they are.
//!
//! Each is a command of its own, so a rotation that ends in the middle leaves every key wrapped by a key that is there,
//! and the next one does the rest.

use std::collections::BTreeMap;

use athena_schemas::sealed::{OPENING, grouped};
use athena_schemas::{Code, Error};
use athena_store::{Scope, SqlOptions, Store};
use datafusion::common::ScalarValue;
use datafusion::error::DataFusionError;
use futures::StreamExt;
use futures::stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::crypto::Secret;
use super::keyring::{Keyring, Keys};
use super::{DATA_KEYS, DataKey, MOST, about_key, command, data_keys, in_order, unwrapped};
use crate::App;
use crate::operations::rows::objects;
use crate::sql::value;
use crate::who::Caller;

/// Keys of the data that one call wraps anew, so that it ends in time, and how many are under way at once.
const STEP: usize = 500;
const AT_ONCE: usize = 16;

const TOLD: &str = include_str!("../../sql/data_keys_told.sql");
const UNSEALED: &str = include_str!("../../sql/memories_unsealed.sql");

/// A master key, and what it wraps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyUse {
    pub id: String,
    /// Whether it is there; what is wrapped by one that is not cannot be opened.
    pub here: bool,
    /// Whether it wraps what is new.
    pub newest: bool,
    /// Keys of data that it wraps now.
    pub data_keys: usize,
}

/// How it stands with keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Look {
    /// Where the master keys come from.
    pub source: String,
    /// Why they cannot be read.
    pub why: Option<String>,
    pub keys: Vec<KeyUse>,
    /// Sensitive memories that are not sealed: they were told before they could be.
    pub unsealed: usize,
}

/// What came of a rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rotated {
    /// The key that wraps what is new.
    pub newest: String,
    /// Whether it was made now.
    pub made: bool,
    /// Keys of data that it wraps since this call.
    pub wrapped: usize,
    /// Those that are left for another call.
    pub left: usize,
    /// Master keys that are needed to open those that cannot be wrapped anew.
    pub missing: Vec<String>,
}

impl Look {
    /// Master keys that are needed and not there.
    pub fn missing(&self) -> impl Iterator<Item = &KeyUse> {
        self.keys.iter().filter(|key| !key.here)
    }

    /// Keys of data that the newest master key does not wrap.
    pub fn behind(&self) -> usize {
        self.keys.iter().filter(|key| !key.newest).map(|key| key.data_keys).sum()
    }
}

/// Looks at the keys of a whole data location.
///
/// # Errors
/// Storage. Keys that cannot be read are told.
pub async fn look(store: &Store, ring: &Keyring) -> Result<Look, Error> {
    store.refresh().await?;
    let context = store.snapshot().session(&Scope::All, None, SqlOptions::own()).await?;
    let rows = async |statement: &str, given: Vec<ScalarValue>| {
        let batches = context.sql(statement).await?.with_param_values(given)?.collect().await?;
        Ok(batches.iter().flat_map(|batch| value::objects(batch).collect::<Vec<_>>()).collect::<Vec<_>>())
    };
    let failed = |error: DataFusionError| Error::internal(format!("keys: {error}"));
    let data = rows(DATA_KEYS, vec![]).await.map_err(failed)?;
    let data = in_order(&data)?;
    let unsealed = rows(UNSEALED, vec![ScalarValue::from(OPENING)]).await.map_err(failed)?;
    let unsealed = unsealed.iter().filter_map(|row| row.get("unsealed")?.as_u64()).sum::<u64>() as usize;
    let mut wraps: BTreeMap<&str, usize> = BTreeMap::new();
    data.iter().for_each(|one| *wraps.entry(&one.kept.by).or_default() += 1);
    let (own, why) = match ring.keys_again().await {
        Ok(keys) => (keys, None),
        Err(error) => (Keys::default(), Some(error.message)),
    };
    let mut keys: Vec<KeyUse> = Vec::new();
    for (at, id) in own.ids().enumerate() {
        let data_keys = wraps.remove(id).unwrap_or_default();
        keys.push(KeyUse { id: id.to_owned(), here: true, newest: at == 0, data_keys });
    }
    keys.extend(wraps.into_iter().map(|(id, data_keys)| KeyUse {
        id: id.to_owned(),
        here: false,
        newest: false,
        data_keys,
    }));
    Ok(Look { source: ring.told(), why, keys, unsealed })
}

/// Takes a rotation one step further: the one that is not ended, or, where the newest key wraps everything, to a key that
/// is made for it.
///
/// # Errors
/// Keys that are in no file, when another is to be made; where there is none; the log.
pub async fn rotate(app: &App, caller: &Caller, more: bool) -> Result<Rotated, Error> {
    let ring = &app.options.keys;
    let mut keys = ring.keys_again().await?;
    let all = data_keys(app, &Scope::All).await?;
    let newest = |keys: &Keys| keys.newest().map(|(id, secret)| (id.to_owned(), secret));
    let none = || {
        Error::conflict(format!("{}: there is no key yet", ring.told()))
            .hint("the first is made with the first sensitive memory")
    };
    let (mut by, mut master) = newest(&keys).ok_or_else(none)?;
    let mut made = false;
    // What is under a key that was lost waits for that key, and for nothing else.
    if !more && all.iter().all(|one| one.kept.by == by || keys.get(&one.kept.by).is_none()) {
        keys = ring.add().await?;
        (by, master) = newest(&keys).ok_or_else(none)?;
        made = true;
    }
    let behind: Vec<&DataKey> = all.iter().filter(|one| one.kept.by != by).collect();
    let (can, cannot): (Vec<&DataKey>, Vec<&DataKey>) =
        behind.into_iter().partition(|one| keys.get(&one.kept.by).is_some());
    let mut told = if can.is_empty() { BTreeMap::new() } else { tell_of_keys(app).await? };
    let mut wraps = Vec::new();
    for one in can.iter().take(STEP) {
        let Some(from) = keys.get(&one.kept.by) else { continue };
        let older = told.remove(&(one.project.clone(), one.id.clone())).unwrap_or_default();
        wraps.push(wrap(app, caller, one, from, (by.as_str(), master), older));
    }
    let done: Vec<Result<usize, Error>> = stream::iter(wraps).buffer_unordered(AT_ONCE).collect().await;
    let wrapped = done.into_iter().sum::<Result<usize, Error>>()?;
    let mut missing: Vec<String> = cannot.iter().map(|one| one.kept.by.clone()).collect();
    missing.sort();
    missing.dedup();
    Ok(Rotated { newest: by, made, wrapped, left: can.len() - can.len().min(STEP), missing })
}

/// Where commands stand that have keys of the data wrapped, refused ones too: by project and key.
async fn tell_of_keys(app: &App) -> Result<BTreeMap<(String, String), Vec<u64>>, Error> {
    let mut told: BTreeMap<(String, String), Vec<u64>> = BTreeMap::new();
    for row in objects(app, &Scope::All, TOLD, &[], MOST).await? {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        let asked: Value = serde_json::from_str(text("attributes")).unwrap_or_default();
        let (id, position) = (asked["arguments"]["id"].as_str(), row.get("position").and_then(Value::as_u64));
        if let (Some(id), Some(position)) = (id, position) {
            told.entry((text("project").to_owned(), id.to_owned())).or_default().push(position);
        }
    }
    Ok(told)
}

/// Opens a key of the data and wraps it by another master key; says how many were. What `older` ones wrapped goes.
async fn wrap(
    app: &App,
    caller: &Caller,
    one: &DataKey,
    from: Secret,
    (by, master): (&str, Secret),
    older: Vec<u64>,
) -> Result<usize, Error> {
    let key = unwrapped(&from, one)?;
    let wrapped = grouped(&master.seal(rand::random(), &about_key(&one.project, &one.id), &key.0));
    let given = json!({"id": one.id, "wrapped": wrapped, "by": by, "from": one.kept.by, "older": older});
    match command(app, caller, &one.project, "keys.wrap", &given).await {
        // Another rotation was faster.
        Err(error) if error.code == Code::Conflict => Ok(0),
        done => done.map(|_| 1),
    }
}
