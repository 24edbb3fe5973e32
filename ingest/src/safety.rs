//! Commands of `safety`: what agents may do, who asked to do more, and what was answered.

use athena_schemas::tables::Record;
use athena_schemas::{Code, Error, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::apply::{Call, Decision, Done, Key, State, Tool};
use crate::records::{body, find, key, new_id, version, written};
use crate::redacts;

/// Kinds of records: rules, and requests to do what a rule wants to be asked about.
pub const POLICY: &str = "policy";
pub const APPROVAL: &str = "approval";

/// Characters of a name and of a reason.
const NAME_CHARS: usize = 200;
const WHY_CHARS: usize = 2_000;
/// Bytes of an action that is asked for.
const ACTION_BYTES: usize = 64 * 1024;

pub(crate) const TOOL: Tool = Tool { name: "safety", keys, decide };

/// What may come of an action, the mildest first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Allowed,
    /// Somebody is to be asked.
    Ask,
    Denied,
}

/// The body of a policy's record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// What must be so of an action.
    pub when: Map<String, Value>,
    pub verdict: Verdict,
    /// What the agent is told.
    pub why: String,
    /// The highest decides.
    #[serde(default)]
    pub priority: i64,
    #[serde(default = "yes")]
    pub enabled: bool,
}

fn yes() -> bool {
    true
}

/// What an agent is about to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// The tool.
    pub tool: String,
    /// What it is given: a text, or an object such as `{"command": "make"}`.
    #[serde(default)]
    pub input: Value,
}

/// The body of an approval's record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    pub action: Action,
    /// By which the very same action is known again.
    pub digest: String,
    pub why: String,
    /// `None` while nobody has decided.
    #[serde(default)]
    pub decision: Option<Decided>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Decided {
    pub approved: bool,
    /// Why.
    pub why: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Time,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// The policy that it takes the place of.
    policy: Option<String>,
    name: Option<String>,
    when: Map<String, Value>,
    verdict: Verdict,
    why: String,
    priority: i64,
    enabled: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    action: Action,
    digest: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decide {
    request: String,
    approve: bool,
    why: String,
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    let named = ["policy", "request"].into_iter().filter_map(|name| call.arguments.get(name)?.as_str());
    named.map(|id| key(call, id)).chain(redacts::keys(call)).collect()
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(Decision::from(match operation {
        "policy" => policy(state, call),
        "request" => request(call),
        "decide" => answer(state, call),
        "redact" => redacts::redact(state, call),
        _ => return None,
    }))
}

/// Who says what agents may do decides what they do, so only admins say it.
fn policy(state: &State, call: &Call<'_>) -> Done {
    let given: Rule = call.parse()?;
    if !call.admin {
        return Err(Error::new(Code::PermissionDenied, "only admins make policies")
            .hint("a token with the role admin may"));
    }
    said("why", &given.why, WHY_CHARS)?;
    let name = given.name.filter(|name| !name.trim().is_empty());
    name.iter().try_for_each(|name| said("name", name, NAME_CHARS))?;
    let Rule { when, verdict, why, priority, enabled, .. } = given;
    let policy = Policy { when, verdict, why, priority, enabled };
    let record = match &given.policy {
        Some(id) => {
            let old = find(state, call, (POLICY, "policy"), id)?.clone();
            Record { name: name.or(old.name.clone()), ..old }
        }
        None => Record { id: new_id(call, POLICY), kind: POLICY.into(), name, ..Record::default() },
    };
    written(version(record, &policy, call))
}

fn request(call: &Call<'_>) -> Done {
    let given: Request = call.parse()?;
    said("why", &given.why, WHY_CHARS)?;
    said("action", &given.action.tool, NAME_CHARS)?;
    if given.action.input.to_string().len() > ACTION_BYTES {
        return Err(Error::invalid("action", format!("at most {ACTION_BYTES} bytes of input"))
            .hint("name a file in place of its content"));
    }
    let Request { action, digest, why } = given;
    let record = Record {
        id: new_id(call, APPROVAL),
        kind: APPROVAL.into(),
        // By which the requests for an action are found.
        name: Some(digest.clone()),
        ..Record::default()
    };
    written(version(record, &Approval { action, digest, why, decision: None }, call))
}

/// A request has one answer, and whoever asked does not give it, unless an admin.
fn answer(state: &State, call: &Call<'_>) -> Done {
    let given: Decide = call.parse()?;
    let record = find(state, call, (APPROVAL, "request"), &given.request)?;
    let approval: Approval = body(record)?;
    if let Some(decided) = &approval.decision {
        let answer = if decided.approved { "approved" } else { "refused" };
        let message = format!("request {} was {answer} by {}", record.id, decided.by);
        let error = Error::new(Code::Conflict, message).hint("a request has one answer; make another one");
        return Err(Error { field: Some("request".into()), ..error });
    }
    if record.actor == call.event.actor && !call.admin {
        let message = format!("request {} is one's own", record.id);
        return Err(Error::new(Code::PermissionDenied, message).hint("somebody else or an admin decides"));
    }
    said("why", &given.why, WHY_CHARS)?;
    let (by, at) = (call.event.actor.clone(), call.now());
    let decision = Some(Decided { approved: given.approve, why: given.why, by, at });
    written(version(record.clone(), &Approval { decision, ..approval }, call))
}

fn said(field: &str, text: &str, most: usize) -> Result<(), Error> {
    if text.trim().is_empty() || text.chars().count() > most {
        return Err(Error::invalid(field, format!("from 1 to {most} characters")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test::{command, run};

    struct Safety(State, i64);

    impl Safety {
        fn call(&mut self, operation: &str, actor: &str, arguments: Value) -> Result<Value, Error> {
            self.1 += 1;
            run(&mut self.0, command(self.1, &format!("safety.{operation}"), actor, arguments))
        }
    }

    #[test]
    fn only_admins_say_what_may_be_done() {
        let mut safety = Safety(State::default(), 0);
        let rule = |policy: Option<&str>| {
            json!({"policy": policy, "name": null, "when": {"tool": "Bash"}, "verdict": "ask", "why": "it runs things",
                   "priority": 0, "enabled": true})
        };
        assert_eq!(safety.call("policy", "ann", rule(None)).unwrap_err().code, Code::PermissionDenied);
        let made = safety.call("policy", "admin", rule(None)).unwrap();
        let id = made["id"].as_str().unwrap();
        let again = safety.call("policy", "admin", rule(Some(id))).unwrap();
        assert_eq!(again["id"], made["id"]);
        assert_ne!(again["version"], made["version"]);
        let lost = safety.call("policy", "admin", rule(Some("policy-x"))).unwrap_err();
        assert_eq!((lost.code, lost.field.as_deref()), (Code::NotFound, Some("policy")));
    }

    #[test]
    fn a_request_has_one_answer_of_another() {
        let mut safety = Safety(State::default(), 0);
        let action = json!({"tool": "Bash", "input": "make release"});
        let request = json!({"action": action, "digest": "d", "why": "it is Tuesday"});
        let made = safety.call("request", "ann", request).unwrap();
        let decide = |approve: bool| json!({"request": made["id"], "approve": approve, "why": "fine"});
        assert_eq!(safety.call("decide", "ann", decide(true)).unwrap_err().code, Code::PermissionDenied);
        safety.call("decide", "bob", decide(true)).unwrap();
        let late = safety.call("decide", "admin", decide(false)).unwrap_err();
        assert_eq!((late.code, late.field.as_deref()), (Code::Conflict, Some("request")));
        let record = safety.0.record("p", made["id"].as_str().unwrap()).unwrap();
        let decided = body::<Approval>(record).unwrap().decision.unwrap();
        assert_eq!((decided.approved, decided.by.as_str()), (true, "bob"));
        assert_eq!(record.actor, "ann", "who asked stays");
    }

    #[test]
    fn the_strictest_is_the_greatest() {
        assert!(Verdict::Allowed < Verdict::Ask && Verdict::Ask < Verdict::Denied);
    }
}
