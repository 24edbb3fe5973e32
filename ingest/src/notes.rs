//! Commands of `notes`: a Zettelkasten. A note knows its parent and its place among the parent's children; its
//! address is read from these, so that a move changes one note and with it the addresses of all below.

use athena_schemas::tables::{Memory, Record};
use athena_schemas::{Code, Error, Row, ids};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::apply::{Call, Decision, Done, Key, State, StateRow, Tool};
use crate::records::{body, find, key, keys_in, new_id, row, version, written};

/// Kinds of records: notes, what links them, and how many children each has had.
pub const NOTE: &str = "note";
pub const LINK: &str = "note_link";
const CHILDREN: &str = "note_children";

/// Levels of a tree of notes, and characters of what is said in a line.
pub const MOST_LEVELS: usize = 100;
const TITLE_CHARS: usize = 300;
const WHY_CHARS: usize = 1_000;

pub(crate) const TOOL: Tool = Tool { name: "notes", keys, decide };

/// Where a note stands: the body of a note's record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The note above; none at the top.
    pub parent: Option<String>,
    /// From 1; never given twice by one parent.
    pub ordinal: u32,
}

/// The body of a link's record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    pub from: String,
    /// A note or a memory.
    pub to: String,
    pub why: String,
}

/// The body of the record that counts a parent's children.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Children {
    /// The largest ordinal given.
    last: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    title: String,
    body: String,
    parent: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    note: String,
    title: Option<String>,
    body: Option<String>,
    /// The version that the caller has seen: another one is a conflict.
    version: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    note: String,
    parent: Option<String>,
    /// The new parent and all above it, as the reader found them.
    #[serde(default)]
    chain: Vec<String>,
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    let mut keys = keys_in(call, &["note", "parent", "chain", "from", "to"]);
    let named = |name: &str| call.arguments.get(name).and_then(|value| value.as_str());
    keys.push(key(call, &children_of(named("parent"))));
    if let (Some(from), Some(to)) = (named("from"), named("to")) {
        keys.push(key(call, &link_id(from, to)));
        keys.push(Key { table: Memory::TABLE.name, ..key(call, to) });
    }
    keys
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(Decision::from(match operation {
        "create" => create(state, call),
        "update" => update(state, call),
        "link" => link(state, call),
        "move" => moved(state, call),
        _ => return None,
    }))
}

fn create(state: &State, call: &Call<'_>) -> Done {
    let given: Create = call.parse()?;
    check(&given.title, &given.body)?;
    if let Some(parent) = &given.parent {
        find(state, call, (NOTE, "parent"), parent)?;
    }
    let (ordinal, counted) = next_place(state, call, given.parent.as_deref())?;
    let note = Record {
        id: new_id(call, NOTE),
        kind: NOTE.into(),
        name: Some(given.title),
        text: Some(given.body),
        ..Record::default()
    };
    let (mut rows, told) = written(version(note, &Place { parent: given.parent, ordinal }, call))?;
    rows.push(counted);
    Ok((rows, told))
}

/// A new version with what was given; the rest as it was.
fn update(state: &State, call: &Call<'_>) -> Done {
    let given: Update = call.parse()?;
    let old = find(state, call, (NOTE, "note"), &given.note)?;
    if given.version.is_some_and(|version| version != old.version) {
        let message = format!("note {} is at version {}", old.id, old.version);
        let error = Error::conflict(message).hint("read it again and repeat the change");
        return Err(Error { field: Some("version".into()), ..error });
    }
    let title = given.title.or_else(|| old.name.clone()).unwrap_or_default();
    let text = given.body.or_else(|| old.text.clone()).unwrap_or_default();
    check(&title, &text)?;
    let note = Record { name: Some(title), text: Some(text), ..old.clone() };
    written(version(note, &body::<Place>(old)?, call))
}

/// One link from one note to another, or to a memory; said again, its reason is the new one.
fn link(state: &State, call: &Call<'_>) -> Done {
    let given: Link = call.parse()?;
    find(state, call, (NOTE, "from"), &given.from)?;
    let memory = state.memory(&call.event.project, &given.to).is_some_and(|memory| !memory.deleted);
    if !memory {
        find(state, call, (NOTE, "to"), &given.to)?;
    }
    if given.from == given.to {
        return Err(Error::invalid("to", "a note does not link to itself"));
    }
    if given.why.trim().is_empty() || given.why.chars().count() > WHY_CHARS {
        return Err(Error::invalid("why", format!("a link says why, in 1 to {WHY_CHARS} characters")));
    }
    let id = link_id(&given.from, &given.to);
    let old = state.record(&call.event.project, &id).filter(|old| !old.deleted).cloned();
    let link = old.unwrap_or_else(|| Record { id, kind: LINK.into(), ..Record::default() });
    written(version(link, &given, call))
}

/// Another parent, as its last child. The chain that the reader found must be what is there, and end at the top:
/// so the note cannot come to stand below itself.
fn moved(state: &State, call: &Call<'_>) -> Done {
    let given: Move = call.parse()?;
    let note = find(state, call, (NOTE, "note"), &given.note)?;
    if let Some(parent) = &given.parent {
        find(state, call, (NOTE, "parent"), parent)?;
    }
    let place: Place = body(note)?;
    if place.parent == given.parent {
        return Ok((vec![], json!({"id": note.id, "version": note.version})));
    }
    let mut above = given.parent.clone();
    for id in &given.chain {
        let chained = state.record(&call.event.project, id).filter(|one| !one.deleted && one.kind == NOTE);
        let (Some(chained), true) = (chained, above.as_ref() == Some(id)) else { return Err(overtaken()) };
        above = body::<Place>(chained)?.parent;
    }
    if above.is_some() {
        return Err(overtaken());
    }
    if given.chain.contains(&note.id) {
        let error = Error::new(Code::Conflict, format!("note {} is above its new parent", note.id));
        return Err(Error { field: Some("parent".into()), ..error });
    }
    let (ordinal, counted) = next_place(state, call, given.parent.as_deref())?;
    let (mut rows, told) = written(version(note.clone(), &Place { parent: given.parent, ordinal }, call))?;
    rows.push(counted);
    Ok((rows, told))
}

fn overtaken() -> Error {
    Error::conflict("a note above the new parent was moved meanwhile").hint("call it again")
}

/// The ordinal of a parent's next child, and the record that counts it.
fn next_place(state: &State, call: &Call<'_>, parent: Option<&str>) -> Result<(u32, StateRow), Error> {
    let id = children_of(parent);
    let old = state.record(&call.event.project, &id).cloned();
    let last = old.as_ref().map(body::<Children>).transpose()?.unwrap_or_default().last;
    let children = Children { last: last.saturating_add(1) };
    let record = old.unwrap_or_else(|| Record { id, kind: CHILDREN.into(), ..Record::default() });
    Ok((children.last, row(version(record, &children, call))))
}

fn check(title: &str, body: &str) -> Result<(), Error> {
    if title.trim().is_empty() || title.chars().count() > TITLE_CHARS {
        return Err(Error::invalid("title", format!("a title has 1 to {TITLE_CHARS} characters")));
    }
    if body.trim().is_empty() {
        return Err(Error::invalid("body", "a note says something"));
    }
    Ok(())
}

fn children_of(parent: Option<&str>) -> String {
    format!("note-children-{}", parent.unwrap_or("top"))
}

fn link_id(from: &str, to: &str) -> String {
    ids::short("note-link-", &[from, to])
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::test::{command, run};

    struct Notes(State, i64);

    impl Notes {
        fn call(&mut self, operation: &str, arguments: Value) -> Result<Value, Error> {
            self.1 += 1;
            run(&mut self.0, command(self.1, &format!("notes.{operation}"), "ann", arguments))
        }

        fn note(&mut self, title: &str, parent: Option<&str>) -> String {
            let made = self.call("create", json!({"title": title, "body": title, "parent": parent}));
            made.unwrap()["id"].as_str().unwrap().to_owned()
        }

        fn place(&self, id: &str) -> Place {
            body(self.0.record("p", id).unwrap()).unwrap()
        }
    }

    #[test]
    fn children_are_numbered_in_the_order_in_which_they_come() {
        let mut notes = Notes(State::default(), 0);
        let top = notes.note("top", None);
        let [one, two] = [notes.note("one", Some(&top)), notes.note("two", Some(&top))];
        assert_eq!(notes.place(&top), Place { parent: None, ordinal: 1 });
        assert_eq!(notes.place(&one), Place { parent: Some(top.clone()), ordinal: 1 });
        assert_eq!(notes.place(&two).ordinal, 2);
        // What left its place does not give it to another.
        notes.call("move", json!({"note": two})).unwrap();
        assert_eq!(notes.place(&two), Place { parent: None, ordinal: 2 });
        let three = notes.note("three", Some(&top));
        assert_eq!(notes.place(&three).ordinal, 3);
        let lost = notes.call("create", json!({"title": "x", "body": "x", "parent": "note-x"})).unwrap_err();
        assert_eq!((lost.code, lost.field.as_deref()), (Code::NotFound, Some("parent")));
    }

    #[test]
    fn a_note_cannot_come_to_stand_below_itself() {
        let mut notes = Notes(State::default(), 0);
        let top = notes.note("top", None);
        let child = notes.note("child", Some(&top));
        let below = json!({"note": top, "parent": child, "chain": [child, top]});
        assert_eq!(notes.call("move", below).unwrap_err().code, Code::Conflict);
        // A chain that ends too early, or is of another time, hides nothing.
        for chain in [json!([child]), json!([]), json!([top]), json!([child, "note-x"])] {
            let hidden = json!({"note": top, "parent": child, "chain": chain});
            let error = notes.call("move", hidden).unwrap_err();
            assert_eq!((error.code, error.field), (Code::Conflict, None), "{chain}");
        }
        assert_eq!(notes.place(&top).parent, None);
    }

    #[test]
    fn links_say_why_once() {
        let mut notes = Notes(State::default(), 0);
        let [one, two] = [notes.note("one", None), notes.note("two", None)];
        let link = |why: &str| json!({"from": one, "to": two, "why": why});
        let first = notes.call("link", link("because")).unwrap();
        let again = notes.call("link", link("for another reason")).unwrap();
        assert_eq!(first["id"], again["id"]);
        let stored: Link = body(notes.0.record("p", first["id"].as_str().unwrap()).unwrap()).unwrap();
        assert_eq!(stored.why, "for another reason");
        let wrong = [(json!({"from": one, "to": one, "why": "x"}), "to"), (link(" "), "why")];
        for (arguments, field) in wrong {
            assert_eq!(notes.call("link", arguments).unwrap_err().field.as_deref(), Some(field));
        }
        let lost = json!({"from": one, "to": "note-x", "why": "x"});
        assert_eq!(notes.call("link", lost).unwrap_err().code, Code::NotFound);
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name() {
        let mut notes = Notes(State::default(), 0);
        let note = notes.note("title", None);
        let seen = notes.0.record("p", &note).unwrap().version;
        notes.call("update", json!({"note": note, "body": "more", "version": seen})).unwrap();
        let now = notes.0.record("p", &note).unwrap();
        assert_eq!((now.name.as_deref(), now.text.as_deref()), (Some("title"), Some("more")));
        let stale = notes.call("update", json!({"note": note, "body": "x", "version": seen})).unwrap_err();
        assert_eq!((stale.code, stale.field.as_deref()), (Code::Conflict, Some("version")));
        let empty = notes.call("update", json!({"note": note, "title": ""})).unwrap_err();
        assert_eq!(empty.field.as_deref(), Some("title"));
    }
}
