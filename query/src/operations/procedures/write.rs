//! Procedures told, changed and retired.

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::known::Procedures;
use super::{created, example_id, set_up};
use crate::operations::records::{Written, answered};
use crate::registry::{Call, Effect, Example, Operation, Step as SetUp};

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

/// A command as an object, to add to.
pub fn object(command: &impl Serialize) -> Result<Map<String, Value>, Error> {
    match serde_json::to_value(command) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(Error::internal("arguments are an object")),
    }
}
