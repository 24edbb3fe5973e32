//! What `athena doctor` looks at, from within a server that is running.

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::for_admins;
use crate::diagnose::{Check, Verdict};
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::state::{self, Health, Part};
use crate::{App, audit};

pub fn register(registry: &mut Registry) {
    registry.add::<Diagnose>();
}

/// Looks at the machine, the data, the keys, the tokens, the audit and each part of the server, and says what to do about
/// what is wrong, as `athena doctor` does. For admins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Diagnose {}

/// Checks.
#[derive(Debug, Serialize, JsonSchema)]
struct Checks {
    /// The worst of all.
    state: Verdict,
    items: Vec<Check>,
}

impl Operation for Diagnose {
    const TOOL: &'static str = "system";
    const NAME: &'static str = "diagnose";
    const EFFECT: Effect = Effect::Read;
    type Result = Checks;

    async fn call(self, call: &Call) -> Result<Checks, Error> {
        for_admins(call, "what is looked at is of all projects")?;
        let mut items = (call.app.machine)().await;
        items.extend(state::parts(&call.app).iter().map(of_part));
        items.push(audited(&call.app).await);
        let state = items.iter().map(|check| check.state).max().unwrap_or(Verdict::Ok);
        Ok(Checks { state, items })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: json!({}) }]
    }
}

fn of_part(Part { part, state, why }: &Part) -> Check {
    let what = why.as_ref().map_or_else(|| format!("{part}: ok"), |why| format!("{part}: {why}"));
    match state {
        Health::Ok => Check::ok(what),
        Health::Degraded => Check::warn(what, remedy(part)),
        Health::Down => Check::fail(what, remedy(part)),
    }
}

/// What to do about a part that is not well.
fn remedy(part: &str) -> &'static str {
    match part {
        "log" => "write to the server that holds the directory, or give this one --kafka HOST:PORT",
        "text_index" => {
            "answers come meanwhile; if it stays, `system.reindex` with index=text derives it anew"
        }
        "vectors" => {
            "answers come meanwhile; if it stays, look at the embedding model with `system.resilience`"
        }
        "kafka" => "look at the broker's log, and whether kafka.bootstrap can be reached from here",
        _ => "docs/growing.md says what each choice keeps and loses",
    }
}

async fn audited(app: &App) -> Check {
    match audit::verify(&app.store, &app.audited).await {
        Ok(found) => Check::of_audit(&found),
        Err(error) => {
            Check::warn(format!("the audit cannot be verified: {error}"), "try again when the disk is well")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_not_well_has_a_remedy() {
        let part =
            |state, why: Option<&str>| Part { part: "vectors".into(), state, why: why.map(str::to_owned) };
        let well = of_part(&part(Health::Ok, None));
        assert_eq!((well.state, well.remedy), (Verdict::Ok, None));
        let ill = of_part(&part(Health::Degraded, Some("3.0 s behind the tables")));
        assert_eq!((ill.state, ill.what.as_str()), (Verdict::Warn, "vectors: 3.0 s behind the tables"));
        assert!(ill.remedy.is_some());
    }
}
