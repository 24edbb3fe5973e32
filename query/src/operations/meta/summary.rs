//! One page of what the memory knows of itself.

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::domains::{Depth, Improved, covered, learned};
use super::gaps::{Gap, missing};
use super::quality::{Good, good};
use super::reflect::{Reflected, reflected};
use super::usage::{Used, used};
use crate::operations::events::recorded;
use crate::operations::records::one_project;
use crate::registry::{Call, Effect, Example, Operation};

/// Rows of each part.
const ROWS: usize = 5;

/// How good the memory is, what it is about, what it lacks, what went well and what did not, and what it is used for:
/// the first five of each.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Summary {}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Page {
    quality: Good,
    coverage: Vec<Depth>,
    gaps: Vec<Gap>,
    learning_rate: Vec<Improved>,
    reflection: Reflected,
    usage: Used,
    project: String,
}

impl Operation for Summary {
    const TOOL: &'static str = "meta";
    const NAME: &'static str = "summary";
    const EFFECT: Effect = Effect::Read;
    type Result = Page;

    async fn call(self, call: &Call) -> Result<Page, Error> {
        let (project, scope) = one_project(call).await?;
        let app = &call.app;
        let (quality, gaps, reflection, usage) = tokio::try_join!(
            good(app, &scope, project.clone(), None),
            missing(app, &scope, ROWS),
            reflected(app, &scope, project.clone(), None, ROWS),
            used(app, &scope, project.clone(), ROWS),
        )?;
        let coverage = covered(app, &scope, ROWS).await?;
        let learning_rate = learned(app, &scope, ROWS).await?;
        Ok(Page { quality, coverage, gaps, learning_rate, reflection, usage, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({}) }]
    }
}
