//! Commands that forget: each writes one row of `forgotten`, which hides, and which the purge works from.

use athena_schemas::sealed::DATA_KEY;
use athena_schemas::tables::{Event, Forgotten, Record};
use athena_schemas::vocabulary::REDACTION;
use athena_schemas::wire::Kind;
use athena_schemas::{Error, ids};
use serde::Deserialize;
use serde_json::json;

use crate::apply::{Call, Decision, Done, State, StateRow, Tool};
use crate::records;

/// Events that one command forgets at most.
pub const MOST_EVENTS: usize = 10_000;

pub(crate) const TOOL: Tool = Tool { name: "events", keys: |_| vec![], decide };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forget {
    /// Where the events stand, as the reader resolved ids or a filter: what was told is not told again.
    positions: Vec<u64>,
    /// Whether there is no time to restore them in.
    #[serde(default)]
    now: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    /// The event that stays.
    keep: String,
    /// Those that become other names of it.
    drop: Vec<String>,
    /// Where these stand.
    positions: Vec<u64>,
}

/// Of a record that says which event an id leads to: its label.
pub const ALIAS: &str = "alias";

fn decide(operation: &str, _: &State, call: &Call<'_>) -> Option<Decision> {
    match operation {
        "forget" => Some(forget(call).into()),
        "merge" => Some(merge(call).into()),
        _ => None,
    }
}

/// Hides events, and makes their ids lead to another one.
fn merge(call: &Call<'_>) -> Done {
    let given: Merge = call.parse()?;
    let (mut rows, mut told) = hidden(call, given.positions, false)?;
    for id in &given.drop {
        let alias = Record {
            id: ids::short("alias-", &[&call.event.project, id]),
            kind: ALIAS.into(),
            name: Some(id.clone()),
            tags: vec![given.keep.clone()],
            ..Record::default()
        };
        rows.push(records::row(records::version(alias, &json!({}), call)));
    }
    told["id"] = given.keep.into();
    Ok((rows, told))
}

/// Events never change, so who may forget them was decided when they were found.
fn forget(call: &Call<'_>) -> Done {
    let given: Forget = call.parse()?;
    hidden(call, given.positions, given.now)
}

fn hidden(call: &Call<'_>, positions: Vec<u64>, now: bool) -> Done {
    if positions.is_empty() || positions.len() > MOST_EVENTS {
        return Err(Error::invalid(
            "positions",
            format!("from 1 to {MOST_EVENTS} events can be forgotten at once"),
        ));
    }
    if positions.contains(&call.event.position) {
        return Err(Error::invalid("positions", "a command does not forget itself"));
    }
    let items = positions.len();
    let kind = Kind::Event.name().to_owned();
    let row = Forgotten { kind, items: items as i64, positions, ..forgotten(call, now) };
    let told = json!({ "id": row.id, "forgotten": items });
    Ok((vec![StateRow::Forgotten(Box::new(row))], told))
}

/// The row that says that memories were forgotten.
pub fn of_memories(call: &Call<'_>, memories: &[String], now: bool) -> StateRow {
    let kind = Kind::Memory.name().to_owned();
    let items = memories.len() as i64;
    StateRow::Forgotten(Box::new(Forgotten { kind, items, ids: memories.to_vec(), ..forgotten(call, now) }))
}

/// The row that says that a memory's content stood in clear at these places, as a redaction of all of it.
pub fn cleared(call: &Call<'_>, memory: String, positions: Vec<u64>) -> Result<StateRow, Error> {
    if positions.len() > MOST_EVENTS {
        let message = format!("more than {MOST_EVENTS} commands tell of it");
        return Err(Error::invalid("clear", message).hint("forget it, and remember it anew"));
    }
    Ok(versions(call, REDACTION, memory, positions))
}

/// The row that says that a key of the data stands at these places as older master keys wrap it: the newest of them.
pub fn of_key(call: &Call<'_>, key: String, mut positions: Vec<u64>) -> StateRow {
    positions.drain(..positions.len().saturating_sub(MOST_EVENTS));
    versions(call, DATA_KEY, key, positions)
}

fn versions(call: &Call<'_>, kind: &str, id: String, positions: Vec<u64>) -> StateRow {
    let (kind, items) = (kind.to_owned(), positions.len() as i64);
    let row = Forgotten { kind, items, positions, ids: vec![id], ..forgotten(call, true) };
    StateRow::Forgotten(Box::new(row))
}

pub fn forgotten(call: &Call<'_>, at_once: bool) -> Forgotten {
    let event: &Event = call.event;
    Forgotten {
        id: ids::short("fg-", &[&event.source, &event.id]),
        project: event.project.clone(),
        session: event.session.clone(),
        agent: event.agent.clone(),
        at_once,
        recorded_at: call.now(),
        actor: event.actor.clone(),
        origin: event.origin.clone(),
        log_topic: event.log_topic.clone(),
        log_partition: event.log_partition,
        log_offset: event.log_offset,
        position: event.position,
        ..Forgotten::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::{Envelope, apply};
    use serde_json::Value;

    fn decided(arguments: Value) -> Decision {
        let envelope = Envelope { arguments, admin: false, asked: None };
        let event = Event {
            id: "c-9".into(),
            project: "p".into(),
            r#type: "athena.events.forget".into(),
            actor: "ann".into(),
            attributes: Some(serde_json::to_string(&envelope).unwrap()),
            position: 9,
            ..Event::default()
        };
        apply(&State::default(), &event)
    }

    #[test]
    fn one_row_says_what_is_hidden() {
        let decision = decided(json!({"positions": [3, 4], "now": true}));
        let [StateRow::Forgotten(row)] = &decision.rows[..] else { panic!("{decision:?}") };
        assert_eq!((row.items, row.positions.as_slice(), row.at_once), (2, &[3, 4][..], true));
        assert_eq!((row.kind.as_str(), row.actor.as_str(), row.position), ("event", "ann", 9));
        assert_eq!(decision.result.unwrap()["forgotten"], 2);
    }

    #[test]
    fn bounds_are_kept() {
        for positions in [json!([]), json!([9]), json!((10..=10 + MOST_EVENTS as u64).collect::<Vec<_>>())] {
            let error = decided(json!({ "positions": positions })).result.unwrap_err();
            assert_eq!(error.field.as_deref(), Some("positions"));
        }
        assert_eq!(decided(json!({"ids": ["e-1"]})).result.unwrap_err().field.as_deref(), Some("ids"));
    }
}
