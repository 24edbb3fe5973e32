//! Tool `goals`: what the tasks are for.

mod conflicts;
mod order;
mod read;
mod switches;

use std::collections::{HashMap, HashSet};

use athena_ingest::goals::{GOAL, Goal, Measure};
use athena_ingest::records::id_of;
use athena_schemas::{Error, Position, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::records::{Found, answered, of_kind, one_project};
use super::rows::absent;
use super::tasks::Tasks;
use crate::registry::{Call, Effect, Example, Operation, Registry, Step};
use crate::time_args;

pub use switches::{AllSwitches, switches};

pub fn register(registry: &mut Registry) {
    registry.add::<Set>();
    registry.add::<read::Get>();
    registry.add::<read::List>();
    registry.add::<switches::Activate>();
    registry.add::<Progress>();
    registry.add::<Complete>();
    registry.add::<Abandon>();
    registry.add::<order::Rank>();
    registry.add::<order::Next>();
    registry.add::<conflicts::Conflicts>();
    registry.add::<conflicts::Resolve>();
    registry.add::<read::TreeOf>();
}

/// A goal as it is now.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct View {
    pub id: String,
    pub title: String,
    /// Where it stands, in a line.
    pub content: String,
    pub version: i64,
    #[serde(flatten)]
    pub goal: Goal,
}

impl View {
    fn new(id: String, title: String, version: i64, goal: Goal) -> Self {
        let mut content = format!("{} · priority {}", goal.status.name(), goal.priority);
        if let Some(deadline) = goal.deadline {
            content.push_str(&format!(" · until {deadline}"));
        }
        if let Some(progress) = goal.progress() {
            content.push_str(&format!(" · {:.0} %", progress * 100.0));
        }
        Self { id, title, content, version, goal }
    }

    fn of(found: &Found) -> Result<Self, Error> {
        let title = found.name.clone().unwrap_or_default();
        Ok(Self::new(found.id.clone(), title, found.version, found.body()?))
    }
}

/// All goals of a project, and its tasks.
pub struct Goals {
    pub project: String,
    pub scope: Scope,
    pub all: Vec<View>,
    pub tasks: Tasks,
}

impl Goals {
    /// # Errors
    /// Storage; more of them than can be looked at.
    pub async fn read(call: &Call) -> Result<Self, Error> {
        let (project, scope) = one_project(call).await?;
        let goals = of_kind(&call.app, &scope, GOAL).await?;
        let all = goals.iter().map(View::of).collect::<Result<_, _>>()?;
        let tasks = Tasks::read(&call.app, &scope).await?;
        Ok(Self { project, scope, all, tasks })
    }

    /// # Errors
    /// `not_found`.
    pub fn find(&self, argument: &str, id: &str) -> Result<&View, Error> {
        let found = self.all.iter().find(|goal| goal.id == id);
        found.ok_or_else(|| absent("goal", argument, id, std::slice::from_ref(&self.project)))
    }

    fn open(&self) -> impl Iterator<Item = &View> {
        self.all.iter().filter(|view| view.goal.status == athena_ingest::goals::Status::Open)
    }

    fn children(&self, id: &str) -> impl Iterator<Item = &View> {
        self.all.iter().filter(move |goal| goal.goal.parent.as_deref() == Some(id))
    }

    fn tasks_of<'g>(&'g self, id: &'g str) -> impl Iterator<Item = &'g super::tasks::View> {
        self.tasks.all.iter().filter(move |view| view.task.goal.as_deref() == Some(id))
    }

    /// A goal, and the open goals below it, however deep.
    pub fn with_below<'g>(&'g self, id: &'g str) -> HashSet<&'g str> {
        let (mut tree, mut left) = (HashSet::from([id]), vec![id]);
        while let Some(id) = left.pop() {
            let below = self.open().filter(|view| view.goal.parent.as_deref() == Some(id));
            left.extend(below.map(|view| view.id.as_str()).filter(|id| tree.insert(*id)));
        }
        tree
    }

    /// The tasks that serve one of these goals.
    pub fn tasks_within<'g>(&'g self, tree: &HashSet<&str>) -> impl Iterator<Item = &'g super::tasks::View> {
        let serves =
            |view: &&super::tasks::View| view.task.goal.as_deref().is_some_and(|goal| tree.contains(goal));
        self.tasks.all.iter().filter(serves)
    }

    /// How far each goal is: by its own value, else the mean of its tasks and of the goals below it.
    fn progress(&self) -> HashMap<&str, Option<f64>> {
        use athena_ingest::goals::Status;
        let mut parts: HashMap<&str, Vec<f64>> = HashMap::new();
        for view in &self.tasks.all {
            let cancelled = view.task.status == athena_ingest::tasks::Status::Cancelled;
            if let (Some(goal), false) = (view.task.goal.as_deref(), cancelled) {
                parts.entry(goal).or_default().push(view.task.progress);
            }
        }
        let mut progress = HashMap::new();
        // Goals are made after those above them, so that going backwards has the parts first.
        let mut all: Vec<&View> = self.all.iter().collect();
        all.sort_by_key(|view| std::cmp::Reverse(view.goal.created_at));
        for view in all {
            let own = view.goal.progress().or_else(|| {
                let parts = parts.get(view.id.as_str()).filter(|parts| !parts.is_empty())?;
                Some(parts.iter().sum::<f64>() / parts.len() as f64)
            });
            if let (Some(parent), true) = (view.goal.parent.as_deref(), view.goal.status != Status::Abandoned)
            {
                parts.entry(parent).or_default().push(own.unwrap_or(0.0));
            }
            progress.insert(view.id.as_str(), own);
        }
        progress
    }
}

/// A goal as a write left it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Changed {
    id: String,
    version: i64,
    title: String,
    goal: Goal,
    /// The goal that was in hand before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    project: String,
    position: Position,
}

/// Sets a goal: what is to be reached, by when, and by what it is seen how far it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Set {
    /// What is to be reached, in a line.
    title: String,
    /// Id of the goal that it is a part of.
    #[serde(default)]
    parent: Option<String>,
    /// From 0 to 10, the most important; 5 when not said.
    #[serde(default)]
    #[schemars(range(max = 10))]
    priority: Option<u8>,
    /// By when: RFC 3339, or how long from now, such as `14d`.
    #[serde(default)]
    deadline: Option<String>,
    /// What is measured, from where to where; without it a value from 0 to 1.
    #[serde(default)]
    measure: Option<Measure>,
}

impl Operation for Set {
    const TOOL: &'static str = "goals";
    const NAME: &'static str = "set";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        let deadline = self.deadline.as_deref();
        let deadline = deadline.map(|text| time_args::ahead("deadline", text, Time::now())).transpose()?;
        let command = json!({"title": self.title, "parent": self.parent, "priority": self.priority,
                             "deadline": deadline, "measure": self.measure});
        answered(call.command(&command).await?)
    }

    fn examples() -> Vec<Example> {
        let part = json!({"title": "The cart is tested", "parent": example_id(),
                          "measure": {"what": "coverage in %", "from": 40, "target": 90}});
        vec![
            Example { setup: vec![], arguments: created() },
            Example { setup: vec![set_up()], arguments: part },
        ]
    }
}

/// Tells how far a goal is: the value of its measure, or without one from 0 to 1.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Progress {
    /// Id of the goal.
    goal: String,
    /// What is measured now.
    value: f64,
}

impl Operation for Progress {
    const TOOL: &'static str = "goals";
    const NAME: &'static str = "progress";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({"goal": example_id(), "value": 0.4}) }]
    }
}

/// Says that a goal is reached, and how it came out.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Complete {
    /// Id of the goal.
    goal: String,
    /// How it came out.
    outcome: String,
}

impl Operation for Complete {
    const TOOL: &'static str = "goals";
    const NAME: &'static str = "complete";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let (goal, id) = own("example-goal-complete");
        let arguments = json!({"goal": id, "outcome": "success", "event_id": "example-goal-completed"});
        vec![Example { setup: vec![goal], arguments }]
    }
}

/// Gives a goal up, and says why. Its tasks and its history stay.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Abandon {
    /// Id of the goal.
    goal: String,
    /// Why it is given up.
    why: String,
}

impl Operation for Abandon {
    const TOOL: &'static str = "goals";
    const NAME: &'static str = "abandon";
    const EFFECT: Effect = Effect::Remove;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let (goal, id) = own("example-goal-abandon");
        let arguments =
            json!({"goal": id, "why": "Nobody asks for it", "event_id": "example-goal-abandoned"});
        vec![Example { setup: vec![goal], arguments }]
    }
}

fn own(event_id: &'static str) -> (Step, String) {
    let arguments = json!({"title": "Gift cards", "event_id": event_id});
    (Step { tool: "goals", operation: "set", arguments }, id_of(GOAL, event_id))
}

/// The example that the others are about; its id follows from its `event_id`.
fn created() -> Value {
    json!({"title": "A shop that adds up", "priority": 8, "deadline": "30d", "event_id": "example-goal-1"})
}

fn set_up() -> Step {
    Step { tool: "goals", operation: "set", arguments: created() }
}

fn example_id() -> String {
    id_of(GOAL, "example-goal-1")
}

/// A task of the example's goal, that takes longer than there is time.
fn task_of() -> Step {
    let arguments = json!({"title": "Write the ledger anew", "goal": example_id(), "estimate": "52w",
                           "event_id": "example-goal-task"});
    Step { tool: "tasks", operation: "create", arguments }
}
