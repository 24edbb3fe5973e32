//! Tool `sessions`: the runs of agents.

mod alike;
mod read;
pub mod steps;
mod summary;
mod write;

use std::collections::{BTreeMap, HashSet};

use athena_schemas::wire::{Hit, Kind, Mode};
use athena_schemas::{Error, Position, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::events::recorded;
use super::rows::absent;
use super::tasks::open_tasks;
use crate::App;
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::search::missing;
use crate::text::{Filter, TextHit, TextIndex, excerpt};

pub fn register(registry: &mut Registry) {
    write::register(registry);
    read::register(registry);
    summary::register(registry);
    registry.add::<Resume>();
    alike::register(registry);
}

/// Events of a session, and of its project, that are looked at, from the newest.
const LOOKED_AT: usize = 300;
/// Events at the beginning of a session among which its goal is looked for.
const BEGINNING: u64 = 8;
/// At most so many of each.
const LAST: usize = 5;
const FAILURES: usize = 5;
const FILES: usize = 20;
const REMEMBERED: usize = 5;
const OTHERS: usize = 5;
const TASKS: usize = 10;
/// Failures of one tool in a row from which it is warned of.
const IN_A_ROW: usize = 3;
/// Characters of a text that is shown.
const SHOWN_CHARS: usize = 300;

/// What is needed to go on: the goal of a session, what was done last, what failed and was not mended, files,
/// memories, and open tasks. Without `session`, of the project's newest one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Resume {}

/// Where a session stands.
#[derive(Debug, Serialize, JsonSchema)]
struct Resumed {
    project: String,
    /// The session; null when the project has none.
    session: Option<String>,
    /// Who acted last.
    agent: Option<String>,
    /// What was asked for at its beginning.
    goal: Option<Point>,
    /// The newest events first.
    items: Vec<Point>,
    /// What failed, and did not succeed since; the newest first.
    failures: Vec<Point>,
    /// Files touched, the newest first.
    files: Vec<String>,
    /// The newest memories that are seen from everywhere.
    remembered: Vec<Point>,
    /// The project's other sessions, the newest first.
    others: Vec<Other>,
    /// Open tasks: what is at work first, then the most important.
    tasks: Vec<Point>,
    warnings: Vec<String>,
    /// What the answer lacks.
    degraded: Vec<String>,
    position: Position,
}

/// A row, shortened.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Point {
    id: String,
    time: Time,
    #[serde(rename = "type")]
    of_type: Option<String>,
    /// Its beginning.
    content: String,
}

/// Another session.
#[derive(Debug, Serialize, JsonSchema)]
struct Other {
    session: String,
    agent: Option<String>,
    last_at: Time,
    /// What it ended with.
    content: String,
}

impl Operation for Resume {
    const TOOL: &'static str = "sessions";
    const NAME: &'static str = "resume";
    const EFFECT: Effect = Effect::Read;
    type Result = Resumed;

    async fn call(self, call: &Call) -> Result<Resumed, Error> {
        let which = call.shared.session.clone().map_or(Which::NewestBut(None), Which::This);
        stands(&call.app, call.project()?, which, call.shared.after.as_ref()).await
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![recorded()], arguments: json!({}) },
            Example { setup: vec![recorded()], arguments: json!({"session": "example-session"}) },
        ]
    }
}

/// Which session is meant.
enum Which {
    This(String),
    NewestBut(Option<String>),
}

async fn stands(
    app: &App,
    project: String,
    which: Which,
    after: Option<&Position>,
) -> Result<Resumed, Error> {
    let scope = Scope::Projects(vec![project.clone()]);
    let degraded = missing(app, &scope, after, Mode::Text).await;
    let position = app.following.found.borrow().clone();
    let text = app.text.get();
    let resumed = tokio::task::spawn_blocking(move || resume(&text, project, which));
    let resumed = resumed.await.map_err(|error| Error::internal(format!("resume: {error}")))??;
    let open = open_tasks(app, &scope).await?;
    let tasks = open.iter().take(TASKS).map(|view| Point {
        id: view.id.clone(),
        time: view.task.since,
        of_type: Some("task".into()),
        content: excerpt(&format!("{} · {}", view.title, view.content), "", SHOWN_CHARS),
    });
    Ok(Resumed { tasks: tasks.collect(), degraded, position, ..resumed })
}

/// Where the newest session of a project stands, other than one: what another session should know of it. `None` where
/// the project has no other session and no memories.
///
/// # Errors
/// An index that cannot be read.
pub async fn standing(app: &App, project: &str, but: Option<&str>) -> Result<Option<Value>, Error> {
    let which = Which::NewestBut(but.map(str::to_owned));
    let found = stands(app, project.to_owned(), which, None).await?;
    let Resumed { session, goal, items, failures, files, remembered, tasks, warnings, .. } = found;
    if session.is_none() && remembered.is_empty() && tasks.is_empty() {
        return Ok(None);
    }
    Ok(Some(json!({"remembered": remembered, "last session": session, "goal": goal, "last": items,
                   "failures": failures, "files": files, "tasks": tasks, "warnings": warnings})))
}

fn resume(text: &TextIndex, project: String, which: Which) -> Result<Resumed, Error> {
    let events =
        Filter { kinds: vec![Kind::Event], ..Filter::within(Scope::Projects(vec![project.clone()])) };
    let of_project = text.list(&events, LOOKED_AT, None)?;
    let session = match which {
        Which::This(session) => Some(session),
        Which::NewestBut(but) => {
            let mut sessions = of_project.iter().filter_map(|found| found.hit.session.clone());
            sessions.find(|session| Some(session) != but.as_ref())
        }
    };
    let own = match &session {
        Some(session) => text.list(&Filter { session: Some(session.clone()), ..events }, LOOKED_AT, None)?,
        None => Vec::new(),
    };
    if let (Some(session), true) = (&session, own.is_empty()) {
        return Err(absent("session", "session", session, &[project]));
    }
    let begun = match &session {
        Some(session) => text.stretch(&project, session, 0..BEGINNING)?,
        None => Vec::new(),
    };
    let remembered = Filter {
        kinds: vec![Kind::Memory],
        seen_from: Some(Vec::new()),
        holds_at: Some(Time::now()),
        ..Filter::within(Scope::Projects(vec![project.clone()]))
    };
    let (failures, warnings) = failures(&own);
    let points =
        |found: &[TextHit], most: usize| found.iter().take(most).map(|one| point(&one.hit)).collect();
    Ok(Resumed {
        agent: own.iter().find_map(|found| found.hit.agent.clone()),
        goal: goal(&begun).map(point),
        items: points(&own, LAST),
        failures,
        files: files(&own),
        remembered: points(&text.list(&remembered, REMEMBERED, None)?, REMEMBERED),
        others: others(&of_project, session.as_deref()),
        tasks: Vec::new(),
        warnings,
        degraded: Vec::new(),
        position: Position::default(),
        session,
        project,
    })
}

fn point(hit: &Hit) -> Point {
    Point {
        id: hit.id.clone(),
        time: hit.time,
        of_type: hit.event_type.clone(),
        content: excerpt(&hit.content, "", SHOWN_CHARS),
    }
}

/// The first that somebody asked for, else the first at all.
fn goal(begun: &[TextHit]) -> Option<&Hit> {
    let asked = |hit: &&Hit| {
        hit.event_type.as_deref() == Some("message") && hit.agent.as_deref() != Some("assistant")
    };
    begun.iter().map(|found| &found.hit).find(asked).or(begun.first().map(|found| &found.hit))
}

/// What failed and did not succeed since, by tool, and what failed again and again.
fn failures(newest_first: &[TextHit]) -> (Vec<Point>, Vec<String>) {
    let mut mended: HashSet<&str> = HashSet::new();
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for TextHit { hit, .. } in newest_first {
        let event_type = hit.event_type.as_deref().unwrap_or_default();
        let tool = hit.tool.as_deref().unwrap_or(event_type);
        let failed = hit.outcome.as_deref() == Some("failure") || event_type == "error";
        if hit.outcome.as_deref() == Some("success") {
            mended.insert(tool);
        } else if failed && !mended.contains(tool) {
            *rows.entry(tool).or_default() += 1;
            failures.push(point(hit));
        }
    }
    failures.truncate(FAILURES);
    let often = rows.into_iter().filter(|(_, count)| *count >= IN_A_ROW);
    let warnings =
        often.map(|(tool, count)| format!("{tool} failed {count} times and did not succeed since"));
    (failures, warnings.collect())
}

fn files(newest_first: &[TextHit]) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    for file in newest_first.iter().flat_map(|found| &found.files) {
        if !files.contains(file) && files.len() < FILES {
            files.push(file.clone());
        }
    }
    files
}

fn others(newest_first: &[TextHit], but: Option<&str>) -> Vec<Other> {
    let mut others: Vec<Other> = Vec::new();
    for TextHit { hit, .. } in newest_first {
        let Some(session) = hit.session.as_deref().filter(|session| Some(*session) != but) else { continue };
        if others.len() < OTHERS && !others.iter().any(|other| other.session == session) {
            others.push(Other {
                session: session.to_owned(),
                agent: hit.agent.clone(),
                last_at: hit.time,
                content: excerpt(&hit.content, "", SHOWN_CHARS),
            });
        }
    }
    others
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, tool: &str, outcome: Option<&str>) -> TextHit {
        let hit = Hit {
            id: id.into(),
            kind: Kind::Event,
            score: 0.0,
            name: None,
            content: id.into(),
            time: Time::from_micros(0),
            project: "p".into(),
            session: None,
            agent: None,
            event_type: Some("tool_result".into()),
            tool: Some(tool.into()),
            outcome: outcome.map(str::to_owned),
            sources: vec![],
            parts: None,
        };
        let files = vec![format!("{id}.rs"), "a.rs".into()];
        let (score, parts, names, tags) = Default::default();
        TextHit { hit, files, score, parts, names, tags, cut: false, position: 0, place: None }
    }

    #[test]
    fn what_succeeded_since_did_not_fail() {
        let (fail, well) = (Some("failure"), Some("success"));
        let newest_first = [
            event("6", "ls", fail),
            event("5", "make", well),
            event("4", "make", fail),
            event("3", "ls", None),
            event("2", "ls", fail),
            event("1", "ls", fail),
        ];
        let (failures, warnings) = failures(&newest_first);
        assert_eq!(failures.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["6", "2", "1"]);
        assert_eq!(warnings, ["ls failed 3 times and did not succeed since"]);
        assert_eq!(files(&newest_first)[..3], ["6.rs", "a.rs", "5.rs"]);
    }
}
