//! Findings about code.

use athena_ingest::code::INSIGHT;
use athena_schemas::Error;
use athena_schemas::wire::Kind;
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::outlines;
use crate::operations::paging::shortened;
use crate::operations::records::{Written, answered};
use crate::registry::{Call, Effect, Example, Operation};
use crate::text::Filter;
use athena_schemas::wire::Hit;

/// Findings of a file that are told.
const MOST: usize = 20;

/// Remembers a finding about code, tied to its path: a memory labelled `insight`, found by recall and shown by
/// `code.file`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Insight {
    /// The file or folder that it is about, as `code.file` names it.
    path: String,
    /// The finding.
    content: String,
    /// The symbol that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    symbol: Option<String>,
    /// More labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}

impl Operation for Insight {
    const TOOL: &'static str = "code";
    const NAME: &'static str = "insight";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        answered(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"path": "cart/src/cart.rs", "symbol": "Cart.total",
                               "content": "Cart.total rounds once, after the sum: rounding each item was off by a cent"});
        vec![Example { setup: outlines(), arguments }]
    }
}

/// The findings that are tied to a path, the newest first.
pub async fn insights_of(call: &Call, scope: &Scope, path: &str) -> Result<Vec<Hit>, Error> {
    let filter = Filter {
        kinds: vec![Kind::Memory],
        tag: Some(INSIGHT.to_owned()),
        seen_from: Some(vec![path.to_owned()]),
        ..Filter::within(scope.clone())
    };
    let found = call.app.text.list(filter, MOST, None).await?;
    Ok(found.into_iter().map(shortened).collect())
}
