//! Procedures that fit: a situation by its words, a session by what was done in it so far.

use athena_learn::procedures::{Fit, Procedure, about, under_way};
use athena_learn::steps::{Session, steps};
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::known::{Known, Procedures, Step, SuccessRate};
use super::read::NONE;
use super::set_up;
use crate::learned;
use crate::operations::paging;
use crate::operations::rows::absent;
use crate::registry::{Call, Effect, Example, Operation};

/// Procedures found when nothing is said.
const FOUND: usize = 5;
/// Of what is shown of a procedure's steps: characters of each.
const STEP_CHARS: usize = 80;

/// Gives those that fit, with why, and how often they succeeded.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Find {
    /// What is to be done; else what the `session` did counts.
    #[serde(default)]
    situation: Option<String>,
    /// At most so many; else 5.
    #[serde(default, alias = "limit")]
    k: Option<usize>,
}

/// Procedures that fit, the best first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    items: Vec<Fitting>,
    /// Why there are none.
    reason: Option<&'static str>,
    degraded: Vec<String>,
    project: String,
}

/// A procedure that fits.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fitting {
    id: String,
    name: String,
    /// How well it fits, from 0 to 1.
    score: f64,
    /// Why it fits, its steps and its success, in a line.
    content: String,
    /// Words of the situation that it has.
    words: Vec<String>,
    /// Numbers of the steps that the session did already, from 0.
    done: Vec<usize>,
    /// The step that comes next.
    next: Option<Step>,
    success_rate: SuccessRate,
    support: usize,
}

impl Operation for Find {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "find";
    const EFFECT: Effect = Effect::Read;
    type Result = Found;

    async fn call(self, call: &Call) -> Result<Found, Error> {
        let k = paging::limit(Some(self.k.unwrap_or(FOUND)))?;
        let situation = self.situation.filter(|situation| !situation.trim().is_empty());
        let session = call.shared.session.clone();
        if situation.is_none() && session.is_none() {
            return Err(Error::invalid("situation", "`situation` is missing")
                .hint("say what is to be done in `situation`, or name a `session`"));
        }
        let procedures = Procedures::read(call).await?;
        let after = call.shared.after.as_ref();
        let mut degraded = vec![];
        let active = procedures.active();
        let plain: Vec<Procedure> = active.iter().map(|known| known.procedure.clone()).collect();
        let fits = match (&situation, &session) {
            (Some(situation), _) => about(&plain, situation),
            (None, Some(id)) => {
                let (session, missing) = learned::session(&call.app, &procedures.project, id, after).await?;
                degraded = missing;
                if session.events.is_empty() {
                    return Err(absent("session", "session", id, &[procedures.project]));
                }
                in_session(&procedures, &plain, &session)
            }
            (None, None) => vec![],
        };
        let items: Vec<Fitting> =
            fits.into_iter().take(k).map(|fit| fitting(active[fit.procedure], fit)).collect();
        let reason = match (items.is_empty(), procedures.all.is_empty()) {
            (false, _) => None,
            (true, true) => Some(NONE),
            (true, false) => Some("no procedure fits"),
        };
        Ok(Found { items, reason, degraded, project: procedures.project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({"situation": "push a docker image"}) }]
    }
}

/// What is under way in the session; where nothing is, what fits the words of what was asked in it.
fn in_session(procedures: &Procedures, plain: &[Procedure], session: &Session) -> Vec<Fit> {
    let Some(model) = &procedures.model else { return about(plain, asked(session)) };
    let done = steps(model.templates(), session);
    let done: Vec<String> =
        done.iter().map(|step| model.templates().templates[step.action].action.clone()).collect();
    let fits = under_way(plain, &done);
    match fits.is_empty() {
        true => about(plain, asked(session)),
        false => fits,
    }
}

/// What was asked last.
fn asked(session: &Session) -> &str {
    let said = |event: &&athena_learn::steps::StepEvent| {
        event.r#type == "message" && event.agent.as_deref() != Some("assistant")
    };
    let last = session.events.iter().rev().find(said);
    last.and_then(|event| event.content.as_deref()).unwrap_or_default()
}

fn fitting(known: &Known, fit: Fit) -> Fitting {
    let procedure = &known.procedure;
    let why = match (fit.words.is_empty(), fit.next) {
        (false, _) => format!("shares {}", fit.words.join(", ")),
        (true, Some(next)) => format!("{} of {next} steps done", fit.done.len()),
        (true, None) => "all steps done".to_owned(),
    };
    let steps = procedure.steps.iter().map(|step| crate::text::excerpt(&step.template, "", STEP_CHARS));
    let steps = steps.collect::<Vec<_>>().join(" → ");
    let success = match procedure.success {
        Some(rate) => format!("{} of {} succeeded", rate.successes, rate.of),
        None => "success unknown".to_owned(),
    };
    Fitting {
        id: procedure.id.clone(),
        name: procedure.name.clone(),
        score: fit.score,
        content: format!("{steps} · {success} · {why}"),
        next: fit.next.map(|at| Step::from(&procedure.steps[at])),
        words: fit.words,
        done: fit.done,
        success_rate: procedure.success.into(),
        support: procedure.support,
    }
}
