//! What it costs to take another goal in hand.

use std::collections::HashMap;

use arrow::array::RecordBatch;
use athena_ingest::goals::Goal;
use athena_schemas::vocabulary::COMMAND_PREFIX;
use athena_schemas::{Error, Position, Time};
use athena_store::{Scope, Snapshot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Changed, example_id, set_up};
use crate::kept::{Keeper, Made};
use crate::operations::newest::read;
use crate::operations::records::{answered, one_project};
use crate::registry::{Call, Effect, Example, Operation};
use crate::{App, sql};

const SWITCHES: &str = include_str!("../../../sql/goal_switches.sql");

/// Events that are looked at, from the newest, and times from which a median is one.
const LOOKED_AT: usize = 20_000;
const ENOUGH: usize = 10;
/// Scopes whose switches are kept.
const SCOPES: usize = 4;
const ACTIVATE: &str = "athena.goals.activate";

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
        let (switches, answer) =
            tokio::try_join!(call.app.switches.now(&call.app, &scope), call.command(&self))?;
        let (switch_cost_ms, reason) = match switches.made.cost() {
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
    position: u64,
    at: Time,
    who: String,
    /// Of a goal taken in hand, whether another was before; `None` of a success.
    switch: Option<bool>,
}

/// Where goals were taken in hand and what succeeded since, of the scopes that were asked about last.
pub type AllSwitches = Keeper<Switches>;

/// None yet.
pub fn switches() -> AllSwitches {
    Keeper::of_scopes(SCOPES)
}

/// The newest times that goals were taken in hand, and the successes since the first of these; the oldest first.
#[derive(Default)]
pub struct Switches(Vec<Moment>);

impl Made for Switches {
    type Of = Scope;
    const COLUMNS: &'static [&'static str] =
        &["project", "position", "time", "agent", "session", "type", "outcome", "result"];
    const ANEW: i64 = LOOKED_AT as i64;

    fn take(&mut self, scope: &Scope, batch: &RecordBatch) -> Result<(), Error> {
        let text = |name: &str, row| read::<Option<String>>(batch, name, row);
        for row in (0..batch.num_rows()).filter(|row| scope.has(text("project", *row).as_deref())) {
            let of_type = text("type", row).unwrap_or_default();
            let switch = match of_type == ACTIVATE {
                true => Some(text("result", row).is_some_and(|result| had_another(&result))),
                false
                    if of_type.starts_with(COMMAND_PREFIX)
                        || text("outcome", row).as_deref() != Some("success") =>
                {
                    continue;
                }
                false => None,
            };
            let who = text("agent", row).or_else(|| text("session", row)).unwrap_or_default();
            let (position, at) = (read(batch, "position", row), read(batch, "time", row));
            self.0.push(Moment { position, at, who, switch });
        }
        Ok(())
    }

    fn settle(&mut self) {
        self.0.sort_by_key(|moment| moment.position);
        let before = self.0.iter().take_while(|moment| moment.switch.is_none()).count();
        self.0.drain(..before.max(self.0.len().saturating_sub(LOOKED_AT)));
    }

    async fn begin(&mut self, app: &App, scope: &Scope, snapshot: &Snapshot) -> Result<(), Error> {
        let mut running = sql::over(app, snapshot, scope, SWITCHES, &[json!(LOOKED_AT)], LOOKED_AT).await?;
        while let Some(batch) = running.next().await? {
            self.take(scope, &batch)?;
        }
        Ok(())
    }
}

/// Whether a goal that was taken in hand took the place of another.
fn had_another(result: &str) -> bool {
    serde_json::from_str::<Value>(result).is_ok_and(|result| result["from"].is_string())
}

impl Switches {
    /// The median time to the first success after a switch minus that without one, in ms.
    fn cost(&self) -> Result<i64, String> {
        let mut since: HashMap<&str, (Time, bool)> = HashMap::new();
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for moment in &self.0 {
            match moment.switch {
                Some(switch) => drop(since.insert(&moment.who, (moment.at, switch))),
                None => {
                    let Some((at, switch)) = since.remove(moment.who.as_str()) else { continue };
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
        let switches = |each: i64| {
            let moments = (0..each).flat_map(|at| {
                let moment = |ms: i64, who: &str, switch| Moment {
                    position: (at * 10_000 + ms) as u64,
                    at: Time::from_micros((at * 1_000_000 + ms) * 1_000),
                    who: who.into(),
                    switch,
                };
                [
                    moment(0, "b", None),
                    moment(1, "a", Some(true)),
                    moment(1, "b", Some(false)),
                    moment(501, "a", None),
                    moment(401 + at, "a", None),
                    moment(101 + at, "b", None),
                ]
            });
            let mut switches = Switches(moments.collect());
            switches.settle();
            switches
        };
        assert_eq!(switches(11).cost(), Ok(300));
        assert!(switches(9).cost().unwrap_err().starts_with("9 switches and 9 goals"));
        assert!(switches(9).0[0].switch.is_some(), "what succeeded before the first tells nothing");
    }
}
