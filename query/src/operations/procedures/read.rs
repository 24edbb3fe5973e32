//! Procedures read: all of them, one with all that is known of it, and what it was before.

use athena_ingest::procedures::Told;
use athena_learn::procedures::{Precondition, ProcedureStep, Repeat, Variant};
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::known::{Known, Procedures, Step, SuccessRate, list};
use super::{example_id, set_up};
use crate::operations::records::page;
use crate::operations::rows::objects;
use crate::operations::{paging, rows};
use crate::registry::{Call, Effect, Example, Operation};

const LEARNED: &str = include_str!("../../../sql/procedure_versions.sql");
const TOLD: &str = include_str!("../../../sql/record_versions.sql");

/// Runs and executions that `get` shows.
const SHOWN_RUNS: usize = 5;
/// Lessons that `get` shows, the newest first.
const SHOWN_LESSONS: usize = 10;

/// A procedure.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Item {
    id: String,
    name: String,
    category: String,
    steps: Vec<Step>,
    /// Times that it was found in what was done.
    support: usize,
    /// Different sessions that did it.
    sessions: usize,
    success_rate: SuccessRate,
    median_duration_ms: Option<i64>,
    preconditions: Vec<Precondition>,
    /// Ids of events that its best runs began with.
    examples: Vec<String>,
    /// Grows with each change: the run that found it so, or the position of what was said of it last.
    version: i64,
    /// `learned`, `told`, or `learned and told`.
    origin: &'static str,
    /// Why nobody should follow it any more.
    retired: Option<String>,
}

impl From<&Known> for Item {
    fn from(known: &Known) -> Self {
        let procedure = &known.procedure;
        Self {
            id: procedure.id.clone(),
            name: procedure.name.clone(),
            category: procedure.category.clone(),
            steps: known.steps(),
            support: procedure.support,
            sessions: procedure.sessions,
            success_rate: procedure.success.into(),
            median_duration_ms: procedure.median_duration_ms,
            preconditions: procedure.preconditions.clone(),
            examples: procedure.examples.clone(),
            version: known.version,
            origin: match (known.learned, known.told) {
                (true, false) => "learned",
                (true, true) => "learned and told",
                (false, _) => "told",
            },
            retired: known.retired.as_ref().map(|retired| retired.why.clone()),
        }
    }
}

/// Procedures: recurring ways of doing things, found in what agents did, and those that somebody told. Those best
/// supported by evidence first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct List {
    /// Only those about it, such as `test` or `deploy`.
    category: Option<String>,
    /// Only those done at least so often.
    min_support: Option<usize>,
    /// Retired ones too.
    retired: bool,
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Procedures.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listed {
    items: Vec<Item>,
    next_cursor: Option<String>,
    /// Why there are none.
    reason: Option<&'static str>,
    project: String,
}

impl Operation for List {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "list";
    const EFFECT: Effect = Effect::Read;
    type Result = Listed;

    async fn call(self, call: &Call) -> Result<Listed, Error> {
        let limit = paging::limit(self.limit)?;
        let procedures = Procedures::read(call).await?;
        let least = self.min_support.unwrap_or_default();
        let fits = |known: &&Known| {
            let about = self.category.as_ref().is_none_or(|one| *one == known.procedure.category);
            about && known.procedure.support >= least && (self.retired || known.retired.is_none())
        };
        let all: Vec<&Known> = procedures.all.iter().filter(fits).collect();
        let (shown, next_cursor) = page(all, limit, self.cursor.as_deref())?;
        Ok(Listed {
            items: shown.into_iter().map(Item::from).collect(),
            next_cursor,
            reason: procedures.all.is_empty().then_some(NONE),
            project: procedures.project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![set_up()], arguments: json!({}) },
            Example { setup: vec![set_up()], arguments: json!({"category": "deploy", "limit": 5}) },
        ]
    }
}

/// Why a project has no procedures.
pub const NONE: &str =
    "nothing recurs beyond chance in what consolidation has read yet, and nobody told of any";

/// A procedure with all that is known of it: steps, parameters and where their values come from, preconditions,
/// success with its interval, variants, runs, lessons.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Get {
    /// Id or name.
    procedure: String,
}

/// A procedure.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Whole {
    #[serde(flatten)]
    item: Item,
    /// Neighbouring steps that are done again and again together.
    repeats: Vec<Repeat>,
    /// Which steps runs did, the most usual first.
    variants: Vec<Variant>,
    /// How many patterns as good as this chance was expected to find in the project; null of what was only told.
    by_chance: Option<f64>,
    /// The newest times that it was done.
    runs: Vec<Done>,
    /// What those who did it noted, the newest first.
    lessons: Vec<String>,
    /// The session that it was made of.
    from: Option<String>,
    project: String,
}

/// A time that it was done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Done {
    session: String,
    started_at: athena_schemas::Time,
    duration_ms: i64,
    /// `success`, `failure` or `unknown`.
    outcome: &'static str,
    /// Number of the step at which it failed, from 0.
    failed_at: Option<usize>,
    /// Ids of the events of its steps; null where one was left out, or nothing was seen of it.
    events: Vec<Option<String>>,
}

impl Operation for Get {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = Whole;

    async fn call(self, call: &Call) -> Result<Whole, Error> {
        let procedures = Procedures::read(call).await?;
        let known = procedures.find("procedure", &self.procedure)?;
        let runs = procedures.runs(&call.app, known).await?;
        let runs = runs.all.into_iter().take(SHOWN_RUNS).map(|run| Done {
            started_at: run.started_at,
            duration_ms: run.duration_ms,
            outcome: athena_learn::procedures::outcome(run.ended),
            failed_at: run.failed_at,
            events: run.events,
            session: run.session,
        });
        let told = procedures.executions_of(known.id()).into_iter().rev();
        let lessons = told.filter_map(|(_, execution)| execution.lesson.clone());
        Ok(Whole {
            item: known.into(),
            repeats: known.procedure.repeats.clone(),
            variants: known.procedure.variants.clone(),
            by_chance: known.learned.then_some(known.procedure.by_chance),
            runs: runs.collect(),
            lessons: lessons.take(SHOWN_LESSONS).collect(),
            from: known.from.clone(),
            project: procedures.project,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({"procedure": example_id()}) }]
    }
}

/// What a procedure was before: what runs of consolidation found, and what people said, the newest first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// Id or name.
    procedure: String,
    /// At most so many of each; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

/// Versions of a procedure.
#[derive(Debug, Serialize, JsonSchema)]
pub struct History {
    items: Vec<Past>,
    procedure: String,
    project: String,
}

/// A version.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Past {
    version: i64,
    at: Value,
    /// `learned` by a run, or `told` by somebody.
    origin: &'static str,
    /// The run, or who said it.
    by: Value,
    name: Option<String>,
    /// Templates of the steps; null where nothing was said of them.
    steps: Option<Vec<String>>,
    support: Option<i64>,
    success_rate: Option<f64>,
    retired: Option<String>,
    /// Of one that is no more: what took its place.
    replaced_by: Option<String>,
    deleted: bool,
}

impl Operation for Versions {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "versions";
    const EFFECT: Effect = Effect::Read;
    type Result = History;

    async fn call(self, call: &Call) -> Result<History, Error> {
        let limit = paging::limit(self.limit)?;
        let procedures = Procedures::read(call).await?;
        // One that is no more has its history still.
        let id = match procedures.find("procedure", &self.procedure) {
            Ok(known) => known.id().to_owned(),
            Err(_) => self.procedure.clone(),
        };
        let given = [json!(id), json!(limit)];
        let told = objects(&call.app, &procedures.scope, TOLD, &given, limit).await?;
        let learned = objects(&call.app, &procedures.scope, LEARNED, &given, limit).await?;
        if told.is_empty() && learned.is_empty() {
            return Err(rows::absent("procedure", "procedure", &id, &[procedures.project]));
        }
        let told = told.into_iter().map(told_version).collect::<Result<Vec<_>, _>>()?;
        let learned = learned.into_iter().map(learned_version).collect::<Result<Vec<_>, _>>()?;
        let mut items: Vec<Past> = told.into_iter().chain(learned).collect();
        items.sort_by(|a, b| b.at.as_str().cmp(&a.at.as_str()));
        Ok(History { items, procedure: id, project: procedures.project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({"procedure": example_id()}) }]
    }
}

fn learned_version(row: Map<String, Value>) -> Result<Past, Error> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let steps: Vec<ProcedureStep> = list("steps", &text("steps").unwrap_or_default())?;
    Ok(Past {
        version: row.get("version").and_then(Value::as_i64).unwrap_or_default(),
        at: row.get("at").cloned().unwrap_or_default(),
        origin: "learned",
        by: row.get("run").cloned().unwrap_or_default(),
        name: text("name"),
        steps: Some(steps.into_iter().map(|step| step.template).collect()),
        support: row.get("support").and_then(Value::as_i64),
        success_rate: row.get("success_rate").and_then(Value::as_f64),
        retired: None,
        replaced_by: text("replaced_by"),
        deleted: row.get("deleted").and_then(Value::as_bool).unwrap_or_default(),
    })
}

fn told_version(row: Map<String, Value>) -> Result<Past, Error> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let told: Told = list("what was told", &text("body").unwrap_or_default())?;
    Ok(Past {
        version: row.get("version").and_then(Value::as_i64).unwrap_or_default(),
        at: row.get("recorded_at").cloned().unwrap_or_default(),
        origin: "told",
        by: row.get("actor").cloned().unwrap_or_default(),
        name: text("name"),
        steps: told.steps,
        support: None,
        success_rate: None,
        retired: told.retired.map(|retired| retired.why),
        replaced_by: None,
        deleted: row.get("deleted").and_then(Value::as_bool).unwrap_or_default(),
    })
}
