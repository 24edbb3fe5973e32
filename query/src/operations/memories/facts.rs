//! Facts: what was learned from talk and memories, as it was and is; and what people say of it.

use athena_learn::facts::{Speaker, canonical, find, statements};
use athena_schemas::{Error, Position, Time, ids};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::facts::{Known, known};
use crate::operations::records::{answered, one_project, page};
use crate::operations::{paging, rows};
use crate::registry::{Call, Effect, Example, Operation, Step};
use crate::time_args;

/// Facts of one attribute that a history tells of.
const SUCCESSIONS: usize = 1_000;

/// Which facts.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum State {
    Learned,
    Told,
    Confirmed,
    /// What holds no longer.
    Ended,
    All,
}

/// Facts, the newest first: an attribute of a subject, its value, since when and until when, on what evidence. Those that
/// hold now, unless `valid_at` or `state` says otherwise. How sure one is: (support + 1) / (support + against + 2).
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    /// Words of the subject: a person, a thing, the project.
    subject: Option<String>,
    /// Words of the attribute.
    attribute: Option<String>,
    /// When they were true: RFC 3339, or an age such as `7d`.
    valid_at: Option<String>,
    /// `ended`, `all`, or how it is known.
    state: Option<State>,
    /// `fact`, `decision`, `preference` or `lesson`.
    kind: Option<String>,
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A page of facts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FactPage {
    items: Vec<Known>,
    /// What to pass as `cursor` for the next ones; null at the end.
    next_cursor: Option<String>,
    projects: Vec<String>,
}

impl Facts {
    fn wants(&self, fact: &Known, at: Option<Time>, now: Time) -> bool {
        // The words may stand in either: `cart port` is the port of the cart.
        let named = format!("{} {}", fact.subject, fact.attribute);
        let within = |words: &Option<String>, text: &str| {
            words.as_ref().is_none_or(|words| {
                text.to_lowercase().contains(&words.trim().to_lowercase()) || find::means(words, text)
            })
        };
        let holds = fact.holds_at(at.unwrap_or(now));
        let state = match self.state {
            None => holds,
            Some(State::All) => at.is_none() || holds,
            Some(State::Ended) => {
                fact.valid_until.is_some_and(|until| until <= now) && (at.is_none() || holds)
            }
            Some(State::Learned) => holds && fact.state == "learned",
            Some(State::Told) => holds && fact.state == "told",
            Some(State::Confirmed) => holds && fact.state == "confirmed",
        };
        let kind = self.kind.as_ref().is_none_or(|kind| *kind == fact.kind);
        state && kind && within(&self.subject, &named) && within(&self.attribute, &named)
    }
}

impl Operation for Facts {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "facts";
    const EFFECT: Effect = Effect::Read;
    type Result = FactPage;

    async fn call(self, call: &Call) -> Result<FactPage, Error> {
        let (projects, scope) = call.scope().await?;
        let limit = paging::limit(self.limit)?;
        let now = Time::now();
        let at = time_args::optional("valid_at", self.valid_at.as_deref(), now)?;
        let mut facts = known(&call.app, &scope).await?;
        facts.retain(|fact| self.wants(fact, at, now));
        let (items, next_cursor) = page(facts, limit, self.cursor.as_deref())?;
        Ok(FactPage { items, next_cursor, projects })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: learned(), arguments: json!({"attribute": "deploy day"}) },
            Example { setup: learned(), arguments: json!({"state": "all", "valid_at": "1h"}) },
        ]
    }
}

/// How an attribute came to its value: every value that it had, the first first, each with its evidence.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactHistory {
    /// The id of any fact of the attribute.
    id: String,
}

/// Values one after the other.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Successions {
    id: String,
    subject: String,
    attribute: String,
    items: Vec<Known>,
    projects: Vec<String>,
}

impl Operation for FactHistory {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "fact_history";
    const EFFECT: Effect = Effect::Read;
    type Result = Successions;

    async fn call(self, call: &Call) -> Result<Successions, Error> {
        let (projects, scope) = call.scope().await?;
        let facts = known(&call.app, &scope).await?;
        let asked = facts.iter().find(|fact| fact.id == self.id);
        let asked = asked.ok_or_else(|| absent(&self.id, &projects))?.clone();
        let same = |fact: &Known| fact.key == asked.key && fact.project == asked.project;
        let mut items: Vec<Known> = facts.into_iter().filter(same).take(SUCCESSIONS).collect();
        items.reverse();
        Ok(Successions { id: self.id, subject: asked.subject, attribute: asked.attribute, items, projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: learned(), arguments: json!({"id": example_id()}) }]
    }
}

/// Raises a fact to what is told: it is a memory from now on, which no run takes away. A newer statement still ends its
/// validity. Gives the memory's id.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The fact's id.
    id: String,
}

/// What became of a fact.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Confirmed {
    /// The memory that says it.
    id: String,
    version: i64,
    fact: String,
    project: String,
    position: Position,
}

impl Operation for Confirm {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "confirm";
    const EFFECT: Effect = Effect::Write;
    type Result = Confirmed;

    async fn call(self, call: &Call) -> Result<Confirmed, Error> {
        let fact = find_one(call, &self.id).await?;
        let kind = match fact.kind.as_str() {
            "decision" => "decision",
            "preference" => "preference",
            "lesson" => "pattern",
            _ => "fact",
        };
        let command = json!({
            "id": fact.id,
            "content": canonical(&fact.subject, &fact.attribute, &fact.value, &fact.text),
            "kind": kind,
            "valid_from": fact.valid_from,
            "valid_until": fact.valid_until,
        });
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: learned(), arguments: json!({"id": example_id()}) }]
    }
}

/// Says that a fact is none: it is gone, and never learned again from what was said up to now. New evidence may teach
/// it again.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reject {
    /// The fact's id.
    id: String,
    /// Why it is none.
    why: String,
}

impl Operation for Reject {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "reject";
    const EFFECT: Effect = Effect::Remove;
    type Result = crate::operations::records::Written;

    async fn call(self, call: &Call) -> Result<Self::Result, Error> {
        find_one(call, &self.id).await?;
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"id": id_of(PLANT), "why": "It was a joke"});
        vec![Example { setup: vec![said("example-plant", PLANT), run("example-plant-run")], arguments }]
    }
}

const DEPLOY: &str = "Our deploy day is Friday.";
const PLANT: &str = "The name of our office plant is Fern.";

/// What somebody says.
fn said(event_id: &str, content: &str) -> Step {
    let arguments = json!({"type": "message", "agent": "ann", "content": content, "session": "example-talk", "event_id": event_id});
    Step { tool: "events", operation: "record", arguments }
}

/// A run that is over.
fn run(event_id: &str) -> Step {
    let arguments = json!({"scope": "all", "wait": true, "event_id": event_id});
    Step { tool: "consolidation", operation: "run", arguments }
}

/// The steps that make a fact.
pub fn learned() -> Vec<Step> {
    vec![said("example-deploys", DEPLOY), run("example-deploys-run")]
}

/// The id of the fact that a sentence states.
fn id_of(text: &str) -> String {
    let stated = statements(text, Speaker { name: "ann", project: "" });
    stated.first().map(|one| ids::fact(&one.key, &one.value_key)).unwrap_or_default()
}

pub fn example_id() -> String {
    id_of(DEPLOY)
}

async fn find_one(call: &Call, id: &str) -> Result<Known, Error> {
    let (project, scope) = one_project(call).await?;
    let found = known(&call.app, &scope).await?.into_iter().find(|fact| fact.id == id);
    found.ok_or_else(|| absent(id, &[project]))
}

fn absent(id: &str, projects: &[String]) -> Error {
    rows::absent("fact", "id", id, projects).hint("memories.facts lists what there is")
}
