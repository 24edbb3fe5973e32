//! Tool `automation`: rules, which do several things when one happens and others are so.

mod simulate;

use athena_ingest::records::id_of;
use athena_ingest::watches::{CatchUp, On, RULE, Then};
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::paging::limit;
use super::records::{Written, answered, one_project, page};
use super::watches::{
    self, Became, ByHand, Firing, Firings, Line, all, by_hand, check_actions, check_condition, check_there,
    history, line, one, room, which, whole,
};
use crate::automation::{EVENT, kind_of};
use crate::condition;
use crate::registry::{Call, Effect, Example, Operation, Registry, Step};

pub fn register(registry: &mut Registry) {
    registry.add::<Create>();
    registry.add::<Get>();
    registry.add::<List>();
    registry.add::<Update>();
    registry.add::<Delete>();
    registry.add::<Enable>();
    registry.add::<Run>();
    registry.add::<simulate::Simulate>();
    registry.add::<History>();
}

/// Makes a rule: when this happens in any session of this project, and that is so, these are done, one after the
/// other. It acts with the rights of who made it, and never by what it caused itself.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Create {
    /// What it is called.
    name: String,
    /// `{field: value | {op: value}}` of an event, `{cron}`, `{every}` or `{at}`, `{path}` of a changed file, `{task or
    /// goal, state}`, or `{prompt}`: as the conditions of triggers.
    when: Map<String, Value>,
    /// What must be so besides, of the same event.
    #[serde(default, rename = "if")]
    only_if: Map<String, Value>,
    /// From 1 to 10 of `{call: "tool.operation", arguments}` and `{url}` (admins); `$content` and the like in texts become
    /// what happened. After one that fails the rest is left out.
    then: Vec<Then>,
    /// Which times that were missed are made up for: none, last (when not said) or all.
    #[serde(default)]
    catch_up: CatchUp,
    /// Whether it runs from now on; true when not said.
    #[serde(default)]
    enabled: Option<bool>,
}

impl Operation for Create {
    const TOOL: &'static str = "automation";
    const NAME: &'static str = "create";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        let on = kind_of(&self.when);
        check_condition("when", on, &self.when)?;
        check_there(call, ("when", on), &self.when).await?;
        check_if(on, &self.only_if)?;
        check_actions(call, "then", &self.then)?;
        room(call, RULE).await?;
        let command = json!({"name": self.name, "on": on, "condition": self.when, "only_if": self.only_if,
                             "then": self.then, "catch_up": self.catch_up, "enabled": self.enabled.unwrap_or(true)});
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: made().arguments }]
    }
}

/// What else must be so is asked of an event, whatever it was found by.
fn check_if(on: On, only_if: &Map<String, Value>) -> Result<(), Error> {
    match on {
        On::Time if !only_if.is_empty() => {
            Err(Error::invalid("if", "nothing else can be asked when the clock runs it"))
        }
        On::Context => check_condition("if", On::Context, only_if),
        _ => condition::check("if", only_if, &EVENT),
    }
}

/// A rule, with its last runs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Get {
    /// The rule's id.
    rule: String,
}

/// A rule and its runs.
#[derive(Debug, Serialize, JsonSchema)]
struct Whole {
    #[serde(flatten)]
    rule: Line,
    /// What a receiver verifies its posts with (Standard Webhooks); for admins.
    signing_key: Option<String>,
    /// The newest runs.
    runs: Vec<Firing>,
    project: String,
}

impl Operation for Get {
    const TOOL: &'static str = "automation";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = Whole;

    async fn call(self, call: &Call) -> Result<Whole, Error> {
        let watches::Whole { line, signing_key, firings, project } = whole(call, RULE, &self.rule).await?;
        Ok(Whole { rule: line, signing_key, runs: firings, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![made()], arguments: json!({"rule": example()}) }]
    }
}

/// The rules of this project, the one that was made or changed first at the beginning.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct List {
    /// How many; 20 when not said.
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Rules.
#[derive(Debug, Serialize, JsonSchema)]
struct Listed {
    items: Vec<Line>,
    /// What to pass as `cursor` for the next ones; null at the end.
    next_cursor: Option<String>,
    project: String,
}

impl Operation for List {
    const TOOL: &'static str = "automation";
    const NAME: &'static str = "list";
    const EFFECT: Effect = Effect::Read;
    type Result = Listed;

    async fn call(self, call: &Call) -> Result<Listed, Error> {
        let limit = limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        let found = all(call, &scope, RULE).await?;
        let (found, next_cursor) = page(found, limit, self.cursor.as_deref())?;
        Ok(Listed { items: found.iter().map(|read| line(call, read)).collect(), next_cursor, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![made()], arguments: json!({}) }]
    }
}

/// Changes a rule: what is given, and nothing else. It counts anew from then on. Only its maker or an admin may.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Update {
    /// The rule's id.
    rule: String,
    /// What it is called.
    #[serde(default)]
    name: Option<String>,
    /// When, as in `create`.
    #[serde(default)]
    when: Option<Map<String, Value>>,
    /// What must be so besides.
    #[serde(default, rename = "if")]
    only_if: Option<Map<String, Value>>,
    /// What is done.
    #[serde(default)]
    then: Option<Vec<Then>>,
    /// Which times that were missed are made up for.
    #[serde(default)]
    catch_up: Option<CatchUp>,
}

impl Operation for Update {
    const TOOL: &'static str = "automation";
    const NAME: &'static str = "update";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        let (project, scope) = one_project(call).await?;
        let old = one(call, (&project, &scope), RULE, &self.rule).await?.watch;
        let on = self.when.as_ref().map(kind_of);
        if let (Some(on), Some(when)) = (on, &self.when) {
            check_condition("when", on, when)?;
            check_there(call, ("when", on), when).await?;
        }
        check_if(on.unwrap_or(old.on), self.only_if.as_ref().unwrap_or(&old.only_if))?;
        check_actions(call, "then", self.then.as_deref().unwrap_or_default())?;
        let command = json!({"rule": self.rule, "name": self.name, "on": on, "condition": self.when,
                             "only_if": self.only_if, "then": self.then, "catch_up": self.catch_up});
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"rule": example(), "if": {"content": {"contains": "cart"}}});
        vec![Example { setup: vec![made()], arguments }]
    }
}

/// Takes a rule away: it runs no more. Its history stays. Only its maker or an admin may.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Delete {
    /// The rule's id.
    rule: String,
}

impl Operation for Delete {
    const TOOL: &'static str = "automation";
    const NAME: &'static str = "delete";
    const EFFECT: Effect = Effect::Remove;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let mut other = made();
        other.arguments["event_id"] = json!("example-automation-2");
        let arguments =
            json!({"rule": id_of(RULE, "example-automation-2"), "event_id": "example-automation-gone"});
        vec![Example { setup: vec![other], arguments }]
    }
}

/// Lets a rule run, or not. What happens while it does not is not made up for.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Enable {
    /// The rule's id.
    rule: String,
    /// Whether it runs.
    enabled: bool,
}

impl Operation for Enable {
    const TOOL: &'static str = "automation";
    const NAME: &'static str = "enable";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![made()], arguments: json!({"rule": example(), "enabled": true}) }]
    }
}

/// Runs a rule now, whatever its condition, also one that is not enabled; tells what became of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Run {
    /// The rule's id.
    rule: String,
    /// What it is given instead of an event: `$content` is `input.content`.
    #[serde(default)]
    input: Map<String, Value>,
}

impl Operation for Run {
    const TOOL: &'static str = "automation";
    const NAME: &'static str = "run";
    const EFFECT: Effect = Effect::Write;
    type Result = ByHand;

    async fn call(self, call: &Call) -> Result<ByHand, Error> {
        by_hand(call, RULE, &self.rule, self.input).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![made()], arguments: run().arguments }]
    }
}

/// What rules ran, by what, and what became of it: the newest first. What could not be delivered is `dead`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct History {
    /// Only of this rule.
    rule: Option<String>,
    /// Only those of which this became.
    outcome: Option<Became>,
    /// Only runs since then: RFC 3339, or how long ago, such as `7d`. A shared argument, which lists do not repeat.
    #[schemars(skip)]
    since: Option<String>,
    /// Only runs before then.
    #[schemars(skip)]
    until: Option<String>,
    /// How many; 20 when not said.
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl Operation for History {
    const TOOL: &'static str = "automation";
    const NAME: &'static str = "history";
    const EFFECT: Effect = Effect::Read;
    type Result = Firings;

    async fn call(self, call: &Call) -> Result<Firings, Error> {
        let which = which(self.outcome, self.since.as_deref(), self.until.as_deref())?;
        history(call, (RULE, self.rule.as_deref()), which, (self.limit, self.cursor.as_deref())).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![made(), run()], arguments: json!({}) }]
    }
}

/// The example that the others are about; its id follows from its `event_id`.
fn made() -> Step {
    let arguments = json!({"name": "failed test runs come to mind", "event_id": "example-automation",
                           "when": {"type": "test_run", "tool": "example-cargo"}, "if": {"outcome": "failure"},
                           "then": [{"call": "attention.focus", "arguments": {"text": "a test run failed"}}]});
    Step { tool: "automation", operation: "create", arguments }
}

fn run() -> Step {
    let arguments = json!({"rule": example(), "input": {"content": "cart::total failed"}, "event_id": "example-rule-run"});
    Step { tool: "automation", operation: "run", arguments }
}

fn example() -> String {
    id_of(RULE, "example-automation")
}
