//! Tool `skills`: procedures worth teaching, alone or in a chain, under a name.

mod export;
mod judge;
mod read;
mod write;

use athena_ingest::procedures::PROCEDURE;
use athena_ingest::skills::{SKILL, Skill};
use athena_learn::procedures::Rate;
use athena_schemas::Error;
use serde_json::{Value, json};

use super::procedures::known::{Known, Procedures};
use super::records::{Found, of_kind};
use super::rows::absent;
use crate::registry::{Call, Registry, Step};

pub fn register(registry: &mut Registry) {
    registry.add::<read::List>();
    registry.add::<read::Get>();
    registry.add::<write::Promote>();
    registry.add::<read::Recommend>();
    registry.add::<write::Compose>();
    registry.add::<judge::Effectiveness>();
    registry.add::<export::Export>();
}

/// The skills of a project, and the procedures that they are made of.
struct Skills {
    all: Vec<(Found, Skill)>,
    procedures: Procedures,
}

impl Skills {
    async fn read(call: &Call) -> Result<Self, Error> {
        let procedures = Procedures::read(call).await?;
        let all = of_kind(&call.app, &procedures.scope, SKILL).await?;
        let all = all.into_iter().map(|found| found.body().map(|body| (found, body)));
        Ok(Self { all: all.collect::<Result<_, Error>>()?, procedures })
    }

    /// The skill that an id or a name names.
    fn find(&self, argument: &str, named: &str) -> Result<&(Found, Skill), Error> {
        let wanted = named.trim().to_lowercase();
        let named_so = |found: &Found| {
            found.id == named || found.name.as_ref().is_some_and(|name| name.to_lowercase() == wanted)
        };
        self.all.iter().find(|(found, _)| named_so(found)).ok_or_else(|| {
            absent("skill", argument, named, std::slice::from_ref(&self.procedures.project))
                .hint("a skill is named by its id or its name; `skills.list` lists them")
        })
    }

    /// The procedures that a skill is made of, as they stand.
    fn parts(&self, skill: &Skill) -> Vec<&Known> {
        let known = |id: &String| self.procedures.find("skill", id).ok();
        skill.procedures.iter().filter_map(known).collect()
    }
}

/// Success of a chain: of one procedure its own; of several that of the weakest.
fn success(parts: &[&Known]) -> Option<Rate> {
    let rates: Option<Vec<Rate>> = parts.iter().map(|known| known.procedure.success).collect();
    rates?.into_iter().min_by(|a, b| a.value.total_cmp(&b.value))
}

/// The procedures and skills that the examples are about; their ids follow from `event_id` and name.
fn made(name: &str) -> Step {
    let arguments = json!({"name": format!("How to {name}"), "event_id": format!("example-skill-{name}"),
                           "steps": ["Bash: make {target}", "Bash: make install"]});
    Step { tool: "procedures", operation: "create", arguments }
}

fn promoted(name: &str) -> Step {
    Step { tool: "skills", operation: "promote", arguments: promotion(name) }
}

fn promotion(name: &str) -> Value {
    let procedure = athena_ingest::records::id_of(PROCEDURE, &format!("example-skill-{name}"));
    json!({"procedure": procedure, "name": name})
}

fn example_id(name: &str) -> String {
    athena_ingest::skills::id_of_name(name)
}
