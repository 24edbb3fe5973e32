//! Commands of `goals`: what the tasks are for. Goals stand in a tree; somebody who acts has one of them in hand.

use athena_schemas::tables::Record;
use athena_schemas::{Error, Time, ids};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::apply::{Call, Decision, Done, Key, State, StateRow, Tool};
use crate::records::{body, find, key, keys_in, may_remove, new_id, row, version};
use crate::tasks::{MOST_PRIORITY, PRIORITY, said};

/// Kinds of records: goals, and which of them somebody has in hand.
pub const GOAL: &str = "goal";
pub const FOCUS: &str = "goal_focus";

/// Levels of the tree, characters of a title and of a reason, and goals that one choice adjusts.
pub const MOST_LEVELS: usize = 20;
const TITLE_CHARS: usize = 300;
const WHY_CHARS: usize = 1_000;
const MOST_ADJUSTED: usize = 20;

pub(crate) const TOOL: Tool = Tool { name: "goals", keys, decide };

/// Where a goal stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Open,
    /// Set aside, until it is activated.
    Paused,
    Complete,
    Abandoned,
}

impl Status {
    pub const ALL: [Self; 4] = [Self::Open, Self::Paused, Self::Complete, Self::Abandoned];

    pub fn is_over(self) -> bool {
        matches!(self, Self::Complete | Self::Abandoned)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paused => "paused",
            Self::Complete => "complete",
            Self::Abandoned => "abandoned",
        }
    }
}

/// The body of a goal's record; its title is the record's name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Goal {
    pub status: Status,
    /// The goal that it is a part of.
    pub parent: Option<String>,
    /// From 0 to 10, the most important.
    pub priority: u8,
    pub deadline: Option<Time>,
    /// By what it is seen how far it is; without one, by a value from 0 to 1.
    pub measure: Option<Measure>,
    pub value: Option<f64>,
    pub outcome: Option<String>,
    /// Why it was abandoned.
    pub why: Option<String>,
    /// Conflicts that were looked at and are to be left as they are.
    pub accepted: Vec<String>,
    pub created_at: Time,
}

/// What is measured, from where to where.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// What is measured, such as `coverage in %`.
    pub what: String,
    /// Where it begins; 0 when not said.
    #[serde(default)]
    pub from: f64,
    /// Where it is to end.
    pub target: f64,
}

impl Goal {
    /// How far it is, from 0 to 1, by its value; null where none was told.
    pub fn progress(&self) -> Option<f64> {
        if self.status == Status::Complete {
            return Some(1.0);
        }
        let value = self.value?;
        let share = match &self.measure {
            None => value,
            Some(measure) => (value - measure.from) / (measure.target - measure.from),
        };
        Some(share.clamp(0.0, 1.0))
    }
}

/// The body of a focus: what somebody has in hand.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Focus {
    pub goal: String,
    pub since: Time,
    /// The goal before.
    pub from: Option<String>,
}

/// The id of the focus of an agent, else of a session, else of the project.
pub fn focus_id(agent: Option<&str>, session: Option<&str>) -> String {
    match (agent, session) {
        (Some(agent), _) => ids::short("goal-focus-", &["agent", agent]),
        (None, Some(session)) => ids::short("goal-focus-", &["session", session]),
        (None, None) => "goal-focus-project".to_owned(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    title: String,
    parent: Option<String>,
    priority: Option<u8>,
    deadline: Option<Time>,
    measure: Option<Measure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Activate {
    goal: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Progress {
    goal: String,
    value: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Complete {
    goal: String,
    outcome: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Abandon {
    goal: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resolve {
    conflict: String,
    /// The goals as the reader found them, and what becomes of each.
    goals: Vec<String>,
    adjusted: Vec<Adjusted>,
}

/// What becomes of a goal.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjusted {
    pub goal: String,
    /// The version that was looked at.
    pub version: i64,
    pub priority: Option<u8>,
    pub deadline: Option<Time>,
    #[serde(default)]
    pub paused: bool,
    /// Leaves it as it is, and the conflict known.
    #[serde(default)]
    pub accepted: bool,
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    let mut keys = keys_in(call, &["goal", "goals", "parent"]);
    keys.push(key(call, &focus_id(call.event.agent.as_deref(), call.event.session.as_deref())));
    keys
}

/// The goals above the parent of a new one, and the goal that was in hand.
pub(crate) fn further(operation: &str, call: &Call<'_>, state: &State) -> Vec<Key> {
    let named = |field: &str| call.arguments.get(field).and_then(Value::as_str);
    let ids = match (operation, named("parent")) {
        ("set", Some(parent)) => above(state, call, parent),
        _ => Vec::new(),
    };
    ids.iter().map(|id| key(call, id)).collect()
}

/// A goal and those above it, as far as the state has them.
fn above(state: &State, call: &Call<'_>, goal: &str) -> Vec<String> {
    let mut chain = vec![goal.to_owned()];
    while let Some(parent) = chain.last().and_then(|last| parent_of(state, call, last)) {
        chain.push(parent);
        if chain.len() > MOST_LEVELS {
            break;
        }
    }
    chain
}

fn parent_of(state: &State, call: &Call<'_>, id: &str) -> Option<String> {
    let record = state.record(&call.event.project, id).filter(|one| one.kind == GOAL)?;
    body::<Goal>(record).ok()?.parent
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(Decision::from(match operation {
        "set" => set(state, call),
        "activate" => activate(state, call),
        "progress" => progress(state, call),
        "complete" => complete(state, call),
        "abandon" => abandon(state, call),
        "resolve" => resolve(state, call),
        _ => return None,
    }))
}

fn set(state: &State, call: &Call<'_>) -> Done {
    let given: Set = call.parse()?;
    said("title", &given.title, TITLE_CHARS)?;
    if let Some(parent) = &given.parent {
        let (record, goal) = named(state, call, "parent", parent)?;
        open(record, &goal)?;
        if above(state, call, parent).len() >= MOST_LEVELS {
            return Err(Error::invalid(
                "parent",
                format!("a tree of goals has at most {MOST_LEVELS} levels"),
            ));
        }
    }
    if let Some(measure) = &given.measure {
        said("measure", &measure.what, TITLE_CHARS)?;
        let whole = measure.from.is_finite() && measure.target.is_finite();
        if !whole || measure.from == measure.target {
            return Err(Error::invalid("measure", "it leads from one number to another"));
        }
    }
    let goal = Goal {
        parent: given.parent,
        priority: important(given.priority.unwrap_or(PRIORITY))?,
        deadline: given.deadline,
        measure: given.measure,
        created_at: call.now(),
        ..Goal::default()
    };
    let record =
        Record { id: new_id(call, GOAL), kind: GOAL.into(), name: Some(given.title), ..Record::default() };
    let (row, told) = kept(record, &goal, call);
    Ok((vec![row], told))
}

/// Takes a goal in hand; tells which was before.
fn activate(state: &State, call: &Call<'_>) -> Done {
    let given: Activate = call.parse()?;
    let (record, mut goal) = named(state, call, "goal", &given.goal)?;
    open(record, &goal)?;
    let id = focus_id(call.event.agent.as_deref(), call.event.session.as_deref());
    let old = state.record(&call.event.project, &id).filter(|old| !old.deleted);
    let before = old.map(body::<Focus>).transpose()?.map(|focus| focus.goal);
    let from = before.filter(|before| *before != record.id);
    let focus = Focus { goal: record.id.clone(), since: call.now(), from: from.clone() };
    let kept_focus = old.cloned().unwrap_or_else(|| Record { id, kind: FOCUS.into(), ..Record::default() });
    goal.status = Status::Open;
    let (row_of_goal, mut told) = kept(record.clone(), &goal, call);
    told["from"] = json!(from);
    Ok((vec![row(version(kept_focus, &focus, call)), row_of_goal], told))
}

fn progress(state: &State, call: &Call<'_>) -> Done {
    let given: Progress = call.parse()?;
    let (record, mut goal) = named(state, call, "goal", &given.goal)?;
    open(record, &goal)?;
    let share = (0.0..=1.0).contains(&given.value);
    if !given.value.is_finite() || (goal.measure.is_none() && !share) {
        let error = Error::invalid("value", "a goal without a measure is from 0 to 1 of the way");
        return Err(error.hint("give the goal a measure when it is set"));
    }
    goal.value = Some(given.value);
    let (row, told) = kept(record.clone(), &goal, call);
    Ok((vec![row], told))
}

fn complete(state: &State, call: &Call<'_>) -> Done {
    let given: Complete = call.parse()?;
    said("outcome", &given.outcome, WHY_CHARS)?;
    let (record, mut goal) = named(state, call, "goal", &given.goal)?;
    open(record, &goal)?;
    (goal.status, goal.outcome) = (Status::Complete, Some(given.outcome));
    let (row, told) = kept(record.clone(), &goal, call);
    Ok((vec![row], told))
}

fn abandon(state: &State, call: &Call<'_>) -> Done {
    let given: Abandon = call.parse()?;
    said("why", &given.why, WHY_CHARS)?;
    let (record, mut goal) = named(state, call, "goal", &given.goal)?;
    may_remove(record, call)?;
    open(record, &goal)?;
    (goal.status, goal.why) = (Status::Abandoned, Some(given.why));
    let (row, told) = kept(record.clone(), &goal, call);
    Ok((vec![row], told))
}

/// What the reader made of a choice, unless one of the goals has changed since.
fn resolve(state: &State, call: &Call<'_>) -> Done {
    let given: Resolve = call.parse()?;
    if given.adjusted.len() > MOST_ADJUSTED {
        return Err(Error::invalid("conflict", format!("more than {MOST_ADJUSTED} goals to adjust")));
    }
    let (mut rows, mut adjusted) = (Vec::new(), Vec::new());
    for one in &given.adjusted {
        let (record, mut goal) = named(state, call, "goals", &one.goal)?;
        if record.version != one.version || !given.goals.contains(&one.goal) {
            let error = Error::conflict(format!("goal {} was changed meanwhile", record.id));
            return Err(error.hint("look at the conflicts again"));
        }
        open(record, &goal)?;
        goal.priority = important(one.priority.unwrap_or(goal.priority))?;
        goal.deadline = one.deadline.or(goal.deadline);
        if one.paused {
            goal.status = Status::Paused;
        }
        if one.accepted && !goal.accepted.contains(&given.conflict) {
            goal.accepted.push(given.conflict.clone());
        }
        let (row, told) = kept(record.clone(), &goal, call);
        rows.push(row);
        adjusted.push(told);
    }
    Ok((rows, json!({"id": given.conflict, "adjusted": adjusted})))
}

fn named<'s>(state: &'s State, call: &Call<'_>, field: &str, id: &str) -> Result<(&'s Record, Goal), Error> {
    let record = find(state, call, (GOAL, field), id)?;
    Ok((record, body(record)?))
}

fn open(record: &Record, goal: &Goal) -> Result<(), Error> {
    if !goal.status.is_over() {
        return Ok(());
    }
    let error = Error::conflict(format!("goal {} is {}", record.id, goal.status.name()));
    Err(Error { field: Some("goal".into()), ..error.hint("`goals.set` makes a new one") })
}

fn important(priority: u8) -> Result<u8, Error> {
    match priority <= MOST_PRIORITY {
        true => Ok(priority),
        false => Err(Error::invalid("priority", format!("from 0 to {MOST_PRIORITY}, the most important"))),
    }
}

/// The row, and what is told of it: the goal as it is now.
fn kept(record: Record, goal: &Goal, call: &Call<'_>) -> (StateRow, Value) {
    let record = version(Record { text: record.name.clone(), ..record }, goal, call);
    let told = json!({"id": record.id, "version": record.version, "title": record.name, "goal": goal});
    (row(record), told)
}

#[cfg(test)]
mod tests {
    use athena_schemas::Code;

    use super::*;
    use crate::test::{command, run};

    struct Goals(State, i64);

    impl Goals {
        fn call(&mut self, operation: &str, arguments: Value) -> Result<Value, Error> {
            self.1 += 1;
            run(&mut self.0, command(self.1, &format!("goals.{operation}"), "ann", arguments))
        }

        fn set(&mut self, title: &str, parent: Option<&str>) -> String {
            let made = self.call("set", json!({"title": title, "parent": parent})).unwrap();
            made["id"].as_str().unwrap().to_owned()
        }
    }

    #[test]
    fn a_measure_says_how_far_it_is() {
        let mut goals = Goals(State::default(), 0);
        let measure = json!({"what": "coverage in %", "from": 40, "target": 80});
        let made = goals.call("set", json!({"title": "cover", "measure": measure})).unwrap();
        let told = goals.call("progress", json!({"goal": made["id"], "value": 50})).unwrap();
        let goal: Goal = serde_json::from_value(told["goal"].clone()).unwrap();
        assert_eq!(goal.progress(), Some(0.25));
        let plain = goals.set("plain", None);
        let error = goals.call("progress", json!({"goal": plain, "value": 50})).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("value"));
    }

    #[test]
    fn a_switch_tells_from_where() {
        let mut goals = Goals(State::default(), 0);
        let [one, two] = [goals.set("one", None), goals.set("two", None)];
        assert_eq!(goals.call("activate", json!({"goal": one})).unwrap()["from"], Value::Null);
        assert_eq!(goals.call("activate", json!({"goal": one})).unwrap()["from"], Value::Null);
        assert_eq!(goals.call("activate", json!({"goal": two})).unwrap()["from"], json!(one));
        goals.call("complete", json!({"goal": two, "outcome": "success"})).unwrap();
        assert_eq!(goals.call("activate", json!({"goal": two})).unwrap_err().code, Code::Conflict);
    }

    #[test]
    fn the_tree_ends_somewhere() {
        let mut goals = Goals(State::default(), 0);
        let mut last = goals.set("top", None);
        for _ in 1..MOST_LEVELS {
            last = goals.set("below", Some(&last));
        }
        let error = goals.call("set", json!({"title": "too deep", "parent": last})).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("parent"));
    }

    #[test]
    fn what_changed_meanwhile_is_not_adjusted() {
        let mut goals = Goals(State::default(), 0);
        let one = goals.set("one", None);
        let seen = goals.0.record("p", &one).unwrap().version;
        goals.call("progress", json!({"goal": one, "value": 0.5})).unwrap();
        let choice = |version: i64| json!({"conflict": "c", "goals": [one], "adjusted": [{"goal": one, "version": version, "priority": 2}]});
        assert_eq!(goals.call("resolve", choice(seen)).unwrap_err().code, Code::Conflict);
        let told = goals.call("resolve", choice(seen + 1)).unwrap();
        assert_eq!(told["adjusted"][0]["goal"]["priority"], 2);
    }
}
