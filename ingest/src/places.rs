//! Commands of the tool `spatial`: what is tied to a place, and places that moved.

use athena_schemas::tables::{Memory, Record};
use athena_schemas::{Error, Row, ids};
use serde::{Deserialize, Serialize};

use crate::apply::{Call, Decision, Done, Key, State, Tool};
use crate::records;

pub(crate) const TOOL: Tool = Tool { name: "spatial", keys, decide };

/// The kinds of records: something tied to a place, and a rename.
pub const LINK: &str = "place_link";
pub const MOVE: &str = "place_move";
/// Bytes of a path.
const PATH_BYTES: usize = 4_096;

/// What is tied to a place.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub path: String,
    pub id: String,
}

/// What a place was called, and is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    pub from: String,
    pub to: String,
}

/// A path without what says nothing: `./a//b/` is `a/b`.
pub fn plain(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    let mut keys = Vec::new();
    if let Ok(given) = call.parse::<Link>() {
        keys.push(records::key(call, &link_id(&given)));
        keys.push(records::key(call, &given.id));
        keys.push(Key { table: Memory::TABLE.name, ..records::key(call, &given.id) });
    }
    if let Ok(given) = call.parse::<Move>() {
        keys.push(records::key(call, &move_id(&given)));
    }
    keys
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(Decision::from(match operation {
        "link" => link(state, call),
        "move" => moved(state, call),
        _ => return None,
    }))
}

fn link_id(given: &Link) -> String {
    ids::short("place-", &[&plain(&given.path), &given.id])
}

fn move_id(given: &Move) -> String {
    ids::short("moved-", &[&plain(&given.from), &plain(&given.to)])
}

fn path(field: &str, path: &str) -> Result<String, Error> {
    let plain = plain(path);
    match plain.is_empty() || plain == "/" || plain.len() > PATH_BYTES {
        true => Err(Error::invalid(field, format!("{path:?} is no path of 1 to {PATH_BYTES} bytes"))),
        false => Ok(plain),
    }
}

/// A memory, or a record such as a task or note, that is there.
fn link(state: &State, call: &Call<'_>) -> Done {
    let given: Link = call.parse()?;
    let project = &call.event.project;
    let memory = state.memory(project, &given.id).is_some_and(|memory| !memory.deleted);
    let record = state.record(project, &given.id).is_some_and(|record| !record.deleted);
    if !memory && !record {
        let error = Error::not_found(format!("no memory or task {} in project {project}", given.id));
        return Err(Error { field: Some("id".into()), ..error });
    }
    let id = link_id(&given);
    let link = Link { path: path("path", &given.path)?, ..given };
    let old = state.record(project, &id).filter(|old| !old.deleted).cloned();
    let record = Record { id, kind: LINK.into(), name: Some(link.path.clone()), ..old.unwrap_or_default() };
    records::written(records::version(record, &link, call))
}

fn moved(state: &State, call: &Call<'_>) -> Done {
    let given: Move = call.parse()?;
    let id = move_id(&given);
    let moved = Move { from: path("from", &given.from)?, to: path("to", &given.to)? };
    if moved.from == moved.to {
        return Err(Error::invalid("to", "a place does not move to itself"));
    }
    let old = state.record(&call.event.project, &id).filter(|old| !old.deleted).cloned();
    let record = Record { id, kind: MOVE.into(), name: Some(moved.from.clone()), ..old.unwrap_or_default() };
    records::written(records::version(record, &moved, call))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_plain() {
        let table = [("./a//b/", "a/b"), ("/a/b", "/a/b"), ("a/./b", "a/b"), (".", ""), ("/", "/")];
        for (path, expected) in table {
            assert_eq!(plain(path), expected);
        }
    }
}
