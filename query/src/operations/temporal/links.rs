//! What leads to what: chains, and steps that stand around others more often than elsewhere.

use std::collections::HashMap;

use athena_learn::past::{self, Lift};
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Happened, by_session, find, steps, stream};
use crate::operations::events::recorded;
use crate::registry::{Call, Effect, Example, Operation};

/// Events on each side of a chain, and pieces of evidence of a link.
const SIDE: usize = 10;
const EVIDENCE: usize = 5;
/// Links that one answer has.
const LINKS: usize = 50;

/// What led to an event and what followed it in its session, each with how strongly: 1 for what it belongs under, else
/// how probable the later step is after the earlier one in this project.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// The event's id.
    event: String,
}

/// An event of a chain.
#[derive(Debug, Serialize, JsonSchema)]
struct Link {
    #[serde(flatten)]
    event: Happened,
    /// From 0 to 1.
    strength: f64,
    /// `parent`, or `follows`.
    by: &'static str,
    /// Whether it came before or after.
    side: &'static str,
}

/// What stands around an event.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Links {
    event: Happened,
    items: Vec<Link>,
    projects: Vec<String>,
}

impl Operation for Chain {
    const TOOL: &'static str = "temporal";
    const NAME: &'static str = "chain";
    const EFFECT: Effect = Effect::Read;
    type Result = Links;

    async fn call(self, call: &Call) -> Result<Links, Error> {
        let (projects, scope) = call.scope().await?;
        let events = stream(&call.app, &scope, None).await?;
        let event = find(&events, &self.event, &projects)?.clone();
        let sessions = by_session(&events);
        let follows = past::follows(&steps(&sessions)).into_iter();
        let follows: HashMap<_, f64> = follows.map(|(one, then, _, odds)| ((one, then), odds)).collect();
        let odds = |first: &Happened, then: &Happened| {
            follows.get(&(first.step.clone(), then.step.clone())).copied().unwrap_or_default()
        };
        let of = |session: &&Vec<&Happened>| session.iter().any(|one| one.position == event.position);
        let session = sessions.iter().find(of).cloned().unwrap_or_default();
        let at = session.iter().position(|one| one.position == event.position).unwrap_or_default();
        let mut items = Vec::new();
        for (place, one) in session.iter().enumerate() {
            let side = if place < at { "before" } else { "after" };
            let related = one.parent.as_ref() == Some(&event.id) || event.parent.as_ref() == Some(&one.id);
            // A chain is as strong as its weakest link.
            let between = &session[place.min(at)..=place.max(at)];
            let weakest = || between.windows(2).map(|pair| odds(pair[0], pair[1])).fold(1.0, f64::min);
            match (place == at, related, place.abs_diff(at) <= SIDE) {
                (true, ..) | (_, false, false) => {}
                (_, true, _) => items.push(Link { event: (*one).clone(), strength: 1.0, by: "parent", side }),
                (_, false, true) => {
                    items.push(Link { event: (*one).clone(), strength: weakest(), by: "follows", side });
                }
            }
        }
        Ok(Links { event, items, projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"event": "example-test-run"}) }]
    }
}

/// Steps that came before an event's kind, or an outcome, more often than in the same gap of other sessions. An
/// association, not a proof: lift, Fisher's exact test after Benjamini and Hochberg, shared files, and the events.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Causes {
    /// An event's id. Either this or `outcome`.
    event: Option<String>,
    /// Any step that ended so, such as `failure`.
    outcome: Option<String>,
}

/// Steps that came after an event's kind more often than in the same gap of other sessions: an association, each with
/// its lift, odds by chance, shared files, and events.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Effects {
    /// The event's id.
    event: String,
}

/// A step that is associated with what was asked.
#[derive(Debug, Serialize, JsonSchema)]
struct Association {
    /// What was done, and how it went.
    step: String,
    lift: f64,
    /// Fisher's exact test, and adjusted for how many steps were tried.
    p: f64,
    q: f64,
    /// Sessions with it in the gap, of all sessions with what was asked.
    sessions: usize,
    of: usize,
    /// The same of other sessions.
    other_sessions: usize,
    other_of: usize,
    /// Files that its events share with the one that was asked about.
    shared_files: Vec<String>,
    evidence: Vec<Happened>,
}

/// Associations, the surest first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Associations {
    /// What the answer claims: `association`.
    claim: &'static str,
    items: Vec<Association>,
    /// Why there are none.
    reason: Option<String>,
    projects: Vec<String>,
}

/// What is asked about.
enum Asked<'a> {
    Event(&'a str),
    Outcome(&'a str),
}

async fn associations(call: &Call, asked: Asked<'_>, forwards: bool) -> Result<Associations, Error> {
    let (projects, scope) = call.scope().await?;
    let events = stream(&call.app, &scope, None).await?;
    let event = match asked {
        Asked::Event(id) => Some(find(&events, id, &projects)?),
        Asked::Outcome(_) => None,
    };
    let step = event.map(|event| event.step.clone());
    let suffix = match asked {
        Asked::Outcome(outcome) => format!(": {outcome}"),
        Asked::Event(_) => String::new(),
    };
    let sessions = by_session(&events);
    let steps = steps(&sessions);
    let is = |one: &past::Step| match &step {
        Some(step) => one == step,
        None => one.ends_with(&suffix),
    };
    let told = |lift: Lift| {
        let evidence: Vec<&Happened> =
            lift.seen.iter().map(|(session, place)| sessions[*session][*place]).collect();
        let own = event.map(|event| event.files.as_slice()).unwrap_or_default();
        let mut shared: Vec<String> =
            evidence.iter().flat_map(|one| &one.files).filter(|file| own.contains(file)).cloned().collect();
        shared.sort();
        shared.dedup();
        Association {
            step: lift.step.to_string(),
            lift: lift.lift,
            p: lift.p,
            q: lift.q,
            sessions: lift.with.0,
            of: lift.with.1,
            other_sessions: lift.without.0,
            other_of: lift.without.1,
            shared_files: shared,
            evidence: evidence.into_iter().take(EVIDENCE).cloned().collect(),
        }
    };
    let (items, reason) = match past::linked(&steps, is, forwards) {
        Ok(lifts) if lifts.is_empty() => (
            vec![],
            Some(format!("nothing is over-represented at a false discovery rate of {}", past::CHANCE)),
        ),
        Ok(lifts) => (lifts.into_iter().take(LINKS).map(told).collect(), None),
        Err(few) => {
            let (with, without, least) = (few.with, few.without, past::SIDE);
            (
                vec![],
                Some(format!(
                    "{with} sessions with it and {without} without; at least {least} of each are needed"
                )),
            )
        }
    };
    Ok(Associations { claim: "association", items, reason, projects })
}

impl Operation for Causes {
    const TOOL: &'static str = "temporal";
    const NAME: &'static str = "causes";
    const EFFECT: Effect = Effect::Read;
    type Result = Associations;

    async fn call(self, call: &Call) -> Result<Associations, Error> {
        let asked = match (&self.event, &self.outcome) {
            (Some(event), None) => Asked::Event(event),
            (None, Some(outcome)) => Asked::Outcome(outcome),
            _ => {
                return Err(Error::invalid("event", "exactly one of `event` and `outcome` is needed")
                    .hint(r#"such as {"outcome": "failure"}"#));
            }
        };
        associations(call, asked, false).await
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![recorded()], arguments: json!({"event": "example-test-run"}) },
            Example { setup: vec![recorded()], arguments: json!({"outcome": "failure"}) },
        ]
    }
}

impl Operation for Effects {
    const TOOL: &'static str = "temporal";
    const NAME: &'static str = "effects";
    const EFFECT: Effect = Effect::Read;
    type Result = Associations;

    async fn call(self, call: &Call) -> Result<Associations, Error> {
        associations(call, Asked::Event(&self.event), true).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"event": "example-test-run"}) }]
    }
}
