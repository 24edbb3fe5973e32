//! The eight layers of the memory, each with what it holds.

use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::operations::events::recorded;
use crate::operations::rows;
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::sql;

/// A layer: its number, its name, and its tables, each with the column that tells when a row came.
type Layer = (u8, &'static str, &'static [(&'static str, &'static str)]);

const LAYERS: [Layer; 8] = [
    (1, "episodic", &[("events", "received_at"), ("episodes", "ended_at")]),
    (2, "semantic", &[("memories", "recorded_at"), ("facts", "evidence_at")]),
    (3, "procedural", &[("procedures", "last_run_at"), ("procedure_runs", "ended_at")]),
    (4, "prospective", &[("tasks", "recorded_at"), ("goals", "recorded_at"), ("triggers", "recorded_at")]),
    (
        5,
        "graph",
        &[
            ("entities", "last_at"),
            ("relations", "last_at"),
            ("communities", NO_TIME),
            ("associations", "last_at"),
        ],
    ),
    (6, "meta", &[("accesses", "accessed_at")]),
    (7, "consolidation", &[("runs", "ended_at")]),
    (8, "support", &[("records", "recorded_at")]),
];

/// Of tables whose rows have no time.
const NO_TIME: &str = "arrow_cast(NULL, 'Timestamp(Microsecond, Some(\"UTC\"))')";

const DAY_MICROS: i64 = 86_400_000_000;

pub fn register(registry: &mut Registry) {
    registry.add::<Layers>();
}

/// The eight layers of this memory: how many rows each has, how many came in the last day, and when the last one did.
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
    /// Of all its tables; null when it has none.
    rows: Option<u64>,
    last_day: Option<u64>,
    last_at: Option<Value>,
    /// Why something is null.
    reason: Option<String>,
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
        let there = sql::names(&sql::session(&call.app, &scope, None).await?);
        let tables = LAYERS.iter().flat_map(|(_, _, tables)| tables.iter());
        let tables: Vec<_> = tables.filter(|(table, _)| there.iter().any(|one| one == table)).collect();
        // Names of our own, each once.
        let counts = tables.iter().map(|(table, at)| {
            format!(
                "SELECT '{table}' AS name, COUNT(*) AS rows, MAX({at}) AS last_at, \
                 COUNT(*) FILTER (WHERE {at} >= arrow_cast($1, 'Timestamp(Microsecond, Some(\"UTC\"))')) AS last_day \
                 FROM {table}"
            )
        });
        let statement = counts.collect::<Vec<_>>().join(" UNION ALL ");
        let since = json!(Time::now().plus_micros(-DAY_MICROS));
        let counted = rows::objects(&call.app, &scope, &statement, &[since], tables.len()).await?;
        let held = |(layer, name, of): &Layer| {
            let number = |row: &serde_json::Map<String, Value>, column| {
                row.get(column).and_then(Value::as_u64).unwrap_or_default()
            };
            let tables: Vec<InTable> = of
                .iter()
                .filter_map(|(table, _)| {
                    let row = counted.iter().find(|row| row.get("name") == Some(&json!(table)))?;
                    let (rows, last_day) = (number(row, "rows"), number(row, "last_day"));
                    Some(InTable { table, rows, last_day, last_at: row.get("last_at").cloned() })
                })
                .collect();
            let missing: Vec<&str> = of
                .iter()
                .map(|(table, _)| *table)
                .filter(|name| !there.iter().any(|one| one == name))
                .collect();
            let sum = |of: fn(&InTable) -> u64| (!tables.is_empty()).then(|| tables.iter().map(of).sum());
            let last = tables.iter().filter_map(|one| one.last_at.as_ref()?.as_str());
            Held {
                layer: *layer,
                name,
                rows: sum(|one| one.rows),
                last_day: sum(|one| one.last_day),
                last_at: last.max().map(Into::into),
                reason: (!missing.is_empty())
                    .then(|| format!("this version keeps no {}", missing.join(", "))),
                tables,
            }
        };
        Ok(Eight { items: LAYERS.iter().map(held).collect(), projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({}) }]
    }
}
