//! Associations: items that were returned or used together. SQL counts; Hebb's rule, bounded, makes strengths of it.

use athena_learn::associations::learned;
use athena_schemas::Time;
use athena_schemas::tables::Association;
use athena_schemas::told::association_id;
use datafusion::scalar::ScalarValue;

use crate::derive::Deriving;
use crate::{Result, statements};

const ASSOCIATIONS: &str = include_str!("../sql/associations.sql");
const ACCESSED_SINCE: &str = include_str!("../sql/accessed_since.sql");

/// What was asked is written down behind the answers, so long after them at most.
const BEHIND_MICROS: i64 = 60_000_000;

/// Derives the associations of the project from all that was asked and used, unless nothing was since the run before
/// began.
pub async fn derive(deriving: &mut Deriving<'_>, since: Option<Time>) -> Result<()> {
    if let (Some(since), false) = (since, deriving.full) {
        let since = ScalarValue::from(since.plus_micros(-BEHIND_MICROS).micros());
        let asked = deriving.context.sql(ACCESSED_SINCE).await?.with_param_values(vec![since])?;
        if asked.count().await? == 0 {
            return Ok(());
        }
    }
    let of_project = vec![ScalarValue::from(deriving.project)];
    let frame = deriving.context.sql(ASSOCIATIONS).await?.with_param_values(of_project)?;
    let rows: Vec<Association> = statements::typed(frame).await?;
    // What was asked is kept until the purge; what it was answered with may be forgotten before.
    let hidden = deriving.store.snapshot().hidden_items(deriving.project).await?;
    let seen = rows.into_iter().filter(|row| !hidden.contains(&row.a) && !hidden.contains(&row.b));
    let rows = seen.map(|row| Association {
        id: association_id(&row.a, &row.b),
        strength: learned(row.returned, row.used),
        ..row
    });
    let known = deriving.known().await?;
    deriving.put(known, rows.collect::<Vec<_>>()).await
}
