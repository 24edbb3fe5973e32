//! Tool `triggers`: one thing that is done when another happens, in whatever session it happens.

mod look;

use athena_ingest::records::id_of;
use athena_ingest::watches::{CatchUp, On, TRIGGER, Then};
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
use crate::registry::{Call, Effect, Example, Operation, Registry, Step};

pub fn register(registry: &mut Registry) {
    registry.add::<Create>();
    registry.add::<Get>();
    registry.add::<List>();
    registry.add::<Update>();
    registry.add::<Delete>();
    registry.add::<Enable>();
    registry.add::<look::Test>();
    registry.add::<look::Due>();
    registry.add::<Fire>();
    registry.add::<History>();
}

/// Makes a trigger: what is done, once, whenever the condition comes to hold in any session of this project. It acts
/// with the rights of who made it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Create {
    /// What makes it fire.
    kind: On,
    /// time: `{cron}` (UTC), `{every: "15m"}` or `{at}`. event: `{field: value | {op: value}}` of an event, such as
    /// type, tool, outcome, content, attributes.NAME. context: of prompt, files, cwd, moment. dependency: `{task or goal,
    /// state}`. file: `{path: "src/**/*.rs"}`, and fields of the event.
    condition: Map<String, Value>,
    /// `{call: "tool.operation", arguments}`, `{url}` (admins), or of a context `{inject: text}`; `$content` and the like
    /// in texts become what happened.
    action: Then,
    /// What it is called.
    #[serde(default)]
    name: Option<String>,
    /// Which times that were missed are made up for: none, last (when not said) or all.
    #[serde(default)]
    catch_up: CatchUp,
    /// Whether it fires from now on; true when not said.
    #[serde(default)]
    enabled: Option<bool>,
}

impl Operation for Create {
    const TOOL: &'static str = "triggers";
    const NAME: &'static str = "create";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        check_condition("condition", self.kind, &self.condition)?;
        check_there(call, ("condition", self.kind), &self.condition).await?;
        let then = [self.action];
        check_actions(call, "action", &then)?;
        room(call, TRIGGER).await?;
        let command = json!({"name": self.name, "on": self.kind, "condition": self.condition, "then": then,
                             "catch_up": self.catch_up, "enabled": self.enabled.unwrap_or(true)});
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        let daily = json!({"kind": "time", "condition": {"cron": "0 9 * * 1-5"}, "name": "every working day",
                           "action": {"call": "attention.focus", "arguments": {"text": "look at the open questions"}}});
        let says = json!({"kind": "context", "condition": {"prompt": {"contains": "release the parser"}},
                          "action": {"inject": "The parser is released by hand: see docs/release.md"}});
        vec![
            Example { setup: vec![], arguments: made().arguments },
            Example { setup: vec![], arguments: daily },
            Example { setup: vec![], arguments: says },
        ]
    }
}

/// A trigger, with what fired it last.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Get {
    /// The trigger's id.
    trigger: String,
}

/// A trigger and its firings.
#[derive(Debug, Serialize, JsonSchema)]
struct Whole {
    #[serde(flatten)]
    trigger: Line,
    /// What a receiver verifies its posts with (Standard Webhooks); for admins.
    signing_key: Option<String>,
    /// The newest firings.
    firings: Vec<Firing>,
    project: String,
}

impl Operation for Get {
    const TOOL: &'static str = "triggers";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = Whole;

    async fn call(self, call: &Call) -> Result<Whole, Error> {
        let watches::Whole { line, signing_key, firings, project } =
            whole(call, TRIGGER, &self.trigger).await?;
        Ok(Whole { trigger: line, signing_key, firings, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![made()], arguments: json!({"trigger": example()}) }]
    }
}

/// The triggers of this project, the one that was made or changed first at the beginning.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct List {
    /// Only those of this kind.
    kind: Option<On>,
    /// Only those that fire, or only those that do not.
    enabled: Option<bool>,
    /// How many; 20 when not said.
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Triggers.
#[derive(Debug, Serialize, JsonSchema)]
struct Listed {
    items: Vec<Line>,
    /// What to pass as `cursor` for the next ones; null at the end.
    next_cursor: Option<String>,
    project: String,
}

impl Operation for List {
    const TOOL: &'static str = "triggers";
    const NAME: &'static str = "list";
    const EFFECT: Effect = Effect::Read;
    type Result = Listed;

    async fn call(self, call: &Call) -> Result<Listed, Error> {
        let limit = limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        let mut found = all(call, &scope, TRIGGER).await?;
        found.retain(|read| self.kind.is_none_or(|kind| read.watch.on == kind));
        found.retain(|read| self.enabled.is_none_or(|enabled| read.watch.enabled == enabled));
        let (found, next_cursor) = page(found, limit, self.cursor.as_deref())?;
        Ok(Listed { items: found.iter().map(|read| line(call, read)).collect(), next_cursor, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![made()], arguments: json!({"kind": "event"}) }]
    }
}

/// Changes a trigger: what is given, and nothing else. It counts anew from then on. Only its maker or an admin may.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Update {
    /// The trigger's id.
    trigger: String,
    /// What makes it fire; a new condition comes with it.
    #[serde(default)]
    kind: Option<On>,
    /// What must be so, as in `create`.
    #[serde(default)]
    condition: Option<Map<String, Value>>,
    /// What is done.
    #[serde(default)]
    action: Option<Then>,
    /// What it is called.
    #[serde(default)]
    name: Option<String>,
    /// Which times that were missed are made up for.
    #[serde(default)]
    catch_up: Option<CatchUp>,
}

impl Operation for Update {
    const TOOL: &'static str = "triggers";
    const NAME: &'static str = "update";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        let (project, scope) = one_project(call).await?;
        let old = one(call, (&project, &scope), TRIGGER, &self.trigger).await?.watch;
        if self.kind.is_some() || self.condition.is_some() {
            let condition = self.condition.as_ref().unwrap_or(&old.condition);
            let on = self.kind.unwrap_or(old.on);
            check_condition("condition", on, condition)?;
            check_there(call, ("condition", on), condition).await?;
        }
        let then: Option<Vec<Then>> = self.action.map(|action| vec![action]);
        check_actions(call, "action", then.as_deref().unwrap_or_default())?;
        let command = json!({"trigger": self.trigger, "name": self.name, "on": self.kind,
                             "condition": self.condition, "then": then, "catch_up": self.catch_up});
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        let arguments =
            json!({"trigger": example(), "condition": {"type": "deployment", "outcome": "failure"}});
        vec![Example { setup: vec![made()], arguments }]
    }
}

/// Takes a trigger away: it fires no more. Its history stays. Only its maker or an admin may.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Delete {
    /// The trigger's id.
    trigger: String,
}

impl Operation for Delete {
    const TOOL: &'static str = "triggers";
    const NAME: &'static str = "delete";
    const EFFECT: Effect = Effect::Remove;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let mut other = made();
        other.arguments["event_id"] = json!("example-trigger-2");
        let arguments =
            json!({"trigger": id_of(TRIGGER, "example-trigger-2"), "event_id": "example-trigger-gone"});
        vec![Example { setup: vec![other], arguments }]
    }
}

/// Lets a trigger fire, or not. What happens while it does not is not made up for.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Enable {
    /// The trigger's id.
    trigger: String,
    /// Whether it fires.
    enabled: bool,
}

impl Operation for Enable {
    const TOOL: &'static str = "triggers";
    const NAME: &'static str = "enable";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![made()], arguments: json!({"trigger": example(), "enabled": true}) }]
    }
}

/// Fires a trigger by hand, whatever its condition, also one that is not enabled; tells what became of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Fire {
    /// The trigger's id.
    trigger: String,
}

impl Operation for Fire {
    const TOOL: &'static str = "triggers";
    const NAME: &'static str = "fire";
    const EFFECT: Effect = Effect::Write;
    type Result = ByHand;

    async fn call(self, call: &Call) -> Result<ByHand, Error> {
        by_hand(call, TRIGGER, &self.trigger, Map::new()).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![made()], arguments: fired().arguments }]
    }
}

/// What fired, by what, and what became of it: the newest first. What could not be delivered is `dead`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct History {
    /// Only of this trigger.
    trigger: Option<String>,
    /// Only those of which this became.
    outcome: Option<Became>,
    /// Only those that fired since then: RFC 3339, or how long ago, such as `7d`. A shared argument, which lists do not
    /// repeat.
    #[schemars(skip)]
    since: Option<String>,
    /// Only those that fired before then.
    #[schemars(skip)]
    until: Option<String>,
    /// How many; 20 when not said.
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl Operation for History {
    const TOOL: &'static str = "triggers";
    const NAME: &'static str = "history";
    const EFFECT: Effect = Effect::Read;
    type Result = Firings;

    async fn call(self, call: &Call) -> Result<Firings, Error> {
        let which = which(self.outcome, self.since.as_deref(), self.until.as_deref())?;
        history(call, (TRIGGER, self.trigger.as_deref()), which, (self.limit, self.cursor.as_deref())).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![made(), fired()], arguments: json!({}) }]
    }
}

/// The example that the others are about; its id follows from its `event_id`.
fn made() -> Step {
    let arguments = json!({"kind": "event", "condition": {"type": "deployment", "tool": "example-deploy"},
                           "action": {"call": "attention.focus", "arguments": {"text": "somebody deploys"}},
                           "name": "deployments", "event_id": "example-trigger"});
    Step { tool: "triggers", operation: "create", arguments }
}

fn fired() -> Step {
    let arguments = json!({"trigger": example(), "event_id": "example-fire"});
    Step { tool: "triggers", operation: "fire", arguments }
}

fn example() -> String {
    id_of(TRIGGER, "example-trigger")
}
