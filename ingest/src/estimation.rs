//! Commands of `estimation`: what may be spent, on what, in which time.

use athena_schemas::tables::Record;
use athena_schemas::{Error, ids};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::apply::{Call, Decision, Done, Key, State, Tool};
use crate::records::{key, version, written};
use crate::tasks::said;

/// The kind of a budget's record.
pub const BUDGET: &str = "budget";

/// Characters of a scope.
const SCOPE_CHARS: usize = 300;

pub(crate) const TOOL: Tool = Tool { name: "estimation", keys, decide };

/// The body of a budget's record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// `project`, or `agent:`, `session:` or `tool:` and a name.
    pub scope: String,
    pub amount: f64,
    pub unit: Unit,
    pub period: Period,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Tokens,
    /// By the price list of the configuration.
    Money,
    Hours,
}

/// A stretch of days, of the UTC calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    Day,
    /// From Monday on.
    Week,
    Month,
}

/// The id of the budget of a scope.
pub fn budget_id(scope: &str) -> String {
    ids::short("budget-", &[scope])
}

fn keys(call: &Call<'_>) -> Vec<Key> {
    let scope = call.arguments.get("scope").and_then(|scope| scope.as_str());
    scope.map(|scope| key(call, &budget_id(scope))).into_iter().collect()
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    (operation == "budget").then(|| Decision::from(budget(state, call)))
}

/// One budget a scope; set again it is the new one.
fn budget(state: &State, call: &Call<'_>) -> Done {
    let given: Budget = call.parse()?;
    said("scope", &given.scope, SCOPE_CHARS)?;
    if !given.amount.is_finite() || given.amount <= 0.0 {
        return Err(Error::invalid("amount", "a budget is more than nothing"));
    }
    let id = budget_id(&given.scope);
    let old = state.record(&call.event.project, &id).filter(|old| !old.deleted).cloned();
    let record = old.unwrap_or_else(|| Record {
        id,
        kind: BUDGET.into(),
        name: Some(given.scope.clone()),
        ..Record::default()
    });
    written(version(record, &given, call))
}
