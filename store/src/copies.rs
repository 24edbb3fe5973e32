//! What was made of events and holds what they told: procedures, plans and executions among the records. Versions that
//! name them are hidden with the events, and a purge of these takes them away.

use std::collections::{BTreeMap, BTreeSet};

use athena_schemas::emptied::{self, COPYING};
use datafusion::prelude::{Expr, col, lit};
use lance::Dataset;

use crate::Result;
use crate::forgotten::{rows, value};

/// How often records that are made of such records are looked for.
const MOST_STEPS: usize = 4;

/// Positions in one condition.
const POSITIONS: usize = 10_000;

/// Versions of records that hold what events told.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
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

/// Events by what names them elsewhere: their ids, and the sessions that they are of.
#[derive(Debug, Default)]
pub(crate) struct Named {
    pub ids: BTreeSet<String>,
    pub sessions: BTreeSet<String>,
}

impl Named {
    /// Those of a project's events that stand at these positions and are not emptied.
    pub async fn at(events: &Dataset, project: &str, positions: &BTreeSet<u64>) -> Result<Self> {
        let mut named = Self::default();
        let positions: Vec<u64> = positions.iter().copied().collect();
        for positions in positions.chunks(POSITIONS) {
            let wanted = col("position").in_list(positions.iter().map(|one| lit(*one)).collect(), false);
            let wanted = of(project).and(wanted);
            for batch in rows(events, &["id", "session"], wanted).await? {
                for row in 0..batch.num_rows() {
                    named.ids.insert(value(&batch, "id", row));
                    named.sessions.extend(value::<Option<String>>(&batch, "session", row));
                }
            }
        }
        Ok(named)
    }
}

impl Copies {
    /// The versions of a project's records that were made of these events, or of sessions that had any of them.
    pub async fn of(records: &Dataset, project: &str, events: &Named) -> Result<Self> {
        if events.ids.is_empty() || records.manifest().fragments.is_empty() {
            return Ok(Self::default());
        }
        let kinds = col("kind").in_list(COPYING.iter().map(|kind| lit(*kind)).collect(), false);
        let mut all = Vec::new();
        for batch in rows(records, &["id", "kind", "body", "position"], of(project).and(kinds)).await? {
            all.extend((0..batch.num_rows()).map(|row| Version {
                id: value(&batch, "id", row),
                kind: value(&batch, "kind", row),
                body: value(&batch, "body", row),
                position: value(&batch, "position", row),
            }));
        }
        Ok(copies(&all, &events.ids, &events.sessions))
    }
}

fn of(project: &str) -> Expr {
    col("project").eq(lit(project))
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
