//! Every operation, defined once: a type whose fields are its arguments. HTTP, the command line and the
//! manual are made from the registry.

use std::collections::BTreeMap;
use std::sync::Arc;

use athena_ingest::Command;
use athena_schemas::wire::Hit;
use athena_schemas::{Code, Error, Position};
use athena_store::Scope;
use futures::FutureExt;
use futures::future::BoxFuture;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::who::{Caller, Role};
use crate::{App, accesses, arguments, hooks_out, metrics, operations};

/// What an operation does to the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    Read,
    Write,
    /// Writes, and takes something away.
    Remove,
}

/// An operation. Its fields are its own arguments, its doc comment is what it does.
pub trait Operation: DeserializeOwned + JsonSchema + Send + 'static {
    const TOOL: &'static str;
    const NAME: &'static str;
    const EFFECT: Effect;
    type Result: Serialize + JsonSchema;

    fn call(self, call: &Call) -> impl Future<Output = Result<Self::Result, Error>> + Send;

    fn examples() -> Vec<Example>;
}

/// A call that works, after others that make what it is about.
#[derive(Debug, Clone, Serialize)]
pub struct Example {
    pub setup: Vec<Step>,
    pub arguments: Value,
}

#[derive(Debug, Clone, Serialize)]
pub struct Step {
    pub tool: &'static str,
    pub operation: &'static str,
    pub arguments: Value,
}

/// Arguments that every operation has, unless it has one of the same name itself.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Shared {
    /// The project; without it the token's only one, or the client's.
    pub project: Option<String>,
    /// More projects, for reads.
    pub projects: Vec<String>,
    /// The run of an agent that this belongs to.
    pub session: Option<String>,
    /// Who acts.
    pub agent: Option<String>,
    /// A position that must be seen.
    pub after: Option<Position>,
    /// Makes a write idempotent.
    pub event_id: Option<String>,
    /// Whether what is asked and answered is kept to learn from; true when not said.
    pub record: Option<bool>,
}

pub const SHARED: [&str; 7] = ["project", "projects", "session", "agent", "after", "event_id", "record"];

/// One call: by whom, with what besides the operation's own arguments.
pub struct Call {
    pub app: Arc<App>,
    pub caller: Caller,
    pub shared: Shared,
    operation: String,
    /// A digest of what was asked for; of writes.
    asked: Option<String>,
}

impl Call {
    /// The projects to read, which is waited for as far as this caller must see.
    pub async fn scope(&self) -> Result<(Vec<String>, Scope), Error> {
        let projects = self.caller.projects(self.shared.project.as_deref(), &self.shared.projects)?;
        let scope = Scope::Projects(projects.clone());
        self.app.wait_until_seen(&scope, self.shared.after.as_ref()).await;
        Ok((projects, scope))
    }

    /// The project to write to.
    pub fn project(&self) -> Result<String, Error> {
        self.caller.project(self.shared.project.as_deref())
    }

    /// Tells what was asked and answered, unless the caller forbids it.
    pub fn note(&self, query: &str, projects: &[String], hits: &[Hit]) {
        if self.shared.record != Some(false) {
            accesses::note(&self.app, &self.asked(query, projects), hits);
        }
    }

    /// Tells that an item was read as a whole, unless the caller forbids it.
    pub fn note_used(&self, item: &Map<String, Value>) {
        let text = |name: &str| item.get(name).and_then(Value::as_str);
        if let (Some(project), Some(id), true) =
            (text("project"), text("id"), self.shared.record != Some(false))
        {
            accesses::used(&self.app, &self.asked("", &[]), project, id);
        }
    }

    fn asked<'a>(&'a self, query: &'a str, projects: &'a [String]) -> accesses::Asked<'a> {
        accesses::Asked {
            operation: &self.operation,
            query,
            projects,
            session: self.shared.session.as_deref(),
            agent: self.shared.agent.as_deref(),
            actor: &self.caller.identity.name,
        }
    }

    /// Sends the operation to the log as a command, and gives what it answered there.
    pub async fn command(&self, arguments: &impl Serialize) -> Result<Map<String, Value>, Error> {
        self.command_as(self.shared.event_id.clone(), arguments).await
    }

    /// The same under a key of its own: one of several commands that an operation is made of.
    pub async fn command_as(
        &self,
        event_id: Option<String>,
        arguments: &impl Serialize,
    ) -> Result<Map<String, Value>, Error> {
        let arguments = serde_json::to_value(arguments)
            .map_err(|error| Error::internal(format!("arguments: {error}")))?;
        let (bytes, most) = (arguments.to_string().len(), self.app.options.limits.event_bytes);
        if bytes > most {
            let error =
                Error::invalid(largest(&arguments), format!("{bytes} bytes of arguments, at most {most}"));
            return Err(error.hint("say it shorter, or raise limits.event_bytes"));
        }
        let project = self.project()?;
        let command = Command {
            session: self.shared.session.clone(),
            agent: self.shared.agent.clone(),
            event_id,
            asked: self.asked.clone(),
            cause: hooks_out::led(),
            ..self.caller.command(&self.operation, arguments, &project)
        };
        let answer = self.app.log()?.command(command).await?;
        self.app.acknowledge([project.as_str()], &answer.position);
        let Value::Object(mut result) = answer.result else {
            return Err(Error::internal("a command's result is not an object"));
        };
        result.insert("project".into(), project.into());
        Ok(result)
    }
}

/// The name of the longest argument.
fn largest(arguments: &Value) -> String {
    let fields = arguments.as_object().into_iter().flatten();
    fields.max_by_key(|(_, value)| value.to_string().len()).map(|(name, _)| name.clone()).unwrap_or_default()
}

type Handler = fn(Call, Value) -> BoxFuture<'static, Result<Value, Error>>;

/// An operation as everything but its handler sees it.
#[derive(Clone, Serialize)]
pub struct Entry {
    #[serde(skip)]
    pub tool: &'static str,
    pub name: &'static str,
    pub description: String,
    pub effect: Effect,
    /// JSON Schema of the arguments, the shared ones included.
    pub arguments: Schema,
    pub result: Schema,
    pub examples: Vec<Example>,
    /// Names of the operation's own arguments.
    #[serde(skip)]
    own: Vec<String>,
    #[serde(skip)]
    parse: fn(&Value) -> Result<(), Error>,
    #[serde(skip)]
    handler: Handler,
}

#[derive(Default)]
pub struct Registry {
    /// By tool and operation, in the order of their registration.
    tools: Vec<(&'static str, Vec<Entry>)>,
}

impl Registry {
    /// All operations that are there.
    pub fn whole() -> Self {
        let mut registry = Self::default();
        operations::register(&mut registry);
        registry
    }

    pub fn add<O: Operation>(&mut self) {
        let entry = entry::<O>();
        match self.tools.iter_mut().find(|(tool, _)| *tool == O::TOOL) {
            Some((_, entries)) => entries.push(entry),
            None => self.tools.push((O::TOOL, vec![entry])),
        }
    }

    pub fn tools(&self) -> impl Iterator<Item = (&'static str, &[Entry])> {
        self.tools.iter().map(|(tool, entries)| (*tool, entries.as_slice()))
    }

    /// The operations of a tool.
    ///
    /// # Errors
    /// `not_found`, with the nearest name.
    pub fn tool(&self, tool: &str) -> Result<&[Entry], Error> {
        match self.tools.iter().find(|(name, _)| *name == tool) {
            Some((_, entries)) => Ok(entries),
            None => Err(unknown("tool", tool, self.tools.iter().map(|(name, _)| *name))),
        }
    }

    /// # Errors
    /// `not_found`, with the nearest name.
    pub fn find(&self, tool: &str, operation: &str) -> Result<&Entry, Error> {
        let entries = self.tool(tool)?;
        let found = entries.iter().find(|entry| entry.name == operation);
        found.ok_or_else(|| unknown("operation", operation, entries.iter().map(|entry| entry.name)))
    }

    /// The answer of `GET /v1/tools`.
    pub fn listing(&self) -> Value {
        let tools = self.tools().map(|(name, operations)| json!({"name": name, "operations": operations}));
        json!({ "tools": tools.collect::<Vec<_>>() })
    }
}

fn unknown(what: &'static str, name: &str, known: impl Iterator<Item = &'static str> + Clone) -> Error {
    let error = Error::not_found(format!("there is no {what} {name:?}"));
    let error = Error { field: Some(what.into()), ..error };
    match arguments::nearest(name, known.clone()) {
        Some(near) => error.hint(format!("did you mean {near:?}?")),
        None => error.hint(format!("there are {}", known.collect::<Vec<_>>().join(", "))),
    }
}

impl Entry {
    pub fn writes(&self) -> bool {
        self.effect != Effect::Read
    }

    /// Calls the operation as `caller`.
    ///
    /// # Errors
    /// `permission_denied`; arguments that are wrong, by name; what the operation says.
    pub async fn call(&self, app: &Arc<App>, caller: &Caller, arguments: Value) -> Result<Value, Error> {
        let called = self.checked(app, caller, arguments).await;
        let outcome = match &called {
            Ok(_) => "ok".to_owned(),
            Err(error) => serde_json::to_value(error.code).map_or_else(|_| "error".into(), text),
        };
        metrics::operation(self.tool, self.name, outcome);
        called
    }

    async fn checked(&self, app: &Arc<App>, caller: &Caller, arguments: Value) -> Result<Value, Error> {
        let role = if self.writes() { Role::Write } else { Role::Read };
        caller.identity.must(role)?;
        let Value::Object(mut own) = arguments else {
            return Err(Error::invalid("", "the arguments are not an object"));
        };
        own.retain(|_, value| !value.is_null());
        self.move_to_filters(&mut own);
        let shared = self.shared(&mut own)?;
        let operation = format!("{}.{}", self.tool, self.name);
        let asked = self.writes().then(|| asked(&app.store.secret, &operation, &own, &shared));
        let call = Call { app: app.clone(), caller: caller.clone(), shared, operation, asked };
        (self.handler)(call, Value::Object(own)).await.map_err(|error| self.with_help(error))
    }

    /// Every operation that looks at a stretch of time takes `since` and `until`: where it has them only among its
    /// `filters`, they go there.
    fn move_to_filters(&self, own: &mut Map<String, Value>) {
        for name in ["since", "until"] {
            if !own.contains_key(name) || self.own.iter().any(|own| own == name) {
                continue;
            }
            let filters = properties(&self.arguments).remove("filters");
            let has = filters.as_ref().and_then(within).is_some_and(|filters| filters.contains_key(name));
            let given = own.get("filters").map_or(Some(Map::new()), |filters| filters.as_object().cloned());
            if let (true, Some(mut filters)) = (has, given.filter(|filters| !filters.contains_key(name)))
                && let Some(value) = own.shift_remove(name)
            {
                filters.insert(name.to_owned(), value);
                own.insert("filters".to_owned(), Value::Object(filters));
            }
        }
    }

    /// Takes the shared arguments out of all.
    fn shared(&self, own: &mut Map<String, Value>) -> Result<Shared, Error> {
        let mut shared = Map::new();
        for name in SHARED {
            if takes(self.effect, name)
                && !self.own.iter().any(|own| own == name)
                && let Some(value) = own.shift_remove(name)
            {
                shared.insert(name.to_owned(), value);
            }
        }
        arguments::parse(&Value::Object(shared))
    }

    /// Whether a call with these arguments would be understood. What `is_open` is known only later: its name must be right,
    /// its type is not looked at.
    ///
    /// # Errors
    /// By its name, an argument that is unknown, missing, or of another type.
    pub fn check(
        &self,
        arguments: &Map<String, Value>,
        is_open: impl Fn(&Value) -> bool,
    ) -> Result<(), Error> {
        let mut own = arguments.clone();
        own.retain(|_, value| !value.is_null());
        self.move_to_filters(&mut own);
        let given: Vec<String> = own.keys().cloned().collect();
        let open: Vec<String> =
            own.iter().filter(|(_, value)| is_open(value)).map(|(name, _)| name.clone()).collect();
        own.retain(|name, _| !open.contains(name));
        self.shared(&mut own)?;
        for name in open.iter().filter(|name| !properties(&self.arguments).contains_key(*name)) {
            let mut with = own.clone();
            with.insert(name.clone(), Value::Null);
            let error = (self.parse)(&Value::Object(with)).err();
            // It may be another name of an argument.
            if let Some(error) = error.filter(|error| error.message.starts_with("unknown argument")) {
                return Err(error);
            }
        }
        match (self.parse)(&Value::Object(own)) {
            Ok(()) => Ok(()),
            Err(error)
                if error.message.ends_with("is missing")
                    && error.field.as_ref().is_some_and(|field| open.contains(field)) =>
            {
                let required = self.arguments.get("required").and_then(Value::as_array).into_iter().flatten();
                let mut missing = required
                    .filter_map(Value::as_str)
                    .filter(|name| !given.iter().any(|given| given == name));
                match missing.next() {
                    None => Ok(()),
                    Some(name) => Err(self.with_help(Error::invalid(name, format!("`{name}` is missing")))),
                }
            }
            Err(error) => Err(self.with_help(error)),
        }
    }

    /// A missing argument's error carries a call that is right, and that of a value that does not fit what it should be.
    fn with_help(&self, error: Error) -> Error {
        if error.code != Code::InvalidArgument || error.hint.is_some() {
            return error;
        }
        let does_not_fit =
            error.message.starts_with("invalid type") || error.message.starts_with("invalid value");
        let property = properties(&self.arguments).remove(error.field.as_deref().unwrap_or_default());
        match (self.examples.first(), property.filter(|_| does_not_fit)) {
            (Some(example), _) if error.message.ends_with("is missing") => {
                error.hint(format!("such as {}", example.arguments))
            }
            (_, Some(property)) => match property.get("description").and_then(Value::as_str) {
                Some(what) => {
                    let names = within(&property).map(|fields| fields.keys().cloned().collect::<Vec<_>>());
                    let names = names.map(|names| format!(" {{{}}}", names.join(", "))).unwrap_or_default();
                    error.hint(format!("{what}{names}"))
                }
                None => error,
            },
            _ => error,
        }
    }
}

/// What an argument that is an object has in it.
fn within(property: &Value) -> Option<&Map<String, Value>> {
    let any = property.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    std::iter::once(property).chain(any).find_map(|one| one.get("properties")?.as_object())
}

/// By what a call is known when it comes again: what it asks for, in whatever order it names it. Keyed, so that it tells
/// nobody what that was.
fn asked(secret: &[u8; 32], operation: &str, own: &Map<String, Value>, shared: &Shared) -> String {
    let mut given = json!([operation, own, shared.session, shared.agent]);
    given.sort_all_objects();
    blake3::keyed_hash(secret, given.to_string().as_bytes()).to_hex()[..32].to_owned()
}

fn text(value: Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn entry<O: Operation>() -> Entry {
    let mut schema = schema_of::<O>();
    let own: Vec<String> = properties(&schema).keys().cloned().collect();
    let description = schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    for (name, property) in properties(&schema_of::<Shared>()) {
        if takes(O::EFFECT, &name) && !own.contains(&name) {
            let all = schema.ensure_object().entry("properties").or_insert_with(|| json!({}));
            all.as_object_mut().expect("made above").insert(name, property);
        }
    }
    schema.insert("additionalProperties".into(), false.into());
    Entry {
        tool: O::TOOL,
        name: O::NAME,
        description,
        effect: O::EFFECT,
        arguments: schema,
        result: schema_of::<O::Result>(),
        examples: O::examples(),
        own,
        parse: |given| arguments::parse::<O>(given).map(drop),
        handler: handle::<O>,
    }
}

/// Whether an operation has a shared argument: reads have no key, and writes have one project and are always kept.
fn takes(effect: Effect, shared: &str) -> bool {
    match effect {
        Effect::Read => shared != "event_id",
        Effect::Write | Effect::Remove => shared != "projects" && shared != "record",
    }
}

fn handle<O: Operation>(call: Call, arguments: Value) -> BoxFuture<'static, Result<Value, Error>> {
    async move {
        let operation: O = arguments::parse(&arguments)?;
        let result = operation.call(&call).await?;
        serde_json::to_value(result).map_err(|error| Error::internal(format!("result: {error}")))
    }
    .boxed()
}

/// The schema of a type, with what it refers to inside it.
pub fn schema_of<T: JsonSchema + ?Sized>() -> Schema {
    let mut settings = schemars::generate::SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    SchemaGenerator::from(settings).into_root_schema_for::<T>()
}

fn properties(schema: &Schema) -> BTreeMap<String, Value> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_says_what_it_does() {
        let registry = Registry::whole();
        for (tool, operations) in registry.tools() {
            for one in operations {
                let name = format!("{tool}.{}", one.name);
                assert!(one.description.len() > 20, "{name} has no doc comment");
                assert!(!one.examples.is_empty(), "{name} has no example");
                assert_eq!(one.arguments.get("type"), Some(&json!("object")), "{name}");
                let writes = one.effect != Effect::Read;
                assert_eq!(properties(&one.arguments).contains_key("event_id"), writes, "{name}");
                for (argument, schema) in properties(&one.arguments) {
                    assert!(schema.get("description").is_some(), "{name}: {argument} is not explained");
                }
                for step in one.examples.iter().flat_map(|example| &example.setup) {
                    assert!(registry.find(step.tool, step.operation).is_ok(), "{name}: {step:?}");
                }
            }
        }
    }

    #[test]
    fn arguments_are_checked_as_far_as_they_are_known() {
        let registry = Registry::whole();
        let entry = registry.find("tasks", "create").unwrap();
        let is_open = |value: &Value| value.as_str().is_some_and(|text| text.starts_with('$'));
        let check =
            |given: Value| entry.check(given.as_object().unwrap(), is_open).map_err(|error| error.field);
        let fine =
            json!({"title": "$content", "priority": "$attributes.priority", "agent": "ann", "goal": null});
        assert_eq!(check(fine), Ok(()));
        for (wrong, field) in [
            (json!({"titel": "x"}), "titel"),
            (json!({"title": "x", "titel": "$content"}), "titel"),
            (json!({"priority": 3}), "title"),
            (json!({"priority": "$attributes.priority"}), "title"),
            (json!({"title": "$content", "priority": "high"}), "priority"),
            (json!({"title": "$content", "agent": 3}), "agent"),
        ] {
            assert_eq!(check(wrong.clone()), Err(Some(field.to_owned())), "{wrong}");
        }
        let entry = registry.find("events", "record").unwrap();
        let lacks = json!({"content": "$content"});
        let told = entry.check(lacks.as_object().unwrap(), is_open).unwrap_err();
        assert_eq!(told.field.as_deref(), Some("type"));
    }

    #[test]
    fn a_stretch_of_time_is_given_beside_the_filters_too() {
        let registry = Registry::whole();
        let check = |tool: &str, name: &str, given: Value| {
            let entry = registry.find(tool, name).unwrap();
            entry.check(given.as_object().unwrap(), |_| false).map_err(|error| error.field)
        };
        assert_eq!(check("safety", "audit", json!({"since": "7d", "filters": {"actor": "ann"}})), Ok(()));
        assert_eq!(check("retrieve", "search", json!({"query": "x", "since": "2h", "until": "1h"})), Ok(()));
        let twice = json!({"since": "7d", "filters": {"since": "1d"}});
        assert_eq!(check("safety", "audit", twice), Err(Some("since".to_owned())));
        let meaningless = json!({"title": "x", "since": "2h"});
        assert_eq!(check("tasks", "create", meaningless), Err(Some("since".to_owned())));
    }

    #[test]
    fn a_value_that_does_not_fit_is_told_what_it_should_be() {
        let registry = Registry::whole();
        let hint = |tool: &str, name: &str, given: Value| {
            let error =
                registry.find(tool, name).unwrap().check(given.as_object().unwrap(), |_| false).unwrap_err();
            (error.field.unwrap_or_default(), error.hint.unwrap_or_default())
        };
        let (field, told) = hint("tasks", "create", json!({"title": "x", "priority": -1}));
        assert!(field == "priority" && told.contains("From 0 to 10"), "{told}");
        let (field, told) = hint("goals", "set", json!({"title": "x", "measure": 5}));
        assert!(field == "measure" && told.ends_with("{what, from, target}"), "{told}");
        let (field, told) = hint("goals", "set", json!({"title": "x", "measure": {"target": 5}}));
        assert!(field == "measure.what" && told.starts_with("such as"), "{told}");
        let priority = &properties(&registry.find("tasks", "update").unwrap().arguments)["priority"];
        assert_eq!(priority["maximum"], 10, "{priority}");
    }

    #[test]
    fn mistaken_names_have_the_nearest() {
        let registry = Registry::whole();
        let error = |tool, operation| registry.find(tool, operation).err().unwrap().to_string();
        assert!(error("memorys", "get").contains("memories"));
        assert!(error("memories", "remembr").contains("did you mean \"remember\"?"));
    }
}
