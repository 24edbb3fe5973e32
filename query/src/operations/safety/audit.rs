//! Who did what, when, and from where.

use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::policies::{bounded, set_up};
use crate::audit::{Verified, verify};
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation};
use crate::time_args;

const AUDIT: &str = include_str!("../../../sql/audit.sql");
/// Rows on a page, when not said, and at most.
const SHOWN: usize = 20;
const MOST_SHOWN: usize = 1_000;

/// Who did what, when, and from where, the newest first: every command and every verdict of a policy. Verifies the whole
/// chain: a row or a command that was changed, removed or reordered is told.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Audit {
    filters: Filters,
    /// Whether to verify the chain; true when not said.
    verify: Option<bool>,
    /// A seal that was noted before, which the chain must still have.
    seal: Option<String>,
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Which rows.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Filters {
    /// Who.
    actor: Option<String>,
    /// `TOOL.OPERATION`, or a tool.
    operation: Option<String>,
    /// http, mcp, cli, kafka, import or hook.
    origin: Option<String>,
    /// `ok`, the code of an error, or a verdict.
    outcome: Option<String>,
    /// From when on: a time, or `2h`, `7d`.
    since: Option<String>,
    /// Before when.
    until: Option<String>,
}

/// What was done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Audited {
    items: Vec<Line>,
    next_cursor: Option<String>,
    /// What came of the verification; null where it was not asked for.
    chain: Option<Verified>,
    /// Whether the chain has the seal that was asked for; null where none was.
    has_seal: Option<bool>,
    project: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Line {
    /// As the event's in the log, where that had none of its own.
    id: String,
    /// Who.
    actor: String,
    /// Through which door.
    origin: String,
    /// What.
    operation: String,
    /// What came of it.
    outcome: Option<String>,
    /// When.
    #[serde(alias = "received_at")]
    time: Time,
    /// Number in the partition's chain, and the row's seal.
    sequence: i64,
    seal: String,
    /// Place in the log.
    position: u64,
}

impl Operation for Audit {
    const TOOL: &'static str = "safety";
    const NAME: &'static str = "audit";
    const EFFECT: Effect = Effect::Read;
    type Result = Audited;

    async fn call(self, call: &Call) -> Result<Audited, Error> {
        let (projects, scope) = call.scope().await?;
        let limit = bounded(self.limit, SHOWN, MOST_SHOWN)?;
        let before: Option<u64> = match self.cursor.as_deref().map(str::parse) {
            None => None,
            Some(Ok(before)) => Some(before),
            Some(Err(_)) => return Err(Error::invalid("cursor", "no cursor of this list")),
        };
        let Filters { actor, operation, origin, outcome, since, until } = self.filters;
        let now = Time::now();
        let time = |field: &str, text: Option<String>| -> Result<Option<Time>, Error> {
            text.map(|text| time_args::instant(&format!("filters.{field}"), &text, now)).transpose()
        };
        let (since, until) = (time("since", since)?, time("until", until)?);
        let given = [
            json!(before),
            json!(actor),
            json!(operation),
            json!(origin),
            json!(outcome),
            json!(since),
            json!(until),
        ];
        let chain = async {
            match self.verify.unwrap_or(true) {
                true => verify(&call.app.store, &call.app.audited).await.map(Some),
                false => Ok(None),
            }
        };
        let rows = objects(&call.app, &scope, AUDIT, &given, limit + 1);
        let (rows, chain) = tokio::try_join!(rows, chain)?;
        let line = |row| serde_json::from_value::<Line>(Value::Object(row));
        let mut items: Vec<Line> = rows.into_iter().map(line).collect::<Result<_, _>>().map_err(unread)?;
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(|last| last.position.to_string());
        let has_seal = match &self.seal {
            Some(seal) => Some(
                !objects(&call.app, &athena_store::Scope::All, SEALED, &[json!(seal)], 1).await?.is_empty(),
            ),
            None => None,
        };
        Ok(Audited { items, next_cursor, chain, has_seal, project: projects.join(", ") })
    }

    fn examples() -> Vec<Example> {
        let of_safety = json!({"filters": {"operation": "safety", "outcome": "ok"}, "limit": 10});
        vec![Example { setup: vec![set_up()], arguments: of_safety }]
    }
}

const SEALED: &str = include_str!("../../../sql/audit_sealed.sql");

fn unread(error: serde_json::Error) -> Error {
    Error::internal(format!("audit: {error}"))
}
