//! Procedures told, changed and retired; done by hand, and made of a session.

use std::collections::BTreeSet;

use athena_learn::procedures::ProcedureStep;
use athena_learn::steps::{Ended, Session, Step, Templates, commands, placeholders, steps};
use athena_schemas::vocabulary::Outcome;
use athena_schemas::{Error, Position};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::known::Procedures;
use super::{created, example_id, set_up};
use crate::learned;
use crate::operations::records::{Written, answered};
use crate::operations::rows::{absent, objects};
use crate::registry::{Call, Effect, Example, Operation, Step as SetUp};

const TASK_SESSION: &str = include_str!("../../../sql/task_session.sql");

/// Steps of a procedure that is made of a session, at most.
const MADE_OF: usize = 50;
/// Characters of such a step.
const STEP_CHARS: usize = 1_000;

/// Makes a procedure from what somebody knows: its name and its steps. What agents did is learned without it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Create {
    /// What it is called.
    name: String,
    /// Its steps in order: `TOOL: TEXT` or a text alone, with `{names}` where values go.
    steps: Vec<String>,
    /// What it is about, such as `test` or `deploy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    category: Option<String>,
}

impl Operation for Create {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "create";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: created() }]
    }
}

/// Changes a procedure: its name, its steps, its category. What is said of a learned one stays over every run.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// Id or name.
    procedure: String,
    /// The new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The new steps, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<String>>,
    /// The new category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    /// Takes a retirement back.
    #[serde(default)]
    restore: bool,
}

impl Operation for Update {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "update";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        if self.name.is_none() && self.steps.is_none() && self.category.is_none() && !self.restore {
            return Err(Error::invalid("name", "there is nothing to change"));
        }
        about(call, "procedure", &self.procedure.clone(), &self).await
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"procedure": example_id(), "name": "Release an image"});
        vec![Example { setup: vec![set_up()], arguments }]
    }
}

/// Retires a procedure: it is not found or listed any more, and what it was stays readable. `update` with `restore`
/// takes it back.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retire {
    /// Id or name.
    procedure: String,
    /// Why nobody should follow it any more.
    why: String,
}

impl Operation for Retire {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "retire";
    const EFFECT: Effect = Effect::Remove;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        about(call, "procedure", &self.procedure.clone(), &self).await
    }

    fn examples() -> Vec<Example> {
        let mut own = created();
        own["event_id"] = "example-old-procedure".into();
        let made = SetUp { tool: "procedures", operation: "create", arguments: own };
        let id = athena_ingest::records::id_of(athena_ingest::procedures::PROCEDURE, "example-old-procedure");
        vec![Example { setup: vec![made], arguments: json!({"procedure": id, "why": "the robot does it"}) }]
    }
}

/// A command about a procedure that is there, learned or told; by its id, whatever named it.
async fn about(call: &Call, argument: &str, named: &str, command: &impl Serialize) -> Result<Written, Error> {
    let procedures = Procedures::read(call).await?;
    let known = procedures.find(argument, named)?;
    let mut command = object(command)?;
    command.insert(argument.to_owned(), known.id().into());
    command.insert("learned".into(), known.learned.into());
    answered(call.command(&command).await?)
}

fn object(command: &impl Serialize) -> Result<Map<String, Value>, Error> {
    match serde_json::to_value(command) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(Error::internal("arguments are an object")),
    }
}

/// Begins a procedure by hand: its steps with the parameters filled in, to be done one by one. `record_execution`
/// with the run's id tells how it ended.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Execute {
    /// Id or name.
    procedure: String,
    /// Values by parameter name.
    #[serde(default)]
    parameters: Map<String, Value>,
}

/// A run that has begun.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Begun {
    /// Of the run: pass it as `execution` to `record_execution`.
    id: String,
    procedure: String,
    name: String,
    /// What is to be done.
    items: Vec<ToDo>,
    /// Parameters without a value.
    missing: Vec<String>,
    version: i64,
    project: String,
    position: Position,
}

/// A step to tick.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ToDo {
    /// From 1.
    number: usize,
    tool: String,
    /// What to do, the values filled in.
    text: String,
    done: bool,
}

impl Operation for Execute {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "execute";
    const EFFECT: Effect = Effect::Write;
    type Result = Begun;

    async fn call(self, call: &Call) -> Result<Begun, Error> {
        let procedures = Procedures::read(call).await?;
        let known = procedures.find("procedure", &self.procedure)?;
        let all = &known.procedure.steps;
        let names: BTreeSet<String> = all.iter().flat_map(|step| placeholders(&step.template)).collect();
        if let Some(strange) = self.parameters.keys().find(|name| !names.contains(*name)) {
            let there = names.into_iter().collect::<Vec<_>>().join(", ");
            let error = Error::invalid("parameters", format!("there is no parameter {strange:?}"));
            return Err(error.hint(format!("there are: {there}")));
        }
        let items: Vec<ToDo> =
            all.iter().enumerate().map(|(at, step)| to_do(at, step, &self.parameters)).collect();
        let line = |item: &ToDo| match item.tool.is_empty() {
            true => item.text.clone(),
            false => format!("{}: {}", item.tool, item.text),
        };
        let missing = names.into_iter().filter(|name| !self.parameters.contains_key(name)).collect();
        let command = json!({"procedure": known.id(), "learned": known.learned, "parameters": self.parameters,
                             "steps": items.iter().map(line).collect::<Vec<_>>()});
        let written: Written = answered(call.command(&command).await?)?;
        let (procedure, name) = (known.id().to_owned(), known.procedure.name.clone());
        let Written { id, version, project, position } = written;
        Ok(Begun { id, procedure, name, items, missing, version, project, position })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"procedure": example_id(), "parameters": {"package": "cart", "image": "cart:2"},
                               "event_id": "example-execution"});
        vec![Example { setup: vec![set_up()], arguments }]
    }
}

fn to_do(at: usize, step: &ProcedureStep, parameters: &Map<String, Value>) -> ToDo {
    let fill = |text: String, (name, value): (&String, &Value)| {
        text.replace(&format!("{{{name}}}"), &athena_learn::steps::typed(value))
    };
    let text = parameters.iter().fold(step.template.clone(), fill);
    ToDo { number: at + 1, tool: step.tool.clone(), text, done: false }
}

/// Tells how a procedure went, of a run that `execute` began or of one that nobody told of: its outcome, and what was
/// learned. It counts for the procedure's success.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordExecution {
    /// Id or name.
    procedure: String,
    /// How it ended.
    outcome: Outcome,
    /// The run that `execute` began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    execution: Option<String>,
    /// How long it took; from its beginning when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    duration_ms: Option<i64>,
    /// What it was done with.
    #[serde(default)]
    variables: Map<String, Value>,
    /// What whoever does it next should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lesson: Option<String>,
}

/// The run.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Recorded {
    id: String,
    procedure: String,
    duration_ms: Option<i64>,
    version: i64,
    project: String,
    position: Position,
}

impl Operation for RecordExecution {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "record_execution";
    const EFFECT: Effect = Effect::Write;
    type Result = Recorded;

    async fn call(self, call: &Call) -> Result<Recorded, Error> {
        let procedures = Procedures::read(call).await?;
        let known = procedures.find("procedure", &self.procedure)?;
        let mut command = object(&self)?;
        command.insert("procedure".into(), known.id().into());
        command.insert("learned".into(), known.learned.into());
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"procedure": example_id(), "outcome": "success", "duration_ms": 95_000,
                               "lesson": "log in to the registry first", "event_id": "example-executed"});
        vec![Example { setup: vec![set_up()], arguments }]
    }
}

/// Makes a procedure of what one session did, or the session in which a task was finished: its steps in order, without
/// those that failed and those done over again, values as parameters.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Generate {
    /// A finished task; else the `session` is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    task: Option<String>,
    /// What to call it; made of its steps when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// The procedure that was made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Generated {
    id: String,
    name: String,
    steps: Vec<String>,
    /// The session that it was made of.
    from: String,
    version: i64,
    project: String,
    position: Position,
}

impl Operation for Generate {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "generate";
    const EFFECT: Effect = Effect::Write;
    type Result = Generated;

    async fn call(self, call: &Call) -> Result<Generated, Error> {
        let project = call.project()?;
        let scope = athena_store::Scope::Projects(vec![project.clone()]);
        // What was told a moment ago is a part of the session.
        crate::search::missing(
            &call.app,
            &scope,
            call.shared.after.as_ref(),
            athena_schemas::wire::Mode::Text,
        )
        .await;
        let from = match (&self.task, &call.shared.session) {
            (Some(task), _) => session_of_task(call, &scope, task, &project).await?,
            (None, Some(session)) => session.clone(),
            (None, None) => {
                let error = Error::invalid("task", "`task` is missing");
                return Err(error.hint("name a finished `task`, or a `session`"));
            }
        };
        let session = learned::session(&call.app, &project, &from).await?;
        if session.events.is_empty() {
            return Err(absent("session", "session", &from, &[project]));
        }
        let model = learned::model(&call.app, &project).await?;
        let own = Templates::mine(&commands(std::slice::from_ref(&session)));
        let templates = model.as_ref().map_or(&own, |model| model.templates());
        let (heads, steps) = made_of(templates, &own, &session);
        if steps.is_empty() {
            let error = Error::invalid("session", format!("session {from} did nothing that succeeded"));
            return Err(error.hint("steps are tool calls and the like; see `sessions.get`"));
        }
        let name = self.name.unwrap_or_else(|| heads.join(" → "));
        let command = json!({"name": name, "steps": steps, "from": from});
        let written: Written = answered(call.command(&command).await?)?;
        let Written { id, version, project, position } = written;
        Ok(Generated { id, name, steps, from, version, project, position })
    }

    fn examples() -> Vec<Example> {
        let record = |number: usize, content: &str| {
            let arguments = json!({"content": content, "type": "tool_call", "tool": "Bash", "outcome": "success",
                                   "session": "example-made", "event_id": format!("example-made-{number}")});
            SetUp { tool: "events", operation: "record", arguments }
        };
        let setup =
            vec![record(1, "cargo test -p cart"), record(2, "git commit -m total"), record(3, "git push")];
        let arguments =
            json!({"session": "example-made", "name": "Ship a fix", "event_id": "example-generated"});
        vec![Example { setup, arguments }]
    }
}

async fn session_of_task(
    call: &Call,
    scope: &athena_store::Scope,
    task: &str,
    project: &str,
) -> Result<String, Error> {
    let found = objects(&call.app, scope, TASK_SESSION, &[json!(task)], 1).await?.pop();
    let session = found.and_then(|row| Some(row.get("session")?.as_str()?.to_owned()));
    session.ok_or_else(|| {
        let error = absent("task finished in a session", "task", task, &[project.to_owned()]);
        error.hint("name the `session` that did it")
    })
}

/// Names that a name is made of, at most.
const NAMED: usize = 4;

/// The steps that a session ended up with, and their first words. What the project never did before is told as the
/// session alone shows it.
fn made_of(templates: &Templates, own: &Templates, session: &Session) -> (Vec<String>, Vec<String>) {
    let of_project = steps(templates, session);
    let of_session = steps(own, session);
    let known = |step: &Step| of_project.iter().find(|one| one.event == step.event);
    let (mut heads, mut made): (Vec<String>, Vec<String>) = (vec![], vec![]);
    for step in of_session.iter().filter(|step| step.ended != Some(Ended::Badly)) {
        let template = match known(step) {
            Some(known) => &templates.templates[known.action],
            None => &own.templates[step.action],
        };
        let text: String = template.text.chars().take(STEP_CHARS).collect();
        let told = format!("{}: {text}", template.tool);
        // What is done over and over is told once.
        if made.last() == Some(&told) || made.len() == MADE_OF {
            continue;
        }
        let head = template.text.split_whitespace().take(2).filter(|word| !word.starts_with('{'));
        heads.push(head.collect::<Vec<_>>().join(" "));
        made.push(told);
    }
    heads.retain(|head| !head.is_empty());
    heads.truncate(NAMED);
    if heads.is_empty() && !made.is_empty() {
        heads.push(made[0].split(':').next().unwrap_or_default().to_owned());
    }
    (heads, made)
}
