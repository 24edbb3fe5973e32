//! What fades: memories that nobody recalls lose strength, and those below a bound are forgotten when that is asked
//! for. What is pinned stays.

use athena_schemas::{Error, Position, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::importance::{self, UNKNOWN};
use crate::operations::memories;
use crate::operations::records::one_project;
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::who::Role;

const DECAY: &str = include_str!("../../../sql/decay.sql");

/// Memories that are looked at, from the weakest, and those that one call forgets.
const LOOKED_AT: usize = 10_000;
const FORGOTTEN: usize = 1_000;
/// A memory that was told once, and is neither recalled nor said to be important, is forgotten after so many days.
const DAYS: f64 = 180.0;
/// By what full importance multiplies the traces of a memory, and none divides them.
const IMPORTANT: f64 = 4.0;
/// Items that are told.
const SHOWN: usize = 100;

pub fn register(registry: &mut Registry) {
    registry.add::<Decay>();
}

/// Lets memories fade: the strength of each is its base-level activation (ACT-R, Anderson 1990), raised by its
/// importance. Tells which are too weak to stay, or forgets them. What is pinned stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Decay {
    /// Whether to tell only; true when not said.
    #[serde(default)]
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Decayed {
    /// Whether nothing was done.
    dry_run: bool,
    /// Those that are too weak, the weakest first; at most 100.
    items: Vec<Weak>,
    /// How many are too weak, of how many that may be forgotten; one call forgets at most 1,000.
    forgotten: usize,
    considered: usize,
    /// How many never decay.
    pinned: usize,
    /// The strength below which a memory is forgotten: that of one told 180 days ago and never recalled.
    threshold: f64,
    /// Where the write stands in the log; null where nothing was written.
    id: Option<String>,
    position: Option<Position>,
    project: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Weak {
    id: String,
    content: String,
    /// ln of the sum over its uses, the telling included, of age^−0.5, ages in seconds.
    activation: f64,
    /// From 0 to 1, as it was told and judged; 0.5 of what nothing is known of.
    importance: f64,
    /// activation + ln 4 · (2 · importance − 1).
    strength: f64,
    /// How often it was recalled.
    uses: u64,
    /// When it was told last.
    time: Time,
}

#[derive(Debug, Deserialize)]
struct Trace {
    id: String,
    project: String,
    pinned: bool,
    actor: String,
    recorded_at: Time,
    content: Option<String>,
    uses: u64,
    trace: f64,
}

impl Operation for Decay {
    const TOOL: &'static str = "consolidation";
    const NAME: &'static str = "decay";
    const EFFECT: Effect = Effect::Remove;
    type Result = Decayed;

    async fn call(self, call: &Call) -> Result<Decayed, Error> {
        let dry_run = self.dry_run.unwrap_or(true);
        let (project, scope) = one_project(call).await?;
        let now = Time::now().micros() / 1_000_000;
        let rows = objects(&call.app, &scope, DECAY, &[json!(now), json!(LOOKED_AT)], LOOKED_AT).await?;
        let traces = rows.into_iter().map(|row| serde_json::from_value(Value::Object(row)));
        let traces: Vec<Trace> =
            traces.collect::<Result<_, _>>().map_err(|error| Error::internal(format!("decay: {error}")))?;
        let pinned = traces.iter().filter(|one| one.pinned).count();
        let identity = &call.caller.identity;
        let may = |one: &Trace| identity.role == Role::Admin || one.actor == identity.name;
        let importance = importance::of(&call.app, &scope).await?;
        let mut weak: Vec<Weak> = traces
            .into_iter()
            .filter(|one| !one.pinned && may(one))
            .map(|one| {
                let known = importance.get(&(one.project.clone(), one.id.clone())).copied();
                faded(one, known.unwrap_or(UNKNOWN))
            })
            .collect();
        let considered = weak.len();
        let threshold = threshold();
        weak.retain(|one| one.strength < threshold);
        weak.sort_by(|one, other| one.strength.total_cmp(&other.strength));
        weak.truncate(FORGOTTEN);
        let forgotten = weak.len();
        let ids: Vec<&str> = weak.iter().map(|one| one.id.as_str()).collect();
        let (mut id, mut position) = (None, None);
        if !dry_run && !ids.is_empty() {
            let told = call.command(&json!({ "ids": ids })).await?;
            id = told.get("id").and_then(Value::as_str).map(str::to_owned);
            position =
                told.get("position").cloned().and_then(|position| serde_json::from_value(position).ok());
        }
        weak.truncate(SHOWN);
        Ok(Decayed { dry_run, items: weak, forgotten, considered, pinned, threshold, id, position, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![memories::set_up()], arguments: json!({"dry_run": true}) }]
    }
}

fn threshold() -> f64 {
    (DAYS * 86_400.0).powf(-0.5).ln()
}

fn faded(one: Trace, importance: f64) -> Weak {
    let activation = one.trace.ln();
    Weak {
        id: one.id,
        content: one.content.unwrap_or_default(),
        activation,
        importance,
        strength: activation + IMPORTANT.ln() * (2.0 * importance - 1.0),
        uses: one.uses,
        time: one.recorded_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(days: f64, uses: &[f64], importance: f64) -> f64 {
        let trace = [days].iter().chain(uses).map(|age| (age * 86_400.0).powf(-0.5)).sum();
        let one = Trace {
            id: "m-1".into(),
            project: "p".into(),
            pinned: false,
            actor: "ann".into(),
            recorded_at: Time::from_micros(0),
            content: None,
            uses: uses.len() as u64,
            trace,
        };
        faded(one, importance).strength
    }

    #[test]
    fn use_and_importance_keep_what_time_would_take() {
        assert!(told(179.0, &[], UNKNOWN) > threshold() && told(181.0, &[], UNKNOWN) < threshold());
        assert!(told(400.0, &[300.0], UNKNOWN) > threshold(), "two faint traces are more than one");
        assert!(told(181.0, &[], 1.0) > threshold() && told(30.0, &[], 0.0) < threshold());
    }
}
