//! Goals that get in each other's way, and what can be done about it.

use std::collections::{BTreeMap, BTreeSet};

use athena_ingest::goals::{Adjusted, Goal};
use athena_schemas::{Error, Position, Time, ids};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Goals, View, example_id, set_up, task_of};
use crate::operations::paging;
use crate::operations::records::answered;
use crate::operations::rows::{absent, objects};
use crate::registry::{Call, Effect, Example, Operation};

const FILES: &str = include_str!("../../../sql/session_files.sql");

/// Events whose files are looked at, and conflicts that are told.
const LOOKED_AT: usize = 20_000;
const MOST: usize = 200;
/// A deadline that moves leaves a tenth to spare.
const SPARE: f64 = 1.1;

/// Open goals that get in each other's way: whose estimates exceed the hours before their deadlines, or that claim the
/// same agents or files.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conflicts {}

/// Conflicts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Told {
    items: Vec<Conflict>,
    /// Open tasks of open goals without an estimate: the hours do not count them.
    without_estimate: usize,
    project: String,
}

/// What gets in whose way.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Conflict {
    id: String,
    kind: Kind,
    /// Ids of the goals, the most important first.
    goals: Vec<String>,
    content: String,
    /// Agents or files that both claim.
    shared: Vec<String>,
    /// What `goals.resolve` takes as `choice`.
    choices: Vec<Choice>,
    /// To when the last of the goals could be done.
    #[serde(skip)]
    fits_at: Option<Time>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Hours,
    Agents,
    Files,
}

/// What can be done about a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Choice {
    /// The least important goal's deadline moves to when its work can be done, with a tenth to spare.
    Extend,
    /// The least important goal becomes less important by one.
    Lower,
    /// The least important goal is set aside until it is activated.
    Pause,
    /// All stays as it is, and the conflict is not told any more.
    Accept,
}

impl Operation for Conflicts {
    const TOOL: &'static str = "goals";
    const NAME: &'static str = "conflicts";
    const EFFECT: Effect = Effect::Read;
    type Result = Told;

    async fn call(self, call: &Call) -> Result<Told, Error> {
        let goals = Goals::read(call).await?;
        let items = conflicts(call, &goals).await?;
        let open: BTreeSet<&str> = goals.open().map(|view| view.id.as_str()).collect();
        let blind = |view: &&crate::operations::tasks::View| {
            !view.task.status.is_over()
                && view.task.estimate_s.is_none()
                && view.task.goal.as_deref().is_some_and(|goal| open.contains(goal))
        };
        let without_estimate = goals.tasks.all.iter().filter(blind).count();
        Ok(Told { items, without_estimate, project: goals.project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up(), task_of()], arguments: json!({}) }]
    }
}

async fn conflicts(call: &Call, goals: &Goals) -> Result<Vec<Conflict>, Error> {
    let sessions: BTreeMap<&str, &str> = goals
        .tasks
        .all
        .iter()
        .filter_map(|view| Some((view, view.task.goal.as_deref()?)))
        .flat_map(|(view, goal)| {
            view.task.runs.iter().filter_map(move |run| Some((run.session.as_deref()?, goal)))
        })
        .collect();
    let given = [json!(sessions.keys().collect::<Vec<_>>()), json!(LOOKED_AT)];
    let rows = match sessions.is_empty() {
        true => Vec::new(),
        false => objects(&call.app, &goals.scope, FILES, &given, LOOKED_AT).await?,
    };
    let mut files: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for row in &rows {
        let goal = row.get("session").and_then(Value::as_str).and_then(|session| sessions.get(session));
        let touched =
            row.get("files").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        if let Some(goal) = goal {
            files.entry(goal).or_default().extend(touched.map(str::to_owned));
        }
    }
    let mut all = hours(goals, Time::now());
    all.extend(claims(goals, Kind::Files, &files));
    all.extend(claims(goals, Kind::Agents, &agents(goals)));
    let accepted = |one: &Conflict| goals.all.iter().any(|view| view.goal.accepted.contains(&one.id));
    all.retain(|one| !accepted(one));
    all.truncate(MOST);
    Ok(all)
}

/// Whoever has open tasks of a goal.
fn agents(goals: &Goals) -> BTreeMap<&str, BTreeSet<String>> {
    let mut agents: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for view in goals.tasks.all.iter().filter(|view| !view.task.status.is_over()) {
        if let (Some(goal), Some(agent)) = (view.task.goal.as_deref(), &view.task.assignee) {
            agents.entry(goal).or_default().insert(agent.clone());
        }
    }
    agents
}

/// Goals in the order of their deadlines, by those who work on them: where the work until a deadline is more than the
/// hours before it, all goals until then are in conflict.
fn hours(goals: &Goals, now: Time) -> Vec<Conflict> {
    let mut by_agent: BTreeMap<Option<&str>, BTreeMap<(Time, &str), f64>> = BTreeMap::new();
    for view in goals.open() {
        let Some(deadline) = view.goal.deadline else { continue };
        for task in goals.tasks_of(&view.id).filter(|view| !view.task.status.is_over()).map(|view| &view.task)
        {
            let left = task.estimate_s.unwrap_or(0) as f64 * (1.0 - task.progress) / 3_600.0;
            let of = by_agent.entry(task.assignee.as_deref()).or_default();
            *of.entry((deadline, view.id.as_str())).or_default() += left;
        }
    }
    let mut found: BTreeMap<String, Conflict> = BTreeMap::new();
    for (agent, due) in by_agent {
        let (mut work, mut until) = (0.0, Vec::new());
        for ((deadline, goal), hours) in due {
            work += hours;
            until.push(goal);
            let there_are = (deadline.micros() - now.micros()).max(0) as f64 / 3_600e6;
            if work > there_are {
                let who = agent.map(|agent| format!(" for {agent}")).unwrap_or_default();
                let content =
                    format!("{work:.1} hours of work{who} in the {there_are:.1} hours before {deadline}");
                let fits_at = Some(now.plus_micros((work * SPARE * 3_600e6) as i64));
                let conflict = conflict(goals, Kind::Hours, &until, content, Vec::new(), fits_at);
                found.entry(conflict.id.clone()).or_insert(conflict);
                break;
            }
        }
    }
    found.into_values().collect()
}

/// Pairs of open goals that claim the same.
fn claims(goals: &Goals, kind: Kind, claimed: &BTreeMap<&str, BTreeSet<String>>) -> Vec<Conflict> {
    let open: Vec<(&str, &BTreeSet<String>)> =
        goals.open().filter_map(|view| Some((view.id.as_str(), claimed.get(view.id.as_str())?))).collect();
    let mut found = Vec::new();
    for (at, (one, own)) in open.iter().enumerate() {
        for (other, others) in &open[at + 1..] {
            let shared: Vec<String> = own.intersection(others).take(paging::LIMIT).cloned().collect();
            if !shared.is_empty() && found.len() < MOST {
                let what = if kind == Kind::Files { "files" } else { "agents" };
                let content = format!("both claim the {what} {}", shared.join(", "));
                found.push(conflict(goals, kind, &[one, other], content, shared, None));
            }
        }
    }
    found
}

fn conflict(
    goals: &Goals,
    kind: Kind,
    of: &[&str],
    content: String,
    shared: Vec<String>,
    fits_at: Option<Time>,
) -> Conflict {
    let mut views: Vec<&View> = goals.all.iter().filter(|view| of.contains(&view.id.as_str())).collect();
    views.sort_by(|one, other| {
        other.goal.priority.cmp(&one.goal.priority).then_with(|| one.id.cmp(&other.id))
    });
    let mut sorted: Vec<&str> = of.to_vec();
    sorted.sort_unstable();
    let name = match kind {
        Kind::Hours => "hours",
        Kind::Agents => "agents",
        Kind::Files => "files",
    };
    let mut choices = vec![Choice::Lower, Choice::Pause, Choice::Accept];
    if kind == Kind::Hours {
        choices.insert(0, Choice::Extend);
    }
    Conflict {
        id: ids::short("conflict-", &[name, &sorted.join(" ")]),
        kind,
        goals: views.iter().map(|view| view.id.clone()).collect(),
        content,
        shared,
        choices,
        fits_at,
    }
}

/// Ends a conflict by one of its choices; always the least important of its goals gives way.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolve {
    /// Id of the conflict.
    conflict: String,
    /// `extend`, `lower`, `pause` or `accept`.
    choice: Choice,
}

/// What became of the goals.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Resolved {
    /// The conflict.
    id: String,
    adjusted: Vec<Changed>,
    project: String,
    position: Position,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Changed {
    id: String,
    version: i64,
    title: String,
    goal: Goal,
}

impl Operation for Resolve {
    const TOOL: &'static str = "goals";
    const NAME: &'static str = "resolve";
    const EFFECT: Effect = Effect::Write;
    type Result = Resolved;

    async fn call(self, call: &Call) -> Result<Resolved, Error> {
        let goals = Goals::read(call).await?;
        let conflict = conflicts(call, &goals).await?.into_iter().find(|one| one.id == self.conflict);
        let conflict = conflict.ok_or_else(|| {
            absent("conflict", "conflict", &self.conflict, std::slice::from_ref(&goals.project))
                .hint("`goals.conflicts` tells those that there are")
        })?;
        if !conflict.choices.contains(&self.choice) {
            return Err(Error::invalid("choice", "that does not end a conflict of this kind"));
        }
        let least = conflict.goals.last().ok_or_else(|| Error::internal("a conflict of no goals"))?;
        let view = goals.find("conflict", least)?;
        let mut adjusted = Adjusted { goal: view.id.clone(), version: view.version, ..Adjusted::default() };
        match self.choice {
            Choice::Extend => adjusted.deadline = conflict.fits_at.max(view.goal.deadline),
            Choice::Lower => adjusted.priority = Some(view.goal.priority.saturating_sub(1)),
            Choice::Pause => adjusted.paused = true,
            Choice::Accept => adjusted.accepted = true,
        }
        let command = json!({"conflict": conflict.id, "goals": conflict.goals, "adjusted": [adjusted]});
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        let id = ids::short("conflict-", &["hours", &example_id()]);
        let arguments = json!({"conflict": id, "choice": "accept", "event_id": "example-goal-resolved"});
        vec![Example { setup: vec![set_up(), task_of()], arguments }]
    }
}
