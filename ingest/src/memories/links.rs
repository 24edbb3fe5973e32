//! What ties one memory to another.

use athena_schemas::tables::Record;
use athena_schemas::{Error, ids};
use serde::Deserialize;
use serde_json::json;

use super::named;
use crate::apply::{Call, Done, Key, State};
use crate::records;

/// The kind of such records.
pub const KIND: &str = "memory_link";
/// Characters of the longest relation.
const RELATION_CHARS: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    from: String,
    to: String,
    relation: String,
}

impl Link {
    /// One of a kind between two is one link, however often it is told.
    fn id(from: &str, to: &str, relation: &str) -> String {
        ids::short("link-", &[from, to, relation])
    }
}

pub fn keys(call: &Call<'_>) -> Option<Key> {
    let text = |name: &str| call.arguments.get(name)?.as_str();
    Some(records::key(call, &Link::id(text("from")?, text("to")?, text("relation")?)))
}

/// Both must be there. The link is found by either.
pub fn link(state: &State, call: &Call<'_>) -> Done {
    let given: Link = call.parse()?;
    if given.relation.trim().is_empty() || given.relation.chars().count() > RELATION_CHARS {
        return Err(Error::invalid(
            "relation",
            format!("a relation has from 1 to {RELATION_CHARS} characters"),
        ));
    }
    named(state, call, "from", &given.from)?;
    named(state, call, "to", &given.to)?;
    if given.from == given.to {
        return Err(Error::invalid("to", "a memory is not linked to itself"));
    }
    let id = Link::id(&given.from, &given.to, &given.relation);
    if let Some(known) = state.record(&call.event.project, &id).filter(|record| !record.deleted) {
        return Ok((vec![], json!({ "id": known.id, "version": known.version })));
    }
    let body = json!({ "from": given.from, "to": given.to, "relation": given.relation });
    let record = Record {
        id,
        kind: KIND.to_owned(),
        name: Some(given.relation),
        tags: vec![given.from, given.to],
        ..Record::default()
    };
    records::written(records::version(record, &body, call))
}

#[cfg(test)]
mod tests {
    use athena_schemas::Code;

    use super::super::tests::{command, run, told};
    use super::*;

    #[test]
    fn a_link_is_told_once_and_between_two() {
        let mut state = State::default();
        let [a, b] =
            [(1, "one"), (2, "two")].map(|(at, content)| told(&mut state, at, json!({ "content": content })));
        let link = |offset, from: &str, to: &str| {
            command(offset, "link", "bob", json!({"from": from, "to": to, "relation": "explains"}))
        };
        let first = run(&mut state, link(3, &a, &b)).unwrap();
        assert_eq!(run(&mut state, link(4, &a, &b)).unwrap(), first);
        let record = state.record("p", first["id"].as_str().unwrap()).unwrap();
        assert_eq!((record.kind.as_str(), record.tags.as_slice()), (KIND, &[a.clone(), b.clone()][..]));
        assert_ne!(run(&mut state, link(5, &b, &a)).unwrap()["id"], first["id"]);
        assert_eq!(run(&mut state, link(6, &a, &a)).unwrap_err().field.as_deref(), Some("to"));
        let unknown = run(&mut state, link(7, &a, "m-x")).unwrap_err();
        assert_eq!((unknown.code, unknown.field.as_deref()), (Code::NotFound, Some("to")));
    }
}
