//! One statement: read-only, on one snapshot, bounded in time, rows and memory.
//!
//! ```text
//! statement ─▶ plan (refused unless it only reads) ─▶ batches, up to the limit and the deadline ─▶ answer
//! ```
//!
//! Those of callers are planned and run on threads of their own (`apart.rs`), our own where they are asked for.

mod apart;
mod bounds;
mod joined;
mod kept;
mod lanes;
mod mistake;
mod params;
mod saved;
mod sessions;
mod sized;
pub mod text;
pub mod value;

use std::pin::pin;
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use athena_schemas::wire::Sql;
use athena_schemas::{Applied, Code, Error, Time};
use athena_store::{At, Scope, Snapshot, SqlOptions};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::{DataFrame, SessionContext};
use datafusion::scalar::ScalarValue;
use futures::{Stream, StreamExt, TryStreamExt};
use serde_json::Value;
use tokio::time::timeout_at;
use tokio_util::sync::DropGuard;

pub use kept::{Answers, Reads, ask_kept};
pub use lanes::{Lanes, NewLane};
pub use saved::{add, names, saved};
pub use sessions::Sessions;

use crate::who::Caller;
use crate::{App, time_args};

/// Bounds of statements.
#[derive(Debug, Clone)]
pub struct SqlLimits {
    /// Of all statements together.
    pub memory_bytes: usize,
    pub timeout: Duration,
    pub max_rows: usize,
    /// Threads of one statement.
    pub partitions: usize,
}

impl Default for SqlLimits {
    fn default() -> Self {
        Self { memory_bytes: 256 << 20, timeout: Duration::from_secs(30), max_rows: 100_000, partitions: 2 }
    }
}

impl SqlLimits {
    /// What sessions are made with: one pool for all, and nothing spilled to disk.
    pub fn session_options(&self) -> Result<SqlOptions, Error> {
        let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_limit(self.memory_bytes, 1.0)
            .with_disk_manager_builder(disk)
            .build_arc()
            .map_err(|error| Error::internal(format!("memory pool: {error}")))?;
        Ok(SqlOptions::new(runtime, self.partitions.max(1)))
    }
}

/// A statement that runs. Its rows come in batches; dropping it stops it.
pub struct Running {
    pub schema: SchemaRef,
    batches: SendableRecordBatchStream,
    /// Rows that may still come.
    left: usize,
    /// There were more rows than the limit.
    pub truncated: bool,
    deadline: Instant,
    timeout: Duration,
    memory: MemoryReservation,
    /// Of one that runs on threads of its own: it is given up with this.
    _lane: Option<DropGuard>,
}

/// Starts a statement as `caller`: what was acknowledged to anybody before in its projects is seen.
///
/// # Errors
/// `invalid_argument` with line and column of the mistake; what is not a read; `resource_exhausted`.
pub async fn start(app: &App, caller: &Caller, sql: &Sql) -> Result<Running, Error> {
    let scope = caller.scope(sql.project.as_deref(), &sql.projects)?;
    let at = sql.at.as_ref().map(moment).transpose()?;
    let limit = match sql.limit {
        Some(0) => return Err(Error::invalid("limit", "limit is at least 1")),
        Some(limit) => limit.min(app.options.sql.max_rows),
        None => app.options.sql.max_rows,
    };
    bounds::check(&sql.sql)?;
    let params = params::values(&sql.params)?;
    app.wait_until_seen(&scope, None).await;
    let mut context = match &at {
        None => session(app, &scope).await?,
        at => own_session(app, &scope, at.as_ref()).await?,
    };
    let mut views = Vec::new();
    if saved::named(&context, &sql.sql) {
        context = own_session(app, &scope, at.as_ref()).await?;
        views = saved::saved(app, &scope).await?;
    }
    apart::run(app, apart::Statement { context, views, sql: sql.sql.clone(), params, limit }).await
}

/// Rows of one of our own statements, as Athena's own code asks them.
///
/// # Errors
/// Storage, or bounds.
pub async fn ask(
    app: &App,
    scope: &Scope,
    statement: &str,
    params: &[Value],
    limit: usize,
) -> Result<Vec<RecordBatch>, Error> {
    app.wait_until_seen(scope, None).await;
    let context = session(app, scope).await?;
    ask_in(app, &context, statement, params, limit).await
}

/// The same in a session at hand: of several statements, which then see the same.
///
/// # Errors
/// As [`ask`].
pub async fn ask_in(
    app: &App,
    context: &SessionContext,
    statement: &str,
    params: &[Value],
    limit: usize,
) -> Result<Vec<RecordBatch>, Error> {
    let mut running = run(app, context, statement, params::values(params)?, limit).await?;
    running.collect().await
}

/// The same over a snapshot at hand, as a stream.
///
/// # Errors
/// As [`ask`].
pub async fn over(
    app: &App,
    snapshot: &Snapshot,
    scope: &Scope,
    statement: &str,
    params: &[Value],
    limit: usize,
) -> Result<Running, Error> {
    let context = snapshot.session(scope, None, &app.sql).await?;
    run(app, &context, statement, params::values(params)?, limit).await
}

/// A session for all that a project has of something, which goes by in batches and is not kept as it is: on one thread, and
/// without the bounds of statements that callers make.
///
/// # Errors
/// Storage.
pub async fn whole(app: &App, scope: &Scope) -> Result<SessionContext, Error> {
    app.wait_until_seen(scope, None).await;
    Ok(app.store.snapshot().session(scope, None, SqlOptions::own()).await?)
}

/// The batches of one of our own statements there.
///
/// # Errors
/// Storage.
pub async fn batches(
    context: &SessionContext,
    statement: &str,
) -> Result<impl Stream<Item = Result<RecordBatch, Error>> + Unpin + use<>, Error> {
    let frame = context.sql(statement).await.map_err(|error| mistake::told(&error))?;
    let batches = frame.execute_stream().await.map_err(|error| mistake::told(&error))?;
    Ok(batches.map_err(|error| mistake::told(&error)))
}

/// Tables and views as they are known, limited to `scope`. Others have the same session: nothing may be added to it.
///
/// # Errors
/// Storage.
pub async fn session(app: &App, scope: &Scope) -> Result<SessionContext, Error> {
    session_of(app, &app.store.snapshot(), scope).await
}

async fn session_of(app: &App, snapshot: &Snapshot, scope: &Scope) -> Result<SessionContext, Error> {
    if let Some(session) = app.sessions.get(snapshot, scope) {
        return Ok(session);
    }
    let session = made(app, snapshot, scope, None).await?;
    app.sessions.put(snapshot, scope, session.clone());
    Ok(session)
}

/// Tables and views as they are known, or were at a time, limited to `scope`: in a session of its own.
///
/// # Errors
/// Storage.
pub async fn own_session(app: &App, scope: &Scope, at: Option<&At>) -> Result<SessionContext, Error> {
    made(app, &app.store.snapshot(), scope, at).await
}

async fn made(
    app: &App,
    snapshot: &Snapshot,
    scope: &Scope,
    at: Option<&At>,
) -> Result<SessionContext, Error> {
    let context = snapshot.session(scope, at, &app.sql).await?;
    // Mistakes are told with where they are.
    context.state_ref().write().config_mut().options_mut().sql_parser.collect_spans = true;
    sized::bound(&context);
    Ok(context)
}

async fn run(
    app: &App,
    context: &SessionContext,
    statement: &str,
    params: Vec<ScalarValue>,
    limit: usize,
) -> Result<Running, Error> {
    let timeout = app.options.sql.timeout;
    let deadline = Instant::now() + timeout;
    let planned =
        async { limited(context, plan(context, statement, params).await?, limit)?.execute_stream().await };
    let batches = timeout_at(deadline.into(), planned)
        .await
        .map_err(|_| too_slow(timeout))?
        .map_err(|error| mistake::told(&error))?;
    Ok(Running::of(app, batches, limit, deadline))
}

/// What a statement means, if it only reads.
async fn plan(
    context: &SessionContext,
    statement: &str,
    params: Vec<ScalarValue>,
) -> datafusion::error::Result<LogicalPlan> {
    let plan = context.state().create_logical_plan(statement).await?;
    let reads = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    reads.verify_plan(&plan)?;
    plan.with_param_values(params)
}

/// One row more than the limit tells whether there are more.
fn limited(
    context: &SessionContext,
    plan: LogicalPlan,
    limit: usize,
) -> datafusion::error::Result<DataFrame> {
    let whole = matches!(plan, LogicalPlan::Explain(_) | LogicalPlan::Analyze(_));
    let frame = DataFrame::new(context.state(), plan);
    if whole { Ok(frame) } else { frame.limit(0, Some(limit.saturating_add(1))) }
}

impl Running {
    fn of(app: &App, batches: SendableRecordBatchStream, limit: usize, deadline: Instant) -> Self {
        Self {
            schema: batches.schema(),
            batches,
            left: limit,
            truncated: false,
            deadline,
            timeout: app.options.sql.timeout,
            memory: MemoryConsumer::new("answer").register(&app.sql.runtime.memory_pool),
            _lane: None,
        }
    }

    /// The next rows; `None` at the end or at the limit.
    ///
    /// # Errors
    /// The deadline; what went wrong while it ran.
    pub async fn next(&mut self) -> Result<Option<RecordBatch>, Error> {
        loop {
            let next = pin!(self.batches.next());
            let batch = match timeout_at(self.deadline.into(), next).await {
                Err(_) => return Err(too_slow(self.timeout)),
                // One that is stopped at the deadline breaks off.
                Ok(Some(Err(_))) if self.deadline <= Instant::now() => return Err(too_slow(self.timeout)),
                Ok(None) => return Ok(None),
                Ok(Some(batch)) => batch.map_err(|error| mistake::told(&error))?,
            };
            let rows = batch.num_rows().min(self.left);
            self.truncated |= rows < batch.num_rows();
            self.left -= rows;
            match (rows, self.truncated) {
                (0, true) => return Ok(None),
                (0, false) => {}
                _ => return Ok(Some(batch.slice(0, rows))),
            }
        }
    }

    /// All rows, accounted for in the pool as long as this lives.
    ///
    /// # Errors
    /// As `next`; `resource_exhausted` when the answer is larger than the pool.
    pub async fn collect(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let mut batches = Vec::new();
        while let Some(batch) = self.next().await? {
            self.memory.try_grow(bytes(&batch)).map_err(|error| mistake::told(&error))?;
            batches.push(batch);
        }
        Ok(batches)
    }
}

/// What the rows take, whatever larger buffers they are slices of.
fn bytes(batch: &RecordBatch) -> usize {
    batch.columns().iter().map(|column| column.to_data().get_slice_memory_size().unwrap_or_default()).sum()
}

fn too_slow(timeout: Duration) -> Error {
    Error::new(Code::ResourceExhausted, format!("the statement took longer than {} ms", timeout.as_millis()))
        .hint("narrow it by project, time or session, or raise sql.timeout_ms")
}

/// A time, an age, or a position.
fn moment(value: &Value) -> Result<At, Error> {
    let position = |value: &Value| serde_json::from_value::<Applied>(value.clone()).ok().map(At::Position);
    let read = match value {
        Value::String(text) if text.trim_start().starts_with('{') => {
            serde_json::from_str(text).ok().and_then(|value| position(&value))
        }
        Value::String(text) => return Ok(At::Time(time_args::instant("at", text, Time::now())?)),
        Value::Number(_) => serde_json::from_value(value.clone()).ok().map(At::Time),
        other => position(other),
    };
    read.ok_or_else(|| {
        Error::invalid("at", "neither a time nor a position")
            .hint("RFC 3339, an age such as 2h, or a position")
    })
}
