//! docs/operations.md, written from the registry.

use std::fmt::Write;

use serde_json::{Map, Value};

use crate::registry::{Effect, Entry, Registry, SHARED};

/// The manual of all operations in Markdown.
pub fn markdown(registry: &Registry) -> String {
    let mut out = String::from(
        "# Operations\n\nWritten by `athena tools --markdown`. Each can be called over MCP, as \
         `POST /v1/tools/TOOL/OPERATION`, and by `athena call TOOL OPERATION KEY=VALUE`. **w** writes; **d** writes and \
         takes something away. Every operation also takes `project`, `session`, `agent` and `after`, reads `projects`, \
         and writes `event_id`, under which a call that is repeated is done once.\n",
    );
    for (tool, entries) in registry.tools() {
        write!(out, "\n## {tool}\n\n| operation | arguments | what it does |\n|---|---|---|\n")
            .expect(WRITES);
        for entry in entries {
            let arguments = arguments(entry);
            let (name, mark) = (entry.name, mark(entry.effect));
            let text = entry.description.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
            writeln!(out, "| {name}{mark} | {arguments} | {text} |").expect(WRITES);
        }
    }
    out
}

const WRITES: &str = "writing to a string";

const fn mark(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "",
        Effect::Write => " **w**",
        Effect::Remove => " **d**",
    }
}

/// Names of an operation's own arguments; those that may be left out have a question mark.
fn arguments(entry: &Entry) -> String {
    let schema = entry.arguments.as_value();
    let needed = schema.get("required").and_then(Value::as_array);
    let is_needed = |name: &str| needed.is_some_and(|all| all.iter().any(|one| one == name));
    let none = Map::new();
    let all = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
    let own = all.keys().filter(|name| !SHARED.contains(&name.as_str()) || is_needed(name));
    own.map(|name| if is_needed(name) { format!("`{name}`") } else { format!("`{name}`?") })
        .collect::<Vec<_>>()
        .join(", ")
}
