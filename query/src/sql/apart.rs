//! A statement of a caller, planned and run on a lane (`lanes.rs`), which hands its rows over a batch at a time.

use std::sync::Arc;
use std::time::Instant;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use athena_schemas::Error;
use datafusion::common::DataFusionError;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::Result;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::prelude::SessionContext;
use datafusion::scalar::ScalarValue;
use futures::StreamExt;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout_at;

use super::saved::{self, SavedView};
use super::{Running, joined, limited, mistake, plan, too_slow};
use crate::App;

/// What makes many rows of few, for as long as it is asked: between two batches it lets others go on, and is stopped there.
const MULTIPLIES: [&str; 6] = [
    "CrossJoinExec",
    "HashJoinExec",
    "NestedLoopJoinExec",
    "PiecewiseMergeJoinExec",
    "SortMergeJoinExec",
    "UnnestExec",
];

/// A statement, and the session that it is asked in.
pub struct Statement {
    pub context: SessionContext,
    /// To be added to the session, which is nobody else's then.
    pub views: Vec<SavedView>,
    pub sql: String,
    pub params: Vec<ScalarValue>,
    pub limit: usize,
}

/// A batch; `None` after the last.
type Next = Option<Result<RecordBatch>>;

/// Starts a statement on a lane.
///
/// # Errors
/// `resource_exhausted` where no lane is to be had, or it is not planned before the deadline; what is wrong with it.
pub async fn run(app: &App, statement: Statement) -> std::result::Result<Running, Error> {
    let timeout = app.options.sql.timeout;
    let deadline = Instant::now() + timeout;
    let place = app.lanes.place(deadline).await?;
    let limit = statement.limit;
    let (begun, begins) = oneshot::channel();
    let (give, take) = mpsc::channel(1);
    let lane = place.run(deadline, answered(statement, begun, give));
    let schema = match timeout_at(deadline.into(), begins).await {
        Ok(Ok(Ok(schema))) => schema,
        Ok(Ok(Err(error))) => return Err(mistake::told(&error)),
        Ok(Err(_)) if Instant::now() < deadline => return Err(mistake::told(&broke_off())),
        Ok(Err(_)) | Err(_) => return Err(too_slow(timeout)),
    };
    Ok(Running { _lane: Some(lane), ..Running::of(app, batches(schema, take), limit, deadline) })
}

async fn answered(statement: Statement, begun: oneshot::Sender<Result<SchemaRef>>, give: mpsc::Sender<Next>) {
    let mut batches = match statement.begin().await {
        Ok(batches) => batches,
        Err(error) => {
            // Who asked may have gone.
            let _ = begun.send(Err(error));
            return;
        }
    };
    if begun.send(Ok(batches.schema())).is_err() {
        return;
    }
    loop {
        let next = batches.next().await;
        let last = !matches!(next, Some(Ok(_)));
        if give.send(next).await.is_err() || last {
            return;
        }
    }
}

impl Statement {
    async fn begin(mut self) -> Result<SendableRecordBatchStream> {
        saved::add(&mut self.context, &self.views).await;
        let plan = plan(&self.context, &self.sql, self.params).await?;
        let plan = joined::bounded(plan, &self.context)?;
        let plan = limited(&self.context, plan, self.limit)?.create_physical_plan().await?;
        execute_stream(yielding(plan)?, self.context.task_ctx())
    }
}

/// The plan with places where it can be stopped. DataFusion puts them where rows are read; what multiplies them may go on
/// for hours with what it has read.
fn yielding(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let yielding = plan.transform_up(|plan| {
        Ok(match MULTIPLIES.contains(&plan.name()) {
            true => Transformed::yes(Arc::new(CooperativeExec::new(plan)) as Arc<dyn ExecutionPlan>),
            false => Transformed::no(plan),
        })
    })?;
    Ok(yielding.data)
}

fn batches(schema: SchemaRef, take: mpsc::Receiver<Next>) -> SendableRecordBatchStream {
    let rows = futures::stream::unfold(Some(take), |take| async move {
        let mut take = take?;
        match take.recv().await {
            Some(Some(Ok(batch))) => Some((Ok(batch), Some(take))),
            Some(Some(Err(error))) => Some((Err(error), None)),
            Some(None) => None,
            None => Some((Err(broke_off()), None)),
        }
    });
    Box::pin(RecordBatchStreamAdapter::new(schema, rows))
}

/// It panicked, or was stopped.
fn broke_off() -> DataFusionError {
    DataFusionError::Internal("the statement broke off".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::FutureExt;
    use tokio::time::timeout;

    use super::*;

    fn statement(sql: &str) -> Statement {
        let context = SessionContext::new();
        Statement { context, views: vec![], sql: sql.to_owned(), params: vec![], limit: 10 }
    }

    /// It is stopped on the thread that runs it.
    #[tokio::test]
    async fn what_multiplies_rows_can_be_stopped() {
        let (a, b) = ("generate_series(1, 1000000000) a", "generate_series(1, 100000) b");
        for sql in [
            format!("SELECT count(*) FROM {b}, {a}"),
            format!("SELECT count(*) FROM {b} JOIN {a} ON a.value % 1 = b.value % 1"),
            format!("SELECT count(*) FROM {b}, (SELECT unnest(range(100)) FROM {a})"),
        ] {
            let mut batches = statement(&sql).begin().await.unwrap();
            assert!(timeout(Duration::from_millis(50), batches.next()).await.is_err(), "{sql}");
        }
    }

    #[tokio::test]
    async fn rows_end_or_break_off() {
        let (begun, begins) = oneshot::channel();
        let (give, take) = mpsc::channel(10);
        answered(statement("SELECT 1 UNION ALL SELECT 2"), begun, give).await;
        let rows = batches(begins.await.unwrap().unwrap(), take);
        let rows: usize = rows.map(|batch| batch.unwrap().num_rows()).collect::<Vec<_>>().await.iter().sum();
        assert_eq!(rows, 2);

        let (give, take) = mpsc::channel(1);
        let schema = SchemaRef::new(arrow::datatypes::Schema::empty());
        give.send(Some(Ok(RecordBatch::new_empty(schema.clone())))).await.unwrap();
        drop(give);
        let mut rows = batches(schema, take);
        assert!(rows.next().await.unwrap().is_ok());
        assert!(rows.next().await.unwrap().is_err());
        assert!(rows.next().now_or_never().unwrap().is_none());
    }
}
