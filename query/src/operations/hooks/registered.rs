//! What is to happen at the moments, as admins registered it.

use athena_ingest::hooks::{Action, Hook, KIND, MOST_RATE, Moment};
use athena_ingest::records::id_of;
use athena_schemas::{Code, Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::condition;
use crate::hooks_out::{Dead, FIELDS, MOST_HOOKS, address, signing_key};
use crate::operations::records::{Found, Written, answered, of_kind, one_project};
use crate::registry::{Call, Effect, Example, Operation, Step};
use crate::who::Role;

/// Operations that no hook calls: they say what hooks do.
const OWN: [&str; 3] = ["hooks.register", "hooks.remove", "hooks.limit"];

/// What to do, and when.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// What must be so: `{field: value | {op: value}}`, of the fields that a hook is told; always when empty.
    #[serde(default)]
    when: Map<String, Value>,
    /// `{url}`, or `{call: "tool.operation", arguments}`; texts such as `$session` become what happened.
    then: Action,
}

/// Registers what is to happen at a moment of every agent's run in this project: an address that is posted to, or a
/// rule. Behind the moment, tried three times, at most 60 times a minute (`limit`), resting after five failures. Only
/// for admins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// When.
    moment: Moment,
    /// An address, http or https, that gets what happened as JSON. Either this or `rule`.
    #[serde(default)]
    url: Option<String>,
    /// A condition, and what to do.
    #[serde(default)]
    rule: Option<Rule>,
}

impl Operation for Register {
    const TOOL: &'static str = "hooks";
    const NAME: &'static str = "register";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        call.caller.identity.must(Role::Admin)?;
        let (argument, rule) = match (self.url, self.rule) {
            (Some(url), None) => ("url", Rule { when: Map::new(), then: Action::Url { url } }),
            (None, Some(rule)) => ("rule", rule),
            _ => {
                return Err(Error::invalid("url", "exactly one of `url` and `rule` is needed")
                    .hint("such as {\"moment\": \"session_end\", \"url\": \"https://example.org/hook\"}"));
            }
        };
        condition::check("rule", &rule.when, &FIELDS)?;
        match &rule.then {
            Action::Url { url } => drop(address::checked(argument, url)?),
            Action::Call { call: operation, .. } => callable(call, operation)?,
        }
        let (_, scope) = one_project(call).await?;
        if of_kind(&call.app, &scope, KIND).await?.len() >= MOST_HOOKS {
            let message = format!("{MOST_HOOKS} hooks are registered already");
            return Err(Error::new(Code::ResourceExhausted, message).hint("remove one that is not needed"));
        }
        let command = json!({"moment": self.moment, "when": rule.when, "then": rule.then});
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        let rule = json!({"moment": "post_tool", "event_id": "example-rule",
                          "rule": {"when": {"tool": "deploy", "outcome": "failure"},
                                   "then": {"call": "attention.focus", "arguments": {"text": "the deployment failed"}}}});
        vec![
            Example { setup: vec![], arguments: posting().arguments },
            Example { setup: vec![], arguments: rule },
        ]
    }
}

/// # Errors
/// An operation that a hook may not call, or that there is none of.
fn callable(call: &Call, operation: &str) -> Result<(), Error> {
    let wrong = |message: String| Error::invalid("rule", message);
    let Some((tool, name)) = operation.split_once('.') else {
        return Err(wrong(format!("{operation:?} is no operation")).hint("such as memories.remember"));
    };
    let entry = call.app.registry.find(tool, name);
    let entry = entry.map_err(|error| Error { field: Some("rule".into()), ..error })?;
    if OWN.contains(&operation) || entry.effect == Effect::Remove {
        return Err(wrong(format!("no hook calls {operation}")).hint("hooks take nothing away"));
    }
    Ok(())
}

/// The hooks of this project, the oldest first, and what became of them since this server began.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct List {
    /// Only those of this moment.
    moment: Option<Moment>,
}

/// Hooks.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listed {
    items: Vec<Line>,
    project: String,
}

/// A hook.
#[derive(Debug, Serialize, JsonSchema)]
struct Line {
    id: String,
    moment: Moment,
    /// What must be so.
    when: Map<String, Value>,
    /// Where it posts; what stands behind the question mark is for admins only.
    url: Option<String>,
    /// The operation that it calls, and its arguments.
    call: Option<String>,
    arguments: Option<Map<String, Value>>,
    /// Calls a minute at most.
    rate: u32,
    /// Who registered it.
    actor: String,
    /// When it was registered or changed last.
    time: Time,
    /// How often this server called it, and how often in vain.
    calls: u64,
    failures: u64,
    /// How often it did not, because of its rate, or because it rested.
    skipped: u64,
    /// Whether it rests after failures.
    resting: bool,
    /// What it did not get done since this server began, the newest 10.
    dead: Vec<Dead>,
    /// What a receiver verifies its posts with (Standard Webhooks); for admins.
    signing_key: Option<String>,
}

impl Operation for List {
    const TOOL: &'static str = "hooks";
    const NAME: &'static str = "list";
    const EFFECT: Effect = Effect::Read;
    type Result = Listed;

    async fn call(self, call: &Call) -> Result<Listed, Error> {
        let (project, scope) = one_project(call).await?;
        let found = of_kind(&call.app, &scope, KIND).await?;
        let lines = found.into_iter().map(|found| found.body::<Hook>().map(|hook| line(call, found, hook)));
        let mut items = lines.collect::<Result<Vec<_>, Error>>()?;
        items.retain(|line| self.moment.is_none_or(|moment| line.moment == moment));
        Ok(Listed { items, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![posting()], arguments: json!({}) }]
    }
}

fn line(call: &Call, found: Found, hook: Hook) -> Line {
    let (counts, resting) = call.app.hooks.state(&found.id);
    let admin = call.caller.identity.role == Role::Admin;
    let posts = matches!(hook.then, Action::Url { .. });
    let signing_key = (posts && admin).then(|| signing_key(&call.app, &found.id));
    let (url, operation, arguments) = match hook.then {
        Action::Url { url } if admin => (Some(url), None, None),
        Action::Url { url } => (url.split('?').next().map(str::to_owned), None, None),
        Action::Call { call, arguments } => (None, Some(call), Some(arguments)),
    };
    let dead = call.app.hooks.dead(&found.id);
    Line {
        id: found.id,
        moment: hook.moment,
        when: hook.when,
        url,
        call: operation,
        arguments,
        rate: hook.rate,
        actor: found.actor,
        time: found.recorded_at,
        calls: counts.calls,
        failures: counts.failures,
        skipped: counts.skipped,
        resting,
        dead,
        signing_key,
    }
}

/// Removes a hook: it is not called any more.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Remove {
    /// The hook's id.
    hook: String,
}

impl Operation for Remove {
    const TOOL: &'static str = "hooks";
    const NAME: &'static str = "remove";
    const EFFECT: Effect = Effect::Remove;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let other = json!({"moment": "user_prompt", "event_id": "example-hook-2",
                           "rule": {"when": {"session": "none"}, "then": {"url": "https://example.org/hook"}}});
        let other = Step { tool: "hooks", operation: "register", arguments: other };
        let arguments = json!({"hook": id_of(KIND, "example-hook-2"), "event_id": "example-remove"});
        vec![Example { setup: vec![other], arguments }]
    }
}

/// How often a hook is called in a minute at most. What is over it is left out, and counted.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The hook's id.
    hook: String,
    /// Calls a minute, from 1 to 6,000.
    rate: u32,
}

impl Operation for Limit {
    const TOOL: &'static str = "hooks";
    const NAME: &'static str = "limit";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        if !(1..=MOST_RATE).contains(&self.rate) {
            return Err(Error::invalid("rate", format!("from 1 to {MOST_RATE} calls a minute")));
        }
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"hook": id_of(KIND, "example-hook"), "rate": 10});
        vec![Example { setup: vec![posting()], arguments }]
    }
}

/// The example that the others are about.
fn posting() -> Step {
    let arguments = json!({"moment": "pre_tool", "event_id": "example-hook",
                           "rule": {"when": {"tool": "deploy"}, "then": {"url": "https://example.org/hook"}}});
    Step { tool: "hooks", operation: "register", arguments }
}
