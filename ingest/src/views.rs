//! Commands about saved views: statements in SQL with a name.

use athena_schemas::Error;
use athena_schemas::tables::Record;
use serde::{Deserialize, Serialize};

use crate::apply::{Call, Decision, Done, State, Tool};
use crate::records;

pub(crate) const TOOL: Tool = Tool { name: "sql", keys, decide };

pub const KIND: &str = "view";
/// Characters of a name, and bytes of a statement.
const NAME_CHARS: usize = 64;
const STATEMENT_BYTES: usize = 100_000;

/// What a view is made of.
#[derive(Debug, Serialize, Deserialize)]
pub struct View {
    pub sql: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Save {
    name: String,
    sql: String,
}

/// The id of the view of that name.
pub fn id(name: &str) -> String {
    format!("view-{name}")
}

fn keys(call: &Call<'_>) -> Vec<crate::apply::Key> {
    let name = call.arguments.get("name").and_then(|name| name.as_str());
    name.map(|name| records::key(call, &id(name))).into_iter().collect()
}

fn decide(operation: &str, state: &State, call: &Call<'_>) -> Option<Decision> {
    (operation == "save").then(|| save(state, call).into())
}

fn save(state: &State, call: &Call<'_>) -> Done {
    let given: Save = call.parse()?;
    let mut letters = given.name.chars();
    let begins = letters.next().is_some_and(|first| first.is_ascii_lowercase() || first == '_');
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !begins || !letters.all(plain) || given.name.len() > NAME_CHARS {
        return Err(Error::invalid("name", format!("{:?} is not a name for a view", given.name))
            .hint("up to 64 lower-case letters, digits and underscores, not beginning with a digit"));
    }
    if given.sql.len() > STATEMENT_BYTES {
        return Err(Error::invalid("sql", format!("{} bytes, at most {STATEMENT_BYTES}", given.sql.len())));
    }
    let id = id(&given.name);
    let old = state.record(&call.event.project, &id).filter(|record| !record.deleted);
    let base = old.cloned().unwrap_or_default();
    let record = Record { id, kind: KIND.into(), name: Some(given.name), ..base };
    records::written(records::version(record, &View { sql: given.sql }, call))
}
