//! Whether a skill helps: sessions that used it beside sessions like them that did not.

use std::collections::{BTreeMap, BTreeSet};

use athena_learn::procedures::{Rate, fisher};
use athena_learn::steps::Ended;
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Skills, example_id, made, promoted};
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation};

const OUTLINES: &str = include_str!("../../../sql/session_outlines.sql");

/// Sessions that are compared, the newest.
const SESSIONS: usize = 20_000;
/// Sessions on each side under which nothing is said.
const LEAST: usize = 10;

/// Whether a skill helps: how sessions ended that did all its procedures, beside sessions of the same first step,
/// project and length that did not.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Effectiveness {
    /// Id or name.
    skill: String,
}

/// Success with and without it, in matched sessions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Effective {
    skill: String,
    name: String,
    /// Of sessions that used it; null with under ten on a side.
    with: Option<Rate>,
    /// Of those like them that did not.
    without: Option<Rate>,
    /// The first less the second.
    difference: Option<f64>,
    /// The odds of such a difference by chance (Fisher).
    p: Option<f64>,
    /// Sessions on each side that were matched.
    matched: usize,
    /// Sessions that used it, matched or not.
    used: usize,
    /// Why something is null.
    reason: Option<String>,
    /// It is an association: nobody chose by lot who used it.
    claim: &'static str,
    project: String,
}

impl Operation for Effectiveness {
    const TOOL: &'static str = "skills";
    const NAME: &'static str = "effectiveness";
    const EFFECT: Effect = Effect::Read;
    type Result = Effective;

    async fn call(self, call: &Call) -> Result<Effective, Error> {
        let skills = Skills::read(call).await?;
        let (found, skill) = skills.find("skill", &self.skill)?;
        let mut used: Option<BTreeSet<String>> = None;
        for known in skills.parts(skill) {
            let runs = skills.procedures.runs(&call.app, known).await?;
            let sessions: BTreeSet<String> = runs.all.into_iter().map(|run| run.session).collect();
            used = Some(match used {
                Some(used) => used.intersection(&sessions).cloned().collect(),
                None => sessions,
            });
        }
        let used = used.unwrap_or_default();
        let rows =
            objects(&call.app, &skills.procedures.scope, OUTLINES, &[json!(SESSIONS)], SESSIONS).await?;
        let named = |tool: &str, text: &str| {
            let model = skills.procedures.model.as_ref();
            let known = model.and_then(|model| {
                let at = model.templates().assign(tool, text)?.template;
                Some(model.templates().templates[at].action.clone())
            });
            known.unwrap_or_else(|| format!("{tool}: {}", text.split_whitespace().next().unwrap_or_default()))
        };
        let outlines: Vec<Outline> = rows.iter().filter_map(|row| outline(row, &used, named)).collect();
        let of_skill = outlines.iter().filter(|one| one.used).count();
        let (with, without) = matched(&outlines);
        let enough = with.len() >= LEAST;
        let rate = |side: &[bool]| Rate::of(side.iter().filter(|well| **well).count(), side.len());
        let both = rate(&with).zip(rate(&without)).filter(|_| enough);
        let reason = (!enough).then(|| {
            format!(
                "{} sessions that used it and are known to have ended, {} of them with one like it that did not; at \
                 least {LEAST} are needed",
                of_skill,
                with.len()
            )
        });
        Ok(Effective {
            skill: found.id.clone(),
            name: found.name.clone().unwrap_or_default(),
            difference: both.map(|(with, without)| with.value - without.value),
            p: both.map(|(a, b)| fisher((a.successes, a.of), (b.successes, b.of))),
            with: both.map(|both| both.0),
            without: both.map(|both| both.1),
            matched: with.len(),
            used: of_skill,
            reason,
            claim: "association",
            project: skills.procedures.project,
        })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"skill": example_id("build")});
        vec![Example { setup: vec![made("build"), promoted("build")], arguments }]
    }
}

/// A session in short.
#[derive(Debug, Clone, PartialEq)]
struct Outline {
    /// What it is matched by: its first step, and its length, doubled from class to class.
    like: (String, u32),
    used: bool,
    well: bool,
}

fn outline(
    row: &Map<String, Value>,
    used: &BTreeSet<String>,
    named: impl Fn(&str, &str) -> String,
) -> Option<Outline> {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let ended = Ended::of(text("outcome"))?;
    let steps = row.get("steps").and_then(Value::as_u64)?;
    Some(Outline {
        like: (named(text("tool")?, text("content").unwrap_or_default()), steps.max(1).ilog2()),
        used: used.contains(text("session")?),
        well: ended == Ended::Well,
    })
}

/// Whether each session ended well: those with the skill, and those without it.
type Sides = (Vec<bool>, Vec<bool>);

/// How sessions of both sides ended: of each kind as many of the one as of the other, in the order given.
fn matched(outlines: &[Outline]) -> Sides {
    let mut kinds: BTreeMap<&(String, u32), Sides> = BTreeMap::new();
    for one in outlines {
        let sides = kinds.entry(&one.like).or_default();
        if one.used { sides.0.push(one.well) } else { sides.1.push(one.well) }
    }
    let (mut with, mut without) = (vec![], vec![]);
    for (mut used, mut others) in kinds.into_values() {
        let both = used.len().min(others.len());
        used.truncate(both);
        others.truncate(both);
        with.extend(used);
        without.extend(others);
    }
    (with, without)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_compared_with_those_like_them() {
        let one = |first: &str, used, well| Outline { like: (first.into(), 3), used, well };
        let outlines = [
            one("a", true, true),
            one("a", true, true),
            one("a", false, false),
            one("b", true, true),
            one("c", false, true),
        ];
        assert_eq!(matched(&outlines), (vec![true], vec![false]));
    }
}
