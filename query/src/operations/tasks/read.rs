//! Tasks read: one, some, all by where they stand.

use athena_ingest::tasks::{Status, Task};
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Titled, View, example_id, find, read_all, second, set_up};
use crate::operations::paging;
use crate::operations::records::{one_project, page};
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation};

const HISTORY: &str = include_str!("../../../sql/record_history.sql");

/// Versions that are shown, and tasks of one standing on the board.
const VERSIONS: usize = 50;
const ON_BOARD: usize = 20;

/// A task with all that is known of it: what it waits for, every time that it was worked on, how it came to be so.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Get {
    /// Id of the task.
    task: String,
}

/// A task.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Got {
    #[serde(flatten)]
    task: View,
    /// Tasks that are not over, and that it waits for.
    waits_for: Vec<Titled>,
    /// How long it took, by its last run; null before that has ended.
    took_ms: Option<i64>,
    /// Its versions, the newest first.
    history: Vec<Version>,
    project: String,
}

/// What a version said.
#[derive(Debug, Serialize, JsonSchema)]
struct Version {
    version: i64,
    time: Option<String>,
    status: Status,
    progress: f64,
    assignee: Option<String>,
    agent: Option<String>,
    actor: Option<String>,
}

impl Operation for Get {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = Got;

    async fn call(self, call: &Call) -> Result<Got, Error> {
        let (project, scope) = one_project(call).await?;
        let task = find(call, &scope, &project, &self.task).await?;
        let needs = crate::operations::records::by_id(&call.app, &scope, &task.task.needs).await?;
        let needs = needs.iter().map(View::of).collect::<Result<Vec<_>, _>>()?;
        let open = needs.into_iter().filter(|need| !need.task.status.is_over());
        let given = [json!(self.task), json!(VERSIONS)];
        let rows = objects(&call.app, &scope, HISTORY, &given, VERSIONS).await?;
        let text = |row: &serde_json::Map<String, Value>, name: &str| {
            row.get(name).and_then(Value::as_str).map(str::to_owned)
        };
        let history = rows.iter().map(|row| {
            let body: Task = serde_json::from_str(&text(row, "body").unwrap_or_default()).unwrap_or_default();
            Version {
                version: row.get("version").and_then(Value::as_i64).unwrap_or_default(),
                time: text(row, "recorded_at"),
                status: body.status,
                progress: body.progress,
                assignee: body.assignee,
                agent: text(row, "agent"),
                actor: text(row, "actor"),
            }
        });
        Ok(Got {
            waits_for: open.map(|need| Titled { id: need.id, title: need.title }).collect(),
            took_ms: task.task.took_ms(),
            history: history.collect(),
            task,
            project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({"task": example_id()}) }]
    }
}

/// Tasks by where they stand, whose they are, which goal they serve, or past their time; the most important first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct List {
    /// `open`, `active`, `blocked`, `done`, `failed` or `cancelled`.
    status: Option<Status>,
    /// Whose they are.
    assignee: Option<String>,
    /// Id of a goal.
    goal: Option<String>,
    /// Whether only those past their time.
    overdue: bool,
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Tasks.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listed {
    items: Vec<View>,
    next_cursor: Option<String>,
    project: String,
}

impl Operation for List {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "list";
    const EFFECT: Effect = Effect::Read;
    type Result = Listed;

    async fn call(self, call: &Call) -> Result<Listed, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, _, tasks) = read_all(call).await?;
        let now = Time::now();
        let mut all = tasks.all;
        all.retain(|View { task, .. }| {
            self.status.is_none_or(|status| task.status == status)
                && (self.assignee.is_none() || task.assignee == self.assignee)
                && (self.goal.is_none() || task.goal == self.goal)
                && (!self.overdue || is_late(task, now))
        });
        all.sort_by_key(|view| std::cmp::Reverse(view.task.priority));
        let (items, next_cursor) = page(all, limit, self.cursor.as_deref())?;
        Ok(Listed { items, next_cursor, project })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![set_up(), second()], arguments: json!({"status": "open"}) },
            Example { setup: vec![set_up()], arguments: json!({"overdue": true}) },
        ]
    }
}

pub fn is_late(task: &Task, now: Time) -> bool {
    !task.status.is_over() && task.due.is_some_and(|due| due < now)
}

/// Every standing with how many tasks have it, and the most important of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Board {}

/// Columns of tasks.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Columns {
    /// How many tasks there are.
    count: usize,
    items: Vec<Column>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Column {
    status: Status,
    count: usize,
    /// Of open ones, how many wait for others.
    waiting: usize,
    /// The most important, at most 20.
    tasks: Vec<Titled>,
}

impl Operation for Board {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "board";
    const EFFECT: Effect = Effect::Read;
    type Result = Columns;

    async fn call(self, call: &Call) -> Result<Columns, Error> {
        let (project, _, tasks) = read_all(call).await?;
        let column = |status: Status| {
            let mut of: Vec<&View> = tasks.all.iter().filter(|view| view.task.status == status).collect();
            of.sort_by_key(|view| std::cmp::Reverse(view.task.priority));
            let waits =
                |view: &&&View| status == Status::Open && tasks.waits_for(&view.task).next().is_some();
            let titled = |view: &&View| Titled { id: view.id.clone(), title: view.title.clone() };
            Column {
                status,
                count: of.len(),
                waiting: of.iter().filter(waits).count(),
                tasks: of.iter().take(ON_BOARD).map(titled).collect(),
            }
        };
        let items = Status::ALL.into_iter().map(column).collect();
        Ok(Columns { count: tasks.all.len(), items, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up(), second()], arguments: json!({}) }]
    }
}
