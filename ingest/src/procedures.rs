//! Commands of `procedures`: what people say of how things are done. What was learned is in no state; what is said of
//! it (a name, other steps, that it is retired) stands in a record of its id, and is applied over every run.

use athena_schemas::tables::Record;
use athena_schemas::vocabulary::Outcome;
use athena_schemas::{Code, Error, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::apply::{Call, Decision, Done, Key, State, Tool};
use crate::records::{body, find, keys_in, may_remove, new_id, row, version, written};

/// Kinds of records: what was said of a procedure, and one time that it was done as told.
pub const PROCEDURE: &str = "procedure";
pub const EXECUTION: &str = "execution";

/// Bounds of a procedure that is told.
pub const MOST_STEPS: usize = 100;
const STEP_CHARS: usize = 2_000;
const NAME_CHARS: usize = 300;
const CATEGORY_CHARS: usize = 60;
/// Characters of a reason or a lesson.
const WHY_CHARS: usize = 2_000;

pub(crate) const TOOL: Tool = Tool { name: "procedures", keys, decide };

/// The body of a procedure's record; its name is the record's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// `TOOL: TEXT` or a text alone; none where the learned ones hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Whether it is said of a learned procedure, of the record's id.
    #[serde(default)]
    pub learned: bool,
    /// The session that it was made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Ids of the events whose texts the steps and the name have: when these are forgotten, so is it. None of a
    /// procedure that was told, or made before they were noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_of: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<Retired>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Retired {
    pub why: String,
    pub at: Time,
}

/// The body of an execution's record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Execution {
    pub procedure: String,
    /// Values of the procedure's parameters.
    #[serde(default)]
    pub parameters: Map<String, Value>,
    /// What is to be done, step by step.
    #[serde(default)]
    pub steps: Vec<String>,
    /// None while it is under way.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    #[serde(default)]
    pub duration_ms: Option<i64>,
    #[serde(default)]
    pub variables: Map<String, Value>,
    #[serde(default)]
    pub lesson: Option<String>,
    #[serde(default)]
    pub started_at: Option<Time>,
    #[serde(default)]
    pub ended_at: Option<Time>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    name: String,
    steps: Vec<String>,
    category: Option<String>,
    from: Option<String>,
    made_of: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    procedure: String,
    /// Whether the reader found it among what was learned.
    #[serde(default)]
    learned: bool,
    name: Option<String>,
    steps: Option<Vec<String>>,
    category: Option<String>,
    /// Takes a retirement back.
    #[serde(default)]
    restore: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Retire {
    procedure: String,
    #[serde(default)]
    learned: bool,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Execute {
    procedure: String,
    #[serde(default)]
    learned: bool,
    #[serde(default)]
    parameters: Map<String, Value>,
    steps: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordExecution {
    procedure: String,
    #[serde(default)]
    learned: bool,
    execution: Option<String>,
    outcome: Outcome,
    duration_ms: Option<i64>,
    #[serde(default)]
    variables: Map<String, Value>,
    lesson: Option<String>,
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    keys_in(call, &["procedure", "execution"])
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(Decision::from(match operation {
        "create" | "generate" => create(call),
        "update" => update(state, call),
        "retire" => retire(state, call),
        "execute" => execute(state, call),
        "record_execution" => record_execution(state, call),
        _ => return None,
    }))
}

fn create(call: &Call<'_>) -> Done {
    let given: Create = call.parse()?;
    check_name(&given.name)?;
    check_steps(&given.steps)?;
    check_category(given.category.as_deref())?;
    let made = Record {
        id: new_id(call, PROCEDURE),
        kind: PROCEDURE.into(),
        name: Some(given.name),
        ..Record::default()
    };
    if given.made_of.as_ref().is_some_and(|events| events.len() > MOST_STEPS) {
        return Err(Error::invalid("made_of", format!("at most {MOST_STEPS} events")));
    }
    let told = Told {
        steps: Some(given.steps),
        category: given.category,
        from: given.from,
        made_of: given.made_of,
        ..Told::default()
    };
    written(version(made, &told, call))
}

/// A new version with what was given; the rest as it was, or as it is learned.
fn update(state: &State, call: &Call<'_>) -> Done {
    let given: Update = call.parse()?;
    let (record, told) = said_of(state, call, &given.procedure, given.learned)?;
    if let (Some(retired), false) = (&told.retired, given.restore) {
        let error = Error::conflict(format!("procedure {} is retired: {}", record.id, retired.why));
        return Err(error.hint("call it with `restore` to take that back"));
    }
    given.name.as_deref().map_or(Ok(()), check_name)?;
    given.steps.as_deref().map_or(Ok(()), check_steps)?;
    check_category(given.category.as_deref())?;
    // Told anew as a whole, it has nothing of what it was made of.
    let anew = given.name.is_some() && given.steps.is_some();
    let record = Record { name: given.name.or(record.name), ..record };
    let told = Told {
        made_of: if anew { told.made_of.map(|_| Vec::new()) } else { told.made_of },
        steps: given.steps.or(told.steps),
        category: given.category.or(told.category),
        retired: None,
        ..told
    };
    written(version(record, &told, call))
}

fn retire(state: &State, call: &Call<'_>) -> Done {
    let given: Retire = call.parse()?;
    check_why("why", &given.why)?;
    let (record, told) = said_of(state, call, &given.procedure, given.learned)?;
    // What was learned is nobody's own; what was told is its maker's.
    if !told.learned {
        may_remove(&record, call)?;
    }
    let retired = Some(Retired { why: given.why, at: call.now() });
    written(version(record, &Told { retired, ..told }, call))
}

fn execute(state: &State, call: &Call<'_>) -> Done {
    let given: Execute = call.parse()?;
    must_be(state, call, &given.procedure, given.learned)?;
    if given.steps.len() > MOST_STEPS {
        return Err(Error::invalid("steps", format!("{} steps, at most {MOST_STEPS}", given.steps.len())));
    }
    let execution = Execution {
        procedure: given.procedure,
        parameters: given.parameters,
        steps: given.steps,
        started_at: Some(call.now()),
        ..Execution::default()
    };
    written(version(new_execution(call), &execution, call))
}

/// How it ended: of one that was begun by `execute`, or of one that nobody told of before.
fn record_execution(state: &State, call: &Call<'_>) -> Done {
    let given: RecordExecution = call.parse()?;
    given.lesson.as_deref().map_or(Ok(()), |lesson| check_why("lesson", lesson))?;
    if given.duration_ms.is_some_and(|ms| ms < 0) {
        return Err(Error::invalid("duration_ms", "a time is not less than nothing"));
    }
    let (record, begun) = match &given.execution {
        Some(id) => {
            let record = find(state, call, (EXECUTION, "execution"), id)?;
            (record.clone(), body::<Execution>(record)?)
        }
        None => {
            must_be(state, call, &given.procedure, given.learned)?;
            let procedure = given.procedure.clone();
            (new_execution(call), Execution { procedure, ..Execution::default() })
        }
    };
    if begun.procedure != given.procedure {
        let error = Error::new(Code::Conflict, format!("{} is of procedure {}", record.id, begun.procedure));
        return Err(Error { field: Some("execution".into()), ..error });
    }
    if let Some(outcome) = begun.outcome.filter(|outcome| *outcome != Outcome::Ongoing) {
        let told = serde_json::to_value(outcome).unwrap_or_default();
        let error = Error::conflict(format!("{} has ended already: {told}", record.id));
        return Err(Error { field: Some("execution".into()), ..error });
    }
    let took = begun.started_at.map(|at| (call.now().micros() - at.micros()) / 1_000);
    let ended = Execution {
        outcome: Some(given.outcome),
        duration_ms: given.duration_ms.or(took),
        variables: given.variables,
        lesson: given.lesson,
        ended_at: (given.outcome != Outcome::Ongoing).then(|| call.now()),
        ..begun
    };
    let record = version(record, &ended, call);
    let told = json!({"id": record.id, "version": record.version, "procedure": ended.procedure,
                      "duration_ms": ended.duration_ms});
    Ok((vec![row(record)], told))
}

fn new_execution(call: &Call<'_>) -> Record {
    Record { id: new_id(call, EXECUTION), kind: EXECUTION.into(), ..Record::default() }
}

/// What was said of a procedure so far: nothing yet of one that the reader found to be learned.
fn said_of(state: &State, call: &Call<'_>, id: &str, learned: bool) -> Result<(Record, Told), Error> {
    match find(state, call, (PROCEDURE, "procedure"), id) {
        Ok(record) => Ok((record.clone(), body(record)?)),
        Err(_) if learned => {
            let record = Record { id: id.to_owned(), kind: PROCEDURE.into(), ..Record::default() };
            Ok((record, Told { learned: true, ..Told::default() }))
        }
        Err(error) => Err(error),
    }
}

/// Whether there is such a procedure that is not retired.
pub(crate) fn must_be(state: &State, call: &Call<'_>, id: &str, learned: bool) -> Result<(), Error> {
    let (record, told) = said_of(state, call, id, learned)?;
    match told.retired {
        None => Ok(()),
        Some(retired) => {
            let error = Error::conflict(format!("procedure {} is retired: {}", record.id, retired.why));
            Err(Error { field: Some("procedure".into()), ..error })
        }
    }
}

pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    match name.trim().is_empty() || name.chars().count() > NAME_CHARS {
        true => Err(Error::invalid("name", format!("a name has 1 to {NAME_CHARS} characters"))),
        false => Ok(()),
    }
}

fn check_steps(steps: &[String]) -> Result<(), Error> {
    if steps.is_empty() || steps.len() > MOST_STEPS {
        return Err(Error::invalid("steps", format!("a procedure has 1 to {MOST_STEPS} steps")));
    }
    match steps.iter().any(|step| step.trim().is_empty() || step.chars().count() > STEP_CHARS) {
        true => Err(Error::invalid("steps", format!("a step has 1 to {STEP_CHARS} characters"))),
        false => Ok(()),
    }
}

fn check_category(category: Option<&str>) -> Result<(), Error> {
    match category.is_some_and(|one| one.trim().is_empty() || one.chars().count() > CATEGORY_CHARS) {
        true => Err(Error::invalid("category", format!("a category has 1 to {CATEGORY_CHARS} characters"))),
        false => Ok(()),
    }
}

fn check_why(field: &str, why: &str) -> Result<(), Error> {
    match why.trim().is_empty() || why.chars().count() > WHY_CHARS {
        true => Err(Error::invalid(field, format!("it is told in 1 to {WHY_CHARS} characters"))),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::{command, run};

    struct Procedures(State, i64);

    impl Procedures {
        fn call(&mut self, operation: &str, actor: &str, arguments: Value) -> Result<Value, Error> {
            self.1 += 1;
            run(&mut self.0, command(self.1, &format!("procedures.{operation}"), actor, arguments))
        }

        fn told(&self, id: &str) -> Told {
            body(self.0.record("p", id).unwrap()).unwrap()
        }
    }

    #[test]
    fn what_is_said_of_a_learned_procedure_stands_in_its_name() {
        let mut all = Procedures(State::default(), 0);
        let unknown = json!({"procedure": "pr-1", "name": "release"});
        assert_eq!(all.call("update", "ann", unknown).unwrap_err().code, Code::NotFound);
        let known = json!({"procedure": "pr-1", "learned": true, "name": "release"});
        assert_eq!(all.call("update", "ann", known).unwrap()["id"], "pr-1");
        all.call("update", "bob", json!({"procedure": "pr-1", "category": "deploy"})).unwrap();
        let record = all.0.record("p", "pr-1").unwrap();
        assert_eq!(record.name.as_deref(), Some("release"), "what was said before stays");
        assert_eq!((all.told("pr-1").category.as_deref(), all.told("pr-1").steps), (Some("deploy"), None));
        all.call("retire", "bob", json!({"procedure": "pr-1", "why": "we use the robot"})).unwrap();
        assert_eq!(all.told("pr-1").retired.unwrap().why, "we use the robot");
        let late = all.call("update", "ann", json!({"procedure": "pr-1", "name": "x"})).unwrap_err();
        assert_eq!(late.code, Code::Conflict);
        all.call("update", "ann", json!({"procedure": "pr-1", "restore": true})).unwrap();
        assert_eq!(all.told("pr-1").retired, None);
    }

    #[test]
    fn what_was_told_is_its_makers() {
        let mut all = Procedures(State::default(), 0);
        let made = all.call("create", "ann", json!({"name": "x", "steps": ["ls", "Bash: cat {file}"]}));
        let id = made.unwrap()["id"].as_str().unwrap().to_owned();
        let retire = json!({"procedure": id, "why": "old"});
        assert_eq!(all.call("retire", "bob", retire.clone()).unwrap_err().code, Code::PermissionDenied);
        all.call("retire", "admin", retire).unwrap();
        for (steps, field) in [(json!([]), "steps"), (json!([" "]), "steps")] {
            let error = all.call("create", "ann", json!({"name": "x", "steps": steps})).unwrap_err();
            assert_eq!(error.field.as_deref(), Some(field));
        }
    }

    #[test]
    fn an_execution_ends_once() {
        let mut all = Procedures(State::default(), 0);
        let begun = json!({"procedure": "pr-1", "learned": true, "steps": ["ls"]});
        let id = all.call("execute", "ann", begun).unwrap()["id"].as_str().unwrap().to_owned();
        let of_another = json!({"procedure": "pr-2", "execution": id, "outcome": "success"});
        assert_eq!(all.call("record_execution", "ann", of_another).unwrap_err().code, Code::Conflict);
        let ended =
            json!({"procedure": "pr-1", "execution": id, "outcome": "failure", "lesson": "log in first"});
        // Two commands later, at a second each.
        assert_eq!(all.call("record_execution", "ann", ended.clone()).unwrap()["duration_ms"], 2_000);
        assert_eq!(all.call("record_execution", "ann", ended).unwrap_err().code, Code::Conflict);
        let alone = json!({"procedure": "pr-1", "outcome": "success"});
        assert_eq!(all.call("record_execution", "ann", alone).unwrap_err().code, Code::NotFound);
        let alone = json!({"procedure": "pr-1", "learned": true, "outcome": "success", "duration_ms": 5});
        assert_ne!(all.call("record_execution", "ann", alone).unwrap()["id"], id.as_str());
    }
}
