//! The small kinds of state, which share the table `records`: found, written, taken away.
//!
//! A kind is a module with its commands; what belongs to it alone is a struct that stands in `body` as JSON.

use athena_schemas::tables::Record;
use athena_schemas::vocabulary::COMMAND_SOURCE;
use athena_schemas::{Code, Error, Row, ids};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::apply::{Call, Done, Key, State, StateRow};

/// The key of a record of the call's project.
pub fn key(call: &Call<'_>, id: &str) -> Key {
    Key { table: Record::TABLE.name, project: call.event.project.clone(), id: id.to_owned() }
}

/// The keys of the records that the named arguments name, each a string or an array of them.
pub fn keys_in(call: &Call<'_>, arguments: &[&str]) -> Vec<Key> {
    let given = arguments.iter().filter_map(|name| call.arguments.get(name));
    let each = given.flat_map(|value| match value {
        Value::Array(all) => all.iter().collect(),
        one => vec![one],
    });
    each.filter_map(|id| id.as_str()).map(|id| key(call, id)).collect()
}

/// The id of what this command makes: `PREFIX-` and a hash of the command's own id.
pub fn new_id(call: &Call<'_>, prefix: &str) -> String {
    id_of(prefix, &call.event.id)
}

/// The same from outside: the id of what the command of that `event_id` makes.
pub fn id_of(prefix: &str, event_id: &str) -> String {
    ids::short(&format!("{prefix}-"), &[COMMAND_SOURCE, event_id])
}

/// The record of that kind and id that the argument `field` names, unless it is not there or deleted.
pub fn find<'s>(
    state: &'s State,
    call: &Call<'_>,
    (kind, field): (&str, &str),
    id: &str,
) -> Result<&'s Record, Error> {
    let project = &call.event.project;
    let found = state.record(project, id).filter(|record| !record.deleted && record.kind == kind);
    found.ok_or_else(|| Error {
        field: Some(field.into()),
        ..Error::not_found(format!("no {kind} {id} in project {project}"))
    })
}

/// Whether the caller may take a record away: its maker, or an admin.
pub fn may_remove(record: &Record, call: &Call<'_>) -> Result<(), Error> {
    if record.actor == call.event.actor || call.admin {
        return Ok(());
    }
    let (kind, id) = (&record.kind, &record.id);
    Err(Error::new(Code::PermissionDenied, format!("{kind} {id} was made by another"))
        .hint("its maker or an admin may take it away"))
}

/// What belongs to a record's kind alone.
pub fn body<T: DeserializeOwned>(record: &Record) -> Result<T, Error> {
    serde_json::from_str(&record.body)
        .map_err(|error| Error::internal(format!("{} {}: {error}", record.kind, record.id)))
}

/// A version of a record, stamped with the command's place in the log. The maker stays the maker.
pub fn version(record: Record, body: &impl Serialize, call: &Call<'_>) -> Record {
    let event = call.event;
    Record {
        version: event.log_offset,
        project: event.project.clone(),
        session: event.session.clone(),
        agent: event.agent.clone(),
        body: serde_json::to_string(body).expect("plain data is JSON"),
        recorded_at: call.now(),
        actor: if record.actor.is_empty() { event.actor.clone() } else { record.actor },
        origin: event.origin.clone(),
        log_topic: event.log_topic.clone(),
        log_partition: event.log_partition,
        log_offset: event.log_offset,
        position: event.position,
        ..record
    }
}

/// The tombstone of a record: nothing of what it said is in it.
pub fn tombstone(record: &Record, call: &Call<'_>) -> StateRow {
    let gone = Record {
        id: record.id.clone(),
        kind: record.kind.clone(),
        actor: record.actor.clone(),
        deleted: true,
        ..Record::default()
    };
    row(version(gone, &json!({}), call))
}

pub fn row(record: Record) -> StateRow {
    StateRow::Records(Box::new(record))
}

/// One version written: what every such command answers.
pub fn written(record: Record) -> Done {
    let told = json!({ "id": record.id, "version": record.version });
    Ok((vec![row(record)], told))
}
