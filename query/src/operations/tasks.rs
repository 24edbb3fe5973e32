//! Tool `tasks`: what is to be done, by whom, after what.

mod next;
mod read;
mod standing;
mod verify;
mod work;

use std::collections::HashMap;

use athena_ingest::records::id_of;
use athena_ingest::tasks::{Clear, Dependence, Milestone, Status, TASK, Task};
use athena_schemas::{Error, Position, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::records::{Found, answered, of_kind, one_project};
use super::rows::absent;
use crate::registry::{Call, Effect, Example, Operation, Registry, Step};
use crate::{App, time_args};

pub fn register(registry: &mut Registry) {
    registry.add::<Create>();
    registry.add::<read::Get>();
    registry.add::<read::List>();
    registry.add::<Update>();
    registry.add::<work::Start>();
    registry.add::<work::Progress>();
    registry.add::<work::Block>();
    registry.add::<work::Complete>();
    registry.add::<work::Cancel>();
    registry.add::<verify::Verify>();
    registry.add::<Depend>();
    registry.add::<Assign>();
    registry.add::<work::MilestoneOf>();
    registry.add::<next::Next>();
    registry.add::<standing::Health>();
    registry.add::<read::Board>();
}

/// A task as it is now.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct View {
    pub id: String,
    pub title: String,
    /// Where it stands, in a line.
    pub content: String,
    pub version: i64,
    #[serde(flatten)]
    pub task: Task,
}

impl View {
    pub fn new(id: String, title: String, version: i64, task: Task) -> Self {
        let mut content = format!("{} · priority {}", task.status, task.priority);
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                content.push_str(&format!(" · {name} {value}"));
            }
        };
        add("due", task.due.map(|due| due.to_string()));
        add("of", task.assignee.clone());
        add("for", task.goal.clone());
        add("why:", task.why.clone());
        add("lesson:", task.lesson.clone());
        Self { id, title, content, version, task }
    }

    fn of(found: &Found) -> Result<Self, Error> {
        let title = found.name.clone().unwrap_or_default();
        Ok(Self::new(found.id.clone(), title, found.version, found.body()?))
    }
}

/// All tasks of a project.
pub struct Tasks {
    pub all: Vec<View>,
    by_id: HashMap<String, usize>,
}

impl Tasks {
    /// # Errors
    /// Storage; more of them than can be looked at.
    pub async fn read(app: &App, scope: &Scope) -> Result<Self, Error> {
        let found = of_kind(app, scope, TASK).await?;
        Ok(Self::of(found.iter().map(View::of).collect::<Result<_, _>>()?))
    }

    pub fn of(all: Vec<View>) -> Self {
        let by_id = all.iter().enumerate().map(|(at, view)| (view.id.clone(), at)).collect();
        Self { all, by_id }
    }

    pub fn get(&self, id: &str) -> Option<&View> {
        self.by_id.get(id).map(|at| &self.all[*at])
    }

    /// What a task waits for, and is not over.
    pub fn waits_for<'t>(&'t self, task: &'t Task) -> impl Iterator<Item = &'t View> {
        task.needs.iter().filter_map(|id| self.get(id)).filter(|need| !need.task.status.is_over())
    }
}

/// The task of an id.
pub async fn find(call: &Call, scope: &Scope, project: &str, id: &str) -> Result<View, Error> {
    let found = super::records::by_id(&call.app, scope, &[id.to_owned()]).await?.pop();
    let found = found.filter(|found| found.id.starts_with("task-"));
    let found = found.ok_or_else(|| absent("task", "task", id, &[project.to_owned()]))?;
    View::of(&found)
}

/// A task as a write left it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Changed {
    id: String,
    version: i64,
    title: String,
    task: Task,
    /// Tasks that wait for nothing any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    unblocks: Option<Vec<Titled>>,
    /// Milestones that were reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    reached: Option<Vec<Milestone>>,
    /// Checks that no event has passed yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Vec<String>>,
    /// The milestone that was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    milestone: Option<Milestone>,
    project: String,
    position: Position,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Titled {
    pub id: String,
    pub title: String,
}

/// What a command on a task answered.
#[derive(Deserialize)]
struct Answer {
    id: String,
    version: i64,
    title: String,
    task: Task,
    unblocks: Option<Vec<Titled>>,
    reached: Option<Vec<Milestone>>,
    missing: Option<Vec<String>>,
    milestone: Option<Milestone>,
    project: String,
    position: Position,
}

async fn changed(call: &Call, command: &impl Serialize) -> Result<Changed, Error> {
    let answer: Answer = answered(call.command(command).await?)?;
    let Answer { id, version, title, task, unblocks, reached, missing, milestone, project, position } =
        answer;
    Ok(Changed { id, version, title, task, unblocks, reached, missing, milestone, project, position })
}

fn stretch(field: &str, given: Option<&str>) -> Result<Option<i64>, Error> {
    given.map(|text| time_args::seconds(field, text)).transpose()
}

fn ahead(field: &str, given: Option<&str>) -> Result<Option<Time>, Error> {
    given.map(|text| time_args::ahead(field, text, Time::now())).transpose()
}

/// Makes a task: something to be done, by when, for which goal, after which others.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Create {
    /// What is to be done, in a line.
    title: String,
    /// From 0 to 10, the most important; 5 when not said.
    #[serde(default)]
    #[schemars(range(max = 10))]
    priority: Option<u8>,
    /// By when: RFC 3339, or how long from now, such as `2d`.
    #[serde(default)]
    due: Option<String>,
    /// Id of the goal that it serves.
    #[serde(default)]
    goal: Option<String>,
    /// Ids of tasks that must be over first.
    #[serde(default)]
    depends_on: Vec<String>,
    /// How long it should take, such as `2h`.
    #[serde(default)]
    estimate: Option<String>,
    /// What must be seen to hold in the end, such as a command that must succeed.
    #[serde(default)]
    checks: Vec<String>,
}

impl Operation for Create {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "create";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        let command = json!({"title": self.title, "priority": self.priority, "due": ahead("due", self.due.as_deref())?,
                             "goal": self.goal, "depends_on": self.depends_on, "checks": self.checks,
                             "estimate_s": stretch("estimate", self.estimate.as_deref())?});
        changed(call, &command).await
    }

    fn examples() -> Vec<Example> {
        let after = json!({"title": "Ship the cart", "depends_on": [example_id()], "priority": 7});
        vec![
            Example { setup: vec![], arguments: created() },
            Example { setup: vec![set_up()], arguments: after },
        ]
    }
}

/// Changes what a task says. `assignee` hands it over; an empty text gives it back, and takes away `due`, `goal` and
/// `estimate` where it stands for them. `reopen` takes a blocked or failed one up again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Update {
    /// Id of the task.
    task: String,
    /// What is to be done.
    #[serde(default)]
    title: Option<String>,
    /// From 0 to 10, the most important.
    #[serde(default)]
    #[schemars(range(max = 10))]
    priority: Option<u8>,
    /// By when; an empty text for no such time.
    #[serde(default)]
    due: Option<String>,
    /// Id of the goal that it serves; an empty text for none.
    #[serde(default)]
    goal: Option<String>,
    /// How long it should take; an empty text where nobody can say.
    #[serde(default)]
    estimate: Option<String>,
    /// All checks; one with the text of an old one keeps what passed it.
    #[serde(default)]
    checks: Option<Vec<String>>,
    /// Who has it from now on; an empty text for nobody.
    #[serde(default)]
    assignee: Option<String>,
    /// Whether it is open again.
    #[serde(default)]
    reopen: bool,
    /// The version that was read: if it is not the newest any more, nothing is changed.
    #[serde(default)]
    version: Option<i64>,
}

impl Operation for Update {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "update";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        self.changes()?;
        let may_go = [(&self.due, Clear::Due), (&self.goal, Clear::Goal), (&self.estimate, Clear::Estimate)];
        let goes = |given: &Option<String>| given.as_deref().is_some_and(|text| text.trim().is_empty());
        let clear: Vec<Clear> =
            may_go.into_iter().filter(|(given, _)| goes(given)).map(|(_, what)| what).collect();
        let said = |given: Option<String>| given.filter(|text| !text.trim().is_empty());
        let (due, estimate) = (said(self.due), said(self.estimate));
        let command = json!({"task": self.task, "title": self.title, "priority": self.priority, "clear": clear,
                             "goal": said(self.goal), "due": ahead("due", due.as_deref())?, "checks": self.checks,
                             "estimate_s": stretch("estimate", estimate.as_deref())?,
                             "assignee": self.assignee, "reopen": self.reopen, "version": self.version});
        changed(call, &command).await
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"task": example_id(), "priority": 9, "due": "2d"});
        vec![Example { setup: vec![set_up()], arguments }]
    }
}

impl Update {
    /// # Errors
    /// That nothing is given.
    fn changes(&self) -> Result<(), Error> {
        let texts = [&self.title, &self.due, &self.goal, &self.estimate, &self.assignee];
        let some = texts.into_iter().any(Option::is_some) || self.priority.is_some() || self.checks.is_some();
        match some || self.reopen {
            true => Ok(()),
            false => Err(Error::invalid("title", "there is nothing to change")
                .hint("an empty text takes away due, goal, estimate and assignee")),
        }
    }
}

/// Says that a task must wait for another, or has to do with it. What would make tasks wait for each other in a circle
/// is refused, and the circle named.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Depend {
    /// Id of the task that waits.
    task: String,
    /// Id of the task that it waits for.
    on: String,
    /// `needs`: the other must be over first; `relates`: no order.
    kind: Dependence,
}

impl Operation for Depend {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "depend";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        changed(call, &self).await
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"task": other_id(), "on": example_id(), "kind": "needs"});
        vec![Example { setup: vec![set_up(), second()], arguments }]
    }
}

/// Claims a task for an agent: of several who ask at once one gets it, and the others are told whose it is.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Assign {
    /// Id of the task.
    task: String,
    /// Who is to have it.
    agent: String,
}

impl Operation for Assign {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "assign";
    const EFFECT: Effect = Effect::Write;
    type Result = Changed;

    async fn call(self, call: &Call) -> Result<Changed, Error> {
        changed(call, &self).await
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({"task": example_id(), "agent": "ann"}) }]
    }
}

/// The example that the others are about; its id follows from its `event_id`.
fn created() -> Value {
    json!({"title": "Repair the total of the cart", "priority": 8, "estimate": "2h", "checks": ["cargo test cart"],
           "event_id": "example-task-1"})
}

pub fn set_up() -> Step {
    Step { tool: "tasks", operation: "create", arguments: created() }
}

fn second() -> Step {
    let arguments = json!({"title": "Release the shop", "event_id": "example-task-2"});
    Step { tool: "tasks", operation: "create", arguments }
}

pub fn example_id() -> String {
    id_of(TASK, "example-task-1")
}

fn other_id() -> String {
    id_of(TASK, "example-task-2")
}

/// Tasks that somebody may still do something about.
pub async fn open_tasks(app: &App, scope: &Scope) -> Result<Vec<View>, Error> {
    let mut all = Tasks::read(app, scope).await?.all;
    all.retain(|view| matches!(view.task.status, Status::Open | Status::Active | Status::Blocked));
    // What is at work first, then by importance.
    all.sort_by_key(|view| (view.task.status != Status::Active, std::cmp::Reverse(view.task.priority)));
    Ok(all)
}

/// The project and its tasks.
async fn read_all(call: &Call) -> Result<(String, Scope, Tasks), Error> {
    let (project, scope) = one_project(call).await?;
    let tasks = Tasks::read(&call.app, &scope).await?;
    Ok((project, scope, tasks))
}
