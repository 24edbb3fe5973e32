//! Commands about the keys of the data: those that the contents of sensitive memories are sealed with. What comes here is
//! wrapped by a master key, which the log never sees.

use athena_schemas::sealed::{DATA_KEY, Wrapped, key_of, ungrouped};
use athena_schemas::tables::Record;
use athena_schemas::{Code, Error};
use serde::Deserialize;
use serde_json::Value;

use crate::apply::{Call, Decision, Done, Key, State, Tool};
use crate::forgets;
use crate::records::{body, find, key, version, written};

pub(crate) const TOOL: Tool = Tool { name: "keys", keys, decide };

/// Bytes of a wrapped key, at most.
const MOST_BYTES: usize = 256;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Add {
    id: String,
    wrapped: String,
    by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrap {
    id: String,
    wrapped: String,
    by: String,
    /// The master key that wrapped it when it was read.
    from: String,
    /// Where the commands stand that have it wrapped by older ones.
    #[serde(default)]
    older: Vec<u64>,
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    let id = call.arguments.get("id").and_then(Value::as_str);
    id.map(|id| key(call, id)).into_iter().collect()
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    match operation {
        "add" => Some(add(state, call).into()),
        "wrap" => Some(wrap(state, call).into()),
        _ => None,
    }
}

/// A new key of the project's data.
fn add(state: &State, call: &Call<'_>) -> Done {
    let Add { id, wrapped, by } = call.parse()?;
    check(&wrapped)?;
    if key_of(&id).is_none() {
        return Err(Error::invalid("id", format!("{id} is no id of a key")));
    }
    if state.record(&call.event.project, &id).is_some() {
        return Err(Error {
            field: Some("id".into()),
            ..Error::conflict(format!("there is a key {id} already"))
        });
    }
    let made = Wrapped { wrapped, first: by.clone(), by, made: None };
    let record = Record { id, kind: DATA_KEY.into(), ..Record::default() };
    written(version(record, &made, call))
}

/// The same key wrapped by another master key: whoever rotates has opened it with the one before. What older ones open
/// is purged.
fn wrap(state: &State, call: &Call<'_>) -> Done {
    let given: Wrap = call.parse()?;
    check(&given.wrapped)?;
    if !call.admin {
        let error = Error::new(Code::PermissionDenied, "only admins rotate keys");
        return Err(error.hint("a token with the role admin may"));
    }
    let record = find(state, call, (DATA_KEY, "id"), &given.id)?;
    let old: Wrapped = body(record)?;
    if old.by != given.from {
        let error = Error::conflict(format!("{} is wrapped by {} by now", given.id, old.by));
        return Err(Error { field: Some("from".into()), ..error.hint("rotate again") });
    }
    let mut older = given.older;
    older.push(record.position);
    older.retain(|position| *position != call.event.position);
    older.sort_unstable();
    older.dedup();
    let made = old.made.or_else(|| older.first().copied());
    let new = Wrapped { wrapped: given.wrapped, by: given.by, first: old.first, made };
    let (mut rows, told) = written(version(record.clone(), &new, call))?;
    rows.push(forgets::of_key(call, given.id, older));
    Ok((rows, told))
}

fn check(wrapped: &str) -> Result<(), Error> {
    match wrapped.len() <= MOST_BYTES && ungrouped(wrapped).is_some_and(|bytes| !bytes.is_empty()) {
        true => Ok(()),
        false => Err(Error::invalid("wrapped", "this is no wrapped key")),
    }
}

#[cfg(test)]
mod tests {
    use athena_schemas::sealed::{grouped, key_id};
    use athena_schemas::tables::Event;
    use serde_json::json;

    use super::*;
    use crate::apply::{StateRow, apply};
    use crate::test::{command, run};

    #[test]
    fn a_key_is_made_once_and_wrapped_by_who_knows_it() {
        let mut state = State::default();
        let (id, wrapped) = (key_id([7; 8]), grouped(&[1; 60]));
        let at = |offset: i64, event: Event| Event { position: offset as u64, ..event };
        let add = |offset| {
            let given = json!({"id": id, "wrapped": wrapped, "by": "old"});
            at(offset, command(offset, "keys.add", "ann", given))
        };
        assert_eq!(run(&mut state, add(1)).unwrap()["id"], json!(id));
        assert_eq!(run(&mut state, add(2)).unwrap_err().code, Code::Conflict);

        let wrap = |offset, actor: &str, from: &str| {
            let given = json!({"id": id, "wrapped": grouped(&[2; 60]), "by": "new", "from": from, "older": [2, 1, 4]});
            at(offset, command(offset, "keys.wrap", actor, given))
        };
        assert_eq!(run(&mut state, wrap(3, "ann", "old")).unwrap_err().code, Code::PermissionDenied);
        // What the older one opens goes: the version, and commands that tell of it.
        let rows = apply(&state, &wrap(4, "admin", "old")).rows;
        let [_, StateRow::Forgotten(gone)] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((gone.kind.as_str(), &gone.ids, gone.at_once), (DATA_KEY, &vec![id.clone()], true));
        assert_eq!(gone.positions, [1, 2]);
        run(&mut state, wrap(4, "admin", "old")).unwrap();
        assert_eq!(run(&mut state, wrap(5, "admin", "old")).unwrap_err().code, Code::Conflict);
        let kept: Wrapped = body(state.record("p", &id).unwrap()).unwrap();
        assert_eq!((kept.by.as_str(), kept.first.as_str(), kept.made), ("new", "old", Some(1)));
        assert_eq!(ungrouped(&kept.wrapped), Some(vec![2; 60]));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let wrapped = grouped(&[1; 60]);
        for (given, field) in [
            (json!({"id": "dk-1", "wrapped": wrapped, "by": "k"}), "id"),
            (json!({"id": key_id([1; 8]), "wrapped": "", "by": "k"}), "wrapped"),
            (json!({"id": key_id([1; 8]), "wrapped": grouped(&[1; 400]), "by": "k"}), "wrapped"),
        ] {
            let error = run(&mut State::default(), command(1, "keys.add", "ann", given)).unwrap_err();
            assert_eq!(error.field.as_deref(), Some(field));
        }
    }
}
