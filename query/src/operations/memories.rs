//! Tool `memories`: what was told to be remembered.

mod agree;
mod carry;
mod change;
pub mod facts;
mod marked;
mod read;
mod recall;

use athena_schemas::tables::Memory;
use athena_schemas::vocabulary::COMMAND_SOURCE;
use athena_schemas::wire::Kind;
use athena_schemas::{Error, Position, Row, Time, ids};
use athena_store::Scope;
use datafusion::prelude::{col, lit};
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use super::filters::Filters;
use super::newest::newest;
use super::rows::{self, Told};
use crate::registry::{Call, Effect, Example, Operation, Registry, Step};
use crate::{App, sealing};

/// Memories that one call takes away at most.
const MOST_FORGOTTEN: usize = 1_000;
/// Characters of a content in a list.
const SHOWN_CHARS: usize = 200;

/// Links that `get` tells of.
const MOST_LINKS: usize = 100;

const LINKS: &str = include_str!("../../sql/memory_links.sql");
const MEMORY: &str = include_str!("../../sql/memory.sql");

pub fn register(registry: &mut Registry) {
    registry.add::<Remember>();
    registry.add::<recall::Recall>();
    registry.add::<Get>();
    registry.add::<read::List>();
    registry.add::<read::History>();
    registry.add::<Update>();
    registry.add::<Supersede>();
    registry.add::<Pin>();
    registry.add::<Tag>();
    registry.add::<Forget>();
    registry.add::<change::Restore>();
    registry.add::<change::Rollback>();
    registry.add::<agree::Contradictions>();
    registry.add::<facts::Facts>();
    registry.add::<facts::FactHistory>();
    registry.add::<facts::Confirm>();
    registry.add::<facts::Reject>();
    registry.add::<change::Merge>();
    registry.add::<change::Link>();
    registry.add::<carry::Import>();
    registry.add::<carry::Export>();
}

/// What kind of thing is remembered.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum MemoryKind {
    Fact,
    Pattern,
    Decision,
    Context,
    Preference,
}

/// Remembers a text, for this project, until it is forgotten. Gives the memory's id and version, and tells what says
/// the same already, and what contradicts it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Remember {
    /// What to remember, in words that will be searched for.
    content: String,
    /// What kind of thing it is; `fact` when not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<MemoryKind>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Other names that lead to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    /// Places that it is seen from; everywhere when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    scope: Vec<String>,
    /// Labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    /// From 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    importance: Option<f64>,
    /// Whether its content is encrypted, and told only to who may see it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    sensitive: bool,
    /// Where it is known from.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// From when it is true.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_from: Option<Time>,
    /// Until when it was true.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Time>,
}

/// The version that a write made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Written {
    id: String,
    /// Grows with each version of a memory.
    version: i64,
    project: String,
    /// What to pass as `after` to another server to read it.
    position: Position,
}

/// What was remembered, and what it is to what was there.
#[derive(Debug, Serialize, JsonSchema)]
struct Remembered {
    id: String,
    version: i64,
    project: String,
    position: Position,
    /// The memory that says the same already, the most alike of them. `merge` makes one of both.
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicate_of: Option<String>,
    /// Ids of all that say the same.
    duplicates: Vec<String>,
    /// Those that cannot hold together with it. Nothing was decided about them.
    contradictions: Vec<agree::Contradiction>,
    /// What the comparison lacks.
    degraded: Vec<String>,
}

impl Operation for Remember {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "remember";
    const EFFECT: Effect = Effect::Write;
    type Result = Remembered;

    async fn call(mut self, call: &Call) -> Result<Remembered, Error> {
        self.content = sealing::told(call, self.sensitive, &self.content).await?;
        let Written { id, version, project, position } = written(call.command(&self).await?)?;
        let scope = athena_store::Scope::Projects(vec![project.clone()]);
        // It is remembered, whatever can be told beside it.
        let advice = match self.sensitive {
            true => Ok(agree::Advice::default()),
            false => agree::advice(&call.app, &scope, (&id, &self.content), false).await,
        };
        let advice = advice.unwrap_or_else(|error| {
            tracing::warn!(%error, "a memory was not compared");
            agree::Advice { degraded: vec!["not_compared".into()], ..agree::Advice::default() }
        });
        Ok(Remembered {
            id,
            version,
            project,
            position,
            duplicate_of: advice.duplicates.first().cloned(),
            duplicates: advice.duplicates,
            contradictions: advice.contradictions,
            degraded: advice.degraded,
        })
    }

    fn examples() -> Vec<Example> {
        let secret = json!({"content": "The safe opens with 4711", "name": "the safe", "sensitive": true});
        vec![Example { setup: vec![], arguments: remembered() }, Example { setup: vec![], arguments: secret }]
    }
}

/// Gives a memory as it is now, with who told it, when, and where in the log.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Get {
    /// The memory's id.
    id: String,
}

impl Operation for Get {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = Told<Memory>;

    async fn call(self, call: &Call) -> Result<Told<Memory>, Error> {
        let (projects, scope) = call.scope().await?;
        let found = rows::objects(&call.app, &scope, MEMORY, &[json!(self.id)], 1).await?.pop();
        let mut found = found.ok_or_else(|| absent(&self.id, &projects))?;
        sealing::show(call, &mut found).await?;
        call.note_used(&found);
        let links = rows::objects(&call.app, &scope, LINKS, &[json!(self.id)], MOST_LINKS).await?;
        if !links.is_empty() {
            found.insert("links".into(), links.iter().filter_map(link).collect());
        }
        Ok(Told::new(found))
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({"id": example_id()}) }]
    }
}

/// Changes a memory: what is given takes the place of what was there. Older versions stay readable; when it becomes
/// sensitive, those in clear are purged.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Update {
    /// The memory's id.
    id: String,
    /// The new text.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    /// The new kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<MemoryKind>,
    /// The new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// All of its other names.
    #[serde(skip_serializing_if = "Option::is_none")]
    aliases: Option<Vec<String>>,
    /// All places that it is seen from.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<Vec<String>>,
    /// All of its labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<String>>,
    /// From 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    importance: Option<f64>,
    /// Whether its content is encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitive: Option<bool>,
    /// Where it is known from.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// From when it is true.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_from: Option<Time>,
    /// Until when it was true; an empty text for no end.
    #[serde(default, deserialize_with = "time_or_none", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Time>")]
    valid_until: Option<Option<Time>>,
    /// The version that was read: if it is not the newest any more, nothing is changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
}

impl Operation for Update {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "update";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        self.changes()?;
        marked::update(call, self).await
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"id": example_id(), "content": "Deploy on Wednesdays, after the backup"});
        vec![Example { setup: vec![set_up()], arguments }]
    }
}

impl Update {
    /// # Errors
    /// That nothing is given.
    fn changes(&self) -> Result<(), Error> {
        let texts = self.content.is_some() || self.name.is_some() || self.source.is_some();
        let lists = [&self.aliases, &self.scope, &self.tags].into_iter().any(Option::is_some);
        let marks = self.kind.is_some() || self.importance.is_some() || self.sensitive.is_some();
        match texts || lists || marks || self.valid_from.is_some() || self.valid_until.is_some() {
            true => Ok(()),
            false => Err(Error::invalid("content", "there is nothing to change")),
        }
    }
}

/// A time, or nothing where the text is empty.
fn time_or_none<'de, D: Deserializer<'de>>(given: D) -> Result<Option<Option<Time>>, D::Error> {
    let given = Value::deserialize(given)?;
    let none = given.as_str().is_some_and(|text| text.trim().is_empty());
    (!none).then(|| Time::deserialize(given).map_err(D::Error::custom)).transpose().map(Some)
}

/// One memory takes the place of another, which ends when the new one begins. It stays readable, and is not
/// recalled any more.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Supersede {
    /// Id of the memory that holds no longer.
    old: String,
    /// Id of the one that holds now.
    new: String,
}

impl Operation for Supersede {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "supersede";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        written(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let newer = json!({"content": "Deploy on Mondays", "event_id": "example-deploy-day-2"});
        let newer = Step { tool: "memories", operation: "remember", arguments: newer };
        let new = ids::short("m-", &[COMMAND_SOURCE, "example-deploy-day-2"]);
        let arguments = json!({"old": example_id(), "new": new});
        vec![Example { setup: vec![set_up(), newer], arguments }]
    }
}

/// Whether a memory never decays.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Pin {
    /// The memory's id.
    id: String,
    /// `false` unpins it.
    pinned: bool,
}

impl Operation for Pin {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "pin";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        written(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![set_up()], arguments: json!({"id": example_id(), "pinned": true}) }]
    }
}

/// Adds labels to a memory, and takes others off.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Tag {
    /// The memory's id.
    id: String,
    /// Labels to add.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    add: Vec<String>,
    /// Labels to take off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    remove: Vec<String>,
}

impl Operation for Tag {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "tag";
    const EFFECT: Effect = Effect::Write;
    type Result = Written;

    async fn call(self, call: &Call) -> Result<Written, Error> {
        written(call.command(&self).await?)
    }

    fn examples() -> Vec<Example> {
        let arguments = json!({"id": example_id(), "add": ["release"], "remove": ["deploy"]});
        vec![Example { setup: vec![set_up()], arguments }]
    }
}

/// Forgets a memory by its id at once, or tells which ones a filter would take, and takes them with
/// `dry_run=false`. It can be restored during a time of grace, unless `now` is set; then it is taken out of every
/// file. One's own only, unless the caller is an admin.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Forget {
    /// The memory's id. Either this or `filter`.
    #[serde(default)]
    id: Option<String>,
    /// Which memories; at most 1,000 at once.
    #[serde(default)]
    filter: Option<Filters>,
    /// Whether to tell only; true for a filter, false for an id, when not said.
    #[serde(default)]
    dry_run: Option<bool>,
    /// Whether to purge at once, without a time of grace.
    #[serde(default)]
    now: bool,
}

/// What would be or was forgotten.
#[derive(Debug, Serialize, JsonSchema)]
struct Forgotten {
    /// Whether nothing was done.
    dry_run: bool,
    items: Vec<Item>,
    /// Whether there are more.
    truncated: bool,
    project: String,
    /// Where the write stands in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Item {
    id: String,
    /// Its beginning.
    content: String,
}

impl Operation for Forget {
    const TOOL: &'static str = "memories";
    const NAME: &'static str = "forget";
    const EFFECT: Effect = Effect::Remove;
    type Result = Forgotten;

    async fn call(self, call: &Call) -> Result<Forgotten, Error> {
        let project = call.project()?;
        let dry_run = self.dry_run.unwrap_or(self.filter.is_some());
        let (items, truncated) = match (self.id, self.filter) {
            (Some(id), None) => (vec![one(call, id).await?], false),
            (None, Some(filter)) => matching(call, filter).await?,
            _ => {
                return Err(Error::invalid("id", "exactly one of `id` and `filter` is needed")
                    .hint(format!("such as {}", json!({"id": example_id()}))));
            }
        };
        let position = match dry_run || items.is_empty() {
            true => None,
            false => {
                let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
                let mut answer = call.command(&json!({"ids": ids, "now": self.now})).await?;
                answer.remove("position").and_then(|position| serde_json::from_value(position).ok())
            }
        };
        Ok(Forgotten { dry_run, items, truncated, project, position })
    }

    fn examples() -> Vec<Example> {
        let told = json!({"content": "The demo is on Friday at nine", "event_id": "example-outdated"});
        let outdated = Step { tool: "memories", operation: "remember", arguments: told };
        let id = ids::short("m-", &[COMMAND_SOURCE, "example-outdated"]);
        vec![
            Example { setup: vec![outdated], arguments: json!({ "id": id }) },
            Example { setup: vec![set_up()], arguments: json!({"filter": {"tag": "deploy"}}) },
        ]
    }
}

async fn one(call: &Call, id: String) -> Result<Item, Error> {
    let project = call.project()?;
    let scope = Scope::Projects(vec![project.clone()]);
    call.app.wait_until_seen(&scope, call.shared.after.as_ref()).await;
    let found = of(&call.app, &scope, std::slice::from_ref(&id)).await?.pop();
    let found = found.ok_or_else(|| absent(&id, &[project]))?;
    let told = if found.sensitive { found.name.unwrap_or_default() } else { found.content };
    Ok(Item { id, content: shown(&told) })
}

/// The memories of these ids that are there, the one that was changed last at the end.
///
/// # Errors
/// Storage.
async fn of(app: &App, scope: &Scope, ids: &[String]) -> Result<Vec<Memory>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let columns: Vec<&str> = (Memory::TABLE.fields)().iter().map(|field| field.name).collect();
    let wanted = col("id").in_list(ids.iter().map(lit).collect(), false);
    let found = newest(app, scope, (Memory::TABLE, &columns), wanted, |batch, row| {
        Memory::rows(&batch.slice(row, 1))
    });
    let found: Vec<Vec<Memory>> = found.await?.into_iter().collect::<Result<_, _>>()?;
    Ok(found.into_iter().flatten().collect())
}

async fn matching(call: &Call, filter: Filters) -> Result<(Vec<Item>, bool), Error> {
    let scope = Scope::Projects(vec![call.project()?]);
    let mut target = call.app.acknowledged(&scope);
    target.merge(call.shared.after.as_ref().unwrap_or(&Position::default()));
    if !call.app.wait_until_found(&target).await {
        return Err(Error::unavailable("the text index is behind").hint("try again in a moment"));
    }
    let filter = filter.of("filter", scope, &[Kind::Memory], Time::now())?;
    let found = call.app.text.list(filter, MOST_FORGOTTEN + 1, None).await?;
    let truncated = found.len() > MOST_FORGOTTEN;
    let items = found.into_iter().take(MOST_FORGOTTEN);
    let items = items.map(|found| Item { id: found.hit.id, content: shown(&found.hit.content) });
    Ok((items.collect(), truncated))
}

/// A link with what ties which to which.
fn link(row: &Map<String, Value>) -> Option<Value> {
    let mut link: Map<String, Value> = serde_json::from_str(row.get("body")?.as_str()?).ok()?;
    link.insert("id".into(), row.get("id")?.clone());
    link.insert("recorded_at".into(), row.get("recorded_at")?.clone());
    Some(link.into())
}

fn shown(content: &str) -> String {
    crate::text::excerpt(content, "", SHOWN_CHARS)
}

fn absent(id: &str, projects: &[String]) -> Error {
    rows::absent("memory", "id", id, projects).hint("`memories` in SQL lists what there is")
}

fn written(answer: Map<String, Value>) -> Result<Written, Error> {
    let missing = |name: &str| Error::internal(format!("a command answered without {name}"));
    let text = |name| answer.get(name).and_then(Value::as_str).map(str::to_owned);
    let position = answer.get("position").cloned().and_then(|value| serde_json::from_value(value).ok());
    Ok(Written {
        id: text("id").ok_or_else(|| missing("id"))?,
        version: answer.get("version").and_then(Value::as_i64).ok_or_else(|| missing("version"))?,
        project: text("project").ok_or_else(|| missing("project"))?,
        position: position.ok_or_else(|| missing("position"))?,
    })
}

/// The example that the others are about; its id follows from its `event_id`.
fn remembered() -> Value {
    json!({"content": "Deploy on Tuesdays, after the backup", "kind": "decision", "tags": ["deploy"],
           "event_id": "example-deploy-day"})
}

/// The step that makes it.
pub fn set_up() -> Step {
    Step { tool: "memories", operation: "remember", arguments: remembered() }
}

pub fn example_id() -> String {
    ids::short("m-", &[COMMAND_SOURCE, "example-deploy-day"])
}
