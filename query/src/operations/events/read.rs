//! Reading what happened.

use athena_schemas::tables::Event;
use athena_schemas::wire::{Kind, Mode, Search as Question};
use athena_schemas::{Error, Position, Time};
use athena_store::Scope;
use datafusion::prelude::SessionContext;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::merge::{aliases, led_to};
use super::recorded;
use crate::operations::filters::Filters;
use crate::operations::items;
use crate::operations::paging::{self, Page};
use crate::operations::rows::{self, Told};
use crate::registry::{Call, Effect, Example, Operation, Registry};
use crate::search::{self, missing};
use crate::sql;
use crate::text::{Filter, GroupBy};
use crate::{App, time_args};

const EVENT: &str = include_str!("../../../sql/event.sql");
const EVENT_OF: &str = include_str!("../../../sql/event_of.sql");
const FEEDBACK: &str = include_str!("../../../sql/event_feedback.sql");
const EPISODE: &str = include_str!("../../../sql/event_episode.sql");
const TIMELINE: &str = include_str!("../../../sql/timeline.sql");

/// Later outcomes of an event that are told.
const FEEDBACKS: usize = 20;
/// Buckets of a timeline at most.
const BUCKETS: usize = 10_000;
/// Values that are counted apart, at most.
const GROUPS: usize = 1_000;

pub fn register(registry: &mut Registry) {
    registry.add::<Get>();
    registry.add::<List>();
    registry.add::<Search>();
    registry.add::<Timeline>();
    registry.add::<BySession>();
    registry.add::<Count>();
}

/// An event as it was recorded, by its id or one that was merged into it; how it turned out later, and what was derived
/// from it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Get {
    /// The event's id.
    id: String,
}

impl Operation for Get {
    const TOOL: &'static str = "events";
    const NAME: &'static str = "get";
    const EFFECT: Effect = Effect::Read;
    type Result = Told<Event>;

    async fn call(self, call: &Call) -> Result<Told<Event>, Error> {
        let (projects, scope) = call.scope().await?;
        let context = sql::session(&call.app, &scope).await?;
        let mut found = event(&call.app, &context, &scope, &self.id).await?;
        if found.is_none() {
            found = led_to(call, &context, &scope, &self.id).await?;
        }
        let mut event = found.ok_or_else(|| rows::absent("event", "id", &self.id, &projects))?;
        call.note_used(&event);
        let id = event["id"].clone();
        let episode = async {
            let Some(session) = event.get("session") else { return Ok(None) };
            let given = [session.clone(), event["time"].clone()];
            Ok::<_, Error>(rows::objects_in(&call.app, &context, EPISODE, &given, 1).await?.pop())
        };
        let aliases = aliases(call, &context, id.as_str().unwrap_or_default());
        let given = [id.clone()];
        let feedback = rows::objects_in(&call.app, &context, FEEDBACK, &given, FEEDBACKS);
        let (episode, aliases, feedback) = tokio::try_join!(episode, aliases, feedback)?;
        event.insert("episode".into(), episode.map_or(Value::Null, Value::Object));
        event.insert("aliases".into(), json!(aliases));
        event.insert("feedback".into(), json!(feedback));
        Ok(Told::new(event))
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"id": "example-test-run"}) }]
    }
}

/// The event of an id: where the text index has it, from its place; else by looking through the table.
///
/// # Errors
/// Storage.
pub async fn event(
    app: &App,
    context: &SessionContext,
    scope: &Scope,
    id: &str,
) -> Result<Option<Map<String, Value>>, Error> {
    let places = items::indexed(app, scope, &[id.to_owned()], &[Kind::Event]).await?;
    // Of several events of one id, from different producers, it is the first.
    if let Some(place) = places.get(id).and_then(|places| places.iter().min()) {
        let mut found = rows::objects_in(app, context, EVENT_OF, &[json!(id), json!(place)], 1).await?;
        if let Some(event) = found.pop() {
            return Ok(Some(event));
        }
    }
    Ok(rows::objects_in(app, context, EVENT, &[json!(id)], 1).await?.pop())
}

/// Events, the newest first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct List {
    /// The kind of thing that happened.
    #[serde(rename = "type")]
    of_type: Option<String>,
    /// How it went.
    outcome: Option<String>,
    /// The tool that was called.
    tool: Option<String>,
    /// A file, or a folder above it.
    path: Option<String>,
    /// A label.
    tag: Option<String>,
    /// From this time on: RFC 3339, or an age such as `2h`.
    since: Option<String>,
    /// Before this time.
    until: Option<String>,
    /// At most so many; 20 when not said.
    #[serde(alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

impl List {
    fn filter(&self, call: &Call, scope: Scope) -> Result<Filter, Error> {
        let now = Time::now();
        Ok(Filter {
            kinds: vec![Kind::Event],
            session: call.shared.session.clone(),
            agent: call.shared.agent.clone(),
            event_type: self.of_type.clone(),
            tool: self.tool.clone(),
            outcome: self.outcome.clone(),
            tag: self.tag.clone(),
            path: self.path.clone(),
            since: time_args::optional("since", self.since.as_deref(), now)?,
            until: time_args::optional("until", self.until.as_deref(), now)?,
            ..Filter::within(scope)
        })
    }
}

impl Operation for List {
    const TOOL: &'static str = "events";
    const NAME: &'static str = "list";
    const EFFECT: Effect = Effect::Read;
    type Result = Page;

    async fn call(self, call: &Call) -> Result<Page, Error> {
        let projects = call.caller.projects(call.shared.project.as_deref(), &call.shared.projects)?;
        let scope = Scope::Projects(projects.clone());
        let (filter, limit) = (self.filter(call, scope.clone())?, paging::limit(self.limit)?);
        let before = self.cursor.as_deref().map(paging::moment).transpose()?;
        paging::page(call, projects, filter, (limit, before)).await
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![recorded()], arguments: json!({"limit": 5}) },
            Example { setup: vec![recorded()], arguments: json!({"tool": "cargo", "outcome": "failure"}) },
        ]
    }
}

/// The best hits among events only.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Search {
    /// The question.
    query: String,
    /// By what: `hybrid` when not said.
    #[serde(default)]
    mode: Mode,
    /// What hits must be.
    #[serde(default)]
    filters: Filters,
    /// At most so many; 10 when not said.
    #[serde(default, alias = "limit")]
    k: Option<usize>,
    /// Whether to tell what each score is made of.
    #[serde(default)]
    explain: bool,
}

impl Operation for Search {
    const TOOL: &'static str = "events";
    const NAME: &'static str = "search";
    const EFFECT: Effect = Effect::Read;
    type Result = Page;

    async fn call(self, call: &Call) -> Result<Page, Error> {
        let question = Question {
            query: self.query.clone(),
            k: self.k,
            kinds: vec![Kind::Event],
            mode: self.mode,
            explain: self.explain,
            ..self.filters.question(call)
        };
        let found = search::search(&call.app, &call.caller, &question).await?;
        call.note(&self.query, &found.projects, &found.hits);
        Ok(Page {
            items: found.hits,
            next_cursor: None,
            degraded: found.degraded,
            position: found.position,
            projects: found.projects,
        })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"query": "which test failed?"}) }]
    }
}

/// How wide a bucket of time is.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Bucket {
    Minute,
    #[default]
    Hour,
    Day,
    Week,
}

/// How many events of each type and outcome there were in each stretch of time; stretches without events are left out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Timeline {
    /// How wide a stretch is: `hour` when not said.
    bucket: Bucket,
    /// From this time on: RFC 3339, or an age; 7 days ago when not said.
    since: Option<String>,
    /// Before this time.
    until: Option<String>,
}

/// Counts by time.
#[derive(Debug, Serialize, JsonSchema)]
struct Counted {
    items: Vec<Map<String, Value>>,
    /// Whether there is more than could be told.
    truncated: bool,
    projects: Vec<String>,
}

impl Operation for Timeline {
    const TOOL: &'static str = "events";
    const NAME: &'static str = "timeline";
    const EFFECT: Effect = Effect::Read;
    type Result = Counted;

    async fn call(self, call: &Call) -> Result<Counted, Error> {
        let (projects, scope) = call.scope().await?;
        let now = Time::now();
        let time = |name, given: Option<&str>, or: &str| time_args::instant(name, given.unwrap_or(or), now);
        let (since, until) =
            (time("since", self.since.as_deref(), "7d")?, time("until", self.until.as_deref(), "0s")?);
        let bucket = match self.bucket {
            Bucket::Minute => "minute",
            Bucket::Hour => "hour",
            Bucket::Day => "day",
            Bucket::Week => "week",
        };
        // A statement's unit of time is no parameter; this one is of four words.
        let statement = TIMELINE.replace("$bucket", bucket);
        let given = [json!(since), json!(until)];
        let mut items = rows::objects(&call.app, &scope, &statement, &given, BUCKETS + 1).await?;
        let truncated = items.len() > BUCKETS;
        items.truncate(BUCKETS);
        Ok(Counted { items, truncated, projects })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"bucket": "day"}) }]
    }
}

/// The events of a session, in order.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BySession {
    /// The session.
    session: String,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

impl Operation for BySession {
    const TOOL: &'static str = "events";
    const NAME: &'static str = "by_session";
    const EFFECT: Effect = Effect::Read;
    type Result = Page;

    async fn call(self, call: &Call) -> Result<Page, Error> {
        let project = call.project()?;
        let limit = paging::limit(self.limit)?;
        let from = match self.cursor.as_deref().map(str::parse::<u64>) {
            None => 0,
            Some(Ok(from)) => from,
            Some(Err(_)) => return Err(Error::invalid("cursor", "not a cursor of this list")),
        };
        let scope = Scope::Projects(vec![project.clone()]);
        let degraded = missing(&call.app, &scope, call.shared.after.as_ref(), Mode::Text).await;
        let position = call.app.following.found.borrow().clone();
        let (text, project_of, session) = (call.app.text.get(), project.clone(), self.session.clone());
        let found = tokio::task::spawn_blocking(move || text.of_session(&project_of, &session, from, limit));
        let (found, next) = found.await.map_err(|error| Error::internal(format!("session: {error}")))??;
        if found.is_empty() && from == 0 {
            return Err(rows::absent("session", "session", &self.session, &[project]));
        }
        let next_cursor = next.map(|next| next.to_string());
        let items = found.into_iter().map(paging::shortened).collect();
        Ok(Page { items, next_cursor, degraded, position, projects: vec![project] })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: vec![recorded()], arguments: json!({"session": "example-session"}) }]
    }
}

/// What events are counted by.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum By {
    Type,
    Tool,
    Agent,
    Session,
    Outcome,
    Tag,
    Project,
}

/// How many events there are, by one of their fields, the most frequent first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Count {
    /// By what; all together when not said.
    group_by: Option<By>,
    /// What they must be.
    filters: Filters,
}

/// How many.
#[derive(Debug, Serialize, JsonSchema)]
struct Counts {
    count: u64,
    /// By value; events without one are in `count` only.
    items: Vec<Group>,
    /// Whether there are more values.
    truncated: bool,
    degraded: Vec<String>,
    position: Position,
    projects: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Group {
    value: String,
    count: u64,
}

impl Operation for Count {
    const TOOL: &'static str = "events";
    const NAME: &'static str = "count";
    const EFFECT: Effect = Effect::Read;
    type Result = Counts;

    async fn call(self, call: &Call) -> Result<Counts, Error> {
        let projects = call.caller.projects(call.shared.project.as_deref(), &call.shared.projects)?;
        let scope = Scope::Projects(projects.clone());
        let filter = self.filters.of("filters", scope.clone(), &[Kind::Event], Time::now())?;
        let degraded = missing(&call.app, &scope, call.shared.after.as_ref(), Mode::Text).await;
        let position = call.app.following.found.borrow().clone();
        let text = call.app.text.get();
        let by = self.group_by.map(|by| match by {
            By::Type => GroupBy::Type,
            By::Tool => GroupBy::Tool,
            By::Agent => GroupBy::Agent,
            By::Session => GroupBy::Session,
            By::Outcome => GroupBy::Outcome,
            By::Tag => GroupBy::Tag,
            By::Project => GroupBy::Project,
        });
        let counted = tokio::task::spawn_blocking(move || {
            let groups = by.map(|by| text.count_by(&filter, by)).transpose()?.unwrap_or_default();
            Ok::<_, crate::text::Error>((text.count(&filter)?, groups))
        });
        let (count, groups) = counted.await.map_err(|error| Error::internal(format!("count: {error}")))??;
        let truncated = groups.len() > GROUPS;
        let items = groups.into_iter().take(GROUPS).map(|(value, count)| Group { value, count }).collect();
        Ok(Counts { count, items, truncated, degraded, position, projects })
    }

    fn examples() -> Vec<Example> {
        vec![
            Example { setup: vec![recorded()], arguments: json!({}) },
            Example { setup: vec![recorded()], arguments: json!({"group_by": "tool"}) },
        ]
    }
}
