//! Rows of the tables as what they tell.

use athena_schemas::tables;

use super::{Procedure, ProcedureRun, Rate};
use crate::steps::Ended;

type Result<T> = std::result::Result<T, serde_json::Error>;

/// A procedure of its row, without its runs.
///
/// # Errors
/// A column that is not the JSON that it was.
pub fn of_row(row: tables::Procedure) -> Result<Procedure> {
    Ok(Procedure {
        steps: serde_json::from_str(&row.steps)?,
        repeats: serde_json::from_str(&row.repeats)?,
        preconditions: serde_json::from_str(&row.preconditions)?,
        variants: serde_json::from_str(&row.variants)?,
        success: Rate::of(row.successes as usize, row.outcomes as usize),
        id: row.id,
        name: row.name,
        category: row.category,
        support: row.support as usize,
        sessions: row.sessions as usize,
        median_duration_ms: row.median_duration_ms,
        examples: row.examples,
        score: row.score,
        by_chance: row.by_chance,
        runs: vec![],
    })
}

/// A run of its row; `number` gives actions their numbers.
///
/// # Errors
/// A column that is not the JSON that it was.
pub fn run_of_row(row: tables::ProcedureRun, mut number: impl FnMut(&str) -> usize) -> Result<ProcedureRun> {
    Ok(ProcedureRun {
        events: row.events.into_iter().map(|id| Some(id).filter(|id| !id.is_empty())).collect(),
        started_at: row.started_at,
        ended_at: row.ended_at,
        duration_ms: row.duration_ms,
        ended: Ended::of(row.outcome.as_deref()),
        failed_at: row.failed_at.and_then(|step| usize::try_from(step).ok()),
        times: serde_json::from_str(&row.times)?,
        also: row.also.iter().map(|action| number(action)).collect(),
        before: row.before.iter().map(|action| number(action)).collect(),
        session: row.session,
    })
}
