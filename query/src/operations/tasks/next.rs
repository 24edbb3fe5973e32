//! What to do now, and why.

use std::collections::{HashMap, HashSet};

use athena_ingest::goals::{GOAL, Goal};
use athena_ingest::tasks::Status;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Tasks, View, read_all, second, set_up};
use crate::operations::paging;
use crate::operations::records::of_kind;
use crate::registry::{Call, Effect, Example, Operation};

const DAY_MICROS: f64 = 86_400e6;
/// Tasks that wait for one, from which more of them count no more.
const MANY: f64 = 5.0;

/// What to do now: tasks that wait for nothing and are nobody else's, the best first, each with why. Weighed are
/// importance, time left, the goal, what waits for it, how short it is, and whether it is begun.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Next {
    /// At most so many; 5 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Whether what each score is the sum of is told; true when not said. A shared argument,
    /// which lists do not repeat.
    #[schemars(skip)]
    explain: Option<bool>,
}

/// Tasks, the best first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Chosen {
    items: Vec<Choice>,
    /// Why there are none.
    reason: Option<String>,
    project: String,
}

/// A task that can be done now.
#[derive(Debug, Serialize, JsonSchema)]
struct Choice {
    #[serde(flatten)]
    task: View,
    score: f64,
    /// What it was weighed by.
    why: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<Parts>,
}

/// What a score is the sum of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, JsonSchema)]
struct Parts {
    priority: f64,
    due: f64,
    goal: f64,
    unblocks: f64,
    estimate: f64,
    begun: f64,
}

impl Parts {
    fn sum(&self) -> f64 {
        self.priority + self.due + self.goal + self.unblocks + self.estimate + self.begun
    }
}

impl Operation for Next {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "next";
    const EFFECT: Effect = Effect::Read;
    type Result = Chosen;

    async fn call(self, call: &Call) -> Result<Chosen, Error> {
        let limit = paging::limit(Some(self.limit.unwrap_or(5)))?;
        let (project, scope, tasks) = read_all(call).await?;
        let goals = of_kind(&call.app, &scope, GOAL).await?;
        let goals = goals
            .into_iter()
            .map(|goal| Ok((goal.id.clone(), (goal.name.clone().unwrap_or_default(), goal.body()?))));
        let goals: HashMap<String, (String, Goal)> = goals.collect::<Result<_, Error>>()?;
        let mut items = choose(&tasks, &goals, call.shared.agent.as_deref(), Time::now(), limit);
        let reason = items.is_empty().then(|| none(&tasks, call.shared.agent.as_deref()));
        if self.explain == Some(false) {
            items.iter_mut().for_each(|item| item.parts = None);
        }
        Ok(Chosen { items, reason, project })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![set_up(), second()], arguments: json!({}) },
            Example { setup: vec![set_up()], arguments: json!({"agent": "ann", "limit": 1}) },
        ]
    }
}

/// Why there is nothing to do.
fn none(tasks: &Tasks, agent: Option<&str>) -> String {
    let count = |of: &dyn Fn(&View) -> bool| tasks.all.iter().filter(|view| of(view)).count();
    let left = count(&|view| !view.task.status.is_over());
    if left == 0 {
        return "there is no task left to do".into();
    }
    let blocked = count(&|view| matches!(view.task.status, Status::Blocked | Status::Failed));
    let waiting =
        count(&|view| view.task.status == Status::Open && tasks.waits_for(&view.task).next().is_some());
    let others = count(&|view| !view.task.status.is_over() && !free(view, agent));
    format!(
        "of {left} tasks left {waiting} wait for others, {blocked} are blocked or failed, {others} are somebody's"
    )
}

fn free(view: &View, agent: Option<&str>) -> bool {
    let has = view.task.assignee.as_deref();
    has.is_none() || has == agent || (agent.is_none() && view.task.status == Status::Open)
}

fn choose(
    tasks: &Tasks,
    goals: &HashMap<String, (String, Goal)>,
    agent: Option<&str>,
    now: Time,
    limit: usize,
) -> Vec<Choice> {
    let can = |view: &&View| match view.task.status {
        Status::Open => free(view, agent) && tasks.waits_for(&view.task).next().is_none(),
        Status::Active => agent.is_none() || free(view, agent),
        _ => false,
    };
    let mut choices: Vec<Choice> = tasks
        .all
        .iter()
        .filter(can)
        .map(|view| {
            let goal = view.task.goal.as_ref().and_then(|goal| goals.get(goal));
            let (parts, why) = weigh(view, goal, waiting(tasks, &view.id), now);
            Choice { task: view.clone(), score: parts.sum(), why, parts: Some(parts) }
        })
        .collect();
    let order = |one: &Choice, other: &Choice| {
        let older = one.task.task.created_at.cmp(&other.task.task.created_at);
        other.score.total_cmp(&one.score).then(older).then_with(|| one.task.id.cmp(&other.task.id))
    };
    choices.sort_by(order);
    choices.truncate(limit);
    choices
}

/// How many tasks wait for one, those that wait for these included.
fn waiting(tasks: &Tasks, id: &str) -> usize {
    let (mut seen, mut left) = (HashSet::new(), vec![id]);
    while let Some(id) = left.pop() {
        let Some(view) = tasks.get(id) else { continue };
        let open = view.task.needed_by.iter().filter_map(|id| tasks.get(id));
        let open = open.filter(|waiting| !waiting.task.status.is_over());
        left.extend(open.map(|waiting| waiting.id.as_str()).filter(|id| seen.insert(*id)));
    }
    seen.len()
}

fn weigh(view: &View, goal: Option<&(String, Goal)>, waiting: usize, now: Time) -> (Parts, Vec<String>) {
    let task = &view.task;
    let mut why = vec![format!("priority {} of 10", task.priority)];
    let mut parts = Parts { priority: f64::from(task.priority) / 10.0, ..Parts::default() };
    if let Some(due) = task.due {
        let estimate = task.estimate_s.unwrap_or(0) as f64 * 1e6 * (1.0 - task.progress);
        let days = ((due.micros() - now.micros()) as f64 - estimate) / DAY_MICROS;
        parts.due = if days <= 0.0 { 1.0 } else { 1.0 / (1.0 + days) };
        why.push(match (due < now, days <= 0.0) {
            (true, _) => format!("past its time, {due}"),
            (_, true) => format!("due {due}, sooner than it takes"),
            _ => format!("due {due}, {days:.1} days to spare"),
        });
    }
    if let Some((title, goal)) = goal {
        parts.goal = f64::from(goal.priority) / 20.0;
        why.push(format!("for the goal {title:?}, priority {} of 10", goal.priority));
    }
    if waiting > 0 {
        parts.unblocks = 0.5 * (waiting as f64 / MANY).min(1.0);
        why.push(format!("{waiting} tasks wait for it"));
    }
    if let Some(estimate) = task.estimate_s {
        let hours = estimate as f64 * (1.0 - task.progress) / 3_600.0;
        parts.estimate = 0.25 / (1.0 + hours);
        why.push(format!("{hours:.1} hours of work left"));
    }
    if task.status == Status::Active {
        parts.begun = 0.5;
        why.push(format!("begun, {:.0} % done", task.progress * 100.0));
    }
    (parts, why)
}

#[cfg(test)]
mod tests {
    use athena_ingest::tasks::Task;

    use super::*;

    fn now() -> Time {
        Time::parse("2026-11-23T10:00:00Z").unwrap()
    }

    fn view(id: &str, task: Task) -> View {
        View::new(id.into(), id.into(), 1, Task { priority: task.priority.max(1), ..task })
    }

    fn order(all: Vec<View>, agent: Option<&str>) -> Vec<String> {
        let chosen = choose(&Tasks::of(all), &HashMap::new(), agent, now(), 10);
        chosen.into_iter().map(|choice| choice.task.id).collect()
    }

    #[test]
    fn importance_time_and_what_waits_decide() {
        let task = |priority: u8| Task { priority, ..Task::default() };
        let late = Task { due: Some(now().plus_micros(-1)), ..task(5) };
        assert_eq!(order(vec![view("a", task(5)), view("b", task(9))], None), ["b", "a"]);
        assert_eq!(order(vec![view("a", task(9)), view("late", late)], None), ["late", "a"]);
        let wanted = Task { needed_by: vec!["c".into(), "d".into()], ..task(5) };
        let waits = || Task { needs: vec!["b".into()], ..task(10) };
        let all = vec![view("a", task(6)), view("b", wanted), view("c", waits()), view("d", waits())];
        assert_eq!(order(all, None), ["b", "a"]);
    }

    #[test]
    fn what_is_anothers_is_not_chosen() {
        let of = |agent: &str, status| {
            view(agent, Task { assignee: Some(agent.into()), status, ..Task::default() })
        };
        let all = || vec![of("ann", Status::Active), of("bob", Status::Active), of("eve", Status::Open)];
        assert_eq!(order(all(), Some("ann")), ["ann"]);
        assert_eq!(order(all(), Some("joe")), Vec::<String>::new());
        let told = none(&Tasks::of(all()), Some("joe"));
        assert!(told.starts_with("of 3 tasks left") && told.contains("3 are somebody's"), "{told}");
    }
}
