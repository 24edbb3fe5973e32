//! The SQL files, and rows in the shape that the tables declare.

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::SchemaRef;
use athena_schemas::Row;
use athena_schemas::tables::DERIVED;
use athena_store::{Scope, Snapshot, SqlOptions};
use datafusion::dataframe::DataFrame;
use datafusion::prelude::SessionContext;

use crate::Result;

pub const MARKED: &str = include_str!("../sql/marked.sql");
pub const EVERY_SESSION: &str = include_str!("../sql/every_session.sql");
pub const BASE: &str = include_str!("../sql/base.sql");
pub const PROJECTS: &str = include_str!("../sql/projects.sql");
pub const EVENTS: &str = include_str!("../sql/events.sql");
pub const HAPPENED_SESSIONS: &str = include_str!("../sql/happened_sessions.sql");
pub const STEP_SESSIONS: &str = include_str!("../sql/step_sessions.sql");
pub const STEP_EVENTS: &str = include_str!("../sql/step_events.sql");
pub const TOUCHED: &str = include_str!("../sql/touched.sql");
pub const RUNS_ELSEWHERE: &str = include_str!("../sql/runs_elsewhere.sql");
pub const SUPERSEDED_MODELS: &str = include_str!("../sql/superseded_models.sql");
pub const SPOKEN: &str = include_str!("../sql/spoken.sql");
pub const TOLD: &str = include_str!("../sql/told.sql");
pub const STATED_ELSEWHERE: &str = include_str!("../sql/stated_elsewhere.sql");
pub const REJECTED: &str = include_str!("../sql/rejected.sql");
pub const ORPHANS: &str = include_str!("../sql/orphans.sql");

pub const JUDGED: &str = include_str!("../sql/judged.sql");
pub const SETTLED: &str = include_str!("../sql/settled.sql");
pub const TOUCHED_EVENTS: &str = include_str!("../sql/touched_events.sql");
pub const SPOKEN_AGAINST: &str = include_str!("../sql/spoken_against.sql");

/// A session over a snapshot, of one project or all.
pub async fn session(
    snapshot: &Snapshot,
    project: Option<&str>,
    options: &SqlOptions,
) -> Result<SessionContext> {
    let scope = project.map_or(Scope::All, |project| Scope::Projects(vec![project.to_owned()]));
    Ok(snapshot.session(&scope, None, options).await?)
}

/// Makes which runs have written derived rows known to statements, as `written`.
pub async fn tell_written(context: &SessionContext) -> Result<()> {
    let mut all: Option<DataFrame> = None;
    for table in DERIVED {
        let versions = context.table(format!("{}_versions", table.name)).await?;
        let runs = versions.select_columns(&["run", "project"])?;
        all = Some(match all {
            Some(others) => others.union(runs)?,
            None => runs,
        });
    }
    if let Some(all) = all {
        context.register_table("written", all.into_view())?;
    }
    Ok(())
}

/// All rows of a statement whose columns are those of a table.
pub async fn rows<R: Row>(context: &SessionContext, statement: &str) -> Result<Vec<R>> {
    typed(context.sql(statement).await?).await
}

/// All rows of a frame that has the columns of a table.
pub async fn typed<R: Row>(frame: DataFrame) -> Result<Vec<R>> {
    let batches = frame.collect().await?;
    let mut rows = Vec::new();
    for batch in &batches {
        rows.extend(R::rows(&conform(batch, &R::TABLE.schema())?)?);
    }
    Ok(rows)
}

/// The text columns of a statement, row by row; null is empty.
pub async fn texts(context: &SessionContext, statement: &str) -> Result<Vec<Vec<String>>> {
    cells(context.sql(statement).await?).await
}

/// The same of a frame.
pub async fn cells(frame: DataFrame) -> Result<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    for batch in frame.collect().await? {
        for row in 0..batch.num_rows() {
            let cell = |column: &ArrayRef| arrow::util::display::array_value_to_string(column, row);
            rows.push(batch.columns().iter().map(cell).collect::<std::result::Result<_, _>>()?);
        }
    }
    Ok(rows)
}

/// The batch with the columns of `schema`, in its types: the engine may answer in views or dictionaries.
pub fn conform(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let mut columns = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        let index = batch.schema().index_of(field.name())?;
        columns.push(arrow::compute::cast(batch.column(index), field.data_type())?);
    }
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}
