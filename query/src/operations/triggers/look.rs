//! Whether a trigger would fire, and when the clock fires some.

use athena_ingest::watches::{On, TRIGGER};
use athena_schemas::tables::Event;
use athena_schemas::{Error, Row, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{example, made};
use crate::automation::{Asked, GRACE, Schedule, sees, verdict};
use crate::operations::events::recorded;
use crate::operations::records::one_project;
use crate::operations::rows::absent;
use crate::operations::watches::{Read, all, one};
use crate::registry::{Call, Effect, Example, Operation, Step};
use crate::{sql, time_args};

const EVENT: &str = include_str!("../../../sql/event_whole.sql");
/// How far ahead is looked when nothing is said, and times of one trigger that are told.
const WITHIN: &str = "24h";
const TIMES: usize = 50;
/// Times that are told of all.
const MOST_TIMES: usize = 1_000;

/// Whether a trigger would fire by an event that was recorded, or at a time, and why. Nothing is done.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// The trigger's id.
    trigger: String,
    /// Id of an event. Either this or `at`.
    #[serde(default)]
    event: Option<String>,
    /// A time, of a trigger by the clock.
    #[serde(default)]
    at: Option<Time>,
}

/// What it comes to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tested {
    id: String,
    would_fire: bool,
    /// In short.
    why: String,
    /// What was asked, one by one.
    asked: Vec<Asked>,
    /// When the clock fires it next after that.
    next_at: Option<Time>,
    /// From when on it counts.
    since: Time,
    project: String,
}

impl Operation for Test {
    const TOOL: &'static str = "triggers";
    const NAME: &'static str = "test";
    const EFFECT: Effect = Effect::Read;
    type Result = Tested;

    async fn call(self, call: &Call) -> Result<Tested, Error> {
        let (project, scope) = one_project(call).await?;
        let read = one(call, (&project, &scope), TRIGGER, &self.trigger).await?;
        let since = read.watch.since.time;
        let tested = |(would_fire, why, asked): (bool, String, Vec<Asked>), next_at| Tested {
            id: read.found.id.clone(),
            would_fire,
            why,
            asked,
            next_at,
            since,
            project: project.clone(),
        };
        match (&self.event, self.at, read.watch.on) {
            (None, Some(at), On::Time) => Ok(tested(at_a_time(&read, at)?, read.next(at))),
            (Some(_), None, On::Time) => {
                Err(Error::invalid("event", "the clock fires it, no event").hint("give `at`"))
            }
            (Some(id), None, _) => {
                let batches = sql::ask(&call.app, &scope, EVENT, &[json!(id)], 1).await?;
                let events = batches.iter().map(Event::rows).collect::<Result<Vec<_>, _>>()?;
                let event = events.into_iter().flatten().next();
                let event =
                    event.ok_or_else(|| absent("event", "event", id, std::slice::from_ref(&project)))?;
                Ok(tested(by_an_event(&read, &event), None))
            }
            (None, Some(_), _) => {
                Err(Error::invalid("at", "an event fires it, not the clock").hint("give `event`"))
            }
            _ => Err(Error::invalid("event", "exactly one of `event` and `at` is needed")),
        }
    }

    fn examples() -> Vec<Example> {
        let clock = json!({"kind": "time", "condition": {"every": "1h"}, "event_id": "example-clock",
                           "action": {"call": "attention.focus", "arguments": {"text": "look at the clock"}}});
        let clock = Step { tool: "triggers", operation: "create", arguments: clock };
        let id = athena_ingest::records::id_of(TRIGGER, "example-clock");
        vec![
            Example {
                setup: vec![made(), recorded()],
                arguments: json!({"trigger": example(), "event": "example-test-run"}),
            },
            Example { setup: vec![clock], arguments: json!({"trigger": id, "at": "2030-01-01T09:00:00Z"}) },
        ]
    }
}

fn at_a_time(read: &Read, at: Time) -> Result<(bool, String, Vec<Asked>), Error> {
    let watch = &read.watch;
    let schedule = Schedule::parse("condition", &watch.condition, watch.since.time)?;
    let from = watch.since.time.max(at.plus_micros(-1));
    Ok(match () {
        () if !watch.enabled => (false, "it is not enabled".into(), vec![]),
        () if watch.last_due.is_some_and(|last| at <= last) => {
            (false, "what came before has fired already".into(), vec![])
        }
        () if schedule.between(from, at, 1).is_empty() => {
            let grace = GRACE.as_secs();
            (
                false,
                format!("it is none of its times; what is up to {grace} s late fires all the same"),
                vec![],
            )
        }
        () => (true, "it is one of its times".into(), vec![]),
    })
}

fn by_an_event(read: &Read, event: &Event) -> (bool, String, Vec<Asked>) {
    let watch = &read.watch;
    let Some(verdict) = verdict(watch, event) else {
        return (false, format!("a trigger of kind {} is not fired by such events", watch.on.name()), vec![]);
    };
    let why = match () {
        () if !watch.enabled => "it is not enabled".to_owned(),
        () if !verdict.fires => {
            let fails = verdict.asked.iter().filter(|asked| !asked.holds).map(|asked| asked.field.as_str());
            format!("the condition does not hold: {}", fails.collect::<Vec<_>>().join(", "))
        }
        () if !sees(&read.found.id, watch, event) => {
            "the condition holds, but the event came before the trigger, or was caused by it".to_owned()
        }
        () => "the condition holds".to_owned(),
    };
    let fires = verdict.fires && watch.enabled && sees(&read.found.id, watch, event);
    (fires, why, verdict.asked)
}

/// What the clock will fire, the next first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Due {
    /// How far ahead: `2h`, `7d`; 24h when not said.
    within: Option<String>,
}

/// Times to come.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Comes {
    items: Vec<Coming>,
    /// Whether there are more.
    truncated: bool,
    project: String,
}

/// A time at which a trigger fires.
#[derive(Debug, Serialize, JsonSchema)]
struct Coming {
    /// The trigger.
    id: String,
    name: Option<String>,
    /// When.
    time: Time,
    /// In short.
    content: String,
}

impl Operation for Due {
    const TOOL: &'static str = "triggers";
    const NAME: &'static str = "due";
    const EFFECT: Effect = Effect::Read;
    type Result = Comes;

    async fn call(self, call: &Call) -> Result<Comes, Error> {
        let seconds = time_args::seconds("within", self.within.as_deref().unwrap_or(WITHIN))?;
        let (project, scope) = one_project(call).await?;
        let now = Time::now();
        let until = now.plus_micros(seconds.saturating_mul(1_000_000));
        let (mut items, mut truncated) = (Vec::new(), false);
        for read in all(call, &scope, TRIGGER).await? {
            let mut next = read.next(now);
            let mut times = 0;
            while let Some(time) = next.filter(|time| *time <= until) {
                times += 1;
                if times > TIMES {
                    truncated = true;
                    break;
                }
                let condition = Value::Object(read.watch.condition.clone());
                let (id, name) = (read.found.id.clone(), read.found.name.clone());
                items.push(Coming { id, name, time, content: condition.to_string() });
                next = read.next(time);
            }
        }
        items.sort_by_key(|coming| coming.time);
        truncated |= items.len() > MOST_TIMES;
        items.truncate(MOST_TIMES);
        Ok(Comes { items, truncated, project })
    }

    fn examples() -> Vec<Example> {
        let clock = json!({"kind": "time", "condition": {"every": "1h"}, "event_id": "example-clock",
                           "action": {"call": "attention.focus", "arguments": {"text": "look at the clock"}}});
        let clock = Step { tool: "triggers", operation: "create", arguments: clock };
        vec![Example { setup: vec![clock], arguments: json!({"within": "2h"}) }]
    }
}
