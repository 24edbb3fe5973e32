//! Skills as folders that agents load.

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{json, to_string_pretty};

use super::read::when;
use super::{Skills, example_id, made, promoted};
use crate::operations::procedures::known::{Known, SuccessRate};
use crate::operations::procedures::markdown;
use crate::registry::{Call, Effect, Example, Operation};

/// Bytes of a folder's name.
const FOLDER_BYTES: usize = 60;

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
