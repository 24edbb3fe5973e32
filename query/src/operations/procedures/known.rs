//! What is known of procedures: what was learned, with what people said of it applied over it, and what was told.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use athena_ingest::procedures::{EXECUTION, Execution, PROCEDURE, Retired, Told};
use athena_learn::next_step::Model;
use athena_learn::procedures::{Procedure, ProcedureRun, ProcedureStep, Rate, StepParameter};
use athena_learn::steps::{Ended, Kind, placeholders, split};
use athena_schemas::vocabulary::Outcome;
use athena_schemas::{Error, tables};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::operations::records::{Found, of_kind, one_project};
use crate::operations::rows::{absent, objects};
use crate::registry::Call;
use crate::{App, learned};

const LEARNED: &str = include_str!("../../../sql/procedures.sql");
const REPLACED: &str = include_str!("../../../sql/procedures_replaced.sql");
const RUNS: &str = include_str!("../../../sql/procedure_runs.sql");

/// Learned procedures of a project, and runs of one of them, at most.
const MOST: usize = 1_000;
const MOST_RUNS: usize = 20_000;
/// Times that what is gone is followed to what took its place.
const HEIRS: usize = 8;
/// What a procedure that nobody gave a category is about.
const NO_CATEGORY: &str = "other";

/// A procedure as it stands.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its runs are left out: see [`Procedures::runs`].
    pub procedure: Procedure,
    /// Of what was told the position of what was said last, else the number of the run that found it so.
    pub version: i64,
    /// Whether it was found in what was done.
    pub learned: bool,
    /// Whether its steps are as somebody said.
    pub told: bool,
    pub retired: Option<Retired>,
    /// The session that it was made of.
    pub from: Option<String>,
}

/// How often it succeeds.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SuccessRate {
    pub value: Option<f64>,
    /// The 95 % interval (Wilson).
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub successes: usize,
    /// Runs of which it is known how they ended.
    pub of: usize,
    /// Why it is null.
    pub reason: Option<&'static str>,
}

impl From<Option<Rate>> for SuccessRate {
    fn from(rate: Option<Rate>) -> Self {
        Self {
            value: rate.map(|rate| rate.value),
            low: rate.map(|rate| rate.low),
            high: rate.map(|rate| rate.high),
            successes: rate.map_or(0, |rate| rate.successes),
            of: rate.map_or(0, |rate| rate.of),
            reason: rate.is_none().then_some("of no run it is known how it ended"),
        }
    }
}

/// A step, with what runs tell of it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Step {
    /// The step's stable token.
    pub action: String,
    pub tool: String,
    pub template: String,
    pub parameters: Vec<StepParameter>,
    /// Of the runs that came so far the share that did it; null where none is known.
    pub done: Option<f64>,
    /// How often a run does it, in the median.
    pub times: Option<i64>,
    /// Runs that failed here, of those that did it.
    pub failures: usize,
    pub of: usize,
}

impl From<&ProcedureStep> for Step {
    fn from(step: &ProcedureStep) -> Self {
        Self {
            action: step.action.clone(),
            tool: step.tool.clone(),
            template: step.template.clone(),
            parameters: step.parameters.clone(),
            done: (step.of > 0).then_some(step.done),
            times: (step.of > 0).then_some(step.times),
            failures: step.failures,
            of: step.of,
        }
    }
}

impl Known {
    pub fn steps(&self) -> Vec<Step> {
        self.procedure.steps.iter().map(Step::from).collect()
    }

    pub fn id(&self) -> &str {
        &self.procedure.id
    }
}

/// All procedures of a project, those best supported by evidence first, then those that were only told.
pub struct Procedures {
    pub project: String,
    pub scope: Scope,
    pub all: Vec<Known>,
    /// Executions that were told, the newest last.
    pub executions: Vec<(Found, Execution)>,
    pub model: Option<Arc<Model>>,
}

impl Procedures {
    pub async fn read(call: &Call) -> Result<Self, Error> {
        let (project, scope) = one_project(call).await?;
        let app = &call.app;
        let model = learned::model(app, &project).await?;
        let mut all: Vec<Known> = Vec::new();
        let numbers = objects(app, &scope, LEARNED, &[], MOST).await?;
        for row in numbers {
            all.push(of_row(row)?);
        }
        let told = of_kind(app, &scope, PROCEDURE).await?;
        let told = told.into_iter().map(|found| found.body().map(|body| (found, body)));
        apply(app, &scope, &mut all, told.collect::<Result<_, Error>>()?, model.as_deref()).await?;
        let executions = of_kind(app, &scope, EXECUTION).await?;
        let executions = executions.into_iter().map(|found| found.body().map(|body| (found, body)));
        let executions = executions.collect::<Result<_, Error>>()?;
        let mut procedures = Self { project, scope, all, executions, model };
        procedures.count_executions(app).await?;
        Ok(procedures)
    }

    /// The procedure that an id or a name names, retired ones included.
    pub fn find(&self, argument: &str, named: &str) -> Result<&Known, Error> {
        let by_name = |known: &&Known| known.procedure.name.to_lowercase() == named.trim().to_lowercase();
        let found = self.all.iter().find(|known| known.id() == named);
        let found = found.or_else(|| self.all.iter().filter(|known| known.retired.is_none()).find(by_name));
        found.ok_or_else(|| {
            absent("procedure", argument, named, std::slice::from_ref(&self.project))
                .hint("a procedure is named by its id or its name; `procedures.list` lists them")
        })
    }

    /// Those that are not retired.
    pub fn active(&self) -> Vec<&Known> {
        self.all.iter().filter(|known| known.retired.is_none()).collect()
    }

    /// The times that a procedure was done, the newest first: those found in what was done, then those that were told
    /// and are not found there.
    pub async fn runs(&self, app: &App, known: &Known) -> Result<Runs, Error> {
        let Runs { all: mut found, actions } = runs_of(app, &self.scope, known.id()).await?;
        if known.told {
            // Where each step was is told of the learned steps.
            let steps = known.procedure.steps.len();
            found
                .iter_mut()
                .filter(|run| run.events.len() != steps)
                .for_each(|run| *run = stretched(run, steps));
        }
        let told = self.executions_of(known.id());
        let sessions: BTreeSet<&str> =
            told.iter().filter_map(|(found, _)| found.session.as_deref()).collect();
        found.retain(|run| !sessions.contains(run.session.as_str()));
        found.extend(told.iter().map(|(record, execution)| as_run(record, execution, known)));
        Ok(Runs { all: found, actions })
    }

    /// Executions that were told of one procedure.
    pub fn executions_of(&self, id: &str) -> Vec<&(Found, Execution)> {
        self.executions.iter().filter(|(_, execution)| execution.procedure == id).collect()
    }

    /// What was told of executions counts too; where the same session has a run, what was told wins.
    async fn count_executions(&mut self, app: &App) -> Result<(), Error> {
        let told: BTreeSet<String> =
            self.executions.iter().map(|(_, execution)| execution.procedure.clone()).collect();
        let of_told: Vec<usize> =
            (0..self.all.len()).filter(|at| told.contains(self.all[*at].id())).collect();
        for at in of_told {
            let runs = self.runs(app, &self.all[at]).await?;
            self.all[at].procedure.success = runs.success();
        }
        Ok(())
    }
}

/// A row of `procedures`, with the number of its run.
fn of_row(row: Map<String, Value>) -> Result<Known, Error> {
    let version = row.get("number").and_then(Value::as_i64).unwrap_or_default();
    let row: tables::Procedure = parsed("a procedure", Value::Object(row))?;
    let rate = Rate::of(row.successes as usize, row.outcomes as usize);
    Ok(Known {
        version,
        learned: true,
        told: false,
        retired: None,
        from: None,
        procedure: Procedure {
            steps: list("steps", &row.steps)?,
            repeats: list("repeats", &row.repeats)?,
            preconditions: list("preconditions", &row.preconditions)?,
            variants: list("variants", &row.variants)?,
            id: row.id,
            name: row.name,
            category: row.category,
            support: row.support as usize,
            sessions: row.sessions as usize,
            success: rate,
            median_duration_ms: row.median_duration_ms,
            examples: row.examples,
            score: row.score,
            by_chance: row.by_chance,
            runs: vec![],
        },
    })
}

pub fn list<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::internal(format!("{what}: {error}")))
}

fn parsed<T: DeserializeOwned>(what: &str, value: Value) -> Result<T, Error> {
    serde_json::from_value(value).map_err(|error| Error::internal(format!("{what}: {error}")))
}

/// Applies what people said over what was learned, and adds what was only told. What was said of a procedure that is
/// no more goes to the one that took its place.
async fn apply(
    app: &App,
    scope: &Scope,
    all: &mut Vec<Known>,
    told: Vec<(Found, Told)>,
    model: Option<&Model>,
) -> Result<(), Error> {
    let known = |all: &[Known], id: &str| all.iter().position(|known| known.id() == id);
    let gone: Vec<&String> = told
        .iter()
        .filter(|(found, body)| body.learned && known(all, &found.id).is_none())
        .map(|(f, _)| &f.id)
        .collect();
    let heirs = heirs(app, scope, &gone).await?;
    let mut only_told = Vec::new();
    for (found, body) in told {
        let id = heirs.get(&found.id).unwrap_or(&found.id);
        match known(all, id) {
            Some(at) => said(&mut all[at], &found, body, model),
            // Of what is no more, only what can be done is left.
            None if body.steps.is_some() => only_told.push(made(&found, body, model)),
            None => {}
        }
    }
    only_told.reverse();
    all.extend(only_told);
    Ok(())
}

/// What took the place of procedures that are no more, by their ids.
async fn heirs(app: &App, scope: &Scope, gone: &[&String]) -> Result<HashMap<String, String>, Error> {
    let mut next: HashMap<String, String> = HashMap::new();
    let mut open: Vec<String> = gone.iter().map(|id| (*id).clone()).collect();
    for _ in 0..HEIRS {
        if open.is_empty() {
            break;
        }
        let mut found = Vec::new();
        for row in objects(app, scope, REPLACED, &[json!(open)], MOST).await? {
            let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
            if let (Some(id), Some(heir)) = (text("id"), text("replaced_by")) {
                found.push(heir.clone());
                next.insert(id, heir);
            }
        }
        found.retain(|heir| !next.contains_key(heir));
        open = found;
    }
    let last = |id: &String| {
        let mut heir = next.get(id)?;
        for _ in 0..HEIRS {
            heir = next.get(heir).unwrap_or(heir);
        }
        Some((id.clone(), heir.clone()))
    };
    Ok(gone.iter().filter_map(|id| last(id)).collect())
}

/// What somebody said of a learned procedure.
fn said(known: &mut Known, found: &Found, body: Told, model: Option<&Model>) {
    known.version = found.version;
    known.retired = body.retired;
    let procedure = &mut known.procedure;
    procedure.name = found.name.clone().unwrap_or(std::mem::take(&mut procedure.name));
    procedure.category = body.category.unwrap_or(std::mem::take(&mut procedure.category));
    if let Some(steps) = body.steps {
        known.told = true;
        let learned = std::mem::take(&mut procedure.steps);
        procedure.steps = steps.iter().map(|step| told_step(step, model, &learned)).collect();
        procedure.repeats = vec![];
        procedure.variants = vec![];
    }
}

/// A procedure that was only told.
fn made(found: &Found, body: Told, model: Option<&Model>) -> Known {
    let steps = body.steps.unwrap_or_default();
    Known {
        version: found.version,
        learned: false,
        told: true,
        retired: body.retired,
        from: body.from,
        procedure: Procedure {
            id: found.id.clone(),
            name: found.name.clone().unwrap_or_default(),
            category: body.category.unwrap_or_else(|| NO_CATEGORY.to_owned()),
            steps: steps.iter().map(|step| told_step(step, model, &[])).collect(),
            repeats: vec![],
            support: 0,
            sessions: 0,
            success: None,
            median_duration_ms: None,
            preconditions: vec![],
            variants: vec![],
            examples: vec![],
            score: 0.0,
            by_chance: 0.0,
            runs: vec![],
        },
    }
}

/// A step as somebody wrote it, as the action that it is in this project, with what is learned of the same action.
fn told_step(step: &str, model: Option<&Model>, learned: &[ProcedureStep]) -> ProcedureStep {
    let template = model.and_then(|model| model.templates().named(step));
    let (tool, text) = split(step);
    let action = template.map_or_else(|| step.trim().to_owned(), |template| template.action.clone());
    let same = learned.iter().find(|one| one.action == action);
    let parameters = placeholders(text).into_iter().enumerate().map(|(at, name)| {
        let known = template.and_then(|template| template.parameters.get(at));
        StepParameter {
            kind: known.map_or(Kind::Text, |known| known.kind),
            examples: known.map(|known| known.examples.clone()).unwrap_or_default(),
            name,
            source: None,
        }
    });
    ProcedureStep {
        parameters: parameters.collect(),
        tool: tool.or(template.map(|template| template.tool.as_str())).unwrap_or_default().to_owned(),
        template: text.to_owned(),
        done: same.map_or(0.0, |same| same.done),
        times: same.map_or(1, |same| same.times),
        failures: same.map_or(0, |same| same.failures),
        of: same.map_or(0, |same| same.of),
        action,
    }
}

/// Runs of a procedure, the newest first, with what the actions around them are called.
pub struct Runs {
    pub all: Vec<ProcedureRun>,
    pub actions: Vec<String>,
}

impl Runs {
    pub fn success(&self) -> Option<Rate> {
        let known: Vec<_> = self.all.iter().filter_map(|run| run.ended).collect();
        Rate::of(known.iter().filter(|ended| **ended == Ended::Well).count(), known.len())
    }

    /// Those of which it is known what was done.
    pub fn seen(&self) -> Vec<ProcedureRun> {
        self.all.iter().filter(|run| run.events.iter().any(Option::is_some)).cloned().collect()
    }
}

async fn runs_of(app: &App, scope: &Scope, id: &str) -> Result<Runs, Error> {
    let mut runs = Runs { all: vec![], actions: vec![] };
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for row in objects(app, scope, RUNS, &[json!([id])], MOST_RUNS).await? {
        let row: tables::ProcedureRun = parsed("a run", Value::Object(row))?;
        let mut number = |name: &String| {
            *numbers.entry(name.clone()).or_insert_with(|| {
                runs.actions.push(name.clone());
                runs.actions.len() - 1
            })
        };
        let also = row.also.iter().map(&mut number).collect();
        let before = row.before.iter().map(&mut number).collect();
        runs.all.push(ProcedureRun {
            events: row.events.into_iter().map(|id| Some(id).filter(|id| !id.is_empty())).collect(),
            started_at: row.started_at,
            ended_at: row.ended_at,
            duration_ms: row.duration_ms,
            ended: Ended::of(row.outcome.as_deref()),
            failed_at: row.failed_at.and_then(|step| usize::try_from(step).ok()),
            times: list("times", &row.times)?,
            session: row.session,
            also,
            before,
        });
    }
    Ok(runs)
}

/// A run of other steps than these: only how it ended is told.
fn stretched(run: &ProcedureRun, steps: usize) -> ProcedureRun {
    ProcedureRun { events: vec![None; steps], times: vec![0; steps], failed_at: None, ..run.clone() }
}

/// An execution that was told, as a run.
fn as_run(record: &Found, execution: &Execution, known: &Known) -> ProcedureRun {
    let ended_at = execution.ended_at.unwrap_or(record.recorded_at);
    let steps = known.procedure.steps.len();
    ProcedureRun {
        session: record.session.clone().unwrap_or_else(|| record.id.clone()),
        events: vec![None; steps],
        started_at: execution.started_at.unwrap_or(ended_at),
        ended_at,
        duration_ms: execution.duration_ms.unwrap_or_default(),
        ended: match execution.outcome {
            Some(Outcome::Success) => Some(Ended::Well),
            Some(Outcome::Failure | Outcome::Aborted) => Some(Ended::Badly),
            _ => None,
        },
        failed_at: None,
        times: vec![0; steps],
        also: vec![],
        before: vec![],
    }
}
