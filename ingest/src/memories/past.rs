//! What a memory was: brought back, or made the newest again.

use athena_schemas::tables::Memory;
use athena_schemas::{Code, Error};
use serde::Deserialize;

use super::{check, own, present, stamped};
use crate::apply::{Call, Done, Key, PAST, State, StateRow};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Restore {
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rollback {
    id: String,
    /// The one before the newest when not given.
    version: Option<i64>,
}

/// A rollback looks at what stood before.
pub fn keys(call: &Call<'_>) -> Option<Key> {
    let id = call.arguments.get("id").and_then(|id| id.as_str())?;
    let rolls_back = call.event.r#type.ends_with(".rollback");
    rolls_back.then(|| Key { table: PAST, project: call.event.project.clone(), id: id.to_owned() })
}

/// What was forgotten is as it was; a tombstone says what it was for as long as it can be restored.
pub fn restore(state: &State, call: &Call<'_>) -> Done {
    let given: Restore = call.parse()?;
    let project = &call.event.project;
    let field = |error: Error| Error { field: Some("id".into()), ..error };
    let absent = || field(Error::not_found(format!("no memory {} in project {project}", given.id)));
    let memory = state.memory(project, &given.id).ok_or_else(absent)?;
    if !memory.deleted {
        return Err(field(Error::new(Code::Conflict, format!("memory {} was not forgotten", memory.id))));
    }
    // Who may not restore it is not told that it was there.
    own(memory, call).map_err(|_| absent())?;
    if memory.content.is_empty() {
        let error = Error::not_found(format!("nothing is left of memory {}", memory.id));
        return Err(field(
            error.hint("what was forgotten can be restored until the time of grace has passed"),
        ));
    }
    written(Memory { deleted: false, ..memory.clone() }, call)
}

/// An older version is the newest again, all of it.
pub fn rollback(state: &State, call: &Call<'_>) -> Done {
    let given: Rollback = call.parse()?;
    let newest = present(state, call, &given.id)?;
    let project = &call.event.project;
    let versions =
        state.versions(project, &given.id).filter(|version| !version.deleted && !version.content.is_empty());
    let wanted = |version: &&Memory| {
        given.version.map_or(version.version < newest.version, |wanted| version.version == wanted)
    };
    let version = versions.filter(wanted).last().ok_or_else(|| {
        let which =
            given.version.map_or_else(|| "older version".to_owned(), |version| format!("version {version}"));
        let error = Error::not_found(format!("memory {} has no {which}", given.id));
        Error { field: Some("version".into()), ..error.hint("memories.history lists the versions") }
    })?;
    if version.version == newest.version {
        let error = Error::new(Code::Conflict, format!("version {} is the newest", newest.version));
        return Err(Error { field: Some("version".into()), ..error });
    }
    // What is sensitive was taken out where it stood in clear: going back would put it there again, or leave it there.
    if version.sensitive != newest.sensitive {
        let error = Error::conflict(format!(
            "version {} is {}sensitive",
            version.version,
            if version.sensitive { "" } else { "not " }
        ));
        let error = error.hint("memories.update changes `sensitive`");
        return Err(Error { field: Some("version".into()), ..error });
    }
    written(version.clone(), call)
}

fn written(memory: Memory, call: &Call<'_>) -> Done {
    check(&memory)?;
    let memory = stamped(memory, call);
    let told = serde_json::json!({ "id": memory.id, "version": memory.version });
    Ok((vec![StateRow::Memories(Box::new(memory))], told))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::{command, run, told};
    use super::*;

    #[test]
    fn what_was_forgotten_comes_back_once_and_only_to_its_own() {
        let mut state = State::default();
        let id = told(&mut state, 1, json!({"content": "port 80", "tags": ["net"]}));
        let restore = |offset, actor| command(offset, "restore", actor, json!({ "id": id }));
        let early = run(&mut state, restore(2, "ann")).unwrap_err();
        assert_eq!(early.code, Code::Conflict);
        run(&mut state, command(3, "forget", "ann", json!({"ids": [id]}))).unwrap();
        assert_eq!(run(&mut state, restore(4, "bob")).unwrap_err().code, Code::NotFound);
        assert_eq!(run(&mut state, restore(5, "ann")).unwrap()["version"], 5);
        let memory = state.memory("p", &id).unwrap();
        assert_eq!((memory.content.as_str(), memory.tags.len(), memory.deleted), ("port 80", 1, false));

        run(&mut state, command(6, "forget", "ann", json!({"ids": [id]}))).unwrap();
        let emptied = Memory { content: String::new(), ..state.memory("p", &id).unwrap().clone() };
        state.put(StateRow::Memories(Box::new(emptied)));
        let purged = run(&mut state, restore(7, "admin")).unwrap_err();
        assert_eq!((purged.code, purged.field.as_deref()), (Code::NotFound, Some("id")));
    }

    #[test]
    fn an_older_version_is_the_newest_again() {
        let mut state = State::default();
        let rollback = |offset, id: &str, version: i64| {
            command(offset, "rollback", "bob", json!({"id": id, "version": version}))
        };
        // As the writer does before it decides.
        let first = command(1, "remember", "ann", json!({"content": "one"}));
        let id = athena_schemas::ids::short("m-", &[&first.source, &first.id]);
        crate::apply::keys(&rollback(9, &id, 1))
            .into_iter()
            .filter(|key| key.table == PAST)
            .for_each(|key| state.keep_past(key));
        run(&mut state, first).unwrap();
        run(&mut state, command(2, "update", "ann", json!({"id": id, "content": "two", "tags": ["x"]})))
            .unwrap();
        let newest = run(&mut state, rollback(3, &id, 2)).unwrap_err();
        assert_eq!((newest.code, newest.field.as_deref()), (Code::Conflict, Some("version")));
        let done: Value = run(&mut state, command(4, "rollback", "bob", json!({ "id": id }))).unwrap();
        assert_eq!(done["version"], 4);
        let memory = state.memory("p", &id).unwrap();
        assert_eq!((memory.content.as_str(), memory.tags.len(), memory.actor.as_str()), ("one", 0, "ann"));
        run(&mut state, rollback(5, &id, 2)).unwrap();
        assert_eq!(state.memory("p", &id).unwrap().content, "two");
        let unknown = run(&mut state, rollback(6, &id, 77)).unwrap_err();
        assert_eq!((unknown.code, unknown.field.as_deref()), (Code::NotFound, Some("version")));
    }
}
