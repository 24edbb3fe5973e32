//! Finished work: what estimates are learned from.

use std::sync::Arc;

use athena_ingest::tasks::Status;
use athena_learn::estimate::{self, Durations, Finished, HeldOut, held_out};
use athena_schemas::{Error, Time};
use athena_store::{Cached, Lookups, Scope};
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use crate::App;
use crate::operations::rows::objects;
use crate::operations::tasks::{Tasks, View};
use crate::recent::Forget;

const EPISODES: &str = include_str!("../../../sql/finished_episodes.sql");

/// Lessons that are kept.
const LESSONS: usize = 16;

/// Something that was finished.
#[derive(Debug, Clone)]
pub struct Work {
    pub id: String,
    /// `task` or `episode`.
    pub kind: &'static str,
    pub title: String,
    pub took_ms: i64,
    pub ended_at: Time,
    pub session: Option<String>,
}

/// Finished work that an estimate rests on.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Similar {
    pub id: String,
    /// `task` or `episode`.
    pub kind: &'static str,
    pub title: String,
    /// From 0 to 1, by its words.
    pub similarity: f64,
    /// How much it was: milliseconds, or tokens of what tokens are estimated of.
    pub took: i64,
}

/// Finished work, the newest last: tasks where enough of them are finished, else episodes too.
///
/// # Errors
/// Storage.
pub async fn finished(app: &App, scope: &Scope) -> Result<Vec<Work>, Error> {
    let mut all = of_tasks(&Tasks::read(app, scope).await?.all);
    if all.len() < estimate::LEAST_INTERVAL {
        let rows = objects(app, scope, EPISODES, &[json!(estimate::MOST)], estimate::MOST).await?;
        let episodes = rows.iter().filter_map(|row| {
            let text = |name: &str| row.get(name).and_then(Value::as_str);
            let (from, to) = (Time::parse(text("started_at")?)?, Time::parse(text("ended_at")?)?);
            Some(Work {
                id: text("id")?.to_owned(),
                kind: "episode",
                title: text("title")?.to_owned(),
                took_ms: (to.micros() - from.micros()) / 1_000,
                ended_at: to,
                session: text("session").map(str::to_owned),
            })
        });
        // What a task's session did is that task.
        let told: Vec<Option<String>> = all.iter().map(|work| work.session.clone()).collect();
        all.extend(episodes.filter(|episode| !told.contains(&episode.session)));
    }
    all.sort_by(|one, other| one.ended_at.cmp(&other.ended_at).then_with(|| one.id.cmp(&other.id)));
    let older = all.len().saturating_sub(estimate::MOST);
    Ok(all.split_off(older))
}

/// Tasks that were done, by their last runs.
pub fn of_tasks(tasks: &[View]) -> Vec<Work> {
    let done = tasks.iter().filter(|view| view.task.status == Status::Done);
    done.filter_map(|view| {
        let run = view.task.runs.last()?;
        Some(Work {
            id: view.id.clone(),
            kind: "task",
            title: view.title.clone(),
            took_ms: view.task.took_ms()?,
            ended_at: run.ended_at?,
            session: run.session.clone(),
        })
    })
    .collect()
}

/// What was learned from finished work last: learning is dear, and the same work teaches the same.
#[derive(Default)]
pub struct Lessons {
    learned: Kept<Arc<Durations>>,
    held_out: Kept<HeldOut>,
    lookups: Lookups,
}

/// By what it was learned from; `None` of too little.
type Kept<T> = Mutex<Vec<(Vec<Finished>, Option<T>)>>;

impl Forget for Lessons {
    fn forget(&self) {
        self.learned.lock().clear();
        self.held_out.lock().clear();
    }

    fn cached(&self) -> Cached {
        self.lookups.of(Some(self.learned.lock().len() + self.held_out.lock().len()), None)
    }
}

impl Lessons {
    /// What the durations of finished work teach; `None` where there is too little. Takes a while.
    pub fn of(&self, finished: Vec<Finished>) -> Option<Arc<Durations>> {
        kept((&self.learned, &self.lookups), finished, |finished| Durations::learn(finished).map(Arc::new))
    }

    /// How good estimates of finished work are; `None` where there is too little. Takes a while.
    pub fn judged(&self, finished: Vec<Finished>) -> Option<HeldOut> {
        kept((&self.held_out, &self.lookups), finished, held_out)
    }
}

fn kept<T: Clone>(
    (of, lookups): (&Kept<T>, &Lookups),
    finished: Vec<Finished>,
    learn: impl Fn(&[Finished]) -> Option<T>,
) -> Option<T> {
    let known = of.lock().iter().find(|(of, _)| *of == finished).map(|(_, lesson)| lesson.clone());
    lookups.note(known.is_some());
    if let Some(known) = known {
        return known;
    }
    let lesson = learn(&finished);
    let mut all = of.lock();
    all.push((finished, lesson.clone()));
    let more = all.len().saturating_sub(LESSONS);
    all.drain(..more);
    lesson
}

pub fn learned_from(work: &[Work]) -> Vec<Finished> {
    work.iter().map(|one| Finished { text: one.title.clone(), took_ms: one.took_ms }).collect()
}

/// What is near, as it is shown.
pub fn shown(work: &[Work], near: &[(usize, f64)], took: impl Fn(&Work) -> i64) -> Vec<Similar> {
    let similar = |(at, similarity): &(usize, f64)| {
        let one = work.get(*at)?;
        Some(Similar {
            id: one.id.clone(),
            kind: one.kind,
            title: one.title.clone(),
            similarity: *similarity,
            took: took(one),
        })
    };
    near.iter().filter_map(similar).collect()
}
