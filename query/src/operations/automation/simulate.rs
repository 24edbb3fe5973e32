//! What a rule would have done on what has happened.

use athena_ingest::apply;
use athena_ingest::watches::{DEEPEST, On, RULE, Then};
use athena_schemas::tables::Event;
use athena_schemas::{Error, Row, Time};
use datafusion::prelude::SessionContext;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{example, made};
use crate::automation::{Schedule, filled, may_fire, of_due, only, verdict};
use crate::operations::paging::limit;
use crate::operations::records::one_project;
use crate::operations::rows::objects_in;
use crate::operations::watches::{Read, one};
use crate::registry::{Call, Effect, Example, Operation, Step};
use crate::{sql, time_args};

const FROM: &str = include_str!("../../../sql/simulated_from.sql");
const SIMULATED: &str = include_str!("../../../sql/simulated.sql");
/// Fields by which the statement leaves out events that no such rule runs on.
const PLAIN: [&str; 5] = ["type", "tool", "outcome", "agent", "session"];
/// Events that are looked at, the newest, and few more; and times of the clock.
const EVENTS: usize = 10_000;
/// Places in the log that are counted together.
const STRETCH: u64 = 1_024;
const TIMES: usize = 1_000;

/// What a rule, as it is now, would have done on the events of the past, or at the times of the clock. Nothing is done.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Simulate {
    /// The rule's id.
    rule: String,
    /// From when on: RFC 3339, or an age such as `7d`.
    since: String,
    /// How many runs are shown, the newest; 20 when not said.
    #[serde(default)]
    limit: Option<usize>,
}

/// What would have been.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Simulated {
    id: String,
    /// Events, or times of the clock, that were looked at.
    looked_at: usize,
    /// How often it would have run.
    runs: usize,
    /// Some of the runs, the newest first.
    items: Vec<Would>,
    /// Whether there was more than was looked at; then it is of the newest.
    truncated: bool,
    project: String,
}

/// A run that would have been.
#[derive(Debug, Serialize, JsonSchema)]
struct Would {
    /// The event; null of the clock.
    id: Option<String>,
    time: Time,
    /// What it would have done, with what happened filled in.
    then: Vec<Value>,
    /// In short.
    content: String,
}

impl Operation for Simulate {
    const TOOL: &'static str = "automation";
    const NAME: &'static str = "simulate";
    const EFFECT: Effect = Effect::Read;
    type Result = Simulated;

    async fn call(self, call: &Call) -> Result<Simulated, Error> {
        let limit = limit(self.limit)?;
        let (project, scope) = one_project(call).await?;
        let now = Time::now();
        let since = time_args::instant("since", &self.since, now)?;
        let read = one(call, (&project, &scope), RULE, &self.rule).await?;
        if read.watch.on == On::Time {
            return by_the_clock(&read, &project, (since, now), limit);
        }
        let context = sql::session(&call.app, &scope).await?;
        let Looked { from, events: looked_at, truncated } = looked(call, &context, since).await?;
        let (mut runs, mut items) = (0, Vec::new());
        let mut given = vec![json!(since), json!(from)];
        given.extend(PLAIN.map(|field| json!(only(&read.watch, field))));
        let mut events = Vec::new();
        for batch in sql::ask_in(&call.app, &context, SIMULATED, &given, looked_at.max(1)).await? {
            events.extend(Event::rows(&batch)?);
        }
        events.sort_by_key(|event| std::cmp::Reverse(event.position));
        for event in events {
            let chain = apply::cause(&event);
            if chain.len() >= DEEPEST || chain.contains(&read.found.id) {
                continue;
            }
            if !may_fire(&read.watch, &event) {
                continue;
            }
            let held = verdict(&read.watch, &event).filter(|verdict| verdict.fires);
            let Some(held) = held else { continue };
            runs += 1;
            if items.len() < limit {
                let said = event.content.as_deref().unwrap_or(&event.r#type);
                let (then, content) = would(&read.watch.then, &held.facts, said);
                items.push(Would { id: Some(event.id), time: event.time, then, content });
            }
        }
        Ok(Simulated { id: read.found.id, looked_at, runs, items, truncated, project })
    }

    fn examples() -> Vec<Example> {
        let failed = json!({"content": "cart::total failed", "type": "test_run", "tool": "example-cargo",
                            "outcome": "failure", "event_id": "example-failed-run"});
        let failed = Step { tool: "events", operation: "record", arguments: failed };
        let arguments = json!({"rule": example(), "since": "1h"});
        vec![Example { setup: vec![made(), failed], arguments }]
    }
}

/// The newest events, as many as are looked at and few more.
struct Looked {
    /// The place in the log that they begin at.
    from: u64,
    events: usize,
    /// Whether there are others before them.
    truncated: bool,
}

/// Sorting what events say, or all of their places, is dear: they are counted by stretches.
async fn looked(call: &Call, context: &SessionContext, since: Time) -> Result<Looked, Error> {
    let given = [json!(since), json!(STRETCH), json!(EVENTS + 1)];
    let stretches = objects_in(&call.app, context, FROM, &given, EVENTS + 1).await?;
    let mut looked = Looked { from: 0, events: 0, truncated: false };
    for row in stretches {
        if looked.events >= EVENTS {
            return Ok(Looked { truncated: true, ..looked });
        }
        let number = |name: &str| row.get(name).and_then(Value::as_u64).unwrap_or_default();
        looked.from = number("stretch") * STRETCH;
        looked.events += number("events") as usize;
    }
    Ok(looked)
}

fn by_the_clock(
    read: &Read,
    project: &str,
    (since, now): (Time, Time),
    limit: usize,
) -> Result<Simulated, Error> {
    let schedule = Schedule::parse("when", &read.watch.condition, since)?;
    let times = schedule.between(since, now, TIMES + 1);
    let truncated = times.len() > TIMES;
    let runs = times.len().min(TIMES);
    let shown = times.into_iter().rev().take(limit.min(runs));
    let items = shown.map(|time| {
        let (then, content) = would(&read.watch.then, &of_due(project, time), "the clock");
        Would { id: None, time, then, content }
    });
    let items = items.collect();
    let (id, project) = (read.found.id.clone(), project.to_owned());
    Ok(Simulated { id, looked_at: runs, runs, items, truncated, project })
}

/// What would be done, and that in short.
fn would(then: &[Then], facts: &Map<String, Value>, by: &str) -> (Vec<Value>, String) {
    let all = then.iter().map(|one| match one {
        Then::Url { url } => (json!({"url": url.split('?').next()}), "post"),
        Then::Inject { inject } => (json!({"inject": inject}), "inject"),
        Then::Call { call, arguments } => {
            let arguments = filled(&Value::Object(arguments.clone()), facts);
            (json!({"call": call, "arguments": arguments}), call.as_str())
        }
    });
    let (done, names): (Vec<Value>, Vec<&str>) = all.unzip();
    (done, format!("{by} → {}", names.join(", ")))
}
