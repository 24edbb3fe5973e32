//! The eight layers of the memory, each with what it holds.

use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::operations::events::recorded;
use crate::operations::rows;
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::sql;

const DERIVED: &str = include_str!("../../../sql/layers_derived.sql");
const TOLD: &str = include_str!("../../../sql/layers_told.sql");

/// A layer: its number, its name, and its tables.
type Layer = (u8, &'static str, &'static [&'static str]);

const LAYERS: [Layer; 8] = [
    (1, "episodic", &["events", "episodes"]),
    (2, "semantic", &["memories", "facts"]),
    (3, "procedural", &["procedures", "procedure_runs"]),
    (4, "prospective", &["tasks", "goals", "triggers"]),
    (5, "graph", &["entities", "relations", "communities", "associations"]),
    (6, "meta", &["accesses"]),
    (7, "consolidation", &["runs"]),
    (8, "support", &["records"]),
];
/// Tables of all layers.
const TABLES: usize = 16;

const DAY_MICROS: i64 = 86_400_000_000;
const MINUTE_MICROS: i64 = 60_000_000;

pub fn register(registry: &mut Registry) {
    registry.add::<Layers>();
}

/// The eight layers of this memory: how many rows each has, how many came in the last day, and when the last one did. The
/// day begins with a whole minute.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Layers {}

/// Layers.
#[derive(Debug, Serialize, JsonSchema)]
struct Eight {
    items: Vec<Held>,
    projects: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Held {
    layer: u8,
    name: &'static str,
    tables: Vec<InTable>,
    /// Of all its tables.
    rows: u64,
    last_day: u64,
    /// Null where nothing came.
    last_at: Option<Value>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct InTable {
    table: &'static str,
    rows: u64,
    last_day: u64,
    last_at: Option<Value>,
}

impl Operation for Layers {
    const TOOL: &'static str = "system";
    const NAME: &'static str = "layers";
    const EFFECT: Effect = Effect::Read;
    type Result = Eight;

    async fn call(self, call: &Call) -> Result<Eight, Error> {
        let (projects, scope) = call.scope().await?;
        // What runs left is counted once in a minute.
        let since = Time::now().micros() - DAY_MICROS;
        let since = [json!(Time::from_micros(since - since.rem_euclid(MINUTE_MICROS)))];
        let derived = (DERIVED, sql::Reads::Derived);
        let (derived, told) = tokio::try_join!(
            rows::objects_kept(&call.app, &scope, derived, &since, TABLES),
            rows::objects(&call.app, &scope, TOLD, &since, TABLES),
        )?;
        let counted = |table: &'static str| {
            let row = derived.iter().chain(&told).find(|row| row.get("name") == Some(&json!(table)));
            let number = |name: &str| row.and_then(|row| row.get(name)?.as_u64()).unwrap_or_default();
            let last_at = row.and_then(|row| row.get("last_at").cloned()).filter(|at| !at.is_null());
            InTable { table, rows: number("rows"), last_day: number("last_day"), last_at }
        };
        let held = |(layer, name, of): &Layer| {
            let tables: Vec<InTable> = of.iter().map(|table| counted(table)).collect();
            let last = tables.iter().filter_map(|one| one.last_at.as_ref()?.as_str());
            Held {
                layer: *layer,
                name,
                rows: tables.iter().map(|one| one.rows).sum(),
                last_day: tables.iter().map(|one| one.last_day).sum(),
                last_at: last.max().map(Into::into),
                tables,
            }
        };
        Ok(Eight { items: LAYERS.iter().map(held).collect(), projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({}) }]
    }
}
