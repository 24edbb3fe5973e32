//! What is known of procedures: what was learned, with what people said of it applied over it, and what was told.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use athena_ingest::procedures::{EXECUTION, Execution, PROCEDURE, Retired};
use athena_learn::next_step::Model;
use athena_learn::procedures::{
    Procedure, ProcedureRun, ProcedureStep, Rate, StepParameter, of_row, run_of_row,
};
use athena_learn::steps::Ended;
use athena_schemas::vocabulary::Outcome;
use athena_schemas::{Error, tables};
use athena_store::{Cached, Lookups, Scope};
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::said::apply;
use crate::App;
use crate::operations::records::{Found, of_kind, one_project};
use crate::operations::rows::{absent, objects};
use crate::recent::Forget;
use crate::registry::Call;

const LEARNED: &str = include_str!("../../../sql/procedures.sql");
const RUNS: &str = include_str!("../../../sql/procedure_runs.sql");

/// Learned procedures of a project, and runs of one of them, at most.
pub const MOST: usize = 1_000;
const MOST_RUNS: usize = 20_000;
/// Projects whose learned procedures are kept.
const KEPT: usize = 16;

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
        let (model, learned, told, executions) = tokio::try_join!(
            crate::learned::model(app, &project),
            learned_of(app, &project, &scope),
            of_kind(app, &scope, PROCEDURE),
            of_kind(app, &scope, EXECUTION),
        )?;
        let mut all = learned.to_vec();
        let told = told.into_iter().map(|found| found.body().map(|body| (found, body)));
        apply(app, &scope, &mut all, told.collect::<Result<_, Error>>()?, model.as_deref()).await?;
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

/// Learned procedures of the projects that were asked about last, each with the number of the project's next run:
/// another one means that there is something new.
#[derive(Default)]
pub struct LearnedProcedures {
    kept: Mutex<Vec<OfProject>>,
    lookups: Lookups,
}

type OfProject = (String, Option<i64>, Arc<[Known]>);

impl Forget for LearnedProcedures {
    fn forget(&self) {
        self.kept.lock().clear();
    }

    fn cached(&self) -> Cached {
        self.lookups.of(Some(self.kept.lock().len()), None)
    }
}

/// The procedures that the newest run left, the best supported by evidence first.
async fn learned_of(app: &App, project: &str, scope: &Scope) -> Result<Arc<[Known]>, Error> {
    let number = crate::learned::next_run(app, project);
    let is_this = |(of, at, _): &&OfProject| of == project && *at == number;
    let known = app.procedures.kept.lock().iter().find(is_this).map(|(.., all)| all.clone());
    app.procedures.lookups.note(known.is_some());
    if let Some(known) = known {
        return Ok(known);
    }
    let rows = objects(app, scope, LEARNED, &[], MOST).await?;
    let all: Arc<[Known]> = rows.into_iter().map(learned).collect::<Result<_, _>>()?;
    let mut kept = app.procedures.kept.lock();
    kept.retain(|(of, ..)| of != project);
    kept.push((project.to_owned(), number, all.clone()));
    let more = kept.len().saturating_sub(KEPT);
    kept.drain(..more);
    Ok(all)
}

/// A row of `procedures`, with the number of its run.
fn learned(row: Map<String, Value>) -> Result<Known, Error> {
    let version = row.get("number").and_then(Value::as_i64).unwrap_or_default();
    let row: tables::Procedure = parsed("a procedure", Value::Object(row))?;
    let procedure = of_row(row).map_err(|error| Error::internal(format!("a procedure: {error}")))?;
    Ok(Known { procedure, version, learned: true, told: false, retired: None, from: None })
}

pub fn list<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::internal(format!("{what}: {error}")))
}

fn parsed<T: DeserializeOwned>(what: &str, value: Value) -> Result<T, Error> {
    serde_json::from_value(value).map_err(|error| Error::internal(format!("{what}: {error}")))
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
        let number = |name: &str| {
            *numbers.entry(name.to_owned()).or_insert_with(|| {
                runs.actions.push(name.to_owned());
                runs.actions.len() - 1
            })
        };
        let run = run_of_row(row, number).map_err(|error| Error::internal(format!("a run: {error}")))?;
        runs.all.push(run);
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
