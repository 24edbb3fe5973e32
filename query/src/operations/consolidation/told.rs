//! A run as it is told, from wherever it left a trace: its end, the stage that it is in, or the request for it.

use std::collections::BTreeMap;

use athena_schemas::{Applied, Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::App;
use crate::operations::rows::objects;

const RUNS: &str = include_str!("../../../sql/runs.sql");
const STAGES: &str = include_str!("../../../sql/run_stages.sql");
const REQUESTS: &str = include_str!("../../../sql/run_requests.sql");

/// A run that has not said anything for so long is taken for dead, as the worker does.
const DEAD_AFTER_MICROS: i64 = 3_600_000_000;

/// A run: asked for, at work, or ended.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Told {
    /// Its id; of one that has not begun, that of the request.
    pub run: String,
    /// The request that it answers.
    pub request: Option<String>,
    /// `pending`, `running`, `complete`, `unchanged` (there was nothing new), `cancelled`, `abandoned` or `failed`.
    pub status: &'static str,
    /// What it is at, while it runs.
    pub stage: Option<String>,
    /// Rows written, by table.
    pub rows: BTreeMap<String, u64>,
    /// Up to where in the log it has read.
    pub input: Option<Applied>,
    /// Whether it read everything again.
    pub full: Option<bool>,
    /// Why it ran: `schedule`, `events` or `request`.
    pub cause: Option<String>,
    /// Its number in the project's chain, and the run that it builds on.
    pub number: Option<i64>,
    pub base: Option<String>,
    pub started_at: Option<Time>,
    pub ended_at: Option<Time>,
    /// How long it took, or has taken so far.
    pub seconds: Option<f64>,
    /// Why it failed, or something is null.
    pub reason: Option<String>,
    /// As the run measured it.
    #[serde(skip)]
    pub quality: Option<Value>,
}

impl Told {
    /// Whether nothing more will become of it.
    pub fn has_ended(&self) -> bool {
        !["pending", "running"].contains(&self.status)
    }
}

#[derive(Deserialize)]
struct Ended {
    id: String,
    request: Option<String>,
    base: Option<String>,
    number: i64,
    status: String,
    full: bool,
    cause: String,
    input: String,
    rows: String,
    quality: Option<String>,
    started_at: Time,
    ended_at: Time,
}

#[derive(Deserialize)]
struct Stage {
    run: String,
    request: Option<String>,
    stage: String,
    rows: String,
    note: Option<String>,
    started_at: Time,
    began_at: Time,
}

#[derive(Deserialize)]
struct Asked {
    id: String,
    body: String,
    recorded_at: Time,
    cancelled: bool,
}

/// Runs that have ended, the newest first; of a status, when it is given.
///
/// # Errors
/// Storage.
pub async fn ended(
    app: &App,
    scope: &Scope,
    id: Option<&str>,
    status: Option<&str>,
    limit: usize,
) -> Result<Vec<Told>, Error> {
    let rows = read::<Ended>(app, scope, RUNS, &[json!(id), json!(status), json!(limit)], limit).await?;
    Ok(rows.into_iter().map(Told::from).collect())
}

/// What became of a run or a request; without an id, of what was asked for or run last. `None`: there is none.
///
/// # Errors
/// Storage.
pub async fn find(app: &App, scope: &Scope, id: Option<&str>) -> Result<Option<Told>, Error> {
    let now = Time::now();
    let given = [json!(id), json!(1)];
    let (mut asked, mut stages, mut ended) = tokio::try_join!(
        read::<Asked>(app, scope, REQUESTS, &given, 1),
        read::<Stage>(app, scope, STAGES, &given, 1),
        ended(app, scope, id, None, 1),
    )?;
    let asked = asked.pop().map(Told::from);
    let stage = stages.pop().map(|stage| at_work(stage, now));
    let ended = ended.pop();
    // What is going on says more than what is over.
    let all = [stage, asked, ended];
    let last = all.iter().flatten().find(|one| !one.has_ended()).or_else(|| {
        all.iter().flatten().max_by_key(|one| one.ended_at.or(one.started_at).unwrap_or_default())
    });
    Ok(last.cloned())
}

async fn read<T: for<'de> Deserialize<'de>>(
    app: &App,
    scope: &Scope,
    statement: &str,
    given: &[Value],
    limit: usize,
) -> Result<Vec<T>, Error> {
    let rows = objects(app, scope, statement, given, limit).await?;
    let rows = rows.into_iter().map(|row: Map<String, Value>| serde_json::from_value(Value::Object(row)));
    rows.collect::<Result<_, _>>().map_err(|error| Error::internal(format!("runs: {error}")))
}

fn seconds(from: Time, to: Time) -> Option<f64> {
    Some((to.micros() - from.micros()) as f64 / 1e6)
}

impl From<Ended> for Told {
    fn from(run: Ended) -> Self {
        let status = match run.status.as_str() {
            "complete" => "complete",
            "cancelled" => "cancelled",
            _ => "abandoned",
        };
        Self {
            run: run.id,
            request: run.request,
            status,
            stage: None,
            rows: serde_json::from_str(&run.rows).unwrap_or_default(),
            input: serde_json::from_str(&run.input).ok().filter(|_| status == "complete"),
            full: Some(run.full),
            cause: Some(run.cause),
            number: Some(run.number),
            base: run.base,
            started_at: Some(run.started_at),
            ended_at: Some(run.ended_at),
            seconds: seconds(run.started_at, run.ended_at),
            reason: (status == "abandoned").then(|| "its worker died, and it was written off".to_owned()),
            quality: run.quality.and_then(|text| serde_json::from_str(&text).ok()),
        }
    }
}

fn at_work(stage: Stage, now: Time) -> Told {
    let looked = stage.note.as_deref().filter(|_| stage.stage == "unchanged");
    let input = looked.and_then(|note| serde_json::from_str(note).ok());
    let (status, ended_at, reason) = match stage.stage.as_str() {
        "unchanged" => {
            ("unchanged", Some(stage.began_at), Some("nothing is new since the run before".to_owned()))
        }
        "failed" => ("failed", Some(stage.began_at), stage.note),
        _ if now.micros() - stage.began_at.micros() > DEAD_AFTER_MICROS => {
            ("abandoned", Some(stage.began_at), Some("it has not said anything for an hour".to_owned()))
        }
        _ => ("running", None, None),
    };
    Told {
        run: stage.run,
        request: stage.request,
        status,
        stage: ended_at.is_none().then_some(stage.stage),
        rows: serde_json::from_str(&stage.rows).unwrap_or_default(),
        input,
        started_at: Some(stage.started_at),
        ended_at,
        seconds: seconds(stage.started_at, ended_at.unwrap_or(now)),
        reason,
        ..Told::default()
    }
}

impl From<Asked> for Told {
    fn from(asked: Asked) -> Self {
        let body: athena_schemas::orders::RunRequest = serde_json::from_str(&asked.body).unwrap_or_default();
        Self {
            run: asked.id.clone(),
            request: Some(asked.id),
            status: if asked.cancelled { "cancelled" } else { "pending" },
            full: Some(body.full),
            cause: Some("request".into()),
            started_at: None,
            ended_at: asked.cancelled.then_some(asked.recorded_at),
            reason: (!asked.cancelled).then(|| "no worker has begun it yet".to_owned()),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(name: &str) -> Stage {
        Stage {
            run: "r-1".into(),
            request: None,
            stage: name.into(),
            rows: r#"{"episodes":3}"#.into(),
            note: Some("disk full".into()),
            started_at: Time::from_micros(1_000_000),
            began_at: Time::from_micros(3_000_000),
        }
    }

    #[test]
    fn stages_tell_what_becomes_of_a_run() {
        let soon = Time::from_micros(4_000_000);
        let running = at_work(stage("episodes"), soon);
        assert_eq!((running.status, running.stage.as_deref()), ("running", Some("episodes")));
        assert_eq!((running.rows["episodes"], running.seconds, running.has_ended()), (3, Some(3.0), false));
        let failed = at_work(stage("failed"), soon);
        assert_eq!((failed.status, failed.reason.as_deref()), ("failed", Some("disk full")));
        assert_eq!(failed.seconds, Some(2.0));
        let unchanged = Stage { note: Some(r#"{"local":{"0":7}}"#.into()), ..stage("unchanged") };
        let unchanged = at_work(unchanged, soon);
        let looked = unchanged.input.map(|input| input.to_string());
        assert_eq!((unchanged.status, looked.as_deref()), ("unchanged", Some(r#"{"local":{"0":7}}"#)));
        assert_eq!(at_work(stage("unchanged"), soon).input, None, "a note from before");
        assert_eq!(at_work(stage("episodes"), soon.plus_micros(DEAD_AFTER_MICROS)).status, "abandoned");
    }
}
