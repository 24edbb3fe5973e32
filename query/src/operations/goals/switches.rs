//! What it costs to take another goal in hand.

use std::collections::HashMap;

use athena_ingest::goals::Goal;
use athena_schemas::{Error, Position, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Changed, example_id, set_up};
use crate::operations::records::{answered, one_project};
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation};

const SWITCHES: &str = include_str!("../../../sql/goal_switches.sql");

/// Events that are looked at, from the newest, and times from which a median is one.
const LOOKED_AT: usize = 20_000;
const ENOUGH: usize = 10;

/// Takes a goal in hand, for the agent, else the session, else the project. Tells what such switches have cost: the
/// median time to the first success after them, minus that after taking up a goal with no other in hand.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Activate {
    /// Id of the goal.
    goal: String,
}

/// The goal in hand.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Activated {
    id: String,
    version: i64,
    title: String,
    goal: Goal,
    /// The goal that was in hand before.
    from: Option<String>,
    /// What a switch has cost, in ms; null below 10 of either kind.
    switch_cost_ms: Option<i64>,
    reason: Option<String>,
    project: String,
    position: Position,
}

impl Operation for Activate {
    const TOOL: &'static str = "goals";
    const NAME: &'static str = "activate";
    const EFFECT: Effect = Effect::Write;
    type Result = Activated;

    async fn call(self, call: &Call) -> Result<Activated, Error> {
        let (_, scope) = one_project(call).await?;
        // The switch itself has had no success yet: whether it is among them changes nothing.
        let given = [json!(LOOKED_AT)];
        let rows = objects(&call.app, &scope, SWITCHES, &given, LOOKED_AT);
        let (rows, answer) = tokio::try_join!(rows, call.command(&self))?;
        let text = |row: &serde_json::Map<String, Value>, name: &str| {
            row.get(name).and_then(Value::as_str).map(str::to_owned)
        };
        let moments = rows.iter().rev().filter_map(|row| {
            let result = text(row, "result").and_then(|result| serde_json::from_str::<Value>(&result).ok());
            let activated = text(row, "type").as_deref() == Some("athena.goals.activate");
            Some(Moment {
                at: Time::parse(&text(row, "time")?)?,
                who: text(row, "agent").or_else(|| text(row, "session")).unwrap_or_default(),
                switch: activated.then(|| result.is_some_and(|result| result["from"].is_string())),
            })
        });
        let (switch_cost_ms, reason) = match cost(moments) {
            Ok(cost) => (Some(cost), None),
            Err(reason) => (None, Some(reason)),
        };
        let Changed { id, version, title, goal, from, project, position } = answered(answer)?;
        Ok(Activated { id, version, title, goal, from, switch_cost_ms, reason, project, position })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({"goal": example_id(), "agent": "ann"}) }]
    }
}

/// A goal taken in hand, or a success.
struct Moment {
    at: Time,
    who: String,
    /// Of a goal taken in hand, whether another was before; `None` of a success.
    switch: Option<bool>,
}

/// The median time to the first success after a switch minus that without one, in ms.
fn cost(moments: impl Iterator<Item = Moment>) -> Result<i64, String> {
    let mut since: HashMap<String, (Time, bool)> = HashMap::new();
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for moment in moments {
        match moment.switch {
            Some(switch) => drop(since.insert(moment.who, (moment.at, switch))),
            None => {
                let Some((at, switch)) = since.remove(&moment.who) else { continue };
                let took = (moment.at.micros() - at.micros()) / 1_000;
                if took >= 0 {
                    if switch { with.push(took) } else { without.push(took) }
                }
            }
        }
    }
    match with.len().min(without.len()) < ENOUGH {
        true => Err(format!(
            "{} switches and {} goals taken up without one were followed by a success; {ENOUGH} of each are needed",
            with.len(),
            without.len()
        )),
        false => Ok(median(with) - median(without)),
    }
}

fn median(mut all: Vec<i64>) -> i64 {
    all.sort_unstable();
    let half = all.len() / 2;
    if all.len() % 2 == 1 { all[half] } else { i64::midpoint(all[half - 1], all[half]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_costs_what_it_costs() {
        let moments = |each: i64| {
            (0..each).flat_map(|at| {
                let begin = at * 1_000_000;
                let moment = |ms: i64, who: &str, switch| Moment {
                    at: Time::from_micros((begin + ms) * 1_000),
                    who: who.into(),
                    switch,
                };
                [
                    moment(0, "a", Some(true)),
                    moment(0, "b", Some(false)),
                    moment(100 + at, "b", None),
                    moment(400 + at, "a", None),
                    moment(500, "a", None),
                ]
            })
        };
        assert_eq!(cost(moments(11)), Ok(300));
        assert!(cost(moments(9)).unwrap_err().starts_with("9 switches and 9 goals"));
    }
}
