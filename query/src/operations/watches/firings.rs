//! What fired, and what became of it, as the log tells.

use std::collections::HashMap;

use athena_ingest::watches::{Cause, RULE, TRIGGER};
use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::tool;
use crate::App;
use crate::operations::rows::objects;

const FIRINGS: &str = include_str!("../../../sql/firings.sql");
const ENDED: &str = include_str!("../../../sql/firings_ended.sql");

/// Firings, the newest first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Firings {
    pub items: Vec<Firing>,
    /// What to pass as `cursor` for the next ones; null at the end.
    pub next_cursor: Option<String>,
    pub project: String,
}

/// Something that fired.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Firing {
    /// Of the firing.
    pub id: String,
    /// The trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    /// The rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    pub time: Time,
    /// The event that fired it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The time of the clock that fired it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Time>,
    /// What led to that, the first of it first.
    pub chain: Vec<String>,
    /// `pending`, `done`, `failed`, or `dead` when an address could not be reached.
    pub outcome: String,
    /// What became of each action.
    pub results: Vec<Value>,
    pub ended_at: Option<Time>,
    /// In short.
    pub content: String,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    time: Time,
    attributes: Option<String>,
    result: String,
    position: u64,
}

#[derive(Deserialize)]
struct EndedRow {
    id: String,
    time: Time,
    attributes: Option<String>,
}

/// The firings of one, or of all of a kind, a page of them.
///
/// # Errors
/// A cursor that no page gave; storage.
pub async fn firings(
    app: &App,
    project: &str,
    (kind, id): (&str, Option<&str>),
    (limit, cursor): (usize, Option<&str>),
) -> Result<Firings, Error> {
    let before: u64 = match cursor.map(str::parse) {
        None => u64::MAX,
        Some(Ok(before)) => before,
        Some(Err(_)) => {
            return Err(Error::invalid("cursor", "no cursor of this list")
                .hint("pass `next_cursor` of the page before, as it was"));
        }
    };
    let scope = Scope::Projects(vec![project.to_owned()]);
    let tool = tool(kind);
    let by_hand = if kind == RULE { "run" } else { "fire" };
    let named = id.map(|id| json!({"id": id}).to_string()).unwrap_or_default();
    // As it stands at the beginning of the answer.
    let named = named.trim_end_matches('}');
    let given = [
        json!(format!("athena.{tool}.fired")),
        json!(format!("athena.{tool}.{by_hand}")),
        json!(named),
        json!(before),
    ];
    let rows = objects(app, &scope, FIRINGS, &given, limit + 1).await?;
    let mut rows = rows.into_iter().map(parsed::<Row>).collect::<Result<Vec<_>, _>>()?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| more).map(|row| row.position.to_string());
    let told = rows.iter().map(|row| serde_json::from_str(&row.result).unwrap_or(Value::Null));
    let told: Vec<Value> = told.collect();
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let ends: Vec<String> = told.iter().map(|told| format!("{}/ended", text(told, "firing"))).collect();
    let mut ended = ended(app, &scope, tool, &ends).await?;
    let items = rows.into_iter().zip(told).zip(ends).map(|((row, told), end)| {
        let arguments = arguments(row.attributes.as_deref());
        let cause = arguments.get("cause").cloned().and_then(|cause| serde_json::from_value(cause).ok());
        let chain = arguments.get("chain").cloned().and_then(|chain| serde_json::from_value(chain).ok());
        let end = ended.remove(&end);
        let (outcome, results, ended_at) = match end {
            Some((at, end)) => {
                let results = end.get("results").and_then(Value::as_array).cloned().unwrap_or_default();
                (text(&Value::Object(end), "outcome"), results, Some(at))
            }
            None => ("pending".to_owned(), vec![], None),
        };
        let (event, due) = match cause {
            Some(Cause::Event { id, .. }) => (Some(id), None),
            Some(Cause::Due(due)) => (None, Some(due)),
            Some(Cause::Hand { .. }) | None => (None, None),
        };
        let by = match (&event, &due) {
            (Some(event), _) => format!("by {event}"),
            (_, Some(due)) => format!("at {due}"),
            _ => "by hand".to_owned(),
        };
        let why = results.iter().find_map(|one| one.get("error")).and_then(Value::as_str);
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        let of = text(&told, "id");
        debug_assert!(!row.id.is_empty());
        Firing {
            id: text(&told, "firing"),
            content: format!("{of} {by}, {outcome}{why}"),
            trigger: (kind == TRIGGER).then(|| of.clone()),
            rule: (kind == RULE).then_some(of),
            time: row.time,
            event,
            due,
            chain: chain.unwrap_or_default(),
            outcome,
            results,
            ended_at,
        }
    });
    Ok(Firings { items: items.collect(), next_cursor, project: project.to_owned() })
}

/// Of these ids of commands: when they ended, and how.
async fn ended(
    app: &App,
    scope: &Scope,
    tool: &str,
    ends: &[String],
) -> Result<HashMap<String, (Time, Map<String, Value>)>, Error> {
    if ends.is_empty() {
        return Ok(HashMap::new());
    }
    let given = [json!(format!("athena.{tool}.ended")), json!(ends)];
    let rows = objects(app, scope, ENDED, &given, ends.len()).await?;
    let ended = rows.into_iter().map(|row| {
        let row: EndedRow = parsed(row)?;
        Ok((row.id, (row.time, arguments(row.attributes.as_deref()))))
    });
    ended.collect()
}

/// The arguments of a command.
fn arguments(attributes: Option<&str>) -> Map<String, Value> {
    let envelope: Option<Value> = attributes.and_then(|text| serde_json::from_str(text).ok());
    let arguments = envelope.and_then(|mut envelope| envelope.get_mut("arguments").map(Value::take));
    match arguments {
        Some(Value::Object(arguments)) => arguments,
        _ => Map::new(),
    }
}

fn parsed<T: serde::de::DeserializeOwned>(row: Map<String, Value>) -> Result<T, Error> {
    serde_json::from_value(Value::Object(row)).map_err(|error| Error::internal(format!("firings: {error}")))
}
