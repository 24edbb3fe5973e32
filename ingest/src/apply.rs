//! Commands, decided in the log's order: `apply(state, event)` gives rows and a result.
//!
//! It sees only rows found by exact key and the record's log time: never a clock, an index or a score.
//! So a claim, a conflict, a cycle has one answer, the same on every replay.

use std::collections::{BTreeMap, HashMap};

use athena_schemas::tables::{Event, Forgotten, Memory, Record};
use athena_schemas::vocabulary::{COMMAND_PREFIX, Origin};
use athena_schemas::{Code, Error, Partition, Row, Time, audit};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Names one row of state.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub table: &'static str,
    pub project: String,
    pub id: String,
}

/// The table of keys for all versions of a memory, not only the newest.
pub const PAST: &str = "memories_versions";

/// A row of state that a command writes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "table", content = "row", rename_all = "snake_case")]
pub enum StateRow {
    Memories(Box<Memory>),
    Records(Box<Record>),
    Forgotten(Box<Forgotten>),
}

impl StateRow {
    pub fn key(&self) -> Key {
        let (table, project, id) = match self {
            Self::Memories(row) => (Memory::TABLE.name, &row.project, &row.id),
            Self::Records(row) => (Record::TABLE.name, &row.project, &row.id),
            Self::Forgotten(row) => (Forgotten::TABLE.name, &row.project, &row.id),
        };
        Key { table, project: project.clone(), id: id.clone() }
    }
}

/// The newest rows, by key, that the commands at hand may look at. Absent means: there is none.
#[derive(Debug, Default)]
pub struct State {
    rows: HashMap<Key, StateRow>,
    /// By version, of the memories whose past a command looks at.
    past: HashMap<Key, BTreeMap<i64, Memory>>,
    /// Where the chains of the audit stand, of partitions that are known.
    pub heads: BTreeMap<Partition, audit::Head>,
}

impl State {
    pub fn put(&mut self, row: StateRow) {
        let key = row.key();
        if let StateRow::Memories(memory) = &row {
            let past = Key { table: PAST, ..key.clone() };
            if let Some(versions) = self.past.get_mut(&past) {
                versions.insert(memory.version, memory.as_ref().clone());
            }
        }
        self.rows.insert(key, row);
    }

    /// From now on every version of a memory that is put is kept.
    pub fn keep_past(&mut self, key: Key) {
        self.past.entry(key).or_default();
    }

    pub fn contains(&self, key: &Key) -> bool {
        self.rows.contains_key(key) || self.past.contains_key(key)
    }

    /// The versions of a memory, the oldest first, of one whose key is of the table [`PAST`].
    pub fn versions(&self, project: &str, id: &str) -> impl Iterator<Item = &Memory> {
        let key = Key { table: PAST, project: project.to_owned(), id: id.to_owned() };
        self.past.get(&key).into_iter().flat_map(BTreeMap::values)
    }

    pub fn get(&self, key: &Key) -> Option<&StateRow> {
        self.rows.get(key)
    }

    /// The newest version of a memory, tombstones included.
    pub fn memory(&self, project: &str, id: &str) -> Option<&Memory> {
        match self.row(Memory::TABLE.name, project, id)? {
            StateRow::Memories(row) => Some(row),
            _ => None,
        }
    }

    /// The newest version of a record, tombstones included.
    pub fn record(&self, project: &str, id: &str) -> Option<&Record> {
        match self.row(Record::TABLE.name, project, id)? {
            StateRow::Records(row) => Some(row),
            _ => None,
        }
    }

    fn row(&self, table: &'static str, project: &str, id: &str) -> Option<&StateRow> {
        self.rows.get(&Key { table, project: project.to_owned(), id: id.to_owned() })
    }

    pub fn len(&self) -> usize {
        self.rows.len() + self.past.values().map(BTreeMap::len).sum::<usize>()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn clear(&mut self) {
        self.rows.clear();
        self.past.clear();
        self.heads.clear();
    }
}

/// What a command does: its rows, and what its caller is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub rows: Vec<StateRow>,
    pub result: Result<Value, Error>,
}

impl From<Error> for Decision {
    fn from(error: Error) -> Self {
        Self { rows: vec![], result: Err(error) }
    }
}

/// What a command that is not refused does: the rows that it writes, and what its caller is told.
pub type Done = Result<(Vec<StateRow>, Value), Error>;

impl From<Done> for Decision {
    fn from(done: Done) -> Self {
        match done {
            Ok((rows, told)) => Self { rows, result: Ok(told) },
            Err(error) => error.into(),
        }
    }
}

/// The commands of a tool.
pub(crate) struct Tool {
    pub name: &'static str,
    /// The rows that a command must be able to see, by exact key.
    pub keys: fn(&Call<'_>) -> Vec<Key>,
    /// Decides an operation; `None` when there is none of the name.
    pub decide: fn(&str, &State, &Call<'_>) -> Option<Decision>,
}

const TOOLS: &[Tool] = &[
    crate::associations::TOOL,
    crate::attention::TOOL,
    crate::automation::TOOL,
    crate::code::TOOL,
    crate::consolidation::TOOL,
    crate::conversations::TOOL,
    crate::estimation::TOOL,
    crate::forgets::TOOL,
    crate::goals::TOOL,
    crate::graph::TOOL,
    crate::hooks::TOOL,
    crate::keys::TOOL,
    crate::memories::TOOL,
    crate::notes::TOOL,
    crate::partitions::TOOL,
    crate::places::TOOL,
    crate::planning::TOOL,
    crate::procedures::TOOL,
    crate::retrieve::TOOL,
    crate::safety::TOOL,
    crate::skills::TOOL,
    crate::tasks::TOOL,
    crate::triggers::TOOL,
    crate::views::TOOL,
];

type Further = fn(&str, &Call<'_>, &State) -> Vec<Key>;

/// Tools whose commands look at rows that only other rows name: asked again, with what is loaded, until nothing new is
/// named.
const FURTHER: [(&str, Further); 2] = [("goals", crate::goals::further), ("tasks", crate::tasks::further)];

/// The operation that an event commands: `memories.remember` of `athena.memories.remember`.
pub fn operation(event: &Event) -> Option<&str> {
    event.r#type.strip_prefix(COMMAND_PREFIX)
}

/// The command's envelope in the event's attributes: the arguments, and what the caller may.
#[derive(Debug, Serialize, Deserialize)]
pub struct Envelope {
    pub arguments: Value,
    /// Whether the caller may change what others wrote.
    #[serde(default)]
    pub admin: bool,
    /// What its caller asked for, by which the same command is known when it comes again; see [`repeats`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
}

/// The attribute that names the triggers, rules and hooks that led to an event, the first of them first. Athena writes
/// it; what senders write there is taken out at its doors.
pub const CAUSE: &str = "athena_cause";

/// What led to an event, as far as Athena itself says so.
pub fn cause(event: &Event) -> Vec<String> {
    let said = event.origin != Origin::Kafka.name();
    let text = event.attributes.as_deref().filter(|text| said && text.contains(CAUSE));
    let attributes: Option<Value> = text.and_then(|text| serde_json::from_str(text).ok());
    let cause = attributes.and_then(|mut all| all.get_mut(CAUSE).map(Value::take));
    cause.and_then(|cause| serde_json::from_value(cause).ok()).unwrap_or_default()
}

/// The command as `apply` sees it.
pub struct Call<'a> {
    pub event: &'a Event,
    pub arguments: Value,
    pub admin: bool,
}

impl Call<'_> {
    /// The arguments as `T`, unknown ones refused by name.
    pub fn parse<T: for<'de> Deserialize<'de>>(&self) -> Result<T, Error> {
        T::deserialize(&self.arguments).map_err(|error| {
            let message = error.to_string();
            let field = message.split('`').nth(1).unwrap_or_default().to_owned();
            Error::invalid(field, message)
        })
    }

    pub fn now(&self) -> Time {
        self.event.received_at
    }
}

fn call(event: &Event) -> Result<Call<'_>, Error> {
    let text = event.attributes.as_deref().unwrap_or("{}");
    let envelope: Envelope = serde_json::from_str(text)
        .map_err(|e| Error::invalid("attributes", format!("not a command's envelope: {e}")))?;
    Ok(Call { event, arguments: envelope.arguments, admin: envelope.admin })
}

/// A command as it stands in the log, as far as it tells what was asked for: its type and its attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub r#type: String,
    pub attributes: Option<String>,
}

/// Whether a command is the first one of its id come again, which gets the first one's answer: the same operation, asked
/// for with the same arguments. The log's order says which is the first, and only that one changes anything, so whoever
/// compares comes to the same. Of commands whose id follows from what they say, such as firings, no more is told.
///
/// # Errors
/// `conflict`, where the id was used for something else.
pub fn repeats(first: &Said, again: &Said) -> Result<(), Error> {
    let other = |what: String| {
        let error = Error::conflict(format!("event_id was used before for {what}"));
        let error =
            error.hint("repeat a call with the arguments that it had; give a new one another event_id");
        Err(Error { field: Some("event_id".into()), ..error })
    };
    let name = |said: &Said| said.r#type.strip_prefix(COMMAND_PREFIX).unwrap_or(&said.r#type).to_owned();
    if first.r#type != again.r#type {
        return other(name(first));
    }
    match (asked(first), asked(again)) {
        (Some(one), Some(another)) if one != another => {
            other(format!("{} with other arguments", name(first)))
        }
        _ => Ok(()),
    }
}

fn asked(said: &Said) -> Option<String> {
    #[derive(Deserialize)]
    struct Asked {
        asked: Option<String>,
    }
    serde_json::from_str::<Asked>(said.attributes.as_deref()?).ok()?.asked
}

/// The rows that the command must be able to see, before `apply` is asked.
pub fn keys(event: &Event) -> Vec<Key> {
    let (Some((tool, _)), Ok(call)) = (named(event), call(event)) else { return vec![] };
    (tool.keys)(&call)
}

/// The rows that the command must be able to see besides, as far as the state tells of them yet.
pub fn further(event: &Event, state: &State) -> Vec<Key> {
    let (Some((tool, operation)), Ok(call)) = (named(event), call(event)) else { return vec![] };
    let further = FURTHER.iter().find(|(name, _)| *name == tool.name);
    further.map(|(_, further)| further(operation, &call, state)).unwrap_or_default()
}

/// Decides one command. The result object always names `id` or what else the operation gives, and the
/// project; the caller adds the position.
pub fn apply(state: &State, event: &Event) -> Decision {
    let call = match call(event) {
        Ok(call) => call,
        Err(error) => return error.into(),
    };
    let decided = named(event).and_then(|(tool, operation)| (tool.decide)(operation, state, &call));
    decided.unwrap_or_else(|| {
        let name = operation(event).unwrap_or_default();
        Error::new(Code::NotFound, format!("no command {name}")).into()
    })
}

/// The tool and the name of the operation that an event commands.
fn named(event: &Event) -> Option<(&'static Tool, &str)> {
    let (tool, operation) = operation(event)?.split_once('.')?;
    Some((TOOLS.iter().find(|one| one.name == tool)?, operation))
}

/// The `result` column: what the caller was told, errors included.
pub fn result_text(result: &Result<Value, Error>) -> String {
    match result {
        Ok(value) => value.to_string(),
        Err(error) => json!({ "error": error }).to_string(),
    }
}

/// The other way round.
pub fn result_of(text: &str) -> Result<Value, Error> {
    let value: Value =
        serde_json::from_str(text).map_err(|e| Error::internal(format!("stored result is not JSON: {e}")))?;
    match value.get("error").map(Error::deserialize) {
        Some(Ok(error)) => Err(error),
        _ => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_command_repeats_the_first() {
        let said = |operation: &str, asked: Option<&str>| Said {
            r#type: format!("athena.{operation}"),
            attributes: Some(json!({"arguments": {}, "admin": false, "asked": asked}).to_string()),
        };
        let first = said("notes.create", Some("a"));
        repeats(&first, &first).unwrap();
        let other = repeats(&first, &said("notes.create", Some("b"))).unwrap_err();
        assert_eq!((other.code, other.field.as_deref()), (Code::Conflict, Some("event_id")));
        assert!(other.message.contains("notes.create with other arguments"), "{other}");
        let other = repeats(&first, &said("tasks.create", Some("a"))).unwrap_err();
        assert!(other.message.ends_with("notes.create"), "{other}");
        // What was written before there was this, and firings, whose id says it all.
        repeats(&said("notes.create", None), &first).unwrap();
        repeats(&Said { attributes: None, ..first.clone() }, &first).unwrap();
    }
}
