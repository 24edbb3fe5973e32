//! Commands of `triggers`: one thing that is done when one thing happens.

use crate::apply::{Call, Decision, State, Tool};
use crate::watches::{self, TRIGGER};

pub(crate) const TOOL: Tool = Tool { name: "triggers", keys: watches::keys, decide };

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    watches::decide(TRIGGER, operation, state, call)
}
