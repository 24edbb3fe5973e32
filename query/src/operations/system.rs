//! Tool `system`: the server itself.

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::registry::{Call, Effect, Example, Operation, Registry};

pub fn register(registry: &mut Registry) {
    registry.add::<Describe>();
}

/// What operations there are; of a tool, what each of its operations does; of an operation, its arguments, result
/// and examples.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Describe {
    /// One tool.
    #[serde(default)]
    tool: Option<String>,
    /// One of its operations.
    #[serde(default)]
    operation: Option<String>,
}

/// What was asked for.
#[derive(Debug, Serialize, JsonSchema)]
struct Described {
    items: Vec<Value>,
}

impl Operation for Describe {
    const TOOL: &'static str = "system";
    const NAME: &'static str = "describe";
    const EFFECT: Effect = Effect::Read;
    type Result = Described;

    async fn call(self, call: &Call) -> Result<Described, Error> {
        let registry = &call.app.registry;
        let items = match (self.tool.as_deref(), self.operation.as_deref()) {
            (None, None) => {
                let names = |(tool, entries): (&str, &[crate::registry::Entry])| json!({"tool": tool, "operations": entries.iter().map(|entry| entry.name).collect::<Vec<_>>()});
                registry.tools().map(names).collect()
            }
            (Some(tool), None) => {
                let short = |entry: &crate::registry::Entry| json!({"operation": entry.name, "effect": entry.effect, "description": entry.description});
                registry.tool(tool)?.iter().map(short).collect()
            }
            (Some(tool), Some(operation)) => vec![json!(registry.find(tool, operation)?)],
            (None, Some(_)) => return Err(Error::invalid("tool", "an operation is described with its tool")),
        };
        Ok(Described { items })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![], arguments: json!({}) },
            Example { setup: vec![], arguments: json!({"tool": "memories", "operation": "recall"}) },
        ]
    }
}
