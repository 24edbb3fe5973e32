//! What fired, and what became of it, as the log tells.

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
const YEAR_MICROS: i64 = 366 * 86_400_000_000;

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

/// What became of a firing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Became {
    /// It has not ended.
    Pending,
    Done,
    /// An operation refused.
    Failed,
    /// An address could not be reached, or rested.
    Dead,
}

impl Became {
    const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Dead => "dead",
        }
    }
}

#[derive(Deserialize)]
struct Row {
    time: Time,
    attributes: Option<String>,
    result: String,
    position: u64,
    ended_at: Option<Time>,
    how: Option<String>,
}

/// Which firings.
#[derive(Debug, Clone, Copy, Default)]
pub struct Which {
    /// Of which that became.
    pub became: Option<Became>,
    /// That fired in this time, the end left out.
    pub since: Option<Time>,
    pub until: Option<Time>,
}

/// The firings of one, or of all of a kind: a page of them.
///
/// # Errors
/// A cursor that no page gave; storage.
pub async fn firings(
    app: &App,
    project: &str,
    (kind, id): (&str, Option<&str>),
    which: Which,
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
        json!(format!("athena.{tool}.ended")),
        json!(which.became.map(Became::name).unwrap_or_default()),
        json!(which.since.unwrap_or_default()),
        // None has fired in a year from now.
        json!(which.until.unwrap_or_else(|| Time::now().plus_micros(YEAR_MICROS))),
    ];
    let rows = objects(app, &scope, FIRINGS, &given, limit + 1).await?;
    let mut rows = rows.into_iter().map(parsed).collect::<Result<Vec<Row>, _>>()?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| more).map(|row| row.position.to_string());
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let items = rows.into_iter().map(|row| {
        let told: Value = serde_json::from_str(&row.result).unwrap_or_default();
        let arguments = arguments(row.attributes.as_deref());
        let cause = arguments.get("cause").cloned().and_then(|cause| serde_json::from_value(cause).ok());
        let chain = arguments.get("chain").cloned().and_then(|chain| serde_json::from_value(chain).ok());
        let (outcome, results) = match row.how.as_deref().map(|how| self::arguments(Some(how))) {
            Some(mut end) => {
                let results = end.remove("results").and_then(|results| serde_json::from_value(results).ok());
                (text(&Value::Object(end), "outcome"), results.unwrap_or_default())
            }
            None => (Became::Pending.name().to_owned(), Vec::<Value>::new()),
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
            ended_at: row.ended_at,
        }
    });
    Ok(Firings { items: items.collect(), next_cursor, project: project.to_owned() })
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

fn parsed(row: Map<String, Value>) -> Result<Row, Error> {
    serde_json::from_value(Value::Object(row)).map_err(|error| Error::internal(format!("firings: {error}")))
}
