//! The command that redacts: what is redacted is known to whoever asked, and never told to the log. It names the rows that
//! hold it, and has for each memory and record the version that takes their place, with a mark where it stood.

use athena_schemas::tables::{Memory, Record};
use athena_schemas::vocabulary::REDACTION;
use athena_schemas::{Code, Error, Row, emptied, ids};
use serde::Deserialize;
use serde_json::json;

use crate::apply::{Call, Done, Key, State, StateRow};
use crate::forgets::{ALIAS, forgotten};
use crate::memories::stamped;
use crate::records::{self, version};

/// Rows that one command redacts.
pub const MOST: usize = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Redact {
    /// Where events and commands stand that hold it.
    positions: Vec<u64>,
    memories: Vec<MaskedMemory>,
    records: Vec<MaskedRecord>,
    /// Ids of accesses and dead letters.
    others: Vec<String>,
    /// Ids of events, and of the events that took their place.
    moved: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MaskedMemory {
    id: String,
    /// The version that was read.
    version: i64,
    content: String,
    name: Option<String>,
    aliases: Vec<String>,
    tags: Vec<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MaskedRecord {
    id: String,
    version: i64,
    name: Option<String>,
    text: Option<String>,
    tags: Vec<String>,
    body: String,
}

/// The rows that the command must see.
pub fn keys(call: &Call<'_>) -> Vec<Key> {
    let of = |name: &str, table: &'static str| {
        let all = call.arguments.get(name).and_then(|all| all.as_array()).into_iter().flatten();
        let ids = all.filter_map(|one| one.get("id")?.as_str()).map(str::to_owned);
        let key = |id| Key { table, project: call.event.project.clone(), id };
        ids.map(key).collect::<Vec<_>>()
    };
    let mut keys = of("memories", Memory::TABLE.name);
    keys.extend(of("records", Record::TABLE.name));
    keys
}

pub fn redact(state: &State, call: &Call<'_>) -> Done {
    let given: Redact = call.parse()?;
    if !call.admin {
        return Err(
            Error::new(Code::PermissionDenied, "only admins redact").hint("a token with the role admin may")
        );
    }
    let items = given.positions.len() + given.memories.len() + given.records.len() + given.others.len();
    if items == 0 || items > MOST {
        return Err(Error::invalid("id", format!("from 1 to {MOST} rows can be redacted at once")));
    }
    if given.positions.contains(&call.event.position) {
        return Err(Error::invalid("positions", "a command does not redact itself"));
    }
    let project = &call.event.project;
    let mut rows = Vec::new();
    let mut redacted = given.others;
    for masked in given.memories {
        let old = state.memory(project, &masked.id).filter(|old| old.version == masked.version);
        let old = old.ok_or_else(|| changed(&masked.id))?.clone();
        redacted.push(masked.id);
        let MaskedMemory { content, name, aliases, tags, source, .. } = masked;
        let new = match old.deleted {
            true => emptied::memory(&old),
            false => Memory { content, name, aliases, tags, source, ..old },
        };
        rows.push(StateRow::Memories(Box::new(stamped(new, call))));
    }
    for masked in given.records {
        let old = state.record(project, &masked.id).filter(|old| old.version == masked.version);
        let old = old.ok_or_else(|| changed(&masked.id))?.clone();
        redacted.push(masked.id);
        let MaskedRecord { name, text, tags, body, .. } = masked;
        let body: serde_json::Value = serde_json::from_str(&body).unwrap_or_else(|_| json!({}));
        rows.push(records::row(version(Record { name, text, tags, ..old }, &body, call)));
    }
    for (id, copy) in given.moved {
        let alias = Record {
            id: ids::short("alias-", &[project, &id]),
            kind: ALIAS.into(),
            name: Some(id),
            tags: vec![copy],
            ..Record::default()
        };
        rows.push(records::row(version(alias, &json!({}), call)));
    }
    let row = athena_schemas::tables::Forgotten {
        kind: REDACTION.into(),
        items: items as i64,
        positions: given.positions,
        ids: redacted,
        ..forgotten(call, true)
    };
    let told = json!({ "id": row.id, "redacted": items });
    rows.push(StateRow::Forgotten(Box::new(row)));
    Ok((rows, told))
}

fn changed(id: &str) -> Error {
    Error::conflict(format!("{id} was changed meanwhile")).hint("redact again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::{command, run};

    #[test]
    fn a_mark_takes_the_place_of_what_was_told() {
        let mut state = State::default();
        let told =
            command(1, "memories.remember", "ann", json!({"content": "the word is quokka", "tags": ["a"]}));
        let id = run(&mut state, told).unwrap()["id"].as_str().unwrap().to_owned();
        let masked = |version: i64| {
            json!({"positions": [1], "others": ["a-1"], "records": [], "moved": [["e-1", "e-2"]],
                   "memories": [{"id": id, "version": version, "content": "the word is [redacted]", "name": null,
                                 "aliases": [], "tags": ["a"], "source": null}]})
        };
        let by = |offset, actor: &str, version| command(offset, "safety.redact", actor, masked(version));
        assert_eq!(run(&mut state, by(2, "ann", 1)).unwrap_err().code, Code::PermissionDenied);
        assert_eq!(run(&mut state, by(3, "admin", 0)).unwrap_err().code, Code::Conflict);
        run(&mut state, by(4, "admin", 1)).unwrap();
        let memory = state.memory("p", &id).unwrap();
        assert_eq!(
            (memory.content.as_str(), memory.version, memory.actor.as_str()),
            ("the word is [redacted]", 4, "ann")
        );
        let alias = state.record("p", &ids::short("alias-", &["p", "e-1"])).unwrap();
        assert_eq!(alias.tags, ["e-2"]);
    }
}
