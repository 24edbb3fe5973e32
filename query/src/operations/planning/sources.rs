//! What a plan comes from: finished tasks and sessions that are near, and what was done in them.

use std::collections::{BTreeMap, HashMap, HashSet};

use athena_ingest::tasks::Status;
use athena_learn::estimate::likeness as of_words;
use athena_schemas::wire::{Kind, Mode, Search};
use athena_schemas::{Error, Time};
use serde_json::{Map, Value, json};

use super::Source;
use crate::operations::rows::objects;
use crate::operations::sessions::steps::action;
use crate::operations::tasks::Tasks;
use crate::registry::Call;
use crate::search;
use crate::text::TextHit;
use athena_store::Scope;

const PROCEDURES: &str = include_str!("../../../sql/plan_procedures.sql");
const DURATIONS: &str = include_str!("../../../sql/durations.sql");
/// Events that tell how long they took and are looked at, from the newest.
const TOLD: usize = 50_000;
/// Times that procedures were done that are looked at.
const PROCEDURE_RUNS: usize = 200;

/// Messages that are searched, sessions that are looked at, and of these how many a plan comes from.
const HITS: usize = 100;
const SESSIONS: usize = 40;
pub const MOST: usize = 20;
/// Events at the beginning of a session among which it is said what it is for, how many sayings, and of how many
/// characters together.
const BEGINNING: u64 = 12;
const SAYINGS: usize = 3;
const SAID_CHARS: usize = 1_000;
/// Events of a session that are steps of it.
const READ: u64 = 1_000;
/// What is less alike is not near.
pub const NEAR: f64 = 0.1;
/// A step that does not tell how long it took, and was followed by nothing for longer, took an unknown time.
const LONGEST_MICROS: i64 = 3_600_000_000;
const CONTENT_CHARS: usize = 200;

/// Something that was done.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Done {
    pub action: String,
    pub tool: Option<String>,
    pub event: String,
    pub content: String,
    pub files: Vec<String>,
    pub took_ms: Option<i64>,
    pub failed: bool,
}

/// A session that is near, and what was done in it.
#[derive(Debug, Clone, Default)]
pub struct Near {
    pub source: Source,
    pub session: String,
    pub done: Vec<Done>,
}

impl Near {
    pub fn actions(&self) -> Vec<&str> {
        self.done.iter().map(|done| done.action.as_str()).collect()
    }

    pub fn went_well(&self) -> bool {
        self.source.outcome.as_deref() == Some("success")
    }

    pub fn went_badly(&self) -> bool {
        matches!(self.source.outcome.as_deref(), Some("failure" | "aborted"))
    }
}

/// Finished tasks and sessions whose aim is near a text, the nearest first, each with what was done.
///
/// # Errors
/// An index that cannot be read; storage.
pub async fn near(
    call: &Call,
    (project, scope): (&str, &Scope),
    text: &str,
    but: Option<&str>,
) -> Result<Vec<Near>, Error> {
    let tasks = Tasks::read(&call.app, scope).await?;
    let question = Search {
        query: text.chars().take(SAID_CHARS).collect(),
        k: Some(HITS),
        kinds: vec![Kind::Event],
        event_type: Some("message".into()),
        mode: Mode::Hybrid,
        project: Some(project.to_owned()),
        after: call.shared.after.clone(),
        ..Search::default()
    };
    let found = search::search(&call.app, &call.caller, &question).await?;
    let mut candidates: Vec<(Source, String)> = tasks
        .all
        .iter()
        .filter(|view| matches!(view.task.status, Status::Done | Status::Failed))
        .filter_map(|view| {
            let session = view.task.runs.last()?.session.clone()?;
            let source = Source {
                id: view.id.clone(),
                kind: "task".into(),
                title: view.title.clone(),
                outcome: view.task.outcome.clone(),
                ..Source::default()
            };
            Some((source, session))
        })
        .collect();
    let mut seen: HashSet<String> = candidates.iter().map(|(_, session)| session.clone()).collect();
    seen.extend(but.map(str::to_owned));
    let sessions: Vec<String> = found
        .hits
        .into_iter()
        .filter_map(|hit| hit.session)
        .filter(|session| seen.insert(session.clone()))
        .take(SESSIONS)
        .collect();
    candidates.retain(|(_, session)| Some(session.as_str()) != but);
    let (index, of, text) = (call.app.text.get(), project.to_owned(), text.to_owned());
    let read = tokio::task::spawn_blocking(move || {
        for session in sessions {
            let begun = index.stretch(&of, &session, 0..BEGINNING)?;
            let title = asked(&begun);
            if !title.is_empty() {
                let source =
                    Source { id: session.clone(), kind: "session".into(), title, ..Source::default() };
                candidates.push((source, session));
            }
        }
        let titles: Vec<String> = candidates.iter().map(|(source, _)| source.title.clone()).collect();
        let mut ranked: Vec<(f64, (Source, String))> =
            of_words(&text, &titles).into_iter().zip(candidates).collect();
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.1.cmp(&other.1.1)));
        let mut read = Vec::new();
        for (similarity, (source, session)) in
            ranked.into_iter().filter(|(like, _)| *like >= NEAR).take(MOST * 2)
        {
            let events = index.stretch(&of, &session, 0..READ)?;
            read.push((Source { similarity, ..source }, session, events));
        }
        Ok::<_, Error>(read)
    });
    let read = read.await.map_err(|error| Error::internal(format!("sources: {error}")))??;
    let durations = durations(call, scope, read.iter().map(|(_, session, _)| session.as_str())).await?;
    let near = read.into_iter().map(|(source, session, events)| {
        let outcome = source.outcome.clone().or_else(|| outcome(&events));
        let title = source.title.chars().take(CONTENT_CHARS).collect();
        Near { source: Source { outcome, title, ..source }, done: done(&events, &durations), session }
    });
    let mut near: Vec<Near> = near.filter(|near| !near.done.is_empty()).take(MOST).collect();
    near.extend(procedures(call, scope, &near).await?);
    Ok(near)
}

/// How long events of these sessions took, where they tell.
async fn durations(
    call: &Call,
    scope: &Scope,
    sessions: impl Iterator<Item = &str>,
) -> Result<HashMap<String, i64>, Error> {
    let sessions: Vec<&str> = sessions.collect();
    if sessions.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = objects(&call.app, scope, DURATIONS, &[json!(sessions), json!(TOLD)], TOLD).await?;
    let of = |row: &Map<String, Value>| {
        let took = row.get("duration_ms")?.as_i64().filter(|took| *took >= 0)?;
        Some((row.get("id")?.as_str()?.to_owned(), took))
    };
    Ok(rows.iter().filter_map(of).collect())
}

/// Procedures that were done in near sessions: as near as the nearest of these, with the steps that it did there.
async fn procedures(call: &Call, scope: &Scope, near: &[Near]) -> Result<Vec<Near>, Error> {
    let sessions: Vec<&str> =
        near.iter().filter(|near| !near.went_badly()).map(|near| near.session.as_str()).collect();
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    let rows = objects(&call.app, scope, PROCEDURES, &[json!(sessions)], PROCEDURE_RUNS).await?;
    let mut found: BTreeMap<String, Near> = BTreeMap::new();
    for row in &rows {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        let Some(of) = near.iter().find(|near| near.session == text("session")) else { continue };
        let events: HashSet<&str> = row
            .get("events")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let done: Vec<Done> =
            of.done.iter().filter(|done| events.contains(done.event.as_str())).cloned().collect();
        let nearer =
            found.get(text("procedure")).is_none_or(|before| before.source.similarity < of.source.similarity);
        if nearer && !done.is_empty() {
            let source = Source {
                id: text("procedure").to_owned(),
                kind: "procedure".into(),
                title: text("name").to_owned(),
                similarity: of.source.similarity,
                outcome: of.source.outcome.clone(),
            };
            found.insert(text("procedure").to_owned(), Near { source, session: of.session.clone(), done });
        }
    }
    let mut found: Vec<Near> = found.into_values().collect();
    found.sort_by(|one, other| other.source.similarity.total_cmp(&one.source.similarity));
    found.truncate(MOST / 2);
    Ok(found)
}

/// What was done in a session.
///
/// # Errors
/// An index that cannot be read.
pub async fn session(call: &Call, project: &str, session: &str) -> Result<Vec<Done>, Error> {
    // What was just told must be found; how far the index is behind otherwise is told by others.
    let scope = Scope::Projects(vec![project.to_owned()]);
    search::missing(&call.app, &scope, call.shared.after.as_ref(), Mode::Text).await;
    let (index, project, session) = (call.app.text.get(), project.to_owned(), session.to_owned());
    let read = tokio::task::spawn_blocking(move || index.stretch(&project, &session, 0..READ));
    let events = read.await.map_err(|error| Error::internal(format!("session: {error}")))??;
    Ok(done(&events, &HashMap::new()))
}

/// What was asked for at a session's beginning.
fn asked(begun: &[TextHit]) -> String {
    let said = begun.iter().map(|found| &found.hit).filter(|hit| {
        hit.event_type.as_deref() == Some("message") && hit.agent.as_deref() != Some("assistant")
    });
    let said: Vec<&str> = said.take(SAYINGS).map(|hit| hit.content.as_str()).collect();
    said.join("\n").chars().take(SAID_CHARS).collect()
}

/// How a session ended: what its end says, else its last result.
fn outcome(events: &[TextHit]) -> Option<String> {
    let of = |found: &TextHit| found.hit.outcome.clone();
    let ended = events.iter().rev().find(|found| found.hit.event_type.as_deref() == Some("session_end"));
    ended.and_then(of).or_else(|| events.iter().rev().find_map(of))
}

/// The steps of a session. A result tells how its call went. A step took as long as it or its result tells; else until
/// its result, or else until whatever follows.
fn done(events: &[TextHit], durations: &HashMap<String, i64>) -> Vec<Done> {
    let mut all: Vec<Done> = Vec::new();
    let mut times: Vec<(Time, Option<Time>)> = Vec::new();
    let mut follows: Vec<Option<Time>> = Vec::new();
    for (place, TextHit { hit, files, .. }) in events.iter().enumerate() {
        let failed = hit.outcome.as_deref() == Some("failure");
        let told = durations.get(&hit.id).copied();
        if hit.event_type.as_deref() == Some("tool_result") {
            let open = all.iter().rposition(|done| done.tool == hit.tool);
            if let Some(at) = open.filter(|at| times[*at].1.is_none()) {
                all[at].failed |= failed;
                all[at].took_ms = all[at].took_ms.or(told);
                times[at].1 = Some(hit.time);
                continue;
            }
        }
        let Some(action) = action(hit) else { continue };
        times.push((hit.time, None));
        follows.push(events.get(place + 1).map(|next| next.hit.time));
        all.push(Done {
            action,
            tool: hit.tool.clone(),
            event: hit.id.clone(),
            content: hit.content.chars().take(CONTENT_CHARS).collect(),
            files: files.clone(),
            took_ms: told,
            failed,
        });
    }
    for at in 0..all.len() {
        let until = times[at].1.or(follows[at]);
        let took = until.map(|until| until.micros() - times[at].0.micros());
        let took = took.filter(|took| (0..LONGEST_MICROS).contains(took)).map(|took| took / 1_000);
        all[at].took_ms = all[at].took_ms.or(took);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, event_type: &str, minute: i64) -> TextHit {
        let hit = json!({"id": id, "kind": "event", "score": 0.0, "content": format!("{id} ."), "project": "p",
                         "time": Time::from_micros(minute * 60_000_000), "type": event_type, "tool": "Bash",
                         "sources": []});
        TextHit {
            hit: serde_json::from_value(hit).unwrap(),
            score: 0.0,
            parts: BTreeMap::new(),
            names: vec![],
            tags: vec![],
            files: vec![],
            cut: false,
            position: 0,
            place: None,
        }
    }

    #[test]
    fn a_step_took_as_long_as_it_tells() {
        let events = [
            event("build", "tool_call", 0),
            event("lint", "tool_call", 30),
            event("linted", "tool_result", 31),
            event("test", "tool_call", 40),
            event("tested", "tool_result", 45),
            event("push", "tool_call", 50),
            event("pull", "tool_call", 55),
        ];
        let told = [("build", 60_000), ("tested", 2_000), ("pull", 500)];
        let told = told.map(|(id, took)| (id.to_owned(), took)).into_iter().collect();
        let took: Vec<Option<i64>> = done(&events, &told).into_iter().map(|done| done.took_ms).collect();
        assert_eq!(took, [Some(60_000), Some(60_000), Some(2_000), Some(300_000), Some(500)]);
        let last = done(&events, &HashMap::new()).pop();
        assert_eq!(last.unwrap().took_ms, None);
    }
}
