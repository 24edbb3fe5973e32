//! Sessions beside each other: what two have in common, and which went the same way.

use std::collections::HashMap;

use athena_schemas::wire::{Hit, Kind, Mode};
use athena_schemas::{Error, Position, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::steps::{action, likeness, named, shared};
use super::write::another;
use crate::App;
use crate::operations::events::recorded;
use crate::operations::rows::absent;
use crate::operations::temporal::stream;
use crate::operations::{paging, rows};
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::search::missing;
use crate::tally::{Newest, Sum};
use crate::text::{Filter, TextHit, TextQuery};

const IDS: &str = include_str!("../../../sql/ids_at.sql");

/// Events of a session that are compared.
const READ: u64 = 2_000;
/// The newest events of a project among which sessions are looked for.
const LOOKED_AT: usize = 20_000;
/// Characters of what an event says that its step is named by.
const NAMED_BY: usize = 60;
/// Characters of the newest event of a session that are shown.
const SHOWN_CHARS: usize = 300;
/// A session without an event for so long, or ended, is not going on.
const IDLE_MICROS: i64 = 30 * 60 * 1_000_000;

pub fn register(registry: &mut Registry) {
    registry.add::<Compare>();
    registry.add::<Similar>();
    registry.add::<Current>();
}

/// Two sessions step by step: what they share, what only one of them did, how long they took, how they ended.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Compare {
    /// A session.
    a: String,
    /// Another.
    b: String,
}

/// Two sessions.
#[derive(Debug, Serialize, JsonSchema)]
struct Compared {
    a: Side,
    b: Side,
    /// Steps that both did, in the same order.
    shared: Vec<Step>,
    /// How alike they are, from 0 to 1; null when one of them has no steps.
    similarity: Option<f64>,
    reason: Option<String>,
    degraded: Vec<String>,
    project: String,
    position: Position,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Side {
    session: String,
    events: usize,
    steps: usize,
    duration_ms: i64,
    outcome: Option<String>,
    failures: usize,
    /// Steps that only this one did.
    only: Vec<Done>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Done {
    action: String,
    id: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Step {
    action: String,
    /// The event in each.
    a: String,
    b: String,
}

impl Operation for Compare {
    const TOOL: &'static str = "sessions";
    const NAME: &'static str = "compare";
    const EFFECT: Effect = Effect::Read;
    type Result = Compared;

    async fn call(self, call: &Call) -> Result<Compared, Error> {
        let project = call.project()?;
        let scope = Scope::Projects(vec![project.clone()]);
        let degraded = missing(&call.app, &scope, call.shared.after.as_ref(), Mode::Text).await;
        let position = call.app.following.found.borrow().clone();
        let (text, of) = (call.app.text.get(), project.clone());
        let read = tokio::task::spawn_blocking(move || {
            let read = |session: &str, argument| {
                let found = text.stretch(&of, session, 0..READ)?;
                match found.is_empty() {
                    true => Err(absent("session", argument, session, std::slice::from_ref(&of))),
                    false => Ok(found),
                }
            };
            Ok::<_, Error>((read(&self.a, "a")?, read(&self.b, "b")?, self))
        });
        let (a, b, of) = read.await.map_err(|error| Error::internal(format!("compare: {error}")))??;
        let (done_a, done_b) = (done(&a), done(&b));
        let names = |done: &[(String, String)]| done.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let both = shared(&names(&done_a), &names(&done_b));
        let share = both.iter().map(|(one, other)| Step {
            action: done_a[*one].0.clone(),
            a: done_a[*one].1.clone(),
            b: done_b[*other].1.clone(),
        });
        let steps = !done_a.is_empty() && !done_b.is_empty();
        Ok(Compared {
            shared: share.collect(),
            similarity: steps.then(|| likeness(&names(&done_a), &names(&done_b))),
            reason: (!steps).then(|| "one of them has no steps, only talk".into()),
            a: side(of.a, &a, &done_a, both.iter().map(|(one, _)| *one).collect()),
            b: side(of.b, &b, &done_b, both.iter().map(|(_, other)| *other).collect()),
            degraded,
            project,
            position,
        })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"a": "example-session", "b": "example-session-2"});
        vec![Example { setup: vec![recorded(), another()], arguments }]
    }
}

/// Each step with its event's id.
fn done(found: &[TextHit]) -> Vec<(String, String)> {
    found.iter().filter_map(|one| Some((action(&one.hit)?, one.hit.id.clone()))).collect()
}

fn side(session: String, found: &[TextHit], done: &[(String, String)], shared: Vec<usize>) -> Side {
    let times = || found.iter().map(|one| one.hit.time.micros());
    let outcome = |one: &TextHit, word: &str| one.hit.outcome.as_deref() == Some(word);
    let only = done.iter().enumerate().filter(|(at, _)| !shared.contains(at));
    Side {
        session,
        events: found.len(),
        steps: done.len(),
        duration_ms: (times().max().unwrap_or(0) - times().min().unwrap_or(0)) / 1_000,
        outcome: found.iter().rev().find_map(|one| one.hit.outcome.clone()),
        failures: found.iter().filter(|one| outcome(one, "failure")).count(),
        only: only.map(|(_, (action, id))| Done { action: action.clone(), id: id.clone() }).collect(),
    }
}

/// Sessions that went the same way as one, by the order of their steps; the likest first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Similar {
    /// The session.
    session: String,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

/// Sessions.
#[derive(Debug, Serialize, JsonSchema)]
struct Alike {
    items: Vec<Like>,
    /// Why there are none.
    reason: Option<String>,
    /// How many sessions were compared.
    compared: usize,
    projects: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Like {
    session: String,
    /// From 0 to 1.
    similarity: f64,
    steps: usize,
    /// What both did, in order.
    shared: Vec<String>,
    outcome: Option<String>,
}

impl Operation for Similar {
    const TOOL: &'static str = "sessions";
    const NAME: &'static str = "similar";
    const EFFECT: Effect = Effect::Read;
    type Result = Alike;

    async fn call(self, call: &Call) -> Result<Alike, Error> {
        let (projects, scope) = call.scope().await?;
        let limit = paging::limit(self.limit)?;
        let stream = stream(&call.app, &scope, None).await?;
        let mut sessions: HashMap<String, Way> = HashMap::new();
        // The newest first: what is older goes before.
        for event in stream.iter().rev().filter(|event| event.in_session).take(LOOKED_AT) {
            let way = sessions.entry(event.session.clone()).or_default();
            way.outcome = way.outcome.take().or_else(|| event.outcome.clone());
            let content: String = event.content.chars().take(NAMED_BY).collect();
            way.newest_first.extend(named(&event.r#type, event.tool.as_deref(), &content));
        }
        let own = sessions.remove(&self.session);
        let own = own.ok_or_else(|| absent("session", "session", &self.session, &projects))?.steps();
        let compared = sessions.len();
        let mut items: Vec<Like> = sessions
            .into_iter()
            .filter_map(|(session, way)| {
                let (outcome, steps) = (way.outcome.clone(), way.steps());
                let similarity = likeness(&own, &steps);
                let both = || shared(&own, &steps).into_iter().map(|(one, _)| own[one].clone()).collect();
                (similarity > 0.0).then(|| Like {
                    session,
                    similarity,
                    steps: steps.len(),
                    shared: both(),
                    outcome,
                })
            })
            .collect();
        items.sort_by(|one, other| {
            other.similarity.total_cmp(&one.similarity).then_with(|| one.session.cmp(&other.session))
        });
        items.truncate(limit);
        let reason = match (own.is_empty(), compared, items.is_empty()) {
            (true, ..) => Some("the session has no steps, only talk"),
            (_, 0, _) => Some("there is no other session"),
            (.., true) => Some("no other session has a step in common"),
            _ => None,
        };
        Ok(Alike { items, reason: reason.map(str::to_owned), compared, projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded(), another()], arguments: json!({"session": "example-session"}) }]
    }
}

/// How a session went.
#[derive(Debug, Default)]
struct Way {
    newest_first: Vec<String>,
    outcome: Option<String>,
}

impl Way {
    fn steps(mut self) -> Vec<String> {
        self.newest_first.reverse();
        self.newest_first
    }
}

/// Sessions that are going on: with an event in the last 30 minutes, and not ended; each with its newest event.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Current {}

/// Sessions.
#[derive(Debug, Serialize, JsonSchema)]
struct Going {
    items: Vec<Map<String, Value>>,
    projects: Vec<String>,
}

impl Operation for Current {
    const TOOL: &'static str = "sessions";
    const NAME: &'static str = "current";
    const EFFECT: Effect = Effect::Read;
    type Result = Going;

    async fn call(self, call: &Call) -> Result<Going, Error> {
        let (projects, scope) = call.scope().await?;
        let going = going(&call.app, &scope, call.shared.agent.as_deref()).await?;
        let positions: Vec<u64> = going.iter().map(|(position, _)| *position).collect();
        let newest = events_at(&call.app, &scope, &positions).await?;
        let items = going.into_iter().map(|(position, mut item)| {
            let (id, content) = newest.get(&position).cloned().unwrap_or_default();
            item.extend([("last_event".into(), json!(id)), ("content".into(), json!(content))]);
            item
        });
        Ok(Going { items: items.collect(), projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({}) }]
    }
}

/// Sessions that are going on, the one with the newest event first, each with the place of that event.
async fn going(
    app: &App,
    scope: &Scope,
    agent: Option<&str>,
) -> Result<Vec<(u64, Map<String, Value>)>, Error> {
    let since = Time::now().plus_micros(-IDLE_MICROS);
    let tally = app.tallies.now(app, scope).await?;
    let going = tally.made.sessions.iter().filter_map(|((project, name), session)| {
        let sum = session.sum(agent).filter(|sum| sum.ended_at >= since)?;
        let newest = tally.made.newest(session, agent).filter(|newest| newest.of_type != "session_end")?;
        Some((project, name, sum, newest))
    });
    let mut going: Vec<_> = going.collect();
    going.sort_by(|one, other| other.2.ended_at.cmp(&one.2.ended_at).then_with(|| one.1.cmp(other.1)));
    going.truncate(paging::MOST);
    let item = |(project, name, sum, newest): (&String, &String, Sum, Newest<'_>)| {
        let item = json!({"session": name, "project": project, "started_at": sum.started_at,
                          "last_at": sum.ended_at, "events": sum.events, "agent": newest.agent,
                          "last_type": newest.of_type});
        let Value::Object(item) = item else { unreachable!("it was written as one") };
        (newest.position, item)
    };
    Ok(going.into_iter().map(item).collect())
}

/// Ids of the events at some places, and the beginnings of what they say; of those that the text index has not, only the ids.
async fn events_at(
    app: &App,
    scope: &Scope,
    positions: &[u64],
) -> Result<HashMap<u64, (String, Option<String>)>, Error> {
    if positions.is_empty() {
        return Ok(HashMap::new());
    }
    missing(app, scope, None, Mode::Text).await;
    let filter = Filter { kinds: vec![Kind::Event], ..Filter::within(scope.clone()) };
    let query = TextQuery { text: String::new(), filter, limit: positions.len(), prefix: false };
    let (index, wanted) = (app.text.get(), positions.to_vec());
    let hits = tokio::task::spawn_blocking(move || index.ask(&query)?.hits_at(&wanted)).await;
    let hits = hits.map_err(|error| Error::internal(format!("sessions: {error}")))??;
    let shown = |hit: &Hit| hit.content.chars().take(SHOWN_CHARS).collect();
    let mut found: HashMap<u64, (String, Option<String>)> =
        hits.into_iter().map(|one| (one.position, (one.hit.id.clone(), Some(shown(&one.hit))))).collect();
    let others: Vec<u64> = positions.iter().filter(|at| !found.contains_key(at)).copied().collect();
    if !others.is_empty() {
        for row in rows::objects(app, scope, IDS, &[json!(others)], others.len()).await? {
            let id = row.get("id").and_then(Value::as_str).map(str::to_owned);
            if let (Some(id), Some(position)) = (id, row.get("position").and_then(Value::as_u64)) {
                found.insert(position, (id, None));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_in_order() {
        let way = Way { newest_first: vec!["c".into(), "b".into(), "a".into()], outcome: None };
        assert_eq!(way.steps(), ["a", "b", "c"]);
    }
}
