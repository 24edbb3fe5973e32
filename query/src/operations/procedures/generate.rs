//! A procedure made of what one session did.

use athena_learn::procedures::{Passed, parameter_names, renamed};
use athena_learn::steps::{Ended, Session, Step, Template, Templates, commands, steps};
use athena_schemas::wire::Mode;
use athena_schemas::{Error, Position};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::learned;
use crate::operations::records::{Written, answered};
use crate::operations::rows::{absent, objects};
use crate::registry::{Call, Effect, Example, Operation, Step as SetUp};
use crate::search::missing;

const TASK_SESSION: &str = include_str!("../../../sql/task_session.sql");

/// Steps of a procedure that is made of a session, at most.
const MADE_OF: usize = 50;
/// Characters of such a step.
const STEP_CHARS: usize = 1_000;

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
        let scope = Scope::Projects(vec![project.clone()]);
        // What was told a moment ago is a part of the session.
        missing(&call.app, &scope, call.shared.after.as_ref(), Mode::Text).await;
        let from = match (&self.task, &call.shared.session) {
            (Some(task), _) => session_of_task(call, &scope, task, &project).await?,
            (None, Some(session)) => session.clone(),
            (None, None) => {
                let error = Error::invalid("task", "`task` is missing");
                return Err(error.hint("name a finished `task`, or a `session`"));
            }
        };
        let (session, _) = learned::session(&call.app, &project, &from, call.shared.after.as_ref()).await?;
        if session.events.is_empty() {
            return Err(absent("session", "session", &from, &[project]));
        }
        let model = learned::model(&call.app, &project).await?;
        let own = Templates::mine(&commands(std::slice::from_ref(&session)));
        let templates = model.as_ref().map_or(&own, |model| model.templates());
        let Made { heads, steps, events } = made_of(templates, &own, &session);
        if steps.is_empty() {
            let error = Error::invalid("session", format!("session {from} did nothing that succeeded"));
            return Err(error.hint("steps are tool calls and the like; see `sessions.get`"));
        }
        let name = self.name.unwrap_or_else(|| heads.join(" → "));
        let command = json!({"name": name, "steps": steps, "from": from, "made_of": events});
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

async fn session_of_task(call: &Call, scope: &Scope, task: &str, project: &str) -> Result<String, Error> {
    let found = objects(&call.app, scope, TASK_SESSION, &[json!(task)], 1).await?.pop();
    let session = found.and_then(|row| Some(row.get("session")?.as_str()?.to_owned()));
    session.ok_or_else(|| {
        let error = absent("task finished in a session", "task", task, &[project.to_owned()]);
        error.hint("name the `session` that did it")
    })
}

/// Names that a name is made of, at most.
const NAMED: usize = 4;

/// What a session ended up with: the first words of its steps, the steps, and the ids of their events.
struct Made {
    heads: Vec<String>,
    steps: Vec<String>,
    events: Vec<String>,
}

/// The steps that a session ended up with. What the project never did before is told as the
/// session alone shows it.
fn made_of(templates: &Templates, own: &Templates, session: &Session) -> Made {
    let of_project = steps(templates, session);
    let of_session = steps(own, session);
    let known = |step: &Step| of_project.iter().find(|one| one.event == step.event);
    let (mut heads, mut events): (Vec<String>, Vec<String>) = (vec![], vec![]);
    let mut chosen: Vec<(&Template, Vec<(usize, String)>)> = vec![];
    for step in of_session.iter().filter(|step| step.ended != Some(Ended::Badly)) {
        let (template, values) = match known(step) {
            Some(known) => (&templates.templates[known.action], &known.values),
            None => (&own.templates[step.action], &step.values),
        };
        // What is done over and over is told once.
        let again = chosen.last().is_some_and(|(last, _)| last.action == template.action);
        if again || chosen.len() == MADE_OF {
            continue;
        }
        let head = template.text.split_whitespace().take(2).filter(|word| !word.starts_with('{'));
        heads.push(head.collect::<Vec<_>>().join(" "));
        chosen.push((template, values.clone()));
        events.extend(session.events.get(step.event).map(|event| event.id.clone()));
    }
    let made = told(&chosen);
    heads.retain(|head| !head.is_empty());
    heads.truncate(NAMED);
    if heads.is_empty() && !made.is_empty() {
        heads.push(made[0].split(':').next().unwrap_or_default().to_owned());
    }
    Made { heads, steps: made, events }
}

/// Steps as they are told, of templates with the values that they were done with: a parameter of another value has
/// another name.
fn told(chosen: &[(&Template, Vec<(usize, String)>)]) -> Vec<String> {
    let own: Vec<Vec<String>> = chosen
        .iter()
        .map(|(template, _)| template.parameters.iter().map(|parameter| parameter.name.clone()).collect())
        .collect();
    let passed = |(_, given): &(&Template, Vec<(usize, String)>)| {
        Some(Passed { given: given.clone(), ..Passed::default() })
    };
    let names = parameter_names(&own, &[chosen.iter().map(passed).collect()]);
    let told = |((template, _), (own, names)): (&(&Template, _), (&Vec<String>, &Vec<String>))| {
        let text: String = renamed(&template.text, own, names).chars().take(STEP_CHARS).collect();
        format!("{}: {text}", template.tool)
    };
    chosen.iter().zip(own.iter().zip(&names)).map(told).collect()
}
