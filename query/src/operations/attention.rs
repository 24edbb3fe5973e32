//! Tool `attention`: working memory, the few things that a session, an agent or a project has in mind.

mod auto;
mod read;
mod salience;

use athena_ingest::attention::{Item, Workspace, workspace_id};
use athena_schemas::{Error, Position, Time, ids};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use self::salience::things;
use super::records::{answered, by_id, one_project};
use super::rows::absent;
use crate::registry::{Call, Effect, Example, Operation, Registry, Step};
use crate::text::excerpt;
use crate::{App, time_args};

/// Characters of a thing that are held in mind.
const SHOWN_CHARS: usize = 200;

pub fn register(registry: &mut Registry) {
    registry.add::<read::Get>();
    registry.add::<Focus>();
    registry.add::<Release>();
    registry.add::<Clear>();
    registry.add::<read::Load>();
    registry.add::<salience::Salience>();
    registry.add::<auto::AutoFocus>();
    registry.add::<Inhibit>();
    registry.add::<Configure>();
}

/// The workspace that a call is about: its session's, else its agent's, else the project's.
async fn workspace(call: &Call, app: &App, scope: &Scope) -> Result<(String, Workspace), Error> {
    let id = workspace_id(call.shared.session.as_deref(), call.shared.agent.as_deref());
    let found = by_id(app, scope, std::slice::from_ref(&id)).await?.pop();
    let workspace = found.map(|found| found.body()).transpose()?;
    Ok((id, workspace.unwrap_or_default()))
}

/// Something in mind.
#[derive(Debug, Serialize, JsonSchema)]
struct Active {
    id: String,
    /// `memory`, `event`, `note`, or `text` of what was only said.
    kind: String,
    content: String,
    /// ln of the sum of age^−decay over its uses, ages in seconds (ACT-R); the strongest stay.
    activation: f64,
    /// How often it was brought to mind.
    uses: u64,
    /// When it was last.
    time: Option<Time>,
}

/// What is in mind at a time, the strongest first.
fn active(workspace: &Workspace, now: Time) -> Vec<Active> {
    let item = |item: &Item| Active {
        id: item.id.clone(),
        kind: item.kind.clone(),
        content: item.text.clone(),
        activation: item.activation(workspace.decay, now),
        uses: item.uses,
        time: item.recent.last().copied(),
    };
    let mut items: Vec<Active> = workspace.items.iter().map(item).collect();
    items.sort_by(|one, other| other.activation.total_cmp(&one.activation));
    items
}

/// What a write did to a workspace.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Changed {
    /// What it was about; of `clear` and `configure` the workspace.
    id: String,
    version: i64,
    /// Ids of what is no longer in mind.
    left: Vec<String>,
    /// How many things are.
    size: usize,
    /// How many can be.
    capacity: usize,
    /// The exponent by which they fade.
    decay: f64,
    project: String,
    position: Position,
}

/// Brings something to mind: a memory, event or note by its id, or any text. What is there already gets stronger;
/// where there is no room, the weakest leaves.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Focus {
    /// Id of an event, a memory or a note. Either this or `text`.
    #[serde(default)]
    id: Option<String>,
    /// A thought, in at most 200 characters.
    #[serde(default)]
    text: Option<String>,
}

impl Operation for Focus {
    const TOOL: &'static str = "attention";
    const NAME: &'static str = "focus";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        let item = match (self.id, self.text) {
            (Some(id), None) => {
                let (project, scope) = one_project(call).await?;
                let found = things(&call.app, &scope, std::slice::from_ref(&id)).await?.pop();
                let found = found.ok_or_else(|| absent("event, memory or note", "id", &id, &[project]))?;
                held(&found.id, &found.kind, found.text.as_deref().unwrap_or_default())
            }
            (None, Some(text)) if text.trim().is_empty() || text.chars().count() > SHOWN_CHARS => {
                return Err(Error::invalid("text", format!("a thought has 1 to {SHOWN_CHARS} characters"))
                    .hint("remember what is longer, and focus on its id"));
            }
            (None, Some(text)) => {
                json!({"id": ids::short("thought-", &[&text]), "kind": "text", "text": text})
            }
            _ => {
                return Err(Error::invalid("id", "exactly one of `id` and `text` is needed")
                    .hint("such as {\"text\": \"the build must stay green\"}"));
            }
        };
        answered(call.command(&json!({"items": [item]})).await?)
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![super::events::recorded()], arguments: json!({"id": "example-test-run"}) },
            Example { setup: vec![], arguments: thought().arguments },
        ]
    }
}

/// A thing as it is held in mind.
fn held(id: &str, kind: &str, text: &str) -> Value {
    json!({"id": id, "kind": kind, "text": excerpt(text, "", SHOWN_CHARS)})
}

/// Lets something out of mind.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Release {
    /// Its id, as `attention.get` tells it.
    id: String,
}

impl Operation for Release {
    const TOOL: &'static str = "attention";
    const NAME: &'static str = "release";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let other = json!({"text": "a passing thought", "session": "example-passing",
                           "event_id": "example-passing-thought"});
        let other = Step { tool: "attention", operation: "focus", arguments: other };
        let id = ids::short("thought-", &["a passing thought"]);
        let arguments = json!({"id": id, "session": "example-passing", "event_id": "example-release"});
        vec![Example { setup: vec![other], arguments }]
    }
}

/// Lets everything out of mind. Settings stay, and what is kept out stays out.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Clear {}

impl Operation for Clear {
    const TOOL: &'static str = "attention";
    const NAME: &'static str = "clear";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: json!({"session": "example-passing"}) }]
    }
}

/// Keeps something out of mind for a while.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Inhibit {
    /// Its id.
    id: String,
    /// For how long: `30s`, `15m`, `2h`, `7d`.
    #[serde(rename = "for")]
    length: String,
}

impl Operation for Inhibit {
    const TOOL: &'static str = "attention";
    const NAME: &'static str = "inhibit";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        let seconds = time_args::seconds("for", &self.length)?;
        answered(call.command(&json!({"id": self.id, "seconds": seconds})).await?)
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"id": "m-old", "for": "30m", "session": "example-passing"});
        vec![Example { setup: vec![], arguments }]
    }
}

/// How much is held in mind, and how fast it fades.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Configure {
    /// How many things, from 5 to 9; 7 when never said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    capacity: Option<usize>,
    /// The exponent by which activation falls with age, from 0.05 to 0.95; 0.5 when never said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decay: Option<f64>,
}

impl Operation for Configure {
    const TOOL: &'static str = "attention";
    const NAME: &'static str = "configure";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"capacity": 5, "decay": 0.4, "session": "example-passing"});
        vec![Example { setup: vec![], arguments }]
    }
}

/// The example that the others are about.
fn thought() -> Step {
    let arguments = json!({"text": "the build must stay green", "event_id": "example-thought"});
    Step { tool: "attention", operation: "focus", arguments }
}
