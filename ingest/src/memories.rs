//! Commands about memories.

pub mod facts;
mod links;
mod many;
mod past;

use athena_schemas::sealed::is_sealed;
use athena_schemas::tables::Memory;
use athena_schemas::{Code, Error, Row, Time, emptied, ids};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::apply::{Call, Decision, Done, Key, State, StateRow, Tool};
use crate::forgets;

pub(crate) const TOOL: Tool = Tool { name: "memories", keys, decide };

pub const KINDS: [&str; 5] = ["fact", "pattern", "decision", "context", "preference"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Remember {
    content: String,
    kind: Option<String>,
    name: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    scope: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    importance: Option<f64>,
    #[serde(default)]
    sensitive: bool,
    source: Option<String>,
    valid_from: Option<Time>,
    valid_until: Option<Time>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    id: String,
    content: Option<String>,
    kind: Option<String>,
    name: Option<String>,
    aliases: Option<Vec<String>>,
    scope: Option<Vec<String>>,
    tags: Option<Vec<String>>,
    importance: Option<f64>,
    sensitive: Option<bool>,
    source: Option<String>,
    valid_from: Option<Time>,
    /// Null takes the end away.
    #[serde(default, deserialize_with = "given")]
    valid_until: Option<Option<Time>>,
    /// The version that the caller has seen: another one is a conflict.
    version: Option<i64>,
    /// Where commands stand that hold the content in clear: it is taken out there.
    #[serde(default)]
    clear: Vec<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forget {
    /// Ids, as the reader resolved them: a filter is not for `apply` to evaluate.
    ids: Vec<String>,
    /// Whether there is no time to restore them in.
    #[serde(default)]
    now: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Supersede {
    old: String,
    new: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pin {
    id: String,
    pinned: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tag {
    id: String,
    #[serde(default)]
    add: Vec<String>,
    #[serde(default)]
    remove: Vec<String>,
}

pub(crate) fn keys(call: &Call<'_>) -> Vec<Key> {
    let key =
        |id: &str| Key { table: Memory::TABLE.name, project: call.event.project.clone(), id: id.to_owned() };
    let text = |name: &str| call.arguments.get(name)?.as_str();
    let given = ["id", "old", "new", "from", "to"].into_iter().filter_map(text).map(key);
    let each = |name: &str| call.arguments.get(name).and_then(Value::as_array).into_iter().flatten();
    let many = each("ids").filter_map(Value::as_str).map(key);
    let told = each("memories").filter_map(|memory| memory.get("id")?.as_str()).map(key);
    given
        .chain(many)
        .chain(told)
        .chain(past::keys(call))
        .chain(links::keys(call))
        .chain(facts::keys(call))
        .collect()
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(match operation {
        "remember" => remember(state, call),
        "update" => update(state, call),
        "forget" => forget(state, call),
        "supersede" => supersede(state, call),
        "pin" => pin(state, call),
        "tag" => tag(state, call),
        "restore" => past::restore(state, call).into(),
        "rollback" => past::rollback(state, call).into(),
        "merge" => many::merge(state, call).into(),
        "import" => many::import(state, call).into(),
        "link" => links::link(state, call).into(),
        "confirm" => facts::confirm(state, call).into(),
        "reject" => facts::reject(state, call).into(),
        _ => return None,
    })
}

/// A memory told: counts once, as told, however often the command is repeated.
fn remember(_: &State, call: &Call<'_>) -> Decision {
    let given: Remember = match call.parse() {
        Ok(given) => given,
        Err(error) => return error.into(),
    };
    let event = call.event;
    written(Memory { id: ids::short("m-", &[&event.source, &event.id]), ..given.into() }, call)
}

impl From<Remember> for Memory {
    fn from(given: Remember) -> Self {
        Self {
            kind: given.kind.unwrap_or_else(|| "fact".into()),
            name: given.name,
            aliases: given.aliases,
            content: given.content,
            scope: given.scope,
            tags: given.tags,
            importance: given.importance,
            sensitive: given.sensitive,
            source: given.source,
            valid_from: given.valid_from,
            valid_until: given.valid_until,
            ..Self::default()
        }
    }
}

/// A new version with what was given; the rest as it was.
fn update(state: &State, call: &Call<'_>) -> Decision {
    let given: Update = match call.parse() {
        Ok(given) => given,
        Err(error) => return error.into(),
    };
    let old = match present(state, call, &given.id) {
        Ok(old) => old,
        Err(error) => return error.into(),
    };
    if given.version.is_some_and(|version| version != old.version) {
        let message = format!("memory {} is at version {}", old.id, old.version);
        let error = Error::new(Code::Conflict, message).hint("read it again and repeat the change");
        return Error { field: Some("version".into()), ..error }.into();
    }
    let sensitive = given.sensitive.unwrap_or(old.sensitive);
    let memory = Memory {
        content: given.content.unwrap_or_else(|| old.content.clone()),
        kind: given.kind.unwrap_or_else(|| old.kind.clone()),
        name: given.name.or_else(|| old.name.clone()),
        aliases: given.aliases.unwrap_or_else(|| old.aliases.clone()),
        scope: given.scope.unwrap_or_else(|| old.scope.clone()),
        tags: given.tags.unwrap_or_else(|| old.tags.clone()),
        importance: given.importance.or(old.importance),
        sensitive,
        source: given.source.or_else(|| old.source.clone()),
        valid_from: given.valid_from.or(old.valid_from),
        valid_until: given.valid_until.unwrap_or(old.valid_until),
        ..old.clone()
    };
    if let Err(error) = as_marked(old, &memory) {
        return error.into();
    }
    match given.clear.is_empty() {
        true => written(memory, call),
        false => cleared(old, memory, given.clear, call).into(),
    }
}

/// What is given, also where it is null.
fn given<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<Time>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// Whether the new content is sealed just if the memory is sensitive: who gave it has read the mark, and another may have
/// changed it since. What was never sealed is as it was told.
fn as_marked(old: &Memory, new: &Memory) -> Result<(), Error> {
    let sealed = is_sealed(&new.content);
    let (wrong, now) = match (new.sensitive, sealed) {
        (true, false) => (is_sealed(&old.content), "sensitive by now"),
        (false, true) => (old.sensitive, "not sensitive any more"),
        _ => (false, ""),
    };
    match wrong {
        false => Ok(()),
        true => {
            let error = Error::conflict(format!("memory {} is {now}", old.id));
            Err(Error { field: Some("content".into()), ..error.hint("read it again and repeat the change") })
        }
    }
}

/// A version that is sealed, and what hides and purges those that were not, and the commands that told them.
fn cleared(old: &Memory, memory: Memory, clear: Vec<u64>, call: &Call<'_>) -> Done {
    // Where it is sealed already only what came too late is taken out.
    if !is_sealed(&old.content) {
        own(old, call)?;
    }
    if !is_sealed(&memory.content) {
        return Err(Error::invalid("clear", "only what is sealed takes the place of what is not"));
    }
    let (id, at) = (memory.id.clone(), call.event.position);
    let Decision { mut rows, result } = written(memory, call);
    let told = result?;
    rows.push(forgets::cleared(call, id, clear.into_iter().filter(|position| *position != at).collect())?);
    Ok((rows, told))
}

/// Tombstones: hidden at once from every reader. They keep what was told as long as it may be restored.
fn forget(state: &State, call: &Call<'_>) -> Decision {
    let given: Forget = match call.parse() {
        Ok(given) => given,
        Err(error) => return error.into(),
    };
    let mut rows = Vec::new();
    for id in &given.ids {
        match present(state, call, id) {
            Ok(old) => {
                let tombstone = stamped(Memory { deleted: true, ..old.clone() }, call);
                rows.push(if given.now { emptied::memory(&tombstone) } else { tombstone });
            }
            Err(error) => return error.into(),
        }
    }
    let mut rows: Vec<_> = rows.into_iter().map(|row| StateRow::Memories(Box::new(row))).collect();
    rows.push(forgets::of_memories(call, &given.ids, given.now));
    Decision { rows, result: Ok(json!({ "forgotten": given.ids })) }
}

/// Forgets those of the ids that are still there, may be taken away by the caller, and are not pinned: what faded was
/// found before this was decided.
pub(crate) fn fade(state: &State, call: &Call<'_>) -> Done {
    let given: Forget = call.parse()?;
    let may = |id: &String| present(state, call, id).ok().filter(|old| !old.pinned && own(old, call).is_ok());
    let faded: Vec<&Memory> = given.ids.iter().filter_map(may).collect();
    let forgotten: Vec<String> = faded.iter().map(|old| old.id.clone()).collect();
    let tombstone = |old: &Memory| stamped(Memory { deleted: true, ..old.clone() }, call);
    let mut rows: Vec<_> =
        faded.into_iter().map(|old| StateRow::Memories(Box::new(tombstone(old)))).collect();
    if !forgotten.is_empty() {
        rows.push(forgets::of_memories(call, &forgotten, false));
    }
    Ok((rows, json!({ "id": ids::short("decay-", &[&call.event.id]), "forgotten": forgotten })))
}

/// One takes the place of another: the old one ends when the new one begins.
fn supersede(state: &State, call: &Call<'_>) -> Decision {
    let given: Supersede = match call.parse() {
        Ok(given) => given,
        Err(error) => return error.into(),
    };
    let both = named(state, call, "old", &given.old)
        .and_then(|old| named(state, call, "new", &given.new).map(|new| (old, new)));
    let (old, new) = match both {
        Ok(both) => both,
        Err(error) => return error.into(),
    };
    if old.id == new.id {
        return Error::invalid("new", "a memory does not take its own place").into();
    }
    // What is superseded takes nobody's place, so there are no rings.
    if let Some(newer) = &new.superseded_by {
        let error = Error::new(Code::Conflict, format!("memory {} was superseded by {newer}", new.id));
        let error = error.hint(format!("name {newer} as the new one"));
        return Error { field: Some("new".into()), ..error }.into();
    }
    let begins = new.valid_from.unwrap_or_else(|| call.now());
    let ends = old.valid_until.map_or(begins, |until| until.min(begins));
    let late = old.valid_from.is_some_and(|from| ends <= from);
    let memory = Memory {
        superseded_by: Some(new.id.clone()),
        // What had not begun by then never held; its bounds stay as they were told.
        valid_until: if late { old.valid_until } else { Some(ends) },
        ..old.clone()
    };
    written(memory, call)
}

/// Whether it never decays.
fn pin(state: &State, call: &Call<'_>) -> Decision {
    let given: Pin = match call.parse() {
        Ok(given) => given,
        Err(error) => return error.into(),
    };
    match present(state, call, &given.id) {
        Ok(old) => written(Memory { pinned: given.pinned, ..old.clone() }, call),
        Err(error) => error.into(),
    }
}

/// Labels added and taken off; each once, in the order in which they came.
fn tag(state: &State, call: &Call<'_>) -> Decision {
    let given: Tag = match call.parse() {
        Ok(given) => given,
        Err(error) => return error.into(),
    };
    if given.add.is_empty() && given.remove.is_empty() {
        return Error::invalid("add", "there is no label to add or to remove").into();
    }
    let old = match present(state, call, &given.id) {
        Ok(old) => old,
        Err(error) => return error.into(),
    };
    let mut tags = old.tags.clone();
    for tag in given.add {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags.retain(|tag| !given.remove.contains(tag));
    written(Memory { tags, ..old.clone() }, call)
}

/// The newest version that is not a tombstone, if the caller may change it.
fn present<'s>(state: &'s State, call: &Call<'_>, id: &str) -> Result<&'s Memory, Error> {
    named(state, call, "id", id)
}

/// The same of the memory that the argument `field` names.
fn named<'s>(state: &'s State, call: &Call<'_>, field: &str, id: &str) -> Result<&'s Memory, Error> {
    let memory =
        state.memory(&call.event.project, id).filter(|memory| !memory.deleted).ok_or_else(|| Error {
            field: Some(field.into()),
            ..Error::not_found(format!("no memory {id} in project {}", call.event.project))
        })?;
    if operation_takes_away(call) {
        own(memory, call)?;
    }
    Ok(memory)
}

/// What was told by another only an admin takes away, or brings back.
fn own(memory: &Memory, call: &Call<'_>) -> Result<(), Error> {
    if memory.actor == call.event.actor || call.admin {
        return Ok(());
    }
    let id = &memory.id;
    Err(Error::new(Code::PermissionDenied, format!("memory {id} was told by another"))
        .hint("its author or an admin may take it away"))
}

fn operation_takes_away(call: &Call<'_>) -> bool {
    call.event.r#type.ends_with(".forget")
}

pub(crate) fn written(memory: Memory, call: &Call<'_>) -> Decision {
    if let Err(error) = check(&memory) {
        return error.into();
    }
    let memory = stamped(memory, call);
    let result = json!({ "id": memory.id, "version": memory.version });
    Decision { rows: vec![StateRow::Memories(Box::new(memory))], result: Ok(result) }
}

fn check(memory: &Memory) -> Result<(), Error> {
    if memory.content.trim().is_empty() {
        return Err(Error::invalid("content", "a memory needs content"));
    }
    if !KINDS.contains(&memory.kind.as_str()) {
        let message = format!("{:?} is none of {}", memory.kind, KINDS.join(", "));
        return Err(Error::invalid("kind", message));
    }
    if memory.importance.is_some_and(|importance| !(0.0..=1.0).contains(&importance)) {
        return Err(Error::invalid("importance", "importance is from 0 to 1"));
    }
    if let (Some(from), Some(until)) = (memory.valid_from, memory.valid_until)
        && until <= from
    {
        return Err(Error::invalid("valid_until", "valid_until must be later than valid_from"));
    }
    Ok(())
}

/// The version's own columns, from the command's place in the log.
pub fn stamped(memory: Memory, call: &Call<'_>) -> Memory {
    let event = call.event;
    Memory {
        version: event.log_offset,
        project: event.project.clone(),
        session: event.session.clone(),
        agent: event.agent.clone(),
        recorded_at: call.now(),
        // The author stays the author; a version by another says so in its event.
        actor: if memory.actor.is_empty() { event.actor.clone() } else { memory.actor },
        origin: event.origin.clone(),
        log_topic: event.log_topic.clone(),
        log_partition: event.log_partition,
        log_offset: event.log_offset,
        position: event.position,
        ..memory
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::{Envelope, apply};
    use athena_schemas::tables::Event;

    pub fn command(offset: i64, operation: &str, actor: &str, arguments: Value) -> Event {
        let envelope = Envelope { arguments, admin: actor == "admin", asked: None };
        Event {
            id: format!("c-{offset}"),
            project: "p".into(),
            r#type: format!("athena.memories.{operation}"),
            actor: actor.into(),
            attributes: Some(serde_json::to_string(&envelope).unwrap()),
            received_at: Time::from_micros(offset),
            log_offset: offset,
            ..Event::default()
        }
    }

    pub fn run(state: &mut State, event: Event) -> Result<Value, Error> {
        let decision = apply(state, &event);
        decision.rows.into_iter().for_each(|row| state.put(row));
        decision.result
    }

    /// The id of what was told.
    pub fn told(state: &mut State, offset: i64, arguments: Value) -> String {
        let done = run(state, command(offset, "remember", "ann", arguments)).unwrap();
        done["id"].as_str().unwrap().to_owned()
    }

    #[test]
    fn told_changed_forgotten() {
        let mut state = State::default();
        let told = run(&mut state, command(1, "remember", "ann", json!({"content": "tests need Kafka"})));
        let id = told.unwrap()["id"].as_str().unwrap().to_owned();
        let update = json!({"id": id, "tags": ["ci"], "version": 1});
        assert_eq!(run(&mut state, command(2, "update", "bob", update)).unwrap()["version"], 2);
        let memory = state.memory("p", &id).unwrap();
        assert_eq!((memory.content.as_str(), memory.tags.len()), ("tests need Kafka", 1));

        let stale = run(&mut state, command(3, "update", "ann", json!({"id": id, "version": 1})));
        assert_eq!(stale.unwrap_err().code, Code::Conflict);
        let foreign = run(&mut state, command(4, "forget", "bob", json!({"ids": [id]})));
        assert_eq!(foreign.unwrap_err().code, Code::PermissionDenied);
        run(&mut state, command(5, "forget", "admin", json!({"ids": [id]}))).unwrap();
        let gone = run(&mut state, command(6, "update", "ann", json!({"id": id})));
        assert_eq!(gone.unwrap_err().code, Code::NotFound);
    }

    #[test]
    fn an_end_is_given_and_taken_away() {
        let mut state = State::default();
        let told = json!({"content": "x", "valid_until": "2030-01-01T00:00:00Z"});
        let id = run(&mut state, command(1, "remember", "ann", told)).unwrap()["id"].clone();
        let until = |state: &State| state.memory("p", id.as_str().unwrap()).unwrap().valid_until;
        run(&mut state, command(2, "update", "ann", json!({"id": id, "tags": ["a"]}))).unwrap();
        assert!(until(&state).is_some());
        run(&mut state, command(3, "update", "ann", json!({"id": id, "valid_until": null}))).unwrap();
        assert_eq!(until(&state), None);
    }

    #[test]
    fn one_takes_the_place_of_another() {
        let mut state = State::default();
        let mut told = |offset, content: &str| {
            let done = run(&mut state, command(offset, "remember", "ann", json!({"content": content})));
            done.unwrap()["id"].as_str().unwrap().to_owned()
        };
        let [old, new, third] = [told(1, "port 80"), told(2, "port 8080"), told(3, "port 9090")];
        let supersede = |old: &str, new: &str| json!({"old": old, "new": new});
        run(&mut state, command(4, "supersede", "ann", supersede(&old, &new))).unwrap();
        let memory = state.memory("p", &old).unwrap();
        assert_eq!(memory.superseded_by.as_deref(), Some(new.as_str()));
        assert_eq!(memory.valid_until, Some(Time::from_micros(4)));

        let ring = run(&mut state, command(5, "supersede", "ann", supersede(&new, &old))).unwrap_err();
        assert_eq!((ring.code, ring.field.as_deref()), (Code::Conflict, Some("new")));
        run(&mut state, command(6, "supersede", "ann", supersede(&new, &third))).unwrap();
        let itself = run(&mut state, command(7, "supersede", "ann", supersede(&third, &third))).unwrap_err();
        assert_eq!(itself.field.as_deref(), Some("new"));
        let unknown = run(&mut state, command(8, "supersede", "ann", supersede("m-x", &third))).unwrap_err();
        assert_eq!((unknown.code, unknown.field.as_deref()), (Code::NotFound, Some("old")));
    }

    #[test]
    fn labels_and_pins() {
        let mut state = State::default();
        let told = json!({"content": "x", "tags": ["a", "b"]});
        let told = run(&mut state, command(1, "remember", "ann", told)).unwrap();
        let id = told["id"].as_str().unwrap();
        let tag = json!({"id": id, "add": ["c", "a"], "remove": ["b"]});
        run(&mut state, command(2, "tag", "bob", tag)).unwrap();
        run(&mut state, command(3, "pin", "bob", json!({"id": id, "pinned": true}))).unwrap();
        let memory = state.memory("p", id).unwrap();
        assert_eq!((memory.tags.as_slice(), memory.pinned), (&["a".to_owned(), "c".into()][..], true));
        let nothing = run(&mut state, command(4, "tag", "bob", json!({"id": id}))).unwrap_err();
        assert_eq!(nothing.field.as_deref(), Some("add"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            (json!({"content": " "}), "content"),
            (json!({"content": "x", "kind": "rumour"}), "kind"),
            (json!({"content": "x", "importance": 2}), "importance"),
            (json!({"content": "x", "colour": "red"}), "colour"),
            (json!({}), "content"),
        ];
        for (arguments, field) in cases {
            let error = run(&mut State::default(), command(1, "remember", "ann", arguments)).unwrap_err();
            assert_eq!(error.field.as_deref(), Some(field), "{error}");
        }
    }
}
