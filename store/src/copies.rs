//! What was made of events and holds what they told: procedures, plans and executions among the records. A purge of the
//! events takes the versions away that name them.

use std::collections::{BTreeMap, BTreeSet};

use athena_schemas::emptied::{self, COPYING};
use datafusion::prelude::{Expr, col, lit};

use crate::forgotten::{rows, value};
use crate::{Result, Store};

/// How often records that are made of such records are looked for.
const MOST_STEPS: usize = 4;

/// Versions of records that hold what events told.
#[derive(Debug, Default)]
pub(crate) struct Copies {
    /// Id and position of each.
    pub versions: Vec<(String, u64)>,
    /// Ids of the records, and of those of which nothing stays.
    pub ids: BTreeSet<String>,
    pub gone: BTreeSet<String>,
}

/// A version of a record.
struct Version {
    id: String,
    kind: String,
    body: String,
    position: u64,
}

impl Store {
    /// The versions of a project's records that were made of these events, or of sessions that had any of them.
    pub(crate) async fn copies(
        &self,
        of: Expr,
        events: &BTreeSet<String>,
        sessions: &BTreeSet<String>,
    ) -> Result<Copies> {
        let dataset = self.records.dataset();
        if events.is_empty() || dataset.manifest().fragments.is_empty() {
            return Ok(Copies::default());
        }
        let kinds = col("kind").in_list(COPYING.iter().map(|kind| lit(*kind)).collect(), false);
        let mut all = Vec::new();
        for batch in rows(&dataset, &["id", "kind", "body", "position"], of.and(kinds)).await? {
            all.extend((0..batch.num_rows()).map(|row| Version {
                id: value(&batch, "id", row),
                kind: value(&batch, "kind", row),
                body: value(&batch, "body", row),
                position: value(&batch, "position", row),
            }));
        }
        Ok(copies(&all, events, sessions))
    }
}

/// Of each record its versions up to the last that holds any of it: an older one must not come back in its place.
fn copies(all: &[Version], events: &BTreeSet<String>, sessions: &BTreeSet<String>) -> Copies {
    let mut last: BTreeMap<&str, u64> = BTreeMap::new();
    for _ in 0..MOST_STEPS {
        let records: BTreeSet<String> = last.keys().map(|id| (*id).to_owned()).collect();
        let before = last.clone();
        let holds =
            |version: &&Version| emptied::copies(&version.kind, &version.body, events, sessions, &records);
        for version in all.iter().filter(holds) {
            let at = last.entry(&version.id).or_default();
            *at = version.position.max(*at);
        }
        if last == before {
            break;
        }
    }
    let is_copy =
        |version: &&Version| last.get(version.id.as_str()).is_some_and(|at| version.position <= *at);
    let stays = |id: &&&str| all.iter().any(|version| version.id == **id && !is_copy(&version));
    Copies {
        versions: all.iter().filter(is_copy).map(|version| (version.id.clone(), version.position)).collect(),
        gone: last.keys().filter(|id| !stays(id)).map(|id| (*id).to_owned()).collect(),
        ids: last.keys().map(|id| (*id).to_owned()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_up_to_the_last_copy_go() {
        let version = |id: &str, kind: &str, position: u64, body: &str| Version {
            id: id.into(),
            kind: kind.into(),
            body: body.into(),
            position,
        };
        let all = [
            version("procedure-1", "procedure", 1, r#"{"steps":["x"],"made_of":["e-1","e-2"]}"#),
            version("procedure-1", "procedure", 2, r#"{"steps":["told"]}"#),
            version("procedure-2", "procedure", 3, r#"{"steps":["x"],"made_of":["e-3"]}"#),
            version("execution-1", "execution", 4, r#"{"procedure":"procedure-1","steps":["x"]}"#),
            version("plan-1", "plan", 5, r#"{"steps":[{"content":"x","sources":["e-9"]}]}"#),
            version("plan-1", "plan", 6, r#"{"steps":[{"content":"x","sources":["e-1"]}]}"#),
        ];
        let of = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
        let found = copies(&all, &of(&["e-1"]), &of(&[]));
        let positions: Vec<u64> = found.versions.iter().map(|(_, position)| *position).collect();
        assert_eq!(positions, [1, 4, 5, 6]);
        assert_eq!(found.gone, of(&["execution-1", "plan-1"]), "what was told in its place stays");
        assert!(copies(&all, &of(&["e-7"]), &of(&[])).versions.is_empty());
    }
}
