//! Which goal first, and why.

use std::collections::HashSet;

use athena_ingest::tasks::Status;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Goals, View, set_up, task_of};
use crate::operations::paging;
use crate::operations::tasks::Titled;
use crate::registry::{Call, Effect, Example, Operation};

const DAY_MICROS: f64 = 86_400e6;
/// Goals whose tasks wait for those of one, from which more of them count no more.
const MANY: f64 = 3.0;

/// Open goals by importance, time left, how far they are, and whether other goals' tasks wait for theirs.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rank {
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Whether what each score is the sum of is told; true when not said. A shared argument,
    /// which lists do not repeat.
    #[schemars(skip)]
    explain: Option<bool>,
}

/// Goals, the first first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Ranked {
    items: Vec<Placed>,
    /// Why there are none.
    reason: Option<String>,
    project: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Placed {
    #[serde(flatten)]
    goal: View,
    score: f64,
    /// What it was weighed by.
    why: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<Parts>,
}

/// What a score is the sum of.
#[derive(Debug, Clone, Copy, Default, Serialize, JsonSchema)]
struct Parts {
    priority: f64,
    deadline: f64,
    progress: f64,
    dependencies: f64,
}

impl Operation for Rank {
    const TOOL: &'static str = "goals";
    const NAME: &'static str = "rank";
    const EFFECT: Effect = Effect::Read;
    type Result = Ranked;

    async fn call(self, call: &Call) -> Result<Ranked, Error> {
        let limit = paging::limit(self.limit)?;
        let goals = Goals::read(call).await?;
        let mut items = rank(&goals, Time::now());
        items.truncate(limit);
        if self.explain == Some(false) {
            items.iter_mut().for_each(|item| item.parts = None);
        }
        let reason = items.is_empty().then(|| "no goal is open".into());
        Ok(Ranked { items, reason, project: goals.project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up(), task_of()], arguments: json!({}) }]
    }
}

/// The goal to take up: the first in rank of which something can be done now, with what, and why. What can be done for an
/// open goal below it can be done for it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Next {
    /// Whether what its score is the sum of is told; true when not said. A shared argument,
    /// which lists do not repeat.
    #[schemars(skip)]
    explain: Option<bool>,
}

/// A goal to take up.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Chosen {
    goal: Option<Placed>,
    /// What can be done for it now.
    tasks: Vec<Titled>,
    /// Goals that come first, but of which nothing can be done now.
    passed_over: Vec<Titled>,
    /// Why there is none.
    reason: Option<String>,
    project: String,
}

impl Operation for Next {
    const TOOL: &'static str = "goals";
    const NAME: &'static str = "next";
    const EFFECT: Effect = Effect::Read;
    type Result = Chosen;

    async fn call(self, call: &Call) -> Result<Chosen, Error> {
        let goals = Goals::read(call).await?;
        let mut passed_over = Vec::new();
        for mut placed in rank(&goals, Time::now()) {
            let titled = |id: &str, title: &str| Titled { id: id.to_owned(), title: title.to_owned() };
            let tree = goals.with_below(&placed.goal.id);
            let left: Vec<_> = goals.tasks_within(&tree).filter(|view| !view.task.status.is_over()).collect();
            let can: Vec<Titled> = left
                .iter()
                .filter(|view| match view.task.status {
                    Status::Open => goals.tasks.waits_for(&view.task).next().is_none(),
                    status => status == Status::Active,
                })
                .map(|view| titled(&view.id, &view.title))
                .collect();
            if can.is_empty() && !left.is_empty() {
                passed_over.push(titled(&placed.goal.id, &placed.goal.title));
                continue;
            }
            placed.parts = placed.parts.filter(|_| self.explain != Some(false));
            placed.why.push(match can.len() {
                0 => {
                    "it has no tasks left: say what is to be done (`tasks.create`, `planning.create`)".into()
                }
                some => format!("{some} tasks can be done now"),
            });
            return Ok(Chosen {
                goal: Some(placed),
                tasks: can,
                passed_over,
                reason: None,
                project: goals.project,
            });
        }
        let reason = match passed_over.is_empty() {
            true => "no goal is open",
            false => "all that is left for the open goals waits or is blocked",
        };
        Ok(Chosen {
            goal: None,
            tasks: Vec::new(),
            passed_over,
            reason: Some(reason.into()),
            project: goals.project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up(), task_of()], arguments: json!({}) }]
    }
}

fn rank(goals: &Goals, now: Time) -> Vec<Placed> {
    let progress = goals.progress();
    let mut placed: Vec<Placed> = goals
        .open()
        .map(|view| {
            let progress = progress.get(view.id.as_str()).copied().flatten();
            let (parts, why) = weigh(view, progress, waiting(goals, &view.id), now);
            let score = parts.priority + parts.deadline + parts.progress + parts.dependencies;
            Placed { goal: view.clone(), score, why, parts: Some(parts) }
        })
        .collect();
    placed.sort_by(|one, other| {
        other.score.total_cmp(&one.score).then_with(|| one.goal.id.cmp(&other.goal.id))
    });
    placed
}

/// Other goals of which a task waits for one of this goal's, or of the open goals below it.
fn waiting(goals: &Goals, id: &str) -> usize {
    let tree = goals.with_below(id);
    let own = goals.tasks_within(&tree).filter(|view| !view.task.status.is_over());
    let waiting = own.flat_map(|view| &view.task.needed_by).filter_map(|task| goals.tasks.get(task));
    let of = waiting.filter(|view| !view.task.status.is_over()).filter_map(|view| view.task.goal.as_deref());
    of.filter(|goal| !tree.contains(goal)).collect::<HashSet<_>>().len()
}

fn weigh(view: &View, progress: Option<f64>, waiting: usize, now: Time) -> (Parts, Vec<String>) {
    let mut why = vec![format!("priority {} of 10", view.goal.priority)];
    let mut parts = Parts { priority: f64::from(view.goal.priority) / 10.0, ..Parts::default() };
    if let Some(deadline) = view.goal.deadline {
        let days = (deadline.micros() - now.micros()) as f64 / DAY_MICROS;
        parts.deadline = if days <= 0.0 { 1.0 } else { 1.0 / (1.0 + days) };
        why.push(match days <= 0.0 {
            true => format!("past its deadline, {deadline}"),
            false => format!("{days:.1} days to its deadline"),
        });
    }
    if let Some(progress) = progress {
        // What is nearly there is worth finishing.
        parts.progress = 0.25 * progress;
        why.push(format!("{:.0} % done", progress * 100.0));
    }
    if waiting > 0 {
        parts.dependencies = 0.5 * (waiting as f64 / MANY).min(1.0);
        why.push(format!("{waiting} other goals wait for its tasks"));
    }
    (parts, why)
}
