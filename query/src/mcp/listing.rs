//! Which tools a client sees, made from the registry.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use athena_schemas::{Code, Error};
use rmcp::model::{ErrorData, JsonObject, Tool, ToolAnnotations};
use serde_json::{Map, Value, json};

use super::Target;
use crate::arguments;
use crate::registry::{Effect, Entry, Registry, SHARED};

/// A tool of the short list: when to call it, the operation that it is, and which arguments it tells of.
struct Core {
    name: &'static str,
    when: &'static str,
    operation: (&'static str, &'static str),
    arguments: &'static [&'static str],
}

const CORE: [Core; 8] = [
    Core {
        name: "recall",
        when: "Call it before you answer what a user asks, or change or decide anything: what do we know about it, what \
               is preferred, decided, allowed? Gives what was told and said, if it bears on the question.",
        operation: ("memories", "recall"),
        arguments: &["query", "scope", "k", "project", "session"],
    },
    Core {
        name: "remember",
        when: "Stores a fact, a decision or a preference that the user states, so that other and later sessions know \
               it: keep in mind, save permanently, for the future, from now on.",
        operation: ("memories", "remember"),
        arguments: &["content", "kind", "name", "aliases", "scope", "tags", "project", "session"],
    },
    Core {
        name: "resume",
        when: "Call it when a session begins or an agent was restarted: where did the work stop, what was left \
               unfinished and still failing? To continue, to pick up, to go on.",
        operation: ("sessions", "resume"),
        arguments: &["session", "project"],
    },
    Core {
        name: "search",
        when: "Finds and lists the best hits among everything in the history: past events, messages, tool calls, \
               errors, stack traces, files, memories; searches for what mentions words.",
        operation: ("retrieve", "search"),
        arguments: &["query", "kinds", "filters", "k", "project"],
    },
    Core {
        name: "find_procedure",
        when: "Is there a known procedure, a proven way to do this? Call it before several steps.",
        operation: ("procedures", "find"),
        arguments: &["situation", "session", "k", "project"],
    },
    Core {
        name: "next_step",
        when: "What is the likely next step after these commands?",
        operation: ("procedures", "next_step"),
        arguments: &["session", "steps", "project"],
    },
    Core {
        name: "record",
        when: "Logs that something just happened, as an event: a run that finished, a build that succeeded, a step \
               that failed, a file that was edited, what a tool returned.",
        operation: ("events", "record"),
        arguments: &["content", "type", "outcome", "tool", "files", "session", "agent", "project"],
    },
    Core {
        name: DESCRIBE,
        when: "Which operations are there, if you do not know? Show what each operation of a tool does, and what \
               arguments an operation takes (such as sessions.compare): its schema and examples.",
        operation: ("system", "describe"),
        arguments: &["tool", "operation"],
    },
];

/// The argument that says which operation of a tool is meant, and what an operation's own argument of that
/// name is called where both would stand side by side.
const OPERATION: &str = "operation";
const OWN_OPERATION: &str = "name";

const CALL_READ: &str = "call_read";
const CALL: &str = "call";
const DESCRIBE: &str = "describe";

/// One a tool of the manual, with `operation` as an argument.
const EVERY: &str = "all";
/// One a purpose, and two for everything else.
const SHORT: &str = "core";

/// Which tools there are: names, and the two words that stand for lists of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing(Vec<String>);

/// Every tool that a list may show, and whether it is of the short list. They are made once a server.
pub struct Definitions(Vec<(bool, Tool)>);

impl Definitions {
    pub fn of(registry: &Registry) -> Self {
        let core = CORE.iter().filter_map(|core| {
            let entry = registry.find(core.operation.0, core.operation.1).ok()?;
            Some((true, single(core, entry, registry)))
        });
        let both = [true, false].map(|reads| (true, call(reads)));
        let all = registry.tools().map(|(name, entries)| (false, whole(name, entries)));
        Self(core.chain(both).chain(all).collect())
    }
}

/// Why a call goes nowhere.
pub enum Refused {
    /// There is no such tool, which a client should have known.
    Unknown(Error),
}

impl Refused {
    pub fn into_result(self) -> ErrorData {
        let Self::Unknown(error) = self;
        super::protocol(error)
    }
}

impl Listing {
    /// From the query string of the address: `tools=all`, `tools=core`, `tools=a,b,c`, or `tools=core,a`.
    ///
    /// # Errors
    /// `invalid_argument`.
    pub fn parse(query: &str, registry: &Registry) -> Result<Self, Error> {
        let mut listing = Self(vec![EVERY.to_owned()]);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("tools", words)) => {
                    listing = Self::of(&words.replace("%2C", ",").replace("%2c", ","), registry)?
                }
                _ => {
                    let error = Error::invalid("tools", format!("{pair}: not an argument of /mcp"));
                    return Err(error.hint("?tools=all, ?tools=core, or ?tools=a,b,c"));
                }
            }
        }
        Ok(listing)
    }

    /// From words with commas between them.
    ///
    /// # Errors
    /// `invalid_argument`: a word that is no tool, with the nearest that is one.
    pub fn of(words: &str, registry: &Registry) -> Result<Self, Error> {
        let words: Vec<String> = words.split(',').map(|word| word.trim().to_owned()).collect();
        for word in &words {
            let known = || [EVERY, SHORT].into_iter().chain(names(registry).map(|(name, _)| name));
            if known().all(|one| one != word) {
                let error = Error::invalid("tools", format!("there is no tool {word:?}"));
                return Err(error.hint(match arguments::nearest(word, known()) {
                    Some(near) => format!("did you mean {near:?}?"),
                    None => format!("there are {}", known().collect::<Vec<_>>().join(", ")),
                }));
            }
        }
        Ok(Self(words))
    }

    fn shows(&self, name: &str, is_core: bool) -> bool {
        self.0.iter().any(|word| match word.as_str() {
            EVERY => !is_core,
            SHORT => is_core,
            one => one == name,
        })
    }

    /// The definitions that this list shows.
    pub fn tools(&self, definitions: &Definitions) -> Vec<Tool> {
        let shown = definitions.0.iter().filter(|(is_core, tool)| self.shows(&tool.name, *is_core));
        shown.map(|(_, tool)| tool.clone()).collect()
    }

    /// The operation that a call of a tool means; an error inside is one that a model can mend.
    pub fn target<'r>(
        &self,
        registry: &'r Registry,
        name: &str,
        mut arguments: Map<String, Value>,
    ) -> Result<Result<Target<'r>, Error>, Refused> {
        let core = CORE.iter().find(|core| core.name == name && self.shows(name, true));
        if let Some(core) = core
            && let Ok(entry) = registry.find(core.operation.0, core.operation.1)
        {
            return Ok(Ok(Target { entry, arguments }));
        }
        if [CALL, CALL_READ].contains(&name) && self.shows(name, true) {
            return Ok(named(registry, name == CALL_READ, arguments));
        }
        if self.shows(name, false) && registry.tool(name).is_ok() {
            let Some(operation) = arguments.shift_remove(OPERATION) else {
                return Ok(Err(missing(registry, name)));
            };
            let entry = registry.find(name, operation.as_str().unwrap_or_default());
            return Ok(entry.map(|entry| {
                if properties(entry.arguments.as_value()).contains_key(OPERATION)
                    && let Some(own) = arguments.shift_remove(OWN_OPERATION)
                {
                    arguments.insert(OPERATION.to_owned(), own);
                }
                Target { entry, arguments }
            }));
        }
        let error = Error::not_found(format!("there is no tool {name:?} in this list"));
        let shown = names(registry).filter(|one| self.shows(one.0, one.1));
        let near = arguments::nearest(name, shown.map(|one| one.0));
        Err(Refused::Unknown(match near {
            Some(near) => error.hint(format!("did you mean {near:?}?")),
            None => error,
        }))
    }
}

/// Every name that a list may show, and whether it is of the short list.
fn names(registry: &Registry) -> impl Iterator<Item = (&'static str, bool)> {
    let core = CORE.iter().map(|core| core.name).chain([CALL_READ, CALL]).map(|name| (name, true));
    core.chain(registry.tools().map(|(name, _)| (name, false)))
}

fn missing(registry: &Registry, tool: &str) -> Error {
    let names = registry.tool(tool).into_iter().flatten().map(|entry| entry.name).collect::<Vec<_>>();
    Error::invalid("operation", "`operation` is missing").hint(format!("one of {}", names.join(", ")))
}

/// What `call` and `call_read` name.
fn named(registry: &Registry, reads: bool, mut arguments: Map<String, Value>) -> Result<Target<'_>, Error> {
    let mut text = |name: &'static str| match arguments.shift_remove(name) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(Error::invalid(name, format!("`{name}` is missing")).hint(
            "such as {\"tool\": \"memories\", \"operation\": \"get\", \"arguments\": {\"id\": \"m-…\"}}",
        )),
    };
    let (tool, operation) = (text("tool")?, text("operation")?);
    let entry = registry.find(&tool, &operation)?;
    if reads && entry.writes() {
        let error = Error::new(Code::InvalidArgument, format!("{tool}.{operation} writes"));
        return Err(Error { field: Some("operation".into()), ..error }.hint("call it by `call`"));
    }
    match arguments.shift_remove("arguments") {
        None | Some(Value::Null) => Ok(Target { entry, arguments }),
        Some(Value::Object(own)) => Ok(Target { entry, arguments: own }),
        Some(_) => Err(Error::invalid("arguments", "`arguments` is not an object")),
    }
}

/// The tool of one operation.
fn single(core: &Core, entry: &Entry, registry: &Registry) -> Tool {
    let schema = entry.arguments.as_value();
    let all = properties(schema);
    let shown = core
        .arguments
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), trimmed(all.get(*name)?, schema, Prose::All))));
    let mut description = format!("{} {}", core.when, entry.description);
    if core.name == DESCRIBE {
        let tools: Vec<&str> = registry.tools().map(|(tool, _)| tool).collect();
        description = format!("{description} Tools: {}.", tools.join(", "));
    }
    let tool = tool(core.name, description, shown.collect(), required(schema));
    tool.with_annotations(annotations(entry.effect == Effect::Read, entry.effect == Effect::Remove))
}

/// The tool through which every operation can be called, or every one that reads.
fn call(reads: bool) -> Tool {
    let (name, what) = match reads {
        true => (
            CALL_READ,
            "Calls any other operation that only reads and changes nothing (sql.query, events.timeline, sessions.compare)",
        ),
        false => (
            CALL,
            "Calls any other operation, also one that writes (notes.create, memories.supersede) or takes away \
             (memories.forget)",
        ),
    };
    let description = format!("{what}; `describe` names all there are.");
    let text = |description: &str| json!({"type": "string", "description": description});
    let shown = [
        ("tool".to_owned(), text("Such as memories.")),
        ("operation".to_owned(), text("Such as get.")),
        ("arguments".to_owned(), json!({"type": "object", "description": "The operation's own."})),
    ];
    tool(name, description, shown.into_iter().collect(), json!(["tool", "operation"]))
        .with_annotations(annotations(reads, !reads))
}

/// The tool of all operations of one name.
fn whole(name: &'static str, entries: &[Entry]) -> Tool {
    let mut shown: BTreeMap<String, Value> = BTreeMap::new();
    let mut described = Vec::new();
    for entry in entries {
        let schema = entry.arguments.as_value();
        let needed = required(schema);
        let needed: Vec<&str> = needed.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let own = properties(schema);
        let own = || {
            let own = own.iter().filter(|(name, _)| !SHARED.contains(&name.as_str()));
            own.map(|(name, one)| (if name == OPERATION { OWN_OPERATION } else { name }, one))
        };
        let signature = own().map(|(name, _)| match needed.contains(&name) {
            true => name.to_owned(),
            false => format!("{name}?"),
        });
        described.push(format!("{}({})", entry.name, signature.collect::<Vec<_>>().join(", ")));
        for (name, property) in own() {
            shown.entry(name.to_owned()).or_insert_with(|| trimmed(property, schema, Prose::None));
        }
    }
    let names: Vec<_> = entries.iter().map(|entry| entry.name).collect();
    let mut all = Map::from_iter([(OPERATION.to_owned(), json!({"type": "string", "enum": names}))]);
    all.extend(shown);
    let reads = entries.iter().all(|entry| entry.effect == Effect::Read);
    let removes = entries.iter().any(|entry| entry.effect == Effect::Remove);
    tool(name, described.join("; "), all, json!([OPERATION]))
        .with_raw_output_schema(Arc::new(output()))
        .with_annotations(annotations(reads, removes))
}

fn tool(name: &'static str, description: String, properties: Map<String, Value>, required: Value) -> Tool {
    let mut schema = JsonObject::from_iter([("type".to_owned(), json!("object"))]);
    schema.insert("properties".into(), properties.into());
    if required.as_array().is_some_and(|required| !required.is_empty()) {
        schema.insert("required".into(), required);
    }
    // Every result is an object; the short list, which must be short, says no more.
    let open = JsonObject::from_iter([("type".to_owned(), json!("object"))]);
    Tool::new(Cow::Borrowed(name), description, Arc::new(schema)).with_raw_output_schema(Arc::new(open))
}

/// What every result is: an open object. What it has nothing for may be null.
fn output() -> JsonObject {
    let or_null = |kind: &str| json!({"type": [kind, "null"]});
    let properties = json!({
        "id": or_null("string"), "position": {}, "items": or_null("array"), "next_cursor": or_null("string"),
        "degraded": or_null("array"), "truncated": or_null("boolean"), "project": or_null("string"),
    });
    JsonObject::from_iter([("type".to_owned(), json!("object")), ("properties".to_owned(), properties)])
}

fn annotations(reads: bool, removes: bool) -> ToolAnnotations {
    let annotations = ToolAnnotations::new().read_only(reads).destructive(removes).open_world(false);
    // Where nothing is said it is not, which keeps the list short.
    if reads { annotations.idempotent(true) } else { annotations }
}

fn properties(schema: &Value) -> Map<String, Value> {
    schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default()
}

fn required(schema: &Value) -> Value {
    schema.get("required").cloned().unwrap_or_else(|| json!([]))
}

/// How much prose a schema keeps.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Prose {
    All,
    None,
}

/// A property as a model needs it: its type, what it may be, and what it means.
fn trimmed(property: &Value, schema: &Value, prose: Prose) -> Value {
    let Some(given) = property.as_object() else { return json!({}) };
    let definition = given
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|path| schema.get("$defs")?.get(path.rsplit('/').next()?));
    let of_definition = definition.map(|definition| trimmed(definition, schema, prose));
    let mut out = of_definition.and_then(|value| value.as_object().cloned()).unwrap_or_default();
    // Of what may be left out, what it is otherwise.
    let choices = ["anyOf", "oneOf"].into_iter().find_map(|name| given.get(name)?.as_array());
    let choices: Vec<&Value> = choices.into_iter().flatten().filter(|one| one["type"] != "null").collect();
    let words: Vec<&Value> = choices.iter().filter_map(|one| one.get("const")).collect();
    match choices.as_slice() {
        [] => {}
        _ if words.len() == choices.len() => drop(out.insert("enum".into(), json!(words))),
        [only] => out.extend(trimmed(only, schema, prose).as_object().cloned().unwrap_or_default()),
        _ => {}
    }
    match given.get("type") {
        Some(Value::Array(types)) => {
            let known = types.iter().find(|one| **one != "null");
            known.into_iter().for_each(|known| drop(out.insert("type".into(), known.clone())));
        }
        Some(known) => drop(out.insert("type".into(), known.clone())),
        None => {}
    }
    if let Some(words) = given.get("enum").and_then(Value::as_array) {
        out.insert("enum".into(), words.iter().filter(|word| !word.is_null()).cloned().collect());
    }
    if let Some(items) = given.get("items") {
        out.insert("items".into(), trimmed(items, schema, Prose::None));
    }
    if let Some(inner) = given.get("properties").and_then(Value::as_object) {
        let inner = inner.iter().map(|(name, one)| (name.clone(), trimmed(one, schema, Prose::None)));
        out.insert("properties".into(), Value::Object(inner.collect()));
    }
    match given.get("description") {
        Some(description) if prose == Prose::All => {
            drop(out.insert("description".into(), description.clone()))
        }
        _ => drop(out.shift_remove("description").filter(|_| prose == Prose::None)),
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of a token of such lists, at least: o200k and cl100k have 4.0 to 4.3.
    const BYTES_OF_A_TOKEN: usize = 4;

    fn listing(words: &str) -> Listing {
        Listing::of(words, &Registry::whole()).unwrap()
    }

    fn tokens(listing: &Listing) -> usize {
        let definitions = Definitions::of(&Registry::whole());
        let text = serde_json::to_string(&listing.tools(&definitions)).unwrap();
        text.len() / BYTES_OF_A_TOKEN
    }

    #[test]
    fn lists_are_short() {
        let (core, all) = (tokens(&listing(SHORT)), tokens(&listing(EVERY)));
        assert!(core <= 2_500, "{core} tokens");
        assert!(all <= 10_000, "{all} tokens");
    }

    #[test]
    fn schemas_are_plain() {
        for listing in [listing(SHORT), listing(EVERY)] {
            for tool in listing.tools(&Definitions::of(&Registry::whole())) {
                let text = serde_json::to_string(&tool.input_schema).unwrap();
                for refused in ["oneOf", "anyOf", "allOf", "$ref", "null"] {
                    assert!(!text.contains(refused), "{}: {text}", tool.name);
                }
            }
        }
    }

    #[test]
    fn annotations_are_true() {
        let tools = listing(SHORT).tools(&Definitions::of(&Registry::whole()));
        let of =
            |name: &str| tools.iter().find(|tool| tool.name == name).unwrap().annotations.clone().unwrap();
        assert_eq!(of("recall").read_only_hint, Some(true));
        assert_eq!(
            (of("remember").read_only_hint, of("remember").destructive_hint),
            (Some(false), Some(false))
        );
        assert_eq!((of("call_read").read_only_hint, of("call").destructive_hint), (Some(true), Some(true)));
    }

    #[test]
    fn what_a_call_means() {
        let registry = Registry::whole();
        let definitions = Definitions::of(&registry);
        let target = |listing: &Listing, name: &str, arguments: Value| {
            let arguments = arguments.as_object().unwrap().clone();
            let target = listing.target(&registry, name, arguments);
            target.ok().map(|target| target.map(|target| (target.entry.tool, target.entry.name)))
        };
        let (core, all) = (listing(SHORT), listing(EVERY));
        let query = json!({"query": "x"});
        assert_eq!(target(&core, "recall", query.clone()), Some(Ok(("memories", "recall"))));
        assert_eq!(target(&all, "recall", query), None);
        let forget = json!({"tool": "memories", "operation": "forget", "arguments": {"id": "m-1"}});
        assert_eq!(target(&core, "call", forget.clone()), Some(Ok(("memories", "forget"))));
        assert_eq!(target(&core, "call_read", forget).unwrap().unwrap_err().code, Code::InvalidArgument);
        assert_eq!(target(&all, "memories", json!({"operation": "get"})), Some(Ok(("memories", "get"))));
        // `describe` has an argument of the name that says which operation of `system` is meant.
        let described = json!({"operation": "describe", "tool": "memories", "name": "recall"});
        let Ok(Ok(own)) = all.target(&registry, "system", described.as_object().unwrap().clone()) else {
            panic!("describe is found")
        };
        assert_eq!(Value::Object(own.arguments), json!({"tool": "memories", "operation": "recall"}));
        for tool in all.tools(&definitions) {
            assert!(tool.input_schema["properties"]["operation"]["enum"].is_array(), "{}", tool.name);
        }
        let missing = target(&all, "memories", json!({})).unwrap().unwrap_err();
        assert_eq!(missing.field.as_deref(), Some("operation"));
    }

    #[test]
    fn lists_are_of_names_that_there_are() {
        let registry = Registry::whole();
        let definitions = Definitions::of(&registry);
        let shown = |words: &str| listing(words).tools(&definitions).len();
        assert_eq!((shown("recall,system"), shown("recall, system")), (2, 2));
        assert_eq!((shown("core"), shown("core,sql"), shown("core,recall")), (10, 11, 10));
        assert_eq!(shown("core,all"), definitions.0.len());
        assert_eq!(Listing::parse("tools=core%2Csql", &registry), Ok(listing("core,sql")));
        assert_eq!(Listing::parse("", &registry), Ok(listing("all")));
        for (query, near) in [
            ("tools=recal", "did you mean \"recall\"?"),
            ("tools=core,sq", "sql"),
            ("tools=xyzzy", "there are all, core, "),
        ] {
            let refused = Listing::parse(query, &registry).unwrap_err();
            assert!(refused.hint.as_deref().unwrap().contains(near), "{refused:?}");
        }
        assert!(
            Listing::parse("tools=", &registry).is_err() && Listing::parse("tool=core", &registry).is_err()
        );
        let all: Vec<_> = names(&registry).map(|(name, _)| name).collect();
        assert!(all.iter().all(|name| all.iter().filter(|one| *one == name).count() == 1), "each name once");
    }
}
