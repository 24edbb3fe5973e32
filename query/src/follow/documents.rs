//! Rows of tables as documents of the text index. Pure.

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, RecordBatch};
use athena_schemas::tables::{Event, Memory, Record};
use athena_schemas::vocabulary::COMMAND_PREFIX;
use athena_schemas::wire::Kind;
use athena_schemas::{Column, Row, Table};

use crate::text::{Changes, Document, Key};

/// The tables whose rows are found.
pub const TABLES: [&Table; 3] = [Event::TABLE, Memory::TABLE, Record::TABLE];

const EVENT_COLUMNS: [&str; 14] = [
    "id",
    "time",
    "project",
    "session",
    "agent",
    "type",
    "tool",
    "content",
    "outcome",
    "files",
    "tags",
    "attributes",
    "parent",
    "position",
];
const MEMORY_COLUMNS: [&str; 18] = [
    "id",
    "project",
    "session",
    "agent",
    "kind",
    "name",
    "aliases",
    "content",
    "scope",
    "tags",
    "sensitive",
    "source",
    "valid_from",
    "valid_until",
    "superseded_by",
    "recorded_at",
    "deleted",
    "position",
];
const RECORD_COLUMNS: [&str; 11] = [
    "id",
    "project",
    "session",
    "agent",
    "kind",
    "name",
    "text",
    "tags",
    "recorded_at",
    "deleted",
    "position",
];

/// The columns that documents are made of.
pub fn columns(table: &Table) -> &'static [&'static str] {
    match table.name {
        name if name == Event::TABLE.name => &EVENT_COLUMNS,
        name if name == Memory::TABLE.name => &MEMORY_COLUMNS,
        _ => &RECORD_COLUMNS,
    }
}

/// What the rows of a table change in the index.
pub fn changes(table: &Table, rows: &RecordBatch) -> Changes {
    match table.name {
        name if name == Event::TABLE.name => events(rows),
        name if name == Memory::TABLE.name => memories(rows),
        _ => records(rows),
    }
}

/// What happened. Commands are not among it: what they did is in the tables that they changed.
fn events(rows: &RecordBatch) -> Changes {
    let columns = Columns(rows);
    let add = (0..rows.num_rows()).filter_map(|row| {
        let event_type: String = columns.read("type", row);
        if event_type.starts_with(COMMAND_PREFIX) {
            return None;
        }
        let id: String = columns.read("id", row);
        let content: Option<String> = columns.read("content", row);
        Some(Document {
            kind: Kind::Event,
            project: columns.read("project", row),
            session: columns.read("session", row),
            agent: columns.read("agent", row),
            event_type: Some(event_type),
            tool: columns.read("tool", row),
            outcome: columns.read("outcome", row),
            parent: columns.read("parent", row),
            files: columns.read("files", row),
            tags: columns.read("tags", row),
            time: columns.read("time", row),
            name: None,
            aliases: vec![],
            scope: vec![],
            valid: (None, None),
            superseded: false,
            // What has no text is found by what else its producer said.
            content: content.or_else(|| columns.read("attributes", row)).unwrap_or_default(),
            position: columns.read("position", row),
            sources: vec![id.clone()],
            id,
        })
    });
    Changes { add: add.collect(), remove: vec![] }
}

/// The newest of the versions of each memory; a tombstone removes it. A sensitive one is found by its
/// name, aliases and tags only.
fn memories(rows: &RecordBatch) -> Changes {
    let columns = Columns(rows);
    let mut changes = Changes::default();
    for Newest { project, id, position, row } in columns.newest() {
        if columns.read::<bool>("deleted", row) {
            changes.remove.push(Key::Item { kind: Kind::Memory, project, id });
            continue;
        }
        let sensitive: bool = columns.read("sensitive", row);
        let content: String = if sensitive { String::new() } else { columns.read("content", row) };
        changes.add.push(Document {
            kind: Kind::Memory,
            id,
            project,
            session: columns.read("session", row),
            agent: columns.read("agent", row),
            event_type: Some(columns.read("kind", row)),
            tool: None,
            outcome: None,
            parent: None,
            files: columns.read("scope", row),
            tags: columns.read("tags", row),
            time: columns.read("recorded_at", row),
            name: columns.read("name", row),
            aliases: columns.read("aliases", row),
            scope: columns.read("scope", row),
            valid: (columns.read("valid_from", row), columns.read("valid_until", row)),
            superseded: columns.read::<Option<String>>("superseded_by", row).is_some(),
            content,
            position,
            sources: columns.read::<Option<String>>("source", row).into_iter().collect(),
        });
    }
    changes
}

/// The newest of the versions of each record of a kind that is searched for; a tombstone removes it.
fn records(rows: &RecordBatch) -> Changes {
    let columns = Columns(rows);
    let mut changes = Changes::default();
    for Newest { project, id, position, row } in columns.newest() {
        let Some(kind) = Kind::parse(&columns.read::<String>("kind", row)) else { continue };
        let content: Option<String> = columns.read("text", row);
        match content.filter(|_| !columns.read::<bool>("deleted", row)) {
            None => changes.remove.push(Key::Item { kind, project, id }),
            Some(content) => changes.add.push(Document {
                kind,
                id,
                project,
                session: columns.read("session", row),
                agent: columns.read("agent", row),
                event_type: None,
                tool: None,
                outcome: None,
                parent: None,
                files: vec![],
                tags: columns.read("tags", row),
                time: columns.read("recorded_at", row),
                name: columns.read("name", row),
                aliases: vec![],
                scope: vec![],
                valid: (None, None),
                superseded: false,
                content,
                position,
                sources: vec![],
            }),
        }
    }
    changes
}

struct Columns<'b>(&'b RecordBatch);

/// Where the newest version of something stands among rows.
struct Newest {
    project: String,
    id: String,
    position: u64,
    row: usize,
}

impl Columns<'_> {
    /// The newest row of each project and id, in their order.
    fn newest(&self) -> impl Iterator<Item = Newest> {
        let mut newest: BTreeMap<(String, String), (u64, usize)> = BTreeMap::new();
        for row in 0..self.0.num_rows() {
            let position: u64 = self.read("position", row);
            let key = (self.read("project", row), self.read("id", row));
            let at = newest.entry(key).or_insert((position, row));
            *at = (*at).max((position, row));
        }
        newest.into_iter().map(|((project, id), (position, row))| Newest { project, id, position, row })
    }

    fn read<C: Column>(&self, name: &str, row: usize) -> C {
        let column: &ArrayRef = self.0.column_by_name(name).expect("`columns` names it");
        debug_assert!(C::NULLABLE || column.is_valid(row), "{name} is declared not to be null");
        C::read(column, row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_no_documents_and_attributes_stand_in_for_a_text() {
        let event = |r#type: &str, content: Option<&str>| Event {
            id: r#type.into(),
            r#type: r#type.into(),
            content: content.map(str::to_owned),
            attributes: Some(r#"{"exit_code":101}"#.into()),
            ..Event::default()
        };
        let rows = [event("athena.memories.remember", None), event("build", None), event("error", Some("e"))];
        let made = events(&Event::batch(&rows)).add;
        let shown: Vec<_> = made.iter().map(|one| (one.id.as_str(), one.content.as_str())).collect();
        assert_eq!(shown, [("build", r#"{"exit_code":101}"#), ("error", "e")]);
    }

    #[test]
    fn the_newest_version_counts() {
        let memory = |id: &str, position, content: &str| Memory {
            id: id.into(),
            project: "p".into(),
            content: content.into(),
            position,
            ..Memory::default()
        };
        let secret = Memory { sensitive: true, name: Some("key".into()), ..memory("s", 9, "hunter2") };
        let gone = Memory { deleted: true, ..memory("b", 7, "old") };
        let rows = [memory("a", 3, "new"), memory("a", 1, "old"), memory("b", 2, "old"), gone, secret];
        let made = memories(&Memory::batch(&rows));
        let shown: Vec<_> = made.add.iter().map(|one| (one.id.as_str(), one.content.as_str())).collect();
        assert_eq!(shown, [("a", "new"), ("s", "")]);
        assert_eq!(made.remove, [Key::Item { kind: Kind::Memory, project: "p".into(), id: "b".into() }]);
    }

    #[test]
    fn records_of_searched_kinds_are_found() {
        let record = |id: &str, kind: &str, position, text: Option<&str>| Record {
            id: id.into(),
            kind: kind.into(),
            text: text.map(str::to_owned),
            position,
            ..Record::default()
        };
        let gone = Record { deleted: true, ..record("c", "note", 5, None) };
        let rows = [record("a", "note", 1, Some("x")), record("b", "link", 2, Some("y")), gone];
        let made = records(&Record::batch(&rows));
        assert_eq!(made.add.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["a"]);
        assert_eq!(made.remove, [Key::Item { kind: Kind::Note, project: String::new(), id: "c".into() }]);
    }

    #[test]
    fn every_column_is_declared() {
        for table in TABLES {
            let declared: Vec<_> = (table.fields)().into_iter().map(|field| field.name).collect();
            assert!(columns(table).iter().all(|name| declared.contains(name)), "{}", table.name);
        }
    }
}
