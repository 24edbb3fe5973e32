//! What went well, what repeats, and what to change: from how calls ended.

use std::collections::{BTreeSet, HashMap};

use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{rows, rows_kept, wilson};
use crate::operations::events::recorded;
use crate::operations::paging;
use crate::operations::records::one_project;
use crate::registry::{Call, Effect, Example, Operation};
use crate::sql::Reads;
use crate::{App, time_args};

const ENDED: &str = include_str!("../../../sql/meta/ended.sql");
const ENDS: &str = include_str!("../../../sql/meta/ends.sql");
const IDS: &str = include_str!("../../../sql/ids_at.sql");

/// Kinds of calls that are looked at, those that were done most often first.
const LOOKED_AT: usize = 5_000;
/// How often a call must have ended before it tells anything.
const LEAST: u64 = 5;
/// The least success rate, at the lower end of its interval, of what went well.
const WELL: f64 = 0.7;
/// Failures, and sessions in which they were, from which they repeat.
const REPEATS: (u64, u64) = (3, 2);

/// What went well, what fails again and again, and what to change: kinds of calls, by how they ended.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reflect {
    /// Only what happened since: RFC 3339, or an age such as `7d`.
    #[serde(default)]
    since: Option<String>,
    /// How many of each, from 1 to 1000; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Reflected {
    /// The surest first.
    pub went_well: Vec<Point>,
    /// What failed at least three times, in two sessions and more; most often first.
    pub repeats: Vec<Point>,
    /// What fails more often than everything else, beyond chance, and what to do about it.
    pub to_change: Vec<Point>,
    /// Calls whose end is known.
    pub outcomes: u64,
    /// Why there is nothing to tell, where there is not.
    pub reason: Option<String>,
    pub project: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Point {
    /// The newest event of it.
    pub id: String,
    pub content: String,
    pub ended: u64,
    pub failures: u64,
    pub sessions: u64,
    /// Where that event is.
    #[serde(skip)]
    place: u64,
}

/// How often anything ended, and how often badly.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Ends {
    ended: u64,
    failures: u64,
}

#[derive(Debug, Deserialize)]
struct Ended {
    tool: String,
    words: String,
    ended: u64,
    failures: u64,
    failed_sessions: u64,
    sessions: u64,
    /// Places in the log.
    newest: u64,
    newest_failure: Option<u64>,
}

#[derive(Deserialize)]
struct Placed {
    id: String,
    position: u64,
}

impl Operation for Reflect {
    const TOOL: &'static str = "meta";
    const NAME: &'static str = "reflect";
    const EFFECT: Effect = Effect::Read;
    type Result = Reflected;

    async fn call(self, call: &Call) -> Result<Reflected, Error> {
        let limit = paging::limit(self.limit)?;
        let since = time_args::optional("since", self.since.as_deref(), Time::now())?;
        let (project, scope) = one_project(call).await?;
        reflected(&call.app, &scope, project, since, limit).await
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![recorded()], arguments: json!({}) },
            Example { setup: vec![recorded()], arguments: json!({"since": "3650d"}) },
        ]
    }
}

pub async fn reflected(
    app: &App,
    scope: &Scope,
    project: String,
    since: Option<Time>,
    limit: usize,
) -> Result<Reflected, Error> {
    let since = since.map(|since| since.micros() / 1_000_000);
    // What ended less often than this tells nothing.
    let least = LEAST.min(REPEATS.0);
    let given = [json!(since), json!(LOOKED_AT), json!(least)];
    let (ends, all) = tokio::try_join!(
        rows_kept::<Ends>(app, scope, (ENDS, Reads::Events), &given[..1], 1),
        rows_kept::<Ended>(app, scope, (ENDED, Reads::Events), &given, LOOKED_AT),
    )?;
    let ends = ends.first().copied().unwrap_or(Ends { ended: 0, failures: 0 });
    let mut told = points(ends, &all, project, limit);
    let mut shown: Vec<&mut Point> =
        [&mut told.went_well, &mut told.repeats, &mut told.to_change].into_iter().flatten().collect();
    let places: BTreeSet<u64> = shown.iter().map(|point| point.place).collect();
    if !places.is_empty() {
        let ids = rows::<Placed>(app, scope, IDS, &[json!(places)], places.len()).await?;
        let ids: HashMap<u64, String> = ids.into_iter().map(|one| (one.position, one.id)).collect();
        for point in &mut shown {
            point.id = ids.get(&point.place).cloned().unwrap_or_default();
        }
    }
    Ok(told)
}

fn points(ends: Ends, all: &[Ended], project: String, limit: usize) -> Reflected {
    let Ends { ended: outcomes, failures } = ends;
    let point = |one: &Ended, place: u64, advice: &str| Point {
        id: String::new(),
        place,
        content: format!("{}: {}{advice}", one.tool, one.words.trim()),
        ended: one.ended,
        failures: one.failures,
        sessions: one.sessions,
    };
    let sure = |one: &Ended| wilson(one.ended - one.failures, one.ended).0;
    let mut well: Vec<&Ended> = all.iter().filter(|one| one.ended >= LEAST && sure(one) >= WELL).collect();
    well.sort_by(|one, other| sure(other).total_cmp(&sure(one)));
    let repeats = |one: &&Ended| one.failures >= REPEATS.0 && one.failed_sessions >= REPEATS.1;
    let mut again: Vec<&Ended> = all.iter().filter(repeats).collect();
    again.sort_by_key(|one| std::cmp::Reverse(one.failures));
    let worse = |one: &&Ended| {
        let others = outcomes - one.ended;
        one.ended >= LEAST
            && others >= LEAST
            && wilson(one.failures, one.ended).0 > wilson(failures - one.failures, others).1
    };
    let mut change: Vec<&Ended> = all.iter().filter(worse).collect();
    change.sort_by(|one, other| {
        wilson(other.failures, other.ended).0.total_cmp(&wilson(one.failures, one.ended).0)
    });
    let failed = |one: &Ended, advice: &str| point(one, one.newest_failure.unwrap_or(one.newest), advice);
    let advised = |one: &&Ended| {
        let advice = match one.failures == one.ended {
            true => " — it never succeeded: do something else first",
            false => " — look at what was different when it succeeded",
        };
        failed(one, advice)
    };
    let reason = (outcomes == 0).then(|| "no event says how it ended".to_owned());
    Reflected {
        went_well: well.into_iter().take(limit).map(|one| point(one, one.newest, "")).collect(),
        repeats: again.into_iter().take(limit).map(|one| failed(one, "")).collect(),
        to_change: change.iter().take(limit).map(advised).collect(),
        outcomes,
        reason,
        project,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(words: &str, ended: u64, failures: u64, sessions: u64) -> Ended {
        Ended {
            tool: "Bash".into(),
            words: words.into(),
            ended,
            failures,
            failed_sessions: sessions.min(failures),
            sessions,
            newest: 1,
            newest_failure: (failures > 0).then_some(2),
        }
    }

    #[test]
    fn what_fails_more_than_the_rest_is_to_be_changed() {
        let all = [ended("cargo test", 40, 2, 9), ended("deploy", 10, 10, 3), ended("ls", 2, 0, 1)];
        let told = points(Ends { ended: 52, failures: 12 }, &all, "p".into(), 10);
        assert_eq!(
            told.went_well.iter().map(|one| one.content.as_str()).collect::<Vec<_>>(),
            ["Bash: cargo test"]
        );
        assert_eq!(told.repeats.iter().map(|one| one.place).collect::<Vec<_>>(), [2]);
        assert!(told.to_change.len() == 1 && told.to_change[0].content.contains("never succeeded"));
        let nothing = points(Ends { ended: 0, failures: 0 }, &[], "p".into(), 10);
        assert_eq!((told.outcomes, nothing.reason.is_some()), (52, true));
    }
}
