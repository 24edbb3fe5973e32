//! Memories carried from elsewhere and to elsewhere.

mod formats;

use athena_schemas::tables::Memory;
use athena_schemas::wire::Kind;
use athena_schemas::{Code, Error, Position, Time, ids};
use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{of, set_up};
use crate::operations::filters::Filters;
use crate::operations::paging;
use crate::registry::{Call, Effect, Example, Operation};
use crate::sealing;
use crate::search::missing;

/// Memories that one call imports or exports at most.
const MOST: usize = 1_000;
/// Commands of an import that are under way at once.
const AT_ONCE: usize = 64;
/// Memories of an export when nothing is said.
const EXPORTED: usize = 100;

/// How memories are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// An object a line, with the arguments of `remember`.
    Jsonl,
    /// A list item or a paragraph each; headings that are kinds say of what kind, others are labels.
    Markdown,
    /// What mem0's `get_all` gives.
    Mem0,
    /// Facts or edges as Graphiti gives them.
    Graphiti,
}

/// Imports memories, at most 1,000 at once. What is there already, by its id or its text, is not imported again; what
/// cannot be taken is named, and its neighbours are taken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// How the data is written.
    format: Format,
    /// The data itself.
    data: String,
}

/// What came of an import.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Imported {
    imported: u64,
    /// Those that were there already.
    duplicates: u64,
    rejected: Vec<Rejected>,
    /// Of what was imported.
    ids: Vec<String>,
    project: String,
    position: Option<Position>,
}

/// What was not taken, and why.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Rejected {
    /// Place in the data, from 0.
    index: usize,
    /// The field that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    message: String,
}

impl Operation for Import {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "import";
    const EFFECT: Effect = Effect::Write;
    type Result = Imported;

    async fn call(self, call: &Call) -> Result<Imported, Error> {
        let project = call.project()?;
        let (mut memories, mut places, mut rejected) = (Vec::new(), Vec::new(), Vec::new());
        for (index, read) in formats::read(self.format, &self.data)?.into_iter().enumerate() {
            match read {
                Ok(fields) => match named(call, fields).await {
                    Ok(memory) => {
                        memories.push(memory);
                        places.push(index);
                    }
                    Err(error)
                        if error.code == Code::InvalidArgument
                            && error.field.as_deref() == Some("content") =>
                    {
                        rejected.push(Rejected { index, field: error.field, message: error.message });
                    }
                    Err(error) => return Err(error),
                },
                Err(message) => rejected.push(Rejected { index, field: None, message }),
            }
        }
        if memories.len() > MOST {
            return Err(Error::invalid(
                "data",
                format!("{} memories; at most {MOST} at once", memories.len()),
            )
            .hint("import it in parts: what was imported is not imported again"));
        }
        // A row has its place in the log to itself, so each is a command; they are committed together all the same.
        let mut answers = Vec::with_capacity(memories.len());
        for (number, memory) in memories.into_iter().enumerate() {
            let key = call.shared.event_id.as_ref().map(|key| format!("{key}/{number}"));
            answers.push(async move { call.command_as(key, &json!({ "memories": [memory] })).await });
        }
        let answers: Vec<Map<String, Value>> = stream::iter(answers).buffered(AT_ONCE).try_collect().await?;
        let (mut imported, mut duplicates, mut all) = (0, 0, Vec::new());
        let mut position: Option<Position> = None;
        for (answer, index) in answers.into_iter().zip(places) {
            let count = |name: &str| answer.get(name).and_then(Value::as_u64).unwrap_or_default();
            let list = |name: &str| answer.get(name).cloned().unwrap_or_else(|| json!([]));
            imported += count("imported");
            duplicates += count("duplicates");
            all.extend(serde_json::from_value::<Vec<String>>(list("ids")).unwrap_or_default());
            let refused: Vec<Rejected> = serde_json::from_value(list("rejected")).unwrap_or_default();
            rejected.extend(refused.into_iter().map(|one| Rejected { index, ..one }));
            let at =
                answer.get("position").cloned().and_then(|at| serde_json::from_value::<Position>(at).ok());
            if let Some(at) = at {
                position.get_or_insert_default().merge(&at);
            }
        }
        rejected.sort_by_key(|one| one.index);
        Ok(Imported { imported, duplicates, rejected, ids: all, project, position })
    }

    fn examples() -> Vec<Example> {
        let data = "## decision\n- Deploy on Tuesdays, after the backup\n- Rollbacks need no approval\n";
        let mem0 = json!({"results": [{"id": "8a1f", "memory": "Likes short answers", "metadata": {"team": "web"}}]});
        vec![
            Example { setup: vec![], arguments: json!({"format": "markdown", "data": data}) },
            Example { setup: vec![], arguments: json!({"format": "mem0", "data": mem0.to_string()}) },
        ]
    }
}

/// A memory with the id that it has wherever it is imported again: its own if it is one of ours, else one that follows
/// from what it was called, or from what it says. The content of a sensitive one is sealed, and so is what its id follows
/// from.
async fn named(call: &Call, mut fields: Map<String, Value>) -> Result<Value, Error> {
    let own = fields.get("id").and_then(Value::as_str).map(str::to_owned);
    let sensitive = fields.get("sensitive") == Some(&json!(true));
    let content = fields.get("content").and_then(Value::as_str).map(str::to_owned);
    let id = match (own, &content) {
        (Some(own), _) if own.starts_with("m-") => own,
        (Some(own), _) => ids::short("m-", &["import", "id", &own]),
        (None, Some(content)) if sensitive => sealing::name(call, "m-", content).await?,
        (None, content) => ids::short("m-", &["import", "content", content.as_deref().unwrap_or_default()]),
    };
    fields.insert("id".into(), id.into());
    if let Some(content) = content {
        fields.insert("content".into(), sealing::told(call, sensitive, &content).await?.into());
    }
    Ok(fields.into())
}

/// Writes memories down, the newest first: what a filter lets through, a page of it. `import` reads it again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// How it is written.
    format: Format,
    /// Which memories; all when not said.
    #[serde(default)]
    filter: Filters,
    /// At most so many; 100 when not said, 1,000 at most.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// A page of memories, written down.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Exported {
    data: String,
    /// Memories in it.
    count: usize,
    /// Sensitive ones of the page that are not in it: the caller may not see them, or the format cannot say that they are.
    withheld: usize,
    /// What to pass as `cursor` for the next ones; null at the end.
    next_cursor: Option<String>,
    /// What the answer lacks.
    degraded: Vec<String>,
    projects: Vec<String>,
}

impl Operation for Export {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "export";
    const EFFECT: Effect = Effect::Read;
    type Result = Exported;

    async fn call(self, call: &Call) -> Result<Exported, Error> {
        let (projects, scope) = call.scope().await?;
        let limit = paging::limit(Some(self.limit.unwrap_or(EXPORTED)))?;
        let before = self.cursor.as_deref().map(paging::moment).transpose()?;
        let filter = self.filter.of("filter", scope.clone(), &[Kind::Memory], Time::now())?;
        let degraded =
            missing(&call.app, &scope, call.shared.after.as_ref(), athena_schemas::wire::Mode::Text).await;
        let mut found = call.app.text.list(filter, limit + 1, before).await?;
        let next_cursor = paging::cut(&mut found, limit);
        let ids: Vec<String> = found.into_iter().map(|one| one.hit.id).collect();
        let mut found = of(&call.app, &scope, &ids).await?;
        found.sort_by_key(|memory| ids.iter().position(|id| *id == memory.id));
        let (memories, withheld) = opened(call, self.format, found).await?;
        Ok(Exported {
            data: formats::write(self.format, &memories),
            count: memories.len(),
            withheld,
            next_cursor,
            degraded,
            projects,
        })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example {
                setup: vec![set_up()],
                arguments: json!({"format": "jsonl", "filter": {"tag": "deploy"}}),
            },
            Example { setup: vec![set_up()], arguments: json!({"format": "markdown"}) },
        ]
    }
}

/// The memories with their contents, and how many are left out: only `jsonl` says of one that it is sensitive, so that it
/// is so again where it is imported.
async fn opened(call: &Call, format: Format, found: Vec<Memory>) -> Result<(Vec<Memory>, usize), Error> {
    let (mut memories, mut withheld) = (Vec::with_capacity(found.len()), 0);
    for mut memory in found {
        if memory.sensitive {
            if format != Format::Jsonl || !call.caller.identity.opens(&memory.actor) {
                withheld += 1;
                continue;
            }
            memory.content = sealing::open(&call.app, &memory.project, &memory.content).await?;
        }
        memories.push(memory);
    }
    Ok((memories, withheld))
}
