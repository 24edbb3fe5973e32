//! Facts that people judged: confirmed ones are memories from then on, rejected ones are not learned again from what
//! was there.

use athena_schemas::tables::{Memory, Record};
use athena_schemas::{Error, Row, Time, ids};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{check, stamped};
use crate::apply::{Call, Done, Key, State, StateRow};
use crate::records;

/// The kind of the records of rejected facts. Their name is the fact's id without its number.
pub const REJECTED: &str = "fact_rejected";
/// What stands before a fact's id in the source of the memory that confirms it.
pub const CONFIRMS: &str = "fact:";
/// Characters of a reason.
const WHY_CHARS: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirm {
    id: String,
    /// The fact in a line, and how it was put, as the reader found it.
    content: String,
    kind: String,
    valid_from: Option<Time>,
    valid_until: Option<Time>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reject {
    id: String,
    why: String,
}

/// The id of the memory that confirms a fact.
pub fn memory_id(project: &str, fact: &str) -> String {
    ids::short("m-", &["fact", project, fact])
}

/// A value that came back has the id of the first time, and a number behind it.
pub fn base(fact: &str) -> &str {
    fact.split('.').next().unwrap_or(fact)
}

fn rejection_id(fact: &str) -> String {
    format!("{REJECTED}-{}", base(fact))
}

pub fn keys(call: &Call<'_>) -> Vec<Key> {
    let judges = call.event.r#type.ends_with(".confirm") || call.event.r#type.ends_with(".reject");
    let Some(id) = call.arguments.get("id").and_then(|id| id.as_str()).filter(|_| judges) else {
        return vec![];
    };
    let memory = memory_id(&call.event.project, id);
    vec![
        Key { table: Memory::TABLE.name, ..records::key(call, &memory) },
        records::key(call, &rejection_id(id)),
    ]
}

/// A memory that says the fact; once, unless it was forgotten or the fact was rejected since.
pub fn confirm(state: &State, call: &Call<'_>) -> Done {
    let given: Confirm = call.parse()?;
    let project = &call.event.project;
    let id = memory_id(project, &given.id);
    let rejected = state.record(project, &rejection_id(&given.id)).filter(|record| !record.deleted);
    let known = state.memory(project, &id).filter(|memory| !memory.deleted);
    if let Some(known) = known
        && rejected.is_none_or(|record| record.recorded_at < known.recorded_at)
    {
        return Ok((vec![], json!({ "id": known.id, "version": known.version, "fact": given.id })));
    }
    let memory = Memory {
        id,
        kind: given.kind,
        content: given.content,
        source: Some(format!("{CONFIRMS}{}", given.id)),
        valid_from: given.valid_from,
        valid_until: given.valid_until,
        ..Memory::default()
    };
    check(&memory)?;
    let memory = stamped(memory, call);
    let told = json!({ "id": memory.id, "version": memory.version, "fact": given.id });
    Ok((vec![StateRow::Memories(Box::new(memory))], told))
}

/// A record of the rejection: evidence that came in before is none.
pub fn reject(state: &State, call: &Call<'_>) -> Done {
    let given: Reject = call.parse()?;
    if given.why.trim().is_empty() || given.why.chars().count() > WHY_CHARS {
        return Err(Error::invalid("why", format!("a rejection says why, in 1 to {WHY_CHARS} characters")));
    }
    let id = rejection_id(&given.id);
    let old = state.record(&call.event.project, &id).filter(|record| !record.deleted).cloned();
    let record = Record {
        id,
        kind: REJECTED.into(),
        name: Some(base(&given.id).to_owned()),
        ..old.unwrap_or_default()
    };
    records::written(records::version(record, &given, call))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{command, run};
    use super::*;

    fn confirm(offset: i64, actor: &str) -> athena_schemas::tables::Event {
        let given = json!({"id": "f-1", "content": "p · port: 80\nThe port is 80", "kind": "fact"});
        command(offset, "confirm", actor, given)
    }

    #[test]
    fn a_fact_is_confirmed_once_until_it_is_rejected() {
        let mut state = State::default();
        let first = run(&mut state, confirm(1, "ann")).unwrap();
        assert_eq!(first["id"], memory_id("p", "f-1"));
        assert_eq!(run(&mut state, confirm(2, "bob")).unwrap()["version"], 1);
        let memory = state.memory("p", &memory_id("p", "f-1")).unwrap();
        assert_eq!((memory.source.as_deref(), memory.actor.as_str()), (Some("fact:f-1"), "ann"));

        let reject = |offset, why: &str| command(offset, "reject", "bob", json!({"id": "f-1.2", "why": why}));
        assert_eq!(run(&mut state, reject(3, " ")).unwrap_err().field.as_deref(), Some("why"));
        run(&mut state, reject(4, "it was a joke")).unwrap();
        let record = state.record("p", "fact_rejected-f-1").unwrap();
        assert_eq!((record.kind.as_str(), record.name.as_deref()), (REJECTED, Some("f-1")));
        assert_eq!(run(&mut state, confirm(5, "ann")).unwrap()["version"], 5);
    }
}
