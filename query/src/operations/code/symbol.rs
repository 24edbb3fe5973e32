//! Definitions, and what uses what.

use athena_learn::code::{FileId, How, Place};
use athena_schemas::wire::Hit;
use athena_schemas::{Error, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Defined, Used, changed, code_of, defined, events_of, file_named, lacking, outlines};
use crate::code::Known;
use crate::operations::records::page;
use crate::operations::{paging, rows};
use crate::registry::{Call, Effect, Example, Operation};

/// Definitions of a name that are told, uses of each, and events of their files.
const MOST_DEFINITIONS: usize = 20;
const MOST_USES: usize = 200;
const MOST_EVENTS: usize = 10;

/// Where a name is defined, what uses it, and what happened to its file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Symbol {
    /// The name, as far qualified as needed: `total`, `Cart.total`, `Cart::total`.
    name: String,
    /// Only in this file.
    #[serde(default)]
    path: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct About {
    /// Its definitions.
    items: Vec<Defined>,
    /// Calls and imports that mean one of them.
    references: Vec<Used>,
    /// Calls of that name that may mean something else.
    open_calls: usize,
    /// Events of the first definition's file, the newest first.
    history: Vec<Hit>,
    truncated: bool,
    degraded: Vec<String>,
    project: String,
}

impl Operation for Symbol {
    const TOOL: &'static str = "code";
    const NAME: &'static str = "symbol";
    const EFFECT: Effect = Effect::Read;
    type Result = About;

    async fn call(self, call: &Call) -> Result<About, Error> {
        let (project, scope, known) = code_of(call).await?;
        let file = self.path.as_deref().map(|path| file_named(&known, "path", path, &project)).transpose()?;
        let mut places = known.graph.definitions(&self.name, file);
        if places.is_empty() {
            return Err(unknown(&known, &self.name, &project));
        }
        let mut truncated = places.len() > MOST_DEFINITIONS;
        places.truncate(MOST_DEFINITIONS);
        let items: Vec<Defined> = places.iter().filter_map(|place| defined(&known, *place)).collect();
        let mut references: Vec<Used> = places.iter().flat_map(|place| uses_of(&known, *place)).collect();
        truncated |= references.len() > MOST_USES;
        references.truncate(MOST_USES);
        let last = items.first().map(|item| item.name.rsplit('.').next().unwrap_or_default().to_owned());
        let open_calls = last.map_or(0, |name| known.graph.open_calls(&name));
        let first = places.first().and_then(|place| known.graph.file(place.file));
        let (path, root) =
            first.map(|state| (state.path.clone(), state.indexed.root.clone())).unwrap_or_default();
        drop(known);
        let degraded = lacking(call, &scope).await;
        let history = events_of(call, &scope, (&path, root.as_deref()), MOST_EVENTS).await?;
        Ok(About { items, references, open_calls, history, truncated, degraded, project })
    }

    fn examples() -> Vec<Example> {
        vec![Example { setup: changed(), arguments: json!({"name": "Cart::total"}) }]
    }
}

fn unknown(known: &Known, name: &str, project: &str) -> Error {
    let error = rows::absent("symbol", "name", name, &[project.to_owned()]);
    let near = known.graph.search(name, None, 3).into_iter();
    let near: Vec<String> =
        near.filter_map(|(place, _)| Some(known.graph.symbol(place)?.1.qualified())).collect();
    match near.is_empty() {
        true => error.hint("`code.index` reads code; `code.search` finds by words"),
        false => error.hint(format!("there are {}", near.join(", "))),
    }
}

/// Calls, other uses and imports that mean a definition.
fn uses_of(known: &Known, place: Place) -> Vec<Used> {
    let Some((_, symbol)) = known.graph.symbol(place) else { return Vec::new() };
    let calls = known.graph.callers(place).into_iter().filter_map(|(file, called)| {
        let state = known.graph.file(file)?;
        let by = called.from.as_deref().unwrap_or("the file");
        let (kind, does) = match called.how {
            How::Call => ("call", "calls"),
            How::Extends => ("extends", "extends"),
            How::Mentions => ("mention", "names"),
        };
        Some(Used {
            id: state.event.clone(),
            path: state.path.clone(),
            line: called.line,
            kind,
            name: called.from.clone(),
            content: format!("{}:{} {by} {does} {}", state.path, called.line, called.to),
            times: called.times,
            time: state.at,
        })
    });
    let imports = known.graph.importers_of(place).into_iter().filter_map(|(file, line)| {
        let state = known.graph.file(file)?;
        Some(Used {
            id: state.event.clone(),
            path: state.path.clone(),
            line: line.line,
            kind: "import",
            name: None,
            content: format!("{}:{} imports {} from {}", state.path, line.line, symbol.name, line.path),
            times: 1,
            time: state.at,
        })
    });
    calls.chain(imports).collect()
}

/// What a file or a symbol uses: files of the project, and what is from elsewhere.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dependencies {
    /// The file. Either this or `symbol`.
    #[serde(default)]
    path: Option<String>,
    /// The name of a definition.
    #[serde(default)]
    symbol: Option<String>,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// What uses a file or a symbol.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dependents {
    /// The file. Either this or `symbol`.
    #[serde(default)]
    path: Option<String>,
    /// The name of a definition.
    #[serde(default)]
    symbol: Option<String>,
    /// At most so many; 20 when not said.
    #[serde(default, alias = "k")]
    limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    cursor: Option<String>,
}

/// One end of a use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
struct End {
    /// The event that tells of the file; null of what is from elsewhere.
    id: Option<String>,
    /// `file`, `symbol`, or `external`.
    kind: &'static str,
    /// The symbol, or the module from elsewhere.
    name: Option<String>,
    path: Option<String>,
    line: Option<u32>,
    content: String,
    /// When the file was read; null of what is from elsewhere.
    time: Option<Time>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Ends {
    items: Vec<End>,
    next_cursor: Option<String>,
    project: String,
}

/// What is asked about.
enum Subject {
    File(FileId),
    Symbols(Vec<Place>),
}

fn asked(known: &Known, path: Option<&str>, symbol: Option<&str>, project: &str) -> Result<Subject, Error> {
    match (path, symbol) {
        (Some(path), None) => file_named(known, "path", path, project).map(Subject::File),
        (None, Some(name)) => {
            let places = known.graph.definitions(name, None);
            match places.is_empty() {
                true => Err(Error { field: Some("symbol".into()), ..unknown(known, name, project) }),
                false => Ok(Subject::Symbols(places)),
            }
        }
        _ => Err(Error::invalid("path", "exactly one of `path` and `symbol` is needed")
            .hint(r#"such as {"path": "src/lib.rs"}"#)),
    }
}

fn file_end(known: &Known, file: FileId) -> Option<End> {
    let state = known.graph.file(file)?;
    Some(End {
        id: Some(state.event.clone()),
        kind: "file",
        name: None,
        path: Some(state.path.clone()),
        line: None,
        content: state.path.clone(),
        time: Some(state.at),
    })
}

fn symbol_end(known: &Known, place: Place) -> Option<End> {
    let symbol = defined(known, place)?;
    Some(End {
        id: Some(symbol.id),
        kind: "symbol",
        name: Some(symbol.name),
        path: Some(symbol.path),
        line: Some(symbol.line),
        content: symbol.content,
        time: Some(symbol.time),
    })
}

fn external(name: String, line: Option<u32>, content: String) -> End {
    End { id: None, kind: "external", name: Some(name), path: None, line, content, time: None }
}

impl Operation for Dependencies {
    const TOOL: &'static str = "code";
    const NAME: &'static str = "dependencies";
    const EFFECT: Effect = Effect::Read;
    type Result = Ends;

    async fn call(self, call: &Call) -> Result<Ends, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, _, known) = code_of(call).await?;
        let mut items = Vec::new();
        match asked(&known, self.path.as_deref(), self.symbol.as_deref(), &project)? {
            Subject::File(file) => {
                items.extend(known.graph.uses(file).into_iter().filter_map(|used| file_end(&known, used)));
                for import in known.graph.foreign(file) {
                    let content = format!("{} (line {})", import.path, import.line);
                    items.push(external(import.path.clone(), Some(import.line), content));
                }
            }
            Subject::Symbols(places) => {
                for (called, meant) in places.iter().flat_map(|place| known.graph.callees(*place)) {
                    if meant.is_empty() {
                        let name = match &called.on {
                            Some(on) => format!("{on}.{}", called.to),
                            None => called.to.clone(),
                        };
                        let content =
                            format!("{name} (line {}): not of this project, or one of several", called.line);
                        items.push(external(name, Some(called.line), content));
                    }
                    items.extend(meant.into_iter().filter_map(|place| symbol_end(&known, place)));
                }
            }
        }
        ends(items, limit, self.cursor.as_deref(), project)
    }

    fn examples() -> Vec<Example> {
        let of = |arguments| Example { setup: outlines(), arguments };
        vec![of(json!({"path": "cart/src/cart.rs"})), of(json!({"symbol": "Cart.total"}))]
    }
}

impl Operation for Dependents {
    const TOOL: &'static str = "code";
    const NAME: &'static str = "dependents";
    const EFFECT: Effect = Effect::Read;
    type Result = Ends;

    async fn call(self, call: &Call) -> Result<Ends, Error> {
        let limit = paging::limit(self.limit)?;
        let (project, _, known) = code_of(call).await?;
        let items = match asked(&known, self.path.as_deref(), self.symbol.as_deref(), &project)? {
            Subject::File(file) => {
                known.graph.used_by(file).into_iter().filter_map(|by| file_end(&known, by)).collect()
            }
            Subject::Symbols(places) => {
                let uses = places.iter().flat_map(|place| uses_of(&known, *place));
                let end = |used: Used| End {
                    id: Some(used.id),
                    kind: if used.name.is_some() { "symbol" } else { "file" },
                    name: used.name,
                    path: Some(used.path),
                    line: Some(used.line),
                    content: used.content,
                    time: Some(used.time),
                };
                uses.map(end).collect()
            }
        };
        ends(items, limit, self.cursor.as_deref(), project)
    }

    fn examples() -> Vec<Example> {
        let of = |arguments| Example { setup: outlines(), arguments };
        vec![of(json!({"path": "cart/src/money.rs"})), of(json!({"symbol": "Cart.total"}))]
    }
}

/// A page of them, each once.
fn ends(mut items: Vec<End>, limit: usize, cursor: Option<&str>, project: String) -> Result<Ends, Error> {
    let mut seen = std::collections::HashSet::new();
    items.retain(|end| seen.insert((end.kind, end.name.clone(), end.path.clone())));
    let (items, next_cursor) = page(items, limit, cursor)?;
    Ok(Ends { items, next_cursor, project })
}
