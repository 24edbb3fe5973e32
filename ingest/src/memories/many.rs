//! Many memories at once: several that become one, and those that come from elsewhere.

use std::collections::HashSet;

use athena_schemas::tables::Memory;
use athena_schemas::{Code, Error, Time};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Remember, as_marked, check, named, stamped};
use crate::apply::{Call, Done, State, StateRow};

/// Memories that become one at most.
pub const MOST_MERGED: usize = 100;
/// Memories that one command imports at most.
pub const MOST_IMPORTED: usize = 1_000;
/// What stands between the sources of a memory that was merged.
const BETWEEN_SOURCES: &str = "; ";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    ids: Vec<String>,
    /// The text of the one; that of the newest when not given.
    content: Option<String>,
}

/// The newest keeps all sources, labels and names; the others are superseded by it.
pub fn merge(state: &State, call: &Call<'_>) -> Done {
    let given: Merge = call.parse()?;
    let mut seen = HashSet::new();
    let ids: Vec<&String> = given.ids.iter().filter(|id| seen.insert(*id)).collect();
    if !(2..=MOST_MERGED).contains(&ids.len()) {
        return Err(Error::invalid(
            "ids",
            format!("from 2 to {MOST_MERGED} different memories can be merged"),
        ));
    }
    let mut all = Vec::new();
    for id in ids {
        let memory = named(state, call, "ids", id)?;
        if let Some(newer) = &memory.superseded_by {
            let error = Error::new(Code::Conflict, format!("memory {id} was superseded by {newer}"));
            return Err(Error {
                field: Some("ids".into()),
                ..error.hint(format!("name {newer} in its place"))
            });
        }
        all.push(memory);
    }
    all.sort_by_key(|memory| memory.version);
    let newest = all.pop().expect("two at least");
    if let Some(other) = all.iter().find(|memory| memory.sensitive != newest.sensitive) {
        let (is, is_not) = if other.sensitive { (*other, newest) } else { (newest, *other) };
        let error = Error::conflict(format!("memory {} is sensitive and {} is not", is.id, is_not.id));
        let error = error.hint("memories.update with `sensitive` makes them alike");
        return Err(Error { field: Some("ids".into()), ..error });
    }
    let one =
        Memory { content: given.content.unwrap_or_else(|| newest.content.clone()), ..joined(newest, &all) };
    check(&one)?;
    as_marked(newest, &one)?;
    let one = stamped(one, call);
    let told = json!({ "id": one.id, "version": one.version, "merged": all.iter().map(|memory| &memory.id).collect::<Vec<_>>() });
    let others =
        all.into_iter().map(|memory| Memory { superseded_by: Some(one.id.clone()), ..memory.clone() });
    let others = others.map(|memory| stamped(memory, call));
    let rows = others.chain([one.clone()]).map(|memory| StateRow::Memories(Box::new(memory)));
    Ok((rows.collect(), told))
}

/// The newest with what the others have besides: nothing of them is lost but their words.
fn joined(newest: &Memory, others: &[&Memory]) -> Memory {
    let mut one = newest.clone();
    let add = |to: &mut Vec<String>, more: &[String]| {
        let new: Vec<String> = more.iter().filter(|word| !to.contains(word)).cloned().collect();
        to.extend(new);
    };
    let mut sources: Vec<String> = sources(newest).collect();
    for other in others {
        add(&mut one.tags, &other.tags);
        add(&mut one.aliases, &other.aliases);
        match (&one.name, &other.name) {
            (None, name) => one.name.clone_from(name),
            (Some(own), Some(name)) if own != name => add(&mut one.aliases, std::slice::from_ref(name)),
            _ => {}
        }
        // One that is seen from everywhere stays so.
        match one.scope.is_empty() || other.scope.is_empty() {
            true => one.scope.clear(),
            false => add(&mut one.scope, &other.scope),
        }
        add(&mut sources, &self::sources(other).collect::<Vec<_>>());
        one.importance = match (one.importance, other.importance) {
            (Some(own), Some(importance)) => Some(own.max(importance)),
            (own, importance) => own.or(importance),
        };
        one.pinned |= other.pinned;
        one.sensitive |= other.sensitive;
        one.valid_from = earliest(one.valid_from, other.valid_from);
    }
    one.source = (!sources.is_empty()).then(|| sources.join(BETWEEN_SOURCES));
    one
}

fn sources(memory: &Memory) -> impl Iterator<Item = String> {
    memory.source.iter().flat_map(|source| source.split(BETWEEN_SOURCES)).map(str::to_owned)
}

/// The earlier of two beginnings; what always held did so before either.
fn earliest(one: Option<Time>, other: Option<Time>) -> Option<Time> {
    one.zip(other).map(|(one, other)| one.min(other))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Import {
    /// Each with the id that it has wherever it is imported again.
    memories: Vec<Value>,
}

/// Those that are not there yet. One that cannot be taken rejects itself, not its neighbours.
pub fn import(state: &State, call: &Call<'_>) -> Done {
    let given: Import = call.parse()?;
    if !(1..=MOST_IMPORTED).contains(&given.memories.len()) {
        return Err(Error::invalid(
            "memories",
            format!("from 1 to {MOST_IMPORTED} memories can be imported at once"),
        ));
    }
    let mut rows: Vec<Memory> = Vec::new();
    let (mut duplicates, mut rejected) = (0_u64, Vec::new());
    for (index, value) in given.memories.into_iter().enumerate() {
        match imported(state, call, value) {
            Ok(memory) if rows.iter().any(|row| row.id == memory.id) => duplicates += 1,
            Ok(memory) => match state.memory(&call.event.project, &memory.id) {
                None => rows.push(memory),
                Some(old) if old.deleted => {
                    rejected.push(told(index, &Error::conflict("it was forgotten here")))
                }
                Some(_) => duplicates += 1,
            },
            Err(error) => rejected.push(told(index, &error)),
        }
    }
    let ids: Vec<&String> = rows.iter().map(|row| &row.id).collect();
    let told = json!({ "imported": rows.len(), "duplicates": duplicates, "rejected": rejected, "ids": ids });
    Ok((rows.into_iter().map(|row| StateRow::Memories(Box::new(row))).collect(), told))
}

fn imported(_: &State, call: &Call<'_>, mut value: Value) -> Result<Memory, Error> {
    let id = value.as_object_mut().and_then(|fields| fields.remove("id"));
    let id = id.as_ref().and_then(Value::as_str).filter(|id| id.starts_with("m-"));
    let id = id.ok_or_else(|| Error::internal("an import without an id"))?.to_owned();
    let given = Remember::deserialize(&value).map_err(|error| {
        let message = error.to_string();
        Error::invalid(message.split('`').nth(1).unwrap_or_default().to_owned(), message)
    })?;
    let memory = Memory { id, ..given.into() };
    check(&memory)?;
    Ok(stamped(memory, call))
}

fn told(index: usize, error: &Error) -> Value {
    json!({ "index": index, "code": error.code, "field": error.field, "message": error.message })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{command, run, told};
    use super::*;

    #[test]
    fn one_memory_keeps_what_all_had() {
        let mut state = State::default();
        let a = told(
            &mut state,
            1,
            json!({"content": "Deploy on Tuesdays", "source": "wiki", "tags": ["x"], "name": "deploy day", "importance": 0.9}),
        );
        let b = told(
            &mut state,
            2,
            json!({"content": "Tuesday is deploy day", "source": "chat", "tags": ["y"], "scope": ["ci"]}),
        );
        let merged = run(&mut state, command(3, "merge", "ann", json!({"ids": [b, a, a]}))).unwrap();
        assert_eq!((merged["id"].as_str(), &merged["merged"]), (Some(b.as_str()), &json!([a])));
        let one = state.memory("p", &b).unwrap();
        assert_eq!(
            (one.content.as_str(), one.source.as_deref()),
            ("Tuesday is deploy day", Some("chat; wiki"))
        );
        assert_eq!(
            (one.tags.len(), one.name.as_deref(), one.importance, one.scope.len()),
            (2, Some("deploy day"), Some(0.9), 0)
        );
        assert_eq!(state.memory("p", &a).unwrap().superseded_by.as_deref(), Some(b.as_str()));

        let again = run(&mut state, command(4, "merge", "ann", json!({"ids": [a, b]}))).unwrap_err();
        assert_eq!(again.code, Code::Conflict);
        let single = run(&mut state, command(5, "merge", "ann", json!({"ids": [b, b]}))).unwrap_err();
        assert_eq!(single.field.as_deref(), Some("ids"));
    }

    #[test]
    fn an_import_counts_and_rejects() {
        let mut state = State::default();
        let memories = json!([{"id": "m-1", "content": "a"}, {"id": "m-2", "content": " "}, {"id": "m-1", "content": "a"}, {"id": "m-3", "content": "b", "colour": 1}]);
        let first = run(&mut state, command(1, "import", "ann", json!({ "memories": memories }))).unwrap();
        assert_eq!((&first["imported"], &first["duplicates"]), (&json!(1), &json!(1)));
        let fields: Vec<_> = first["rejected"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["index"].clone(), one["field"].clone()))
            .collect();
        assert_eq!(fields, [(json!(1), json!("content")), (json!(3), json!("colour"))]);

        run(&mut state, command(2, "forget", "ann", json!({"ids": ["m-1"]}))).unwrap();
        let one = json!({"memories": [{"id": "m-1", "content": "a"}]});
        let again = run(&mut state, command(3, "import", "ann", one)).unwrap();
        assert_eq!((&again["imported"], again["rejected"].as_array().unwrap().len()), (&json!(0), 1));
    }
}
