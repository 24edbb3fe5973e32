//! Commands of `graph`: what is told of entities and relations. It is kept apart from what is learned and wins over it:
//! consolidation lays it over what each run derives, and readers over what they read.
//!
//! A record has the id of the entity or relation that it is about, whether that was learned or not; which entity a name
//! means is found before the command, and `apply` sees ids alone.

use std::collections::BTreeSet;

use athena_schemas::tables::Record;
use athena_schemas::{Code, Error, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use athena_schemas::told::{ENTITY, OBSERVATION, Observed, RELATION, Tied, Told};

use crate::apply::{Call, Decision, Done, Key, State, Tool};
use crate::records::{body, key, keys_in, may_remove, new_id, row, version, written};

/// Characters of a name, a kind and an observation; entities of one merge, and aliases of one entity.
const NAME_CHARS: usize = 240;
const KIND_CHARS: usize = 60;
const CONTENT_CHARS: usize = 4_000;
const MOST_MERGED: usize = 100;
const MOST_ALIASES: usize = 200;

pub(crate) const TOOL: Tool = Tool { name: "graph", keys, decide };

/// An entity as the caller found it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Named {
    pub id: String,
    pub name: String,
    pub kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddEntity {
    id: String,
    name: String,
    kind: String,
    #[serde(default)]
    attributes: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddRelation {
    id: String,
    from: Named,
    to: Named,
    kind: String,
    weight: Option<f64>,
    valid_from: Option<Time>,
    valid_until: Option<Time>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Observe {
    entity: Named,
    content: String,
    kind: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    keep: Named,
    drop: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Delete {
    entity: Option<Named>,
    relation: Option<Tied>,
    id: String,
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    let mut keys = keys_in(call, &["id"]);
    let mut named = |value: Option<&Value>| {
        if let Some(id) = value.and_then(|one| one.get("id")?.as_str()) {
            keys.push(key(call, id));
        }
    };
    for field in ["entity", "from", "to", "keep"] {
        named(call.arguments.get(field));
    }
    call.arguments
        .get("drop")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .for_each(|one| named(Some(one)));
    keys
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(Decision::from(match operation {
        "add_entity" => add_entity(state, call),
        "add_relation" => add_relation(state, call),
        "observe" => observe(state, call),
        "merge" => merge(state, call),
        "delete" => delete(state, call),
        _ => return None,
    }))
}

/// The record about an entity, as it is or as the first one begins.
fn record_of(state: &State, call: &Call<'_>, named: &Named) -> Result<(Record, Told), Error> {
    let known = state.record(&call.event.project, &named.id).filter(|one| !one.deleted && one.kind == ENTITY);
    match known {
        Some(record) => Ok((record.clone(), body(record)?)),
        None => {
            let record = Record {
                id: named.id.clone(),
                kind: ENTITY.into(),
                name: Some(named.name.clone()),
                ..Record::default()
            };
            Ok((record, Told { kind: named.kind.clone(), ..Told::default() }))
        }
    }
}

/// The same, unless it was merged or taken away since the caller looked.
fn standing(state: &State, call: &Call<'_>, field: &str, named: &Named) -> Result<(Record, Told), Error> {
    let (record, told) = record_of(state, call, named)?;
    let error = match (&told.merged_into, told.gone) {
        (Some(into), _) => {
            Error::conflict(format!("entity {} was merged into {into}", named.id)).hint("name that one")
        }
        (None, true) => Error::not_found(format!("entity {} was taken away", named.id))
            .hint("`graph.add_entity` brings it back"),
        (None, false) => return Ok((record, told)),
    };
    Err(Error { field: Some(field.into()), ..error })
}

/// Makes an entity, or tells more of one; one that was taken away is there again.
fn add_entity(state: &State, call: &Call<'_>) -> Done {
    let given: AddEntity = call.parse()?;
    check("name", &given.name, NAME_CHARS)?;
    check("kind", &given.kind, KIND_CHARS)?;
    let named = Named { id: given.id, name: given.name.clone(), kind: given.kind };
    let (record, mut told) = record_of(state, call, &named)?;
    if told.merged_into.is_some() {
        return standing(state, call, "name", &named).and_then(|(record, _)| written(record));
    }
    told.gone = false;
    let known = record.name.as_deref() == Some(given.name.as_str());
    if !known && !told.aliases.contains(&given.name) && told.aliases.len() < MOST_ALIASES {
        told.aliases.push(given.name);
    }
    for (name, value) in given.attributes {
        match value {
            Value::Null => drop(told.attributes.shift_remove(&name)),
            value => drop(told.attributes.insert(name, value)),
        }
    }
    written(version(record, &told, call))
}

/// One relation of a kind from one to another; told again, what is given takes the place of what was.
fn add_relation(state: &State, call: &Call<'_>) -> Done {
    let given: AddRelation = call.parse()?;
    check("kind", &given.kind, KIND_CHARS)?;
    if given.weight.is_some_and(|weight| !(weight > 0.0 && weight <= 1e6)) {
        return Err(Error::invalid("weight", "a weight is above 0 and at most 1000000"));
    }
    if given.valid_from.zip(given.valid_until).is_some_and(|(from, until)| from >= until) {
        return Err(Error::invalid("valid_until", "it ends before it begins"));
    }
    if given.from.id == given.to.id {
        return Err(Error::invalid("to", "an entity is not related to itself"));
    }
    let (from, from_told) = standing(state, call, "from", &given.from)?;
    let (to, to_told) = standing(state, call, "to", &given.to)?;
    let old = state.record(&call.event.project, &given.id).filter(|one| !one.deleted && one.kind == RELATION);
    let record = old.cloned().unwrap_or_else(|| Record {
        id: given.id.clone(),
        kind: RELATION.into(),
        name: Some(given.kind.clone()),
        tags: vec![from.id.clone(), to.id.clone()],
        ..Record::default()
    });
    let tied = Tied {
        from: from.id.clone(),
        to: to.id.clone(),
        kind: given.kind,
        weight: given.weight,
        valid_from: given.valid_from,
        valid_until: given.valid_until,
        gone: false,
    };
    let (mut rows, told) = written(version(record, &tied, call))?;
    // Its ends are known by name from now on, also where nothing is learned of them.
    for (end, told) in [(from, from_told), (to, to_told)] {
        if end.version == 0 && state.record(&call.event.project, &end.id).is_none() {
            rows.push(row(version(end, &told, call)));
        }
    }
    Ok((rows, told))
}

fn observe(state: &State, call: &Call<'_>) -> Done {
    let given: Observe = call.parse()?;
    check("content", &given.content, CONTENT_CHARS)?;
    let (entity, told) = standing(state, call, "entity", &given.entity)?;
    let record = Record {
        id: new_id(call, OBSERVATION),
        kind: OBSERVATION.into(),
        text: Some(given.content),
        tags: vec![entity.id.clone()],
        ..Record::default()
    };
    let observed = Observed { entity: entity.id.clone(), kind: given.kind };
    let (mut rows, answer) = written(version(record, &observed, call))?;
    if state.record(&call.event.project, &entity.id).is_none() {
        rows.push(row(version(entity, &told, call)));
    }
    Ok((rows, answer))
}

/// Several are one from now on: their names become its aliases, and what is learned of them is learned of it.
fn merge(state: &State, call: &Call<'_>) -> Done {
    let given: Merge = call.parse()?;
    if given.drop.is_empty() || given.drop.len() > MOST_MERGED {
        return Err(Error::invalid("drop", format!("from 1 to {MOST_MERGED} entities become one")));
    }
    if given.drop.iter().any(|one| one.id == given.keep.id) {
        return Err(Error::invalid("drop", "an entity is not merged into itself"));
    }
    let (keep, mut told) = standing(state, call, "keep", &given.keep)?;
    let mut rows = Vec::new();
    let mut aliases: BTreeSet<String> = told.aliases.iter().cloned().collect();
    for one in &given.drop {
        let (record, mut gone) = standing(state, call, "drop", one)?;
        aliases.extend(record.name.clone());
        aliases.extend(std::mem::take(&mut gone.aliases));
        for (name, value) in std::mem::take(&mut gone.attributes) {
            told.attributes.entry(name).or_insert(value);
        }
        gone.merged_into = Some(given.keep.id.clone());
        rows.push(row(version(record, &gone, call)));
    }
    aliases.remove(keep.name.as_deref().unwrap_or_default());
    told.aliases = aliases.into_iter().take(MOST_ALIASES).collect();
    let (mut all, answer) = written(version(keep, &told, call))?;
    all.append(&mut rows);
    Ok((all, answer))
}

/// Takes an entity or a relation away, for good: what is learned again of it is not shown.
fn delete(state: &State, call: &Call<'_>) -> Done {
    let given: Delete = call.parse()?;
    let known = state.record(&call.event.project, &given.id).filter(|one| !one.deleted);
    if let Some(record) = known {
        may_remove(record, call)?;
    }
    match (given.entity, given.relation) {
        (Some(entity), None) => {
            let (record, told) = standing(state, call, "id", &entity)?;
            let gone = Told { gone: true, aliases: vec![], attributes: Map::new(), ..told };
            written(version(record, &gone, call))
        }
        (None, Some(tied)) => {
            let record = known.cloned().unwrap_or_else(|| Record {
                id: given.id,
                kind: RELATION.into(),
                name: Some(tied.kind.clone()),
                tags: vec![tied.from.clone(), tied.to.clone()],
                ..Record::default()
            });
            if body::<Tied>(&record).is_ok_and(|old| old.gone) {
                return Ok((vec![], json!({"id": record.id, "version": record.version})));
            }
            written(version(record, &Tied { gone: true, ..tied }, call))
        }
        _ => Err(Error::new(Code::Internal, "an entity or a relation is taken away")),
    }
}

fn check(field: &str, text: &str, most: usize) -> Result<(), Error> {
    match !text.trim().is_empty() && text.chars().count() <= most {
        true => Ok(()),
        false => Err(Error::invalid(field, format!("from 1 to {most} characters"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::{command, run};

    fn told(state: &State, id: &str) -> Told {
        body(state.record("p", id).unwrap()).unwrap()
    }

    #[test]
    fn entities_are_told_merged_and_taken_away() {
        let mut state = State::default();
        let call = |state: &mut State, offset, operation: &str, by: &str, arguments| {
            run(state, command(offset, &format!("graph.{operation}"), by, arguments))
        };
        let named = |id: &str| json!({"id": id, "name": id, "kind": "service"});
        for (offset, id) in [(1, "a"), (2, "b"), (3, "c")] {
            let mut arguments = named(id);
            arguments["attributes"] = json!({ id: 1 });
            call(&mut state, offset, "add_entity", "ann", arguments).unwrap();
        }
        let tie = |from, to| json!({"id": format!("rel-{from}{to}"), "from": named(from), "to": named(to), "kind": "calls"});
        call(&mut state, 4, "add_relation", "ann", tie("a", "b")).unwrap();
        assert_eq!(
            call(&mut state, 5, "add_relation", "ann", tie("a", "a")).unwrap_err().field.as_deref(),
            Some("to")
        );
        call(&mut state, 6, "merge", "ann", json!({"keep": named("a"), "drop": [named("b")]})).unwrap();
        assert_eq!(told(&state, "a").aliases, ["b"]);
        assert!(told(&state, "a").attributes.contains_key("b"));
        assert_eq!(told(&state, "b").merged_into.as_deref(), Some("a"));
        let again = json!({"keep": named("b"), "drop": [named("a")]});
        assert_eq!(call(&mut state, 7, "merge", "ann", again).unwrap_err().code, Code::Conflict, "no circle");

        let gone = json!({"id": "c", "entity": named("c")});
        assert_eq!(
            call(&mut state, 8, "delete", "bob", gone.clone()).unwrap_err().code,
            Code::PermissionDenied
        );
        call(&mut state, 9, "delete", "ann", gone).unwrap();
        assert!(told(&state, "c").gone);
        let see = json!({"entity": named("c"), "content": "is slow"});
        assert_eq!(call(&mut state, 10, "observe", "ann", see).unwrap_err().code, Code::NotFound);
        call(&mut state, 11, "add_entity", "ann", named("c")).unwrap();
        assert!(!told(&state, "c").gone, "told again it is there again");
        // What was only learned can be taken away by who may write.
        let learned = json!({"id": "learned", "entity": named("learned")});
        call(&mut state, 12, "delete", "bob", learned).unwrap();
        assert!(told(&state, "learned").gone);
        // An observation makes what it is about known by name.
        let observed = json!({"entity": named("d"), "content": "is fast"});
        let id = call(&mut state, 13, "observe", "ann", observed).unwrap()["id"].as_str().unwrap().to_owned();
        assert_eq!(state.record("p", &id).unwrap().text.as_deref(), Some("is fast"));
        assert_eq!(told(&state, "d").kind, "service");
    }
}
