//! Domains of work: how deep the memory goes in each, who knows it, and whether it goes better than before.

use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{SHOWN, share, wilson};
use crate::App;
use crate::operations::events::recorded;
use crate::operations::paging;
use crate::operations::records::one_project;
use crate::registry::{Call, Effect, Example, Operation};
use crate::tally::Depth as Domain;

/// Sessions and events from which a domain is known, and known well.
const KNOWN: (u64, u64) = (3, 30);
const WELL_KNOWN: (u64, u64) = (10, 200);
/// Outcomes from which they tell how good somebody is, and those from which they tell whether it gets better.
const LEAST_OUTCOMES: u64 = 5;
const LEAST_LEARNED: u64 = 20;
/// The least success rate, at the lower end of its interval, of who is proficient, and of an expert.
const PROFICIENT: f64 = 0.5;
const EXPERT: f64 = 0.8;
/// The normal quantile of a difference that is told as one.
const Z: f64 = 1.96;

async fn domains(
    app: &App,
    scope: &Scope,
    (by_agent, domain, agent): (bool, Option<&str>, Option<&str>),
    limit: usize,
) -> Result<Vec<Domain>, Error> {
    Ok(app.tallies.now(app, scope).await?.made.depths(by_agent, domain, agent, limit))
}

/// What the memory is about: domains of work, the deepest known first. A domain is the last two folders of files that
/// were touched, else a tool, else talk.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// How many, from 1 to 1000; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Covered {
    pub items: Vec<Depth>,
    pub project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Depth {
    pub domain: String,
    /// `touched`, `known` (3 sessions and 30 events) or `well_known` (10 and 200).
    pub depth: &'static str,
    events: u64,
    sessions: u64,
    /// The share of outcomes that were successes; null under 5.
    success_rate: Option<f64>,
    last_at: Time,
    /// Why something is null.
    reason: Option<String>,
}

impl Operation for Coverage {
    const TOOL: &'static str = "meta";
    const NAME: &'static str = "coverage";
    const EFFECT: Effect = Effect::Read;
    type Result = Covered;

    async fn call(self, call: &Call) -> Result<Covered, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        Ok(Covered { items: covered(&call.app, &scope, limit).await?, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({}) }]
    }
}

pub async fn covered(app: &App, scope: &Scope, limit: usize) -> Result<Vec<Depth>, Error> {
    let domains = domains(app, scope, (false, None, None), limit).await?;
    let depth = |one: Domain| Depth {
        depth: depth(one.sessions, one.events),
        events: one.events,
        sessions: one.sessions,
        success_rate: share(one.successes, one.outcomes, LEAST_OUTCOMES),
        last_at: one.last_at,
        reason: (one.outcomes < LEAST_OUTCOMES).then(|| few(one.outcomes, LEAST_OUTCOMES)),
        domain: one.domain,
    };
    Ok(domains.into_iter().map(depth).collect())
}

fn depth(sessions: u64, events: u64) -> &'static str {
    let reaches =
        |(least_sessions, least_events): (u64, u64)| sessions >= least_sessions && events >= least_events;
    match (reaches(WELL_KNOWN), reaches(KNOWN)) {
        (true, _) => "well_known",
        (_, true) => "known",
        _ => "touched",
    }
}

fn few(outcomes: u64, least: u64) -> String {
    format!("{outcomes} outcomes are known; from {least} on they tell something")
}

/// How good the agents are in domains of work, from how what they did there ended.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expertise {
    /// Only this domain, as `coverage` names it.
    #[serde(default)]
    domain: Option<String>,
    /// Only of this agent; `agent` without it is who asks.
    #[serde(default)]
    agent: Option<String>,
    /// How many, from 1 to 1000; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Experts {
    items: Vec<Expert>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Expert {
    agent: String,
    domain: String,
    /// `novice`, `competent` (3 sessions), `proficient` (half of outcomes are successes, at the lower end of the
    /// interval) or `expert` (.8); null with `reason`.
    level: Option<&'static str>,
    events: u64,
    sessions: u64,
    outcomes: u64,
    /// Successes over outcomes with its interval of 95 %; null under 5.
    success_rate: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    last_at: Time,
    reason: Option<String>,
}

impl Operation for Expertise {
    const TOOL: &'static str = "meta";
    const NAME: &'static str = "expertise";
    const EFFECT: Effect = Effect::Read;
    type Result = Experts;

    async fn call(self, call: &Call) -> Result<Experts, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        let of = (true, self.domain.as_deref(), self.agent.as_deref());
        let items = domains(&call.app, &scope, of, limit).await?.into_iter().map(expert).collect();
        Ok(Experts { items, project })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![recorded()], arguments: json!({}) },
            Example { setup: vec![recorded()], arguments: json!({"domain": "talk"}) },
        ]
    }
}

fn expert(one: Domain) -> Expert {
    let enough = one.outcomes >= LEAST_OUTCOMES;
    let interval = enough.then(|| wilson(one.successes, one.outcomes));
    let level = interval.map(|(low, _)| match (one.sessions >= KNOWN.0, low) {
        (true, low) if low >= EXPERT => "expert",
        (true, low) if low >= PROFICIENT => "proficient",
        (true, _) => "competent",
        (false, _) => "novice",
    });
    Expert {
        agent: one.agent.unwrap_or_default(),
        level,
        events: one.events,
        sessions: one.sessions,
        outcomes: one.outcomes,
        success_rate: share(one.successes, one.outcomes, LEAST_OUTCOMES),
        low: interval.map(|(low, _)| low),
        high: interval.map(|(_, high)| high),
        last_at: one.last_at,
        reason: (!enough).then(|| few(one.outcomes, LEAST_OUTCOMES)),
        domain: one.domain,
    }
}

/// How fast outcomes improve, per domain: the success rate of the later half of them, in the order of time, less that
/// of the earlier half.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LearningRate {
    /// How many, from 1 to 1000; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Learned {
    pub items: Vec<Improved>,
    pub project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Improved {
    pub domain: String,
    outcomes: u64,
    /// Success rates of the earlier and of the later half; null under 20 outcomes.
    before: Option<f64>,
    after: Option<f64>,
    /// after − before, with its interval of 95 %.
    change: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    /// `better`, `worse`, or `same` where the interval has 0 in it.
    pub trend: Option<&'static str>,
    reason: Option<String>,
}

impl Operation for LearningRate {
    const TOOL: &'static str = "meta";
    const NAME: &'static str = "learning_rate";
    const EFFECT: Effect = Effect::Read;
    type Result = Learned;

    async fn call(self, call: &Call) -> Result<Learned, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        Ok(Learned { items: learned(&call.app, &scope, limit).await?, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"limit": SHOWN}) }]
    }
}

pub async fn learned(app: &App, scope: &Scope, limit: usize) -> Result<Vec<Improved>, Error> {
    Ok(domains(app, scope, (false, None, None), limit).await?.into_iter().map(improved).collect())
}

fn improved(one: Domain) -> Improved {
    let (late, late_successes) = (one.outcomes - one.early, one.successes - one.early_successes);
    let enough = one.outcomes >= LEAST_LEARNED;
    let before = share(one.early_successes, one.early, 1).filter(|_| enough);
    let after = share(late_successes, late, 1).filter(|_| enough);
    let change = before.zip(after).map(|(before, after)| after - before);
    // Agresti and Caffo, 2000: one more success and failure of each.
    let spread = before.and(after).map(|_| {
        let part = |good: u64, of: u64| {
            let (n, p) = (of as f64 + 2.0, (good as f64 + 1.0) / (of as f64 + 2.0));
            p * (1.0 - p) / n
        };
        Z * (part(one.early_successes, one.early) + part(late_successes, late)).sqrt()
    });
    let bounds = change.zip(spread).map(|(change, spread)| (change - spread, change + spread));
    let trend = bounds.map(|bounds| match bounds {
        (low, _) if low > 0.0 => "better",
        (_, high) if high < 0.0 => "worse",
        _ => "same",
    });
    Improved {
        domain: one.domain,
        outcomes: one.outcomes,
        before,
        after,
        change,
        low: bounds.map(|(low, _)| low),
        high: bounds.map(|(_, high)| high),
        trend,
        reason: (!enough).then(|| few(one.outcomes, LEAST_LEARNED)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(outcomes: u64, successes: u64, early_successes: u64) -> Domain {
        Domain {
            domain: "cart/src".into(),
            agent: Some("claude".into()),
            events: 100,
            sessions: 5,
            outcomes,
            successes,
            early: outcomes / 2,
            early_successes,
            last_at: Time::from_micros(0),
        }
    }

    #[test]
    fn what_gets_better_is_told_when_it_is_no_chance() {
        let better = improved(domain(40, 24, 4));
        assert_eq!((better.before, better.after, better.trend), (Some(0.2), Some(1.0), Some("better")));
        assert_eq!(improved(domain(40, 21, 10)).trend, Some("same"));
        let few = improved(domain(10, 9, 4));
        assert!(few.change.is_none() && few.trend.is_none() && few.reason.is_some());
    }

    #[test]
    fn levels_need_outcomes_and_sessions() {
        assert_eq!(expert(domain(40, 40, 20)).level, Some("expert"));
        assert_eq!(expert(domain(40, 30, 20)).level, Some("proficient"));
        assert_eq!(expert(domain(40, 10, 5)).level, Some("competent"));
        assert_eq!(expert(domain(4, 4, 2)).level, None);
        assert_eq!(expert(Domain { sessions: 1, ..domain(40, 40, 20) }).level, Some("novice"));
        assert_eq!((depth(10, 200), depth(3, 30), depth(50, 29)), ("well_known", "known", "touched"));
    }
}
