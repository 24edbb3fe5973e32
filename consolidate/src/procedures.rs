//! Procedures: what recurs in the sessions of a project, with its runs, and what foretells a session's next step.
//!
//! ```text
//! sessions ─▶ steps ─▶ templates ─▶ procedures and their runs ─▶ rows       sessions ─▶ model of the next step ─▶ parts
//! ```
//!
//! A small project is mined as a whole in every run, so that a run is equal to a full one. Of a large one a sample
//! of its sessions is read, and looked through anew only when it has grown by a tenth: see docs/procedures.md.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::DataType;
use athena_learn::next_step::Model;
use athena_learn::procedures::{self, Gone, Known, Mined};
use athena_learn::steps::{Session, StepEvent, Templates, commands, without_injected};
use athena_schemas::tables::{Learned, Procedure, ProcedureRun};
use athena_schemas::{Column, Time, ids};
use datafusion::prelude::SessionContext;
use datafusion::scalar::ScalarValue;
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};

use crate::derive::Deriving;
use crate::{Error, Result, statements};

/// A project with at most so many events is mined as a whole in every run.
const WHOLE: u64 = 20_000;
/// A larger one when it has grown by this part of what it was when it was mined last.
const GROWN: f64 = 0.1;
/// Events that are read at once: of more, a sample of the sessions.
const READ: u64 = 200_000;
/// Events of a session that are one piece: those of an agent that names no session may be very many.
const PIECE: usize = 2_000;
/// Characters of a command, and of what was said or returned, that are read.
const COMMAND_CHARS: i64 = 8_000;
const SAID_CHARS: i64 = 2_000;
/// Actions before and within a run that are kept.
const AROUND: usize = 200;
/// Bytes of a part of a model.
const PART: usize = 1 << 20;

/// Kinds of what is kept beside rows.
const NEXT_STEP: &str = "next_step";
const DISCOVERY: &str = "discovery";

/// What was looked through when the procedures were found.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Discovery {
    /// Events of the project, and of those the ones that were read.
    events: u64,
    read: u64,
}

/// Derives the procedures of the project, their runs, and the model of the next step.
pub async fn derive(deriving: &mut Deriving<'_>) -> Result<()> {
    let counted = sessions(deriving).await?;
    let events = counted.iter().map(|(_, events)| events).sum();
    let learned: Vec<Learned> = deriving.known().await?;
    if !deriving.full && !is_due(events, &learned)? {
        return Ok(());
    }
    forget_superseded(deriving).await?;
    let (chosen, read) = chosen(counted);
    let sessions = read_sessions(deriving.context, &chosen).await?;
    let known: Vec<Procedure> = deriving.known().await?;
    let project = deriving.project.to_owned();
    let before = known.iter().map(as_known).collect::<Result<Vec<_>>>()?;
    let found = tokio::task::spawn_blocking(move || found(&project, &sessions, &before)).await;
    let Found { mined, templates, model } = found.map_err(|error| internal("mining", error))?;
    let runs = run_rows(deriving.project, &mined, &templates);
    let known_runs: Vec<ProcedureRun> = deriving.known().await?;
    deriving.put(known_runs, runs).await?;
    let rows: Vec<_> = mined.procedures.iter().map(|found| procedure_row(deriving.project, found)).collect();
    deriving.put(replaced(known, &mined.gone), rows).await?;
    let discovery = json(&Discovery { events, read });
    let mut parts = parts(deriving.project, NEXT_STEP, &model);
    parts.extend(self::parts(deriving.project, DISCOVERY, &discovery));
    deriving.put(learned, parts).await
}

/// Whether the procedures are to be found anew.
fn is_due(events: u64, learned: &[Learned]) -> Result<bool> {
    let Some(last) = learned.iter().find(|part| part.kind == DISCOVERY) else { return Ok(true) };
    let last: Discovery = serde_json::from_str(&last.body).map_err(|error| internal("discovery", error))?;
    Ok(events <= WHOLE || events as f64 >= last.events as f64 * (1.0 + GROWN))
}

/// The sessions of the project, each with its number of events.
async fn sessions(deriving: &Deriving<'_>) -> Result<Vec<(String, u64)>> {
    let rows = statements::texts(deriving.context, statements::STEP_SESSIONS).await?;
    let counted = |row: Vec<String>| {
        let [session, events] = <[String; 2]>::try_from(row).ok()?;
        Some((session, events.parse().ok()?))
    };
    Ok(rows.into_iter().filter_map(counted).collect())
}

/// The sessions that are read, and their events: all, or a sample chosen by their ids, nearly the same when more come.
fn chosen(counted: Vec<(String, u64)>) -> (BTreeSet<String>, u64) {
    let mut order = counted;
    order.sort_by_cached_key(|(session, _)| ids::text(session));
    let mut read = 0;
    let mut chosen = BTreeSet::new();
    for (session, events) in order {
        if read + events <= READ || chosen.is_empty() {
            read += events;
            chosen.insert(session);
        }
    }
    (chosen, read)
}

/// The events of sessions, in order, at most so many as are read at once.
pub(crate) async fn read_sessions(
    context: &SessionContext,
    chosen: &BTreeSet<String>,
) -> Result<Vec<Session>> {
    let column: ArrayRef = Arc::new(chosen.iter().map(Some).collect::<StringArray>());
    context.deregister_table("chosen")?;
    context.register_batch("chosen", RecordBatch::try_from_iter([("session", column)])?)?;
    let bounds = [COMMAND_CHARS, SAID_CHARS].map(|chars| ScalarValue::Int64(Some(chars)));
    let frame = context.sql(statements::STEP_EVENTS).await?.with_param_values(bounds.to_vec())?;
    let mut batches = frame.execute_stream().await?;
    let mut sessions: Vec<Session> = vec![];
    let mut left = READ;
    while let Some(batch) = batches.try_next().await? {
        for (session, event) in step_events(&batch)? {
            let goes_on = sessions.last().is_some_and(|open| open.id == session && open.events.len() < PIECE);
            if !goes_on {
                sessions.push(Session { id: session, events: vec![] });
            }
            if let (Some(open), true) = (sessions.last_mut(), left > 0) {
                open.events.push(event);
                left -= 1;
            }
        }
    }
    Ok(sessions)
}

/// The rows of a batch of `sql/step_events.sql`, without what Athena itself put into what was said.
fn step_events(batch: &RecordBatch) -> Result<Vec<(String, StepEvent)>> {
    let column = |name: &str, of_type: &DataType| {
        Ok::<_, Error>(arrow::compute::cast(batch.column(batch.schema().index_of(name)?), of_type)?)
    };
    let text = |name: &str| column(name, &DataType::Utf8);
    let (session, id, agent, kind) = (text("session")?, text("id")?, text("agent")?, text("type")?);
    let (tool, content, outcome, parent) =
        (text("tool")?, text("content")?, text("outcome")?, text("parent")?);
    let time = column("time", &<Time as Column>::data_type())?;
    let duration = column("duration_ms", &DataType::Int64)?;
    let optional = |array: &ArrayRef, row| <Option<String> as Column>::read(array, row);
    let event = |row| StepEvent {
        id: <String as Column>::read(&id, row),
        time: <Time as Column>::read(&time, row),
        agent: optional(&agent, row),
        r#type: <String as Column>::read(&kind, row),
        tool: optional(&tool, row),
        content: optional(&content, row).map(|content| without_injected(&content).into_owned()),
        outcome: optional(&outcome, row),
        duration_ms: <Option<i64> as Column>::read(&duration, row),
        parent: optional(&parent, row),
    };
    Ok((0..batch.num_rows()).map(|row| (<String as Column>::read(&session, row), event(row))).collect())
}

/// What mining gives.
struct Found {
    mined: Mined,
    templates: Templates,
    /// The model of the next step, as JSON.
    model: String,
}

fn found(project: &str, sessions: &[Session], known: &[Known]) -> Found {
    let templates = Templates::mine(&commands(sessions));
    let mined = procedures::mine(project, sessions, &templates, known);
    let model = Model::learn(templates.clone(), sessions);
    // Where nothing was done, nothing is foretold.
    let model = if model.is_empty() { String::new() } else { json(&model) };
    Found { mined, templates, model }
}

fn as_known(row: &Procedure) -> Result<Known> {
    let steps: Vec<procedures::ProcedureStep> =
        serde_json::from_str(&row.steps).map_err(|error| internal("steps", error))?;
    Ok(Known { id: row.id.clone(), actions: steps.into_iter().map(|step| step.action).collect() })
}

/// What was known, with what took the place of those that are gone.
fn replaced(known: Vec<Procedure>, gone: &[Gone]) -> Vec<Procedure> {
    let heir = |id: &str| gone.iter().find(|gone| gone.id == id)?.replaced_by.clone();
    known.into_iter().map(|row| Procedure { replaced_by: heir(&row.id), ..row }).collect()
}

fn procedure_row(project: &str, found: &procedures::Procedure) -> Procedure {
    let success = found.success;
    Procedure {
        id: found.id.clone(),
        project: project.to_owned(),
        name: found.name.clone(),
        category: found.category.clone(),
        steps: json(&found.steps),
        repeats: json(&found.repeats),
        support: found.support as i64,
        sessions: found.sessions as i64,
        successes: success.map_or(0, |rate| rate.successes as i64),
        outcomes: success.map_or(0, |rate| rate.of as i64),
        success_rate: success.map(|rate| rate.value),
        success_low: success.map(|rate| rate.low),
        success_high: success.map(|rate| rate.high),
        median_duration_ms: found.median_duration_ms,
        preconditions: json(&found.preconditions),
        variants: json(&found.variants),
        examples: found.examples.clone(),
        last_run_at: found.runs.iter().map(|run| run.ended_at).max(),
        score: found.score,
        by_chance: found.by_chance,
        ..Procedure::default()
    }
}

fn run_rows(project: &str, mined: &Mined, templates: &Templates) -> Vec<ProcedureRun> {
    let rows = mined.procedures.iter().flat_map(|procedure| {
        procedure.runs.iter().map(|run| run_row(project, &procedure.id, run, templates))
    });
    rows.collect()
}

fn run_row(
    project: &str,
    procedure: &str,
    run: &procedures::ProcedureRun,
    templates: &Templates,
) -> ProcedureRun {
    let first = run.events.iter().flatten().next().cloned().unwrap_or_default();
    let named = |actions: &[usize]| {
        let distinct: BTreeSet<usize> = actions.iter().copied().collect();
        let names = distinct.into_iter().filter_map(|at| templates.templates.get(at));
        names.take(AROUND).map(|template| template.action.clone()).collect()
    };
    ProcedureRun {
        id: ids::short("pu-", &[project, procedure, &run.session, &first]),
        project: project.to_owned(),
        procedure: procedure.to_owned(),
        session: run.session.clone(),
        events: run.events.iter().map(|event| event.clone().unwrap_or_default()).collect(),
        started_at: run.started_at,
        ended_at: run.ended_at,
        duration_ms: run.duration_ms,
        outcome: run.ended.map(|ended| procedures::outcome(Some(ended)).to_owned()),
        failed_at: run.failed_at.map(|step| step as i64),
        times: json(&run.times),
        also: named(&run.also),
        before: named(&run.before),
        ..ProcedureRun::default()
    }
}

/// A text as rows, cut where characters end.
fn parts(project: &str, kind: &str, body: &str) -> Vec<Learned> {
    let mut parts = vec![];
    let mut rest = body;
    while !rest.is_empty() {
        let (part, after) = rest.split_at(rest.floor_char_boundary(PART.min(rest.len())));
        parts.push(Learned {
            id: format!("{kind}-{:04}", parts.len()),
            project: project.to_owned(),
            kind: kind.to_owned(),
            part: parts.len() as i64,
            body: part.to_owned(),
            ..Learned::default()
        });
        rest = after;
    }
    parts
}

/// Removes versions of models that a later complete run has replaced: they are large, and nobody reads them.
async fn forget_superseded(deriving: &Deriving<'_>) -> Result<()> {
    let frame = deriving.context.sql(statements::SUPERSEDED_MODELS).await?;
    for batch in frame.collect().await? {
        let column = |at: usize| arrow::compute::cast(batch.column(at), &DataType::Utf8);
        let keys: [(&str, ArrayRef); 2] = [("id", column(0)?), ("run", column(1)?)];
        deriving.store.derived::<Learned>().remove(RecordBatch::try_from_iter(keys)?, &["id", "run"]).await?;
    }
    Ok(())
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data is JSON")
}

fn internal(what: &str, error: impl std::fmt::Display) -> Error {
    athena_schemas::Error::internal(format!("{what}: {error}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_put_together_again() {
        let body = "é".repeat(PART);
        let parts = parts("p", NEXT_STEP, &body);
        assert_eq!(parts.len(), 2);
        assert!(parts.iter().all(|part| part.body.len() <= PART));
        assert_eq!(parts.iter().map(|part| part.body.as_str()).collect::<String>(), body);
    }

    #[test]
    fn a_sample_is_of_whole_sessions_and_bounded() {
        let counted: Vec<_> = (0..100).map(|number| (format!("s{number}"), READ / 10)).collect();
        let (sample, read) = chosen(counted.clone());
        assert_eq!((sample.len(), read), (10, READ));
        let (all, _) = chosen(counted[..5].to_vec());
        assert_eq!(all.len(), 5);
        let (one, _) = chosen(vec![("huge".into(), 10 * READ)]);
        assert_eq!(one.len(), 1, "what is read of it is bounded");
    }

    #[test]
    fn small_projects_are_always_due_and_large_ones_when_they_have_grown() {
        let discovery = |events| {
            let body = json(&Discovery { events, read: events });
            vec![Learned { kind: DISCOVERY.into(), body, ..Learned::default() }]
        };
        assert!(is_due(1, &[]).unwrap() && is_due(WHOLE, &discovery(WHOLE)).unwrap());
        assert!(!is_due(10 * WHOLE + 1_000, &discovery(10 * WHOLE)).unwrap());
        assert!(is_due(11 * WHOLE, &discovery(10 * WHOLE)).unwrap());
    }
}
