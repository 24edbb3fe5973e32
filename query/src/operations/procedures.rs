//! Tool `procedures`: how things are done, as agents did them, and as people say.

mod draw;
mod execute;
mod find;
mod generate;
mod judge;
pub mod known;
mod next;
mod read;
mod said;
mod write;

use athena_ingest::procedures::PROCEDURE;
use athena_ingest::records::id_of;
use serde_json::{Value, json};

use crate::registry::{Registry, Step};

pub use draw::markdown;
pub use known::LearnedProcedures;

pub fn register(registry: &mut Registry) {
    registry.add::<read::List>();
    registry.add::<read::Get>();
    registry.add::<write::Create>();
    registry.add::<write::Update>();
    registry.add::<find::Find>();
    registry.add::<next::NextStep>();
    registry.add::<execute::Execute>();
    registry.add::<execute::RecordExecution>();
    registry.add::<judge::Effectiveness>();
    registry.add::<judge::Improve>();
    registry.add::<judge::Variants>();
    registry.add::<read::Versions>();
    registry.add::<generate::Generate>();
    registry.add::<write::Retire>();
    registry.add::<draw::Export>();
}

/// The example that the others are about; its id follows from its `event_id`.
pub fn set_up() -> Step {
    Step { tool: "procedures", operation: "create", arguments: created() }
}

fn created() -> Value {
    json!({"name": "Release", "category": "deploy", "event_id": "example-procedure",
           "steps": ["Bash: cargo test -p {package}", "Bash: docker build -t {image} .",
                     "Bash: docker push {image}"]})
}

pub fn example_id() -> String {
    id_of(PROCEDURE, "example-procedure")
}
