//! Goals read: one, all, as a tree.

use athena_ingest::goals::{FOCUS, Focus, Status};
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Goals, View, example_id, set_up, task_of};
use crate::operations::records::{of_kind, page};
use crate::operations::{paging, tasks};
use crate::registry::{Call, Effect, Example, Operation};

/// A goal with its tasks, the goals below it, and how far it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Get {
    /// Id of the goal.
    goal: String,
}

/// A goal.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Got {
    #[serde(flatten)]
    goal: View,
    /// From 0 to 1: by its own value, else the mean of its tasks and of the goals below; null without any.
    progress: Option<f64>,
    reason: Option<String>,
    tasks: Vec<tasks::View>,
    /// The goals below.
    parts: Vec<View>,
    /// Agents, or sessions, that have it in hand.
    in_hand: usize,
    project: String,
}

impl Operation for Get {
    const TOOL: &'static str = "goals";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = Got;

    async fn call(self, call: &Call) -> Result<Got, Error> {
        let goals = Goals::read(call).await?;
        let goal = goals.find("goal", &self.goal)?.clone();
        let progress = goals.progress().get(goal.id.as_str()).copied().flatten();
        let focused = of_kind(&call.app, &goals.scope, FOCUS).await?;
        let focused = focused.iter().map(|focus| focus.body::<Focus>()).collect::<Result<Vec<_>, _>>()?;
        Ok(Got {
            progress,
            reason: progress.is_none().then(|| "it has no value, no tasks and no goals below".into()),
            tasks: goals.tasks_of(&goal.id).take(paging::MOST).cloned().collect(),
            parts: goals.children(&goal.id).take(paging::MOST).cloned().collect(),
            in_hand: focused.iter().filter(|focus| focus.goal == goal.id).count(),
            goal,
            project: goals.project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up(), task_of()], arguments: json!({"goal": example_id()}) }]
    }
}

/// Goals, the most important first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct List {
    /// Whether only those that are open, or only those that are not.
    active: Option<bool>,
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Goals.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listed {
    items: Vec<View>,
    next_cursor: Option<String>,
    project: String,
}

impl Operation for List {
    const TOOL: &'static str = "goals";
    const NAME: &'static str = "list";
    const EFFECT: Effect = Effect::Read;
    type Result = Listed;

    async fn call(self, call: &Call) -> Result<Listed, Error> {
        let limit = paging::limit(self.limit)?;
        let goals = Goals::read(call).await?;
        let mut all = goals.all;
        all.retain(|view| self.active.is_none_or(|active| active == (view.goal.status == Status::Open)));
        all.sort_by_key(|view| std::cmp::Reverse(view.goal.priority));
        let (items, next_cursor) = page(all, limit, self.cursor.as_deref())?;
        Ok(Listed { items, next_cursor, project: goals.project })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![set_up()], arguments: json!({}) },
            Example { setup: vec![set_up()], arguments: json!({"active": true}) },
        ]
    }
}

/// The goals below one, or all, each under the one that it is a part of, with how far it is.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Tree")]
pub struct TreeOf {
    /// Id of the goal to begin at; all when not said.
    goal: Option<String>,
    /// At most so many; 200 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Goals in the order of the tree.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Branches {
    items: Vec<Branch>,
    next_cursor: Option<String>,
    project: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Branch {
    #[serde(flatten)]
    goal: View,
    /// Levels below where the tree begins, from 0.
    depth: usize,
    /// From 0 to 1; null where nothing tells.
    progress: Option<f64>,
    /// How many tasks serve it.
    tasks: usize,
}

impl Operation for TreeOf {
    const TOOL: &'static str = "goals";
    const NAME: &'static str = "tree";
    const EFFECT: Effect = Effect::Read;
    type Result = Branches;

    async fn call(self, call: &Call) -> Result<Branches, Error> {
        let limit = paging::limit(Some(self.limit.unwrap_or(200)))?;
        let goals = Goals::read(call).await?;
        let roots: Vec<&View> = match &self.goal {
            Some(goal) => vec![goals.find("goal", goal)?],
            None => goals.all.iter().filter(|view| view.goal.parent.is_none()).collect(),
        };
        let progress = goals.progress();
        let mut left: Vec<(usize, &View)> = roots.into_iter().rev().map(|root| (0, root)).collect();
        let mut all = Vec::new();
        while let Some((depth, goal)) = left.pop() {
            let below: Vec<&View> = goals.children(&goal.id).collect();
            left.extend(below.into_iter().rev().map(|one| (depth + 1, one)));
            all.push((depth, goal));
        }
        let (shown, next_cursor) = page(all, limit, self.cursor.as_deref())?;
        let branch = |(depth, goal): (usize, &View)| Branch {
            goal: goal.clone(),
            depth,
            progress: progress.get(goal.id.as_str()).copied().flatten(),
            tasks: goals.tasks_of(&goal.id).count(),
        };
        let items = shown.into_iter().map(branch).collect();
        Ok(Branches { items, next_cursor, project: goals.project.clone() })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![set_up(), task_of()], arguments: json!({}) },
            Example { setup: vec![set_up()], arguments: json!({"goal": example_id()}) },
        ]
    }
}
