//! Skills read: all, one, those that fit a situation, and as a folder that agents load.

use athena_learn::procedures::{Procedure, about};
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{json, to_string_pretty};

use super::{Skills, example_id, made, promoted, success};
use crate::operations::paging;
use crate::operations::procedures::known::{Known, Step, SuccessRate};
use crate::operations::procedures::markdown;
use crate::operations::records::{Found, page};
use crate::registry::{Call, Effect, Example, Operation};
use athena_ingest::skills::Skill;

/// Skills recommended when nothing is said.
const RECOMMENDED: usize = 5;
/// Bytes of a folder's name.
const FOLDER_BYTES: usize = 60;
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
fn when(parts: &[&Known]) -> String {
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

/// A skill as agents load it: a folder with its SKILL.md, or JSON.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// Id or name.
    skill: String,
    /// `SKILL.md` when not said.
    #[serde(default)]
    format: Format,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum Format {
    #[default]
    #[serde(rename = "SKILL.md")]
    Skill,
    #[serde(rename = "json")]
    Json,
}

/// A folder.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Folder {
    skill: String,
    /// What to call it.
    folder: String,
    files: Vec<File>,
    project: String,
}

/// A file in it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct File {
    path: String,
    text: String,
}

impl Operation for Export {
    const TOOL: &'static str = "skills";
    const NAME: &'static str = "export";
    const EFFECT: Effect = Effect::Read;
    type Result = Folder;

    async fn call(self, call: &Call) -> Result<Folder, Error> {
        let skills = Skills::read(call).await?;
        let (found, skill) = skills.find("skill", &self.skill)?;
        let parts = skills.parts(skill);
        let name = found.name.clone().unwrap_or_default();
        let file = match self.format {
            Format::Skill => File { path: "SKILL.md".into(), text: page_of(&name, &parts) },
            Format::Json => File { path: "skill.json".into(), text: as_json(&name, &parts)? },
        };
        let project = skills.procedures.project.clone();
        Ok(Folder { skill: found.id.clone(), folder: folder(&name), files: vec![file], project })
    }

    fn examples() -> Vec<Example> {
        let example = |format: &str| {
            let arguments = json!({"skill": example_id("build"), "format": format});
            Example { setup: vec![made("build"), promoted("build")], arguments }
        };
        ["SKILL.md", "json"].map(example).into()
    }
}

/// A page whose head says what agents choose it by.
fn page_of(name: &str, parts: &[&Known]) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let head = format!("---\nname: {}\ndescription: {}\n---\n\n", folder(name), quoted(&when(parts)));
    let pages: Vec<String> = parts.iter().map(|known| markdown(known)).collect();
    format!("{head}{}", pages.join("\n"))
}

fn as_json(name: &str, parts: &[&Known]) -> Result<String, Error> {
    let procedures = parts.iter().map(|known| {
        let rate = SuccessRate::from(known.procedure.success);
        json!({"id": known.id(), "name": known.procedure.name, "steps": known.steps(), "success_rate": rate})
    });
    let whole = json!({"name": name, "when": when(parts), "procedures": procedures.collect::<Vec<_>>()});
    to_string_pretty(&whole).map_err(|error| Error::internal(format!("skill: {error}")))
}

/// A name of letters, digits and hyphens.
fn folder(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let text: String = name.chars().map(plain).collect();
    let mut words = text.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    words.truncate(FOLDER_BYTES);
    if words.is_empty() { "skill".into() } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_have_plain_names() {
        assert_eq!(folder("Release an image (cart)"), "release-an-image-cart");
        assert_eq!((folder("…"), folder(&"x".repeat(200)).len()), ("skill".into(), FOLDER_BYTES));
    }
}
