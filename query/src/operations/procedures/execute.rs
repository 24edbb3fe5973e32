//! Procedures done by hand: begun with their values filled in, and told of at their end.

use std::collections::BTreeSet;

use athena_learn::procedures::ProcedureStep;
use athena_learn::steps::placeholders;
use athena_schemas::vocabulary::Outcome;
use athena_schemas::{Error, Position};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::known::Procedures;
use super::write::object;
use super::{example_id, set_up};
use crate::operations::records::{Written, answered};
use crate::registry::{Call, Effect, Example, Operation};

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
