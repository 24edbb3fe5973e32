//! Associations: items that were returned or used together. Hebb's rule, bounded, makes strengths of how often.
//!
//! A run counts anew only what came together of the items that anything was asked about since the run before, in all
//! that was ever asked: between others nothing has changed. That needs nothing of the other stages, and goes on beside them.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, TimeUnit, TimestampMicrosecondType};
use athena_learn::associations::{Asked, Counts};
use athena_schemas::tables::Association;
use athena_schemas::{Column, Time};
use datafusion::prelude::SessionContext;
use datafusion::scalar::ScalarValue;
use futures::TryStreamExt;
use tokio::task::JoinSet;

use crate::derive::{Deriving, known};
use crate::{Error, Result, statements};

const ASKED: &str = include_str!("../sql/asked.sql");
const ASKED_SINCE: &str = include_str!("../sql/asked_since.sql");

/// What was asked is written down behind the answers, so long after them at most.
const BEHIND_MICROS: i64 = 60_000_000;

/// What is counted anew: as it was known, and as it is.
type Counted = Option<(Vec<Association>, Vec<Association>)>;

/// Counts under way; those that are not waited for end.
pub struct Counting(JoinSet<Result<Counted>>);

/// Begins to count what was asked and used since the run before began.
pub fn begin(deriving: &Deriving<'_>, since: Time) -> Counting {
    let (context, project) = (deriving.context.clone(), deriving.project.to_owned());
    let mut counting = JoinSet::new();
    counting.spawn(async move { counted(&context, &project, Some(since)).await });
    Counting(counting)
}

/// Derives the associations of what was asked and used since the run before began; of all of it, where that was not begun
/// to be counted.
pub async fn derive(deriving: &mut Deriving<'_>, counting: Option<Counting>) -> Result<()> {
    let counted = match counting {
        None => counted(deriving.context, deriving.project, None).await?,
        Some(Counting(mut counting)) => {
            let counted = counting.join_next().await.expect("one was begun");
            counted.map_err(|error| Error::internal("counting", error))??
        }
    };
    let Some((known, mut rows)) = counted else { return Ok(()) };
    // What was asked is kept until the purge; what it was answered with may be forgotten before.
    let hidden = deriving.store.snapshot().hidden_items(deriving.project).await?;
    rows.retain(|row| !hidden.contains(&row.a) && !hidden.contains(&row.b));
    deriving.put(known, rows).await
}

/// `None`: nothing was asked since.
async fn counted(context: &SessionContext, project: &str, since: Option<Time>) -> Result<Counted> {
    let mut counts = Counts::default();
    if let Some(since) = since {
        let since = ScalarValue::from(since.plus_micros(-BEHIND_MICROS).micros());
        let asked = context.sql(ASKED_SINCE).await?.with_param_values(vec![since])?;
        let items = statements::cells(asked).await?;
        if items.is_empty() {
            return Ok(None);
        }
        counts = Counts::between(items.iter().flatten().map(String::as_str));
    }
    let mut batches = context.sql(ASKED).await?.execute_stream().await?;
    while let Some(batch) = batches.try_next().await? {
        take(&mut counts, &batch)?;
    }
    let mut known: Vec<Association> = known(context).await?;
    known.retain(|row| counts.counts(&row.a, &row.b));
    Ok(Some((known, counts.finish(project))))
}

/// The rows of a batch of `sql/asked.sql`.
fn take(counts: &mut Counts, batch: &RecordBatch) -> Result<()> {
    let column = |at: usize, of_type: &DataType| arrow::compute::cast(batch.column(at), of_type);
    let at = column(0, &DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))?;
    let session = column(1, &DataType::Utf8)?;
    let lists = <Vec<String> as Column>::data_type();
    let (ids, used) = (column(2, &lists)?, column(3, &lists)?);
    let (at, session) = (at.as_primitive::<TimestampMicrosecondType>(), session.as_string::<i32>());
    let (ids, used) = (ids.as_list::<i32>(), used.as_list::<i32>());
    let texts = [ids.values().as_string::<i32>(), used.values().as_string::<i32>()];
    for row in 0..batch.num_rows() {
        let of = |list: &arrow::array::ListArray, place: usize| match list.is_valid(row) {
            true => {
                let range = list.value_offsets()[row] as usize..list.value_offsets()[row + 1] as usize;
                range.map(|one| texts[place].value(one)).collect()
            }
            false => vec![],
        };
        counts.take(&Asked {
            at: Time::from_micros(at.value(row)),
            session: session.is_valid(row).then(|| session.value(row)),
            ids: of(ids, 0),
            used: of(used, 1),
        });
    }
    Ok(())
}
