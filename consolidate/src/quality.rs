//! How good what a run derived is, in numbers that are kept in its row.

use std::collections::BTreeMap;

use athena_schemas::tables::{DERIVED, Run};
use serde::{Deserialize, Serialize};

use crate::derive::{Deriving, Tally};
use crate::{Result, statements};

/// Derived tables whose rows each say many events in short; the others say how things relate.
const SUMMARIES: [&str; 4] = ["episodes", "procedures", "facts", "communities"];

/// What is not known is left out, and why stands in `reason`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Quality {
    /// Events of the sessions read for each row that says them in short.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compression: Option<f64>,
    /// The share of these events that something learned besides episodes rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<f64>,
    /// The share of what was known before that is still said in the same words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stability: Option<f64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reason: BTreeMap<String, String>,
    /// Rows that stand after the run, by table.
    #[serde(default)]
    pub stands: BTreeMap<String, usize>,
}

/// Measures a run whose rows are written and which is not published yet.
pub async fn measure(deriving: &Deriving<'_>, run: &Run, base: Option<&Run>) -> Result<Quality> {
    deriving.store.refresh().await?;
    let context = deriving.store.snapshot().session_as_if(run, &deriving.options.sql).await?;
    let touched = deriving.context.table("touched").await?.into_view();
    context.register_table("touched", touched)?;
    let counts = statements::texts(&context, statements::TOUCHED_EVENTS).await?;
    let number = |at: usize| counts.first()?.get(at)?.parse::<f64>().ok();
    let (events, covered) = (number(0).unwrap_or_default(), number(1).unwrap_or_default());
    let known = match base {
        None => BTreeMap::new(),
        Some(base) => stood(deriving, base).await?,
    };
    Ok(told(&deriving.written, events, covered, &known))
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
    events: f64,
    covered: f64,
    known: &BTreeMap<String, usize>,
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
    quality
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_has_its_reason() {
        let first = told(&BTreeMap::new(), 0.0, 0.0, &BTreeMap::new());
        assert_eq!((first.compression, first.coverage, first.stability), (None, None, None));
        assert_eq!(first.reason.len(), 3);
        let episodes = Tally { versions: 3, added: 2, changed: 1, gone: 0, stands: 4 };
        let known = BTreeMap::from([("episodes".to_owned(), 10)]);
        let next = told(&BTreeMap::from([("episodes", episodes)]), 20.0, 0.0, &known);
        assert_eq!(next.stands["episodes"], 12);
        assert_eq!((next.compression, next.coverage, next.stability), (Some(5.0), None, Some(0.9)));
    }
}
