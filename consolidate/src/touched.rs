//! The sessions that a run derives anew, and their events, for its statements: `touched` and `happened`.
//!
//! A run over a few sessions must not cost what there is besides: their events are looked up, and read once.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::functions::core::expr_fn::coalesce;
use datafusion::functions::string::expr_fn::concat;
use datafusion::logical_expr::JoinType;
use datafusion::prelude::{Expr, SessionContext, col, lit};
use futures::TryStreamExt;

use crate::procedures::{counted, pieces as in_pieces};
use crate::{Result, statements};

/// So few sessions are looked up by name, and so many of their events, and bytes, are kept at hand. Of more, each
/// statement reads `events`.
pub const SESSIONS: usize = 1_000;
pub const EVENTS: usize = 50_000;
pub const BYTES: usize = 64 << 20;

/// What the session of events without one is called, before the name of their agent.
pub const BY_AGENT: &str = "agent:";

/// What statements read of an event.
pub const COLUMNS: [&str; 14] = [
    "id",
    "time",
    "received_at",
    "position",
    "agent",
    "type",
    "tool",
    "content",
    "outcome",
    "files",
    "tags",
    "attributes",
    "duration_ms",
    "parent",
];

/// Sessions in pieces of which the events are read at once.
pub struct Pieces {
    pub all: Vec<BTreeSet<String>>,
    /// Every session of the project that has events, with how many, where that was counted.
    pub counted: Option<Vec<(String, u64)>>,
}

/// Cuts the sessions into pieces.
pub async fn pieces(context: &SessionContext, sessions: &BTreeSet<String>) -> Result<Pieces> {
    if sessions.len() <= SESSIONS {
        return Ok(Pieces { all: vec![sessions.clone()], counted: None });
    }
    let counted = counted(context, statements::STEP_SESSIONS).await?;
    let mut theirs = counted.clone();
    theirs.retain(|(session, _)| sessions.contains(session));
    let mut left = sessions.clone();
    for (session, _) in &theirs {
        left.remove(session);
    }
    // What has no events any more may have left something behind.
    theirs.extend(left.into_iter().map(|session| (session, 0)));
    Ok(Pieces { all: in_pieces(&theirs), counted: Some(counted) })
}

/// Makes sessions that a run derives anew known to its statements, and their events.
pub async fn touch(context: &SessionContext, sessions: &BTreeSet<String>) -> Result<()> {
    touch_in(context, sessions, context.table("events").await?).await
}

/// The same where all of their events are among these.
pub async fn touch_in(
    context: &SessionContext,
    sessions: &BTreeSet<String>,
    events: DataFrame,
) -> Result<()> {
    context.deregister_table("touched")?;
    context.deregister_table("happened")?;
    context.register_batch("touched", names(sessions)?)?;
    let happened = happened_in(context, sessions, events)?;
    let at_hand = match sessions.len() <= SESSIONS {
        true => at_hand(happened.clone()).await?,
        false => None,
    };
    match at_hand {
        Some(rows) => context.register_table("happened", Arc::new(rows))?,
        None => context.register_table("happened", happened.into_view())?,
    };
    Ok(())
}

pub fn names(sessions: &BTreeSet<String>) -> Result<RecordBatch> {
    let column: ArrayRef = Arc::new(sessions.iter().map(Some).collect::<StringArray>());
    Ok(RecordBatch::try_from_iter([("session", column)])?)
}

/// The events of the sessions. Those without a session belong to one per agent; commands are Athena's own and no
/// evidence.
pub async fn happened(context: &SessionContext, sessions: &BTreeSet<String>) -> Result<DataFrame> {
    happened_in(context, sessions, context.table("events").await?)
}

fn happened_in(
    context: &SessionContext,
    sessions: &BTreeSet<String>,
    events: DataFrame,
) -> Result<DataFrame> {
    let mut events = events.filter(col("type").not_like(lit("athena.%")))?;
    if sessions.len() <= SESSIONS {
        events = events.filter(named(sessions))?;
    }
    let nobody = coalesce(vec![col("agent"), lit("")]);
    let session = coalesce(vec![col("session"), concat(vec![lit(BY_AGENT), nobody])]).alias("session");
    let columns: Vec<Expr> = [session].into_iter().chain(COLUMNS.map(col)).collect();
    let asked = context.read_batch(names(sessions)?)?.select(vec![col("session").alias("asked")])?;
    Ok(events.select(columns)?.join(asked, JoinType::LeftSemi, &["session"], &["asked"], None)?)
}

/// Lets through at least the events of these sessions, by what storage compares.
fn named(sessions: &BTreeSet<String>) -> Expr {
    let own = col("session").in_list(sessions.iter().map(lit).collect(), false);
    let agents: Vec<&str> = sessions.iter().filter_map(|name| name.strip_prefix(BY_AGENT)).collect();
    if agents.is_empty() {
        return own;
    }
    let nobody = col("agent").is_null();
    let by_agent = col("agent").in_list(agents.into_iter().map(lit).collect(), false).or(nobody);
    own.or(col("session").is_null().and(by_agent))
}

/// The rows, unless they are too many to be kept.
async fn at_hand(rows: DataFrame) -> Result<Option<MemTable>> {
    let mut batches = rows.execute_stream().await?;
    let schema = batches.schema();
    let (mut kept, mut events, mut bytes) = (Vec::new(), 0, 0);
    while let Some(batch) = batches.try_next().await? {
        events += batch.num_rows();
        bytes += batch.get_array_memory_size();
        if events > EVENTS || bytes > BYTES {
            return Ok(None);
        }
        kept.push(batch);
    }
    Ok(Some(MemTable::try_new(schema, vec![kept])?))
}
