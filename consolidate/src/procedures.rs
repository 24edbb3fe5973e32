//! Procedures: what recurs in the sessions of a project, with its runs, and what foretells a session's next step.
//!
//! ```text
//! sessions ─▶ steps ─▶ templates ─▶ procedures and their runs ─▶ rows       sessions ─▶ model of the next step ─▶ parts
//! ```
//!
//! A small project is mined as a whole in every run, so that a run is equal to a full one. Of a large one a sample
//! of its sessions is mined, anew only when it has grown by a tenth; what was found is counted in all sessions, and
//! again in each that changes: see docs/procedures.md.

mod read;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::DataType;
use athena_learn::next_step::Model;
use athena_learn::procedures::{self, Finder, Known, Mined};
use athena_learn::steps::{Session, Templates, commands, steps_of_all};
use athena_schemas::Row;
use athena_schemas::tables::{Learned, Procedure, ProcedureRun};
use datafusion::prelude::{SessionContext, col, lit};
use serde::{Deserialize, Serialize};

use crate::derive::Deriving;
use crate::touched::happened;
use crate::{Error, Result, statements};
use read::{all_events, chosen};
pub(crate) use read::{counted, pieces, read_sessions};
use rows::{as_known, procedure_row, replaced, run_row, run_rows};

/// A large project is mined anew when it has grown by this part of what it was when it was mined last.
const GROWN: f64 = 0.1;
/// Bytes of a part of a model.
const PART: usize = 1 << 20;

/// Kinds of what is kept beside rows.
const NEXT_STEP: &str = "next_step";
const DISCOVERY: &str = "discovery";

/// What procedures were found in, and what finds them in further sessions.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Discovery {
    /// Events of the project then, and of those the ones that were read.
    events: u64,
    read: u64,
    /// Of a large project: ids of the procedures, in the finder's order, and what they are made of.
    procedures: Vec<String>,
    finder: Finder,
    templates: Templates,
}

/// Derives the procedures of the project, their runs, and the model of the next step.
pub async fn derive(deriving: &mut Deriving<'_>) -> Result<()> {
    let events = match (deriving.events, deriving.counted) {
        (Some(events), _) => events,
        (None, Some(counted)) => counted.iter().map(|(_, events)| events).sum(),
        (None, None) => all_events(deriving.context).await?,
    };
    deriving.events = Some(events);
    let is_whole = events <= deriving.options.whole_events;
    if !is_whole
        && !deriving.full
        && let Some(last) = last_discovery(deriving.context).await?.filter(|last| !last.is_due(events))
    {
        return follow(deriving, last).await;
    }
    let counted = match deriving.counted {
        Some(counted) => counted.to_vec(),
        None => counted(deriving.context, statements::STEP_SESSIONS).await?,
    };
    discover(deriving, counted, is_whole).await
}

impl Discovery {
    /// Whether the project has grown enough to be looked through anew. Of a small one nothing is kept to go on from.
    fn is_due(&self, events: u64) -> bool {
        let grown = events.saturating_sub(self.events) as f64;
        self.templates.templates.is_empty() || grown >= self.events as f64 * GROWN
    }
}

async fn last_discovery(context: &SessionContext) -> Result<Option<Discovery>> {
    let parts = context.table(Learned::TABLE.name).await?.filter(col("kind").eq(lit(DISCOVERY)))?;
    discovery(statements::typed(parts.with_column("deleted", lit(false))?).await?)
}

/// What its parts say.
fn discovery(mut parts: Vec<Learned>) -> Result<Option<Discovery>> {
    parts.sort_by_key(|part| part.part);
    if parts.is_empty() {
        return Ok(None);
    }
    let body: String = parts.into_iter().map(|part| part.body).collect();
    serde_json::from_str(&body).map(Some).map_err(|error| Error::internal("discovery", error))
}

/// Finds the procedures: in all sessions, or of a large project in a sample, to be counted in all.
async fn discover(deriving: &mut Deriving<'_>, counted: Vec<(String, u64)>, is_whole: bool) -> Result<()> {
    forget_superseded(deriving).await?;
    let events = counted.iter().map(|(_, events)| events).sum();
    let (chosen, read) = chosen(counted.clone());
    let sessions = read_sessions(deriving.context, happened(deriving.context, &chosen).await?).await?;
    let learned: Vec<Learned> = deriving.known().await?;
    let known: Vec<Procedure> = deriving.known().await?;
    let project = deriving.project.to_owned();
    let before = known.iter().map(as_known).collect::<Result<Vec<_>>>()?;
    let found = tokio::task::spawn_blocking(move || found(&project, &sessions, &before)).await;
    let Found { mut mined, templates, model } = found.map_err(|error| Error::internal("mining", error))?;
    let mut discovery = Discovery { events, read, ..Discovery::default() };
    let templates = match is_whole {
        true => Arc::new(templates),
        false => {
            let finder = Arc::new(std::mem::take(&mut mined.finder));
            let templates = Arc::new(templates);
            let runs = everywhere(deriving, (&counted, false), &finder, &templates).await?;
            for (procedure, runs) in mined.procedures.iter_mut().zip(runs) {
                procedures::recount(procedure, &runs);
                procedure.runs = runs;
            }
            discovery.procedures = mined.procedures.iter().map(|found| found.id.clone()).collect();
            discovery.finder = Finder::clone(&finder);
            discovery.templates = Templates::clone(&templates);
            templates
        }
    };
    let runs = mined.procedures.iter().flat_map(|found| run_rows(deriving.project, found, &templates));
    let runs: Vec<ProcedureRun> = runs.collect();
    if let [touched] = deriving.pieces {
        let own = runs.iter().filter(|run| touched.contains(&run.session));
        deriving.ran = own.flat_map(|run| run.events.iter().cloned()).collect();
    }
    let known_runs: Vec<ProcedureRun> = deriving.known().await?;
    deriving.put(known_runs, runs).await?;
    let rows: Vec<_> = mined.procedures.iter().map(|found| procedure_row(deriving.project, found)).collect();
    deriving.put(replaced(known, &mined.gone), rows).await?;
    let mut parts = parts(deriving.project, NEXT_STEP, &model);
    parts.extend(self::parts(deriving.project, DISCOVERY, &json(&discovery)));
    deriving.put(learned, parts).await
}

/// Counts the procedures of a large project in the sessions that were touched, without finding them anew.
async fn follow(deriving: &mut Deriving<'_>, last: Discovery) -> Result<()> {
    let again = counted(deriving.context, statements::HAPPENED_SESSIONS).await?;
    let (finder, templates) = (Arc::new(last.finder), Arc::new(last.templates));
    let found = everywhere(deriving, (&again, true), &finder, &templates).await?;
    let known: Vec<ProcedureRun> = deriving.known_of_touched(&[]).await?;
    let mut runs: Vec<ProcedureRun> = vec![];
    for (id, found) in last.procedures.iter().zip(&found) {
        runs.extend(found.iter().map(|run| run_row(deriving.project, id, run, &templates)));
    }
    deriving.ran = runs.iter().flat_map(|run| run.events.iter().cloned()).collect();
    let recounted: BTreeSet<String> = known.iter().chain(&runs).map(|run| run.procedure.clone()).collect();
    deriving.put(known, runs.iter().cloned()).await?;
    if !deriving.wrote(ProcedureRun::TABLE.name) {
        return Ok(());
    }
    recount(deriving, &recounted, runs).await
}

/// Tells of these procedures what their runs tell: `runs` are those in the sessions that were touched.
async fn recount(
    deriving: &mut Deriving<'_>,
    recounted: &BTreeSet<String>,
    mut runs: Vec<ProcedureRun>,
) -> Result<()> {
    let ids: ArrayRef = Arc::new(recounted.iter().map(Some).collect::<StringArray>());
    deriving.context.deregister_table("recounted")?;
    deriving.context.register_batch("recounted", RecordBatch::try_from_iter([("id", ids)])?)?;
    runs.extend(statements::rows::<ProcedureRun>(deriving.context, statements::RUNS_ELSEWHERE).await?);
    let mut of: BTreeMap<String, Vec<procedures::ProcedureRun>> = BTreeMap::new();
    for run in runs {
        let procedure = run.procedure.clone();
        let told = procedures::run_of_row(run, |_| 0).map_err(|error| Error::internal("a run", error))?;
        of.entry(procedure).or_default().push(told);
    }
    let mut known: Vec<Procedure> = deriving.known().await?;
    known.retain(|row| recounted.contains(&row.id));
    let mut rows = vec![];
    for row in &known {
        let mut procedure =
            procedures::of_row(row.clone()).map_err(|error| Error::internal("a procedure", error))?;
        let mut runs = of.remove(&row.id).unwrap_or_default();
        in_order(&mut runs);
        procedures::recount(&mut procedure, &runs);
        procedure.runs = runs;
        rows.push(procedure_row(deriving.project, &procedure));
    }
    deriving.put(known, rows).await
}

/// For each procedure of the finder its runs in these sessions, of which a bounded part is read at once; whether they
/// are those that were touched.
async fn everywhere(
    deriving: &Deriving<'_>,
    (counted, touched): (&[(String, u64)], bool),
    finder: &Arc<Finder>,
    templates: &Arc<Templates>,
) -> Result<Vec<Vec<procedures::ProcedureRun>>> {
    let mut all: Vec<Vec<procedures::ProcedureRun>> = vec![];
    let pieces = pieces(counted);
    for piece in &pieces {
        let events = match touched && pieces.len() == 1 {
            true => deriving.context.table("happened").await?,
            false => happened(deriving.context, piece).await?,
        };
        let sessions = read_sessions(deriving.context, events).await?;
        let (finder, templates) = (finder.clone(), templates.clone());
        let found = tokio::task::spawn_blocking(move || finder.runs(&sessions, &templates)).await;
        let found = found.map_err(|error| Error::internal("finding runs", error))?;
        all.resize_with(found.len(), Vec::new);
        all.iter_mut().zip(found).for_each(|(all, found)| all.extend(found));
    }
    all.iter_mut().for_each(|runs| in_order(runs));
    Ok(all)
}

/// The order that figures are told in, whatever order runs were found in.
fn in_order(runs: &mut [procedures::ProcedureRun]) {
    runs.sort_by(|a, b| (&a.session, a.started_at, &a.events).cmp(&(&b.session, b.started_at, &b.events)));
}

/// What mining gives.
struct Found {
    mined: Mined,
    templates: Templates,
    /// The model of the next step, as JSON.
    model: String,
}

fn found(project: &str, sessions: &[Session], known: &[Known]) -> Found {
    let commands = commands(sessions);
    let (templates, actions) = Templates::mine_actions(&commands);
    let steps = steps_of_all(&actions, sessions);
    let mined = procedures::mine(project, (sessions, &steps), &templates, known);
    let model = Model::learn(templates.clone(), sessions, steps);
    // Where nothing was done, nothing is foretold.
    let model = if model.is_empty() { String::new() } else { json(&model) };
    Found { mined, templates, model }
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
    fn large_projects_are_due_when_they_have_grown() {
        let small = Discovery { events: 100, ..Discovery::default() };
        assert!(small.is_due(101), "nothing is kept to go on from");
        let commands = [(("Bash".to_owned(), "ls".to_owned()), 1)].into();
        let large = Discovery { templates: Templates::mine(&commands), ..small };
        assert!(!large.is_due(109) && large.is_due(110));
        let parts = parts("p", DISCOVERY, &json(&large));
        assert_eq!(discovery(parts).unwrap().unwrap().events, 100);
        assert!(discovery(vec![]).unwrap().is_none());
    }
}
