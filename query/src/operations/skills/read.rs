//! Skills read: all, one, and those that fit a situation.

use athena_learn::procedures::{Procedure, about};
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Skills, example_id, made, promoted, success};
use crate::operations::paging;
use crate::operations::procedures::known::{Known, Step, SuccessRate};
use crate::operations::records::{Found, page};
use crate::registry::{Call, Effect, Example, Operation};
use athena_ingest::skills::Skill;

/// Skills recommended when nothing is said.
const RECOMMENDED: usize = 5;
/// Characters of the line that tells agents when to use a skill.
const WHEN_CHARS: usize = 1_000;

/// A skill.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Item {
    id: String,
    name: String,
    /// Ids of its procedures, in order.
    procedures: Vec<String>,
    /// How many steps it has.
    steps: usize,
    success_rate: SuccessRate,
    /// Procedures that are retired or no more.
    retired: Vec<String>,
    version: i64,
}

fn item(skills: &Skills, (found, skill): &(Found, Skill)) -> Item {
    let parts = skills.parts(skill);
    let is_there =
        |id: &&String| parts.iter().any(|known| known.id() == id.as_str() && known.retired.is_none());
    Item {
        id: found.id.clone(),
        name: found.name.clone().unwrap_or_default(),
        steps: parts.iter().map(|known| known.procedure.steps.len()).sum(),
        success_rate: success(&parts).into(),
        retired: skill.procedures.iter().filter(|id| !is_there(id)).cloned().collect(),
        procedures: skill.procedures.clone(),
        version: found.version,
    }
}

/// Skills: procedures that somebody found worth teaching.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct List {
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Skills.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listed {
    items: Vec<Item>,
    next_cursor: Option<String>,
    project: String,
}

impl Operation for List {
    const TOOL: &'static str = "skills";
    const NAME: &'static str = "list";
    const EFFECT: Effect = Effect::Read;
    type Result = Listed;

    async fn call(self, call: &Call) -> Result<Listed, Error> {
        let limit = paging::limit(self.limit)?;
        let skills = Skills::read(call).await?;
        let all = skills.all.iter().map(|one| item(&skills, one)).collect();
        let (items, next_cursor) = page(all, limit, self.cursor.as_deref())?;
        Ok(Listed { items, next_cursor, project: skills.procedures.project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![made("build"), promoted("build")], arguments: json!({}) }]
    }
}

/// A skill: what it does, when to use it, how, and how well it works.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Get {
    /// Id or name.
    skill: String,
}

/// A skill.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Whole {
    #[serde(flatten)]
    item: Item,
    /// When to use it.
    when: String,
    /// How, step by step.
    how: Vec<Step>,
    /// Ids of the skills that it is composed of.
    skills: Vec<String>,
    project: String,
}

impl Operation for Get {
    const TOOL: &'static str = "skills";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = Whole;

    async fn call(self, call: &Call) -> Result<Whole, Error> {
        let skills = Skills::read(call).await?;
        let found = skills.find("skill", &self.skill)?;
        let parts = skills.parts(&found.1);
        Ok(Whole {
            when: when(&parts),
            how: parts.iter().flat_map(|known| known.steps()).collect(),
            skills: found.1.skills.clone(),
            item: item(&skills, found),
            project: skills.procedures.project.clone(),
        })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"skill": example_id("build")});
        vec![Example { setup: vec![made("build"), promoted("build")], arguments }]
    }
}

/// When a skill is to be used: what it is about, and what it does.
pub fn when(parts: &[&Known]) -> String {
    let one = |known: &&Known| {
        let needs = known.procedure.preconditions.iter().filter(|need| need.share.is_some());
        let after: Vec<_> = needs.map(|need| need.text.as_str()).collect();
        let after = if after.is_empty() { String::new() } else { format!(", after {}", after.join(" and ")) };
        format!("{} ({}){after}", known.procedure.name, known.procedure.category)
    };
    let all = parts.iter().map(one).collect::<Vec<_>>().join("; then ");
    crate::text::excerpt(&format!("To {all}."), "", WHEN_CHARS)
}

/// Skills that fit a situation, the best first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recommend {
    /// What is to be done, in words.
    situation: String,
    /// At most so many; 5 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
}

/// Skills that fit.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Recommended {
    items: Vec<Fitting>,
    /// Why there are none.
    reason: Option<&'static str>,
    project: String,
}

/// A skill that fits.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fitting {
    #[serde(flatten)]
    item: Item,
    /// How well, from 0 to 1.
    score: f64,
    /// Words of the situation that it has.
    words: Vec<String>,
}

impl Operation for Recommend {
    const TOOL: &'static str = "skills";
    const NAME: &'static str = "recommend";
    const EFFECT: Effect = Effect::Read;
    type Result = Recommended;

    async fn call(self, call: &Call) -> Result<Recommended, Error> {
        let limit = paging::limit(Some(self.limit.unwrap_or(RECOMMENDED)))?;
        if self.situation.trim().is_empty() {
            return Err(Error::invalid("situation", "a situation has words"));
        }
        let skills = Skills::read(call).await?;
        let whole: Vec<_> = skills.all.iter().filter(|one| item(&skills, one).retired.is_empty()).collect();
        let chains: Vec<Procedure> =
            whole.iter().filter_map(|(found, skill)| chain(found, &skills.parts(skill))).collect();
        let fits = about(&chains, &self.situation).into_iter().take(limit).filter_map(|fit| {
            let one = whole.iter().find(|(found, _)| found.id == chains[fit.procedure].id)?;
            Some(Fitting { item: item(&skills, one), score: fit.score, words: fit.words })
        });
        let items: Vec<Fitting> = fits.collect();
        let reason = items.is_empty().then_some("no skill has a word of the situation");
        Ok(Recommended { items, reason, project: skills.procedures.project })
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"situation": "build and install with make"});
        vec![Example { setup: vec![made("build"), promoted("build")], arguments }]
    }
}

/// A skill as one procedure of all its steps.
fn chain(found: &Found, parts: &[&Known]) -> Option<Procedure> {
    let mut whole = parts.first()?.procedure.clone();
    whole.id = found.id.clone();
    whole.name = found.name.clone().unwrap_or_default();
    whole.steps = parts.iter().flat_map(|known| known.procedure.steps.clone()).collect();
    Some(whole)
}
