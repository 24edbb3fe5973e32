//! How tasks fare: late, stuck, at risk.

use std::collections::HashMap;

use athena_ingest::tasks::Status;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::read::is_late;
use super::{Tasks, View, example_id, read_all, second, set_up};
use crate::operations::paging;
use crate::operations::rows::absent;
use crate::registry::{Call, Effect, Example, Operation};

/// What is at work, and has not changed for so long, is stuck; or for three times its estimate, if that is longer.
const STUCK_S: i64 = 86_400;
/// Tasks of a chain that are added up.
const MOST_CHAINED: usize = 10_000;

/// How tasks fare: late ones, stuck ones (blocked, failed, waiting for such, or without a change), and those that
/// cannot be done in time by their estimates and those of what they wait for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Health {
    /// Id of a task; all when not said.
    task: Option<String>,
}

/// How tasks fare.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fared {
    late: Vec<Ill>,
    stuck: Vec<Ill>,
    at_risk: Vec<Ill>,
    /// Tasks that are not over and have nothing wrong with them.
    well: usize,
    /// Tasks with a time by which they are due of which nobody can say, for want of an estimate, whether they are at risk.
    unknown: usize,
    /// Why something is not known.
    reason: Option<String>,
    project: String,
}

/// What is wrong with a task.
#[derive(Debug, Serialize, JsonSchema)]
struct Ill {
    id: String,
    title: String,
    why: String,
}

impl Operation for Health {
    const TOOL: &'static str = "tasks";
    const NAME: &'static str = "health";
    const EFFECT: Effect = Effect::Read;
    type Result = Fared;

    async fn call(self, call: &Call) -> Result<Fared, Error> {
        let (project, _, tasks) = read_all(call).await?;
        if let Some(lost) = self.task.as_ref().filter(|id| tasks.get(id).is_none()) {
            return Err(absent("task", "task", lost, &[project]));
        }
        Ok(fare(&tasks, self.task.as_deref(), project, Time::now()))
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![set_up(), second()], arguments: json!({}) },
            Example { setup: vec![set_up()], arguments: json!({"task": example_id()}) },
        ]
    }
}

fn fare(tasks: &Tasks, only: Option<&str>, project: String, now: Time) -> Fared {
    let (mut late, mut stuck, mut at_risk) = (Vec::new(), Vec::new(), Vec::new());
    let (mut well, mut unknown) = (0, 0);
    let mut known = HashMap::new();
    let of = |view: &&View| only.is_none_or(|id| view.id == id) && !view.task.status.is_over();
    for view in tasks.all.iter().filter(of) {
        let ill = |why: String| Ill { id: view.id.clone(), title: view.title.clone(), why };
        let before = late.len() + stuck.len() + at_risk.len();
        if let (true, Some(due)) = (is_late(&view.task, now), view.task.due) {
            late.push(ill(format!("due {due}")));
        } else if let Some(due) = view.task.due {
            match left_s(tasks, &view.id, &mut known) {
                None => unknown += 1,
                Some(left) if now.plus_micros((left * 1e6) as i64) > due => {
                    at_risk.push(ill(format!(
                        "{:.1} hours of work are left, and it is due {due}",
                        left / 3_600.0
                    )));
                }
                Some(_) => {}
            }
        }
        stuck.extend(is_stuck(tasks, view, now).map(ill));
        well += usize::from(before == late.len() + stuck.len() + at_risk.len());
    }
    for ill in [&mut late, &mut stuck, &mut at_risk] {
        ill.truncate(paging::MOST);
    }
    let reason = (unknown > 0).then(|| "tasks without an estimate cannot be said to be at risk".into());
    Fared { late, stuck, at_risk, well, unknown, reason, project }
}

fn is_stuck(tasks: &Tasks, view: &View, now: Time) -> Option<String> {
    let task = &view.task;
    match task.status {
        Status::Blocked => Some(format!("blocked: {}", task.why.as_deref().unwrap_or("nobody said why"))),
        Status::Failed => Some("it failed, and nobody took it up again".into()),
        Status::Active => {
            let quiet = (now.micros() - task.since.micros()) / 1_000_000;
            let most = task.estimate_s.map_or(STUCK_S, |estimate| STUCK_S.max(3 * estimate));
            (quiet > most).then(|| format!("at work since {}", task.since))
        }
        _ => {
            let held = |need: &&View| matches!(need.task.status, Status::Blocked | Status::Failed);
            tasks
                .waits_for(task)
                .find(held)
                .map(|need| format!("waits for {}, which is {}", need.id, need.task.status))
        }
    }
}

/// Seconds of work until a task is done, along the longest chain of what it waits for; `None` where one of them has
/// no estimate.
pub fn left_s(tasks: &Tasks, id: &str, known: &mut HashMap<String, Option<f64>>) -> Option<f64> {
    // Depth first without recursion: chains may be long.
    let mut stack = vec![(id.to_owned(), false)];
    while let Some((id, ready)) = stack.pop() {
        if known.contains_key(&id) || known.len() > MOST_CHAINED {
            continue;
        }
        let Some(view) = tasks.get(&id) else { continue };
        if !ready {
            stack.push((id.clone(), true));
            stack.extend(tasks.waits_for(&view.task).map(|need| (need.id.clone(), false)));
            continue;
        }
        let own = view.task.estimate_s.map(|estimate| estimate as f64 * (1.0 - view.task.progress));
        let mut longest = tasks.waits_for(&view.task).map(|need| known.get(&need.id).copied().flatten());
        let longest = longest.try_fold(0.0, |longest: f64, need| need.map(|need| longest.max(need)));
        known.insert(id, own.zip(longest).map(|(own, longest)| own + longest));
    }
    known.get(id).copied().flatten()
}

#[cfg(test)]
mod tests {
    use athena_ingest::tasks::Task;

    use super::*;

    fn now() -> Time {
        Time::parse("2026-11-23T10:00:00Z").unwrap()
    }

    fn in_hours(hours: i64) -> Option<Time> {
        Some(now().plus_micros(hours * 3_600_000_000))
    }

    fn tasks(all: Vec<(&str, Task)>) -> Tasks {
        Tasks::of(all.into_iter().map(|(id, task)| View::new(id.into(), id.into(), 1, task)).collect())
    }

    #[test]
    fn what_cannot_be_done_in_time_is_at_risk() {
        let hours = |hours: i64| Task { estimate_s: Some(hours * 3_600), since: now(), ..Task::default() };
        let all = tasks(vec![
            ("first", hours(3)),
            ("second", Task { needs: vec!["first".into()], due: in_hours(4), ..hours(2) }),
            ("fine", Task { due: in_hours(4), ..hours(3) }),
            ("late", Task { due: in_hours(-1), ..hours(1) }),
            ("unknown", Task { due: in_hours(1), since: now(), ..Task::default() }),
        ]);
        let fared = fare(&all, None, "p".into(), now());
        let ids = |ill: &[Ill]| ill.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
        assert_eq!((ids(&fared.late), ids(&fared.at_risk)), (vec!["late".into()], vec!["second".into()]));
        assert_eq!((fared.unknown, fared.well), (1, 3));
    }

    #[test]
    fn what_waits_for_a_blocked_task_is_stuck_too() {
        let blocked = Task { status: Status::Blocked, why: Some("no key".into()), ..Task::default() };
        let quiet =
            Task { status: Status::Active, since: now().plus_micros(-90_000_000_000), ..Task::default() };
        let all = tasks(vec![
            ("blocked", blocked),
            ("after", Task { needs: vec!["blocked".into()], ..Task::default() }),
            ("quiet", quiet),
        ]);
        let fared = fare(&all, None, "p".into(), now());
        assert_eq!(fared.stuck.len(), 3);
        assert_eq!(fared.stuck[0].why, "blocked: no key");
        assert_eq!(fare(&all, Some("after"), "p".into(), now()).stuck.len(), 1);
    }
}
