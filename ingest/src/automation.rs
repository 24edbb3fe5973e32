//! Commands of `automation`: rules, which do several things when one thing happens and others are so.

use crate::apply::{Call, Decision, State, Tool};
use crate::watches::{self, RULE};

pub(crate) const TOOL: Tool = Tool { name: "automation", keys: watches::keys, decide };

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    watches::decide(RULE, operation, state, call)
}
