//! Commands of `skills`: procedures worth teaching, alone or in a chain, under a name.

use athena_schemas::tables::Record;
use athena_schemas::{Error, ids};
use serde::{Deserialize, Serialize};

use crate::apply::{Call, Decision, Done, Key, State, Tool};
use crate::procedures::{check_name, must_be};
use crate::records::{body, find, key, keys_in, version, written};

/// Kind of the records.
pub const SKILL: &str = "skill";

/// Procedures of a chain.
const MOST: usize = 50;

pub(crate) const TOOL: Tool = Tool { name: "skills", keys, decide };

/// The body of a skill's record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Skill {
    /// Ids of the procedures, in the order in which they are done.
    pub procedures: Vec<String>,
    /// Ids of the skills that it is composed of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Promote {
    procedure: String,
    #[serde(default)]
    learned: bool,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Compose {
    skills: Vec<String>,
    name: String,
}

/// The id of the skill of a name: a name is given once in a project.
pub fn id_of_name(name: &str) -> String {
    ids::short("skill-", &[&name.trim().to_lowercase()])
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    let mut keys = keys_in(call, &["procedure", "skills"]);
    let name = call.arguments.get("name").and_then(|name| name.as_str());
    keys.extend(name.map(|name| key(call, &id_of_name(name))));
    keys
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(Decision::from(match operation {
        "promote" => promote(state, call),
        "compose" => compose(state, call),
        _ => return None,
    }))
}

fn promote(state: &State, call: &Call<'_>) -> Done {
    let given: Promote = call.parse()?;
    must_be(state, call, &given.procedure, given.learned)?;
    named(state, call, given.name, Skill { procedures: vec![given.procedure], skills: vec![] })
}

fn compose(state: &State, call: &Call<'_>) -> Done {
    let given: Compose = call.parse()?;
    if given.skills.len() < 2 {
        return Err(Error::invalid("skills", "a chain has at least two skills"));
    }
    let mut skill = Skill::default();
    for id in &given.skills {
        let part: Skill = body(find(state, call, (SKILL, "skills"), id)?)?;
        skill.procedures.extend(part.procedures);
    }
    if skill.procedures.len() > MOST {
        return Err(Error::invalid("skills", format!("a chain has at most {MOST} procedures")));
    }
    named(state, call, given.name, Skill { skills: given.skills, ..skill })
}

/// The skill under its name; another one of the name is a conflict.
fn named(state: &State, call: &Call<'_>, name: String, skill: Skill) -> Done {
    check_name(&name)?;
    let id = id_of_name(&name);
    let old = state.record(&call.event.project, &id).filter(|old| !old.deleted).cloned();
    if let Some(old) = &old
        && body::<Skill>(old)? != skill
    {
        let error = Error::conflict(format!("there is another skill named {name:?}: {id}"));
        return Err(Error { field: Some("name".into()), ..error });
    }
    let record = old.unwrap_or_else(|| Record { id, kind: SKILL.into(), ..Record::default() });
    written(version(Record { name: Some(name), ..record }, &skill, call))
}

#[cfg(test)]
mod tests {
    use athena_schemas::Code;
    use serde_json::{Value, json};

    use super::*;
    use crate::test::{command, run};

    #[test]
    fn skills_are_named_once_and_chained() {
        let (mut state, mut offset) = (State::default(), 0);
        let mut call = |operation: &str, arguments: Value| {
            offset += 1;
            run(&mut state, command(offset, &format!("skills.{operation}"), "ann", arguments))
        };
        let promote =
            |procedure: &str, name: &str| json!({"procedure": procedure, "learned": true, "name": name});
        let build = call("promote", promote("pr-1", "Build")).unwrap()["id"].clone();
        assert_eq!(call("promote", promote("pr-1", " build ")).unwrap()["id"], build, "the same again");
        assert_eq!(call("promote", promote("pr-2", "build")).unwrap_err().code, Code::Conflict);
        let ship = call("promote", promote("pr-2", "ship")).unwrap()["id"].clone();
        let alone = call("compose", json!({"skills": [build], "name": "x"})).unwrap_err();
        assert_eq!(alone.field.as_deref(), Some("skills"));
        let chain = call("compose", json!({"skills": [build, ship], "name": "release"})).unwrap();
        let lost = call("compose", json!({"skills": [build, "skill-x"], "name": "y"})).unwrap_err();
        assert_eq!(lost.code, Code::NotFound);
        let record = state.record("p", chain["id"].as_str().unwrap()).unwrap();
        assert_eq!(body::<Skill>(record).unwrap().procedures, ["pr-1", "pr-2"]);
    }
}
