//! The rules of a project.

use athena_ingest::records::id_of;
use athena_ingest::safety::{POLICY, Policy, Verdict};
use athena_schemas::{Code, Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::condition;
use crate::operations::records::{Found, Written, answered, of_kind, one_project, page};
use crate::registry::{Call, Effect, Example, Operation, Step};
use crate::safety::{FIELDS, MOST_POLICIES};
use crate::who::Role;

/// Policies on a page, when not said, and at most.
const SHOWN: usize = 20;
const MOST_SHOWN: usize = 1_000;

/// What agents may do, and when.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// What it is called.
    #[serde(default)]
    name: Option<String>,
    /// What must be so: `{field: value | {op: value}}` of tool, input (its most telling words), whole (all of it), path,
    /// agent, session, secrets, personal; always
    /// when empty.
    #[serde(default)]
    when: Map<String, Value>,
    /// What comes of it.
    verdict: Verdict,
    /// What the agent is told.
    why: String,
    /// The highest of those that hold decides; 0 when not said.
    #[serde(default)]
    priority: i64,
    /// `false` switches it off.
    #[serde(default = "yes")]
    enabled: bool,
}

fn yes() -> bool {
    true
}

/// Makes a policy of this project, or changes one. From then on `check` and `hooks.pre_tool` follow it. Only for admins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Policy")]
pub struct MakePolicy {
    rule: Rule,
    /// Id of the policy that it takes the place of.
    #[serde(default)]
    policy: Option<String>,
}

impl Operation for MakePolicy {
    const TOOL: &'static str = "safety";
    const NAME: &'static str = "policy";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        call.caller.identity.must(Role::Admin)?;
        let Rule { name, when, verdict, why, priority, enabled } = self.rule;
        condition::check("rule", &when, &FIELDS)?;
        let (_, scope) = one_project(call).await?;
        if self.policy.is_none() && of_kind(&call.app, &scope, POLICY).await?.len() >= MOST_POLICIES {
            let message = format!("there are {MOST_POLICIES} policies already");
            return Err(Error::new(Code::ResourceExhausted, message).hint("change one that is not needed"));
        }
        let command = json!({"policy": self.policy, "name": name, "when": when, "verdict": verdict, "why": why,
                             "priority": priority, "enabled": enabled});
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        let secrets = json!({"rule": {"name": "no secrets", "when": {"secrets": true}, "verdict": "denied",
                                      "why": "the input holds a secret: pass it by the environment"},
                             "event_id": "example-policy-2"});
        let off = json!({"policy": id_of(POLICY, "example-policy-1"),
                         "rule": {"verdict": "ask", "why": "not now", "enabled": false}});
        vec![
            Example { setup: vec![], arguments: set_up().arguments },
            Example { setup: vec![], arguments: secrets },
            Example { setup: vec![set_up()], arguments: off },
        ]
    }
}

/// The policy that the examples are about.
pub fn set_up() -> Step {
    let rule = json!({"name": "no forced pushes", "verdict": "ask", "why": "it takes away what others pushed",
                      "when": {"tool": "Bash", "input": {"contains": "push --force"}}});
    let arguments = json!({"rule": rule, "event_id": "example-policy-1"});
    Step { tool: "safety", operation: "policy", arguments }
}

/// The policies of this project, the oldest first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Policies {
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Policies.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listed {
    items: Vec<Line>,
    next_cursor: Option<String>,
    project: String,
}

/// A policy.
#[derive(Debug, Serialize, JsonSchema)]
struct Line {
    id: String,
    name: Option<String>,
    /// What must be so.
    when: Map<String, Value>,
    verdict: Verdict,
    /// What the agent is told.
    why: String,
    priority: i64,
    enabled: bool,
    /// Who made it.
    actor: String,
    /// When it was made or changed last.
    time: Time,
}

impl TryFrom<Found> for Line {
    type Error = Error;

    fn try_from(found: Found) -> Result<Self, Error> {
        let Policy { when, verdict, why, priority, enabled } = found.body()?;
        let (id, name, actor, time) = (found.id, found.name, found.actor, found.recorded_at);
        Ok(Self { id, name, when, verdict, why, priority, enabled, actor, time })
    }
}

impl Operation for Policies {
    const TOOL: &'static str = "safety";
    const NAME: &'static str = "policies";
    const EFFECT: Effect = Effect::Read;
    type Result = Listed;

    async fn call(self, call: &Call) -> Result<Listed, Error> {
        let (project, scope) = one_project(call).await?;
        let found = of_kind(&call.app, &scope, POLICY).await?;
        let limit = bounded(self.limit, SHOWN, MOST_SHOWN)?;
        let (found, next_cursor) = page(found, limit, self.cursor.as_deref())?;
        let items = found.into_iter().map(Line::try_from).collect::<Result<_, _>>()?;
        Ok(Listed { items, next_cursor, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({}) }]
    }
}

/// How many are asked for.
pub fn bounded(limit: Option<usize>, usual: usize, most: usize) -> Result<usize, Error> {
    match limit.unwrap_or(usual) {
        limit if (1..=most).contains(&limit) => Ok(limit),
        _ => Err(Error::invalid("limit", format!("from 1 to {most}"))),
    }
}
