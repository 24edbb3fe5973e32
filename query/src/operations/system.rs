//! Tool `system`: the server itself.

mod caches;
mod copy;
mod diagnose;
mod layers;
mod resilience;
mod runs;
mod upkeep;

use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::events::recorded;
use crate::App;
use crate::app::InForce;
use crate::registry::{Call, Effect, Entry, Example, Operation, Registry};
use crate::state::{self, Health, Part};
use crate::who::Role;

pub use copy::Copying;
pub use runs::Runs;
pub use upkeep::{Compacting, Reindexing};

pub fn register(registry: &mut Registry) {
    registry.add::<HealthOf>();
    registry.add::<Status>();
    layers::register(registry);
    registry.add::<Metrics>();
    registry.add::<Describe>();
    registry.add::<Config>();
    copy::register(registry);
    upkeep::register(registry);
    caches::register(registry);
    resilience::register(registry);
    diagnose::register(registry);
}

/// How each part of the server does: ok, degraded or down, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct HealthOf {}

/// Parts.
#[derive(Debug, Serialize, JsonSchema)]
struct Parts {
    /// That of the part that does worst.
    state: Health,
    items: Vec<Part>,
}

impl Operation for HealthOf {
    const TOOL: &'static str = "system";
    const NAME: &'static str = "health";
    const EFFECT: Effect = Effect::Read;
    type Result = Parts;

    async fn call(self, call: &Call) -> Result<Parts, Error> {
        call.scope().await?;
        let items = state::parts(&call.app);
        let state = items.iter().map(|part| part.state).max().unwrap_or(Health::Ok);
        Ok(Parts { state, items })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: json!({}) }]
    }
}

/// Version, sizes, how far the log is applied and found, lag of each partition. Of all projects: for admins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Status {}

impl Operation for Status {
    const TOOL: &'static str = "system";
    const NAME: &'static str = "status";
    const EFFECT: Effect = Effect::Read;
    type Result = Map<String, Value>;

    async fn call(self, call: &Call) -> Result<Map<String, Value>, Error> {
        call.caller.identity.must_see_all("the status is that of all projects")?;
        call.scope().await?;
        match state::status(&call.app)? {
            Value::Object(status) => Ok(status),
            _ => Err(Error::internal("the status is not an object")),
        }
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({}) }]
    }
}

/// What is measured now, as Prometheus gets it from `/metrics`. Of all projects: for admins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Metrics {
    /// Only those whose name has this in it.
    #[serde(default)]
    name: Option<String>,
}

/// Measures.
#[derive(Debug, Serialize, JsonSchema)]
struct Measures {
    items: Vec<Measure>,
}

#[derive(Debug, PartialEq, Serialize, JsonSchema)]
struct Measure {
    name: String,
    /// Such as `route="/v1/search"`.
    labels: Option<String>,
    value: f64,
}

impl Operation for Metrics {
    const TOOL: &'static str = "system";
    const NAME: &'static str = "metrics";
    const EFFECT: Effect = Effect::Read;
    type Result = Measures;

    async fn call(self, call: &Call) -> Result<Measures, Error> {
        call.caller.identity.must_see_all("what is measured is that of all projects")?;
        call.scope().await?;
        let wanted = self.name.unwrap_or_default();
        let items = measures(&call.app).into_iter().filter(|one| one.name.contains(&wanted));
        Ok(Measures { items: items.collect() })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"name": "athena_table_rows"}) }]
    }
}

/// Refuses who is no admin, or sees only some of the projects that it is about.
fn for_admins(call: &Call, what: &str) -> Result<(), Error> {
    call.caller.identity.must(Role::Admin)?;
    call.caller.identity.must_see_all(what)
}

/// Everything that is measured.
fn measures(app: &App) -> Vec<Measure> {
    crate::metrics::render(app).lines().filter_map(measure).collect()
}

/// A line of the text format of Prometheus; `None` of comments.
fn measure(line: &str) -> Option<Measure> {
    if line.starts_with('#') {
        return None;
    }
    let (name, value) = line.rsplit_once(' ')?;
    let (name, labels) = match name.split_once('{') {
        Some((name, labels)) => (name, Some(labels.trim_end_matches('}').to_owned())),
        None => (name, None),
    };
    let value = value.parse().ok().filter(|value: &f64| value.is_finite())?;
    Some(Measure { name: name.to_owned(), labels, value })
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
                let names = |(tool, entries): (&str, &[Entry])| {
                    let operations: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
                    json!({"tool": tool, "operations": operations})
                };
                registry.tools().map(names).collect()
            }
            (Some(tool), None) => {
                let short = |entry: &Entry| json!({"operation": entry.name, "effect": entry.effect, "description": entry.description});
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

/// Every setting that is in force, and where it came from; secrets are hidden. For admins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Config {
    /// Only those whose name has this in it.
    #[serde(default)]
    name: Option<String>,
}

/// Settings.
#[derive(Debug, Serialize, JsonSchema)]
struct Settings {
    items: Vec<InForce>,
}

impl Operation for Config {
    const TOOL: &'static str = "system";
    const NAME: &'static str = "config";
    const EFFECT: Effect = Effect::Read;
    type Result = Settings;

    async fn call(self, call: &Call) -> Result<Settings, Error> {
        call.caller.identity.must(Role::Admin)?;
        call.scope().await?;
        let wanted = self.name.unwrap_or_default();
        let items = call.app.options.in_force.iter().filter(|one| one.setting.contains(&wanted));
        Ok(Settings { items: items.cloned().collect() })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![], arguments: json!({"name": "search."}) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_prometheus_are_measures() {
        assert_eq!(measure("# TYPE athena_uptime_seconds gauge"), None);
        let plain = Measure { name: "athena_uptime_seconds".into(), labels: None, value: 1.5 };
        assert_eq!(measure("athena_uptime_seconds 1.5"), Some(plain));
        let labelled = measure(r#"athena_table_rows{table="events"} 3"#).unwrap();
        assert_eq!((labelled.labels.as_deref(), labelled.value), (Some(r#"table="events""#), 3.0));
        assert_eq!(measure("x NaN"), None);
    }
}
