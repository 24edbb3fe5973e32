//! What the policies of a project say of an action, and what was answered to requests for the very same one.
//!
//! ```text
//! action ─▶ facts ─▶ policies that hold ─▶ the highest priority, the strictest of these ─▶ (ask) ─▶ approvals ─▶ verdict
//! ```

use athena_ingest::adapters::claude_code::{files, input_text};
use athena_ingest::safety::{APPROVAL, Action, Approval, POLICY, Policy, Verdict};
use athena_learn::scan::{Class, scan};
use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::operations::records::{Found, of_kind, of_name};
use crate::{App, condition};

/// What a policy may ask of an action.
pub const FIELDS: [&str; 8] = ["tool", "input", "whole", "path", "agent", "session", "secrets", "personal"];

/// Policies of a project.
pub const MOST_POLICIES: usize = 1_000;
/// Requests for one action that are looked at.
const REQUESTS: usize = 100;
/// How long an answer to a request holds, in microseconds: a day.
const HOLDS: i64 = 24 * 3_600 * 1_000_000;

/// What may come of an action, and why.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Judged {
    pub verdict: Verdict,
    /// The policy that says so; null where none holds.
    pub rule: Option<Said>,
    /// Why; null where nothing is said about it.
    pub reason: Option<String>,
    /// The request that was answered for this very action, where that decided.
    pub approval: Option<String>,
}

/// A policy, named.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Said {
    pub id: String,
    /// What it is called.
    pub name: Option<String>,
}

/// Who acts, in which session.
#[derive(Debug, Clone, Copy, Default)]
pub struct Acting<'a> {
    pub agent: Option<&'a str>,
    pub session: Option<&'a str>,
}

impl Judged {
    fn nothing() -> Self {
        Self { verdict: Verdict::Allowed, rule: None, reason: None, approval: None }
    }

    /// Where policies cannot be read, nobody knows what they would have said.
    pub fn unknown(error: &Error) -> Self {
        let reason = Some(format!("the policies could not be read: {error}"));
        Self { verdict: Verdict::Ask, reason, ..Self::nothing() }
    }

    /// As it stands in the event of a use of a tool; `None` where no policy says anything.
    pub fn recorded(&self) -> Option<Value> {
        self.reason.as_ref().map(|_| json!(self))
    }
}

/// Asks the policies of a project about an action.
///
/// # Errors
/// Storage.
pub async fn judge(
    app: &App,
    project: &str,
    action: &Action,
    acting: Acting<'_>,
    now: Time,
) -> Result<Judged, Error> {
    let policies = policies(app, project).await?;
    judge_by(app, project, &policies, (action, &files(&action.input)), acting, now).await
}

/// The policies of a project, the oldest first.
///
/// # Errors
/// Storage.
pub async fn policies(app: &App, project: &str) -> Result<Vec<Found>, Error> {
    of_kind(app, &Scope::Projects(vec![project.to_owned()]), POLICY).await
}

/// Asks policies at hand about an action that touches these paths.
///
/// # Errors
/// Storage.
pub async fn judge_by(
    app: &App,
    project: &str,
    policies: &[Found],
    (action, paths): (&Action, &[String]),
    acting: Acting<'_>,
    now: Time,
) -> Result<Judged, Error> {
    if policies.is_empty() {
        return Ok(Judged::nothing());
    }
    let facts = facts(action, paths, acting);
    let Some((said, policy)) = decides(policies, &facts)? else { return Ok(Judged::nothing()) };
    let judged =
        Judged { verdict: policy.verdict, rule: Some(said), reason: Some(policy.why), approval: None };
    if judged.verdict != Verdict::Ask {
        return Ok(judged);
    }
    let scope = Scope::Projects(vec![project.to_owned()]);
    answered(judged, of_name(app, &scope, APPROVAL, &digest(action)).await?, now)
}

/// An answer that still holds takes the place of the question: of the requests the one that was changed last.
fn answered(judged: Judged, requests: Vec<Found>, now: Time) -> Result<Judged, Error> {
    for request in requests.into_iter().rev().take(REQUESTS) {
        let Some(decided) = request.body::<Approval>()?.decision else { continue };
        if now.micros().saturating_sub(decided.at.micros()) >= HOLDS {
            continue;
        }
        let (verdict, answer) = match decided.approved {
            true => (Verdict::Allowed, "approved"),
            false => (Verdict::Denied, "refused"),
        };
        let reason = Some(format!("{answer} by {}: {}", decided.by, decided.why));
        return Ok(Judged { verdict, reason, approval: Some(request.id), ..judged });
    }
    Ok(judged)
}

/// What a policy can ask of an action: each path on its own, as paths are named one by one.
fn facts(action: &Action, paths: &[String], acting: Acting<'_>) -> Vec<Map<String, Value>> {
    let input = text_of(&action.input);
    let whole = action.input.as_str().map_or_else(|| action.input.to_string(), str::to_owned);
    let found = scan(&whole);
    // What is too long to be looked through may hold anything.
    let has = |class: Class| found.cut || found.findings.iter().any(|one| one.class == class);
    let of_path = |path: Value| {
        let facts = json!({"tool": action.tool, "input": input, "whole": whole, "path": path, "agent": acting.agent,
                           "session": acting.session, "secrets": has(Class::Secret), "personal": has(Class::Personal)});
        facts.as_object().cloned().unwrap_or_default()
    };
    match paths.is_empty() {
        true => vec![of_path(Value::Null)],
        false => paths.iter().map(|path| of_path(json!(path))).collect(),
    }
}

/// Of the policies that hold the one of the highest priority decides; of equal ones the strictest, then the oldest.
fn decides(policies: &[Found], facts: &[Map<String, Value>]) -> Result<Option<(Said, Policy)>, Error> {
    let mut first: Option<(Said, Policy)> = None;
    for found in policies {
        let policy: Policy = found.body()?;
        if !policy.enabled || !facts.iter().any(|facts| condition::holds(&policy.when, facts)) {
            continue;
        }
        let weight = |policy: &Policy| (policy.priority, policy.verdict);
        if first.as_ref().is_none_or(|(_, other)| weight(&policy) > weight(other)) {
            first = Some((Said { id: found.id.clone(), name: found.name.clone() }, policy));
        }
    }
    Ok(first)
}

/// What is done, in its most telling words.
pub fn text_of(input: &Value) -> String {
    match input {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => input_text(other),
    }
}

/// By which the very same action is known again: its tool and its whole input, blanks at the ends aside.
pub fn digest(action: &Action) -> String {
    let input = match &action.input {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    let mut hasher = blake3::Hasher::new_derive_key("athena 2026 an action that was asked for");
    hasher.update(action.tool.as_bytes()).update(&[0]).update(input.as_bytes());
    hasher.finalize().to_hex()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(id: &str, when: Value, verdict: &str, priority: i64) -> Found {
        let body = json!({"when": when, "verdict": verdict, "why": id, "priority": priority}).to_string();
        let record = json!({"id": id, "version": 1, "name": null, "body": body, "actor": "admin",
                            "recorded_at": "2026-11-25T00:00:00Z"});
        serde_json::from_value(record).unwrap()
    }

    fn of(policies: &[Found], tool: &str, input: Value) -> Option<(String, Verdict)> {
        let action = Action { tool: tool.into(), input };
        let facts = facts(&action, &files(&action.input), Acting::default());
        let decided = decides(policies, &facts).unwrap();
        decided.map(|(said, policy)| (said.id, policy.verdict))
    }

    #[test]
    fn the_highest_then_the_strictest_decides() {
        let policies = [
            policy("bash", json!({"tool": "Bash"}), "ask", 0),
            policy("force", json!({"input": {"contains": "--force"}}), "denied", 0),
            policy("make", json!({"tool": "Bash", "input": {"starts_with": "make"}}), "allowed", 5),
            policy("etc", json!({"path": {"starts_with": "/etc/"}}), "denied", 0),
            policy("secrets", json!({"secrets": true}), "denied", 9),
        ];
        let bash = |command: &str| of(&policies, "Bash", json!({"command": command}));
        assert_eq!(bash("ls"), Some(("bash".into(), Verdict::Ask)));
        assert_eq!(bash("git push --force"), Some(("force".into(), Verdict::Denied)));
        assert_eq!(bash("make --force"), Some(("make".into(), Verdict::Allowed)));
        assert_eq!(bash("make DB_PASSWORD=vN3!quarry88"), Some(("secrets".into(), Verdict::Denied)));
        let write = |path: &str| of(&policies, "Write", json!({"file_path": path, "content": "x"}));
        assert_eq!(write("/etc/hosts"), Some(("etc".into(), Verdict::Denied)));
        assert_eq!(write("/home/x"), None);
    }

    #[test]
    fn an_answer_holds_for_a_day() {
        let request = |approved: bool| {
            let decision =
                json!({"approved": approved, "why": "fine", "by": "bob", "at": Time::from_micros(1_000)});
            let body =
                json!({"action": {"tool": "t"}, "digest": "d", "why": "w", "decision": decision}).to_string();
            let record = json!({"id": "approval-1", "version": 1, "body": body, "actor": "ann",
                                "recorded_at": "2026-11-25T00:00:00Z"});
            vec![serde_json::from_value(record).unwrap()]
        };
        let ask = Judged { verdict: Verdict::Ask, ..Judged::nothing() };
        let at =
            |approved, now| answered(ask.clone(), request(approved), Time::from_micros(now)).unwrap().verdict;
        assert_eq!(at(true, 2_000), Verdict::Allowed);
        assert_eq!(at(false, 2_000), Verdict::Denied);
        assert_eq!(at(true, 1_000 + HOLDS), Verdict::Ask);
    }

    #[test]
    fn the_very_same_action_is_known() {
        let of = |tool: &str, input: Value| digest(&Action { tool: tool.into(), input });
        assert_eq!(of("Bash", json!(" make ")), of("Bash", json!("make")));
        assert_ne!(of("Bash", json!("make")), of("Bash", json!("make all")));
        assert_ne!(of("Bash", json!("make")), of("Sh", json!("make")));
    }
}
