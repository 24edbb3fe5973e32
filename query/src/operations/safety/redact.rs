//! Redaction: a mark takes the place of what must not be seen, everywhere.
//!
//! ```text
//! id, spans ─▶ the words ─▶ rows that hold them ─▶ masked copies of events ─▶ one command ─▶ hidden ─▶ purged
//! ```

use std::collections::BTreeMap;

use athena_ingest::redacts::MOST;
use athena_learn::scan::scan;
use athena_schemas::audit::VERDICT;
use athena_schemas::vocabulary::COMMAND_PREFIX;
use athena_schemas::{Code, Error, Position, ids};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::scan::{leaked, row, texts};
use super::words::events_with;
use crate::operations::events::add_all;
use crate::operations::records::one_project;
use crate::operations::rows::objects;
use crate::registry::{Call, Effect, Example, Operation, Step};
use crate::who::Role;

const MEMORIES: &str = include_str!("../../../sql/memories_with_words.sql");
const RECORDS: &str = include_str!("../../../sql/records_with_words.sql");
const OTHERS: &str = include_str!("../../../sql/others_with_words.sql");

/// Spans at once, and bytes below which words stand by chance in texts that have nothing to do with it.
const MOST_SPANS: usize = 50;
const LEAST_BYTES: usize = 4;
/// How sure the scanner must be of what it detects.
const SURE: f64 = 0.5;

/// Puts a mark in the place of words of an event or a memory, and of the same words everywhere else in the project: events,
/// commands, memories, notes and other records, questions, dead letters, indexes, vectors and old versions. Hidden at
/// once, purged within minutes; the audit keeps that it was, not what. An event becomes a new one with the mark, to which
/// its id leads. Only for admins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Redact {
    /// Id of an event or a memory.
    id: String,
    /// Which words: of `content`, or of another `field`. Either this or `detected`.
    #[serde(default)]
    spans: Vec<Span>,
    /// Everything that `scan` finds in it.
    #[serde(default)]
    detected: bool,
    /// Whether to tell only what would be redacted; false when not said.
    #[serde(default)]
    dry_run: bool,
}

/// Bytes `start` to `end`, exclusive.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Span {
    start: usize,
    end: usize,
    #[serde(default)]
    field: Option<String>,
}

/// What would be or was redacted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Redacted {
    /// The row of `forgotten` that says how far the purge is; null where nothing was done.
    id: Option<String>,
    dry_run: bool,
    /// How many different words.
    words: usize,
    /// How many events hold them, and how many commands.
    events: usize,
    commands: usize,
    memories: usize,
    /// Notes, working memory, rules and the like.
    records: usize,
    /// Questions that were asked, and dead letters.
    others: usize,
    project: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
}

/// Words, each with the mark that takes its place.
struct Words(Vec<(String, String)>);

/// Rows that hold any of the words.
#[derive(Default)]
struct Holding {
    events: BTreeMap<u64, Map<String, Value>>,
    commands: BTreeMap<u64, ()>,
    /// Newest versions by id, and positions of all that hold any.
    memories: BTreeMap<String, Map<String, Value>>,
    records: BTreeMap<String, Map<String, Value>>,
    versions: BTreeMap<u64, ()>,
    others: BTreeMap<String, ()>,
}

impl Operation for Redact {
    const TOOL: &'static str = "safety";
    const NAME: &'static str = "redact";
    const EFFECT: Effect = Effect::Remove;
    type Result = Redacted;

    async fn call(self, call: &Call) -> Result<Redacted, Error> {
        call.caller.identity.must(Role::Admin)?;
        let (project, scope) = one_project(call).await?;
        let (found, fields) = row(call, &scope, &project, &self.id).await?;
        let words = self.words(&texts(&found, fields))?;
        let holding = holding(call, &scope, &words).await?;
        let mut redacted = Redacted {
            id: None,
            dry_run: self.dry_run,
            words: words.0.len(),
            events: holding.events.len(),
            commands: holding.commands.len(),
            memories: holding.memories.len(),
            records: holding.records.len(),
            others: holding.others.len(),
            project,
            position: None,
        };
        if self.dry_run || words.0.is_empty() {
            return Ok(redacted);
        }
        let moved = copied(call, &holding, &words).await?;
        let answer = call.command(&holding.command(&words, moved)?).await?;
        redacted.id = answer.get("id").and_then(Value::as_str).map(str::to_owned);
        redacted.position = answer.get("position").and_then(|at| serde_json::from_value(at.clone()).ok());
        Ok(redacted)
    }

    fn examples() -> Vec<Example> {
        let detected = json!({"id": "example-leak-2", "detected": true});
        let spans = json!({"id": "example-leak", "spans": [{"start": 27, "end": 39}], "dry_run": true});
        let other = json!({"content": "connected with DB_PASSWORD=tW6!meadow41", "type": "message",
                           "event_id": "example-leak-2"});
        let other = Step { tool: "events", operation: "record", arguments: other };
        vec![
            Example { setup: vec![leaked()], arguments: spans },
            Example { setup: vec![other], arguments: detected },
        ]
    }
}

impl Redact {
    fn words(&self, texts: &[(&'static str, String)]) -> Result<Words, Error> {
        if self.detected != self.spans.is_empty() {
            return Err(Error::invalid("spans", "exactly one of `spans` and `detected` is needed")
                .hint(r#"such as {"id": "e-1", "detected": true}"#));
        }
        if self.spans.len() > MOST_SPANS {
            return Err(Error::invalid("spans", format!("at most {MOST_SPANS} at once")));
        }
        let mut words: Vec<(String, String)> = Vec::new();
        for span in &self.spans {
            let field = span.field.as_deref().unwrap_or("content");
            let text = texts.iter().find(|(name, _)| *name == field).map(|(_, text)| text.as_str());
            let word = text.and_then(|text| text.get(span.start..span.end)).ok_or_else(|| {
                Error::invalid(
                    "spans",
                    format!("{field} has no characters from {} to {}", span.start, span.end),
                )
                .hint("spans are of bytes, and `safety.scan` gives them")
            })?;
            words.push((word.to_owned(), "[redacted]".to_owned()));
        }
        for (_, text) in texts.iter().filter(|_| self.detected) {
            let sure = scan(text).findings.into_iter().filter(|one| one.confidence >= SURE);
            words.extend(
                sure.map(|one| (text[one.start..one.end].to_owned(), format!("[redacted {}]", one.kind))),
            );
        }
        words.sort_by(|one, other| other.0.len().cmp(&one.0.len()).then(one.cmp(other)));
        words.dedup_by(|one, other| one.0 == other.0);
        if let Some((short, _)) = words.iter().find(|(word, _)| word.trim().len() < LEAST_BYTES) {
            let message = format!("a span of {} bytes stands in too many texts", short.len());
            return Err(Error::invalid("spans", message).hint(format!("at least {LEAST_BYTES} bytes")));
        }
        words.truncate(MOST_SPANS);
        Ok(Words(words))
    }
}

impl Words {
    /// A word as it is, and as it stands in JSON, and in JSON that is a text of JSON.
    fn forms(word: &str) -> Vec<String> {
        let quoted = |text: &str| {
            let quoted = Value::from(text).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        };
        let once = quoted(word);
        let twice = quoted(&once);
        let mut forms = vec![word.to_owned(), once, twice];
        forms.dedup();
        forms
    }

    /// The text with marks; longer words first, so that none leaves a part of another.
    fn mask(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (word, mark)| {
            let mut forms = Self::forms(word);
            forms.reverse();
            forms.iter().fold(text, |text, form| text.replace(form.as_str(), mark))
        })
    }

    fn masked(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.mask(text).into(),
            Value::Array(all) => all.iter().map(|one| self.masked(one)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| (self.mask(name), self.masked(value)))
                .collect::<Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }
}

/// Every row of the project that holds any of the words.
async fn holding(call: &Call, scope: &Scope, words: &Words) -> Result<Holding, Error> {
    let mut found = Holding::default();
    if words.0.is_empty() {
        return Ok(found);
    }
    let forms: Vec<String> = words.0.iter().flat_map(|(word, _)| Words::forms(word)).collect();
    let most = MOST + 1;
    for row in events_with(&call.app, scope, &forms, most).await? {
        let position = number(&row, "position");
        match row.get("type").and_then(Value::as_str).is_some_and(|name| name.starts_with(COMMAND_PREFIX)) {
            true => drop(found.commands.insert(position, ())),
            false => drop(found.events.insert(position, row)),
        }
    }
    for (word, _) in &words.0 {
        let forms = Words::forms(word);
        let at = |index: usize| forms.get(index).unwrap_or(&forms[0]).clone();
        let given = [json!(at(0)), json!(at(1)), json!(at(2))];
        let bytes = [json!(at(0)), json!(hex::encode(word))];
        let (memories, records, others) = tokio::try_join!(
            objects(&call.app, scope, MEMORIES, &given[..1], most),
            objects(&call.app, scope, RECORDS, &given, most),
            objects(&call.app, scope, OTHERS, &bytes, most),
        )?;
        for row in memories {
            found.versions.extend(positions(&row).map(|at| (at, ())));
            found.memories.insert(text(&row, "id"), row);
        }
        for row in records {
            found.versions.extend(positions(&row).map(|at| (at, ())));
            found.records.insert(text(&row, "id"), row);
        }
        found.others.extend(others.iter().map(|row| (text(row, "id"), ())));
    }
    let all = found.events.len() + found.commands.len() + found.versions.len() + found.others.len();
    if all > MOST {
        let message = format!("more than {MOST} rows hold it");
        return Err(Error::new(Code::ResourceExhausted, message).hint("redact longer words"));
    }
    Ok(found)
}

impl Holding {
    fn command(&self, words: &Words, moved: Vec<(String, String)>) -> Result<Value, Error> {
        let masked = |row: &Map<String, Value>, names: &[&str]| {
            let field =
                |name: &&str| ((*name).to_owned(), words.masked(row.get(*name).unwrap_or(&Value::Null)));
            let mut masked: Map<String, Value> = names.iter().map(field).collect();
            for name in ["id", "version"] {
                masked.insert(name.to_owned(), row.get(name).cloned().unwrap_or_default());
            }
            for list in ["aliases", "tags"].iter().filter(|list| names.contains(list)) {
                if masked[*list].is_null() {
                    masked[*list] = json!([]);
                }
            }
            Value::Object(masked)
        };
        let memory = |row| masked(row, &["content", "name", "aliases", "tags", "source"]);
        let record = |row| masked(row, &["name", "text", "tags", "body"]);
        let positions: std::collections::BTreeSet<u64> =
            self.events.keys().chain(self.commands.keys()).chain(self.versions.keys()).copied().collect();
        Ok(json!({
            "positions": positions,
            "memories": self.memories.values().map(memory).collect::<Vec<_>>(),
            "records": self.records.values().map(record).collect::<Vec<_>>(),
            "others": self.others.keys().collect::<Vec<_>>(),
            "moved": moved,
        }))
    }
}

/// Records each event again with marks, under an id that follows from its place, so that whoever tries again adds nothing.
async fn copied(call: &Call, holding: &Holding, words: &Words) -> Result<Vec<(String, String)>, Error> {
    let (mut copies, mut moved) = (Vec::new(), Vec::new());
    for (position, row) in &holding.events {
        let (id, copy) = (
            text(row, "id"),
            ids::short("rd-", &[&call.shared.project.clone().unwrap_or_default(), &position.to_string()]),
        );
        let mut event = json!({"id": copy});
        for name in [
            "time",
            "session",
            "agent",
            "type",
            "tool",
            "content",
            "outcome",
            "files",
            "tags",
            "duration_ms",
            "parent",
        ] {
            if let Some(value) = row.get(name).filter(|value| !value.is_null()) {
                event[name] = if name == "time" { value.clone() } else { words.masked(value) };
            }
        }
        let attributes =
            row.get("attributes").and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok());
        let mut attributes: Map<String, Value> = attributes.unwrap_or_default();
        // What was judged once is not judged again.
        attributes.shift_remove(VERDICT);
        let mut attributes = words.masked(&Value::Object(attributes));
        attributes["redacted"] = json!({"told_by": text(row, "actor"), "through": text(row, "origin")});
        event["attributes"] = attributes;
        copies.push(event);
        // An id that holds a word leads nowhere any more.
        if words.mask(&id) == id {
            moved.push((id, copy));
        }
    }
    if !copies.is_empty() {
        add_all(call, copies).await?;
    }
    Ok(moved)
}

fn text(row: &Map<String, Value>, name: &str) -> String {
    row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn number(row: &Map<String, Value>, name: &str) -> u64 {
    row.get(name).and_then(Value::as_u64).unwrap_or_default()
}

fn positions(row: &Map<String, Value>) -> impl Iterator<Item = u64> {
    row.get("positions").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_word_is_masked() {
        let words = Words(vec![("a\"b\\c".into(), "[redacted]".into()), ("b\\c".into(), "[short]".into())]);
        let once = json!({"text": "x a\"b\\c y"}).to_string();
        let twice = json!({"body": once}).to_string();
        for text in ["a\"b\\c", &once, &twice] {
            let masked = words.mask(text);
            assert!(
                masked.contains("[redacted]") && !masked.contains('b') || masked.contains("body"),
                "{masked}"
            );
            assert!(!masked.contains("b\\"), "{masked}");
        }
        let masked = words.masked(&json!({"a": ["b\\c", 3]}));
        assert_eq!(masked, json!({"a": ["[short]", 3]}));
    }

    #[test]
    fn spans_are_of_the_text() {
        let redact = |spans: Value, detected: bool| {
            let given = json!({"id": "e-1", "spans": spans, "detected": detected});
            let redact: Redact = serde_json::from_value(given).unwrap();
            redact.words(&[("content", "the word is quokka".to_owned())]).map(|words| words.0)
        };
        let found = redact(json!([{"start": 12, "end": 18}]), false).unwrap();
        assert_eq!(found, [("quokka".to_owned(), "[redacted]".to_owned())]);
        for wrong in [json!([{"start": 12, "end": 99}]), json!([{"start": 0, "end": 3}]), json!([])] {
            assert_eq!(redact(wrong, false).unwrap_err().field.as_deref(), Some("spans"));
        }
        assert!(redact(json!([]), true).unwrap().is_empty());
    }
}
