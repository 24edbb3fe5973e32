//! What was found as rows of the tables, and back.

use std::collections::BTreeSet;

use athena_learn::procedures::{self, Gone, Known};
use athena_learn::steps::Templates;
use athena_schemas::ids;
use athena_schemas::tables::{Procedure, ProcedureRun};

use super::json;
use crate::{Error, Result};

/// Actions before and within a run that are kept.
const AROUND: usize = 200;

/// What a procedure was known by.
pub fn as_known(row: &Procedure) -> Result<Known> {
    let steps: Vec<procedures::ProcedureStep> =
        serde_json::from_str(&row.steps).map_err(|error| Error::internal("steps", error))?;
    Ok(Known { id: row.id.clone(), actions: steps.into_iter().map(|step| step.action).collect() })
}

/// What was known, with what took the place of those that are gone.
pub fn replaced(known: Vec<Procedure>, gone: &[Gone]) -> Vec<Procedure> {
    let heir = |id: &str| gone.iter().find(|gone| gone.id == id)?.replaced_by.clone();
    known.into_iter().map(|row| Procedure { replaced_by: heir(&row.id), ..row }).collect()
}

/// A procedure as a row.
pub fn procedure_row(project: &str, found: &procedures::Procedure) -> Procedure {
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

/// The runs of a procedure as rows.
pub fn run_rows(project: &str, found: &procedures::Procedure, templates: &Templates) -> Vec<ProcedureRun> {
    found.runs.iter().map(|run| run_row(project, &found.id, run, templates)).collect()
}

/// A run as a row.
pub fn run_row(
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
