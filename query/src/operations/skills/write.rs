//! Skills made: of a procedure, and of other skills.

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Skills, example_id, made, promoted, promotion};
use crate::operations::procedures::known::Procedures;
use crate::operations::records::{Written, answered};
use crate::registry::{Call, Effect, Example, Operation};

/// Makes a skill of a procedure: a name under which it is taught and recommended.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Promote {
    /// Id or name of the procedure.
    procedure: String,
    /// What the skill is called.
    name: String,
}

impl Operation for Promote {
    const TOOL: &'static str = "skills";
    const NAME: &'static str = "promote";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        let procedures = Procedures::read(call).await?;
        let known = procedures.find("procedure", &self.procedure)?;
        let command = json!({"procedure": known.id(), "learned": known.learned, "name": self.name});
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![made("build")], arguments: promotion("build") }]
    }
}

/// Chains skills into one, in the order in which they are to be done.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compose {
    /// Ids or names of the skills.
    skills: Vec<String>,
    /// What the chain is called.
    name: String,
}

impl Operation for Compose {
    const TOOL: &'static str = "skills";
    const NAME: &'static str = "compose";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(mut self, call: &Call) -> Result<Written, Error> {
        let skills = Skills::read(call).await?;
        for skill in &mut self.skills {
            *skill = skills.find("skills", skill)?.0.id.clone();
        }
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let setup = ["build", "ship"].iter().flat_map(|name| [made(name), promoted(name)]).collect();
        let arguments = json!({"skills": [example_id("build"), example_id("ship")], "name": "release"});
        vec![Example { setup, arguments }]
    }
}
