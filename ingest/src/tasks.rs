//! Commands of `tasks`: what is to be done, by whom, after what. A task is one record; what it needs and what needs
//! it stand in both, so that a chain can be followed either way by exact keys.

mod chains;
mod work;

use std::fmt;

use athena_schemas::tables::Record;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::apply::{Call, Decision, Done, Key, State, StateRow, Tool};
use crate::goals::{GOAL, Goal};
use crate::records::{body, find, keys_in, new_id, row, version};

pub(crate) use chains::further;
pub use chains::{MOST_LEVELS, MOST_REACHED};

/// The kind of a task's record.
pub const TASK: &str = "task";

/// Characters of a title, a check, a reason; how many of each a task has; days that an estimate may say.
const TITLE_CHARS: usize = 300;
const WHY_CHARS: usize = 1_000;
const MOST_CHECKS: usize = 50;
const MOST_NEEDS: usize = 100;
const MOST_NEEDED_BY: usize = 1_000;
const MOST_MILESTONES: usize = 50;
const MOST_RUNS: usize = 50;
const MOST_ESTIMATE_S: i64 = 366 * 86_400;
/// How much a task or goal matters, at most, and when nothing is said.
pub const MOST_PRIORITY: u8 = 10;
pub const PRIORITY: u8 = 5;

pub(crate) const TOOL: Tool = Tool { name: "tasks", keys, decide };

/// Where a task stands. One that waits for others is open.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Open,
    Active,
    Blocked,
    Done,
    Failed,
    Cancelled,
}

impl Status {
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Active, Self::Blocked, Self::Done, Self::Failed, Self::Cancelled];

    /// Whether nothing is left to do.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Active => "active",
            Self::Blocked => "blocked",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The body of a task's record; its title is the record's name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Task {
    pub status: Status,
    /// From 0 to 10, the most important.
    pub priority: u8,
    pub due: Option<Time>,
    /// The goal that it serves.
    pub goal: Option<String>,
    /// How long it was said to take.
    pub estimate_s: Option<i64>,
    /// What must be seen to hold, each by an event.
    pub checks: Vec<Check>,
    /// Tasks that must be over before it is started.
    pub needs: Vec<String>,
    /// Tasks that wait for it.
    pub needed_by: Vec<String>,
    /// Tasks that have to do with it.
    pub relates: Vec<String>,
    pub assignee: Option<String>,
    /// From 0 to 1.
    pub progress: f64,
    pub note: Option<String>,
    /// Why it is blocked or cancelled.
    pub why: Option<String>,
    pub outcome: Option<String>,
    pub lesson: Option<String>,
    pub milestones: Vec<Milestone>,
    /// Every time that it was worked on.
    pub runs: Vec<Run>,
    pub created_at: Time,
    /// When it came to stand where it stands; of work told afterwards, when that began or ended.
    pub since: Time,
}

/// Something that must hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    pub text: String,
    /// The event that passed it.
    pub passed_by: Option<String>,
    pub passed_at: Option<Time>,
}

/// A mark on the way.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Milestone {
    pub id: String,
    pub title: String,
    /// The progress at which it is reached.
    pub fraction: f64,
    pub reached_at: Option<Time>,
}

/// A time that a task was worked on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    pub session: Option<String>,
    pub agent: Option<String>,
    pub started_at: Time,
    pub ended_at: Option<Time>,
    pub outcome: Option<String>,
    /// How long it was foretold to take when it was started.
    pub foretold: Option<Foretold>,
}

/// An estimate, as it was when the work began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Foretold {
    pub p50_ms: i64,
    pub p90_ms: Option<i64>,
}

impl Task {
    /// How long it was worked on, by its last run, when that has ended.
    pub fn took_ms(&self) -> Option<i64> {
        let run = self.runs.last()?;
        Some((run.ended_at?.micros() - run.started_at.micros()) / 1_000)
    }

    fn become_(&mut self, status: Status, at: Time) {
        if self.status != status {
            (self.status, self.since) = (status, at);
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    title: String,
    priority: Option<u8>,
    due: Option<Time>,
    goal: Option<String>,
    #[serde(default)]
    depends_on: Vec<String>,
    estimate_s: Option<i64>,
    #[serde(default)]
    checks: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    task: String,
    title: Option<String>,
    priority: Option<u8>,
    due: Option<Time>,
    goal: Option<String>,
    estimate_s: Option<i64>,
    checks: Option<Vec<String>>,
    /// Empty takes it from whoever has it.
    assignee: Option<String>,
    /// Takes a blocked or failed one up again.
    #[serde(default)]
    reopen: bool,
    /// What it has no longer.
    #[serde(default)]
    clear: Vec<Clear>,
    version: Option<i64>,
}

/// What a task need not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clear {
    Due,
    Goal,
    Estimate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Depend {
    task: String,
    on: String,
    kind: Dependence,
}

/// What a task has to do with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dependence {
    /// The other must be over first.
    Needs,
    /// They have to do with each other, in no order.
    Relates,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assign {
    task: String,
    agent: String,
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    keys_in(call, &["task", "on", "depends_on", "goal"])
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(Decision::from(match operation {
        "create" => create(state, call),
        "update" => update(state, call),
        "depend" => depend(state, call),
        "assign" => assign(state, call),
        _ => return work::decide(operation, state, call),
    }))
}

fn create(state: &State, call: &Call<'_>) -> Done {
    let given: Create = call.parse()?;
    let mut needs = given.depends_on;
    needs.sort();
    needs.dedup();
    if needs.len() > MOST_NEEDS {
        return Err(Error::invalid("depends_on", format!("at most {MOST_NEEDS} tasks")));
    }
    let id = new_id(call, TASK);
    let mut rows = Vec::new();
    for need in &needs {
        let (record, mut other) = named(state, call, "depends_on", need)?;
        rows.push(needed(record, &mut other, &id, call)?);
    }
    serves(state, call, given.goal.as_deref())?;
    let task = Task {
        priority: given.priority.unwrap_or(PRIORITY),
        due: given.due,
        goal: given.goal,
        estimate_s: given.estimate_s,
        checks: checks(given.checks, &[]),
        needs,
        created_at: call.now(),
        since: call.now(),
        ..Task::default()
    };
    let record = Record { id, kind: TASK.into(), name: Some(given.title), ..Record::default() };
    checked(&record, &task)?;
    let (row, told) = kept(record, &task, call);
    rows.push(row);
    Ok((rows, told))
}

/// A new version with what was given; the rest as it was.
fn update(state: &State, call: &Call<'_>) -> Done {
    let given: Update = call.parse()?;
    let (old, mut task) = named(state, call, "task", &given.task)?;
    if given.version.is_some_and(|version| version != old.version) {
        let message = format!("task {} is at version {}", old.id, old.version);
        let error = Error::conflict(message).hint("read it again and repeat the change");
        return Err(Error { field: Some("version".into()), ..error });
    }
    serves(state, call, given.goal.as_deref())?;
    task.priority = given.priority.unwrap_or(task.priority);
    task.due = given.due.or(task.due);
    task.goal = given.goal.or(task.goal);
    task.estimate_s = given.estimate_s.or(task.estimate_s);
    for clear in given.clear {
        match clear {
            Clear::Due => task.due = None,
            Clear::Goal => task.goal = None,
            Clear::Estimate => task.estimate_s = None,
        }
    }
    if let Some(texts) = given.checks {
        task.checks = checks(texts, &task.checks);
    }
    if let Some(assignee) = given.assignee {
        task.assignee = Some(assignee).filter(|agent| !agent.trim().is_empty());
    }
    if given.reopen {
        if !matches!(task.status, Status::Blocked | Status::Failed) {
            return Err(stands(old, task.status, "only a blocked or failed task is taken up again"));
        }
        task.become_(Status::Open, call.now());
        task.why = None;
    }
    let record = Record { name: given.title.or_else(|| old.name.clone()), ..old.clone() };
    checked(&record, &task)?;
    let (row, told) = kept(record, &task, call);
    Ok((vec![row], told))
}

/// One task after another, unless that one waits, in the end, for this.
fn depend(state: &State, call: &Call<'_>) -> Done {
    let given: Depend = call.parse()?;
    let (record, mut task) = named(state, call, "task", &given.task)?;
    let (on, mut other) = named(state, call, "on", &given.on)?;
    if record.id == on.id {
        let error = Error::conflict(format!("a cycle: {0} → {0}", label(record)));
        return Err(Error { field: Some("on".into()), ..error.hint("a task does not need itself") });
    }
    if given.kind == Dependence::Relates {
        let both = [(&mut task.relates, &on.id), (&mut other.relates, &record.id)];
        for (relates, id) in both {
            if !relates.contains(id) && relates.len() < MOST_NEEDED_BY {
                relates.push(id.clone());
            }
        }
    } else if !task.needs.contains(&on.id) {
        if task.status.is_over() || task.status == Status::Active {
            return Err(stands(record, task.status, "what it needs is said before it is started"));
        }
        if task.needs.len() >= MOST_NEEDS {
            return Err(Error::invalid("on", format!("a task needs at most {MOST_NEEDS} others")));
        }
        chains::refuse_cycle(state, call, &record.id, &on.id)?;
        task.needs.push(on.id.clone());
        task.needs.sort();
        other.needed_by.push(record.id.clone());
        room(on, &other)?;
    }
    let (other_row, _) = kept(on.clone(), &other, call);
    let (row, told) = kept(record.clone(), &task, call);
    Ok((vec![other_row, row], told))
}

/// A claim: it is refused where another has the task.
fn assign(state: &State, call: &Call<'_>) -> Done {
    let given: Assign = call.parse()?;
    if given.agent.trim().is_empty() {
        return Err(Error::invalid("agent", "a task is given to somebody"));
    }
    let (record, mut task) = named(state, call, "task", &given.task)?;
    if task.status.is_over() {
        return Err(stands(record, task.status, "there is nothing left to do"));
    }
    mine(record, &task, Some(&given.agent))?;
    task.assignee = Some(given.agent);
    let (row, told) = kept(record.clone(), &task, call);
    Ok((vec![row], told))
}

/// The task that an argument names.
fn named<'s>(state: &'s State, call: &Call<'_>, field: &str, id: &str) -> Result<(&'s Record, Task), Error> {
    let record = find(state, call, (TASK, field), id)?;
    Ok((record, body(record)?))
}

/// Refuses what another has.
fn mine(record: &Record, task: &Task, agent: Option<&str>) -> Result<(), Error> {
    match (task.assignee.as_deref(), agent) {
        (Some(has), Some(asks)) if has != asks => {
            let error = Error::conflict(format!("task {} is {has}'s", record.id));
            let hint = "take another (`tasks.next`), or hand it over with `tasks.update` and `assignee`";
            Err(Error { field: Some("task".into()), ..error.hint(hint) })
        }
        _ => Ok(()),
    }
}

fn stands(record: &Record, status: Status, hint: &str) -> Error {
    let error = Error::conflict(format!("task {} is {status}", record.id)).hint(hint);
    Error { field: Some("task".into()), ..error }
}

/// Writes into a task that another waits for it.
fn needed(record: &Record, task: &mut Task, by: &str, call: &Call<'_>) -> Result<StateRow, Error> {
    task.needed_by.push(by.to_owned());
    room(record, task)?;
    Ok(kept(record.clone(), task, call).0)
}

fn room(record: &Record, task: &Task) -> Result<(), Error> {
    match task.needed_by.len() > MOST_NEEDED_BY {
        true => Err(Error::conflict(format!("{MOST_NEEDED_BY} tasks wait for {} already", record.id))),
        false => Ok(()),
    }
}

/// The goal that a task serves must be there, and open.
fn serves(state: &State, call: &Call<'_>, goal: Option<&str>) -> Result<(), Error> {
    let Some(goal) = goal else { return Ok(()) };
    let goal = find(state, call, (GOAL, "goal"), goal)?;
    match body::<Goal>(goal)?.status.is_over() {
        true => {
            let error = Error::conflict(format!("goal {} is over", goal.id));
            Err(Error { field: Some("goal".into()), ..error })
        }
        false => Ok(()),
    }
}

/// Checks of these texts; what passed one of the same text stays.
fn checks(texts: Vec<String>, before: &[Check]) -> Vec<Check> {
    let old = |text: &String| before.iter().find(|check| check.text == *text).cloned();
    texts.into_iter().map(|text| old(&text).unwrap_or(Check { text, ..Check::default() })).collect()
}

fn checked(record: &Record, task: &Task) -> Result<(), Error> {
    said("title", record.name.as_deref().unwrap_or_default(), TITLE_CHARS)?;
    if task.priority > MOST_PRIORITY {
        return Err(Error::invalid("priority", format!("from 0 to {MOST_PRIORITY}, the most important")));
    }
    if task.estimate_s.is_some_and(|estimate| !(1..=MOST_ESTIMATE_S).contains(&estimate)) {
        return Err(Error::invalid("estimate", "from a second to a year"));
    }
    if task.checks.len() > MOST_CHECKS {
        return Err(Error::invalid("checks", format!("at most {MOST_CHECKS}")));
    }
    task.checks.iter().try_for_each(|check| said("checks", &check.text, TITLE_CHARS))
}

/// # Errors
/// A text that says nothing, or too much.
pub(crate) fn said(field: &str, text: &str, most: usize) -> Result<(), Error> {
    match !text.trim().is_empty() && text.chars().count() <= most {
        true => Ok(()),
        false => Err(Error::invalid(field, format!("1 to {most} characters"))),
    }
}

fn label(record: &Record) -> String {
    format!("{} ({})", record.id, record.name.as_deref().unwrap_or_default())
}

/// The row, and what is told of it: the task as it is now.
fn kept(record: Record, task: &Task, call: &Call<'_>) -> (StateRow, Value) {
    let text = [record.name.as_deref(), task.note.as_deref(), task.lesson.as_deref()];
    let text = text.into_iter().flatten().collect::<Vec<_>>().join("\n");
    let record = version(Record { text: Some(text), ..record }, task, call);
    let told = json!({"id": record.id, "version": record.version, "title": record.name, "task": task});
    (row(record), told)
}

#[cfg(test)]
mod tests;
