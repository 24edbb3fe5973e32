//! What people said of procedures, applied over what was learned.

use std::collections::HashMap;

use athena_ingest::procedures::Told;
use athena_learn::next_step::Model;
use athena_learn::procedures::{Procedure, ProcedureStep, StepParameter};
use athena_learn::steps::{Kind, placeholders, split};
use athena_schemas::Error;
use athena_store::Scope;
use serde_json::{Value, json};

use super::known::{Known, MOST};
use crate::App;
use crate::operations::records::Found;
use crate::operations::rows::objects;

const REPLACED: &str = include_str!("../../../sql/procedures_replaced.sql");

/// Times that what is gone is followed to what took its place.
const HEIRS: usize = 8;
/// What a procedure that nobody gave a category is about.
const NO_CATEGORY: &str = "other";

/// Applies what people said over what was learned, and adds what was only told. What was said of a procedure that is
/// no more goes to the one that took its place.
pub async fn apply(
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
