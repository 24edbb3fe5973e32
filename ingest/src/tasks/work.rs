//! A task at work: started, on its way, held up, over.

use athena_schemas::vocabulary::Outcome;
use athena_schemas::{Error, Time};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Foretold, MOST_MILESTONES, MOST_RUNS, Milestone, Run, Status, TITLE_CHARS, Task, WHY_CHARS, chains, kept,
    mine, named, said, stands,
};
use crate::apply::{Call, Decision, Done, State};
use crate::records::{may_remove, new_id};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    task: String,
    at: Option<Time>,
    foretold: Option<Foretold>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Progress {
    task: String,
    fraction: f64,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Why {
    task: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Complete {
    task: String,
    outcome: String,
    lesson: Option<String>,
    at: Option<Time>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verify {
    task: String,
    /// As the reader found them: the number of a check, and the event that passed it.
    passed: Vec<Passed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Passed {
    check: usize,
    event: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    task: String,
    title: String,
    fraction: Option<f64>,
}

pub(super) fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    Some(Decision::from(match operation {
        "start" => start(state, call),
        "progress" => progress(state, call),
        "block" => block(state, call),
        "complete" => complete(state, call),
        "cancel" => cancel(state, call),
        "verify" => verify(state, call),
        "milestone" => milestone(state, call),
        _ => return None,
    }))
}

/// Who starts what nobody has, has it. What it needs must be over.
fn start(state: &State, call: &Call<'_>) -> Done {
    let given: Start = call.parse()?;
    let (record, mut task) = named(state, call, "task", &given.task)?;
    let event = call.event;
    mine(record, &task, event.agent.as_deref())?;
    if task.status == Status::Active || task.status.is_over() {
        return Err(stands(record, task.status, "only what is open, blocked or failed is started"));
    }
    let left = chains::unfinished(state, call, &task.needs);
    if !left.is_empty() {
        let error = Error::conflict(format!("task {} waits for {}", record.id, left.join(", ")));
        let error = error.hint("finish these first; `tasks.next` says what can be started");
        return Err(Error { field: Some("task".into()), ..error });
    }
    let at = past(given.at, call)?;
    task.assignee = task.assignee.or_else(|| event.agent.clone());
    task.become_(Status::Active, at);
    (task.why, task.outcome) = (None, None);
    if task.runs.len() >= MOST_RUNS {
        task.runs.remove(0);
    }
    task.runs.push(Run {
        session: event.session.clone(),
        agent: event.agent.clone(),
        started_at: at,
        foretold: given.foretold,
        ..Run::default()
    });
    let (row, told) = kept(record.clone(), &task, call);
    Ok((vec![row], told))
}

fn progress(state: &State, call: &Call<'_>) -> Done {
    let given: Progress = call.parse()?;
    let (record, mut task) = named(state, call, "task", &given.task)?;
    mine(record, &task, call.event.agent.as_deref())?;
    if task.status.is_over() {
        return Err(stands(record, task.status, "there is nothing left to do"));
    }
    task.progress = fraction(given.fraction)?;
    if let Some(note) = given.note {
        said("note", &note, WHY_CHARS)?;
        task.note = Some(note);
    }
    let reached = reach(&mut task, call.now());
    let (row, told) = kept(record.clone(), &task, call);
    Ok((vec![row], with(told, "reached", json!(reached))))
}

fn block(state: &State, call: &Call<'_>) -> Done {
    let given: Why = call.parse()?;
    said("why", &given.why, WHY_CHARS)?;
    let (record, mut task) = named(state, call, "task", &given.task)?;
    if task.status.is_over() {
        return Err(stands(record, task.status, "there is nothing left to do"));
    }
    task.become_(Status::Blocked, call.now());
    task.why = Some(given.why);
    end(&mut task, call.now(), "partial");
    let (row, told) = kept(record.clone(), &task, call);
    Ok((vec![row], told))
}

/// What went well, or in part, or was skipped, is done, and what waits for nothing else can begin.
fn complete(state: &State, call: &Call<'_>) -> Done {
    let given: Complete = call.parse()?;
    let outcome = Outcome::parse(&given.outcome).unwrap_or_default();
    let status = match outcome {
        "success" | "partial" | "skipped" => Status::Done,
        "failure" | "aborted" => Status::Failed,
        _ => {
            let error = Error::invalid("outcome", format!("{:?} ends nothing", given.outcome));
            return Err(error.hint("success, partial, skipped, failure or aborted"));
        }
    };
    let (record, mut task) = named(state, call, "task", &given.task)?;
    mine(record, &task, call.event.agent.as_deref())?;
    if task.status.is_over() {
        return Err(stands(record, task.status, "it is over already"));
    }
    let at = past(given.at, call)?;
    if task.runs.last().is_some_and(|run| run.ended_at.is_none() && run.started_at > at) {
        return Err(Error::invalid("at", "before it was started"));
    }
    if let Some(lesson) = given.lesson {
        said("lesson", &lesson, WHY_CHARS)?;
        task.lesson = Some(lesson);
    }
    task.become_(status, at);
    task.why = None;
    end(&mut task, at, outcome);
    task.outcome = Some(outcome.to_owned());
    if status == Status::Done {
        task.progress = 1.0;
        reach(&mut task, at);
    }
    let free = match status {
        Status::Done => chains::unblocked(state, call, &record.id, &task.needed_by),
        _ => Vec::new(),
    };
    let missing: Vec<&str> = task
        .checks
        .iter()
        .filter(|check| check.passed_by.is_none())
        .map(|check| check.text.as_str())
        .collect();
    let (row, told) = kept(record.clone(), &task, call);
    Ok((vec![row], with(with(told, "missing", json!(missing)), "unblocks", titles(free))))
}

/// What is cancelled holds nothing up.
fn cancel(state: &State, call: &Call<'_>) -> Done {
    let given: Why = call.parse()?;
    said("why", &given.why, WHY_CHARS)?;
    let (record, mut task) = named(state, call, "task", &given.task)?;
    may_remove(record, call)?;
    if task.status.is_over() {
        return Err(stands(record, task.status, "it is over already"));
    }
    task.become_(Status::Cancelled, call.now());
    task.why = Some(given.why);
    end(&mut task, call.now(), "aborted");
    let free = chains::unblocked(state, call, &record.id, &task.needed_by);
    let (row, told) = kept(record.clone(), &task, call);
    Ok((vec![row], with(told, "unblocks", titles(free))))
}

fn verify(state: &State, call: &Call<'_>) -> Done {
    let given: Verify = call.parse()?;
    let (record, mut task) = named(state, call, "task", &given.task)?;
    for Passed { check, event } in given.passed {
        let checks = task.checks.len();
        let Some(check) = task.checks.get_mut(check) else {
            return Err(
                Error::conflict(format!("task {} has {checks} checks now", record.id)).hint("call it again")
            );
        };
        (check.passed_by, check.passed_at) = (Some(event), Some(call.now()));
    }
    let (row, told) = kept(record.clone(), &task, call);
    Ok((vec![row], told))
}

/// Without a fraction it is reached now.
fn milestone(state: &State, call: &Call<'_>) -> Done {
    let given: Mark = call.parse()?;
    said("title", &given.title, TITLE_CHARS)?;
    let (record, mut task) = named(state, call, "task", &given.task)?;
    if task.milestones.len() >= MOST_MILESTONES {
        return Err(Error::conflict(format!("task {} has {MOST_MILESTONES} milestones", record.id)));
    }
    let at = given.fraction.map(fraction).transpose()?;
    let milestone = Milestone {
        id: new_id(call, "milestone"),
        title: given.title,
        fraction: at.unwrap_or(task.progress),
        reached_at: None,
    };
    let id = milestone.id.clone();
    task.milestones.push(milestone);
    task.milestones.sort_by(|one, other| one.fraction.total_cmp(&other.fraction));
    reach(&mut task, call.now());
    let milestone = task.milestones.iter().find(|one| one.id == id).cloned();
    let (row, told) = kept(record.clone(), &task, call);
    Ok((vec![row], with(told, "milestone", json!(milestone))))
}

fn fraction(given: f64) -> Result<f64, Error> {
    match (0.0..=1.0).contains(&given) {
        true => Ok(given),
        false => Err(Error::invalid("fraction", format!("{given} is not from 0 to 1"))),
    }
}

/// A time that is not to come.
fn past(at: Option<Time>, call: &Call<'_>) -> Result<Time, Error> {
    match at {
        Some(at) if at > call.now() => Err(Error::invalid("at", "that is still to come")),
        at => Ok(at.unwrap_or(call.now())),
    }
}

/// Marks the milestones that the progress has come to, and gives these.
fn reach(task: &mut Task, now: Time) -> Vec<Milestone> {
    let progress = task.progress;
    let due = task.milestones.iter_mut().filter(|one| one.reached_at.is_none() && one.fraction <= progress);
    due.map(|one| {
        one.reached_at = Some(now);
        one.clone()
    })
    .collect()
}

fn end(task: &mut Task, at: Time, outcome: &str) {
    if let Some(run) = task.runs.last_mut().filter(|run| run.ended_at.is_none()) {
        (run.ended_at, run.outcome) = (Some(at.max(run.started_at)), Some(outcome.to_owned()));
    }
}

fn titles(tasks: Vec<(String, String)>) -> Value {
    tasks.into_iter().map(|(id, title)| json!({"id": id, "title": title})).collect()
}

fn with(mut told: Value, name: &str, value: Value) -> Value {
    told[name] = value;
    told
}
