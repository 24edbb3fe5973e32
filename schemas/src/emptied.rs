//! What is left of rows that were forgotten: their place, and nothing that was told. Pure.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::ids;
use crate::tables::{Event, Memory};
use crate::vocabulary::{COMMAND_PREFIX, FORGOTTEN};

/// The event as it is kept: its place in the log, and a key by which it is known if it is sent again. `None` of
/// one that is so already.
pub fn event(event: &Event, secret: &[u8; 32]) -> Option<Event> {
    (event.origin != FORGOTTEN).then(|| Event {
        id: id(event),
        time: event.received_at,
        received_at: event.received_at,
        project: event.project.clone(),
        r#type: FORGOTTEN.to_owned(),
        origin: FORGOTTEN.to_owned(),
        dedup: ids::dedup_of_forgotten(secret, &event.dedup),
        log_topic: event.log_topic.clone(),
        log_partition: event.log_partition,
        log_offset: event.log_offset,
        position: event.position,
        ..Event::default()
    })
}

/// A command without its arguments and its answer, and without what it wrote of `gone`; who gave it, and
/// when, stays. `None` of one that is so already.
pub fn command(event: &Event, gone: &BTreeSet<String>, secret: &[u8; 32]) -> Option<Event> {
    let told = event.attributes.is_some() || event.result.is_some();
    told.then(|| Event {
        id: id(event),
        dedup: ids::dedup_of_forgotten(secret, &event.dedup),
        content: None,
        files: vec![],
        tags: vec![],
        parent: None,
        attributes: None,
        result: None,
        changes: event.changes.as_deref().and_then(|changes| without(changes, gone)),
        ..event.clone()
    })
}

pub fn is_command(event: &Event) -> bool {
    event.r#type.starts_with(COMMAND_PREFIX)
}

/// Whether any of the texts of a command names one of the memories.
pub fn names(texts: [Option<&str>; 3], memories: &BTreeSet<String>) -> bool {
    let named = |id: &String| {
        let quoted = format!("\"{id}\"");
        texts.into_iter().flatten().any(|text| text.contains(&quoted))
    };
    memories.iter().any(named)
}

/// Kinds of records that hold what events told, and name what they are made of.
pub const COPYING: [&str; 3] = ["procedure", "plan", "execution"];

/// Whether the body of a record of such a kind holds what these events told: a procedure names them as `made_of`, or only
/// the session that it is `from`; a step of a plan has them as `sources`, and the plan sessions, which it names as they
/// begin; an execution has the steps of its procedure, one of `records`.
pub fn copies(
    kind: &str,
    body: &str,
    events: &BTreeSet<String>,
    sessions: &BTreeSet<String>,
    records: &BTreeSet<String>,
) -> bool {
    let Ok(body) = serde_json::from_str::<Value>(body) else { return false };
    let is_in = |value: &Value, of: &BTreeSet<String>| value.as_str().is_some_and(|id| of.contains(id));
    let any = |list: &Value, of: &BTreeSet<String>| {
        list.as_array().is_some_and(|list| list.iter().any(|value| is_in(value, of)))
    };
    let all = |list: &Value| list.as_array().cloned().unwrap_or_default();
    match kind {
        "procedure" if body["made_of"].is_array() => any(&body["made_of"], events),
        "procedure" => is_in(&body["from"], sessions),
        "plan" => {
            all(&body["steps"]).iter().any(|step| any(&step["sources"], events))
                || all(&body["sources"]).iter().any(|source| is_in(&source["id"], sessions))
        }
        _ => is_in(&body["procedure"], records),
    }
}

/// The tombstone of a memory: that there was one.
pub fn memory(tombstone: &Memory) -> Memory {
    Memory {
        id: tombstone.id.clone(),
        version: tombstone.version,
        project: tombstone.project.clone(),
        kind: tombstone.kind.clone(),
        recorded_at: tombstone.recorded_at,
        deleted: true,
        actor: tombstone.actor.clone(),
        origin: tombstone.origin.clone(),
        log_topic: tombstone.log_topic.clone(),
        log_partition: tombstone.log_partition,
        log_offset: tombstone.log_offset,
        position: tombstone.position,
        ..Memory::default()
    }
}

/// Named by where it stands, whatever its producer called it.
fn id(event: &Event) -> String {
    ids::from_position(&event.log_topic, event.log_partition, event.log_offset)
}

/// The changes of a command but those of memories and records of these ids; `None` when there are no others.
fn without(changes: &str, gone: &BTreeSet<String>) -> Option<String> {
    let Ok(Value::Array(mut rows)) = serde_json::from_str(changes) else { return None };
    rows.retain(|row| {
        let id = row["row"]["id"].as_str().unwrap_or_default();
        row["table"] == "forgotten" || !gone.contains(id)
    });
    (!rows.is_empty()).then(|| Value::Array(rows).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Event {
        Event {
            id: "canary-1".into(),
            project: "p".into(),
            session: Some("canary".into()),
            agent: Some("canary".into()),
            source: "canary".into(),
            r#type: "canary".into(),
            tool: Some("canary".into()),
            content: Some("canary".into()),
            outcome: Some("failure".into()),
            files: vec!["canary".into()],
            tags: vec!["canary".into()],
            parent: Some("canary".into()),
            attributes: Some("canary".into()),
            traceparent: Some("canary".into()),
            actor: "canary".into(),
            origin: "http".into(),
            result: Some("canary".into()),
            changes: Some("canary".into()),
            dedup: [7; 16],
            log_topic: "local".into(),
            log_offset: 4,
            position: 4,
            ..Event::default()
        }
    }

    #[test]
    fn nothing_is_left_of_an_event_but_its_place() {
        let emptied = event(&full(), &[1; 32]).unwrap();
        assert!(!serde_json::to_string(&emptied).unwrap().contains("canary"));
        assert_eq!((emptied.position, emptied.log_offset, emptied.project.as_str()), (4, 4, "p"));
        assert_eq!(emptied.dedup, ids::dedup_of_forgotten(&[1; 32], &[7; 16]));
        assert_eq!(event(&emptied, &[1; 32]), None, "a key is not hashed twice");
    }

    #[test]
    fn a_command_keeps_who_gave_it_and_what_else_it_wrote() {
        let row = |table: &str, id: &str| serde_json::json!({"table": table, "row": {"id": id, "content": "canary"}});
        let changes =
            Value::Array(vec![row("memories", "m-1"), row("memories", "m-2"), row("records", "note-1")]);
        let given = Event {
            r#type: "athena.memories.import".into(),
            actor: "ann".into(),
            session: None,
            changes: Some(changes.to_string()),
            ..full()
        };
        let gone = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
        let emptied = command(&given, &gone(&["m-1"]), &[1; 32]).unwrap();
        assert_eq!((emptied.actor.as_str(), emptied.r#type.as_str()), ("ann", "athena.memories.import"));
        assert_eq!((emptied.attributes, emptied.result, emptied.content), (None, None, None));
        let left: Value = serde_json::from_str(emptied.changes.as_deref().unwrap()).unwrap();
        assert_eq!(left, Value::Array(vec![row("memories", "m-2"), row("records", "note-1")]));
        assert_eq!(without("[]", &gone(&[])), None);
        assert_eq!(without("canary", &gone(&[])), None, "what cannot be read is not kept");
        assert!(is_command(&given) && !is_command(&full()));
    }

    #[test]
    fn commands_that_name_a_memory_are_known() {
        let gone = BTreeSet::from(["m-1".to_owned()]);
        assert!(names([None, Some(r#"{"arguments":{"id":"m-1"}}"#), None], &gone));
        assert!(!names([Some(r#"{"arguments":{"id":"m-12"}}"#), None, None], &gone));
        let tombstone =
            Memory { id: "m-1".into(), content: "canary".into(), deleted: true, ..Memory::default() };
        assert_eq!(memory(&tombstone), Memory { content: String::new(), ..tombstone });
    }
}
