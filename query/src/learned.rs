//! What runs of consolidation learned, kept in memory while a run is the newest: the model of the next step.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use athena_learn::next_step::Model;
use athena_learn::steps::{Session, StepEvent, without_injected};
use athena_schemas::tables::{Event, Run};
use athena_schemas::wire::{Kind, Mode};
use athena_schemas::{Error, Partition, Position, Row};
use athena_store::{Cached, Lookups, Scope};
use parking_lot::Mutex;
use serde_json::json;

use crate::App;
use crate::operations::objects;
use crate::recent::Forget;
use crate::search::missing;
use crate::text::{Filter, TextHit};

const MODELS: &str = include_str!("../sql/models.sql");

/// Models that are kept: those of the projects that were asked about last.
const KEPT: usize = 16;
/// Parts of a model.
const PARTS: usize = 10_000;
/// Events of a session, from the newest, that say how far it has come.
const SESSION_EVENTS: usize = 400;

/// The models of the projects asked about last.
#[derive(Default)]
pub struct Models {
    kept: Mutex<HashMap<String, Kept>>,
    lookups: Lookups,
}

struct Kept {
    /// The number of the project's next run: another one means that there is something new.
    number: Option<i64>,
    model: Option<Arc<Model>>,
    /// Grows with each question.
    asked: u64,
}

impl Forget for Models {
    fn forget(&self) {
        self.kept.lock().clear();
    }

    fn cached(&self) -> Cached {
        self.lookups.of(Some(self.kept.lock().len()), None)
    }
}

impl Models {
    fn get(&self, project: &str, number: Option<i64>) -> Option<Option<Arc<Model>>> {
        let mut kept = self.kept.lock();
        let asked = kept.values().map(|one| one.asked).max().unwrap_or_default() + 1;
        let found = kept.get_mut(project).filter(|one| one.number == number);
        self.lookups.note(found.is_some());
        let found = found?;
        found.asked = asked;
        Some(found.model.clone())
    }

    fn put(&self, project: &str, number: Option<i64>, model: Option<Arc<Model>>) {
        let mut kept = self.kept.lock();
        let asked = kept.values().map(|one| one.asked).max().unwrap_or_default() + 1;
        kept.insert(project.to_owned(), Kept { number, model, asked });
        while kept.len() > KEPT {
            let oldest = kept.iter().min_by_key(|(_, one)| one.asked).map(|(name, _)| name.clone());
            oldest.and_then(|name| kept.remove(&name));
        }
    }
}

/// The number of a project's next run: while it is the same, so is what runs learned.
pub fn next_run(app: &App, project: &str) -> Option<i64> {
    app.store.snapshot().applied_of(Run::TABLE).get(&Partition::new(format!("run:{project}"), 0))
}

/// The model of a project's newest run; `None` where nothing was learned yet.
///
/// # Errors
/// Storage.
pub async fn model(app: &App, project: &str) -> Result<Option<Arc<Model>>, Error> {
    let number = next_run(app, project);
    if let Some(known) = app.models.get(project, number) {
        return Ok(known);
    }
    let scope = Scope::Projects(vec![project.to_owned()]);
    let parts = objects(app, &scope, MODELS, &[json!("next_step")], PARTS).await?;
    let body: String = parts.iter().filter_map(|part| part.get("body")?.as_str()).collect();
    let read = move || match body.is_empty() {
        true => Ok(None),
        false => serde_json::from_str::<Model>(&body).map(|model| Some(Arc::new(model))),
    };
    let model = tokio::task::spawn_blocking(read).await;
    let model = model.map_err(|error| Error::internal(format!("model: {error}")))?;
    let model = model.map_err(|error| Error::internal(format!("model of {project}: {error}")))?;
    app.models.put(project, number, model.clone());
    Ok(model)
}

/// A session as far as it has come, `after` included, and what may be missing: from the text index, and what was told
/// a moment ago from memory where this process wrote it, else when the index has it.
///
/// # Errors
/// An index that cannot be read.
pub async fn session(
    app: &App,
    project: &str,
    session: &str,
    after: Option<&Position>,
) -> Result<(Session, Vec<String>), Error> {
    let scope = Scope::Projects(vec![project.to_owned()]);
    let found = app.following.found.borrow().clone();
    let mut target = app.acknowledged(&scope);
    after.iter().for_each(|after| target.merge(after));
    let is_meant = |event: &Event| event.project == project && event.session.as_deref() == Some(session);
    let recent = app.log.as_ref().and_then(|log| log.recent(&found, &target, is_meant));
    let degraded = match &recent {
        Some(_) => vec![],
        None => missing(app, &scope, after, Mode::Text).await,
    };
    let filter =
        Filter { kinds: vec![Kind::Event], session: Some(session.to_owned()), ..Filter::within(scope) };
    let listed = app.text.list(filter, SESSION_EVENTS, None).await?;
    let mut events: BTreeMap<u64, StepEvent> =
        listed.into_iter().map(|one| (one.position, indexed(one))).collect();
    events.extend(recent.into_iter().flatten().map(|event| (event.position, written(event))));
    let mut events: Vec<(u64, StepEvent)> = events.into_iter().collect();
    events.sort_by_key(|(position, event)| (event.time, *position));
    let events = events.into_iter().map(|(_, event)| event).collect();
    Ok((Session { id: session.to_owned(), events }, degraded))
}

/// An event as the text index has it.
fn indexed(found: TextHit) -> StepEvent {
    let hit = found.hit;
    StepEvent {
        content: Some(without_injected(&hit.content).into_owned()),
        id: hit.id,
        time: hit.time,
        agent: hit.agent,
        r#type: hit.event_type.unwrap_or_default(),
        tool: hit.tool,
        outcome: hit.outcome,
        ..StepEvent::default()
    }
}

/// The same as it was written.
fn written(event: Event) -> StepEvent {
    let text = event.content.or(event.attributes).unwrap_or_default();
    StepEvent {
        content: Some(without_injected(&text).into_owned()),
        id: event.id,
        time: event.time,
        agent: event.agent,
        r#type: event.r#type,
        tool: event.tool,
        outcome: event.outcome,
        ..StepEvent::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_models_asked_for_last_are_kept_and_those_of_older_runs_are_not() {
        let models = Models::default();
        for number in 0..KEPT {
            models.put(&format!("p{number}"), Some(1), Some(Arc::default()));
        }
        assert!(models.get("p0", Some(1)).is_some());
        models.put("another", Some(1), None);
        assert!(models.get("p1", Some(1)).is_none(), "asked for longest ago");
        assert!(models.get("p0", Some(1)).is_some_and(|model| model.is_some()));
        assert!(models.get("p0", Some(2)).is_none(), "there was a run since");
        assert!(models.get("another", Some(1)).is_some_and(|model| model.is_none()));
        models.forget();
        assert!(models.get("p0", Some(1)).is_none());
    }
}
