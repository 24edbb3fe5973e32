//! Tool `code`: the code that the work is about.

mod files;
mod find;
mod impact;
mod index;
mod insight;
mod symbol;
mod workspace;

use athena_learn::code::{CODE_INDEX, FileId, Place};
use athena_schemas::wire::{Hit, Kind};
use athena_schemas::{Error, Time};
use athena_store::Scope;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::OwnedMutexGuard;

use super::paging::shortened;
use super::records::one_project;
use super::rows::absent;
use crate::code::{Known, known};
use crate::registry::{Call, Registry, Step};
use crate::search::missing;
use crate::text::Filter;

pub fn register(registry: &mut Registry) {
    registry.add::<index::Index>();
    registry.add::<find::Search>();
    registry.add::<symbol::Symbol>();
    registry.add::<files::File>();
    registry.add::<symbol::Dependencies>();
    registry.add::<symbol::Dependents>();
    registry.add::<impact::Impact>();
    registry.add::<impact::Hotspots>();
    registry.add::<files::Statistics>();
    registry.add::<insight::Insight>();
    registry.add::<workspace::Workspace>();
}

/// The project of a call, and what is known of its code.
async fn code_of(call: &Call) -> Result<(String, Scope, OwnedMutexGuard<Known>), Error> {
    let (project, scope) = one_project(call).await?;
    let known = known(&call.app, &project).await?;
    Ok((project, scope, known))
}

/// The file that an argument names.
fn file_named(known: &Known, argument: &str, path: &str, project: &str) -> Result<FileId, Error> {
    let given = athena_learn::code::relative(path, &known.roots);
    let found = known.graph.find(given);
    found.ok_or_else(|| {
        absent("indexed file", argument, path, &[project.to_owned()])
            .hint("paths are below the folder that was indexed; `code.index` reads them")
    })
}

/// A definition, where it is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Defined {
    /// The event that tells of it.
    id: String,
    /// Qualified with points.
    name: String,
    /// What it is: function, method, class, struct, enum, interface, trait, type, module, constant or macro.
    kind: String,
    path: String,
    /// Its first line, from 1, and how many it has.
    line: u32,
    lines: u32,
    /// Its declaration, and the first line of what is said about it.
    content: String,
    /// One more than its branches; 0 of what does not run.
    complexity: u32,
    /// When the file was read.
    time: Time,
}

fn defined(known: &Known, place: Place) -> Option<Defined> {
    let (state, symbol) = known.graph.symbol(place)?;
    let doc = symbol.doc.as_ref().map(|doc| format!(" · {doc}")).unwrap_or_default();
    Some(Defined {
        id: state.event.clone(),
        name: symbol.qualified(),
        kind: symbol.kind.name().to_owned(),
        path: state.path.clone(),
        line: symbol.line,
        lines: symbol.lines,
        content: format!("{}:{} {}{doc}", state.path, symbol.line, symbol.signature),
        complexity: symbol.complexity,
        time: state.at,
    })
}

/// A use of something, where it is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Used {
    /// The event that tells of it.
    id: String,
    path: String,
    line: u32,
    /// `call`, `extends`, `mention` or `import`.
    kind: &'static str,
    /// The symbol that uses it; null: the file itself.
    name: Option<String>,
    content: String,
    /// How often.
    times: u32,
    time: Time,
}

/// Other events of a file, the newest first: they name it below its root, or as it is on disk.
async fn events_of(
    call: &Call,
    scope: &Scope,
    (path, root): (&str, Option<&str>),
    most: usize,
) -> Result<Vec<Hit>, Error> {
    // Outlines are told apart, and are many at most as often as the file was changed.
    const DRAWN: usize = 50;
    let names = [Some(path.to_owned()), root.map(|root| format!("{root}/{path}"))];
    let within = Filter { kinds: vec![Kind::Event], ..Filter::within(scope.clone()) };
    let text = call.app.text.get();
    let list = move || {
        let of = |path: String| text.list(&Filter { path: Some(path), ..within.clone() }, DRAWN, None);
        names.into_iter().flatten().map(of).collect::<Result<Vec<_>, _>>()
    };
    let found = tokio::task::spawn_blocking(list).await;
    let found = found.map_err(|error| Error::internal(format!("list: {error}")))??;
    let mut found: Vec<_> = found.into_iter().flatten().collect();
    found.retain(|found| found.hit.event_type.as_deref() != Some(CODE_INDEX));
    found.sort_by_key(|found| std::cmp::Reverse((found.hit.time, found.position)));
    found.dedup_by_key(|found| found.position);
    Ok(found.into_iter().take(most).map(shortened).collect())
}

/// What an answer from the text index lacks.
async fn lacking(call: &Call, scope: &Scope) -> Vec<String> {
    missing(&call.app, scope, call.shared.after.as_ref(), athena_schemas::wire::Mode::Text).await
}

/// Outlines that examples are about, as a client sends them from where the code is.
fn outlines() -> Vec<Step> {
    let cart = json!({"language": "rust", "hash": "c1", "bytes": 300, "lines": 40,
        "symbols": [
            {"name": "Cart", "kind": "struct", "line": 3, "lines": 4, "signature": "pub struct Cart", "doc": "What somebody will buy."},
            {"name": "total", "kind": "method", "parent": "Cart", "line": 9, "lines": 12, "complexity": 4,
             "signature": "pub fn total(&self) -> Money", "doc": "What is to be paid."}],
        "imports": [{"path": "crate::money", "name": "Money", "line": 1}],
        "calls": [{"from": "Cart.total", "to": "round", "on": "money", "line": 15}]});
    let money = json!({"language": "rust", "hash": "m1", "bytes": 120, "lines": 14,
        "symbols": [{"name": "round", "kind": "function", "line": 5, "lines": 4, "complexity": 2, "signature": "pub fn round(cents: u64) -> u64"}],
        "imports": [], "calls": []});
    let test = json!({"language": "rust", "hash": "t1", "bytes": 90, "lines": 9,
        "symbols": [{"name": "totals", "kind": "function", "line": 4, "lines": 5, "complexity": 1, "signature": "fn totals()", "test": true}],
        "imports": [{"path": "cart", "name": "Cart", "line": 1}],
        "calls": [{"from": "totals", "to": "total", "on": "cart", "line": 6}]});
    let of = |path: &str, id: &str, attributes: Value| Step {
        tool: "events",
        operation: "record",
        arguments: json!({"type": "code_index", "content": path, "files": [path], "attributes": attributes, "event_id": id}),
    };
    vec![
        of("cart/src/cart.rs", "example-code-cart", cart),
        of("cart/src/money.rs", "example-code-money", money),
        of("cart/tests/totals.rs", "example-code-test", test),
    ]
}

/// The outlines, and a change of a file after which something failed.
fn changed() -> Vec<Step> {
    let event = |arguments: Value| Step { tool: "events", operation: "record", arguments };
    let edit = json!({"type": "code_edit", "content": "round once", "files": ["cart/src/cart.rs"],
                      "session": "example-code", "event_id": "example-code-edit"});
    let failure = json!({"type": "test_run", "content": "totals failed", "outcome": "failure",
                         "files": ["cart/tests/totals.rs"], "session": "example-code", "event_id": "example-code-failed"});
    let mut steps = outlines();
    steps.extend([event(edit), event(failure)]);
    steps
}
