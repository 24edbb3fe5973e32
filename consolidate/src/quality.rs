//! How good what a run derived is, in numbers that are kept in its row.

use std::collections::{BTreeMap, BTreeSet};

use athena_learn::entities::Totals;
use athena_schemas::tables::{DERIVED, ProcedureRun, Run};
use datafusion::prelude::{col, lit};
use datafusion::scalar::ScalarValue;
use serde::{Deserialize, Serialize};

use crate::derive::{Agreed, Deriving, Tally, of_touched};
use crate::graph::{Graph, Stated};
use crate::{Result, statements};

/// Derived tables whose rows each say many events in short; the others say how things relate.
const SUMMARIES: [&str; 4] = ["episodes", "procedures", "facts", "communities"];

/// Things that must have been said of what was known before they tell how well it agrees with them.
const LEAST_SPOKEN: u64 = 5;

/// What is not known is left out, and why stands in `reason`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Quality {
    /// Events of the sessions read for each row that says them in short.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compression: Option<f64>,
    /// The share of these events that a procedure or a fact rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<f64>,
    /// The share of what was known before that is still said in the same words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stability: Option<f64>,
    /// The share of what was said since of what was known before that agrees with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<f64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reason: BTreeMap<String, String>,
    /// Rows that stand after the run, by table.
    #[serde(default)]
    pub stands: BTreeMap<String, usize>,
    /// What names anything after the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naming: Option<Totals>,
}

/// What a record says against something that was known.
const AGAINST: [&str; 2] = ["fact_rejected", "procedure"];

/// Measures a run whose rows are written and which is not published yet, and which leaves this graph.
pub async fn measure(
    deriving: &Deriving<'_>,
    run: &Run,
    base: Option<&Run>,
    graph: &Graph,
) -> Result<Quality> {
    let [events, covered] = match (deriving.pieces, &graph.stated) {
        ([_], Some(stated)) => covered(deriving, stated).await?,
        _ => covered_of_many(deriving, run).await?,
    };
    let (known, spoken) = match base {
        None => (BTreeMap::new(), Agreed::default()),
        Some(base) => (stood(deriving, base).await?, spoken(deriving, base).await?),
    };
    let naming = Some(graph.sums.totals());
    Ok(Quality { naming, ..told(&deriving.written, (events as f64, covered as f64), &known, spoken) })
}

/// How many events the touched sessions have, and how many of them a run of a procedure or a fact rests on.
async fn covered(deriving: &Deriving<'_>, stated: &Stated) -> Result<[u64; 2]> {
    let ids = deriving.context.table("happened").await?.select_columns(&["id"])?;
    let read: BTreeSet<String> = statements::cells(ids).await?.into_iter().flatten().collect();
    let sources = stated.facts.iter().flat_map(|fact| &fact.sources);
    let covered: BTreeSet<&String> = sources.chain(&deriving.ran).filter(|id| read.contains(*id)).collect();
    Ok([read.len() as u64, covered.len() as u64])
}

/// The same, where there may be too many of them to be held.
async fn covered_of_many(deriving: &Deriving<'_>, run: &Run) -> Result<[u64; 2]> {
    deriving.store.refresh().await?;
    let context = deriving.store.snapshot().session_as_if(run, &deriving.options.sql).await?;
    let happened = deriving.context.table("happened").await?.into_view();
    context.register_table("happened", happened)?;
    // Runs of procedures are within a session, so those elsewhere rest on other events.
    let ran = of_touched::<ProcedureRun>(&context, &deriving.touched(&[]).await?).await?;
    context.register_table("ran", ran.into_view())?;
    Ok(counted(statements::texts(&context, statements::TOUCHED_EVENTS).await?))
}

/// The two numbers of a row.
fn counted(rows: Vec<Vec<String>>) -> [u64; 2] {
    [0_usize, 1].map(|at| rows.first().and_then(|row| row.get(at)?.parse().ok()).unwrap_or_default())
}

/// What was said since of what the base left: what was stated, what was rejected and what was retired.
async fn spoken(deriving: &Deriving<'_>, base: &Run) -> Result<Agreed> {
    let mut spoken = deriving.agreed;
    let kinds = AGAINST.map(lit).to_vec();
    let any = deriving.context.table("records_versions").await?.filter(col("kind").in_list(kinds, false))?;
    if any.limit(0, Some(1))?.count().await? > 0 {
        let since = vec![ScalarValue::from(base.started_at.micros())];
        let frame = deriving.context.sql(statements::SPOKEN_AGAINST).await?.with_param_values(since)?;
        let [against, _] = counted(statements::cells(frame).await?);
        spoken.of += against;
    }
    Ok(spoken)
}

/// Rows of each table after the run before: as it says, or counted.
async fn stood(deriving: &Deriving<'_>, base: &Run) -> Result<BTreeMap<String, usize>> {
    let said: Quality =
        base.quality.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let mut known = said.stands;
    for table in DERIVED {
        if !known.contains_key(table.name) {
            let rows = deriving.context.table(table.name).await?.count().await?;
            known.insert(table.name.to_owned(), rows);
        }
    }
    Ok(known)
}

fn told(
    written: &BTreeMap<&'static str, Tally>,
    (events, covered): (f64, f64),
    known: &BTreeMap<String, usize>,
    spoken: Agreed,
) -> Quality {
    let mut quality = Quality { stands: known.clone(), ..Quality::default() };
    for (name, tally) in written {
        let stands = quality.stands.entry((*name).to_owned()).or_default();
        *stands = (*stands + tally.added).saturating_sub(tally.gone);
    }
    let mut unknown = |name: &str, why: &str| drop(quality.reason.insert(name.into(), why.into()));
    let summaries: usize = SUMMARIES.iter().filter_map(|name| written.get(name)).map(|one| one.stands).sum();
    match summaries {
        0 => unknown("compression", "nothing was derived that says events in short"),
        rows => quality.compression = Some(events / rows as f64),
    }
    let beside =
        written.iter().filter(|(name, _)| **name != "episodes").map(|(_, one)| one.stands).sum::<usize>();
    match (events > 0.0, beside) {
        (true, 1..) => quality.coverage = Some(covered / events),
        _ => unknown("coverage", "this run derived nothing besides episodes"),
    }
    let changed: usize = written.values().map(|one| one.changed + one.gone).sum();
    match known.values().sum::<usize>() {
        0 => unknown("stability", "nothing was known before"),
        rows => quality.stability = Some(1.0 - changed as f64 / rows as f64),
    }
    match (known.is_empty(), spoken.of) {
        (true, _) => unknown("agreement", "nothing was known before"),
        (_, LEAST_SPOKEN..) => quality.agreement = Some(spoken.agreed as f64 / spoken.of as f64),
        (_, few) => {
            let why = format!(
                "{few} things were said since of what was known; from {LEAST_SPOKEN} on they tell something"
            );
            unknown("agreement", &why);
        }
    }
    quality
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_has_its_reason() {
        let nothing = Agreed::default();
        let first = told(&BTreeMap::new(), (0.0, 0.0), &BTreeMap::new(), nothing);
        assert_eq!(
            (first.compression, first.coverage, first.stability, first.agreement),
            (None, None, None, None)
        );
        assert_eq!(first.reason.len(), 4);
        let episodes = Tally { versions: 3, added: 2, changed: 1, gone: 0, stands: 4 };
        let known = BTreeMap::from([("episodes".to_owned(), 10)]);
        let written = BTreeMap::from([("episodes", episodes)]);
        let next = told(&written, (20.0, 0.0), &known, Agreed { of: 5, agreed: 4 });
        assert_eq!(next.stands["episodes"], 12);
        assert_eq!((next.compression, next.coverage, next.stability), (Some(5.0), None, Some(0.9)));
        assert_eq!(next.agreement, Some(0.8));
        let few = told(&written, (20.0, 0.0), &known, Agreed { of: 4, agreed: 4 });
        assert!(few.agreement.is_none() && few.reason["agreement"].starts_with("4 things"));
    }
}
