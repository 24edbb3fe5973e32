//! Chains of tasks: what must be over before what. Followed by exact keys, level by level, within bounds that are the
//! same whether the rows were at hand or had to be read.

use std::collections::{BTreeMap, BTreeSet};

use athena_schemas::{Code, Error};

use super::{Status, TASK, Task, label};
use crate::apply::{Call, Key, State};
use crate::records::{body, key};

/// Levels of a chain, and tasks in it, that are followed.
pub const MOST_LEVELS: usize = 100;
pub const MOST_REACHED: usize = 5_000;

/// The rows that a command must see besides those that its arguments name, as far as the state tells of them yet.
pub(crate) fn further(operation: &str, call: &Call<'_>, state: &State) -> Vec<Key> {
    let named = |field: &str| call.arguments.get(field).and_then(|value| value.as_str());
    let of = |id: &str| task(state, call, id);
    let ids: BTreeSet<String> = match operation {
        "depend" => {
            let on = named("on").map(|on| reached(state, call, on).0.into_keys().collect::<Vec<_>>());
            let needs = named("task").and_then(of).map(|task| task.needs);
            [on, needs].into_iter().flatten().flatten().collect()
        }
        "start" => {
            named("task").and_then(of).map(|task| task.needs.into_iter().collect()).unwrap_or_default()
        }
        "complete" | "cancel" => {
            let waiting = named("task").and_then(of).map(|task| task.needed_by).unwrap_or_default();
            let needs = waiting.iter().filter_map(|id| of(id)).flat_map(|task| task.needs);
            needs.chain(waiting.iter().cloned()).collect()
        }
        _ => BTreeSet::new(),
    };
    ids.iter().map(|id| key(call, id)).collect()
}

fn task(state: &State, call: &Call<'_>, id: &str) -> Option<Task> {
    let record = state.record(&call.event.project, id).filter(|one| !one.deleted && one.kind == TASK)?;
    body(record).ok()
}

/// All that a task waits for, each with the one that led to it, and whether the bounds were kept. What the state
/// does not have ends its branch.
fn reached(state: &State, call: &Call<'_>, from: &str) -> (BTreeMap<String, Option<String>>, bool) {
    let mut reached = BTreeMap::from([(from.to_owned(), None)]);
    let mut level = vec![from.to_owned()];
    for _ in 0..MOST_LEVELS {
        let mut next = Vec::new();
        for id in &level {
            for need in task(state, call, id).map(|task| task.needs).unwrap_or_default() {
                if !reached.contains_key(&need) {
                    reached.insert(need.clone(), Some(id.clone()));
                    next.push(need);
                }
            }
        }
        if next.is_empty() {
            return (reached, true);
        }
        if reached.len() > MOST_REACHED {
            return (reached, false);
        }
        level = next;
    }
    (reached, false)
}

/// Refuses that `task` waits for `on` where `on` waits for `task`, and names the way round.
pub(super) fn refuse_cycle(state: &State, call: &Call<'_>, task: &str, on: &str) -> Result<(), Error> {
    let (reached, whole) = reached(state, call, on);
    if !reached.contains_key(task) {
        let long = || {
            let message =
                format!("more than {MOST_LEVELS} levels or {MOST_REACHED} tasks wait for each other");
            Error { field: Some("on".into()), ..Error::new(Code::ResourceExhausted, message) }
        };
        return if whole { Ok(()) } else { Err(long()) };
    }
    let mut way = vec![task.to_owned()];
    while let Some(Some(before)) = way.last().and_then(|last| reached.get(last)) {
        way.push(before.clone());
    }
    way.push(task.to_owned());
    // From the task to what it is to wait for, and from there back to it.
    way.reverse();
    let named = |id: &String| state.record(&call.event.project, id).map_or_else(|| id.clone(), label);
    let way = way.iter().map(named).collect::<Vec<_>>().join(" → ");
    let error = Error::conflict(format!("a cycle: {way}")).hint("each waits for the next");
    Err(Error { field: Some("on".into()), ..error })
}

/// Those of the tasks that are not over.
pub(super) fn unfinished(state: &State, call: &Call<'_>, ids: &[String]) -> Vec<String> {
    let over = |id: &&String| task(state, call, id).is_some_and(|task| task.status.is_over());
    ids.iter().filter(|id| !over(id)).cloned().collect()
}

/// The tasks that wait for nothing any more once `done` is over.
pub(super) fn unblocked(
    state: &State,
    call: &Call<'_>,
    done: &str,
    waiting: &[String],
) -> Vec<(String, String)> {
    let free = waiting.iter().filter_map(|id| {
        let task = task(state, call, id).filter(|task| task.status == Status::Open)?;
        let left = unfinished(state, call, &task.needs);
        let title = state.record(&call.event.project, id)?.name.clone().unwrap_or_default();
        left.iter().all(|need| need == done).then(|| (id.clone(), title))
    });
    free.collect()
}
